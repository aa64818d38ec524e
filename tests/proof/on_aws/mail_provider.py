"""
A provider of e-mail on this machine that speaks as SES v2 does, and counts.

microburst 0.10 cannot fault SES v2, so this one goes wrong by itself. It knows of each request
which e-mail it was for, and whether the provider would have sent it.
"""

import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from uuid import uuid4

from tests.provider_stub import answering, close, error, reset

HANG_SECONDS = 12.0
"""Longer than a function waits for a provider (10 s, unless.aws.clients)."""


class Fate(StrEnum):
    """What becomes of a request: whether the e-mail leaves, and what the asker hears."""

    ACCEPTED = "accepted"
    THROTTLED = "throttled"
    REFUSED = "refused"
    BROKEN = "broken"  # an error of the server: nobody knows
    SENT_UNHEARD = "sent_unheard"  # it left, and the answer was lost
    RESET = "reset"
    HUNG = "hung"


CERTAIN_NO = frozenset({Fate.THROTTLED, Fate.REFUSED})
"""The fates of which the asker knows that no e-mail left."""

MAY_HAVE_LEFT = frozenset(Fate) - CERTAIN_NO
"""The fates of which there may be one at most for one e-mail."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request for an e-mail: its send, to whom, when it came, and what became of it."""

    send: str
    to: str
    at: datetime
    fate: Fate


@dataclass
class MailProvider:
    """Where it is, how likely each fate other than acceptance is, and what it was asked."""

    url: str
    rates: dict[Fate, float] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)
    """Why answers did not arrive."""
    lock: Lock = field(default_factory=Lock)
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def become(self, rates: dict[Fate, float]) -> None:
        """Go wrong with these probabilities from now on."""
        with self.lock:
            self.rates = dict(rates)

    def decide(self, send: str, to: str) -> Fate:
        """Return the fate of a request that has just come, and remember it."""
        with self.lock:
            fates = [*self.rates, Fate.ACCEPTED]
            weights = [*self.rates.values(), 1 - sum(self.rates.values())]
            fate = self.chance.choices(fates, weights)[0]
            self.asked.append(Asked(send, to, datetime.now(UTC), fate))
            return fate

    def by_send(self) -> dict[str, Sequence[Asked]]:
        """Return the requests of each send."""
        found: dict[str, list[Asked]] = defaultdict(list)
        with self.lock:
            for each in self.asked:
                found[each.send].append(each)
        return dict(found)


@contextmanager
def mail_provider() -> Iterator[MailProvider]:
    """Yield a provider that accepts everything, on a port of its own."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    found = MailProvider(f"http://127.0.0.1:{server.server_port}")
    server.provider = found  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # else it turns away who comes in a crowd


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        tags = {tag["Name"]: tag["Value"] for tag in body["EmailTags"]}
        provider: MailProvider = self.server.provider  # type: ignore[attr-defined]
        fate = provider.decide(tags["send"], body["Destination"]["ToAddresses"][0])
        match fate:
            case Fate.ACCEPTED:
                answering(200, json.dumps({"MessageId": str(uuid4())}))(self)
            case Fate.THROTTLED:
                error(429, "TooManyRequestsException")(self)
            case Fate.REFUSED:
                error(400, "MessageRejected")(self)
            case Fate.BROKEN:
                error(503, "ServiceUnavailable")(self)
            case Fate.SENT_UNHEARD:
                close(self)
            case Fate.RESET:
                reset(self)
            case Fate.HUNG:
                time.sleep(HANG_SECONDS)
                close(self)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError as gone:
            self.close_connection = True  # who asked has gone: a killed function, or one of ours
            provider: MailProvider = self.server.provider  # type: ignore[attr-defined]
            provider.unheard.append(repr(gone))

    def log_message(self, *_: object) -> None:
        """Say nothing."""
