"""
The functions as deployed: how often each ran, and what each said last.
"""

from dataclasses import dataclass

from unless.aws.clients import Clients

START = "START RequestId"
NOISE = (START, "END RequestId", "REPORT RequestId")
"""How the lines begin that Lambda itself writes for every run."""


@dataclass(frozen=True, slots=True)
class FunctionLog:
    """The log of one function."""

    name: str
    lines: tuple[str, ...]

    @property
    def runs(self) -> int:
        """How often it was run."""
        return sum(line.startswith(START) for line in self.lines)

    def tail(self, count: int) -> list[str]:
        """Return the last lines that the function itself wrote, metrics left out."""
        own = [line for line in self.lines if line and not line.startswith(NOISE)]
        return [line for line in own if '"CloudWatchMetrics"' not in line][-count:]


def read_log(clients: Clients, function: str) -> FunctionLog:
    """Return everything that the function wrote."""
    answer = clients.get("lambda").get_function_configuration(FunctionName=function)
    logs = clients.get("logs")
    request = {"logGroupName": answer["LoggingConfig"]["LogGroup"]}
    lines: list[str] = []
    while True:
        page = logs.filter_log_events(**request)
        lines += [event["message"].rstrip() for event in page["events"]]
        if not page.get("nextToken"):
            return FunctionLog(function, tuple(lines))
        request["nextToken"] = page["nextToken"]
