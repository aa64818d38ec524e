"""The bus that refuses single entries, before one that takes all."""

import json
from http.server import BaseHTTPRequestHandler

import pytest

from tests.proof.on_aws.partial_bus import partial_bus
from tests.provider_stub import answering, provider
from unless.aws.clients import Clients
from unless.aws.put_events import Numbered, put_events
from unless.events.put_entry import PutEntry

pytestmark = pytest.mark.slow

ENTRIES = 40


def take_all(handler: BaseHTTPRequestHandler) -> None:
    """Answer as a bus that has taken every entry."""
    body = handler.server.provider.received[-1].body  # type: ignore[attr-defined]
    results = [{"EventId": entry["Detail"]} for entry in json.loads(body)["Entries"]]
    answering(200, json.dumps({"FailedEntryCount": 0, "Entries": results}))(handler)


def entry(number: int) -> PutEntry:
    """An entry that tells its number."""
    return PutEntry(Source="s", DetailType="t", Detail=json.dumps({"n": number}), EventBusName="b")


def test_each_entry_arrives_once_though_many_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is refused does not arrive, what is put again does, and nothing arrives twice."""
    with provider(take_all) as taken, partial_bus(taken.url) as bus:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "test")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ENDPOINT_URL_EVENTBRIDGE", bus.url)
        bus.rate = 0.4
        numbered = [Numbered(number, entry(number)) for number in range(ENTRIES)]
        answered = [*put_events(Clients(), numbered)]
    refused = {no.line for each in answered for no in each.refused}
    arrived = [
        json.loads(one["Detail"])["n"]
        for request in taken.received
        for one in json.loads(request.body)["Entries"]
    ]
    assert sorted(arrived) == [number for number in range(ENTRIES) if number not in refused]
    assert bus.refused.total() > ENTRIES * bus.rate / 4
