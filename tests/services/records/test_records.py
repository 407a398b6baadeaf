"""Adding, changing, deleting, undoing and finding records."""

import pytest

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.services.attachments import content
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing, reading
from kcdesk.services.records.changing import add, save, set_values, undo
from tests.services import samples
from tests.services.samples import begin, new


def refusal(act, *arguments):
    """The error that a service refuses with."""
    with pytest.raises(UserError) as caught:
        act(*arguments)
    assert caught.value.message
    return caught.value.code, caught.value.field


def value(workspace, id_, path):
    return workspace.store.record(id_).value(path)


# -- adding and changing -----------------------------------------------------------------------------------------


def test_a_record_is_read_generously_and_kept_exactly(workspace):
    id_ = new(workspace, "proposal", title="  Máy  mới ", year="2026", programme="Khuyến công địa phương")
    record = workspace.store.record(id_)
    assert (record.value("title"), record.value("year"), record.value("programme")) == ("Máy mới", 2026, "local")
    assert (record.state, record.revision) == ("draft", 1)
    assert workspace.store.check() == []


def test_what_cannot_be_read_names_its_field_and_nothing_is_written(workspace):
    assert refusal(add, workspace, "proposal", {"title": "A", "year": "năm nay"}) == ("bad_value", "year")
    assert reading.count(workspace, "proposal") == 0
    id_ = new(workspace, "proposal", title="A")
    assert refusal(set_values, workspace, id_, {"title": "B", "starts_on": "31/2/2026"}) == ("bad_value", "starts_on")
    assert value(workspace, id_, "title") == "A"


def test_computed_values_are_kept_with_what_they_come_from(workspace):
    id_ = new(workspace, "proposal", machines=[{"name": "Máy", "quantity": "2", "unit_price": "1,5 triệu"}])
    (machine,) = workspace.store.record(id_).rows("machines")
    assert (machine["amount"], value(workspace, id_, "total_machines")) == (3_000_000, 3_000_000)
    changes = set_values(workspace, id_, {f"machines/{machine['id']}/quantity": "3"})
    assert set(changes.items[0].fields) == {
        f"machines/{machine['id']}/quantity",
        f"machines/{machine['id']}/amount",
        "total_machines",
    }
    (stored,) = workspace.store.query("select total_machines from proposal")
    assert stored["total_machines"] == 4_500_000


def test_rows_come_change_and_go_one_by_one(workspace):
    id_ = new(workspace, "proposal", budget=[{"item": "A", "cost": 1}])
    set_values(workspace, id_, {"budget/r2": {"item": "B", "cost": 2}})
    assert [row["item"] for row in workspace.store.record(id_).rows("budget")] == ["A", "B"]
    save(workspace, id_, {"budget/r2": None})
    assert value(workspace, id_, "total_cost") == 1
    set_values(workspace, id_, {"budget": []})
    assert value(workspace, id_, "budget") is value(workspace, id_, "total_cost") is None
    assert refusal(set_values, workspace, id_, {"budget/r2/cost": "5"}) == ("row_gone", "budget/r2")


def test_the_window_saves_stored_values_and_empties_with_none(workspace):
    id_ = new(workspace, "proposal", title="A", year=2026)
    changes = save(workspace, id_, {"title": "B", "year": None}).changes
    assert set(changes.items[0].fields) == {"title", "year"}
    assert (value(workspace, id_, "title"), value(workspace, id_, "year")) == ("B", None)


def test_saving_gives_the_record_as_it_is_then_kept(workspace):
    id_ = new(workspace, "proposal", title="A", budget=[{"item": "B", "cost": 1}, {"item": "C", "cost": 2}])
    first, second = workspace.store.record(id_).rows("budget")
    edits = {
        f"budget/{first['id']}/cost": 7,
        f"budget/{second['id']}": None,
        "title": None,
        "goals": "Mục tiêu",
        "budget/r9": {"item": "D", "cost": 5},
    }
    saved = save(workspace, id_, edits)
    kept = workspace.store.record(id_)
    assert saved.record.data == kept.data
    assert (kept.value("total_cost"), [row["item"] for row in kept.rows("budget")]) == (12, ["B", "D"])


