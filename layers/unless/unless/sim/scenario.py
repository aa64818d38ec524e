"""Scenarios as people write them (SPEC section 7), read into values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from unless.definitions.checking.templates import NO_TEMPLATES, TemplateFiles
from unless.definitions.checks import Checked
from unless.definitions.documents import Document, path_text
from unless.definitions.documents import Path as Place
from unless.definitions.durations import in_utc
from unless.definitions.issues import choices, nearest
from unless.definitions.reading import read_text
from unless.engine.records import OPEN, Outcome, Reason
from unless.sim.neighbours import neighbours, workspace_folder

OPERATIONS = ("pause", "resume", "stop", "archive")
_KEYS = {
    "scenario", "description", "workspace", "define", "users", "templates", "when", "until",
    "expect", "expect_invalid",
}  # fmt: skip
_EVENT_KEYS = {"at", "time", "user", "event", "id", "properties", "attributes"}
_DO_KEYS = {"at", "do", "define", "campaign", "journey", "user"}
_EXPECT_KEYS = {
    "at", "user", "campaign", "journey", "step", "outcome", "reason", "event", "name", "send",
    "due", "detail",
}  # fmt: skip


class ScenarioError(Exception):
    """
    A scenario file that cannot be run as it is written: says what, where, and what was
    expected.
    """


@dataclass(frozen=True, slots=True)
class Row:
    """One row of `when`: an event that arrives, or something that an operator does."""

    at: datetime
    values: Mapping[str, Any]
    line: int

    @property
    def operation(self) -> str | None:
        """What the operator does, or None for an event."""
        do = self.values.get("do")
        return str(do) if do is not None else None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: what is defined, who there is, what happens and what must follow."""

    name: str
    file: str
    line: int
    define: tuple[Mapping[str, Any], ...]
    workspace: Mapping[str, Any] | None = None
    users: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    when: tuple[Row, ...] = ()
    until: datetime | None = None
    expect: tuple[Mapping[str, Any], ...] | None = None
    expect_invalid: tuple[Mapping[str, Any], ...] = ()
    templates: TemplateFiles = NO_TEMPLATES


def read_scenarios(path: Path) -> list[Scenario]:
    """
    Return the scenarios of a file, in order; documents without `scenario:` are left to others.

    Raises:
        ScenarioError: the file is not readable, not YAML, or a scenario is not written as one.
    """
    try:
        reading = read_text(path.read_bytes(), str(path))
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None
    if reading.issues:
        issue = reading.issues[0]
        raise ScenarioError(f"{issue.file}:{issue.line}: {issue.message}. {issue.remedy}")
    beside = _Beside(path)
    return [
        _scenario(document, beside)
        for document in reading.documents
        if isinstance(document.value, dict) and "scenario" in document.value
    ]


class _Beside:
    """The definitions that lie beside a file of scenarios, read when one needs them."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def checked(self) -> Checked | None:
        """
        All of them, judged; None when the file is in no workspace.

        Raises:
            ScenarioError: they have errors.
        """
        folder = workspace_folder(self._file)
        if folder is None:
            return None
        checked = neighbours(self._file, folder)
        if checked.errors:
            first = checked.errors[0]
            raise ScenarioError(
                f"{self._file}: what it tests has errors: {first.file}:{first.line}: "
                f"{first.code}: {first.message}; `unless check {folder.name}` shows all"
            )
        return checked


class _Reader:
    """Reads one scenario document and says where something is wrong."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.values: dict[str, Any] = document.value

    def fail(self, path: Place, message: str) -> ScenarioError:
        name = self.values.get("scenario")
        where = f"{self.document.file}:{self.document.line_of(path)}"
        return ScenarioError(f"{where}: scenario {name!r}, {path_text(path) or 'top'}: {message}")

    def known(self, path: Place, values: Mapping[str, Any], keys: set[str]) -> None:
        for key in values:
            if key not in keys:
                like = nearest(key, sorted(keys))
                hint = f"did you mean `{like}`?" if like else f"expected {choices(sorted(keys))}"
                raise self.fail((*path, key), f"unknown key; {hint}")

    def instant(self, path: Place, value: object) -> datetime:
        instant = in_utc(value)
        if instant is None:
            raise self.fail(
                path, f"expected an instant such as 2026-02-02T10:00:00Z, got {value!r}"
            )
        return instant

    def mapping(self, path: Place, value: object) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.fail(path, f"expected a mapping, got {value!r}")
        return value

    def rows(self, key: str, value: object) -> list[Mapping[str, Any]]:
        if not isinstance(value, list):
            raise self.fail((key,), f"expected a list, got {value!r}")
        return [self.mapping((key, n), row) for n, row in enumerate(value)]


