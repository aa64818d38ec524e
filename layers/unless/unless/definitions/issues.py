"""
What is wrong with a definition: where, what was expected, and what to do about it.
"""

from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from typing import Literal

from unless.definitions.documents import Document, Path, path_text
from unless.definitions.effects import effect_of

CLOSE = 0.6
"""How alike two names must be, 0 to 1, for one to be offered for the other: difflib's default."""


class CheckCode(StrEnum):
    """The kinds of mistakes in definitions: the closed list of SPEC section 8."""

    UNKNOWN_KEY = "unknown_key"
    BAD_VALUE = "bad_value"
    BAD_DURATION = "bad_duration"
    BAD_TIME_ZONE = "bad_time_zone"
    BAD_REGEX = "bad_regex"
    UNKNOWN_OPERATOR = "unknown_operator"
    UNKNOWN_SEGMENT = "unknown_segment"
    DUPLICATE_ID = "duplicate_id"
    LIST_TOO_LONG = "list_too_long"
    EXCEPTION_NEEDS_DELAY = "exception_needs_delay"
    SESSION_START_BOTH = "session_start_both"
    REELIGIBLE_TOO_LONG = "reeligible_too_long"
    ARRAY_ATTRIBUTE_TRIGGER = "array_attribute_trigger"
    ARRAY_IN_EXIT = "array_in_exit"
    FILTER_NOT_KEPT = "filter_not_kept"
    WAIT_TOO_LONG = "wait_too_long"
    UNREACHABLE_STEP = "unreachable_step"
    DELAY_EXCEEDS_DURATION = "delay_exceeds_duration"
    AUDIENCE_USES_TRIGGER = "audience_uses_trigger"
    EXIT_FILTER_SHORTER_THAN_WAIT = "exit_filter_shorter_than_wait"
    SEND_LOOP = "send_loop"
    WINDOW_NEVER_MET = "window_never_met"

    @property
    def level(self) -> "Level":
        """Whether this refuses the definition or only warns of it."""
        return "warning" if self in WARNINGS else "error"


type Level = Literal["error", "warning"]

WARNINGS = frozenset(
    {
        CheckCode.DELAY_EXCEEDS_DURATION,
        CheckCode.AUDIENCE_USES_TRIGGER,
        CheckCode.EXIT_FILTER_SHORTER_THAN_WAIT,
        CheckCode.SEND_LOOP,
        CheckCode.WINDOW_NEVER_MET,
    }
)


@dataclass(frozen=True, slots=True)
class Issue:
    """
    One mistake: `message` says what is there and what was expected, `remedy` what to do, `effect`
    what it means for people: what happens to them, or would if it could be published.

    `file` and `line` are None where nothing was read from a file, `line` also where the file cannot
    be read. `path` is the place within the document (`unless[0].match`), `kind` and `id` say of
    which definition.
    """

    code: CheckCode
    message: str
    remedy: str
    file: str | None = None
    line: int | None = None
    path: str = ""
    kind: str | None = None
    id: str | None = None
    effect: str = ""

    def __post_init__(self) -> None:
        """Say what such a mistake usually means where no rule said what this one does."""
        if not self.effect:
            object.__setattr__(self, "effect", effect_of(self.code))

    @property
    def level(self) -> Level:
        """Whether this refuses the definition (`error`) or only warns (`warning`)."""
        return self.code.level


@dataclass(frozen=True, slots=True)
class Mistake:
    """
    A mistake at a place within one document, before the document's name and lines are added.

    Without an `effect` it has the usual one of its code.
    """

    code: CheckCode
    path: Path
    message: str
    remedy: str
    effect: str = ""

    def within(self, document: Document, kind: str | None, name: str | None) -> Issue:
        """Return this mistake as an issue of the definition that the document holds."""
        return Issue(
            code=self.code,
            message=self.message,
            remedy=self.remedy,
            file=document.file,
            line=document.line_of(self.path),
            path=path_text(self.path),
            kind=kind,
            id=name,
            effect=self.effect,
        )


def nearest(name: object, known: list[str]) -> str | None:
    """Return the known name that is most like the given one, or None when none is like it."""
    lower = {each.lower(): each for each in reversed(known)}
    found = get_close_matches(str(name).lower(), lower, n=1, cutoff=CLOSE)
    return lower[found[0]] if found else None


def choices(known: list[str]) -> str:
    """Return the names as a list in a sentence."""
    return ", ".join(f"`{name}`" for name in known)
