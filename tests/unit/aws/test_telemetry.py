"""
What the functions tell about themselves.
"""

import json
from datetime import UTC, datetime

import pytest

from unless.app.effects import count_records
from unless.app.messages import Report
from unless.aws.telemetry import METRICS, Telemetry
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


def test_a_batch_without_news_says_nothing(
    telemetry: Telemetry, capsys: pytest.CaptureFixture[str]
) -> None:
    """Numbers cost money, also noughts."""
    report = Report()
    report.counts.update({"applied": 0, "sent": 0})
    telemetry.report(report)
    assert capsys.readouterr().out == ""
