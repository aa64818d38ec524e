"""What the stack promises: nothing is lost silently, nothing stays for ever, names are the same."""

import re
from typing import Any

import pytest

from tests.template.reading import (
    FUNCTIONS,
    RESOURCES,
    ROOT,
    TEMPLATE,
    TEXT,
    arn,
    function_setting,
    of_type,
    properties,
    variables,
)
from unless.app.dispatch import DEAD_LETTERS_AFTER
from unless.aws.bus import SOURCE
from unless.aws.due_index import INDEX
from unless.aws.settings import OUTPUTS, REQUIRED
from unless.aws.telemetry import PER_CAMPAIGN

DAY = 86_400
QUEUES = of_type("AWS::SQS::Queue")
TABLES = of_type("AWS::DynamoDB::Table")
ALARMS = of_type("AWS::CloudWatch::Alarm")
CONSUMED = {"EventsQueue": "EvaluateFunction", "DueQueue": "DeliverFunction"}
AT_A_TIME = {"EventsQueue": "MaximumConcurrency", "DueQueue": "DeliverConcurrency"}
KEPT = sorted(set(QUEUES) - set(CONSUMED))


def mapping(queue: str) -> dict[str, Any]:
    """How Lambda reads a queue."""
    return dict(properties(CONSUMED[queue])["Events"][queue]["Properties"])


# --- queues ---


@pytest.mark.parametrize("queue", CONSUMED)
def test_what_fails_again_and_again_goes_to_a_dead_letter_queue(queue: str) -> None:
    """Tries for more than an hour, then kept for longer than where it came from."""
    redrive = QUEUES[queue]["RedrivePolicy"]
    letters = redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]
    tried = redrive["maxReceiveCount"] * QUEUES[queue]["VisibilityTimeout"]
    assert tried > DEAD_LETTERS_AFTER.total_seconds()
    assert QUEUES[letters]["MessageRetentionPeriod"] > QUEUES[queue]["MessageRetentionPeriod"]


@pytest.mark.parametrize("queue", KEPT)
def test_what_waits_for_a_person_is_kept_as_long_as_sqs_can(queue: str) -> None:
    """Fourteen days, so that a holiday loses nothing."""
    assert QUEUES[queue]["MessageRetentionPeriod"] == 14 * DAY


@pytest.mark.parametrize("queue", QUEUES)
def test_every_queue_is_encrypted(queue: str) -> None:
    """Messages carry personal data."""
    assert QUEUES[queue]["SqsManagedSseEnabled"] is True


@pytest.mark.parametrize("queue", CONSUMED)
def test_a_message_is_not_shown_again_while_it_is_worked_on(queue: str) -> None:
    """Six times the timeout of the function, as the Lambda guide asks."""
    timeout = function_setting(CONSUMED[queue], "Timeout")
    assert QUEUES[queue]["VisibilityTimeout"] >= 6 * timeout


