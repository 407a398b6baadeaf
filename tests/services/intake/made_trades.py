"""Lists of the trade besides those of establishments: proposals, contracts, visits, settlements, products, payments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from tests.services.intake import written_cells as cells
from tests.services.intake.made_sheets import ColumnMade, Trade, no_unit
from tests.services.intake.written_cells import Chance, Doubt, Written

_WORKS = (
    "Hỗ trợ ứng dụng máy",
    "Đầu tư dây chuyền",
    "Mô hình trình diễn sản xuất",
    "Đào tạo nghề",
    "Xây dựng nhãn hiệu",
)
_GOODS = ("đan lát", "nước mắm", "gốm đỏ", "chè búp", "mộc dân dụng", "bún khô", "dệt thổ cẩm", "cơ khí nhỏ")
_UNITS = ("Trung tâm Khuyến công tỉnh Đồng Tháp", "Phòng Kinh tế huyện Mẫu", "TTKC và TVPTCN")


def _titles(chance: Chance, number: int) -> list[str]:
    return [f"{chance.choice(_WORKS)} {chance.choice(_GOODS)} số {place + 1}" for place in range(number)]


def _numbers(chance: Chance, number: int) -> list[str]:
    first = chance.randrange(1, 90)
    return [f"{first + place:02}/{chance.choice(('2023', '2024'))}/HĐ-KC" for place in range(number)]


def _products(chance: Chance, number: int) -> list[str]:
    return [f"{chance.choice(('Bộ', 'Lọ', 'Sản phẩm'))} {chance.choice(_GOODS)} {place + 1}" for place in range(number)]


def _text(*texts: str) -> Callable[[Chance, int], Written]:
    def make(chance: Chance, _unit: int) -> Written:
        text = chance.choice(texts)
        return Written(chance.choice((text, f" {text}  ", text.replace(" ", chr(160)))), text)

    return make


def _named(chance: Chance, _unit: int) -> Written:
    (name,) = cells.names(chance, 1)
    return Written(name, name)


def _decision(chance: Chance, _unit: int) -> Written:
    text = f"{chance.randrange(1, 3000)}/QĐ-{chance.choice(('UBND', 'SCT', 'BCT'))}"
    return Written(text, text)


def _programme(chance: Chance, _unit: int) -> Written:
    ways = {
        "national": ("KCQG", "Khuyến công quốc gia", "khuyến công QG"),
        "local": ("KCĐP", "Khuyến công địa phương", "khuyến công ĐP"),
    }
    value = chance.choice([*ways])
    return Written(chance.choice(ways[value]), value)


def _year(chance: Chance, _unit: int) -> Written:
    year = chance.randrange(2012, 2026)
    ways = [Written(year, year), Written(str(year), year), Written(f"năm {year}", year), Written(float(year), year)]
    return chance.choice([*ways, Written("2024-2025", Doubt.UNCLEAR), Written("-", None)])


def _percent(chance: Chance, _unit: int) -> Written:
    whole = chance.choice((30, 45, 50, 75, 100))
    ways = [Written(f"{whole}%", str(whole)), Written(f"{whole} %", str(whole)), Written(f"{whole},5%", f"{whole}.5")]
    known = ways[:2] if whole == 100 else ways
    return chance.choice([*known, Written("50-60%", Doubt.UNCLEAR), Written("", None)])


def _spaced_day(chance: Chance, _unit: int) -> Written:
    """A day as any list has it, also with spaces around its signs."""
    if chance.random() < 0.7:
        written = cells.day_cell(chance)
        return Written("", None) if len(str(written.cell)) == 4 else written  # a column of years is none of days
    day = date(2012, 1, 1) + timedelta(days=chance.randrange(4000))
    spaced = f"{day.day:02} / {day.month:02} / {day.year}"
    return chance.choice(
        [Written(spaced, day.isoformat()), Written(f"{day.day}-{day.month}-{day.year} ", day.isoformat())]
    )


def _money(field: str, *headings: str, group: str = "") -> ColumnMade:
    return ColumnMade(field, headings, cells.money_cell, is_money=True, group=group)


_UNIT_NAME = ColumnMade(
    "beneficiaries", ("Đơn vị thụ hưởng", "Cơ sở thụ hưởng", "Tên cơ sở CNNT", "Đối tượng thụ hưởng"), _named
)
PROPOSALS = Trade(
    "proposal",
    "title",
    ("Tên đề án", "Đề án", "Tên đề án khuyến công", "Nội dung đề án"),
    _titles,
    (
        _UNIT_NAME,
        ColumnMade("programme", ("Nguồn kinh phí", "Nguồn vốn", "Nguồn", "Loại hình khuyến công"), _programme),
        _money("approved_support", "Kinh phí hỗ trợ", "Mức hỗ trợ", "Số tiền hỗ trợ", "KP hỗ trợ", group="Kinh phí"),
        _money("budget.cost", "Tổng kinh phí", "Tổng mức đầu tư", "Tổng KP thực hiện", group="Kinh phí"),
        ColumnMade("decision_number", ("Số quyết định", "QĐ phê duyệt", "Số QĐ", "Quyết định số"), _decision),
        ColumnMade("decision_date", ("Ngày quyết định", "Ngày phê duyệt", "Ngày QĐ"), _spaced_day),
        ColumnMade("starts_on", ("Ngày bắt đầu", "Từ ngày"), _spaced_day),
        ColumnMade("ends_on", ("Ngày kết thúc", "Đến ngày", "Thời gian hoàn thành"), _spaced_day),
        ColumnMade("implementing_unit", ("Đơn vị thực hiện", "Đơn vị chủ trì", "Đơn vị TH"), _text(*_UNITS)),
        ColumnMade("address", ("Địa điểm thực hiện", "Địa điểm"), _text("Ấp 3", "Thôn Đông", "Khóm 2")),
        ColumnMade("year", ("Năm", "Năm thực hiện", "Năm hỗ trợ"), _year),
        ColumnMade("note", ("Ghi chú",), _text("Đã xong", "Chuyển tiếp", "Làm mẫu cho xã bạn")),
    ),
    "TỔNG HỢP ĐỀ ÁN KHUYẾN CÔNG",
)
_PROPOSAL = ColumnMade(
    "proposal", ("Tên đề án", "Đề án", "Tên đề án khuyến công"), lambda chance, _unit: _written(_titles(chance, 1)[0])
)
_OF_UNIT = ColumnMade("beneficiary", ("Đơn vị thụ hưởng", "Cơ sở thụ hưởng", "Tên cơ sở", "Cơ sở CNNT"), _named)


def _written(text: str) -> Written:
    return Written(text, text)


CONTRACTS = Trade(
    "contract",
    "number",
    ("Số hợp đồng", "Số HĐ", "Hợp đồng số"),
    _numbers,
    (
        _PROPOSAL,
        _OF_UNIT,
        ColumnMade("signed_on", ("Ngày ký", "Ngày ký hợp đồng", "Ngày HĐ", "Ngày ký HĐ"), _spaced_day),
        ColumnMade("due_on", ("Thời hạn", "Ngày hết hạn", "Thời hạn thực hiện", "Hạn hợp đồng"), _spaced_day),
        _money("value", "Giá trị hợp đồng", "Giá trị HĐ", "Giá trị", group="Kinh phí"),
        ColumnMade("liquidation_number", ("Số biên bản thanh lý", "BB thanh lý"), _decision),
        ColumnMade("liquidated_on", ("Ngày thanh lý", "Ngày thanh lý HĐ"), _spaced_day),
        _money("settled_support", "Kinh phí được quyết toán", "Được quyết toán", group="Kinh phí"),
    ),
    "DANH SÁCH HỢP ĐỒNG KHUYẾN CÔNG",
)
VISITS = Trade(
    "acceptance",
    "proposal",
    _PROPOSAL.headings,
    _titles,
    (
        _OF_UNIT,
        ColumnMade("visited_on", ("Ngày nghiệm thu", "Ngày NT"), _spaced_day),
        ColumnMade("number", ("Số biên bản", "Biên bản số", "Số BB"), _decision),
        ColumnMade("contract_number", ("Số hợp đồng", "Số HĐ"), _decision),
        _money("approved_support", "Kinh phí được phê duyệt", "Kinh phí hỗ trợ", "KP hỗ trợ", group="Kinh phí"),
        _money("proposed_payment", "Đề nghị thanh toán", "Kinh phí đề nghị thanh toán", group="Kinh phí"),
        _money("advanced", "Đã tạm ứng", "Kinh phí đã tạm ứng"),
    ),
    "TỔNG HỢP NGHIỆM THU CƠ SỞ",
)
SETTLEMENTS = Trade(
    "settlement",
    "proposal",
    _PROPOSAL.headings,
    _titles,
    (
        ColumnMade("settled_on", ("Ngày quyết toán", "Ngày lập", "Ngày lập hồ sơ"), _spaced_day),
        ColumnMade("number", ("Số hồ sơ", "Số văn bản", "Số quyết toán"), _decision),
        _money("accepted_support", "Kinh phí được nghiệm thu", "Được nghiệm thu", group="Kinh phí"),
        _money(
            "settled_support",
            "Kinh phí quyết toán",
            "Số tiền quyết toán",
            "Đề nghị quyết toán",
            "KP quyết toán",
            group="Kinh phí",
        ),
        _money("advanced", "Đã tạm ứng", "Kinh phí đã tạm ứng"),
        ColumnMade("invoice_number", ("Số hóa đơn", "Hóa đơn số"), _decision),
        ColumnMade("invoiced_on", ("Ngày hóa đơn",), _spaced_day),
        ColumnMade("year", ("Năm", "Năm quyết toán"), _year),
    ),
    "TỔNG HỢP QUYẾT TOÁN KINH PHÍ KHUYẾN CÔNG",
)
PAYMENTS = Trade(
    "payment",
    "proposal",
    _PROPOSAL.headings,
    _titles,
    (
        ColumnMade("requested_on", ("Ngày đề nghị", "Ngày đề nghị tạm ứng"), _spaced_day),
        ColumnMade("number", ("Số văn bản", "Số công văn", "Số văn bản đề nghị"), _decision),
        _money("amount", "Số tiền", "Số tiền tạm ứng", "Số tiền lần này", "Số tiền thanh toán", group="Kinh phí"),
        _money("paid_before", "Đã tạm ứng trước", "Đã thanh toán trước", group="Kinh phí"),
        ColumnMade("paid_on", ("Ngày chi", "Ngày chuyển tiền", "Ngày thanh toán"), _spaced_day),
        ColumnMade("progress", ("Tiến độ (%)", "Khối lượng thực hiện (%)"), _percent),
        ColumnMade("programme", ("Nguồn kinh phí", "Nguồn"), _programme),
    ),
    "THEO DÕI TẠM ỨNG, THANH TOÁN",
)
PRODUCTS = Trade(
    "typical_product",
    "name",
    ("Tên sản phẩm", "Sản phẩm", "Tên sản phẩm/bộ sản phẩm"),
    _products,
    (
        ColumnMade("beneficiary", ("Tên cơ sở", "Cơ sở sản xuất", "Đơn vị", "Chủ thể"), _named),
        ColumnMade("made_since", ("Năm sản xuất", "Sản xuất từ"), _year),
        _money("yearly_revenue", "Doanh thu", "Doanh thu/năm", group="Tài chính"),
        ColumnMade("workers", ("Số lao động", "Lao động", "Số LĐ"), no_unit(cells.count_cell)),
        ColumnMade("raw_materials", ("Nguyên liệu", "Nguyên vật liệu"), _text("Tre, nứa", "Cá cơm", "Đất sét")),
        ColumnMade("market", ("Thị trường", "Thị trường tiêu thụ"), _text("Trong tỉnh", "Cả nước")),
    ),
    "DANH SÁCH SẢN PHẨM TIÊU BIỂU",
)
SURVEYS = Trade(
    "survey",
    "establishment",
    ("Tên cơ sở", "Cơ sở", "Tên đơn vị", "Doanh nghiệp"),
    cells.names,
    (
        ColumnMade("surveyed_on", ("Ngày khảo sát", "Thời gian khảo sát"), _spaced_day),
        ColumnMade("representative", ("Chủ cơ sở", "Người đại diện"), no_unit(cells.person_cell)),
        ColumnMade("phone", ("SĐT", "Số điện thoại"), no_unit(cells.phone_cell)),
        ColumnMade("workers", ("Lao động", "Số LĐ"), no_unit(cells.count_cell)),
        ColumnMade("need", ("Nhu cầu", "Nhu cầu hỗ trợ", "Đề xuất"), _text("Máy sấy", "Vốn", "Mặt bằng")),
        _money("planned_cost", "Tổng vốn đầu tư", "Tổng mức đầu tư", group="Tài chính"),
        _money("planned_support", "Đề nghị hỗ trợ", "Kinh phí đề nghị hỗ trợ", group="Tài chính"),
    ),
    "KẾT QUẢ KHẢO SÁT",
)
TRADES = (PROPOSALS, CONTRACTS, VISITS, SETTLEMENTS, PAYMENTS, PRODUCTS, SURVEYS)
