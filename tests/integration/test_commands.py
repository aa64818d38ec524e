"""
The commands that talk to AWS, typed as a person types them, against a stack on moto.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from tests.integration.world import AwsWorld
from unless.aws.settings import OUTPUTS
from unless.cli.commands import app

pytestmark = pytest.mark.slow

CAMPAIGN = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 1h}
unless: [{event: purchase}]
"""

type Typed = Callable[..., Result]


@pytest.fixture
def typed(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command, on the stack `unless` whose outputs are those of the world."""
    return typed_on(world, monkeypatch)


def typed_on(world: AwsWorld, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Return what types a command, on the stack `unless` whose outputs are those of the world."""
    outputs = {
        output: {"Value": getattr(world.aws.settings, name)} for name, output in OUTPUTS.items()
    }
    template = {
        "Resources": {"Nothing": {"Type": "AWS::SQS::Queue"}},
        "Outputs": outputs,
    }
    world.client("cloudformation").create_stack(
        StackName="unless", TemplateBody=json.dumps(template)
    )
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    runner = CliRunner()

    def typed(*words: str | Path) -> Result:
        return runner.invoke(app, [str(word) for word in words])

    return typed


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with one campaign."""
    (tmp_path / "unless.yaml").write_text("workspace: {zone: Europe/Paris}")
    (tmp_path / "cart.yaml").write_text(CAMPAIGN)
    return tmp_path


def lines(path: Path, *rows: dict[str, Any] | str) -> Path:
    """Write a file of events."""
    texts = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("\n".join(texts))
    return path


def test_publishing_makes_a_folder_live(world: AwsWorld, typed: Typed, folder: Path) -> None:
    """What was in the folder is published, and said to be new."""
    result = typed("publish", folder)
    assert result.exit_code == 0, result.output
    assert "+ campaign cart  new, live" in result.output
    snapshot, _ = world.aws.snapshots.read()
    assert snapshot.definitions["cart"].status == "live"
    assert snapshot.workspace == {"zone": "Europe/Paris"}


def test_publishing_again_does_nothing(world: AwsWorld, typed: Typed, folder: Path) -> None:
    """A folder that is published already leaves the version as it is and says so."""
    typed("publish", folder)
    version = world.aws.snapshots.version()
    result = typed("publish", folder)
    assert result.exit_code == 0
    assert "Nothing to do" in result.output
    assert world.aws.snapshots.version() == version


def test_a_change_is_shown_with_what_it_was_and_how_many_wait(
    world: AwsWorld, typed: Typed, folder: Path
) -> None:
    """The changed key is shown old and new, beside the pending sends that it concerns."""
    typed("publish", folder)
    world.evaluate(world.event("u", "cart_updated"))
    (folder / "cart.yaml").write_text(CAMPAIGN.replace("1h", "2h"))
    result = typed("publish", folder, "--yes")
    assert "~ campaign cart  changed; 1 pending send: judged by this" in result.output
    assert 'delay: {"after":"1h"} -> {"after":"2h"}' in result.output


def test_what_left_the_folder_stays_published_and_is_named(
    world: AwsWorld, typed: Typed, folder: Path
) -> None:
    """Removing a file stops nothing; the person is told that the campaign is still live."""
    typed("publish", folder)
    (folder / "cart.yaml").rename(folder / "renamed.yaml")
    (folder / "renamed.yaml").write_text(CAMPAIGN.replace("cart\n", "other\n", 1))
    result = typed("publish", folder)
    assert "? campaign cart  is not in this folder and stays as it is (live)" in result.output
    assert set(world.aws.snapshots.read()[0].definitions) == {"cart", "other"}


def test_definitions_with_errors_are_not_published(
    world: AwsWorld, typed: Typed, folder: Path
) -> None:
    """One wrong file keeps back the whole folder."""
    (folder / "wrong.yaml").write_text("campaign: wrong\ntriger: {event: x}\n")
    result = typed("publish", folder)
    assert result.exit_code == 1
    assert "unknown_key" in result.output
    assert "nothing was done" in result.output
    assert world.aws.snapshots.version() == ""


def test_events_of_a_file_are_put_and_bad_lines_named(
    world: AwsWorld, typed: Typed, tmp_path: Path
) -> None:
    """Good lines get through whatever stands beside them; a line that was not put fails it."""
    sqs = world.client("sqs")
    queue = sqs.create_queue(QueueName="heard")["QueueUrl"]
    world.client("events").put_rule(
        Name="all", EventBusName="bus", EventPattern='{"source": [{"anything-but": ["unless"]}]}'
    )
    arn = "arn:aws:sqs:eu-west-1:123456789012:heard"
    world.client("events").put_targets(
        Rule="all", EventBusName="bus", Targets=[{"Id": "1", "Arn": arn}]
    )
    world.queues = {**world.queues, "heard": queue}
    short = [{"user": "u", "event": f"e{n}", "id": str(n)} for n in range(12)]
    envelope = {"source": "shop", "detail-type": "paid", "detail": {"user_id": "u", "id": "x"}}
    path = lines(tmp_path / "events.jsonl", *short, "{", envelope, {"event": "nobody"})
    result = typed("put", path)
    assert result.exit_code == 1
    assert f"{path}:13: not_json" in result.output
    assert f"{path}:15: no_user" in result.output
    assert "13 events put on the bus bus" in result.output
    heard = [json.loads(body)["detail-type"] for body in world.take("heard")]
    assert sorted(heard) == sorted([*(f"e{n}" for n in range(12)), "paid"])


def test_a_pause_says_first_what_it_holds_back(world: AwsWorld, typed: Typed, folder: Path) -> None:
    """Without a terminal and without --yes it is said and not done; with --yes it is done."""
    typed("publish", folder)
    world.evaluate(world.event("u", "cart_updated"))
    refused = typed("pause", "cart")
    assert refused.exit_code == 1
    assert "holds back 1 pending send" in refused.output
    assert "Add --yes" in refused.output
    assert world.aws.snapshots.read()[0].definitions["cart"].status == "live"
    assert typed("pause", "cart", "--yes").exit_code == 0
    assert world.aws.snapshots.read()[0].definitions["cart"].status == "paused"


def test_a_resume_rings_for_what_was_held(world: AwsWorld, typed: Typed, folder: Path) -> None:
    """What fell due in the pause is judged at the resume."""
    typed("publish", folder)
    world.evaluate(world.event("u", "cart_updated"))
    typed("pause", "cart", "--yes")
    world.pass_time(minutes=61)
    world.ring()
    result = typed("resume", "cart", "--yes")
    assert "cart is live again; 1 held send judged now" in result.output
    world.ring()
    assert world.said("u") == ["scheduled", "sent"]


def test_a_stopped_campaign_cancels_and_cannot_be_paused(typed: Typed, folder: Path) -> None:
    """What an action cannot do in the present status is one sentence with the alternatives."""
    typed("publish", folder)
    assert "cancels 0 pending sends" in typed("stop", "cart", "--yes").output
    refused = typed("pause", "cart", "--yes")
    assert refused.exit_code == 1
    assert "`cart` is stopped, so pause does nothing." in refused.output
    assert "resume" in refused.output


def test_a_campaign_that_is_not_published_has_a_near_name(typed: Typed, folder: Path) -> None:
    """A typing error in the id is answered with the id that is probably meant."""
    typed("publish", folder)
    result = typed("archive", "crat", "--yes")
    assert result.exit_code == 1
    assert "Did you mean `cart`?" in result.output


def test_a_deleted_user_is_gone(world: AwsWorld, typed: Typed, folder: Path) -> None:
    """It is said what ends, and afterwards nothing of the profile is left."""
    typed("publish", folder)
    world.evaluate(world.event("u", "cart_updated", attributes={"country": "FR"}))
    assert "ends 1 pending send" in typed("delete-user", "u").output
    assert world.aws.store.load("u").state.attributes
    result = typed("delete-user", "u", "--yes")
    assert result.exit_code == 0, result.output
    assert "u is deleted: 1 send or run ended" in result.output
    assert not world.aws.store.load("u").state.attributes


def test_a_stack_that_does_not_exist_is_one_sentence(typed: Typed, folder: Path) -> None:
    """The name and the region are said, and how to name another stack."""
    result = typed("publish", folder, "--stack", "nowhere")
    assert result.exit_code == 1
    assert "There is no stack 'nowhere' in eu-west-1" in result.output
    assert "Traceback" not in result.output


def test_without_a_region_the_remedy_is_said(
    typed: Typed, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who has set nothing is told what to set."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    result = typed("publish", folder)
    assert result.exit_code == 1
    assert "No AWS region is set." in result.output
    assert "AWS_REGION=eu-west-1" in result.output
