"""The territory of an establishment is filled in from its commune, and a contradiction is told."""

import pytest

from kcdesk.services.lifecycle import missing
from kcdesk.services.proposals import territory
from kcdesk.services.records import changing


def place(workspace, words):
    found = workspace.places.search(words)[0]
    return {"commune": found.commune, "old_commune": found.old_commune}


def begun(workspace, **values):
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu", **values}).items[0].id
    return workspace.store.record(id_)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("xã Tây Sơn, tỉnh Gia Lai", "commune"),
        ("phường Quy Nhơn, tỉnh Gia Lai", "provincial_ward"),
        ("phường Bến Thành, Hồ Chí Minh", "city_ward"),
        ("đặc khu Lý Sơn", "special_zone"),
    ],
)
def test_the_commune_of_today_says_the_territory(workspace, words, value):
    assert begun(workspace, place=place(workspace, words)).value("territory") == value


def test_it_follows_the_commune_until_the_officer_says_otherwise(workspace):
    record = begun(workspace, place=place(workspace, "xã Tây Sơn, tỉnh Gia Lai"))
    ward = place(workspace, "phường Quy Nhơn, tỉnh Gia Lai")
    changing.set_values(workspace, record.id, {"place": ward})
    assert workspace.store.record(record.id).value("territory") == "provincial_ward"
    changing.set_values(workspace, record.id, {"territory": "craft_village"})
    changing.set_values(workspace, record.id, {"place": place(workspace, "xã Tây Sơn, tỉnh Gia Lai")})
    assert workspace.store.record(record.id).value("territory") == "craft_village"


def test_a_contradiction_is_told_with_what_fits(workspace):
    record = begun(workspace, place=place(workspace, "xã Tây Sơn, tỉnh Gia Lai"), territory="city_ward")
    sentence = territory.sentence_about(workspace, record)
    assert "«Phường thuộc thành phố trực thuộc trung ương»" in sentence
    assert "«Xã»" in sentence
    assert sentence in [gap.message for gap in missing.outlook_of(workspace, record).differences]


def test_the_place_of_production_decides(workspace):
    values = {"place": place(workspace, "phường Quy Nhơn, tỉnh Gia Lai")}
    values |= {"production_place": place(workspace, "xã Tây Sơn, tỉnh Gia Lai")}
    assert begun(workspace, **values).value("territory") == "commune"


def test_what_a_commune_was_before_the_reform_is_no_contradiction(workspace):
    town = place(workspace, "thị trấn Phú Phong")
    assert territory.sentence_about(workspace, begun(workspace, place=town, territory="township")) == ""
