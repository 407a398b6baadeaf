"""Letters in three sizes and five themes: everything follows at once, and the keyboard's place is always seen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QRawFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QMenuBar,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QStatusBar,
    QTabBar,
    QToolButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from kcdesk.settings import LETTERS, THEMES
from kcdesk.ui.toolkit import sizes
from kcdesk.ui.toolkit.decision_button import DecisionButton
from kcdesk.ui.toolkit.fitting.cut_button import CutButton
from kcdesk.ui.toolkit.sizes import keep_cut, keep_size, scaled, scaled_sheet
from kcdesk.ui.toolkit.tables import TitledTable
from tests.ui.form_support import rest

POINTS = {"normal": 10, "large": 12, "largest": 14}  # as the officer sees them


@pytest.fixture
def look(theme):
    """The theme of the application; light with normal letters before and after."""
    yield theme
    theme.choose_letters("normal")
    theme.choose("light")


def table_of(rows: int) -> TitledTable:
    model = QStandardItemModel()
    model.setHorizontalHeaderLabels(["Tên", "Số tiền"])
    for row in range(rows):
        model.appendRow([QStandardItem(f"Dòng {row}"), QStandardItem("1.000.000")])
    table = TitledTable(0)
    table.setModel(model)
    model.setParent(table)
    table.fit_columns()
    return table


def test_every_kind_of_widget_has_the_chosen_size_and_follows_at_once(qtbot, look):
    """Also kinds for which a system has smaller letters of its own, as Windows has for menus and lists."""
    small = QApplication.font()
    small.setPointSize(6)
    for kind in ("QMenu", "QStatusBar", "QTipLabel", "QAbstractItemView", "QMessageBox"):
        QApplication.setFont(small, kind)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    widgets = [QMenuBar(), QStatusBar(), QLabel("chữ"), QLineEdit(), QComboBox(), QListView(), QTreeView()]
    widgets[3].setAccessibleName("Ô chữ")
    widgets[4].setAccessibleName("Ô chọn")
    widgets += [table_of(2), QPushButton("Nút"), QCheckBox("Ô"), QMenu(window)]
    for widget in widgets:
        column.addWidget(widget)
    widgets.append(widgets[7].horizontalHeader())
    window.show()
    for letters in ("largest", "normal", "large"):
        look.choose_letters(letters)
        rest()
        assert {type(widget).__name__: widget.font().pointSize() for widget in widgets} == {
            type(widget).__name__: POINTS[letters] for widget in widgets
        }
        assert QApplication.font("QTipLabel").pointSize() == POINTS[letters]


def test_heights_and_widths_in_pixels_follow_the_letters(qtbot, look):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    table, box, button = table_of(3), QLineEdit(), QPushButton()
    box.setAccessibleName("Ô chữ")
    keep_size(box, fixed_width=200, least_height=20)
    keep_cut(button, "Một tên rất dài của một đơn vị thụ hưởng", 120)
    for widget in (table, box, button):
        column.addWidget(widget)
    window.resize(600, 400)
    window.show()
    before = table.rowHeight(0), box.width(), len(button.text())
    look.choose_letters("largest")
    rest()
    assert (table.rowHeight(0), box.width()) == (round(before[0] * 1.4), 280)
    assert box.minimumHeight() == 28
    assert abs(len(button.text()) - before[2]) <= 3
    assert button.fontMetrics().horizontalAdvance(button.text()) <= scaled(120)
    look.choose_letters("normal")
    assert (table.rowHeight(0), box.width(), len(button.text())) == before


def test_widths_set_by_the_officer_grow_with_the_letters(qtbot, look):
    table = table_of(3)
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    table.horizontalHeader().resizeSection(1, 200)
    assert table.by_hand
    look.choose_letters("largest")
    assert table.columnWidth(1) == 280
    look.choose_letters("normal")
    assert table.columnWidth(1) == 200


def test_a_style_sheet_grows_but_its_borders_do_not(look):
    sheet = "a { border: 1px solid; padding: 4-1px 8px; font-size: 12pt; border-radius: 8px } b { border: 2px solid }"
    assert scaled_sheet(sheet) == sheet.replace("4-1px", "3px")
    look.choose_letters("largest")
    grown = "a { border: 1px solid; padding: 5px 11px; font-size: 17pt; border-radius: 11px } b { border: 2px solid }"
    assert scaled_sheet(sheet) == grown


def test_the_sizes_have_an_order_with_two_ends(look):
    look.choose_letters("normal")
    assert sizes.neighbour(-1) == "normal"
    assert sizes.neighbour(1) == "large"
    look.choose_letters("largest")
    assert sizes.neighbour(1) == "largest"
    assert list(sizes.LABELS) == list(LETTERS)


# -- where the keyboard is -------------------------------------------------------------------------------------------


def with_role(button: QWidget, role: str) -> QWidget:
    button.setProperty("role", role)
    return button


def focusable() -> dict[str, QWidget]:
    """One widget of every kind that takes the keyboard."""
    combo, tabs, tool, chip = QComboBox(), QTabBar(), QToolButton(), QToolButton()
    combo.addItems(["Một", "Hai"])
    tabs.addTab("Thẻ một")
    tabs.addTab("Thẻ hai")
    tool.setText("…")
    chip.setText("Năm ▾")
    buttons = {role: with_role(DecisionButton("Nút bấm"), role) for role in ("", "main", "quiet")}
    tools = {role: with_role(QToolButton(), role) for role in ("navigation", "step", "more")}
    for role, button in tools.items():
        button.setText(f"Nút {role}")
    return {
        **{f"button {role}": button for role, button in buttons.items()},
        **{f"tool button {role}": button for role, button in tools.items()},
        "tool button": tool,
        "chip": with_role(chip, "chip"),
        "line": QLineEdit("Chữ"),
        "paragraph": QPlainTextEdit("Chữ"),
        "choice": combo,
        "tick": QCheckBox("Chọn"),
        "radio": QRadioButton("Chọn"),
        "tabs": tabs,
        "table": table_of(3),
        "list": QListView(),
        "tree": QTreeView(),
    }


def differing_pixels(one, other) -> int:
    width, height = min(one.width(), other.width()), min(one.height(), other.height())
    return sum(one.pixel(x, y) != other.pixel(x, y) for x in range(width) for y in range(height))


def test_the_focus_is_seen_on_every_kind_of_widget_in_every_theme(qtbot, look):
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    elsewhere = QPushButton("Chỗ khác")
    kinds = focusable()
    for widget in (elsewhere, *kinds.values()):
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.setAccessibleName("Ô thử")
        widget.setMaximumHeight(120)
        column.addWidget(widget)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    unseen = []
    for choice in THEMES:
        look.choose(choice)
        for name, widget in kinds.items():
            elsewhere.setFocus()
            rest()
            without = widget.grab().toImage()
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            rest()
            assert widget.hasFocus(), name
            if differing_pixels(without, widget.grab().toImage()) < 20:
                unseen.append((choice, name))
    assert unseen == [], unseen


@pytest.mark.parametrize("make", [QLineEdit, QPlainTextEdit])
def test_a_locked_empty_field_shows_in_colour_that_it_has_the_keyboard(qtbot, look, make):
    window = QWidget()
    qtbot.addWidget(window)
    field = make()
    field.setAccessibleName("Ô đã khoá")
    field.setReadOnly(True)
    QVBoxLayout(window).addWidget(field)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    for choice in THEMES:
        look.choose(choice)
        field.setFocus(Qt.FocusReason.TabFocusReason)
        rest()
        picture = field.grab().toImage()
        assert picture.pixelColor(picture.width() // 2, 0).name() == QColor(look.colours.accent).name(), choice


@pytest.mark.usefixtures("look")
def test_a_cut_text_of_two_lines_keeps_its_beginning_and_its_end(qtbot):
    button = QPushButton()
    qtbot.addWidget(button)
    text = "Tạm ứng kinh phí còn lại (hợp đồng 01/2018/HĐ-KC) – 25/10/2018 – 60.000.000 đồng"
    keep_cut(button, text, 220, Qt.TextElideMode.ElideMiddle, lines=2)
    first, second = button.text().split("\n")
    assert text.startswith(first)
    assert "…" not in first
    assert second.endswith("60.000.000 đồng")
    assert max(button.fontMetrics().horizontalAdvance(line) for line in (first, second)) <= scaled(220)
    keep_cut(button, "Ngắn", 180, lines=2)
    assert button.text() == "Ngắn"


def test_a_cut_button_shows_the_beginning_of_its_text_at_any_width(qtbot):
    """Words at the left edge matter most: a narrow page loses the end, and a wide one shows all again."""
    around = QWidget()
    qtbot.addWidget(around)
    row = QHBoxLayout(around)
    text = "Lập xong hồ sơ quyết toán hợp đồng khuyến công địa phương của cơ sở chế biến nông sản"
    button = CutButton(text)
    row.addWidget(button, 1, Qt.AlignmentFlag.AlignLeft)
    around.resize(260, 60)
    around.show()
    cut = button.text().removesuffix("…")
    assert text.startswith(cut)
    assert 5 < len(cut) < len(text)
    assert button.geometry().right() < around.width()
    around.resize(1200, 60)
    qtbot.waitUntil(lambda: button.text() == text)


def test_the_letters_of_the_window_are_there(theme):
    """A family that the system lacks would print boxes: an imitation of Windows has no Segoe UI."""
    assert theme.colours
    used = QRawFont.fromFont(QApplication.font())
    assert used.familyName() == QApplication.font().family()
    assert [letter for letter in "ạắằẵặơưĐđỹỴ₫«»…–" if not used.supportsCharacter(ord(letter))] == []
