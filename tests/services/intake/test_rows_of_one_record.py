"""Rows of a sheet that mean the same record: what they say is taken together, and nothing overwrites anything."""

from kcdesk.services.intake import applying
from kcdesk.services.intake.cell_answers import CellAnswer, SheetAnswers, judge_answers
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.sheet_loading import prepare_load
from tests.services.intake.sheet_rows import saved


def test_a_row_that_says_otherwise_of_the_same_record_is_asked_about_and_overwrites_nothing(workspace, tmp_path):
    rows = [["STT", "Tên cơ sở", "Địa chỉ"], [1, "Cơ sở Mẫu A", "xã Mẫu"], [2, "Cơ sở Mẫu A", "xã Hai"]]
    path = saved(tmp_path / "ds.xlsx", rows)
    loaded = prepare_load(workspace, LoadOrder(kind="beneficiary", path=path))
    (plan,) = loaded.judged.plans.values()
    assert plan.fields["address"] == "xã Mẫu"
    (asked,) = loaded.judged.asked
    assert (asked.cell, asked.reading) == ("C3", "xã Hai")
    assert asked.question == "Dòng 2 ghi «xã Mẫu» cho cùng hồ sơ nên ô này chưa được lấy."
    answered = judge_answers(workspace, loaded, SheetAnswers(cells={"C3": CellAnswer("taken")}))
    assert [plan.fields["address"] for plan in answered.plans.values()] == ["xã Hai"]
    assert answered.asked == []
    accepted = prepare_load(workspace, LoadOrder(kind="beneficiary", path=path, accepts=True)).judged
    assert [plan.fields["address"] for plan in accepted.plans.values()] == ["xã Hai"]
    applying.apply_sheet(workspace, loaded.judged, path.name)
    again = prepare_load(workspace, LoadOrder(kind="beneficiary", path=path)).judged
    assert [verdict.status for verdict in again.verdicts] == ["joined", "joined"]
    assert [cell.cell for cell in again.asked] == ["C3"], "it is asked until it is answered"
