"""
One message that is due: the checks that every one meets last, and the claim after them (SPEC T3).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cached_property

from unless.content.parts import Content
from unless.engine.caps import capped_at
from unless.engine.claims import CLAIM_LEASE, Hold, Outgoing
from unless.engine.consent import address_of, consent_at, reach_at
from unless.engine.content import content_of
from unless.engine.decision import Dispatch
from unless.engine.eligibility import Refusal
from unless.engine.fold import Fold
from unless.engine.history import remember_receipt
from unless.engine.in_app import IN_APP
from unless.engine.model import DueItem, DueStatus, Receipt

type Check = Callable[[], Refusal | Hold | None]


class MessageTrial:
    """A due item's message before it goes out; it is rendered when a check first asks for it."""

    def __init__(self, fold: Fold, item: DueItem, outgoing: Outgoing) -> None:
        """Take what is to be judged."""
        self.fold = fold
        self.item = item
        self.outgoing = outgoing

    @cached_property
    def content(self) -> Content | Refusal:
        """The message rendered, or why it cannot or must not be."""
        fold = self.fold
        return content_of(self.outgoing, self.item, fold.state, fold.definitions, fold.now)

    def checks(self, quiet: Check) -> Iterator[Check]:
        """Yield the checks from consent to template, in their order; `quiet` is that of Q1."""
        fold, outgoing = self.fold, self.outgoing
        channel, caps = outgoing.message.channel, fold.definitions.workspace.caps
        yield lambda: consent_at(channel, outgoing.consent, fold.state)
        yield lambda: reach_at(channel, fold.state)
        yield quiet
        yield lambda: capped_at(caps, channel, outgoing.tags, fold.state, fold.now, fold.zones)
        yield lambda: self.content if isinstance(self.content, Refusal) else None

    @property
    def waits_for_session(self) -> bool:
        """Whether the message, which may go out, has yet to wait until the user is in the app."""
        return self.outgoing.message.channel == IN_APP and self.item.kept is None

    def claim(self, receipt: Receipt) -> None:
        """
        Take the item for dispatch; the receipt is reserved, so that nothing else takes its place.

        That of an in-app message is only remembered once the app says that it was displayed.

        Raises:
            ValueError: the message is none to be sent; its checks say why.
        """
        if receipt.channel != IN_APP:
            self.fold.state = remember_receipt(self.fold.state, receipt)
        self.dispatch()

    def dispatch(self, *, again: bool = False) -> None:
        """
        Lease the item, and have its message sent; `again` if an earlier claim has been abandoned.

        Raises:
            ValueError: as `claim`.
        """
        if isinstance(self.content, Refusal):
            raise ValueError(f"a message that is refused: {self.content.reason}")
        lease_until = self.fold.now + CLAIM_LEASE
        claimed = replace(self.item, status=DueStatus.CLAIMED, lease_until=lease_until)
        self.fold.keep(claimed)
        address = address_of(self.outgoing.message.channel, self.fold.state)
        self.fold.effects.append(Dispatch(claimed, self.content, address, again))
