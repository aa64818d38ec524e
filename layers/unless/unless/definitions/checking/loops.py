"""
Warnings for campaigns and journeys whose own messages start them again, directly or in a circle.

What a definition gives rise to is a node: that a message of it was received, that an exception
cancelled one, and that one led to a conversion. A definition that listens leads from such a node to
its own.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Literal

from unless.definitions.checking.own_events import (
    OWN_EVENTS,
    OwnEvent,
    cancellations,
    conversions,
    hears_any,
    receipts,
)
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.journeys import Journey
from unless.definitions.models import Campaign, Conversion, ExceptionRow, Trigger

HOPS_MAX = 5
"""How often an event of ours may bring about the next before it starts nothing (SPEC section 2)."""

type Starter = Campaign | Journey


@dataclass(frozen=True, slots=True)
class _Node:
    """Our own event about a definition: of a message's receipt, its cancelling, its success."""

    kind: Literal["received", "exception", "conversion"]
    id: str


type _Graph = Mapping[_Node, Set[_Node]]


def loop_mistakes(definitions: Mapping[str, Starter]) -> dict[str, Mistake]:
    """Return a warning for each definition, by id, whose own messages start it."""
    graph = _graph({name: each for name, each in definitions.items() if _listens(each)})
    looping = _looping(graph)
    found = {}
    for node in looping:
        if node.kind == "received":
            circle = " → ".join(f"`{name}`" for name in _circle(node, graph, looping))
            found[node.id] = _loop(definitions[node.id], circle)
    return found


def _loop(definition: Starter, circle: str) -> Mistake:
    remedy = "Narrow the trigger with `where`, such as {campaign: …, action: opened}"
    if isinstance(definition, Journey):
        path = ("entry", "trigger")
        message = f"its own message lets people enter it again: {circle}"
        remedy += ", or write `reentry: never`"
        effect = (
            "Whoever gets one of these messages enters anew because of it and gets them all again, "
            f"up to {HOPS_MAX} times."
        )
        return Mistake(CheckCode.SEND_LOOP, path, message, f"{remedy}.", effect)
    message = f"its own message triggers it again: {circle}"
    return Mistake(CheckCode.SEND_LOOP, ("trigger",), message, f"{remedy}.", _repeated(definition))


def _repeated(campaign: Campaign) -> str:
    if campaign.reeligible == "never":
        return (
            "Receiving it asks for it again. Only because `reeligible` is `never` nobody gets it "
            "twice: each second one is refused as `already_received`."
        )
    return (
        "Receiving it asks for it again: people get it time and again, until the loop is cut off "
        f"after {HOPS_MAX} (`loop_limit`)."
    )


def _triggers(definition: Starter) -> tuple[Trigger, ...]:
    return definition.entry.trigger if isinstance(definition, Journey) else definition.trigger


def _exceptions(definition: Starter) -> tuple[ExceptionRow, ...]:
    """Return the rows that cancel a message, of which `exception_performed` tells."""
    return definition.unless if isinstance(definition, Campaign) else ()


def _conversions(definition: Starter) -> tuple[Conversion, ...]:
    """Return the rows that count a success, of which `conversion` tells."""
    return definition.conversions if isinstance(definition, Campaign) else ()


def _listens(definition: Starter) -> bool:
    if isinstance(definition, Journey) and definition.reentry == "never":
        return False  # Everyone enters once, and so every circle through it ends.
    names = [row.event for row in _triggers(definition)]
    names += [row.event for row in _exceptions(definition)]
    names += [row.event for row in _conversions(definition)]
    return not OWN_EVENTS.isdisjoint(names)


def _graph(listeners: Mapping[str, Starter]) -> _Graph:
    events: dict[_Node, tuple[OwnEvent, ...]] = {}
    for name, definition in listeners.items():
        events[_Node("received", name)] = tuple(receipts(definition))
        events[_Node("exception", name)] = tuple(cancellations(definition))
        events[_Node("conversion", name)] = tuple(conversions(definition))
    nodes = {node for node, own in events.items() if own}
    return {node: nodes.intersection(_caused_by(events[node], listeners)) for node in nodes}


def _caused_by(events: tuple[OwnEvent, ...], listeners: Mapping[str, Starter]) -> Iterator[_Node]:
    for name, definition in listeners.items():
        if hears_any(_triggers(definition), events):
            yield _Node("received", name)
        if hears_any(_exceptions(definition), events):
            yield _Node("exception", name)
        if hears_any(_conversions(definition), events):
            yield _Node("conversion", name)


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
    # A cancelled message must have been pending, and one that succeeds received: each once. So the
    # circle itself must trigger that campaign anew.
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
    """Return the ids of the shortest way from the node back to itself."""
    ways = [[start]]
    seen: set[_Node] = set()
    for way in ways:
        for node in sorted(graph[way[-1]] & allowed, key=lambda each: (each.id, each.kind)):
            if node == start:
                return [each.id for each in way] + [start.id]
            if node not in seen:
                seen.add(node)
                ways.append([*way, node])
    return [start.id]
