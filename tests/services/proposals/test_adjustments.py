"""A decided adjustment rewrites what it changes in the proposal, in one act, and its paper says from what to what."""

from contextlib import closing

import pytest
from openpyxl import load_workbook
from pypdfium2 import PdfDocument

from kcdesk.errors import IncompleteError
from kcdesk.services.lifecycle import steps
from kcdesk.services.money import balances
from kcdesk.services.papers import printing
from kcdesk.services.plans import lines, plan_decisions, workbook, year_plans
from kcdesk.services.records import changing, reading
from tests.services import lives, samples
from tests.services.samples import approved, begin, beneficiary, new, proposal

DECISION = {"decided_by": "province", "decision_number": "9/QĐ", "decision_date": "1/9/2018"}


def of(workspace, id_):
    return workspace.store.record(id_)


@pytest.fixture
def group(workspace):
    """An approved group scheme with two sites."""
    owners = [beneficiary(workspace, name=f"Cơ sở {letter}") for letter in "AB"]
    sites = [
        {"name": f"Xưởng {n}", "beneficiary": o, "support": 100_000_000} for n, o in zip("AB", owners, strict=True)
    ]
    return approved(workspace, scheme="group", beneficiaries=owners, sites=sites)


def asked(workspace, id_, *subjects, kind="adjust", **values):
    """A request that is about these subjects; the tables in it may still be written in."""
    paper = begin(workspace, id_, "adjustment")
    request = {"adjustment_type": kind, "requested_on": "1/8/2018", "reason": "Cơ sở đổi kế hoạch", **values}
    changing.set_values(workspace, paper, request | ({"subjects": list(subjects)} if subjects else {}))
    return paper


def decide(workspace, paper):
    steps.take_step(workspace, paper, "finalise")
    changing.set_values(workspace, paper, DECISION)
    steps.take_step(workspace, paper, "decide")


def text_of(path):
    with closing(PdfDocument(path)) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


def test_sites_that_change_come_and_go_are_written_into_the_proposal(workspace, group, tmp_path):
    paper = asked(workspace, group, "place", "beneficiary")
    first, second = of(workspace, paper).rows("new_sites")
    assert of(workspace, paper).is_visible("new_sites")
    third = {"name": "Xưởng C", "beneficiary": beneficiary(workspace, name="Cơ sở C"), "support": 90_000_000}
    changing.set_values(workspace, paper, {"new_sites": [{**first, "address": "Thôn mới"}, third]})
    decide(workspace, paper)

    sites = of(workspace, group).rows("sites")
    assert [(row["name"], row.get("address")) for row in sites] == [("Xưởng A", "Thôn mới"), ("Xưởng C", None)]
    assert sites[0]["id"] == first["id"], "the site is the same one, its minutes stay with it"
    printing.print_record(workspace, paper, "adjustment_decision", tmp_path / "qd.pdf")
    said = text_of(tmp_path / "qd.pdf")
    for part in ("Địa điểm: Xưởng A", "Thôn mới", "Địa điểm: Xưởng B", "Bỏ", "Xưởng C", "Chưa có", "Cơ sở C"):
        assert part in said
    assert any("sites" in str(change) for change in workspace.store.history(group))

    changing.undo(workspace)
    assert [row["id"] for row in of(workspace, group).rows("sites")] == [first["id"], second["id"]]
    assert of(workspace, paper).state == "final"


