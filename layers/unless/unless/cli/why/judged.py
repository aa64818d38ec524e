"""
`unless why --event`: what an event would do if it arrived now; nothing is written.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from unless.app.explain import Judged, OtherUser
from unless.cli.console import Failure, output, printable
from unless.cli.why.advice import advice
from unless.cli.why.clauses import clause
from unless.cli.why.page import say
from unless.cli.why.sentences import cause_and_code
from unless.cli.why.sources import STDIN, zone_in
from unless.cli.why.telling import Telling
from unless.cli.why.times import LocalClock
from unless.cli.why.would import would_begin, would_change
from unless.cli.words import STYLES
from unless.composition import OnAws
from unless.definitions.models import Kind
from unless.engine.eligibility import Refusal
from unless.engine.explaining import Explanation, Ignored
from unless.engine.records import Outcome, Reason, Record
from unless.events.json_text import read_json
from unless.events.rejection import NotUnderstood, Rejected

IGNORED = {
    Ignored.BEFORE_DELETION: "It happened before the user was deleted: nothing would follow.",
    Ignored.NOT_REMEMBERED: (
        "Nothing would follow: no definition asks for such an event, and the workspace remembers "
        "none (`record`)."
    ),
}

ONE = (
    'One event is one JSON object: {"event": "cart_updated", "properties": {"cart_value": 150}}, '
    "or what stands on the bus."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """The event that is asked about, with what it would do."""

    judged: Judged
    explanations: tuple[Explanation, ...]

    @property
    def clock(self) -> LocalClock:
        """The clock of the user as they would be known then."""
        return LocalClock(zone_in(self.judged.state, self.judged.definitions))

    def telling(self, explanation: Explanation, refusal: Refusal) -> Telling:
        """Return what a record of this refusal would say."""
        record = Record(
            at=self.judged.now,
            user=self.judged.event.user,
            definition=explanation.definition,
            kind=explanation.kind,
            outcome=Outcome.SKIPPED,
            event=explanation.event.id,
            name=explanation.event.name,
            reason=refusal.reason,
            detail=refusal.detail,
        )
        return Telling(record, self.clock, explanation.event.name)


def why_event(app: OnAws, user: str, name: str | None, path: Path, *, as_json: bool) -> None:
    """
    Print what the event of the file would do, at one campaign or journey if it is named.

    Raises:
        Failure: the file holds no event, one that nobody can understand, or another user's.
    """
    judged = _judged(app, user, path)
    if name is not None and name not in judged.definitions.plans:
        raise Failure(f"There is no campaign or journey {name}.", "`unless why USER` tells of all.")
    told = judged.explained.explanations
    asked = Asked(judged, tuple(each for each in told if name in (None, each.definition)))
    if as_json:
        for row in _rows(asked):
            sys.stdout.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
    else:
        _show(output(), asked, name)


def _judged(app: OnAws, user: str, path: Path) -> Judged:
    found = app.explain.event(user, _row(path))
    if isinstance(found, Rejected):
        raise Failure(
            f"{path}: such an event can never be understood: {found.detail} (`{found.reason}`).",
            "It would go to the quarantine queue. " + ONE,
        )
    if isinstance(found, OtherUser):
        raise Failure(
            f"{path}: the event is of {found.user}, not of {user}.",
            f"Ask `unless why {found.user}`, or leave the user out of the event.",
        )
    return found


def _row(path: Path) -> dict[str, Any]:
    try:
        text = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        raise Failure(f"{path}: cannot be read: {error.strerror}.", ONE) from None
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        row = read_json(text)
    except NotUnderstood as fault:
        detail = fault.rejected().detail
        several = f"it has {len(lines)} lines" if len(lines) > 1 and _is_json(lines[0]) else detail
        raise Failure(f"{path}: this is not one event: {several}.", ONE) from None
    if not isinstance(row, dict):
        raise Failure(f"{path}: this is not one event: it is no JSON object.", ONE)
    return row


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(read_json(line), dict)
    except NotUnderstood:
        return False


def _show(console: Console, asked: Asked, name: str | None) -> None:
    judged, event = asked.judged, asked.judged.event
    happened = asked.clock.at(event.time, judged.now)
    heading = f"{printable(event.name)} of {printable(event.user)}"
    console.print(
        Text.assemble((heading, "bold"), f", happened {happened}, judged as if it arrived now"),
        soft_wrap=True,
    )
    for sentence in _before(asked, name):
        say(console, sentence)
    for explanation in asked.explanations:
        console.print()
        _show_one(console, asked, explanation)
    changes = [*would_change(judged.explained.consequences, asked.clock)]
    if changes and not judged.explained.ignored:
        console.print()
        console.print(Text("beside that", "bold"))
        for words in changes:
            say(console, words)
    console.print()
    console.print(Text("Nothing was written: the event was only asked about.", "dim"))


def _before(asked: Asked, name: str | None) -> Iterator[str]:
    """Yield what holds for the event as a whole."""
    judged = asked.judged
    if judged.applied is not None:
        at = asked.clock.at(judged.applied.at)
        yield (
            f"This id arrived {at}: the same event again does nothing. What follows is what it "
            "would do under another id."
        )
    if judged.explained.ignored is not None:
        yield IGNORED[judged.explained.ignored]
    if not judged.known:
        yield "Nothing is known of this user so far: it would be their first event."
    if asked.explanations:
        return
    event = printable(judged.event.name)
    if name is None:
        yield f"No campaign or journey has the trigger {event}."
        return
    triggers = " or ".join(map(printable, judged.definitions.plans[name].triggers))
    yield f"{name} is not triggered by {event}: its trigger is {triggers}."


def _show_one(console: Console, asked: Asked, told: Explanation) -> None:
    derived = "" if told.event.id == asked.judged.event.id else f"  by {told.event.name}"
    console.print(
        Text.assemble((told.definition, "bold"), (f"  {told.kind}, {told.status}{derived}", "dim"))
    )
    if told.asleep:
        say(console, f"It is {told.status} and judges nothing. If it were live:")
    if not told.refusals:
        for words in would_begin(told, asked.judged, asked.clock):
            say(console, words, STYLES[Outcome.SCHEDULED])
        return
    first, *others = [asked.telling(told, refusal) for refusal in told.refusals]
    what = "be sent" if told.kind is Kind.CAMPAIGN else "enter"
    say(console, f"Would not {what}: {cause_and_code(first)}", STYLES[Outcome.CANCELLED])
    for other in others:
        say(console, f"Nor otherwise: {cause_and_code(other)}")
    for words in _further_clauses(told, asked.clock):
        say(console, words)
    say(console, f"→ {advice(first)}", "dim")


def _further_clauses(told: Explanation, clock: LocalClock) -> Iterator[str]:
    """Yield the clauses that fail beside those that the reasons name: all of them must hold."""
    reasons = {refusal.reason for refusal in told.refusals}
    if Reason.FILTER_MISMATCH in reasons:
        first, *rows = told.rows
        for failed in first[1:]:
            words = clause(failed.detail(), clock, owner="it")
            yield f"The trigger's filter asks for more: {words}."
        for row in rows:
            others = "; ".join(str(clause(failed.detail(), clock, owner="it")) for failed in row)
            yield f"Another row of the trigger: {others}."
    if Reason.NOT_IN_AUDIENCE in reasons:
        for failed in told.audience[1:]:
            yield f"The audience asks for more: {clause(failed.detail(), clock)}."


def _rows(asked: Asked) -> Iterator[dict[str, Any]]:
    """Yield what the records would be, each with `would`, then those about what is pending."""
    about: set[tuple[str, str]] = set()
    for told in asked.explanations:
        about.add((told.definition, told.event.id))
        detail = dict(told.refusals[0].detail) if told.refusals else {}
        due = getattr(told.begins, "due", None)
        row = {
            "user": told.event.user,
            told.kind.value: told.definition,
            "outcome": told.outcome.value if told.outcome else None,
            "reason": told.reason.value if told.reason else None,
            "event": told.event.id,
            "due": due.isoformat().replace("+00:00", "Z") if due else None,
            "status": told.status.value,
        }
        present = {key: each for key, each in row.items() if each is not None}
        also = [_refused(refusal) for refusal in told.also]
        yield {**present, "would": True, "detail": {**detail, "also": also}}
    for record in asked.judged.explained.consequences.records:
        if (record.definition, record.event) not in about:
            yield {**record.as_json(), "would": True}


def _refused(refusal: Refusal) -> dict[str, Any]:
    return {"reason": refusal.reason.value, **refusal.detail}
