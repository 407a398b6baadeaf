"""The sites of a group proposal take over what is known of their establishments, and their money adds up."""

from contextlib import closing
from copy import copy
from datetime import date

import pytest
from pypdfium2 import PdfDocument

from kcdesk.demo import group_scheme
from kcdesk.errors import UserError
from kcdesk.services.lifecycle import missing
from kcdesk.services.papers import printing
from kcdesk.services.proposals import required_papers, site_rows
from kcdesk.services.records import changing, copies, table_offers
from kcdesk.services.workspace import Preparer
from tests.services.samples import beneficiary, proposal

PLACE = {"commune": "00004"}


def group(workspace, *sites, **more):
    return proposal(workspace, scheme="group", beneficiaries=[], place=None, sites=list(sites), **more)


def told(workspace, id_):
    return [gap.message for gap in missing.outlook_of(workspace, workspace.store.record(id_)).differences]


def test_a_site_takes_name_address_and_commune_of_its_establishment(workspace):
    owner = beneficiary(workspace, name="Cơ sở Mẫu Một", address="Thôn Mẫu", place=PLACE)
    id_ = group(workspace, {"name": "Xưởng đã đặt tên"})
    (row,) = workspace.store.record(id_).rows("sites")
    changing.set_values(workspace, id_, {"sites": [row | {"beneficiary": owner}, {"beneficiary": owner}]})
    first, second = workspace.store.record(id_).rows("sites")
    assert (first["name"], first["address"]) == ("Xưởng đã đặt tên", "Thôn Mẫu")
    assert first["place"]["commune"] == PLACE["commune"]
    assert second["name"] == "Cơ sở Mẫu Một"


def test_a_copied_cell_that_is_cleared_stays_empty_until_an_establishment_is_chosen(workspace):
    one, two = (beneficiary(workspace, name=f"Cơ sở Mẫu {n}", address=f"Thôn {n}", place=PLACE) for n in ("Một", "Hai"))
    id_ = group(workspace, {"beneficiary": one})
    (row,) = workspace.store.record(id_).rows("sites")
    assert (row["name"], row["address"]) == ("Cơ sở Mẫu Một", "Thôn Một")
    site = f"sites/{row['id']}"

    changing.save(workspace, id_, {f"{site}/address": None})
    changing.save(workspace, id_, {f"{site}/support": 120_000_000})
    (row,) = workspace.store.record(id_).rows("sites")
    assert "address" not in row
    assert row["name"] == "Cơ sở Mẫu Một"

    changing.save(workspace, id_, {f"{site}/beneficiary": two})
    (row,) = workspace.store.record(id_).rows("sites")
    assert (row["name"], row["address"]) == ("Cơ sở Mẫu Một", "Thôn Hai")
    changing.save(workspace, id_, {"sites/second": {"beneficiary": two, "position": 2.0}})
    assert workspace.store.record(id_).rows("sites")[1]["address"] == "Thôn Hai"
    added = changing.save(workspace, id_, {"sites/third": {"support": 1_000_000, "position": 3.0}}).record
    assert "name" not in added.rows("sites")[2]


def test_a_cell_of_a_site_that_ties_it_to_nothing_fills_nothing_in(workspace):
    filled = []

    def counting(office, record):
        filled.append(record.id)
        site_rows.prepare_sites(office, record)

    workspace.extensions = copy(workspace.extensions)
    vars(workspace.extensions)["preparers"] = {"proposal": (Preparer(counting, site_rows.TIES),)}
    owner = beneficiary(workspace)
    id_ = group(workspace, {"name": "Một"})
    site = f"sites/{workspace.store.record(id_).rows('sites')[0]['id']}"
    filled.clear()
    changing.save(workspace, id_, {f"{site}/support": 120_000_000, f"{site}/name": "Xưởng"})
    assert filled == []
    changing.save(workspace, id_, {f"{site}/beneficiary": owner})
    assert set(filled) >= {id_}


