"""
A journey as a Mermaid flowchart, for a pull request or a page.

Source: Mermaid documentation, "Flowcharts - Basic Syntax": shapes, entity codes (read 2026-11).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from unless.cli.journeys.filter_words import shortened
from unless.cli.journeys.journey_map import SeenStep, journey_map
from unless.cli.journeys.journey_words import facts
from unless.definitions.journeys import Journey
from unless.definitions.models import QuietHours
from unless.definitions.steps import (
    BranchStep,
    DelayStep,
    ExitStep,
    ExperimentStep,
    MessageStep,
    SplitStep,
    WaitForStep,
)
from unless.definitions.values import Model

LABEL_MAX = 120
"""Most characters of a label: a flowchart is looked at, not read."""

FENCE = "```"
"""Around a diagram: where Markdown is shown, it is drawn."""

_PLAIN = frozenset(" ,.:()/'=+?!-_%·…")
"""What may stand in a quoted label as it is, besides letters and digits."""

_SHAPES: Mapping[type[Model], tuple[str, str]] = {
    DelayStep: ('(["', '"])'),
    WaitForStep: ('(["', '"])'),
    MessageStep: ('["', '"]'),
    SplitStep: ('{"', '"}'),
    BranchStep: ('{"', '"}'),
    ExperimentStep: ('{"', '"}'),
    ExitStep: ('(("', '"))'),
}

type Open = tuple[str, str]
"""An edge that leads somewhere still unknown: the node from which it comes, and its label."""


def flowchart(journey: Journey, quiet_hours: QuietHours | None = None) -> str:
    """Return the flowchart of a journey, fenced; `quiet_hours` are the workspace's."""
    chart = _Chart()
    about, leaving = [f"journey {journey.journey}"], list[str]()
    for key, words in facts(journey, quiet_hours):
        (leaving if key == "exit" else about).append(f"{key}: {shortened(words, LABEL_MAX)}")
    chart.lines.append(f'  enter(["{_joined(about)}"])')
    if leaving:
        chart.lines.append(f'  leave>"{_joined(leaving)}"]')
        chart.lines.append("  enter -.- leave")
    ends = chart.line(journey_map(journey, quiet_hours), [("enter", "")])
    if ends:
        chart.lines.append('  completed((("completed")))')
        chart.lead(ends, "completed")
    return "\n".join([f"{FENCE}mermaid", "flowchart TD", *chart.lines, FENCE])


@dataclass
class _Chart:
    """The lines of a flowchart, as it grows."""

    lines: list[str] = field(default_factory=list)
    _count: int = 0

    def line(self, steps: tuple[SeenStep, ...], opens: list[Open]) -> list[Open]:
        """Add a list of steps, and return the edges that lead out of it."""
        for step in steps:
            node = self._node(step)
            self.lead(opens, node)
            opens = [*self._ways(step, node)]
        return opens

    def _node(self, step: SeenStep) -> str:
        name = f"s{self._count}"
        self._count += 1
        left, right = _SHAPES.get(type(step.step), ('["', '"]'))
        note = f"<br/>{escaped(step.note)}" if step.note else ""
        self.lines.append(f"  {name}{left}{escaped(step.words)}{note}{right}")
        return name

    def _ways(self, step: SeenStep, node: str) -> Iterator[Open]:
        if isinstance(step.step, ExitStep):
            return
        if not step.ways:
            yield node, ""
        for way in step.ways:
            yield from self.line(way.steps, [(node, way.label)])

    def lead(self, opens: list[Open], node: str) -> None:
        """Let the edges lead to this node."""
        for origin, label in opens:
            edge = f'-->|"{escaped(label)}"|' if label else "-->"
            self.lines.append(f"  {origin} {edge} {node}")


def _joined(parts: list[str]) -> str:
    return "<br/>".join(escaped(part) for part in parts)


def escaped(text: str) -> str:
    """Return the text as it may stand in a quoted label: whatever may mean something as a code."""
    return "".join(
        c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in shortened(text, LABEL_MAX)
    ).replace("%%", "#37;#37;")
