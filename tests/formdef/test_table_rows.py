"""A cell that names a row of another table: read by name, shown by name, emptied with the row, added up per row."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.row_links import unlinked_sentence

FORMS = load()
SITES = [{"id": "a", "position": 1.0, "name": "Xưởng A"}, {"id": "b", "position": 2.0, "name": "Xưởng B"}]


def group(**data) -> Record:
    record = Record("p", "proposal", FORMS.get("proposal", 2), {"scheme": "group"}, forms=FORMS)
    record.apply({"sites": SITES} | data)
    return record


def line(id_: str, site: str | None = None, **money) -> dict:
    return {"id": id_, "position": 1.0, "item": f"Khoản {id_}", "site": site, **money}


def test_a_row_is_named_by_its_name_in_any_letters_or_its_id():
    record = group(budget=[line("1")])
    for typed, wanted in (("Xưởng B", "b"), ("xuong b", "b"), ("a", "a"), ("  Xưởng A ", "a"), ("", None)):
        record.parse("budget/1/site", typed)
        assert record.value("budget/1/site") == wanted
    assert group(budget=[line("1", "b")]).text("budget/1/site") == "Xưởng B"


def test_a_name_that_leads_to_no_row_or_to_several_is_refused_with_the_rows_to_choose():
    record = group(budget=[line("1")])
    with pytest.raises(ValueProblem, match="không có trong bảng để chọn, gần nhất là «Xưởng A», «Xưởng B»; hãy chọn"):
        record.parse("budget/1/site", "Xưởng C")
    record.set("sites/b/name", "xưởng a")
    with pytest.raises(ValueProblem, match=r"nhiều dòng cùng tên; hãy chọn: Xưởng A \(dòng 1\); xưởng a \(dòng 2\)"):
        record.parse("budget/1/site", "Xưởng A")
    record.parse("budget/1/site", "xưởng a (dòng 2)")
    assert record.value("budget/1/site") == "b"
    record.apply({"sites": None})
    with pytest.raises(ValueProblem, match="chưa có dòng nào"):
        record.parse("budget/1/site", "Xưởng A")


def test_a_row_without_a_name_is_called_by_its_number_and_a_new_name_is_seen_at_once():
    record = group(sites=[{"id": "a", "position": 1.0, "support": 5}], budget=[line("1", "a")])
    assert record.text("budget/1/site") == "Địa điểm 1"
    record.set("sites/a/name", "Xưởng mới")
    assert record.text("budget/1/site") == "Xưởng mới"


def test_rows_of_one_name_keep_their_present_number_when_they_are_moved():
    record = group(sites=[{**row, "name": "Xưởng A"} for row in SITES], budget=[line("1", "b")])
    assert record.text("budget/1/site") == "Xưởng A (dòng 2)"
    record.move_row("sites", "b", None)
    assert record.text("budget/1/site") == "Xưởng A (dòng 1)"
    record.data = group(sites=SITES, budget=[line("1", "b")]).data
    assert record.text("budget/1/site") == "Xưởng B"


def test_a_removed_row_leaves_no_cell_that_names_it_and_says_which_rows_those_were():
    record = group(budget=[line("1", "a"), line("2", "b")], machines=[{"id": "m", "position": 1.0, "site": "a"}])
    changes = record.remove_row("sites", "a")
    assert changes["sites/a"] is changes["budget/1/site"] is changes["machines/m/site"] is None
    assert "budget/2/site" not in changes
    assert record.value("budget/2/site") == "b"
    sentence = unlinked_sentence(record.form, record.data, changes, "sites")
    for part in ("địa điểm", "1 dòng dự toán (Khoản 1)", "1 máy móc, thiết bị"):
        assert part in sentence
    assert unlinked_sentence(record.form, record.data, {"budget/2/cost": None}, "sites") == ""


def test_a_cell_that_names_a_missing_row_is_a_problem_until_it_is_chosen_again():
    record = group(budget=[line("1", "gone", cost=5)])
    (problem,) = [problem for problem in record.problems() if problem.field == "budget/1/site"]
    assert "không còn trong bảng; hãy chọn lại" in problem.message
    assert record.value("unplaced_cost") == 5
    record.set("budget/1/item", "Khác")
    assert record.value("budget/1/site") == "gone", "another change empties nothing that it did not remove"


MONEY = ("national", "local", "counterpart", "other", "cost")
amounts = st.fixed_dictionaries({}, optional=dict.fromkeys(MONEY, st.integers(0, 10**12)))
lines = st.lists(st.tuples(st.sampled_from(["a", "b", "c", "gone", None]), amounts), max_size=8)


@settings(max_examples=40, deadline=None)
@given(lines, st.sampled_from(["a", "b", None]))
def test_the_money_of_the_sites_and_the_common_money_are_the_money_of_the_proposal(drawn, removed):
    record = group(budget=[line(str(n), site, **money) for n, (site, money) in enumerate(drawn)])
    if removed:
        record.remove_row("sites", removed)
    rows, budget = record.rows("sites"), record.rows("budget")
    there = {row["id"] for row in rows}
    for name in MONEY:
        whole = sum(row.get(name, 0) for row in budget)
        common = sum(row.get(name, 0) for row in budget if row.get("site") not in there)
        assert sum(row.get(name, 0) for row in rows) == whole - common
    supported = sum(row.get(name, 0) for row in rows for name in ("national", "local"))
    assert supported + (record.value("unplaced_support") or 0) == (record.value("requested_support") or 0)
    assert sum(row.get("cost", 0) for row in rows) + (record.value("unplaced_cost") or 0) == (
        record.value("total_cost") or 0
    )


def test_a_single_scheme_keeps_the_sites_of_its_rows_hidden():
    record = group(budget=[line("1", "a", cost=5)])
    record.set("scheme", "single")
    assert not record.is_visible("budget/1/site")
    assert not record.is_visible("sites")
    assert "unplaced_cost" not in {field.name for field in record.fields_visible()}
    record.set("scheme", "group")
    assert record.text("budget/1/site") == "Xưởng A"
    assert record.value("sites/a/cost") == 5
