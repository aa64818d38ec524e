"""Reading YAML 1.2 and JSON: values, lines, and what cannot be read."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unless.definitions.issues import Issue
from unless.definitions.reading import DEPTH_MAX, NODES_MAX, read_text


def value_of(text: str | bytes, file: str | None = None) -> Any:
    """Return the value of a text that holds one document."""
    reading = read_text(text, file)
    assert reading.issues == ()
    (document,) = reading.documents
    return document.value


def issue_of(text: str | bytes) -> Issue:
    """Return the one issue of a text of which nothing can be used."""
    reading = read_text(text, "file.yaml")
    assert reading.documents == ()
    (issue,) = reading.issues
    assert issue.code == "bad_value"
    assert issue.level == "error"
    assert issue.file == "file.yaml"
    assert issue.remedy
    return issue


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, word) for word in ("no", "yes", "on", "off", "y", "N", "1_000", "0b1", "+", "1e")),
        *((word, word) for word in ("12:30", "1:00:00", "2026-02-02", "2026-02-02T10:00:00Z")),
        ("<<", "<<"), (".", "."),
        ("'12'", "12"), ('"true"', "true"), ("!!str 12", "12"), ("! 12", "12"), ("''", ""),
        ("12", 12), ("-7", -7), ("+7", 7), ("007", 7), ("0x1F", 31), ("0o17", 15), ("!!int '5'", 5),
        ("1.5", 1.5), (".5", 0.5), ("5.", 5.0), ("1e3", 1000.0), ("-1E-2", -0.01),
        ("!!float 3", 3.0),
        ("true", True), ("True", True), ("FALSE", False),
        ("~", None), ("null", None), ("Null", None), ("!!null ''", None),
    ],
    ids=str,
)  # fmt: skip
def test_a_word_means_what_yaml_12_says(text: str, value: object) -> None:
    """Words resolve by the core schema: dates, clock times, yes and no are text."""
    (found,) = value_of(f"[{text}]")
    assert (found, type(found)) == (value, type(value))


def test_keys_are_text_as_written() -> None:
    """A key is what is written, since JSON knows no others; a product may be called 17."""
    assert value_of("{17: a, true: b, 2026-02-02: c, ~: d}") == {
        "17": "a", "true": "b", "2026-02-02": "c", "~": "d",
    }  # fmt: skip


@pytest.mark.parametrize(
    "word", [".nan", ".inf", "-.INF", "1e999", "9" * 1001, "!!int x", "!!set x"]
)
def test_what_cannot_be_compared_is_refused(word: str) -> None:
    """NaN, infinite and endless numbers and foreign tags are issues with their line."""
    assert issue_of(f"a: 1\nb: {word}\n").line == 2


def test_the_lines_of_all_parts_are_known() -> None:
    """Every key and item is found on its line, and what is not there on that of its owner."""
    (document,) = read_text("# x\na:\n  b: 1\n  c:\n    - d\n    - {e: [1,\n  2]}\n").documents
    lines = {
        ("a",): 2, ("a", "b"): 3, ("a", "c"): 4, ("a", "c", 0): 5, ("a", "c", 1, "e"): 6,
        ("a", "c", 1, "e", 1): 7, ("a", "none"): 2, ("a", "b", "deeper"): 3, (): 2,
    }  # fmt: skip
    assert {path: document.line_of(path) for path in lines} == lines


def test_a_part_keeps_its_lines() -> None:
    """A document within a document, as in a scenario, still knows its file and lines."""
    text = "scenario: x\ndefine:\n  - campaign: c\n    delay: 5\n"
    (scenario,) = read_text(text, "x.yaml").documents
    campaign = scenario.part("define", 0)
    assert campaign.value == {"campaign": "c", "delay": 5}
    assert campaign.file == "x.yaml"
    assert campaign.line_of(("delay",)) == 4


def test_several_documents_are_read_and_empty_ones_left_out() -> None:
    """Each document between `---` is one, with its own lines."""
    reading = read_text("a: 1\n---\n---\n# nothing\n---\nb: 2\n")
    assert [document.value for document in reading.documents] == [{"a": 1}, {"b": 2}]
    assert [document.line_of(("b",)) for document in reading.documents] == [1, 6]


def test_an_alias_is_the_value_again() -> None:
    """Anchors and aliases work, with the alias's own line for the whole and the anchor's inside."""
    (document,) = read_text("a: &x {k: 1}\nb: *x\nc: [*x]\n").documents
    assert document.value == {"a": {"k": 1}, "b": {"k": 1}, "c": [{"k": 1}]}
    assert document.line_of(("c", 0)) == 3
    assert document.line_of(("b", "k")) == 1


@pytest.mark.parametrize("text", ["a: *nowhere", "&a [*a]", "a: &b {c: *b}"])
def test_an_alias_of_nothing_is_refused(text: str) -> None:
    """An alias without an anchor before it, or of what it is part of, is an issue."""
    assert "stands for nothing" in issue_of(text).message


def test_an_alias_bomb_is_refused_at_once() -> None:
    """Ten levels of ten aliases each would be ten thousand million values; none is made."""
    names = "abcdefghijk"
    rows = [f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]" for old, new in pairwise(names)]
    issue = issue_of("a: &a [x, x, x]\n" + "\n".join(rows))
    assert str(NODES_MAX) in issue.message


def test_endless_nesting_is_refused() -> None:
    """A text of a million brackets is an issue, not an exhausted stack."""
    assert value_of("[" * DEPTH_MAX + "]" * DEPTH_MAX)
    assert "nested" in issue_of("[" * 1_000_000).message


def test_a_duplicate_key_is_refused_with_both_lines() -> None:
    """The second of two equal keys is the issue; it names the definition, and the next is read."""
    reading = read_text("campaign: c\nunless: 1\nunless: 2\n---\ncampaign: d\n")
    (issue,) = reading.issues
    assert (issue.line, issue.kind, issue.id) == (3, "campaign", "c")
    assert "line 2" in issue.message
    assert [document.value for document in reading.documents] == [{"campaign": "d"}]


@pytest.mark.parametrize("text", ["{[1]: a}", "? {a: b}\n: c", "[*x, &x y]: 1"])
def test_a_key_that_is_no_text_is_refused(text: str) -> None:
    """Lists and mappings as keys are refused."""
    assert read_text(text).documents == ()


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: [1\nb: 2\n", 2, "not YAML"),
        ("a:\n\t- x\n", 2, "not YAML"),
        ("a: 'open\n", 2, "not YAML"),
        ("a: b: c\n", 1, "not YAML"),
        ("a: 1\nb\n", 3, "not YAML"),
        (b"a: \xff\n", 1, "UTF-8"),
        ("a: \x00\n", 1, "not YAML"),
        ("a: \ud800\n", 1, "UTF-8"),
    ],
)
def test_what_is_no_yaml_is_an_issue(text: str | bytes, line: int, word: str) -> None:
    """An error of syntax or encoding says where and what to do."""
    issue = issue_of(text)
    assert issue.line == line
    assert word in issue.message


def test_a_tab_is_named() -> None:
    """Who indented with a tab is told so."""
    assert "tabs" in issue_of("a:\n\t- x\n").remedy


def test_documents_before_an_error_are_kept() -> None:
    """An error of syntax ends the reading and does not undo what was read."""
    reading = read_text("a: 1\n---\nb: [\n")
    assert len(reading.documents) == len(reading.issues) == 1


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\x85\u2028\u2029")
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abc ", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(json_values, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_json_is_read_as_json(value: Any, indent: int | str | None, ascii_only: bool) -> None:
    """Every JSON text gives the value that it means, with tabs and with escapes too."""
    text = json.dumps([value], indent=indent, ensure_ascii=ascii_only)
    assert value_of(text, "x.json") == [value]
