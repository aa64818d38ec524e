"""
`unless cancel`: first how many and which, then, once the person agrees, an answer for each.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from rich.console import Console
from rich.text import Text

from unless.app.cancelling import Answered, CancelAnswer
from unless.app.pending import Wanted
from unless.app.ports import Waiting
from unless.cli import pending_words
from unless.cli.asking import agree
from unless.cli.console import Failure, advance, columns, count, errors, output, progress
from unless.cli.deployment import deployed
from unless.cli.item_filters import ItemFilters
from unless.cli.pending import ITEMS, nothing, waiting
from unless.composition import OnAws
from unless.definitions.models import Kind
from unless.definitions.snapshot import Snapshot

EXAMPLES = 5
"""Items that are shown before anybody is asked."""

NAMED_MAX = 20
"""Items that were not cancelled, of which each is named."""

type Found = Mapping[str, Mapping[str, Waiting]]
"""The items to cancel, by user and id."""


def cancel(filters: ItemFilters, stack: str, *, yes: bool, as_json: bool) -> bool:
    """Cancel what fits; return whether there is a certain answer for every item."""
    if filters == ItemFilters():
        raise Failure(
            "Cancel what? Everything of everybody is not meant by nothing.",
            "Name a USER, a --campaign, a --due-from or --due-to, or a --where.",
            code=2,
        )
    aws = deployed(stack)
    wanted = filters.wanted(aws.pending, aws.clock())
    told = errors() if as_json else output()
    with waiting("looking for what is pending"):
        found = _found(aws.pending.keys(wanted))
    if not found:
        told.print(nothing(aws.pending, wanted))
        return True
    published = aws.pending.published()
    _say_first(told, aws, wanted, found, published)
    agree(f"Cancel {count(_size(found), 'item')}?", yes=yes)
    return _carry_out(told, aws, found, published, as_json=as_json)


def _found(keys: Iterable[Waiting]) -> Found:
    found: dict[str, dict[str, Waiting]] = {}
    for key in keys:
        found.setdefault(key.user, {})[key.item] = key
    return found


def _size(found: Found) -> int:
    return sum(map(len, found.values()))


def _say_first(
    told: Console, aws: OnAws, wanted: Wanted, found: Found, published: Snapshot
) -> None:
    """Say how many there are of what, with the first of them."""
    by_definition = Counter(key.definition for keys in found.values() for key in keys.values())
    parts = [_counted(number, name, published) for name, number in by_definition.most_common()]
    told.print(f"Cancelling {count(_size(found), *ITEMS)} of {count(len(found), 'user')}:")
    for part in parts:
        told.print(f"  {part}")
    _show_examples(told, aws, wanted)
    told.print(
        "It cannot be undone. Whoever is cancelled stays eligible: the next trigger counts; an "
        "entry into a journey has counted."
    )


def _counted(number: int, name: str, published: Snapshot) -> str:
    if _is_journey(name, published):
        return f"{count(number, 'run')} of journey {name}"
    return f"{count(number, 'pending send')} of campaign {name}"


def _is_journey(name: str, published: Snapshot) -> bool:
    definition = published.definitions.get(name)
    return definition is not None and definition.kind is Kind.JOURNEY


def _show_examples(told: Console, aws: OnAws, wanted: Wanted) -> None:
    items = list(islice(aws.pending.find(wanted), EXAMPLES))
    if items:
        told.print("The first to fall due:")
        columns(told, pending_words.rows(items, aws.pending.covering(items), aws.clock()))


def _carry_out(
    told: Console, aws: OnAws, found: Found, published: Snapshot, *, as_json: bool
) -> bool:
    answers: Counter[CancelAnswer] = Counter()
    others: list[tuple[str, ...]] = []
    left = 0
    asked = {user: tuple(keys) for user, keys in found.items()}
    with progress("cancelling", _size(found), beside=None) as bar:
        for answered in aws.cancelling.cancel(asked):
            answers.update(answered.answers.values())
            left += len(answered.open)
            others += islice(_others(answered, found), NAMED_MAX + 1 - len(others))
            if as_json:
                _write(answered, found, published)
            advance(bar, len(asked[answered.user]))
    columns(told, others[:NAMED_MAX])
    if len(others) > NAMED_MAX:
        told.print("… and others; --json names each.")
    _say_answers(told, answers, left)
    return not left


def _others(answered: Answered, found: Found) -> Iterator[tuple[str, ...]]:
    """Yield a row for each item of the user that was not cancelled."""
    for item, answer in answered.answers.items():
        if answer is not CancelAnswer.CANCELLED:
            yield answered.user, found[answered.user][item].definition, item, answer.value
    for item in answered.open:
        named = found[answered.user][item].definition
        yield answered.user, named, item, f"not done: {answered.why}"


def _write(answered: Answered, found: Found, published: Snapshot) -> None:
    """Print an object for each item of the user."""
    for item, key in found[answered.user].items():
        run = _is_journey(key.definition, published)
        answer = answered.answers.get(item)
        said = {"answer": answer.value} if answer else {"answer": None, "why": answered.why}
        named = pending_words.identity(item, key.definition, run=run)
        row = {"user": answered.user, **named, **said}
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def _say_answers(told: Console, answers: Counter[CancelAnswer], left: int) -> None:
    parts = [f"{answers[answer]:,} {answer}" for answer in CancelAnswer if answers[answer]]
    if parts:
        told.print(Text(", ".join(parts) + ".", "green"))
    if left:
        told.print(Text(f"{count(left, 'item')} without an answer: cancel again.", "red"))
