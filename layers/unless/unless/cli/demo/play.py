"""
The play: the acts one after the other, and what is seen of them meanwhile.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from unless.cli.demo.bounce import bounce
from unless.cli.demo.cast import BOUNCE, PEOPLE, Ending, Person
from unless.cli.demo.mailbox import press
from unless.cli.demo.screen import Timeline
from unless.cli.demo.stage import Bus
from unless.cli.demo.story import ACTS, Act, Until
from unless.cli.demo.verdict import Verdict, has_ended, has_record, judge
from unless.cli.demo.watching import Watch
from unless.engine.records import Reason

LEAD_MIN, LEAD_MAX = timedelta(seconds=10), timedelta(seconds=20)
"""
How long before they are due the triggers arrive: time to see them wait, and for the exceptions to
come first. The longer, the slower the machine answered in the first act.
"""

LEAD_PER_SECOND = 3
"""Seconds of lead for each second that the first act took."""

SECONDS_MAX = 55.0
"""When the play gives up waiting, in seconds from its beginning."""

AT_ONCE = frozenset({Reason.EXCEPTION_EVENT, Reason.RESCHEDULED})
"""Why a message is cancelled as soon as the event comes; all else is judged when it is due."""

LOOK_SECONDS = 0.2
"""The pause between two looks at what happened."""


@dataclass
class Play:
    """The acts on a stage. `breath` is the pause after each, for people to read, in seconds."""

    watch: Watch
    bus: Bus
    timeline: Timeline
    events_queue: str
    """Where what SES says ends up; its URL."""
    breath: float
    lead: timedelta = LEAD_MIN
    seconds: float = 0.0

    def run(self) -> None:
        """Play every act to its end, or until the time is over."""
        begun = time.monotonic()
        with self.timeline.live(self.watch):
            for act in ACTS:
                self._act(act, begun + SECONDS_MAX)
                if act is ACTS[0]:
                    taken = timedelta(seconds=time.monotonic() - begun)
                    self.lead = min(max(LEAD_MIN, taken * LEAD_PER_SECOND), LEAD_MAX)
                time.sleep(self.breath)
        self.seconds = time.monotonic() - begun

    def verdicts(self) -> dict[Person, list[Verdict]]:
        """Return what came of every trigger, also of those that were never put."""
        return {
            person: [judge(person, each, self.watch, self.bus.times) for each in person.endings]
            for person in PEOPLE
        }

    def _act(self, act: Act, deadline: float) -> None:
        self.timeline.act(act.title)
        self._beside_the_bus(act)
        if act.cues:
            known = set(self.bus.times)
            for event in self.bus.put(act.cues, self.lead):
                self.timeline.event(event, again=event.id in known)
                known.add(event.id)
        is_over = self._is_over(act.until)
        while not (is_over() and self._has_left(act)) and time.monotonic() < deadline:
            time.sleep(LOOK_SECONDS)
            self.timeline.news(self.watch.look(), self.watch)

    def _beside_the_bus(self, act: Act) -> None:
        """Let happen what happens to e-mails; to one that never left, nothing."""
        for mail in self.watch.mails:
            if mail.user == act.leaves:
                self.timeline.beside(mail.user, "unsubscribe", "one click in the e-mail: a POST")
                press(mail, self.watch.endpoint)
            if mail.user == act.bounces:
                told = "said in place of SES, which is silent here"
                self.timeline.beside(mail.user, "Email Bounced", told)
                self.bus.times[BOUNCE] = bounce(self.watch.app, mail, self.events_queue)

    def _has_left(self, act: Act) -> bool:
        return act.leaves is None or self.watch.is_unsubscribed(act.leaves)

    def _is_over(self, until: Until) -> Callable[[], bool]:
        def decided() -> bool:
            return all(has_record(*each, self.watch) for each in self._begun())

        def ended() -> bool:
            return all(has_ended(*each, self.watch) for each in self._begun())

        def cancelled() -> bool:
            rest = (each for each in self._begun() if each[1].reason in AT_ONCE)
            return decided() and all(has_ended(*each, self.watch) for each in rest)

        return {Until.DECIDED: decided, Until.ENDED: ended, Until.CANCELLED: cancelled}[until]

    def _begun(self) -> Iterator[tuple[Person, Ending]]:
        """Yield every ending for which everything was put that it needs."""
        for person in PEOPLE:
            for ending in person.endings:
                if {ending.event, ending.after or ending.event} <= self.bus.times.keys():
                    yield person, ending
