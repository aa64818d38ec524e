"""Runs a scenario in a world, on a virtual clock, and says what differs from what it expects."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from unless.definitions.checking.templates import TemplateFiles
from unless.definitions.checks import Checked, check
from unless.definitions.documents import Document
from unless.definitions.issues import Issue
from unless.engine.invariants import balance, open_item
from unless.sim.expectations import Comparison, compare, pending_rows, terminal_rows
from unless.sim.history import initial_state
from unless.sim.scenario import Row, Scenario, ScenarioError
from unless.sim.world import World

RINGS_MAX = 100_000
"""Most instants at which a run rings; a circle of campaigns that trigger each other ends here."""

START = datetime(2000, 1, 1, tzinfo=UTC)
"""The clock before the first row."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a scenario ended; `problems` are sentences, `comparison` what differs in the records."""

    scenario: Scenario
    problems: tuple[str, ...] = ()
    comparison: Comparison | None = None
    records: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether everything is as expected."""
        return not self.problems and (self.comparison is None or self.comparison.equal)


def run_scenario(scenario: Scenario, new_world: Callable[[], World]) -> Result:
    """Return how the scenario ended in a new world."""
    documents = _documents(scenario.workspace, scenario.define)
    templates = with_stubs(scenario.templates, (document.value for document in documents))
    checked = check(documents, templates=templates)
    problems = _unmet(scenario.expect_invalid, checked.issues)
    errors = [issue for issue in checked.issues if issue.level == "error"]
    if scenario.expect is None or problems:
        return Result(scenario, tuple(problems))
    if errors:
        return Result(scenario, tuple(f"{issue.code}: {issue.message}" for issue in errors))
    world = new_world()
    play(scenario, checked, world)
    records = terminal_rows(world.records())
    comparison = compare(scenario.expect, records, pending_rows(world.pending(), world.step_of))
    return Result(scenario, tuple(broken_invariants(world)), comparison, tuple(records))


def broken_invariants(world: World) -> list[str]:
    """Return a sentence for each trigger of a world's history that did not end exactly once."""
    history = balance(world.records(), map(open_item, world.due_items()))
    return [f"a mistake in Unless: {violation.sentence}" for violation in history.violations]


def _documents(
    workspace: Mapping[str, Any] | None, define: Sequence[Mapping[str, Any]]
) -> list[Document]:
    around = [{"workspace": workspace}] if workspace is not None else []
    return [Document(value) for value in (*around, *define)]


def with_stubs(given: TemplateFiles, documents: Iterable[Any]) -> TemplateFiles:
    """Return the templates with one of some word for each that is named and not given."""
    stubs = {name: "unwritten" for document in documents for name in _named(document)}
    return TemplateFiles({**stubs, **given.texts}, given.files)


def _named(part: Any) -> Iterator[str]:
    """Yield what stands behind `template:` anywhere in a document, which may be a wrong one."""
    if isinstance(part, dict):
        name = part.get("template")
        if isinstance(name, str):
            yield name
    inside = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    for each in inside:
        yield from _named(each)


def _unmet(expected: Sequence[Mapping[str, Any]], issues: Sequence[Issue]) -> list[str]:
    """Return a sentence for each expected refusal that did not come."""
    found = {(issue.kind, issue.id, str(issue.code), issue.level) for issue in issues}
    problems = []
    for row in expected:
        kind = next(
            (kind for kind in ("campaign", "journey", "segment") if kind in row), "workspace"
        )
        level = str(row.get("level", "error"))
        if (kind, row.get(kind), str(row.get("code")), level) not in found:
            got = ", ".join(f"{issue.code} ({issue.level})" for issue in issues) or "nothing"
            what = f"{kind} {row.get(kind)} to be refused as {row.get('code')} ({level})"
            problems.append(f"expected {what}, got {got}")
    return problems


def play(scenario: Scenario, checked: Checked, world: World) -> None:
    """
    Let everything happen: at one instant, all rows come before the sends that are due.

    Raises:
        ScenarioError: it does not come to rest.
    """
    for user, values in scenario.users.items():
        world.seed(initial_state(user, values))
    world.publish(checked, START, first=True)
    rows = deque(enumerate(scenario.when))
    clock = START
    for _ in range(RINGS_MAX):
        next_row = rows[0][1].at if rows else None
        wanted = [at for at in (next_row, world.next_due()) if at is not None]
        if not wanted or (scenario.until is not None and min(wanted) > scenario.until):
            return
        clock = max(clock, min(wanted))
        while rows and rows[0][1].at <= clock:
            number, row = rows.popleft()
            _happen(row, number, world, clock, scenario.templates)
        world.ring(clock)
    raise ScenarioError(
        f"scenario {scenario.name!r} does not come to rest after {RINGS_MAX:,} rings"
    )


def _happen(row: Row, number: int, world: World, now: datetime, templates: TemplateFiles) -> None:
    match row.operation:
        case None:
            event = {key: value for key, value in row.values.items() if key != "at"}
            event.setdefault("time", row.values["at"])
            event.setdefault("id", f"row-{number}")  # an event without an id is one of its own
            world.put([event], now)
        case "publish":
            define = row.values["define"]
            documents = define if isinstance(define, list) else [define]
            checked = check(
                map(Document, documents),
                published=world.published(),
                templates=with_stubs(templates, documents),
            )
            if checked.ok:
                world.publish(checked, now, first=False)
        case "delete_user":
            world.delete_user(str(row.values["user"]), now)
        case operation:
            world.operate(
                operation, str(row.values.get("campaign") or row.values.get("journey")), now
            )
