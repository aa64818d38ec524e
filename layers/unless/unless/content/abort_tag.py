"""
The tag by which a template decides not to send: `{% abort_message "why" %}`.
"""

from collections.abc import Iterable
from typing import TextIO

from liquid import Node, RenderContext, Tag, Token, TokenStream
from liquid.builtin.expressions import FilteredExpression
from liquid.expression import Expression
from liquid.stringify import to_liquid_string
from liquid.token import TOKEN_EXPRESSION, TOKEN_TAG

WHY_CHARACTERS_MAX = 200
"""Longest reason that a record keeps, in characters."""


class AbortMessage(Exception):
    """The template does not want to be sent; `why` is what it says itself."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class AbortNode(Node):
    """The tag in a template's tree."""

    def __init__(self, token: Token, why: Expression | None) -> None:
        super().__init__(token)
        self.why = why
        self.blank = False  # a block that does nothing else is to be run all the same

    def render_to_output(self, context: RenderContext, _buffer: TextIO) -> int:
        """Stop."""
        said = to_liquid_string(self.why.evaluate(context), autoescape=False) if self.why else ""
        raise AbortMessage(" ".join(said.split())[:WHY_CHARACTERS_MAX])

    def expressions(self) -> Iterable[Expression]:
        """Return what it is to say."""
        return [self.why] if self.why else []


class AbortTag(Tag):
    """Reads the tag."""

    name = "abort_message"
    block = False

    def parse(self, stream: TokenStream) -> Node:
        """Return the tag, with or without a reason."""
        token = stream.eat(TOKEN_TAG)
        if stream.current.kind != TOKEN_EXPRESSION:
            return AbortNode(token, None)
        tokens = stream.into_inner(tag=token, eat=False)
        return AbortNode(token, FilteredExpression.parse(self.env, tokens))
