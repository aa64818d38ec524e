"""Whatever stands where in an event of SES: it is answered with a value, and is safe to store."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.events.ses_events import BODIES, message, ses_event
from unless.definitions.models import Kind
from unless.engine.model import UserEvent
from unless.events.feedback import Confirmation, OfNobody
from unless.events.intake import parse_message
from unless.events.rejection import Rejected

ARRIVED = datetime(2026, 2, 2, 10, 6, tzinfo=UTC)
NOTHING_OF_SES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())  # with halves of surrogate pairs
    | st.lists(st.text(), max_size=2)
    | st.dictionaries(st.text(), st.text(), max_size=2)
)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value, from the outside in."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, part in value.items():
            yield from places(part, (*path, name))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from places(part, (*path, position))


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, Any]:
    """An event of SES with something else in one or two of its places."""
    about = message(kind=draw(st.sampled_from(Kind)), step=draw(st.none() | st.just("2.then.0")))
    envelope = ses_event(draw(st.sampled_from(sorted(BODIES))), about)
    for _ in range(draw(st.integers(1, 2))):
        envelope = copy.deepcopy(envelope)
        *way, last = draw(st.sampled_from([p for p in places(envelope) if p[0] == "detail"]))
        part: Any = envelope
        for key in way:
            part = part[key]
        part[last] = draw(NOTHING_OF_SES)
    return envelope


@given(spoilt())
def test_it_is_answered_with_a_value_that_can_be_stored(envelope: dict[str, Any]) -> None:
    """No exception: one bad event never fails its neighbours. (V5)"""
    told = parse_message(json.dumps(envelope), ARRIVED)
    match told:
        case UserEvent():
            assert told.time <= ARRIVED
            kept = (told.id, told.user, dict(told.properties), dict(told.attributes))
            json.dumps(kept, allow_nan=False, ensure_ascii=False).encode()
            assert 1 <= len(told.id) <= 255
        case Confirmation():
            (told.mail.user + told.mail.send + told.mail.definition).encode()
        case _:
            assert isinstance(told, Rejected | OfNobody)
