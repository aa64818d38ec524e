"""
From bytes to the JSON objects in them: one a line, or one right after the other without anything
between, as Amazon Data Firehose writes them.

Source: Amazon Data Firehose Developer Guide, "Understand data delivery in Amazon Data Firehose":
"By default, Firehose concatenates data without any delimiters" (read 2026-11). Such a line may be
as long as the object on S3, 128 MB; it is read in pieces.
"""

from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BufferedReader
from typing import Any

from unless.events.json_text import read_first, read_json
from unless.events.limits import BODY_BYTES_MAX
from unless.events.rejection import NotUnderstood, Rejected, RejectReason

type Row = Mapping[str, Any] | Rejected
"""An object, or what is wrong with what should be one."""

_UTF8_MARK = b"\xef\xbb\xbf"
"""The mark with which some Windows programs begin a UTF-8 file; it belongs to no line."""

_SPACE = " \t\r\n"
"""What may stand between JSON values. Source: RFC 8259, section 2 (December 2017)."""

_Utf8 = getincrementaldecoder("utf-8")


def objects_in(file: BufferedReader) -> Iterator[tuple[int, Row]]:
    """
    Yield the objects with their numbers, from 1; blank lines are counted and left out.

    Each line has a number, and each object of a line that holds several. Where a line goes wrong,
    the rest of it is left out as one `Rejected`.
    """
    number = 0
    while piece := file.readline(BODY_BYTES_MAX + 1):
        number += 1
        content = piece.removeprefix(_UTF8_MARK) if number == 1 else piece
        if len(piece) > BODY_BYTES_MAX and not piece.endswith(b"\n"):
            rows: Iterable[Row] = _of_long_line(file, content)
        elif content.isspace() or not content:
            continue
        else:
            rows = _of_line(content.rstrip(b"\r\n"))
        for place, row in enumerate(rows):
            number += place > 0
            yield number, row


def _of_line(line: bytes) -> Sequence[Row]:
    try:
        return (_object(read_json(line)),)
    except NotUnderstood as fault:
        rows = list(_several(line)) if fault.reason is RejectReason.NOT_JSON else []
        return rows or [fault.rejected()]


def _several(line: bytes) -> Iterator[Row]:
    """Yield the objects of a line that begins with whole ones; of any other line nothing."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return
    pieces = Pieces()
    rows = list(pieces.take(text))
    if any(isinstance(row, Rejected) for row in rows) or pieces.left[:1] not in ("", "{"):
        return
    yield from rows
    if rows and pieces.left:
        yield pieces.broken()


class Pieces:
    """The text of a line that comes in pieces, of which the objects at its beginning are taken."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.left = ""
        self._fault = Rejected(RejectReason.NOT_JSON, "the line ends too soon")

    def take(self, text: str) -> Iterator[Row]:
        """Yield the values that are whole by now; `left` is the rest, spaces before it removed."""
        text, place = self.left + text, 0
        while True:
            place = _after_space(text, place)
            if place == len(text):
                break
            try:
                value, place = read_first(text, place)
            except NotUnderstood as fault:
                self._fault = fault.rejected()
                break
            yield _object(value)
        self.left = text[place:]

    def broken(self) -> Rejected:
        """Return what is wrong with what is left."""
        detail = f"{self._fault.detail}; the rest of the line is left out"
        return Rejected(self._fault.reason, detail)


def _of_long_line(file: BufferedReader, piece: bytes) -> Iterator[Row]:
    """Yield what is in a line of more than BODY_BYTES_MAX bytes, reading on to its end."""
    decoder, pieces = _Utf8(), Pieces()
    while True:
        ended = not piece or piece.endswith(b"\n")
        try:
            yield from pieces.take(decoder.decode(piece, final=ended))
        except UnicodeDecodeError:
            yield Rejected(RejectReason.NOT_JSON, "the bytes are not UTF-8")
            break
        if ended and pieces.left:
            yield pieces.broken()
        if ended:
            return
        if len(pieces.left) > BODY_BYTES_MAX:
            sentence = f"longer than {BODY_BYTES_MAX:,} bytes; it was not read"
            yield Rejected(RejectReason.TOO_LARGE, sentence)
            break
        piece = file.readline(BODY_BYTES_MAX + 1)
    _skip_line(file, piece)


def _skip_line(file: BufferedReader, piece: bytes) -> None:
    while piece and not piece.endswith(b"\n"):
        piece = file.readline(BODY_BYTES_MAX + 1)


def _after_space(text: str, place: int) -> int:
    while place < len(text) and text[place] in _SPACE:
        place += 1
    return place


def _object(value: object) -> Row:
    if isinstance(value, dict):
        return value
    return Rejected(
        RejectReason.NOT_AN_OBJECT, "the line is not a JSON object; one event stands on one line"
    )
