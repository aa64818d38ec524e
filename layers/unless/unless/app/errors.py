"""
The errors of the application; the class says what happens next.

    UnlessError
    ├── TransientError        may succeed later         the message goes back to the queue
    │   └── ConflictError     somebody else changed it  read again, or back to the queue
    └── ConfigurationError    the deployment is wrong   alarm; a person mends it
"""


class UnlessError(Exception):
    """What Unless raises on purpose."""


class TransientError(UnlessError):
    """The same call may succeed later."""


class ConflictError(TransientError):
    """Somebody else changed the same thing in between."""


class ConfigurationError(UnlessError):
    """The deployment or the permissions are wrong; repeating is useless until a person mends it."""
