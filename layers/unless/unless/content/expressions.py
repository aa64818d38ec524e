"""
The expressions that differ from python-liquid's own: ranges with an end, and what blank means.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from liquid import RenderContext
from liquid.ast import Node
from liquid.builtin.expressions.logical import EqExpression, NeExpression
from liquid.builtin.expressions.primitive import Blank, Empty, RangeLiteral
from liquid.exceptions import LiquidValueError
from liquid.expression import Expression
from liquid.undefined import is_undefined

from unless.content.limits import LIST_ITEMS_MAX


class BoundedRange(RangeLiteral):
    """A range with an end in sight: python-liquid counts even what a loop leaves out."""

    __slots__ = ()

    def _make_range(self, start: Any, stop: Any) -> range:
        made = super()._make_range(start, stop)
        if made.stop - made.start > LIST_ITEMS_MAX:  # `len` fails above 2**63
            raise LiquidValueError(
                f"a range of more than {LIST_ITEMS_MAX:,} numbers", token=self.token
            )
        return made


class IsEqual(EqExpression):
    """`==`; what is missing is blank and empty."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        """Return whether both sides are equal."""
        return _missing_is_blank(self, context) or super().evaluate(context)


class IsUnequal(NeExpression):
    """`!=`; what is missing is blank and empty."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        """Return whether both sides differ."""
        return not _missing_is_blank(self, context) and super().evaluate(context)


def _missing_is_blank(compared: EqExpression | NeExpression, context: RenderContext) -> bool:
    one, other = compared.left, compared.right
    if isinstance(one, Blank | Empty):
        one, other = other, one
    return isinstance(other, Blank | Empty) and is_undefined(one.evaluate(context))


_OURS: dict[type[Expression], type[Expression]] = {
    RangeLiteral: BoundedRange,
    EqExpression: IsEqual,
    NeExpression: IsUnequal,
}


def adapt(nodes: Iterable[Node], context: RenderContext) -> None:
    """
    Make the expressions of a compiled template ours.

    python-liquid has no place where one could say which classes its parser makes.
    """
    for expression in expressions_of(nodes, context):
        if ours := _OURS.get(type(expression)):
            expression.__class__ = ours


def expressions_of(nodes: Iterable[Node], context: RenderContext) -> Iterator[Expression]:
    """Yield every expression in a tree, those within others included."""
    waiting: list[Node | Expression] = [*nodes]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Node):
            waiting += part.children(context, include_partials=False)
            waiting += part.expressions()
        else:
            yield part
            waiting += part.children()
