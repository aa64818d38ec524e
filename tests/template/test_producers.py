"""
Who may put events on the bus: the policy of the template, judged as IAM judges it.

Nothing local enforces a bus's policy (moto and the local AWS let everybody put), so its own JSON is
evaluated here. Source: IAM User Guide, "Policy evaluation logic" and "Set operators for multivalued
context keys"; EventBridge User Guide, "Permissions for event buses" (read 2026-11).
"""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.template.reading import RESOURCES, TEMPLATE, as_list, of_type
from unless.aws.bus import SOURCE
from unless.channels.unsubscribing import SOURCE as UNSUBSCRIBING

HERE, PARTNER, STRANGER = "111122223333", "444455556666", "999999999999"
ROLE = f"arn:aws:iam::{PARTNER}:role/shop"
SHOP = "com.acme.shop"
PARAMETERS = TEMPLATE["Parameters"]


@dataclass(frozen=True)
class Put:
    """Somebody of another account, who may do there what they like, puts an event."""

    account: str = PARTNER
    sources: tuple[str, ...] = (SHOP,)
    role: str = ""
    action: str = "events:PutEvents"
    principals: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        """A role is named by its own ARN or by its account."""
        root = f"arn:aws:iam::{self.account}:root"
        self.principals.update({self.account, root, self.role or root})


def may(put: Put, principals: str = PARTNER, sources: str = SHOP) -> bool:
    """Whether the bus of a deployment with these parameters takes it: no denial, and a grant."""
    names = {
        "ProducerPrincipals": principals,
        "ProducerSources": sources,
        "AWS::AccountId": HERE,
    }
    statements = [
        resolved(policy["Statement"], names)
        for policy in of_type("AWS::Events::EventBusPolicy").values()
    ]
    effects = {each["Effect"] for each in statements if fits(each, put)}
    return effects == {"Allow"}


def resolved(value: Any, names: dict[str, str]) -> Any:
    """The statement as CloudFormation writes it."""
    match value:
        case {"Ref": str(name)}:
            return names[name]
        case {"Fn::GetAtt": ["Bus", "Arn"]}:
            return "the bus"
        case {"Fn::Split": [str(by), text]}:
            return resolved(text, names).split(by)
        case dict():
            return {key: resolved(inner, names) for key, inner in value.items()}
        case list():
            return [resolved(inner, names) for inner in value]
        case _:
            return value


def fits(statement: dict[str, Any], put: Put) -> bool:
    """Whether a statement is about that, by whom it is put and what is in it."""
    named = statement["Principal"]
    somebody = named == "*" or bool(put.principals & set(as_list(named["AWS"])))
    assert statement["Resource"] == "the bus"
    return (
        somebody
        and put.action in as_list(statement["Action"])
        and all(
            holds(operator, as_list(wanted), values_of(key, put))
            for operator, keys in statement["Condition"].items()
            for key, wanted in keys.items()
        )
    )


def values_of(key: str, put: Put) -> tuple[str, ...]:
    """What the request says under a key of a condition."""
    return {"events:source": put.sources, "aws:PrincipalAccount": (put.account,)}[key]


def holds(operator: str, wanted: list[str], said: tuple[str, ...]) -> bool:
    """Whether a condition is met; an operator that nobody has thought of is an error."""
    match operator:
        case "Null":
            return [str(not said).lower()] == wanted
        case "ForAllValues:StringEquals":
            return all(value in wanted for value in said)
        case "ForAnyValue:StringLike":
            return any(fnmatchcase(value, each) for value in said for each in wanted)
        case "StringNotEquals":
            return not any(value in wanted for value in said)
    raise AssertionError(operator)


def test_a_named_account_may_put_events_of_its_sources() -> None:
    """All of its roles may, and a role that is named alone may."""
    assert may(Put())
    assert may(Put(role=ROLE))
    assert may(Put(role=ROLE), principals=f"{STRANGER},{ROLE}")
    assert may(Put(sources=("com.acme.app",)), sources=f"{SHOP},com.acme.app")


@pytest.mark.parametrize(
    ("put", "principals"),
    [
        (Put(account=STRANGER), PARTNER),
        (Put(account=STRANGER, role=f"arn:aws:iam::{STRANGER}:role/shop"), ROLE),
        (Put(role=f"arn:aws:iam::{PARTNER}:role/other"), ROLE),
    ],
)
def test_nobody_who_is_not_named_may_put(put: Put, principals: str) -> None:
    """Neither another account, nor a role of the same name there, nor another role here."""
    assert not may(put, principals)


@pytest.mark.parametrize(
    "sources", [("com.acme.other",), (), (SHOP, "com.acme.other"), ("com.acme.shop.eu",)]
)
def test_a_producer_speaks_for_its_sources_alone(sources: tuple[str, ...]) -> None:
    """For no other, also beside one of its own, and not for none."""
    assert not may(Put(sources=sources))


@pytest.mark.parametrize("source", [SOURCE, UNSUBSCRIBING, "unless.anything"])
def test_nobody_from_elsewhere_is_unless(source: str) -> None:
    """Even where somebody has let them name that source."""
    assert not may(Put(sources=(source,)), sources=f"{SHOP},{source}")


@pytest.mark.parametrize("action", ["events:PutRule", "events:PutTargets", "events:DeleteEventBus"])
def test_a_producer_can_change_nothing(action: str) -> None:
    """Whoever may make rules on the bus can read what is on it."""
    assert not may(Put(action=action))


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (
            "ProducerPrincipals",
            ["", PARTNER, ROLE, f"{PARTNER},{ROLE}", f"arn:aws:iam::{PARTNER}:root"],
            ["*", f"{PARTNER},*", f"{PARTNER},", "events.amazonaws.com", "12", f"{ROLE}*"],
        ),
        (
            "ProducerSources",
            ["", SHOP, f"{SHOP},shop", "unlessly", "awsome.shop"],
            ["*", "com.*", "unless", f"{SHOP},unless", "unless.unsubscribe", "aws.ses", f"{SHOP},"],
        ),
    ],
)
def test_only_names_can_be_given(name: str, good: list[str], bad: list[str]) -> None:
    """The deployment refuses everybody, a wildcard, and our own names and those of AWS."""
    pattern = PARAMETERS[name]["AllowedPattern"]
    assert [value for value in good if not re.fullmatch(pattern, value)] == []
    assert [value for value in bad if re.fullmatch(pattern, value)] == []


def test_by_default_only_this_account_may_put() -> None:
    """A bus without a policy takes events of its own account; one without sources, too."""
    assert {PARAMETERS[name]["Default"] for name in ("ProducerPrincipals", "ProducerSources")} == {
        ""
    }
    policies = [r for r in RESOURCES.values() if r["Type"] == "AWS::Events::EventBusPolicy"]
    assert {policy["Condition"] for policy in policies} == {"AdmitsProducers"}
    both = [
        {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]}
        for name in ("ProducerPrincipals", "ProducerSources")
    ]
    ours = {"Condition": "MakesBus"}
    assert TEMPLATE["Conditions"]["AdmitsProducers"] == {"Fn::And": [ours, *both]}


def test_the_policy_is_on_our_own_bus() -> None:
    """Not on the default bus, where the account's other events go by."""
    for policy in of_type("AWS::Events::EventBusPolicy").values():
        assert policy["EventBusName"] == {"Ref": "Bus"}
