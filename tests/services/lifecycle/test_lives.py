"""The life of a proposal: the way through the appraisals, returns, adjustments, money.

Every activity from draft to archive: `tests/cli/test_lives.py` and `tests/ui/window/test_lives.py`.
"""

import shutil
from datetime import date

import pytest

from kcdesk.errors import IncompleteError, UserError
from kcdesk.services import catalogue
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.maintenance import opening
from kcdesk.services.overview import rules_panel
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from tests.services import lives, samples
from tests.services.samples import begin


@pytest.fixture(scope="module")
def office(empty_store, tmp_path_factory, forms):
    """One store of a lower unit for every activity: the rules are read once."""
    folder = tmp_path_factory.mktemp("lives") / "store"
    shutil.copytree(empty_store, folder)
    with Store.open(folder, forms) as store:
        yield Workspace(store, forms, catalogue.extensions(), lambda: date(2026, 3, 5))


@pytest.fixture(scope="module")
def department(tmp_path_factory, forms):
    """A store of the province, which appraises."""
    folder = tmp_path_factory.mktemp("department") / "store"
    opening.create(folder, samples.practice_answers(level="province", code="SCT-MAU"), forms)
    with Store.open(folder, forms) as store:
        yield Workspace(store, forms, catalogue.extensions(), lambda: date(2026, 3, 5))


def asked(workspace, id_, step, *, reason=""):
    """What stands in the way of a step, as sentences."""
    with pytest.raises(IncompleteError) as caught:
        steps.take_step(workspace, id_, step, reason)
    return [problem.message for problem in caught.value.problems]


def appraise(workspace, id_, conclusion="approve"):
    paper = begin(workspace, id_, "appraisal")
    rows = workspace.store.record(paper).rows("criteria")
    assert [row["source"].split(" Điều")[0] for row in rows] == [f"Khoản {n}" for n in range(1, 6)]
    values = {"model": "4a", "appraised_on": "1/6/2018", "body": "staff", "conclusion": conclusion}
    values |= {"proposed_support": lives.SUPPORT} if conclusion == "approve" else {"conclusion_note": "Thiếu báo giá"}
    rows = [row | {"result": "pass"} for row in rows]
    changing.set_values(workspace, paper, {**values, "criteria": rows})
    lives.take(workspace, paper, "finalise")


def test_a_national_proposal_passes_both_appraisals(department):
    id_ = lives.write(department, "brand", "national")
    lives.take(department, id_, "finalise", "send", "appraise")
    assert asked(department, id_, "forward") == ["Chưa có phiếu thẩm định cấp cơ sở nào của đề án được chốt."]
    appraise(department, id_)
    with pytest.raises(UserError, match="Khuyến công địa phương"):
        steps.take_step(department, id_, "propose")
    lives.take(department, id_, "forward")
    changing.set_values(department, id_, {**lives.APPROVAL, "approved_national": lives.SUPPORT})
    lives.take(department, id_, "approve")
    assert lives.state(department, id_) == "approved"


def test_who_may_not_take_a_step_is_told_who_may(office):
    id_ = lives.write(office, "brand")
    lives.take(office, id_, "finalise", "send")
    with pytest.raises(UserError, match="do cấp tỉnh làm"):
        steps.take_step(office, id_, "appraise")
    assert "appraise" not in lives.offered(office, id_)


def test_a_return_names_fields_and_reasons_until_they_are_answered(department):
    id_ = lives.write(department, "brand")
    lives.take(department, id_, "finalise", "send", "appraise")
    steps.take_step(department, id_, "return", "Chưa rõ", [("budget", "Thiếu báo giá"), ("goals", "Chưa có số liệu")])
    found = missing.outlook_of(department, department.store.record(id_))
    told = [(problem.field, problem.message) for problem in found.problems]
    assert told[:2] == [
        ("budget", "Yêu cầu bổ sung «Dự toán kinh phí»: Thiếu báo giá"),
        ("goals", "Yêu cầu bổ sung «Mục tiêu cụ thể của đề án cần đạt được»: Chưa có số liệu"),
    ]
    assert len(asked(department, id_, "resend")) == 2
    rows = [row | {"answer": "Đã bổ sung"} for row in department.store.record(id_).rows("remarks")]
    changing.set_values(department, id_, {"remarks": rows})
    lives.take(department, id_, "resend")
    assert department.store.record(id_).revision == 2


