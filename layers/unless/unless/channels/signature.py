"""
The signature of a webhook's request, after Standard Webhooks.
"""

from base64 import b64encode
from datetime import datetime
from hmac import digest

from unless.app.errors import ConfigurationError

KEY_BYTES_MIN = 24
"""
Fewest bytes of a key.

Source: Standard Webhooks 1.0.0, "Signature scheme": at least 24 bytes (192 bits) (read 2026-11).
"""


def signed_headers(key: bytes, send: str, at: datetime, body: bytes) -> dict[str, str]:
    """
    Return the headers by which the receiver knows who asks, when, and whether it was asked before.

    `at` is the instant of this attempt. The id stays the same when a request is repeated.

    Raises:
        ConfigurationError: the key is too short to sign anything.

    Source: Standard Webhooks 1.0.0, "Webhook headers" and "Signature scheme" (read 2026-11).
    """
    if len(key) < KEY_BYTES_MIN:
        raise ConfigurationError(
            f"sign a webhook's request: the secret has {len(key)} bytes, fewer than {KEY_BYTES_MIN}"
        )
    timestamp = str(int(at.timestamp()))
    signed = b".".join((send.encode(), timestamp.encode(), body))
    signature = b64encode(digest(key, signed, "sha256")).decode()
    return {
        "webhook-id": send,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature}",
        "idempotency-key": send,
    }
