"""Events from files and folders, by time: in memory, streamed as they stand, or sorted on disk."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest

from unless.engine.model import UserEvent
from unless.events.lines import UnreadableFile
from unless.sim import disk_sort, event_stream, reading
from unless.sim.event_stream import Phase, open_events

BEGIN = datetime(2026, 2, 2, tzinfo=UTC)
Row = dict[str, Any]


@pytest.fixture(autouse=True)
def few_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than ten events are too many for memory."""
    monkeypatch.setattr(event_stream, "IN_MEMORY_MAX", 10)


def rows(count: int) -> list[Row]:
    """So many events of ten users in order, two at each second, in both forms."""
    made = []
    for number in range(count):
        time = (BEGIN + timedelta(seconds=number // 2, microseconds=7)).isoformat()
        said = {"id": f"e-{number}", "properties": {"n": number, "x": 0.1, "who": "Zoë\0"}}
        user = f"u-{number % 10}"
        made.append(
            {"user": user, "event": "visit", "time": time, **said}
            if number % 3
            else {"detail-type": "visit", "time": time, "detail": {"user_id": user, **said}}
        )
    return made


def written(path: Path, events: Iterable[Mapping[str, Any]], end: str = "\n") -> Path:
    """A file of these events."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(event) + end for event in events).encode()
    path.write_bytes(gzip.compress(text) if path.suffix == ".gz" else text)
    return path


def ids(events: Iterable[UserEvent]) -> list[str]:
    """The ids of events as they come."""
    return [event.id for event in events]


def in_order(count: int) -> list[str]:
    """The ids of that many events in order."""
    return [f"e-{number}" for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, 10, 11, 500])
@pytest.mark.parametrize("ordered", [True, False])
def test_events_come_by_time_as_often_as_asked(tmp_path: Path, count: int, ordered: bool) -> None:
    """However many there are and however they stand: all of them, unchanged, in both passes."""
    events = rows(count)
    if not ordered:
        pairs = [events[place : place + 2] for place in range(0, count, 2)]
        Random(count).shuffle(pairs)  # at equal times the place in the file decides
        events = [event for pair in pairs for event in pair]
    path = written(tmp_path / "events.jsonl", events)
    with open_events([path]) as stream:
        assert stream.total == count
        assert stream.user_columns == (3 if count else 0)
        assert ids(stream) == in_order(count)
        again = list(stream)
    assert ids(again) == in_order(count)
    for number, event in enumerate(again):
        assert event.time == event.arrived == BEGIN + timedelta(seconds=number // 2, microseconds=7)
        assert event.properties == {"n": number, "x": 0.1, "who": "Zoë\0"}
        assert (event.user, event.name, event.root) == (f"u-{number % 10}", "visit", f"e-{number}")


def test_a_folder_as_firehose_writes_it(tmp_path: Path) -> None:
    """Objects in folders by hour, packed or not, concatenated or by line, overlapping in time."""
    events = rows(300)
    for hour in range(6):
        name = f"2026/02/02/{hour:02}/bus-1-2026-02-02-{hour:02}-00-01-0b{hour}"
        part = events[hour::6]
        written(tmp_path / f"{name}.gz" if hour % 2 else tmp_path / name, part, "\n" * (hour % 3))
    (tmp_path / ".DS_Store").write_bytes(b"\0\1")
    (tmp_path / "2026" / "_SUCCESS").touch()
    with open_events([tmp_path]) as stream:
        assert sorted(ids(stream)) == sorted(in_order(300))
        times = [event.time for event in stream]
        assert times == sorted(times)
        assert (stream.total, stream.bad_count) == (300, 0)


def test_several_files_are_one_stream(tmp_path: Path) -> None:
    """Files may overlap; events without an id in two files are not taken for the same one."""
    bare = [{k: v for k, v in row.items() if k != "id"} for row in rows(30) if "user" in row]
    paths = [written(tmp_path / name, bare) for name in ("a.jsonl", "b.jsonl")]
    with open_events(paths) as stream:
        found = ids(stream)
    assert len(set(found)) == len(found) == 40
    assert found[:2] == ["line-1", "file-2-line-1"]


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    """What cannot be read twice is played as well, in order or not."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = Thread(target=written, args=(path, reversed(rows(200)), "\n"))
    writer.start()
    with open_events([path]) as stream:
        writer.join()
        times = [event.time for event in stream]
        assert len(times) == stream.total == 200
        assert times == sorted(times)


@pytest.mark.parametrize("ordered", [True, False])
def test_what_is_left_out_is_known_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ordered: bool
) -> None:
    """Bad lines with file, number and reason, the first ones only; what Unless put is no event."""
    monkeypatch.setattr(reading, "BAD_KEPT_MAX", 2)
    events = rows(50) if ordered else rows(50)[::-1]
    own = {"source": "unless", "detail-type": "sent", "time": "2026-02-02T00:00:00Z", "detail": {}}
    bad: list[Row] = [{"user": "u", "event": "x"}, {"event": "x"}, {"user": 7, "event": "x"}]
    path = written(tmp_path / "events.jsonl", [*bad, own, *events])
    with open_events([path]) as stream:
        for _ in range(2):
            assert sum(1 for _ in stream) == 50
            assert stream.bad_count == 3
            assert [(b.path, b.number, b.reason) for b in stream.bad] == [
                (path, 1, "no_time"),
                (path, 2, "no_user"),
            ]
            assert stream.reading.own == 1


def test_progress_tells_bytes_read_and_that_it_sorts(tmp_path: Path) -> None:
    """Reading ends at the size of the input; both are told before the first event is there."""
    path = written(tmp_path / "events.jsonl", rows(3_000)[::-1])
    told: list[tuple[Phase, int, int]] = []
    with open_events([path], lambda *said: told.append(said)) as stream:
        assert stream.total == 3_000
    size = path.stat().st_size
    assert (Phase.READING, size, size) in told
    assert told[-1] == (Phase.SORTING, 0, 0)


def test_a_file_that_changes_meanwhile_is_not_played_out_of_order(tmp_path: Path) -> None:
    """Events that were in order and are so no more end with a sentence."""
    path = written(tmp_path / "events.jsonl", rows(40))
    with open_events([path]) as stream:
        written(path, rows(40)[::-1])
        with pytest.raises(UnreadableFile, match="changed while it was read"):
            list(stream)


def test_sorting_can_be_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while SQLite sorts ends it as at any other moment, and not as a mistake."""
    monkeypatch.setattr(disk_sort, "TOLD_EVERY", 1_000)
    path = written(tmp_path / "events.jsonl", rows(3_000)[::-1])
    sorting = 0

    def end_it(phase: Phase, done: int, total: int) -> None:  # noqa: ARG001 - as it is called
        nonlocal sorting
        sorting += phase is Phase.SORTING
        if sorting == 2:  # The first one is told before SQLite begins.
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_events([path], end_it)
    assert sorting == 2


NO_ROOM = """
import resource, sys
from pathlib import Path
from unless.events.lines import UnreadableFile
from unless.sim import disk_sort, event_stream
event_stream.IN_MEMORY_MAX, disk_sort.CACHE_KIB = 10, 64
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    event_stream.open_events([Path(sys.argv[1])])
except UnreadableFile as error:
    print(error)
"""


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    """It says what could not be done, and where room is looked for."""
    path = written(tmp_path / "events.jsonl", rows(5_000)[::-1])
    command = [sys.executable, "-c", NO_ROOM, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("the events cannot be sorted on disk: ")
    assert "TMPDIR" in done.stdout


END_WHILE_SORTING = """
import os, signal, sys
from pathlib import Path
from unless.sim import disk_sort, event_stream
event_stream.IN_MEMORY_MAX, disk_sort.CACHE_KIB = 10, 64
with event_stream.open_events([Path(sys.argv[1])]) as stream:
    iterator = iter(stream)
    next(iterator)
    files = [os.readlink(file) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    nameless = any(file.startswith(sys.argv[2]) and "(deleted)" in file for file in files)
    print(nameless, os.listdir(sys.argv[2]), flush=True)
    os.kill(os.getpid(), getattr(signal, sys.argv[3]))
    next(iterator)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks for open files in /proc")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_nothing_is_left_on_the_disk_however_it_ends(tmp_path: Path, name: str) -> None:
    """The temporary files have no names even while they are used."""
    path = written(tmp_path / "events.jsonl", Random(1).sample(rows(5_000), 5_000))
    room = tmp_path / "room"
    room.mkdir()
    command = [sys.executable, "-c", END_WHILE_SORTING, str(path), str(room), name]
    variables = {**os.environ, "SQLITE_TMPDIR": str(room), "TMPDIR": str(room)}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.stdout == "True []\n", done.stderr
    assert done.returncode != 0
    assert list(room.iterdir()) == []
