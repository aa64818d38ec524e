"""
The journeys that `unless check` draws: what people wrote, as they would say it to each other.
"""

from pathlib import Path
from textwrap import indent

import pytest

from tests.unit.cli.conftest import TOUR, Typed, on_terminal

DRAWN = """\
journey tour
  enter:     registered (plan is gold)
  audience:  vip is not true
  reentry:   3d after the last entry
  exit:      purchase with the same cart_id, at the end of the step
  exit:      plan is staff, at the end of the step
  ├─ wait 5d
  ├─ message day5 (event)  · 5d after entry
  ├─ wait for session_start, at most 2d
  │  ├─ session_start: message back (event)  · 5d or more after entry
  │  └─ otherwise, after 2d: exit
  └─ split: news is true?  · id likes_news
     ├─ then:
     │  ├─ wait 1d, then until 14:00 (user's clock)
     │  └─ message 3.then.1 (event)  · 6d or more after entry
     └─ else:  · completes

"""

END = "1 campaign, 1 journey, 0 segments: no mistakes found\n"


def drawn_with(typed: Typed, folder: Path, steps: str, around: str = "") -> str:
    """What check prints for a journey of these steps."""
    head = "journey: j\nentry: {trigger: {event: e}}\n"
    (folder / "j.yaml").write_text(f"{head}{around}\nsteps:\n{indent(steps, '  ')}\n")
    result = typed("check", folder)
    assert "error" not in result.stdout, result.stdout
    return result.stdout


def test_a_journey_is_drawn_with_its_waits_and_ways(typed: Typed, tour: Path) -> None:
    """Who enters, what takes people out, then every step where it stands, and last the count."""
    result = typed("check", tour)
    assert (result.exit_code, result.stdout) == (0, DRAWN + END)


def test_machines_get_no_drawing(typed: Typed, tour: Path) -> None:
    """With --json there are the mistakes and nothing else; a drawing cannot be asked for."""
    assert typed("check", tour, "--json").stdout == ""
    assert typed("check", tour, "--json", "--mermaid").exit_code == 2
    assert typed("check", tour, "--json", "--journey", "tour").exit_code == 2


@pytest.mark.parametrize(
    ("delay", "words"),
    [
        ("{after: 1d, at: '14:00'}", "wait 1d, then until 14:00 (user's clock)"),
        ("{days: 0, at: '09:00', zone: company}", "until 09:00 the same day (workspace's clock)"),
        ("{days: 1, at: '09:00', zone: Asia/Tokyo}", "wait until 09:00 the next day (Asia/Tokyo)"),
        ("{days: 3, at: '09:00'}", "wait until 09:00, 3 days later (user's clock)"),
        ("{next: monday, at: '10:00'}", "wait until the next Monday, 10:00 (user's clock)"),
        ("{until: starts_at, minus: 2h}", "wait until starts_at minus 2h"),
        ("{until: 2027-01-01T00:00:00Z, plus: 90m}", "wait until 2027-01-01T00:00:00Z plus 1h30m"),
    ],
)
def test_every_delay_has_words(typed: Typed, folder: Path, delay: str, words: str) -> None:
    """Each form of a delay is said as one would say it."""
    assert words in drawn_with(typed, folder, f"- delay: {delay}\n- message: {{}}")


@pytest.mark.parametrize(
    ("filter_", "words"),
    [
        ("{event: purchase, count: {eq: 0}}", "no purchase"),
        ("{event: purchase}", "purchase at least once"),
        ("{event: p, count: {gte: 2}, in_last: 7d}", "count of p >= 2 in the last 7d"),
        ("{event: e2, last: {within_last: 1d}}", "last e2 within the last 1d"),
        ("{received: cart, last: {more_than_ago: 7d}}", "last received cart more than 7d ago"),
        ("{purchase_total: {gte: 100}}", "money spent >= 100"),
        ("{subscription_group: news, eq: true}", "group news is true"),
        ("{all: [{segment: s}, {any: [{purchase_total: 1}, {not: {attribute: c, eq: x}}]}]}",
         "in segment s and (money spent is 1 or not (c is x))"),
        ("{attribute: n, in: [1, 2, 3, 4, 5, 6, 7]}", "n is 1, 2, 3, 4, 5 or 2 more"),
    ],
)  # fmt: skip
def test_every_filter_has_words(typed: Typed, folder: Path, filter_: str, words: str) -> None:
    """A split says for whom it is."""
    (folder / "s.yaml").write_text("segment: s\naudience: {attribute: a, blank: true}\n")
    steps = f"- split: {{if: {filter_}, then: [{{message: {{}}}}]}}"
    assert f"split: {words}?" in drawn_with(typed, folder, steps)


