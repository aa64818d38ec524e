"""What only some deployments have: made and granted where its parameter asks for it, else not."""

import re
from typing import Any

import pytest

from tests.template.reading import (
    RESOURCES,
    TEMPLATE,
    arn,
    asked,
    of_type,
    properties,
    variables,
)
from unless.aws.settings import OUTPUTS
from unless.events.feedback import CONFIRMING, SES

ASKED_FOR = {
    "EmailFrom": "SendsEmail",
    "SmsIdentity": "SendsSms",
    "PushApplication": "SendsPush",
    "MessageQueueArn": "SendsToQueue",
}
FOR_EMAIL = {
    "ConfigurationSet",
    "EmailEvents",
    "FeedbackRule",
    "UnsubscribeFunction",
    "UnsubscribeUrl",
    "UnsubscribeUrlPermission",
    "UnsubscribeInvokePermission",
    "UnsubscribeRole",
    "UnsubscribeLogGroup",
}


def granted(role: str) -> dict[str, tuple[str | None, dict[str, Any]]]:
    """The statements of a role by their names, each with its condition."""
    (policy,) = properties(role)["Policies"]
    pairs = [asked(statement) for statement in policy["PolicyDocument"]["Statement"]]
    return {statement["Sid"]: (condition, statement) for condition, statement in pairs}


@pytest.mark.parametrize(("parameter", "condition"), ASKED_FOR.items())
def test_a_channel_is_there_when_its_parameter_is_set(parameter: str, condition: str) -> None:
    """Nothing is the default, so nothing is made and nothing granted that nobody asked for."""
    assert TEMPLATE["Parameters"][parameter]["Default"] == ""
    missing = {"Fn::Equals": [{"Ref": parameter}, ""]}
    assert TEMPLATE["Conditions"][condition] == {"Fn::Not": [missing]}


def test_without_email_there_is_nothing_of_it() -> None:
    """No page on the internet, no configuration set, no rule on the default bus."""
    conditional = {name for name, resource in RESOURCES.items() if "Condition" in resource}
    assert conditional == FOR_EMAIL | {"Bus", "ProducersPolicy", "NoForeignUnlessPolicy"}
    assert {RESOURCES[name]["Condition"] for name in FOR_EMAIL} == {"SendsEmail"}


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("SendEmails", "SendsEmail"),
        ("SendTexts", "SendsSms"),
        ("Push", "SendsPush"),
        ("QueueMessages", "SendsToQueue"),
        ("ReadSigningSecret", None),
    ],
)
def test_deliver_may_send_by_what_was_asked_for(name: str, condition: str | None) -> None:
    """A deployment without SMS cannot be made to send any."""
    assert granted("DeliverRole")[name][0] == condition


def test_emails_come_from_our_sender_and_with_our_configuration_set() -> None:
    """Another identity of the account cannot be spoken for."""
    statement = granted("DeliverRole")["SendEmails"][1]
    assert statement["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "EmailFrom"}}}
    ours, identity, domain = statement["Resource"]
    assert ours["Fn::Sub"].endswith(":configuration-set/${ConfigurationSet}")
    named, address = (each["Fn::Sub"] for each in identity["Fn::If"][1:])
    assert named.endswith(":identity/${EmailIdentity}")
    assert address.endswith(":identity/${EmailFrom}")
    assert domain["Fn::If"][2]["Fn::Sub"][0].endswith(":identity/${Domain}")


def test_the_sender_has_a_name_where_one_is_given() -> None:
    """Mail programs show it; the pattern of the parameter lets no quote break out of it."""
    named = {"Fn::Sub": '"${EmailFromName}" <${EmailFrom}>'}
    sender = variables("DeliverFunction")["UNLESS_EMAIL_FROM"]
    assert sender == {"Fn::If": ["NamesSender", named, {"Ref": "EmailFrom"}]}
    allowed = TEMPLATE["Parameters"]["EmailFromName"]["AllowedPattern"]
    assert re.fullmatch(allowed, "Acme & Sons, Inc. (news)")
    for bad in ('"', "\\", "<", "\n", "@"):
        assert not re.fullmatch(allowed, f"Acme{bad}")


@pytest.mark.parametrize(
    ("parameter", "good", "bad"),
    [
        ("EmailFrom", "news@mail.shop.example", "Shop <news@shop.example>"),
        ("SmsIdentity", "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1a2b", "+33612345678"),
        ("PushApplication", "GCM/shop", "arn:aws:sns:eu-west-1:123456789012:app/GCM/shop"),
        ("MessageQueueArn", "arn:aws:sqs:eu-west-1:123456789012:q.fifo", "https://sqs/q"),
    ],
)
def test_a_parameter_that_cannot_be_right_is_refused(parameter: str, good: str, bad: str) -> None:
    """At the deployment, and not by each message that then fails."""
    pattern = TEMPLATE["Parameters"][parameter]["AllowedPattern"]
    assert re.fullmatch(pattern, "")
    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, bad)


