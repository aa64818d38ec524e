"""
What `unless publish` says of channels: which of them a deployment does not have, or cannot vouch
for.
"""

from collections.abc import Iterator, Mapping

from rich.console import Console
from rich.text import Text

from unless.aws.settings import Settings
from unless.cli.console import count
from unless.cli.journeys.journey_map import all_steps, journey_map
from unless.definitions.checks import Checked
from unless.definitions.issues import choices
from unless.definitions.messages import Channel
from unless.definitions.models import Status
from unless.definitions.steps import MessageStep

PARAMETERS: Mapping[Channel, tuple[str, str]] = {
    "email": ("email_from", "EmailFrom"),
    "sms": ("sms_identity", "SmsIdentity"),
    "push": ("push_application", "PushApplication"),
    "queue": ("message_queue_url", "MessageQueueArn"),
}
"""The setting without which a channel is not there, and the parameter of the template for it."""

ASLEEP = (Status.DRAFT, Status.STOPPED, Status.ARCHIVED)
"""Statuses in which nothing is sent."""

NAMES_SHOWN_MAX = 5
"""Most campaigns and journeys that are named beside a channel."""


def show_channels(console: Console, checked: Checked, settings: Settings) -> None:
    """Print a warning for each channel that is used and not there; nothing is refused."""
    used = channels_used(checked)
    for channel, names in used.items():
        setting, parameter = PARAMETERS.get(channel, ("", ""))
        if setting and not getattr(settings, setting):
            console.print(_missing(channel, names, parameter), soft_wrap=True)
    if "email" in used and settings.email_from:
        console.print(Text(_unverified(settings.email_from), "dim"), soft_wrap=True)


def channels_used(checked: Checked) -> dict[Channel, list[str]]:
    """Return which campaigns and journeys send over which channel, by the channel's name."""
    found: dict[Channel, list[str]] = {}
    for channel, name in sorted(_uses(checked)):
        found.setdefault(channel, []).append(name)
    return found


def _uses(checked: Checked) -> set[tuple[Channel, str]]:
    return {*_of_campaigns(checked), *_of_journeys(checked)}


def _of_campaigns(checked: Checked) -> Iterator[tuple[Channel, str]]:
    for name, campaign in checked.campaigns.items():
        if campaign.status not in ASLEEP:
            yield campaign.message.channel, name


def _of_journeys(checked: Checked) -> Iterator[tuple[Channel, str]]:
    for name, journey in checked.journeys.items():
        if journey.status in ASLEEP:
            continue
        for seen in all_steps(journey_map(journey)):
            if isinstance(seen.step, MessageStep):
                yield seen.step.message.channel, name


def _missing(channel: Channel, names: list[str], parameter: str) -> Text:
    """Return what happens to messages of a channel that is not there, and what to do."""
    left = len(names) - NAMES_SHOWN_MAX
    who = choices(names[:NAMES_SHOWN_MAX]) + (f" and {count(left, 'other')}" if left > 0 else "")
    return Text.assemble(
        ("Warning: ", "bold yellow"),
        f"this deployment has no channel {channel}, which {who} would use: messages wait until it "
        "has, or end as `too_late`. ",
        (f"Deploy template.yaml with the parameter {parameter}.", "yellow"),
    )


def _unverified(sender: str) -> str:
    return (
        f"E-mail goes out as {sender}. Whether SES has verified that address or its domain is not "
        "looked up here; without that messages wait, and end as `too_late`."
    )
