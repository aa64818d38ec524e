"""
How long a template may keep a function busy: each bomb until its limit, and a mail of a shop.

Every bomb has to end within 0.2 s (`research`: all bombs < 200 ms); the test counts on limits
that are counted, so that this is a figure to read and not an assertion.
"""

from time import process_time

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.report import Report, span
from tests.unit.content.attacks import BOMBS, HOSTILE, PARTS
from tests.unit.content.rendering import NOW
from unless.content.parts import Broken
from unless.content.templates import Asked, Templates

SHOWN = 8
"""Bombs in the table: the slowest ones."""

HEADING = """\
TEMPLATES: CPU time until a bomb is stopped, its compilation included; the slowest, best of three,
and a mail of 20 KB with 20 items: when it is first compiled, and from then on."""

MAIL = (
    "<html><style>" + "p { margin: 0; }\n" * 1000 + "</style><h1>Hi {{ user.name }}</h1><table>"
    "{% for i in user.many limit: 20 %}<tr><td>{{ i.k }}</td><td>{{ i.s | upcase }}</td></tr>"
    "{% endfor %}</table>{% if user.price > 10 %}<p>{{ user.price }} EUR</p>{% endif %}</html>"
)


def seconds(text: str, *, templates: Templates | None = None) -> float:
    """Return the CPU time of one rendering as HTML, by templates of its own unless given."""
    files = {f"{name}.liquid": part for name, part in PARTS.items()}
    own = templates or Templates({**files, "t.liquid": text})
    begin = process_time()
    own.file("t.liquid", Asked(HOSTILE, NOW, None), html=True)
    return process_time() - begin


@pytest.mark.benchmark(timer=process_time)
def test_bombs(benchmark: BenchmarkFixture, report: Report) -> None:
    """Each ends as an error."""
    for text in BOMBS.values():
        files = {f"{name}.liquid": part for name, part in PARTS.items()}
        made = Templates({**files, "t.liquid": text})
        assert isinstance(made.file("t.liquid", Asked(HOSTILE, NOW, None), html=True), Broken)

    def all_bombs() -> dict[str, float]:
        return {name: min(seconds(text) for _ in range(3)) for name, text in BOMBS.items()}

    found = benchmark.pedantic(all_bombs, rounds=1)  # type: ignore[no-untyped-call]
    slowest = sorted(found.items(), key=lambda each: -each[1])[:SHOWN]
    for name, took in slowest:
        report.add(HEADING, {"": name, "CPU": span(took)})
    templates = Templates({"t.liquid": MAIL})
    first = seconds(MAIL, templates=templates)
    again = min(seconds(MAIL, templates=templates) for _ in range(20))
    report.add(HEADING, {"": "a mail, first", "CPU": span(first)})
    report.add(HEADING, {"": "a mail, then", "CPU": span(again)})
