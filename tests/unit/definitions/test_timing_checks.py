"""Warnings for campaigns whose times can never be met (D3 and the empty or missed window)."""

import pytest

from tests.unit.definitions.written import campaign, checked, found

DAY = "start: 2026-02-01T00:00:00Z, end: 2026-02-02T00:00:00Z"
PARIS = "\n---\nworkspace: {zone: Europe/Paris}\n"


@pytest.mark.parametrize(
    ("delay", "duration"),
    [
        ("{after: 2d}", DAY),
        ("{after: 86401s}", DAY),
        ("{days: 3, at: '09:00', zone: company}", "start: 2026-02-01, end: 2026-02-02T23:59"),
        ("{days: 2, at: '00:00'}", "start: 2026-02-01, end: 2026-02-02T23:59, zone: user"),
        ("{days: 3, at: '09:00'}", DAY),
        ("{days: 0, at: '09:00', zone: UTC}",
         "start: 2026-02-01T10:00:00Z, end: 2026-02-02T08:00:00Z"),
        ("{next: monday, at: '00:01', zone: UTC}",  # 2026-02-01 is a Sunday
         "start: 2026-02-01T00:00:00Z, end: 2026-02-02T00:00:00Z"),
        ("{next: sunday, at: '09:00', zone: UTC}",
         "start: 2026-02-01T00:00:00Z, end: 2026-02-07T23:59:00Z"),
        ("{until: 2026-03-01T09:00}", DAY),
        ("{until: 2026-02-01T09:00Z, plus: 2d}", DAY),
        ("{after: 25h}", "start: 2026-02-01, end: 2026-02-01T23:00, zone: user"),
    ],
)  # fmt: skip
def test_a_delay_beyond_the_duration_for_everyone_is_warned_of(delay: str, duration: str) -> None:
    """Whenever and wherever the trigger happens, nothing is ever sent."""
    text = campaign(f"delay: {delay}\nduration: {{{duration}}}") + PARIS
    assert found(text) == [("delay_exceeds_duration", "delay", 3)]
    assert checked(text).ok


@pytest.mark.parametrize(
    ("delay", "duration"),
    [
        ("{after: 1d}", DAY),
        ("{after: 2d}", "end: 2026-02-02T00:00:00Z"),
        ("{after: 2d}", "start: 2026-02-02T00:00:00Z"),
        ("{days: 1, at: '23:59', zone: company}", "start: 2026-02-01, end: 2026-02-02T23:59"),
        ("{days: 0, at: '09:00', zone: UTC}",
         "start: 2026-02-01T10:00:00Z, end: 2026-02-02T09:00:00Z"),
        ("{next: monday, at: '00:00', zone: UTC}", DAY),
        # Twelve hours ahead of UTC the calendar day is over within these two minutes.
        ("{days: 1, at: '00:00'}", "start: 2026-02-01T11:59:00Z, end: 2026-02-01T12:01:00Z"),
        ("{until: appointment_at, plus: 300d}", DAY),
        ("{until: 2026-02-01T09:00Z, minus: 300d}", DAY),
        ("{until: 2026-02-02T10:00}", DAY),
        ("{after: 90d}", "start: 2026-02-01, end: 9999-12-31T23:59, zone: user"),
        # Where the clocks are put back, this day has 25 hours.
        ("{after: 25h}", "start: 2026-10-25T00:00, end: 2026-10-26T00:00, zone: company"),
        ("{after: 25h}", "start: 2026-10-25T00:00, end: 2026-10-26T00:00, zone: user"),
    ],
)  # fmt: skip
def test_a_delay_that_someone_can_meet_is_fine(delay: str, duration: str) -> None:
    """As long as one trigger of one user can be answered in time, there is no warning."""
    assert found(campaign(f"delay: {delay}\nduration: {{{duration}}}") + PARIS) == []


def test_the_zone_of_the_workspace_counts() -> None:
    """The day of 25 hours is in Paris, not in UTC."""
    duration = "duration: {start: 2026-10-25T00:00, end: 2026-10-26T00:00}"
    text = campaign(f"delay: {{after: 25h}}\n{duration}")
    assert found(text) == [("delay_exceeds_duration", "delay", 3)]
    assert found(text + PARIS) == []


@pytest.mark.parametrize("delay", ["", "delay: {after: 1h}\n"])
def test_a_duration_that_ends_before_it_starts_is_warned_of(delay: str) -> None:
    """With or without a delay: nothing is ever sent, and the dates are the reason."""
    text = campaign(f"duration: {{start: 2026-02-02, end: 2026-02-01}}\n{delay}")
    assert found(text) == [("delay_exceeds_duration", "duration", 3)]


def test_the_years_at_the_edge_are_no_crash() -> None:
    """The first and the last year make no check fail."""
    for delay in ("{days: 3650, at: '00:00'}", "{next: monday, at: '00:00'}", "{after: 3650d}"):
        for at in ("0001-01-01", "9999-12-31"):
            checked(campaign(f"delay: {delay}\nduration: {{start: {at}, end: {at}, zone: user}}"))
            checked(campaign(f"delay: {delay}\nduration: {{start: {at}, end: 9999-12-31}}"))


@pytest.mark.parametrize("rest", ["", ", send_outside: hold, trigger_outside: hold"])
def test_an_empty_window_is_warned_of(rest: str) -> None:
    """W1: from and to the same is a window of no length, held or dropped."""
    text = campaign(f"window: {{from: '09:00', to: '09:00'{rest}}}")
    assert found(text) == [("window_never_met", "window", 3)]
    assert checked(text).ok


@pytest.mark.parametrize(
    ("delay", "window"),
    [
        ("{days: 1, at: '20:00'}", "{from: '09:00', to: '18:00'}"),
        ("{days: 1, at: '18:00'}", "{from: '09:00', to: '18:00'}"),
        ("{next: monday, at: '08:59'}", "{from: '09:00', to: '18:00'}"),
        ("{days: 1, at: '12:00'}", "{from: '22:00', to: '06:00'}"),
        ("{days: 1, at: '20:00', zone: Europe/Paris}",
         "{from: '09:00', to: '18:00', zone: company}"),
    ],
)  # fmt: skip
def test_a_clock_time_outside_its_window_is_warned_of(delay: str, window: str) -> None:
    """On the same clock, a time outside a dropping window is dropped every day."""
    text = campaign(f"delay: {delay}\nwindow: {window}") + PARIS
    assert found(text) == [("window_never_met", "delay.at", 3)]


@pytest.mark.parametrize(
    ("delay", "window"),
    [
        ("{days: 1, at: '09:00'}", "{from: '09:00', to: '18:00'}"),
        ("{days: 1, at: '17:59'}", "{from: '09:00', to: '18:00'}"),
        ("{days: 1, at: '23:00'}", "{from: '22:00', to: '06:00'}"),
        ("{days: 1, at: '05:59'}", "{from: '22:00', to: '06:00'}"),
        ("{days: 1, at: '20:00'}", "{from: '09:00', to: '18:00', send_outside: hold}"),
        ("{days: 1, at: '20:00'}", "{from: '09:00', to: '18:00', zone: company}"),
        ("{days: 1, at: '20:00', zone: UTC}", "{from: '09:00', to: '18:00', zone: company}"),
        ("{after: 1h}", "{from: '09:00', to: '18:00'}"),
    ],
)
def test_a_clock_time_that_may_be_met_is_fine(delay: str, window: str) -> None:
    """Inside the window, held, on another clock or of no clock time: no warning."""
    assert found(campaign(f"delay: {delay}\nwindow: {window}") + PARIS) == []
