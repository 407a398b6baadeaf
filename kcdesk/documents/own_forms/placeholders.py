"""Placeholders in a Word file: «{{ de_an.ten }}», found also where Word has cut them into several runs.

A placeholder is a name and nothing else: no command, no formula, no filter. That is why a form can neither run anything
nor loop; rows repeat because a placeholder of a list stands in them (filling.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from docx.oxml.ns import qn
from lxml import etree

from kcdesk.bounded import limits
from kcdesk.documents.own_forms.word_file import WRITTEN, FormFault, WordParts, part_label
from kcdesk.runtime.frozen import Value
from kcdesk.text import fold

NUMBER_OF_ROW = "stt"  # in a row that repeats: its number
ONLY_IF = "chi_khi."  # before a name: the row or paragraph in which it stands is printed only if there is a value
MOST = limits.WORD_FORM.count  # placeholders of one form
_TAG = re.compile(r"\{\{([^{}]*)\}\}")
_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9][a-z0-9_]*)*")
_COMMAND = re.compile(r"\{[%#].*?(?:[%#]\}|$)")
_ODD = re.compile(r"\{+[^{}]*\}+|\{\{|\}\}|[%#]\}")
_LONGEST_SHOWN = 40


class FormTag(Value):
    """A placeholder in a file: `name` is "" for one that is written wrongly, `written` as it stands there."""

    written: str
    name: str
    place: str
    paragraph: etree._Element
    start: int  # position in the text of the paragraph
    end: int
    fault: FormFault | None = None

    @property
    def row(self) -> etree._Element | None:
        """The row of a table in which it stands; None outside tables."""
        for holder in self.paragraph.iterancestors():
            if holder.tag == qn("w:tr"):
                return holder
            if holder.tag == qn("w:txbxContent"):
                return None
        return None

    @property
    def holder(self) -> etree._Element:
        """The row in which it stands; outside tables the paragraph."""
        return self.paragraph if self.row is None else self.row


def canonical(written: str) -> str:
    """The name of a placeholder as its list has it: without accents and capitals, spaces as «_»; "" if it is none."""
    parts = [
        re.sub(r"[\s\u200b\ufeff]+", "_", fold(part).strip()) for part in written.replace("\u00a0", " ").split(".")
    ]
    name = ".".join(parts)
    return name if _NAME.fullmatch(name) else ""


def tags_in(parts: WordParts) -> list[FormTag]:
    """Every placeholder of a file, also those that are written wrongly, in the order of the text."""
    names = sorted(
        (name for name in parts.trees if WRITTEN.fullmatch(name)), key=lambda name: ("document" not in name, name)
    )
    return [tag for name in names for tag in _of_part(name, parts.trees[name])]


def _of_part(name: str, tree: etree._Element) -> Iterator[FormTag]:
    number = 0
    tables = {table: place for place, table in enumerate(tree.iter(qn("w:tbl")), 1)}
    for paragraph in tree.iter(qn("w:p")):
        is_in_table = next(paragraph.iterancestors(qn("w:tc")), None) is not None
        number += not is_in_table
        text = paragraph_text(paragraph)
        if "{" in text or "}" in text:
            place = _table_place(paragraph, tables) if is_in_table else f"Đoạn {number}"
            label = part_label(name)
            yield from _of_paragraph(paragraph, text, f"{label}, {place[0].lower()}{place[1:]}" if label else place)


def _table_place(paragraph: etree._Element, tables: dict[etree._Element, int]) -> str:
    cell = next(paragraph.iterancestors(qn("w:tc")))
    row, table = next(cell.iterancestors(qn("w:tr"))), next(cell.iterancestors(qn("w:tbl")))
    rows, cells = list(table.iterchildren(qn("w:tr"))), list(row.iterchildren(qn("w:tc")))
    at = (rows.index(row) + 1) if row in rows else 1
    return f"Bảng {tables[table]}, dòng {at}, ô {cells.index(cell) + 1 if cell in cells else 1}"


def _of_paragraph(paragraph: etree._Element, text: str, place: str) -> Iterator[FormTag]:
    around = " ".join(text.split())
    where = f"{place} («{_short(around)}»)"
    for piece in _TAG.finditer(text):
        name = canonical(piece[1])
        fault = None if name else _no_name(piece, where)
        yield FormTag(piece[0], name, where, paragraph, piece.start(), piece.end(), fault)
    rest = _blanked(_TAG, text)
    for broken in (*_COMMAND.finditer(rest), *_ODD.finditer(_blanked(_COMMAND, rest))):
        if fault := _broken(broken[0], where):
            yield FormTag(broken[0], "", where, paragraph, broken.start(), broken.end(), fault)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """The text with spaces in place of what a pattern matches, so that positions stay."""
    return pattern.sub(lambda piece: " " * len(piece[0]), text)


def _no_name(piece: re.Match[str], where: str) -> FormFault:
    if "|" in piece[1]:
        hint = "Dấu «|» không dùng ở đây; cách ghi chọn bằng phần cuối của tên, như «.so», «.bang_chu»."
    elif not piece[1].strip():
        return FormFault(where, "chỗ điền để trống", "Hãy chép tên từ «Chèn trường» vào giữa hai cặp ngoặc.")
    else:
        hint = "Tên chỉ gồm chữ, số, gạch dưới và dấu chấm; phép tính và lệnh không dùng được."
    return FormFault(where, f"«{_short(piece[0])}» không phải tên chỗ điền", hint)


def _broken(written: str, where: str) -> FormFault | None:
    if written.startswith(("{%", "{#")) or written in ("%}", "#}"):
        hint = "Muốn dòng lặp lại, hãy đặt chỗ điền của danh sách vào một dòng của bảng: dòng ấy tự lặp."
        return FormFault(where, f"lệnh «{_short(written)}» không dùng được, vòng lặp cũng vậy", hint)
    if written == "{{":
        return FormFault(
            where, "chỗ điền mở «{{» mà không đóng «}}» trong cùng đoạn", "Hãy viết cả chỗ điền trên một đoạn."
        )
    if written == "}}":
        return FormFault(
            where, "có «}}» mà không có «{{» trước nó trong cùng đoạn", "Hãy viết cả chỗ điền trên một đoạn."
        )
    inner = written.strip("{} ")
    if "." not in inner and "_" not in inner and "{{" not in written and "}}" not in written:
        return None  # a brace of ordinary text
    return FormFault(
        where, f"«{_short(written)}» thiếu hoặc thừa dấu ngoặc", f"Có lẽ định viết «{{{{ {_short(inner)} }}}}»."
    )


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def own_texts(paragraph: etree._Element) -> list[etree._Element]:
    """The pieces of text of a paragraph in order, without those of a text box inside it."""
    return [piece for piece in paragraph.iter(qn("w:t")) if next(piece.iterancestors(qn("w:p")), None) is paragraph]


def paragraph_text(paragraph: etree._Element) -> str:
    """The text of a paragraph as one string."""
    return "".join(piece.text or "" for piece in own_texts(paragraph))
