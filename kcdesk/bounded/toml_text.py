"""TOML from outside: bounded in length, signs and depth; whatever is wrong is a ValueError.

The parser takes a microsecond for each sign that makes a name, a table or a list, and none to speak of for letters.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any

from kcdesk.bounded import limits

_MOST_PARTS = 200  # of a dotted name; each takes time with the square of their number
_SIGNS = "=[{,."
_LEADERS = re.compile(r"\.{2,}")
_NO_NAME = re.compile(r"[^\w.\-]+")


def parsed_toml(text: str) -> dict[str, Any]:
    """The tables of a text; tomllib.TOMLDecodeError with a place, or ValueError if it is too long or too deep."""
    if len(text) > limits.TOML.bytes or signs_of(text) > limits.TOML.nodes:
        raise ValueError("too long")
    for line in text.split("\n"):
        if line.count(".") > _MOST_PARTS and _has_long_name(line):
            raise ValueError("too deep")
    try:
        tables = tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("too deep") from error
    _refuse_depth(tables)
    return tables


def signs_of(text: str) -> int:
    """How many signs a text has that make names, tables and lists; also those in its sentences."""
    return sum(map(text.count, _SIGNS))


def _has_long_name(line: str) -> bool:
    """Whether a line has a dotted name without end; rows of dots to write on are none."""
    words = _NO_NAME.split(_LEADERS.sub(" ", line.replace(" ", "").replace("\t", "")))
    return any(word.count(".") > _MOST_PARTS for word in words)


def _refuse_depth(tables: dict[str, Any]) -> None:
    layer: list[Any] = [tables]
    for _ in range(limits.TOML.depth):
        layer = [
            inner
            for outer in layer
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not layer:
            return
    raise ValueError("too deep")
