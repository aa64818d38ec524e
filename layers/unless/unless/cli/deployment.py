"""
The application on a deployed stack, for the commands that talk to AWS.
"""

import os

import botocore.session

from unless.aws.clients import Clients
from unless.aws.settings import Settings
from unless.aws.stack import stack_outputs
from unless.cli.console import Failure
from unless.composition import OnAws


def deployed(stack: str) -> OnAws:
    """
    Return the application on the stack of that name, in the region and account of the environment.

    Raises:
        Failure: AWS_ENDPOINT_URL is no address.
        ConfigurationError: there is no such stack, or nothing is known of region and credentials.
        TransientError: AWS cannot be reached.
    """
    session = botocore.session.get_session()
    if region := os.environ.get("AWS_REGION"):
        # The SDK for Python reads AWS_DEFAULT_REGION only; the AWS CLI knows AWS_REGION, too.
        session.set_config_variable("region", region)
    clients = Clients(session)
    try:
        outputs = stack_outputs(clients, stack)
    except ValueError as error:  # botocore's word for an address that is none
        raise Failure(f"{error}.", "Correct AWS_ENDPOINT_URL, or unset it.") from None
    return OnAws(Settings.from_outputs(outputs), clients)
