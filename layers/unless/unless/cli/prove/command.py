"""
`unless prove`: every part in turn, with an estimate before, and the figures in a file.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from unless.cli.console import Failure, advance, columns, count, output, progress
from unless.cli.prove.report import (
    Figures,
    Report,
    code_name,
    figures_of,
    read_report,
    write_report,
)
from unless.cli.prove.words import complaints, how_long, line_of, markdown, rows_of
from unless.sim.proof.catalogue import PARTS
from unless.sim.proof.parts import Found, Job, Part
from unless.sim.proof.running import Workers

SAMPLE_EVERY = 100
"""One job out of so many is done first, to tell how long all of them take."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed."""

    parts: tuple[str, ...]
    scale: float
    seed: int
    processes: int
    report: Path
    resume: bool


@dataclass(slots=True)
class Attack:
    """A part on its way: the jobs that are left, and what the others have found."""

    part: Part
    left: list[Job]
    found: Found = field(default_factory=Found)
    seconds: float = 0.0


def prove(asked: Asked) -> bool:
    """
    Attack the promises and return whether all held; what was found is printed and written down.

    Raises:
        Failure: there is no such part, or the report's file cannot be used.
    """
    report, code = read_report(asked.report), code_name()  # it may change while this runs
    chosen = [_part(name) for name in asked.parts] or list(PARTS.values())
    attacks = [
        Attack(part, list(part.jobs(asked.scale, asked.seed)))
        for part in chosen
        if not (asked.resume and _is_done(report.parts.get(part.name), asked, code))
    ]
    console = output()
    with Workers(asked.processes) as workers:
        _estimate(attacks, workers)
        for attack in attacks:
            _run(attack, attack.left, workers, f"{attack.part.name}")
            unproven = attack.part.conclude(attack.found, asked.scale)
            figures = _figures(attack, asked, code, unproven)
            report = report.with_part(attack.part.name, figures)
            write_report(asked.report, report)
            console.print(line_of(attack.part.name, figures))
            for complaint in complaints(attack.part.name, figures):
                console.print(complaint)
    console.print()
    columns(console, rows_of(report, PARTS))
    console.print(f"Figures: {asked.report}")
    return all(report.parts[part.name].holds for part in chosen)


def _part(name: str) -> Part:
    if name not in PARTS:
        raise Failure(f"There is no part {name!r}.", f"One of {', '.join(PARTS)}.", code=2)
    return PARTS[name]


def _is_done(figures: Figures | None, asked: Asked, code: str) -> bool:
    """Whether the report has the figures of this very attack, and nothing was wrong."""
    if figures is None or not figures.holds:
        return False
    same = (figures.scale, figures.seed, figures.code)
    return same == (asked.scale, asked.seed, code)


def _estimate(attacks: Sequence[Attack], workers: Workers) -> None:
    """Do a hundredth of each part, and say how long the rest will take."""
    console, total = output(), 0.0
    processes = count(workers.number, "process", "processes")
    for attack in attacks:
        jobs = attack.left
        attack.left = [job for place, job in enumerate(jobs) if place % SAMPLE_EVERY]
        sample = jobs[::SAMPLE_EVERY]
        worked = _run(attack, sample, workers, f"{attack.part.name}: how long?")
        rest = worked / len(sample) * len(attack.left) / workers.number
        total += rest
        cases = ceil(attack.found.cases / len(sample) * len(jobs))
        about = f"about {cases:,} {attack.part.noun}"
        console.print(f"{attack.part.name:<10} {about}, {how_long(rest)} on {processes}")
    if len(attacks) > 1:
        console.print(f"{'together':<10} about {how_long(total)}\n")


def _run(attack: Attack, jobs: Sequence[Job], workers: Workers, what: str) -> float:
    """Do these jobs; return the seconds that the processes worked, all together."""
    began, worked = time.perf_counter(), 0.0
    with progress(what, len(jobs)) as bar:
        for done in workers.each(jobs):
            attack.found.add(done.found)
            worked += done.seconds
            advance(bar, 1)
    attack.seconds += time.perf_counter() - began
    return worked


def _figures(attack: Attack, asked: Asked, code: str, unproven: Sequence[str]) -> Figures:
    return figures_of(
        attack.found,
        noun=attack.part.noun,
        unproven=tuple(unproven),
        seconds=attack.seconds,
        seed=asked.seed,
        scale=asked.scale,
        processes=asked.processes,
        code=code,
    )


def replay(case: str) -> bool:
    """
    Attack again in the one way that `PART=CASE` names, and return whether the promises held.

    Raises:
        Failure: there is no such case.
    """
    name, _, about = case.partition("=")
    part = _part(name)
    try:
        found = part.replay(about)
    except (ValueError, KeyError, StopIteration) as error:
        told = f"{case!r} names no case of the proof ({error})."
        raise Failure(told, "Copy it as the proof has printed it.", code=2) from error
    asked = Asked((), 1.0, 0, 1, Path(), resume=False)
    figures = _figures(Attack(part, [], found), asked, code_name(), ())
    console = output()
    for complaint in complaints(name, figures):
        console.print(complaint)
    if not found.wrong:
        console.print(f"{name}: nothing is wrong with {about}.")
    return not found.wrong


def show_markdown(path: Path) -> None:
    """Print the figures of the last proof as Markdown."""
    report: Report = read_report(path)
    if not report.parts:
        raise Failure(f"There is no report in {path}.", "Run `make prove` first.")
    for line in markdown(report):
        output().print(line, soft_wrap=True)
