"""«Đã được hỗ trợ?»: the same establishment under other numbers and spellings, in other years."""

import json

import pytest

from kcdesk import text
from kcdesk.cli.program import main
from kcdesk.formdef.values import today
from kcdesk.services.lifecycle import steps
from kcdesk.services.proposals import duplicate_beneficiaries
from kcdesk.services.records import changing, reading
from kcdesk.services.rules import earlier_support
from tests.services.samples import answer, approved, begin, beneficiary, contract, new, proposal

NAME = "Công ty trách nhiệm hữu hạn Gốm sứ Minh Phát"


@pytest.fixture
def helped(workspace):
    """A beneficiary with a supported proposal of 2018."""
    id_ = beneficiary(
        workspace,
        name=NAME,
        legal_form="limited_company",
        tax_code="0101243150",
        citizen_id="001085012345",
        phone="0901234567",
    )
    return approved(workspace, beneficiaries=[id_])


def test_what_was_given_is_told_with_year_amount_and_decision(workspace, helped):
    (found,) = earlier_support.search(workspace, NAME)
    assert found.proposal == helped
    assert (found.year, found.amount, found.granted) == (2018, 200_000_000, True)
    assert found.decision == "01/QĐ-MẪU ngày 15/02/2018"
    assert found.content == workspace.forms.activity("machinery").label
    assert found.programme == "Khuyến công địa phương"
    assert (found.name, found.state) == (NAME, "Đã phê duyệt")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("0101243150", "cùng mã số thuế"),
        ("0101243150-001", "cùng mã số thuế"),
        ("001085012345", "cùng số định danh cá nhân"),
        ("0901 234 567", "cùng số điện thoại"),
        ("Cty TNHH Gốm sứ Minh Phát", "tên gần giống"),
        ("cong ty tnhh gom su minh phat", "tên gần giống"),
        ("Minh Phát gốm sứ", "tên gần giống"),
        ("MINH PHAT GOM SU CTY TNHH MTV", "tên gần giống"),
        ("Gom su Minh Phát", "tên gần giống"),
    ],
)
def test_it_is_found_by_numbers_and_by_nearly_its_name(workspace, helped, typed, reason):
    (found,) = earlier_support.search(workspace, typed)
    assert (found.proposal, found.reason) == (helped, reason)


@pytest.mark.parametrize("typed", ["", "   ", "Dệt may Thành Công", "0309532909", "0911111111", "???"])
def test_nobody_else_is_accused(workspace, helped, typed):
    assert helped
    assert earlier_support.search(workspace, typed) == []


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"name": "Tên khác hẳn", "tax_code": "0101243150"}, "cùng mã số thuế"),
        ({"name": "Xưởng mới", "citizen_id": "001085012345"}, "cùng số định danh cá nhân"),
        ({"name": "Xưởng khác", "phone": "+84 901 234 567"}, "cùng số điện thoại"),
        ({"name": "Cty TNHH Minh Phát Gốm Sứ"}, "tên gần giống"),
    ],
)
def test_a_new_proposal_sees_what_its_beneficiary_had_under_another_record(workspace, helped, values, reason):
    twin = beneficiary(workspace, **values)
    later = workspace.store.record(proposal(workspace, beneficiaries=[twin], year=2026))
    (found,) = earlier_support.of_proposal(workspace, later)
    assert (found.proposal, found.reason) == (helped, reason)
    assert {entry.proposal for entry in earlier_support.of_beneficiary(workspace, twin)} == {helped, later.id}


def test_the_proposal_itself_is_not_told(workspace, helped):
    assert earlier_support.of_proposal(workspace, workspace.store.record(helped)) == []


def test_a_second_year_comes_first(workspace, helped):
    owner = workspace.store.record(helped).value("beneficiaries")
    later = proposal(workspace, beneficiaries=owner, year=2025)
    found = earlier_support.search(workspace, "0101243150")
    assert [entry.proposal for entry in found] == [later, helped]
    assert [entry.granted for entry in found] == [False, True]


def test_a_group_tells_the_part_of_each(workspace):
    phones = {"Mộc Hoà An": "0901111111", "Chè Tân Cương": "0902222222"}
    owners = [beneficiary(workspace, name=name, phone=phone) for name, phone in phones.items()]
    sites = [{"name": "M", "beneficiary": owners[0], "support": 150_000_000}, {"name": "C", "beneficiary": owners[1]}]
    proposal(workspace, scheme="group", beneficiaries=[owners[0]], sites=sites)
    (wood,) = earlier_support.of_beneficiary(workspace, owners[0])
    (tea,) = earlier_support.of_beneficiary(workspace, owners[1])
    assert (wood.amount, tea.amount) == (150_000_000, 200_000_000)


def test_the_same_machine_in_another_dossier(workspace, helped):
    def accepted(proposal_id):
        contract(workspace, proposal_id)
        steps.take_step(workspace, proposal_id, "contract")
        visit = begin(workspace, proposal_id, "acceptance")
        answer(workspace, visit)  # sees the machine MAU-1

    accepted(helped)
    other = approved(workspace, beneficiaries=[beneficiary(workspace, name="Nơi khác", phone="0988888888")])
    accepted(other)
    (found,) = earlier_support.of_proposal(workspace, workspace.store.record(other))
    assert (found.proposal, found.reason) == (helped, "cùng số máy MAU-1")
    for typed in ("mau-1", "MAU 1", "mau1", "Mẫu.1"):
        assert {entry.proposal for entry in earlier_support.search(workspace, typed)} == {helped, other}
    assert earlier_support.search(workspace, "mau-11") == []


