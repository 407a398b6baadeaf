"""What a text of a layout may do: name values, choose, and go through rows. Nothing that could go on without end.

Layouts come with signed rules of other offices. A template that multiplies, formats to a width, calls itself or goes
through rows of rows of rows would take all memory or time; here it is a fault of the layout.
"""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import TemplateError, TemplateSyntaxError, nodes

STEP = "_loop_step"  # the name by which every turn of a loop is counted
_MOST_TURNS = 50_000  # of all loops of one text
_MOST_LETTERS = 1_000_000  # of one text when it is filled
_DEEPEST = 2  # loops in each other
_LARGEST_SIZE = 1_000  # of a number given to a filter: the width of a blank
_ALLOWED = frozenset(
    (
        *(nodes.Template, nodes.TemplateData, nodes.Output, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Slice),
        *(nodes.Const, nodes.List, nodes.Tuple, nodes.Filter, nodes.Call, nodes.Keyword, nodes.If, nodes.For),
        *(nodes.CondExpr, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Concat, nodes.Neg),
        *(nodes.Add, nodes.Dict, nodes.Pair),
    )
)
_METHODS = frozenset(
    ("where", "either", "total", "lacking", "options", "filled", "startswith", "endswith", "lower", "upper")
)


def refuse_unbounded(tree: nodes.Template) -> None:
    """jinja2.TemplateSyntaxError for a text that does more than naming, choosing and going through rows."""
    for node in tree.find_all(nodes.Node):
        if type(node) not in _ALLOWED:
            raise _unbounded(f"phép “{type(node).__name__}” không dùng được", node)
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr not in _METHODS:
            raise _unbounded(f"“{node.node.attr}()” không dùng được", node)
        if isinstance(node, nodes.Filter) and any(map(_is_huge, node.find_all(nodes.Const))):
            raise _unbounded(f"số trong “{node.name}” quá lớn", node)
        if isinstance(node, nodes.For) and node.recursive:
            raise _unbounded("vòng lặp gọi lại chính nó", node)
        if isinstance(node, nodes.For) and _depth(node) > _DEEPEST:
            raise _unbounded(f"vòng lặp lồng nhau quá {_DEEPEST} lớp", node)


def count_turns(tree: nodes.Template) -> nodes.Template:
    """Let every turn of a loop call `STEP`; returns the tree."""
    for loop in tree.find_all(nodes.For):
        step = nodes.Call(nodes.Name(STEP, "load"), [], [], None, None, lineno=loop.lineno)
        loop.body.insert(0, nodes.Output([step], lineno=loop.lineno))
    return tree


class Turns:
    """Counts the turns of the loops of one text; jinja2.TemplateError if there are too many."""

    def __init__(self) -> None:
        self._number = 0

    def begin(self) -> None:
        """Begin a text."""
        self._number = 0

    def __call__(self) -> str:
        """Count a turn; prints nothing."""
        self._number += 1
        if self._number > _MOST_TURNS:
            raise TemplateError(f"vòng lặp quá {_MOST_TURNS} lượt")
        return ""


def joined_within(pieces: Iterable[str]) -> str:
    """The filled text; jinja2.TemplateError if it becomes too long."""
    text, length = [], 0
    for piece in pieces:
        text.append(piece)
        length += len(piece)
        if length > _MOST_LETTERS:
            raise TemplateError(f"dài quá {_MOST_LETTERS} chữ")
    return "".join(text)


def _is_huge(constant: nodes.Const) -> bool:
    return isinstance(constant.value, int | float) and abs(constant.value) > _LARGEST_SIZE


def _depth(loop: nodes.For) -> int:
    return 1 + max((_depth(inner) for inner in loop.find_all(nodes.For)), default=0)


def _unbounded(what: str, node: nodes.Node) -> TemplateSyntaxError:
    return TemplateSyntaxError(what, node.lineno or 1)
