"""
A decision as a full sentence: what became of the message or the run, why, and the values compared.
"""

from collections.abc import Callable, Iterator, Mapping

from unless.aws.record_json import REASONS
from unless.cli.console import printable
from unless.cli.why import happenings, moments, refusals
from unless.cli.why.telling import Telling
from unless.cli.why.times import span_words
from unless.cli.words import explained
from unless.definitions.durations import in_utc
from unless.definitions.models import Kind
from unless.engine.in_app import IN_APP
from unless.engine.records import OPEN, Outcome, Reason

type Cause = Callable[[Telling], str | None]
"""Says why, with the values of the record; None when they are not in it."""

CAUSES: Mapping[Reason, Cause] = {
    Reason.BEFORE_LAUNCH: moments.before_launch,
    Reason.TOO_OLD: moments.too_old,
    Reason.NOT_IN_AUDIENCE: refusals.in_audience,
    Reason.FILTER_MISMATCH: refusals.by_filter,
    Reason.OUTSIDE_DURATION_AT_TRIGGER: moments.outside_duration,
    Reason.OUTSIDE_DURATION_AT_SEND: moments.outside_duration,
    Reason.OUTSIDE_WINDOW_AT_TRIGGER: moments.part_of_day,
    Reason.OUTSIDE_WINDOW_AT_SEND: moments.part_of_day,
    Reason.EXCEPTION_EVENT: happenings.by_exception,
    Reason.RESCHEDULED: happenings.by_later_trigger,
    Reason.ALREADY_RECEIVED: refusals.received,
    Reason.REELIGIBILITY_WAIT: refusals.received,
    Reason.AUDIENCE_LOST: refusals.in_audience,
    Reason.QUIET_HOURS: moments.part_of_day,
    Reason.FREQUENCY_CAPPED: refusals.capped,
    Reason.TEMPLATE_ABORT: refusals.in_own_words,
    Reason.TEMPLATE_ERROR: refusals.in_own_words,
    Reason.UNREACHABLE: refusals.out_of_reach,
    Reason.UNSUBSCRIBED: refusals.unsubscribed,
    Reason.CONTROL_GROUP: refusals.in_control,
    Reason.USER_NOT_FOUND: refusals.deleted,
    Reason.CAMPAIGN_STOPPED: refusals.stopped,
    Reason.DELAY_IN_PAST: moments.delay_in_past,
    Reason.DELAY_INVALID: moments.delay_invalid,
    Reason.TOO_LATE: moments.too_late,
    Reason.DELIVERY_FAILED: refusals.in_own_words,
    Reason.DELIVERY_UNKNOWN: refusals.in_own_words,
    Reason.FANOUT_CAPPED: refusals.fanned_out,
    Reason.LOOP_LIMIT: refusals.in_circle,
    Reason.EXIT_EVENT: happenings.by_exit_event,
    Reason.EXIT_AUDIENCE: refusals.fits_exit_filter,
    Reason.EXIT_STEP: refusals.exit_step,
    Reason.DUPLICATE_ENTRY: refusals.twice,
    Reason.ALREADY_ENTERED: refusals.entered,
    Reason.REENTRY_WAIT: refusals.entered,
    Reason.JOURNEY_STOPPED: refusals.stopped,
}
"""What says why, by reason."""

MOVED = {
    "window": "held by the window",
    "quiet_hours": "held by quiet hours",
    "time_zone": "moved along with the user's time zone",
    "in_app": "kept for the user's next session",
}


CONFIRMED = "confirmed"
"""The part of a detail that says that a message without a clear answer did go out."""

CONFIRMATIONS = {
    "SEND": "SES confirmed that it had taken the e-mail,",
    "DELIVERY": "SES confirmed that it had delivered the e-mail,",
}
"""What each event of SES says that settles it."""


def full_sentence(told: Telling) -> str:
    """Return what a record says, as a sentence with its code at the end."""
    reason = told.record.reason
    if reason is None:
        return f"{_without_reason(told)}."
    return f"{_opening(told)}: {cause_and_code(told)}"


