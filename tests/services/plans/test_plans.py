"""The year plan: filled in the order of priority, cut where the budget ends, moved with a reason, decided, printed."""

from contextlib import closing
from datetime import date

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from kcdesk.demo import sample_lives
from kcdesk.errors import UserError
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.papers import printing
from kcdesk.services.plans import lines as plan_lines
from kcdesk.services.plans import plan_decisions, workbook, year_plans
from kcdesk.services.records import changing
from tests.services import lives
from tests.services.samples import beneficiary, new, proposal

YEAR = 2027


def registered(workspace, title, cost=300, owner=None, **values):
    """A proposal that asks for `cost` million and is handed in."""
    support = cost * 1_000_000 // 2
    money = {"item": "Máy", "cost": support * 2, "local": support, "counterpart": support}
    machine = {"name": "Máy", "quantity": 1, "unit_price": support * 2}
    values = {"year": YEAR, "budget": [money], "machines": [machine], **values}
    if owner is not None:
        values["beneficiaries"] = [beneficiary(workspace, **owner)]
    id_ = proposal(workspace, title=title, **values)
    steps.take_step(workspace, id_, "finalise")
    return id_


@pytest.fixture
def four(workspace):
    """Four proposals, the least urgent first."""
    return {
        "plain": registered(workspace, "Không ưu tiên"),
        "sector": registered(workspace, "Ngành", owner={"priority_sectors": ["processing"]}),
        "rural": registered(workspace, "Nông thôn mới", owner={"priority_areas": ["new_rural"]}),
        "border": registered(workspace, "Biên giới", owner={"priority_areas": ["land_border", "difficult"]}),
    }


@pytest.fixture
def plan(workspace, four):
    assert four
    id_ = new(workspace, "plan", year=YEAR, programme="local", budget=450_000_000)
    year_plans.fill_plan(workspace, id_)
    return id_


def rows(workspace, plan):
    return workspace.store.record(plan).rows("entries")


def titles(workspace, plan):
    return [workspace.store.record(row["proposal"]).title() for row in rows(workspace, plan)]


def test_areas_come_first_then_sectors_each_with_its_article(workspace, plan):
    assert titles(workspace, plan) == ["Biên giới", "Nông thôn mới", "Ngành", "Không ưu tiên"]

    first, second, third, last = rows(workspace, plan)
    assert "Điểm a khoản 1 Điều 6 TT 46/2012/TT-BCT" in first["priority"]
    assert "Điểm c khoản 1" in second["priority"]
    assert "Điểm a khoản 2 Điều 6 NĐ 45/2012/NĐ-CP" in third["priority"]
    assert "priority" not in last


def test_a_flagship_comes_first_of_a_national_plan_only(workspace):
    from kcdesk.formdef.regulations import priorities

    flagship = {"scheme": "flagship"}
    border = {"priority_areas": ["land_border"]}

    def key(programme, values):
        return priorities.rank(
            workspace.priorities, {"programme": programme}, values, date(2026, 11, 30), workspace.forms.law
        ).key

    assert key("national", flagship) < key("national", border)
    assert key("local", flagship) > key("local", border)


def test_cleaner_production_is_not_ranked_and_says_why(workspace):
    from kcdesk.formdef.regulations import priorities

    values = {"activity": "cleaner_production_assessment", "priority_areas": ["land_border"]}
    place = priorities.rank(
        workspace.priorities, {"programme": "local"}, values, date(2026, 11, 30), workspace.forms.law
    )

    assert "điểm b khoản 3 Điều 6 TT 46/2012/TT-BCT" in place.reasons[0]


def test_the_budget_is_cut_where_it_ends_and_the_rest_is_carried_over(workspace, plan):
    assert [row["cumulative"] for row in rows(workspace, plan)] == [150_000_000 * n for n in (1, 2, 3, 4)]
    assert [plan_lines.fits(row) for row in rows(workspace, plan)] == [True, True, True, False]
    lines = plan_lines.lines_of(workspace, workspace.store.record(plan))
    assert "Vượt kinh phí, chuyển sang năm sau" in lines[-1].why

    left_out = rows(workspace, plan)[0]["id"]
    changing.set_values(
        workspace, plan, {f"entries/{left_out}/left_out": "withdrawn", f"entries/{left_out}/reason": "Đơn vị xin rút"}
    )
    assert [plan_lines.fits(row) for row in rows(workspace, plan)] == [False, True, True, True]


