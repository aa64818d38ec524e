"""
The flowcharts of `unless check --mermaid`: every line is one that Mermaid's grammar knows.
"""

import re
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Typed

TEXT = r"[^\"`<>{}|\[\];&]|#\d+;|<br/>"
NODE = re.compile(rf'  (\w+)(\(\["|\["|\{{"|\(\("|\(\(\("|>")((?:{TEXT})*)("\]\)|"\]|"\}}|"\)+)')
EDGE = re.compile(rf'  (\w+) (?:-->|-\.-|-->\|"((?:{TEXT})+)"\|) (\w+)')

SPITEFUL = '日本語 "] end; %%{init}%% ```` <b>&quot; | #35; [x](y) {z}'


def read(chart: str) -> tuple[dict[str, str], list[tuple[str, str, str]]]:
    """Return the nodes with their labels, and the edges; no other line may stand there."""
    first, second, *lines, last = chart.splitlines()
    assert (first, second, last) == ("```mermaid", "flowchart TD", "```")
    nodes: dict[str, str] = {}
    edges: list[tuple[str, str, str]] = []
    for line in lines:
        if node := NODE.fullmatch(line):
            nodes[node[1]] = node[3]
        else:
            edge = EDGE.fullmatch(line)
            assert edge, line
            edges.append((edge[1], edge[2] or "", edge[3]))
    assert {end for edge in edges for end in (edge[0], edge[2])} == set(nodes)
    return nodes, edges


def test_a_flowchart_has_every_step_and_way(typed: Typed, tour: Path) -> None:
    """From the entry along each way to an exit or the end; the exits stand beside the entry."""
    result = typed("check", tour, "--mermaid")
    assert (result.exit_code, result.stderr) == (0, "")
    nodes, edges = read(result.stdout)
    assert nodes["enter"].startswith("journey tour<br/>enter: registered (plan is gold)<br/>")
    assert nodes["leave"].startswith("exit: purchase with the same cart_id, at the end of the step")
    told = [(nodes[a], label, nodes[b]) for a, label, b in edges if a not in ("enter", "leave")]
    day5, wait = "message day5 (event)<br/>5d after entry", "wait for session_start, at most 2d"
    back = "message back (event)<br/>5d or more after entry"
    split = "split: news is true?<br/>id likes_news"
    delay = "wait 1d, then until 14:00 (user's clock)"
    last = "message 3.then.1 (event)<br/>6d or more after entry"
    assert sorted(told) == sorted(
        [
            ("wait 5d", "", day5),
            (day5, "", wait),
            (wait, "session_start", back),
            (wait, "otherwise, after 2d", "exit"),
            (back, "", split),
            (split, "then", delay),
            (delay, "", last),
            (last, "", "completed"),
            (split, "else", "completed"),
        ]
    )


@pytest.mark.parametrize("where", ["trigger", "audience", "step", "way"])
def test_no_text_of_a_journey_breaks_the_syntax(typed: Typed, folder: Path, where: str) -> None:
    """Whatever may mean something to Mermaid or Markdown is written as a code."""
    texts = dict.fromkeys(("trigger", "audience", "step", "way"), "x") | {where: SPITEFUL}
    quoted = {key: "'" + text.replace("'", "''") + "'" for key, text in texts.items()}
    (folder / "j.yaml").write_text(
        f"journey: end\n"
        f"entry: {{trigger: {{event: {quoted['trigger']}}},"
        f" audience: {{attribute: {quoted['audience']}, eq: 1}}}}\n"
        f"steps:\n"
        f"  - update: {{attributes: {{a: {quoted['step']}}}}}\n"
        f"  - wait_for: {{within: 1d, paths: [{{event: {quoted['way']}, steps: []}}]}}\n"
        f"  - message: {{}}\n"
    )
    result = typed("check", folder, "--mermaid")
    nodes, edges = read(result.stdout)
    assert len(nodes) == 5
    assert "日本語" in " ".join([*nodes.values(), *(label for _, label, _ in edges)])


def test_every_journey_has_a_chart_of_its_own(typed: Typed, tour: Path) -> None:
    """Two journeys are two charts that may be pasted together; one may be asked for."""
    other = (tour / "tour.yaml").read_text().replace("journey: tour", "journey: other")
    (tour / "other.yaml").write_text(other)
    charts = typed("check", tour, "--mermaid").stdout.split("```\n```")
    assert len(charts) == 2
    assert "journey other" in charts[0]
    read(typed("check", tour, "--mermaid", "--journey", "other").stdout)


def test_mistakes_do_not_stand_between_the_charts(typed: Typed, tour: Path) -> None:
    """What is wrong goes to standard error, and the exit code says that it does."""
    (tour / "bad.yaml").write_text("journey: bad\n")
    result = typed("check", tour, "--mermaid")
    assert result.exit_code == 1
    assert "error[bad_value]" in result.stderr
    read(result.stdout)


def test_without_a_journey_there_is_no_chart(typed: Typed, folder: Path) -> None:
    """Nothing goes to standard output, and standard error says why."""
    result = typed("check", folder, "--mermaid")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "There is no journey to draw.\n"
