"""What a unit was before a change, and the units that it came from: kept with days, and seen through everywhere."""

import json
from datetime import date

import pytest

from kcdesk.cli.program import main
from kcdesk.errors import UserError
from kcdesk.services.beneficiaries import unit_changes
from kcdesk.services.lifecycle import steps
from kcdesk.services.proposals import duplicate_beneficiaries
from kcdesk.services.records import changing, reading
from kcdesk.services.rules import earlier_support
from tests.services.samples import approved, beneficiary, proposal

OLD, NEW = "Hộ kinh doanh Gốm Tân Vạn", "Công ty TNHH Sao Mai"
CHANGE = {"name": NEW, "legal_form": "limited_company", "tax_code": "0309532909", "representative": "Lê Thị Mới"}
DAY = date(2019, 3, 5)


@pytest.fixture
def changed(workspace):
    """A supported household that became a company of another owner on 5 March 2019."""
    id_ = beneficiary(
        workspace, name=OLD, legal_form="household_business", tax_code="0101243150", representative="Trần Văn Cũ"
    )
    dossier = approved(workspace, beneficiaries=[id_])
    steps.take_step(workspace, id_, "finalise")
    unit_changes.change_unit(workspace, id_, CHANGE, DAY, "Đăng ký thay đổi lần 2")
    return id_, dossier


def test_each_former_value_stands_with_its_day_and_reason(workspace, changed):
    record = workspace.store.record(changed[0])
    assert (record.state, record.revision) == ("final", 2)
    assert {name: record.value(name) for name in CHANGE} == CHANGE
    rows = [(row["what"], row["value"], row["until"], row["reason"]) for row in record.rows("former")]
    values = {"name": OLD, "legal_form": "Hộ kinh doanh", "tax_code": "0101243150", "representative": "Trần Văn Cũ"}
    assert sorted(rows) == sorted((what, old, "2019-03-05", "Đăng ký thay đổi lần 2") for what, old in values.items())


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (OLD, f"tên trước đây «{OLD}», đến 05/3/2019 (Đăng ký thay đổi lần 2)"),
        ("tan van", f"tên trước đây «{OLD}», đến 05/3/2019 (Đăng ký thay đổi lần 2)"),
        ("0101243150", "cùng mã số thuế trước đây, đến 05/3/2019 (Đăng ký thay đổi lần 2)"),
        ("Trần Văn Cũ", "người đại diện trước đây «Trần Văn Cũ», đến 05/3/2019 (Đăng ký thay đổi lần 2)"),
        ("Lê Thị Mới", "người đại diện «Lê Thị Mới»"),
        ("Sao Mai", "tên gần giống"),
    ],
)
def test_it_is_found_by_what_it_was(workspace, changed, typed, reason):
    (entry,) = earlier_support.search(workspace, typed)
    assert (entry.proposal, entry.beneficiary, entry.reason) == (changed[1], changed[0], reason)


def test_lists_and_the_warning_of_duplicates_say_it(workspace, changed):
    assert changed
    (row,) = reading.list_page(workspace, "beneficiary", search="tan van")
    assert row.former.startswith(f"tên trước đây «{OLD}», đến 05/3/2019")
    hint = duplicate_beneficiaries.hint(workspace, "new", "tax_code", "0101243150")
    assert "cùng mã số thuế trước đây, đến 05/3/2019" in hint


def test_a_part_of_a_name_lists_every_unit_that_fits(workspace):
    helped = [beneficiary(workspace, name=f"HTX Mây tre Phú Vinh {n}", phone=f"090111111{n}") for n in range(3)]
    dossiers = {approved(workspace, beneficiaries=[id_]) for id_ in helped}
    beneficiary(workspace, name="Cơ sở Phú Vinh Xanh", phone="0902222222")
    answer = earlier_support.answer_to(workspace, "Phú Vinh")
    assert {entry.proposal for entry in answer.supports} == dossiers
    assert answer.unhelped == ["Cơ sở Phú Vinh Xanh (tên có những chữ này)"]
    assert answer.note == "Cũng khớp nhưng chưa thấy hỗ trợ: Cơ sở Phú Vinh Xanh (tên có những chữ này)."


def test_units_before_and_after_a_split_see_each_other(workspace):
    whole, half, other = (
        beneficiary(workspace, name=name, phone=f"09011111{n}1")
        for n, name in enumerate(("Cơ khí Hải Đăng", "Đúc gang Minh Long", "Chè Tân Cương"))
    )
    dossier = approved(workspace, beneficiaries=[whole])
    unit_changes.note_predecessor(workspace, half, whole, "divided", DAY, "QĐ 12")
    (entry,) = earlier_support.of_beneficiary(workspace, half)
    assert (entry.proposal, entry.reason) == (dossier, "đơn vị trước của «Đúc gang Minh Long»: chia, ngày 05/3/2019")
    later = workspace.store.record(proposal(workspace, beneficiaries=[half], year=2026))
    assert [entry.proposal for entry in earlier_support.of_proposal(workspace, later)] == [dossier]
    after = {entry.proposal: entry.reason for entry in earlier_support.of_beneficiary(workspace, whole)}
    assert after[later.id] == "đơn vị sau của «Cơ khí Hải Đăng»: chia, ngày 05/3/2019"
    assert earlier_support.of_beneficiary(workspace, other) == []


def test_one_undo_takes_a_change_back(workspace, changed):
    changing.undo(workspace)
    record = workspace.store.record(changed[0])
    assert (record.value("name"), record.revision, record.form.reference) == (OLD, 1, record.form.reference)
    assert not record.data.get("former")


@pytest.mark.parametrize(
    ("values", "on", "code"),
    [
        ({"phone": "0901234567"}, None, "unknown_field"),
        ({}, None, "nothing_changed"),
        ({"name": OLD}, None, "nothing_changed"),
        ({"name": NEW}, date(2099, 1, 1), "future_day"),
    ],
)
def test_what_cannot_be_is_refused(workspace, values, on, code):
    id_ = beneficiary(workspace, name=OLD)
    with pytest.raises(UserError) as refused:
        unit_changes.change_unit(workspace, id_, values, on)
    assert refused.value.code == code


def test_the_command(workspace, capsys):
    id_, before = beneficiary(workspace, name=OLD), beneficiary(workspace, name="Đơn vị trước", phone="0902222222")
    folder = str(workspace.store.folder)
    workspace.close()
    arguments = ["change-unit", id_, f"name={NEW}", "--on", "5/3/2019", "--before", before, "--how", "converted"]
    assert main(["--store", folder, "--json", *arguments]) == 0
    assert main(["--store", folder, "--json", "show", id_]) == 0
    data = json.loads(capsys.readouterr().out.splitlines()[-1])["data"]
    assert (data["name"], data["former"][0]["value"], data["former"][0]["until"]) == (NEW, OLD, "2019-03-05")
    assert (data["predecessors"][0]["unit"], data["predecessors"][0]["how"]) == (before, "converted")
