"""
The published definitions, compiled and kept: read again only when something else is published.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from unless.aws.definitions_store import DynamoSnapshots
from unless.engine.definitions import Definitions, compile_definitions
from unless.engine.model import UserState

CURRENT_MAX = timedelta(seconds=30)
"""How old the definitions may be by which events are evaluated (DESIGN section 2)."""


class CachedDefinitions:
    """
    `unless.app.ports.DefinitionsSource`: the snapshot compiled once for each version of it.

    Users may be looked at in parallel threads, which share what one of them had to fetch.
    """

    def __init__(self, snapshots: DynamoSnapshots) -> None:
        """Start without any; the first question reads them."""
        self._snapshots = snapshots
        self._compiled: Definitions | None = None
        self._version = ""
        self._checked: datetime | None = None
        self._journeys: dict[str, Mapping[str, Any]] = {}
        self._lock = Lock()

    def current(self, now: datetime) -> Definitions:
        """
        Return the definitions, at most CURRENT_MAX old; a clock that went back counts as later.
        """
        if self._compiled is None or self._checked is None:
            return self.fresh(now)
        is_recent = timedelta(0) <= now - self._checked < CURRENT_MAX
        return self._compiled if is_recent else self.fresh(now)

    def fresh(self, now: datetime) -> Definitions:
        """Return the definitions as they are now: one read unless the version is another one."""
        if self._compiled is None or self._snapshots.version() != self._version:
            snapshot, version = self._snapshots.read()
            compiled = compile_definitions(snapshot)
            with self._lock:
                self._compiled, self._version = compiled, version
        self._checked = now
        return self._compiled

    def covering(self, definitions: Definitions, state: UserState) -> Definitions:
        """
        Return the definitions with the versions of journeys in which the user still is (J11).

        These very definitions, without a call, if none is missing. What has to be read is read
        once, and belongs to what `current` and `fresh` return from then on.

        Raises:
            ConfigurationError: such a version is not there any more.
        """
        if not definitions.missing(state):
            return definitions
        with self._lock:
            present = self._compiled
            is_present = present is not None and present.version == definitions.version
            # Another thread may have added to them since these were handed out.
            known = present if present is not None and is_present else definitions
            missing = known.missing(state)
            if missing:
                known = known.with_versions(
                    {version: self._journey(version) for version in missing}
                )
            if is_present:
                self._compiled = known
            return known

    def _journey(self, version: str) -> Mapping[str, Any]:
        if version not in self._journeys:
            self._journeys[version] = self._snapshots.journey(version)
        return self._journeys[version]
