"""JSON from outside: bounded in depth and in the size of its numbers; a key that stands twice is refused."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any, NoReturn

from kcdesk.bounded import limits
from kcdesk.bounded.small_files import small_file

_MANY = 64  # brackets below which the depth is not looked at: it cannot be harmful
_LARGEST = 1 << 63  # what SQLite holds
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_NO_BRACKET = re.compile(r"[^\[\]{}]+")


def parsed(text: str | bytes) -> Any:
    """The value of a JSON text; ValueError if it is none, too deep, has too large a number or a key twice."""
    written = text.decode() if isinstance(text, bytes) else text
    if written.count("[") + written.count("{") >= _MANY and _is_deeper(written, limits.TEXT.depth):
        raise ValueError("too deep")
    try:
        return _DECODER.decode(written)
    except RecursionError as error:
        raise ValueError("too deep") from error


def parsed_file(path: Path, most: int) -> Any:
    """The value of a JSON file of at most `most` bytes, which anybody may have put there.

    OSError, and ValueError as `parsed`.
    """
    return parsed(small_file(path, most))


def _is_deeper(text: str, depth: int) -> bool:
    """Whether brackets lie deeper in each other; the innermost pairs are taken out, layer by layer."""
    brackets = _NO_BRACKET.sub("", _STRING.sub("", text))
    for _ in range(depth):
        inner = brackets.replace("[]", "").replace("{}", "")
        if inner == brackets:
            return False  # empty, or no JSON, which the decoder says
        brackets = inner
    return bool(brackets)


def _whole(digits: str) -> int:
    if len(digits) > 20 or not -_LARGEST <= (number := int(digits)) < _LARGEST:
        raise ValueError("too large a number")
    return number


def _finite(digits: str) -> float:
    if len(digits) > 400 or not math.isfinite(number := float(digits)):
        raise ValueError("too large a number")
    return number


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a key twice")
    return values


_DECODER = json.JSONDecoder(parse_int=_whole, parse_float=_finite, parse_constant=_no_number, object_pairs_hook=_once)
