"""Push on moto's SNS, which names endpoints as AWS does."""

import json
from dataclasses import dataclass, replace
from typing import Any

import pytest
from moto.sns.models import sns_backends

from tests.integration.wire import REGION
from tests.integration.world import AwsWorld
from tests.unit.channels.providers import message
from unless.app.ports import Channel, Reply
from unless.engine.decision import Answer
from unless.sim.moto_cloud import ACCOUNT


@dataclass
class Device:
    """A device that SNS knows, and the deployment's channel to it."""

    sns: Any
    arn: str
    channel: Channel

    def ask(self, address: str) -> Reply:
        """What the channel says of a message to that endpoint."""
        return self.channel.send(message(address=address))

    def shown(self) -> list[dict[str, Any]]:
        """What was published at it."""
        endpoint = sns_backends[ACCOUNT][REGION].platform_endpoints[self.arn]
        return [json.loads(text) for text in endpoint.messages.values()]


@pytest.fixture
def device(world: AwsWorld) -> Device:
    """One device of the deployment's application."""
    sns = world.client("sns")
    application = sns.create_platform_application(Name="shop", Platform="GCM", Attributes={})
    arn = sns.create_platform_endpoint(
        PlatformApplicationArn=application["PlatformApplicationArn"], Token="device"
    )["EndpointArn"]
    world.aws.settings = replace(world.aws.settings, push_application="GCM/shop")
    return Device(sns, arn, world.aws.channels["push"])


def test_the_endpoint_of_a_device_is_notified(device: Device) -> None:
    """What SNS calls an endpoint of the application is what the channel takes for one."""
    assert device.ask(device.arn) == Reply(Answer.ACCEPTED)
    (payload,) = device.shown()
    assert payload["default"] == message().content.text


def test_a_device_that_has_gone_is_refused(device: Device) -> None:
    """Disabled by its platform, or deleted: no for good, and nothing is repeated."""
    device.sns.set_endpoint_attributes(EndpointArn=device.arn, Attributes={"Enabled": "false"})
    assert device.ask(device.arn) == Reply(Answer.REFUSED, "EndpointDisabled")
    device.sns.delete_endpoint(EndpointArn=device.arn)
    assert device.ask(device.arn).answer is Answer.REFUSED


def test_a_topic_is_never_published_to(world: AwsWorld, device: Device) -> None:
    """An attribute that names a topic of the account reaches nobody."""
    topic = device.sns.create_topic(Name="alarms")["TopicArn"]
    assert device.ask(topic).answer is Answer.REFUSED
    assert "sns.Publish" not in world.wire.calls
