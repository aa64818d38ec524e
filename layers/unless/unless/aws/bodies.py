"""
How long the large properties of a trigger are kept: as long as anything that it started may need
them.

A run lives long and takes no body with it: whenever its due time moves, the end of the body does.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from unless.aws.item_json import has_body, is_large
from unless.aws.items import PAST_DUE_KEPT, Item, body_item, body_key, epoch, sortable, user_key
from unless.engine.model import DueItem, DueStatus, UserState


def new_bodies(after: UserState, started: Iterable[DueItem], now: datetime) -> list[Item]:
    """Return the bodies to write for what was started, one for all that an event started."""
    carriers = {body_key(due): due for due in started if is_large(due.properties)}
    needed = _needed(after.pending.values()) if carriers else {}
    return [body_item(due, now) | _ttl(needed.get(key, now), now) for key, due in carriers.items()]


def moved_ends(
    before: UserState, after: UserState, changed: Iterable[DueItem], now: datetime
) -> Iterator[Item]:
    """
    Yield the bodies, already there, that need another end now, each without its data.

    `changed` are the due items that moved or ended. An end that is later than it need be is left
    alone, so a claim and an end write no body.
    """
    touched = {body_key(due): due.user for due in changed if has_body(due)}
    was = _needed(before.pending.values()) if touched else {}
    will = _needed(after.pending.values()) if touched else {}
    for key, user in sorted(touched.items()):
        if _needs_another(was.get(key, now), will.get(key, now), ended=key not in will):
            at = {"at": {"S": sortable(now)}}
            yield user_key(user, key) | at | _ttl(will.get(key, now), now)


def _needs_another(was: datetime | None, will: datetime | None, *, ended: bool) -> bool:
    if was is None or will is None or ended:
        return (was is None) != (will is None)
    return was < will


def _needed(pending: Iterable[DueItem]) -> dict[str, datetime | None]:
    """Return until when each body is needed, at least; None while a pause holds what needs it."""
    needed: dict[str, datetime | None] = {}
    for due in pending:
        if not has_body(due):
            continue
        key = body_key(due)
        until = needed.get(key, due.due)
        if until is None or due.status is DueStatus.PARKED:
            needed[key] = None
        else:
            needed[key] = max(until, due.due)
    return needed


def _ttl(until: datetime | None, now: datetime) -> Item:
    """Return the end of a body; what was due long ago, in a pause, still needs it for a while."""
    return {} if until is None else {"ttl": epoch(max(until, now), PAST_DUE_KEPT)}
