"""
The wire between the application and AWS: what is said on it is heard, cut, refused or half done.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse

REGION = "eu-west-1"

type Request = dict[str, Any]


class Killed(BaseException):
    """The process dies here; no `except Exception` may notice."""


@dataclass
class Wire:
    """
    One world's wire.

    `moments` hear of each call before it is made and after it was answered, such as
    `before dynamodb.Query`; `requests` hear what is asked of DynamoDB, before it is.
    """

    moments: list[Callable[[str], None]] = field(default_factory=list)
    requests: list[Callable[[Request], None]] = field(default_factory=list)
    left_undone: int = 0
    """How many of the next BatchWriteItem do all but their last request."""
    calls: list[str] = field(default_factory=list)
    _refusals: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    _out: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def counting(self) -> Iterator[list[str]]:
        """The calls that the application makes meanwhile, such as `dynamodb.Query`."""
        self.calls.clear()
        yield self.calls

    @contextmanager
    def killed(self, operation: str, *, after: bool = False, nth: int = 1) -> Iterator[None]:
        """Kill the process before, or right after, the nth such call that it makes meanwhile."""
        seen = count(1)

        def kill(moment: str) -> None:
            if moment == f"{'after' if after else 'before'} {operation}" and next(seen) == nth:
                raise Killed

        self.moments.append(kill)
        try:
            with pytest.raises(Killed):
                yield
        finally:
            self.moments.remove(kill)

    def refuse(
        self,
        operation: str,
        code: str,
        *,
        times: int = 1,
        reasons: list[Any] | None = None,
        words: str = "refused",
    ) -> None:
        """Let AWS answer the next such calls with this error and do nothing."""
        error: dict[str, Any] = {"Error": {"Code": code, "Message": words}}
        if reasons is not None:
            error["CancellationReasons"] = reasons
        self._refusals.setdefault(operation, []).extend([error] * times)

    @contextmanager
    def out(self, operation: str, code: str = "InternalServerError") -> Iterator[None]:
        """Let AWS answer every such call meanwhile with this error and do nothing."""
        self._out[operation] = code
        try:
            yield
        finally:
            del self._out[operation]

    def before(self, name: str, request: Request) -> tuple[int, dict[str, Any]] | None:
        """Take note of a call; return the status and body of its answer if it is not to be made."""
        self.calls.append(name)
        for hear in self.moments:
            hear(f"before {name}")
        for read in self.requests if name.startswith("dynamodb.") else ():
            read(request)
        if refusals := self._refusals.get(name):
            return 400, refusals.pop(0)
        if code := self._out.get(name):
            return 500, {"Error": {"Code": code, "Message": "out"}}
        if name == "dynamodb.BatchWriteItem" and self.left_undone:
            self.left_undone -= 1
            ((table, (*done, undone)),) = request["RequestItems"].items()
            if done:
                own_client("dynamodb").batch_write_item(RequestItems={table: done})
            return 200, {"UnprocessedItems": {table: [undone]}}
        return None

    def after(self, name: str) -> None:
        """Take note of an answer."""
        for hear in self.moments:
            hear(f"after {name}")


@cache
def own_client(service: str) -> Any:
    """A client whose calls nobody hears, made once because that takes longer than a test."""
    return botocore.session.get_session().create_client(service, region_name=REGION)


_PRESENT: list[Wire] = []


@contextmanager
def wiretap() -> Iterator[tuple[botocore.session.Session, Wire]]:
    """A session for the application, and the wire on which its calls are heard meanwhile."""
    wire = Wire()
    _PRESENT.append(wire)
    try:
        yield _session(), wire
    finally:
        _PRESENT.remove(wire)


@cache
def _session() -> botocore.session.Session:
    session = botocore.session.get_session()

    def before(model: Any, params: dict[str, Any], **_: Any) -> Any:
        body = json.loads(params["body"]) if model.service_model.protocol == "json" else {}
        answer = _PRESENT[-1].before(_name(model), body)
        return answer and (AWSResponse(params["url"], answer[0], {}, None), answer[1])

    def after(model: Any, **_: Any) -> None:
        _PRESENT[-1].after(_name(model))

    session.register("before-call", before)
    session.register("after-call", after)
    return session


def _name(model: Any) -> str:
    return f"{model.service_model.service_name}.{model.name}"
