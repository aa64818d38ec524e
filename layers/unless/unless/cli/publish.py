"""
`unless publish`: what a folder changes in what is published, and then the change.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from unless.cli.asking import agree
from unless.cli.check import load_valid
from unless.cli.console import count, output
from unless.cli.deployment import deployed
from unless.cli.gap_words import show_gaps
from unless.cli.missing_channels import show_channels
from unless.definitions.changes import Change, KeyChange, Verb
from unless.definitions.models import Kind
from unless.definitions.operating import WORKING
from unless.definitions.snapshot import canonical_json

SIGNS = {Verb.ADDED: ("+", "green"), Verb.CHANGED: ("~", "yellow"), Verb.LEFT: ("?", "dim")}

VALUE_CHARACTERS_MAX = 100
"""Most characters of a value that a change shows."""

PICKED_UP = "Events are judged by it within 30 seconds, what falls due at once."


def publish(folder: Path, stack: str, *, yes: bool) -> None:
    """Show what changes, ask, and make it live."""
    checked = load_valid(folder)
    aws = deployed(stack)
    operate = aws.operate
    plan = operate.plan_publish(checked)
    console = output()
    doing = [change for change in plan.changes if change.verb in (Verb.ADDED, Verb.CHANGED)]
    pending = operate.pending() if any(change.verb is Verb.CHANGED for change in doing) else {}
    show_changes(console, plan.changes, pending)
    show_gaps(console, plan.gaps)
    show_channels(console, checked, aws.settings)
    if not doing:
        console.print(f"Nothing to do: {stack} has all of this already.")
        return
    agree(f"Publish this to {stack}?", yes=yes, needs_yes=False)
    operate.carry_out(plan)
    console.print(Text(f"Published to {stack}: {_counted(doing)}. {PICKED_UP}", "green"))


def _counted(changes: Iterable[Change]) -> str:
    verbs = Counter("new" if change.verb is Verb.ADDED else "changed" for change in changes)
    return ", ".join(f"{number} {verb}" for verb, number in verbs.items())


def show_changes(console: Console, changes: Iterable[Change], pending: Mapping[str, int]) -> None:
    """Print a line for each definition that changes or is left, and how many stay as they are."""
    unchanged = 0
    for change in changes:
        if change.verb not in SIGNS:
            unchanged += 1
            continue
        sign, style = SIGNS[change.verb]
        name = f"{change.kind} {change.id}".rstrip()
        said = "; ".join(_said(change, pending.get(change.id, 0)))
        console.print(Text.assemble((f"{sign} {name}", style), f"  {said}"))
        for key in change.keys:
            console.print(Text.assemble("    ", _key_change(key)))
    if unchanged:
        console.print(Text(f"= {count(unchanged, 'definition')} unchanged", "dim"))


def _said(change: Change, pending: int) -> Iterator[str]:
    match change.verb:
        case Verb.LEFT:
            status = f" ({change.status})" if change.status else ""
            yield f"is not in this folder and stays as it is{status}"
        case Verb.ADDED:
            yield f"new, {change.status}" if change.status else "new"
        case _:
            yield "changed"
    if change.old_status and change.status and change.old_status is not change.status:
        yield f"{change.old_status} -> {change.status}"
    if pending and change.verb is Verb.CHANGED:
        said = _for_runs if change.kind == Kind.JOURNEY else _for_sends
        yield from said(change, pending)


def _for_sends(change: Change, pending: int) -> Iterator[str]:
    sends = count(pending, "pending send")
    if change.status in WORKING:
        yield f"{sends}: judged by this, due times as they are"
    elif change.old_status in WORKING:
        yield f"cancels {sends}"


def _for_runs(change: Change, pending: int) -> Iterator[str]:
    """Yield what becomes of the people in a journey: they keep the version they entered (J11)."""
    runs = count(pending, "run")
    if change.status not in WORKING:
        yield f"{runs}: leave at the end of their waits (`journey_stopped`)"
    elif change.keys:
        keep = "keeps the version that it" if pending == 1 else "keep the version that they"
        yield f"{runs}: {keep} entered with"


def _key_change(change: KeyChange) -> Text:
    if change.old is None:
        return Text.assemble(f"{change.key}: ", (_short(change.new), "green"))
    if change.new is None:
        return Text.assemble(f"{change.key}: ", (_short(change.old), "red"), " removed")
    old, new = _short(change.old), _short(change.new)
    return Text.assemble(f"{change.key}: ", (old, "red"), " -> ", (new, "green"))


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else canonical_json(value)
    return text if len(text) <= VALUE_CHARACTERS_MAX else f"{text[:VALUE_CHARACTERS_MAX]}…"
