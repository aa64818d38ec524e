"""
One sentence on each key of a journey and of its steps, shown by editors beside the key.
"""

_ID = "The step's name in records; without one, its place, such as 2.then.0."
_WHERE = "Conditions on the event's properties, by path; all must hold."
_CLOCK_TIME = "The time of day in the zone."
_ZONE = "Whose clock counts: user, company (the workspace's zone) or an IANA name."
_OTHERWISE = "The steps of everyone else; the step after this one follows them."
_PATH_STEPS = "The steps of this path; the step after the paths follows them."

MESSAGE_HINTS = {
    "template": "The file in templates/ that holds the message; HTML in e-mail, else plain text.",
    "subject": "The subject of an e-mail, in Liquid; one text, or texts by language.",
    "text": "The message itself, in Liquid; one text, or texts by language with a `default`.",
    "url": "Where a webhook's request goes, https.",
    "expires": "How long an in-app message waits for the user's next session; 7d.",
}
"""Of a campaign's message and a journey's alike."""

JOURNEY_HINTS: dict[str, dict[str, str]] = {
    "Journey": {
        "journey": "The journey's id, unique among campaigns and journeys.",
        "description": "What the journey is for, in words.",
        "status": "live works, paused holds people where they are, draft does nothing.",
        "launch_at": "Triggers before this instant never count; default: its first publishing.",
        "tags": "Names by which frequency caps can group its messages.",
        "consent": "The subscription group whose members want its messages; without it, everyone.",
        "entry": "Who enters, and when.",
        "quiet_hours": "The part of the day in which none of its messages is sent.",
        "reentry": "Whether and how soon the same user may enter again; never when not written.",
        "exit": "What takes people out before the last step.",
        "steps": "What happens to those who entered, one step after the other; 200 at most.",
    },
    "Entry": {
        "trigger": "The event by which a user enters, or several of which any one does.",
        "audience": "Who may enter, judged when the trigger happens; without it, everyone.",
        "duration": "The first and last instant in which people enter; their steps go on after it.",
        "window": "The part of the day in which people enter.",
    },
    "ReentryAfter": {"after": "How long after the last entry."},
    "Exit": {
        "when": "end_of_step: an exit event acts when the present step ends; immediate: at once.",
        "events": "Events that take a user out when they happen after the entry.",
        "audience": "Who is taken out, judged at the end of each step.",
    },
    "DelayStep": {"delay": "Wait; counted from the arrival at this step."},
    "MessageStep": {"message": "Send a message; everyone goes on afterwards, also who gets none."},
    "SplitStep": {"split": "One way for those in an audience, another for the rest."},
    "WaitForStep": {"wait_for": "Wait for the first of several events, for so long at most."},
    "BranchStep": {"branch": "The first path whose audience the user is in."},
    "ExperimentStep": {"experiment": "Divide users at random, each always the same way."},
    "UpdateStep": {"update": "Change the user's profile."},
    "ExitStep": {"exit": "Leave the journey here."},
    "AfterStep": {
        "id": _ID,
        "after": "Elapsed time after the arrival; a day is 24 hours.",
        "at": "Then wait on for this time of day.",
        "zone": _ZONE,
    },
    "DaysStep": {
        "id": _ID,
        "days": "Calendar days after the date of the arrival; 0 is the same day.",
        "at": _CLOCK_TIME,
        "zone": _ZONE,
    },
    "NextStep": {
        "id": _ID,
        "next": "The weekday, always after the date of the arrival.",
        "at": _CLOCK_TIME,
        "zone": _ZONE,
    },
    "BestTimeStep": {
        "id": _ID,
        "best_time": "The hour of day in which the user is most engaged.",
        "fallback": "The time of day for users of whom too little is known.",
    },
    "UntilStep": {
        "id": _ID,
        "until": "A property of the entry's event that holds an instant, or an instant.",
        "minus": "Go on this long before it.",
        "plus": "Go on this long after it.",
        "zone": "Whose clock an instant without a zone is read on.",
    },
    "MessageBody": {
        "id": _ID,
        "channel": "How it reaches the user; event puts message.requested on the bus.",
        **MESSAGE_HINTS,
    },
    "Split": {
        "id": _ID,
        "if": "Who goes the first way, judged on arrival.",
        "then": "The steps of those in the audience; the step after the split follows them.",
        "else": "The steps of the others; the step after the split follows them.",
    },
    "WaitFor": {
        "id": _ID,
        "within": "The longest wait, 31d at most.",
        "paths": "The events; the first that happens decides.",
        "otherwise": "The steps when none of them happens in time.",
    },
    "WaitPath": {"event": "The event's name (detail-type).", "where": _WHERE, "steps": _PATH_STEPS},
    "Branch": {"id": _ID, "paths": "The paths, tried in this order.", "otherwise": _OTHERWISE},
    "BranchPath": {"audience": "Who goes this way, judged on arrival.", "steps": _PATH_STEPS},
    "Experiment": {"id": _ID, "paths": "The paths between which users are divided."},
    "ExperimentPath": {
        "weight": "This path's share, in proportion to the weights of the others.",
        "steps": _PATH_STEPS,
    },
    "Update": {"id": _ID, "attributes": "The attributes to set; null removes one."},
}
"""By model and written key."""
