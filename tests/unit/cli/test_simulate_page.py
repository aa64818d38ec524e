"""
`unless simulate --html`: one page that needs nothing else, whatever the data hold.
"""

import json
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Typed

pytestmark = pytest.mark.slow

BAD = "<script>alert(1)</script> \"&' $x_1$ 字 \x1b[31m"
"""A name that HTML, SVG, formulas, fonts and terminals could take for their own."""

VOID = {"meta", "br", "img", "link"}


class Page(HTMLParser):
    """A page as a browser reads it: what it asks for, its ids and texts, and that all is closed."""

    def __init__(self, text: str) -> None:
        """Read the page to its end."""
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.asked: list[str] = []
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and what its attributes ask for."""
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "data", "action"):
                self.asked.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself, as SVG has them."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)


def row(user: str, event: str, time: str, **more: Any) -> str:
    """A line of a file of events about the cart `c`."""
    properties = {"cart_id": "c", "cart_value": 150}
    at = f"2026-02-02T{time}:00Z"
    return json.dumps({"user": user, "event": event, "time": at, "properties": properties, **more})


@pytest.fixture
def shop(folder: Path) -> Path:
    """A workspace in which an event of a bad name is an exception, too."""
    text = (folder / "cart.yaml").read_text()
    rows = f"[{{event: purchase, match: cart_id}}, {{event: {json.dumps(BAD)}}}]"
    (folder / "cart.yaml").write_text(re.sub(r"unless: .*", lambda _: f"unless: {rows}", text))
    return folder


@pytest.fixture
def events(tmp_path: Path) -> Path:
    """Somebody of a bad name is stopped by an event of one, and Ben buys too late."""
    path = tmp_path / "events.jsonl"
    rows = [
        row(BAD, "cart_updated", "10:00"),
        row(BAD, BAD, "10:30"),
        row("ben", "cart_updated", "10:00"),
        row("ben", "purchase", "11:30"),
    ]
    path.write_text("\n".join(rows))
    return path


@pytest.fixture
def page(typed: Typed, shop: Path, events: Path, tmp_path: Path) -> str:
    """The page of a comparison, which has everything on it that a page can have."""
    old = tmp_path / "old"
    old.mkdir()
    (old / "unless.yaml").write_text("workspace: {}\n")
    text = (shop / "cart.yaml").read_text()
    (old / "cart.yaml").write_text(text.replace("1h", "20m"))
    file = tmp_path / "report.html"
    words = ("simulate", "--workspace", shop, "--against", old, events, "--html", file)
    result = typed(*words)
    assert result.exit_code == 0, result.stderr
    assert f"Wrote {file}." in result.stderr
    return file.read_text(encoding="utf-8")


def test_the_page_asks_for_nothing(page: str) -> None:
    """Nothing is loaded: what is referred to is in the page, and scripts there are none."""
    read = Page(page)
    assert all(asked.startswith("#") for asked in read.asked)
    assert {asked.removeprefix("#") for asked in read.asked} <= set(read.ids)
    assert not {"script", "img", "link", "iframe", "object"} & set(read.tags)
    assert not re.search(r"@import|url\((?!#)", page)
    assert "default-src 'none'" in page


def test_the_page_is_whole(page: str) -> None:
    """Every tag is closed, every id is there once, and there is a plot beside its table."""
    read = Page(page)
    assert read.open == []
    assert [name for name, times in Counter(read.ids).items() if times > 1] == []
    assert read.tags["figure"] >= 3
    assert read.tags["svg"] == 2 * read.tags["figure"]
    assert read.tags["table"] >= read.tags["figure"]


def test_every_colour_of_a_plot_is_one_of_the_page(page: str) -> None:
    """The page gives each colour that plots ask for, once for light and once for dark."""
    asked = set(re.findall(r"var\((--[a-z0-9]+)\)", page))
    given = Counter(re.findall(r"(--[a-z0-9]+): #", page))
    assert asked <= set(given)
    assert set(given.values()) == {2}
    plots = "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    assert re.search(r"var\(--s1\)", plots)
    assert not re.search(r"(fill|stroke): #", plots)


def test_names_are_shown_as_they_are(page: str) -> None:
    """A user's id and an event's name are texts, in tables as in plots; no plot is a formula."""
    shown = BAD.replace("\x1b", "�")
    texts = Page(page).texts
    assert shown in texts
    assert any(text.strip() == f"{shown[:29]}…" for text in texts)
    assert "\x1b" not in page


def test_a_simulation_alone_has_a_page(
    typed: Typed, shop: Path, events: Path, tmp_path: Path
) -> None:
    """Without --against the page has the report, and what is printed is as ever."""
    file = tmp_path / "report.html"
    result = typed("simulate", "--workspace", shop, events, "--html", file, "--json")
    assert all(json.loads(line)["campaign"] == "cart" for line in result.stdout.splitlines())
    texts = Page(file.read_text(encoding="utf-8")).texts
    assert "Sent too soon (regret)" in texts
    assert "How much differs" not in texts


def test_what_cannot_be_written_is_said_before_anything_is_played(
    typed: Typed, shop: Path, events: Path, tmp_path: Path
) -> None:
    """A folder, or a place that does not exist, is a wrong command."""
    for file, said in ((tmp_path, "is a folder"), (tmp_path / "no" / "a.html", "does not exist")):
        result = typed("simulate", "--workspace", shop, events, "--html", file)
        assert result.exit_code == 2
        assert said in result.stderr
        assert result.stdout == ""


def test_without_the_plotting_library_a_sentence_says_what_to_install(
    shop: Path, events: Path, tmp_path: Path
) -> None:
    """Plots need a package that the rest of the command does without."""
    missing = "import sys; sys.modules['matplotlib'] = None; from unless.cli import main; main()"
    words = ["simulate", "--workspace", str(shop), str(events)]
    page = ["--html", str(tmp_path / "report.html")]
    command = [sys.executable, "-c", missing, *words]
    done = subprocess.run([*command, *page], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--html draws with the package matplotlib, which is not installed." in done.stderr
    assert "pip install -e '.[html]'" in done.stderr
    subprocess.run(command, capture_output=True, check=True)