def cause_and_code(told: Telling) -> str:
    """Return why, with the code; without the values there is still the meaning of the code."""
    reason = told.record.reason
    cause = CAUSES[reason](told) if reason else None
    return f"{cause or _lower(told.explained)}. {_code(told)}"


def _lower(sentence: str) -> str:
    """Return a sentence as it stands inside another one."""
    return sentence[:1].lower() + sentence[1:].removesuffix(".")


def _opening(told: Telling) -> str:
    """Return what became of it."""
    record = told.record
    if record.step:
        done = _sent(told) if record.outcome is Outcome.SENT else "not sent"
        return f"Step {printable(record.step)} {done}"
    match record.outcome:
        case Outcome.SENT:
            return _sent(told).capitalize()
        case Outcome.EXITED:
            return "Left the journey"
        case Outcome.SKIPPED if record.kind is Kind.JOURNEY:
            return "Did not enter"
        case _:
            return "Not sent"


def _sent(told: Telling) -> str:
    """Return that it was sent, and how sure that is."""
    return "sent, and confirmed later" if CONFIRMED in told.detail else "sent, as far as is known"


def _confirmation(confirmed: object, told: Telling) -> str:
    """Return what the provider said later of a message without a clear answer (SPEC K3)."""
    said = confirmed if isinstance(confirmed, Mapping) else {}
    by = str(said.get("by") or "The provider")
    what = CONFIRMATIONS.get(by) or f"{printable(by)} confirmed it"
    at = in_utc(said.get("at"))
    return f"{what} {told.at(at)}" if at else what


def _code(told: Telling) -> str:
    """Return the reason's code, with what it names: the event, its id, the values that agreed."""
    facts = ", ".join(happenings.by_whom(told))
    return f"(`{told.record.reason}`{': ' if facts else ''}{facts})"


def _without_reason(told: Telling) -> str:
    record = told.record
    match record.outcome:
        case Outcome.SENT:
            step = f"Step {printable(record.step)} sent" if record.step else "Sent"
            return f"{step}{_after_due(told)}"
        case Outcome.SCHEDULED if record.due:
            moved = MOVED.get(record.moved_by or "", "")
            if record.moved_by == IN_APP:
                return (
                    f"Kept for their next session, until {told.clock.when(record.due, record.at)}"
                )
            due = f"due {told.clock.when(record.due, record.at)}"
            waits = span_words(record.due - record.at) if record.due > record.at else ""
            when = f"{due}, {waits} later" if waits else "due at once"
            return (
                f"{moved[:1].upper()}{moved[1:]}: {when}" if moved else f"Decided to send: {when}"
            )
        case Outcome.ENTERED:
            return "Entered the journey"
        case Outcome.COMPLETED:
            return "Went through the journey to its end"
        case outcome:
            return f"{outcome.value[:1].upper()}{outcome.value[1:]}"


def unfinished(told: Telling) -> str:
    """Return what is known of a matter whose end is not on record, from its newest record."""
    if told.record.kind is Kind.JOURNEY:
        return "On their way through the journey, as far as the records tell."
    return f"{_without_reason(told)}; how it ended is not on record."


def _after_due(told: Telling) -> str:
    record = told.record
    if record.due is None:
        return ""
    late = record.at - record.due
    return (
        f", {span_words(late)} after it was due"
        if late.total_seconds() >= 1
        else " at its due time"
    )


def besides(told: Telling) -> Iterator[str]:
    """Yield what else there is to say: what else failed, which zone counted, what was cut."""
    record, detail = told.record, told.detail
    also = [REASONS[code] for code in detail.get("also", ()) if code in REASONS]
    if also:
        others = "; ".join(f"{_lower(explained(r, record.kind))} (`{r}`)" for r in also)
        yield f"What else stood against it: {others}."
    if detail.get("zone_from") == "workspace" and record.outcome not in OPEN:
        zone = detail.get("zone")
        yield f"Their own time zone is not known, so the workspace's counted: {zone}."
    if confirmed := detail.get(CONFIRMED):
        yield f"{_confirmation(confirmed, told)}."
    if detail.get("time_clamped"):
        yield "The app said that the event lay in the future; its arrival counted as its time."
    if detail.get("shortened"):
        yield "The values that were compared were too long to be kept."