def test_a_changed_budget_keeps_the_sites_of_its_lines_and_a_dropped_site_leaves_none(workspace, group, tmp_path):
    site_a, site_b = (row["id"] for row in of(workspace, group).rows("sites"))
    lines = [{"item": f"Máy {n}", "site": s, "cost": 1} for n, s in (("A", site_a), ("B", site_b))]
    steps.take_step(workspace, group, "correct", "Ghi địa điểm của dòng dự toán")
    changing.set_values(
        workspace,
        group,
        {
            "budget": [
                {**lines[0], "cost": 285_000_000, "local": 100_000_000, "counterpart": 185_000_000},
                {**lines[1], "cost": 285_000_000, "local": 100_000_000, "counterpart": 185_000_000},
            ]
        },
    )
    for step in ("finalise", "approve"):
        steps.take_step(workspace, group, step)
    paper = asked(workspace, group, "budget", "beneficiary", "place")
    request = of(workspace, paper)
    first, second = request.rows("new_budget")
    assert request.text(f"new_budget/{first['id']}/site") == "Xưởng A"
    third = {"id": "c", "name": "Xưởng C"}
    changing.set_values(workspace, paper, {"new_sites": [*request.rows("new_sites")[:1], third]})
    assert of(workspace, paper).rows("new_budget")[1].get("site") is None
    changing.set_values(workspace, paper, {f"new_budget/{second['id']}/site": "Xưởng C"})
    printing.print_record(workspace, paper, "adjustment_request", tmp_path / "cv.pdf")
    assert "Địa điểm: Xưởng C" in text_of(tmp_path / "cv.pdf")
    decide(workspace, paper)
    now = of(workspace, group)
    assert [now.text(f"budget/{row['id']}/site") for row in now.rows("budget")] == ["Xưởng A", "Xưởng C"]
    assert [row["cost"] for row in now.rows("sites")] == [285_000_000, 285_000_000]


def test_the_implementing_unit_and_the_texts_are_written_into_the_proposal(workspace, tmp_path):
    id_ = approved(workspace)
    paper = asked(
        workspace,
        id_,
        "implementer",
        "content",
        new_implementing_unit="Đơn vị mới",
        new_goals="Hai máy",
        new_scale="Hai cơ sở",
    )
    decide(workspace, paper)
    now = of(workspace, id_)
    assert [now.value(name) for name in ("implementing_unit", "goals", "scale")] == [
        "Đơn vị mới",
        "Hai máy",
        "Hai cơ sở",
    ]
    printing.print_record(workspace, paper, "adjustment_request", tmp_path / "cv.pdf")
    said = text_of(tmp_path / "cv.pdf")
    for part in ("Trung tâm Khuyến công (mẫu)", "Đơn vị mới", "Một máy", "Hai máy"):
        assert part in said
    changing.undo(workspace)
    assert of(workspace, id_).value("goals") == "Một máy"


def test_the_lines_of_the_budget_are_written_and_added_up_again(workspace):
    id_ = approved(workspace)
    paper = asked(workspace, id_, "budget")
    (line,) = of(workspace, paper).rows("new_budget")
    cheaper = {**line, "cost": 500_000_000, "counterpart": 300_000_000}
    changing.set_values(workspace, paper, {"new_budget": [{**cheaper, "cost": 1}]})
    with pytest.raises(IncompleteError):
        steps.take_step(workspace, paper, "finalise")
    changing.set_values(workspace, paper, {"new_budget": [cheaper]})
    decide(workspace, paper)
    now = of(workspace, id_)
    assert (now.value("total_cost"), now.value("requested_support")) == (500_000_000, 200_000_000)
    assert now.rows("budget")[0]["id"] == line["id"]


def test_lines_that_ask_for_more_support_are_for_the_ministry(workspace):
    id_ = lives.write(workspace, "brand", "national")
    lives.approve(workspace, id_)
    paper = asked(workspace, id_, "budget", department_confirmed=True)
    (row,) = of(workspace, paper).rows("new_budget")
    more = {**row, "national": row["national"] + 1, "counterpart": row["counterpart"] - 1}
    changing.set_values(workspace, paper, {"new_budget": [more]})
    steps.take_step(workspace, paper, "finalise")
    assert of(workspace, paper).value("authority") == "ministry"


