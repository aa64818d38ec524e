"""
Parts of the language that this version cannot carry out yet, and therefore refuses.

To ignore one would send a wrong message. Whoever builds a part deletes its entry here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from unless.definitions.checking.step_places import PlacedStep
from unless.definitions.documents import Path
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.messages import Message
from unless.definitions.models import BestTimeDelay, Campaign, Workspace
from unless.definitions.steps import DelayStep, MessageStep


@dataclass(frozen=True, slots=True)
class Feature[M]:
    """A part that is not available: where it stands, how it is called, and whether it is used."""

    path: Path
    name: str
    used: Callable[[M], bool]


IN_MESSAGES = (Feature[Message](("channel",), "`in_app`", lambda m: m.channel == "in_app"),)

IN_DELAYS = (
    Feature[object](("best_time",), "`best_time`", lambda d: isinstance(d, BestTimeDelay)),
)

IN_CAMPAIGNS = (
    Feature[Campaign](("conversions",), "`conversions`", lambda c: bool(c.conversions)),
    Feature[Campaign](("control_percent",), "`control_percent`", lambda c: c.control_percent > 0),
)

IN_WORKSPACES: tuple[Feature[Workspace], ...] = ()


def unavailable_in_campaign(campaign: Campaign) -> Iterator[Mistake]:
    """Yield a mistake for each part of a campaign that this version cannot carry out."""
    yield from _unavailable(IN_MESSAGES, campaign.message, ("message",))
    yield from _unavailable(IN_DELAYS, campaign.delay, ("delay",))
    yield from _unavailable(IN_CAMPAIGNS, campaign)


def unavailable_in_step(placed: PlacedStep) -> Iterator[Mistake]:
    """Yield a mistake for each part of a journey's step that this version cannot carry out."""
    match placed.step:
        case MessageStep(message=message):
            yield from _unavailable(IN_MESSAGES, message, placed.body)
        case DelayStep(delay=delay):
            yield from _unavailable(IN_DELAYS, delay, placed.body)
        case _:
            pass


def unavailable_in_workspace(workspace: Workspace) -> Iterator[Mistake]:
    """Yield a mistake for each part of the workspace that this version cannot carry out."""
    yield from _unavailable(IN_WORKSPACES, workspace)


def _unavailable[M](
    features: tuple[Feature[M], ...], part: M, place: Path = ()
) -> Iterator[Mistake]:
    for feature in features:
        if feature.used(part):
            message = f"{feature.name} is not available in this version yet"
            path = (*place, *feature.path)
            effect = "Left out silently, people would get something other than what you wrote."
            yield Mistake(CheckCode.BAD_VALUE, path, message, "Remove it.", effect)
