"""
What the steps of a journey may not be: too many, of one name, or where nobody can come (J12, J13).
"""

from collections import defaultdict
from collections.abc import Iterator

from unless.definitions.checking.step_places import PlacedStep, placed_list, placed_steps
from unless.definitions.documents import Path, path_text
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.journeys import STEPS_MAX, Journey, Place, inner_steps, step_id
from unless.definitions.steps import ExitStep, Step, WaitForStep


def step_mistakes(journey: Journey) -> Iterator[Mistake]:
    """Yield what is wrong with the steps, each judged by the others around it."""
    steps = list(placed_steps(journey))
    if len(steps) > STEPS_MAX:
        yield Mistake(
            CheckCode.LIST_TOO_LONG,
            ("steps",),
            f"at most {STEPS_MAX} steps in a journey, not {len(steps)}; those inside others count",
            "Divide it: end this journey with an `update`, and let the change enter the next one.",
            "It is more than a run can be promised to get through: people might be held up inside.",
        )
    yield from _names(steps)
    yield from _unreachable(journey.steps, ("steps",), ())
    for placed in steps:
        if isinstance(placed.step, WaitForStep):
            yield from _never_opened(placed, placed.step)


# --- names ---


def _names(steps: list[PlacedStep]) -> Iterator[Mistake]:
    """J13: two steps of one name, if a run can come to both, are not told apart in the records."""
    named: dict[str, list[PlacedStep]] = defaultdict(list)
    for placed in steps:
        both = (each for each in named[placed.name] if not _exclusive(each.place, placed.place))
        if earlier := next(both, None):
            yield _same_name(placed, earlier)
        named[placed.name].append(placed)


def _exclusive(one: Place, other: Place) -> bool:
    """Return whether a run that comes to one of these places never comes to the other."""
    for number, (here, there) in enumerate(zip(one, other, strict=False)):
        if here != there:  # two ways of the same step, or two steps of the same list
            return isinstance(here, str) or (number > 0 and one[number - 1] == "paths")
    return False


def _same_name(placed: PlacedStep, earlier: PlacedStep) -> Mistake:
    # A step without an id is named by its place, which only an id of digits can be as well.
    named, other = (placed, earlier) if step_id(placed.step) else (earlier, placed)
    place = path_text(other.path)
    if step_id(other.step):
        message = f"there is a step `{named.name}` already, at {place}"
        remedy = "Give one of them another id."
    else:
        message = f"`{named.name}` is the name of the step at {place}, by its place"
        remedy = "Give this step an id with a letter in it."
    effect = f"In the records nobody could tell which of the two somebody got as `{named.name}`."
    return Mistake(CheckCode.DUPLICATE_ID, (*named.body, "id"), message, remedy, effect)


# --- steps that nobody reaches ---


def _unreachable(steps: tuple[Step, ...], path: Path, place: Place) -> Iterator[Mistake]:
    """Yield the first step of each list before which everyone has left."""
    before: PlacedStep | None = None
    for placed in placed_list(steps, path, place):
        if before is not None:
            yield _nobody_comes(placed, before)
            return
        for below, inner_place, inner in placed.lists():
            yield from _unreachable(inner, below, inner_place)
        if _always_exits(placed.step):
            before = placed


def _always_exits(step: Step) -> bool:
    """Return whether nobody who comes to this step goes on to the one after it."""
    if isinstance(step, ExitStep):
        return True
    ways = [inner for _, inner in inner_steps(step)]
    return bool(ways) and all(any(_always_exits(each) for each in way) for way in ways)


def _nobody_comes(placed: PlacedStep, before: PlacedStep) -> Mistake:
    left = path_text(before.path)
    why = (
        f"everyone leaves at {left}"
        if isinstance(before.step, ExitStep)
        else f"every way through {left} ends with `exit: true`"
    )
    return Mistake(
        CheckCode.UNREACHABLE_STEP,
        placed.path,
        f"nobody can come to this step: {why}",
        "Remove this step, or the `exit` before it; an exit for some stands inside a `split`.",
        "Everybody would leave before it: nobody would ever get what comes from here on.",
    )


def _never_opened(placed: PlacedStep, step: WaitForStep) -> Iterator[Mistake]:
    """J9: the first path whose event happens is taken, and one without `where` takes them all."""
    taken: dict[str, int] = {}
    for number, path in enumerate(step.wait_for.paths):
        earlier = taken.get(path.event)
        if earlier is not None and path.steps:
            where = (*placed.body, "paths", number)
            yield Mistake(
                CheckCode.UNREACHABLE_STEP,
                where,
                f"nobody can come to these steps: paths[{earlier}] takes every `{path.event}`",
                "Put this path first, or give the other one a `where`.",
                f"Whoever does `{path.event}` would get what paths[{earlier}] sends, and never "
                "this.",
            )
        if not path.where:
            taken.setdefault(path.event, number)