def test_filling_again_keeps_what_an_officer_has_decided(workspace, plan, four):
    last = rows(workspace, plan)[-1]["id"]
    year_plans.move(workspace, plan, last, 1, "Đơn vị có kinh nghiệm")
    registered(workspace, "Mới đăng ký", owner={"priority_areas": ["ethnic_minority"]})
    steps.take_step(workspace, four["sector"], "correct", "Lập lại")

    year_plans.fill_plan(workspace, plan)

    assert titles(workspace, plan) == ["Không ưu tiên", "Biên giới", "Mới đăng ký", "Nông thôn mới"]
    assert rows(workspace, plan)[0]["reason"] == "Đơn vị có kinh nghiệm"

    changing.undo(workspace)
    assert titles(workspace, plan)[0] == "Không ưu tiên"
    assert len(rows(workspace, plan)) == 4


def test_another_order_needs_a_reason(workspace, plan):
    first = rows(workspace, plan)[0]["id"]

    with pytest.raises(UserError, match="lý do"):
        year_plans.move(workspace, plan, first, 4, " ")
    year_plans.move(workspace, plan, first, 4, "Chưa đủ hồ sơ")
    assert titles(workspace, plan)[-1] == "Biên giới"
    assert not [p for p in workspace.store.record(plan).problems(final=True) if "khác thứ tự" in p.message]

    changing.set_values(workspace, plan, {f"entries/{first}/reason": ""})
    assert [p for p in workspace.store.record(plan).problems(final=True) if "khác thứ tự" in p.message]


def decided(workspace, plan):
    steps.take_step(workspace, plan, "finalise")
    decision = {"decision_number": "9/QĐ", "decision_date": "1/3/2026", "decision_authority": "Ủy ban"}
    changing.set_values(workspace, plan, decision)
    steps.take_step(workspace, plan, "decide")


def test_the_decision_goes_into_its_proposals_in_one_act_that_can_be_undone(workspace, plan, four):
    with pytest.raises(UserError, match="chưa được ghi nhận"):
        plan_decisions.approve_proposals(workspace, plan)
    decided(workspace, plan)

    changes = plan_decisions.approve_proposals(workspace, plan)

    assert len({item.id for item in changes.items}) == 3
    approved = workspace.store.record(four["border"])
    assert (approved.state, approved.value("decision_number")) == ("approved", "9/QĐ")
    assert approved.value("approved_local") == approved.value("approved_support") == 150_000_000
    assert workspace.store.record(four["plain"]).state == "final"
    with pytest.raises(UserError, match="Không còn đề án"):
        plan_decisions.approve_proposals(workspace, plan)

    changing.undo(workspace)
    assert workspace.store.record(four["border"]).state == "final"


def test_a_decided_plan_names_the_proposals_without_its_decision(workspace, plan, four):
    decided(workspace, plan)
    unwritten = plan_decisions.every_decision_is_written(workspace, workspace.store.record(plan))
    assert {problem.record for problem in unwritten} == {four["border"], four["rural"], four["sector"]}
    assert all("«Đã chốt»" in problem.message for problem in unwritten)
    plan_decisions.approve_proposals(workspace, plan)
    assert plan_decisions.every_decision_is_written(workspace, workspace.store.record(plan)) == []


def test_a_proposal_that_was_granted_before_its_plan_waits_for_nothing(workspace, plan, four):
    id_ = four["border"]
    changing.set_values(workspace, id_, sample_lives.approval(workspace.store.record(id_).data))
    steps.take_step(workspace, id_, "approve")
    decided(workspace, plan)
    assert plan_decisions.blocked(workspace, workspace.store.record(plan)) == []
    unwritten = plan_decisions.every_decision_is_written(workspace, workspace.store.record(plan))
    assert {problem.record for problem in unwritten} == {four["rural"], four["sector"]}
    changes = plan_decisions.approve_proposals(workspace, plan)
    assert {item.id for item in changes.items} == {four["rural"], four["sector"]}
    assert workspace.store.record(id_).value("decision_number") == "01/QĐ-MẪU"


def test_the_proposals_that_can_take_the_decision_take_it_and_the_others_are_named(workspace, plan, four):
    decided(workspace, plan)
    steps.take_step(workspace, four["border"], "correct", "sửa lại")
    changes = plan_decisions.approve_proposals(workspace, plan)
    assert {item.id for item in changes.items} == {four["rural"], four["sector"]}
    (line,) = plan_decisions.blocked(workspace, workspace.store.record(plan))
    assert (line.proposal, line.title) == (four["border"], "Biên giới")
    assert line.why == "đang «Đang soạn», bước tiếp theo là «Chốt»."
    (left,) = plan_decisions.every_decision_is_written(workspace, workspace.store.record(plan))
    assert (left.record, left.field) == (four["border"], "")
    with pytest.raises(UserError, match="Đề án «Biên giới»: đang «Đang soạn»") as refused:
        plan_decisions.approve_proposals(workspace, plan)
    assert refused.value.code == "wrong_step"


