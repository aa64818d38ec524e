"""
`unless publish` against a stack on moto: it warns of channels that the deployment does not have.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.test_commands import typed_on
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow

MAIL = 'message: {channel: email, subject: "Hi", text: "Hello"}'
CART = f"{{campaign: cart, trigger: {{event: cart_updated}}, {MAIL}}}"
TOUR = f"{{journey: tour, entry: {{trigger: {{event: registered}}}}, steps: [{{{MAIL}}}]}}"
TEXT = "{campaign: code, trigger: {event: asked}, message: {channel: sms, text: hi}}"
DRAFT = "{campaign: later, status: draft, trigger: {event: a}, message: {channel: push, text: hi}}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace that sends e-mail and SMS, and will send push messages."""
    for number, text in enumerate((CART, TOUR, TEXT, DRAFT)):
        (tmp_path / f"{number}.yaml").write_text(text)
    (tmp_path / "unless.yaml").write_text("workspace: {zone: UTC}")
    return tmp_path


def published(world: AwsWorld, monkeypatch: pytest.MonkeyPatch, folder: Path) -> str:
    """What the command prints, which is never refused."""
    result = typed_on(world, monkeypatch)("publish", folder, "--yes")
    assert result.exit_code == 0, result.output
    assert "Published" in result.stdout
    return result.stdout


def test_a_channel_that_is_not_there_is_named_with_its_parameter(
    world: AwsWorld, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Who uses it and what to deploy; a draft sends nothing and is not named."""
    text = published(world, monkeypatch, folder)
    assert "no channel email, which `cart`, `tour` would use" in text
    assert "with the parameter EmailFrom." in text
    assert "no channel sms, which `code` would use" in text
    assert "push" not in text.replace("channel: push", "")


def test_a_sender_is_named_that_nobody_has_verified_here(
    world: AwsWorld, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    """Where there is the channel, publish does not pretend to know whether SES accepts it."""
    settings = replace(world.aws.settings, email_from="shop@example.com", sms_identity="Shop")
    monkeypatch.setattr(world.aws, "settings", settings)
    text = published(world, monkeypatch, folder)
    assert "no channel" not in text
    assert "E-mail goes out as shop@example.com." in text
