"""
Security of the whole template: what each of its parts must have, and the few exceptions by name.

`checkov` misses most of this: wildcards in SAM templates, queue policies for everybody, secrets in
variables, trust without a source, a missing redrive. What a part may do in particular is said in
`test_access.py`.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.template.reading import (
    FUNCTIONS,
    RESOURCES,
    TEMPLATE,
    actions,
    as_list,
    of_type,
    properties,
    variables,
)

QUEUES = of_type("AWS::SQS::Queue")
OPEN_ENDED = {
    ("CreateSchedule", ":schedule/${ScheduleGroup}/*"): "schedules are named by their send",
    ("DeleteSchedule", ":schedule/${ScheduleGroup}/*"): "as above",
    ("Publish", ":endpoint/${PushApplication}/*"): "one for each device that ever was",
}
"""Every resource of an Allow that ends openly, with the reason."""

UNCONDITIONED = {"lambda.amazonaws.com": "only this account can pass its roles (IAM, PassRole)"}
"""Services that come without naming on whose behalf, with the reason."""

AT_REST = {
    "AWS::SQS::Queue": ("SqsManagedSseEnabled", True),
    "AWS::DynamoDB::Table": ("SSESpecification", {"SSEEnabled": True}),
}
"""By which property a part that holds data is encrypted."""

ALWAYS_ENCRYPTED = {
    "AWS::Events::EventBus": "by a key of AWS (EventBridge guide, Encryption at rest)",
    "AWS::Logs::LogGroup": "by CloudWatch itself (CloudWatch Logs guide, Encrypt log data)",
    "AWS::Scheduler::ScheduleGroup": "by a key of AWS (EventBridge Scheduler guide, Encryption)",
    "AWS::SecretsManager::Secret": "by the key aws/secretsmanager (its guide, Encryption)",
    "AWS::Serverless::Function": "code and variables (Lambda guide, Encryption at rest)",
    "AWS::Serverless::LayerVersion": "as above",
}
"""What is encrypted at rest whatever the template says; sources read 2026-11."""

HOLDS_NO_DATA = {
    "AWS::CloudWatch::Alarm",
    "AWS::Events::EventBusPolicy",
    "AWS::Events::Rule",
    "AWS::IAM::Role",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::SES::ConfigurationSet",
    "AWS::SES::ConfigurationSetEventDestination",
    "AWS::SQS::QueuePolicy",
}


def policies(found: Any = RESOURCES, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every statement of every policy and trust, wherever in the template, with its resource."""
    if isinstance(found, dict):
        if "Effect" in found:
            yield where, found
        for key, inner in found.items():
            yield from policies(inner, where or key)
    elif isinstance(found, list):
        for inner in found:
            yield from policies(inner, where)


ALLOWED = [(where, s) for where, s in policies() if s["Effect"] == "Allow"]
SERVED = [
    pytest.param(statement, id=f"{where}-{statement.get('Sid', 'trust')}")
    for where, statement in ALLOWED
    if "Service" in dict(statement.get("Principal", {}))
]


def written(resource: Any) -> Iterator[str]:
    """Every text that a resource of a statement may be."""
    match resource:
        case str():
            yield resource
        case {"Fn::If": [_, *either]}:
            for each in either:
                yield from written(each)
        case {"Fn::Sub": [str(text), *_]} | {"Fn::Sub": str(text)}:
            yield text


def test_the_statements_are_all_found() -> None:
    """The tests below judge roles, trusts and queues: none of them hides in an `!If`."""
    assert {where for where, _ in policies()} >= {
        *of_type("AWS::IAM::Role"),
        *of_type("AWS::SQS::QueuePolicy"),
        *of_type("AWS::Events::EventBusPolicy"),
    }
    assert "ses:SendEmail" in {action for _, s in ALLOWED for action in actions(s)}


@pytest.mark.parametrize(("where", "statement"), ALLOWED)
def test_nothing_is_allowed_by_a_wildcard(where: str, statement: dict[str, Any]) -> None:
    """Actions and resources have names; what ends openly is listed with its reason."""
    assert not {"NotAction", "NotResource", "NotPrincipal"} & set(statement)
    assert "*" not in "".join(actions(statement)), where
    assert statement.get("Principal", {}) not in ("*", {"AWS": "*"})
    for resource in as_list(statement.get("Resource", [])):
        for text in written(resource):
            if "*" in text:
                assert any(
                    action.endswith(f":{name}") and text.endswith(end)
                    for action in actions(statement)
                    for name, end in OPEN_ENDED
                ), text


