"""
A pytest plugin: fails every test in whose output stands something personal of what it fed in.

What the functions print is what Lambda logs, and metrics are printed too.
"""

import json
from collections.abc import Generator, Iterable
from typing import Any

import pytest

from tests.canaries import CANARIES

CHARACTERS_MIN = 6
"""Shortest text that counts: a shorter one may stand in any output by chance."""

_CARRIED: set[str] = set()
"""What the messages of the running test have carried."""


def carries(bodies: Iterable[str]) -> None:
    """Remember what is personal in messages that a function is given now."""
    for body in bodies:
        try:
            read = json.loads(body)
        except (ValueError, RecursionError):
            read = {"user": body}
        if isinstance(read, dict):
            detail = read.get("detail")
            for part in (read, detail if isinstance(detail, dict) else {}):
                _CARRIED.update(
                    text
                    for key in ("user", "user_id", "properties", "attributes", "mail")
                    for text in _texts(part.get(key))
                    if len(text) >= CHARACTERS_MIN
                )


def found_in(output: str) -> list[str]:
    """Return what of it stands in this output."""
    return sorted(text for text in {*_CARRIED, *CANARIES} if text in output)


def forget() -> None:
    """Begin anew."""
    _CARRIED.clear()


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
    elif isinstance(value, str):
        yield value


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Search all that was captured once the test is over."""
    report = yield
    if call.when == "teardown":
        found = found_in("\n".join(text for _, text in report.sections))
        forget()
        if found and report.outcome == "passed":
            report.outcome = "failed"
            report.longrepr = f"personal data in the output: {', '.join(found)}"
    return report
