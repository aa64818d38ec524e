"""
What a single written word means, by the core schema of YAML 1.2: `no`, `on` and dates are text.

Source: YAML 1.2.2, section 10.3.2 "Tag Resolution" (2021-10-01).
"""

import math
import re

DIGITS_MAX = 1000
"""Most digits of a whole number; below Python's own limit for reading one (4300)."""

type Scalar = bool | int | float | str | None

_TAG = "tag:yaml.org,2002:"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_SURROGATES = re.compile(
    r"(?P<before>(?<!\\)(?:\\\\)*)\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
)


class NotAScalar(Exception):
    """The word cannot be a value: refuse the document."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message, self.remedy = message, remedy


def read_scalar(text: str, tag: str | None, *, plain: bool) -> Scalar:
    """
    Return the value of a word; one in quotes is text, and so is one that looks like nothing else.

    Raises:
        NotAScalar: an infinite or endless number, NaN, or a tag that is not of the core schema.
    """
    if tag is None:
        return _resolve(text) if plain else text
    if tag in ("!", _TAG + "str"):
        return text
    kinds = {"null": type(None), "bool": bool, "int": int, "float": float}
    kind = kinds.get(tag.removeprefix(_TAG))
    if kind is None:
        raise NotAScalar(f"the tag {tag!r} is not known here", "Remove the tag.")
    value = _resolve(text)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise NotAScalar(f"{text!r} is not what its tag says", "Remove the tag.")
    return value


def _resolve(text: str) -> Scalar:
    if text in _NULLS:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _INT.fullmatch(text):
        return _whole(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isfinite(number):
            return number
    elif not _NOT_FINITE.fullmatch(text):
        return text
    raise NotAScalar(
        f"{text} is no finite number", "Write a number that can be compared, or quote a text."
    )


def _whole(text: str) -> int:
    if len(text) > DIGITS_MAX:
        raise NotAScalar(f"a number of more than {DIGITS_MAX} digits", "Quote it if it is a text.")
    prefix = text[:2]
    if prefix in ("0o", "0x"):
        return int(text[2:], 8 if prefix == "0o" else 16)
    return int(text)


def written_json(text: str) -> str:
    """
    Return a JSON text in the form that a YAML 1.1 parser reads as well, line by line the same.

    JSON indents with tabs and writes characters beyond U+FFFF as two escapes; YAML does neither.
    """

    def join(match: re.Match[str]) -> str:
        high, low = int(match["high"], 16), int(match["low"], 16)
        return match["before"] + chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))

    return _SURROGATES.sub(join, text.replace("\t", " "))
