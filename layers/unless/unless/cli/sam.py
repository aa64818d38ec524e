"""The stack built and deployed to an AWS endpoint by the real SAM command."""

import contextlib
import hashlib
import os
import platform
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
BUILD_TIMEOUT_SECONDS = 300  # the first one fetches the layer's packages
DEPLOY_TIMEOUT_SECONDS = 120
TAIL_LINES = 15
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
NO_PARAMETERS: Mapping[str, str] = {}
SOURCES = ("template.yaml", "samconfig.toml", "requirements/aws.txt", "functions", "layers")


class SamFailed(Exception):
    """The SAM command did not do it; the text ends with what it said last."""


@dataclass(frozen=True, slots=True)
class Sam:
    """The SAM command of the environment .venv-aws, on the checkout `root`."""

    root: Path
    environment: dict[str, str]

    @property
    def folder(self) -> Path:
        """Where it builds: apart from .aws-sam, which belongs to the user's own deployments."""
        return self.root / ".local" / "sam"

    @property
    def template(self) -> Path:
        return self.folder / "build" / "template.yaml"

    def is_built(self) -> bool:
        """Whether the last build was of exactly these sources."""
        stamp = self.folder / "built"
        return (
            self.template.is_file() and stamp.is_file() and stamp.read_text() == self.fingerprint()
        )

    def build(self) -> None:
        """Build functions and layer for the architecture of this machine.

        Raises:
            SamFailed: with the last lines of `sam build`.
        """
        fingerprint = self.fingerprint()
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "built").unlink(missing_ok=True)
        options = [
            *("--template-file", str(self.root / "template.yaml"), "--cached"),
            *("--config-file", str(self.root / "samconfig.toml")),
            *("--build-dir", str(self.folder / "build")),
            *("--cache-dir", str(self.folder / "cache")),
        ]
        self.run("build", options, BUILD_TIMEOUT_SECONDS)
        (self.folder / "built").write_text(fingerprint)

    def deploy(self, stack: str, bucket: str, parameters: Mapping[str, str]) -> None:
        """Deploy what was built, with its code in the S3 bucket and these parameters.

        Raises:
            SamFailed: with the last lines of `sam deploy`.
        """
        options = [
            *("--template-file", str(self.template), "--stack-name", stack),
            *("--config-file", str(self.root / "samconfig.toml")),
            *("--s3-bucket", bucket, "--no-resolve-s3", "--capabilities", "CAPABILITY_IAM"),
            *("--no-confirm-changeset", "--no-progressbar"),
        ]
        self.run("deploy", options, DEPLOY_TIMEOUT_SECONDS, parameters)

    def run(
        self,
        action: str,
        options: list[str],
        timeout: float,
        parameters: Mapping[str, str] = NO_PARAMETERS,
    ) -> None:
        given = {"Architecture": host_architecture(), **parameters}
        command = [
            *(str(self.root / ".venv-aws" / "bin" / "sam"), action, *options),
            *("--parameter-overrides", *(f"{name}={value}" for name, value in given.items())),
        ]
        process: subprocess.Popen[str] | None = None
        try:
            with signals_held_back():  # else it could run and nobody know it
                process = subprocess.Popen(
                    command,
                    cwd=self.folder,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                    start_new_session=True,  # so that its children can be ended with it
                )
            output, _ = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise SamFailed(f"sam {action} did not end within {timeout:.0f} s") from None
        finally:
            if process is not None:
                end_group(process)
        if process.returncode != 0:
            tail = "\n".join(output.strip().splitlines()[-TAIL_LINES:])
            raise SamFailed(f"sam {action} failed. It said last:\n{tail}")

    def fingerprint(self) -> str:
        """A hash over everything that goes into the build."""
        content = hashlib.sha256(host_architecture().encode())
        for file in sources(self.root):
            content.update(str(file.relative_to(self.root)).encode() + b"\0")
            content.update(hashlib.sha256(file.read_bytes()).digest())
        return content.hexdigest()


def sources(root: Path) -> Iterator[Path]:
    """The files that go into the build, in a fixed order."""
    for name in SOURCES:
        path = root / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts:
                yield file


def host_architecture() -> str:
    """What Lambda calls the architecture of this machine.

    Raises:
        SamFailed: when Lambda has no such architecture.
    """
    machine = platform.machine().lower()
    if machine not in ARCHITECTURES:
        raise SamFailed(f"the local AWS runs on x86_64 and arm64, and this machine is {machine!r}")
    return ARCHITECTURES[machine]


@contextlib.contextmanager
def signals_held_back() -> Iterator[None]:
    """Let no signal interrupt the block; the first that came is raised at its end."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals interrupt the main thread only
        return
    came: list[int] = []
    before = {each: signal.signal(each, lambda number, _: came.append(number)) for each in ENDING}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
    if came:
        signal.raise_signal(came[0])


def end_group(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    """End a process that leads its own group, with all that it started; fine if it is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
