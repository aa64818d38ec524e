"""
What a preview is asked about: JSON that is typed, or lies in a file.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unless.cli.console import Failure
from unless.events.json_text import read_json
from unless.events.rejection import NotUnderstood

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Question:
    """
    Which message, for whom, and after which event.

    `user` is JSON, a file of it, or an id; `event` is JSON or a file. Without them both are made
    up.
    """

    definition: str
    workspace: Path | None = None
    step: str | None = None
    user: str | None = None
    event: str | None = None
    language: str | None = None
    stack: str | None = None


def is_json_or_file(text: str) -> bool:
    """Whether the text is meant as an object or as a file, and not as an id."""
    return text == STDIN or text.lstrip().startswith("{") or Path(text).is_file()


def read_object(option: str, text: str, example: str) -> Mapping[str, Any]:
    """
    Return the JSON object that is typed, or lies in the file of that name.

    Raises:
        Failure: there is no such file, or no JSON object; `example` shows what was expected.
    """
    where = option if text.lstrip().startswith("{") else f"{option} {text}"
    try:
        if text == STDIN:
            body: str | bytes = sys.stdin.buffer.read()
        else:
            body = text if text.lstrip().startswith("{") else Path(text).read_bytes()
        value = read_json(body)
    except OSError as error:
        raise Failure(f"{where}: cannot be read: {error.strerror}.", example, code=2) from None
    except NotUnderstood as fault:
        raise Failure(f"{where}: {fault.rejected().detail}.", example) from None
    if not isinstance(value, dict):
        raise Failure(f"{where}: expected one JSON object.", example)
    return value
