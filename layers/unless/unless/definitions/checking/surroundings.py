"""
Judging a definition beside all others: those that came with it, and those already published.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from unless.definitions.checking.audiences import KnownSegments, audience_mistakes, circle_mistakes
from unless.definitions.checking.campaigns import campaign_mistakes
from unless.definitions.checking.journeys import journey_mistakes
from unless.definitions.checking.loops import loop_mistakes
from unless.definitions.checking.messages import message_mistakes
from unless.definitions.checking.parsing import Parsed
from unless.definitions.checking.receipts import cap_mistakes
from unless.definitions.checking.step_places import placed_steps
from unless.definitions.checking.templates import TemplateFiles
from unless.definitions.issues import Mistake
from unless.definitions.journeys import Journey
from unless.definitions.models import Campaign, Kind, Segment, Workspace
from unless.definitions.snapshot import Published, Snapshot
from unless.definitions.steps import MessageStep
from unless.definitions.values import Model


class Surroundings:
    """
    All definitions that one is judged beside; `documents` are those given, no duplicates.

    Without `templates` nothing is known of the files that messages name.
    """

    def __init__(
        self,
        documents: Iterable[Parsed],
        published: Snapshot,
        templates: TemplateFiles | None = None,
    ) -> None:
        parsed = tuple(documents)
        models = [each.model for each in parsed if each.model]
        self.campaigns = {model.campaign: model for model in models if isinstance(model, Campaign)}
        self.journeys = {model.journey: model for model in models if isinstance(model, Journey)}
        self.segments = {model.segment: model for model in models if isinstance(model, Segment)}
        given = [model for model in models if isinstance(model, Workspace)]
        kept = given[0] if given else _published(Workspace, published.workspace)
        self.workspace = kept or Workspace()
        self._before = published
        known = {**published.templates, **templates.texts} if templates is not None else None
        self._templates = known
        keys = [each.key for each in parsed if each.key]
        self._names = frozenset(name for kind, name in keys if kind == "segment")

    @cached_property
    def known(self) -> KnownSegments:
        """Every segment that may be named."""
        audiences = {
            name: segment.audience
            for name, document in self._before.segments.items()
            if name not in self._names and (segment := _published(Segment, document))
        }
        audiences |= {name: segment.audience for name, segment in self.segments.items()}
        return KnownSegments(audiences, self._names - self.segments.keys())

    @cached_property
    def _loops(self) -> Mapping[str, Mistake]:
        definitions: dict[str, Campaign | Journey] = {}
        for name, before in self._before.definitions.items():
            if model := _started(before):
                definitions[name] = model
        return loop_mistakes({**definitions, **self.campaigns, **self.journeys})

    def mistakes(self, parsed: Parsed) -> Iterator[Mistake]:
        """Yield what is wrong with a definition whose single values are all right."""
        match parsed.model:
            case Campaign() as campaign:
                zone = self.workspace.zone
                yield from campaign_mistakes(campaign, parsed.document, self.known, zone)
                yield from message_mistakes(campaign.message, ("message",), self._templates)
                yield from self._loop(campaign.campaign)
            case Journey() as journey:
                zone = self.workspace.zone
                yield from journey_mistakes(journey, parsed.document, self.known, zone)
                for placed in placed_steps(journey):
                    if isinstance(placed.step, MessageStep):
                        message = placed.step.message
                        yield from message_mistakes(message, placed.body, self._templates)
                yield from self._loop(journey.journey)
            case Segment() as segment:
                yield from audience_mistakes(segment.audience, ("audience",), self.known)
                yield from circle_mistakes(segment.segment, segment, self.known)
            case Workspace() as workspace:
                yield from cap_mistakes(workspace)

    def _loop(self, name: str) -> Iterator[Mistake]:
        if loop := self._loops.get(name):
            yield loop


def _started(before: Published) -> Campaign | Journey | None:
    document = before.document
    if before.kind is Kind.JOURNEY:
        return _published(Journey, document)
    return _published(Campaign, document)


def _published[M: Model](model: type[M], document: Any) -> M | None:
    """Return a published definition, or None when an older version published what is wrong now."""
    try:
        return model.model_validate(document)
    except ValidationError:
        return None
