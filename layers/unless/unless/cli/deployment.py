"""
The application on a deployed stack, for the commands that talk to AWS.
"""

from unless.aws.clients import Clients
from unless.aws.settings import Settings
from unless.aws.stack import stack_outputs
from unless.composition import OnAws


def deployed(stack: str) -> OnAws:
    """
    Return the application on the stack of that name, in the region and account of the environment.

    Raises:
        ConfigurationError: there is none, or nothing is known of region and credentials.
        TransientError: AWS cannot be reached.
    """
    clients = Clients()
    return OnAws(Settings.from_outputs(stack_outputs(clients, stack)), clients)
