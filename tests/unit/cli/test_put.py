"""
Putting events: what is offered to the bus again, and which id an event without one gets.
"""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.unit.cli.conftest import Typed
from unless.aws import put_events as putting
from unless.aws.clients import Clients
from unless.aws.put_events import Numbered, put_events
from unless.cli import put as cli_put
from unless.cli.put import with_id
from unless.events.put_entry import PutEntry


class FullBus:
    """A bus that throttles each name once, and refuses those that begin with `bad`."""

    def __init__(self) -> None:
        self.requests: list[list[str]] = []
        self._throttled: set[str] = set()

    def get(self, service: str) -> "FullBus":
        """Be the client of EventBridge."""
        assert service == "events"
        return self

    def put_events(self, Entries: Sequence[PutEntry]) -> dict[str, Any]:  # noqa: N803 - AWS's word
        """Answer as PutEvents does: 200, with a code on each entry that was not taken."""
        self.requests.append([entry["DetailType"] for entry in Entries])
        return {"Entries": [self._result(entry["DetailType"]) for entry in Entries]}

    def _result(self, name: str) -> dict[str, str]:
        if name.startswith("bad"):
            return {"ErrorCode": "MalformedDetail", "ErrorMessage": "it is bad"}
        if name.startswith("slow") and name not in self._throttled:
            self._throttled.add(name)
            return {"ErrorCode": "ThrottlingException", "ErrorMessage": "slower"}
        return {"EventId": name}


def numbered(*names: str, detail: str = "{}") -> list[Numbered]:
    """Entries of these names, one a line."""
    return [
        Numbered(line, PutEntry(Source="s", DetailType=name, Detail=detail, EventBusName="b"))
        for line, name in enumerate(names, 1)
    ]


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> FullBus:
    """A bus, and no waiting between requests."""
    monkeypatch.setattr(putting, "PAUSE_SECONDS", 0)
    return FullBus()


def put(bus: FullBus, entries: list[Numbered]) -> list[putting.Answered]:
    """Put the entries on the bus."""
    return list(put_events(cast(Clients, bus), entries))


def test_only_what_failed_is_offered_again(bus: FullBus) -> None:
    """What the bus has taken is never sent twice."""
    (answered,) = put(bus, numbered("a", "slow", "b"))
    assert bus.requests == [["a", "slow", "b"], ["slow"]]
    assert (answered.accepted, answered.refused) == (3, ())


def test_what_can_never_be_taken_is_offered_once(bus: FullBus) -> None:
    """A hopeless entry is reported with its line and the words of the bus."""
    (answered,) = put(bus, numbered("a", "bad"))
    assert bus.requests == [["a", "bad"]]
    assert answered.accepted == 1
    assert [(no.line, no.code, no.said) for no in answered.refused] == [
        (2, "MalformedDetail", "it is bad")
    ]


def test_a_request_has_ten_entries_at_most(bus: FullBus) -> None:
    """Twenty-one events are three requests."""
    put(bus, numbered(*(f"e{n}" for n in range(21))))
    assert [len(request) for request in bus.requests] == [10, 10, 1]


def test_a_request_stays_below_the_bytes_that_the_bus_takes(bus: FullBus) -> None:
    """Two large events do not go into one request."""
    put(bus, numbered("a", "b", "c", detail="x" * 130_000))
    assert bus.requests == [["a", "b"], ["c"]]


TIMED = {"user": "u", "event": "e", "time": "2026-02-02T10:00:00Z"}
IN_ENVELOPE = {"detail-type": "e", "time": "2026-02-02T10:00:00Z", "detail": {"user_id": "u"}}


def id_of(row: dict[str, Any]) -> Any:
    """The id with which the row is put."""
    named = with_id(row)
    return named["detail"]["id"] if "detail" in named else named["id"]


@pytest.mark.parametrize("row", [TIMED, IN_ENVELOPE])
def test_an_event_with_a_time_has_the_same_id_each_time(row: dict[str, Any]) -> None:
    """Putting a file of the past twice makes no second event, in either form."""
    assert id_of(row) == id_of(dict(row))
    assert id_of(row) != id_of({**row, "time": "2026-02-02T10:00:01Z"})


def test_an_event_that_happens_now_is_a_new_one_each_time() -> None:
    """Without a time the same line again is another event."""
    row = {"user": "u", "event": "e"}
    assert id_of(row) != id_of(row)


@pytest.mark.parametrize(
    "row", [{**TIMED, "id": "mine"}, {**IN_ENVELOPE, "id": "mine"}, {**TIMED, "id": ""}]
)
def test_an_id_that_is_there_is_left_alone(row: dict[str, Any]) -> None:
    """The producer's id counts, wherever it stands; an empty one is judged, not replaced."""
    assert with_id(row) == row


class Stack:
    """A stack whose bus takes one request and is then gone, or is interrupted."""

    def __init__(self, end: BaseException) -> None:
        self.settings = SimpleNamespace(bus="shop")
        self.clients = self
        self._answers = iter([{"Entries": [{"EventId": "x"}] * 10}])
        self._end = end

    def get(self, service: str) -> "Stack":
        """Be the client of EventBridge."""
        assert service == "events"
        return self

    def put_events(self, **_: Any) -> dict[str, Any]:
        """Answer once."""
        for answer in self._answers:
            return answer
        raise self._end


@pytest.mark.parametrize(
    ("end", "code", "said"),
    [
        (
            EndpointConnectionError(endpoint_url="http://gone"),
            1,
            "10 events put on the bus shop for certain, then: AWS cannot be reached",
        ),
        (KeyboardInterrupt(), 130, "Interrupted: 10 events put on the bus shop for certain."),
    ],
)
def test_what_got_through_is_said_when_the_rest_does_not(
    typed: Typed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    end: BaseException,
    code: int,
    said: str,
) -> None:
    """Whoever is cut off knows how far it got, and that the same command goes on."""
    monkeypatch.setattr(cli_put, "deployed", lambda _: Stack(end))
    path = tmp_path / "events.jsonl"
    path.write_text("".join(f'{{"user": "u", "event": "e", "id": "{n}"}}\n' for n in range(12)))
    result = typed("put", path)
    assert result.exit_code == code
    assert said in result.stderr
    assert "The same command goes on" in result.stderr
