"""
microburst in front of an endpoint of AWS: its process, its rules, and what it has fired.

It answers as AWS does when it throttles, conflicts or breaks, so that the SDK itself believes it.
Source: microburst 0.10, README, "Rules" and "Control API" (read 2026-11).
"""

import json
import re
import subprocess
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unless.cli.emulator import HOST, LocalAwsFailed, free_port
from unless.cli.sam import end_group

type Rule = Mapping[str, Any]
"""What microburst calls a rule: which requests, how likely, and what becomes of them."""

START_SECONDS_MAX = 30.0
CALL_SECONDS_MAX = 10.0

_FIRED = re.compile(
    r'microburst_faults_total\{service="([^"]*)",operation="([^"]*)",action="([^"]*)"\} (\d+)'
)


@dataclass(frozen=True, slots=True)
class Microburst:
    """A running proxy; clients talk to `endpoint` as they would to AWS."""

    endpoint: str

    def become(self, rules: Sequence[Rule]) -> None:
        """Follow these rules from now on, and no others; none lets everything pass."""
        self._ask("rules", "POST", json.dumps(list(rules)).encode())

    def fired(self) -> Counter[str]:
        """Count the faults since the start by service and what was done."""
        told = self._ask("metrics").decode()
        counts: Counter[str] = Counter()
        for service, _, action, count in _FIRED.findall(told):
            counts[f"{service} {action}"] += int(count)
        return counts

    def requests(self) -> int:
        """Count the requests since the start."""
        return int(json.loads(self._ask("health"))["requests_seen"])

    def _ask(self, path: str, method: str = "GET", data: bytes | None = None) -> bytes:
        url = f"{self.endpoint}/_microburst/{path}"
        request = urllib.request.Request(url, data=data, method=method)  # noqa: S310 - http, on loopback
        with urllib.request.urlopen(request, timeout=CALL_SECONDS_MAX) as answer:  # noqa: S310 - as above
            return bytes(answer.read())


@contextmanager
def microburst(root: Path, upstream: str, log: Path) -> Iterator[Microburst]:
    """
    Yield a proxy without rules in front of the endpoint; `log` gets what it says.

    Raises:
        LocalAwsFailed: it did not start.
    """
    program, port = root / ".venv-aws/bin/microburst", free_port()
    if not program.is_file():
        raise LocalAwsFailed("microburst is not there; run make setup-aws")
    command = [str(program), "--upstream", upstream, "--host", HOST, "--port", str(port)]
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, stdout=said, stderr=subprocess.STDOUT, cwd=log.parent, start_new_session=True
        )
    try:
        running = Microburst(f"http://{HOST}:{port}")
        _wait_until_healthy(running, process, log)
        yield running
    finally:
        end_group(process)


def _wait_until_healthy(running: Microburst, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            running.requests()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    said = log.read_text(errors="replace").strip()[-1000:]
    raise LocalAwsFailed(f"microburst did not start. It said last:\n{said}")
