"""
The part `malformed` of the proof: a million messages that nobody should send.
"""

import traceback
from collections.abc import Sequence

from unless.engine.model import UserEvent
from unless.events.feedback import Confirmation, OfNobody
from unless.events.intake import parse_message
from unless.events.rejection import Rejected, RejectReason
from unless.sim.proof.malformed.breaking import broken_message
from unless.sim.proof.malformed.in_batches import BATCH, wrong_in_batch
from unless.sim.proof.malformed.sound import ARRIVED
from unless.sim.proof.malformed.surviving import lived_through, unsound
from unless.sim.proof.parts import Found, Job, Part, Violation, scaled, shares

MESSAGES = 1_000_000
"""How many messages the whole proof tries."""

JOB = 2_000
"""Messages that a process tries before it tells of them."""

BATCH_EVERY = 500
"""One batch out of so many messages also goes through `Evaluate`."""

LIVED_EVERY = 10
"""One message out of so many, if it is understood, is also followed to its end."""

SHOWN_CHARACTERS = 2_000
"""Characters of a message that a story shows."""

REASON = "reason "


class Malformed(Part):
    """Events that nobody should send."""

    name = "malformed"
    noun = "messages"

    def jobs(self, scale: float, seed: int) -> Sequence[Job]:
        """Return the jobs: messages by their numbers."""
        return shares(self.name, scaled(MESSAGES, scale), JOB, seed)

    def work(self, job: Job) -> Found:
        """Judge the messages of these numbers."""
        found = Found()
        for number in range(job.first, job.first + job.size):
            self._judge(job.seed, number, found, lives=number % LIVED_EVERY == 0)
            if number % BATCH_EVERY == 0:
                self._judge_batch(job.seed, number, found)
        return found

    def conclude(self, found: Found, scale: float) -> Sequence[str]:
        """Return a sentence for each reason of the list that never came up."""
        del scale
        if found.cases < JOB:
            return []
        missing = [r.value for r in RejectReason if not found.seen[REASON + r.value]]
        return [f"no message was refused as {reason}" for reason in missing]

    def replay(self, case: str) -> Found:
        """Judge the message that `SEED:NUMBER` names, and the batch of which it is the first."""
        seed, _, number = case.partition(":")
        found = Found()
        self._judge(int(seed), int(number), found, lives=True)
        self._judge_batch(int(seed), int(number), found)
        return found

    def _judge(self, seed: int, number: int, found: Found, *, lives: bool) -> None:
        body = broken_message(seed, number)
        found.cases += 1
        sentences: list[str] = []
        try:
            understood = parse_message(body, ARRIVED)
            match understood:
                case Rejected(reason, detail):
                    found.seen[REASON + reason.value] += 1
                    if reason not in set(RejectReason) or not detail:
                        sentences.append(f"refused without a listed reason: {reason}")
                    detail.encode()
                case UserEvent():
                    found.seen["understood"] += 1
                    sentences += unsound(understood, ARRIVED)
                    if lives:
                        found.seen["followed to the end"] += 1
                        sentences += lived_through(understood, found.seen)
                case Confirmation() | OfNobody():
                    found.seen["of SES, for nobody"] += 1
        except Exception as error:
            sentences.append(_raised(error))
        _violate(found, f"{seed}:{number}", sentences, body)

    def _judge_batch(self, seed: int, number: int, found: Found) -> None:
        bodies = [broken_message(seed, number + place) for place in range(BATCH // 2)]
        found.seen["batches"] += 1
        try:
            sentences = list(wrong_in_batch(bodies))
        except Exception as error:
            sentences = [_raised(error)]
        _violate(found, f"{seed}:{number}", sentences, *bodies)


def _raised(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error!s:.200} ({last.name}, {last.filename}:{last.lineno})"


def _violate(found: Found, case: str, sentences: list[str], *bodies: str | bytes) -> None:
    story = tuple(repr(body)[:SHOWN_CHARACTERS] for body in bodies) if sentences else ()
    for sentence in sentences:
        found.violate(Violation(case, sentence, story))
