"""
What a message may not be: without words, or with what its channel has no place for.
"""

from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from unless.content.languages import is_language, variants
from unless.definitions.checking.templates import words_mistakes
from unless.definitions.documents import Path
from unless.definitions.issues import CheckCode, Mistake, choices, nearest
from unless.definitions.messages import FALLBACK, Channel, Message

WITH_SUBJECT: frozenset[Channel] = frozenset({"email", "push", "in_app"})
"""Channels whose messages may have a subject: of a push or in-app message it is the title."""

IN_WORDS: frozenset[Channel] = frozenset({"email", "sms", "push"})
"""Channels whose messages people read as they are, so that there must be some words."""


def message_mistakes(
    message: Message, path: Path, templates: Mapping[str, str] | None
) -> Iterator[Mistake]:
    """
    Yield what is wrong with a message; `path` is its own.

    `templates` are the files that it may name, None where nothing is known of them.
    """
    yield from _words(message, path)
    yield from _webhook(message, path)
    if message.channel != "in_app" and "expires" in message.model_fields_set:
        yield _misplaced(message, (*path, "expires"), "`expires`", "an in-app message")
    yield from _languages(message, path)
    yield from words_mistakes(message, path, templates)
    if templates is not None and message.template is not None:
        yield from _template(message.template, (*path, "template"), templates)


def _words(message: Message, path: Path) -> Iterator[Mistake]:
    channel = message.channel
    if message.subject is not None and channel not in WITH_SUBJECT:
        yield _misplaced(message, (*path, "subject"), "a subject", "an e-mail or a push message")
    if channel == "email" and message.subject is None:
        yield Mistake(
            CheckCode.BAD_VALUE, path, "an e-mail needs a subject",
            'Add `subject: "…"`.', "It would arrive without one, and be taken for spam.",
        )  # fmt: skip
    if channel in IN_WORDS and message.template is None and message.text is None:
        article = "an e-mail" if channel == "email" else f"a message by `{channel}`"
        yield Mistake(
            CheckCode.BAD_VALUE, path, f"{article} needs words",
            'Add `template: file.liquid`, a file in templates/, or `text: "…"`.',
            "People would get an empty message.",
        )  # fmt: skip
    if channel != "email" and message.template is not None and message.text is not None:
        yield Mistake(
            CheckCode.BAD_VALUE, (*path, "text"), "beside `template` there is no place for `text`",
            "Leave one of the two out; only an e-mail has both, HTML and text.",
            "The text would never be sent.",
        )  # fmt: skip


def _webhook(message: Message, path: Path) -> Iterator[Mistake]:
    if message.url is not None and message.channel != "webhook":
        yield _misplaced(message, (*path, "url"), "`url`", "a webhook")
    if message.channel != "webhook":
        return
    if message.url is None:
        yield Mistake(
            CheckCode.BAD_VALUE, path, "a webhook needs a `url`",
            "Add `url: https://…`.", "There is nowhere to send it to.",
        )  # fmt: skip
    elif not _is_https(message.url):
        yield Mistake(
            CheckCode.BAD_VALUE, (*path, "url"), "a webhook's `url` begins with https://",
            "Write one such as https://hooks.example.com/unless.",
            "Nothing would be sent: without TLS anybody on the way could read it.",
        )  # fmt: skip


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and not parts.username
    except ValueError:
        return False


def _misplaced(message: Message, path: Path, what: str, where: str) -> Mistake:
    return Mistake(
        CheckCode.BAD_VALUE,
        path,
        f"a message by `{message.channel}` has no place for {what}",
        f"Remove it; only {where} has one.",
        "It would never be seen.",
    )


def _languages(message: Message, path: Path) -> Iterator[Mistake]:
    for key, words in (("subject", message.subject), ("text", message.text)):
        for tag in words or ():
            if tag != FALLBACK and not is_language(tag):
                yield Mistake(
                    CheckCode.BAD_VALUE, (*path, key, tag), f"`{tag}` is no language",
                    f"Write a tag such as fr or fr-CA, or `{FALLBACK}` for everybody else.",
                    "Nobody would ever get these words.",
                )  # fmt: skip


def _template(name: str, path: Path, templates: Collection[str]) -> Iterator[Mistake]:
    if name in templates:
        return
    like = nearest(name, sorted(templates))
    if variants(name, templates):
        remedy = f"Write templates/{name} for those in whose language there is none."
        said = f"there is `{name}` in some languages, and none for everybody else"
    else:
        remedy = f"Did you mean `{like}`?" if like else f"Write templates/{name}."
        said = f"there is no template `{name}`"
        if templates and not like:
            remedy += f" There are {choices(sorted(templates)[:10])}."
    effect = "Whoever is to get the message would get nothing (`template_error`)."
    yield Mistake(CheckCode.BAD_VALUE, path, said, remedy, effect)
