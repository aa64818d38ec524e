"""
`unless preview`: a message as it would go out, in a frame, for machines, or as a page.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from unless.cli.console import Failure, columns, output, printable
from unless.cli.preview.asked import Question
from unless.cli.preview.making import Preview, make
from unless.cli.words import explained
from unless.content.parts import Content
from unless.definitions.models import Kind
from unless.engine.eligibility import Refusal
from unless.engine.records import Reason

DETAILS = ("group", "attribute", "where", "said")
"""What of a refusal's detail is said with it: the group, the address, the line of the template."""

ABSENT = {
    "queue": "a message for the queue, without words",
    "event": "an event on the bus, without words",
    "webhook": "a request without words of its own",
}
"""What goes out where nobody has written anything."""


def preview(question: Question, html: Path | None, *, as_json: bool) -> bool:
    """
    Show the message; return whether its words could be made.

    Raises:
        Failure: what is asked for is not there, or has no page to write.
    """
    shown = make(question, datetime.now(UTC))
    if html is not None:
        _write(html, shown)
    if as_json:
        sys.stdout.write(json.dumps(_row(shown), ensure_ascii=False) + "\n")
    else:
        _show(output(), shown, html)
    return not (isinstance(shown.content, Refusal) and _is_error(shown.content))


def _is_error(refusal: Refusal) -> bool:
    return refusal.reason is Reason.TEMPLATE_ERROR


def _write(file: Path, shown: Preview) -> None:
    channel = shown.outgoing.message.channel
    if channel != "email":
        raise Failure(f"A message by `{channel}` is no page.", "Leave out --html.", code=2)
    if isinstance(shown.content, Refusal):
        return  # it is said why
    if shown.content.html is None:
        raise Failure(
            "This e-mail has only text.", "Add `template: file.liquid` to it, or leave out --html."
        )
    try:
        file.write_text(shown.content.html, encoding="utf-8")
    except OSError as error:
        what = f"{file}: cannot be written: {error.strerror}."
        raise Failure(what, "Name another file.") from None


def _show(console: Console, shown: Preview, html: Path | None) -> None:
    outgoing, content = shown.outgoing, shown.content
    step = f", step {outgoing.step}" if outgoing.step else ""
    console.print(Text.assemble((outgoing.definition, "bold"), step))
    columns(console, _head(shown))
    if isinstance(content, Content):
        words = content.text or ABSENT.get(outgoing.message.channel, "")
        console.print(Panel.fit(Text(_shown(words), "" if content.text else "dim")))
        if html is not None:
            console.print(f"The page is in {html}: open it in a browser.")
        elif content.html is not None:
            console.print(Text("--html FILE writes the page of it.", "dim"))
    for refusal in _refusals(shown):
        console.print(_refused(refusal, shown))
    _notes(console, shown)


def _head(shown: Preview) -> list[tuple[Text | str, ...]]:
    content = shown.content
    rows: list[tuple[Text | str, ...]] = [(Text("channel", "dim"), shown.outgoing.message.channel)]
    if shown.address is not None:
        rows.append((Text("to", "dim"), printable(shown.address)))
    if shown.outgoing.message.url is not None:
        rows.append((Text("to", "dim"), printable(shown.outgoing.message.url)))
    if isinstance(content, Content) and content.subject is not None:
        rows.append((Text("subject", "dim"), Text(printable(content.subject), "bold")))
    return rows


def _shown(text: str) -> str:
    """Return a text of several lines with nothing in it that a terminal would obey."""
    return "\n".join(map(printable, text.split("\n")))


def _refusals(shown: Preview) -> list[Refusal]:
    own = [shown.content] if isinstance(shown.content, Refusal) else []
    return [*shown.refusals, *own]


def _refused(refusal: Refusal, shown: Preview) -> Text:
    """Return why the message would not go out, as a sentence."""
    kind = Kind.JOURNEY if shown.outgoing.step else Kind.CAMPAIGN
    why = explained(refusal.reason, kind).removesuffix(".")
    said = ": ".join(
        printable(str(refusal.detail[key])) for key in DETAILS if refusal.detail.get(key)
    )
    style = "red" if _is_error(refusal) else "yellow"
    return Text.assemble(
        ("It would not go out: ", style),
        f"{why}{f': {said}' if said else ''} (`{refusal.reason}`).",
    )


def _notes(console: Console, shown: Preview) -> None:
    if shown.made_up:
        names = ", ".join(map(printable, shown.made_up))
        console.print(Text(f"Made up for this: {names}; --user and --event give real ones.", "dim"))
    others = [name for name in shown.steps if name != shown.outgoing.step]
    if others:
        console.print(Text(f"--step shows another message: {', '.join(others)}.", "dim"))


def _row(shown: Preview) -> dict[str, Any]:
    outgoing, content = shown.outgoing, shown.content
    parts = content if isinstance(content, Content) else Content()
    owner = "journey" if outgoing.step else "campaign"
    return {
        owner: outgoing.definition,
        **({"step": outgoing.step} if outgoing.step else {}),
        "user": shown.state.user,
        "channel": outgoing.message.channel,
        "to": shown.address or outgoing.message.url,
        "subject": parts.subject,
        "text": parts.text,
        "html": parts.html,
        "refused": [{"reason": each.reason, **each.detail} for each in _refusals(shown)],
        "made_up": list(shown.made_up),
    }