@pytest.mark.parametrize("statement", SERVED)
def test_a_service_comes_only_on_our_behalf(statement: dict[str, Any]) -> None:
    """Another account cannot have EventBridge or Scheduler act here for it (confused deputy)."""
    if statement["Principal"]["Service"] in UNCONDITIONED:
        return
    keys = {key for operands in statement["Condition"].values() for key in operands}
    assert keys & {"aws:SourceArn", "aws:SourceAccount"}
    assert not any("IfExists" in operator for operator in statement["Condition"])


@pytest.mark.parametrize("kind", sorted({resource["Type"] for resource in RESOURCES.values()}))
def test_all_that_holds_data_is_encrypted(kind: str) -> None:
    """A kind of resource that nobody has judged yet fails here."""
    if kind in AT_REST:
        name, value = AT_REST[kind]
        assert all(each.get(name) == value for each in of_type(kind).values())
    else:
        assert (kind in ALWAYS_ENCRYPTED) is not (kind in HOLDS_NO_DATA)


@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_says_how_long_it_keeps(queue: str) -> None:
    """Between a day, so that a night loses nothing, and the 14 days of SQS."""
    assert 86_400 <= QUEUES[queue]["MessageRetentionPeriod"] <= 14 * 86_400


def sources() -> set[str]:
    """The queues that functions read, by what the functions say."""
    events = [
        event["Properties"]["Queue"]["Fn::GetAtt"][0]
        for function in FUNCTIONS
        for event in properties(function).get("Events", {}).values()
        if event["Type"] == "SQS"
    ]
    return set(events)


def dead_letters() -> set[str]:
    """The queues that something puts its failures into, by what each of them says."""
    text = str(TEMPLATE)
    letters = re.findall(
        r"'(?:deadLetterTargetArn|DeadLetterConfig)': (?:\{'Arn': )?\{'Fn::GetAtt': \['(\w+)'", text
    )
    shared = variables("EvaluateFunction")
    return {*letters, shared["UNLESS_SCHEDULE_DLQ_ARN"]["Fn::GetAtt"][0]}


def test_a_queue_that_is_read_has_somewhere_for_what_fails() -> None:
    """Every one of them; and what ends there does not go round again."""
    assert sources() == {"EventsQueue", "DueQueue"}
    for queue in QUEUES:
        assert ("RedrivePolicy" in QUEUES[queue]) is (queue in sources()), queue
    for rule in of_type("AWS::Events::Rule").values():
        assert all("DeadLetterConfig" in target for target in rule["Targets"])


def test_somebody_hears_of_every_dead_letter() -> None:
    """Each dead-letter queue, and the quarantine, has an alarm on its first message."""
    watched = {
        alarm["Dimensions"][0]["Value"]["Fn::GetAtt"][0]
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        if alarm["MetricName"] == "ApproximateNumberOfMessagesVisible" and alarm["Threshold"] == 0
    }
    assert len(dead_letters()) == 3 + 1  # events, due, rules; schedules
    assert watched == dead_letters() | {"QuarantineQueue"}


def test_nothing_is_public_but_the_page() -> None:
    """Everybody may ask one function by one URL, and nothing else has an address of its own."""
    permissions = of_type("AWS::Lambda::Permission").values()
    assert {each["FunctionName"]["Ref"] for each in permissions} == {"UnsubscribeFunction"}
    urls = of_type("AWS::Lambda::Url").values()
    assert [each["TargetFunctionArn"] for each in urls] == [{"Ref": "UnsubscribeFunction"}]
    for function in FUNCTIONS:
        assert "FunctionUrlConfig" not in properties(function)
        kinds = {event["Type"] for event in properties(function).get("Events", {}).values()}
        assert kinds <= {"SQS", "Schedule"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_secret_stands_in_a_variable(function: str) -> None:
    """The signing key is told by its ARN; no parameter and no reference carries a secret."""
    found = variables(function)
    assert found.get("UNLESS_SIGNING_SECRET", {"Ref": "SigningSecret"}) == {"Ref": "SigningSecret"}
    others = {name for name in found if re.search("SECRET|PASSWORD|TOKEN|KEY", name)}
    assert others <= {"UNLESS_SIGNING_SECRET"}
    assert "{{resolve:" not in str(found)


def test_no_secret_comes_in_as_a_parameter() -> None:
    """One would stand in the history of the shell that deployed, and in the stack's events."""
    for name, parameter in TEMPLATE["Parameters"].items():
        assert "NoEcho" not in parameter, name
        assert not re.search("secret|password|token|key", name, re.IGNORECASE)
