"""
The one request of a claimed item: its message handed to its channel.
"""

from collections.abc import Mapping

from unless.app.errors import ConfigurationError, TransientError
from unless.app.messages import Failure
from unless.app.ports import Channel, Message, Reply, Store
from unless.definitions.models import Kind
from unless.engine.claims import REPEATABLE_CHANNELS, Outgoing
from unless.engine.decision import Answer, Dispatch, Dispatched
from unless.engine.model import Run

NOT_NOW = "the channel cannot take the message now"


class Requests:
    """Hands messages to the channels, which are by the name that definitions use."""

    def __init__(self, channels: Mapping[str, Channel], store: Store) -> None:
        """Use these channels; `store` has the whole properties of triggers."""
        self._channels = channels
        self._store = store

    def make(
        self, dispatch: Dispatch, outgoing: Outgoing | None
    ) -> tuple[Dispatched, Exception | Failure | None]:
        """
        Make at most one request, and return the answer and why the message has to be tried again.

        Raises:
            TransientError: a request may have been made that can be repeated; its claim stands
                until it is, so that nothing cancels what may have gone out.
        """
        item = dispatch.item
        try:
            reply = self._ask(dispatch, outgoing)
        except (ConfigurationError, TransientError) as error:
            repeatable = outgoing is not None and outgoing.message.channel in REPEATABLE_CHANNELS
            if dispatch.again or (repeatable and isinstance(error, TransientError)):
                raise
            return Dispatched(item.user, item.id, Answer.DEFERRED), error
        is_deferred = reply.answer is Answer.DEFERRED
        if dispatch.again and is_deferred:
            raise TransientError(reply.said or NOT_NOW)
        # A no to a repetition says nothing of the request before it.
        is_unclear = dispatch.again and reply.answer is Answer.REFUSED
        answer = Answer.UNKNOWN if is_unclear else reply.answer
        said = Dispatched(item.user, item.id, answer, reply.said)
        return said, Failure(reply.said or NOT_NOW, may_pass=True) if is_deferred else None

    def _ask(self, dispatch: Dispatch, outgoing: Outgoing | None) -> Reply:
        name = outgoing.message.channel if outgoing else ""
        channel = self._channels.get(name)
        if outgoing is None or channel is None:
            raise ConfigurationError(f"there is no channel {name!r} in this deployment")
        item = dispatch.item
        return channel.send(
            Message(
                send=outgoing.send,
                user=item.user,
                kind=Kind.JOURNEY if isinstance(item, Run) else Kind.CAMPAIGN,
                definition=item.definition,
                step=outgoing.step,
                event=item.event,
                name=item.name,
                at=item.triggered_at,
                due=item.due,
                properties=self._store.properties(item),
                hops=item.hops,
                content=dispatch.content,
                address=dispatch.address,
                url=outgoing.message.url,
                consent=outgoing.consent,
            )
        )
