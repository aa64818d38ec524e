"""
What a mistake in a definition means for the people who would receive its messages.

An error is never published, so its sentence says what would have happened; a warning's says what
will. Where a rule knows more, it says so itself and these are not used.
"""

from collections.abc import Mapping

EFFECTS: Mapping[str, str] = {
    "unknown_key": "The line would count for nothing: people would get the message as if you had "
    "never written it.",
    "bad_value": "Nobody could tell who gets the message, or when; it would be a guess.",
    "bad_duration": "The message would come far too early or far too late.",
    "bad_time_zone": "A time of day would be read on a wrong clock: 09:00 may be somebody's night.",
    "bad_regex": "The filter could be judged for nobody, and so nobody would pass it.",
    "unknown_operator": "A filter that compares nothing would let everyone pass, also those whom "
    "it is meant to keep out.",
    "unknown_segment": "Nobody is in a segment that is not there: nobody would pass, and under a "
    "`not` everyone would.",
    "duplicate_id": "Only one of the two could run, and nobody would get the other. Their receipts "
    "would be mixed up as well.",
    "list_too_long": "Every event of everybody is compared with the whole list: it would "
    "slow down the messages of every campaign.",
    "exception_needs_delay": "The message would be gone before anything could cancel it: who buys "
    "a minute later would get it all the same.",
    "session_start_both": "Every session would cancel what the one before it started: whoever "
    "comes back soon enough, time and again, would never get the message.",
    "reeligible_too_long": "A wait of 720 days is the longest that is kept to: after that people "
    "would get it again, earlier than you wrote.",
    "array_attribute_trigger": "It would wait for something that is never reported: nobody would "
    "get anything.",
    "array_in_exit": "Nobody would be taken out by it: people would go on getting messages after "
    "they have done what should end them.",
    "filter_not_kept": "The property would not be looked at: people would be let in for any such "
    "event, or kept out because of any.",
    "wait_too_long": "Whoever does none of it would hear nothing at all for longer than a month.",
    "unreachable_step": "Nobody would ever get what stands here.",
    "delay_exceeds_duration": "Nobody gets anything: whoever triggers it is skipped as "
    "`outside_duration_at_send`.",
    "audience_uses_trigger": "Whoever does it for the first time gets nothing "
    "(`not_in_audience`): what triggers is not in their history yet.",
    "exit_filter_shorter_than_wait": "People who should have left stay in the journey, and get "
    "the next message all the same.",
    "send_loop": "Each message brings about the next one: people get it again and again, until the "
    "loop is cut off after five (`loop_limit`).",
    "window_never_met": "Nobody gets anything: every message would come outside the window and is "
    "dropped.",
}
"""By code."""

WITHOUT: Mapping[str, str] = {
    "after": "it would go out at once",
    "at": "it would come at any time of day",
    "attributes": "nobody's profile would change",
    "audience": "everyone who triggers it would get it",
    "control_percent": "there would be no group without the message to compare with",
    "count": "once would be enough to pass",
    "delay": "it would go out at once, before anybody could do what should hold it back",
    "duration": "it would go on after its last day",
    "end": "it would go on after its last day",
    "entry": "nobody would ever enter",
    "event": "there would be nothing to wait for, and nobody would get it",
    "events": "nothing that people do would take them out, and they would get every message",
    "exit": "everyone would go through all the steps, also those who have bought",
    "first": "it would not matter when people did it for the first time",
    "from": "it would come at any time of day, also at night",
    "in_last": "what people did years ago would count as well",
    "last": "what people did years ago would count as well",
    "launch_at": "it would begin the moment it is published",
    "match": "any such event would count: buying one cart would cancel the reminder of another",
    "otherwise": "those to whom nothing of it happens would get nothing here",
    "paths": "there would be no way on from here",
    "quiet_hours": "it would wake people at night",
    "recheck_audience": "people who leave the audience during the delay would get it all the same",
    "reentry": "each person would enter once, and never again",
    "reeligible": "each person would get it once, and never again",
    "start": "it would begin before its first day",
    "status": "it would be live at once, and people would get it",
    "steps": "nobody would get anything",
    "then": "people would get at night what should have waited, or the other way round",
    "to": "it would come at any time of day, also at night",
    "trigger": "it would never start, and nobody would get it",
    "unless": "nothing would cancel it: people who have bought would be reminded to buy",
    "where": "every such event would count, also those that are meant to be left out",
    "window": "it would come at any time of day, also at night",
    "within": "people would wait here for ever",
    "zone": "times would be read on the default clock, and it would come hours off",
}
"""What happens to people when a key is missing, by key: the end of a sentence."""


def effect_of(code: str) -> str:
    """Return what a mistake of this code means for people, as a sentence."""
    return EFFECTS[code]


def without(key: object) -> str:
    """Return what happens to people without that key, as a sentence; empty where it says little."""
    said = WITHOUT.get(str(key))
    return f"Without `{key}` {said}." if said else ""