def _scenario(document: Document, beside: _Beside) -> Scenario:
    reader = _Reader(document)
    values = reader.values
    reader.known((), values, _KEYS)
    if "expect" not in values and "expect_invalid" not in values:
        raise reader.fail((), "expected `expect` or `expect_invalid`")
    define, workspace, templates = _defined(reader, beside)
    when = [
        _row(reader, n, row) for n, row in enumerate(reader.rows("when", values.get("when") or []))
    ]
    expect = None
    if "expect" in values:
        expect = tuple(
            _expected(reader, n, row)
            for n, row in enumerate(reader.rows("expect", values["expect"] or []))
        )
    users = reader.mapping(("users",), values.get("users") or {})
    return Scenario(
        name=str(values["scenario"]),
        file=document.file or "",
        line=document.line_of() or 1,
        define=define,
        workspace=workspace,
        templates=_templates(reader, templates),
        users={name: reader.mapping(("users", name), user or {}) for name, user in users.items()},
        when=tuple(sorted(when, key=lambda row: row.at)),
        until=reader.instant(("until",), values["until"]) if "until" in values else None,
        expect=expect,
        expect_invalid=tuple(reader.rows("expect_invalid", values.get("expect_invalid") or [])),
    )


def _defined(
    reader: _Reader, beside: _Beside
) -> tuple[tuple[Mapping[str, Any], ...], Mapping[str, Any] | None, Mapping[str, str]]:
    """
    Return definitions, workspace and templates: the scenario's own, or those beside its file.
    """
    values = reader.values
    define, workspace = values.get("define"), values.get("workspace")
    if "define" in values or "expect_invalid" in values:
        rows = define if isinstance(define, list) else [define] if define else []
        return tuple(reader.rows("define", rows)), workspace, {}
    checked = beside.checked
    if checked is None:
        if any("do" in row for row in values.get("when") or [] if isinstance(row, dict)):
            return (), workspace, {}
        raise reader.fail(
            (), "expected `define`, or a folder around this file with unless.yaml and campaigns"
        )
    documents = checked.documents
    around = documents.get(("workspace", ""), {}).get("workspace")
    beside_it = tuple(document for (kind, _), document in documents.items() if kind != "workspace")
    return beside_it, around if workspace is None else workspace, checked.templates


def _templates(reader: _Reader, beside: Mapping[str, str]) -> TemplateFiles:
    """Return the templates beside the file, with those that the scenario itself gives."""
    given = reader.mapping(("templates",), reader.values.get("templates") or {})
    for name, text in given.items():
        if not isinstance(text, str):
            raise reader.fail(("templates", name), f"expected a text, got {text!r}")
    return TemplateFiles({**beside, **given})


def _row(reader: _Reader, number: int, values: Mapping[str, Any]) -> Row:
    path: Place = ("when", number)
    if "at" not in values:
        raise reader.fail(path, "expected `at`, the instant of the row")
    at = reader.instant((*path, "at"), values["at"])
    if "do" in values:
        reader.known(path, values, _DO_KEYS)
        needs = {"publish": "define", "delete_user": "user"} | dict.fromkeys(OPERATIONS, "campaign")
        need = needs.get(str(values["do"]))
        if need is None:
            raise reader.fail((*path, "do"), f"expected one of {', '.join(needs)}")
        if need not in values and not (need == "campaign" and "journey" in values):
            raise reader.fail(path, f"`do: {values['do']}` needs `{need}`")
    else:
        reader.known(path, values, _EVENT_KEYS)
        for need in ("user", "event"):
            if need not in values:
                raise reader.fail(path, f"an event needs `{need}`")
    return Row(at, values, reader.document.line_of(path) or 1)


def _expected(reader: _Reader, number: int, values: Mapping[str, Any]) -> Mapping[str, Any]:
    path: Place = ("expect", number)
    reader.known(path, values, _EXPECT_KEYS)
    times = {
        key: reader.instant((*path, key), values[key]) for key in ("at", "due") if key in values
    }
    ends = [outcome for outcome in Outcome if outcome not in OPEN]
    known = {"outcome": ("pending", *ends), "reason": tuple(Reason)}
    for key, words in known.items():
        if key in values and values[key] not in words:
            raise reader.fail((*path, key), f"no such {key}: {values[key]!r}")
    return {**values, **times}
