"""
The search for personal data in the output of tests finds what is there, and nothing else.
"""

import json
from collections.abc import Generator
from types import SimpleNamespace
from typing import Any

import pytest

from tests import canaries, privacy

BODY = json.dumps(
    {
        "source": "shop",
        "detail-type": "cart_updated",
        "detail": {
            "user_id": "user-17",
            "properties": {"items": [{"sku": "leather bag"}], "size": "XL"},
            "attributes": {"email": "u@mail.example"},
        },
    }
)


def report_of(output: str, outcome: str = "passed") -> Any:
    """The report of a test that has fed in BODY and printed this."""
    privacy.carries([BODY, "no json at all"])
    hook: Generator[None, Any, Any] = privacy.pytest_runtest_makereport(
        SimpleNamespace(when="teardown")  # type: ignore[arg-type]
    )
    next(hook)
    sections = [("Captured stdout call", "fine"), ("Captured log call", output)]
    with pytest.raises(StopIteration) as ended:
        hook.send(SimpleNamespace(sections=sections, outcome=outcome, longrepr=None))
    return ended.value.value


@pytest.mark.parametrize(
    "text",
    ["user-17", "leather bag", "u@mail.example", "no json at all", *canaries.CANARIES],
)
def test_what_a_test_has_fed_in_fails_it(text: str) -> None:
    """Users, properties, attributes, and whole messages that are no JSON."""
    report = report_of(f'{{"message": "failed for {text}!"}}')
    assert (report.outcome, text in report.longrepr) == ("failed", True)


@pytest.mark.parametrize("text", ["shop", "cart_updated", "XL", "sku", ""])
def test_names_and_short_texts_may_be_printed(text: str) -> None:
    """Names of events are no person's, and two letters stand anywhere."""
    assert report_of(text).outcome == "passed"


def test_one_test_is_not_blamed_for_another() -> None:
    """What was fed in is forgotten with its test."""
    report_of("")
    assert privacy.found_in("user-17") == []
