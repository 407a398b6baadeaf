"""A visit on which something goes wrong: a sentence at its field, a way out, nothing lost."""

import pypdfium2
import pytest

from kcdesk.errors import IncompleteError
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printing
from kcdesk.services.records import changing
from kcdesk.services.visits import visits
from tests.services import samples

NOTHING = dict.fromkeys(("done", "accepted", "accepted_support", "accepted_counterpart"), 0)


@pytest.fixture
def visit(workspace):
    """A visit of an approved proposal with everything answered."""
    proposal = samples.approved(workspace)
    samples.contract(workspace, proposal)
    steps.take_step(workspace, proposal, "contract")
    id_ = samples.begin(workspace, proposal, "acceptance")
    samples.answer(workspace, id_)
    return id_


def obstacles(workspace, visit):
    with pytest.raises(IncompleteError) as refused:
        steps.take_step(workspace, visit, "finalise")
    return {problem.field.partition("/")[0]: problem.message for problem in refused.value.problems}


def printed(workspace, visit, folder):
    pdf = folder / "minutes.pdf"
    printing.print_record(workspace, visit, "minutes_5a", pdf)
    with pypdfium2.PdfDocument(pdf) as paper:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in paper).split())


@pytest.mark.parametrize(
    ("participants", "words"),
    [([], "Thành phần tham gia"), ([{"party": "department", "name": "Người Mẫu Ba"}], "ít nhất hai bên")],
)
def test_missing_parties_are_told_and_the_answers_stay(workspace, visit, participants, words):
    changing.set_values(workspace, visit, {"participants": participants})
    assert words in obstacles(workspace, visit)["participants"]
    assert workspace.store.record(visit).value("work_done") == samples.VISIT["work_done"]


def test_a_remedy_is_not_due_before_the_visit_that_asks_for_it(workspace, visit):
    remedy = {"remedy": "Dán tem", "responsible": "Cơ sở", "due_on": "4/12/2018"}
    changing.set_values(workspace, visit, {"conclusion": "conditional", "remedies": [remedy]})
    told = obstacles(workspace, visit)["visited_on"]
    assert "dòng 1 (Dán tem): Hạn khắc phục (04/12/2018) đứng trước ngày nghiệm thu (05/12/2018)." in told
    changing.set_values(workspace, visit, {"remedies": [remedy | {"due_on": "5/12/2018"}]})
    steps.take_step(workspace, visit, "finalise")


def test_minutes_that_nobody_has_signed_are_final_and_the_next_visit_says_so(workspace, visit):
    remedy = {"remedy": "Dán tem", "responsible": "Cơ sở", "due_on": "1/1/2019"}
    changing.set_values(workspace, visit, {"conclusion": "conditional", "remedies": [remedy]})
    steps.take_step(workspace, visit, "finalise")
    second = visits.second_visit(workspace, visit).items[0].id
    told = [problem.message for problem in visits.ready_to_leave(workspace, second) if problem.field == "previous"]
    assert [message for message in told if "Chưa nhận bản đã ký" in message]


def test_nothing_accepted_is_a_nought_on_paper_and_no_blank(workspace, visit, tmp_path):
    rows = [row | NOTHING for row in workspace.store.record(visit).rows("budget")]
    changes = {"budget": rows, "conclusion": "refused", "conclusion_note": "Máy chưa chạy được"}
    changing.set_values(workspace, visit, changes)
    steps.take_step(workspace, visit, "finalise")
    record = workspace.store.record(visit)
    assert record.value("total_accepted") == record.value("total_accepted_support") == 0
    assert "0 đồng" in printed(workspace, visit, tmp_path)


def test_a_visit_before_the_contract_is_told_while_it_is_typed(workspace, visit):
    changing.set_values(workspace, visit, {"visited_on": "1/3/2018"})  # signed on the fifth
    record = workspace.store.record(visit)
    assert "visited_on" in {problem.field for problem in record.problems()}
    assert "visited_on" in obstacles(workspace, visit)
    assert record.value("visited_on") == "2018-03-01"
