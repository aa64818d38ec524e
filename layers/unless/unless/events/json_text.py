"""
From bytes or text to JSON values, whatever was sent, in a time and depth that do no harm.

Numbers are Python integers and doubles. One that cannot be kept as it was written (NaN, 1e400,
more than 38 significant digits) becomes a number that is not finite. It does no harm in a part of
the event that nobody reads; `unless.events.values` refuses it in any other.
"""

import json
import math
from typing import Any

from unless.events.limits import BODY_BYTES_MAX, INTEGER_CHARACTERS_MAX, NUMBER_DIGITS_MAX
from unless.events.rejection import NotUnderstood, RejectReason


def read_json(body: str | bytes) -> Any:
    """
    Return the value that the JSON text holds; of keys that stand twice the last one counts.

    Raises:
        NotUnderstood: `not_json`, also for bytes that are not UTF-8 and for an empty body;
            `too_large` above BODY_BYTES_MAX bytes; `too_deep` where the parser gives up.
    """
    # A text has at least as many bytes as characters; counting them is enough to stop what is huge.
    if len(body) > BODY_BYTES_MAX:
        raise NotUnderstood(
            RejectReason.TOO_LARGE, f"longer than {BODY_BYTES_MAX:,} bytes; it was not read"
        )
    try:
        text = body if isinstance(body, str) else body.decode("utf-8")
        return _DECODER.decode(text)
    except UnicodeDecodeError:
        raise NotUnderstood(RejectReason.NOT_JSON, "the bytes are not UTF-8") from None
    except json.JSONDecodeError as error:
        sentence = f"not JSON at character {error.pos + 1:,}: {error.msg}"
        raise NotUnderstood(RejectReason.NOT_JSON, sentence) from None
    except RecursionError:
        raise NotUnderstood(
            RejectReason.TOO_DEEP, "thousands of nested objects or arrays; they were not read"
        ) from None


def read_first(text: str, start: int) -> tuple[Any, int]:
    """
    Return the JSON value that begins there, and where it ends; anything may follow it.

    Raises:
        NotUnderstood: `not_json`, also where the text ends too soon; `too_deep`.
    """
    try:
        return _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        sentence = f"not JSON at character {error.pos + 1:,}: {error.msg}"
        raise NotUnderstood(RejectReason.NOT_JSON, sentence) from None
    except RecursionError:
        raise NotUnderstood(
            RejectReason.TOO_DEEP, "thousands of nested objects or arrays; they were not read"
        ) from None


def compact(value: Any, *, finite: bool = False) -> str:
    """
    Return the value as JSON without spaces, letters of all scripts unescaped.

    With `finite`, NaN and the infinities, which are not JSON, are refused as well.

    Raises:
        RecursionError: the value is nested thousands deep.
        TypeError: the value is none of JSON.
        ValueError: the value contains itself, an integer of thousands of digits, or (`finite`) a
            number that is not.
    """
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=not finite)


def significant_digits(text: str) -> int:
    """Return how many decimal digits of a number matter, without zeros before and after them."""
    mantissa = text.lower().partition("e")[0].lstrip("-").replace(".", "")
    return len(mantissa.strip("0"))


def _read_float(text: str) -> float:
    if len(text) > NUMBER_DIGITS_MAX and significant_digits(text) > NUMBER_DIGITS_MAX:
        return math.nan
    return float(text)


def _read_int(text: str) -> int | float:
    return int(text) if len(text) <= INTEGER_CHARACTERS_MAX else math.nan


_DECODER = json.JSONDecoder(parse_float=_read_float, parse_int=_read_int)
