"""
Making the message of a preview: the definition from a folder, the user, the event, the words.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from unless.cli.check import default_folder, load
from unless.cli.console import Failure, printable
from unless.cli.preview.asked import Question, is_json_or_file, read_object
from unless.cli.preview.making_up import USER, made_up_event, made_up_user
from unless.content.parts import Content
from unless.definitions.checks import Checked
from unless.definitions.issues import choices, nearest
from unless.definitions.journeys import Journey
from unless.definitions.messages import Message
from unless.definitions.models import Campaign
from unless.definitions.publishing import publish
from unless.definitions.snapshot import EMPTY
from unless.engine.claims import Outgoing, outgoing_of
from unless.engine.consent import address_of, consent_at, reach_at
from unless.engine.content import content_of
from unless.engine.definitions import Definitions, compile_definitions
from unless.engine.eligibility import Refusal
from unless.engine.model import Attribute, DueItem, PendingSend, Run, UserEvent, UserState
from unless.events.forms import is_envelope
from unless.events.intake import parse_row
from unless.events.rejection import Rejected
from unless.sim.history import initial_state

A_USER = 'A user is one JSON object: {"user": "u-17", "attributes": {"email": "ana@example.com"}}.'

AN_EVENT = (
    'An event is one JSON object: {"event": "cart_updated", "properties": {"cart_value": 150}}, '
    "or what stands on the bus."
)


@dataclass(frozen=True, slots=True)
class Preview:
    """
    One message as it would go out now.

    `refusals` are what would keep it from going out, its words aside; `made_up` the values that
    were made up for them, `steps` the names of the journey's messages, this one's included.
    """

    outgoing: Outgoing
    state: UserState
    event: UserEvent
    content: Content | Refusal
    address: str | None
    refusals: tuple[Refusal, ...]
    made_up: tuple[str, ...]
    steps: tuple[str, ...] = ()


def make(question: Question, now: datetime) -> Preview:
    """
    Return the message that is asked for, rendered.

    Raises:
        Failure: there is no such definition or step, or the user or event given is none.
    """
    checked = load(question.workspace or default_folder())
    definition = _definition(checked, question.definition)
    # What has errors elsewhere is shown as it would be: a preview publishes nothing.
    snapshot, _ = publish(EMPTY, replace(checked, issues=()), now)
    definitions = compile_definitions(snapshot)
    steps = _message_steps(definition, definitions)
    place = _place(steps, question)
    message = _message(definition, definitions, place)
    state, made = _user(question, definition, message, checked, now)
    event, more = _event(question, definition, message, checked, state.user, now)
    item = _item(definition, definitions, place, event, now)
    outgoing = outgoing_of(item, definitions)
    if outgoing is None:
        raise Failure(f"{question.definition} sends no message.")
    channel = outgoing.message.channel
    checks = (consent_at(channel, outgoing.consent, state), reach_at(channel, state))
    return Preview(
        outgoing=outgoing,
        state=state,
        event=event,
        content=content_of(outgoing, item, state, definitions, now),
        address=address_of(channel, state),
        refusals=tuple(check for check in checks if check is not None),
        made_up=(*made, *more),
        steps=tuple(steps),
    )


def _definition(checked: Checked, name: str) -> Campaign | Journey:
    known: dict[str, Campaign | Journey] = {**checked.campaigns, **checked.journeys}
    if name in known:
        return known[name]
    if any(issue.id == name for issue in checked.errors):
        raise Failure(f"{name} has errors.", "`unless check` shows them; correct them first.")
    like = nearest(name, sorted(known))
    there = f"There are {choices(sorted(known))}." if known else "There is none at all."
    raise Failure(
        f"There is no campaign or journey {name} in this folder.",
        f"Did you mean `{like}`?" if like else there,
    )


# --- the step ---


def _message_steps(definition: Campaign | Journey, definitions: Definitions) -> dict[str, str]:
    """Return the places of a journey's messages, by their names."""
    if isinstance(definition, Campaign):
        return {}
    program = definitions.programs[definitions.plans[definition.journey].version]
    found = {
        planned.name: place
        for place, planned in program.steps.items()
        if getattr(planned.step, "message", None) is not None
    }
    if not found:
        raise Failure(f"The journey {definition.journey} has no message.")
    return found