def test_a_dossier_tells_which_papers_its_activity_wants(office):
    id_ = lives.write(office, "machinery")
    rows = office.store.record(id_).rows("papers")
    first, second = rows[0], next(row for row in rows if row["item"].startswith("Báo giá"))
    changing.set_values(office, id_, {"papers": [row for row in rows if row not in (first, second)]})
    found = [problem.message for problem in missing.outlook_of(office, office.store.record(id_)).problems]
    assert [message.startswith(("Thiếu công văn đề nghị", "Thiếu báo giá")) for message in found] == [True, True]
    assert "chưa đối chiếu" in found[1]


def test_only_a_step_that_returns_takes_remarks(office):
    id_ = lives.write(office, "brand")
    with pytest.raises(UserError) as caught:
        steps.take_step(office, id_, "finalise", remarked=[("title", "Sai")])
    assert caught.value.code == "remarks_not_taken"


def test_a_rejected_national_proposal_moves_to_the_local_plan_in_one_act(department):
    id_ = lives.write(department, "brand", "national")
    lives.take(department, id_, "finalise", "send")
    steps.take_step(department, id_, "reject", "Hết nguồn")
    before = len(reading.history(department, id_))
    lives.take(department, id_, "move_to_local")
    record = department.store.record(id_)
    assert (record.state, record.value("programme"), record.revision) == ("draft", "local", 2)
    assert (record.value("total_national") or 0, record.value("total_local")) == (0, lives.SUPPORT)
    assert record.value("rejection_reason") == "Hết nguồn"
    assert len(reading.history(department, id_)) == before + 1
    changing.undo(department)
    assert department.store.record(id_).value("programme") == "national"


def adjust(workspace, id_, kind, **values):
    paper = begin(workspace, id_, "adjustment")
    request = {"adjustment_type": kind, "requested_on": "1/8/2018", "reason": "Máy về chậm"}
    national = {"department_confirmed": True} if workspace.store.record(id_).value("programme") == "national" else {}
    changing.set_values(workspace, paper, {**request, **national, **values})
    lives.take(workspace, paper, "finalise")
    return paper


@pytest.mark.parametrize(
    ("kind", "values", "authority"),
    [
        ("extend", {"new_ends_on": "31/3/2019"}, "ministry"),
        ("adjust", {"subjects": ["time"], "new_ends_on": "30/12/2018"}, "agency"),
        ("adjust", {"subjects": ["support"], "new_support": 5_000_000, "new_total": 100_000_000}, "ministry"),
        ("adjust", {"subjects": ["support"], "new_support": 3_000_000, "new_total": 100_000_000}, "agency"),
        ("stop", {}, "ministry"),
    ],
)
def test_who_decides_follows_from_what_changes(department, kind, values, authority):
    id_ = lives.write(department, "brand", "national")
    lives.approve(department, id_)
    paper = adjust(department, id_, kind, **values)
    record = department.store.record(paper)
    assert record.value("authority") == authority
    assert "Điều 11 TT 36/2013" in record.value("authority_source")


def test_a_decision_is_applied_to_the_proposal_in_one_act(department):
    id_ = lives.write(department, "brand", "national")
    lives.approve(department, id_)
    paper = adjust(department, id_, "extend", new_ends_on="31/3/2019")
    decision = {"decision_number": "9/QĐ", "decision_date": "1/9/2018"}
    changing.set_values(department, paper, {**decision, "decided_by": "department"})
    assert "do Bộ Công Thương quyết định" in asked(department, paper, "decide")[0]
    changing.set_values(department, paper, {"decided_by": "ministry"})
    lives.take(department, paper, "decide")
    assert department.store.record(id_).value("ends_on") == "2019-03-31"
    changing.undo(department)
    assert department.store.record(id_).value("ends_on") == "2018-12-31"
    assert lives.state(department, paper) == "final"


