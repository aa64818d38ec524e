"""
Parts of the language that this version cannot carry out yet, and therefore refuses.

To ignore one would send a wrong message. Whoever builds a part deletes its entry here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from unless.definitions.documents import Path
from unless.definitions.issues import CheckCode, Mistake
from unless.definitions.models import BestTimeDelay, Campaign, Workspace


@dataclass(frozen=True, slots=True)
class Feature[M]:
    """A part that is not available: where it stands, how it is called, and whether it is used."""

    path: Path
    name: str
    used: Callable[[M], bool]


IN_CAMPAIGNS = (
    Feature[Campaign](
        ("message", "channel"),
        "a channel other than `event`",
        lambda c: c.message.channel != "event",
    ),
    Feature[Campaign](
        ("message", "template"), "`template`", lambda c: c.message.template is not None
    ),
    Feature[Campaign](("message", "subject"), "`subject`", lambda c: c.message.subject is not None),
    Feature[Campaign](("message", "text"), "`text`", lambda c: c.message.text is not None),
    Feature[Campaign](
        ("delay", "best_time"), "`best_time`", lambda c: isinstance(c.delay, BestTimeDelay)
    ),
    Feature[Campaign](("conversions",), "`conversions`", lambda c: bool(c.conversions)),
    Feature[Campaign](("control_percent",), "`control_percent`", lambda c: c.control_percent > 0),
)

IN_WORKSPACES = (Feature[Workspace](("workspace", "caps"), "`caps`", lambda w: bool(w.caps)),)


def unavailable_parts[M](features: tuple[Feature[M], ...], model: M) -> Iterator[Mistake]:
    """Yield a mistake for each part of the model that this version cannot carry out."""
    for feature in features:
        if feature.used(model):
            yield _refused(feature.path, feature.name, "Remove it.")


def _refused(path: Path, name: str, remedy: str) -> Mistake:
    message = f"{name} is not available in this version yet"
    return Mistake(CheckCode.BAD_VALUE, path, message, remedy)
