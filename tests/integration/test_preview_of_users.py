"""`unless preview --stack`: a message for somebody real."""

import json
from pathlib import Path

import pytest

from tests.integration.test_commands import typed_on
from tests.integration.world import AwsWorld

pytestmark = pytest.mark.slow


def test_a_real_profile_is_looked_up(
    world: AwsWorld, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The words are those of the folder, the user the one of the stack; an unknown one is told."""
    (tmp_path / "c.yaml").write_text(
        "campaign: cart\ntrigger: {event: cart_updated}\n"
        "message: {channel: sms, text: 'Hi {{ user.name }}'}\n"
    )
    world.publish("campaign: other\ntrigger: {event: registered}")
    attributes = {"name": "Ann", "phone": "+33199000017"}
    world.evaluate(world.event("u", "registered", attributes=attributes))
    typed = typed_on(world, monkeypatch)
    asked = ("preview", "cart", "--workspace", tmp_path, "--stack", "unless", "--user")
    shown = json.loads(typed(*asked, "u", "--json").stdout)
    assert (shown["to"], shown["text"]) == ("+33199000017", "Hi Ann")
    assert "Nothing was ever heard of a user nobody" in typed(*asked, "nobody").stderr
