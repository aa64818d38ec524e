"""
What is wrong inside templates: their syntax, their filters, and variables that nobody fills.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from unless.content.languages import variants
from unless.definitions.issues import CheckCode, Issue, Mistake, choices, nearest
from unless.definitions.journeys import Journey
from unless.definitions.messages import Message
from unless.definitions.models import Campaign
from unless.definitions.templating import messages_of, rendered_by

if TYPE_CHECKING:
    from unless.content.analysis import Analyst, Finding


@dataclass(frozen=True)
class TemplateFiles:
    """The templates beside the definitions, by name; `files` are the paths that people know."""

    texts: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)


NO_TEMPLATES = TemplateFiles()


def template_issues(
    definitions: Iterable[Campaign | Journey], templates: TemplateFiles
) -> list[Issue]:
    """Return what is wrong with the files, those that no message names only for their syntax."""
    if not templates.texts:
        return []
    from unless.content.analysis import Analyst

    analyst = Analyst(templates.texts)
    findings: dict[Finding, None] = {}
    for name in _named(definitions, templates.texts):
        findings.update(dict.fromkeys(analyst.findings(name, templates.texts[name])))
    for name, text in templates.texts.items():
        if found := analyst.compiled(name, text):
            findings[found] = None
    return [_issue(found, analyst, templates) for found in findings]


def _named(definitions: Iterable[Campaign | Journey], texts: Mapping[str, str]) -> Iterator[str]:
    for message in (each for one in definitions for each in messages_of(one)):
        if message.template is not None:
            files = (message.template, *variants(message.template, texts).values())
            yield from (name for name in files if name in texts)


def _issue(found: "Finding", analyst: "Analyst", templates: TemplateFiles) -> Issue:
    message, remedy = explained(found, analyst)
    return Issue(
        CheckCode.BAD_VALUE,
        message,
        remedy,
        templates.files.get(found.file, f"templates/{found.file}"),
        found.line,
        effect=EFFECT,
    )


EFFECT = "The message could not be made: whoever is to get it would get nothing (`template_error`)."


LANGUAGE = "Correct it; https://shopify.github.io/liquid/ tells the language."


def explained(found: "Finding", analyst: "Analyst") -> tuple[str, str]:
    """Return what is wrong, and what to do about it."""
    from unless.content.analysis import FIELDS, ROOTS, Kind

    match found.kind:
        case Kind.SYNTAX:
            before, unexpected, tag = found.name.partition("unexpected tag ")
            if unexpected and not before:
                tag = tag.strip("'")
                like = nearest(tag, analyst.tags)
                return f"there is no tag `{tag}`", f"Did you mean `{like}`?" if like else LANGUAGE
            return found.name, LANGUAGE
        case Kind.FILTER:
            like = nearest(found.name, analyst.filters)
            remedy = f"Did you mean `{like}`?" if like else "Remove it."
            return f"there is no filter `{found.name}`", remedy
        case Kind.FIELD:
            root, _, rest = found.name.partition(".")
            known = sorted(FIELDS[root])
            return f"`{root}` has no `{rest}`", f"It has {choices(known)}."
        case _:
            root, _, rest = found.name.partition(".")
            if like := nearest(root, list(ROOTS)):
                meant = f"{like}.{rest}" if rest else like
                return f"there is no variable `{found.name}`", f"Did you mean `{meant}`?"
            user, trigger = f"`user.{found.name}`", f"`trigger.{found.name}`"
            remedy = f"Write {user} for an attribute, {trigger} for a property of the event."
            return f"there is no variable `{found.name}`", remedy


def words_mistakes(
    message: Message, path: tuple[str | int, ...], templates: Mapping[str, str] | None
) -> Iterator[Mistake]:
    """Yield what is wrong with the Liquid that stands in a message itself."""
    words = {"subject": message.subject or {}, "text": message.text or {}}
    texts = [(key, tag, text) for key, all_ in words.items() for tag, text in all_.items()]
    if not any("{" in text for _, _, text in texts):
        return
    from unless.content.analysis import Analyst

    analyst = Analyst(templates or {})
    for key, tag, text in texts:
        if templates is None and rendered_by(text):
            continue  # what it renders is judged where the files are known
        for found in analyst.findings(key, text):
            if found.file != key:
                continue  # it stands in a file, which has an issue of its own
            said, remedy = explained(found, analyst)
            where = (*path, key) if len(words[key]) == 1 else (*path, key, tag)
            yield Mistake(CheckCode.BAD_VALUE, where, said, remedy, EFFECT)
