"""SPEC V6: what is exactly at a limit is accepted; one more is refused with its reason."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from unless.engine.model import UserEvent
from unless.events.intake import parse_envelope
from unless.events.rejection import Rejected, RejectReason

ARRIVED = datetime(2026, 2, 2, 10, tzinfo=UTC)


def parse(
    properties: object = None, attributes: object = None, **detail: object
) -> UserEvent | Rejected:
    """What an otherwise sound event with these parts becomes."""
    detail = {"user_id": "u", "id": "e", "time": "2026-02-02T09:00:00Z"} | detail
    detail |= {"properties": properties, "attributes": attributes}
    return parse_envelope(json.dumps({"detail-type": "n", "detail": detail}), ARRIVED)


def parse_number(text: str) -> UserEvent | Rejected:
    """What an event with this number, written so, becomes."""
    properties = f'{{"x": {{"list": [0, {text}]}}}}'
    detail = f'{{"user_id": "u", "id": "e", "properties": {properties}}}'
    return parse_envelope(f'{{"detail-type": "n", "detail": {detail}}}', ARRIVED)


def reason(result: UserEvent | Rejected) -> RejectReason | None:
    return result.reason if isinstance(result, Rejected) else None


def nested(levels: int, *, arrays: bool) -> Any:
    """`properties` with that many levels, itself being the first."""
    value: Any = 1
    for _ in range(levels - 1):
        value = [value] if arrays else {"a": value}
    return {"a": value}


def event_of_bytes(size: int, letter: str = "x") -> dict[str, Any]:
    """Properties that make the compact JSON of the detail exactly that long in UTF-8."""
    empty = '{"user_id":"u","id":"e","time":"2026-02-02T09:00:00+00:00","properties":'
    rest = size - len(empty) - len(',"attributes":{}}') - len('{"a":[]}')
    texts: list[str] = []
    while rest > 0:
        room = min(rest, 8000)
        content = room - 3  # two quotes and a comma, which the last text lacks
        texts.append(letter * (content // len(letter.encode())))
        rest -= room
    texts[-1] += "x" * (size - len(empty) - len(',"attributes":{}}') - len(_json({"a": texts})))
    return {"a": texts}


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(("size", "expected"), [(131_072, None), (131_073, RejectReason.TOO_LARGE)])
@pytest.mark.parametrize("letter", ["x", "é", "😀"])
def test_event_of_at_most_128_kib(size: int, expected: RejectReason | None, letter: str) -> None:
    """The compact JSON of the detail may have 131,072 bytes in UTF-8, however it was escaped."""
    assert reason(parse(event_of_bytes(size, letter))) == expected


def test_spaces_and_unknown_keys_do_not_count_as_size() -> None:
    """The limit is on what the event says, not on how it was written or what stands beside it."""
    body = {"detail-type": "n", "id": "e", "detail": {"user_id": "u", "trace": "x" * 200_000}}
    assert reason(parse_envelope(json.dumps(body, indent=8) + " " * 200_000, ARRIVED)) is None


def test_body_of_more_than_1_mib_is_refused_unread() -> None:
    """Nothing larger than an SQS message is parsed, not even spaces."""
    sound = json.dumps({"detail-type": "n", "id": "e", "detail": {"user_id": "u"}})
    assert reason(parse_envelope(sound.ljust(1_048_576), ARRIVED)) is None
    assert reason(parse_envelope(sound.ljust(1_048_577), ARRIVED)) == RejectReason.TOO_LARGE
    assert reason(parse_envelope(b"\xff" * 50_000_000, ARRIVED)) == RejectReason.TOO_LARGE


@pytest.mark.parametrize(("levels", "expected"), [(20, None), (21, RejectReason.TOO_DEEP)])
@pytest.mark.parametrize("arrays", [True, False])
@pytest.mark.parametrize("part", ["properties", "attributes"])
def test_nesting_of_at_most_20_levels(
    levels: int, expected: RejectReason | None, arrays: bool, part: str
) -> None:
    """`properties` and `attributes` are level 1, and every object and array in them is one more."""
    assert reason(parse(**{part: nested(levels, arrays=arrays)})) == expected


@pytest.mark.parametrize("depth", [1_000, 9_000, 100_000])
@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")])
def test_nesting_that_no_parser_survives(depth: int, opened: str, closed: str) -> None:
    """Depth never raises, neither where it can still be parsed nor where it cannot."""
    tower = opened * depth + "1" + closed * depth
    assert reason(parse_number(tower)) == RejectReason.TOO_DEEP
    assert isinstance(parse_envelope(tower, ARRIVED), Rejected)
    assert isinstance(parse_envelope(opened * depth, ARRIVED), Rejected)


@pytest.mark.parametrize(
    ("names", "expected"), [(256, None), (257, RejectReason.TOO_MANY_PROPERTIES)]
)
@pytest.mark.parametrize("part", ["properties", "attributes"])
def test_at_most_256_names_at_the_top(names: int, expected: RejectReason | None, part: str) -> None:
    """256 properties and 256 attributes; deeper down there is no such limit."""
    wide = {f"n{number}": 1 for number in range(names)}
    assert reason(parse(**{part: wide})) == expected
    assert reason(parse(**{part: {"deeper": wide}})) is None


@pytest.mark.parametrize(("length", "fits"), [(0, False), (1, True), (255, True), (256, False)])
@pytest.mark.parametrize("letter", ["x", "😀", "\0"])
def test_names_and_ids_of_1_to_255_characters(length: int, fits: bool, letter: str) -> None:
    """Characters are counted, not bytes, in ids, in the event's name and in names at any level."""
    text = letter * length
    sound = {"user_id": "u", "id": "e"}
    named = parse_envelope(json.dumps({"detail-type": text, "detail": sound}), ARRIVED)
    assert reason(named) == (None if fits else RejectReason.BAD_NAME)
    for part in ({text: 1}, {"a": {text: 1}}, {"a": [{"b": [{text: 1}]}]}):
        assert reason(parse(part)) == (None if fits else RejectReason.BAD_NAME)
        assert reason(parse(None, part)) == (None if fits else RejectReason.BAD_NAME)
    assert reason(parse(user_id=text)) == (None if fits else RejectReason.BAD_ID)
    assert reason(parse(id=text)) == (None if fits else RejectReason.BAD_ID)


