"""
`unless pending`: what is waiting, due when, for what.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched, islice

from rich.console import Console

from unless.app.pending import PAGE_ITEMS, Pending, Wanted
from unless.cli import pending_words
from unless.cli.console import columns, count, errors, output
from unless.cli.deployment import deployed
from unless.cli.item_filters import ItemFilters

SHOWN = 50
"""Items that are shown to a person who says nothing else: about a screen."""

ITEMS = ("pending send or run", "pending sends and runs")


def pending(filters: ItemFilters, stack: str, *, limit: int | None, as_json: bool) -> None:
    """Show what fits, by due time; without a limit machines get all of it, people a screen."""
    aws = deployed(stack)
    now = aws.clock()
    wanted = filters.wanted(aws.pending, now)
    if as_json:
        _for_machines(aws.pending, wanted, limit)
        return
    console = output()
    with waiting("looking for what is pending"):
        items = list(islice(aws.pending.find(wanted), limit or SHOWN))
    if not items:
        console.print(nothing(aws.pending, wanted))
        return
    columns(console, pending_words.rows(items, aws.pending.covering(items), now))
    _say_rest(console, aws.pending, wanted, len(items), limit or SHOWN)


def _for_machines(pending: Pending, wanted: Wanted, limit: int | None) -> None:
    for page in batched(islice(pending.find(wanted), limit), PAGE_ITEMS, strict=False):
        definitions = pending.covering(page)
        for item in page:
            row = pending_words.as_json(item, definitions)
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")


def _say_rest(console: Console, pending: Pending, wanted: Wanted, shown: int, limit: int) -> None:
    """Say how many there are, which for a million takes a moment longer than to show the first."""
    total = shown
    if shown == limit:
        with waiting("counting the others"):
            total = max(shown, sum(1 for _ in pending.keys(wanted)))
    if total == shown:
        console.print(f"{count(shown, *ITEMS)}.")
    else:
        console.print(
            f"The first {shown:,} of {count(total, *ITEMS)}: {total - shown:,} more. --limit shows "
            "more of them, --json all."
        )


def nothing(pending: Pending, wanted: Wanted) -> str:
    """Return the sentence for when nothing fits."""
    if wanted.user is not None and not pending.is_known(wanted.user):
        return f"Nothing was ever heard of a user {wanted.user}, so nothing is pending."
    if wanted == Wanted(user=wanted.user):
        return f"Nothing is pending{f' for {wanted.user}' if wanted.user else ''}."
    return "Nothing that is pending fits."


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show on standard error, if that is a terminal, what takes its time."""
    if not sys.stderr.isatty():
        yield
        return
    with errors().status(what):
        yield
