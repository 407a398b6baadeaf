"""Spreadsheets of the trade made by chance: layouts, headings, totals and sections around records that are known."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kcdesk.runtime.frozen import Value
from tests.services.intake import written_cells as cells
from tests.services.intake.written_cells import Chance, Written

Area = tuple[int, int, int, int]  # first row, first column, last row, last column

_TITLES = ("ỦY BAN NHÂN DÂN TỈNH MẪU", "SỞ CÔNG THƯƠNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
_SECTIONS = ("Khu vực phía Bắc", "Huyện Mẫu Trường", "Các cơ sở nhóm hai", "Thị xã Mẫu")
_UNITS = {1: ("đồng", "đ", "VNĐ"), 1000: ("nghìn đồng", "1.000 đồng"), 10**6: ("triệu đồng", "tr.đ", "Triệu đồng")}


class ColumnMade(Value):
    """A column: its field, the headings that people give it, what makes a cell."""

    field: str
    headings: Sequence[str]
    cell: Callable[[Chance, int], Written]
    is_money: bool = False
    group: str = ""  # a heading above it


@dataclass(slots=True)
class MadeSheet:
    """A sheet, its records by row and field, and the rows that are none."""

    seed: int
    kind: str
    rows: dict[int, list[Any]] = field(default_factory=dict)  # values from the first column on
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden: set[int] = field(default_factory=set)
    headings: list[int] = field(default_factory=list)
    columns: list[ColumnMade | None] = field(default_factory=list)
    records: dict[int, Mapping[str, Written]] = field(default_factory=dict)
    title: str = ""
    unit: int = 1
    letters: str = ""  # an old code in which its texts are written
    is_1904: bool = False
    called: str = "name"  # the field of the column that says what a record is

    @property
    def fields(self) -> list[str]:
        """The field of each column; "" for the numbers of the rows."""
        names = [column.field if column else "" for column in self.columns]
        names[1 if self.columns[1] is None else 0] = self.called
        return names

    def put(self, row: int, values: Sequence[Any]) -> None:
        """Fill a row."""
        self.rows[row] = list(values)


def no_unit(make: Callable[[Chance], Written]) -> Callable[[Chance, int], Written]:
    return lambda chance, _unit: make(chance)


BENEFICIARY = (
    ColumnMade("tax_code", ("Mã số thuế", "MST", "Mã số DN", "MSDN/MST"), no_unit(cells.tax_cell)),
    ColumnMade("citizen_id", ("CCCD", "Số CMND/CCCD", "Số căn cước"), no_unit(cells.citizen_cell)),
    ColumnMade("phone", ("Điện thoại", "SĐT", "Số điện thoại", "Số ĐT liên hệ"), no_unit(cells.phone_cell)),
    ColumnMade("representative", ("Người đại diện", "Chủ cơ sở", "Họ tên người đại diện"), no_unit(cells.person_cell)),
    ColumnMade("registration_date", ("Ngày cấp ĐKKD", "Ngày thành lập"), no_unit(cells.day_cell)),
    ColumnMade("workers", ("Số lao động", "Lao động (người)", "Số LĐ"), no_unit(cells.count_cell)),
    ColumnMade("capital", ("Vốn đầu tư", "Tổng vốn", "Vốn"), cells.money_cell, is_money=True, group="Tài chính"),
    ColumnMade("revenue", ("Doanh thu", "Doanh thu năm"), cells.money_cell, is_money=True, group="Tài chính"),
    ColumnMade("women_owned", ("Nữ làm chủ", "Do nữ làm chủ"), no_unit(cells.yes_no_cell)),
    ColumnMade("legal_form", ("Loại hình DN", "Loại hình", "Hình thức pháp lý"), no_unit(cells.form_cell)),
    ColumnMade("place", ("Xã, phường", "Xã/phường", "Địa bàn"), no_unit(cells.place_cell)),
)


class Trade(Value):
    """A kind of list: the field by which its records are called, with its headings and names; its other columns."""

    kind: str
    called: str
    headings: Sequence[str]
    names: Callable[[Chance, int], list[str]]
    columns: Sequence[ColumnMade]
    title: str


BENEFICIARIES = Trade(
    "beneficiary",
    "name",
    ("Tên cơ sở", "Tên doanh nghiệp", "Cơ sở", "Tên DN"),
    cells.names,
    BENEFICIARY,
    "DANH SÁCH CƠ SỞ CÔNG NGHIỆP NÔNG THÔN",
)


def made(seed: int, trade: Trade = BENEFICIARIES) -> MadeSheet:
    """The sheet of a seed."""
    chance = random.Random(seed)
    sheet = MadeSheet(seed, trade.kind, letters=chance.choice(("", "", "", "tcvn3", "vni")), called=trade.called)
    sheet.is_1904 = chance.random() < 0.15
    sheet.unit = chance.choice((1, 1, 1000, 10**6))
    columns = chance.sample(trade.columns, chance.randrange(3, min(9, len(trade.columns) + 1)))
    if chance.random() < 0.6:
        columns.sort(key=lambda column: column.group)
    has_number = chance.random() < 0.8
    sheet.columns = [None] * has_number + [None] + list(columns)
    row = _put_titles(chance, sheet, trade)
    row = _put_headings(chance, sheet, columns, row, has_number, trade)
    row = _put_records(chance, sheet, columns, row, has_number, trade)
    _put_end(chance, sheet, row, has_number)
    return sheet


def _put_titles(chance: Chance, sheet: MadeSheet, trade: Trade) -> int:
    row = 1
    for title in chance.sample(_TITLES, chance.randrange(3)):
        sheet.put(row, [title])
        row += 1
    if chance.random() < 0.7:
        sheet.title = trade.title
        sheet.put(row, [sheet.title])
        if chance.random() < 0.5:
            sheet.merged.append((row, 1, row, len(sheet.columns)))
        row += 1 + chance.randrange(2)
    return row


def _put_headings(
    chance: Chance, sheet: MadeSheet, columns: Sequence[ColumnMade], row: int, has_number: bool, trade: Trade
) -> int:
    """Headings in one storey or two, with the unit in them or in a cell above, perhaps with numbers below."""
    unit_above = sheet.unit > 1 and chance.random() < 0.5
    unit_words = chance.choice(_UNITS[sheet.unit])
    if unit_above:
        sheet.put(row, [None] * (len(sheet.columns) - 1) + [f"Đơn vị tính: {unit_words}"])
        row += 1
    texts = [chance.choice(("STT", "TT", "Số TT"))] * has_number + [chance.choice(trade.headings)]
    for column in columns:
        text = chance.choice(column.headings)
        says_unit = column.is_money and not unit_above and (sheet.unit > 1 or chance.random() < 0.3)
        texts.append(f"{text} ({unit_words})" if says_unit else chance.choice((text, text.upper(), f"{text} ")))
    groups = [place for place, column in enumerate(sheet.columns) if column and column.group]
    if len(groups) == 2 and groups[1] == groups[0] + 1 and chance.random() < 0.7:
        first = groups[0]
        sheet.put(row, [*texts[:first], "Tài chính", None, *texts[first + 2 :]])
        sheet.put(row + 1, [*[None] * first, *texts[first : first + 2]])
        sheet.merged.append((row, first + 1, row, first + 2))
        for place in range(len(texts)):
            if place not in groups and chance.random() < 0.8:
                sheet.merged.append((row, place + 1, row + 1, place + 1))
        sheet.headings = [row, row + 1]
        row += 2
    else:
        sheet.put(row, texts)
        sheet.headings = [row]
        row += 1
    if has_number and chance.random() < 0.3:
        sheet.put(row, [f"({place})" for place in range(1, len(texts) + 1)])
        sheet.headings.append(row)
        row += 1
    return row


def _put_records(
    chance: Chance, sheet: MadeSheet, columns: Sequence[ColumnMade], row: int, has_number: bool, trade: Trade
) -> int:
    number = chance.randrange(3, 14)
    has_sections = has_number and chance.random() < 0.4
    for place, name in enumerate(trade.names(chance, number)):
        if has_sections and place % 5 == 0:
            roman = ("I", "II", "III")[place // 5]
            sheet.put(row, [roman, chance.choice(_SECTIONS)])
            row += 1
        written = {trade.called: Written(name, name)} | {each.field: each.cell(chance, sheet.unit) for each in columns}
        values = [written[each.field] for each in columns]
        sheet.put(row, [*([place + 1] * has_number), name, *(value.cell for value in values)])
        for at, value in enumerate(values, has_number + 2):
            if value.number_format:
                sheet.formats[row, at] = value.number_format
        sheet.records[row] = written
        row += 1
        if has_sections and place % 5 == 4 and chance.random() < 0.5:
            sheet.put(row, [None, "Cộng mục"])
            row += 1
    return row


def _put_end(chance: Chance, sheet: MadeSheet, row: int, has_number: bool) -> None:
    if has_number and chance.random() < 0.5:
        sheet.put(row, [None, chance.choice(("Tổng cộng", "TỔNG CỘNG:", "Cộng", "=> Tổng"))])
        row += 1
    if has_number and chance.random() < 0.3:
        for number in range(len(sheet.records) + 1, len(sheet.records) + 6):
            sheet.put(row, [number])
            row += 1
    if chance.random() < 0.4:
        row += 1
        sheet.put(row, [None, None, "Mẫu, ngày 05 tháng 01 năm 2025"])
        sheet.put(row + 1, ["Người lập biểu", None, "GIÁM ĐỐC"])
