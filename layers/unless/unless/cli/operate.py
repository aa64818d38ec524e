"""
`unless pause`, `resume`, `stop`, `archive`, `delete-user`: first what it does to how many, then it.
"""

from rich.text import Text

from unless.cli.asking import agree
from unless.cli.console import Failure, count, output
from unless.cli.deployment import deployed
from unless.definitions.durations import format_duration
from unless.definitions.models import Kind, Status, Workspace
from unless.definitions.operating import Action, Refused

GERUNDS = {
    Action.PAUSE: "Pausing",
    Action.RESUME: "Resuming",
    Action.STOP: "Stopping",
    Action.ARCHIVE: "Archiving",
}

DONE = {
    Action.PAUSE: "is paused",
    Action.RESUME: "is live again",
    Action.STOP: "is stopped",
    Action.ARCHIVE: "is archived",
}


PENDING = ("pending send or run", "pending sends and runs")
ENDED = ("send or run", "sends and runs")
"""What a user has of campaigns and of journeys: told apart only where it is counted by them."""


def operate(action_name: str, name: str, stack: str, *, yes: bool) -> None:
    """Say what the action does to what is pending of the definition, ask, and do it."""
    action = Action(action_name)
    operations = deployed(stack).operate
    plan = operations.plan_action(action, name)
    if isinstance(plan, Refused):
        raise Failure(f"{plan.message[:1].upper()}{plan.message[1:]}.", plan.remedy)
    published = plan.before.definitions[name]
    pending = operations.pending().get(name, 0)
    late = format_duration(Workspace.model_validate(plan.before.workspace).max_lateness)
    consequence = _of_journey if published.kind is Kind.JOURNEY else _of_campaign
    console = output()
    subject = f"{GERUNDS[action]} the {published.kind} {name}"
    console.print(f"{subject} {consequence(action, published.status, pending, late)}")
    agree(f"{action.capitalize()} {name}?", yes=yes)
    woken = operations.carry_out(plan)
    done = f"{name} {DONE[action]}"
    if woken:
        noun = "run" if published.kind is Kind.JOURNEY else "send"
        done += f"; {count(woken, f'held {noun}')} judged now"
    console.print(Text(f"{done}.", "green"))


def _of_campaign(action: Action, status: Status, pending: int, late: str) -> str:
    """Return what the action does to a campaign, behind its name; `late` is the max_lateness."""
    sends = count(pending, "pending send")
    judged = f"sent, or `too_late` when that is more than {late} after its due time"
    match action:
        case Action.PAUSE:
            return (
                f"holds back {sends}; triggers go on counting. What falls due meanwhile is judged "
                f"at the resume: {judged}."
            )
        case Action.RESUME if status is Status.PAUSED:
            return f"with {sends}: what fell due in the pause is {judged}."
        case Action.RESUME:
            return "lets triggers count from now on; what was stopped stays so."
        case Action.STOP:
            return (
                f"cancels {sends} (`campaign_stopped`), which no resume brings back; triggers are "
                "skipped."
            )
        case Action.ARCHIVE:
            return (
                f"cancels {sends} (`campaign_stopped`); triggers leave no record. Only publishing "
                "it with `status: live` revives it."
            )


def _of_journey(action: Action, status: Status, pending: int, late: str) -> str:
    """Return what the action does to a journey, behind its name (L1, J11)."""
    runs = count(pending, "run")
    judged = f"a message more than {late} late is skipped (`too_late`)"
    leave = f"{runs} under way: who comes to the end of a wait meanwhile leaves (`journey_stopped`)"
    match action:
        case Action.PAUSE:
            return (
                f"holds {runs} where a wait ends; people go on entering, and exit events count. "
                f"At the resume those held go on: {judged}."
            )
        case Action.RESUME if status is Status.PAUSED:
            return f"with {runs}: those held go on now; {judged}."
        case Action.RESUME:
            return f"lets people enter from now on, and {runs} go on; who has left stays out."
        case Action.STOP:
            return f"lets nobody enter and cancels nothing, with {leave}."
        case Action.ARCHIVE:
            return (
                f"lets nobody enter and leaves no record of triggers, with {leave}. Only "
                "publishing it with `status: live` revives it."
            )


def delete_user(user: str, stack: str, *, yes: bool) -> None:
    """Say what is pending for the user, ask, and forget them."""
    deletion = deployed(stack).deletion
    console = output()
    console.print(
        f"Deleting {user} ends {count(deletion.pending(user), *PENDING)} (`user_not_found`) "
        "and removes attributes, history, receipts and decisions. It cannot be undone.",
    )
    agree(f"Delete {user}?", yes=yes)
    deleted = deletion.delete(user)
    console.print(
        Text(
            f"{user} is deleted: {count(deleted.ended, *ENDED)} ended, "
            f"{count(deleted.items, 'item')} removed. Backups and quarantined events age out by "
            "themselves.",
            "green",
        ),
    )
