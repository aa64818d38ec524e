"""
All templates of a version of the definitions, and the parts of a message made from them.

Imported by whoever decides, so it brings python-liquid only when something is to be rendered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

from unless.content.languages import file_for
from unless.content.parts import Aborted, Broken

if TYPE_CHECKING:
    from unless.content.renderer import Renderer

_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class Asked:
    """Who a part is rendered for, and with what: JSON values, the instant (UTC), the language."""

    variables: Mapping[str, Any]
    now: datetime
    language: object


@dataclass(frozen=True)
class Templates:
    """The templates by name; compiled when first rendered, and once for all messages."""

    files: Mapping[str, str] = field(default_factory=dict)

    def file(self, name: str, asked: Asked, *, html: bool) -> str | Aborted | Broken:
        """Return the template of that name rendered, in the user's language if there is one."""
        file = file_for(name, asked.language, self.files)
        if file not in self.files:
            return Broken("there is no such template", name)
        return self._render(file, self.files[file], asked, html=html)

    def words(self, name: str, text: str, asked: Asked) -> str | Aborted | Broken:
        """Return words that stand in the definition, rendered; an error calls them `name`."""
        return self._render(name, text, asked, html=False)

    def _render(self, name: str, text: str, asked: Asked, *, html: bool) -> str | Aborted | Broken:
        given = asked.variables, asked.now, asked.language
        return self._renderer().render(name, text, *given, html=html)

    def _renderer(self) -> "Renderer":
        from unless.content.renderer import Renderer

        with _LOCK:
            made: Renderer | None = self.__dict__.get("_made")
            if made is None:
                made = self.__dict__["_made"] = Renderer(self.files)
            return made


NO_TEMPLATES = Templates()
