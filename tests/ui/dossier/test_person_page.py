"""«Dữ liệu về một người» in the window: found from three places, printed, restricted, erased, the log, the terms."""

from datetime import date
from threading import Event

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from kcdesk.runtime.frozen import replace
from kcdesk.services.personal import rights
from kcdesk.services.phrases import own_phrases
from kcdesk.services.records import changing
from kcdesk.ui.dossier.personal.person_page import PersonPage
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from tests.services import samples
from tests.services.samples import new
from tests.ui.cut_texts import cut_texts

NAME, PHONE = "Lò Thị Kín", "0912345678"


@pytest.fixture
def held(workspace):
    """A collaborator, who may be erased, a beneficiary in a proposal, who may not, and a note about the person."""
    collaborator = new(workspace, "collaborator", name=NAME, phone=PHONE, bank_account="123456789 NH Mẫu")
    beneficiary = samples.beneficiary(workspace, representative=NAME)
    proposal = samples.proposal(workspace, beneficiaries=[beneficiary])
    return collaborator, beneficiary, proposal


@pytest.fixture
def window(open_window, workspace, held):
    assert held
    return open_window(workspace)


def press(page, name):
    page.findChild(QPushButton, name).click()


def searched(window, typed, qtbot):
    """Open the page by its name in the search over everything, and look for somebody."""
    window.global_search.pop_up()
    window.global_search.box.setText("dữ liệu về một người")
    window.global_search.box.search_now()
    hit = next(hit for hit in window.global_search.hits() if hit.title.startswith("Dữ liệu về một người"))
    window.global_search.hide()
    hit.run()
    window.page.words.setText(typed)
    qtbot.keyClick(window.page.words, Qt.Key.Key_Return)
    answered(window, qtbot)
    return window.page


def answered(window, qtbot):
    """Wait for the search in the background."""
    qtbot.waitUntil(lambda: not window.context.worker.busy)


def rows(page):
    model = page.records.model
    return [[model.item(row, column).text() for column in range(3)] for row in range(model.rowCount())]


def tick(page, qtbot, row):
    page.records.table.setCurrentIndex(page.records.model.index(row, 0))
    page.records.table.setFocus()
    qtbot.keyClick(page.records.table, Qt.Key.Key_Space)


def test_the_page_opens_from_the_search_from_a_record_and_from_the_settings(window, held, qtbot):
    page = searched(window, "lo thi kin", qtbot)
    assert isinstance(page, PersonPage)
    assert [row[0] for row in rows(page)] == [NAME, samples.BENEFICIARY["name"]]
    assert page.records.chosen() == [], "two people may have one name"
    assert window.focusWidget() is page.records.table, "the keyboard goes on with what was found"
    assert "Còn phải giữ" in rows(page)[1][2] or "Giữ đến" in rows(page)[1][2]
    assert cut_texts(page) == []
    window.back()
    window.open_record(held[0])
    window.page.commands()["person"].run()
    answered(window, qtbot)
    assert NAME in window.page.words.text()
    assert len(rows(window.page)) == 2
    window.go("settings")
    press(window.page, "settings.person")
    assert rows(window.page) == []
    assert "Gõ họ tên" in window.page.records.message.text()
    window.page.words.setText("Không Có Ai")
    qtbot.keyClick(window.page.words, Qt.Key.Key_Return)
    answered(window, qtbot)
    assert "không có dữ liệu nào" in window.page.records.message.text()
    assert window.page.records.printer.isEnabled(), "also «nothing» is an answer"
    window.page.words.setText(" ; ")
    window.page.look_up()
    answered(window, qtbot)
    assert "Chưa có tên hay số nào" in window.page.problem.text()
    assert window.focusWidget() is window.page.words


def test_what_may_go_is_erased_and_the_rest_is_only_kept(window, workspace, held, qtbot):
    copy = workspace.store.backup()
    page, messages = searched(window, NAME, qtbot), window.context.messages
    for row in range(len(rows(page))):
        tick(page, qtbot, row)
    messages.texts.append("Đơn số 1")
    messages.answers.append(False)
    press(page, "person.erase")
    assert workspace.store.get(held[0]).data["name"] == NAME, "the officer has thought again"
    messages.texts.append("Đơn số 1")
    messages.answers.append(True)
    press(page, "person.erase")
    answered(window, qtbot)
    assert workspace.store.get(held[0]).data["name"] == "[đã xoá]"
    assert workspace.store.get(held[1]).data["representative"] == NAME
    assert [row[2].endswith("chỉ lưu giữ") for row in rows(page)] == [True]
    assert "Chỉ lưu giữ" in page.records.detail.text()
    assert "chưa đối chiếu văn bản" in page.records.detail.text()
    assert "1 bản sao lưu" in page.old_copies.text()
    messages.answers.append(True)
    press(page, "person.remove_copies")
    assert not copy.exists()
    assert len(workspace.store.copies.listed()) == 1, "a new copy took its place"
    window.open_record(held[1])
    assert messages.said[-1].startswith("Hồ sơ này chỉ được lưu giữ")
    window.back()
    assert page.records.chosen() == [held[1]], "what was ticked stays ticked"
    messages.texts.append("Người ấy rút đơn")
    press(page, "person.lift")
    answered(window, qtbot)
    assert not rows(page)[0][2].endswith("chỉ lưu giữ")
    changing.set_values(workspace, held[1], {"phone": PHONE})


