"""
The race of `audience_uses_trigger` on a simulated user of people's own campaign or journey.

Only the trigger and the audience are played. An example is shown only when the simulation really
ends as the warning says; where no such user can be made up, there is none.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from unless.cli.lessons.playing import Moment, NoEvent, play
from unless.cli.lessons.profile import Profile
from unless.cli.lessons.rewriting import flow, row_of, taken_out
from unless.cli.lessons.solving import passing, put, solved
from unless.definitions.checking.audiences import KnownSegments
from unless.definitions.checking.first_times import holds, times_needed
from unless.definitions.checking.trigger_race import Race, races
from unless.definitions.checks import Checked, check_values
from unless.definitions.documents import Path, path_text
from unless.definitions.filters import Audience, EventFilter, PurchaseTotalFilter
from unless.definitions.issues import Issue
from unless.definitions.models import Kind, Trigger
from unless.engine.records import Outcome, Reason, instant_text

USER = "ana"

FIRST = datetime(2026, 2, 2, 10, tzinfo=UTC)
"""When the user does it for the first time."""

SPACINGS = (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(days=10))
"""How much later the user does it again, tried in turn: relative filters ask for one or another."""

COUNTED = "times"
"""What a property is called, in the example, on which the app counts along."""

GOT_IT = frozenset({Outcome.SENT, Outcome.ENTERED})


@dataclass(frozen=True, slots=True)
class Mended:
    """What asks the same of the event itself: `change` in words, and what happens then."""

    change: str
    moments: Sequence[Moment]


@dataclass(frozen=True, slots=True)
class OwnRace:
    """A user of people's own definition who does the trigger twice."""

    user: Mapping[str, Any]
    moments: Sequence[Moment]
    mended: Mended | None


def own_race(checked: Checked, issue: Issue) -> OwnRace | None:
    """Return the example for a finding of the check, None where none can be made up."""
    found = _race(checked, issue)
    if found is None or not checked.ok:
        return None
    race, audience = found
    try:
        return next(_examples(checked, issue, race, audience), None)
    except (NoEvent, OverflowError):  # no event is so large, no instant so far away
        return None


def _race(checked: Checked, issue: Issue) -> tuple[Race, Audience] | None:
    """Return the race that the finding is about, with the audience it stands in."""
    audience: Audience | None = None
    triggers: tuple[Trigger, ...] = ()
    place: Path = ("audience",)
    if campaign := checked.campaigns.get(issue.id or "") if issue.kind == Kind.CAMPAIGN else None:
        triggers, audience = campaign.trigger, campaign.audience
    if journey := checked.journeys.get(issue.id or "") if issue.kind == Kind.JOURNEY else None:
        triggers, audience, place = journey.entry.trigger, journey.entry.audience, ("entry", *place)
    if audience is None:
        return None
    known = KnownSegments({name: each.audience for name, each in checked.segments.items()})
    for race in races(triggers, audience, place, known):
        if path_text(race.path) == issue.path:
            return race, audience
    return None


def _examples(checked: Checked, issue: Issue, race: Race, audience: Audience) -> Iterator[OwnRace]:
    """Yield users for whom the first time really ends otherwise than the second."""
    document = _reduced(checked, issue)
    segments = [value for (kind, _), value in checked.documents.items() if kind == "segment"]
    profile = Profile(FIRST, race.asked, {n: s.audience for n, s in checked.segments.items()})
    profile.satisfy(audience)
    times = times_needed(race.asked) or 0
    profile.happened(race.asked, times - 1)
    user = {"attributes": profile.attributes, "history": profile.history}
    for spacing in SPACINGS:
        events = _events(race, spacing)
        if events is None:
            return
        moments = _played([document, *segments], user, events)
        if _differs(moments):
            mended = _mended(document, segments, race, user, events) if _skipped(moments) else None
            yield OwnRace(user, moments, mended)


def _reduced(checked: Checked, issue: Issue) -> dict[str, Any]:
    """Return the definition with its trigger and audience only; once more is always allowed."""
    document = checked.documents[str(issue.kind), str(issue.id)]
    if issue.kind == Kind.JOURNEY:
        entry = {key: document["entry"][key] for key in ("trigger", "audience")}
        steps: list[dict[str, Any]] = [{"message": {}}]
        return {"journey": issue.id, "entry": entry, "reentry": "always", "steps": steps}
    kept = {key: document[key] for key in ("campaign", "trigger", "audience")}
    return {**kept, "reeligible": "always"}


