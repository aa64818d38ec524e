"""The JSON Schema of the definitions agrees with the checks on what people write."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from unless.definitions.checks import check_values
from unless.definitions.reading import read_text
from unless.definitions.schema import json_schema

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

SPEC_EXAMPLE = """
campaign: abandoned_cart            # id: [A-Za-z0-9_-]{1,64}
description: Remind people who left 100 to 200 euros in their cart.
status: live
launch_at: 2026-01-01T00:00:00Z
tags: [promo]
trigger: {event: cart_updated, where: {cart_value: {gte: 100, lte: 200}}}
audience: {all: [{attribute: country, in: [FR, BE]}]}
delay: {after: 1h}
unless:
  - {event: purchase, match: cart_id}
  - {event: session_start}
duration: {start: 2026-02-01T00:00, end: 2026-12-31T23:59, zone: user}
window: {from: "09:00", to: "18:00", zone: user, trigger_outside: drop, send_outside: hold}
quiet_hours: {from: "22:00", to: "08:00", zone: user, then: hold}
reeligible: never
recheck_audience: true
"""

AUDIENCE = """
segment: everything
audience:
  all:
    - {attribute: plan, in: [gold, silver]}
    - {event: purchase, where: {product_id: backpack-example}, count: {eq: 0}}
    - {event: session_start, last: {within_last: 1d}}
    - {event: purchase, count: {gte: 2}, in_last: 30d}
    - {purchase_total: {gte: 100}}
    - {received: welcome, last: {more_than_ago: 7d}}
    - {subscription_group: newsletter, eq: true}
    - any: [{segment: lapsed}, {not: {attribute: country, eq: US}}]
"""

JOURNEY = """
journey: onboarding
entry:
  trigger: {event: registered}
  audience: {attribute: country, in: [FR, BE]}
  duration: {start: 2026-02-01}
  window: {from: "09:00", to: "18:00"}
quiet_hours: {from: "22:00", to: "08:00", then: hold}
reentry: {after: 3d}
exit:
  when: immediate
  events: [{event: purchase, where: {product_id: backpack-example}, match: cart_id}]
  audience: {attribute: plan, eq: gold}
steps:
  - delay: {after: 1d, at: "14:00"}
  - delay: {id: saturday, next: saturday, at: "15:15"}
  - message: {id: day5, channel: event}
  - split: {if: {attribute: vip, eq: true}, then: [{exit: true}], else: [{message: {}}]}
  - wait_for: {within: 1d, paths: [{event: session_start, steps: []}], otherwise: []}
  - branch: {paths: [{audience: {segment: lapsed}, steps: [{message: {}}]}], otherwise: []}
  - experiment: {paths: [{weight: 50, steps: []}, {weight: 50, steps: [{message: {}}]}]}
  - update: {attributes: {onboarded: true, plan: null}}
  - exit: true
