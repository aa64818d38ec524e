"""
Which files `unless test` runs: those named, and in a folder those that hold scenarios.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from unless.cli.console import Failure
from unless.definitions.loading import SUFFIXES

MEANT = re.compile(
    rb"""^(\xef\xbb\xbf|--- |\{ ?)?["']?scenario["']?:|^\s*"scenario":""", re.MULTILINE
)
"""A line that begins a scenario: found also in a file so broken that it cannot be read."""


def scenario_files(paths: Sequence[Path]) -> Iterator[Path]:
    """
    Yield the files to run, each once.

    Raises:
        Failure: a path does not exist, or holds no scenario.
    """
    seen: set[Path] = set()
    for path in paths:
        for file in _under(path):
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file


def _under(path: Path) -> list[Path]:
    if not path.exists():
        raise Failure(f"{path}: there is no such file or folder.", code=2)
    found = sorted(_in_folder(path)) if path.is_dir() else [path]
    if not found:
        raise Failure(
            f"{path}: there is no scenario in this folder.",
            "A scenario is a YAML document that begins with `scenario:`, best in a file "
            "`<campaign>.scenarios.yaml` beside the campaign.",
        )
    return found


def _in_folder(folder: Path) -> Iterator[Path]:
    for around, folders, names in folder.walk():
        folders[:] = [name for name in folders if not name.startswith(".")]
        for file in (around / name for name in names if not name.startswith(".")):
            if file.suffix in SUFFIXES and _is_meant(file):
                yield file


def _is_meant(file: Path) -> bool:
    """Whether the file is meant to hold scenarios; one that may not be read is, by its name."""
    try:
        return MEANT.search(file.read_bytes()) is not None
    except OSError:
        return file.stem.endswith(".scenarios")
