"""template.yaml as plain data, with the answers the tests ask of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "template.yaml").read_text()


class CloudFormationLoader(yaml.SafeLoader):
    """Reads `!Ref X` as {"Ref": "X"}, `!Sub x` as {"Fn::Sub": "x"}, and so on."""


def _function(loader: CloudFormationLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        text = loader.construct_scalar(node)
        return {name: text.split(".", 1) if suffix == "GetAtt" else text}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


CloudFormationLoader.add_multi_constructor("!", _function)

TEMPLATE: dict[str, Any] = yaml.load(TEXT, Loader=CloudFormationLoader)  # noqa: S506 - it is safe
RESOURCES: dict[str, dict[str, Any]] = TEMPLATE["Resources"]

FUNCTIONS = ("EvaluateFunction", "DeliverFunction", "SweepFunction", "UnsubscribeFunction")


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of all resources of a type, by logical id."""
    return {
        name: resource["Properties"]
        for name, resource in RESOURCES.items()
        if resource["Type"] == kind
    }


def properties(name: str) -> dict[str, Any]:
    return dict(RESOURCES[name]["Properties"])


def function_setting(name: str, key: str) -> Any:
    """A setting of a function, its own or that of all."""
    return properties(name).get(key, TEMPLATE["Globals"]["Function"].get(key))


def variables(name: str) -> dict[str, Any]:
    """The environment that a function gets."""
    shared: Mapping[str, Any] = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    return {**shared, **properties(name)["Environment"]["Variables"]}


def role_of(function: str) -> str:
    return str(properties(function)["Role"]["Fn::GetAtt"][0])


def statements(role: str) -> list[dict[str, Any]]:
    """All that a role may do, whatever the deployment was given."""
    documents = [policy["PolicyDocument"] for policy in properties(role)["Policies"]]
    return [asked(statement)[1] for document in documents for statement in document["Statement"]]


def asked(statement: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """A statement with the condition under which it is granted; None for always."""
    if "Fn::If" not in statement:
        return None, statement
    condition, granted, otherwise = statement["Fn::If"]
    assert otherwise == {"Ref": "AWS::NoValue"}
    return condition, granted


def actions(statement: Mapping[str, Any]) -> set[str]:
    return set(as_list(statement["Action"]))


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def queue_policies(queue: str) -> Iterator[dict[str, Any]]:
    """All that a queue's own policies say."""
    for policy in of_type("AWS::SQS::QueuePolicy").values():
        if {"Ref": queue} in policy["Queues"]:
            yield from policy["PolicyDocument"]["Statement"]


def arn(name: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, "Arn"]}
