"""
What has no place in a transaction: it is written with the state, and put in its own place next.

One event may end, open or move on hundreds of sends and runs of its user, and a transaction takes
no more than 100 items. The change is atomic all the same: who reads the state reads this with it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from unless.aws.items import BODY, STATE, Item, pack, unpack, user_key
from unless.aws.state_json import compact

ATTRIBUTE = "unfinished"
"""The attribute of the state's item that holds what is still to be put in its place."""


SAME_REV = "rev = :rev"
"""The user is as it was when this was left unfinished: who has read it since has finished it."""


def write_action(table: str, item: Item) -> dict[str, Any]:
    """
    Return the action of a transaction that puts this in its place.

    A due item with its data is put, one without is deleted; a body without data gets another end.
    """
    if "data" in item:
        return {"Put": {"TableName": table, "Item": item}}
    key = {name: item[name] for name in ("PK", "SK")}
    if item["SK"]["S"].startswith(BODY):
        return {"Update": {"TableName": table, "Key": key, **_new_end(item)}}
    return {"Delete": {"TableName": table, "Key": key}}


def _new_end(item: Item) -> dict[str, Any]:
    # A body that is gone comes back as an empty one, which a deletion has to find by its `at`.
    ends = "ttl" in item
    values = {":at": item["at"]} | ({":ttl": item["ttl"]} if ends else {})
    return {
        "UpdateExpression": "SET #at = if_not_exists(#at, :at)"
        + (", #ttl = :ttl" if ends else " REMOVE #ttl"),
        "ExpressionAttributeNames": {"#at": "at", "#ttl": "ttl"},
        "ExpressionAttributeValues": values,
    }


def mark_unfinished(table: str, user: str, rev: int, left: Sequence[Item]) -> dict[str, Any]:
    """Return the action that says what of the commit to this `rev` is still left to do."""
    update: dict[str, Any] = {
        "TableName": table,
        "Key": user_key(user, STATE),
        "ConditionExpression": SAME_REV,
        "UpdateExpression": f"REMOVE {ATTRIBUTE}",
        "ExpressionAttributeValues": {":rev": {"N": str(rev)}},
    }
    if left:
        update["UpdateExpression"] = f"SET {ATTRIBUTE} = :left"
        update["ExpressionAttributeValues"][":left"] = unfinished_value(left)
    return {"Update": update}


def unfinished_value(items: Sequence[Item]) -> dict[str, Any]:
    """Return the value of the attribute: all of them as one text, which compresses well."""
    return pack(compact([_readable(item) for item in items]))


def _readable(item: Item) -> dict[str, Any]:
    written = {name: value for name, value in item.items() if name != "PK"}
    return {**written, "data": unpack(item["data"])} if "data" in item else written


def unfinished_items(state: Item | None, user: str) -> tuple[Item, ...]:
    """Return what is still to be put in its place, as the state's item tells."""
    if state is None or ATTRIBUTE not in state:
        return ()
    return tuple(_item(written, user) for written in json.loads(unpack(state[ATTRIBUTE])))


def _item(written: dict[str, Any], user: str) -> Item:
    item: Item = {**user_key(user, written["SK"]["S"]), **written}
    return {**item, "data": pack(written["data"])} if "data" in written else item


def as_if_finished(items: Mapping[str, Item], unfinished: Sequence[Item]) -> dict[str, Item]:
    """Return the items, by sort key, as they are once this is in its place; bodies left out."""
    gone = {item["SK"]["S"] for item in unfinished}
    kept = {sort: item for sort, item in items.items() if sort not in gone}
    return kept | {item["SK"]["S"]: item for item in unfinished if "due_at" in item}
