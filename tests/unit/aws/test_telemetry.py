"""
What the functions tell about themselves.
"""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from unless.app.effects import count_records
from unless.app.messages import Report, Told
from unless.aws.telemetry import METRICS, Telemetry
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason, Record


@pytest.fixture
def telemetry(monkeypatch: pytest.MonkeyPatch) -> Telemetry:
    """A function's telemetry, with the environment that template.yaml sets."""
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "Unless")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "test")
    return Telemetry()


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_metric(
    outcome: Outcome, telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    """A report is published after the commit: it may not stumble over what was decided."""
    report = Report()
    at = datetime(2026, 2, 2, tzinfo=UTC)
    record = Record(at, "u-17", "c", outcome, "e", reason=Reason.TOO_LATE)
    report.counts.update(count_records([record, record]))
    telemetry.report(report)
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told[METRICS[outcome.value]] == [2]
    assert told["SendsTooLate"] == [2]


def record(definition: str, outcome: Outcome, **more: Any) -> Record:
    """A record of somebody with a telling id."""
    at = datetime(2026, 2, 2, tzinfo=UTC)
    return Record(at, "canary-user", definition, outcome, "canary-event", **more)


def reported(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str], *told: Told
) -> dict[str, dict[str, Any]]:
    """What is published of each campaign and journey for such records."""
    telemetry.report(Report(records=list(told)))
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return {row["definition"]: row for row in rows if "definition" in row}


def test_each_campaign_and_journey_has_numbers_of_its_own(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is sent, cancelled, skipped and converted, by id and function, and nothing of a user."""
    message = record("tour", Outcome.SKIPPED, kind=Kind.JOURNEY, step="day5")
    cart = [record("cart", Outcome.SENT), record("cart", Outcome.SENT)]
    more = [record("cart", Outcome.CONVERTED), record("cart", Outcome.SCHEDULED), message]
    found = reported(telemetry, capsys, Told(("m",), tuple(cart)), Told(("n",), tuple(more)))
    assert (found["cart"]["SendsSent"], found["cart"]["Conversions"]) == ([2], [1])
    assert "SendsScheduled" not in found["cart"]
    assert found["tour"]["SendsSkipped"] == [1]
    (directive,) = found["tour"]["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [["definition", "service"]]
    assert len(directive["Metrics"]) == 1
    assert "canary" not in json.dumps(found)


def test_what_an_attempt_before_has_counted_is_not_counted_again(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    """A redelivered message writes its records again, and nothing has happened."""
    again = Told(("m",), (record("cart", Outcome.SENT),), again=True)
    assert not reported(telemetry, capsys, again)


def test_numbers_of_each_campaign_can_be_left_out(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them costs money: who has thousands of campaigns says no."""
    monkeypatch.setenv("UNLESS_METRICS_PER_CAMPAIGN", "false")
    told = Told(("m",), (record("cart", Outcome.SENT),))
    assert not reported(Telemetry(), capsys, told)
    assert reported(telemetry, capsys, told)


def test_a_batch_without_news_says_nothing(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    """Numbers cost money, also noughts."""
    report = Report()
    report.counts.update({"applied": 0, "sent": 0})
    telemetry.report(report)
    assert capsys.readouterr().out == ""