"""


def value_of(text: str) -> Any:
    (document,) = read_text(text).documents
    return document.value


def campaign(text: str) -> str:
    return f"campaign: c\n{'' if 'trigger:' in text else 'trigger: {event: a}'}\n{text}"


def journey(text: str, entry: str = "{trigger: {event: a}}") -> str:
    steps = "" if "steps:" in text else "steps: [{message: {}}]"
    return f"journey: v\nentry: {entry}\n{steps}\n{text}"


@pytest.mark.parametrize(
    "text",
    [
        SPEC_EXAMPLE,
        AUDIENCE,
        JOURNEY,
        "workspace: {zone: Europe/Paris, max_lateness: 1h, record: [page_viewed]}",
        "workspace: {ledger: {keep: 90d, filter_mismatch: none}}",
        "workspace: {quiet_hours: {from: '22:00', to: '08:00', then: drop}, record: named}",
        campaign("trigger: [{event: a}, {event: b, where: {x: 1, y: [a, b], z: {blank: true}}}]"),
        campaign("delay: {days: 1, at: '09:00', zone: user}"),
        campaign("delay: {next: saturday, at: '15:15'}"),
        campaign("delay: {until: appointment_at, minus: 24h}"),
        campaign("delay: {after: PT1H}\nunless: [{event: a, match: {order_cart: cart_id}}]"),
        campaign("delay: {after: 1h30m}\nunless: [{event: a, match: [a, b]}]"),
        campaign("reeligible: {after: 7d}"),
        campaign("launch_at: 2026-01-01"),
    ],
)
def test_what_people_write_is_accepted(text: str) -> None:
    """The examples of SPEC and all short forms pass."""
    assert [error.message for error in VALIDATOR.iter_errors(value_of(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "campaign: c",
        "campain: c",
        "campaign: a b\ntrigger: {event: a}",
        campaign("dealy: {after: 1h}"),
        campaign("delay: {after: 90}"),
        campaign("delay: {after: 90 minutes}"),
        campaign("delay: {after: 1h, until: x}"),
        campaign("delay: {days: 1}"),
        campaign("delay: {days: -1, at: '09:00'}"),
        campaign("delay: {days: 1, at: '9:00'}"),
        campaign("delay: {}"),
        campaign("delay:"),
        campaign("audience:"),
        campaign("audience: {attribute: a}"),
        campaign("audience: {attribute: a, equals: 1}"),
        campaign("audience: {attribute: a, in: FR}"),
        campaign("audience: {attribute: a, blank: perhaps}"),
        campaign("audience: {all: {attribute: a, eq: 1}}"),
        campaign("trigger: []"),
        campaign("trigger: {event: a, where: {x: {}}}"),
        campaign("trigger: {event: a, where: {x: {greater: 1}}}"),
        campaign("trigger: {event: a, where: {x: null}}"),
        campaign(f"trigger: {{event: a, where: {{x: {list(range(257))}}}}}"),
        campaign("unless: {event: a}"),
        campaign("window: {from: '09:00', to: '18:00', timezone: user}"),
        campaign("quiet_hours: {from: '09:00', to: '18:00'}"),
        campaign("reeligible: sometimes"),
        campaign("control_percent: 101"),
        campaign("launch_at: tomorrow"),
        campaign("status: lively"),
        journey("", "{}"),
        journey("", "{trigger: []}"),
        journey("trigger: {event: a}"),
        journey("reentry: once"),
        journey("exit: {}"),
        journey("exit: {when: immediate}"),
        journey("exit: {when: later, events: [{event: a}]}"),
        journey("exit: {events: {event: a}}"),
        journey("steps: []"),
        journey("steps: {delay: {after: 1h}}"),
        journey("steps: [{dealy: {after: 1h}}]"),
        journey("steps: [{delay: {after: 1h}, message: {}}]"),
        journey("steps: [{}]"),
        journey("steps: [{exit: false}]"),
        journey("steps: [{delay: {after: 1h, until: x}}]"),
        journey("steps: [{split: {then: []}}]"),
        journey("steps: [{split: {if: {attribute: a, eq: 1}, then: [{delay: {after: 5}}]}}]"),
        journey("steps: [{wait_for: {within: 1d, paths: []}}]"),
        journey("steps: [{wait_for: {paths: [{event: a, steps: []}]}}]"),
        journey("steps: [{experiment: {paths: [{weight: 0, steps: []}]}}]"),
        journey("steps: [{update: {attributes: {}}}]"),
        "workspace: {recrod: all}",
        "segment: s",
    ],
)
def test_what_the_checks_refuse_the_editor_underlines(text: str) -> None:
    """Mistakes in keys and single values are seen while the file is written."""
    value = value_of(text)
    assert not check_values([value]).ok
    assert not VALIDATOR.is_valid(value)


def test_the_schema_is_a_schema() -> None:
    """It obeys its own dialect."""
    Draft202012Validator.check_schema(SCHEMA)


def test_every_key_is_explained() -> None:
    """An editor shows a sentence for every key and for every kind of mapping."""
    bare = [
        f"{name}.{key}"
        for name, model in SCHEMA["$defs"].items()
        for key, value in model.get("properties", {}).items()
        if not value.get("description") and "$ref" not in value
    ]
    assert bare == []
    assert [name for name, each in SCHEMA["$defs"].items() if not each.get("description")] == []


def test_no_mapping_takes_unknown_keys() -> None:
    """Completion and checking need closed mappings."""
    loose = [
        name
        for name, each in SCHEMA["$defs"].items()
        if each.get("type") == "object" and each.get("additionalProperties") is not False
    ]
    assert loose == []
