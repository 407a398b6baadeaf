"""Rows edited in place: the budget and the sites of a real proposal."""

from datetime import date

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from kcdesk.errors import Problem
from kcdesk.formdef.new_record import new_record
from kcdesk.runtime.frozen import replace
from tests.ui.form_support import button, rest, type_text

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SELECT = QItemSelectionModel.SelectionFlag.Select


@pytest.fixture
def form_view(shared_form_view):
    return shared_form_view


@pytest.fixture
def form_host(module_form_host):
    return module_form_host


@pytest.fixture(autouse=True)
def proposal(empty_proposal):
    return empty_proposal


@pytest.fixture
def budget(form_view):
    """The editor of the budget, with the keyboard in the first cell."""
    form_view.focus_path("budget")
    editor = form_view.editor("budget")
    editor.view.setCurrentIndex(editor.model.index(0, column(editor, "item")))  # not where the test before has stood
    return editor


def keyboard():
    return QApplication.focusWidget()


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(keyboard(), key, modifier)


def fill_row(qtbot, *cells):
    """Type cells one after the other, each closed by Enter."""
    for cell in cells:
        if cell:
            type_text(cell)
        press(qtbot, Key.Key_Return)


def column(editor, name):
    return [field.name for field in editor.model.columns].index(name)


def go(editor, row, name):
    editor.view.setFocus()
    editor.view.setCurrentIndex(editor.model.index(row, column(editor, name)))


def test_a_row_is_typed_and_enter_begins_the_next(qtbot, form_view, proposal, budget):
    with qtbot.waitSignal(form_view.edited, timeout=100):
        fill_row(qtbot, "Máy sao chè", "bộ", "2", "570 triệu", "", "170tr", "400000000", "")
    fill_row(qtbot, "Máy đóng gói")
    first, second = proposal.rows("budget")
    assert first["item"] == "Máy sao chè"
    assert first["cost"] == 570_000_000
    assert first["counterpart"] == 400_000_000
    assert "national" not in first
    assert second["item"] == "Máy đóng gói"
    assert budget.view.currentIndex().row() == 1


def test_totals_stand_below(qtbot, budget):
    fill_row(qtbot, "A", "", "", "100", "", "", "", "")
    fill_row(qtbot, "B", "", "", "250", "", "", "", "")
    total = budget.model.rowCount() - 1
    assert budget.model.data(budget.model.index(total, 0)) == "Cộng"
    assert budget.model.data(budget.model.index(total, column(budget, "cost"))) == "350"
    assert budget.model.data(budget.model.index(total, column(budget, "other"))) == ""
    assert not budget.model.flags(budget.model.index(total, 0)) & Qt.ItemFlag.ItemIsSelectable


