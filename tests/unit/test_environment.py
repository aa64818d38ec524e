"""The set-up: which Python it takes, when it does nothing, and what is locked."""

import os
import re
import sys
from pathlib import Path

import pytest

from scripts import environment

ROOT = Path(__file__).parents[2]
LOCKED = [
    "layers/unless/requirements.txt",
    "requirements/dev.txt",
    "requirements/aws.txt",
    "requirements/security.txt",
]
WRITTEN = [f"requirements/{name}.in" for name in ("layer", "dev", "aws", "security")]


def pins(file: str) -> dict[str, str]:
    """The version of each package in a locked file."""
    found = re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / file).read_text(), re.MULTILINE)
    return dict(found)


@pytest.mark.parametrize("file", LOCKED)
def test_every_package_is_locked_with_hashes(file: str) -> None:
    """No package can be exchanged for another one of the same version."""
    entries = re.split(r"\n(?=\S)", (ROOT / file).read_text().strip())
    assert entries
    assert all("==" in entry and "--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("file", [*LOCKED, *WRITTEN])
def test_no_index_address_is_written_down(file: str) -> None:
    """Whoever sets up takes the packages from where they always take them."""
    text = (ROOT / file).read_text()
    assert not re.search(r"https?://|file:|--index|--extra-index|--find-links", text)


def test_the_tests_run_on_what_the_layer_ships() -> None:
    """The same version of every package that is in the layer."""
    assert pins(LOCKED[0]).items() <= pins(LOCKED[1]).items()


def test_a_python_that_exists_but_fails_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pyenv shim for a version that is not chosen is there, and runs nothing."""
    shims = tmp_path / "shims"
    shims.mkdir()
    shim = shims / "python3.13"
    shim.write_text("#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    shim.chmod(0o755)
    version = tmp_path / "pyenv" / "versions" / "3.13.9" / "bin"
    version.mkdir(parents=True)
    (version / "python3.13").symlink_to(Path(sys.executable).resolve())
    monkeypatch.setattr(sys, "executable", str(shim))
    monkeypatch.setenv("PATH", str(shims))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path / "pyenv"))
    assert environment.find_python() == version / "python3.13"


def test_only_a_python_of_the_lambda_runtime_will_do(tmp_path: Path) -> None:
    """Another version would test other wheels than the layer ships."""
    other = tmp_path / "python3.13"
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)
    assert not environment.runs_313(other)
    assert not environment.runs_313(tmp_path / "absent")
    assert environment.runs_313(Path(sys.executable))


def test_an_environment_is_made_again_when_its_packages_change(tmp_path: Path) -> None:
    """Its fingerprint follows what goes into it, and the place where it stands."""
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("a==1\n")
    before = environment.fingerprint(tmp_path / ".venv", requirements)
    assert environment.fingerprint(tmp_path / ".venv", requirements) == before
    assert environment.fingerprint(tmp_path / "moved", requirements) != before
    requirements.write_text("a==2\n")
    assert environment.fingerprint(tmp_path / ".venv", requirements) != before


def test_an_unknown_environment_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever mistypes sees what there is."""
    assert environment.main([".venv-what"]) == 1
    assert ".venv, .venv-aws" in capsys.readouterr().err


def test_the_scripts_of_the_repository_can_be_run() -> None:
    """A fresh clone keeps the mode of files that are called by name."""
    assert all(os.access(ROOT / file, os.X_OK) for file in (".ci/run", "scripts/lock.sh"))
