"""What the cells of foreign spreadsheets mean: values, questions, problems.

The expected values are worked out by hand from how officers write. An entry is the cell and its value, or the cell,
ASK and what is suggested (None: nothing), or the cell and REFUSE.
"""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kcdesk.formdef.model import Choice, Field
from kcdesk.sheets.values.cells import ForeignCell, ForeignColumn
from kcdesk.sheets.values.days import are_days_swapped, month_first_of
from kcdesk.sheets.values.lettering import recognise_letters
from kcdesk.sheets.values.reading import read_cell

ASK, REFUSE = "ask", "refuse"


def field(kind, **more):
    return Field(name="x", type=kind, label="Ô", **more)


def outcome(item, value, column=None, row=None, lookups=None, **cell):
    reading = read_cell(item, ForeignCell("B2", value, **cell), column or ForeignColumn(), row or {}, lookups)
    if reading.problem:
        return (REFUSE,) if reading.value is None else ("a problem with a value", reading)
    return (ASK, reading.value) if reading.question else (reading.value,)


def wrong(item, rows, column=None, **more):
    """The rows of a table that come out otherwise."""
    outcomes = {repr(cell): (outcome(item, cell, column, **more), tuple(right)) for cell, *right in rows}
    return {cell: pair for cell, pair in outcomes.items() if pair[0] != pair[1]}


M = 1_000_000
IN_DONG = [
    [300000000, 300 * M],
    [300000000.0, 300 * M],
    ["300.000.000đ", 300 * M],
    ["300,000,000", 300 * M],
    ["300 000 000", 300 * M],
    ["300\u00a0000\u00a0000", 300 * M],
    ["1,25 tỷ", 1250 * M],
    ["1.25 tỷ", 1250 * M],
    ["300 tr.đ", 300 * M],
    ["(20.000.000)", -20 * M],
    ["300.000.000,-", 300 * M],
    ["300.000.000.-", 300 * M],
    ["VND 300.000.000", 300 * M],
    ["ba trăm triệu đồng", 300 * M],
    ["Một tỷ hai trăm năm mươi triệu đồng chẵn", 1250 * M],
    ["một trăm lẻ năm ngàn đồng", 105_000],
    ["3E+08", 300 * M],
    ["1,25E+09", 1250 * M],
    ["85.000đ/chai", 85_000],
    ["85.000/kg", 85_000],
    ["60000", 60_000],
    ["300.000", 300_000],
    ["'300.000.000", 300 * M],
    ["0", 0],
    [0, 0],
    ["-", None],
    ["…", None],
    [" ", None],
    ["n/a", None],
    [None, None],
    ["300,000", ASK, 300_000],
    ["120,000", ASK, 120_000],
    [49999999.5, ASK, 50 * M],
    ["+ 99,9 tr", ASK, 99_900_000],
    ["khoảng 300 triệu", ASK, 300 * M],
    ["~300 triệu", ASK, 300 * M],
    ["300 triệu (đợt 1)", ASK, 300 * M],
    ["1,23457E+09", ASK, 1234570000],
    ["150 -200 triệu", ASK, None],
    ["150 đến 200 triệu", ASK, None],
    [300, ASK, 300],
    ["612", ASK, 612],
    ["1,250 triệu", ASK, 1250000],
    ["2tr5", ASK, 2500000],
    ["1.200.000 - 1.500.000", REFUSE],
    ["80-100.000", REFUSE],
    ["chưa duyệt", REFUSE],
    ["ba trăm trâu", REFUSE],
    ["300 USD", REFUSE],
    ["150tr + 150tr", REFUSE],
    ["12.5", REFUSE],
    [True, REFUSE],
    [date(2024, 5, 1), REFUSE],
]
IN_MILLIONS = [
    [612.5, 612_500_000],
    ["1.250,5", 1_250_500_000],
    ["300", 300 * M],
    ["95,75", 95_750_000],
    ["12.5", 12_500_000],
    [180, 180 * M],
    ["1,25 tỷ", 1250 * M],
    ["300.000.000đ", 300 * M],
    ["47.875", ASK, 47_875_000],
    ["1.250", ASK, 1250 * M],
    ["95,750", ASK, 95_750_000],
    [33.3333333333333, ASK, 33_333_333],
    [300000000, ASK, 300 * M],
    ["50 đ", ASK, 50],
]


def test_amounts_in_dong():
    assert wrong(field("money"), IN_DONG) == {}


