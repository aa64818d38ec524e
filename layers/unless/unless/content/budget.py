"""
What one rendering has done so far, of what it may do.
"""

from collections.abc import Mapping, Sized
from datetime import datetime

from liquid.exceptions import (
    LiquidValueError,
    LocalNamespaceLimitError,
    LoopIterationLimitError,
)

from unless.content.limits import (
    ITEM_WORK,
    LIST_ITEMS_MAX,
    LOOP_ITERATIONS_MAX,
    NAMESPACE_BYTES_MAX,
    NUMBER_DIGITS_MAX,
    READ_ITEM_WORK,
    TEXT_READ_PER_WORK,
    TURN_WORK,
    VALUE_CHARACTERS_MAX,
    WORK_MAX,
)

_NUMBER_MAX = 10**NUMBER_DIGITS_MAX


class Budget:
    """Counts the work of one rendering, its partials included, and ends it where it is too much."""

    def __init__(self, now: datetime, language: object) -> None:
        """Begin; `now` and the user's language are what the rendering may ask for."""
        self.now = now
        self.language = language
        self._work = 0
        self._turns = 0
        self._namespace = 0

    def spend(self, work: int) -> None:
        """
        Count work, in characters.

        Raises:
            LiquidValueError: it is more than WORK_MAX altogether.
        """
        self._work += work
        if self._work > WORK_MAX:
            raise LiquidValueError("this does more than a message may", token=None)

    def turn(self, turns: int, weight: int) -> None:
        """
        Count so many turns of a loop in a template whose tags have `weight` characters.

        Raises:
            LoopIterationLimitError: they are more than LOOP_ITERATIONS_MAX altogether.
            LiquidValueError: as `spend`.
        """
        self._turns += turns
        if self._turns > LOOP_ITERATIONS_MAX:
            raise LoopIterationLimitError(
                f"loops turn more than {LOOP_ITERATIONS_MAX:,} times", token=None
            )
        self.spend(turns * (weight + TURN_WORK))

    def keep(self, value: object) -> None:
        """
        Count a variable that the template makes; one that is made anew counts again.

        Raises:
            LocalNamespaceLimitError: they are more than NAMESPACE_BYTES_MAX altogether.
        """
        self._namespace += len(value) if isinstance(value, str) else 8 * _items(value)
        if self._namespace > NAMESPACE_BYTES_MAX:
            raise LocalNamespaceLimitError(
                f"its variables hold more than {NAMESPACE_BYTES_MAX:,} bytes", token=None
            )

    def look(self, value: object) -> None:
        """
        Count a variable that is looked at, since it may be compared.

        Raises:
            LiquidValueError: as `spend`.
        """
        if isinstance(value, list | dict):
            self.spend(READ_ITEM_WORK * len(value))
        elif isinstance(value, str):
            self.spend(len(value) // TEXT_READ_PER_WORK)

    def weigh(self, value: object, times: int = 1) -> None:
        """
        Count a value that a filter takes or makes; `times` says how heavy the filter is.

        Raises:
            LiquidValueError: it is larger than any value may be, or as `spend`.
        """
        match value:
            case str() if len(value) > VALUE_CHARACTERS_MAX:
                raise _too_large("text", VALUE_CHARACTERS_MAX, "characters")
            case str():
                self.spend(times * len(value))
            case bool() | None:
                pass
            case int() | float() if abs(value) >= _NUMBER_MAX:
                raise _too_large("number", NUMBER_DIGITS_MAX, "digits")
            case list() | tuple() | range() | Mapping():
                if _items(value) > LIST_ITEMS_MAX:
                    raise _too_large("list", LIST_ITEMS_MAX, "items")
                texts = sum(len(each) for each in value if isinstance(each, str))
                self.spend(times * (ITEM_WORK * _items(value) + texts))
            case _:
                pass


def _items(value: object) -> int:
    return len(value) if isinstance(value, Sized) else 1


def _too_large(what: str, most: int, unit: str) -> LiquidValueError:
    return LiquidValueError(f"a {what} of more than {most:,} {unit}", token=None)
