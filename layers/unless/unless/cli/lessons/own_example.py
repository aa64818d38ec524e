"""
The simulated user of people's own campaign, as the check prints it under its finding.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from unless.cli.journeys.filter_words import shortened, value_words
from unless.cli.lessons.own_race import OwnRace
from unless.cli.lessons.playing import show_timeline

MARGIN = " " * 9
"""What stands before each line, so that it hangs below the finding."""


def show_own_race(console: Console, race: OwnRace) -> None:
    """Print what happens to the user, and what would if the event itself were asked."""
    console.print(Text(f"{MARGIN}A simulated user{_who(race.user)}:", "italic"), soft_wrap=True)
    show_timeline(console, race.moments, MARGIN + "  ")
    if race.mended is not None:
        console.print(Text(f"{MARGIN}{race.mended.change}", "italic"), soft_wrap=True)
        show_timeline(console, race.mended.moments, MARGIN + "  ")


def _who(user: Mapping[str, Any]) -> str:
    """Return what is known about the user beforehand, in short words."""
    said = [*_attributes(user["attributes"]), *_history(user["history"])]
    return f" with {shortened(', '.join(said))}" if said else ""


def _attributes(attributes: Mapping[str, Any]) -> Iterator[str]:
    for name, value in attributes.items():
        yield f"{name} {value_words(value)}"


def _history(history: Mapping[str, Any]) -> Iterator[str]:
    for name, row in history.items():
        if name == "received":
            yield from (f"{campaign} received" for campaign in row)
        elif row.get("count"):
            yield f"{row['count']} {name} before"
        elif "total" in row:
            yield f"{value_words(row['total'])} spent before"
