"""
Two definitions of one id, among the documents and with what is published.
"""

from collections.abc import Iterable, Iterator

from unless.definitions.checking.parsing import Parsed
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.models import Kind
from unless.definitions.snapshot import Snapshot

STARTED = "campaign or journey"
"""The namespace that campaigns and journeys share: their ids name them in commands and records."""


class Duplicates:
    """The first document of each id; any other is a duplicate."""

    def __init__(self, documents: Iterable[Parsed], published: Snapshot) -> None:
        self._published = published
        self._first: dict[tuple[str, str], Parsed] = {}
        for parsed in documents:
            key = _id(parsed)
            if key:
                self._first.setdefault(key, parsed)

    def first(self) -> tuple[Parsed, ...]:
        """Return the documents that are no duplicates, in their order."""
        return tuple(self._first.values())

    def mistakes(self, parsed: Parsed) -> Iterator[Mistake]:
        """Yield that the document's id is taken, by an earlier one or by what is published."""
        key = _id(parsed)
        if key is None or parsed.kind is None:
            return
        first = self._first[key]
        if first is not parsed:
            yield _taken_above(parsed, parsed.kind, first)
            return
        before = self._published.definitions.get(parsed.name or "")
        if key[0] == STARTED and before is not None and before.kind != parsed.kind:
            yield Mistake(
                CheckCode.DUPLICATE_ID,
                (parsed.kind,),
                f"a {before.kind} `{parsed.name}` is published already",
                f"Give the {parsed.kind} another id.",
                f"It would take the place of the {before.kind}, whose people would get nothing "
                "more.",
            )


def _id(parsed: Parsed) -> tuple[str, str] | None:
    """Return what no two documents may share."""
    if parsed.key is None:
        return None
    kind, name = parsed.key
    return (STARTED if kind in list(Kind) else kind, name)


def _taken_above(parsed: Parsed, kind: str, first: Parsed) -> Mistake:
    earlier = first.document
    name = f"{first.kind} `{parsed.name}`" if parsed.name else kind
    message = (
        f"there is a {name} already, on line {earlier.line_of()} of {earlier.file}"
        if earlier.file
        else f"there is a {name} above"
    )
    remedy = "Give one of them another id, or remove it." if parsed.name else "Remove one of them."
    return Mistake(CheckCode.DUPLICATE_ID, (kind,), message, remedy, _only_one(kind))


def _only_one(kind: str) -> str:
    match kind:
        case "segment":
            return "Only one of the two would count: people would be in it, or not, by accident."
        case "workspace":
            return "Only one of the two would count: times and limits would be those of either."
        case _:
            return "Only one of the two would run: nobody would ever get the other."