def test_exits_say_when_they_act(typed: Typed, folder: Path) -> None:
    """With immediate an event acts at once, the filter never does; names that differ are told."""
    exit_ = (
        "exit: {when: immediate, events: [{event: paid, match: {order: cart}}],"
        " audience: {attribute: a, eq: 1}}"
    )
    drawn = drawn_with(typed, folder, "- delay: {after: 1d}\n- message: {}", exit_)
    assert "exit:     paid with the same order as the entry's cart, at once" in drawn
    assert "exit:     a is 1, at the end of the step" in drawn


def test_quiet_hours_make_a_time_the_earliest(typed: Typed, folder: Path) -> None:
    """What may be held comes at that time or later, also behind the workspace's quiet hours."""
    quiet = "quiet_hours: {from: '22:00', to: '08:00', then: hold}"
    (folder / "unless.yaml").write_text(f"workspace: {{{quiet}}}")
    drawn = drawn_with(typed, folder, "- delay: {after: 5d}\n- message: {}")
    assert "22:00 to 08:00 (user's clock): messages are held until their end (the work" in drawn
    assert "message 1 (event)  · 5d or more after entry" in drawn


def test_shares_are_percents_and_a_last_wait_is_none(typed: Typed, folder: Path) -> None:
    """Weights add up to a hundred percent; a delay with nothing after it completes at once."""
    arms = "{weight: 1, steps: []}, {weight: 2, steps: [{update: {attributes: {a: true}}}]}"
    steps = f"- experiment: {{paths: [{arms}]}}\n- delay: {{after: 1d}}"
    drawn = drawn_with(typed, folder, steps)
    assert "├─ 33.33%:  · goes on" in drawn
    assert "└─ 66.67%: update: a = true" in drawn
    assert "wait 1d  · nothing follows: completes without waiting" in drawn


def test_a_refused_journey_is_not_drawn(typed: Typed, tour: Path) -> None:
    """What cannot be published has its mistakes; the others are drawn behind them."""
    bad = "journey: bad\nentry: {trigger: {event: e}}\nsteps: [{exit: true}, {message: {}}]\n"
    (tour / "bad.yaml").write_text(bad)
    result = typed("check", tour)
    assert result.exit_code == 1
    assert "journey bad" not in result.stdout
    assert "journey tour\n" in result.stdout
    assert result.stdout.index("unreachable_step") < result.stdout.index("journey tour\n")
    asked = typed("check", tour, "--journey", "bad")
    assert "The journey bad has errors, so it is not drawn." in asked.stderr


def test_one_journey_may_be_asked_for(typed: Typed, tour: Path) -> None:
    """--journey draws only that one; an id that is none is answered with the nearest."""
    (tour / "other.yaml").write_text(TOUR.replace("journey: tour", "journey: other"))
    result = typed("check", tour, "--journey", "tour")
    assert result.stdout == DRAWN + END.replace("1 journey", "2 journeys")
    wrong = typed("check", tour, "--journey", "tuor")
    assert wrong.exit_code == 1
    assert "Did you mean `tour`?" in wrong.stderr


def test_a_terminal_shows_a_few_and_says_how_to_see_the_others(tour: Path, typed: Typed) -> None:
    """Many journeys would push the mistakes off the screen; a pipe gets all."""
    for number in range(8):
        (tour / f"t{number}.yaml").write_text(TOUR.replace("journey: tour", f"journey: t{number}"))
    shown = on_terminal(80, "check", tour)
    assert sum(line.startswith("journey ") for line in shown) == 5
    more = "… and 4 more (t5, t6, t7, tour): `unless check --journey ID` draws one"
    assert more in shown
    assert typed("check", tour).stdout.count("journey t") == 9


def test_nothing_written_is_obeyed_or_lost(typed: Typed, folder: Path) -> None:
    """Markup, control characters and other scripts are shown as they are, on one line."""
    name = "[bold]x[/bold] \\u001b[31m日本語 ü"
    drawn = drawn_with(
        typed, folder, f'- wait_for: {{within: 1d, paths: [{{event: "{name}", steps: []}}]}}'
    )
    assert "wait for [bold]x[/bold] �[31m日本語 ü, at most 1d" in drawn


def test_deep_steps_stay_within_the_terminal(folder: Path) -> None:
    """Ten splits inside each other fit into 80 columns; longer lines are wrapped."""
    steps = "[{message: {}}]"
    for _ in range(10):
        steps = f"[{{split: {{if: {{attribute: country, in: [FR, BE]}}, then: {steps}}}}}]"
    (folder / "deep.yaml").write_text(
        f"journey: deep\nentry: {{trigger: {{event: e}}}}\nsteps: {steps}\n"
    )
    shown = on_terminal(80, "check", folder)
    assert max(map(len, shown)) <= 80
    assert sum("split: country" in line for line in shown) == 10