@pytest.mark.parametrize("queue", CONSUMED)
def test_one_bad_message_does_not_fail_its_batch(queue: str) -> None:
    """Partial batch responses are on, and how many batches run at a time has an end."""
    assert mapping(queue)["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping(queue)["Queue"] == arn(queue)
    assert mapping(queue)["BatchSize"] == 10
    assert mapping(queue)["ScalingConfig"] == {"MaximumConcurrency": {"Ref": AT_A_TIME[queue]}}


# --- the rule ---


def test_the_rule_takes_every_event_but_our_own_and_those_of_aws() -> None:
    """Else each message would be an event that asks for the next one; AWS speaks of no user."""
    rule = properties("EventsRule")
    assert rule["EventPattern"] == {"source": [{"anything-but": {"wildcard": [SOURCE, "aws.*"]}}]}
    assert rule["EventBusName"] == variables("DeliverFunction")["UNLESS_BUS"]


@pytest.mark.parametrize("rule", of_type("AWS::Events::Rule"))
def test_a_rule_tries_for_a_day_and_then_keeps_the_event(rule: str) -> None:
    """Twenty-four hours and 185 tries are the most that EventBridge offers."""
    (target,) = properties(rule)["Targets"]
    assert target["Arn"] == arn("EventsQueue")
    assert target["DeadLetterConfig"] == {"Arn": arn("RuleDeadLetterQueue")}
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": DAY, "MaximumRetryAttempts": 185}


# --- tables ---


@pytest.mark.parametrize("table", TABLES)
def test_a_table_can_be_restored_and_is_encrypted_and_swept(table: str) -> None:
    """Backups to the second, a key of the account, pay per request, TTL as the broom."""
    assert TABLES[table]["BillingMode"] == "PAY_PER_REQUEST"
    assert TABLES[table]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert TABLES[table]["SSESpecification"]["SSEEnabled"] is True
    assert TABLES[table]["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


@pytest.mark.parametrize("table", TABLES)
def test_deleting_the_stack_does_not_delete_the_users(table: str) -> None:
    """A table outlives the stack, and a replacement of itself; not a creation that failed."""
    assert RESOURCES[table]["DeletionPolicy"] == "RetainExceptOnCreate"
    assert RESOURCES[table]["UpdateReplacePolicy"] == "Retain"


def test_the_index_holds_what_sweep_reads() -> None:
    """By shard, in the order of the due times, with the campaign and no personal data."""
    (index,) = TABLES["Table"]["GlobalSecondaryIndexes"]
    assert index["IndexName"] == INDEX
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["due_shard", "due_at"]
    projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["definition"]}
    assert index["Projection"] == projection


# --- functions ---


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_runs_what_the_layer_was_built_for(function: str) -> None:
    """Compiled packages (pydantic, RE2) run on one Python and one architecture only."""
    layer = RESOURCES["UnlessLayer"]
    assert function_setting(function, "Layers") == [{"Ref": "UnlessLayer"}]
    assert layer["Properties"]["CompatibleRuntimes"] == [function_setting(function, "Runtime")]
    assert layer["Metadata"]["BuildMethod"] == function_setting(function, "Runtime")
    architectures = function_setting(function, "Architectures")
    assert architectures == layer["Properties"]["CompatibleArchitectures"]
    assert architectures == [layer["Metadata"]["BuildArchitecture"]]


def test_the_architecture_is_arm64_unless_asked_otherwise() -> None:
    """The cheaper one; the other one exists for the local AWS."""
    parameter = TEMPLATE["Parameters"]["Architecture"]
    assert parameter["Default"] == "arm64"
    assert parameter["AllowedValues"] == ["arm64", "x86_64"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_names_mirror_folders(function: str) -> None:
    """EvaluateFunction is functions/evaluate/app.py, its role EvaluateRole, and so on."""
    name = function.removesuffix("Function")
    assert properties(function)["CodeUri"] == f"functions/{name.lower()}/"
    assert function_setting(function, "Handler") == "app.handler"
    assert "def handler(" in (ROOT / "functions" / name.lower() / "app.py").read_text()
    assert properties(function)["Role"] == arn(f"{name}Role")
    assert properties(function)["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}LogGroup"}}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_environment_is_all_that_a_function_asks_for(function: str) -> None:
    """Each setting has its variable, and what only deliver needs, only deliver has."""
    own: dict[str, set[str]] = {
        "DeliverFunction": {name for name in OUTPUTS if name not in REQUIRED},
        "UnsubscribeFunction": {"signing_secret"},
    }
    known = {f"UNLESS_{name.upper()}" for name in {*REQUIRED, *own.get(function, set())}}
    known.add(PER_CAMPAIGN)
    assert {name for name in variables(function) if name.startswith("UNLESS_")} == known


def test_sweep_comes_every_minute_and_ends_before_the_next() -> None:
    """What a failed round left is done by the next one, so none is repeated."""
    event = properties("SweepFunction")["Events"]["EveryMinute"]
    assert event["Properties"]["Schedule"] == "rate(1 minute)"
    assert function_setting("SweepFunction", "Timeout") < 60
    assert properties("SweepFunction")["EventInvokeConfig"]["MaximumRetryAttempts"] == 0


@pytest.mark.parametrize("group", of_type("AWS::Logs::LogGroup"))
def test_logs_have_an_end(group: str) -> None:
    """CloudWatch keeps logs for ever unless told otherwise."""
    assert properties(group)["RetentionInDays"] == {"Ref": "LogRetentionDays"}


# --- alarms ---


def alarms_on(metric: str) -> dict[str, dict[str, Any]]:
    """The alarms on a metric, by the value of their only dimension."""
    found = [alarm for alarm in ALARMS.values() if alarm["MetricName"] == metric]
    return {str(alarm["Dimensions"][0]["Value"]): alarm for alarm in found}


def queue_name(queue: str) -> str:
    return str({"Fn::GetAtt": [queue, "QueueName"]})


@pytest.mark.parametrize("queue", KEPT)
def test_somebody_hears_of_the_first_message_that_waits_for_a_person(queue: str) -> None:
    """A dead-letter or quarantine queue that nobody looks at is a loss."""
    alarm = alarms_on("ApproximateNumberOfMessagesVisible")[queue_name(queue)]
    assert (alarm["Threshold"], alarm["EvaluationPeriods"]) == (0, 1)
    assert alarm["ComparisonOperator"] == "GreaterThanThreshold"


@pytest.mark.parametrize(("queue", "delay"), [("EventsQueue", 0), ("DueQueue", 900)])
def test_somebody_hears_when_a_queue_is_not_kept_up_with(queue: str, delay: int) -> None:
    """Five minutes, beside the quarter of an hour that a timer may rightly wait in its queue."""
    alarm = alarms_on("ApproximateAgeOfOldestMessage")[queue_name(queue)]
    assert alarm["Threshold"] == delay + 300


def test_somebody_hears_when_sends_stay_overdue_or_sweep_stands_still() -> None:
    """A missing heartbeat is an alarm, not missing data."""
    assert ALARMS["OverdueSendsAlarm"]["MetricName"] == "OverdueSends"
    heartbeat = ALARMS["SweeperHeartbeatAlarm"]
    assert heartbeat["MetricName"] == "SweeperHeartbeat"
    assert heartbeat["ComparisonOperator"] == "LessThanThreshold"
    assert heartbeat["TreatMissingData"] == "breaching"


@pytest.mark.parametrize("name", ["OverdueSendsAlarm", "SweeperHeartbeatAlarm"])
def test_the_alarms_on_sweep_watch_the_sweep_of_this_stack(name: str) -> None:
    """Powertools gives a metric the namespace and the service of the environment."""
    found = variables("SweepFunction")
    assert ALARMS[name]["Namespace"] == found["POWERTOOLS_METRICS_NAMESPACE"]
    service = {"Name": "service", "Value": found["POWERTOOLS_SERVICE_NAME"]}
    assert ALARMS[name]["Dimensions"] == [service]


@pytest.mark.parametrize("name", ALARMS)
def test_every_alarm_says_what_it_means_and_whom_it_tells(name: str) -> None:
    """Without a topic the alarm is still there to be looked at."""
    assert ALARMS[name]["AlarmDescription"]
    topic = ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}], {"Ref": "AWS::NoValue"}]
    assert ALARMS[name]["AlarmActions"] == {"Fn::If": topic}


# --- the whole ---


def test_the_outputs_are_what_the_command_reads() -> None:
    """`unless --stack` finds everything by these names."""
    functions = {f"{function}Name" for function in FUNCTIONS}
    needed = set(OUTPUTS.values()) | functions | {"EventsQueueUrl"}
    assert set(TEMPLATE["Outputs"]) == needed


@pytest.mark.parametrize("name", RESOURCES)
def test_each_resource_says_why_it_exists(name: str) -> None:
    """One comment line above it."""
    assert re.search(rf"^  # [A-Z].*\.\n  {name}:$", TEXT, re.MULTILINE)
