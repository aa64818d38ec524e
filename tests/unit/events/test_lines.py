"""Files of events for the commands: what is read of each line, and what is said of a broken one."""

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest

from unless.events.lines import UnreadableFile, read_events
from unless.events.rejection import Rejected, RejectReason

GOOD = b'{"user": "u", "event": "visit"}\n'
ROW = {"user": "u", "event": "visit"}


def read(path: Path, content: bytes) -> list[tuple[int, Mapping[str, object] | RejectReason]]:
    """What the file holds by line; of a refused line only the reason."""
    path.write_bytes(content)
    return [
        (number, row.reason if isinstance(row, Rejected) else row)
        for number, row in read_events(path)
    ]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("name", ["events.jsonl", "events.jsonl.gz", "object-on-s3"])
def test_lines_are_read_in_order(tmp_path: Path, name: str, packed: bool) -> None:
    """Blank lines are skipped but counted, line ends of Windows are accepted, a bad line is one."""
    content = (
        b"\n" + GOOD + b"  \r\n" + b"oops\n" + b"[1]\r\n" + GOOD.replace(b"\n", b"\r\n") + GOOD
    )
    assert read(tmp_path / name, gzip.compress(content) if packed else content) == [
        (2, ROW),
        (4, RejectReason.NOT_JSON),
        (5, RejectReason.NOT_AN_OBJECT),
        (6, ROW),
        (7, ROW),
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n\n", []),
        (GOOD.strip(), [(1, ROW)]),
        (b"\xef\xbb\xbf" + GOOD, [(1, ROW)]),
        (GOOD + b"\xef\xbb\xbf" + GOOD, [(1, ROW), (2, RejectReason.NOT_JSON)]),
        (b'{"user": "\xff"}\n' + GOOD, [(1, RejectReason.NOT_JSON), (2, ROW)]),
        (b'{"user": "\0"}\n' + GOOD, [(1, RejectReason.NOT_JSON), (2, ROW)]),
    ],
    ids=["empty", "blank", "no last line end", "mark", "mark within", "not UTF-8", "NUL"],
)
def test_ends_and_marks(tmp_path: Path, content: bytes, expected: list[object]) -> None:
    """The mark of Windows programs belongs to no line, and the last line may lack its end."""
    assert read(tmp_path / "events.jsonl", content) == expected


@pytest.mark.parametrize("size", [1_048_577, 1_048_578, 2_097_154, 5_000_000])
def test_line_that_is_too_long(tmp_path: Path, size: int) -> None:
    """It is one refused line, however long, and the next lines keep their numbers."""
    content = GOOD + b"x" * size + b"\n" + GOOD
    expected = [(1, ROW), (2, RejectReason.TOO_LARGE), (3, ROW)]
    assert read(tmp_path / "events.jsonl", content) == expected


def test_longest_line(tmp_path: Path) -> None:
    """A line of exactly 1 MiB is read, with its end or without."""
    longest = GOOD.strip().ljust(1_048_576)
    assert read(tmp_path / "a.jsonl", longest + b"\n" + GOOD) == [(1, ROW), (2, ROW)]
    assert read(tmp_path / "b.jsonl", longest) == [(1, ROW)]


def test_file_is_streamed(tmp_path: Path) -> None:
    """The first lines of a cut off archive come before the sentence that says where it broke."""
    path = tmp_path / "events.jsonl.gz"
    lines = b"".join(b'{"user": "%d", "event": "visit"}\n' % number for number in range(50_000))
    path.write_bytes(gzip.compress(lines)[:-2_000])
    rows = read_events(path)
    assert next(rows) == (1, {"user": "0", "event": "visit"})
    with pytest.raises(UnreadableFile, match=r"cut off or damaged after line \d+$"):
        list(rows)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("missing.jsonl", "there is no such file"),
        ("missing.jsonl.gz", "there is no such file"),
        ("folder", "is a folder"),
        ("marked.jsonl", "compressed file is cut off or damaged"),
    ],
)
def test_file_that_cannot_be_read(tmp_path: Path, name: str, sentence: str) -> None:
    """One sentence names the file and what is wrong with it."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "marked.jsonl").write_bytes(b"\x1f\x8b" + GOOD)
    with pytest.raises(UnreadableFile, match=sentence) as caught:
        list(read_events(tmp_path / name))
    assert str(caught.value).startswith(str(tmp_path / name))
