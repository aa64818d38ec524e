"""
`unless why`: every decision about a user, and why, newest first.
"""

import json
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from unless.cli.console import Failure, errors, output
from unless.cli.deployment import deployed
from unless.cli.since import since_instant
from unless.cli.why.absent import check_name, check_user
from unless.cli.why.page import SHOWN_MAX, show
from unless.cli.why.silence import nothing_decided
from unless.cli.why.sources import Known, from_file, from_stack, of_definition, since
from unless.cli.why.waiting import pending_row


@dataclass(frozen=True, slots=True)
class Question:
    """
    What was asked: about a user, of all definitions or one; or, with `audit`, of the whole stack.

    `records` is a file of records in place of a stack, `event` one that is judged now, `since` an
    instant or a span before now.
    """

    user: str | None = None
    definition: str | None = None
    records: Path | None = None
    event: Path | None = None
    since: str | None = None
    limit: int | None = None
    audit: bool = False


def why(question: Question, stack: str, *, as_json: bool = False) -> bool:
    """
    Print the answer; return whether all is well, which only an audit may deny.

    Raises:
        Failure: the question contradicts itself, or nothing is known of what it names.
    """
    user = _checked(question)
    if user is None:
        from unless.cli.why.audit import audit

        return audit(deployed(stack), stack, as_json=as_json)
    if question.event is not None:
        from unless.cli.why.judged import why_event

        app, name = deployed(stack), question.definition
        why_event(app, user, name, question.event, as_json=as_json)
    else:
        _decisions(user, question, stack, as_json=as_json)
    return True


def _checked(question: Question) -> str | None:
    """Return the user who is asked about, None for the audit of all."""
    others = (question.user, question.records, question.event, question.since, question.limit)
    if question.audit:
        if any(each is not None for each in others):
            raise Failure("--audit is of a whole stack.", "Leave the rest out.", code=2)
        return None
    if question.user is None:
        raise Failure(
            "It is not said whose decisions.",
            "Name a user: `unless why USER`; or add --audit for the sums of all.",
            code=2,
        )
    if question.event is not None and question.records is not None:
        raise Failure(
            "--event is judged by a stack, and --records has none.", "Leave one out.", code=2
        )
    return question.user


def _decisions(user: str, question: Question, stack: str, *, as_json: bool) -> None:
    """Print what was decided for the user, and what is pending."""
    records, name, limit = question.records, question.definition, question.limit
    known = from_file(records, user) if records else from_stack(deployed(stack), user, stack)
    begin = since_instant(question.since, known.now or datetime.now(UTC))
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


def _print_json(known: Known, limit: int | None) -> None:
    """Print what is pending, then the records, newest first, one object a line."""
    definitions = known.definitions
    pending = [pending_row(item, definitions) for item in known.pending] if definitions else []
    records = known.records[:limit] if limit else known.records
    for row in (*pending, *(record.as_json() for record in records)):
        sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
