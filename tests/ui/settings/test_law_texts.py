"""Texts of the office in the window: added and opened on the page, found by Ctrl+K, opened from rules and numbers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton

from kcdesk.services.law import law_texts
from kcdesk.services.overview import rules_panel
from kcdesk.services.records import changing
from kcdesk.ui.papers.law_text_dialog import LawTextDialog
from kcdesk.ui.settings.law_page import LawPage
from tests.services import samples
from tests.services.law.test_law_texts import NUMBER, written_pdf


@pytest.fixture
def window(open_window, workspace):
    return open_window(workspace)


@pytest.fixture
def page(window):
    window.go("settings")
    window.page.findChild(QPushButton, "settings.law").click()
    assert isinstance(window.page, LawPage)
    return window.page


def chosen(page, number):
    table = page.table
    model = table.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == number)
    table.setCurrentIndex(model.index(row, 0))


def enter(table, qtbot):
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Return)


@pytest.fixture
def shown(qtbot, monkeypatch, window):
    """Do something that opens a text; returns the page at the top and the sentence above it."""

    def show(act):
        seen = []

        def look(dialog):
            dialog.show()
            qtbot.waitUntil(lambda: bool(dialog.pages.drawn()) and dialog.number.text() != "")
            seen.append((dialog.page(), dialog.note.text()))
            dialog.close()
            return 0

        monkeypatch.setattr(QDialog, "exec", look)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        act()
        return seen[0]

    return show


def test_a_text_is_added_searched_opened_removed_and_taken_back(page, qtbot, tmp_path, workspace, shown):
    chosen(page, NUMBER)
    texts = page.texts
    assert texts.about.text() == "Cơ quan chưa có bản văn bản này trong kho."
    assert texts.opener.isHidden()
    texts.take(written_pdf(tmp_path / "tt28.pdf"))
    assert "tt28.pdf, 3 trang" in texts.about.text()
    assert texts.adder.text() == "Thay bản khác…"
    assert shown(texts.opener.click) == (1, f"{NUMBER}, trang 1")
    page.search("nhan rong mo hinh")
    assert [texts.hits.model().index(0, column).data() for column in (0, 1)] == [NUMBER, "3"]
    texts.hits.setCurrentIndex(texts.hits.model().index(0, 0))
    at, note = shown(lambda: enter(texts.hits, qtbot))
    assert at == 3
    assert "Nhân rộng mô hình" in note
    page.search("")
    assert texts.hits.isHidden()
    chosen(page, NUMBER)
    cited = page.citations.model()
    row = next(row for row in range(cited.rowCount()) if "Khoản 2 Điều 8" in cited.index(row, 1).data())
    page.citations.setCurrentIndex(cited.index(row, 0))
    assert shown(lambda: enter(page.citations, qtbot))[0] == 2
    texts.remover.click()
    assert texts.opener.isHidden()
    page.context.act(lambda: changing.undo(workspace))
    assert not texts.opener.isHidden()


def test_ctrl_k_finds_the_page_and_enter_opens_it(window, tmp_path, workspace, shown):
    law_texts.add_text(workspace, NUMBER, written_pdf(tmp_path / "tt28.pdf"))
    search = window.global_search
    search.pop_up()
    search.box.show_text("thanh lap doanh nghiep")
    search.box.searched.emit("thanh lap doanh nghiep")
    hit = next(hit for hit in search.hits() if hit.title == f"{NUMBER}, trang 2")
    assert "thành lập doanh nghiệp: 10 triệu" in hit.piece
    search.hide()
    assert shown(hit.run)[0] == 2


def test_a_rule_and_a_number_open_the_text_at_their_article(window, tmp_path, workspace, shown):
    owner = samples.beneficiary(workspace)
    proposal = samples.proposal(workspace, beneficiaries=[owner], programme="national")
    lines = [line for group in rules_panel.beside(workspace, workspace.store.record(proposal)) for line in group.lines]
    assert not any(line.readable for line in lines)
    law_texts.add_text(workspace, NUMBER, written_pdf(tmp_path / "tt28.pdf"))
    window.open_record(proposal)
    window.page.side.setCurrentWidget(window.page.side.rules)
    window.page.side.rules_shown.emit()
    buttons = [button for button in window.page.side.rules.findChildren(QPushButton) if button.text() == "Mở văn bản"]
    assert buttons
    assert "Điều 8 TT 28/2018/TT-BTC" in buttons[0].accessibleName()
    assert shown(buttons[0].click)[0] >= 1
    dialog = window.page.numbers.dialog("ceiling", proposal)
    dialog.show()
    items = dialog.tree
    down = items.topLevelItem(0)
    opened = []
    while down is not None:
        items.setCurrentItem(down)
        if dialog.text.isVisible():
            opened.append(dialog.details.text())
        down = items.itemBelow(down)
    assert opened
    assert all("TT 28/2018/TT-BTC" in words for words in opened)
    dialog.close()


def test_where_no_heading_is_found_the_officer_notes_the_page(window, qtbot, tmp_path, workspace):
    law_texts.add_text(workspace, NUMBER, written_pdf(tmp_path / "tt28.pdf"))
    source = f"Khoản 1 Điều 20 {NUMBER}"
    dialog = LawTextDialog(window.context, law_texts.places_of(workspace, source), source, window)
    dialog.show()
    qtbot.waitUntil(lambda: bool(dialog.pages.drawn()))
    assert "Không tìm được chỗ" in dialog.note.text()
    dialog.number.setText("3")
    qtbot.keyClick(dialog.number, Qt.Key.Key_Return)
    assert dialog.page() == 3
    dialog.findChild(QPushButton, "law_text.keep").click()
    assert dialog.note.text() == "Đã ghi: Khoản 1 Điều 20 ở trang 3."
    dialog.close()
    assert law_texts.places_of(workspace, source)[0].page == 3