def test_the_paper_the_log_and_the_terms(window, workspace, held, monkeypatch, qtbot):
    window.open_record(held[0])  # has a sensitive value
    page, shown = searched(window, NAME, qtbot), []
    monkeypatch.setattr(SheetDialog, "exec", lambda dialog: shown.append(dialog.windowTitle()))
    press(page, "person.print")
    assert len(shown) == 1
    page.show_part("uses")
    lines = page.uses.table.lines_model
    texts = [[lines.index(row, column).data() for column in range(5)] for row in range(lines.rowCount())]
    assert ["mở xem dữ liệu nhạy cảm", NAME] in [line[2:4] for line in texts]
    page.show_part("terms")
    assert page.terms.message.text() == "Chưa có hồ sơ nào hết thời hạn lưu giữ."
    assert page.terms.periods.lines_model.rowCount() == len(workspace.retention)
    later = replace(workspace, today=lambda: date(2045, 1, 1))
    assert held[1] in [standing.record for standing in rights.due(later)], "as its proposal is past its term"
    window.context.workspace = later
    page.show_part("terms")
    number = page.terms.table.lines_model.rowCount()
    assert number > 0
    window.context.messages.texts.append("rà soát năm")
    page.terms.table.go_to(held[1])
    press(page, "person.erase_due")
    assert workspace.store.get(held[1]).data["representative"] == "[đã xoá]"
    assert page.terms.table.lines_model.rowCount() == number - 1


def test_sentences_of_the_office_are_one_line_that_is_erased_too(window, workspace, qtbot):
    own_phrases.keep_phrases(workspace, {"proposal.remarks.reason": ([f"Gọi chị {NAME} trước"], [])})
    page = searched(window, NAME, qtbot)
    assert rows(page)[-1] == ["Câu thường dùng của đơn vị", "Câu gợi ý", "Được xoá"]
    tick(page, qtbot, len(rows(page)) - 1)
    assert not page.findChild(QPushButton, "person.open").isEnabled()
    window.context.messages.texts.append("Đơn số 1")
    window.context.messages.answers.append(True)
    press(page, "person.erase")
    answered(window, qtbot)
    assert own_phrases.own_phrases(workspace).get("proposal.remarks.reason") == []


@pytest.fixture
def held_back(window):
    """A search does not begin before this is set: another task has the worker."""
    go_on = Event()
    worker = window.context.worker
    worker.run(lambda _progress: go_on.wait(20), text="Việc khác", done=bool, failed=bool, owner=None, only_reads=True)
    yield go_on
    go_on.set()


def begun(window, typed, qtbot):
    """Type words into the page and press Enter, waiting for nothing."""
    window.page.words.setText(typed)
    qtbot.keyClick(window.page.words, Qt.Key.Key_Return)
    return window.page


def test_the_window_can_be_used_while_somebody_is_looked_for(window, held, held_back, qtbot):
    window.open_page(PersonPage)
    page = begun(window, "Không Có Ai", qtbot)
    assert page.records.message.text().startswith("Đang tìm dữ liệu về «Không Có Ai»")
    begun(window, NAME, qtbot)
    window.open_record(held[0])
    assert window.page is not page
    window.back()
    assert rows(page) == []
    held_back.set()
    answered(window, qtbot)
    assert [row[0] for row in rows(page)] == [NAME, samples.BENEFICIARY["name"]], "the latest question is answered"


def test_a_search_for_somebody_can_be_stopped(window, held, held_back, qtbot):
    assert held
    jobs = []
    window.context.worker.started.connect(jobs.append)
    window.open_page(PersonPage)
    page = begun(window, NAME, qtbot)
    jobs[-1].stop()  # as «Dừng» does with the task that runs
    held_back.set()
    qtbot.waitUntil(lambda: page.records.message.text().startswith("Đã dừng khi chưa tìm xong"))
    assert not page.records.printer.isEnabled(), "nothing is said about the person"
    begun(window, NAME, qtbot)
    answered(window, qtbot)
    assert len(rows(page)) == 2