def test_what_was_deleted_no_longer_counts(workspace):
    owner = new(workspace, "beneficiary", name=NAME, tax_code="0101243150")
    draft = proposal(workspace, beneficiaries=[owner])
    assert earlier_support.of_beneficiary(workspace, owner)
    changing.delete(workspace, draft)
    assert earlier_support.of_beneficiary(workspace, owner) == []


def test_the_command(workspace, helped, capsys):
    folder = str(workspace.store.folder)
    workspace.close()
    assert main(["--store", folder, "--json", "helped", "Cty TNHH Gốm sứ Minh Phát"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["proposal"], found["year"], found["amount"]) == (helped, 2018, 200_000_000)
    assert main(["--store", folder, "helped", "0101243150"]) == 0
    assert "2018" in capsys.readouterr().out
    assert main(["--store", folder, "helped", "Không có ai"]) == 0
    answer = capsys.readouterr().out
    assert answer.startswith("Chưa thấy hỗ trợ nào: không có tên gần giống,")
    assert answer.endswith("trong 2 đơn vị, năm 2018.\n")


RENAMED = "Hợp tác xã Mây tre Suối Giàng"


@pytest.fixture
def renamed(workspace, helped):
    """The supported beneficiary under another name and other numbers, after «Sửa thành bản mới»."""
    (owner,) = workspace.store.get(helped).data["beneficiaries"]
    steps.take_step(workspace, owner, "finalise")
    steps.take_step(workspace, owner, "correct", reason="Đổi tên")
    changing.set_values(
        workspace,
        owner,
        {"name": RENAMED, "legal_form": "cooperative", "tax_code": "0309532909", "phone": "0977777777"},
    )
    return owner


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (NAME, "tên trước đây «Công ty trách nhiệm hữu hạn Gốm sứ Minh Phát», đến "),
        ("cty gom su minh phat", "tên trước đây «Công ty trách nhiệm hữu hạn Gốm sứ Minh Phát», đến "),
        ("Minh Phát", "tên trước đây «Công ty trách nhiệm hữu hạn Gốm sứ Minh Phát», đến "),
        ("0101243150", "cùng mã số thuế trước đây, đến "),
        ("0901234567", "cùng số điện thoại trước đây, đến "),
        (RENAMED, "tên gần giống"),
        ("Suối Giàng", "tên có những chữ này"),
        ("0309532909", "cùng mã số thuế"),
    ],
)
def test_a_former_name_or_number_finds_it_and_says_so(workspace, helped, renamed, typed, reason):
    (found,) = earlier_support.search(workspace, typed)
    assert (found.proposal, found.beneficiary, found.name) == (helped, renamed, RENAMED)
    assert found.reason.startswith(reason)
    assert found.reason == reason or found.reason.endswith(text.format_date(today()))


@pytest.mark.usefixtures("renamed")
def test_a_new_unit_with_the_former_name_of_another_is_noticed(workspace, helped):
    twin = beneficiary(workspace, name="Cty Gốm sứ Minh Phát", phone="0966666666")
    assert [entry.proposal for entry in earlier_support.of_beneficiary(workspace, twin)] == [helped]
    sentence = duplicate_beneficiaries.hint(workspace, twin, "name", NAME)
    assert RENAMED in sentence
    assert "tên trước đây «Công ty trách nhiệm hữu hạn Gốm sứ Minh Phát»" in sentence
    assert "mã số thuế trước đây" in duplicate_beneficiaries.hint(workspace, twin, "tax_code", "0101243150")


@pytest.mark.usefixtures("renamed")
def test_lists_say_by_which_former_name_they_show_a_record(workspace):
    (row,) = reading.list_page(workspace, "beneficiary", search="gom su minh phat")
    assert (row.title, row.former[: len("tên trước đây «Công ty")]) == (RENAMED, "tên trước đây «Công ty")
    (row,) = reading.list_page(workspace, "beneficiary", search="suoi giang")
    assert row.former == ""


def test_a_former_name_that_came_with_packages(offices, pair):
    """The province took the unit in under its old name, then under its new one; nobody typed either there."""
    unit, province = pair
    id_ = beneficiary(unit, name=NAME)
    approved(unit, beneficiaries=[id_])
    offices.send(unit, province)
    changing.set_values(unit, id_, {"name": RENAMED})
    offices.send(unit, province)
    assert province.store.get(id_).data["name"] == RENAMED
    (found,) = earlier_support.search(province, NAME)
    assert (found.beneficiary, found.reason[:16]) == (id_, "tên trước đây «C")
    assert [stored.id for stored in province.store.page("beneficiary", "gom su minh phat")] == [id_]


@pytest.mark.usefixtures("helped")
def test_a_negative_answer_says_what_was_compared(workspace):
    beneficiary(workspace, name="Xưởng Đan Lát Bốn Mùa")
    proposal(workspace, year=2024, beneficiaries=[])
    sentence = earlier_support.none_in_words(workspace, "Dệt may Thành Công")
    assert sentence.startswith("Chưa thấy hỗ trợ nào: không có tên gần giống, tên trước đây, mã số thuế")
    assert sentence.endswith("trong 4 đơn vị, các năm 2018–2024.")
    known = earlier_support.none_in_words(workspace, "Xưởng Đan Lát Bốn Mùa")
    assert known == (
        "Chưa thấy hỗ trợ nào: Xưởng Đan Lát Bốn Mùa có trong sổ nhưng không có trong đề án nào, các năm 2018–2024."
    )


def test_a_store_without_units_claims_nothing(workspace):
    assert earlier_support.none_in_words(workspace, "A") == (
        "Chưa thấy hỗ trợ nào: kho này chưa có đơn vị thụ hưởng nào để so."
    )
