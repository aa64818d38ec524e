"""
What the functions ask of AWS while they run, held against what template.yaml grants their roles.

Which operation needs which action, on which resource and under which keys: Service Authorization
Reference, DynamoDB, SQS, EventBridge, EventBridge Scheduler, Secrets Manager, SES v2, End User
Messaging SMS and SNS; DynamoDB guide, "Using IAM with DynamoDB transactions" (read 2026-11).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parseaddr
from fnmatch import fnmatchcase
from functools import wraps
from types import ModuleType
from typing import Any

import pytest
from botocore.client import BaseClient

from tests.integration.wire import REGION
from tests.template.reading import FUNCTIONS, actions, as_list, role_of, statements
from unless.aws.settings import Settings

ACCOUNT = "123456789012"
KEYS = ("dynamodb:LeadingKeys",)
"""The keys of a request that may have several values."""


@dataclass(frozen=True)
class Need:
    """One permission that a call needs: the action, on a resource, with what the request says."""

    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


@dataclass
class Asked:
    """What each role was used for: every call that its function has made."""

    calls: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    acting_now: list[str] = field(default_factory=list)

    @property
    def running(self) -> str:
        """In whose role the next call is made; "" where several act at once and nobody knows."""
        roles = set(self.acting_now)
        return roles.pop() if len(roles) == 1 else ""

    @property
    def needs(self) -> list[tuple[str, Need]]:
        """What was needed for that, by role; a call that nobody has thought of is a KeyError."""
        return [(role, need) for role, name, request in self.calls for need in NEEDS[name](request)]

    def refused(self, settings: Settings) -> set[tuple[str, Need]]:
        """What of it the roles do not grant, in a deployment with these settings."""
        granted = grants(settings)
        return {
            (role, need)
            for role, need in set(self.needs)
            if not any(grant.role == role and grant.allows(need) for grant in granted)
        }

    def acting(self, role: str, handler: Callable[..., Any]) -> Callable[..., Any]:
        """The handler, whose calls are then made in that role; "" is somebody who operates."""

        @wraps(handler)
        def act(*arguments: Any, **named: Any) -> Any:
            self.acting_now.append(role)
            try:
                return handler(*arguments, **named)
            finally:
                self.acting_now.remove(role)

        return act


@contextmanager
def listening(*functions: ModuleType) -> Iterator[Asked]:
    """Hear what these functions ask meanwhile."""
    asked, call = Asked(), BaseClient._make_api_call

    def heard(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
        if role := asked.running:
            service = client.meta.service_model.service_name
            asked.calls.append((role, f"{service}.{operation}", request))
        return call(client, operation, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", heard)
        for function in functions:
            name = f"{function.__name__.split('.')[-2].capitalize()}Function"
            patch.setattr(function, "handler", asked.acting(role_of(name), function.handler))
        yield asked


def _table(request: dict[str, Any]) -> str:
    index = f"/index/{request['IndexName']}" if "IndexName" in request else ""
    return f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{request['TableName']}{index}"


def _item(action: str, request: dict[str, Any]) -> Need:
    key = request.get("Key") or request["Item"]
    return Need(f"dynamodb:{action}", _table(request), ((KEYS[0], key["PK"]["S"]),))


def _query(request: dict[str, Any]) -> Iterator[Need]:
    (name,) = re.findall(r"^\w+ = (:\w+)", request["KeyConditionExpression"])
    key = request["ExpressionAttributeValues"][name]["S"]
    yield Need("dynamodb:Query", _table(request), ((KEYS[0], key),))


def _transaction(request: dict[str, Any]) -> Iterator[Need]:
    named = {"ConditionCheck": "ConditionCheckItem"}
    for action in request["TransactItems"]:
        ((kind, inner),) = action.items()
        yield _item(named.get(kind, f"{kind}Item"), inner)


def _send(request: dict[str, Any]) -> Iterator[Need]:
    yield Need("sqs:SendMessage", queue_arn(request["QueueUrl"]))


def _schedule(action: str, request: dict[str, Any]) -> Iterator[Need]:
    name = f"{request['GroupName']}/{request['Name']}"
    yield Need(f"scheduler:{action}", f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{name}")
    if "Target" in request:
        service = (("iam:PassedToService", "scheduler.amazonaws.com"),)
        yield Need("iam:PassRole", request["Target"]["RoleArn"], service)


def _put_events(request: dict[str, Any]) -> Iterator[Need]:
    for entry in request["Entries"]:
        bus = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{entry['EventBusName']}"
        yield Need("events:PutEvents", bus, (("events:source", entry["Source"]),))


def _mail(request: dict[str, Any]) -> Iterator[Need]:
    assert "Simple" in request["Content"]  # a raw one needs SendRawEmail, too
    ses, sender = f"arn:aws:ses:{REGION}:{ACCOUNT}:", parseaddr(request["FromEmailAddress"])[1]
    context = (("ses:FromAddress", sender),)
    yield Need("ses:SendEmail", f"{ses}identity/{sender.split('@')[1]}", context)
    if name := request.get("ConfigurationSetName"):
        yield Need("ses:SendEmail", f"{ses}configuration-set/{name}", context)


NEEDS: dict[str, Callable[[dict[str, Any]], Iterator[Need]]] = {
    "dynamodb.BatchWriteItem": lambda request: (
        Need("dynamodb:BatchWriteItem", _table({"TableName": table}))
        for table in request["RequestItems"]
    ),
    "dynamodb.GetItem": lambda request: iter([_item("GetItem", request)]),
    "dynamodb.PutItem": lambda request: iter([_item("PutItem", request)]),
    "dynamodb.Query": _query,
    "dynamodb.TransactWriteItems": _transaction,
    "events.PutEvents": _put_events,
    "pinpoint-sms-voice-v2.SendTextMessage": lambda request: iter(
        [Need("sms-voice:SendTextMessage", request["OriginationIdentity"])]
    ),
    "scheduler.CreateSchedule": lambda request: _schedule("CreateSchedule", request),
    "scheduler.DeleteSchedule": lambda request: _schedule("DeleteSchedule", request),
    "secretsmanager.GetSecretValue": lambda request: iter(
        [Need("secretsmanager:GetSecretValue", request["SecretId"])]
    ),
    "sesv2.SendEmail": _mail,
    "sns.Publish": lambda request: iter([Need("sns:Publish", request["TargetArn"])]),
    "sqs.SendMessage": _send,
    "sqs.SendMessageBatch": _send,
}


def queue_arn(url: str) -> str:
    """The ARN of the queue of that URL."""
    account, name = url.split("/")[-2:]
    return f"arn:aws:sqs:{REGION}:{account}:{name}"


# --- what the template grants ---


@dataclass(frozen=True)
class Grant:
    """What one action of a statement of a role allows, with the names of this deployment."""

    role: str
    sid: str
    action: str
    resources: tuple[str, ...]
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]

    def allows(self, need: Need) -> bool:
        """Whether it grants that."""
        return (
            need.action == self.action
            and any(fnmatchcase(need.resource, pattern) for pattern in self.resources)
            and all(_holds(*condition, need) for condition in self.conditions)
        )


def _holds(operator: str, key: str, wanted: tuple[str, ...], need: Need) -> bool:
    said = [value for name, value in need.context if name == key]
    exact = not operator.endswith("StringLike")
    found = [
        value in wanted if exact else any(fnmatchcase(value, pattern) for pattern in wanted)
        for value in said
    ]
    return found != [] and all(found)


def grants(settings: Settings) -> list[Grant]:
    """All that the roles of the functions grant in a deployment with these settings."""
    names = _names(settings)
    return [
        Grant(
            role,
            statement["Sid"],
            action,
            tuple(_text(each, names) for each in as_list(statement["Resource"]) if _made(each)),
            tuple(
                (operator, key, tuple(_text(value, names) for value in as_list(values)))
                for operator, keys in statement.get("Condition", {}).items()
                for key, values in keys.items()
            ),
        )
        for role in sorted({role_of(function) for function in FUNCTIONS})
        for statement in statements(role)
        for action in sorted(actions(statement))
    ]


def _made(resource: Any) -> bool:
    return bool(resource != {"Ref": "AWS::NoValue"})


def _names(settings: Settings) -> dict[str, str]:
    """What the template's names stand for; its group of logs is nobody's here."""
    sender = parseaddr(settings.email_from)[1]
    return {
        "AWS::Partition": "aws",
        "AWS::Region": REGION,
        "AWS::AccountId": ACCOUNT,
        "Table.Arn": _table({"TableName": settings.table}),
        "LedgerTable.Arn": _table({"TableName": settings.ledger_table}),
        "DueQueue.Arn": settings.due_queue_arn,
        "QuarantineQueue.Arn": queue_arn(settings.quarantine_queue_url),
        "Bus.Arn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/{settings.bus}",
        "SchedulerRole.Arn": settings.scheduler_role_arn,
        "ScheduleGroup": settings.schedule_group,
        "SigningSecret": settings.signing_secret,
        "ConfigurationSet": settings.configuration_set,
        "EmailFrom": sender,
        "Domain": sender.rpartition("@")[2],
        "SmsIdentity": settings.sms_identity,
        "PushApplication": settings.push_application,
        "MessageQueueArn": (
            queue_arn(settings.message_queue_url) if settings.message_queue_url else ""
        ),
    }


def _text(value: Any, names: dict[str, str]) -> str:
    """The value as CloudFormation writes it: with a bus of its own, and no EmailIdentity."""
    match value:
        case str():
            return value
        case {"Ref": str(name)}:
            return names[name]
        case {"Fn::GetAtt": [str(name), str(part)]}:
            return names.get(f"{name}.{part}", f"{name}.{part}")
        case {"Fn::Sub": [str(text), dict()]} | {"Fn::Sub": str(text)}:
            return re.sub(r"\$\{([\w.:]+)\}", lambda found: names[found[1]], text)
        case {"Fn::If": ["MakesBus", first, _]} | {"Fn::If": ["NamesIdentity", _, first]}:
            return _text(first, names)
        case _:
            raise AssertionError(f"nobody has thought of {value}")
