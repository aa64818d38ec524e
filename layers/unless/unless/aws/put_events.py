"""
Many events onto the bus, in as few requests as PutEvents allows; only what it refuses goes again.
"""

import random
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unless.aws.clients import Clients
from unless.aws.errors import REMEDIES, aws_errors
from unless.events.limits import ENTRY_BYTES_MAX
from unless.events.put_entry import PutEntry, entry_bytes

ENTRIES_MAX = 10
"""Most entries of one request. Source: EventBridge API Reference, "PutEvents" (read 2026-11)."""

ROUNDS_MAX = 6
"""How often the entries of one request are offered, about 6 s in all."""

PAUSE_SECONDS = 0.1
"""The longest first pause between rounds; it doubles from round to round."""

HOPELESS = frozenset({*REMEDIES, "InvalidArgument", "MalformedDetail", "NotAuthorizedForSource"})
"""
Codes of an entry that no repetition changes.

Source: EventBridge API Reference, "PutEventsResultEntry", ErrorCode (read 2026-11).
"""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An entry with the number of the line that it comes from."""

    line: int
    entry: PutEntry


@dataclass(frozen=True, slots=True)
class NotPut:
    """An entry that the bus did not take, with its code and what it said."""

    line: int
    code: str
    said: str


@dataclass(frozen=True, slots=True)
class Answered:
    """
    What became of the entries of one request: how many are on the bus, which are not.

    `through` is the line of the last of them.
    """

    accepted: int
    refused: tuple[NotPut, ...]
    through: int


def put_events(clients: Clients, entries: Iterable[Numbered]) -> Iterator[Answered]:
    """
    Put the entries and yield what became of each request's, in order.

    Raises:
        TransientError: a request was not answered; what was yielded before is on the bus.
        ConfigurationError: the permission or the bus is not there.
    """
    for batch in _batches(entries):
        yield _put(clients, batch)


def _batches(entries: Iterable[Numbered]) -> Iterator[list[Numbered]]:
    batch: list[Numbered] = []
    size = 0
    for numbered in entries:
        own = entry_bytes(numbered.entry)
        if batch and (len(batch) == ENTRIES_MAX or size + own > ENTRY_BYTES_MAX):
            yield batch
            batch, size = [], 0
        batch.append(numbered)
        size += own
    if batch:
        yield batch


def _put(clients: Clients, batch: list[Numbered]) -> Answered:
    refused: list[NotPut] = []
    waiting = batch
    for round_ in range(1, ROUNDS_MAX + 1):
        failed = _offer(clients, waiting)
        last = round_ == ROUNDS_MAX
        refused += [no for _, no in failed if last or no.code in HOPELESS]
        waiting = [each for each, no in failed if not last and no.code not in HOPELESS]
        if not waiting:
            break
        time.sleep(random.uniform(0, PAUSE_SECONDS * 2**round_))  # noqa: S311 - only jitter
    return Answered(len(batch) - len(refused), tuple(refused), batch[-1].line)


def _offer(clients: Clients, batch: list[Numbered]) -> list[tuple[Numbered, NotPut]]:
    """Make one request and return the entries that the bus did not take, with its words."""
    with aws_errors("put events on the bus"):
        answer = clients.get("events").put_events(Entries=[each.entry for each in batch])
    return [
        (each, NotPut(each.line, code, result.get("ErrorMessage", "")))
        for each, result in zip(batch, answer["Entries"], strict=True)
        if (code := result.get("ErrorCode"))
    ]
