"""A local AWS with the real stack deployed on it, for as long as a `with` block lasts.

It is ministack: EventBridge, SQS, Lambda, DynamoDB, Scheduler and CloudFormation over HTTP on the
loopback interface, without Docker. What it leaves out of a template is put right after the deploy.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import botocore.session

from unless.cli.emulator import (
    HOST,
    REGION,
    LocalAwsFailed,
    free_port,
    refuse_taken,
    running,
    wait_until_healthy,
)
from unless.cli.sam import Sam, SamFailed

__all__ = ["LocalAws", "LocalAwsFailed", "local_aws"]

STACK = "unless"
BUCKET = "unless-build"
TTL_ATTRIBUTE = "ttl"
EMAIL_FROM = "shop@unless.example"
"""The sender of its e-mails, which go nowhere; verified there. The name is reserved (RFC 2606)."""

PARAMETERS = {"EmailFrom": EMAIL_FROM}
"""What is deployed beside the defaults of template.yaml."""

CONCURRENT_BATCHES = 5  # per queue; each may start one more worker process of about 80 MB

type Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class LocalAws:
    """A running local AWS with the stack on it."""

    endpoint: str
    stack: str
    outputs: Mapping[str, str]
    """Of the stack, by the names in template.yaml."""
    folder: Path
    """Its log and its temporary files; gone when it ends."""
    pid: int
    """To end it by hand when it was kept: a SIGTERM cleans up."""

    @property
    def environment(self) -> dict[str, str]:
        """What makes any AWS client, `sam`, `aws` or `unless`, talk to it."""
        return client_environment(self.endpoint)

    def client(self, service: str) -> Any:
        """A botocore client that talks to it."""
        return make_client(service, self.endpoint)

    def log(self) -> str:
        """Everything that it and the functions wrote so far."""
        return (self.folder / "aws.log").read_text(errors="replace")


@contextmanager
def local_aws(
    root: Path,
    *,
    port: int | None = None,
    keep: bool = False,
    progress: Progress = print,
    parameters: Mapping[str, str] = PARAMETERS,
) -> Iterator[LocalAws]:
    """A local AWS with template.yaml of the checkout `root` built and deployed with the parameters.

    Ends and removes everything it started when the block ends, by whatever way; with `keep` it
    stays up when the block ends well. `port` is any free one by default. `progress` is told one
    short sentence at the start of each stage.

    Raises:
        LocalAwsFailed: with the reason and the remedy.
    """
    progress("Looking for the local AWS")
    set_up(root)
    wanted = free_port() if port is None else port
    refuse_taken(wanted)
    progress(f"Starting the local AWS on {HOST}:{wanted}")
    with running(root, wanted) as emulator:
        wait_until_healthy(emulator)
        outputs = deploy(root, emulator.endpoint, parameters, progress)
        yield LocalAws(emulator.endpoint, STACK, outputs, emulator.folder, emulator.process.pid)
        if keep:
            emulator.keep()


def set_up(root: Path) -> None:
    """Make the environment .venv-aws if it is not there."""
    script = root / "scripts" / "environment.py"
    if not script.is_file() or not (root / "template.yaml").is_file():
        raise LocalAwsFailed(f"{root} is no checkout of Unless; the local AWS needs one")
    if subprocess.run([sys.executable, str(script), ".venv-aws"], check=False).returncode != 0:
        raise LocalAwsFailed("the environment .venv-aws could not be made; see the lines above")


# --- the stack ------------------------------------------------------------------------------


def deploy(
    root: Path, endpoint: str, parameters: Mapping[str, str], progress: Progress
) -> dict[str, str]:
    """The outputs of the stack, built if need be, deployed and put right."""
    sam = Sam(root, sam_environment(root, endpoint))
    make_client("s3", endpoint).create_bucket(Bucket=BUCKET)
    with (root / ".local" / "sam.lock").open("w") as lock:
        flock(lock, LOCK_EX)  # one build at a time in this checkout
        try:
            if not sam.is_built():
                progress("Building the functions and their layer (sam build)")
                sam.build()
            progress("Deploying template.yaml (sam deploy)")
            sam.deploy(STACK, BUCKET, parameters)
        except SamFailed as failure:
            raise LocalAwsFailed(str(failure)) from None
    outputs = stack_outputs(endpoint)
    put_right(endpoint, outputs)
    verify_sender(endpoint, outputs)
    return outputs


def stack_outputs(endpoint: str) -> dict[str, str]:
    stack = make_client("cloudformation", endpoint).describe_stacks(StackName=STACK)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def put_right(endpoint: str, outputs: Mapping[str, str]) -> None:
    """Set what ministack 1.5.33 does not take from the template.

    It ignores TimeToLiveSpecification, and keeps MaximumConcurrency as the text that a parameter
    is, on which its poller then fails.
    """
    dynamodb, functions = make_client("dynamodb", endpoint), make_client("lambda", endpoint)
    for table in (outputs["TableName"], outputs["LedgerTableName"]):
        dynamodb.update_time_to_live(
            TableName=table,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": TTL_ATTRIBUTE},
        )
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        functions.update_event_source_mapping(
            UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": CONCURRENT_BATCHES}
        )


def verify_sender(endpoint: str, outputs: Mapping[str, str]) -> None:
    """Do what the owner of an address does by a link in a mail of SES; it verifies at once."""
    if sender := outputs.get("EmailFrom"):
        make_client("sesv2", endpoint).create_email_identity(EmailIdentity=sender)


def make_client(service: str, endpoint: str) -> Any:
    return botocore.session.get_session().create_client(
        service,
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - what ministack takes
    )


def client_environment(endpoint: str) -> dict[str, str]:
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def sam_environment(root: Path, endpoint: str) -> dict[str, str]:
    """This process's environment, with no way to the user's real AWS account."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **mine,
        **client_environment(endpoint),
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PATH": f"{root / '.venv-aws/bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.2",
        "__SAM_CLI_APP_DIR": str(root / ".local" / "sam" / "app"),
    }
