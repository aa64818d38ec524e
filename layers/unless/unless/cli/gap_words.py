"""
What `unless publish` says of audiences that look further back than the history reaches.
"""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from unless.definitions.history_gaps import Gap

REMEDY = (
    "Load what happened before with `unless put --backfill FILE`. If there is nothing before, all "
    "is well."
)


def show_gaps(console: Console, gaps: Iterable[Gap]) -> None:
    """Print a line for each event and look-back, and once what to do about them."""
    lines = list(_lines(gaps))
    for line in lines:
        console.print(Text.assemble(("! ", "bold yellow"), line))
    if lines:
        console.print(Text(f"  {REMEDY}", "yellow"))


def _lines(gaps: Iterable[Gap]) -> Iterator[str]:
    by_words: dict[str, list[str]] = {}
    for gap in gaps:
        by_words.setdefault(_words(gap), []).append(f"{gap.kind} {gap.id}")
    for words, names in by_words.items():
        yield f"{', '.join(names)}: {words}"


def _words(gap: Gap) -> str:
    asked = gap.look_back.written
    since = f"but these are remembered only since {gap.since:%Y-%m-%d %H:%M} UTC"
    if gap.complete is None:
        return (
            f"looks at every `{gap.event}` there ever was (`{asked}`), {since}. An earlier one "
            "counts as if it had never happened."
        )
    return (
        f"looks at `{gap.event}` as far back as `{asked}`, {since}. Until "
        f"{gap.complete:%Y-%m-%d} an earlier one counts as if it had never happened."
    )
