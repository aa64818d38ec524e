"""
What a template asks for, found without rendering it: for those who check definitions.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from liquid import RenderContext
from liquid.builtin.expressions.loop import LoopExpression
from liquid.exceptions import LiquidError
from liquid.span import Span

from unless.content.environment import Surroundings
from unless.content.expressions import expressions_of
from unless.content.renderer import place_of
from unless.content.sources import line_at

FIELDS: Mapping[str, frozenset[str]] = {
    "campaign": frozenset({"id", "description", "tags"}),
    "journey": frozenset({"id", "description", "tags", "step"}),
}
"""What the variables have whose members are always the same."""

ROOTS = ("user", "trigger", "campaign", "journey", "now", "unsubscribe_url")
"""The variables that every template may ask for."""


class Kind(StrEnum):
    """What is wrong in a template."""

    SYNTAX = "syntax"
    FILTER = "filter"
    VARIABLE = "variable"
    FIELD = "field"


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One mistake: in which template, on which line, and the name that nobody knows.

    Of what cannot be compiled at all, `name` is python-liquid's sentence.
    """

    kind: Kind
    file: str
    line: int
    name: str


class Analyst:
    """Looks at templates that may render each other."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """Take all of them, by name."""
        self._files = files
        self._around = Surroundings(files, html=True)
        self.filters = sorted(self._around.filters)
        self.tags = sorted(name for name in self._around.tags if name.isidentifier())

    def compiled(self, name: str, source: str) -> Finding | None:
        """Return why the text cannot be compiled, None if it can."""
        try:
            self._around.from_string(source, name)
        except (LiquidError, RecursionError) as error:
            return _failure(error, name)
        return None

    def findings(self, name: str, source: str) -> list[Finding]:
        """Return what is wrong with a text and all that it renders, by place."""
        try:
            template = self._around.from_string(source, name)
            found = template.analyze()
        except (LiquidError, RecursionError) as error:
            return [_failure(error, name)]
        texts = {**self._files, name: source}
        places = [(Kind.FILTER, each, spans) for each, spans in found.filters.items()]
        unknown = [each for each in places if each[1] not in self._around.filters]
        findings = [
            Finding(kind, *self._place(span, name, texts), each)
            for kind, each, spans in unknown
            for span in spans
        ]
        for root, uses in found.globals.items():
            for use in uses:
                for kind, wrong in _unknown(root, [str(part) for part in use.segments]):
                    findings.append(Finding(kind, *self._place(use.span, name, texts), wrong))
        return sorted(set(findings), key=lambda each: (each.file, each.line, each.name))

    def asked(self, name: str, source: str) -> list[tuple[str, ...]]:
        """
        Return the paths of variables that a text prints or asks for; none if it is wrong.

        Lists that it goes through are left out: nobody can tell what is in them.
        """
        try:
            template = self._around.from_string(source, name)
            found = template.analyze()
        except (LiquidError, RecursionError):
            return []
        every = expressions_of(template.nodes, RenderContext(template))
        lists = {str(each.iterable) for each in every if isinstance(each, LoopExpression)}
        uses = (use for each in found.globals.values() for use in each if str(use) not in lists)
        paths = (use.segments for use in uses)
        return [tuple(map(str, path)) for path in paths if all(isinstance(p, str) for p in path)]

    def _place(self, span: Span, name: str, texts: Mapping[str, str]) -> tuple[str, int]:
        """Return the file, which may be named without its suffix, and the line of a span."""
        asked = span.template_name or name
        file = asked if asked in texts else f"{asked}.liquid"
        return file, line_at(texts.get(file, ""), span.index)


def _unknown(root: str, segments: list[str]) -> Iterator[tuple[Kind, str]]:
    if root not in ROOTS:
        yield Kind.VARIABLE, ".".join(segments)
    elif root in FIELDS and len(segments) > 1 and segments[1] not in FIELDS[root]:
        yield Kind.FIELD, ".".join(segments)


def _failure(error: LiquidError | RecursionError, name: str) -> Finding:
    if isinstance(error, RecursionError):
        return Finding(Kind.SYNTAX, name, 1, "its expressions are nested too deep")
    file, line = place_of(error, name)
    return Finding(Kind.SYNTAX, file, line, " ".join(str(error.message).split()))
