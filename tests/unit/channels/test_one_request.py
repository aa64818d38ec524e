"""E-mail, SMS and push under every fault: exactly one request, and the right answer."""

from collections.abc import Iterator
from functools import cache

import botocore.loaders
import botocore.session
import pytest

from tests.provider_stub import Answer as StubAnswer
from tests.provider_stub import Provider, answering, close, closed_port, cut, error, provider, reset
from tests.unit.channels.providers import EMAIL, PROVIDERS, SMS, Provided, message
from unless.app.errors import ConfigurationError
from unless.app.ports import Reply
from unless.aws import clients as aws_clients
from unless.aws.clients import Clients
from unless.engine.decision import Answer

pytestmark = pytest.mark.slow

each_provider = pytest.mark.parametrize("provided", PROVIDERS, ids=lambda p: p.name)


@pytest.fixture
def stub() -> Iterator[Provider]:
    """A provider that hangs unless told otherwise."""
    with provider(answering(500)) as found:
        yield found


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials of nobody, many tries in the environment, and little patience."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
    monkeypatch.setattr(aws_clients, "PROVIDER_READ_SECONDS_MAX", 0.3)


@cache
def loader() -> botocore.loaders.Loader:
    """What reads botocore's models, which takes longer than a test."""
    return botocore.loaders.create_loader()


def ask(provided: Provided, url: str) -> Reply:
    """What the channel says of a message, its provider being at this URL."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"AWS_ENDPOINT_URL_{provided.service.upper().replace('-', '_')}", url)
        session = botocore.session.Session()
        session.register_component("data_loader", loader())
        channel = provided.channel(Clients(session))
        return channel.send(message(address=provided.address))


def asked(provided: Provided, stub: Provider, answer: StubAnswer) -> Reply:
    """The same, of a stub that answers so; exactly one request must have been made."""
    stub.answer = answer
    stub.received.clear()
    try:
        return ask(provided, stub.url)
    finally:
        assert len(stub.received) == 1, provided.name


@each_provider
def test_a_message_that_is_taken_is_one_request(provided: Provided, stub: Provider) -> None:
    """Yes is yes, by one request on a connection that no other will use."""
    assert asked(provided, stub, provided.accept()) == Reply(Answer.ACCEPTED)
    assert stub.received[0].headers["connection"] == "close"


@each_provider
def test_a_throttled_message_may_come_again(provided: Provided, stub: Provider) -> None:
    """Too many requests is no for now, after one request."""
    for code, status in provided.throttling.items():
        said = asked(provided, stub, provided.failing(status, code))
        assert said == Reply(Answer.DEFERRED, code)


@each_provider
def test_a_refused_message_is_refused_for_good(provided: Provided, stub: Provider) -> None:
    """What AWS finds wrong with the message or its address stays wrong."""
    for code, status in provided.refusing.items():
        assert asked(provided, stub, provided.failing(status, code)) == Reply(Answer.REFUSED, code)


@each_provider
def test_a_broken_deployment_is_for_a_person(provided: Provided, stub: Provider) -> None:
    """What a person must mend says so, with the code and without what AWS says in words."""
    for code, status in provided.broken.items():
        with pytest.raises(ConfigurationError) as raised:
            asked(provided, stub, provided.failing(status, code))
        assert code in str(raised.value)
        assert "ann@" not in str(raised.value)


@each_provider
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_error_is_unclear(provided: Provided, stub: Provider, status: int) -> None:
    """The server does not know what it has done, so nobody does."""
    failing = provided.failing(status, "InternalFailure")
    assert asked(provided, stub, failing) == Reply(Answer.UNKNOWN, "InternalFailure")
    assert asked(provided, stub, answering(status)).answer is Answer.UNKNOWN


@each_provider
def test_a_missing_answer_is_unclear(provided: Provided, stub: Provider) -> None:
    """Silence, an end, a reset, half an answer: perhaps the message is on its way."""
    for answer in (stub.hang, close, reset, cut(200, provided.accepting), answering(200, "<html>")):
        assert asked(provided, stub, answer).answer is Answer.UNKNOWN, answer


@each_provider
def test_a_client_error_nobody_knows_is_a_no(provided: Provided, stub: Provider) -> None:
    """AWS said no; why may pass, so the message comes again until it is too late."""
    said = asked(provided, stub, provided.failing(418, "NeverHeardOfIt"))
    assert said == Reply(Answer.DEFERRED, "NeverHeardOfIt")


@each_provider
def test_a_connection_that_is_never_made_is_a_no(provided: Provided) -> None:
    """Nobody listens: nothing was sent, and the message may come again."""
    assert ask(provided, closed_port()) == Reply(Answer.DEFERRED, "EndpointConnectionError")


@each_provider
def test_missing_credentials_are_for_a_person(
    provided: Provided, stub: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without credentials nothing is asked."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(ConfigurationError):
        ask(provided, stub.url)
    assert stub.received == []


@pytest.mark.parametrize(
    ("reason", "answer"),
    [("DESTINATION_PHONE_NUMBER_OPTED_OUT", Answer.REFUSED), ("MESSAGE_TYPE_MISMATCH", None)],
)
def test_the_reason_of_a_refused_text_decides(
    stub: Provider, reason: str, answer: Answer | None
) -> None:
    """A number that opted out is refused; a number that may not send such texts is to be mended."""
    refusing = error(400, "ConflictException", Reason=reason)
    if answer is None:
        with pytest.raises(ConfigurationError, match=reason):
            asked(SMS, stub, refusing)
    else:
        assert asked(SMS, stub, refusing) == Reply(answer, f"ConflictException.{reason}")


def test_an_unverified_sender_is_no_fault_of_the_mail(stub: Provider) -> None:
    """SES rejects a mail for its sender by the same code as for its content."""
    body = '{"message": "Email address is not verified. The following identities failed: ann@x"}'
    refusing = answering(400, body, **{"x-amzn-ErrorType": "MessageRejected"})
    with pytest.raises(ConfigurationError, match="verify EmailFrom") as raised:
        asked(EMAIL, stub, refusing)
    assert "ann@" not in str(raised.value)
