"""
`unless pause`, `resume`, `stop`, `archive`, `delete-user`: first what it does to how many, then it.
"""

from rich.text import Text

from unless.app.operate import Plan
from unless.cli.asking import agree
from unless.cli.console import Failure, count, output
from unless.cli.deployment import deployed
from unless.definitions.durations import format_duration
from unless.definitions.models import Status, Workspace
from unless.definitions.operating import Action, Refused

DONE = {
    Action.PAUSE: "is paused",
    Action.RESUME: "is live again",
    Action.STOP: "is stopped",
    Action.ARCHIVE: "is archived",
}


def operate(action_name: str, campaign: str, stack: str, *, yes: bool) -> None:
    """Say what the action does to the campaign's pending sends, ask, and do it."""
    action = Action(action_name)
    operations = deployed(stack).operate
    plan = operations.plan_action(action, campaign)
    if isinstance(plan, Refused):
        raise Failure(f"{plan.message[:1].upper()}{plan.message[1:]}.", plan.remedy)
    sends = operations.pending().get(campaign, 0)
    console = output()
    console.print(_consequence(action, plan, campaign, sends))
    agree(f"{action.capitalize()} {campaign}?", yes=yes)
    woken = operations.carry_out(plan)
    done = f"{campaign} {DONE[action]}"
    if woken:
        done += f"; {count(woken, 'held send')} judged now"
    console.print(Text(f"{done}.", "green"))


def _consequence(action: Action, plan: Plan, campaign: str, sends: int) -> str:
    """Return what the action will do, as one or two sentences."""
    status = plan.before.campaigns[campaign].status
    pending = count(sends, "pending send")
    late = format_duration(Workspace.model_validate(plan.before.workspace).max_lateness)
    judged = f"sent, or `too_late` when that is more than {late} after its due time"
    match action:
        case Action.PAUSE:
            return (
                f"Pausing {campaign} holds back {pending}; triggers go on counting. What falls due "
                f"meanwhile is judged at the resume: {judged}."
            )
        case Action.RESUME if status is Status.PAUSED:
            return f"Resuming {campaign}, with {pending}: what fell due in the pause is {judged}."
        case Action.RESUME:
            return f"Resuming {campaign}: triggers count from now on; what was stopped stays so."
        case Action.STOP:
            return (
                f"Stopping {campaign} cancels {pending} (`campaign_stopped`), which no resume "
                "brings back; triggers are skipped."
            )
        case Action.ARCHIVE:
            return (
                f"Archiving {campaign} cancels {pending} (`campaign_stopped`); triggers leave no "
                "record. Only publishing it with `status: live` revives it."
            )


def delete_user(user: str, stack: str, *, yes: bool) -> None:
    """Say what is pending for the user, ask, and forget them."""
    deletion = deployed(stack).deletion
    console = output()
    console.print(
        f"Deleting {user} ends {count(deletion.pending(user), 'pending send')} (`user_not_found`) "
        "and removes attributes, history, receipts and decisions. It cannot be undone.",
    )
    agree(f"Delete {user}?", yes=yes)
    deleted = deletion.delete(user)
    console.print(
        Text(
            f"{user} is deleted: {count(deleted.ended, 'send')} ended, "
            f"{count(deleted.items, 'item')} removed. Backups and quarantined events age out by "
            "themselves.",
            "green",
        ),
    )
