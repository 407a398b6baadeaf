"""What a sheet as a whole should be asked about: its letters, hidden rows and columns, values from other files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from openpyxl.utils import get_column_letter

from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.planned_records import AskedCell
from kcdesk.sheets.book.foreign_book import ForeignBook
from kcdesk.sheets.layout.sheet_layout import SheetLayout
from kcdesk.sheets.matching.column_matching import SheetMatch

_EXAMPLES = 2
_HIDDEN_ADVICE = "Lấy cả các ô ẩn thì nạp với --hidden take, không lấy thì --hidden leave."


def letter_questions(layout: SheetLayout, matches: Mapping[int, SheetMatch]) -> list[AskedCell]:
    """One question for the columns in each old code of letters: where they are, and what they become."""
    columns = {each.column.number for match in matches.values() for each in match.columns if each.target}
    by_code: dict[str, dict[int, list[int]]] = {}
    for column in sorted(columns):
        letters = layout.words.letters.get(column)
        if letters is not None and letters.is_foreign and (rows := _converted(layout, column)):
            by_code.setdefault(letters.name, {})[column] = rows
    return [_letter_question(layout, name, converted) for name, converted in by_code.items()]


def _converted(layout: SheetLayout, column: int) -> list[int]:
    """The rows in which the letters of a column become others."""
    sheet, words = layout.sheet, layout.words
    return [
        row
        for row in sheet.filled_rows()
        if (written := sheet.words(row, column)) and words.text(row, column) != " ".join(written.split())
    ]


def _letter_question(layout: SheetLayout, name: str, converted: Mapping[int, Sequence[int]]) -> AskedCell:
    rows = [row for each in converted.values() for row in each]
    area = f"{get_column_letter(min(converted))}{min(rows)}:{get_column_letter(max(converted))}{max(rows)}"
    first = min(converted)
    shown = [
        f"«{' '.join(layout.sheet.words(row, first).split())}» → «{layout.words.text(row, first)}»"
        for row in converted[first][: _EXAMPLES + 1]
    ]
    question = (
        f"Chữ trong các ô này viết bằng bảng mã {name}, đã được đổi sang Unicode. Hãy xem chữ đã đổi có đúng không."
    )
    return AskedCell(area, "; ".join(shown), question)


def hidden_questions(layout: SheetLayout, order: LoadOrder) -> list[AskedCell]:
    """One question for each run of hidden rows or columns that were left out."""
    if order.hidden_choice:
        return []
    sheet = layout.sheet
    last = max(sheet.columns, default=1)
    why = "bị lọc (AutoFilter) hoặc ẩn" if sheet.is_filtered else "bị ẩn"
    rows = [row.number for row in layout.hidden]
    asked = [
        AskedCell(
            f"A{first}:{get_column_letter(last)}{end}",
            "",
            f"Dòng {_span(first, end)} {why} nên chưa được lấy.",
            first,
            command_advice=_HIDDEN_ADVICE,
        )
        for first, end in _runs(rows)
    ]
    used = {column.number for block in layout.blocks for column in block.columns}
    bottom = max(sheet.rows, default=1)
    for first, end in _runs(sorted(sheet.hidden_columns & used)):
        names = _span(get_column_letter(first), get_column_letter(end))
        area = f"{get_column_letter(first)}1:{get_column_letter(end)}{bottom}"
        question = f"Cột {names} bị ẩn nên chưa được lấy."
        asked.append(AskedCell(area, "", question, command_advice=_HIDDEN_ADVICE))
    return asked


def repeated_questions(layout: SheetLayout, matches: Mapping[int, SheetMatch]) -> list[AskedCell]:
    """One question for each run of left-out columns with headings that came before: a second table beside the first."""
    asked = []
    bottom = max(layout.sheet.rows, default=1)
    for block in layout.blocks:
        taken = {each.column.number for each in matches[block.rows[0]].columns if each.target}
        filled = [
            column.number
            for column in block.repeated
            if column.number not in taken
            and any(layout.words.text(row.number, column.number) for row in layout.rows if row.block is block)
        ]
        for first, end in _runs(filled):
            names = _span(get_column_letter(first), get_column_letter(end))
            area = f"{get_column_letter(first)}{block.rows[0]}:{get_column_letter(end)}{bottom}"
            question = f"Cột {names} mang tiêu đề đã có ở cột trước (hai bảng đặt cạnh nhau?) nên chưa được lấy."
            advice = "Hãy chép các dòng ấy xuống dưới bảng đầu rồi nạp lại."
            asked.append(AskedCell(area, "", f"{question} {advice}"))
    return asked


def _span(first: object, last: object) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        listed = [number for _, number in run]
        yield listed[0], listed[-1]


def link_notes(book: ForeignBook) -> list[str]:
    """What to know of the file as a whole."""
    if not book.has_links:
        return []
    return ["Bảng có công thức lấy số từ tệp khác; chương trình lấy kết quả đã lưu trong bảng, không mở tệp ấy."]
