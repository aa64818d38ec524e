"""
The processes in which the functions run: which there are, how much memory they hold, their ends.
"""

import os
import random
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.proof.on_aws.stage import FUNCTIONS, Stage

MARK = "ministack-lambda-"
"""How the folder of a function's process begins (ministack 1.5, core.lambda_runtime)."""

INTERRUPTED = "failed processing SQS batch"
"""What ministack logs of a batch whose process is gone, at work or still starting (as above)."""


BETWEEN_SECONDS = (0.2, 2.5)
"""How long it is from one kill to the next: a process takes a second or two to start."""

KILLING_SECONDS_MAX = 240.0
"""When killing ends in any case: without work there are no processes."""


@dataclass(frozen=True, slots=True)
class Worker:
    """The process of one function; `memory` is what it holds, in KiB."""

    pid: int
    function: str
    memory: int


def workers(stage: Stage) -> list[Worker]:
    """Return the processes of the functions, which ministack has started."""
    command = ["ps", "-A", "-o", "pid=,ppid=,rss=,args="]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = []
    for line in told.splitlines():
        pid, parent, memory, arguments = line.split(maxsplit=3)
        if int(parent) == stage.aws.pid and MARK in arguments:
            found.append(Worker(int(pid), _function(stage, arguments), int(memory)))
    return found


def _function(stage: Stage, arguments: str) -> str:
    name = arguments.split(MARK, 1)[1]
    outputs = stage.aws.outputs
    return next((each for each in FUNCTIONS if name.startswith(outputs[each])), "other")


@contextmanager
def killings(stage: Stage, count: int, seed: int) -> Iterator[Counter[str]]:
    """
    Kill processes of functions at so many random moments; wait for the last; yield the counts.

    `kill -9` is how Lambda ends what it ends; nothing is told to the process. `batches interrupted`
    are those that were at work or starting for it, as ministack heard.
    """
    harm: Counter[str] = Counter()
    heard = stage.aws.log().count(INTERRUPTED)
    chance, deadline = random.Random(seed), time.monotonic() + KILLING_SECONDS_MAX

    def run() -> None:
        while harm["killed"] < count and time.monotonic() < deadline:
            time.sleep(chance.uniform(*BETWEEN_SECONDS))
            if running := workers(stage):
                with suppress(ProcessLookupError):
                    os.kill(chance.choice(running).pid, signal.SIGKILL)
                    harm["killed"] += 1

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield harm
    finally:
        thread.join()
        harm["batches interrupted"] = stage.aws.log().count(INTERRUPTED) - heard
