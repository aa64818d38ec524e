"""
Who is skipped by an audience that asks about what triggers: the first time, the third, all but one.
"""

from unless.definitions.checking.audiences import Leaf
from unless.definitions.filters import PurchaseTotalFilter
from unless.definitions.operators import Operators

TIMES_MAX = 1_000
"""How many times somebody may have to do something before a filter on the count changes."""

_WORDS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")


def who_is_skipped_at(event: str, asked: Leaf, *, wanted: bool, enters: bool) -> str:
    """
    Return who is skipped by that filter, as a sentence; `enters` for the entry of a journey.

    `wanted` is False for a filter under a `not`.
    """
    nothing = "does not enter" if enters else "gets nothing"
    if isinstance(asked, PurchaseTotalFilter):
        return (
            "The purchase that triggers is not in the sum yet: whoever reaches it by this one "
            f"{nothing} (`not_in_audience`), and must buy once more."
        )
    times = times_needed(asked)
    does = f"`{event}`" + "".join(f" with that `{path}`" for path in getattr(asked, "where", ()))
    if (times == 0) is wanted:
        return (
            f"The `{event}` that triggers does not count itself: a person's first ones pass, and "
            f"whoever does it again {nothing} (`not_in_audience`)."
        )
    if not times or times == 1:
        return (
            f"Whoever does {does} for the first time {nothing} (`not_in_audience`): it is not "
            "in their history yet. Only the next one finds it there, however much later."
        )
    return (
        f"Whoever does {does} for the {ordinal(times)} time {nothing} (`not_in_audience`): this "
        f"one does not count yet. It takes a {ordinal(times + 1)}, if that ever comes."
    )


def times_needed(asked: Leaf) -> int | None:
    """
    Return how often it must have happened before, for the filter to hold; None if it never does.

    Relative filters on `first` and `last` ask for one time at least.
    """
    count = getattr(asked, "count", None)
    least = 1 if getattr(asked, "first", None) or getattr(asked, "last", None) else 0
    if not isinstance(count, Operators):
        return 1
    return next((k for k in range(least, TIMES_MAX) if holds(count, k)), None)


def holds(count: Operators, times: int) -> bool:
    """Return whether a number satisfies conditions that compare with numbers."""
    return all(_holds(operator, value, times) for operator, value in count.conditions().items())


def _holds(operator: str, value: object, times: int) -> bool:
    values = value if isinstance(value, tuple) else (value,)
    numbers = [each for each in values if isinstance(each, int | float)]
    match operator:
        case "eq" | "in":
            return times in numbers
        case "ne" | "not_in":
            return times not in numbers
        case "gt":
            return any(times > each for each in numbers)
        case "gte":
            return any(times >= each for each in numbers)
        case "lt":
            return any(times < each for each in numbers)
        case "lte":
            return any(times <= each for each in numbers)
        case _:
            return False


def ordinal(number: int) -> str:
    """Return the place in a row: `third`, `21st`."""
    if 1 <= number <= len(_WORDS):
        return _WORDS[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