def test_a_proposal_that_has_gone_on_meanwhile_is_not_written_over(workspace):
    id_ = approved(workspace)
    paper = asked(workspace, id_, "content", new_goals="Hai máy")
    steps.take_step(workspace, paper, "finalise")
    changing.set_values(workspace, paper, DECISION)
    with workspace.store.act("Sửa ở nơi khác") as act:
        act.update(id_, {"goals": "Ba máy"})
    with pytest.raises(IncompleteError, match="đã khác lúc đề nghị ở «Mục tiêu đã được duyệt»"):
        steps.take_step(workspace, paper, "decide")
    assert of(workspace, id_).value("goals") == "Ba máy"


def test_stopping_records_what_goes_back_to_the_budget(workspace, tmp_path):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    lives.sign(workspace, id_)
    lives.pay(workspace, id_, "advance", amount=lives.ADVANCE)
    paper = asked(workspace, id_, kind="stop")
    assert (of(workspace, paper).value("advanced"), of(workspace, paper).value("to_return")) == (lives.ADVANCE,) * 2
    changing.set_values(workspace, paper, {"to_return": lives.ADVANCE - 1, "return_by": "1/12/2018"})
    decide(workspace, paper)

    stopped = of(workspace, id_)
    assert stopped.state == "stopped"
    assert balances.balance(workspace, stopped).to_return == lives.ADVANCE - 1
    printing.print_record(workspace, paper, "adjustment_decision", tmp_path / "qd.pdf")
    assert "999.999 đồng" in text_of(tmp_path / "qd.pdf")
    changing.set_values(workspace, id_, {"archived_on": "1/12/2018"})
    with pytest.raises(IncompleteError, match=r"999\.999 đồng"):
        steps.take_step(workspace, id_, "archive")

    changing.undo(workspace)  # the day of filing
    changing.undo(workspace)  # the decision
    assert (of(workspace, id_).state, of(workspace, paper).state) == ("running", "final")
    assert balances.balance(workspace, of(workspace, id_)).to_return == 0


def test_a_proposal_is_added_to_a_running_plan_by_its_decision(workspace):
    id_ = lives.write(workspace, "brand")
    lives.take(workspace, id_, "finalise")
    paper = asked(workspace, id_, kind="add", new_total=lives.COST, new_support=lives.SUPPORT)
    steps.take_step(workspace, paper, "finalise")
    changing.set_values(workspace, paper, {**DECISION, "decision_authority": "Ủy ban nhân dân tỉnh (mẫu)"})
    steps.take_step(workspace, paper, "decide")
    added = of(workspace, id_)
    assert (added.state, added.value("decision_number")) == ("approved", "9/QĐ")
    assert added.value("approved_local") == added.value("approved_support") == lives.SUPPORT
    changing.undo(workspace)
    assert (of(workspace, id_).state, of(workspace, id_).value("approved_support")) == ("final", None)


@pytest.fixture
def extended(workspace):
    """Extends a proposal with a contract until the end of June 2019; gives the ids of all three."""

    def make(due_on="31/12/2018", **changes):
        id_ = approved(workspace)
        contract = samples.contract(workspace, id_, due_on=due_on, basis="contract", **changes)
        lives.take(workspace, id_, "contract", "start")
        paper = asked(workspace, id_, kind="extend", new_ends_on="30/6/2019")
        steps.take_step(workspace, paper, "finalise")
        changing.set_values(workspace, paper, DECISION)
        return id_, contract, paper

    return make


