"""
What to say of a user, a campaign or a journey that nobody knows.
"""

from unless.cli.console import Failure
from unless.cli.why.sources import Known
from unless.definitions.issues import choices, nearest
from unless.engine.model import UserState

NAMES_SHOWN_MAX = 10
"""Most names that are listed where one is unknown."""


def check_user(known: Known) -> None:
    """
    Return if anything is known of the user.

    Raises:
        Failure: there is neither a record nor a state.
    """
    if known.records or (known.state is not None and known.state != UserState(known.user)):
        return
    if known.state is not None:
        raise Failure(
            f"Nothing is known of the user {known.who}: no event of theirs has arrived at "
            f"{known.where}, and no decision is on record.",
            "Users are told apart by `detail.user_id`, letter by letter: look at what the app "
            "sends, and at the quarantine queue for events that could not be understood.",
        )
    like = nearest(known.user, sorted(known.others))
    raise Failure(
        f"{known.where}: no record is about the user {known.who}.",
        f"Did you mean {like}?" if like else "Only decisions leave records: see the events, too.",
    )


def check_name(known: Known, name: str) -> None:
    """
    Return if there is a campaign or journey of that id.

    Raises:
        Failure: nobody knows it; names the nearest one.
    """
    published = known.definitions.plans.keys() if known.definitions else ()
    names = sorted({*published, *(record.definition for record in known.records)})
    if name in names:
        return
    what = "about" if known.definitions is None else "published as"
    raise Failure(
        f"There is no campaign or journey {name}: nothing is {what} that.",
        _other_names(name, names),
    )


def _other_names(name: str, names: list[str]) -> str:
    if like := nearest(name, names):
        return f"Did you mean {like}?"
    if not names:
        return "Nothing is published yet: `unless publish DIR` makes a workspace live."
    more = "" if len(names) <= NAMES_SHOWN_MAX else f" and {len(names) - NAMES_SHOWN_MAX} more"
    return f"There are {choices(names[:NAMES_SHOWN_MAX])}{more}."
