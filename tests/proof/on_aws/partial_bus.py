"""
A bus that takes some entries of a request and refuses others, which microburst cannot do.

PutEvents answers 200 then, and says of each entry what became of it. Source: EventBridge API
Reference, "PutEvents", FailedEntryCount (read 2026-11).
"""

import http.client
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

CODES = ("ThrottlingException", "InternalFailure")
"""Of entries that may be put again (same page)."""

ANSWER_SECONDS_MAX = 30.0
PASSED_ON = ("authorization", "content-type", "x-amz-date", "x-amz-target", "x-amz-content-sha256")


@dataclass
class PartialBus:
    """Where it is, what stands behind it, and which part of the entries it refuses."""

    url: str
    upstream: str
    rate: float = 0.0
    refused: Counter[str] = field(default_factory=Counter)
    chance: random.Random = field(default_factory=lambda: random.Random(11))

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """
        Return status and body of the answer to a request of EventBridge.

        Raises:
            OSError, HTTPException: what stands behind has not answered.
        """
        is_put = headers.get("x-amz-target", "").endswith(".PutEvents")
        if not (self.rate and is_put):
            return self._pass_on(headers, body)
        entries: list[Any] = json.loads(body)["Entries"]
        codes = [self.chance.choice(CODES) if self._refuses() else None for _ in entries]
        taken = [entry for entry, code in zip(entries, codes, strict=True) if code is None]
        results = iter(())
        if taken:
            status, said = self._pass_on(headers, json.dumps({"Entries": taken}).encode())
            if status != http.HTTPStatus.OK:
                return status, said
            results = iter(json.loads(said)["Entries"])
        self.refused.update(f"events entry {code}" for code in codes if code)
        refusal = {"ErrorMessage": "refused by the proof"}
        whole = [{"ErrorCode": code, **refusal} if code else next(results) for code in codes]
        count = len(whole) - len(taken)
        return 200, json.dumps({"FailedEntryCount": count, "Entries": whole}).encode()

    def _refuses(self) -> bool:
        return self.chance.random() < self.rate

    def _pass_on(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        to = urlsplit(self.upstream)
        connection = http.client.HTTPConnection(to.netloc, timeout=ANSWER_SECONDS_MAX)
        try:
            passed = {name: headers[name] for name in PASSED_ON if name in headers}
            connection.request("POST", "/", body, passed)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()


@contextmanager
def partial_bus(upstream: str) -> Iterator[PartialBus]:
    """Yield a bus that takes everything, on a port of its own, before the endpoint."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    found = PartialBus(f"http://127.0.0.1:{server.server_port}", upstream)
    server.bus = found  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        bus: PartialBus = self.server.bus  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        try:
            status, said = bus.answer(headers, body)
        except (OSError, http.client.HTTPException):
            self.close_connection = True  # as what stands behind it did
            return
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # who asked has gone

    def log_message(self, *_: object) -> None:
        """Say nothing."""
