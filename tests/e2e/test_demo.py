"""`unless demo` as a person runs it: all comes as promised, and nothing of it stays."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unless.cli.emulator import HOST, free_port

ROOT = Path(__file__).parents[2]
UNLESS = [str(Path(sys.executable).with_name("unless")), "demo"]
SECONDS_MAX = 300  # with a build of the layer, on two busy cores

CAME = {
    "lea": ["✓ sent welcome", "✓ entered onboarding"],
    "ana": ["✓ sent abandoned_cart"],
    "ben": ["✓ cancelled abandoned_cart exception_event"],
    "chloe": ["✓ sent abandoned_cart", "✓ skipped abandoned_cart not_in_audience"],
    "dan": ["✓ skipped abandoned_cart not_in_audience"],
    "farid": [
        "✓ cancelled abandoned_cart rescheduled",
        "✓ sent abandoned_cart",
        "✓ interacted abandoned_cart",
    ],
    "hugo": ["✓ cancelled abandoned_cart unreachable"],
    "gus": ["✓ skipped welcome too_old", "✓ skipped onboarding too_old", "✓ sent win_back"],
    "ines": ["✓ cancelled appointment_reminder exception_event"],
    "noa": [
        "✓ skipped win_back not_in_audience",
        "✓ sent backpack shall_we_keep_one",
        "✓ interacted backpack shall_we_keep_one",
        "✓ sent backpack it_is_kept",
        "✓ completed backpack",
    ],
    "omar": ["✓ skipped win_back not_in_audience", "✓ exited backpack exit_event"],
    "pia": ["✓ skipped win_back not_in_audience", "✓ exited backpack exit_audience"],
}


def processes_on(port: int) -> list[str]:
    """The commands of a local AWS on that port: itself, its functions' workers, and sam."""
    marks = {f"GATEWAY_PORT={port}".encode(), f"AWS_ENDPOINT_URL=http://{HOST}:{port}".encode()}
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes().split(b"\0")
        except OSError:
            continue  # it has ended, or is somebody else's
        if marks & set(environment):
            found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return found


def sam_runs(port: int) -> bool:
    """Whether `sam deploy` comes to run within some seconds."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if any("sam deploy" in command for command in processes_on(port)):
            return True
        time.sleep(0.05)
    return False


def is_open(port: int) -> bool:
    """Whether something listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def folder_on(port: int) -> Path:
    """The folder in which the local AWS on that port works."""
    commands = [command for command in processes_on(port) if "run_emulator.py" in command]
    return Path(commands[0].split()[-1])


def assert_nothing_stays(port: int, folder: Path) -> None:
    """No process, no port, no folder."""
    assert not is_open(port)
    assert processes_on(port) == []
    assert not folder.exists()


def start(port: int) -> subprocess.Popen[str]:
    """The demo on that port."""
    return subprocess.Popen(
        [*UNLESS, "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # A key of the person's own must never be used, and not be needed.
        env={**os.environ, "AWS_PROFILE": "no-such-profile", "PYTHONUNBUFFERED": "1"},
        preexec_fn=hear_ctrl_c,
    )


def hear_ctrl_c() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and that is inherited."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def read_until(process: subprocess.Popen[str], moment: str) -> str:
    """What it prints until a line says this, or all of it."""
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if moment in line:
            break
    return printed


@pytest.fixture(scope="module")
def output() -> str:
    """What a whole run prints; it ends well and leaves nothing."""
    port = free_port()
    with start(port) as process:
        printed = read_until(process, "Publishing")
        folder = folder_on(port)
        assert folder.exists()
        printed += process.communicate(timeout=SECONDS_MAX)[0]
    assert process.returncode == 0, printed
    assert_nothing_stays(port, folder)
    return printed


def test_everybody_gets_what_they_should(output: str) -> None:
    """Each person's messages end as the example campaigns promise, with the reason."""
    ends = output.split("What came of it, and why")[1].split("What ran where")[0]
    came: dict[str, list[str]] = {}
    for line in ends.splitlines():
        if name := re.match(r"  (\w+)", line):
            came[name[1]] = []
        elif line.strip().startswith(("✓", "✗")):
            [*came.values()][-1].append(" ".join(line.split()))
    assert came == CAME
    assert "24 of 24 outcomes are as expected." in output


def test_two_received_emails_are_shown(output: str) -> None:
    """As they lie at SES: subject and words, one in the language of its reader."""
    for subject, words in (
        ("Your cart is waiting", "Hello Ana,"),
        ("Votre panier vous attend", "Bonjour Chloé,"),
    ):
        shown = re.search(rf"Subject +{subject} +│\n[^╯]*{words}[^╯]*https://\w+…\)", output)
        assert shown
    assert "3 e-mails at SES" in output


def test_the_way_through_the_journey_is_told(output: str) -> None:
    """Whoever went to the end is shown step by step, with the way that the button opened."""
    way = "a_day → shall_we_keep_one → the_button (paths.0) → it_is_kept"
    assert way in " ".join(output.split())


def test_the_long_delay_has_a_real_schedule(output: str) -> None:
    """It is shown with its name and time, and gone once the exception came."""
    made = re.search(
        r"ines +EventBridge schedule (\S+) at\(\d{4}-\d\d-\d\dT\d\d:00:00\) UTC", output
    )
    assert made
    assert output.index(f"EventBridge schedule {made[1]} deleted") > made.end()


@pytest.mark.parametrize("moment", ["Deploying", "✓ sent"])
def test_ctrl_c_leaves_nothing(moment: str) -> None:
    """Interrupted while `sam deploy` runs, or in the middle of the play, it cleans up."""
    port = free_port()
    with start(port) as process:
        read_until(process, moment)
        folder = folder_on(port)
        if moment == "Deploying":
            assert sam_runs(port)
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=SECONDS_MAX)
    assert process.returncode == 130, printed
    assert "Interrupted. Everything that was started is gone again." in printed
    assert "Traceback" not in printed
    assert_nothing_stays(port, folder)


def test_a_port_that_is_taken_is_one_sentence() -> None:
    """Whoever has something on that port learns what to do, and nothing was started."""
    with socket.create_server((HOST, 0)) as other:
        with start(other.getsockname()[1]) as process:
            printed, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert re.search(r"Error: Port \d+ .* cannot be used .*choose another one", printed)
        assert "Traceback" not in printed
