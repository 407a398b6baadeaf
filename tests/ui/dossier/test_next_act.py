"""The button and the side panel of a dossier: no press fails, no line is dead, who waits for whom is said."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QLabel, QListWidget, QPushButton

from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.overview import counters
from kcdesk.services.records import changing, reading
from kcdesk.ui.shell.notices.notice_bar import NoticeBar
from tests.services import lives, samples
from tests.ui.form_support import press, rest, type_text


@pytest.fixture
def window(open_window, workspace):
    return open_window(workspace)


def missing_lines(window) -> QListWidget:
    return window.page.findChild(QListWidget, "missing")


def choose(qtbot, window, text):
    """Click the line of «Còn thiếu» that begins with a text."""
    lines = missing_lines(window)
    item = next(lines.item(row) for row in range(lines.count()) if lines.item(row).text().startswith(text))
    qtbot.mouseClick(lines.viewport(), Qt.MouseButton.LeftButton, pos=lines.visualItemRect(item).center())


def test_the_button_makes_the_contract_that_is_missing_then_opens_it_then_takes_the_step(window, workspace):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    window.open_record(id_)
    assert window.header.main.text() == "Nhập hợp đồng"
    window.run_main_action()
    contract = window.page.record
    assert (contract.kind, contract.value("proposal")) == ("contract", id_)
    changing.set_values(workspace, contract.id, {"number": "01/HĐ"})
    window.back()
    window.open_record(id_)
    window.page.refresh(changing.set_values(workspace, contract.id, {"note": "Mẫu"}), None)
    assert window.header.main.text() == "Mở hợp đồng"
    window.run_main_action()
    assert window.page.record_id == contract.id
    answers = {"basis": "support", "signed_on": "5/3/2018", "value": lives.SUPPORT}
    changing.set_values(workspace, contract.id, answers)
    window.context.announce(steps.take_step(workspace, contract.id, "finalise"))
    window.back()
    assert window.header.main.text() == "Ghi nhận hợp đồng"
    window.run_main_action()
    assert lives.state(workspace, id_) == "contracted"
    assert not [sentence for sentence in window.context.messages.said if "chưa đủ" in sentence]


def test_a_line_of_what_is_missing_begins_the_dossier_that_is_missing(window, workspace, qtbot):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    window.open_record(id_)
    choose(qtbot, window, "Chưa có hợp đồng nào")
    assert window.page.record.kind == "contract"


def test_a_step_that_cannot_be_taken_asks_for_no_reason_and_begins_the_right_dossier(window, workspace, messages):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    window.open_record(id_)
    window.page.commands()["stop"].run()  # no reason is waiting to be given: to ask for one would fail here
    assert messages.said[-1].startswith("Hồ sơ còn 1 điểm chưa đủ; trước hết: Chưa có quyết định ngừng triển khai")
    request = window.page.record
    assert (request.kind, request.value("proposal"), request.value("adjustment_type")) == ("adjustment", id_, "stop")


def test_what_must_and_what_should_be_there_stand_apart(window, workspace, messages):
    id_ = lives.write(workspace, "machinery")
    changing.set_values(workspace, id_, {"papers": [], "goals": ""})
    page = window.open_record(id_)
    lines = page.side.gap_lines()
    must = lines.index("Phải có (1)")
    should = next(place for place, line in enumerate(lines) if line.startswith("Nên có ("))
    assert must < should
    assert "Mục tiêu cụ thể" in lines[must + 1]
    assert page.side.tabText(0) == "Thiếu 1"
    changing.set_values(workspace, id_, {"goals": "Một máy"})
    window.context.announce(changing.set_values(workspace, id_, {"note": "Mẫu"}))
    messages.answers.append(False)
    window.run_main_action()
    assert messages.said[-1].startswith("«Chốt» khi còn ")
    assert lives.state(workspace, id_) == "draft"
    assert page.place()["field"].startswith("papers")
    messages.answers.append(True)
    window.run_main_action()
    assert lives.state(workspace, id_) == "final"


def test_a_sent_dossier_says_whom_it_waits_for_and_takes_the_paper_decision(window, workspace):
    id_ = lives.write(workspace, "brand")
    lives.take(workspace, id_, "finalise", "send")
    page = window.open_record(id_)
    lines = page.side.gap_lines()
    assert lines[0].startswith("Chờ cấp tỉnh nhận, thẩm định hồ sơ, từ ngày ")
    assert window.header.main.text() == "Ghi nhận phê duyệt"
    window.run_main_action()  # nothing is filled in yet: the press leads to the first box of the decision
    assert page.place()["field"] == "decision_number"
    assert reading.is_editable(workspace, id_, "decision_number")


def test_what_can_no_longer_be_written_is_read_from_its_top(window, workspace, qtbot):
    """Only boxes of the decision, far below, can still be filled in: opening the dossier does not lead there."""
    id_ = lives.write(workspace, "brand")
    lives.take(workspace, id_, "finalise", "send")
    page = window.open_record(id_)
    qtbot.waitUntil(page.form.hasFocus)
    assert (page.place()["field"], page.form.verticalScrollBar().value()) == ("", 0)


def test_a_dossier_that_is_opened_again_has_the_keyboard_in_its_form(window, workspace, qtbot, messages):
    id_ = lives.write(workspace, "brand")
    lives.take(workspace, id_, "finalise")
    page = window.open_record(id_)
    correct = next(step for step in page.other_steps() if step.label == "Sửa thành bản mới")
    messages.texts.append("Sai số tiền")
    correct.run()
    assert lives.state(workspace, id_) == "draft"
    qtbot.waitUntil(lambda: bool(page.place()["field"]))
    lives.take(workspace, id_, "finalise")
    page.refresh(changing.undo(workspace), None)
    qtbot.waitUntil(lambda: bool(page.place()["field"]))


def test_texts_beside_a_dossier_never_overlap_where_a_message_takes_their_room(window, workspace, qtbot):
    id_ = lives.write(workspace, "brand")
    lives.take(workspace, id_, "finalise", "send")
    page = window.open_record(id_)
    page.side.setFixedHeight(170)
    page.context.messages.problem("Câu dài của một lời báo. " * 12)
    texts = [label for label in page.side.findChildren(QLabel) if label.isVisibleTo(page) and label.wordWrap()]
    assert len(texts) > 1
    qtbot.waitUntil(lambda: all(label.height() >= label.heightForWidth(label.width()) for label in texts))
    seen = [label.visibleRegion().boundingRect().translated(label.mapTo(page, QPoint())) for label in texts]
    assert not [pair for pair in combinations(seen, 2) if pair[0].intersects(pair[1])]


def test_a_final_contract_leads_to_its_proposal(window, workspace):
    id_ = samples.approved(workspace)
    contract = samples.contract(workspace, id_)
    page = window.open_record(contract)
    page.findChild(QPushButton, "note.record").click()
    assert window.page.record_id == id_


def test_both_ways_on_from_a_refused_acceptance_are_offered(window, workspace, messages):
    id_ = samples.proposal(workspace)
    with workspace.store.act("Không nghiệm thu") as act:
        act.update(id_, {"state": "failed"})
    page = window.open_record(id_)
    messages.texts.append("Đã thay máy")
    page.findChild(QPushButton, "note.resume").click()
    assert lives.state(workspace, id_) == "running"


def test_amounts_that_differ_are_red_and_open_the_contract(window, workspace, qtbot, theme):
    id_ = samples.approved(workspace)
    contract = samples.contract(workspace, id_, basis="contract", value=230_000_000)
    window.open_record(id_)
    lines = missing_lines(window)
    assert lines.item(0).text() == "Không khớp (1)"
    assert lines.item(1).foreground().color() == theme.colours.tone("wrong")
    choose(qtbot, window, "Quyết định phê duyệt 200.000.000, hợp đồng ghi 230.000.000")
    assert window.page.record_id == contract


def test_amounts_that_differ_stand_in_the_page_of_what_to_look_at(window, workspace, qtbot):
    id_ = samples.approved(workspace)
    contract = samples.contract(workspace, id_, basis="contract", value=230_000_000)
    window.context.announce(changing.set_values(workspace, samples.beneficiary(workspace), {"note": "Mẫu"}))
    qtbot.waitUntil(lambda: counters.to_look_at(workspace) == 1)
    window.go("conflicts")
    window.page.findChild(QPushButton, "difference.0").click()
    assert window.page.record_id == contract


def test_the_first_page_begins_with_the_work_of_today_and_each_line_does_it(window, workspace, qtbot, messages):
    id_ = samples.approved(workspace)
    samples.contract(workspace, id_, basis="contract", value=230_000_000, due_on="31/12/2018")
    window.go("settings")
    window.context.announce(changing.set_values(workspace, samples.beneficiary(workspace), {"note": "Mẫu"}))
    window.go("overview")
    page = window.page
    qtbot.waitUntil(lambda: bool(page.work.texts()))
    texts = page.work.texts()
    assert "lệch 30.000.000" in texts[0]
    assert any("Quá hạn lâu" in text for text in texts)
    assert texts[-1] == "Chưa có bản sao lưu ngoài máy này"
    messages.files.append(None)  # the officer has no stick at hand
    page.findChild(QPushButton, f"work.{len(texts) - 1}").click()
    page.work.first_button().click()
    assert window.page.record_id == id_
    window.go("overview")
    late = next(place for place, text in enumerate(texts) if "Quá hạn lâu" in text)
    window.page.findChild(QPushButton, f"work.{late}").click()
    assert window.page.title == "Thời hạn"


def test_the_numbers_of_the_first_page_lead_to_their_lists(window, workspace):
    samples.contract(workspace, samples.approved(workspace))
    window.go("overview")
    window.page.findChild(QPushButton, "overview.contract").click()
    assert window.page.kind == "contract"
    window.go("overview")
    window.page.findChild(QPushButton, "overview.proposal").click()
    assert window.page.kind == "proposal"


def test_what_the_contract_lacks_is_said_there_and_reached_at_its_field(window, workspace):
    """Else the proposal leads to the contract, and the contract back to the proposal."""
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    contract = lives.sign(workspace, id_)
    lives.accept(workspace, id_)
    lives.settle(workspace, id_)
    window.open_record(id_)
    assert window.header.main.text() == "Mở hợp đồng"
    window.run_main_action()
    assert window.page.record_id == contract
    assert window.page.form.editor("liquidated_on").has_focus()
    (note,) = missing.outlook_of(workspace, workspace.store.record(contract)).notes
    assert note.text.startswith("Còn việc ở đây: hợp đồng «")
    assert note.text.endswith("chưa ghi «Ngày thanh lý».")


def begun_contract(workspace):
    return samples.begin(workspace, samples.approved(workspace), "contract")


def sent_proposal(workspace):
    """A proposal that is locked but for the decision that its next step asks for."""
    id_ = lives.write(workspace, "brand")
    lives.take(workspace, id_, "finalise", "send")
    return id_


@pytest.mark.parametrize("lacking", [begun_contract, sent_proposal])
def test_f8_leads_through_every_gap_of_any_dossier_and_begins_again(window, workspace, lacking):
    page = window.open_record(lacking(workspace))
    gaps = [problem.field for problem in missing.outlook_of(workspace, page.record).must if not problem.record]
    assert len(gaps) > 1
    seen = []
    for _press in range(len(gaps) + 1):
        window.menu_actions["next_open"].trigger()
        seen.append(page.form.focused_path().partition("/")[0])
    wanted = [gap.partition("/")[0] for gap in gaps]
    start = wanted.index(seen[0])  # the keyboard may have begun at one of them
    assert seen == [wanted[(start + step) % len(wanted)] for step in range(len(gaps) + 1)]


def test_f8_in_a_visit_goes_on_to_what_is_missing_beside_the_answers(window, workspace):
    """All questions are answered; what is still missing is the photo of a failed item."""
    proposal = samples.approved(workspace)
    samples.contract(workspace, proposal)
    lives.take(workspace, proposal, "contract")
    visit = samples.begin(workspace, proposal, "acceptance")
    samples.answer(workspace, visit)
    rows = [row | {"result": "pass"} for row in workspace.store.record(visit).rows("checklist")]
    failed = next(row for row in rows if row["code"] == "safety")
    failed |= {"result": "fail", "finding": "Lối thoát bị che"}
    changing.set_values(workspace, visit, {"visited_on": "30/11/2026", "checklist": rows})
    page = window.open_record(visit)
    (gap,) = page.side.gap_lines()[1:2]
    assert "chưa có ảnh" in gap
    press(window, "F8")
    assert page.place()["field"].startswith(f"checklist/{failed['id']}")
    press(window, "2")  # leads into the remark on the item, and demands a remedy
    (remedy,) = page.record.rows("remedies")
    changing.set_values(
        workspace, visit, {f"remedies/{remedy['id']}/due_on": "15/12/2026", "conclusion": "conditional"}
    )
    window.context.announce(changing.set_values(workspace, visit, {"note": "Mẫu"}))
    page.focus_field(f"checklist/{failed['id']}/finding")
    press(window, "F8")
    assert not page.place()["field"].startswith("checklist/"), "what should be there follows"


def test_f8_goes_on_down_the_paper_from_a_gap_that_was_filled(window):
    """A gap that was left above, here a tax code with a wrong digit, does not call back after every field."""
    window.go("beneficiary")
    press(window, "Ctrl+N")
    type_text("HTX chè")
    went = []
    for typed in ("hợp tác xã", "4900123455", "Hoàng Thị Lan"):
        press(window, "F8")
        went.append(window.page.place()["field"])
        type_text(typed)
    press(window, "F8")
    assert [*went, window.page.place()["field"]] == ["legal_form", "tax_code", "representative", "phone"]


def test_the_field_that_a_refusal_names_stays_in_sight_above_the_refusal(window, workspace, qtbot):
    proposal = lives.write(workspace, "management_training")
    lives.take(workspace, proposal, "finalise", "send")
    window.go("proposal")
    window.open_record(proposal)
    rest()
    press(window, "Ctrl+Return")
    settled = []
    QTimer.singleShot(500, lambda: settled.append("settled"))
    qtbot.waitUntil(lambda: settled != [])
    field, bar = window.focusWidget(), window.findChild(NoticeBar)
    assert field.visibleRegion().boundingRect() == field.rect(), "it is seen as a whole"
    lowest = window.statusBar().y()
    assert lowest - 40 < bar.mapTo(window, bar.rect().bottomLeft()).y() <= lowest, "the page has made room for it"
