"""
Messages that are broken as a whole, one by one.
"""

import json
from typing import Any

from unless.sim.proof.malformed.sound import app_envelope, ses_envelope
from unless.sim.proof.malformed.values import HUGE, SMALL


def _with(**detail: Any) -> str:
    envelope = app_envelope()
    envelope["detail"] |= detail
    return json.dumps(envelope)


def _saying(text: str) -> str:
    """Return a sound envelope in which this stands where a number should."""
    return json.dumps(app_envelope()).replace("150.25", text)


_TEXT = json.dumps(app_envelope())

_WHOLE: tuple[str | bytes, ...] = (
    *("", " ", "\n\n", "null", "true", "0", "-0", "NaN", "Infinity", '""', "[]", "{}", "[{}]"),
    *(
        b"",
        b"\x00",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xef\xbb\xbf{}",
        b"\xed\xa0\x80",
        b"\x1f\x8b\x08",
    ),
    *("{", "}", "[", '{"a":', '{"a":1,}', "{'a':1}", "{a:1}", "// no", '{"a":1}{"a":1}', "\ud800"),
    *("[" * 1_000, "[" * 1_000 + "]" * 1_000, '{"a":' * 1_000 + "1" + "}" * 1_000),
    *("[" * 100_000 + "]" * 100_000, '{"a":' * 100_000, '"' + "x" * 1_048_576, " " * 1_048_577),
    *(_TEXT.ljust(1_048_576), _TEXT.ljust(1_048_577), "\ufeff" + _TEXT),
    *(_TEXT.encode("utf-16"), _TEXT.encode("utf-32"), _TEXT.encode("utf-8-sig")),
    *(
        _TEXT.replace('"u-17"', said)
        for said in ('"u-17", "user_id": 7', '"u\\u0000"', '"\\ud800"')
    ),
    '{"__proto__": {"user_id": "u"}, "detail-type": "x", "detail": {"__proto__": 1}}',
    '{"detail-type": "x", "detail": "{\\"user_id\\": \\"u-17\\"}"}',
)

_NUMBERS: tuple[str, ...] = tuple(
    _saying(said)
    for said in (
        *("NaN", "-Infinity", "1e400", "-1e400", "1e-400", "-0", "-0.0", "0e0", "1E+999999999"),
        *("9" * 38, "9" * 39, "9" * 310, "9" * 311, "9" * 5_000, "0." + "9" * 39, "1" + "0" * 308),
        *("01", "+1", ".5", "1.", "1e", "0x10", "1_000", "--1", "\uff11", "1e1e1"),
    )
)

_ANYWHERE: tuple[str, ...] = tuple(
    _with(**{name: value})
    for name in ("user_id", "id", "time", "properties", "attributes", "backfill")
    for value in (*SMALL, *HUGE)
)

_NAMED: tuple[str, ...] = tuple(
    json.dumps(app_envelope() | {name: value})
    for name in ("detail-type", "detail", "source", "id", "time")
    for value in SMALL
)

_ATTRIBUTES: tuple[str, ...] = tuple(
    _with(attributes={name: value})
    for name in ("email", "time_zone", "language", "subscription_groups", "anything")
    for value in SMALL
)

_MAILS: tuple[str, ...] = tuple(
    json.dumps(ses_envelope("Bounce") | {"detail": value}) for value in SMALL
)

BY_HAND: tuple[str | bytes, ...] = (*_WHOLE, *_NUMBERS, *_ANYWHERE, *_NAMED, *_ATTRIBUTES, *_MAILS)
"""All of them; the numbers of messages begin with these."""