def test_push_reaches_endpoints_of_our_application_only() -> None:
    """Topics and other applications of the account are out of reach."""
    resource = granted("DeliverRole")["Push"][1]["Resource"]["Fn::Sub"]
    assert resource.endswith(":endpoint/${PushApplication}/*")


def test_only_deliver_and_unsubscribe_read_the_signing_secret() -> None:
    """Whoever has it can make links for everybody."""
    for role in of_type("AWS::IAM::Role"):
        may = "secretsmanager:GetSecretValue" in str(properties(role))
        assert may is (role in ("DeliverRole", "UnsubscribeRole")), role
    assert granted("UnsubscribeRole")["ReadSigningSecret"][1]["Resource"] == {
        "Ref": "SigningSecret"
    }


def test_the_signing_secret_is_made_and_nobody_has_seen_it() -> None:
    """No parameter, no default: Secrets Manager draws 64 characters."""
    assert properties("SigningSecret")["GenerateSecretString"]["PasswordLength"] == 64
    assert "SecretString" not in properties("SigningSecret")


def test_the_page_is_open_to_everybody_through_its_url_alone() -> None:
    """Both permissions that URLs need since October 2025, neither of them for a bare Invoke."""
    assert properties("UnsubscribeUrl")["AuthType"] == "NONE"
    url, invoke = (properties(f"Unsubscribe{name}Permission") for name in ("Url", "Invoke"))
    assert (url["Action"], url["FunctionUrlAuthType"]) == ("lambda:InvokeFunctionUrl", "NONE")
    assert (invoke["Action"], invoke["InvokedViaFunctionUrl"]) == ("lambda:InvokeFunction", True)
    assert len(of_type("AWS::Lambda::Permission")) == 2


def test_no_function_takes_concurrency_away_from_the_account() -> None:
    """A new account has ten in all, and none to reserve: the deployment would fail."""
    assert "ReservedConcurrentExecutions" not in str(TEMPLATE)


def test_only_what_ses_says_of_our_emails_comes_in() -> None:
    """By source and configuration set, from the default bus, into the queue of events."""
    rule = properties("FeedbackRule")
    assert "EventBusName" not in rule
    assert rule["EventPattern"] == {
        "source": [SES],
        "detail": {"mail": {"tags": {"ses:configuration-set": [{"Ref": "ConfigurationSet"}]}}},
    }
    assert rule["Targets"][0]["Arn"] == arn("EventsQueue")


def test_ses_says_what_is_understood_and_no_more() -> None:
    """Each event costs a run of evaluate, so that nothing is asked for that is then ignored."""
    destination = properties("EmailEvents")["EventDestination"]
    understood = {"OPEN", "CLICK", "BOUNCE", "COMPLAINT", "REJECT"}
    assert set(destination["MatchingEventTypes"]) == understood | set(CONFIRMING.values())
    bus = destination["EventBridgeDestination"]["EventBusArn"]["Fn::Sub"]
    assert bus.endswith(":event-bus/default")


def test_an_output_is_never_empty() -> None:
    """CloudFormation refuses empty values, so what may be missing has a condition."""
    outputs, given = TEMPLATE["Outputs"], variables("DeliverFunction")
    for parameter, condition in ASKED_FOR.items():
        name = "MessageQueueUrl" if parameter == "MessageQueueArn" else parameter
        assert outputs[name]["Condition"] == condition
        assert name in OUTPUTS.values()
    assert given["UNLESS_UNSUBSCRIBE_URL"]["Fn::If"][0] == outputs["UnsubscribeUrl"]["Condition"]
