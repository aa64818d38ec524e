"""What every store of users promises, in memory and on AWS."""

from datetime import timedelta

from tests.contract.conftest import Ports
from tests.integration.users import NOW, holding, pending_send, run, user_state
from unless.app.ports import AlreadyApplied, Committed, Conflict, Loaded
from unless.engine.decision import Marker
from unless.engine.fold import ID_MEMORY
from unless.engine.model import UserState

NOBODY = Loaded(UserState("u"), 0)


def test_an_unknown_user_is_an_empty_state(ports: Ports) -> None:
    """Nobody has to create a user."""
    assert ports.store.load("u") == NOBODY


def test_what_is_loaded_is_what_was_committed(ports: Ports) -> None:
    """The state, its sends and its runs are read as they were written; `rev` counts."""
    state = user_state("u", pending_send("s-1"), run("r-1"))
    assert ports.store.commit(NOBODY, state, [], NOW) == Committed(1)
    assert ports.store.load("u") == Loaded(state, 1)


def test_of_two_that_read_the_same_user_one_wins(ports: Ports) -> None:
    """The second commit on the same read is refused whole, its marker included."""
    first, second = Marker("e1", NOW), Marker("e2", NOW)
    assert ports.store.commit(NOBODY, holding("u", "s-1"), [first], NOW) == Committed(1)
    assert ports.store.commit(NOBODY, holding("u", "s-2"), [second], NOW) == Conflict()
    assert ports.store.load("u").state.pending.keys() == {"s-1"}
    assert ports.store.marker("u", "e2", NOW) is None


def test_an_applied_event_is_refused_whoever_read_when(ports: Ports) -> None:
    """A known marker is told before a lost race is, and nothing is written."""
    marker = Marker("e1", NOW, items=("s-1",))
    ports.store.commit(NOBODY, holding("u", "s-1"), [marker], NOW)
    again = ports.store.commit(NOBODY, holding("u", "s-2"), [Marker("e1", NOW)], NOW)
    assert again == AlreadyApplied((marker,))
    assert ports.store.load("u").rev == 1


def test_one_known_marker_refuses_all(ports: Ports) -> None:
    """Of several events one that was applied lets none of them in; only that one is named."""
    known = Marker("e1", NOW)
    ports.store.commit(NOBODY, holding("u", "s-1"), [known], NOW)
    before = ports.store.load("u")
    both = [Marker("e2", NOW), Marker("e1", NOW)]
    assert ports.store.commit(before, holding("u", "s-2"), both, NOW) == AlreadyApplied((known,))
    assert ports.store.marker("u", "e2", NOW) is None


def test_a_marker_alone_needs_no_lock(ports: Ports) -> None:
    """What changes nothing of the user meets no race, and raises no `rev`."""
    ports.store.commit(NOBODY, holding("u", "s-1"), [], NOW)
    assert ports.store.commit(NOBODY, NOBODY.state, [Marker("e1", NOW)], NOW) == Committed(0)
    assert ports.store.load("u").rev == 1
    assert ports.store.marker("u", "e1", NOW) == Marker("e1", NOW)


def test_nothing_to_write_is_committed(ports: Ports) -> None:
    """Without a change and a marker there is nothing to lose."""
    assert ports.store.commit(NOBODY, NOBODY.state, [], NOW) == Committed(0)
    assert ports.store.load("u").rev == 0


def test_a_marker_expires_to_the_second(ports: Ports) -> None:
    """An id is known for 16 days; then it is another event's."""
    ports.store.commit(NOBODY, holding("u", "s-1"), [Marker("e1", NOW)], NOW)
    end = NOW + ID_MEMORY
    assert ports.store.marker("u", "e1", end - timedelta(microseconds=1)) is not None
    assert ports.store.marker("u", "e1", end) is None
    before = ports.store.load("u")
    later = ports.store.commit(before, holding("u", "s-2"), [Marker("e1", end)], end)
    assert later == Committed(2)


def test_the_markers_of_an_item_begin_with_its_id(ports: Ports) -> None:
    """Whoever comes back for an item finds all its steps, and no other item's."""
    names = ("s-1#ended", "s-1#moved#2", "s-2#ended", "e1")
    ports.store.commit(NOBODY, NOBODY.state, [Marker(name, NOW) for name in names], NOW)
    found = ports.store.markers_of("u", "s-1", NOW)
    assert [marker.id for marker in found] == ["s-1#ended", "s-1#moved#2"]
    assert not ports.store.markers_of("u", "s-1", NOW + ID_MEMORY)


def test_an_item_that_ended_is_gone(ports: Ports) -> None:
    """A send that is not in the state any more is in no later read."""
    ports.store.commit(NOBODY, holding("u", "s-1", "s-2"), [], NOW)
    ports.store.commit(ports.store.load("u"), holding("u", "s-2"), [], NOW)
    assert ports.store.load("u").state.pending.keys() == {"s-2"}


def test_users_are_apart(ports: Ports) -> None:
    """One user's lock, items and markers are no other's."""
    ports.store.commit(NOBODY, holding("u", "s-1"), [Marker("e1", NOW)], NOW)
    other = Loaded(UserState("v"), 0)
    assert ports.store.load("v") == other
    assert ports.store.commit(other, holding("v", "s-1"), [Marker("e1", NOW)], NOW) == Committed(1)


def test_erasing_takes_what_is_older_and_leaves_the_state(ports: Ports) -> None:
    """Of the markers those go that are not younger than the deletion."""
    later = NOW + timedelta(seconds=1)
    markers = [Marker("e1", NOW), Marker("e2", later)]
    ports.store.commit(NOBODY, holding("u", "s-1"), markers, NOW)
    assert ports.store.erase("u", NOW) == 1
    assert ports.store.marker("u", "e1", NOW) is None
    assert ports.store.marker("u", "e2", NOW) is not None
    assert ports.store.load("u").rev == 1
