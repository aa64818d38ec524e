"""
What is published: every definition as written, with what operators made of it, under one version.

A snapshot is immutable and is stored whole. `unless.definitions.publishing` makes the next one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any

from unless.definitions.models import ExceptionRow, Kind, Status
from unless.definitions.recorded import Recorded

FORMAT = 2
"""The layout of the JSON text. A reader refuses a layout that it does not know."""

HASH_DIGITS = 16
"""Hexadecimal digits kept of a SHA-256: 64 bits, no accident among all versions ever published."""


class BadSnapshot(Exception):
    """What is stored is no snapshot of this version's layout: publish again."""


def canonical_json(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, Unicode as it is."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(value: Any) -> str:
    """Return the name that a JSON-able value has by its content."""
    return _name(canonical_json(value))


def _name(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:HASH_DIGITS]


@dataclass(frozen=True, slots=True)
class Published:
    """
    One published campaign or journey; all instants are UTC.

    `document` is as written and `hash` its content's name. `status` is what holds now, whatever the
    document says. `generation` grows whenever what is pending is given up (a stop, an archiving, a
    return to draft): a pending send of another generation is over. Triggers before `launch_at`
    never count; `launch_default` is what holds when the document names none. `published_at` is when
    the present document came, `resumed_at` when it last became live again, `rows` since when each
    row of `unless` or `exit.events`, by `row_name`, has been there without a break. `heard` are the
    events of which a journey's earlier versions speak: people may still be in these (J11).
    """

    document: Mapping[str, Any]
    hash: str
    status: Status
    generation: int
    launch_at: datetime
    published_at: datetime
    resumed_at: datetime | None = None
    launch_default: datetime | None = None
    rows: Mapping[str, datetime] = field(default_factory=dict)
    heard: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """Whether this is a campaign or a journey."""
        return Kind.JOURNEY if Kind.JOURNEY in self.document else Kind.CAMPAIGN


@dataclass(frozen=True)
class Snapshot:
    """
    Everything that is published: the workspace's mapping, segments, and definitions by id.

    Definitions are campaigns and journeys, which share their ids. `recorded` tells since when the
    history of which events is kept. `templates` are the files, by name, that messages are made of.

    `version` is derived from the content, so equal snapshots have equal versions.
    """

    workspace: Mapping[str, Any] = field(default_factory=dict)
    segments: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    definitions: Mapping[str, Published] = field(default_factory=dict)
    recorded: Recorded = field(default_factory=Recorded)
    templates: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def version(self) -> str:
        """The name of this content, 16 hexadecimal digits."""
        return _name(self.to_json())

    def _content(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "workspace": dict(self.workspace),
            "segments": {name: dict(document) for name, document in self.segments.items()},
            "definitions": {name: _written(each) for name, each in self.definitions.items()},
            "recorded": self.recorded.to_json(),
            # Left out where there are none: the version stays what it was in an older release.
            **({"templates": dict(self.templates)} if self.templates else {}),
        }

    def to_json(self) -> str:
        """Return the canonical JSON text of this snapshot."""
        return canonical_json(self._content())

    @classmethod
    def from_json(cls, text: str | bytes) -> "Snapshot":
        """
        Return the snapshot of a JSON text that `to_json` made.

        Raises:
            BadSnapshot: the text is not one, or of a layout that this version does not know.
        """
        try:
            content = json.loads(text)
            if content["format"] != FORMAT:
                raise BadSnapshot(f"layout {content['format']!r}, expected {FORMAT}")
            definitions = {name: _read(each) for name, each in content["definitions"].items()}
            written = content.get("recorded")  # not in what an older release published
            recorded = Recorded.from_json(written) if written else Recorded()
            templates = _texts(content.get("templates", {}))
            workspace, segments = content["workspace"], content["segments"]
            snapshot = cls(workspace, segments, definitions, recorded, templates)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadSnapshot(f"{type(error).__name__}: {error}") from error
        # The text is canonical, so its name is the version: nothing needs to be written again.
        snapshot.__dict__["version"] = _name(text if isinstance(text, str) else text.decode())
        return snapshot


def row_name(row: ExceptionRow) -> str:
    """Return the name that a row of `unless` or `exit.events` has by what it says."""
    return content_hash(row.model_dump(mode="json", by_alias=True))


EMPTY = Snapshot()
"""Nothing is published yet."""


def _written(published: Published) -> dict[str, Any]:
    return {
        "document": dict(published.document),
        "hash": published.hash,
        "status": published.status.value,
        "generation": published.generation,
        "launch_at": _text(published.launch_at),
        "published_at": _text(published.published_at),
        "resumed_at": _text(published.resumed_at),
        "launch_default": _text(published.launch_default),
        "rows": {name: _text(since) for name, since in published.rows.items()},
        "heard": list(published.heard),
    }


def _read(written: Mapping[str, Any]) -> Published:
    return Published(
        document=written["document"],
        hash=written["hash"],
        status=Status(written["status"]),
        generation=written["generation"],
        launch_at=datetime.fromisoformat(written["launch_at"]),
        published_at=datetime.fromisoformat(written["published_at"]),
        resumed_at=_instant(written["resumed_at"]),
        launch_default=_instant(written["launch_default"]),
        rows={name: datetime.fromisoformat(at) for name, at in written["rows"].items()},
        heard=tuple(written["heard"]),
    )


def _texts(written: Mapping[str, Any]) -> dict[str, str]:
    if not all(isinstance(text, str) for text in written.values()):
        raise ValueError("a template that is no text")
    return dict(written)


def _text(instant: datetime | None) -> str | None:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z") if instant else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
