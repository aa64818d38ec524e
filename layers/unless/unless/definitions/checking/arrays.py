"""
Arrays where they can never work: in exit events, and in changes of attributes (SPEC J4, section 2).
"""

import re
from collections.abc import Iterable, Iterator

from unless.definitions.documents import Document, Path
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.models import ExceptionRow, Trigger
from unless.definitions.operators import Operators
from unless.definitions.steps import WaitPath

type Row = Trigger | ExceptionRow | WaitPath

_LITERAL = re.compile(r'"[^"]*"')
"""A quoted segment of a path, in which `[]` is a part of the name (SPEC F1)."""


def placed_triggers(
    rows: tuple[Trigger, ...], document: Document, path: Path
) -> Iterator[tuple[Path, Trigger]]:
    """Yield the triggers at that path with their places: a single one may stand without a list."""
    as_list = isinstance(document.part(*path).value, list)
    for place, row in enumerate(rows):
        yield (*path, place) if as_list else path, row


def array_attribute_mistakes(rows: Iterable[tuple[Path, Row]]) -> Iterator[Mistake]:
    """A change of an array is no `attribute_changed`, so such a row would wait for ever."""
    for path, row in rows:
        if _waits_for_array(row):
            yield Mistake(
                CheckCode.ARRAY_ATTRIBUTE_TRIGGER,
                (*path, "where", "attribute"),
                "`attribute_changed` is not derived for arrays (`[]`), so this never happens",
                "Name an attribute that is no array, or let the app report an event of its own.",
                "It would wait for ever: however often the array changes, nobody would get it.",
            )


def array_in_exit_mistakes(rows: Iterable[tuple[Path, ExceptionRow]]) -> Iterator[Mistake]:
    """Yield a mistake for each array by which an exit event is judged (J4)."""
    for path, row in rows:
        for key in row.where:
            if _is_array(key):
                yield _in_exit((*path, "where", key), f"`{key}` is an array")
        if _waits_for_array(row):
            message = "`attribute_changed` is not derived for arrays (`[]`)"
            yield _in_exit((*path, "where", "attribute"), message)
        for pair in (row.match or {}).items():
            array = next((name for name in pair if _is_array(name)), None)
            if array:
                yield _in_exit((*path, "match"), f"`{array}` is an array")


def _in_exit(path: Path, message: str) -> Mistake:
    return Mistake(
        CheckCode.ARRAY_IN_EXIT,
        path,
        f"{message}, and an exit event is judged by single values only",
        "Ask for a property that is no array, or let the app report an event of its own.",
    )


def _is_array(path: str) -> bool:
    return "[]" in _LITERAL.sub("", path)


def _waits_for_array(row: Row) -> bool:
    condition = row.where.get("attribute")
    return row.event == "attribute_changed" and condition is not None and _names_array(condition)


def _names_array(condition: Operators) -> bool:
    wanted = [condition.eq, *(condition.in_ or ()), *(condition.contains_any or ())]
    return any(isinstance(name, str) and "[]" in name for name in wanted)