def test_a_province_is_told_before_closing_which_proposals_are_not_appraised(offices, pair):
    unit, province = pair
    ids = [lives.write(unit, "brand") for _ in range(3)]
    for id_ in ids:
        changing.set_values(unit, id_, {"year": YEAR})
        lives.take(unit, id_, "finalise", "send")
    offices.send(unit, province)
    steps.take_step(province, ids[1], "appraise")
    with province.store.act("Đã thẩm định") as act:
        act.update(ids[2], {"state": "provincial_approval"})
    id_ = new(province, "plan", year=YEAR, programme="local", budget=450_000_000)
    year_plans.fill_plan(province, id_)
    blocked = plan_decisions.blocked(province, province.store.record(id_))
    assert plan_decisions.blocked_sentence(blocked).startswith("2 đề án chưa thẩm định xong: «")
    lines = {line.proposal: line for line in blocked}
    assert set(lines) == set(ids[:2])
    assert lines[ids[0]].why.endswith("bước tiếp theo là «Nhận hồ sơ, thẩm định cấp cơ sở».")
    assert lines[ids[1]].make == "appraisal"
    advice = missing.outlook_of(province, province.store.record(id_)).advice
    assert {problem.record for problem in advice if problem.record} == set(ids[:2])
    decided(province, id_)
    changes = plan_decisions.approve_proposals(province, id_)
    assert [item.id for item in changes.items] == [ids[2]]
    record = province.store.record(ids[2])
    assert (record.state, record.value("province_result")) == ("approved", "approved")


def test_a_proposal_that_was_deleted_leaves_its_row_readable(workspace, plan, four):
    steps.take_step(workspace, four["plain"], "correct", "bỏ")
    changing.delete(workspace, four["plain"])
    assert plan_lines.living_proposal(workspace, four["plain"]) is None
    assert plan_lines.living_proposal(workspace, "nowhere") is None
    assert len(plan_lines.lines_of(workspace, workspace.store.record(plan))) == 4


def test_what_is_carried_over_stands_in_the_next_plan(workspace, plan):
    decided(workspace, plan)
    following = new(workspace, "plan", year=YEAR + 1, programme="local", budget=500_000_000)

    year_plans.fill_plan(workspace, following)

    assert titles(workspace, following) == ["Không ưu tiên"]
    assert rows(workspace, following)[0]["carried_from"] == YEAR


def test_a_plan_whose_budget_nobody_has_written_says_so(workspace, plan):
    changing.set_values(workspace, plan, {"budget": None})
    said = year_plans.summary(workspace.store.record(plan)).sentence()
    assert said.endswith("chưa ghi kinh phí dự kiến bố trí nên chưa chia được đề án nào trong kinh phí.")
    assert "chuyển năm sau" not in said


def test_a_plan_without_a_year_is_not_filled(workspace):
    with pytest.raises(UserError, match="Năm kế hoạch"):
        year_plans.fill_plan(workspace, new(workspace, "plan", programme="local"))


def test_the_registration_report_lies_and_says_what_is_asked(workspace, plan, tmp_path):
    made = printing.print_record(
        workspace, plan, "registration_report", tmp_path / "m2.pdf", docx=tmp_path / "m2.docx"
    )  # fmt: skip

    with closing(PdfDocument(made["pdf"])) as pdf:
        said = " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)
        width, height = pdf[0].get_size()
    assert width > height
    for expected in ("BÁO CÁO", "Biên giới", "600.000.000", "Vượt kinh phí"):
        assert expected in said
    assert "MẪU SỐ" not in said, "a local plan names no form of the national circular"
    assert (tmp_path / "m2.docx").stat().st_size


def test_the_workbook_is_ready_to_print(workspace, plan, tmp_path):
    changing.set_values(workspace, plan, {"note": "=1+1"})
    made = workbook.write_workbook(workspace, plan, tmp_path / "m2.xlsx")

    sheet = load_workbook(made["xlsx"]).active
    assert made["rows"] == 4
    assert sheet.print_title_rows == "$5:$5"
    page = sheet.page_setup
    assert (page.orientation, int(page.paperSize), page.fitToWidth, page.fitToHeight) == ("landscape", 9, 1, 0)
    assert [sheet.cell(row, 2).value for row in (6, 9)] == ["Biên giới", "Không ưu tiên"]
    assert sheet.cell(6, 10).value == 150_000_000
    assert sheet.cell(10, 10).value == "=SUM(J6:J9)"
