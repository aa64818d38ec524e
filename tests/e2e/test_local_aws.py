"""The local AWS itself: the whole stack is on it, and nothing of it stays."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from unless.aws.settings import Settings
from unless.cli.emulator import HOST, Emulator, free_port, refuse_taken, running, wait_until_healthy
from unless.cli.local_aws import LocalAws, LocalAwsFailed

ROOT = Path(__file__).parents[2]
SECONDS_TO_END = 10


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    stat = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False)
    return bool(stat.stdout.strip()) and not stat.stdout.startswith(b"Z")


def gone(emulator_pid: int, folder: Path) -> bool:
    """Whether process and folder end within a few seconds."""
    deadline = time.monotonic() + SECONDS_TO_END
    while time.monotonic() < deadline:
        if not is_alive(emulator_pid) and not folder.exists():
            return True
        time.sleep(0.05)
    return False


def test_every_setting_of_the_functions_is_an_output(aws: LocalAws) -> None:
    """The command finds the deployed stack as the functions do."""
    assert Settings.from_outputs(aws.outputs).bus == aws.outputs["BusName"]


@pytest.mark.parametrize("table", ["TableName", "LedgerTableName"])
def test_the_broom_is_on(aws: LocalAws, table: str) -> None:
    """ministack ignores the template's TTL, so it is turned on by a call."""
    answer = aws.client("dynamodb").describe_time_to_live(TableName=aws.outputs[table])
    assert answer["TimeToLiveDescription"] == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": "ttl",
    }


def test_the_pollers_of_the_queues_run(aws: LocalAws) -> None:
    """ministack keeps MaximumConcurrency as text and fails on it, so it is set by a call."""
    mappings = aws.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    assert len(mappings) == 2
    for mapping in mappings:
        assert isinstance(mapping["ScalingConfig"]["MaximumConcurrency"], int)
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_a_schedule_rings_in_the_queue_of_its_role(aws: LocalAws) -> None:
    """The ticks of the emulator are set, so that a schedule rings at its time and is gone."""
    scheduler, sqs = aws.client("scheduler"), aws.client("sqs")
    queue = sqs.create_queue(QueueName="rings")["QueueUrl"]
    arn = aws.outputs["DueQueueArn"].rsplit(":", 1)[0] + ":rings"
    started = time.monotonic()
    scheduler.create_schedule(
        Name="now",
        GroupName=aws.outputs["ScheduleGroupName"],
        ScheduleExpression=time.strftime("at(%Y-%m-%dT%H:%M:%S)", time.gmtime(time.time() + 1)),
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={
            "Arn": arn,
            "RoleArn": aws.outputs["SchedulerRoleArn"],
            "Input": json.dumps({"user": "u"}),
        },
    )
    (message,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=8)["Messages"]
    assert json.loads(message["Body"]) == {"user": "u"}
    assert time.monotonic() - started < 5
    assert scheduler.list_schedules(GroupName=aws.outputs["ScheduleGroupName"])["Schedules"] == []


def test_it_listens_on_loopback_only(aws: LocalAws) -> None:
    """Nobody else on the network reaches it."""
    assert aws.endpoint.startswith(f"http://{HOST}:")
    tables = [Path(f"/proc/{aws.pid}/net/{name}") for name in ("tcp", "tcp6")]
    if not tables[0].exists():
        pytest.skip("only Linux shows who listens in /proc")
    files = Path(f"/proc/{aws.pid}/fd").iterdir()
    inodes = {str(file.readlink()) for file in files if file.is_symlink()}
    rows = [line.split() for table in tables for line in table.read_text().splitlines()[1:]]
    listening = [row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in inodes]
    assert listening
    assert all(address.startswith("0100007F:") for address in listening)


def test_nothing_stays_when_the_block_fails() -> None:
    """An exception, as Ctrl-C is one, takes process and folder with it."""
    seen: list[Emulator] = []
    with pytest.raises(KeyboardInterrupt), running(ROOT, free_port()) as emulator:  # noqa: PT012 - the block is it
        wait_until_healthy(emulator)
        seen.append(emulator)
        raise KeyboardInterrupt
    assert gone(seen[0].process.pid, seen[0].folder)


STARTS_AND_WAITS = """
import sys, time
from pathlib import Path
from unless.cli.emulator import free_port, running, wait_until_healthy
with running(Path(sys.argv[1]), free_port()) as emulator:
    wait_until_healthy(emulator)
    print(emulator.process.pid, emulator.folder, flush=True)
    time.sleep(60)
"""


def test_nothing_stays_when_the_starter_is_killed() -> None:
    """Not even a SIGKILL, which no `finally` sees, leaves a server behind."""
    command = [sys.executable, "-c", STARTS_AND_WAITS, str(ROOT)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        pid, folder = starter.stdout.readline().split()
        assert is_alive(int(pid))
        starter.kill()
    assert gone(int(pid), Path(folder))


def test_what_is_kept_lives_on_until_it_is_told_to_end() -> None:
    """`make demo KEEP=1` leaves it up, and a SIGTERM ends it with its folder."""
    port = free_port()
    with running(ROOT, port) as emulator:
        wait_until_healthy(emulator)
        emulator.keep()
    with socket.create_connection((HOST, port)):
        pass
    emulator.process.terminate()
    emulator.process.wait(SECONDS_TO_END)
    assert gone(emulator.process.pid, emulator.folder)


def test_a_port_that_is_taken_is_one_sentence() -> None:
    """Whoever has something on that port learns what to do."""
    with (
        socket.create_server((HOST, 0)) as other,
        pytest.raises(LocalAwsFailed, match=r"cannot be used.*choose another"),
    ):
        refuse_taken(other.getsockname()[1])
