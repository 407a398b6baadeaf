"""Sheets of contracts, visits, settlements and payments: their records belong to a proposal that is in the store."""

import pytest

from kcdesk.services.intake import applying
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.sheet_loading import prepare_load
from tests.services import samples
from tests.services.intake.sheet_rows import saved

TITLE, UNIT = "Hỗ trợ máy chẻ nan", "Hợp tác xã Mây tre Đông Hồ"


@pytest.fixture(autouse=True)
def proposal(workspace):
    """A proposal for one unit."""
    return samples.approved(workspace, title=TITLE, beneficiaries=[samples.beneficiary(workspace, name=UNIT)])


def _loaded(workspace, path, kind):
    return prepare_load(workspace, LoadOrder(kind=kind, path=path))


def test_contracts_of_a_list_come_in_once_and_belong_to_their_proposal(workspace, proposal, tmp_path):
    heads = ["TT", "Số HĐ", "Ngày ký HĐ", "Đề án", "Cơ sở thụ hưởng", "Giá trị HĐ (triệu đồng)", "Đã thanh toán"]
    row = [1, "05/2018/HĐ-KC", "12/3/2018", TITLE, UNIT, 200, 0]
    path = saved(tmp_path / "hd.xlsx", [heads, row])
    loaded = _loaded(workspace, path, "contract")
    assert [(verdict.status, verdict.why) for verdict in loaded.judged.verdicts] == [("new", "")]
    applying.apply_sheet(workspace, loaded.judged, path.name)
    record = workspace.store.record(loaded.judged.verdicts[0].id)
    wanted = {"number": "05/2018/HĐ-KC", "signed_on": "2018-03-12", "proposal": proposal, "value": 200_000_000}
    assert {name: record.value(name) for name in wanted} == wanted
    assert [verdict.status for verdict in _loaded(workspace, path, "contract").judged.verdicts] == ["joined"]


def test_a_name_that_is_not_in_the_store_is_refused_at_its_cell(workspace, tmp_path):
    heads = ["Đề án", "Tên cơ sở", "Ngày NT", "Đã tạm ứng"]
    rows = [[TITLE, "Cơ sở không có", "5/12/2018", 50_000_000], ["Đề án không có", UNIT, "6/12/2018", 0]]
    judged = _loaded(workspace, saved(tmp_path / "nt.xlsx", [heads, *rows]), "acceptance").judged
    assert {(cell.cell, "không có hồ sơ nào tên" in cell.reason) for cell in judged.refused} >= {
        ("B2", True),
        ("A3", True),
    }
    assert [verdict.status for verdict in judged.verdicts] == ["new", "refused"]
    assert "Đề án" in judged.verdicts[1].why


def test_a_word_with_marks_is_no_short_form(workspace, tmp_path):
    rows = [["Tên DA", "Đã tạm ứng", "KP quyết toán", "Kinh phí hỗ trợ"], [TITLE, 5_000_000, 7_000_000, 9_000_000]]
    match = _loaded(workspace, saved(tmp_path / "qt.xlsx", rows), "settlement").match
    assert [each.target.path if each.target else "" for each in match.columns] == [
        "proposal",
        "advanced",
        "settled_support",
        "",  # of the proposal, which this sheet does not change
    ]


def test_a_second_table_beside_the_first_fills_no_field_and_is_asked_about(workspace, tmp_path):
    heads = ["TT", "Tên đề án", "Kinh phí hỗ trợ (đồng)"]
    rows = [[*heads, None, *heads], [1, "Máy A", 100_000_000, None, 3, "Máy C", 300_000_000]]
    loaded = _loaded(workspace, saved(tmp_path / "canh.xlsx", rows), "proposal")
    (plan,) = loaded.judged.plans.values()
    assert (plan.fields["title"], plan.fields["approved_support"], plan.added) == ("Máy A", 100_000_000, {})
    assert [asked.cell for asked in loaded.judged.asked] == ["E1:G2"]
    assert "cạnh nhau" in loaded.judged.asked[0].question


def test_a_share_is_no_amount(workspace, tmp_path):
    rows = [
        ["Tên đề án", "Tổng kinh phí", "Tỷ lệ hỗ trợ (%)"],
        ["Máy A", 300_000_000, "50%"],
        ["Máy B", 200_000_000, 0.3],
    ]
    match = _loaded(workspace, saved(tmp_path / "tyle.xlsx", rows), "proposal").match
    assert [each.target.path if each.target else "" for each in match.columns] == ["title", "budget.cost", ""]
