"""
Where things are: the environment of a function, or the outputs of a stack, parsed once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from unless.app.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Settings:
    """
    The names of the deployed resources; ARNs and URLs are as AWS gives them.
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

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """
        Return the settings of variables such as `UNLESS_TABLE`.

        Raises:
            ConfigurationError: naming every variable that is missing.
        """
        found = {f.name: environment.get(f"UNLESS_{f.name.upper()}", "") for f in fields(cls)}
        missing = [f"UNLESS_{name.upper()}" for name, value in found.items() if not value]
        if missing:
            raise ConfigurationError(
                f"the environment lacks {', '.join(missing)}; template.yaml sets them on deployment"
            )
        return cls(**found)

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
        return cls(**{name: outputs[output] for name, output in OUTPUTS.items()})


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