def _place(steps: dict[str, str], question: Question) -> str:
    """Return the place of the step that is asked for, the first one where none is."""
    name = question.step
    if not steps:
        if name is not None:
            raise Failure("A campaign has no steps.", "Leave out --step.", code=2)
        return ""
    if name is None:
        return next(iter(steps.values()))
    if name not in steps:
        like = nearest(name, list(steps))
        remedy = f"Did you mean `{like}`?" if like else f"Its messages are {choices(list(steps))}."
        raise Failure(f"{question.definition} has no message in a step {name}.", remedy)
    return steps[name]


def _message(definition: Campaign | Journey, definitions: Definitions, place: str) -> Message:
    if isinstance(definition, Campaign):
        return definition.message
    program = definitions.programs[definitions.plans[definition.journey].version]
    message: Message = program.steps[place].step.message  # type: ignore[union-attr]
    return message


def _item(
    definition: Campaign | Journey,
    definitions: Definitions,
    place: str,
    event: UserEvent,
    now: datetime,
) -> DueItem:
    """Return a due item as the event would have made it."""
    name = definition.campaign if isinstance(definition, Campaign) else definition.journey
    plan = definitions.plans[name]
    parts: dict[str, Any] = {
        "id": "r-preview" if place else "s-preview",
        "user": event.user,
        "definition": name,
        "event": event.id,
        "name": event.name,
        "triggered_at": event.time,
        "due": now,
        "properties": event.properties,
        "version": plan.version,
    }
    return Run(**parts, place=place, arrived=now) if place else PendingSend(**parts)


# --- who, and after what ---


def _user(
    question: Question,
    definition: Campaign | Journey,
    message: Message,
    checked: Checked,
    now: datetime,
) -> tuple[UserState, tuple[str, ...]]:
    """Return the user who is asked for, and what of them was made up."""
    given = question.user
    made: tuple[str, ...] = ()
    if question.stack is not None:
        state = _real(question, given)
    elif given is not None and is_json_or_file(given):
        state = _told(given, now)
    elif given is not None and given.endswith(".json"):
        raise Failure(f"--user {given}: there is no such file.", A_USER, code=2)
    else:
        found = made_up_user(definition, message, checked, now)
        state, made = initial_state(given or USER, {"attributes": found.values}), found.placeholders
    if question.language is not None:
        language = {"language": Attribute(question.language, now)}
        state = replace(state, attributes={**state.attributes, **language})
    return state, made


def _real(question: Question, user: str | None) -> UserState:
    from unless.cli.deployment import deployed

    if user is None or is_json_or_file(user):
        raise Failure("--stack shows a real user.", "Name one: --user u-17.", code=2)
    known = deployed(question.stack or "").store.load(user)
    if not known.rev:
        remedy = "Look at the id, or leave --stack out."
        raise Failure(f"Nothing was ever heard of a user {user}.", remedy)
    return known.state


def _told(given: str, now: datetime) -> UserState:
    value = read_object("--user", given, A_USER)
    attributes = value.get("attributes") if "attributes" in value else value
    if not isinstance(attributes, dict):
        raise Failure("--user: `attributes` is no object.", A_USER)
    row = {"user": str(value.get("user", USER)), "event": "preview", "attributes": attributes}
    judged = parse_row(row, now, "preview")
    if isinstance(judged, Rejected):
        raise Failure(f"--user: {judged.detail} (`{judged.reason}`).", A_USER)
    return initial_state(judged.user, {"attributes": attributes})


def _event(
    question: Question,
    definition: Campaign | Journey,
    message: Message,
    checked: Checked,
    user: str,
    now: datetime,
) -> tuple[UserEvent, tuple[str, ...]]:
    """Return the event that is asked for, and what of it was made up."""
    name, made = made_up_event(definition, message, checked, now)
    if question.event is None:
        row: dict[str, Any] = {"user": user, "event": name, "properties": made.values}
        placeholders = made.placeholders
    else:
        row = dict(_row(question.event, user, name))
        placeholders = ()
    event = parse_row(row, now, "preview")
    if isinstance(event, Rejected):
        raise Failure(
            f"--event: such an event can never be understood: {event.detail} (`{event.reason}`).",
            AN_EVENT,
        )
    return event, placeholders


def _row(given: str, user: str, name: str) -> Iterator[tuple[str, Any]]:
    value = read_object("--event", given, AN_EVENT)
    if is_envelope(value):
        detail = value.get("detail")
        yield from value.items()
        if isinstance(detail, dict):
            yield "detail", {"user_id": user, **detail}
        return
    if not value.keys() & {"event", "properties", "attributes"}:
        known = printable(", ".join(list(value)[:3]))
        raise Failure(f"--event: this is no event; it has only {known or 'nothing'}.", AN_EVENT)
    yield from {"user": user, "event": name, **value}.items()
