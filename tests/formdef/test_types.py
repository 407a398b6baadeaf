"""What each field type takes, refuses and shows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from kcdesk.formdef.loading.loader import Forms, load
from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import TYPES, type_of
from kcdesk.formdef.values import Percentage, Unreadable

CHOICES = (
    Choice(value="machinery", label="Ứng dụng máy móc; dây chuyền"),
    Choice(value="brand", label="Thương hiệu"),
    Choice(value="old", label="Đường cũ", retired=True),
)
ID = "0190f3c2-1111-7000-8000-000000000001"
SHA = "ab" * 32
FILE = {"id": "f1", "name": "Biên bản.pdf", "sha256": SHA, "size": 10, "mime": "application/pdf", "caption": ""}


def field(type_: str, **more: Any) -> Field:
    if type_ in ("choice", "choices"):
        more.setdefault("choices", CHOICES)
    return Field(name="x", type=type_, label="Ô", **more)


def parse(type_: str, raw: object, **more: Any) -> Any:
    return TYPES[type_].parse(raw, field(type_, **more))


@pytest.mark.parametrize("type_", TYPES)
@pytest.mark.parametrize("blank", [None, "", "  \n", [], {}])
def test_blank_is_no_value(type_: str, blank: object) -> None:
    assert parse(type_, blank) is None


@pytest.mark.parametrize(
    ("type_", "raw", "stored"),
    [
        ("text", " Xưởng\tgỗ \n A ", "Xưởng gỗ A"),
        ("text", "Tie\u0302\u0301n\x00", "Tiến"),
        ("text", "=1+1 & <b> 😀", "=1+1 & <b> 😀"),
        ("text", 1234567.0, "1234567"),
        ("text", 1.5, "1,5"),
        ("unit", "Sở Công  Thương", "Sở Công Thương"),
        ("paragraph", "\n Một \r\nhai\t \n\nba\n", "Một\nhai\n\nba"),
        ("choice", "machinery", "machinery"),
        ("choice", "thuong hieu", "brand"),
        ("choice", "DUONG CU", "old"),
        ("choices", ["brand", "machinery", "brand"], ["machinery", "brand"]),
        ("choices", "brand; machinery", ["machinery", "brand"]),
        ("choices", "Ứng dụng máy móc; dây chuyền", ["machinery"]),
        ("choices", "Ứng dụng máy móc; dây chuyền\nThương hiệu", ["machinery", "brand"]),
        ("integer", "1.234", 1234),
        ("integer", 12.0, 12),
        ("integer", "-5", -5),
        ("decimal", "46,70", "46.7"),
        ("decimal", 0.1 + 0.2, "0.3"),
        ("decimal", "1.234,5", "1234.5"),
        ("decimal", 100, "100"),
        ("decimal", "-0", "0"),
        ("money", "1.250.000.000", 1250000000),
        ("money", "1,25 tỷ", 1250000000),
        ("money", "300tr", 300000000),
        ("money", "300 triệu đồng", 300000000),
        ("money", 1250000000.0, 1250000000),
        ("percent", "46,7%", "46.7"),
        ("percent", "46,7 %", "46.7"),
        ("percent", 50, "50"),
        ("date", "5/3/26", "2026-03-05"),
        ("date", "05/3/2026", "2026-03-05"),
        ("date", "5-3-2026", "2026-03-05"),
        ("date", "5.3.2026", "2026-03-05"),
        ("date", "20260305", "2026-03-05"),
        ("date", 20260305, "2026-03-05"),
        ("date", "2026-03-05", "2026-03-05"),
        ("date", date(2026, 3, 5), "2026-03-05"),
        ("date", datetime(2026, 3, 5, 8, 30), "2026-03-05"),  # noqa: DTZ001 (cells have no zone)
        ("time", "8h30", "08:30"),
        ("time", "8:05", "08:05"),
        ("time", "14 giờ 5 phút", "14:05"),
        ("time", "7h", "07:00"),
        ("time", "08:30:00", "08:30"),
        ("time", time(8, 30), "08:30"),
        ("year", "2026", 2026),
        ("year", 2026.0, 2026),
        ("yes_no", "có", True),
        ("yes_no", "Không", False),
        ("yes_no", "1", True),
        ("yes_no", 0, False),
        ("yes_no", False, False),
        ("phone", "0912 345.678", "0912345678"),
        ("phone", "+84 (0)912345678".replace("(0)", ""), "0912345678"),
        ("phone", 912345678.0, "0912345678"),
        ("phone", "0262-385-2345", "02623852345"),
        ("phone", "1900 6134", "19006134"),
        ("email", " a.b@congthuong.gov.vn ", "a.b@congthuong.gov.vn"),
        ("tax_code", "0100233488", "0100233488"),
        ("tax_code", "01.00.112.437", "0100112437"),
        ("tax_code", "0314409058002", "0314409058-002"),
        ("tax_code", 100233488, "0100233488"),
        ("tax_code", "001089012345", "001089012345"),
        ("citizen_id", "001 089 012 345", "001089012345"),
        ("citizen_id", "012345678", "012345678"),
        ("place", "24490", {"commune": "24490", "old_commune": ""}),
        ("place", "4/7", {"commune": "00004", "old_commune": "00007"}),
        ("place", {"commune": "00004"}, {"commune": "00004", "old_commune": ""}),
        ("reference", f" {ID} ", ID),
        ("references", f"{ID}; b", [ID, "b"]),
        ("references", ["b", "b"], ["b"]),
        ("files", [FILE], [FILE]),
        ("files", [FILE | {"item": "machines/r1"}], [FILE | {"item": "machines/r1"}]),
    ],
)
def test_parsing_is_generous(type_: str, raw: object, stored: object) -> None:
    assert parse(type_, raw) == stored
    assert type(parse(type_, raw)) is type(stored)


def test_a_refused_choice_names_what_a_sentence_can_hold_and_each_name_can_be_written() -> None:
    forms = load()
    trade = forms.current("beneficiary").field("sector")
    with pytest.raises(ValueProblem) as refused:
        type_of(trade).parse("gạch", trade, forms)
    assert "b) Hàng tiêu dùng, xuất khẩu" in refused.value.message
    assert len(refused.value.message) < 250
    assert type_of(trade).parse("b) Hàng tiêu dùng, xuất khẩu", trade, forms) == "b"


@pytest.mark.parametrize(
    ("type_", "raw", "sentence"),
    [
        ("text", ["a"], "không nhận danh sách"),
        ("choice", "gì đó", "hãy chọn: Ứng dụng máy móc; dây chuyền, Thương hiệu."),
        ("choices", "brand;gì đó", "“gì đó” không có trong danh mục"),
        ("integer", "12,5", "số nguyên"),
        ("integer", 12.5, "số nguyên"),
        ("integer", "nhiều", "không phải là số"),
        ("integer", True, "TRUE"),
        ("integer", float("nan"), "Phải là một số"),
        ("decimal", float("inf"), "Phải là một số"),
        ("integer", 10**15, "Số quá dài"),
        ("decimal", "1,2345678901234567", "Số quá dài"),
        ("money", "ba trăm", "không phải là số tiền"),
        ("money", "10,5", "bỏ phần lẻ"),
        ("date", "31/2/2026", "không có trong lịch"),
        ("date", "hôm qua", "không phải là ngày"),
        ("time", "25:00", "từ 00:00 đến 23:59"),
        ("time", "sáng", "8:30"),
        ("year", "26", "bốn chữ số"),
        ("year", 1800, "Phải là một năm"),
        ("yes_no", "có lẽ", "Có hoặc Không"),
        ("phone", "12345", "Số điện thoại"),
        ("phone", "0112345678", "Số điện thoại"),
        ("email", "a@b", "Thư điện tử"),
        ("tax_code", "0100233480", "chữ số kiểm tra"),
        ("tax_code", "010023348", "10 chữ số"),
        ("tax_code", "0100233488-1", "10 chữ số"),
        ("citizen_id", "12345678901", "12 chữ số"),
        ("citizen_id", 1089012345, "hãy nhập đủ 001089012345."),
        ("citizen_id", "003089012345", "nơi sinh 003"),
        ("citizen_id", "001989012345", "chữ số thứ tư"),
        ("place", "Ea Kly", "hãy chọn từ danh sách"),
        ("place", {"commune": "abc"}, "đơn vị hành chính"),
        ("reference", "a/b", "Chưa chọn trong danh sách"),
        ("references", ["a b"], "Chưa chọn trong danh sách"),
        ("files", [{"id": "f", "name": "x"}], "tệp đính kèm"),
        ("files", [FILE | {"item": 1}], "tệp đính kèm"),
        ("files", [FILE, FILE], "hai lần"),
        ("files", "[", "JSON"),
        ("table", [1], "danh sách các dòng"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(type_: str, raw: object, sentence: str) -> None:
    with pytest.raises(ValueProblem) as refused:
        parse(type_, raw)
    assert sentence in refused.value.message


@pytest.mark.parametrize(
    ("type_", "limits", "good", "bad", "sentence"),
    [
        ("integer", {"min": 1, "max": 10, "unit": "người"}, "10", "11", "Nhiều nhất là 10 người."),
        ("money", {"min": 0, "unit": "đồng"}, "0", "-1", "Phải từ 0 đồng trở lên."),
        ("percent", {"max": 100}, "100", "100,1", "Nhiều nhất là 100%."),
        ("decimal", {"min": "0.5"}, "0,5", "0,4", "Phải từ 0,5 trở lên."),
        ("year", {"min": 2014}, "2014", "2013", "Phải từ 2014 trở lên."),
        ("year", {"max": "today"}, "2020", "2190", "Nhiều nhất là"),
        ("date", {"min": "2014-02-10"}, "10/2/2014", "9/2/2014", "Không được trước ngày 10/02/2014."),
        ("date", {"max": "today"}, "1/1/2020", "1/1/2190", "Không được sau ngày"),
    ],
)
def test_limits(type_: str, limits: dict[str, Any], good: str, bad: str, sentence: str) -> None:
    assert parse(type_, good, **limits) is not None
    with pytest.raises(ValueProblem) as refused:
        parse(type_, bad, **limits)
    assert sentence in refused.value.message


def test_too_long_a_text_is_kept_and_reported() -> None:
    short = field("paragraph", max_length=10)
    stored = TYPES["paragraph"].parse("mười một chữ", short)
    assert stored == "mười một chữ"
    assert TYPES["paragraph"].wrong(stored, short) == "Dài 12 ký tự, nhiều nhất là 10."


@pytest.mark.parametrize(
    ("type_", "more", "stored", "screen", "paper", "cell"),
    [
        ("text", {}, "=1+1", "=1+1", "=1+1", "=1+1"),
        ("choice", {}, "brand", "Thương hiệu", "Thương hiệu", "Thương hiệu"),
        ("choice", {}, "unknown", "unknown", "unknown", "unknown"),
        ("choices", {}, ["brand", "old"], "Thương hiệu; Đường cũ", "Thương hiệu; Đường cũ", "Thương hiệu\nĐường cũ"),
        ("integer", {"unit": "người"}, 1234, "1.234 người", "1.234 người", 1234),
        ("money", {"unit": "đồng"}, 300000000, "300.000.000 đồng", "300.000.000 đồng", 300000000),
        ("money", {}, 300000000, "300.000.000", "300.000.000", 300000000),
        ("decimal", {"unit": "tấn"}, "1234.5", "1.234,5 tấn", "1.234,5 tấn", 1234.5),
        ("percent", {}, "46.7", "46,7%", "46,7%", Percentage(0.467)),
        ("date", {}, "2026-03-05", "05/3/2026", "05/3/2026", date(2026, 3, 5)),
        ("time", {}, "08:30", "08:30", "08 giờ 30", "08:30"),
        ("year", {}, 2026, "2026", "2026", 2026),
        ("yes_no", {}, False, "Không", "Không", "Không"),
        ("phone", {}, "0912345678", "0912 345 678", "0912 345 678", "0912345678"),
        ("phone", {}, "02438251234", "024 3825 1234", "024 3825 1234", "02438251234"),
        ("tax_code", {}, "0100233488", "0100233488", "0100233488", "0100233488"),
        ("references", {}, ["a", "b"], "a; b", "a; b", "a; b"),
    ],
)
def test_a_value_on_screen_on_paper_and_in_a_cell(
    type_: str, more: dict[str, Any], stored: Any, screen: str, paper: str, cell: object
) -> None:
    kind, its_field = TYPES[type_], field(type_, **more)
    assert kind.text(stored, its_field) == screen
    assert kind.paper(stored, its_field) == paper
    assert kind.cell(stored, its_field) == cell
    assert type(kind.cell(stored, its_field)) is type(cell)


@pytest.mark.parametrize(
    ("type_", "sql", "align", "cell_format"),
    [
        ("text", "TEXT", "left", "@"),
        ("tax_code", "TEXT", "left", "@"),
        ("money", "INTEGER", "right", "#,##0"),
        ("decimal", "REAL", "right", "General"),
        ("percent", "REAL", "right", "0.00%"),
        ("year", "INTEGER", "center", "0"),
        ("date", "TEXT", "center", "dd/mm/yyyy"),
        ("yes_no", "INTEGER", "center", "@"),
    ],
)
def test_columns_of_views_and_sheets(type_: str, sql: str, align: str, cell_format: str) -> None:
    kind = TYPES[type_]
    assert (kind.sql, kind.align, kind.cell_format) == (sql, align, cell_format)


def test_a_percentage_in_a_cell_is_a_fraction_but_typed_text_is_not() -> None:
    percent = TYPES["percent"]
    assert percent.from_cell(Percentage(0.467), field("percent")) == "46.7"
    assert percent.from_cell("46,7", field("percent")) == "46.7"


def test_a_place_is_found_by_name_and_written_with_its_codes(forms: Forms) -> None:
    its_field, place = field("place"), TYPES["place"]
    code = next(iter(forms.places.communes))
    stored = place.parse(code, its_field, forms)
    cell = place.cell(stored, its_field, forms)
    assert isinstance(cell, str)
    assert cell == f"{forms.places.text(stored)} [{code}]"
    assert place.from_cell(cell, its_field, forms) == stored
    with pytest.raises(ValueProblem, match="không có trong danh mục"):
        place.parse("99999", its_field, forms)
    with pytest.raises(ValueProblem, match="hãy chọn từ danh sách"):
        place.parse("không có xã này", its_field, forms)


def test_a_refused_place_or_list_names_the_nearest_ones(forms: Forms) -> None:
    cases = (  # field, what is typed, what is nearest by eye
        (field("place"), "xã Tây Sôn, Gia Lai", "«xã Tây Sơn, tỉnh Gia Lai»"),
        (field("place"), "thị trấn Cờ Đỏo, Cần Thơ", "«thị trấn Cờ Đỏ, huyện Cờ Đỏ, thành phố Cần Thơ»"),
        (field("choices"), "Thương hiêụ mới", "«Thương hiệu»"),
    )
    for asked, typed, nearest in cases:
        with pytest.raises(ValueProblem) as refused:
            type_of(asked).parse(typed, asked, forms)
        assert nearest in refused.value.message.partition("gần nhất là")[2].partition("; hãy chọn")[0]
    assert forms.places.nearest(", ,") == []


def test_rows_are_read_by_their_columns(forms: Forms) -> None:
    machines = forms.current("proposal").field("machines")
    rows = type_of(machines).parse(
        '[{"name": " Máy cắt ", "quantity": "2", "unit_price": "100 triệu", "amount": 5},'
        ' {"id": "b", "position": 0.5}]',
        machines,
        forms,
    )
    assert rows[0] == {"id": "b", "position": 0.5}
    assert rows[1] == {
        "id": rows[1]["id"], "position": 1.0, "name": "Máy cắt", "quantity": "2", "unit_price": 100000000,
    }  # fmt: skip
    assert type_of(machines).text(rows, machines) == "2 máy"
    assert type_of(machines).search_text(rows, machines, forms) == "Máy cắt 2 100000000"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([{}, {"quantity": "hai"}], "Dòng 2, Số lượng: “hai” không phải là số"),
        ([{"colour": "đỏ"}], "Bảng “Máy móc” không có cột “colour”"),
        ([{"id": "a"}, {"id": "a"}], "Có hai dòng trùng mã"),
        ([{"id": "a/b"}], "danh sách các dòng"),
    ],
)
def test_bad_rows_name_the_row_and_the_column(forms: Forms, rows: list[Any], sentence: str) -> None:
    machines = forms.current("proposal").field("machines")
    with pytest.raises(ValueProblem) as refused:
        type_of(machines).parse(rows, machines, forms)
    assert sentence in refused.value.message


def test_files_are_called_by_caption_or_name() -> None:
    files = [FILE, FILE | {"id": "f2", "caption": "Ảnh máy"}]
    assert TYPES["files"].text(files, field("files")) == "Biên bản.pdf; Ảnh máy"
    assert TYPES["files"].search_text(files, field("files")) == "Biên bản.pdf Biên bản.pdf Ảnh máy"


def test_sensitive_columns_stay_out_of_the_search() -> None:
    columns = (field("text"), Field(name="id_number", type="citizen_id", label="Số", sensitive=True))
    people = Field(name="people", type="table", label="Người", columns=columns, row="person")
    rows = [{"id": "a", "position": 1, "x": "Lan", "id_number": "001089012345"}]
    assert TYPES["table"].search_text(rows, people) == "Lan"


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_what_cannot_be_read_is_refused_with_its_reason_and_never_blank(type_: str) -> None:
    with pytest.raises(ValueProblem, match="Ô này báo lỗi"):
        type_of(field(type_)).from_cell(Unreadable("Ô này báo lỗi.", "#REF!"), field(type_))


def test_a_span_of_time_is_no_text() -> None:
    with pytest.raises(ValueProblem, match="khoảng giờ"):
        type_of(field("text")).from_cell(timedelta(hours=30), field("text"))