def test_what_the_window_has_computed_is_computed_again(workspace):
    id_ = new(workspace, "proposal", budget=[{"item": "A", "cost": 1}])
    (row,) = workspace.store.record(id_).rows("budget")
    save(workspace, id_, {f"budget/{row['id']}/cost": 2, "total_cost": 999})
    assert value(workspace, id_, "total_cost") == 2


def test_saving_what_already_is_changes_nothing(workspace):
    id_ = new(workspace, "proposal", title="A")
    acts = len(workspace.store.acts())
    assert save(workspace, id_, {"title": "A"}).changes.items == ()
    assert len(workspace.store.acts()) == acts


@pytest.mark.parametrize(
    ("path", "raw", "code"),
    [
        ("nothing", "x", "unknown_field"),
        ("state", "final", "unknown_field"),
        ("budget/r1/nothing", "x", "unknown_field"),
        ("total_cost", "5", "computed"),
        ("machines/r1/amount", "5", "computed"),
        ("province_result", "accepted", "not_owner"),
        ("beneficiaries", ["01a2011c-8595-7b4b-99f8-091b0b641e6d"], "unknown_reference"),
    ],
)
def test_fields_that_are_not_the_officers_are_refused(workspace, path, raw, code):
    id_ = new(workspace, "proposal", title="A")
    before = workspace.store.get(id_).data_json
    assert refusal(set_values, workspace, id_, {path: raw}) == (code, path)
    if code != "computed":  # the window passes on what it has computed
        assert refusal(save, workspace, id_, {path: raw}) == (code, path)
    assert workspace.store.get(id_).data_json == before
    assert refusal(add, workspace, "proposal", {path: raw}) == (code, path)


def test_the_province_fills_in_its_own_section(province):
    id_ = new(province, "proposal", title="A", province_note="Đồng ý")
    assert value(province, id_, "province_note") == "Đồng ý"


def test_the_window_keeps_a_batch_but_for_an_opinion_on_what_was_not_handed_in(province):
    id_ = new(province, "proposal", title="A")
    saved = save(province, id_, {"province_result": "approved", "province_support": 5, "title": "B"})
    assert (saved.record.value("title"), saved.record.value("province_result")) == ("B", None)
    assert list(saved.refused) == ["province_result", "province_support"]
    assert saved.refusal.count("chưa gửi thẩm định") == 1
    with province.store.act("Nhận hồ sơ") as act:
        act.update(id_, {"state": "grassroots_appraisal"})
    answered = save(province, id_, {"province_result": "returned", "province_note": "Thiếu báo giá"})
    assert (answered.record.value("province_result"), answered.refusal) == ("returned", "")
    untimely = save(province, id_, {"province_result": "approved", "province_note": "Đủ"})
    assert list(untimely.refused) == ["province_result"]
    assert value(province, id_, "province_note") == "Đủ"


def test_references_must_be_alive_and_of_the_right_kind(workspace):
    proposal = new(workspace, "proposal", title="A")
    gone = samples.beneficiary(workspace)
    changing.delete(workspace, gone)
    for wrong in (proposal, gone):
        assert refusal(set_values, workspace, proposal, {"beneficiaries": [wrong]})[0] == "unknown_reference"
    site = {"name": "Xưởng", "beneficiary": gone}
    assert refusal(set_values, workspace, proposal, {"scheme": "group", "sites": [site]})[0] == "unknown_reference"


def test_unknown_kinds_and_ids_are_refused(workspace):
    assert refusal(add, workspace, "invoice", {}) == ("unknown_kind", "")
    for act in (lambda: save(workspace, "x", {}), lambda: changing.delete(workspace, "x")):
        assert refusal(act)[0] == "not_found"
    assert reading.title_of(workspace, "x") == "(hồ sơ của đơn vị khác)"


# -- locking, deleting -------------------------------------------------------------------------------------------


