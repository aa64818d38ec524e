"""The process of ministack: started on a port of the loopback interface, ended with its folder."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from unless.cli.sam import end_group

HOST = "127.0.0.1"
REGION = "us-east-1"
PYTHON = ".venv-aws/bin/python"
SCRIPT = "scripts/run_emulator.py"
START_TIMEOUT_SECONDS = 30.0
TAIL_LINES = 15
REMOVE_TRIES = 40


class LocalAwsFailed(Exception):
    """The local AWS is not to be had; the text says why and what to do."""


@dataclass(slots=True)
class Emulator:
    """The process of ministack, which leads its own group."""

    endpoint: str
    folder: Path
    process: subprocess.Popen[bytes]
    kept: bool = False

    def keep(self) -> None:
        """Let it live on after this process; see scripts/run_emulator.py."""
        assert self.process.stdin is not None  # noqa: S101 - it was opened as a pipe
        self.process.stdin.write(b"keep\n")
        self.process.stdin.close()
        self.kept = True

    def end(self) -> None:
        """End it at once with all its workers; nothing in it is worth saving."""
        end_group(self.process)
        if self.process.stdin is not None:
            self.process.stdin.close()


@contextmanager
def running(root: Path, port: int) -> Iterator[Emulator]:
    """The emulator on that port, ended with its folder unless it was kept."""
    folder = Path(tempfile.mkdtemp(prefix="aws-", dir=root / ".local"))
    emulator = None
    try:
        emulator = Emulator(f"http://{HOST}:{port}", folder, launch(root, folder, port))
        yield emulator
    finally:
        if emulator is None or not emulator.kept:
            if emulator is not None:
                emulator.end()
            remove(folder)


def remove(folder: Path) -> None:
    """Remove the folder, though a worker that is just being ended may still write into it."""
    for _ in range(REMOVE_TRIES):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.05)


def launch(root: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    with (folder / "aws.log").open("wb") as log:
        return subprocess.Popen(
            [
                str(root / ".venv-aws/bin/python"),
                str(root / SCRIPT),
                str(folder),
            ],
            env=emulator_environment(folder, port),
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def emulator_environment(folder: Path, port: int) -> dict[str, str]:
    """Little on purpose: the functions inherit all of it, and must not miss it on the real AWS."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "S3_DATA_DIR": str(folder / "s3"),
        "BIND_HOST": HOST,  # its own default is every interface
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",  # else it opens a second port on every interface
        "AWS_DEFAULT_REGION": REGION,
        "PYTHONUNBUFFERED": "1",
    }


def wait_until_healthy(emulator: Emulator) -> None:
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline and emulator.process.poll() is None:
        try:
            health = f"{emulator.endpoint}/_ministack/health"
            with urllib.request.urlopen(health, timeout=1):  # noqa: S310 - http, on loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    log = (emulator.folder / "aws.log").read_text(errors="replace").strip()
    tail = "\n".join(log.splitlines()[-TAIL_LINES:])
    raise LocalAwsFailed(f"the local AWS did not start. Its log ends with:\n{tail}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise LocalAwsFailed(
                f"port {port} on {HOST} cannot be used ({error.strerror}); "
                "choose another one, or none to take any that is free"
            ) from None
