"""
The steps of a journey as a table of places, and the way from one to the next (J7a, J13).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

type Place = tuple[int | str, ...]
type Steps = dict[Place, tuple[str, Any]]


def table(steps: Sequence[Mapping[str, Any]]) -> Steps:
    """Return the kind and the body of every step by its place."""
    return dict(_placed(steps, ()))


def _placed(steps: Any, within: Place) -> Iterator[tuple[Place, tuple[str, Any]]]:
    for number, step in enumerate(steps):
        [(kind, body)] = step.items()
        place: Place = (*within, number)
        yield place, (kind, body)
        if isinstance(body, dict):
            for branch in ("then", "else", "otherwise"):
                yield from _placed(body.get(branch) or (), (*place, branch))
            for n, path in enumerate(body.get("paths") or ()):
                yield from _placed(path.get("steps") or (), (*place, "paths", n))


def first_of(steps: Steps, place: Place, branch: Place) -> Place | None:
    """Return the place to go to when a step's result is a branch, which may be empty."""
    first: Place = (*place, *branch, 0)
    return first if first in steps else after(steps, place)


def after(steps: Steps, place: Place) -> Place | None:
    """Return the place of the next step, or None when there is none."""
    while place:
        *within, number = place
        following: Place = (*within, int(number) + 1)
        if following in steps:
            return following
        # The step that holds this list: drop `then`, or `paths` and the number of the path.
        place = tuple(within[:-2] if within and isinstance(within[-1], int) else within[:-1])
    return None


def name_of(steps: Steps, place: Place) -> str:
    """Return the step's id, or else its place (J13)."""
    _, body = steps[place]
    own = body.get("id") if isinstance(body, dict) else None
    return own or ".".join(str(part) for part in place)
