"""
A stack with sends and runs in every condition, what may be lost of it, and its audit.
"""

from collections.abc import Callable

from tests.integration.journeys import WELCOME, pass_and_ring
from tests.integration.world import AwsWorld
from unless.app.audit import SETTLING, Audit
from unless.app.audited import Audited
from unless.aws.whole_tables import WholeDueIndex, WholeLedger
from unless.definitions.models import Kind
from unless.engine.records import Outcome

CART = """
campaign: cart
trigger: {event: cart_updated}
delay: {after: 10m}
unless: [{event: purchase}]
reeligible: always
"""


CAMPAIGN, JOURNEY = (Kind.CAMPAIGN, "cart"), (Kind.JOURNEY, "welcome")


def audit_of(world: AwsWorld, meanwhile: Callable[[], object] = lambda: None) -> Audit:
    """The audit of the world's stack; `meanwhile` happens before it looks again."""
    aws = world.aws

    def pause(seconds: float) -> None:
        assert seconds == SETTLING.total_seconds()
        meanwhile()

    return Audit(
        ledger=WholeLedger(aws.clients, aws.settings.ledger_table),
        index=WholeDueIndex(aws.clients, aws.settings.table),
        store=aws.store,
        definitions=aws.definitions,
        clock=aws.clock,
        pause=pause,
    )


def run(world: AwsWorld) -> Audited:
    """What the audit finds."""
    return audit_of(world).run()


def forget(world: AwsWorld, user: str, *outcomes: Outcome) -> None:
    """Lose the user's records of these outcomes."""
    dynamodb = world.client("dynamodb")
    for item in dynamodb.scan(TableName="LedgerTable")["Items"]:
        text = item["data"]["S"]
        if item["PK"]["S"] == f"USER#{user}" and any(f'"{o.value}"' in text for o in outcomes):
            dynamodb.delete_item(
                TableName="LedgerTable", Key={name: item[name] for name in ("PK", "SK")}
            )


def busy(world: AwsWorld) -> None:
    """Let sends be sent, cancelled and pending, and runs complete, exit and go on."""
    world.publish(CART, WELCOME)
    for user in ("a", "b", "c"):
        world.evaluate(world.event(user, "cart_updated"), world.event(user, "registered"))
    world.evaluate(world.event("b", "purchase"))
    pass_and_ring(world, minutes=11)
    world.evaluate(world.event("c", "session_start"), world.event("c", "cart_updated"))
    pass_and_ring(world, minutes=1)
