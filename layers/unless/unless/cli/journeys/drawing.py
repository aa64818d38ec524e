"""
A journey drawn as text: what holds for all of it, then its steps with the ways that lead on.
"""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Console
from rich.text import Text

from unless.cli.console import columns, printable
from unless.cli.journeys.journey_map import SeenStep, SeenWay, journey_map
from unless.cli.journeys.journey_words import facts
from unless.definitions.checks import Checked
from unless.definitions.journeys import Journey
from unless.definitions.models import QuietHours
from unless.definitions.steps import ExitStep, MessageStep
from unless.definitions.values import Model

DRAWN_MAX = 5
"""Most journeys that are drawn on a terminal unasked; a pipe gets all of them."""

TEXT_COLUMNS_MIN = 30
"""Fewest columns of a text: a step deeper than that leaves goes over the edge of the terminal."""

GUIDES = ("├─ ", "└─ ", "│  ", "   ")
ASCII_GUIDES = ("+- ", "`- ", "|  ", "   ")
"""Before one of several, before the last, and below each of these."""

_STYLES: Mapping[type[Model], str] = {MessageStep: "green", ExitStep: "yellow"}

type Label = tuple[Text, tuple[Label, ...]]
"""A line of the drawing and the lines below it."""


def drawable(checked: Checked) -> list[Journey]:
    """Return the journeys that nothing refuses."""
    refused = {issue.id for issue in checked.errors if issue.kind == "journey"}
    return [journey for name, journey in checked.journeys.items() if name not in refused]


def draw_journeys(console: Console, checked: Checked, journeys: list[Journey]) -> None:
    """Draw these journeys of a folder; on a terminal only as many as people read."""
    shown = journeys[:DRAWN_MAX] if console.is_terminal else journeys
    for journey in shown:
        draw(console, journey, checked.workspace.quiet_hours)
    if left := journeys[len(shown) :]:
        names = ", ".join(journey.journey for journey in left[:DRAWN_MAX])
        more = ", …" if len(left) > DRAWN_MAX else ""
        console.print(
            Text(
                f"… and {len(left):,} more ({names}{more}): `unless check --journey ID` draws one",
                "italic",
            )
        )
        console.print()


def draw(console: Console, journey: Journey, quiet_hours: QuietHours | None) -> None:
    """Draw one journey, and leave a line free; `quiet_hours` are the workspace's."""
    status = f"  {journey.status}" if journey.status else ""
    console.print(Text.assemble(("journey ", ""), (journey.journey, "bold"), (status, "dim")))
    if journey.description.strip():
        console.print(Text(f"  {printable(' '.join(journey.description.split()))}", "italic"))
    rows = [(f"  {key}:", words) for key, words in facts(journey, quiet_hours)]
    columns(console, [(Text(key, "dim"), words) for key, words in rows])
    steps = (_step(step) for step in journey_map(journey, quiet_hours))
    guides = ASCII_GUIDES if console.options.ascii_only else GUIDES
    for line in _lines(console, tuple(steps), "  ", guides):
        console.print(line, soft_wrap=True)
    console.print()


def _step(step: SeenStep) -> Label:
    style = _STYLES.get(type(step.step), "")
    note = f"  · {step.note}" if step.note else ""
    text = Text.assemble((step.words, style), (note, "dim"))
    return text, tuple(_way(way) for way in step.ways)


def _way(way: SeenWay) -> Label:
    head = Text(f"{way.label}:", "cyan")
    if not way.steps:
        follows = "completes" if way.completes else "goes on"
        return Text.assemble(head, (f"  · {follows}", "dim")), ()
    steps = tuple(_step(step) for step in way.steps)
    if len(steps) > 1:
        return head, steps
    only, inner = steps[0]  # a step alone needs no line, and no level, of its own
    return Text.assemble(head, " ", only), inner


def _lines(
    console: Console, labels: Iterable[Label], indent: str, guides: tuple[str, str, str, str]
) -> Iterator[Text]:
    """Yield the lines of the tree, a long one wrapped beside its guide."""
    labels = tuple(labels)
    for number, (text, inner) in enumerate(labels):
        last = number == len(labels) - 1
        first, below = indent + guides[last], indent + guides[2 + last]
        width = max(console.width - len(below), TEXT_COLUMNS_MIN)
        # The guide of what is below runs on beside the wrapped part of a text.
        beside = below + (guides[2] if inner else guides[3])
        wrapped = text.wrap(console, width - len(guides[2])) if text.cell_len > width else [text]
        for row, part in enumerate(wrapped):
            yield Text.assemble((beside if row else first, "dim"), part)
        yield from _lines(console, inner, below, guides)
