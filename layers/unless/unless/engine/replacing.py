"""
A changed copy of one of the engine's immutable values, as `dataclasses.replace` makes it.
"""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # The type checker knows which fields `dataclasses.replace` may be given.
    from dataclasses import replace as replace
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """
        Return the value with those fields changed; it is a dataclass with slots.

        A user's state is copied eight times for an event, and each copy takes less than half the
        time of `dataclasses.replace`: the slots are filled directly, without `__init__`, which has
        to go around the class being frozen.

        Raises:
            TypeError: the class has no field of that name.
        """
        cls = value.__class__
        slots = _SLOTS.get(cls) or _slots_of(cls)
        changed = cls.__new__(cls)
        for name, get, put in slots:
            put(changed, changes.pop(name) if name in changes else get(value))
        if changes:
            raise TypeError(f"{cls.__name__} has no field {min(changes)!r}")
        return changed


_SLOTS: dict[type, tuple[tuple[str, Any, Any], ...]] = {}
"""How to get and put each field, by class; found when the first value of the class is changed."""


def _slots_of(cls: type) -> tuple[tuple[str, Any, Any], ...]:
    slots = ((field.name, getattr(cls, field.name)) for field in fields(cls))
    _SLOTS[cls] = tuple((name, slot.__get__, slot.__set__) for name, slot in slots)
    return _SLOTS[cls]
