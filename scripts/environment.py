"""Makes the project's environments: `python scripts/environment.py NAME`; see REQUIREMENTS.

Runs on any Python >= 3.11 with nothing installed. What it makes is a Python 3.13 environment with
the hashed packages of its requirements file, kept until that file changes.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
PYTHON = (3, 13)  # the runtime python3.13 of the Lambda functions
REQUIREMENTS = {
    ".venv": "requirements/dev.txt",
    ".venv-aws": "requirements/aws.txt",
    ".venv-security": "requirements/security.txt",
}
EDITABLE = ".venv"  # the environment that also gets the project itself

IS_313 = f"import sys; sys.exit(sys.version_info[:2] != {PYTHON})"


class SetupFailed(Exception):
    """One sentence for the person at the terminal, with the remedy."""


def main(names: list[str]) -> int:
    """Make each named environment; 0 when all are there."""
    try:
        for name in names:
            make(name)
    except SetupFailed as failure:
        print(f"setup: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("setup: interrupted; the same command goes on from here", file=sys.stderr)
        return 130
    return 0


def make(name: str) -> None:
    """Leave a complete environment at ROOT/name; a no-op when its stamp is current."""
    if name not in REQUIREMENTS:
        raise SetupFailed(f"no environment {name!r}; known are {', '.join(REQUIREMENTS)}")
    venv, requirements = ROOT / name, ROOT / REQUIREMENTS[name]
    stamp = venv / ".complete"
    wanted = fingerprint(venv, requirements)
    with one_at_a_time():
        if stamp.is_file() and stamp.read_text() == wanted and runs_313(venv / "bin/python"):
            return
        print(f"setup: {name} from {REQUIREMENTS[name]} (once, about a minute)", flush=True)
        create(venv, keep=stamp.is_file() and stamp.read_text().split()[0] == wanted.split()[0])
        stamp.unlink(missing_ok=True)
        # compiling everything would take ten seconds, and most of it is never imported
        packages = ["--require-hashes", "--no-deps", "--no-compile", "-r", str(requirements)]
        pip(venv, "install", *packages)
        if name == EDITABLE:
            pip(venv, "install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
        stamp.write_text(wanted)


def fingerprint(venv: Path, requirements: Path) -> str:
    """Two hashes: of the place (an environment cannot be moved), and of what goes into it."""
    place = hashlib.sha256(str(venv).encode()).hexdigest()
    content = hashlib.sha256()
    editable = [ROOT / "pyproject.toml"] if venv.name == EDITABLE else []
    for file in (requirements, Path(__file__), *editable):
        content.update(file.read_bytes())
    return f"{place} {content.hexdigest()}"


def create(venv: Path, *, keep: bool) -> None:
    """Leave an empty environment, or the existing one if it may be updated in place."""
    if keep and runs_313(venv / "bin/python"):
        return
    run([str(find_python()), "-m", "venv", "--clear", str(venv)], f"cannot create {venv.name}")


def pip(venv: Path, *arguments: str) -> None:
    command = [str(venv / "bin/python"), "-m", "pip", *arguments]
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    run(command + quiet, f"pip could not fill {venv.name}; is the package index reachable?")


def run(command: list[str], sentence: str) -> None:
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise SetupFailed(sentence)


# --- which Python ---------------------------------------------------------------------------


def find_python() -> Path:
    """The first Python 3.13 that really runs, else one that uv installs."""
    for candidate in candidates():
        if runs_313(candidate):
            return candidate
    return install_with_uv()


def candidates() -> Iterator[Path]:
    """Where a Python 3.13 may be: this one, $PATH, pyenv, uv's own, Homebrew."""
    yield Path(sys.executable)
    for folder in os.get_exec_path():
        yield Path(folder) / "python3.13"  # may be a pyenv shim that exists and fails
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    for versions in (pyenv / "versions", LOCAL / "python"):
        yield from sorted(versions.glob("*3.13*/bin/python3.13"), reverse=True)
    yield Path("/opt/homebrew/bin/python3.13")


def runs_313(python: Path) -> bool:
    """Whether this file is a Python 3.13 that starts, with the module venv."""
    if not python.is_file():
        return False
    probe = [str(python), "-c", f"import ensurepip, venv; {IS_313}"]
    try:
        return subprocess.run(probe, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install_with_uv() -> Path:
    """Install a Python 3.13 into .local/python with uv, itself in a private environment.

    uv downloads the interpreter from GitHub, so this needs the internet. It has never been run to
    its end where this was written, because there was none; everything up to the download was.
    """
    print("setup: no Python 3.13 found, installing one with uv into .local/python", flush=True)
    tool, target = LOCAL / "uv", LOCAL / "python"
    remedy = "install Python 3.13 by hand (python.org, pyenv, your packages) and try again"
    run([sys.executable, "-m", "venv", "--clear", str(tool)], f"no module venv here; {remedy}")
    pip(tool, "install", "uv")
    uv = [str(tool / "bin/uv"), "python", "install", "3.13", "--install-dir", str(target)]
    run(uv, f"uv could not install Python 3.13; {remedy}")
    shutil.rmtree(tool, ignore_errors=True)
    for python in sorted(target.glob("*3.13*/bin/python3.13")):
        if runs_313(python):
            return python
    raise SetupFailed(f"uv installed no Python 3.13 that runs; {remedy}")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two `make` at once wait for each other instead of filling one folder twice."""
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [EDITABLE]))
