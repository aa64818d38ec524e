"""
What a template is filled with: plain JSON values, and what it finds where there is none.

Nothing of Python can be reached from them: a path asks for items only, never for attributes, and
these are the only types that a template ever meets.
"""

from collections.abc import Mapping
from typing import Any

from liquid import Undefined
from liquid.exceptions import LiquidTypeError, UndefinedError


class Properties(dict[str, Any]):
    """An object; it has no text of its own that people should read."""

    def __str__(self) -> str:
        names = ", ".join(list(self)[:3])
        raise LiquidTypeError(
            f"an object cannot be printed; name one of its values ({names}), or use `| json`",
            token=None,
        )


class Items(list[Any]):
    """A list; only itself is equal to it, since comparing two item by item may take long."""

    def __eq__(self, other: object) -> bool:
        return self is other if isinstance(other, list) else NotImplemented

    __hash__ = None

    def __str__(self) -> str:
        raise LiquidTypeError("a list within a list cannot be printed; go through it", token=None)


def plain(value: Any) -> Any:
    """
    Return a JSON value as templates see it.

    Members that are null are left out: like those that are not there, they are blank.
    """
    if isinstance(value, Mapping):
        return Properties(
            {str(name): plain(part) for name, part in value.items() if part is not None}
        )
    if isinstance(value, list | tuple):
        return Items(plain(part) for part in value)
    if isinstance(value, str | bool | int | float) or value is None:
        return value
    return str(value)


class Missing(Undefined):
    """
    A variable that is not there: blank in a condition, no turn of a loop, and never printed.

    A message with a hole in it is a wrong message, so that printing one ends the rendering.
    """

    force_liquid_default = True  # what python-liquid's `default` filter asks for

    def __str__(self) -> str:
        raise self.error()

    def __int__(self) -> int:
        raise self.error()

    def __getitem__(self, key: str) -> object:
        return self

    def __bool__(self) -> bool:
        return False

    def error(self) -> UndefinedError:
        """Return the error of whoever prints it."""
        what = self.hint or f"`{self.name}` is undefined"
        return UndefinedError(
            f"{what}; add `| default: …`, or ask for it by `if`", token=self.token
        )
