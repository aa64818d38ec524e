"""
The link in each e-mail: shows a page with a button, and takes whoever presses it out of the list.
"""

from typing import Any

from unless.aws.discretion import discreetly
from unless.aws.telemetry import telemetry
from unless.composition import from_environment


@discreetly()
def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """
    Return the answer to a request of the function's URL.

    What a POST carries is not read: the link says it all. Source: Lambda Developer Guide, "Invoking
    Lambda function URLs", payload format 2.0 (read 2026-11).
    """
    method = event["requestContext"]["http"]["method"]
    token = (event.get("queryStringParameters") or {}).get("t", "")
    page = from_environment().unsubscribing.answer(method, token)
    if page.failure:
        telemetry().failed("nobody could be unsubscribed", page.failure)
    return {"statusCode": page.status, "headers": page.headers, "body": page.html}