def test_a_final_record_is_locked_but_for_its_open_sections(workspace):
    id_ = samples.proposal(workspace)
    steps.take_step(workspace, id_, "finalise")
    assert refusal(set_values, workspace, id_, {"title": "B"}) == ("locked", "title")
    assert refusal(changing.delete, workspace, id_)[0] == "locked"
    set_values(workspace, id_, {"decision_number": "1/QĐ"})
    assert value(workspace, id_, "decision_number") == "1/QĐ"


def test_a_deleted_record_is_out_of_the_lists_until_it_is_brought_back(workspace):
    id_ = new(workspace, "beneficiary", name="Cơ sở Mẫu")
    assert changing.delete(workspace, id_).action == "Xoá đơn vị thụ hưởng «Cơ sở Mẫu»"
    assert reading.list_page(workspace, "beneficiary") == []
    for act in (
        lambda: set_values(workspace, id_, {"name": "B"}),
        lambda: changing.delete(workspace, id_),
        lambda: steps.take_step(workspace, id_, "finalise"),
        lambda: changing.attach(workspace, id_, "files", []),
    ):
        assert refusal(act)[0] == "deleted"
    undo(workspace)
    assert [row.title for row in reading.list_page(workspace, "beneficiary")] == ["Cơ sở Mẫu"]


def test_what_others_build_on_is_not_deleted_under_them(workspace):
    proposal = samples.approved(workspace)
    (beneficiary,) = value(workspace, proposal, "beneficiaries")
    assert refusal(changing.delete, workspace, beneficiary)[0] == "in_use"
    draft = new(workspace, "proposal", title="Nháp")
    contract = begin(workspace, draft, "contract")
    assert refusal(changing.delete, workspace, draft)[0] == "in_use"
    changing.delete(workspace, contract)
    changing.delete(workspace, draft)
    assert reading.count(workspace, "contract") == 0


# -- undo, redo, history -----------------------------------------------------------------------------------------


def test_undo_and_redo_go_through_all_that_was_done_by_name(workspace):
    id_ = new(workspace, "proposal", title="A")
    set_values(workspace, id_, {"year": 2026})
    set_values(workspace, id_, {"budget": [{"item": "Máy", "cost": 5}]})
    assert changing.undo_label(workspace) == "Sửa dự toán kinh phí"
    changing.delete(workspace, id_)
    assert changing.undo_label(workspace) == "Xoá đề án khuyến công «A»"
    undo(workspace, 3)
    assert workspace.store.record(id_).data == {"state": "draft", "revision": 1, "title": "A"}
    assert changing.redo_label(workspace) == "Sửa năm kế hoạch"
    changing.redo(workspace, 3)
    assert workspace.store.get(id_).deleted
    assert refusal(changing.redo, workspace) == ("nothing_to_undo", "")


def test_typing_in_one_field_is_one_step_for_the_window_and_many_for_the_command_line(workspace):
    id_ = new(workspace, "proposal", title="A")
    for title in ("Ab", "Abc", "Abcd"):
        save(workspace, id_, {"title": title})
    changing.undo_acts(workspace)
    assert value(workspace, id_, "title") == "Abc"
    undo(workspace)
    assert value(workspace, id_, "title") == "A"


def test_undo_stops_at_the_beginning(workspace):
    assert refusal(undo, workspace) == ("nothing_to_undo", "")
    new(workspace, "proposal", title="A")
    undo(workspace, 99)
    assert reading.count(workspace, "proposal") == 0
    assert changing.undo_label(workspace) == ""


def test_something_new_ends_what_could_be_redone(workspace):
    id_ = new(workspace, "proposal", title="A")
    set_values(workspace, id_, {"title": "B"})
    undo(workspace)
    set_values(workspace, id_, {"title": "C"})
    assert changing.redo_label(workspace) == ""


