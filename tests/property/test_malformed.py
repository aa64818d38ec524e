"""Ten thousand messages that nobody should send: understood or refused, and no neighbour hurt."""

import pytest

from unless.events.limits import STRING_BYTES_MAX
from unless.events.rejection import RejectReason
from unless.sim.proof.malformed import in_batches, part
from unless.sim.proof.malformed.breaking import broken_message
from unless.sim.proof.malformed.by_hand import BY_HAND
from unless.sim.proof.malformed.part import Malformed
from unless.sim.proof.parts import Found, Job

SEED = 20260202
GENERATED = 10_000 - len(BY_HAND)

attack = Malformed()


def attacked(first: int, size: int) -> Found:
    """What is found in these messages."""
    return attack.work(Job(attack.name, SEED, first, size))


@pytest.mark.slow
def test_every_message_written_by_hand_is_understood_or_refused() -> None:
    """No exception, a reason of the closed list, and what is understood lives on. # V5 V6"""
    found = attacked(0, len(BY_HAND))
    assert found.cases == len(BY_HAND) > 1_000
    assert not found.wrong, found.violations


@pytest.mark.slow
def test_every_broken_envelope_is_understood_or_refused() -> None:
    """The same of envelopes of apps and of SES, broken by a seed; the reasons come up. # V5 V6"""
    found = attacked(len(BY_HAND), GENERATED)
    assert not found.wrong, found.violations
    missing = [reason for reason in RejectReason if not found.seen[f"reason {reason}"]]
    assert len(missing) <= 1
    assert found.seen["messages written and sent"] > 500
    assert found.seen["batches"] > 10


def test_a_number_always_names_the_same_message() -> None:
    """What is broken can be had again by its case."""
    numbers = range(len(BY_HAND), len(BY_HAND) + 50)
    once, again = ([broken_message(seed, n) for n in numbers] for seed in (SEED, SEED))
    assert once == again
    assert once != [broken_message(SEED + 1, n) for n in numbers]


def test_an_exception_is_a_violation_with_its_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that fails on some message is found out, and the case has it again."""

    def fails(*_: object) -> object:
        raise KeyError("detail")

    monkeypatch.setattr(part, "parse_message", fails)
    found = attack.replay(f"{SEED}:{len(BY_HAND)}")
    assert any("KeyError" in violation.sentence for violation in found.violations)
    assert found.violations[0].story


def test_a_limit_that_does_not_hold_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A neighbour that is lost, or a message that goes back, is a violation."""

    def fails(*_: object) -> object:
        raise KeyError(STRING_BYTES_MAX)

    monkeypatch.setattr("unless.app.evaluate.parse_message", fails)
    sentences = list(in_batches.wrong_in_batch(["{}"]))
    assert any("went back" in sentence for sentence in sentences)
    assert any("neighbour 0" in sentence for sentence in sentences)
