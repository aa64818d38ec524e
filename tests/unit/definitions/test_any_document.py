"""Whatever people write, the checks answer with definitions or with complete issues."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from unless.definitions.checks import check, check_values
from unless.definitions.documents import Document, Lines
from unless.definitions.schema import json_schema

VALIDATOR = Draft202012Validator(json_schema())

KEYS = (
    "campaign", "segment", "workspace", "journey", "trigger", "event", "where", "audience", "all",
    "any", "not", "attribute", "received", "purchase_total", "subscription_group", "count", "last",
    "in_last", "eq", "in", "gte", "matches", "within_last", "blank", "delay", "after", "days", "at",
    "next", "until", "minus", "zone", "unless", "match", "duration", "start", "end", "window",
    "from", "to", "from_", "reeligible", "message", "channel", "quiet_hours", "then", "dealy",
    "caps", "record", "status", "launch_at", "tags", "conversions", "control_percent", "a.b[]",
)  # fmt: skip
WORDS = (
    "c", "user", "company", "Europe/Paris", "1h", "30d", "09:00", "18:00", "2026-02-01", "never",
    "live", "event", "hold", "drop", "cart_id", "session_start", "purchase", "product_id", "(open",
    "message_interaction", "9999-12-31T23:59", "0001-01-01", "", "a b", "attribute_changed",
)  # fmt: skip

scalars = st.none() | st.booleans() | st.integers(-5, 800) | st.floats() | st.sampled_from(WORDS)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)
loose = st.dictionaries(st.sampled_from(KEYS), values, max_size=6) | values

clock = st.sampled_from(["09:00", "18:00", "22:00"])
zone = st.sampled_from(["user", "company", "UTC", "Asia/Tokyo"])
where = st.dictionaries(st.sampled_from(["campaign", "action", "a.b"]), scalars, max_size=2)
row = st.fixed_dictionaries({"event": st.sampled_from(WORDS)}, optional={"where": where})
near = st.fixed_dictionaries(
    {"campaign": st.sampled_from(["c", "d"]), "trigger": row | st.lists(row, max_size=2)},
    optional={
        "delay": st.sampled_from([{"after": "1h"}, {"after": "0s"}, {"until": "2026-02-01"}])
        | st.fixed_dictionaries({"days": st.integers(0, 3), "at": clock, "zone": zone})
        | st.fixed_dictionaries({"next": st.just("monday"), "at": clock}),
        "unless": st.lists(row, max_size=2),
        "audience": st.fixed_dictionaries({"segment": st.sampled_from(["s", "t"])})
        | st.fixed_dictionaries({"event": st.sampled_from(WORDS)}, optional={"where": where}),
        "duration": st.fixed_dictionaries(
            {},
            optional={"start": st.sampled_from(WORDS), "end": st.sampled_from(WORDS), "zone": zone},
        ),
        "window": st.fixed_dictionaries({"from": clock, "to": clock}, optional={"zone": zone}),
        "reeligible": st.sampled_from(["never", {"after": "1h"}, {"after": "721d"}]),
    },
)
step = st.recursive(
    st.sampled_from(
        [
            {"delay": {"after": "1h"}},
            {"delay": {"after": 5}},
            {"message": {}},
            {"exit": True},
            {"message": {"id": "0"}},
            {"update": {"attributes": {"a": None}}},
            {"dealy": {}},
            "split",
            {"update": {"attributes": {"time_zone": 5, "a": [None]}}},
            {"message": {}, "exit": True},
            {"delay": {"days": 1, "at": "09:00"}},
            {"delay": None, "after": "1h"},
            {"message": {"id": 1}},
        ]
    ),
    lambda inner: st.one_of(
        st.fixed_dictionaries(
            {
                "split": st.fixed_dictionaries(
                    {"if": st.just({"segment": "s"})},
                    optional={
                        "then": st.lists(inner, max_size=2),
                        "else": st.lists(inner, max_size=2),
                    },
                )
            }
        ),
        st.fixed_dictionaries(
            {
                "wait_for": st.fixed_dictionaries(
                    {
                        "within": st.sampled_from(["1h", "32d"]),
                        "paths": st.lists(
                            st.fixed_dictionaries(
                                {
                                    "event": st.sampled_from(WORDS),
                                    "steps": st.lists(inner, max_size=2),
                                },
                                optional={"where": where},
                            ),
                            max_size=2,
                        ),
                    },
                )
            }
        ),
        st.fixed_dictionaries(
            {
                "experiment": st.fixed_dictionaries(
                    {
                        "paths": st.lists(
                            st.fixed_dictionaries(
                                {"weight": st.integers(0, 2), "steps": st.lists(inner)}
                            ),
                            max_size=2,
                        )
                    }
                )
            }
        ),
    ),
    max_leaves=6,
)
journeys = st.fixed_dictionaries(
    {
        "journey": st.sampled_from(["c", "d"]),
        "entry": st.fixed_dictionaries(
            {"trigger": row | st.lists(row, max_size=2)},
            optional={"audience": st.sampled_from([{"segment": "s"}, {"event": "c"}])},
        ),
        "steps": st.lists(step | values, max_size=4),
    },
    optional={
        "exit": st.fixed_dictionaries({}, optional={
            "events": st.lists(row, max_size=2),
            "audience": st.just({"segment": "s"})
            | st.just({"attribute": "a", "within_last": "1h"}) | values,
        }),
        "reentry": st.sampled_from(["never", "always", {"after": "1h"}, "once"]),
    },
)  # fmt: skip
segments = st.fixed_dictionaries(
    {"segment": st.sampled_from(["s", "t"]), "audience": st.just({"segment": "t"}) | values}
)


@given(st.lists(loose | near | journeys | segments, max_size=4))
def test_any_documents_are_judged(documents: list[Any]) -> None:
    """No document makes a check fail, and each issue says what, where and what to do."""
    judged = check([Document(value, "x.yaml", Lines(7)) for value in documents])
    for issue in judged.issues:
        assert issue.message
        assert issue.remedy
        assert (issue.file, issue.line) == ("x.yaml", 7)
    assert judged.ok == (not judged.errors)


@given(near | journeys | segments)
def test_the_schema_accepts_what_the_checks_accept(document: dict[str, Any]) -> None:
    """An editor underlines nothing that may be published."""
    if check_values([document]).ok:
        assert VALIDATOR.is_valid(document)
