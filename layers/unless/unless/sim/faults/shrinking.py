"""
Making a history that fails as small as it gets, so that people can read it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from unless.sim.faults.history import Cancelled, Deleted, Happens, History, Trouble
from unless.sim.faults.running import Outcome, run

RUNS_MAX = 600
"""Most histories tried on the way."""

type Run = Callable[[History], Outcome]


def shrink(history: History, run: Run = run) -> History:
    """
    Return a small history that breaks the same promise; the very same if it breaks none.

    Greedily: what can be left out is left out, happenings, definitions, repeats, then faults.
    """
    broken = {breach.promise for breach in run(history).breaches}
    if not broken:
        return history
    runs = 0
    is_smaller = True
    while is_smaller and runs < RUNS_MAX:
        is_smaller = False
        for candidate in _smaller(history):
            runs += 1
            if broken & {breach.promise for breach in run(candidate).breaches}:
                history, is_smaller = candidate, True
                break
            if runs == RUNS_MAX:
                break
    return _with_few_faults(history, broken, run)


def _smaller(history: History) -> Iterator[History]:
    """Yield the history with something left out, the largest parts first."""
    yield from _with_less_happening(history)
    for place in range(len(history.documents)):
        others = history.documents[:place] + history.documents[place + 1 :]
        if others:
            yield replace(history, documents=others)
    used = {h.user for h in history.happenings if isinstance(h, Happens | Deleted | Cancelled)}
    users = {name: values for name, values in history.users.items() if name in used}
    if len(users) < len(history.users):
        yield replace(history, users=users)
    yield from (replace(history, trouble=less) for less in _with_less_trouble(history.trouble))


def _with_less_happening(history: History) -> Iterator[History]:
    happenings = history.happenings
    size = len(happenings) // 2
    while size:
        for start in range(0, len(happenings), size):
            left = happenings[:start] + happenings[start + size :]
            yield replace(history, happenings=left)
        size //= 2
    for place, happening in enumerate(happenings):
        if isinstance(happening, Happens) and happening.again:
            once = replace(happening, again=happening.again[:-1])
            left = (*happenings[:place], once, *happenings[place + 1 :])
            yield replace(history, happenings=left)


def _with_less_trouble(trouble: Trouble) -> Iterator[Trouble]:
    candidates = (
        replace(trouble, outages=()),
        replace(trouble, lost_acks=0.0),
        replace(trouble, dropped=0.0),
        replace(trouble, doubled=0.0),
        replace(trouble, late=0.0),
        replace(trouble, early=0.0),
    )
    return (candidate for candidate in candidates if candidate != trouble)


def _with_few_faults(history: History, broken: set[str], run_: Run) -> History:
    """Return the history in which every fault that does not matter is spared."""
    hit = [
        f"{call.process.name}:{call.number}"
        for call in run(history, keep_calls=True).observed.calls
        if call.fault is not None
    ]
    for place in hit:
        spared = history.trouble.spared | {place}
        candidate = replace(history, trouble=replace(history.trouble, spared=spared))
        if broken & {breach.promise for breach in run_(candidate).breaches}:
            history = candidate
    return history
