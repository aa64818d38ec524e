"""Reading the folder in which people keep their definitions."""

import os
from pathlib import Path

import pytest

from unless.definitions.loading import FILE_MAX_BYTES, load_folder, read_folder

CAMPAIGN = "campaign: {}\ntrigger: {{event: cart_add}}\n"
JOURNEY = "journey: {}\nentry: {{trigger: {{event: cart_add}}}}\nsteps: [{{message: {{}}}}]\n"
SEGMENT = "segment: {}\naudience: {{attribute: plan, eq: gold}}\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def test_a_folder_is_read_with_its_sub_folders(tmp_path: Path) -> None:
    """Workspace, campaigns, journeys and segments come together, from all kinds of files."""
    write(
        tmp_path,
        {
            "unless.yaml": "workspace: {zone: Europe/Paris}",
            "campaigns/a.yaml": CAMPAIGN.format("a1") + "---\n" + CAMPAIGN.format("a2"),
            "campaigns/deeper/b.yml": CAMPAIGN.format("b"),
            "campaigns/c.json": '{\n\t"campaign": "c", "trigger": {"event": "x"}\n}',
            "journeys/v.yaml": JOURNEY.format("v"),
            "segments/s.yaml": SEGMENT.format("s"),
            "campaigns/notes.txt": "not: [yaml",
            "campaigns/.hidden.yaml": "not: [yaml",
        },
    )
    checked = load_folder(tmp_path)
    assert checked.issues == ()
    assert sorted(checked.campaigns) == ["a1", "a2", "b", "c"]
    assert (list(checked.journeys), list(checked.segments)) == (["v"], ["s"])
    assert checked.workspace.zone == "Europe/Paris"


def test_files_directly_in_the_folder_count_without_a_folder_campaigns(tmp_path: Path) -> None:
    """The folder itself may be the folder of the campaigns, with the workspace in it."""
    write(
        tmp_path,
        {
            "unless.yaml": "workspace: {zone: UTC}",
            "cart.yaml": CAMPAIGN.format("cart"),
            "segments/s.yaml": SEGMENT.format("s"),
        },
    )
    checked = load_folder(tmp_path)
    assert (checked.ok, *checked.campaigns, *checked.segments) == (True, "cart", "s")


@pytest.mark.parametrize("name", ["campaigns", "journeys"])
def test_other_yaml_beside_a_folder_of_definitions_is_left_alone(tmp_path: Path, name: str) -> None:
    """In the root of a project, template.yaml is no definition and no mistake."""
    write(tmp_path, {"template.yaml": "Resources: {}", f"{name}/a.yaml": CAMPAIGN.format("a")})
    assert load_folder(tmp_path).ok


def test_scenarios_are_left_out(tmp_path: Path) -> None:
    """Tests of campaigns lie beside them and are no definitions, by name or by key."""
    write(
        tmp_path,
        {
            "a.yaml": CAMPAIGN.format("a") + "---\nscenario: one\ndefine: []\n",
            "a.scenarios.yaml": "this: [is not read",
        },
    )
    assert load_folder(tmp_path).ok


def test_a_mistake_names_its_file(tmp_path: Path) -> None:
    """Issues say in which file they are, and good files are read all the same."""
    write(tmp_path, {"a.yaml": CAMPAIGN.format("a"), "b.yaml": "\n\ncampaign: [\n"})
    checked = load_folder(tmp_path)
    assert sorted(checked.campaigns) == ["a"]
    (issue,) = checked.errors
    assert (issue.file, issue.line) == (str(tmp_path / "b.yaml"), 4)


@pytest.mark.parametrize("name", ["nowhere", "file.yaml", "empty"])
def test_a_folder_that_is_none_is_one_issue(tmp_path: Path, name: str) -> None:
    """A missing folder, a file and an empty folder are told with what to do."""
    (tmp_path / "file.yaml").write_text(CAMPAIGN.format("a"))
    (tmp_path / "empty").mkdir()
    (issue,) = load_folder(tmp_path / name).errors
    assert issue.file == str(tmp_path / name)
    assert issue.message
    assert issue.remedy


def test_a_file_that_cannot_be_read_is_an_issue(tmp_path: Path) -> None:
    """Another encoding, too large a file and a dead link are told, each at its file."""
    write(tmp_path, {"a.yaml": CAMPAIGN.format("a")})
    (tmp_path / "latin.yaml").write_bytes("campaign: é".encode("latin-1"))
    with (tmp_path / "large.yaml").open("wb") as large:
        large.truncate(FILE_MAX_BYTES + 1)
    (tmp_path / "link.yaml").symlink_to(tmp_path / "nowhere.yaml")
    checked = load_folder(tmp_path)
    files = [Path(str(issue.file)).name for issue in checked.errors]
    assert files == ["large.yaml", "latin.yaml", "link.yaml"]
    assert all(issue.remedy for issue in checked.errors)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_an_issue(tmp_path: Path) -> None:
    """A file that may not be read is told with the command that allows it."""
    write(tmp_path, {"a.yaml": CAMPAIGN.format("a")})
    (tmp_path / "a.yaml").chmod(0)
    (issue,) = load_folder(tmp_path).errors
    assert "chmod" in issue.remedy


def test_documents_come_in_the_order_of_files(tmp_path: Path) -> None:
    """The order does not hang on the file system."""
    write(tmp_path, {"b.yaml": CAMPAIGN.format("b"), "a.yaml": CAMPAIGN.format("a")})
    assert [each.value["campaign"] for each in read_folder(tmp_path).documents] == ["a", "b"]