def test_an_extension_moves_the_contract_and_notes_the_annex(workspace, extended, tmp_path):
    id_, contract, paper = extended()
    printing.print_record(workspace, paper, "adjustment_decision", tmp_path / "dự thảo.pdf")
    assert "Thời hạn hợp đồng số 01/HĐ 31/12/2018" in text_of(tmp_path / "dự thảo.pdf")
    steps.take_step(workspace, paper, "decide")
    now = of(workspace, contract)
    assert (of(workspace, id_).value("ends_on"), now.value("due_on")) == ("2019-06-30", "2019-06-30")
    (annex,) = now.rows("annexes")
    assert (annex["old_due_on"], annex["new_due_on"], annex["basis"]) == (
        "2018-12-31",
        "2019-06-30",
        "Quyết định số 9/QĐ ngày 01/9/2018",
    )
    changing.set_values(workspace, contract, {f"annexes/{annex['id']}/number": "PL-01"})
    printing.print_record(workspace, contract, "liquidation_record", tmp_path / "tl.pdf")
    assert "Phụ lục hợp đồng số PL-01" in text_of(tmp_path / "tl.pdf")
    printing.print_record(workspace, paper, "adjustment_decision", tmp_path / "qd.pdf")
    assert "Thời hạn hợp đồng số 01/HĐ 31/12/2018" in text_of(tmp_path / "qd.pdf"), "what was before is still said"

    changing.undo(workspace)  # the number of the annex
    changing.undo(workspace)  # the decision
    assert (of(workspace, contract).value("due_on"), of(workspace, contract).rows("annexes")) == ("2018-12-31", [])
    assert (of(workspace, id_).value("ends_on"), of(workspace, paper).state) == ("2018-12-31", "final")


@pytest.mark.parametrize(
    ("due_on", "changes"),
    [("31/7/2019", {}), (None, {}), ("31/12/2018", {"liquidated_on": "1/12/2018"})],
    ids=["due later", "no term", "wound up"],
)
def test_a_contract_that_an_extension_does_not_concern_stays(workspace, extended, due_on, changes):
    _id, contract, paper = extended(due_on, **changes)
    before = of(workspace, contract).data
    steps.take_step(workspace, paper, "decide")
    assert of(workspace, contract).data == before


HALF = 100_000_000


def test_the_contract_of_an_earlier_year_stays(workspace):
    years = [{"year": 2018, "support": HALF}, {"year": 2019, "support": HALF}]
    id_ = approved(workspace, ends_on="31/12/2019", multi_year=True, year_amounts=years)
    first, second = (
        samples.contract(workspace, id_, number=f"{year}/HĐ", due_on=f"31/12/{year}", basis="contract", value=HALF)
        for year in (2018, 2019)
    )
    lives.take(workspace, id_, "contract", "start")
    decide(workspace, asked(workspace, id_, kind="extend", new_ends_on="30/6/2020"))
    assert of(workspace, first).value("due_on") == "2018-12-31"
    assert of(workspace, second).value("due_on") == "2020-06-30"


# -- added to a plan that has been decided -------------------------------------------------------------------------


@pytest.fixture
def addition(workspace):
    """Asks that a proposal be added to the decided plan of its year; gives the proposal, the plan, the request."""

    def make(budget=300_000_000, **plan_changes):
        first, second = (proposal(workspace, title=title) for title in ("Đã có", "Đến sau"))
        plan = new(workspace, "plan", year=2018, programme="local", budget=budget)
        steps.take_step(workspace, first, "finalise")
        year_plans.fill_plan(workspace, plan)
        changing.set_values(workspace, plan, plan_changes)
        steps.take_step(workspace, plan, "finalise")
        decision = {name: samples.APPROVAL[name] for name in ("decision_number", "decision_date", "decision_authority")}
        changing.set_values(workspace, plan, decision)
        steps.take_step(workspace, plan, "decide")
        steps.take_step(workspace, second, "finalise")
        paper = asked(workspace, second, kind="add", new_total=570_000_000, new_support=90_000_000)
        return second, plan, paper

    return make


