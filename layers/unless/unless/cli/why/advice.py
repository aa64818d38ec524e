"""
What would have to change, one line for each reason.
"""

from collections.abc import Mapping

from unless.cli.console import printable
from unless.cli.why.telling import Telling
from unless.engine.records import Reason

ADVICE: Mapping[Reason, str] = {
    Reason.BEFORE_LAUNCH: (
        "Only what happens after the launch counts; an earlier `launch_at` judges no past event "
        "again."
    ),
    Reason.TOO_OLD: "The app must put its events on the bus sooner; see what held this one up.",
    Reason.NOT_IN_AUDIENCE: (
        "They must be in the audience when the event arrives: what changes later, be it by a "
        "second, does not count."
    ),
    Reason.FILTER_MISMATCH: (
        "Another event of theirs may pass; to let this kind in, change the trigger's `where`."
    ),
    Reason.OUTSIDE_DURATION_AT_TRIGGER: "Change `duration`; events within it count from then on.",
    Reason.OUTSIDE_DURATION_AT_SEND: "A later end of `duration`, or a shorter `delay`, would do.",
    Reason.OUTSIDE_WINDOW_AT_TRIGGER: (
        "`trigger_outside: hold` in `window` lets such events in, and so does a wider window."
    ),
    Reason.OUTSIDE_WINDOW_AT_SEND: (
        "`send_outside: hold` in `window` keeps the message until the window opens."
    ),
    Reason.EXCEPTION_EVENT: (
        "This is what `unless` is for; to send all the same, take {name} out of it, or narrow that "
        "row by `match` or `where`."
    ),
    Reason.RESCHEDULED: "Nothing has to: the message of the later event counts instead.",
    Reason.ALREADY_RECEIVED: (
        "With `reeligible: always`, or such as `{{after: 7d}}`, people may receive it again."
    ),
    Reason.REELIGIBILITY_WAIT: "Wait for an event after that, or shorten `reeligible`.",
    Reason.AUDIENCE_LOST: (
        "Without `recheck_audience: true` only the audience at the event would count."
    ),
    Reason.QUIET_HOURS: "`then: hold` in `quiet_hours` keeps the message until they are over.",
    Reason.FREQUENCY_CAPPED: "Raise the cap in unless.yaml, or send fewer other messages.",
    Reason.TEMPLATE_ABORT: "The template asks for this by `abort_message`; change when it does.",
    Reason.TEMPLATE_ERROR: "Correct the template, and look at it with `unless preview {id}`.",
    Reason.UNREACHABLE: (
        "The app must report the address in the user's attributes before the message is due."
    ),
    Reason.UNSUBSCRIBED: "Only they can change that, by subscribing again.",
    Reason.CONTROL_GROUP: "With `control_percent: 0` nobody is left out.",
    Reason.USER_NOT_FOUND: "Nothing brings it back; events from after the deletion count anew.",
    Reason.CAMPAIGN_STOPPED: (
        "`unless resume {id}` makes it live again for events to come; what was pending stays ended."
    ),
    Reason.DELAY_IN_PAST: "The event must happen before the time that `delay` names.",
    Reason.DELAY_INVALID: (
        "The event must carry the property that `until` names, as an instant such as "
        "2026-02-02T10:00:00Z."
    ),
    Reason.TOO_LATE: (
        "See what was paused or down then; a longer `max_lateness` in unless.yaml would allow it."
    ),
    Reason.DELIVERY_FAILED: "See what the channel objects to; the next event starts a new message.",
    Reason.DELIVERY_UNKNOWN: "Ask the provider whether it went out; here it counts as received.",
    Reason.FANOUT_CAPPED: (
        "Fewer definitions may have this trigger; give them a `where` that tells them apart. See "
        "that the app does not repeat its event without end."
    ),
    Reason.LOOP_LIMIT: "Break the circle: `unless check` names it (`send_loop`).",
    Reason.EXIT_EVENT: (
        "This is what `exit` is for; to keep them in, take {name} out of `exit.events`, or narrow "
        "that row by `match` or `where`."
    ),
    Reason.EXIT_AUDIENCE: "This is what `exit.audience` is for; narrow it to keep them in.",
    Reason.EXIT_STEP: "Nothing has to: the journey is written so.",
    Reason.DUPLICATE_ENTRY: "Nothing has to: the first of the two entries counts.",
    Reason.ALREADY_ENTERED: (
        "With `reentry: always`, or such as `{{after: 3d}}`, people may enter again."
    ),
    Reason.REENTRY_WAIT: "Wait for an event after that, or shorten `reentry`.",
    Reason.JOURNEY_STOPPED: "`unless resume {id}` lets people enter again, by events to come.",
}
"""One line for each reason: what a person would change for another outcome."""

OF_STEPS = {
    Reason.DELAY_IN_PAST: "They must arrive at the step before the time that its `delay` names.",
    Reason.TOO_LATE: "See what was paused or down then; they went on to the next step.",
    Reason.DELIVERY_FAILED: "See what the channel objects to; they went on to the next step.",
}
"""What differs inside a journey."""

NOT_SHOWN = "A longer `expires` in `message` lets it wait longer for their next session."

BOUNCED = "The app must report another address: nothing is sent any more to one that has failed."

CONFIRMED = "Nothing has to: the message did go out."

SUBSCRIBE = (
    "Only they can change that; once they have, the app reports it as "
    "`subscription_groups: {{{group}: true}}`."
)

STOPPED = (Reason.CAMPAIGN_STOPPED, Reason.JOURNEY_STOPPED)


def advice(told: Telling) -> str:
    """Return what would have to change; empty for what went as it should."""
    reason = told.record.reason
    if reason is None:
        return ""
    if told.is_about(*STOPPED) and "by" in told.detail:
        return "Nothing has to: only this one was cancelled; the next event counts as ever."
    if (special := _special(told)) is not None:
        return special
    inside = told.record.step is not None or "step" in told.detail
    line = (OF_STEPS.get(reason) if inside else None) or ADVICE[reason]
    name = told.detail.get("name")
    return line.format(
        name=printable(str(name)) if name else "that event", id=told.record.definition
    )


def _special(told: Telling) -> str | None:
    """Return what would change it where that depends on more than the reason."""
    detail = told.detail
    if told.is_about(Reason.TOO_LATE) and "expired" in detail:
        return NOT_SHOWN
    if told.is_about(Reason.UNREACHABLE) and detail.get("bounced"):
        return BOUNCED
    if told.is_about(Reason.DELIVERY_UNKNOWN) and "confirmed" in detail:
        return CONFIRMED
    if told.is_about(Reason.UNSUBSCRIBED) and "group" in detail:
        return SUBSCRIBE.format(group=printable(str(detail["group"])))
    return None