def test_amounts_under_a_unit():
    assert wrong(field("money"), IN_MILLIONS, ForeignColumn("Kinh phí", 1_000_000)) == {}
    thousands = [[250000, 250 * M], ["250.000", 250 * M], ["250.000,5", 250000500], ["250,000", ASK, 250 * M]]
    assert wrong(field("money"), thousands, ForeignColumn("Vốn (nghìn đồng)", 1000)) == {}


def test_a_unit_beside_the_amount_goes_before_that_of_the_title():
    row = {"ĐVT": ForeignCell("C2", "triệu đồng")}
    assert outcome(field("money"), 300, row=row) == (300 * M,)
    assert outcome(field("money"), 300, ForeignColumn(unit=1_000_000), {"ĐVT": ForeignCell("C2", "cái")}) == (300 * M,)


def test_an_error_of_a_formula_is_refused():
    assert outcome(field("money"), None, error="#DIV/0!") == (REFUSE,)


def test_a_formula_without_a_result_says_what_to_do():
    reading = read_cell(field("money"), ForeignCell("B2", error="chưa tính"), ForeignColumn(), {})
    assert "báo lỗi" not in reading.problem
    assert "mở bảng bằng Excel hoặc LibreOffice, lưu lại" in reading.problem


@pytest.mark.parametrize("kind", ["money", "date", "year", "integer", "phone", "tax_code", "email", "text"])
def test_as_above_is_told_in_every_field(kind):
    for written in ("nt", "-nt-", "như trên", '"', "'", "''"):
        reading = read_cell(field(kind), ForeignCell("B2", written), ForeignColumn(), {})
        assert (reading.value, reading.problem) == (
            None,
            f"“{written}” nghĩa là như ô trên; hãy ghi lại giá trị của ô trên.",
        )


def test_one_of_several_addresses_of_mail_is_asked_about():
    assert outcome(field("email"), "a@mau.vn; b@mau.vn") == (ASK, "a@mau.vn")
    assert outcome(field("email"), "mailto:a@mau.vn") == ("a@mau.vn",)


@pytest.mark.parametrize("written", ["01/3 - 05/6/2018", "từ 1/3/2018 đến 5/6/2018", "từ ngày 1/3 đến ngày 5/6/2018"])
def test_days_from_to_are_no_day(written):
    reading = read_cell(field("date"), ForeignCell("B2", written), ForeignColumn(), {})
    assert (reading.value, reading.question) == (None, "")
    assert "là một khoảng ngày" in reading.problem


def test_a_remark_below_a_tax_code_keeps_its_words_alone():
    reading = read_cell(field("tax_code"), ForeignCell("B2", "0100109106\n(mã cũ)"), ForeignColumn(), {})
    assert (reading.value, dict(reading.beside)) == ("0100109106", {"note": "mã cũ"})


def test_a_fraction_shown_as_percentage_is_no_amount():
    assert outcome(field("money"), 0.5, number_format="0%") == (REFUSE,)


def test_measures_and_counts():
    rows = [
        [6.48, "6.48"],
        ["6.48", "6.48"],
        ["12,5", "12.5"],
        ["+ 12,5", "12.5"],
        ["1.000.000", "1000000"],
        ["10000", "10000"],
        ["1.234", "1234"],
        ["1,000", ASK, "1"],
        ["~12", ASK, "12"],
        ["12 tấn", ASK, "12"],
        ["5 ha", "5"],
        ["10-12", REFUSE],
        ["nhiều", REFUSE],
    ]
    assert wrong(field("decimal", unit="ha"), rows) == {}
    counts = [
        [15, 15],
        [15.0, 15],
        ["15 lao động", 15],
        ["15 người", 15],
        ["05", 5],
        ["mười lăm", 15],
        ["15 (8 nữ)", ASK, 15],
        ["15 tấn", ASK, 15],
        ["15-20", REFUSE],
        [1.5, REFUSE],
    ]
    assert wrong(field("integer", unit="người"), counts, ForeignColumn("Số lao động")) == {}


def test_percentages():
    rows = [
        ["50%", "50"],
        ["50 phần trăm", "50"],
        ["46,7 %", "46.7"],
        [50, "50"],
        ["0,5", ASK, "0.5"],
        [0.5, ASK, "50"],
    ]
    assert wrong(field("percent"), rows, ForeignColumn("Tỷ lệ (%)")) == {}
    assert outcome(field("percent"), 0.5, number_format="0%") == ("50",)
    assert outcome(field("percent"), 50) == (ASK, "50")
    assert outcome(field("percent"), "40-50%") == (REFUSE,)


