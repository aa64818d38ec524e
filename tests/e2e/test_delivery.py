"""
An e-mail from the deployed deliver, what SES says of it, and the link in it.

What ministack lacks: its SES keeps neither headers nor tags and tells nobody of an e-mail, and its
PutEvents refuses the source aws.ses as the real one does. So what SES would say goes past the rule
into the queue of events, and the rule is tried on it by itself.
"""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.test_pipeline import eventually
from tests.unit.events.ses_events import message, ses_event
from unless.cli.demo.stage import publish_example
from unless.cli.deployment import deployed
from unless.cli.local_aws import EMAIL_FROM, LocalAws
from unless.composition import OnAws
from unless.definitions.checks import check
from unless.definitions.reading import read_text
from unless.engine.records import Outcome, Record

MAIL = """
campaign: e2e_mail
trigger: {event: mail_me}
reeligible: always
message: {channel: email, subject: "Hello {{ user.first_name }}",
  text: "Good to see you. Enough? {{ unsubscribe_url }}"}
"""
LAUNCHED_AGO = timedelta(days=1)


@pytest.fixture(scope="module")
def app(aws: LocalAws) -> Iterator[OnAws]:
    """
    The deployed application with a campaign that sends e-mail, beside the example.

    The example is for the tests that come later: a warm evaluate sees a publish up to 30 s late.
    """
    with pytest.MonkeyPatch.context() as patch:
        for name, value in aws.environment.items():
            patch.setenv(name, value)
        app = deployed(aws.stack)
        publish_example(app)
        documents = check(read_text(MAIL).documents)
        launched = app.clock() - LAUNCHED_AGO
        app.operate.carry_out(app.operate.plan_publish(documents, launch_default=launched))
        yield app


def ends(app: OnAws, user: str) -> list[Record]:
    """The records of the user's e-mails that are sent, or are not, the oldest first."""
    ended = [r for r in app.ledger.read(user) if r.outcome in ("sent", "cancelled", "skipped")]
    return ended[::-1]


def mail_me(aws: LocalAws, app: OnAws, user: str) -> Record:
    """Let the trigger happen; return the record of what came of it."""
    before = len(ends(app, user))
    detail = {
        "user_id": user,
        "attributes": {"email": f"{user}@unless.example", "first_name": "Léa"},
    }
    entry = {
        "EventBusName": app.settings.bus,
        "Source": "com.acme.shop",
        "DetailType": "mail_me",
        "Detail": json.dumps(detail),
    }
    assert aws.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0
    assert eventually(lambda: len(ends(app, user)) > before)
    return ends(app, user)[-1]


def mails_to(aws: LocalAws, user: str) -> list[dict[str, Any]]:
    """The e-mails that the local SES has taken for the user."""
    with urllib.request.urlopen(f"{aws.endpoint}/_ministack/ses/messages") as answer:  # noqa: S310 - http, on loopback
        kept = json.load(answer)["messages"]
    return [
        mail
        for account in kept.values()
        for mail in account
        if f"{user}@unless.example" in mail["To"]
    ]


def link_in(mail: dict[str, Any]) -> str:
    """The link to unsubscribe, on the port of the local AWS."""
    found = re.search(r"https://(\w+)\.lambda-url\.[^/]+/(\?t=\S+)", mail["BodyText"])
    assert found, mail["BodyText"]
    return f"/_aws/lambda-url/{found[1]}/{found[2]}"


def ask(aws: LocalAws, method: str, link: str) -> tuple[int, str]:
    """What the function behind the link answers."""
    data = b"List-Unsubscribe=One-Click" if method == "POST" else None
    request = urllib.request.Request(f"{aws.endpoint}{link}", data=data, method=method)  # noqa: S310 - as above
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - as above
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def what_ses_says(app: OnAws, kind: str, about: Record) -> dict[str, Any]:
    """The event that SES puts on the default bus of the e-mail of a record."""
    now = datetime.now(UTC).isoformat()
    mail = message(user=about.user, send=about.send, definition=about.definition)
    recipients = [{"emailAddress": f"{about.user}@unless.example"}]
    event = ses_event(kind, mail, sent=now, timestamp=now, bouncedRecipients=recipients)
    event["detail"]["mail"]["tags"]["ses:configuration-set"] = [app.settings.configuration_set]
    return event


def test_an_email_leaves_with_a_link_that_unsubscribes(aws: LocalAws, app: OnAws) -> None:
    """From the bus to SES; looking at the page changes nothing, one click ends it."""
    record = mail_me(aws, app, "e-leaves")
    assert (record.outcome, record.reason) == ("sent", None)
    (mail,) = mails_to(aws, "e-leaves")
    assert (mail["Source"], mail["Subject"]) == (EMAIL_FROM, "Hello Léa")
    link = link_in(mail)
    status, html = ask(aws, "GET", link)
    assert (status, "<button" in html) == (200, True)
    assert ask(aws, "POST", link[:-1])[0] == 400
    assert "email_subscribe" not in app.store.load("e-leaves").state.attributes
    assert ask(aws, "POST", link)[0] == 200
    assert eventually(lambda: "email_subscribe" in app.store.load("e-leaves").state.attributes)
    assert mail_me(aws, app, "e-leaves").reason == "unsubscribed"
    assert len(mails_to(aws, "e-leaves")) == 1


def test_a_hard_bounce_ends_the_next_email_as_unreachable(aws: LocalAws, app: OnAws) -> None:
    """What SES says comes back to the user whose e-mail it was."""
    record = mail_me(aws, app, "e-bounces")
    assert record.outcome == "sent"
    bounce = json.dumps(what_ses_says(app, "Bounce", record))
    aws.client("sqs").send_message(QueueUrl=aws.outputs["EventsQueueUrl"], MessageBody=bounce)
    known = "email_unreachable"
    assert eventually(lambda: known in app.store.load("e-bounces").state.attributes)
    assert mail_me(aws, app, "e-bounces").reason == "unreachable"
    assert len(mails_to(aws, "e-bounces")) == 1


def test_the_rules_tell_events_of_ses_from_others(aws: LocalAws, app: OnAws) -> None:
    """Ours on the default bus come in, those of others not; on our bus none of AWS does."""
    events = aws.client("events")
    (feedback,) = [r for r in events.list_rules()["Rules"] if "FeedbackRule" in r["Name"]]
    (way_in,) = [
        rule
        for rule in events.list_rules(EventBusName=app.settings.bus)["Rules"]
        if "EventsRule" in rule["Name"]
    ]

    def passes(rule: dict[str, Any], event: dict[str, Any]) -> bool:
        answer = events.test_event_pattern(
            EventPattern=rule["EventPattern"], Event=json.dumps(event)
        )
        return bool(answer["Result"])

    record = Record(
        at=datetime.now(UTC),
        user="u",
        definition="e2e_mail",
        outcome=Outcome.SENT,
        event="e",
        send="s-abc",
    )
    ours = what_ses_says(app, "Open", record)
    others = replace_set(ours, "of-somebody-else")
    assert (passes(feedback, ours), passes(feedback, others)) == (True, False)
    assert not passes(way_in, ours)
    sources = {"unless": False, "unless.unsubscribe": True, "com.acme.shop": True, "aws.s3": False}
    assert {name: passes(way_in, {**ours, "source": name}) for name in sources} == sources


def replace_set(event: dict[str, Any], name: str) -> dict[str, Any]:
    """The event, of another configuration set."""
    other: dict[str, Any] = json.loads(json.dumps(event))
    other["detail"]["mail"]["tags"]["ses:configuration-set"] = [name]
    return other
