"""What the handbook quotes in «…» is a word of the program, letter by letter."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

import kcdesk
from kcdesk import handbook, paths

ROOT = Path(kcdesk.__file__).parent
FILES = sorted(path for path in handbook.folder().rglob("*.md") if path.stem != "README")
# Examples of what an officer types or reads on paper, not words of the program.
TYPED = {
    *("200 tr", "4,105 tỷ", "5/3/26", "30/11", "triệu đồng/năm", "người", "tấn", "…"),
    "Hỗ trợ ứng dụng máy dệt kim điện tử cho hợp tác xã dệt Mẫu, xã Tây Sơn",
    "Thiếu bản sao giấy đăng ký kinh doanh bản mới nhất",
}


@cache
def of_the_code() -> tuple[set[str], list[list[str]]]:
    """The texts of all modules, and the fixed parts of their f-strings."""
    texts, strings = set(), []
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                texts.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                strings.append([part.value if isinstance(part, ast.Constant) else "" for part in node.values])
    return texts, strings


@cache
def words() -> set[str]:
    """Every text of the window, of the command line and of the forms; of an f-string, its fixed parts."""
    found = set(of_the_code()[0])
    for path in paths.forms().rglob("*.toml"):
        found |= set(_texts(tomllib.loads(path.read_text(encoding="utf-8"))))
    return {_plain(word) for word in found}


@cache
def sentences():
    """The f-strings of the program as patterns: anything may stand where a value is put in."""
    return [
        re.compile(".*".join(re.escape(part.casefold()) for part in parts))
        for parts in of_the_code()[1]
        if sum(map(len, parts)) > 6
    ]


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _plain(word):
    """A word as it is read on the screen: without the underlined letter, keys and dots at its end."""
    return word.split("\t")[0].replace("&", "").strip().rstrip("…. :(▾").casefold()


@cache
def everything():
    return "\n".join(sorted(words()))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_quoted_word_is_a_word_of_the_program(path):
    quoted = set(re.findall(r"«([^»]*)»", path.read_text(encoding="utf-8"))) - TYPED
    assert sorted(word for word in quoted if not _is_known(word)) == []


def _is_known(word):
    """Whether a word stands alone somewhere, or as a part of a sentence between marks («Chốt», (Ctrl+P))."""
    plain = _plain(re.sub(r" \([^)]*\)$", "", word))
    return (
        _plain(word) in words()
        or plain in words()
        or f"«{plain}»" in everything()
        or (len(plain) > 12 and plain in everything())
        or _is_composed(plain)
    )


def _is_composed(plain):
    return any(pattern.fullmatch(plain) for pattern in sentences())
