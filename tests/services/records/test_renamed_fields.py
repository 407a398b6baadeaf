"""Records of two versions, between which fields were renamed, are listed, searched, reported and handed over as one."""

import shutil
from datetime import date

import pytest
from openpyxl import load_workbook

from kcdesk import paths
from kcdesk.formdef.loading.loader import load
from kcdesk.services.deadlines import dated_records
from kcdesk.services.handover.packages import edited_workbooks
from kcdesk.services.records import changing, reading
from kcdesk.store.store import Store
from tests.services.exchange_support import Offices
from tests.services.samples import crowd

LATER = """
extends = "beneficiary@1"
version = 2
effective_from = 2026-03-01
list = ["name", "tax_code", "branch", "contact", "state"]
filters = ["branch"]

[[section]]
id = "identity"

[[section.field]]
name = "contact"
renamed_from = "phone"

[[section]]
id = "sector"

[[section.field]]
name = "branch"
renamed_from = "sector"

[[section.field]]
name = "trade"
renamed_from = "main_trade"

[[section.field]]
name = "held"
renamed_from = "certificates"

[[section.field.column]]
name = "goods"
renamed_from = "product"
"""
OLD = {
    "name": "Cơ sở Cũ",
    "phone": "0912345678",
    "main_trade": "Mây tre đan",
    "sector": "dd",
    "certificates": [
        {"id": "r1", "position": 1.0, "product": "Giỏ mây", "level": "district", "valid_until": "2026-12-31"}
    ],
}
NEW = {
    "name": "Cơ sở Mới",
    "contact": "0987654321",
    "trade": "Dệt thổ cẩm",
    "branch": "dd",
    "held": [{"goods": "Khăn dệt", "level": "province"}],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The shipped forms with a second version of the beneficiary, in which five names are others."""
    folder = shutil.copytree(paths.forms(), tmp_path_factory.mktemp("renamed") / "forms")
    first = folder / "beneficiary.toml"
    text = first.read_text(encoding="utf-8")
    first.write_text(text.replace("effective_to = 2026-10-31", "effective_to = 2026-02-28", 1), encoding="utf-8")
    (folder / "beneficiary-2.toml").write_text(LATER, encoding="utf-8")
    (folder / "beneficiary-3.toml").unlink()
    calendar = folder / "calendar.toml"
    text = calendar.read_text(encoding="utf-8")
    assert 'on = "certificates.valid_until"' in text
    text = text.replace("certificates.valid_until", "held.valid_until").replace("{ certificates =", "{ held =")
    calendar.write_text(text.replace('detail = "product"', 'detail = "goods"'), encoding="utf-8")
    return folder


@pytest.fixture
def offices(tmp_path, folder):
    made = Offices(tmp_path, load(folder))
    yield made
    made.close()


def fill(workspace):
    """A record of each version; their ids."""
    with workspace.store.act("Nhập mẫu") as act:
        old = act.insert("beneficiary", "beneficiary@1", {**OLD, "state": "draft", "revision": 1})
    new = changing.add(workspace, "beneficiary", NEW).items[0].id
    assert workspace.store.get(new).form == "beneficiary@2"
    return old, new


@pytest.fixture
def unit(offices):
    return offices.make("TT-A")


def test_a_list_shows_both_versions_under_the_newest_names(unit):
    old, new = fill(unit)
    rows = {row.id: row for row in reading.list_page(unit, "beneficiary")}
    assert rows[old].cells["contact"] == "0912 345 678"
    assert rows[new].cells["contact"] == "0987 654 321"
    assert rows[old].cells["branch"] == rows[new].cells["branch"] != ""
    assert (rows[old].value("contact"), rows[new].value("contact")) == (OLD["phone"], NEW["contact"])
    assert unit.store.get(old).data == {**OLD, "state": "draft", "revision": 1}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"contact": "0912345678"}, ["Cơ sở Cũ"]),
        ({"phone": "0987654321"}, ["Cơ sở Mới"]),
        ({"branch": "dd"}, ["Cơ sở Cũ", "Cơ sở Mới"]),
        ({"trade": "Mây tre đan"}, ["Cơ sở Cũ"]),
        ({"trade": None}, []),
        ({"held/level": "district"}, ["Cơ sở Cũ"]),
        ({"certificates/level": "province"}, ["Cơ sở Mới"]),
    ],
)
def test_a_filter_asks_both_versions_by_any_of_the_names(unit, where, found):
    fill(unit)
    assert [row.title for row in reading.list_page(unit, "beneficiary", where=where)] == found
    assert reading.count(unit, "beneficiary", where=where) == len(found)


def test_a_list_is_ordered_and_paged_by_a_renamed_column(unit):
    old, new = fill(unit)
    first = reading.list_page(unit, "beneficiary", order="contact", limit=1)
    assert [row.id for row in first] == [old]
    assert [row.id for row in reading.list_page(unit, "beneficiary", order="contact", after=first[0])] == [new]
    crowd(unit, "beneficiary")
    plan = " ".join(
        row["detail"]
        for row in unit.store.query(
            "EXPLAIN QUERY PLAN SELECT seq FROM record INDEXED BY list_beneficiary_contact"
            " WHERE kind = 'beneficiary' AND deleted IS NULL"
        )
    )
    assert "list_beneficiary_contact" in plan


def test_reports_read_one_column_of_both_versions(unit):
    old, new = fill(unit)
    assert unit.store.query("SELECT id, contact, trade FROM beneficiary ORDER BY contact") == [
        {"id": old, "contact": OLD["phone"], "trade": OLD["main_trade"]},
        {"id": new, "contact": NEW["contact"], "trade": NEW["trade"]},
    ]
    rows = unit.store.query("SELECT beneficiary_id, goods FROM beneficiary_certificate ORDER BY goods")
    assert rows == [{"beneficiary_id": old, "goods": "Giỏ mây"}, {"beneficiary_id": new, "goods": "Khăn dệt"}]
    columns = {row["name"] for row in unit.store.query("SELECT name FROM pragma_table_info('beneficiary')")}
    assert columns.isdisjoint({"phone", "main_trade", "sector"})


def test_a_record_answers_to_the_newest_name_and_keeps_its_own(unit):
    old, _ = fill(unit)
    record = unit.store.record(old)
    assert (record.value("contact"), record.text("trade")) == (OLD["phone"], OLD["main_trade"])
    assert record.field("held").label == record.field("certificates").label
    changing.set_values(unit, old, {"contact": "0900000001"})
    assert unit.store.get(old).data["phone"] == "0900000001"
    assert "contact" not in unit.store.get(old).data


def test_records_that_were_indexed_before_the_renaming_are_found_after_it(tmp_path, folder, unit):
    """The same store under the first version alone, then under both."""
    shipped = load()
    before, _ = Store.create(tmp_path / "kept", shipped, unit.identity.unit, unit.identity.officer, practice=True)
    with before.act("Nhập mẫu") as act:
        old = act.insert("beneficiary", "beneficiary@1", {**OLD, "state": "draft", "revision": 1})
    assert [stored.id for stored in before.page("beneficiary", where={"phone": OLD["phone"]})] == [old]
    before.close()
    with Store.open(tmp_path / "kept", load(folder)) as after:
        assert [stored.id for stored in after.page("beneficiary", where={"contact": OLD["phone"]})] == [old]
        assert after.query("SELECT contact FROM beneficiary") == [{"contact": OLD["phone"]}]


def test_a_deadline_hangs_on_the_rows_of_both_versions(unit):
    old, _ = fill(unit)
    rule = next(rule for rule in unit.calendar.deadlines if rule.on == "held.valid_until")
    found = dated_records.dossiers_due(dated_records.Asking(unit), rule, date(2026, 1, 1), date(2026, 12, 31))
    assert [(one.dossier.id, one.row, one.day, one.detail) for one in found] == [
        (old, "r1", date(2026, 12, 31), "Giỏ mây")
    ]


# ---- handed over


def column(page, name):
    (place,) = [cell.column for cell in page[2] if cell.value == name]
    return place


def shown(page, name):
    return [page.cell(row, column(page, name)).value for row in range(3, page.max_row + 1)]


def test_a_package_shows_both_versions_in_one_column_and_is_taken_in(offices, unit):
    province = offices.make("SCT", "province")
    offices.acquaint(unit, province)
    old, new = fill(unit)
    path, _ = offices.export(unit)
    book = load_workbook(path)
    page = book["Đơn vị thụ hưởng"]
    assert sorted(shown(page, "contact")) == [OLD["phone"], NEW["contact"]]
    assert "phone" not in [cell.value for cell in page[2]]
    rows = next(sheet for sheet in book if sheet.title != page.title and "goods" in [cell.value for cell in sheet[2]])
    assert sorted(shown(rows, "goods")) == ["Giỏ mây", "Khăn dệt"]
    offices.send(unit, province, full=True)
    for id_ in (old, new):
        assert province.store.get(id_).data == unit.store.get(id_).data
    contacts = province.store.query("SELECT contact FROM beneficiary ORDER BY contact")
    assert [row["contact"] for row in contacts] == [OLD["phone"], NEW["contact"]]


def test_a_cell_that_comes_back_changed_reaches_the_old_field(offices, unit):
    fill(unit)
    path, _ = offices.export(unit)
    book = load_workbook(path)
    page = book["Đơn vị thụ hưởng"]
    row = shown(page, "contact").index(OLD["phone"]) + 3
    page.cell(row, column(page, "contact")).value = "0911111111"
    rows = next(sheet for sheet in book if sheet.title != page.title and "goods" in [cell.value for cell in sheet[2]])
    line = shown(rows, "goods").index("Giỏ mây") + 3
    rows.cell(line, column(rows, "goods")).value = "Rổ mây"
    back = offices.path()
    book.save(back)
    found = edited_workbooks.read_edits(unit, back)
    assert {(edit["path"], edit["accepted"]) for edit in found["edits"]} == {
        ("phone", True),
        ("certificates/r1/product", True),
    }