def test_days():
    rows = [
        [date(2020, 2, 1), "2020-02-01"],
        [datetime(2020, 2, 1, 8, 30), "2020-02-01"],  # noqa: DTZ001 (cells have no zone)
        ["01/02/2020", "2020-02-01"],
        ["1.2.2020", "2020-02-01"],
        ["ngày 05 tháng 3 năm 2024", "2024-03-05"],
        ["QĐ 12/QĐ-UBND ngày 05/3/2024", "2024-03-05"],
        ["05-Mar-2024", "2024-03-05"],
        ["March 5, 2024", "2024-03-05"],
        [43831, "2020-01-01"],
        ["43831", "2020-01-01"],
        [20260305, "2026-03-05"],
        ["2020-02-01 00:00:00", "2020-02-01"],
        ["-", None],
        ["12/31/2020", ASK, "2020-12-31"],
        ["12/5/2018 (cấp lại lần 2)", ASK, "2018-05-12"],
        ["1/1/55", ASK, None],
        ["2018", REFUSE],
        [2018, REFUSE],
        ["quý II/2018", REFUSE],
        ["tháng 5/2018", REFUSE],
        ["5/2018", REFUSE],
        ["năm 2018", REFUSE],
        ["vô thời hạn", REFUSE],
        ["31/2/2020", REFUSE],
        ["1/2/2020 và 3/4/2020", REFUSE],
        [12.5, REFUSE],
    ]
    assert wrong(field("date"), rows) == {}


def test_days_of_a_column_that_writes_the_month_first():
    column = ForeignColumn(month_first=month_first_of(["01/13/2020", "02/03/2020", None, "x"]))
    assert outcome(field("date"), "02/03/2020", column) == ("2020-02-03",)
    assert outcome(field("date"), "13/02/2020", column) == (ASK, None)
    assert month_first_of(["13/01/2020", "02/03/2020"]) is False
    assert month_first_of(["13/01/2020", "01/13/2020"]) is month_first_of(["02/03/2020"]) is None


def test_days_that_a_spreadsheet_took_for_months_are_asked_about():
    values = [date(2020, 5, 4), "13/05/2020", date(2020, 12, 1)]
    assert are_days_swapped(values)
    column = ForeignColumn(days_swapped=True)
    assert outcome(field("date"), date(2020, 5, 4), column) == (ASK, "2020-04-05")
    assert outcome(field("date"), date(2020, 5, 5), column) == ("2020-05-05",)
    assert not are_days_swapped([date(2020, 5, 24), "13/05/2020"])
    assert not are_days_swapped([date(2020, 5, 4), "03/05/2020"])


def test_years():
    rows = [
        [2023, 2023],
        ["2023", 2023],
        ["năm 2023", 2023],
        ["'2023", 2023],
        ["QĐ 12/QĐ-UBND năm 2024", 2024],
        ["quý II/2018", 2018],
        ["Q2/2018", 2018],
        ["tháng 5/2018", 2018],
        ["T5/2018", 2018],
        ["05/2018", 2018],
        ["6 tháng đầu năm 2018", 2018],
        ["31/12/2023", 2023],
        [date(2023, 5, 1), 2023],
        ["2023 (lần 2)", ASK, 2023],
        ["2023-2025", REFUSE],
        ["23", REFUSE],
        ["chưa có", REFUSE],
        [45000, REFUSE],
    ]
    assert wrong(field("year"), rows) == {}


def test_yes_and_no():
    rows = [
        *([mark, True] for mark in ("x", "X", "có", "Có", "✓", "✔", "√", "☑", 1, 1.0, True, "v")),
        *([mark, False] for mark in ("không", "Ko", 0, False, "không có")),
        *([mark, None] for mark in ("-", "", "…")),
        ["chưa", ASK, False],
        ["đã có", ASK, True],
        ["có (ISO 9001)", ASK, True],
        ["2", REFUSE],
        ["tùy", REFUSE],
    ]
    assert wrong(field("yes_no"), rows) == {}