def test_the_decision_adds_the_row_to_the_decided_plan_in_its_own_act(workspace, addition, tmp_path):
    id_, plan, paper = addition()
    assert of(workspace, paper).value("plan") == plan
    before = of(workspace, plan).data
    decide(workspace, paper)
    now = of(workspace, plan)
    row = now.rows("entries")[-1]
    assert (row["proposal"], row["support"], row["remaining"]) == (id_, 90_000_000, 10_000_000)
    assert row["added_by"] == "Quyết định số 9/QĐ ngày 01/9/2018"
    assert (now.value("requested"), now.value("additions"), now.state) == (290_000_000, 90_000_000, "decided")
    assert of(workspace, id_).state == "approved"
    assert "(bổ sung 1 đề án, 90.000.000 đồng)" in year_plans.summary(now).sentence()

    printing.print_record(workspace, plan, "registration_report", tmp_path / "m2.pdf")
    said = text_of(tmp_path / "m2.pdf")
    assert "Bổ sung theo quyết định số 9/QĐ ngày 01/9/2018" in said
    assert "Trong đó bổ sung sau khi phê duyệt kế hoạch: 90.000.000 đồng" in said
    workbook.write_workbook(workspace, plan, tmp_path / "m2.xlsx")
    sheet = load_workbook(tmp_path / "m2.xlsx").active
    cells = [str(cell.value) for line in sheet.iter_rows() for cell in line]
    assert any("Bổ sung theo quyết định số 9/QĐ" in cell for cell in cells)
    assert any("(bổ sung 1 đề án, 90.000.000 đồng)" in cell for cell in cells)

    plan_decisions.approve_proposals(workspace, plan)  # only what the plan itself has approved
    assert of(workspace, id_).value("decision_number") == "9/QĐ"
    changing.undo(workspace)
    changing.undo(workspace)
    assert of(workspace, plan).data == before
    assert (of(workspace, id_).state, of(workspace, paper).state) == ("final", "final")


def test_what_is_added_beyond_the_budget_is_in_the_plan_and_says_so(workspace, addition):
    _id, plan, paper = addition(budget=200_000_000)
    decide(workspace, paper)
    line = lines.lines_of(workspace, of(workspace, plan))[-1]
    assert line.fits
    assert line.why == "Bổ sung theo quyết định số 9/QĐ ngày 01/9/2018, vượt kinh phí còn lại"


def test_a_proposal_that_the_plan_has_or_a_plan_that_is_open_takes_no_addition(workspace, addition):
    id_, plan, paper = addition()
    steps.take_step(workspace, plan, "correct", reason="Sửa")
    with pytest.raises(IncompleteError, match="chưa được phê duyệt"):
        steps.take_step(workspace, paper, "finalise")
    year_plans.fill_plan(workspace, plan)
    steps.take_step(workspace, plan, "finalise")
    steps.take_step(workspace, plan, "decide")
    assert id_ in [row["proposal"] for row in of(workspace, plan).rows("entries")]
    with workspace.store.act("Tăng kinh phí") as act:
        rows = of(workspace, plan).rows("entries")
        act.update(plan, {"entries": [row | {"remaining": 1} for row in rows]})
    with pytest.raises(IncompleteError, match="đã có trong kế hoạch"):
        steps.take_step(workspace, paper, "finalise")


def test_a_draft_that_says_nothing_yet_is_called_after_its_proposal(workspace):
    id_ = approved(workspace, title="Máy dệt (mẫu)")
    paper = begin(workspace, id_, "adjustment")
    settlement = begin(workspace, id_, "settlement")
    assert reading.title_of(workspace, paper) == "Điều chỉnh đề án: Máy dệt (mẫu)"
    (line,) = reading.list_page(workspace, "adjustment")
    assert line.title == "Điều chỉnh đề án: Máy dệt (mẫu)"
    changing.set_values(workspace, paper, {"adjustment_type": "adjust"})
    assert reading.title_of(workspace, paper) == "Điều chỉnh"
    assert reading.title_of(workspace, settlement) == "Hồ sơ quyết toán: Máy dệt (mẫu)"
    changing.set_values(workspace, settlement, {"settled_on": "10/12/2018"})
    assert reading.title_of(workspace, settlement) == "Hồ sơ quyết toán – 10/12/2018"
