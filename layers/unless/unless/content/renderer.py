"""
Rendering one part of a message. The only module that the others import for it, and the first that
brings python-liquid with it: 0.2 s of CPU, which whoever has no template does not pay.
"""

from collections.abc import Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from liquid import BoundTemplate
from liquid.exceptions import LiquidError
from liquid.output import LimitedStringIO

from unless.content.abort_tag import AbortMessage
from unless.content.budget import Budget
from unless.content.environment import Context, FlawedSource, Surroundings
from unless.content.limits import OUTPUT_BYTES_MAX
from unless.content.parts import Aborted, Broken
from unless.content.sources import line_at
from unless.content.values import plain

COMPILED_MAX = 2_000
"""Most texts that are kept compiled; beyond it all are forgotten, and compiled when next asked."""

WHY_CHARACTERS_MAX = 300
"""Longest description of an error that a record keeps, in characters."""


class Renderer:
    """Compiles each text once, and renders it as often as asked; safe to use in threads."""

    def __init__(self, files: Mapping[str, str]) -> None:
        """Take the templates, by name, that may render each other."""
        self._files = files
        self._around = {html: Surroundings(files, html=html) for html in (False, True)}
        self._compiled: dict[tuple[str, str, bool], BoundTemplate] = {}
        self._lock = Lock()

    def render(
        self,
        name: str,
        source: str,
        variables: Mapping[str, Any],
        now: datetime,
        language: object,
        *,
        html: bool,
    ) -> str | Aborted | Broken:
        """
        Return the text rendered at `now`, UTC; `name` is what an error calls it.

        In `html` every value is escaped. Nothing is raised, whatever the template does.
        """
        try:
            template = self._template(name, source, html=html)
            context = Context(template, globals=plain(variables))
            context.budget = Budget(now, language)
            context.budget.spend(getattr(template, "weight", 1))
            written = LimitedStringIO(limit=OUTPUT_BYTES_MAX)
            template.render_with_context(context, written)
            return written.getvalue()
        except AbortMessage as aborted:
            return Aborted(aborted.why)
        except LiquidError as error:
            return _broken(error, name)
        except RecursionError:
            return Broken("its expressions are nested too deep", name)
        except Exception as error:  # a template must never be the end of a batch
            return Broken(f"{type(error).__name__}: {error}"[:WHY_CHARACTERS_MAX], name)

    def _template(self, name: str, source: str, *, html: bool) -> BoundTemplate:
        key = (name, source, html)
        with self._lock:
            if key not in self._compiled:
                if len(self._compiled) >= COMPILED_MAX:
                    self._compiled.clear()
                self._compiled[key] = self._around[html].from_string(source, name)
            return self._compiled[key]


def _broken(error: LiquidError, name: str) -> Broken:
    said = " ".join(str(error.message).split())[:WHY_CHARACTERS_MAX]
    return Broken(said, ":".join(map(str, place_of(error, name))))


def place_of(error: LiquidError, name: str) -> tuple[str, int]:
    """Return the template and the line, from 1, of an error in it or in what it renders."""
    where = str(error.template_name or name)
    if isinstance(error, FlawedSource):
        return where, error.flaw.line
    token = error.token
    if token is None or token.start_index < 0:
        return where, 1
    return where, line_at(token.source, token.start_index)
