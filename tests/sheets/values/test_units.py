"""The unit that a heading or a title gives to amounts."""

import pytest

from kcdesk.sheets.values.units import unit_of


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("Đơn vị tính: triệu đồng", 1_000_000),
        ("(đvt: triệu đồng)", 1_000_000),
        ("ĐVT: 1.000 đ", 1000),
        ("ĐVT: 1.000 đồng", 1000),
        ("ĐVT:1000đ", 1000),
        ("Đvt: 1.000.000 đ", 1_000_000),
        ("ĐVT: tr.đ", 1_000_000),
        ("ĐVT: Tr. đồng", 1_000_000),
        ("Đơn vị: Tỷ đồng", 1_000_000_000),
        ("ĐVT: đồng", 1),
        ("Đơn vị tính: VNĐ", 1),
        ("Vốn đối ứng (nghìn đồng)", 1000),
        ("Kinh phí\n(triệu đồng)", 1_000_000),
        ("Vốn (tỷ)", 1_000_000_000),
        ("Vốn (ngàn đ)", 1000),
        ("Vốn (đ)", 1),
        ("Kinh phí hỗ trợ (đồng)", 1),
        ("Kinh phí, triệu đồng", 1_000_000),
        ("Giá trị [1.000đ]", 1000),
        ("Don vi tinh: trieu dong", 1_000_000),
        ("Tỷ lệ hỗ trợ (%)", 1),
        ("Tên đơn vị", 1),
        ("Đơn vị thụ hưởng", 1),
        ("Đơn vị tính", 1),
        ("Đơn vị tính (cái, bộ)", 1),
        ("Địa chỉ", 1),
        ("Hợp đồng", 1),
        ("Đồng sở hữu", 1),
        ("Trưởng thôn", 1),
        ("Diện tích (m2)", 1),
        ("Ty trọng", 1),
    ],
)
def test_a_heading_names_the_unit(written, unit):
    assert unit_of(written) == unit


def test_the_heading_of_the_column_goes_before_the_title_of_the_sheet():
    assert unit_of("Vốn (nghìn đồng)", "Đơn vị tính: triệu đồng") == 1000
    assert unit_of("Kinh phí", "Đơn vị tính: triệu đồng") == 1_000_000
    assert unit_of() == 1