def test_stopping_needs_a_decision_and_gives_the_advance_back(department):
    id_ = lives.write(department, "brand")
    lives.approve(department, id_)
    assert "lập hồ sơ điều chỉnh" in asked(department, id_, "stop", reason="Cơ sở giải thể")[0]
    lives.sign(department, id_)
    lives.pay(department, id_, "advance", amount=lives.ADVANCE)
    paper = adjust(department, id_, "stop")
    decision = {"decided_by": "province", "decision_number": "9/QĐ", "decision_date": "1/9/2018"}
    changing.set_values(department, paper, decision)
    lives.take(department, paper, "decide")
    assert lives.state(department, id_) == "stopped"


def test_an_advance_keeps_to_the_rate_of_its_activity(office):
    id_ = lives.write(office, "machinery")
    lives.approve(office, id_)
    lives.sign(office, id_)
    payment = begin(office, id_, "payment")
    changing.set_values(office, payment, {"payment_type": "advance", "requested_on": "1/9/2018", "progress": 70})
    record = office.store.record(payment)
    assert (record.value("amount"), record.text("rate")) == (lives.SUPPORT * 70 // 100, "70%")
    assert [row["source"] for row in record.rows("papers")] == ["Điểm d khoản 2 Điều 13 TT 36/2013/TT-BCT"] * 2
    lives.give_papers(office, payment)
    changing.set_values(office, payment, {"amount": lives.SUPPORT * 70 // 100 + 1})
    over, progress = asked(office, payment, "finalise")
    assert "không quá 70% là 2.800.000 đồng" in over
    assert "trên 70% khối lượng" in progress
    rows = office.store.record(payment).rows("papers")
    rows[0]["paper_form"] = "missing"
    changing.set_values(office, payment, {"amount": 1, "progress": "70,1", "papers": rows})
    assert asked(office, payment, "finalise")[0].startswith("Thiếu: Hợp đồng thực hiện đề án")


def test_what_a_liquidation_says_was_paid_is_what_was_paid(office):
    id_ = lives.write(office, "brand")
    lives.approve(office, id_)
    contract = lives.sign(office, id_)
    lives.pay(office, id_, "advance", amount=lives.ADVANCE)
    lives.accept(office, id_)
    lives.settle(office, id_)
    assert office.store.record(contract).value("paid") == lives.ADVANCE  # carried over from the settlement
    changing.set_values(office, contract, {"liquidated_on": "23/1/2019", "paid": 0})
    assert "lệch 1.000.000 đồng" in asked(office, id_, "liquidate")[0]
    (group,) = rules_panel.beside(office, office.store.record(contract))
    assert "Không chậm quá ngày 22/01/2019" in group.lines[0].text
    assert "quá hạn" in group.lines[0].text


def test_accounts_close_to_the_dong_and_within_fifteen_days(office):
    id_ = lives.write(office, "brand")
    lives.approve(office, id_)
    lives.sign(office, id_)
    lives.pay(office, id_, "advance", amount=lives.ADVANCE)
    lives.accept(office, id_)
    paper = begin(office, id_, "settlement")
    record = office.store.record(paper)
    assert (record.value("due_on"), record.value("advanced")) == ("2018-12-20", lives.ADVANCE)
    lines = [row | {"spent": lives.SUPPORT, "support": lives.SUPPORT} for row in record.rows("lines")]
    voucher = {"number": "1", "dated": "1/8/2018", "content": "Chi", "amount": 1, "support": 1}
    values = {"settled_on": "21/12/2018", "settled_support": lives.SUPPORT, "lines": lines, "vouchers": [voucher]}
    changing.set_values(office, paper, {**values, "advanced": 0})
    lives.give_papers(office, paper)
    told = " ".join(asked(office, paper, "finalise"))
    assert "cộng chứng từ là 1, lệch 3.999.999" in told
    assert "sau hạn 20/12/2018" in told
    assert "các lần chi đã ghi nhận là 1.000.000 đồng" in told
