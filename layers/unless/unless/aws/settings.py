"""
Where things are: the environment of a function, or the outputs of a stack, parsed once.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields

from unless.app.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Settings:
    """
    The names of the deployed resources; ARNs and URLs are as AWS gives them.

    What a channel needs is empty where the deployment has no such channel: `email_from` is the
    sender, `sms_identity` a number, sender id or pool, `push_application` the end of the ARN of an
    SNS platform application (`GCM/shop`), `signing_secret` the ARN of the key for webhooks and
    links.
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
    email_from: str = ""
    configuration_set: str = ""
    sms_identity: str = ""
    push_application: str = ""
    message_queue_url: str = ""
    signing_secret: str = ""
    unsubscribe_url: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """
        Return the settings of variables such as `UNLESS_TABLE`.

        Raises:
            ConfigurationError: naming every variable that is missing.
        """
        found = {f.name: environment.get(f"UNLESS_{f.name.upper()}", "") for f in fields(cls)}
        missing = [f"UNLESS_{name.upper()}" for name in REQUIRED if not found[name]]
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
        missing = [OUTPUTS[name] for name in REQUIRED if not outputs.get(OUTPUTS[name])]
        if missing:
            raise ConfigurationError(
                f"the stack has no output {', '.join(missing)}; deploy this release's template.yaml"
            )
        return cls(**{name: outputs.get(output, "") for name, output in OUTPUTS.items()})


REQUIRED = tuple(f.name for f in fields(Settings) if f.default is MISSING)
"""What every deployment has; the rest is there for the channels that it was given."""

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
    "email_from": "EmailFrom",
    "configuration_set": "ConfigurationSetName",
    "sms_identity": "SmsIdentity",
    "push_application": "PushApplication",
    "message_queue_url": "MessageQueueUrl",
    "signing_secret": "SigningSecretArn",
    "unsubscribe_url": "UnsubscribeUrl",
}
"""Which output of template.yaml holds which setting."""
