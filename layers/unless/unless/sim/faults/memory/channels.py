"""
Channels that send nothing: they record what they were asked, and answer as the history says.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from unless.app.errors import TransientError
from unless.app.ports import Message, Reply
from unless.engine.claims import REPEATABLE_CHANNELS
from unless.engine.decision import Answer


@dataclass(frozen=True, slots=True)
class Request:
    """
    What a provider was asked; `answer` is what it did, whatever the asker heard of it.

    `number` counts the requests for the same message, from 0.
    """

    at: datetime
    channel: str
    message: Message
    answer: Answer
    by: str
    number: int = 0

    @property
    def may_have_gone_out(self) -> bool:
        """Whether the message may have reached anybody."""
        return self.answer in (Answer.ACCEPTED, Answer.UNKNOWN)


type Answers = Callable[[str, Message, int], Answer]
"""What the provider of that channel says to the n-th request for that message."""


def always_yes(_channel: str, _message: Message, _number: int) -> Answer:
    """Every request is accepted."""
    return Answer.ACCEPTED


def _nobody(_request: Request) -> None:
    pass


class Requests:
    """Everything that any provider was asked, in order."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        who: Callable[[], str] = lambda: "",
        answers: Answers = always_yes,
        asked: Callable[[Request], None] = _nobody,
    ) -> None:
        """Begin with none; `who` names the process that asks, `asked` is told of each request."""
        self.made: list[Request] = []
        self._clock = clock
        self._who = who
        self._answers = answers
        self._asked = asked
        self._times: Counter[str] = Counter()

    def make(self, channel: str, message: Message) -> Answer:
        """Record a request and return the provider's answer."""
        number = self._times[message.send]
        self._times[message.send] += 1
        answer = self._answers(channel, message, number)
        request = Request(self._clock(), channel, message, answer, self._who(), number)
        self.made.append(request)
        self._asked(request)
        return answer


class MemoryChannel:
    """`unless.app.ports.Channel` of that name."""

    def __init__(self, name: str, requests: Requests) -> None:
        """Record there."""
        self.name = name
        self._requests = requests

    def send(self, message: Message) -> Reply:
        """
        Make one request and return the answer.

        Raises:
            TransientError: nothing clear was said, and the request may be repeated.
        """
        answer = self._requests.make(self.name, message)
        if answer is Answer.UNKNOWN and self.name in REPEATABLE_CHANNELS:
            raise TransientError("the bus gave no clear answer")
        return Reply(answer, "" if answer is Answer.ACCEPTED else f"the provider said {answer}")