TEXTS = [
    ("x" * 8_192, None),
    ("x" * 8_193, RejectReason.STRING_TOO_LONG),
    ("é" * 4_096, None),
    ("é" * 4_096 + "x", RejectReason.STRING_TOO_LONG),
    ("😀" * 2_048, None),
    ("😀" * 2_049, RejectReason.STRING_TOO_LONG),
    ("", None),
    ("\0", None),
]


@pytest.mark.parametrize(("text", "expected"), TEXTS, ids=range(len(TEXTS)))
def test_texts_of_at_most_8_kib(text: str, expected: RejectReason | None) -> None:
    """A text may have 8,192 bytes in UTF-8, at any level, and NUL is a character like others."""
    assert reason(parse({"a": text})) == expected
    assert reason(parse({"a": [{"b": [text]}]})) == expected
    assert reason(parse(None, {"a": text})) == expected


NUMBERS = [
    *["0", "-0", "0.0", "1e5", "1E-5", "-1.5", "1e308", "1.7976931348623157e308", "1e-400"],
    *["9" * 38, "-" + "9" * 38, "0." + "9" * 38, "0." + "0" * 50 + "9" * 38],
    *["9" * 38 + "0" * 50, "9" * 38 + "." + "0" * 50, "1" + "0" * 300, "9" * 38 + "e2"],
]


@pytest.mark.parametrize("text", NUMBERS, ids=range(len(NUMBERS)))
def test_numbers_of_at_most_38_digits(text: str) -> None:
    """A finite number with up to 38 significant digits is accepted; zeros around them are none."""
    assert reason(parse_number(text)) is None


NO_NUMBERS = [
    *["NaN", "Infinity", "-Infinity", "1e309", "-1e400", "1e999999999"],
    *["9" * 39, "-" + "9" * 39, "1" + "0" * 37 + "1", "0." + "9" * 39, "9" * 39 + "e2"],
    *["1" + "0" * 37 + ".1", "1" + "0" * 309, "18" + "0" * 307, "9" * 5_000, "1" * 500_000],
]


@pytest.mark.parametrize("text", NO_NUMBERS, ids=range(len(NO_NUMBERS)))
def test_numbers_that_cannot_be_kept(text: str) -> None:
    """Not finite, beyond a double, or 39 digits: refused quickly, however long it is."""
    assert reason(parse_number(text)) == RejectReason.BAD_NUMBER


def test_number_in_a_part_that_nobody_reads() -> None:
    """A number that cannot be kept does no harm beside the known keys."""
    body = '{"detail-type": "n", "detail": {"user_id": "u", "id": "e", "trace": %s}}' % ("9" * 99)
    assert reason(parse_envelope(body, ARRIVED)) is None
