"""The arithmetic of report definitions: names, numbers, + − × ÷, parentheses and named functions; nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from kcdesk.runtime.frozen import Value

_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)|([-+*/×÷−(),]))")
_SIGNS = {"×": "*", "÷": "/", "−": "-"}
_LENGTH, _DEPTH = 1000, 50  # of an expression; a longer one is a mistake


class ExpressionError(ValueError):
    """The text is no expression; the message says what is wrong and where."""


class Number(Value):
    """A number."""

    value: Decimal


class Name(Value):
    """A field or a column."""

    name: str


class Operation(Value):
    """Two operands joined by `+`, `-`, `*` or `/`."""

    sign: str
    left: Expression
    right: Expression


class Call(Value):
    """A function with its operands."""

    function: str
    operands: tuple[Expression, ...]


Expression = Number | Name | Operation | Call


@lru_cache(maxsize=1024)
def parsed(text: str) -> Expression:
    """The expression that a text means; ExpressionError."""
    if len(text) > _LENGTH:
        raise ExpressionError(f"biểu thức dài quá {_LENGTH} ký tự")
    parser = _Parser(list(_tokens(text)))
    tree = parser.sum(0)
    if parser.rest:
        raise ExpressionError(f"không hiểu “{parser.rest}”")
    return tree


def names_in(tree: Expression) -> Iterator[str]:
    """Every name of fields or columns in an expression."""
    if isinstance(tree, Name):
        yield tree.name
    elif isinstance(tree, Operation):
        yield from names_in(tree.left)
        yield from names_in(tree.right)
    elif isinstance(tree, Call):
        for operand in tree.operands:
            yield from names_in(operand)


def calls_in(tree: Expression) -> Iterator[Call]:
    """Every function call in an expression."""
    if isinstance(tree, Operation):
        yield from calls_in(tree.left)
        yield from calls_in(tree.right)
    elif isinstance(tree, Call):
        yield tree
        for operand in tree.operands:
            yield from calls_in(operand)


def _tokens(text: str) -> Iterator[str]:
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ExpressionError(f"không hiểu “{text[position:].strip()[:20]}”")
        yield _SIGNS.get(match[0].strip(), match[0].strip())
        position = match.end()


class _Parser:
    """Reads sums of products of atoms."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._position = 0

    @property
    def rest(self) -> str:
        """The next token; "" at the end."""
        return self._tokens[self._position] if self._position < len(self._tokens) else ""

    def sum(self, depth: int) -> Expression:
        """Read a sum or difference."""
        if depth > _DEPTH:
            raise ExpressionError("quá nhiều dấu ngoặc lồng nhau")
        tree = self._product(depth)
        while self.rest in ("+", "-"):
            tree = Operation(self._take(), tree, self._product(depth))
        return tree

    def _product(self, depth: int) -> Expression:
        tree = self._atom(depth)
        while self.rest in ("*", "/"):
            tree = Operation(self._take(), tree, self._atom(depth))
        return tree

    def _atom(self, depth: int) -> Expression:
        token = self._take()
        if token == "-":
            return Operation("-", Number(Decimal(0)), self._atom(depth + 1))
        if token == "(":
            tree = self.sum(depth + 1)
            self._expect(")")
            return tree
        if token[:1].isdigit():
            return Number(Decimal(token))
        if not token[:1].isalpha():
            raise ExpressionError(
                f"thiếu một tên hoặc một số trước “{token}”" if token else "biểu thức dừng giữa chừng"
            )
        if self.rest != "(":
            return Name(token)
        self._take()
        return Call(token, tuple(self._operands(depth)))

    def _operands(self, depth: int) -> Iterator[Expression]:
        if self.rest == ")":
            self._take()
            return
        yield self.sum(depth + 1)
        while self.rest == ",":
            self._take()
            yield self.sum(depth + 1)
        self._expect(")")

    def _take(self) -> str:
        token = self.rest
        self._position += 1
        return token

    def _expect(self, wanted: str) -> None:
        if self._take() != wanted:
            raise ExpressionError(f"thiếu “{wanted}”")
