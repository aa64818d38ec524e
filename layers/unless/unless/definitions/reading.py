"""
Reading YAML 1.2 and JSON: text to plain values, with the line of every part.

PyYAML's parser finds the structure; `unless.definitions.scalars` says what a word means.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from unless.definitions.documents import Document, Lines
from unless.definitions.issues import CheckCode, Issue
from unless.definitions.models import document_kind
from unless.definitions.scalars import NotAScalar, Scalar, read_scalar, written_json

DEPTH_MAX = 100
"""Deepest nesting of lists and mappings: five times an event's (SPEC V6)."""

NODES_MAX = 200_000
"""Most values in one document, an alias counted as all that it stands for: no alias bomb."""

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents of a text that could be read, in order, and what was wrong with the others."""

    documents: tuple[Document, ...]
    issues: tuple[Issue, ...]


def read_text(text: str | bytes, file: str | None = None) -> Reading:
    """
    Return the documents of a YAML or JSON text (UTF-8); empty documents are left out.

    A document with a duplicate key, a NaN or the like is an issue, and the next one is read. After
    an error of syntax nothing more of the text can be read.
    """
    documents: list[Document] = []
    issues: list[Issue] = []
    try:
        decoded = text if isinstance(text, str) else text.decode("utf-8-sig")
        source = written_json(decoded) if file and file.endswith(".json") else decoded
        for document, refused in _compose(source, file):
            issues += refused
            if not refused and document.value is not None:
                documents.append(document)
    except yaml.YAMLError as error:
        issues.append(_syntax_issue(error, source, file))
    except UnicodeError:
        issues.append(_encoding_issue(file))
    except _TooMuch as excess:
        issues.append(Issue(CheckCode.BAD_VALUE, excess.message, excess.remedy, file, excess.line))
    return Reading(tuple(documents), tuple(issues))


class _TooMuch(Exception):
    """The text is deeper or larger than anything that people write: stop reading it."""

    def __init__(self, message: str, remedy: str, line: int) -> None:
        super().__init__(message)
        self.message, self.remedy, self.line = message, remedy, line


@dataclass(slots=True)
class _Node:
    """A value that is being read or has been read; `size` counts it and all that is in it."""

    value: Any
    line: int
    size: int = 1
    parts: dict[str | int, Lines] = field(default_factory=dict)
    anchor: str | None = None
    key: str | None = None

    def lines(self) -> Lines:
        return Lines(self.line, self.parts)


@dataclass(slots=True)
class _Composer:
    """Builds one document from its events, without recursion."""

    problems: list[tuple[int, str, str]] = field(default_factory=list)
    anchors: dict[str, _Node] = field(default_factory=dict)
    open: list[_Node] = field(default_factory=list)
    top: _Node | None = None

    def take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        match event:
            case yaml.ScalarEvent():
                self._scalar(event, line)
            case yaml.AliasEvent():
                self._alias(str(event.anchor), line)
            case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                self._begin([] if isinstance(event, yaml.SequenceStartEvent) else {}, event, line)
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                node = self.open.pop()
                self._remember(node)
                self._place(node)

    def _begin(self, value: Any, event: Any, line: int) -> None:
        if len(self.open) >= DEPTH_MAX:
            raise _TooMuch(f"nested deeper than {DEPTH_MAX} levels", "Write it flatter.", line)
        standard = ("tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")
        if event.tag not in (None, "!", *standard):
            self._refuse(line, f"the tag {event.tag!r} is not known here", "Remove the tag.")
        self.open.append(_Node(value, line, anchor=event.anchor))

    def _scalar(self, event: Any, line: int) -> None:
        if self._is_key():
            self._key(event.value, line)
            if event.anchor:
                self.anchors[event.anchor] = _Node(event.value, line)
            return
        value: Scalar = None
        try:
            value = read_scalar(event.value, event.tag, plain=event.implicit[0])
        except NotAScalar as refusal:
            self._refuse(line, refusal.message, refusal.remedy)
        node = _Node(value, line, anchor=event.anchor)
        self._remember(node)
        self._place(node)

    def _alias(self, name: str, line: int) -> None:
        target = self.anchors.get(name)
        if target is None:
            self._refuse(
                line,
                f"`*{name}` stands for nothing: no `&{name}` ends before it",
                f"Write `&{name}` first.",
            )
            target = _Node(None, line)
        if self._is_key():
            self._key(target.value, line)
            return
        self._place(_Node(target.value, line, target.size, target.parts))

    def _is_key(self) -> bool:
        return (
            bool(self.open) and isinstance(self.open[-1].value, dict) and self.open[-1].key is None
        )

    def _key(self, key: Any, line: int) -> None:
        mapping = self.open[-1]
        if not isinstance(key, str):
            self._refuse(
                line, "a key is a text here, not a list or mapping", "Write a text as the key."
            )
            key = str(key)
        elif key in mapping.value:
            first = mapping.parts[key].line
            self._refuse(
                line,
                f"the key `{key}` stands here a second time, first on line {first}",
                "Remove one.",
            )
        mapping.parts.setdefault(key, Lines(line))
        mapping.key = key

    def _place(self, node: _Node) -> None:
        """Put a finished value where it belongs: at the top, in the open list, or under its key."""
        if not self.open:
            self.top = node
            return
        around = self.open[-1]
        around.size += node.size
        if around.size > NODES_MAX:
            raise _TooMuch(
                f"more than {NODES_MAX} values in one document, its aliases written out",
                "Use fewer aliases of aliases, or split the document.",
                node.line,
            )
        if isinstance(around.value, list):
            around.parts[len(around.value)] = node.lines()
            around.value.append(node.value)
        elif around.key is None:
            self._key(node.value, node.line)  # a list or mapping as a key: refused there
        else:
            # A value is found by its key, so the key's line is its line.
            around.parts[around.key] = Lines(around.parts[around.key].line, node.parts)
            around.value[around.key] = node.value
            around.key = None

    def _remember(self, node: _Node) -> None:
        if node.anchor:
            self.anchors[node.anchor] = node

    def _refuse(self, line: int, message: str, remedy: str) -> None:
        self.problems.append((line, message, remedy))


def _compose(text: str, file: str | None) -> Iterator[tuple[Document, list[Issue]]]:
    """Yield each document with what is wrong with it."""
    composer = _Composer()
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.DocumentStartEvent):
            composer = _Composer()
        elif isinstance(event, yaml.DocumentEndEvent) and composer.top is not None:
            document = Document(composer.top.value, file, composer.top.lines())
            kind = document_kind(document.value)
            name = document.value[kind] if kind and isinstance(document.value[kind], str) else None
            yield (
                document,
                [
                    Issue(CheckCode.BAD_VALUE, message, remedy, file, line, "", kind, name)
                    for line, message, remedy in composer.problems
                ],
            )
        else:
            composer.take(event)


def _syntax_issue(error: yaml.YAMLError, text: str, file: str | None) -> Issue:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = (
        getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    )
    context = getattr(error, "context", None)
    where = f", column {mark.column + 1}" if mark else ""
    written = text.splitlines()[mark.line : mark.line + 1] if mark else []
    if mark and written and written[0][mark.column : mark.column + 1] == "\t":
        remedy = "Indent with spaces; YAML does not allow tabs."
    else:
        remedy = (
            "Check indentation, brackets and quotes; a text with `: ` or ` #` in it needs quotes."
        )
    message = f"this is not YAML: {problem}{' ' + context if context else ''}{where}"
    return Issue(CheckCode.BAD_VALUE, message, remedy, file, mark.line + 1 if mark else 1)


def _encoding_issue(file: str | None) -> Issue:
    return Issue(
        CheckCode.BAD_VALUE,
        "this is not text in UTF-8",
        "Save the file in the encoding UTF-8.",
        file,
        1,
    )
