"""
Judging definitions: single values by the models, the rest by the rules of SPEC section 8.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from unless.definitions.audience_checks import (
    KnownSegments,
    audience_mistakes,
    circle_mistakes,
)
from unless.definitions.availability import (
    IN_CAMPAIGNS,
    IN_WORKSPACES,
    unavailable_parts,
)
from unless.definitions.campaign_checks import campaign_mistakes
from unless.definitions.documents import Document
from unless.definitions.issues import CheckCode, Issue, Mistake, nearest
from unless.definitions.journeys import Journey
from unless.definitions.loops import loop_mistakes
from unless.definitions.mistakes import mistakes_in, nulls_in, unknown_key
from unless.definitions.models import Campaign, Kind, Segment, Workspace, document_kind
from unless.definitions.snapshot import EMPTY, Snapshot
from unless.definitions.timing_checks import timing_mistakes
from unless.definitions.trigger_race import trigger_race_mistakes
from unless.definitions.values import Model

KINDS = ("campaign", "journey", "segment", "workspace")


@dataclass(frozen=True)
class Checked:
    """
    Definitions that were judged, those with wrong single values left out.

    `documents` holds each of them as written, by kind and id; a workspace's id is empty.
    `workspace` is the one given, else the published one, else the default.
    """

    campaigns: Mapping[str, Campaign]
    journeys: Mapping[str, Journey]
    segments: Mapping[str, Segment]
    workspace: Workspace
    issues: tuple[Issue, ...]
    documents: Mapping[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Issue, ...]:
        """What refuses the definitions."""
        return tuple(issue for issue in self.issues if issue.level == "error")

    @property
    def warnings(self) -> tuple[Issue, ...]:
        """What is probably not meant, and is published all the same."""
        return tuple(issue for issue in self.issues if issue.level == "warning")

    @property
    def ok(self) -> bool:
        """Whether nothing refuses the definitions, so that they can be published."""
        return not self.errors


def check(
    documents: Iterable[Document], *, found: Iterable[Issue] = (), published: Snapshot = EMPTY
) -> Checked:
    """
    Return the definitions of these documents, judged together with what is already published.

    `found` is what was already wrong when the documents were read; it counts as theirs.
    """
    entries = [_Entry(document) for document in documents]
    first: dict[tuple[str, str], _Entry] = {}
    for entry in entries:
        if entry.key:
            first.setdefault(entry.key, entry)
    around = _Around(first, published)
    issues = list(found)
    for entry in entries:
        mistakes = list(_duplicates(entry, first))
        mistakes += entry.mistakes or around.mistakes(entry)
        mistakes.sort(key=lambda mistake: entry.document.line_of(mistake.path) or 0)
        issues += [mistake.within(entry.document, entry.kind, entry.name) for mistake in mistakes]
    return Checked(
        campaigns=around.campaigns,
        journeys=around.journeys,
        segments=around.segments,
        workspace=around.workspace,
        issues=tuple(issues),
        documents={key: entry.document.value for key, entry in first.items() if entry.model},
    )


def check_values(values: Iterable[Any], *, published: Snapshot = EMPTY) -> Checked:
    """Return the definitions of plain values, judged as `check` does; their issues have no line."""
    return check([Document(value) for value in values], published=published)


class _Entry:
    """One document on its way: which definition it is, its model, or its mistakes."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.kind = document_kind(document.value)
        self.name = self._name()
        self.model: Campaign | Journey | Segment | Workspace | None = None
        self.mistakes = self._parse()

    @property
    def key(self) -> tuple[str, str] | None:
        """What no two documents may share: kind and id; None where there is no id."""
        if self.kind == "workspace":
            return (self.kind, "")
        return (self.kind, self.name) if self.kind and self.name else None

    def _name(self) -> str | None:
        name = self.document.value[self.kind] if self.kind else None
        return name if isinstance(name, str) else None

    def _parse(self) -> list[Mistake]:
        value = self.document.value
        match self.kind:
            case "campaign":
                return self._validate(Campaign, value)
            case "journey":
                return self._validate(Journey, value)
            case "segment":
                return self._validate(Segment, value)
            case "workspace":
                beside = [key for key in value if key != "workspace"]
                return self._validate(Workspace, value["workspace"], "workspace") + [
                    unknown_key((key,), f"`{key}` is not a key beside `workspace`", ["workspace"])
                    for key in beside
                ]
            case _:
                return [_no_definition(value)]

    def _validate(
        self, model: type[Campaign | Journey | Segment | Workspace], value: Any, *around: str
    ) -> list[Mistake]:
        mistakes: list[Mistake] = []
        try:
            # By the written names only: `from_` is how Python spells `from`.
            parsed = model.model_validate(value, by_alias=True, by_name=False)
        except ValidationError as error:
            mistakes = mistakes_in(error, model, value, around)
        places = {mistake.path for mistake in mistakes}
        nulls = [null for null in nulls_in(value, around) if null.path not in places]
        if not mistakes and not nulls:
            self.model = parsed
        # A condition whose only operator has no value is one mistake, not two.
        owners = {null.path[:-1] for null in nulls}
        return [mistake for mistake in mistakes if mistake.path not in owners] + nulls


