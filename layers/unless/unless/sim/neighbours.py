"""
What a scenario without `define` is run against: the definitions that lie beside it.

    campaigns/unless.yaml                    the workspace: this is its folder
    campaigns/abandoned_cart.yaml
    campaigns/abandoned_cart.scenarios.yaml  tests abandoned_cart.yaml (and workspace and segments)
    campaigns/together.scenarios.yaml        has no such neighbour: tests the whole folder
"""

from collections.abc import Iterator
from pathlib import Path

from unless.definitions.checks import Checked, check
from unless.definitions.documents import Document
from unless.definitions.loading import read_folder
from unless.definitions.models import document_kind

MARKERS = ("unless.yaml", "unless.yml", "unless.json")
"""The file with the workspace; the folder that holds it is the workspace's folder."""

ENDING = ".scenarios"


def workspace_folder(file: Path) -> Path | None:
    """Return the nearest folder around the file that holds a workspace, None when there is none."""
    return next(
        (
            folder
            for folder in file.resolve().parents
            if any((folder / marker).is_file() for marker in MARKERS)
        ),
        None,
    )


def neighbours(file: Path, folder: Path) -> Checked:
    """Return the definitions of the workspace folder that the file of scenarios tests, judged."""
    loaded = read_folder(folder)
    tested = [document for document in loaded.documents if _is_tested(document, file)]
    if not any(document_kind(document.value) in ("campaign", "journey") for document in tested):
        tested = list(loaded.documents)
    return check(tested, found=loaded.issues, templates=loaded.templates)


def _is_tested(document: Document, file: Path) -> bool:
    """Whether a document is the scenarios' own: of the file of their name, or of no single one."""
    if document_kind(document.value) in ("segment", "workspace"):
        return True
    return document.file is not None and Path(document.file).resolve() in _named_alike(file)


def _named_alike(file: Path) -> Iterator[Path]:
    """Yield the files that a file of scenarios may be named after."""
    name = file.stem.removesuffix(ENDING)
    for suffix in (".yaml", ".yml", ".json"):
        yield file.resolve().parent / f"{name}{suffix}"
