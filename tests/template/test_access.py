"""Who may do what: roles, queue policies, trust. Nothing local can try these, so they are read."""

from typing import Any

import pytest

from tests.template.reading import (
    FUNCTIONS,
    RESOURCES,
    actions,
    arn,
    as_list,
    of_type,
    properties,
    queue_policies,
    role_of,
    statements,
)
from unless.aws.bus import SOURCE
from unless.channels.unsubscribing import SOURCE as UNSUBSCRIBING

ROLES = of_type("AWS::IAM::Role")
QUEUES = of_type("AWS::SQS::Queue")

COMMITS = {
    "dynamodb:DeleteItem",
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
}
TAKES = {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
READS_SECRET = {"secretsmanager:GetSecretValue"}
SENDS = {"ses:SendEmail", "sms-voice:SendTextMessage", "sns:Publish"}
SCHEDULES = {"scheduler:CreateSchedule", "scheduler:DeleteSchedule"}


def allowed(role: str) -> set[str]:
    return {action for statement in statements(role) for action in actions(statement)}


def granting(role: str, action: str) -> list[dict[str, Any]]:
    return [statement for statement in statements(role) if action in actions(statement)]


def resources_for(role: str, action: str) -> list[Any]:
    return [resource for s in granting(role, action) for resource in as_list(s["Resource"])]


def test_each_function_has_a_role_of_its_own() -> None:
    """A permission given to one function must not reach another."""
    assert len({role_of(function) for function in FUNCTIONS}) == len(FUNCTIONS)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_grants_nothing_by_wildcard_or_managed_policy(role: str) -> None:
    """Every action and resource that is allowed stands in the template by name."""
    assert "ManagedPolicyArns" not in ROLES[role]
    for statement in statements(role):
        assert statement["Effect"] == "Allow"
        assert "*" not in "".join(actions(statement))
        assert "*" not in as_list(statement["Resource"])


def test_the_functions_may_do_what_they_do_and_no_more() -> None:
    """Evaluate cannot send, only deliver can; sweep can write nothing; unsubscribe only events."""
    evaluate = COMMITS | TAKES | LOGS | SCHEDULES
    evaluate |= {"dynamodb:BatchWriteItem", "iam:PassRole", "sqs:SendMessage"}
    assert allowed("EvaluateRole") == evaluate
    assert allowed("DeliverRole") == evaluate | {"events:PutEvents"} | READS_SECRET | SENDS
    assert allowed("SweepRole") == LOGS | {"dynamodb:GetItem", "dynamodb:Query", "sqs:SendMessage"}
    assert allowed("UnsubscribeRole") == LOGS | READS_SECRET | {"events:PutEvents"}


@pytest.mark.parametrize("role", ["EvaluateRole", "DeliverRole"])
def test_only_the_partitions_of_users_are_written(role: str) -> None:
    """No function can change the definitions, which are published by people."""
    for action in ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"):
        for statement in granting(role, action):
            if statement["Resource"] == arn("LedgerTable"):  # it holds no definitions
                continue
            assert statement["Resource"] == arn("Table")
            keys = statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
            assert keys == ["USER#*"]
    assert resources_for(role, "dynamodb:BatchWriteItem") == [arn("LedgerTable")]


def test_sweep_reads_the_index_and_the_definitions_only() -> None:
    """What is known about users stays out of reach of the function that needs none of it."""
    index, definitions = granting("SweepRole", "dynamodb:Query")
    assert index["Resource"] == {"Fn::Sub": "${Table.Arn}/index/due"}
    keys = definitions["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]
    assert keys == ["DEFINITIONS"]


@pytest.mark.parametrize(
    ("role", "queue"), [("EvaluateRole", "EventsQueue"), ("DeliverRole", "DueQueue")]
)
def test_a_function_takes_messages_only_from_its_own_queue(role: str, queue: str) -> None:
    """A function can empty its own queue and no other."""
    assert resources_for(role, "sqs:ReceiveMessage") == [arn(queue)]
    assert resources_for(role, "sqs:DeleteMessage") == [arn(queue)]


@pytest.mark.parametrize("role", ["EvaluateRole", "DeliverRole"])
def test_the_scheduler_role_is_lent_to_scheduler_alone(role: str) -> None:
    """Who may pass a role may act as it, so it is one role to one service."""
    (statement,) = granting(role, "iam:PassRole")
    assert statement["Resource"] == arn("SchedulerRole")
    service = {"StringEquals": {"iam:PassedToService": "scheduler.amazonaws.com"}}
    assert statement["Condition"] == service


@pytest.mark.parametrize("role", ["EvaluateRole", "DeliverRole"])
def test_schedules_are_made_in_our_group_only(role: str) -> None:
    """The schedules of others in the account cannot be deleted from here."""
    for action in SCHEDULES:
        (resource,) = resources_for(role, action)
        assert resource["Fn::Sub"].endswith(":schedule/${ScheduleGroup}/*")


def test_only_our_schedules_may_use_the_scheduler_role() -> None:
    """A schedule of another group or account cannot borrow it (confused deputy)."""
    (trust,) = properties("SchedulerRole")["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    condition = trust["Condition"]
    assert condition["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    source = condition["ArnEquals"]["aws:SourceArn"]["Fn::Sub"]
    assert source.endswith(":schedule-group/${ScheduleGroup}")


def test_a_schedule_can_ring_and_nothing_else() -> None:
    """Scheduler puts the notice into the queue `due`, or into its own dead letters."""
    assert allowed("SchedulerRole") == {"sqs:SendMessage"}
    targets = resources_for("SchedulerRole", "sqs:SendMessage")
    assert targets == [arn("DueQueue"), arn("ScheduleDeadLetterQueue")]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_writes_only_its_own_log(function: str) -> None:
    """The log that a function writes is the one whose retention the template sets."""
    group = properties(function)["LoggingConfig"]["LogGroup"]["Ref"]
    assert resources_for(role_of(function), "logs:PutLogEvents") == [arn(group)]


@pytest.mark.parametrize(
    ("role", "source"), [("DeliverRole", SOURCE), ("UnsubscribeRole", UNSUBSCRIBING)]
)
def test_events_are_put_only_on_the_bus_and_only_as_ourselves(role: str, source: str) -> None:
    """Nobody can make a function speak in the name of an app."""
    (statement,) = granting(role, "events:PutEvents")
    assert statement["Resource"]["Fn::If"][:2] == ["MakesBus", arn("Bus")]
    assert statement["Condition"] == {"StringEquals": {"events:source": source}}


@pytest.mark.parametrize("queue", QUEUES)
def test_every_queue_refuses_whoever_comes_without_tls(queue: str) -> None:
    """Messages carry personal data."""
    denials = [s for s in queue_policies(queue) if s["Effect"] == "Deny"]
    (denial,) = denials
    assert denial["Principal"] == "*"
    assert denial["Action"] == "sqs:*"
    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.parametrize("queue", ["EventsQueue", "RuleDeadLetterQueue"])
def test_the_way_in_is_open_to_our_rules_alone(queue: str) -> None:
    """A forged event cannot be put beside the bus; the rule of a stranger neither."""
    (grant,) = [s for s in queue_policies(queue) if s["Effect"] == "Allow"]
    assert grant["Principal"] == {"Service": "events.amazonaws.com"}
    assert grant["Action"] == "sqs:SendMessage"
    assert grant["Resource"] == arn(queue)
    feedback = {"Fn::If": ["SendsEmail", arn("FeedbackRule"), {"Ref": "AWS::NoValue"}]}
    assert grant["Condition"] == {"ArnEquals": {"aws:SourceArn": [arn("EventsRule"), feedback]}}


def test_no_other_queue_is_open_to_a_service_or_to_everyone() -> None:
    """Into all other queues only our own roles may put something."""
    for queue in set(QUEUES) - {"EventsQueue", "RuleDeadLetterQueue"}:
        assert all(s["Effect"] == "Deny" for s in queue_policies(queue)), queue


def test_no_resource_hides_a_policy_that_these_tests_do_not_read() -> None:
    """
    Roles, queue policies and that of the bus (`test_producers.py`) are all there is; SAM's own
    policy shortcuts are not used.
    """
    hidden = {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::SQS::QueueInlinePolicy"}
    assert not hidden & {resource["Type"] for resource in RESOURCES.values()}
    assert all("Policies" not in properties(function) for function in FUNCTIONS)
