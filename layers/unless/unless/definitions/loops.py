"""
Warnings for campaigns whose own messages trigger them again, directly or in a circle.

What a campaign gives rise to is a node: that its message was received, and that an exception
cancelled one. A campaign that listens leads from such a node to its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.models import Campaign, ExceptionRow, Trigger
from unless.definitions.operators import Operators, Where


@dataclass(frozen=True, slots=True)
class _Node:
    """Our own event about a campaign: its message was received, or an exception performed on it."""

    kind: Literal["received", "exception"]
    campaign: str
    channel: str

    def event(self) -> tuple[str, dict[str, str | None]]:
        """Return the derived event's name and properties (SPEC section 2), None where not known."""
        if self.kind == "exception":
            return "exception_performed", {"campaign": self.campaign}
        return "message_interaction", {
            "campaign": self.campaign,
            "action": "received",
            "channel": self.channel,
            "send": None,
        }


def _received(campaign: Campaign) -> _Node:
    return _Node("received", campaign.campaign, campaign.message.channel)


def _exception(campaign: Campaign) -> _Node:
    return _Node("exception", campaign.campaign, campaign.message.channel)


type _Graph = Mapping[_Node, frozenset[_Node]]


def loop_mistakes(campaigns: Mapping[str, Campaign]) -> dict[str, Mistake]:
    """Return a warning for each campaign, by id, whose own messages trigger it."""
    graph = _graph(campaigns)
    looping = _looping(graph)
    found = {}
    for node in looping:
        if node.kind == "received":
            circle = " → ".join(f"`{name}`" for name in _circle(node, graph, looping))
            found[node.campaign] = Mistake(
                CheckCode.SEND_LOOP,
                ("trigger",),
                f"its own message triggers it again: {circle}",
                "Narrow the trigger with `where`, such as {campaign: …, action: opened}.",
            )
    return found


def _graph(campaigns: Mapping[str, Campaign]) -> _Graph:
    listeners = [campaign for campaign in campaigns.values() if _listens(campaign)]
    nodes = {_received(campaign) for campaign in listeners}
    nodes |= {_exception(campaign) for campaign in listeners if campaign.unless}
    return {node: frozenset(_caused_by(node, listeners)) for node in nodes}


def _listens(campaign: Campaign) -> bool:
    ours = ("message_interaction", "exception_performed")
    names = [row.event for row in campaign.trigger] + [row.event for row in campaign.unless]
    return any(name in ours for name in names)


def _caused_by(node: _Node, listeners: Iterable[Campaign]) -> Iterator[_Node]:
    for campaign in listeners:
        if _hears(campaign.trigger, node):
            yield _received(campaign)
        if _hears(campaign.unless, node):
            yield _exception(campaign)


def _hears(rows: tuple[Trigger, ...] | tuple[ExceptionRow, ...], node: _Node) -> bool:
    name, properties = node.event()
    return any(row.event == name and _may_pass(row.where, properties) for row in rows)


def _looping(graph: _Graph) -> frozenset[_Node]:
    """Return the nodes that lead back to themselves."""
    nodes = frozenset(graph)
    while True:
        reached = {node: _reached(node, graph, nodes) for node in nodes}
        kept = frozenset(node for node in nodes if _goes_on(node, graph, reached))
        if kept == nodes:
            return nodes
        nodes = kept


def _goes_on(node: _Node, graph: _Graph, reached: Mapping[_Node, frozenset[_Node]]) -> bool:
    if node not in reached[node]:
        return False
    if node.kind == "received":
        return True
    # A cancelled message must have been pending: the circle itself must trigger that campaign anew.
    circle = [other for other in reached[node] if node in reached.get(other, ())]
    return any(replace(node, kind="received") in graph[other] for other in circle)


def _reached(start: _Node, graph: _Graph, allowed: frozenset[_Node]) -> frozenset[_Node]:
    reached: set[_Node] = set()
    waiting = [start]
    while waiting:
        for node in graph[waiting.pop()] & allowed:
            if node not in reached:
                reached.add(node)
                waiting.append(node)
    return frozenset(reached)


def _circle(start: _Node, graph: _Graph, allowed: frozenset[_Node]) -> list[str]:
    """Return the campaigns of the shortest way from the node back to itself."""
    ways = [[start]]
    seen: set[_Node] = set()
    for way in ways:
        for node in sorted(graph[way[-1]] & allowed, key=lambda each: (each.campaign, each.kind)):
            if node == start:
                return [each.campaign for each in way] + [start.campaign]
            if node not in seen:
                seen.add(node)
                ways.append([*way, node])
    return [start.campaign]


def _may_pass(where: Where, properties: Mapping[str, str | None]) -> bool:
    """Return whether an event with these properties may pass the filter; None is any text."""
    for path, operators in where.items():
        name = path.strip('"')
        if name not in properties:
            if not _missing_passes(operators):
                return False
        elif (value := properties[name]) is not None and not _passes(operators, value):
            return False
    return True


def _missing_passes(operators: Operators) -> bool:
    """F3: a missing value passes these only."""
    conditions = operators.conditions()
    return conditions.keys() <= {"ne", "not_in", "contains_none"} or conditions == {"blank": True}


def _passes(operators: Operators, value: str) -> bool:
    """Return whether a text may pass; operators on times and numbers are not judged."""
    return (
        operators.eq in (None, value)
        and operators.ne != value
        and value in (operators.in_ or (value,))
        and value not in (operators.not_in or ())
        and operators.blank is not True
        and (operators.matches is None or _found(operators.matches, value))
        and (operators.not_matches is None or not _found(operators.not_matches, value))
    )


def _found(pattern: str, value: str) -> bool:
    import re2

    options = re2.Options()
    options.case_sensitive = False
    return re2.search(pattern, value, options=options) is not None
