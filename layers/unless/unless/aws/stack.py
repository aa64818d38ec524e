"""
Where a deployed stack is: the outputs of its CloudFormation stack.
"""

from botocore.exceptions import ClientError

from unless.app.errors import ConfigurationError
from unless.aws.clients import Clients
from unless.aws.errors import aws_errors, code_of

NO_SUCH_STACK = "ValidationError"
"""
What DescribeStacks says of a stack that does not exist.

Source: AWS CloudFormation API Reference, "DescribeStacks" (read 2026-11).
"""


def stack_outputs(clients: Clients, stack: str) -> dict[str, str]:
    """
    Return the outputs of the stack by name.

    Raises:
        ConfigurationError: there is no such stack, it is not deployed, or it may not be read.
        TransientError: CloudFormation cannot be reached.
    """
    with aws_errors(f"read the stack {stack!r}"):
        try:
            answer = clients.get("cloudformation").describe_stacks(StackName=stack)
        except ClientError as error:
            if code_of(error) != NO_SUCH_STACK:
                raise
            raise ConfigurationError(_no_stack(clients, stack)) from error
    found = answer["Stacks"][0]
    outputs = {o["OutputKey"]: o["OutputValue"] for o in found.get("Outputs", ())}
    if not outputs:
        raise ConfigurationError(
            f"the stack {stack!r} is {found['StackStatus']} and has no outputs; deploy it first"
        )
    return outputs


def _no_stack(clients: Clients, stack: str) -> str:
    region = clients.get("cloudformation").meta.region_name
    return (
        f"there is no stack {stack!r} in {region}; deploy it with `sam deploy`, or say which with "
        "--stack, AWS_REGION and AWS_PROFILE"
    )
