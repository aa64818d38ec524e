"""
python-liquid within our limits: no clock, no files, no Python, and an end of every rendering.

Source: python-liquid 2.3, "Security" and "Resource limits",
https://jg-rp.github.io/liquid/security/ (read 2026-11): all its limits are off by default.
"""

from collections.abc import Callable, Mapping
from typing import Any, TextIO

from liquid import BoundTemplate, DictLoader, Environment, Mode, RenderContext, Token
from liquid.exceptions import LiquidError, LiquidSyntaxError, TemplateNotFoundError
from liquid.undefined import UNDEFINED
from liquid.utils import ReadOnlyChainMap

from unless.content import filters
from unless.content.abort_tag import AbortTag
from unless.content.budget import Budget
from unless.content.expressions import adapt
from unless.content.languages import file_for
from unless.content.limits import (
    DEPTH_MAX,
    HEAVY_FILTERS,
    LOOP_ITERATIONS_MAX,
    NAMESPACE_BYTES_MAX,
    OUTPUT_BYTES_MAX,
    PARTIAL_WORK,
)
from unless.content.sources import Flaw, read_marks
from unless.content.values import Missing

BLANK_TAKEN = frozenset({"default", "size"})
"""Filters that may be asked about a variable that is missing; the others would hide the hole."""


class Context(RenderContext):
    """One rendering: it counts what is done, and knows no variable but those it is given."""

    def __init__(self, template: BoundTemplate, **given: Any) -> None:
        super().__init__(template, **given)
        # Without python-liquid's own `now` and `today`, which ask the clock.
        self.scope = ReadOnlyChainMap(self.locals, self.globals, self.counters)
        around = given.get("parent_context")
        self.budget: Budget
        if isinstance(around, Context):
            self.budget = around.budget

    def get(
        self, path: list[object], *, token: Token | None, default: object = UNDEFINED
    ) -> object:
        """Return a variable, counted."""
        found = super().get(path, token=token, default=default)
        self.budget.look(found)
        return found

    def assign(self, key: str, val: Any) -> None:
        """Keep a variable, counted."""
        self.budget.keep(val)
        self.locals[key] = val

    def raise_for_loop_limit(self, length: int = 1) -> None:
        """Count the turns of a loop that begins."""
        weight = self.template.weight if isinstance(self.template, Template) else 1
        self.budget.turn(length, weight)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        """Return the filter, with everything weighed that it takes and makes."""
        wanted, times = super().filter(name, token), HEAVY_FILTERS.get(name, 1)

        def weighed(left: object, *arguments: object, **named: object) -> object:
            given = (left, *arguments, *named.values())
            for number, value in enumerate(given):
                if isinstance(value, Missing) and not (number == 0 and name in BLANK_TAKEN):
                    raise value.error()
                self.budget.weigh(value, times)
            made = wanted(left, *arguments, **named)
            self.budget.weigh(made, times)
            return made

        return weighed


class Template(BoundTemplate):
    """A compiled template; `weight` is how many characters its tags have."""

    context_class = Context
    weight = 1

    def render_with_context(
        self, context: RenderContext, buffer: TextIO, *given: Any, **named: Any
    ) -> None:
        """Render, and say of an error in which template it is."""
        try:
            super().render_with_context(context, buffer, *given, **named)
        except LiquidError as error:
            error.template_name = error.template_name or self.name
            raise


class Surroundings(Environment):
    """What templates have around them: each other, the filters, the tags and the limits."""

    context_depth_limit = DEPTH_MAX
    block_nesting_limit = DEPTH_MAX
    loop_iteration_limit = LOOP_ITERATIONS_MAX
    local_namespace_limit = NAMESPACE_BYTES_MAX
    output_stream_limit = OUTPUT_BYTES_MAX
    template_class = Template

    def __init__(self, files: Mapping[str, str], *, html: bool) -> None:
        """Take the files that templates may render; in `html` every value is escaped."""
        super().__init__(
            tolerance=Mode.STRICT,
            loader=DictLoader(dict(files)),
            undefined=Missing,
            strict_filters=True,
            autoescape=html,
        )
        self.files = files
        self._compiled: dict[str, BoundTemplate] = {}

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        """Offer python-liquid's tags and filters, but for those that are not safe, and ours."""
        super().setup_tags_and_filters(extra=extra)
        self.add_tag(AbortTag)
        for name in filters.REMOVED:
            del self.filters[name]
        self.add_filter("date", filters.date_filter)
        self.add_filter("in_zone", filters.in_zone)
        self.add_filter("join", filters.join)
        self.add_filter("json", filters.json_filter)
        self.add_filter("replace", filters.replace)
        self.add_filter("strip_html", filters.strip_html)
        self.add_filter("uniq", filters.uniq)

    def from_string(self, source: str, name: str = "", *args: Any, **named: Any) -> BoundTemplate:
        """Return the text compiled, if it is none that the compiler should not see."""
        marks = read_marks(source)
        if isinstance(marks, Flaw):
            raise FlawedSource(marks, name)
        template = super().from_string(source, name, *args, **named)
        template.name = name
        if isinstance(template, Template):
            template.weight = max(marks.characters, 1)
        adapt(template.nodes, RenderContext(template))
        return template

    def get_template(
        self,
        name: str,
        *,
        context: RenderContext | None = None,
        **_given: object,
    ) -> BoundTemplate:
        """Return a partial, in the language of who reads it."""
        budget = (
            context.budget if isinstance(context, Context) and hasattr(context, "budget") else None
        )
        given = name if name in self.files else f"{name}.liquid"
        file = file_for(given, budget.language, self.files) if budget else given
        if file not in self.files:
            raise TemplateNotFoundError(f"there is no template {name!r}", token=None)
        if file not in self._compiled:
            self._compiled[file] = self.from_string(self.files[file], file)
        template = self._compiled[file]
        if isinstance(budget, Budget) and isinstance(template, Template):
            budget.spend(template.weight + PARTIAL_WORK)
        return template


class FlawedSource(LiquidSyntaxError):
    """A text that is not compiled, for what was found before."""

    def __init__(self, flaw: Flaw, name: str) -> None:
        super().__init__(flaw.message, token=None, template_name=name)
        self.flaw = flaw
