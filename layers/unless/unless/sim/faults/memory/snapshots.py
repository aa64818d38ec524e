"""
The published definitions in memory.
"""

from collections.abc import Mapping
from typing import Any

from unless.app.errors import ConfigurationError, ConflictError
from unless.definitions.snapshot import EMPTY, Snapshot


class MemorySnapshots:
    """`unless.app.ports.SnapshotStore`, and what `CachedDefinitions` reads."""

    def __init__(self) -> None:
        """Begin with nothing published."""
        self.present = EMPTY
        self._is_written = False
        self._journeys: dict[str, Mapping[str, Any]] = {}

    def version(self) -> str:
        """Return the version that is published now, "" before the first."""
        return self.present.version if self._is_written else ""

    def read(self) -> tuple[Snapshot, str]:
        """Return the published snapshot and its version; an empty one before the first."""
        return self.present, self.version()

    def write(
        self,
        snapshot: Snapshot,
        expected_version: str,
        superseded: Mapping[str, Mapping[str, Any]],
    ) -> None:
        """
        Publish the snapshot.

        Raises:
            ConflictError: somebody else published since `expected_version` was read.
        """
        self._journeys.update(superseded)
        # Who meets its own success has published: a repeated request finds what it wrote.
        if self.version() not in (expected_version, snapshot.version):
            raise ConflictError("somebody else published at the same time")
        self.present, self._is_written = snapshot, True

    def journey(self, version: str) -> Mapping[str, Any]:
        """
        Return the document of a version of a journey, by its content's hash.

        Raises:
            ConfigurationError: it is not there.
        """
        if version in self._journeys:
            return self._journeys[version]
        for published in self.present.definitions.values():
            if published.hash == version:
                return published.document
        raise ConfigurationError(f"version {version} of a journey is not there")
