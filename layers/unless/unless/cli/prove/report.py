"""
The figures of a proof in a file: what was attacked, what was found, and by which code.
"""

import json
import os
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from unless.cli.console import Failure
from unless.sim.proof.parts import Found, Violation

FORMAT = 1
"""The layout of the file."""

CODE_CHARACTERS = 12
"""Characters of the name of the code that is shown: enough to tell two versions apart."""


@dataclass(frozen=True, slots=True)
class Figures:
    """
    What became of one part; `unproven` are sentences about all its cases together.

    `seconds` are those of the clock on the wall, `at` is when it ended, UTC.
    """

    noun: str
    cases: int
    wrong: int
    seconds: float
    seed: int
    scale: float
    processes: int
    code: str
    at: str
    seen: Mapping[str, int] = field(default_factory=dict)
    unproven: tuple[str, ...] = ()
    violations: tuple[Violation, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was wrong."""
        return not self.wrong and not self.unproven


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of each part that was run last, by its name, and where that was."""

    parts: Mapping[str, Figures] = field(default_factory=dict)
    machine: str = ""

    def with_part(self, name: str, figures: Figures) -> "Report":
        """Return the report with other figures of a part."""
        return replace(self, parts={**self.parts, name: figures}, machine=machine())


def figures_of(
    found: Found,
    *,
    noun: str,
    unproven: tuple[str, ...],
    seconds: float,
    seed: int,
    scale: float,
    processes: int,
    code: str,
) -> Figures:
    """Return what was found in a part as figures; `code` is what was attacked (`code_name`)."""
    return Figures(
        noun=noun,
        cases=found.cases,
        wrong=found.wrong,
        seconds=round(seconds, 1),
        seed=seed,
        scale=scale,
        processes=processes,
        code=code,
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        seen=dict(sorted(found.seen.items())),
        unproven=unproven,
        violations=tuple(found.violations),
    )


def read_report(path: Path) -> Report:
    """
    Return the report in the file, an empty one where there is none.

    Raises:
        Failure: the file holds something else.
    """
    if not path.exists():
        return Report()
    try:
        read = json.loads(path.read_text("utf-8"))
        if read["format"] != FORMAT:
            raise ValueError(read["format"])
        parts = {name: _figures(written) for name, written in read["parts"].items()}
        return Report(parts, read["machine"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Failure(
            f"{path} holds no report of a proof.", "Delete it, or name another by --report."
        ) from None


def write_report(path: Path, report: Report) -> None:
    """Write the report, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = {name: asdict(figures) for name, figures in report.parts.items()}
    written = {"format": FORMAT, "machine": report.machine, "parts": parts}
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    beside.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
    beside.replace(path)


def _figures(written: dict[str, Any]) -> Figures:
    violations = (
        Violation(v["case"], v["sentence"], tuple(v["story"])) for v in written["violations"]
    )
    whole = {**written, "unproven": tuple(written["unproven"]), "violations": tuple(violations)}
    return Figures(**whole)


def code_name() -> str:
    """Return a name of the code of the package: another one as soon as any of it is another."""
    digest = sha256()
    root = Path(str(files("unless")))
    for path in sorted(root.rglob("*.py")):
        digest.update(f"{path.relative_to(root).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:CODE_CHARACTERS]


def machine() -> str:
    """Return what it ran on, in a few words."""
    python = platform.python_version()
    return f"Python {python}, {platform.system()} {platform.machine()}, {os.cpu_count()} processors"
