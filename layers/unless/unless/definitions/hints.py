"""
One sentence on each key of a definition, shown by editors beside the key.

They stand here and not in the models: those are loaded by every function, these by one command.
Those of journeys are in `unless.definitions.step_hints`.
"""

from unless.definitions.step_hints import JOURNEY_HINTS, MESSAGE_HINTS

_ZONE = "Whose clock counts: user, company (the workspace's zone) or an IANA name."
_CLOCK_TIME = "The time of day in the zone."
_WHERE = "Conditions on the event's properties, by path; all must hold."
_COUNT = "How often; at least once when not written."
_FIRST = "When it happened for the first time."
_LAST = "When it happened last."
_IN_LAST = "Count only today and this many UTC days before."
_HOLD_OR_DROP = "hold: move the message to the end of quiet hours; drop: do not send it."

_OPERATORS = {
    "eq": "Equal to; case-sensitive, and of the same type.",
    "ne": "Not equal to; a missing value passes.",
    "in": "One of these.",
    "not_in": "None of these; a missing value passes.",
    "gt": "Greater than, or later than.",
    "gte": "At least, or not before.",
    "lt": "Less than, or earlier than.",
    "lte": "At most, or not after.",
    "matches": "Contains a match of this RE2 regular expression, in any case of letters.",
    "not_matches": "A text without a match of this RE2 regular expression.",
    "contains_any": "An array with one of these, or a text with one of these in it.",
    "contains_none": "An array or text with none of these; a missing value passes.",
    "blank": "true: absent or null; false: there is a value, be it an empty text.",
    "before": "Before this instant.",
    "after": "After this instant.",
    "within_last": "In the past, at most this long ago.",
    "more_than_ago": "In the past, longer ago than this.",
    "within_next": "In the future, at most this far ahead.",
    "more_than_ahead": "In the future, further ahead than this.",
    "day_of_year": "On this day of any year.",
}

CHANNEL_HINT = "How a message reaches its user; event puts message.requested on the bus."

HINTS: dict[str, dict[str, str]] = {
    "Campaign": {
        "campaign": "The campaign's id, unique in the workspace.",
        "description": "What the campaign is for, in words.",
        "status": "live works, paused holds messages back, draft does nothing; a new one is live.",
        "launch_at": "Triggers before this instant never count; default: its first publishing.",
        "tags": "Names by which frequency caps can group campaigns.",
        "consent": "The subscription group whose members want it; without it, everyone may.",
        "trigger": "The event that starts a send, or several of which any one does.",
        "audience": "Who may receive it, judged when the trigger happens; without it, everyone.",
        "delay": "How long after the trigger the message is due; without it, at once.",
        "unless": "Events that cancel the message when they happen before it is sent.",
        "duration": "The first and last instant in which the campaign works.",
        "window": "The part of the day in which the message may be received.",
        "quiet_hours": "The part of the day in which nothing is sent; replaces the workspace's.",
        "reeligible": "Whether and how soon the same user may receive the campaign again.",
        "recheck_audience": "Judge the audience once more when the message is due.",
        "conversions": "Events that count as a success when they follow the message in time.",
        "control_percent": "Percentage of users who get nothing, for comparison.",
        "message": "What is sent, and over which channel.",
    },
    "Trigger": {"event": "The event's name (detail-type).", "where": _WHERE},
    "ExceptionRow": {
        "event": "The event's name (detail-type).",
        "where": _WHERE,
        "match": "Only for triggers that agree in these properties, such as cart_id.",
    },
    "AfterDelay": {"after": "Elapsed time after the trigger."},
    "DaysDelay": {
        "days": "Calendar days after the trigger's date; 0 is the same day.",
        "at": _CLOCK_TIME,
        "zone": _ZONE,
    },
    "NextDelay": {
        "next": "The weekday, always after the trigger's own date.",
        "at": _CLOCK_TIME,
        "zone": _ZONE,
    },
    "BestTimeDelay": {
        "best_time": "The hour of day in which the user is most engaged.",
        "fallback": "The time of day for users of whom too little is known.",
    },
    "UntilDelay": {
        "until": "A property of the trigger that holds an instant, or an instant.",
        "minus": "Send this long before it.",
        "plus": "Send this long after it.",
        "zone": "Whose clock an instant without a zone is read on.",
    },
    "ActiveDuration": {
        "start": "The first instant, inclusive.",
        "end": "The last instant, inclusive.",
        "zone": _ZONE,
    },
    "Window": {
        "from": "The first minute of the window.",
        "to": "The end of the window, exclusive; before `from` it is on the next day.",
        "zone": _ZONE,
        "trigger_outside": "drop or hold: what becomes of a trigger outside the window.",
        "send_outside": "drop what is due outside, or hold it; of no effect in a journey's entry.",
    },
    "QuietHours": {
        "from": "The first minute of the quiet hours.",
        "to": "Their end, exclusive; before `from` it is on the next day.",
        "zone": _ZONE,
        "then": _HOLD_OR_DROP,
    },
    "ReeligibleAfter": {"after": "How long after the last receipt; at most 720 days."},
    "Conversion": {
        "event": "The event's name (detail-type).",
        "where": _WHERE,
        "within": "How long after the receipt it still counts; 31d at most.",
    },
    "Message": {
        "channel": "How it reaches the user; event puts message.requested on the bus.",
        **MESSAGE_HINTS,
    },
    "Segment": {
        "segment": "The segment's id, for use as {segment: id} in audiences.",
        "description": "Who they are, in words.",
        "audience": "Who belongs to it.",
    },
    "Workspace": {
        "zone": "The company's zone, an IANA name; default: UTC.",
        "max_lateness": "Longest time after its due time that a message may still be sent; 1h.",
        "record": "Keep the history of all events, of those that are named, or of these as well.",
        "ledger": "How long decision records are kept, and which.",
        "caps": "The most messages to one user in a time.",
        "quiet_hours": "Quiet hours of every definition without its own.",
    },
    "RecordKeeping": {
        "keep": "How long `unless why` can tell of a decision: 1d to 3650d; 30d.",
        "filter_mismatch": (
            "Of events that fail the trigger's filter: all records, only the last of each user and "
            "campaign, or none."
        ),
    },
    "Cap": {
        "max": "The most messages.",
        "per": "day, week or a rolling duration, 31d at most.",
        "channel": "Count and hold back only messages of this channel.",
        "tag": "Count and hold back only campaigns with this tag.",
    },
    "Operators": _OPERATORS,
    "AttributeFilter": {"attribute": "The path of a user's attribute.", **_OPERATORS},
    "SubscriptionGroupFilter": {"subscription_group": "The group's name.", **_OPERATORS},
    "EventFilter": {
        "event": "The event's name.",
        "where": "Only for purchase, and only {product_id: …}: nothing else is kept by property.",
        "count": _COUNT,
        "first": _FIRST,
        "last": _LAST,
        "in_last": _IN_LAST,
    },
    "ReceivedFilter": {
        "received": "The id of a campaign.",
        "count": _COUNT,
        "first": _FIRST,
        "last": _LAST,
        "in_last": _IN_LAST,
    },
    "PurchaseTotalFilter": {
        "purchase_total": "Money spent: price times quantity over all currencies."
    },
    "SegmentFilter": {"segment": "The id of a segment."},
    "AllOf": {"all": "Every one of these holds."},
    "AnyOf": {"any": "At least one of these holds."},
    "NotOf": {"not": "This does not hold."},
    **JOURNEY_HINTS,
}
"""By model and written key."""
