"""
`unless why`: every decision about a user, and why, newest first.
"""

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic_core import PydanticCustomError

from unless.cli.console import Failure, errors, output
from unless.cli.deployment import deployed
from unless.cli.why.absent import check_name, check_user
from unless.cli.why.page import SHOWN_MAX, show
from unless.cli.why.silence import nothing_decided
from unless.cli.why.sources import Known, from_file, from_stack, of_definition, since
from unless.cli.why.waiting import pending_row
from unless.definitions.durations import in_utc, parse_duration


def why(
    user: str,
    name: str | None,
    stack: str,
    *,
    records: Path | None = None,
    start: str | None = None,
    limit: int | None = None,
    as_json: bool = False,
) -> None:
    """
    Print what was decided for the user, of one campaign or journey if it is named, and why.

    Raises:
        Failure: nothing is known of the user, or of that name.
    """
    known = from_file(records, user) if records else from_stack(deployed(stack), user, stack)
    begin = _since(start, known)
    check_user(known)
    if name is not None:
        check_name(known, name)
    about = of_definition(known, name)
    told = replace(about, records=since(about.records, begin))
    if as_json:
        _print_json(told, limit)
    if not told.records and not told.pending:
        for sentence in nothing_decided(about, name, begin):
            (errors() if as_json else output()).print(sentence, soft_wrap=True)
    elif not as_json:
        show(output(), told, SHOWN_MAX if limit is None else limit)


def _since(text: str | None, known: Known) -> datetime | None:
    """Return the instant from which on records count: given as such, or as a span before now."""
    if text is None:
        return None
    instant = in_utc(text)
    if instant is not None:
        return instant
    try:
        return (known.now or datetime.now(UTC)) - parse_duration(text)
    except PydanticCustomError:
        raise Failure(
            f"--since: {text!r} is neither an instant nor a span of time.",
            "Write it as 2026-02-02T10:00:00Z, or as 3d for the last three days.",
            code=2,
        ) from None


def _print_json(known: Known, limit: int | None) -> None:
    """Print what is pending, then the records, newest first, one object a line."""
    definitions = known.definitions
    pending = [pending_row(item, definitions) for item in known.pending] if definitions else []
    records = known.records[:limit] if limit else known.records
    for row in (*pending, *(record.as_json() for record in records)):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
