"""
The broken message of a number: the same number always gives the same one.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from itertools import islice
from random import Random
from typing import Any

from unless.sim.proof.malformed.by_hand import BY_HAND
from unless.sim.proof.malformed.sound import SES_KINDS, app_envelope, ses_envelope
from unless.sim.proof.malformed.values import HUGE, NAMES, SMALL

APP_EVENTS = ("cart_updated", "cart_updated", "purchase", "session_start", "message_interaction")

HUGE_SHARE = 0.006
"""How often a value is a huge one."""

PARTS_MAX = 20
DEPTH_MAX = 6
"""How many parts of an object or array, and how deep, one looks for what to break next."""

type Place = tuple[str | int, ...]


def broken_message(seed: int, number: int) -> str | bytes:
    """Return the message: the first are those written by hand, all others drawn."""
    if number < len(BY_HAND):
        return BY_HAND[number]
    chance = Random(f"{seed}:{number}")  # noqa: S311 - chance, no secret
    envelope = deepcopy(chance.choice(_sound()))
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        _break_somewhere(envelope, chance)
    return _damaged(json.dumps(envelope, separators=(",", ":")), chance)


@cache
def _sound() -> tuple[dict[str, Any], ...]:
    mails = [ses_envelope(kind, step=step) for kind in SES_KINDS for step in (None, "2.then.0")]
    apps = [app_envelope(name) for name in APP_EVENTS]
    return (*apps * 6, *mails)


def _places(value: Any, way: Place = ()) -> list[Place]:
    """Return the ways to the parts of a JSON value, of what is large or deep to the first ones."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[Place] = []
    for key, part in islice(parts, PARTS_MAX):
        found.append((*way, key))
        if isinstance(part, dict | list) and len(way) < DEPTH_MAX:
            found.extend(_places(part, (*way, key)))
    return found


def _break_somewhere(envelope: dict[str, Any], chance: Random) -> None:
    """Replace, remove, nest or rename one part."""
    places = _places(envelope)
    if not places:
        return
    *way, last = chance.choice(places)
    holder: Any = envelope
    for key in way:
        holder = holder[key]
    kind = chance.randrange(9)
    if kind == 0:
        del holder[last]
    elif kind == 1:
        for _ in range(chance.choice((1, 2, 17, 18, 19, 25, 900))):
            holder[last] = {"d": holder[last]} if chance.random() < 0.5 else [holder[last]]
    elif kind == 2 and isinstance(holder, dict):
        holder[chance.choice(NAMES)] = holder.pop(last)
    elif kind == 3 and isinstance(holder, dict):
        holder[chance.choice(NAMES)] = deepcopy(_value(chance))
    else:
        holder[last] = deepcopy(_value(chance))


def _value(chance: Random) -> Any:
    return chance.choice(HUGE if chance.random() < HUGE_SHARE else SMALL)


def _damaged(text: str, chance: Random) -> str | bytes:
    """Return the text, now and then damaged as a text."""
    return chance.choice(_DAMAGES)(text, chance) if chance.random() < 0.15 else text


def _cut(text: str, chance: Random) -> str:
    return text[: chance.randrange(len(text) + 1)]


def _insert(text: str, chance: Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice('\0\ud800"{}[],:\\-9eEé\u2028') + text[at:]


def _flip(text: str, chance: Random) -> bytes:
    """Flip a bit, which may leave what is no UTF-8."""
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if data:
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _number(text: str, chance: Random) -> str:
    """Write another number than JSON knows."""
    said = chance.choice(("1e400", "-", "01", "9" * 39, "NaN", "1_0", "-0", "1e-400", "8" * 5_000))
    return text.replace("150.25", said)


def _twice(text: str, chance: Random) -> str:
    """Let a name stand twice."""
    name = chance.choice(("cart_id", "user_id", "time", "detail", "id", "email"))
    return text.replace(f'"{name}":', f'"{name}":{{}},"{name}":', 1)


def _rewritten(text: str, chance: Random) -> str | bytes:
    """Write the same in a way in which nobody should."""
    ways: tuple[str | bytes, ...] = (
        "\ufeff" + text,
        text.encode("utf-16", "surrogatepass"),
        text.encode("latin-1", "replace") + b"\xff",
        text + text,
        json.dumps(text),
    )
    return chance.choice(ways)


_DAMAGES: tuple[Callable[[str, Random], str | bytes], ...] = (
    _cut,
    _cut,
    _insert,
    _insert,
    _flip,
    _number,
    _twice,
    _rewritten,
    _rewritten,
    _rewritten,
)
