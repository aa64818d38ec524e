"""No pattern in a filter takes long, whatever text an app sends: RE2 is linear in both."""

import re
import time

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.unit.engine.deciding import at
from unless.definitions.filters import Where
from unless.engine.filters import compile_where
from unless.events.limits import STRING_BYTES_MAX

WHERE: TypeAdapter[Where] = TypeAdapter(Where)
CPU_SECONDS_MAX = 0.5
"""Ten times what the slowest takes on a busy machine; in `re` most would take years."""

PATTERNS = [
    r"^(a+)+$",
    r"^(a*)*$",
    r"^(a|a)*$",
    r"^(a|aa)+$",
    r"^(a|a?)+$",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(.*a){20}$",
    r"(x+x+)+y",
    r"^(.*?,){11}P",
    r"^(\w+\s?)*$",
    r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3}))$",
    r"(a?){50}a{50}$",
    r"^((ab)*)*c$",
    r"(\w*)*!$",
    r"((a{1,9}){1,9}){1,9}b$",
]
TEXTS = ["a" * (STRING_BYTES_MAX - 1) + "!", "ab" * (STRING_BYTES_MAX // 2), "x" * STRING_BYTES_MAX]


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("text", TEXTS, ids=["a!", "ab", "x"])
def test_no_pattern_backtracks(pattern: str, text: str) -> None:
    """On the longest texts that an event may carry."""
    where = compile_where(WHERE.validate_python({"x": {"matches": pattern}}))
    begun = time.process_time()
    where.mismatch({"x": text}, at(0))
    assert time.process_time() - begun < CPU_SECONDS_MAX


def test_they_are_attacks() -> None:
    """What a backtracking engine does with the first one grows twofold with each letter."""

    def taken(letters: int) -> float:
        begun = time.process_time()
        re.search(PATTERNS[0], "a" * letters + "!")
        return time.process_time() - begun

    assert taken(20) > 8 * taken(14)


@pytest.mark.parametrize("pattern", ["(a{1000}){1000}", "((a{100}){100}){100}", r"(a)\1", "(?=a)"])
def test_what_would_need_more_is_refused_when_it_is_written(pattern: str) -> None:
    """Repetitions that explode, back references and lookarounds are no patterns of RE2."""
    with pytest.raises(ValidationError, match="not an RE2 expression"):
        WHERE.validate_python({"x": {"matches": pattern}})
