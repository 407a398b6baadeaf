"""Word files, texts, keys and junk that are bombs."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from kcdesk.store.safety import backup
from tests.attacks.bombs.archives import laughs, zipped

Make = Callable[[Path], Path]
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def word(body: str | bytes) -> Make:
    """A Word file with this body, or with this whole part."""
    start, end = f'<w:document xmlns:w="{_W}"><w:body>', "</w:body></w:document>"
    content = body if isinstance(body, bytes) else f"{start}{body}{end}".encode()
    parts = {"[Content_Types].xml": _TYPES.encode(), "_rels/.rels": _RELATIONS.encode(), "word/document.xml": content}
    return lambda path: zipped(path.with_suffix(".docx"), parts)


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


_CELL = f"<w:tc>{_paragraph('a')}</w:tc>"
_WIDE = f'<w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>{_paragraph("a")}</w:tc>'
_BOXES = 90
_MACRO = "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}"

WORDS: dict[str, Make] = {  # as a form of the office and as a legal text
    "word: billion laughs": lambda path: word(laughs())(path),
    "word: millions of elements": lambda path: word("<w:p/>" * 4_000_000)(path),
    "word: 5,000 deep": lambda path: word("<w:tbl><w:tr><w:tc>" * 5_000 + "</w:tc></w:tr></w:tbl>" * 5_000)(path),
}
FORMS: dict[str, Make] = WORDS | {
    "word: a hundred thousand placeholders": lambda path: word(_paragraph("{{ de_an.ten }}" * 50) * 1_800)(path),
    "word: links side by side": lambda path: word(
        "<w:p>" + "<w:hyperlink><w:r><w:t>a</w:t></w:r></w:hyperlink>" * 45_000 + "</w:p>"
    )(path),
    "word: boxes in boxes": lambda path: word(
        "<w:p><w:txbxContent>" * (_BOXES // 2)
        + _paragraph("{{ a }}" * 20) * 18_000
        + "</w:txbxContent></w:p>" * (_BOXES // 2)
    )(path),
    "word: a loop": lambda path: word(_paragraph("{% for a in range(1000000000) %}{{ a }}{% endfor %}"))(path),
    "word: text multiplied": lambda path: word(_paragraph("{{ 'a' * 1000000000 }}"))(path),
    "word: a width without end": lambda path: word(_paragraph("{{ '{:999999999}'.format(1) }}"))(path),
    "word: a macro that calls itself": lambda path: word(_paragraph(_MACRO))(path),
}
LAW_WORDS: dict[str, Make] = WORDS | {
    "word: a cell over a billion columns": lambda path: word(f"<w:tbl><w:tr>{_WIDE}</w:tr></w:tbl>")(path),
    "word: cells merged down without end": lambda path: word(
        "<w:tbl>" + "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc></w:tr>" * 40_000 + "</w:tbl>"
    )(path),
    "word: a book of 30 million letters": lambda path: word(_paragraph("chữ " * 2_000) * 4_000)(path),
}


def text(suffix: str, content: str) -> Make:
    """A text file."""

    def make(path: Path) -> Path:
        path.with_suffix(suffix).write_text(content, encoding="utf-8")
        return path.with_suffix(suffix)

    return make


def junk(start: bytes, suffix: str = ".xlsx", size: int = 1 << 30) -> Make:
    """A file of a gigabyte, a byte less than what is refused by its size alone."""

    def make(path: Path) -> Path:
        with path.with_suffix(suffix).open("wb") as file:
            file.write(start)
            file.truncate(size - 1)
        return path.with_suffix(suffix)

    return make


TABLES: dict[str, Make] = {
    "table: five million cells": lambda path: text(".tsv", "\t" * 5_000_000)(path),
    "table: five million rows": lambda path: text(".csv", "a\n" * 5_000_000)(path),
    "table: a cell of 19 MB": lambda path: text(".csv", "name\n" + "a" * 19_000_000)(path),
    "table: a quote without end": lambda path: text(".csv", 'name\n"' + "a\n" * 4_000_000)(path),
}
VIEWS: dict[str, Make] = {
    "toml: 100,000 lists deep": lambda path: text(".toml", "a = " + "[" * 100_000 + "]" * 100_000)(path),
    "toml: a name of a million parts": lambda path: text(".toml", ".".join("a" * 1_000_000) + " = 1")(path),
    "toml: a million brackets in a name": lambda path: text(".toml", "[" + ".".join(["a"] * 500_000) + "]")(path),
    "toml: a number of a million digits": lambda path: text(".toml", "a = " + "9" * 1_000_000)(path),
    "toml: a gigabyte": lambda path: junk(b"a = 1\n#", ".toml")(path),
}
NORMS: dict[str, Make] = {
    "json: a million lists deep": lambda path: text(".json", "[" * 1_000_000 + "]" * 1_000_000)(path),
    "json: a number of a million digits": lambda path: text(".json", "[" + "9" * 1_000_000 + "]")(path),
    "json: numbers beyond all": lambda path: text(".json", '[{"percent": 1e999999}]')(path),
    "json: a key twice": lambda path: text(".json", '[{"percent": 1, "percent": 100}]')(path),
}
SETTINGS: dict[str, Make] = {
    "settings: a gigabyte": lambda path: junk(b"{", ".json")(path),
    "settings: a million lists deep": lambda path: text(".json", "[" * 1_000_000 + "]" * 1_000_000)(path),
}


def key_of(n: int, r: int, p: int, salt: str = "00") -> Make:
    """A store whose key costs this much to open."""

    def make(path: Path) -> Path:
        wrapped = {"n": n, "r": r, "p": p, "salt": salt, "key": "00" * 40}
        path.mkdir(parents=True)
        header = {"version": 1, "passphrase": wrapped, "recovery": wrapped}
        (path / "key.json").write_text(json.dumps(header), encoding="utf-8")
        (path / backup.STORE).write_bytes(bytes(8192))
        return path

    return make


KEYS: dict[str, Make] = {
    "key: p = 200": lambda path: key_of(1 << 15, 8, 200)(path),
    "key: n = 2^30": lambda path: key_of(1 << 30, 8, 1)(path),
    "key: r = 2^20": lambda path: key_of(1 << 14, 1 << 20, 1)(path),
    "key: all costs at once": lambda path: key_of(1 << 18, 8, 16)(path),
    "key: n = 2^80": lambda path: key_of(1 << 80, 8, 1)(path),
}

# Pasted into every field of a dossier that can be typed: refused by the field, or kept as the text that it is.
WORDS_TYPED: dict[str, Make] = {
    "typed: a letter with 80,000 marks": lambda path: text(".txt", "a" + "\u0301\u0323" * 40_000)(path),
    "typed: marks of far scripts": lambda path: text(".txt", "a" + "\U0001d165\U0001e8d0" * 20_000)(path),
    "typed: a number of 100,000 digits": lambda path: text(".txt", "9" * 100_000)(path),
    "typed: places without end": lambda path: text(".txt", "Xã " * 30_000)(path),
    "typed: places between commas": lambda path: text(".txt", "Xã Hoàng, " * 20_000)(path),
    "typed: amounts in a row": lambda path: text(".txt", "1 tr " * 30_000)(path),
    "typed: spaces without end": lambda path: text(".txt", "1" + " " * 100_000 + "x")(path),
    "typed: dots without end": lambda path: text(".txt", "1." * 50_000 + "x")(path),
    "typed: brackets without end": lambda path: text(".txt", "(" * 100_000)(path),
    "typed: turned directions": lambda path: text(".txt", "\u202e" * 100_000 + "a")(path),
    "typed: letters that each are eighteen": lambda path: text(".txt", "\ufdfa" * 20_000)(path),
}