def test_sites_that_do_not_add_up_are_told(workspace):
    # the sample asks for 200 million of support
    id_ = group(workspace, {"name": "Một", "support": 120_000_000}, {"name": "Hai", "support": 50_000_000})
    (sentence,) = told(workspace, id_)
    assert "170.000.000" in sentence
    assert "200.000.000" in sentence
    assert "lệch 30.000.000" in sentence


def test_sites_without_their_amounts_are_still_being_written(workspace):
    id_ = group(workspace, {"name": "Một", "support": 120_000_000}, {"name": "Hai"})
    assert told(workspace, id_) == []
    id_ = group(workspace, {"name": "Một", "support": 120_000_000}, {"name": "Hai", "support": 80_000_000})
    assert told(workspace, id_) == []


LINES = [
    {"item": "Máy", "site": "Một", "cost": 300_000_000, "local": 120_000_000, "counterpart": 180_000_000},
    {"item": "Xưởng", "site": "Hai", "cost": 170_000_000, "local": 50_000_000, "counterpart": 120_000_000},
    {"item": "Quản lý", "cost": 30_000_000, "local": 30_000_000},
]


def test_lines_name_their_sites_as_they_are_typed_together(workspace):
    id_ = group(workspace, {"name": "Một"}, {"name": "Hai"}, budget=LINES)
    record = workspace.store.record(id_)
    assert [record.text(f"budget/{row['id']}/site") for row in record.rows("budget")] == ["Một", "Hai", ""]
    money = [(row.get("local"), row.get("counterpart"), row.get("cost")) for row in record.rows("sites")]
    assert money == [(120_000_000, 180_000_000, 300_000_000), (50_000_000, 120_000_000, 170_000_000)]
    assert (record.value("unplaced_support"), record.value("unplaced_cost")) == (30_000_000, 30_000_000)
    line = record.rows("budget")[0]["id"]
    changing.set_values(workspace, id_, {f"budget/{line}/site": "hai"})
    assert workspace.store.record(id_).text(f"budget/{line}/site") == "Hai"


def test_the_support_of_a_site_is_that_of_its_lines_or_is_taken_from_them(workspace):
    id_ = group(
        workspace, {"name": "Một", "support": 120_000_000}, {"name": "Hai", "support": 60_000_000}, budget=LINES
    )
    own, whole = told(workspace, id_)
    assert "«Hai»: hỗ trợ ghi 60.000.000 đồng" in own
    assert "là 50.000.000 đồng, lệch 10.000.000 đồng" in own
    assert "phần chung 30.000.000 đồng cộng lại là 210.000.000 đồng" in whole
    assert "200.000.000 đồng, lệch 10.000.000 đồng" in whole
    table_offers.fill_tables(workspace, id_, ("sites",))
    assert [row["support"] for row in workspace.store.record(id_).rows("sites")] == [120_000_000, 50_000_000]
    assert told(workspace, id_) == []
    changing.undo(workspace)
    assert workspace.store.record(id_).rows("sites")[1]["support"] == 60_000_000


def test_what_is_typed_for_the_sites_is_not_replaced_unasked(workspace):
    id_ = group(workspace, {"name": "Một", "support": 1}, {"name": "Hai"}, budget=LINES)
    table_offers.fill_tables(workspace, id_)  # usual rows, papers
    assert workspace.store.record(id_).rows("sites")[0]["support"] == 1
    with pytest.raises(UserError, match="Chưa có dòng dự toán nào chọn địa điểm"):
        table_offers.fill_tables(workspace, group(workspace, {"name": "Một"}), ("sites",))


def test_a_deleted_site_leaves_its_lines_and_comes_back_with_them(workspace):
    id_ = group(workspace, {"name": "Một"}, {"name": "Hai"}, budget=LINES)
    before = workspace.store.get(id_).data
    site = before["sites"][0]["id"]
    changing.save(workspace, id_, {f"sites/{site}": None})
    record = workspace.store.record(id_)
    assert [row.get("site") for row in (*record.rows("budget"), *record.rows("machines"))].count(site) == 0
    assert record.value("unplaced_support") == 150_000_000
    changing.undo(workspace)
    assert workspace.store.get(id_).data == before


