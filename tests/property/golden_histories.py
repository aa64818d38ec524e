"""
Stored histories with their decisions: what every later version must decide in the same way.

A file has several histories, each as lines: `history` says what is defined and who there is, `when`
what happens, in the form of scenarios, and `decided` every record, in order and in full.

Only on purpose, and with the difference read before it is committed:
`python -m tests.property.golden_histories` writes the decisions of this version.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from unless.definitions.checks import check
from unless.definitions.documents import Document
from unless.sim.runner import play, with_stubs
from unless.sim.scenario import read_scenarios
from unless.sim.world import PureWorld

FOLDER = Path(__file__).parent / "golden"

type Row = dict[str, Any]


@dataclass
class Golden:
    """One history: as scenarios say it, without what they expect, and what was decided."""

    history: Row
    when: list[Row] = field(default_factory=list)
    decided: list[Row] = field(default_factory=list)

    @property
    def name(self) -> str:
        """How it is called."""
        return str(self.history["scenario"])


def stored() -> dict[Path, list[Golden]]:
    """Return all histories, by file."""
    return {path: list(_read(path)) for path in sorted(FOLDER.glob("*.jsonl"))}


def _read(path: Path) -> Iterator[Golden]:
    golden: Golden | None = None
    for line in path.read_text("utf-8").splitlines():
        ((kind, row),) = json.loads(line).items()
        if kind == "history":
            if golden is not None:
                yield golden
            golden = Golden(row)
        elif golden is not None:
            (golden.when if kind == "when" else golden.decided).append(row)
    if golden is not None:
        yield golden


def write(path: Path, histories: Iterable[Golden]) -> None:
    """Store the histories."""
    rows: list[Row] = []
    for golden in histories:
        rows.append({"history": golden.history})
        rows.extend({"when": row} for row in golden.when)
        rows.extend({"decided": row} for row in golden.decided)
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")


def decide_again(golden: Golden) -> list[Row]:
    """Return what this version decides, as JSON."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "golden.yaml"
        file.write_text(json.dumps({**golden.history, "when": golden.when, "expect": []}), "utf-8")
        (scenario,) = read_scenarios(file)
    around = [] if scenario.workspace is None else [{"workspace": scenario.workspace}]
    documents = [Document(value) for value in (*around, *scenario.define)]
    templates = with_stubs(scenario.templates, (document.value for document in documents))
    checked = check(documents, templates=templates)
    assert checked.ok, checked.errors
    world = PureWorld()
    play(scenario, checked, world)
    decided: list[Row] = json.loads(json.dumps([record.as_json() for record in world.records()]))
    return decided


def renew() -> None:
    """Write what this version decides into every file."""
    for path, histories in stored().items():
        for golden in histories:
            golden.decided = decide_again(golden)
        write(path, histories)


if __name__ == "__main__":
    renew()
