"""
Where the steps of a journey stand in its document, as people wrote it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from unless.definitions.documents import Path
from unless.definitions.journeys import Journey, Place, inner_steps, place_text, step_id
from unless.definitions.steps import Step


@dataclass(frozen=True, slots=True)
class PlacedStep:
    """
    A step with the path that leads to it in the document.

    `place` is the one that records have (J13). `is_last` says that nothing follows it, neither in
    its own list nor after the steps around it.
    """

    step: Step
    path: Path
    place: Place
    is_last: bool

    @property
    def name(self) -> str:
        """The step's name in records: its id, else its place (J13)."""
        return step_id(self.step) or place_text(self.place)

    @property
    def body(self) -> Path:
        """The path of the step's body, below its kind."""
        return (*self.path, step_kind(self.step))

    def lists(self) -> Iterator[tuple[Path, Place, tuple[Step, ...]]]:
        """Yield the lists of steps inside this one, with their path and place."""
        for keys, inner in inner_steps(self.step):
            below = (*keys, "steps") if keys[0] == "paths" else keys
            yield (*self.body, *below), (*self.place, *keys), inner


def placed_steps(journey: Journey) -> Iterator[PlacedStep]:
    """Yield every step with its path, in the order as written, those inside after their owner."""
    yield from _placed(journey.steps, ("steps",), (), is_last=True)


def placed_list(
    steps: tuple[Step, ...], path: Path, place: Place, *, is_last: bool = False
) -> Iterator[PlacedStep]:
    """Yield the steps of one list, without those inside them."""
    for number, step in enumerate(steps):
        ends = is_last and number == len(steps) - 1
        yield PlacedStep(step, (*path, number), (*place, number), ends)


def _placed(
    steps: tuple[Step, ...], path: Path, place: Place, *, is_last: bool
) -> Iterator[PlacedStep]:
    for placed in placed_list(steps, path, place, is_last=is_last):
        yield placed
        for below, inner_place, inner in placed.lists():
            yield from _placed(inner, below, inner_place, is_last=placed.is_last)


def step_kind(step: Step) -> str:
    """Return the one key of the step, which says what it does."""
    return next(iter(type(step).model_fields))