def test_telephones():
    rows = [
        [912345678, "0912345678"],
        ["0912 345 678", "0912345678"],
        ["+84 (0)987 654 321", "0987654321"],
        ["84912345670", "0912345670"],
        ["0977.111.222 (Zalo)", "0977111222"],
        ["ĐT: 0977 111 222", "0977111222"],
        [292.3812345, "02923812345"],
        ["02923812345 Fax: 02923812346", "02923812345"],
        ["0292.3812345 - 0912 345 679", "02923812345"],
        ["0912345678/0987654321", "0912345678"],
        ["0912345678\n0987654321", "0912345678"],
        ["52.3882011", ASK, "02323882011"],
        [52.3882011, ASK, "02323882011"],
        ["(0511) 3812345", ASK, "02363812345"],
        ["05113812345", ASK, "02363812345"],
        ["04 38251234", ASK, "02438251234"],
        ["08.38251234", ASK, "02838251234"],
        ["01689123456", ASK, "0389123456"],
        ["037.3851234", ASK, "02373851234"],
        ["0383 912 456", "0383912456"],
        ["0373851234", "0373851234"],
        [292.381234, ASK, "02923812340"],
        ["0912345678/79", ASK, "0912345678"],
        ["0912345678; 0987654321; 0977111222", ASK, "0912345678"],
        ["gặp anh Tư 0912345678", ASK, "0912345678"],
        ["9,12346E+08", REFUSE],
        ["không có", REFUSE],
        ["12345", REFUSE],
    ]
    assert wrong(field("phone"), rows) == {}
    assert outcome(field("phone"), "0373851234", ForeignColumn(year=2015)) == (ASK, "02373851234")


def test_the_second_telephone_of_a_cell_stands_beside_the_first():
    reading = read_cell(field("phone"), ForeignCell("E4", "0292.3812345 - 0912 345 679"), ForeignColumn(), {})
    assert dict(reading.beside) == {"second_phone": "0912345679"}


def test_tax_codes():
    rows = [
        [100200309, "0100200309"],
        [1102200338, "1102200338"],
        ["1800334412-001", "1800334412-001"],
        [1800334412001, "1800334412-001"],
        ["'2400117775", "2400117775"],
        ["0100200309/001", "0100200309-001"],
        ["0100200309-01", ASK, None],
        ["MST: 0600123483", "0600123483"],
        ["Mã số thuế 0600123483", "0600123483"],
        [79089012345, "079089012345"],
        ["079 089 012 345", "079089012345"],
        ["0600123483 (cũ)", "0600123483"],
        [1189012345, ASK, "001189012345"],
        ["79089012345", ASK, "079089012345"],
        ["O100200309", ASK, "0100200309"],
        ["1,08501E+11", REFUSE],
        ["1.08501E+11", REFUSE],
        ["0100200308", REFUSE],
        [100200308, REFUSE],
        ["0100200309; 1102200338", REFUSE],
        ["cũ", REFUSE],
        ["chưa có", REFUSE],
    ]
    assert wrong(field("tax_code"), rows) == {}


def test_personal_numbers():
    rows = [
        [79089012345, "079089012345"],
        [1189012345, "001189012345"],
        ["001 189 012 345", "001189012345"],
        ["123456789", "123456789"],
        [123456789, "123456789"],
        ["CCCD: 079089012345", "079089012345"],
        ["079089012345 cấp ngày 12/5/2021", "079089012345"],
        [12345678, ASK, "012345678"],
        ["1189012345", ASK, "001189012345"],
        ["1,08501E+11", REFUSE],
        ["999089012345", REFUSE],
        ["không", REFUSE],
    ]
    assert wrong(field("citizen_id"), rows) == {}


def test_words():
    rows = [
        ["HTX\u00a0Chè Ông\u00adÍch", "HTX Chè Ông Ích"],
        ["Dao\u200b phay", "Dao phay"],
        ["Cơ sở rèn Tư Ðồng", "Cơ sở rèn Tư Đồng"],
        ["xã Mẫu 0\nhuyện Mẫu ", "xã Mẫu 0 huyện Mẫu"],
        [12, "12"],
        ["1,08501E+11", ASK, "1,08501E+11"],
        ["nt", REFUSE],
        ['"', REFUSE],
        ["C?ng ty", REFUSE],
        [date(2024, 10, 5), REFUSE],
    ]
    assert wrong(field("text"), rows) == {}


@pytest.mark.parametrize(
    ("written", "name", "beside"),
    [
        ("Lê Văn Mẫu", "Lê Văn Mẫu", {}),
        ("Ông Lê Văn Mẫu", "Lê Văn Mẫu", {}),
        ("Ông Mẫu", "Mẫu", {}),
        ("Bà. Trần Thị Mẫu", "Trần Thị Mẫu", {}),
        ("Ô.Nguyễn Văn A", "Nguyễn Văn A", {}),
        ("Bá Văn An", "Bá Văn An", {}),
        ("Nguyễn Văn A, giám đốc, 0912 345 678", "Nguyễn Văn A", {"position": "Giám đốc", "phone": "0912345678"}),
        ("Nguyễn Văn A - Giám đốc - ĐT: 0912345678", "Nguyễn Văn A", {"position": "Giám đốc", "phone": "0912345678"}),
        ("Nguyễn Văn A (Chủ cơ sở)", "Nguyễn Văn A", {"position": "Chủ cơ sở"}),
        ("Giám đốc: Nguyễn Văn A", "Nguyễn Văn A", {"position": "Giám đốc"}),
        ("Trần Thị B 0912345678", "Trần Thị B", {"phone": "0912345678"}),
    ],
)
def test_a_person_with_what_stands_behind(written, name, beside):
    reading = read_cell(field("text", personal=True), ForeignCell("I2", written), ForeignColumn(), {})
    assert (reading.value, reading.question, dict(reading.beside)) == (name, "", beside)


