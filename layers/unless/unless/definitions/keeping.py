"""
How decision records are kept: for how long, and how many of those about a filter that failed.
"""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from unless.definitions.values import Duration, Model

KEEP_MIN = timedelta(days=1)
"""Shortest time that records are kept; what expires is deleted within days anyway."""


def _keep(span: timedelta) -> timedelta:
    if span < KEEP_MIN:  # and like every duration it has an end, after ten years
        raise PydanticCustomError(
            "bad_value",
            f"records are kept for {KEEP_MIN.days}d at least",
            {"remedy": "Write a longer time, such as 30d."},
        )
    return span


class RecordKeeping(Model):
    """How long decision records are kept, and which of those whose reason is `filter_mismatch`."""

    keep: Annotated[Duration, AfterValidator(_keep)] = timedelta(days=30)
    filter_mismatch: Literal["all", "last", "none"] = "all"
