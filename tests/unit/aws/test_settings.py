"""
Settings: parsed once, and what is missing is named.
"""

import pytest

from tests.template.reading import TEMPLATE
from unless.app.errors import ConfigurationError
from unless.aws.settings import OUTPUTS, Settings

ENVIRONMENT = {f"UNLESS_{name.upper()}": f"the {name}" for name in OUTPUTS}


def test_the_environment_is_read() -> None:
    """Every variable finds its place."""
    settings = Settings.from_environment(ENVIRONMENT)
    assert settings.table == "the table"
    assert settings.ledger_table == "the ledger_table"


@pytest.mark.parametrize("empty", [None, ""])
def test_what_is_missing_is_named(empty: str | None) -> None:
    """A wrong deployment fails with the names of the variables, all at once."""
    environment = {k: v for k, v in ENVIRONMENT.items() if k != "UNLESS_BUS"}
    environment.pop("UNLESS_TABLE")
    if empty is not None:
        environment["UNLESS_BUS"] = empty
    with pytest.raises(ConfigurationError, match=r"UNLESS_TABLE, UNLESS_BUS"):
        Settings.from_environment(environment)


def test_the_outputs_of_the_template_are_enough() -> None:
    """The command finds everything in the outputs of the stack that it deployed."""
    assert set(OUTPUTS.values()) <= TEMPLATE["Outputs"].keys()
    settings = Settings.from_outputs({output: output for output in OUTPUTS.values()})
    assert settings.schedule_group == "ScheduleGroupName"
    with pytest.raises(ConfigurationError, match="TableName"):
        Settings.from_outputs({})