def _no_definition(value: Any) -> Mistake:
    keys = [key for key in value if isinstance(key, str)] if isinstance(value, dict) else []
    expected = (
        "expected a definition, which has the key `campaign`, `journey`, `segment` or `workspace`"
    )
    for key in keys:
        if nearest(key, list(KINDS)):
            return unknown_key((key,), f"`{key}` is not a key here: {expected}", list(KINDS))
    begins = f", not a mapping with `{keys[0]}`" if keys else ""
    return Mistake(
        CheckCode.BAD_VALUE,
        (),
        expected + begins,
        "Write one, such as `campaign: abandoned_cart`, or move the file to another folder.",
    )


def _duplicates(entry: _Entry, first: Mapping[tuple[str, str], _Entry]) -> Iterator[Mistake]:
    key = entry.key
    if key and entry.kind and first[key] is not entry:
        earlier = first[key].document
        where = f"line {earlier.line_of()} of {earlier.file}" if earlier.file else "above"
        name = f"{entry.kind} `{entry.name}`" if entry.name else entry.kind
        yield Mistake(
            CheckCode.DUPLICATE_ID,
            (entry.kind,),
            f"there is a {name} already, on {where}"
            if earlier.file
            else f"there is a {name} {where}",
            "Give one of them another id, or remove it." if entry.name else "Remove one of them.",
        )


def _published[M: Model](model: type[M], document: Any) -> M | None:
    """Return a published definition, or None when an older version published what is wrong now."""
    try:
        return model.model_validate(document)
    except ValidationError:
        return None


class _Around:
    """All definitions that one is judged beside: those given, and those already published."""

    def __init__(self, first: Mapping[tuple[str, str], _Entry], published: Snapshot) -> None:
        models = [entry.model for entry in first.values() if entry.model]
        self.campaigns = {model.campaign: model for model in models if isinstance(model, Campaign)}
        self.journeys = {model.journey: model for model in models if isinstance(model, Journey)}
        self.segments = {model.segment: model for model in models if isinstance(model, Segment)}
        given = [model for model in models if isinstance(model, Workspace)]
        kept = given[0] if given else _published(Workspace, published.workspace)
        self.workspace = kept or Workspace()
        self._published = published
        self._names = frozenset(name for kind, name in first if kind == "segment")

    @cached_property
    def known(self) -> KnownSegments:
        """Every segment that may be named."""
        audiences = {
            name: segment.audience
            for name, document in self._published.segments.items()
            if name not in self._names and (segment := _published(Segment, document))
        }
        audiences |= {name: segment.audience for name, segment in self.segments.items()}
        return KnownSegments(audiences, self._names - self.segments.keys())

    @cached_property
    def _loops(self) -> dict[str, Mistake]:
        published = {
            name: campaign
            for name, published in self._published.definitions.items()
            if published.kind is Kind.CAMPAIGN
            and name not in self.campaigns
            and (campaign := _published(Campaign, published.document))
        }
        return loop_mistakes(published | self.campaigns)

    def mistakes(self, entry: _Entry) -> Iterator[Mistake]:
        """Yield what is wrong with a definition whose single values are all right."""
        match entry.model:
            case Campaign() as campaign:
                yield from campaign_mistakes(campaign, entry.document)
                yield from timing_mistakes(campaign, self.workspace.zone)
                if campaign.audience:
                    yield from audience_mistakes(campaign.audience, self.known)
                    yield from trigger_race_mistakes(campaign, self.known)
                if loop := self._loops.get(campaign.campaign):
                    yield loop
                yield from unavailable_parts(IN_CAMPAIGNS, campaign)
            case Segment() as segment:
                yield from audience_mistakes(segment.audience, self.known)
                yield from circle_mistakes(segment.segment, segment, self.known)
            case Workspace() as workspace:
                yield from unavailable_parts(IN_WORKSPACES, workspace)
