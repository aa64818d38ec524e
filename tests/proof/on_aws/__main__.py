"""
Attacks the deployed template on the local AWS: `python -m tests.proof.on_aws [PART…]`.
"""

import argparse
import json
import sys
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.text import Text

from tests.proof.on_aws.attack import Outcome
from tests.proof.on_aws.parts import PARTS, Extent
from tests.proof.on_aws.stage import ROOT, staged
from unless.cli.console import Failure, output, say_failure
from unless.cli.demo.surroundings import failures_are_sentences, no_other_aws, signals_raise
from unless.cli.failures import INTERRUPTED

VIOLATIONS_SHOWN = 10


def main() -> int:
    """Run what was asked for; 0 when every promise was kept."""
    wanted, console = _arguments(), output()
    outcomes: list[Outcome] = []
    try:
        with signals_raise(), no_other_aws(), failures_are_sentences(ROOT):
            _run(wanted, console, outcomes)
    except Failure as failure:
        say_failure(failure)
        return 1
    except KeyboardInterrupt:
        console.print("Interrupted. Everything that was started is gone again.")
        return INTERRUPTED
    held = sum(outcome.holds for outcome in outcomes)
    style = "bold green" if held == len(outcomes) else "bold red"
    console.print(Text(f"{held} of {len(outcomes)} parts hold every promise.", style))
    return 0 if held == len(outcomes) else 1


def _run(wanted: argparse.Namespace, console: Console, outcomes: list[Outcome]) -> None:
    extent = Extent(wanted.events, wanted.seed, wanted.load_minutes, wanted.load_rate)
    parts = [(name, part) for name, part in PARTS.items() if name in wanted.parts]
    with staged(lambda text: console.print(Text(f"  {text} …", "dim"))) as stage:
        for number, (name, part) in enumerate(parts, 1):
            begun = f"{name} ({number} of {len(parts)})"
            with console.status(begun) as status:
                outcome = part(stage, extent, partial(_tell, status, begun))
            outcomes.append(outcome)
            write(wanted.to, outcomes)
            show(console, outcome)


def _tell(status: Status, part: str, text: str) -> None:
    status.update(f"{part}: {text}")


def show(console: Console, outcome: Outcome) -> None:
    """Print one part in a line, and below it what is wrong."""
    figures = outcome.verdict.figures
    line = (
        f"{outcome.name:<19}{outcome.events:>6} events{outcome.faults.total():>6} faults"
        f"{figures['triggers']:>6} triggers{figures['mails_sent']:>6} mails"
        f"{figures['mails_unknown']:>4} unknown{figures['provider_requests']:>6} requests"
        f"{outcome.recovery_seconds:>5.0f} s to rest"
    )
    sign = ("✓ ", "green") if outcome.holds else ("✗ ", "bold red")
    console.print(Text.assemble(sign, line), soft_wrap=True)
    wrong = outcome.verdict.violations
    for violation in wrong[:VIOLATIONS_SHOWN]:
        console.print(Text(f"    {violation}", "red"), soft_wrap=True)
    if len(wrong) > VIOLATIONS_SHOWN:
        console.print(Text(f"    and {len(wrong) - VIOLATIONS_SHOWN} more", "red"))


def write(path: Path, outcomes: list[Outcome]) -> None:
    """Keep the figures for machines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([outcome.as_json() for outcome in outcomes], indent=1) + "\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make prove-aws", description=__doc__)
    told = f"which of {', '.join(PARTS)}; all of them by default"
    parser.add_argument("parts", nargs="*", metavar="PART", help=told)
    parser.add_argument("--events", type=int, default=500, help="of each profile")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--load-minutes", type=float, default=10)
    parser.add_argument("--load-rate", type=float, default=20, help="events a second")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "prove-aws.json")
    wanted = parser.parse_args()
    wanted.parts = wanted.parts or list(PARTS)
    if unknown := set(wanted.parts) - set(PARTS):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    return wanted


if __name__ == "__main__":
    sys.exit(main())
