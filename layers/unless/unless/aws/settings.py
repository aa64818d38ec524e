"""
Where things are: the environment of a function, or the outputs of a stack, parsed once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from unless.app.errors import ConfigurationError

LEDGER_DAYS_DEFAULT = 30
"""Days that decision records are kept when the deployment says nothing else."""


@dataclass(frozen=True, slots=True)
class Settings:
    """
    The names of the deployed resources.

    `ledger_days` is in days; ARNs and URLs are as AWS gives them.
    """

    table: str
    ledger_table: str
    bus: str
    due_queue_url: str
    due_queue_arn: str
    quarantine_queue_url: str
    schedule_group: str
    scheduler_role_arn: str
    schedule_dlq_arn: str
    ledger_days: int = LEDGER_DAYS_DEFAULT

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """
        Return the settings of variables such as `UNLESS_TABLE`.

        Raises:
            ConfigurationError: naming every variable that is missing, or the one that is no number.
        """
        found = {f.name: environment.get(f"UNLESS_{f.name.upper()}", "") for f in fields(cls)}
        days = _days(found.pop("ledger_days"))
        missing = [f"UNLESS_{name.upper()}" for name, value in found.items() if not value]
        if missing:
            raise ConfigurationError(
                f"the environment lacks {', '.join(missing)}; template.yaml sets them on deployment"
            )
        return cls(**found, ledger_days=days)

    @classmethod
    def from_outputs(cls, outputs: Mapping[str, str]) -> "Settings":
        """
        Return the settings of a stack's outputs, such as `TableName`.

        Raises:
            ConfigurationError: naming every output that is missing.
        """
        missing = [name for name in OUTPUTS.values() if not outputs.get(name)]
        if missing:
            raise ConfigurationError(
                f"the stack has no output {', '.join(missing)}; deploy this release's template.yaml"
            )
        found = {name: outputs[output] for name, output in OUTPUTS.items()}
        return cls(**found, ledger_days=LEDGER_DAYS_DEFAULT)


OUTPUTS = {
    "table": "TableName",
    "ledger_table": "LedgerTableName",
    "bus": "BusName",
    "due_queue_url": "DueQueueUrl",
    "due_queue_arn": "DueQueueArn",
    "quarantine_queue_url": "QuarantineQueueUrl",
    "schedule_group": "ScheduleGroupName",
    "scheduler_role_arn": "SchedulerRoleArn",
    "schedule_dlq_arn": "ScheduleDeadLetterQueueArn",
}
"""Which output of template.yaml holds which setting."""


def _days(text: str) -> int:
    if not text:
        return LEDGER_DAYS_DEFAULT
    if not text.isdigit() or int(text) < 1:
        raise ConfigurationError(f"UNLESS_LEDGER_DAYS must be a number of days, it is {text!r}")
    return int(text)
