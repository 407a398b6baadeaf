"""A decided adjustment rewrites what it changes in the proposal, in one act, and its paper says from what to what."""

from contextlib import closing

import pytest
from pypdfium2 import PdfDocument

from kcdesk.errors import IncompleteError
from kcdesk.services import money, printing, records

from . import lives
from .samples import approved, begin, beneficiary

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
    records.set_values(workspace, paper, request | ({"subjects": list(subjects)} if subjects else {}))
    return paper


def decide(workspace, paper):
    records.move(workspace, paper, "finalise")
    records.set_values(workspace, paper, DECISION)
    records.move(workspace, paper, "decide")


def text_of(path):
    with closing(PdfDocument(path)) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


def test_sites_that_change_come_and_go_are_written_into_the_proposal(workspace, group, tmp_path):
    paper = asked(workspace, group, "place", "beneficiary")
    first, second = of(workspace, paper).rows("new_sites")
    assert of(workspace, paper).is_visible("new_sites")
    third = {"name": "Xưởng C", "beneficiary": beneficiary(workspace, name="Cơ sở C"), "support": 90_000_000}
    records.set_values(workspace, paper, {"new_sites": [{**first, "address": "Thôn mới"}, third]})
    decide(workspace, paper)

    sites = of(workspace, group).rows("sites")
    assert [(row["name"], row.get("address")) for row in sites] == [("Xưởng A", "Thôn mới"), ("Xưởng C", None)]
    assert sites[0]["id"] == first["id"], "the site is the same one, its minutes stay with it"
    printing.print_record(workspace, paper, "adjustment_decision", tmp_path / "qd.pdf")
    said = text_of(tmp_path / "qd.pdf")
    for part in ("Địa điểm: Xưởng A", "Thôn mới", "Địa điểm: Xưởng B", "Bỏ", "Xưởng C", "Chưa có", "Cơ sở C"):
        assert part in said
    assert any("sites" in str(change) for change in workspace.store.history(group))

    records.undo(workspace)
    assert [row["id"] for row in of(workspace, group).rows("sites")] == [first["id"], second["id"]]
    assert of(workspace, paper).state == "final"


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
    records.undo(workspace)
    assert of(workspace, id_).value("goals") == "Một máy"


def test_the_lines_of_the_budget_are_written_and_added_up_again(workspace):
    id_ = approved(workspace)
    paper = asked(workspace, id_, "budget")
    (line,) = of(workspace, paper).rows("new_budget")
    cheaper = {**line, "cost": 500_000_000, "counterpart": 300_000_000}
    records.set_values(workspace, paper, {"new_budget": [{**cheaper, "cost": 1}]})
    with pytest.raises(IncompleteError):
        records.move(workspace, paper, "finalise")
    records.set_values(workspace, paper, {"new_budget": [cheaper]})
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
    records.set_values(workspace, paper, {"new_budget": [more]})
    records.move(workspace, paper, "finalise")
    assert of(workspace, paper).value("authority") == "ministry"


def test_a_proposal_that_has_gone_on_meanwhile_is_not_written_over(workspace):
    id_ = approved(workspace)
    paper = asked(workspace, id_, "content", new_goals="Hai máy")
    records.move(workspace, paper, "finalise")
    records.set_values(workspace, paper, DECISION)
    with workspace.store.act("Sửa ở nơi khác") as act:
        act.update(id_, {"goals": "Ba máy"})
    with pytest.raises(IncompleteError, match="đã khác lúc đề nghị ở «Mục tiêu đã được duyệt»"):
        records.move(workspace, paper, "decide")
    assert of(workspace, id_).value("goals") == "Ba máy"


def test_stopping_records_what_goes_back_to_the_budget(workspace, tmp_path):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    lives.sign(workspace, id_)
    lives.pay(workspace, id_, "advance", amount=lives.ADVANCE)
    paper = asked(workspace, id_, kind="stop")
    assert (of(workspace, paper).value("advanced"), of(workspace, paper).value("to_return")) == (lives.ADVANCE,) * 2
    records.set_values(workspace, paper, {"to_return": lives.ADVANCE - 1, "return_by": "1/12/2018"})
    decide(workspace, paper)

    stopped = of(workspace, id_)
    assert stopped.state == "stopped"
    assert money.balance(workspace, stopped).to_return == lives.ADVANCE - 1
    printing.print_record(workspace, paper, "adjustment_decision", tmp_path / "qd.pdf")
    assert "999.999 đồng" in text_of(tmp_path / "qd.pdf")
    records.set_values(workspace, id_, {"archived_on": "1/12/2018"})
    with pytest.raises(IncompleteError, match=r"999\.999 đồng"):
        records.move(workspace, id_, "archive")

    records.undo(workspace)  # the day of filing
    records.undo(workspace)  # the decision
    assert (of(workspace, id_).state, of(workspace, paper).state) == ("running", "final")
    assert money.balance(workspace, of(workspace, id_)).to_return == 0


def test_a_proposal_is_added_to_a_running_plan_by_its_decision(workspace):
    id_ = lives.write(workspace, "brand")
    lives.take(workspace, id_, "finalise")
    paper = asked(workspace, id_, kind="add", new_total=lives.COST, new_support=lives.SUPPORT)
    records.move(workspace, paper, "finalise")
    records.set_values(workspace, paper, {**DECISION, "decision_authority": "Ủy ban nhân dân tỉnh (mẫu)"})
    records.move(workspace, paper, "decide")
    added = of(workspace, id_)
    assert (added.state, added.value("decision_number")) == ("approved", "9/QĐ")
    assert added.value("approved_local") == added.value("approved_support") == lives.SUPPORT
    records.undo(workspace)
    assert (of(workspace, id_).state, of(workspace, id_).value("approved_support")) == ("final", None)
