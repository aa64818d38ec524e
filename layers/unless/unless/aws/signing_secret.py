"""
The secret by which links and webhooks are signed.
"""

from threading import Lock

from unless.app.errors import ConfigurationError
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors


class SigningSecret:
    """The secret of the deployment, read once when it is first needed."""

    def __init__(self, clients: Clients, arn: str) -> None:
        """Read it from this secret of Secrets Manager; no call is made yet."""
        self._clients = clients
        self._arn = arn
        self._known: bytes | None = None
        self._lock = Lock()

    def __call__(self) -> bytes:
        """
        Return the secret, the UTF-8 of its text.

        Raises:
            TransientError: it may be readable later.
            ConfigurationError: the secret or the permission is not there.
        """
        with self._lock:
            if self._known is None:
                self._known = self._read()
            return self._known

    def _read(self) -> bytes:
        if not self._arn:
            raise ConfigurationError(
                "this deployment has no secret to sign with; deploy this release's template.yaml, "
                "which makes SigningSecretArn"
            )
        with aws_errors("read the signing secret"):
            answer = self._clients.get("secretsmanager").get_secret_value(SecretId=self._arn)
        secret = str(answer.get("SecretString") or "").encode()
        if not secret:
            raise ConfigurationError("the signing secret is empty; give it a value")
        return secret
