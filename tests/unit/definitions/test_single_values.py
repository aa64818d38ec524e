"""Mistakes in single keys and values of a definition: code, place and the help that is offered."""

import pytest

from tests.unit.definitions.written import campaign, checked, found

VALUES_257 = str(list(range(257)))


@pytest.mark.parametrize(
    ("text", "code", "path", "offered"),
    [
        ("dealy: {after: 1h}", "unknown_key", "dealy", "`delay`"),
        ("Unless: []", "unknown_key", "Unless", "`unless`"),
        ("delay: {afer: 1h}", "unknown_key", "delay.afer", "`after`"),
        ("delay: {after: 1h, at: '09:00'}", "unknown_key", "delay.at", "`after`"),
        ("unless: [{evnt: x}]", "unknown_key", "unless[0].evnt", "`event`"),
        ("unless: [{event: x, macth: a}]", "unknown_key", "unless[0].macth", "`match`"),
        ("audience: {attribut: a, eq: 1}", "unknown_key", "audience.attribut", "`attribute`"),
        ("audience: {any: [{event: a, cont: 1}]}", "unknown_key", "audience.any[0].cont", "count"),
        ("reeligible: {aftr: 7d}", "unknown_key", "reeligible.aftr", "`after`"),
        ("window: {from_: '09:00', to: '18:00'}", "unknown_key", "window.from_", "`from`"),
        ("message: {chanel: event}", "unknown_key", "message.chanel", "`channel`"),
        ("audience: {attribute: a, equals: 1}", "unknown_operator", "audience.equals", "`eq`"),
        ("audience: {not: {attribute: a, graeter: 1}}", "unknown_operator", "audience.not.graeter",
         "`gt`"),
        ("audience: {event: a, count: {min: 1}}", "unknown_operator", "audience.count.min", "gte"),
        ("audience: {event: a, last: {within: 1d}}", "unknown_operator", "audience.last.within",
         "within_last"),
        ("delay: {after: 90}", "bad_duration", "delay.after", "30m"),
        ("delay: {after: 1.5h}", "bad_duration", "delay.after", "30m"),
        ("reeligible: {after: 7}", "bad_duration", "reeligible.after", "30m"),
        ("audience: {event: a, in_last: 7}", "bad_duration", "audience.in_last", "unit"),
        ("reeligible: {after: 721d}", "reeligible_too_long", "reeligible.after", "720d"),
        ("duration: {zone: Europe/Pariss}", "bad_time_zone", "duration.zone", "Europe/Paris"),
        ("delay: {days: 1, at: '09:00', zone: Nowhere}", "bad_time_zone", "delay.zone", "user"),
        ("audience: {attribute: a, matches: '(open'}", "bad_regex", "audience.matches", "re2"),
        ("audience: {attribute: a, not_matches: 7}", "bad_regex", "audience.not_matches", "re2"),
        (f"audience: {{attribute: a, in: {VALUES_257}}}", "list_too_long", "audience.in", "list"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_value_is_named(text: str, code: str, path: str, offered: str) -> None:
    """Each mistake is one issue, on its line, and offers what was probably meant."""
    (issue,) = checked(campaign(text)).issues
    assert (issue.code, issue.path, issue.line, issue.id) == (code, path, 3, "c")
    assert offered in issue.remedy


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("delay: 1h", "delay"),
        ("delay: {}", "delay"),
        ("delay: {at: '09:00'}", "delay"),
        ("delay: {after: 1h, until: x}", "delay"),
        ("delay: {days: 1}", "delay.at"),
        ("delay: {days: -1, at: '09:00'}", "delay.days"),
        ("delay: {days: 1.5, at: '09:00'}", "delay.days"),
        ("delay: {days: true, at: '09:00'}", "delay.days"),
        ("delay: {days: 1, at: '9:00'}", "delay.at"),
        ("delay: {next: sat, at: '09:00'}", "delay.next"),
        ("delay: {until: x, plus: 1h, minus: 1h}", "delay"),
        ("unless: {event: x}", "unless"),
        ("unless: [{event: x, match: 5}]", "unless[0].match"),
        ("unless: [{event: x, match: []}]", "unless[0].match"),
        ("unless: [{event: x, match: {a: 1}}]", "unless[0].match.a"),
        ("unless: [x]", "unless[0]"),
        ("audience: everyone", "audience"),
        ("audience: {}", "audience"),
        ("audience: {attribute: a, eq: 1, segment: s}", "audience"),
        ("audience: {attribute: a}", "audience"),
        ("audience: {all: {attribute: a, eq: 1}}", "audience.all"),
        ("audience: {attribute: a, in: FR}", "audience.in"),
        ("audience: {attribute: a, blank: perhaps}", "audience.blank"),
        ("audience: {attribute: a, blank: yes}", "audience.blank"),
        ("audience: {attribute: a, before: soon}", "audience.before"),
        ("audience: {attribute: a, gt: abc}", "audience.gt"),
        ("audience: {attribute: a, lt: true}", "audience.lt"),
        ("audience: {attribute: a, eq: [1]}", "audience.eq"),
        ("audience: {attribute: a, in: [1, [2]]}", "audience.in[1]"),
        ("audience: {attribute: a, day_of_year: 02-30}", "audience.day_of_year"),
        ("audience: {event: a, in_last: 31d}", "audience.in_last"),
        ("audience: {event: a, in_last: 36h}", "audience.in_last"),
        ("audience: {event: a, count: {}}", "audience.count"),
        ("audience: {segment: 5}", "audience.segment"),
        ("window: {from: '09:00'}", "window.to"),
        ("window: {from: '09:00', to: '18:00', send_outside: keep}", "window.send_outside"),
        ("quiet_hours: {from: '22:00', to: '08:00'}", "quiet_hours.then"),
        ("reeligible: sometimes", "reeligible"),
        ("reeligible: [never]", "reeligible"),
        ("recheck_audience: no", "recheck_audience"),
        ("control_percent: -1", "control_percent"),
        ("control_percent: 101", "control_percent"),
        ("launch_at: tomorrow", "launch_at"),
        ("status: lively", "status"),
        ("tags: promo", "tags"),
        ("message: {channel: emial}", "message.channel"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(text: str, path: str) -> None:
    """What is missing, out of range, of another type or two things at once is one `bad_value`."""
    assert found(campaign(text)) == [("bad_value", path, 3)]


@pytest.mark.parametrize(
    ("trigger", "code", "path"),
    [
        ("{where: {a: 1}}", "bad_value", "trigger.event"),
        ("{event: ''}", "bad_value", "trigger.event"),
        ("[]", "bad_value", "trigger"),
        ("cart_add", "bad_value", "trigger"),
        ("[{event: a}, {event: b, wher: {}}]", "unknown_key", "trigger[1].wher"),
        ("{event: a, where: {x: {greater: 5}}}", "unknown_operator", "trigger.where.x.greater"),
        ("[{event: a, where: {x: {is: 5}}}]", "unknown_operator", "trigger[0].where.x.is"),
        ("{event: a, where: {event: {in: FR}}}", "bad_value", "trigger.where.event.in"),
        ("{event: a, where: {'items[].sku': {}}}", "bad_value", 'trigger.where."items[].sku"'),
        ("{event: a, where: {x: {eq: null}}}", "bad_value", "trigger.where.x.eq"),
        (f"{{event: a, where: {{x: {VALUES_257}}}}}", "list_too_long", "trigger.where.x"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_trigger_is_found_in_both_spellings(
    trigger: str, code: str, path: str
) -> None:
    """A trigger may stand alone or in a list, and the path says what was written."""
    assert found(campaign(trigger=trigger)) == [(code, path, 2)]


@pytest.mark.parametrize("key", ["audience", "delay", "unless", "window", "status", "launch_at"])
def test_a_key_without_a_value_is_refused(key: str) -> None:
    """A value that was commented out must not mean everyone, at once or never."""
    assert found(campaign(f"{key}:")) == [("bad_value", key, 3)]


def test_several_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    """One reading of the list mends the whole file."""
    text = """\
    delay: {after: 5}
    unless:
      - event: purchase
        match: 7
    dealy: 1
    audience:
    window: {from: '09:00', to: '18:00', timezone: user}
    """
    assert found(campaign(text)) == [
        ("bad_duration", "delay.after", 3),
        ("bad_value", "unless[0].match", 6),
        ("unknown_key", "dealy", 7),
        ("bad_value", "audience", 8),
        ("unknown_key", "window.timezone", 9),
    ]


@pytest.mark.parametrize("name", ["a b", "", "é", "x" * 65, "'a\n'", "17", "true", "[a]"])
def test_an_id_is_letters_digits_underscore_and_hyphen(name: str) -> None:
    """Any other id is refused, also one that YAML does not take for text."""
    text = f"campaign: {name or repr(name)}\ntrigger: {{event: a}}\n"
    assert [(issue.code, issue.path) for issue in checked(text).issues] == [
        ("bad_value", "campaign")
    ]


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        ("workspace: {zone: user}", "bad_time_zone", "workspace.zone"),
        ("workspace: {zone: Mars}", "bad_time_zone", "workspace.zone"),
        ("workspace: {max_lateness: 60}", "bad_duration", "workspace.max_lateness"),
        ("workspace: {record: some}", "bad_value", "workspace.record"),
        ("workspace: {recrod: all}", "unknown_key", "workspace.recrod"),
        ("workspace: {ledger: {keep: 30}}", "bad_duration", "workspace.ledger.keep"),
        ("workspace: {ledger: {keep: 23h}}", "bad_value", "workspace.ledger.keep"),
        ("workspace: {ledger: {keep: 3651d}}", "bad_duration", "workspace.ledger.keep"),
        ("workspace: {ledger: {filter_mismatch: some}}", "bad_value",
         "workspace.ledger.filter_mismatch"),
        ("workspace: {ledger: {kepp: 30d}}", "unknown_key", "workspace.ledger.kepp"),
        ("workspace: {caps: [{max: 0, per: day}]}", "bad_value", "workspace.caps[0].max"),
        ("workspace: 5", "bad_value", "workspace"),
        ("workspace:", "bad_value", "workspace"),
        ("workspace: {}\ncaps: []", "unknown_key", "caps"),
        ("segment: s", "bad_value", "audience"),
        ("segment: s\naudience: {attribute: a, is: 1}", "unknown_operator", "audience.is"),
        ("campain: c", "unknown_key", "campain"),
        ("AWSTemplateFormatVersion: x", "bad_value", ""),
        ("[1]", "bad_value", ""),
        ("just text", "bad_value", ""),
    ],
)  # fmt: skip
def test_other_documents_are_judged_too(text: str, code: str, path: str) -> None:
    """The workspace and segments have mistakes of their own, and other documents are refused."""
    assert [(str(issue.code), issue.path) for issue in checked(text).issues] == [(code, path)]
