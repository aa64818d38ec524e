"""
The sentence of every reason, as it was read aloud; `WHY_GOLDEN=1` writes the file anew.
"""

import json
import os
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Typed
from tests.unit.cli.why_cases import Case, cases
from unless.cli.why.advice import ADVICE
from unless.cli.why.sentences import CAUSES, full_sentence
from unless.cli.why.telling import Telling
from unless.definitions.models import Kind
from unless.engine.records import Outcome, Reason, Record

GOLDEN = Path(__file__).with_name("golden") / "why.txt"
CASES = cases()


def told(typed: Typed, folder: Path, case: Case) -> str:
    """What the command prints of the case, without its heading and its foot."""
    ordered = (*reversed(case.matter.records), *case.matter.after)
    records = [json.dumps(record.as_json()) for record in ordered]
    path = folder / "records.jsonl"
    path.write_text("\n".join(records))
    result = typed("why", ordered[0].user, "--records", path)
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()[2:]
    return "\n".join(lines[:-2] if lines[-1].startswith("Records hold") else lines[:-1])


def test_every_sentence_is_the_one_that_was_read(typed: Typed, tmp_path: Path) -> None:
    """What the command prints of each case is what stands in the file of golden texts."""
    texts = [f"== {case.title}\n{told(typed, tmp_path, case)}\n" for case in CASES]
    printed = "\n".join(texts)
    if os.environ.get("WHY_GOLDEN"):
        GOLDEN.write_text(printed)
    assert printed == GOLDEN.read_text()


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_golden_text(reason: Reason) -> None:
    """No code is without a case, and its code stands in the text."""
    text = GOLDEN.read_text()
    assert f"\n== {reason}: " in f"\n{text}"
    assert f"(`{reason}`" in text


def test_every_reason_has_a_cause_and_advice() -> None:
    """What is decided can be told, and what would have to change."""
    assert set(CAUSES) == set(ADVICE) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("kind", Kind)
def test_a_record_without_values_is_told_by_the_meaning_of_its_code(
    reason: Reason, kind: Kind
) -> None:
    """Old or shortened records lose nothing but their values, and nothing is made up for them."""
    record = Record(CASES[0].matter.at, "u", "c", Outcome.SKIPPED, "e", kind=kind, reason=reason)
    sentence = full_sentence(Telling(record))
    assert sentence.endswith(f"(`{reason}`)")
    assert "None" not in sentence
    assert "campaign" not in sentence or kind is Kind.CAMPAIGN or "campaign" in reason
