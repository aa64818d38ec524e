"""
Judging definitions: single values by the models, the rest by the rules of SPEC section 8.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from unless.definitions.checking.duplicates import Duplicates
from unless.definitions.checking.parsing import Parsed
from unless.definitions.checking.surroundings import Surroundings
from unless.definitions.checking.templates import TemplateFiles, template_issues
from unless.definitions.documents import Document
from unless.definitions.issues import Issue
from unless.definitions.journeys import Journey
from unless.definitions.models import Campaign, Segment, Workspace
from unless.definitions.snapshot import EMPTY, Snapshot


@dataclass(frozen=True)
class Checked:
    """
    Definitions that were judged, those with wrong single values left out.

    `documents` holds each of them as written, by kind and id; a workspace's id is empty.
    `workspace` is the one given, else the published one, else the default. `templates` are the
    files beside them, by name.
    """

    campaigns: Mapping[str, Campaign]
    journeys: Mapping[str, Journey]
    segments: Mapping[str, Segment]
    workspace: Workspace
    issues: tuple[Issue, ...]
    documents: Mapping[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)

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
    documents: Iterable[Document],
    *,
    found: Iterable[Issue] = (),
    published: Snapshot = EMPTY,
    templates: TemplateFiles | None = None,
) -> Checked:
    """
    Return the definitions of these documents, judged together with what is already published.

    `found` is what was already wrong when the documents were read; it counts as theirs. Without
    `templates` nothing is known of the files, and whether one exists is not judged.
    """
    parsed = [Parsed(document) for document in documents]
    duplicates = Duplicates(parsed, published)
    around = Surroundings(duplicates.first(), published, templates)
    issues = list(found)
    for each in parsed:
        mistakes = [*duplicates.mistakes(each), *(each.mistakes or around.mistakes(each))]
        mistakes.sort(key=lambda mistake: each.document.line_of(mistake.path) or 0)
        issues += [mistake.within(each.document, each.kind, each.name) for mistake in mistakes]
    if templates is not None:
        definitions: list[Campaign | Journey] = [
            *around.campaigns.values(),
            *around.journeys.values(),
        ]
        issues += template_issues(definitions, templates)
    return Checked(
        campaigns=around.campaigns,
        journeys=around.journeys,
        segments=around.segments,
        workspace=around.workspace,
        issues=tuple(issues),
        documents={
            each.key: each.document.value for each in duplicates.first() if each.key and each.model
        },
        templates=templates.texts if templates else {},
    )


def check_values(values: Iterable[Any], *, published: Snapshot = EMPTY) -> Checked:
    """Return the definitions of plain values, judged as `check` does; their issues have no line."""
    return check([Document(value) for value in values], published=published)
