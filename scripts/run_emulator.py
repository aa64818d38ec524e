"""Runs ministack in the folder given, until its standard input ends: `run_emulator.py FOLDER`.

Runs in the environment .venv-aws, started by unless.cli.emulator. Whoever starts it holds the
other end of standard input: when that process ends, however it ends, the pipe closes, and this one
takes its workers and its folder with it. The line "keep" lets it live on, until a SIGTERM.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from ministack.app import main
from ministack.services import eventbridge, scheduler

# ministack looks for due schedules every 10 s, which nobody wants to watch. The names are those of
# the version fixed in requirements/aws.in.
SCHEDULE_TICK_SECONDS = 0.25
RATE_TICK_SECONDS = 1.0


def quicken() -> None:
    """Make schedules ring within a quarter of a second of their time."""
    for module, name, seconds in (
        (scheduler, "_SCHEDULE_TICK_INTERVAL", SCHEDULE_TICK_SECONDS),
        (eventbridge, "_SCHEDULER_TICK_INTERVAL", RATE_TICK_SECONDS),
    ):
        if not hasattr(module, name):
            sys.exit(f"this ministack has no {module.__name__}.{name}; see requirements/aws.in")
        setattr(module, name, seconds)


def end(folder: Path) -> None:
    """End this process with all its workers, and leave nothing behind.

    A process of another group does it, after the last worker that could still write there is gone.
    """
    janitor = 'kill -9 "-$1"; sleep 0.2; rm -rf -- "$2"'
    command = ["sh", "-c", janitor, "janitor", str(os.getpgrp()), str(folder)]
    subprocess.Popen(command, cwd="/", start_new_session=True)
    threading.Event().wait()


def end_with_starter(folder: Path) -> None:
    """Wait for the other end of standard input to close."""
    if sys.stdin.readline().strip() != "keep":
        end(folder)


if __name__ == "__main__":
    here = Path(sys.argv.pop(1))
    quicken()
    threading.Thread(target=end_with_starter, args=(here,), daemon=True).start()
    try:
        main()
    finally:
        end(here)
