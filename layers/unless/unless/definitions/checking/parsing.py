"""
From a document to its definition: which one it is, its model, or what is wrong with its values.
"""

from typing import Any

from pydantic import ValidationError

from unless.definitions.checking.mistakes import mistakes_in, nulls_in, unknown_key
from unless.definitions.documents import Document
from unless.definitions.issues import CheckCode, Mistake, nearest
from unless.definitions.journeys import Journey
from unless.definitions.models import Campaign, Segment, Workspace, document_kind

type Definition = Campaign | Journey | Segment | Workspace

MODELS: dict[str, type[Definition]] = {
    "campaign": Campaign,
    "journey": Journey,
    "segment": Segment,
    "workspace": Workspace,
}
"""The kinds of documents, by the key that names each."""


class Parsed:
    """One document: which definition it is, with its model, or with its mistakes."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.kind = document_kind(document.value)
        self.name = self._name()
        self.model: Definition | None = None
        self.mistakes = self._parse()

    @property
    def key(self) -> tuple[str, str] | None:
        """Kind and id, by which the definition is known; None where there is no id."""
        if self.kind == "workspace":
            return (self.kind, "")
        return (self.kind, self.name) if self.kind and self.name else None

    def _name(self) -> str | None:
        name = self.document.value[self.kind] if self.kind else None
        return name if isinstance(name, str) else None

    def _parse(self) -> list[Mistake]:
        value = self.document.value
        match self.kind:
            case None:
                return [_no_definition(value)]
            case "workspace":
                beside = [key for key in value if key != "workspace"]
                return self._validate(Workspace, value["workspace"], "workspace") + [
                    unknown_key((key,), f"`{key}` is not a key beside `workspace`", ["workspace"])
                    for key in beside
                ]
            case kind:
                return self._validate(MODELS[kind], value)

    def _validate(self, model: type[Definition], value: Any, *around: str) -> list[Mistake]:
        mistakes: list[Mistake] = []
        try:
            # By the written names only: `from_` is how Python spells `from`.
            parsed = model.model_validate(value, by_alias=True, by_name=False)
        except ValidationError as error:
            mistakes = mistakes_in(error, model, value, around)
        places = {mistake.path for mistake in mistakes}
        nulls = [null for null in nulls_in(value, around) if null.path not in places]
        if not mistakes and not nulls:
            self.model = parsed
        # A condition whose only operator has no value is one mistake, not two.
        owners = {null.path[:-1] for null in nulls}
        return [mistake for mistake in mistakes if mistake.path not in owners] + nulls


def _no_definition(value: Any) -> Mistake:
    keys = [key for key in value if isinstance(key, str)] if isinstance(value, dict) else []
    expected = (
        "expected a definition, which has the key `campaign`, `journey`, `segment` or `workspace`"
    )
    for key in keys:
        if nearest(key, list(MODELS)):
            return unknown_key((key,), f"`{key}` is not a key here: {expected}", list(MODELS))
    begins = f", not a mapping with `{keys[0]}`" if keys else ""
    return Mistake(
        CheckCode.BAD_VALUE,
        (),
        expected + begins,
        "Write one, such as `campaign: abandoned_cart`, or move the file to another folder.",
        "Nobody would get anything because of this file.",
    )