def test_tab_moves_and_leaves_at_the_end(qtbot, form_view, proposal, budget):
    fill_row(qtbot, "A")
    go(budget, 0, "item")
    press(qtbot, Key.Key_Tab)
    assert budget.view.currentIndex().column() == column(budget, "unit")
    press(qtbot, Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert budget.view.currentIndex().column() == 0
    type_text("B")
    press(qtbot, Key.Key_Tab)
    assert proposal.rows("budget")[0]["item"] == "B"
    assert budget.view.currentIndex().column() == column(budget, "unit")
    for _ in range(40):
        if not budget.has_focus():
            break
        press(qtbot, Key.Key_Tab)
    assert form_view.editor("total_cost").has_focus()


def test_enter_in_the_untouched_last_row_goes_to_the_next_field(qtbot, budget):
    press(qtbot, Key.Key_Return)
    assert not budget.has_focus()


@pytest.mark.usefixtures("budget")
def test_typing_in_a_cell_is_kept_while_it_is_open(qtbot, form_view, proposal):
    with qtbot.waitSignal(form_view.edited, timeout=900):
        type_text("Máy sao")
    assert proposal.rows("budget")[0]["item"] == "Máy sao"
    type_text(" chè")
    press(qtbot, Key.Key_Return)
    assert [row["item"] for row in proposal.rows("budget")] == ["Máy sao chè"]


@pytest.mark.usefixtures("budget")
def test_flush_keeps_the_open_cell(form_view, proposal):
    type_text("Dở")
    form_view.flush()
    assert proposal.rows("budget")[0]["item"] == "Dở"


def test_unreadable_text_stays_in_its_cell(qtbot, form_view, proposal, budget):
    fill_row(qtbot, "A")
    go(budget, 0, "cost")
    type_text("nhiều")
    press(qtbot, Key.Key_Return)
    index = budget.model.index(0, column(budget, "cost"))
    assert budget.model.data(index) == "nhiều"
    assert "không phải là số tiền" in budget.model.data(index, Qt.ItemDataRole.ToolTipRole)
    assert "cost" not in proposal.rows("budget")[0]
    assert budget.problem().startswith("Dòng 1, ")
    assert any(count for _, _, count in form_view.sections())
    go(budget, 0, "cost")
    press(qtbot, Key.Key_F2)
    assert keyboard().text() == "nhiều"
    keyboard().selectAll()
    type_text("5")
    press(qtbot, Key.Key_Return)
    assert proposal.rows("budget")[0]["cost"] == 5
    assert "Dòng 1, Thành tiền: “nhiều”" not in budget.problem()


def test_rows_are_pasted_from_a_spreadsheet(qtbot, form_view, proposal, budget):
    fill_row(qtbot, "Cũ")
    go(budget, 0, "item")
    QApplication.clipboard().setText(
        'Máy A\tbộ\t1\t1.000.000\r\n"Máy ""B""\nhai dòng"\tcái\t2\tnhiều\r\nMáy C\t\t\t3000000\r\n'
    )
    with qtbot.waitSignal(form_view.edited, timeout=500) as pasted:
        press(qtbot, Key.Key_V, CTRL)
    rows = proposal.rows("budget")
    assert [row["item"] for row in rows] == ["Máy A", 'Máy "B" hai dòng', "Máy C"]
    assert [row.get("cost") for row in rows] == [1_000_000, None, 3_000_000]
    assert budget.model.data(budget.model.index(1, column(budget, "cost"))) == "nhiều"
    assert len(pasted.args) == 1, "one paste is one change"


def test_what_is_pasted_passes_hidden_columns_over(qtbot, proposal, budget):
    line = "Máy A\tbộ\t1\t1000000\t\t\t\t\tmachinery"
    QApplication.clipboard().setText(f"{line}\n{line}\n")
    press(qtbot, Key.Key_V, CTRL)
    assert [row.get("activity") for row in proposal.rows("budget")] == [None, None], "nothing is written unseen"
    proposal.set("scheme", "flagship")
    budget.set_state(enabled=True, required=False, visible=True)
    go(budget, 0, "item")
    press(qtbot, Key.Key_V, CTRL)
    assert [row.get("activity") for row in proposal.rows("budget")] == ["machinery", "machinery"]


def test_hidden_columns_between_others_move_nothing_that_is_pasted(qtbot, form_view, form_definitions):
    acceptance = new_record(form_definitions, "acceptance", "a1", date(2026, 3, 5))
    form_view.set_record(acceptance, form_definitions.workflow("acceptance"), "lower")
    form_view.focus_path("remedies")
    QApplication.clipboard().setText("Sửa dây\tCơ sở\t1/4/2026\tLần đầu\n")
    press(qtbot, Key.Key_V, CTRL)
    (row,) = acceptance.rows("remedies")
    assert (row["remedy"], row["due_on"], row["note"]) == ("Sửa dây", "2026-04-01", "Lần đầu")
    assert not {"since", "done", "done_on"} & row.keys()
    for _ in range(3):
        press(qtbot, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "Sửa dây\tCơ sở\t01/4/2026\tLần đầu\n", "copied as it is seen"


def test_a_column_that_only_the_program_reads_is_never_seen(form_view, proposal, form_definitions):
    proposal.add_row("remarks", {"path": "machines", "subject": "Máy móc", "reason": "Thiếu báo giá"})
    form_view.set_record(proposal, form_definitions.workflow("proposal"), "lower")
    remarks = form_view.editor("remarks")
    assert remarks.view.isColumnHidden(column(remarks, "path"))
    assert not remarks.view.isColumnHidden(column(remarks, "subject"))


@pytest.mark.usefixtures("budget")
def test_two_hundred_rows_are_pasted_in_a_blink(qtbot, proposal):
    QApplication.clipboard().setText("\n".join(f"Máy {n}\tbộ\t1\t{n}000" for n in range(1, 201)))
    press(qtbot, Key.Key_V, CTRL)
    assert len(proposal.rows("budget")) == 200
    assert proposal.value("total_cost") == 20_100_000


def test_rows_that_are_undone_leave_no_unsaved_cell_and_the_keyboard_in_its_table(qtbot, form_view, proposal, budget):
    QApplication.clipboard().setText("Máy A\tbộ\tnhiều\t1000000\n")
    press(qtbot, Key.Key_V, CTRL)
    assert budget.unread_count() == 1
    proposal.set("budget", [])  # as undo does
    with qtbot.waitSignal(form_view.unread_changed, timeout=100) as told:
        form_view.refresh(["budget"])
    assert told.args == [{}], "the bar counts what can still be mended"
    press(qtbot, Key.Key_V, CTRL)
    assert [row["item"] for row in proposal.rows("budget")] == ["Máy A"], "the keyboard has a cell"


def test_an_enlarged_table_offers_no_more_room_whatever_is_done_in_it(form_view, budget):
    budget.set_enlarged(True)
    budget.set_editable(True)  # as after every change
    form_view.refresh(["budget"])
    assert not budget.room_button.isVisibleTo(budget)
    budget.set_enlarged(False)
    assert budget.room_button.isVisibleTo(budget)


def test_copied_cells_can_be_pasted_again(qtbot, proposal, budget):
    fill_row(qtbot, "A", "bộ")
    go(budget, 0, "item")
    press(qtbot, Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    press(qtbot, Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == "A\tbộ\n"
    go(budget, 1, "item")
    press(qtbot, Key.Key_V, CTRL)
    assert [row["item"] for row in proposal.rows("budget")] == ["A", "A"]


def test_rows_are_deleted_cleared_and_moved(qtbot, form_view, proposal, budget):
    QApplication.clipboard().setText("A\nB\nC")
    press(qtbot, Key.Key_V, CTRL)
    go(budget, 2, "item")
    press(qtbot, Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert [row["item"] for row in proposal.rows("budget")] == ["A", "C", "B"]
    assert budget.view.currentIndex().row() == 1
    press(qtbot, Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    press(qtbot, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [row["item"] for row in proposal.rows("budget")] == ["A", "C", "B"]
    with qtbot.waitSignal(form_view.edited, timeout=100) as removed:
        press(qtbot, Key.Key_Delete, CTRL)
    assert [row["item"] for row in proposal.rows("budget")] == ["A", "B"]
    assert None in removed.args[0].values()
    go(budget, 0, "item")
    press(qtbot, Key.Key_Delete)
    assert "item" not in proposal.rows("budget")[0]


def test_the_buttons_do_what_the_keys_do(qtbot, proposal, budget):
    fill_row(qtbot, "A")
    qtbot.mouseClick(budget.add_button, Qt.MouseButton.LeftButton)
    assert budget.view.currentIndex().row() == 1
    go(budget, 0, "item")
    qtbot.mouseClick(budget.remove_button, Qt.MouseButton.LeftButton)
    assert proposal.value("budget") in (None, [])


def test_the_button_that_deletes_a_row_waits_for_one(qtbot, proposal, budget):
    assert not budget.remove_button.isEnabled()
    fill_row(qtbot, "A")
    qtbot.mouseClick(budget.add_button, Qt.MouseButton.LeftButton)
    assert not budget.remove_button.isEnabled(), "the empty last row is no row yet"
    go(budget, 0, "item")
    assert budget.remove_button.isEnabled()
    qtbot.mouseClick(budget.remove_button, Qt.MouseButton.LeftButton)
    assert proposal.value("budget") in (None, [])
    assert not budget.remove_button.isEnabled()


def test_empty_lines_begin_no_rows(qtbot, proposal, budget):
    assert budget.has_focus()
    QGuiApplication.clipboard().setText("\n\nA\n\n\nB\n")
    press(qtbot, Key.Key_V, CTRL)
    assert [row["item"] for row in proposal.rows("budget")] == ["A", "B"]


def test_nothing_is_pasted_into_the_totals(qtbot, proposal, budget):
    fill_row(qtbot, "A")
    totals = budget.view.visualRect(budget.model.index(2, column(budget, "unit"))).center()
    qtbot.mouseClick(budget.view.viewport(), Qt.MouseButton.LeftButton, pos=totals)
    assert budget.view.currentIndex().row() == 2
    assert not budget.remove_button.isEnabled()
    QGuiApplication.clipboard().setText("Máy mẫu\t2\t1.000.000\nMáy hai\t1\t5 triệu")
    press(qtbot, Key.Key_V, CTRL)
    assert [row["item"] for row in proposal.rows("budget")] == ["A"]


def test_a_cell_that_is_left_by_the_mouse_tells_its_own_table_only(qtbot, form_view, budget, qtlog):
    fill_row(qtbot, "A")
    go(budget, 0, "item")
    press(qtbot, Key.Key_F2)
    type_text("B")
    form_view.editor("title").focus()
    assert [record.message for record in qtlog.records if "commitData" in record.message] == []


def test_a_double_click_opens_a_cell(qtbot, budget):
    fill_row(qtbot, "A")
    cell = budget.view.visualRect(budget.model.index(0, 0)).center()
    qtbot.mouseClick(budget.view.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    qtbot.mouseDClick(budget.view.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert keyboard().text() == "A"


def test_references_and_places_are_searched_in_cells(qtbot, form_view, form_host, proposal):
    proposal.set("scheme", "group")
    form_view.refresh(["scheme"])
    form_view.focus_path("sites")
    sites = form_view.editor("sites")
    type_text("dong mau")
    press(qtbot, Key.Key_Return)
    assert proposal.rows("sites")[0]["beneficiary"] == "b2"
    assert sites.model.data(sites.model.index(0, column(sites, "beneficiary"))) == "Hợp tác xã Đồng Mẫu"
    assert sites.view.currentIndex() == sites.model.index(0, column(sites, "beneficiary") + 1)
    go(sites, 0, "place")
    type_text("ba dinh")
    assert keyboard().list_open()
    press(qtbot, Key.Key_Return)
    assert proposal.rows("sites")[0]["place"]["commune"]
    go(sites, 1, "beneficiary")
    type_text("Cơ sở chưa có")
    press(qtbot, Key.Key_Return)
    assert form_host.title_of(proposal.rows("sites")[1]["beneficiary"]) == "Cơ sở chưa có"


def test_a_cell_that_closes_while_a_dossier_is_made_keeps_quiet(
    qtbot, form_view, form_host, proposal, qtlog, monkeypatch
):
    """Making the dossier may take the keyboard away and close the cell: it is not written into another cell then."""
    proposal.set("scheme", "group")
    form_view.refresh(["scheme"])
    form_view.focus_path("sites")
    sites = form_view.editor("sites")
    create = form_host.create_record

    def elsewhere(kind, text):
        go(sites, 0, "place")
        type_text("x")
        return create(kind, text)

    monkeypatch.setattr(form_host, "create_record", elsewhere)
    go(sites, 0, "beneficiary")
    type_text("Cơ sở cũng chưa có")
    press(qtbot, Key.Key_Return)
    assert [record.message for record in qtlog.records if "commitData" in record.message] == []
    assert "x" in keyboard().text()


def test_a_column_that_names_nobody_leaves_its_room_to_the_others(qtbot, form_view, proposal):
    """A fair of passers-by: the registry is rarely asked, the figures are what everybody looks at."""
    proposal.set("activity", "fair_participation")
    form_view.refresh(["activity"])
    form_view.focus_path("exhibitors")
    table = form_view.editor("exhibitors")
    place = column(table, "beneficiary")
    empty = table.view.columnWidth(place)
    go(table, 0, "beneficiary")
    type_text("dong mau")
    assert keyboard().width() >= 200  # looks for a dossier with room to read what it finds
    press(qtbot, Key.Key_Return)
    assert proposal.rows("exhibitors")[0]["beneficiary"] == "b2"
    assert empty < 120 < table.view.columnWidth(place)
    go(table, 0, "beneficiary")
    press(qtbot, Key.Key_Delete)
    assert table.view.columnWidth(place) == empty


def test_problems_of_rows_are_marked_and_told_below(form_view, proposal, budget):
    row, changes = proposal.add_row("budget", {"item": "Máy", "cost": 570, "local": 100})
    form_view.refresh(list(changes))
    assert "lệch 470" in budget.problem()
    form_view.show_problems([Problem(f"budget/{row}/unit", "Dòng 1, ĐVT: chưa nhập."), Problem("budget", "Chưa khép.")])
    index = budget.model.index(0, column(budget, "unit"))
    assert budget.model.problem(index) == "Dòng 1, ĐVT: chưa nhập."
    assert "Chưa khép." in budget.problem()


def test_a_closed_table_has_no_empty_row(form_view, form_definitions):
    record = new_record(form_definitions, "proposal", "p2", date(2026, 3, 5))
    record.add_row("budget", {"item": "A"})
    record.set("state", "final")
    form_view.set_record(record, form_definitions.workflow("proposal"), "lower")
    editor = form_view.editor("budget")
    assert editor.model.rowCount() == 2, "the row and the totals"
    assert not editor.model.flags(editor.model.index(0, 0)) & Qt.ItemFlag.ItemIsEditable
    assert not editor.add_button.isVisible()


def test_the_table_is_as_high_as_its_rows(qtbot, form_view, budget):
    before = budget.view.height()
    fill_row(qtbot, "Một tên máy rất dài " * 10)
    assert budget.view.height() > before
    assert budget.view.verticalScrollBar().maximum() == 0
    assert budget.view.mapTo(form_view.viewport(), QPoint(0, 0)).y() >= 0


def test_a_range_pasted_into_an_open_cell_fills_the_cells(qtbot, proposal, budget):
    type_text("x")
    QApplication.clipboard().setText("A\tbộ\nB\tcái\n")
    press(qtbot, Key.Key_V, CTRL)
    assert [(row["item"], row["unit"]) for row in proposal.rows("budget")] == [("A", "bộ"), ("B", "cái")]
    assert budget.view.hasFocus()


def test_one_cell_is_pasted_into_the_words_of_an_open_cell(qtbot, proposal, budget):
    type_text("Máy ")
    QApplication.clipboard().setText("sao chè")
    press(qtbot, Key.Key_V, CTRL)
    press(qtbot, Key.Key_Return)
    assert proposal.rows("budget")[0]["item"] == "Máy sao chè"
    assert budget.view.currentIndex().column() == column(budget, "unit")


def test_an_unreadable_beginning_begins_a_row_all_the_same(qtbot, proposal, budget):
    go(budget, 0, "cost")
    type_text("nhiều")
    press(qtbot, Key.Key_Return)
    assert len(proposal.rows("budget")) == 1
    assert budget.model.data(budget.model.index(0, column(budget, "cost"))) == "nhiều"


def test_suggested_rows_come_by_one_key_as_one_change(qtbot, form_view, proposal, budget):
    shift = Qt.KeyboardModifier.ShiftModifier
    press(qtbot, Key.Key_G, CTRL | shift)
    assert proposal.rows("budget") == []  # no activity was chosen yet
    proposal.set("activity", "brand")
    form_view.refresh(["activity"])
    go(budget, 0, "item")
    told = []
    form_view.edited.connect(told.append)
    press(qtbot, Key.Key_G, CTRL | shift)
    items = [row["item"] for row in proposal.rows("budget")]
    assert "Tra cứu, lập hồ sơ và lệ phí đăng ký nhãn hiệu" in items
    assert len(told) == 1
    assert len(told[0]) == len(items)
    assert budget.model.rowCount() >= len(items)
    press(qtbot, Key.Key_G, CTRL | shift)
    assert len(told) == 1


def test_only_tables_that_have_suggestions_offer_them(form_view):
    assert not form_view.editor("budget").suggest_button.isHidden()
    assert form_view.editor("work_plan").suggest_button.isHidden()


def menu_of(budget):
    """The labels that the menu of the rows offers, and what chooses one."""
    menu = budget.view.menu()
    actions = {action.text().partition("\t")[0]: action for action in menu.actions()}
    return menu, actions


def test_the_line_for_adding_is_not_copied(qtbot, budget):
    QApplication.clipboard().setText("A\nB")
    press(qtbot, Key.Key_V, CTRL)
    budget.view.selectAll()
    press(qtbot, Key.Key_C, CTRL)
    copied = QApplication.clipboard().text()
    assert [line.split("\t")[0] for line in copied.splitlines()] == ["A", "B"]
    go(budget, 2, "item")
    press(qtbot, Key.Key_C, CTRL)
    assert QApplication.clipboard().text() == copied


def test_the_menu_of_the_rows_does_what_the_keys_do(qtbot, proposal, budget):
    QApplication.clipboard().setText("A\t\t\t5\nB\t\t\t\nC\t\t\t")
    press(qtbot, Key.Key_V, CTRL)
    menu, actions = menu_of(budget)
    assert list(actions) == ["Chèn dòng", "Xoá dòng", "Chép", "Dán từ Excel", "Điền xuống", "Vì sao có số này?"]
    go(budget, 1, "item")
    actions["Chèn dòng"].trigger()
    assert [row.get("item") for row in proposal.rows("budget")] == ["A", None, "B", "C"]
    assert budget.view.currentIndex().row() == 1
    actions["Xoá dòng"].trigger()
    go(budget, 0, "item")
    actions["Chèn dòng"].trigger()
    assert [row.get("item") for row in proposal.rows("budget")] == [None, "A", "B", "C"]
    press(qtbot, Key.Key_Delete, CTRL)
    first, last = (budget.model.index(row, column(budget, "cost")) for row in (0, 2))
    budget.view.setCurrentIndex(first)
    for row in (1, 2):
        budget.view.selectionModel().select(budget.model.index(row, last.column()), SELECT)
    press(qtbot, Key.Key_D, CTRL)
    assert [row.get("cost") for row in proposal.rows("budget")] == [5, 5, 5]
    go(budget, 1, "item")
    actions["Điền xuống"].trigger()
    assert [row["item"] for row in proposal.rows("budget")] == ["A", "A", "C"]
    menu.close()


def test_a_closed_table_only_copies(form_view, form_definitions, proposal):
    proposal.add_row("budget", {"item": "A"})
    proposal.set("state", "final")
    form_view.set_record(proposal, form_definitions.workflow("proposal"), "lower")
    menu, actions = menu_of(form_view.editor("budget"))
    assert [label for label, action in actions.items() if action.isEnabled()] == ["Chép", "Vì sao có số này?"]
    menu.close()


def test_a_wrong_code_in_a_cell_is_kept_as_on_paper_when_asked(qtbot, form_view, form_definitions, new_id):
    record = new_record(form_definitions, "acceptance", new_id, date(2026, 3, 5))
    record.form = with_tax_codes(record.form)
    record.add_row("participants", {"name": "Người Mẫu"})
    form_view.set_record(record, form_definitions.workflow("acceptance"), "lower")
    table = form_view.editor("participants")
    place = next(n for n, column in enumerate(table.model.columns) if column.name == "title")
    table.view.setCurrentIndex(table.model.index(0, place))
    table.view.setFocus()
    type_text("0100109107")
    press(qtbot, Key.Key_Return)
    assert "title" not in record.rows("participants")[0]
    qtbot.mouseClick(button(table, "Giữ như trên giấy"), Qt.MouseButton.LeftButton)
    assert record.rows("participants")[0]["title"] == "0100109107"
    assert table.unread_count() == 0


def with_tax_codes(form):
    """The form whose participants have a tax code instead of a title."""
    sections = []
    for section in form.sections:
        fields = [replace(f, columns=tuple(map(as_tax_code, f.columns))) for f in section.fields]
        sections.append(replace(section, fields=tuple(fields)))
    return replace(form, id="acceptance", sections=tuple(sections))


def as_tax_code(column):
    return replace(column, type="tax_code", max_length=0) if column.name == "title" else column


@pytest.mark.parametrize("row", ["taken back", "deleted"])
def test_an_open_cell_whose_row_goes_keeps_quiet(qtbot, form_view, proposal, budget, qtlog, row):
    """Qt asks a hidden cell where the keyboard goes next, as if Tab had been pressed: it writes nowhere."""
    fill_row(qtbot, "A")
    go(budget, 1, "item")
    type_text("B")
    form_view.keep_typed()
    assert [stored["item"] for stored in proposal.rows("budget")] == ["A", "B"]
    type_text("C")
    if row == "deleted":
        budget.view.remove_row()
    else:
        proposal.set("budget", proposal.rows("budget")[:1])
    form_view.refresh(["budget"])
    rest()
    assert [record.message for record in qtlog.records] == []
    assert [stored["item"] for stored in proposal.rows("budget")] == ["A"]


def test_a_table_that_is_hidden_lets_the_keyboard_go(qtbot, budget):
    fill_row(qtbot, "A")
    go(budget, 0, "item")
    budget.view.hide()
    assert keyboard() is not budget.view
    budget.view.show()