def _events(race: Race, spacing: timedelta) -> list[dict[str, Any]] | None:
    """
    Return the trigger, twice, as rows of a scenario; None when no event was found that passes.

    What the audience asks of the event, such as a product, is only true of the first.
    """
    properties = solved(race.row.where, FIRST)
    if properties is None:
        return None
    again = deepcopy(properties)
    if isinstance(race.asked, EventFilter):
        for path, operators in race.asked.where.items():
            for each, passes in ((properties, True), (again, False)):
                value = passing(path, operators, FIRST, passes=passes)
                if value is not None and path not in each:
                    put(each, path, value)
    elif isinstance(race.asked, PurchaseTotalFilter):
        value = passing("price", race.asked.purchase_total, FIRST)
        for each in (properties, again):
            each.setdefault("price", value)
    event = {"user": USER, "event": race.row.event}
    return [
        {**event, "at": instant_text(FIRST), "properties": properties},
        {**event, "at": instant_text(FIRST + spacing), "properties": again},
    ]


def _played(
    documents: Sequence[Any], user: Mapping[str, Any], events: Sequence[Mapping[str, Any]]
) -> list[Moment]:
    """Return what happens, without steps and sends that are due at once."""
    said = {*GOT_IT, Outcome.SKIPPED}
    checked = check_values(documents)
    if not checked.ok:
        return []
    return [
        Moment(
            moment.event,
            [each for each in moment.records if each.outcome in said and not each.step],
        )
        for moment in play(checked, {USER: user}, events)
    ]


# --- what became of the two times ---


def _ends(moments: Sequence[Moment]) -> list[bool]:
    """Return whether each time was got, or was skipped for the audience; others are left out."""
    ends: list[bool] = []
    for moment in moments:
        for record in moment.records:
            if record.outcome in GOT_IT:
                ends.append(True)
            elif record.reason is Reason.NOT_IN_AUDIENCE:
                ends.append(False)
    return ends


def _differs(moments: Sequence[Moment]) -> bool:
    return sorted(_ends(moments)) == [False, True]


def _skipped(moments: Sequence[Moment]) -> bool:
    return _ends(moments)[:1] == [False]


# --- what asks the event itself ---


def _mended(
    document: dict[str, Any],
    segments: list[dict[str, Any]],
    race: Race,
    user: Mapping[str, Any],
    events: list[dict[str, Any]],
) -> Mended | None:
    """Return the definition that asks the event instead, if the first time is got under it."""
    asked = race.asked
    if race.leaf is not asked or set(race.path) & {"any", "not"}:
        return None
    changed, events = deepcopy(document), deepcopy(events)
    written = taken_out(changed, race.path)
    asks, why = _asks(asked, written, events)
    row = row_of(changed, race.row)
    if asks:
        row["where"] = {**row.get("where", {}), **asks}
    moments = _played([changed, *segments], user, events)
    if _ends(moments)[:1] != [True]:
        return None
    if not asks:
        return Mended(
            "Without this filter, since the trigger says already that it happens:", moments
        )
    return Mended(f"With `trigger: {flow(row)}` and without this filter{why}:", moments)


def _asks(
    asked: object, written: Mapping[str, Any], events: list[dict[str, Any]]
) -> tuple[dict[str, Any], str]:
    """Return what the trigger's `where` is to ask, and what the app must do for it."""
    if isinstance(asked, PurchaseTotalFilter):
        for number, event in enumerate(events, start=1):
            price = event["properties"].get("price")
            event["properties"]["spent"] = price * number if price else 0
        return {"spent": written["purchase_total"]}, ", if the app sends the sum along as `spent`"
    times = times_needed(asked) if isinstance(asked, EventFilter) else None
    if isinstance(asked, EventFilter) and asked.where and times == 1:
        return dict(written["where"]), ""
    if isinstance(asked, EventFilter) and asked.count and times and times > 1:
        for number, event in enumerate(events, start=times):
            if not holds(asked.count, number):
                return {}, ""
            event["properties"][COUNTED] = number
        asks = {**written.get("where", {}), COUNTED: written["count"]}
        return asks, f", if the app counts along in a property, here `{COUNTED}`"
    return {}, ""
