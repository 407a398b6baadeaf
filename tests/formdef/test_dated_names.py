"""Names of a day: the agency in charge, provinces that became cities, addresses before and after the reform."""

from datetime import date

import pytest

from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.dated_names import day_on_paper, load_names, names_on

TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def shipped():
    return load()


@pytest.mark.parametrize(
    ("on", "agency"),
    [
        (date(2013, 12, 27), "Cục Công nghiệp địa phương"),
        (date(2018, 12, 5), "Cục Công Thương địa phương"),
        (date(2025, 8, 25), "Cục Công Thương địa phương"),
        (date(2025, 8, 26), "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"),
        (date(2025, 12, 31), "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công"),
        (
            date(2026, 5, 1),
            "Cục Đổi mới sáng tạo, Chuyển đổi xanh và Khuyến công (Cục Công nghiệp, chưa rõ ngày đổi tên)",
        ),
        (date(2026, 10, 8), "Cục Công nghiệp"),
    ],
)
def test_the_agency_has_the_name_of_the_day(shipped, on, agency):
    assert names_on(shipped, on).agency == agency


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("75", date(2026, 4, 29), "Tỉnh Đồng Nai"),
        ("75", date(2026, 4, 30), "Thành phố Đồng Nai"),
        ("22", date(2026, 8, 31), "Tỉnh Quảng Ninh"),
        ("22", date(2026, 9, 1), "Thành phố Quảng Ninh"),
        ("24", date(2026, 9, 19), "Tỉnh Bắc Ninh"),
        ("24", date(2026, 9, 20), "Thành phố Bắc Ninh"),
        ("46", date(2018, 1, 1), "Tỉnh Thừa Thiên Huế"),
        ("46", date(2025, 1, 1), "Thành phố Huế"),
        ("48", date(2018, 1, 1), "Thành phố Đà Nẵng"),
        ("52", TODAY, "Tỉnh Gia Lai"),
        ("99", TODAY, ""),
    ],
)
def test_a_province_has_the_kind_of_the_day(shipped, code, on, name):
    assert names_on(shipped, on).province(code) == name


def test_an_address_is_that_of_the_day(shipped):
    places = shipped.places
    found = next(match for match in places.search("Phú Phong, Tây Sơn") if match.old_commune)
    both = {"commune": found.commune, "old_commune": found.old_commune}
    before, after = names_on(shipped, date(2018, 12, 5)), names_on(shipped, TODAY)
    assert before.address(both) == "thị trấn Phú Phong, huyện Tây Sơn, tỉnh Bình Định"
    assert after.address(both).startswith("xã Tây Sơn, tỉnh Gia Lai (trước 01/7/2025: thị trấn Phú Phong")
    merged = before.address({"commune": found.commune, "old_commune": ""})
    assert merged == "huyện Tây Sơn, tỉnh Bình Định (chưa ghi xã, phường trước 01/7/2025)"
    assert after.address({"commune": found.commune, "old_commune": ""}) == "xã Tây Sơn, tỉnh Gia Lai"


def test_no_address_before_the_reform_has_a_unit_of_today_alone(shipped):
    """Of every commune of today: the only unit before it, or what its units have in common, or that it is not known."""
    names = names_on(shipped, date(2018, 12, 5))
    origins = {}
    for code in shipped.places.old_communes:
        old = shipped.places.old(code)
        for became in old.new_codes:
            origins.setdefault(became, []).append(old)
    some = sorted(origins)[::40]
    for commune in some:
        written = names.address({"commune": commune, "old_commune": ""})
        if len(origins[commune]) == 1:
            assert written.startswith(origins[commune][0].address)
        else:
            assert written.endswith("(chưa ghi xã, phường trước 01/7/2025)")
    assert len(some) > 50


def test_a_city_of_2026_is_a_province_in_an_address_of_the_day_before(shipped):
    ward = next(c for c in shipped.places.communes if shipped.places.commune(c).province_code == "24")
    assert names_on(shipped, date(2026, 9, 19)).address({"commune": ward}).endswith("tỉnh Bắc Ninh")
    assert names_on(shipped, date(2026, 9, 20)).address({"commune": ward}).endswith("thành phố Bắc Ninh")


@pytest.mark.parametrize(
    ("kind", "layout", "data", "day"),
    [
        ("acceptance", "minutes_5a", {"visited_on": "2018-12-05"}, date(2018, 12, 5)),
        (
            "contract",
            "liquidation_record",
            {"signed_on": "2018-03-01", "liquidated_on": "2019-01-10"},
            date(2019, 1, 10),
        ),
        ("contract", "reconciliation", {"signed_on": "2018-03-01", "liquidated_on": "2019-01-10"}, date(2018, 3, 1)),
        ("proposal", "proposal_outline", {"year": 2018}, date(2018, 12, 31)),
        ("proposal", "proposal_outline", {"year": 2027}, TODAY),
        ("acceptance", "minutes_5a", {}, TODAY),
        ("letter", "", {}, TODAY),
    ],
)
def test_a_paper_bears_its_own_day(shipped, kind, layout, data, day):
    record = Record("", kind, shipped.current(kind), data, forms=shipped)
    assert day_on_paper(shipped, record, layout, TODAY) == day


def test_names_without_a_day_or_out_of_order_are_refused(shipped, tmp_path):
    wrong = """
[[agency_name]]
name = "A"
source = "NĐ 45/2012/NĐ-CP"
[[agency_name]]
name = "B"
source = "NĐ 45/2012/NĐ-CP"
[[former_province]]
old_province = "XX"
name = "Tỉnh X"
effective_to = 2024-12-31
source = "NĐ 45/2012/NĐ-CP"
[[paper_day]]
kind = "proposal"
fields = ["no_such_field"]
"""
    (tmp_path / "names.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(FormsError) as refused:
        load_names(tmp_path, shipped)
    sentence = refused.value.sentence()
    assert all(word in sentence for word in ("agency_name B", "XX", "no_such_field"))