def test_two_persons_in_a_cell_are_asked_about():
    assert outcome(field("text", personal=True), "Nguyễn Văn A, Trần Thị B") == (ASK, "Nguyễn Văn A")


LEGAL_FORMS = (
    Choice(value="limited_company", label="Công ty trách nhiệm hữu hạn", short_label="Công ty TNHH"),
    Choice(value="joint_stock_company", label="Công ty cổ phần"),
    Choice(value="private_enterprise", label="Doanh nghiệp tư nhân"),
    Choice(value="cooperative", label="Hợp tác xã"),
    Choice(value="cooperative_union", label="Liên hiệp hợp tác xã"),
    Choice(value="household_business", label="Hộ kinh doanh"),
    Choice(value="other", label="Khác"),
)


def test_legal_forms_by_short_forms_and_by_names():
    rows = [
        ["Cty TNHH", "limited_company"],
        ["Công ty TNHH MTV Nước mắm Bãi Sậy", "limited_company"],
        ["CTY TNHH Mây tre Sao Mai", "limited_company"],
        ["Công ty CP Chế biến Dừa", "joint_stock_company"],
        ["CTCP", "joint_stock_company"],
        ["DNTN Đúc gang", "private_enterprise"],
        ["HTX Chè", "cooperative"],
        ["Liên hiệp HTX", "cooperative_union"],
        ["HKD Đặng Thị Ngọc", "household_business"],
        ["Hộ KD", "household_business"],
        ["khac", "other"],
        ["Cơ sở rèn Tư Đồng", ASK, "household_business"],
        ["Hộ kinh doang", ASK, "household_business"],
        ["Công ty", REFUSE],
        ["Tư nhân", REFUSE],
    ]
    assert wrong(field("choice", choices=LEGAL_FORMS), rows) == {}


def test_stars():
    stars = tuple(Choice(value=str(count), label=f"{count} sao") for count in (3, 4, 5))
    rows = [
        ["4 sao", "4"],
        [4, "4"],
        ["★★★", "3"],
        ["⭐⭐⭐⭐", "4"],
        ["3 sao (***)", "3"],
        ["***", "3"],
        ["4*", "4"],
        ["Tiềm năng 5 sao", ASK, "5"],
        ["6 sao", REFUSE],
    ]
    assert wrong(field("choice", choices=stars), rows) == {}


def test_places(shipped_forms):
    places = shipped_forms.places
    ba_vi = next(code for code in places.communes if places.commune(code).address == "xã Ba Vì, thành phố Hà Nội")
    item = field("place")
    for written in ("thôn 3, xã Ba Vì, thành phố Hà Nội", "Thôn Hợp Nhất - xã Ba Vì - TP Hà Nội", "xa Ba Vi, Ha Noi"):
        (value, *_more) = outcome(item, written, lookups=shipped_forms)
        assert value["commune"] == ba_vi, written
    assert outcome(item, "xã Không Có, huyện Ba Vì, TP Hà Nội", lookups=shipped_forms) == (REFUSE,)
    assert outcome(item, "thôn 3, huyện Ba Vì, TP Hà Nội", lookups=shipped_forms) == (REFUSE,)
    assert outcome(item, "thôn 3, xã Tân Lập", lookups=shipped_forms) == (ASK, None)


def test_a_text_in_old_letters_is_read_and_one_in_doubt_asked_about():
    texts = ["C«ng ty H\u00adng ThÞnh", "x· MÉu D\u00ad¬ng", "Hợp tác xã Unicode"]
    column = ForeignColumn(letters=recognise_letters(texts))
    assert outcome(field("text"), "x· MÉu D\u00ad¬ng", column) == ("xã Mẫu Dương",)
    assert outcome(field("text"), "Sè 5", column) == (ASK, "Số 5")
    assert outcome(field("money"), "300 triÖu", column) == (300 * M,)