def test_the_history_reads_as_what_was_done(workspace):
    id_ = samples.beneficiary(workspace, name="Cơ sở Mẫu")
    set_values(workspace, id_, {"name": "Cơ sở Mới"})
    set_values(workspace, id_, {"workers": 5, "figures_year": 2025})
    steps.take_step(workspace, id_, "finalise")
    steps.take_step(workspace, id_, "correct", "Ghi nhầm số lao động")
    changing.delete(workspace, id_)
    undo(workspace)
    lines = reading.history(workspace, id_)
    assert [line["action"] for line in reversed(lines)] == [
        "Thêm đơn vị thụ hưởng",
        "Sửa tên đơn vị",
        "Sửa 2 mục",
        "Chốt đơn vị thụ hưởng",
        "Sửa thành bản mới đơn vị thụ hưởng: Ghi nhầm số lao động",
        "Xoá đơn vị thụ hưởng «Cơ sở Mới»",
        "Hoàn tác: Xoá đơn vị thụ hưởng «Cơ sở Mới»",
    ]
    assert {line["officer"] for line in lines} == {"Nguyễn Thị Mẫu"}
    renamed = lines[-2]
    assert (renamed["before"], renamed["after"]) == ({"name": "Cơ sở Mẫu"}, {"name": "Cơ sở Mới"})
    assert (renamed["fields"], renamed["labels"]) == (["name"], ["Tên đơn vị"])
    assert [line["labels"] for line in lines[:3]] == [["Đánh dấu xoá"], ["Đánh dấu xoá"], ["Trạng thái", "Bản"]]


# -- attachments -------------------------------------------------------------------------------------------------


def test_files_are_kept_with_the_record_and_come_out_again(workspace, tmp_path):
    id_ = new(workspace, "proposal", title="A")
    for name in ("Đơn đề nghị.txt", "=1+1.txt"):
        (tmp_path / name).write_text(name, encoding="utf-8")
        changing.attach(workspace, id_, "attachments", [tmp_path / name])
    kept = value(workspace, id_, "attachments")
    assert [file["name"] for file in kept] == ["Đơn đề nghị.txt", "=1+1.txt"]
    out = content.take_out(workspace, kept[0])
    assert (out.suffix, out.read_text(encoding="utf-8")) == (".txt", "Đơn đề nghị.txt")
    assert "nghi" not in out.name
    assert out.is_relative_to(paths.temporary_root())
    undo(workspace, 2)
    assert value(workspace, id_, "attachments") is None
    assert workspace.store.check() == []


def test_only_fields_of_files_take_files_that_are_there(workspace, tmp_path):
    id_ = new(workspace, "proposal", title="A")
    there = tmp_path / "a.txt"
    there.write_text("a", encoding="utf-8")
    assert refusal(changing.attach, workspace, id_, "title", [there]) == ("not_files", "title")
    assert refusal(changing.attach, workspace, id_, "nothing", [there]) == ("unknown_field", "nothing")
    for missing in (tmp_path / "b.txt", tmp_path):
        assert refusal(changing.attach, workspace, id_, "attachments", [there, missing])[0] == "file_missing"
    assert value(workspace, id_, "attachments") is None


# -- finding -----------------------------------------------------------------------------------------------------


def test_lists_page_by_page_without_gap_or_double(workspace):
    for number in range(7):
        new(workspace, "beneficiary", name=f"Cơ sở {number}")
    first = reading.list_page(workspace, "beneficiary", limit=3)
    second = reading.list_page(workspace, "beneficiary", limit=3, after=first[-1])
    third = reading.list_page(workspace, "beneficiary", limit=3, after=second[-1])
    assert [row.title for row in first + second + third] == [f"Cơ sở {number}" for number in range(7)]
    assert reading.count(workspace, "beneficiary", search="co so 3") == 1


def test_a_row_shows_what_people_read(workspace):
    owner = samples.beneficiary(workspace, name="Cơ sở Mẫu")
    new(workspace, "proposal", title="A", beneficiaries=[owner], budget=[{"item": "Máy", "cost": 5_000_000}])
    (row,) = reading.list_page(workspace, "proposal")
    assert (row.state_label, row.tone, row.cells["total_cost"]) == ("Đang soạn", "neutral", "5.000.000 đồng")
    assert "state" not in row.cells
    contract = begin(workspace, row.id, "contract")
    (line,) = reading.list_page(workspace, "contract")
    assert (line.id, line.cells["proposal"], line.cells["party_b"]) == (contract, "A", "Cơ sở Mẫu")
