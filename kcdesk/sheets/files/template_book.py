"""A template to fill in: headings, drop-down lists and checks, and a hidden row of keys by which it is known again."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from kcdesk.exchange.workbook import looks
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.sheets.files.own_templates import key_of
from kcdesk.sheets.matching.column_words import column_words
from kcdesk.sheets.matching.targets import Target, target_at, targets_of
from kcdesk.text import clean

_ROWS = 1_000  # below the heading that are prepared
_LISTS = "Danh mục"
_HELP = "Hướng dẫn"
_LONGEST_LIST = 1_000
_TITLE_LENGTH = 28  # letters of a sheet's name; Excel allows 31
_MOST_LETTERS = 250  # of a message beside a cell
_DATE, _DAY_FORMAT = "date", "dd/mm/yyyy"
_GUIDE = (
    "Mỗi dòng một hồ sơ, từ dòng 3. Không đổi tên, không xoá dòng tiêu đề; cột nào không dùng thì để trống.",
    "Ô có danh sách thì chọn trong danh sách. Ngày ghi ngày/tháng/năm, số tiền ghi bằng đồng.",
    "Mã số thuế, số định danh, số điện thoại ghi đủ số 0 ở đầu (các cột này đã để dạng văn bản).",
    "Điền xong, nạp lại bằng «Nhập từ Excel…» hoặc lệnh kcdesk load.",
)


class _Column(Value):
    target: Target
    choices: Sequence[str] = ()


def template_targets(forms: Forms, kind: str) -> list[Target]:
    """The fields of a template: those of the record, and those by which the records that it names are known."""
    words = column_words(forms).of_kind(kind)
    targets = []
    for target in targets_of(forms, kind):
        if target.of:
            continue
        if target.choice or (target.outer is None and not type_of(target.field).names_records):
            targets.append(target)
        elif target.outer is None:
            targets += _of_linked(forms, kind, target, makes=target.path in words.makes)
    return targets


def _of_linked(forms: Forms, kind: str, target: Target, *, makes: bool) -> list[Target]:
    linked = forms.current(target.field.target)
    names = [linked.title[0]]
    if makes:
        groups = column_words(forms).of_kind(linked.id).identity
        names += [name for group in groups[:3] for name in group if name not in names]
    named = (target_at(forms, kind, f"{target.path}.{name}") for name in dict.fromkeys(names))
    return [each for each in named if each is not None] or [target]


def template_book(forms: Forms, kind: str) -> bytes:
    """A template of a kind, as a workbook."""
    form, book = forms.current(kind), Workbook()
    sheet = book.active
    sheet.title = clean(form.plural or form.label)[:_TITLE_LENGTH].replace("/", "-")
    lists = book.create_sheet(_LISTS)
    lists.sheet_state = "hidden"
    columns = [_Column(target, _choices(forms, target)) for target in template_targets(forms, kind)]
    for number, column in enumerate(columns, 1):
        _head(sheet, kind, number, column)
        _prepare(sheet, number, column, _list_range(lists, column.choices))
    sheet.row_dimensions[1].hidden = True
    sheet.freeze_panes = "B3"
    sheet.auto_filter.ref = f"A2:{get_column_letter(len(columns))}2"
    _guide(book, columns)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _choices(forms: Forms, target: Target) -> list[str]:
    """What the cells of a column may hold, if that is a list."""
    item = target.field
    if type_of(item).is_yes_no:
        return ["Có", "Không"]
    if type_of(item).is_choice:
        labels = [choice.label for choice in forms.choices(item) if not choice.retired]
        return labels[:_LONGEST_LIST]
    return []


def _head(sheet: Any, kind: str, number: int, column: _Column) -> None:
    item, styler = column.target.field, looks.styler(sheet)
    styler.fill(sheet.cell(1, number), key_of(kind, column.target.path), looks.PLAIN)
    unit = f" ({item.unit})" if item.unit else ""
    cell = sheet.cell(2, number)
    styler.fill(cell, f"{_label(column.target)}{unit}", looks.HEAD)
    if help_text := " ".join(filter(None, (item.help, "Bắt buộc khi chốt." if item.required else ""))):
        cell.comment = Comment(help_text[:1000], "kcdesk")
    letter = get_column_letter(number)
    sheet.column_dimensions[letter].width = min(48, max(14, len(_label(column.target)) * 0.9))


def _label(target: Target) -> str:
    if target.choice and target.outer:
        return target.label
    label = target.field.label
    return f"{target.outer.heading}: {label}" if target.outer else label


def cell_format(item: Field) -> str:
    """The number format of a column: text for codes, so that no zero is lost."""
    field_type = type_of(item)
    if field_type.is_date:
        return _DAY_FORMAT
    if field_type.is_money:
        return looks.MONEY
    return "General" if field_type.is_ordered and not field_type.is_time else "@"


def _prepare(sheet: Any, number: int, column: _Column, list_range: str) -> None:
    """Give the cells below a heading their format and their check."""
    letter = get_column_letter(number)
    for row in range(3, 3 + _ROWS):
        sheet.cell(row, number).number_format = cell_format(column.target.field)
    sheet.column_dimensions[letter].number_format = cell_format(column.target.field)
    check = _check(column.target.field, list_range)
    if check is not None:
        check.add(f"{letter}3:{letter}{2 + _ROWS}")
        sheet.add_data_validation(check)


def _check(item: Field, list_range: str) -> DataValidation | None:
    field_type = type_of(item)
    if list_range:
        return _with_words(
            DataValidation(type="list", formula1=list_range, allow_blank=True), "Hãy chọn trong danh sách."
        )
    if field_type.is_date:
        check = DataValidation(type=_DATE, operator="between", formula1="1", formula2="73050", allow_blank=True)
        return _with_words(check, "Hãy ghi ngày/tháng/năm.")
    if field_type.is_year:
        check = DataValidation(type="whole", operator="between", formula1="1900", formula2="2100", allow_blank=True)
        return _with_words(check, "Hãy ghi năm bằng bốn chữ số.")
    if field_type.is_ordered and not field_type.is_time:
        least = str(item.min) if isinstance(item.min, int) else "-1000000000000000"
        check = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1=least, allow_blank=True)
        return _with_words(check, "Hãy ghi một số.")
    return None


def _with_words(check: DataValidation, words: str) -> DataValidation:
    check.error, check.errorTitle, check.errorStyle = words[:_MOST_LETTERS], "Xem lại ô này", "warning"
    check.showErrorMessage = True
    return check


def _list_range(lists: Any, choices: Sequence[str]) -> str:
    """The place of a list of choices in the hidden sheet; the same list stands there once."""
    if not choices:
        return ""
    for column in range(1, lists.max_column + 1):
        if [lists.cell(row, column).value for row in range(1, len(choices) + 1)] == list(choices):
            break
    else:
        column = lists.max_column + (lists.cell(1, lists.max_column).value is not None)
        for row, choice in enumerate(choices, 1):
            lists.cell(row, column, choice).data_type = "s"
    letter = get_column_letter(column)
    return f"'{_LISTS}'!${letter}$1:${letter}${len(choices)}"


def _guide(book: Workbook, columns: Sequence[_Column]) -> None:
    """Add the sheet that explains how to fill in, and every column."""
    sheet = book.create_sheet(_HELP)
    styler = looks.styler(sheet)
    for row, line in enumerate(_GUIDE, 1):
        styler.fill(sheet.cell(row, 1), line, looks.PLAIN)
    first = len(_GUIDE) + 2
    for number, head in enumerate(("Cột", "Ghi gì", "Danh sách chọn"), 1):
        styler.fill(sheet.cell(first, number), head, looks.HEAD)
    for row, column in enumerate(columns, first + 1):
        item = column.target.field
        words = (_label(column.target), item.help, "; ".join(column.choices))
        for number, text in enumerate(words, 1):
            styler.fill(sheet.cell(row, number), text[:2000], looks.BODY)
    looks.set_widths(sheet, [44.0, 60.0, 60.0])