def test_a_scheme_made_single_and_group_again_loses_nothing(workspace):
    id_ = group(workspace, {"name": "Một", "support": 9}, {"name": "Hai"}, budget=LINES)
    before = workspace.store.get(id_).data
    changing.set_values(workspace, id_, {"scheme": "single"})
    assert told(workspace, id_) == []
    changing.set_values(workspace, id_, {"scheme": "group"})
    assert workspace.store.get(id_).data == before


def test_a_copy_names_no_row_that_it_did_not_take_over(workspace):
    id_ = group(workspace, {"name": "Một"}, {"name": "Hai"}, budget=LINES)
    made = workspace.store.record(copies.copy(workspace, id_).items[0].id)
    assert made.value("sites") is None
    assert [(row["item"], row.get("site")) for row in made.rows("budget")] == [
        ("Máy", None),
        ("Xưởng", None),
        ("Quản lý", None),
    ]
    assert not [problem for problem in made.problems() if "hãy chọn lại" in problem.message]


def test_a_form_of_an_earlier_version_goes_on_without_the_column(workspace):
    earlier = workspace.forms.get("proposal", 1)
    assert "site" not in {column.name for column in earlier.field("budget").columns}
    assert earlier.effective_to.isoformat() < workspace.forms.get("proposal", 2).effective_from.isoformat()


def test_the_group_of_the_demo_prints_its_sites_with_their_machines_and_money(workspace, tmp_path):
    id_ = group_scheme.enter(workspace)
    record = workspace.store.record(id_)
    assert record.problems(final=True) == []
    assert told(workspace, id_) == []
    assert [row["cost"] for row in record.rows("sites")] == [320_000_000, 240_000_000, 280_000_000]
    printed = _outline(workspace, id_, tmp_path)
    for part in ("Theo dự toán của địa điểm", "Mua máy sao chè (Xưởng sao chè Mẫu Bốn)", "630.000.000", "Địa điểm"):
        assert part in printed
    machines = printed.partition("Danh mục máy móc")[2].partition("Tổng giá trị")[0]
    assert all(name in machines for name in ("Mẫu Bốn", "Mẫu Năm", "Mẫu Sáu"))
    changing.set_values(workspace, id_, {"scheme": "single"})
    assert "Xưởng sao chè" not in _outline(workspace, id_, tmp_path)


def _outline(workspace, id_, folder):
    printing.print_record(workspace, id_, "proposal_outline", folder / "outline.pdf")
    with closing(PdfDocument(folder / "outline.pdf")) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


def test_each_establishment_has_its_papers_and_the_missing_ones_are_named(workspace):
    workspace.today = lambda: date(2026, 12, 1)
    id_ = group(workspace, {"name": "Một"}, {"name": "Hai"}, papers=[], year=2026)
    changing.set_values(workspace, id_, {"beneficiaries": [beneficiary(workspace), beneficiary(workspace, name="Hai")]})
    table_offers.fill_tables(workspace, id_, ("papers",))
    record = workspace.store.record(id_)
    listed = [(row["item"], record.text(f"papers/{row['id']}/site")) for row in record.rows("papers")]
    registrations = [site for item, site in listed if "đăng ký kinh doanh" in item]
    assert registrations == ["Một", "Hai"]
    assert [site for item, site in listed if item.startswith("Công văn")] == [""], "one of the whole scheme"
    for row in record.rows("papers"):
        is_there = record.text(f"papers/{row['id']}/site") != "Hai"
        record.set(f"papers/{row['id']}/status", "copy" if is_there else "missing")
    lacking = [problem.message for problem in required_papers.unrecorded_papers(record)]
    assert lacking
    assert all(" của «Hai» (" in message for message in lacking)
    row = next(row for row in record.rows("papers") if row.get("site") and "đăng ký" in row["item"])
    record.set(f"papers/{row['id']}/site", None)
    assert not any("đăng ký kinh doanh" in p.message for p in required_papers.unrecorded_papers(record)), "one of all"
