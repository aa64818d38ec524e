"""
Reading the folder in which people keep their definitions.

    unless.yaml                 the workspace
    campaigns/**/*.yaml         campaigns, one or more to a file (also .yml and .json)
    journeys/**/*.yaml          journeys
    segments/**/*.yaml          segments
    templates/**/*.liquid       templates of messages (also .html and .txt)

Without a folder `campaigns/` or `journeys/`, the files directly in the folder are definitions too.
Scenarios (`*.scenarios.yaml`, and documents with the key `scenario`) are tests and are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from unless.content.limits import TEMPLATE_BYTES_MAX
from unless.definitions.checking.templates import NO_TEMPLATES, TemplateFiles
from unless.definitions.checks import Checked, check
from unless.definitions.documents import Document
from unless.definitions.issues import CheckCode, Issue
from unless.definitions.reading import Reading, read_text
from unless.definitions.snapshot import EMPTY, Snapshot

SUFFIXES = frozenset({".yaml", ".yml", ".json"})

FOLDERS = ("campaigns", "segments", "journeys")

TEMPLATES = "templates"
"""The folder of what messages are made of."""

TEMPLATE_SUFFIXES = frozenset({".liquid", ".html", ".txt"})

FILE_MAX_BYTES = 4 * 1024 * 1024
"""Largest file that is read, in bytes: thousands of campaigns."""


@dataclass(frozen=True, slots=True)
class Folder:
    """The definitions of a folder, and what was wrong when they were read."""

    documents: tuple[Document, ...]
    issues: tuple[Issue, ...]
    templates: TemplateFiles = NO_TEMPLATES


def load_folder(directory: Path, *, published: Snapshot = EMPTY) -> Checked:
    """Return the folder's definitions, judged; a folder that cannot be read is an issue."""
    folder = read_folder(directory)
    return check(
        folder.documents, found=folder.issues, published=published, templates=folder.templates
    )


def read_folder(directory: Path) -> Folder:
    """Return all definitions of a folder, by file name; what cannot be read is an issue."""
    try:
        files = sorted(set(_files(directory)))
    except OSError as error:
        return Folder((), (_unreadable(directory, error),))
    readings = [read_file(file) for file in files]
    documents = tuple(
        document
        for reading in readings
        for document in reading.documents
        if not (isinstance(document.value, dict) and "scenario" in document.value)
    )
    issues = tuple(issue for reading in readings for issue in reading.issues)
    if not documents and not issues:
        issues = (_nothing_there(directory),)
    templates, unread = _read_templates(directory / TEMPLATES)
    return Folder(documents, (*issues, *unread), templates)


def _read_templates(directory: Path) -> tuple[TemplateFiles, tuple[Issue, ...]]:
    """Return the templates by their names, which are paths below the folder."""
    texts: dict[str, str] = {}
    files: dict[str, str] = {}
    issues = []
    try:
        found = list(_below(directory, TEMPLATE_SUFFIXES)) if directory.is_dir() else []
    except OSError as error:
        return NO_TEMPLATES, (_unreadable(directory, error),)
    for file in found:
        text = _template(file)
        if isinstance(text, Issue):
            issues.append(text)
            continue
        name = file.relative_to(directory).as_posix()
        texts[name], files[name] = text, str(file)
    return TemplateFiles(texts, files), tuple(issues)


def _template(file: Path) -> str | Issue:
    try:
        if file.stat().st_size > TEMPLATE_BYTES_MAX:
            said = f"the template is larger than {TEMPLATE_BYTES_MAX // 1024} KB"
            remedy = "Divide it: {% render 'footer.liquid' %} takes in another one."
            return Issue(CheckCode.BAD_VALUE, said, remedy, str(file))
        return file.read_text(encoding="utf-8-sig")
    except UnicodeError:
        said, remedy = "the template is not written in UTF-8", "Save it in UTF-8."
        return Issue(CheckCode.BAD_VALUE, said, remedy, str(file))
    except OSError as error:
        return _unreadable(file, error)


def read_file(file: Path) -> Reading:
    """Return the documents of one file; a file that cannot be read is an issue."""
    try:
        if file.stat().st_size > FILE_MAX_BYTES:
            message = f"the file is larger than {FILE_MAX_BYTES // 1024**2} MiB"
            remedy = "Split it into several files."
            return Reading((), (Issue(CheckCode.BAD_VALUE, message, remedy, str(file)),))
        return read_text(file.read_bytes(), str(file))
    except OSError as error:
        return Reading((), (_unreadable(file, error),))


def _files(directory: Path) -> Iterator[Path]:
    # A folder that cannot be listed must be an error, and glob would leave it out silently.
    entries = sorted(directory.iterdir())
    has_folders = any((directory / name).is_dir() for name in ("campaigns", "journeys"))
    for entry in entries:
        if entry.is_dir() and entry.name in FOLDERS:
            yield from _below(entry)
        elif _counts(entry) and (entry.stem == "unless" or not has_folders):
            yield entry


def _below(directory: Path, suffixes: frozenset[str] = SUFFIXES) -> Iterator[Path]:
    for entry in sorted(directory.iterdir()):
        if entry.is_dir() and not entry.is_symlink() and not entry.name.startswith("."):
            yield from _below(entry, suffixes)
        elif _counts(entry, suffixes):
            yield entry


def _counts(file: Path, suffixes: frozenset[str] = SUFFIXES) -> bool:
    # A link that leads nowhere counts: that it cannot be read must be told.
    readable = file.is_file() or file.is_symlink()
    hidden = file.name.startswith(".") or file.stem.endswith(".scenarios")
    return readable and file.suffix in suffixes and not hidden


def _unreadable(path: Path, error: OSError) -> Issue:
    match error:
        case FileNotFoundError() if path.is_symlink():
            message, remedy = "this link leads nowhere", "Correct or remove the link."
        case FileNotFoundError():
            message, remedy = "there is no such folder", "Name the folder of your definitions."
        case NotADirectoryError():
            message, remedy = "this is a file, not a folder", "Name the folder that it lies in."
        case PermissionError():
            message, remedy = "it may not be read", f"Allow it, for instance: chmod +r {path}"
        case _:
            message = f"it cannot be read: {error.strerror or error}"
            remedy = "Check the file or folder."
    return Issue(CheckCode.BAD_VALUE, message, remedy, str(path))


def _nothing_there(directory: Path) -> Issue:
    return Issue(
        CheckCode.BAD_VALUE,
        "there are no definitions in this folder",
        "Write one, such as campaigns/welcome.yaml, or name another folder.",
        str(directory),
    )
