"""
`unless check` as a person meets it: where, what, what to do, and the exit code.
"""

import json
from pathlib import Path

import pytest

from tests.unit.cli.conftest import CART, Typed


def test_a_clean_folder_is_one_line(typed: Typed, folder: Path) -> None:
    """Without mistakes there is only what was checked."""
    result = typed("check", folder)
    assert (result.exit_code, result.stdout) == (
        0,
        "1 campaign, 0 journeys, 0 segments: no mistakes found\n",
    )


def test_a_mistake_is_printed_with_place_line_effect_and_remedy(typed: Typed, folder: Path) -> None:
    """A wrong key is found at its line, with what it does to people, and the key that is meant."""
    (folder / "cart.yaml").write_text(CART.replace("delay:", "dealy:"))
    result = typed("check", folder)
    assert result.exit_code == 1
    first, written, effect, remedy, *_ = result.stdout.splitlines()
    assert first.startswith(f"{folder}/cart.yaml:3: error[unknown_key] at dealy: ")
    assert written == "     3 | dealy: {after: 1h}"
    assert effect.startswith("       ! Without `delay` it would go out at once")
    assert "Did you mean `delay`?" in remedy
    assert "what is live goes on as it is" in result.stdout.splitlines()[-3]
    assert "--explain CODE tells more, here of unknown_key" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 error in 1 file"


def test_broken_yaml_says_the_line(typed: Typed, folder: Path) -> None:
    """A file that is no YAML is one error with the line of the fault."""
    (folder / "cart.yaml").write_text("campaign: cart\ntrigger: {event: x\ndelay: [\n")
    result = typed("check", folder)
    assert result.exit_code == 1
    assert "cart.yaml:3: error[bad_value]: this is not YAML" in result.stdout


def test_a_warning_does_not_fail(typed: Typed, folder: Path) -> None:
    """What is probably not meant is said, and the exit code is 0."""
    audience = "audience: {event: cart_updated, count: {eq: 0}}\n"
    (folder / "cart.yaml").write_text(CART + audience)
    result = typed("check", folder)
    assert result.exit_code == 0
    assert "warning[audience_uses_trigger]" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 campaign, 0 journeys, 0 segments: 1 warning"


def test_machines_get_one_object_a_line(typed: Typed, folder: Path) -> None:
    """With --json every issue is a JSON object and there is nothing else."""
    (folder / "cart.yaml").write_text(CART.replace("1h", "60").replace("delay", "dealy"))
    result = typed("check", folder, "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert [(row["code"], row["level"], row["line"]) for row in rows] == [
        ("unknown_key", "error", 3)
    ]
    assert rows[0]["effect"].startswith("Without `delay` ")


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere", "there is no such folder"), ("shop/cart.yaml", "this is a file, not a folder")],
)
def test_what_is_no_folder_is_a_wrong_command(
    typed: Typed, folder: Path, name: str, said: str
) -> None:
    """A path that holds no workspace is said in one sentence, with exit code 2."""
    result = typed("check", folder.parent / name)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Name the folder" in result.stderr


def test_the_folder_need_not_be_named(
    typed: Typed, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a workspace its own folder is meant, around one the folder campaigns."""
    monkeypatch.chdir(folder)
    assert typed("check").exit_code == 0
    monkeypatch.chdir(folder.parent)
    assert typed("check").exit_code == 2
    folder.rename(folder.parent / "campaigns")
    assert typed("check").exit_code == 0


def test_an_option_that_does_not_exist_is_a_wrong_command(typed: Typed) -> None:
    """A wrong option ends with exit code 2 and the usage."""
    result = typed("check", "--bogus")
    assert result.exit_code == 2
    assert "No such option: --bogus" in result.output


def test_the_schema_is_json(typed: Typed) -> None:
    """`unless schema` prints a JSON Schema that knows campaigns."""
    result = typed("schema")
    assert result.exit_code == 0
    assert "Campaign" in json.loads(result.stdout)["$defs"]
