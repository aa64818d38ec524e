"""Objects in files as people have them: a line each, several on a line, all on one, cut off."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unless.events.lines import read_events
from unless.events.objects import objects_in
from unless.events.rejection import Rejected, RejectReason

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner, max_size=3)
)
OBJECTS = st.lists(st.dictionaries(TEXTS, VALUES, max_size=3), max_size=8)
BETWEEN = st.sampled_from(["", " ", "\n", "\r\n", "\n\n", "\t"])


def read(path: Path, content: bytes) -> list[tuple[int, Any]]:
    """What the file holds by number; of a refused line only the reason."""
    path.write_bytes(content)
    return [
        (number, row.reason if isinstance(row, Rejected) else row)
        for number, row in read_events(path)
    ]


@given(OBJECTS, st.lists(BETWEEN, min_size=8, max_size=8), st.booleans())
def test_all_objects_are_found_however_they_are_separated(
    tmp_path_factory: pytest.TempPathFactory,
    objects: list[dict[str, Any]],
    between: list[str],
    packed: bool,
) -> None:
    """One a line, several on a line or all on one: the same objects in the same order."""
    text = "".join(
        json.dumps(each, ensure_ascii=False) + space
        for each, space in zip(objects, between, strict=False)
    )
    content = gzip.compress(text.encode()) if packed else text.encode()
    rows = read(tmp_path_factory.getbasetemp() / "objects", content)
    assert [row for _, row in rows] == objects
    numbers = [number for number, _ in rows]
    assert numbers == sorted(set(numbers))


def test_a_line_of_many_mebibytes_is_read_in_pieces(tmp_path: Path) -> None:
    """What Firehose makes of minutes of events is one line; no letter is lost between pieces."""
    objects = [{"id": str(number), "text": "é" * (number % 700)} for number in range(10_000)]
    content = "".join(json.dumps(each, ensure_ascii=False) for each in objects).encode()
    assert len(content) > 6_000_000
    good = b'{"user": "u"}'
    rows = read(tmp_path / "object", content + b"\n" + good)
    assert [row for _, row in rows] == [*objects, {"user": "u"}]
    assert [number for number, _ in rows] == list(range(1, 10_002))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"a": 1}{"b": ', [{"a": 1}, RejectReason.NOT_JSON]),
        (b'{"a": 1}{oops}{"b": 2}', [{"a": 1}, RejectReason.NOT_JSON]),
        (b'{"a": 1}{"b": "\xff"}', [RejectReason.NOT_JSON]),
        (b'{"a": 1} oops', [RejectReason.NOT_JSON]),
        (b'{"a": 1},', [RejectReason.NOT_JSON]),
        (b'{"a": 1} 17', [RejectReason.NOT_JSON]),
        (b'[{"a": 1}]', [RejectReason.NOT_AN_OBJECT]),
    ],
    ids=["cut off", "broken", "not UTF-8", "text", "comma", "number", "array"],
)
def test_a_line_that_goes_wrong(tmp_path: Path, line: bytes, expected: list[object]) -> None:
    """Objects before a broken one count, its rest does not; the next line is read as ever."""
    rows = read(tmp_path / "events", line + b'\n{"z": 1}\n')
    assert [row for _, row in rows] == [*expected, {"z": 1}]


@pytest.mark.parametrize("bad", [b"\xff", b"{oops", b'{"x": "' + b"y" * 3_000_000])
def test_a_long_line_that_goes_wrong(tmp_path: Path, bad: bytes) -> None:
    """Also of a line that is read in pieces, the objects before the bad place count."""
    objects = b'{"a": 1}' * 200_000
    rows = read(tmp_path / "events", objects + bad + b'"}' * 1_000_000 + b'\n{"z": 1}')
    assert isinstance(rows[-2][1], RejectReason)
    assert rows[-1][1] == {"z": 1}
    assert len(rows) > 100_000
    assert all(row == {"a": 1} for _, row in rows[:-2])


def test_the_watcher_hears_how_far_the_file_has_been_read(tmp_path: Path) -> None:
    """Bytes as they lie on disk, growing, and at the end all of them; also of gzip."""
    path = tmp_path / "events.gz"
    lines = (b'{"user": "%d", "event": "visit"}\n' % number for number in range(50_000))
    path.write_bytes(gzip.compress(b"".join(lines)))
    told: list[int] = []
    assert sum(1 for _ in read_events(path, told.append)) == 50_000
    assert len(told) > 10
    assert told == sorted(told)
    assert told[-1] == path.stat().st_size


def test_a_file_of_blank_lines_holds_nothing(tmp_path: Path) -> None:
    """Blank lines are no objects, however many."""
    path = tmp_path / "blank"
    path.write_bytes(b"\n \r\n" * 10)
    with path.open("rb") as file:
        assert list(objects_in(file)) == []
