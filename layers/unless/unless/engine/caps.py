"""
Frequency caps: how many messages a user may receive in a time (SPEC K1).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from unless.definitions.durations import format_duration
from unless.definitions.messages import Channel
from unless.definitions.models import Cap
from unless.engine.eligibility import Refusal
from unless.engine.model import Receipt, UserState
from unless.engine.records import Reason
from unless.engine.timing import Zones, local_day

WEEK_DAYS = 7
"""Calendar days of a week: the user's present one and the six before."""


def capped_at(
    caps: Sequence[Cap],
    channel: Channel,
    tags: Sequence[str],
    state: UserState,
    now: datetime,
    zones: Zones,
) -> Refusal | None:
    """
    Return `frequency_capped` when one more message on the channel, with the tags, is too many.
    """
    for cap in caps:
        if cap.channel not in (None, channel) or (cap.tag is not None and cap.tag not in tags):
            continue
        if sum(1 for _ in _counted(cap, state.receipts, now, zones)) >= cap.max:
            return Refusal(Reason.FREQUENCY_CAPPED, _detail(cap))
    return None


def _counted(
    cap: Cap, receipts: Sequence[Receipt], now: datetime, zones: Zones
) -> Iterator[Receipt]:
    """Yield the receipts that use up the cap; one exactly its duration ago no longer does."""
    today = local_day(now, zones.resolve("user"))
    for receipt in receipts:
        if cap.channel not in (None, receipt.channel):
            continue
        if cap.tag is not None and cap.tag not in receipt.tags:
            continue
        if isinstance(cap.per, timedelta):
            recent = receipt.time > now - cap.per
        else:
            days = 1 if cap.per == "day" else WEEK_DAYS
            recent = local_day(receipt.time, zones.resolve("user")) > today - timedelta(days=days)
        if recent:
            yield receipt


def _detail(cap: Cap) -> dict[str, Any]:
    per = format_duration(cap.per) if isinstance(cap.per, timedelta) else cap.per
    limits = {"max": cap.max, "per": per, "channel": cap.channel, "tag": cap.tag}
    return {name: value for name, value in limits.items() if value is not None}
