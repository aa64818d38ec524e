"""
Fresh processes, and what each of them used, as the operating system counts it.
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import devnull

LAUNCHER = """
import json, os, sys
output = (os.POSIX_SPAWN_OPEN, 1, sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ, file_actions=[output])
_, status, used = os.wait4(child, 0)
code = os.waitstatus_to_exitcode(status)
print(json.dumps([code, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""
"""
A small process that starts the measured one: on Linux, a process inherits as its own peak of memory
that of the process that starts it.
"""

PEAK_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit of the peak. Source: getrusage(2) of macOS and Linux (read 2025-11)."""


@dataclass(frozen=True)
class Used:
    """CPU seconds of a process, and the most bytes of memory that it held at once."""

    cpu: float
    peak: int


def run(command: Sequence[str], environment: Mapping[str, str], output: str = devnull) -> Used:
    """
    Run a command to its end, its standard output in a file, and return what it used.

    Raises:
        AssertionError: it failed.
    """
    launcher = [sys.executable, "-S", "-c", LAUNCHER, output, *command]
    told = subprocess.run(launcher, env=environment, check=True, capture_output=True, text=True)
    code, cpu, peak = json.loads(told.stdout)
    assert code == 0, told.stderr
    return Used(cpu, peak * PEAK_UNIT)


def python(code: str) -> list[str]:
    """Return the command that runs this code."""
    return [sys.executable, "-c", code]
