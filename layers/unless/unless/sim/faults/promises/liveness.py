"""
I2, the bound: what is due ends, or moves on, within a quarter of an hour of when nothing is in its
way any more, where the sweeper runs.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from unless.engine.model import DueItem, DueStatus, Run
from unless.sim.faults.memory.channels import Request
from unless.sim.faults.observed import Call
from unless.sim.faults.pipeline import Pipeline
from unless.sim.faults.promises.breach import Breach
from unless.sim.faults.promises.claims import Claim

BOUND = timedelta(minutes=15)
"""DESIGN section 3, I2."""


def ends_in_time(pipeline: Pipeline, claims: list[Claim]) -> Iterator[Breach]:
    """Yield what stood longer than that, counted from the last thing that went wrong with it."""
    del claims
    if not pipeline.history.sweeper:
        return
    hindrances = _Hindrances(pipeline)
    begun: dict[str, datetime] = {}
    for commit in pipeline.observed.commits:
        if not commit.changed:
            continue
        begun |= {item.id: commit.at for item in commit.new_items}
        for name, item in commit.before.state.pending.items():
            after = commit.after.pending.get(name)
            if after is not None and _stands(item, after):
                continue
            since = max(hindrances.last(item, commit.at), begun.get(name, commit.at))
            begun[name] = commit.at
            if item.status is DueStatus.PARKED and hindrances.is_paused(item, commit.at):
                continue
            if commit.at - since > BOUND:
                waited = str(commit.at - since).split(".", maxsplit=1)[0]
                sentence = f"{item.definition} of {item.event} stood for {waited}"
                yield Breach("I2", item.user, sentence, commit.at)


def _stands(item: DueItem, after: DueItem) -> bool:
    """Whether it is still the same wait: neither its step nor its due time is another one."""
    in_step = not (isinstance(item, Run) and isinstance(after, Run)) or item.place == after.place
    return in_step and item.due == after.due


class _Hindrances:
    """What was in the way of whom, and when."""

    def __init__(self, pipeline: Pipeline) -> None:
        observed = pipeline.observed
        self._published = [at for at, _ in observed.published]
        self._snapshots = [snapshot for _, snapshot in observed.published]
        self._outages = [outage.until for outage in pipeline.history.trouble.outages]
        self._everywhere = [c.at for c in observed.hit if c.process.role in ("sweep", "person")]
        self._of: dict[str, list[datetime]] = defaultdict(list)
        for call in observed.hit:
            self._note_call(call)
        for request in pipeline.ports.requests.made:
            self._note_answer(request)

    def _note_call(self, call: Call) -> None:
        if call.process.role == "deliver":
            for letter in call.process.name.removeprefix("deliver(").split("+"):
                self._of[letter.rpartition("#")[0].rpartition("-")[0]].append(call.at)

    def _note_answer(self, request: Request) -> None:
        if request.answer != "accepted":
            self._of[request.message.send.split(".", maxsplit=1)[0]].append(request.at)

    def is_paused(self, item: DueItem, at: datetime) -> bool:
        """Whether its campaign or journey was paused then."""
        place = bisect_right(self._published, at)
        published = self._snapshots[place - 1].definitions if place else {}
        return item.definition in published and published[item.definition].status == "paused"

    def last(self, item: DueItem, until: datetime) -> datetime:
        """Return when the last of it was, or the item was due, whichever was later."""
        ways = (self._published, self._outages, self._everywhere, sorted(self._of[item.id]))
        found = (way[place - 1] for way in ways if (place := bisect_right(way, until)))
        return max((item.due, *found))
