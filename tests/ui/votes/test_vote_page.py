"""«Bảng điểm»: points typed by the keyboard alone, pasted, ranked, closed, certified, printed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from kcdesk.services.records import changing
from kcdesk.services.votes import boards
from kcdesk.ui.votes.entries_page import EntriesPage
from kcdesk.ui.votes.vote_dialogs import CertifyDialog, RegisterDialog
from kcdesk.ui.votes.vote_page import ProductVotePage, VoteBoardPage
from tests.ui.form_support import button

JUDGES = [{"name": f"Giám khảo {n}", "role": "head" if n == "Một" else "member"} for n in ("Một", "Hai", "Ba")]


def new(workspace, kind, **values):
    return changing.add(workspace, kind, values).items[0].id


@pytest.fixture
def vote(workspace):
    """A vote with two products."""
    vote = new(workspace, "product_vote", name="Bình chọn mẫu", level="commune", year=2025, judges=JUDGES)
    maker = new(workspace, "beneficiary", name="Cơ sở Mẫu")
    facts = {"beneficiary": maker, "product_group": "food"}
    products = [new(workspace, "typical_product", name=name, **facts) for name in ("Rượu nếp", "Chè khô")]
    boards.register(workspace, vote, products)
    return vote


@pytest.fixture
def page(open_window, workspace, vote):
    window = open_window(workspace)
    dossier = window.open_record(vote)
    assert isinstance(dossier, ProductVotePage)
    dossier.show_board()
    assert isinstance(window.page, VoteBoardPage)
    return window.page


def type_points(qtbot, *points):
    for written in points:
        for letter in written:  # the first opens the cell, which then has the keyboard
            qtbot.keyClicks(QApplication.focusWidget(), letter)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        QApplication.processEvents()  # Qt closes the cell a moment after the key


def shown(page):
    model = page.products.model()
    return [[model.item(row, column).text() for column in (0, 2, 4, 5)] for row in range(model.rowCount())]


def test_points_above_the_most_stay_on_their_cell_until_they_are_corrected(page, qtbot):
    place = page.grid.currentIndex()
    type_points(qtbot, "45")
    assert page.grid.currentIndex() == place
    assert page.current().product == "Rượu nếp"
    assert place.data() == "45"
    assert place.data(Qt.ItemDataRole.ForegroundRole) == QColor(page.context.theme.colours.tone("wrong"))
    assert "45" in page.problem.text() or "nhất" in page.problem.text()
    qtbot.keyClick(page.grid, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert page.grid.currentIndex() == place, "Enter opens the cell again"
    editor = QApplication.focusWidget()
    editor.selectAll()
    qtbot.keyClicks(editor, "30")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert page.problem.text() == ""
    assert page.grid.currentIndex() != place


def test_points_are_typed_by_the_keyboard_alone(page, qtbot):
    assert page.grid.hasFocus()
    type_points(qtbot, *("30", "30", "8", "8") * 3)
    assert page.current().product == "Chè khô", "Enter after the last cell leads to the next product"
    type_points(qtbot, *("35,5", "35", "9", "9") * 3)

    assert shown(page) == [["2", "Rượu nếp", "76", "Đạt"], ["1", "Chè khô", "88,5", "Đạt"]]
    assert page.summary.text() == "2 sản phẩm, 2 đã đủ điểm, 2 đạt mức tối thiểu."


def test_the_average_follows_every_cell(page, qtbot):
    type_points(qtbot, "30", "30", "8", "8")
    assert page.result.text().startswith("Điểm bình quân 76 (chưa đủ phiếu): đạt mức 70 điểm, xếp thứ 1")


def test_a_range_is_pasted_from_excel(page):
    page.grid.setCurrentIndex(page.model.index(0, 0))
    QApplication.clipboard().setText("20\t20\t5\t5\r\n20\t20\t5\t5\r\n20\t20\t5\t4,7\r\n")
    page.grid.paste()
    assert shown(page)[0] == ["1", "Rượu nếp", "49,9", "Chưa đạt"]


def test_points_above_the_most_stay_in_their_cell_with_the_reason(page, qtbot, workspace, vote):
    type_points(qtbot, "41")
    assert "40" in page.problem.text()
    assert page.model.index(0, 0).data() == "41"
    assert boards.board(workspace, vote).lines[0].points == {}
    page.grid.setCurrentIndex(page.model.index(0, 0))
    type_points(qtbot, "40")
    assert page.problem.text() == ""
    assert page.model.index(0, 0).data() == "40"


def test_delete_empties_a_cell_and_undo_follows_the_grid(page, qtbot):
    type_points(qtbot, "30", "25")
    page.grid.setCurrentIndex(page.model.index(0, 0))
    qtbot.keyClick(page.grid, Qt.Key.Key_Delete)
    assert [page.model.index(0, column).data() for column in (0, 1)] == ["", "25"]
    page.window().undo()
    page.window().undo()
    assert [page.model.index(0, column).data() for column in (0, 1)] != ["", "25"]


def test_closing_says_what_is_missing(page, qtbot):
    type_points(qtbot, *("30", "30", "8", "8") * 3)
    page.close_scores()
    assert "Chè khô" in page.gaps.item(0).text()
    assert page.main_action().label == "Chốt điểm"
    page.gaps.itemClicked.emit(page.gaps.item(0))
    assert page.current().product == "Chè khô", "a click leads to the product that lacks points"


def test_the_certificate_of_the_level_below_is_asked_for_at_registration_and_one_click_away(
    open_window, workspace, qtbot, monkeypatch
):
    vote = new(workspace, "product_vote", name="Cấp tỉnh", level="province", year=2025, judges=JUDGES)
    maker = new(workspace, "beneficiary", name="Cơ sở Mẫu")
    facts = {"beneficiary": maker, "product_group": "food"}
    products = [new(workspace, "typical_product", name=name, **facts) for name in ("Rượu nếp", "Chè khô")]
    assert boards.asks_certificates(workspace, vote)
    window = open_window(workspace)
    window.open_record(vote).show_board()
    page = window.page
    dialog = RegisterDialog(boards.candidates(workspace, vote), page, asks_certificates=True)
    qtbot.addWidget(dialog)
    for row in range(2):
        dialog.model.item(row, 0).setCheckState(Qt.CheckState.Checked)
    assert "Còn 2 sản phẩm chưa ghi giấy chứng nhận cấp dưới" in dialog.summary.text()
    dialog.model.item(0, 4).setText("12/GCN ngày 05/3/2025")
    assert "Còn 1 sản phẩm" in dialog.summary.text()
    boards.register(workspace, vote, products, dialog.certificates())
    entered = [stored.data.get("lower_certificate") for stored in workspace.store.page("product_entry")]
    assert sorted(filter(None, entered)) == ["12/GCN ngày 05/3/2025"]
    page.refresh(None, None)
    page.close_scores()
    rows = range(page.gaps.count())
    asked = next(page.gaps.item(row) for row in rows if "Giấy chứng nhận cấp dưới" in page.gaps.item(row).text())

    def execute(question):
        question.findChild(QLineEdit, "fields.lower_certificate").setText("Công văn 8/CV")
        question.act.click()
        return question.result()

    monkeypatch.setattr(QDialog, "exec", execute)
    page.gaps.itemClicked.emit(asked)
    entered = [stored.data.get("lower_certificate") for stored in workspace.store.page("product_entry")]
    assert sorted(entered) == ["12/GCN ngày 05/3/2025", "Công văn 8/CV"]


@pytest.fixture
def closed(page, workspace, vote):
    for line in page.board.lines:
        points = ("20", "20", "5", "5") if line.product == "Rượu nếp" else ("30", "30", "8", "8")
        names = [column.name for column in page.board.criteria]
        cells = {(j, name): p for j in page.board.judges for name, p in zip(names, points, strict=True)}
        boards.write_scores(workspace, line.id, cells)
    page.refresh(None, None)
    page.close_scores()
    opened: list[tuple[str, ...]] = []
    page.field_requested.connect(lambda *place: opened.append(place))
    decision = page.main_action()
    assert decision.label == "Ghi quyết định công nhận…", "no certificate before it"
    decision.run()
    page.window().back()
    assert opened == [(vote, "decision_number")]
    with workspace.store.act("Công nhận") as act:
        act.update(vote, {"state": "recognised"})
    page.refresh(None, None)
    return page


def test_certificates_are_given_and_shown_in_one_go(closed, workspace, qtbot):
    page = closed
    window, vote = page.window(), page.vote_id
    assert window.open_record(vote).main_action().label == "Cấp giấy chứng nhận…", "owed, so it is the next thing"
    window.page.main_action().run()
    page = window.page
    assert page.main_action().label == "Cấp giấy chứng nhận…"
    dialog = CertifyDialog(workspace, page.board, page)
    qtbot.addWidget(dialog)
    boards.certify(workspace, page.vote_id, dialog.number(), dialog.on())
    page.refresh(None, None)
    assert shown(page) == [["1", "Chè khô", "76", "01/GCN"], ["2", "Rượu nếp", "50", "Không được công nhận"]]
    assert page.main_action().label == "In giấy chứng nhận…", "printing is what is left"
    assert "new" not in page.commands(), "no product is registered after the decision"
    assert button(page, "Đăng ký sản phẩm…").isHidden()
    assert page.help.isHidden()
    preview = page.certificates_dialog()
    qtbot.addWidget(preview)
    preview.show()
    assert preview.status_text().startswith("1 trang")
    preview.close()


def test_a_day_that_is_none_is_said_in_the_dialog(closed, workspace, qtbot):
    dialog = CertifyDialog(workspace, closed.board, closed)
    qtbot.addWidget(dialog)
    dialog.findChild(QLineEdit, "certify.on").setText("31/2/2026")
    button(dialog, "Cấp giấy chứng nhận").click()
    assert dialog.problem.text()


def test_products_that_wait_can_be_ticked(page, workspace, qtbot, vote):
    new(workspace, "typical_product", name="Mật ong", beneficiary=workspace.store.page("beneficiary")[0].id)
    dialog = RegisterDialog(boards.candidates(workspace, vote), page)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.ticked() == [], "its papers are not complete"
    qtbot.keyClick(dialog.table, Qt.Key.Key_Space)
    boards.register(workspace, vote, dialog.ticked())
    page.refresh(None, None)
    assert [row[1] for row in shown(page)] == ["Rượu nếp", "Chè khô", "Mật ong"]


def test_holders_of_the_year_are_printed_from_the_register(page, qtbot):
    window = page.window()
    window.go("registers")
    window.page.show_register("product_entry")
    assert isinstance(window.page.register, EntriesPage)
    dialog = window.page.register.holders_dialog()
    qtbot.addWidget(dialog)
    dialog.show()
    assert "1 trang" in dialog.status_text()
    dialog.close()
