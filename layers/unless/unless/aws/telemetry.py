"""
Metrics and logs of the functions: numbers once a run, a line only for what a person may look at.

Nothing of a user is in them, not even an id; the id of a message finds the event in its queue.
"""

import os
from functools import cache

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from unless.app.messages import Report
from unless.app.sweep import Swept

METRICS = {
    "applied": "EventsApplied",
    "ignored": "EventsIgnored",
    "duplicates": "EventsRepeated",
    "quarantined": "EventsQuarantined",
    "scheduled": "SendsScheduled",
    "sent": "SendsSent",
    "cancelled": "SendsCancelled",
    "skipped": "SendsSkipped",
    "entered": "RunsEntered",
    "exited": "RunsExited",
    "completed": "RunsCompleted",
    "converted": "Conversions",
    "interacted": "MessageInteractions",
    "too_late": "SendsTooLate",
    "late_exceptions": "LateExceptions",
    "orphan_timers": "OrphanTimers",
    "failed_cancels": "CancelsFailed",
    "confirmed": "SendsConfirmed",
}
"""The metric for each count of a report."""

PER_CAMPAIGN = "UNLESS_METRICS_PER_CAMPAIGN"
"""
The environment variable that, with `false`, leaves out the metrics of each campaign and journey.

Each name of a metric with each set of its dimensions' values is billed as a metric of its own, by
the hour in which it has values: at most 0.30 dollars a month, the first 10,000 of them (list prices
of us-east-1, as vantage.sh explains them in "CloudWatch Metrics Pricing Explained in Plain
English", read 2026-11). A campaign with triggers in every hour has up to six: `evaluate` cancels,
skips and converts, `deliver` sends, cancels and skips.
"""


class Telemetry:
    """The logger and the metrics of one function, named by POWERTOOLS_* and LOG_LEVEL."""

    def __init__(self) -> None:
        """Read the environment of Powertools."""
        self._logger = Logger()
        self._metrics = Metrics()
        self._of_definition = EphemeralMetrics()
        self._per_campaign = os.environ.get(PER_CAMPAIGN, "").lower() != "false"

    def report(self, report: Report) -> None:
        """Publish the numbers of a batch, and a line for each message that goes back."""
        for message, failure in report.failed.items():
            log = self._logger.warning if failure.may_pass else self._logger.error
            log("message returned to its queue", message_id=message, why=failure.why)
        numbers = {METRICS[name]: count for name, count in report.counts.items() if count}
        if report.failed:
            numbers["MessagesReturned"] = len(report.failed)
        for name, number in numbers.items():
            self._metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
        if report.counts["sent"]:
            self._metrics.add_metric(
                name="SendLateness", unit=MetricUnit.Seconds, value=report.lateness_max
            )
        if numbers:
            self._metrics.flush_metrics()
        if self._per_campaign:
            self._report_definitions(report)

    def _report_definitions(self, report: Report) -> None:
        """
        Publish the numbers of each campaign and journey, with its id as a dimension.

        Each needs a document of its own, which holds one value for each dimension; with four
        metrics it stays far below the 100 that one may have. Source: CloudWatch User Guide,
        "Specification: Embedded metric format", DimensionSet and MetricDirective (read 2026-11).
        """
        for definition, counts in sorted(report.by_definition().items()):
            self._of_definition.add_dimension(name="definition", value=definition)
            for outcome, number in counts.items():
                name = METRICS[outcome.value]
                self._of_definition.add_metric(name=name, unit=MetricUnit.Count, value=number)
            self._of_definition.flush_metrics()

    def swept(self, swept: Swept) -> None:
        """Publish what a sweep found, and that it has finished."""
        numbers = {
            "OverdueSends": swept.overdue,
            "SendsRungAgain": swept.rung,
            "SendsWoken": swept.woken,
            "SweeperHeartbeat": 1,
        }
        for name, number in numbers.items():
            self._metrics.add_metric(name=name, unit=MetricUnit.Count, value=number)
        self._metrics.add_metric(
            name="OldestOverdueSend", unit=MetricUnit.Seconds, value=swept.oldest.total_seconds()
        )
        self._metrics.flush_metrics()

    def failed(self, what: str, why: str) -> None:
        """Log that something could not be done, in words without any data of a user."""
        self._logger.error(what, why=why)


@cache
def telemetry() -> Telemetry:
    """Return the telemetry of this process."""
    return Telemetry()
