"""A line that finds its value while typing, ignoring accents, with the matching options below it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QResizeEvent,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from kcdesk import likeness
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.text import clean, fold
from kcdesk.ui.form.editors.inputs import LineInput
from kcdesk.ui.form.editors.sources import OptionSource, SearchOption
from kcdesk.ui.toolkit.fitting.broken_lines import cut_line
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.qt import Index
from kcdesk.ui.toolkit.sizes import scaled

_OPTION = Qt.ItemDataRole.UserRole
_ROWS = 10
_BUTTON = 26  # pixels of a button in the line
_PADDING = 20  # pixels left and right of the text, as in the style sheet
_CONFIRM = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchInput(LineInput):
    """A line with a list of options; `create_wanted` asks for a new record with the typed name.

    Down or a click opens the list, Enter takes the selected option, Esc closes the list. `resized`: there is more or
    less room for the name.
    """

    create_wanted = Signal(str)
    resized = Signal()

    def __init__(self, field: Field, forms: Forms, source: OptionSource, parent: QWidget | None = None) -> None:
        super().__init__(field, forms, parent)
        self.source = source
        self._value: object | None = None
        self.set_hint("Chọn hoặc gõ để tìm")
        self._model = QStandardItemModel(self)
        self._completer = _completer(self, self._model)
        self._popup = _popup(self._completer)
        self._completer.activated[QModelIndex].connect(self._activate)  # type: ignore[index]  # stubs know one overload
        self.textEdited.connect(self._search)
        self._open = QAction("Mở danh sách (↓)", self)
        set_icon(self._open, "chevron-down", QPalette.ColorRole.PlaceholderText)
        self._open.triggered.connect(self.open_list)
        self.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)

    def setReadOnly(self, read_only: bool) -> None:
        """Make the input read-only, without the list."""
        super().setReadOnly(read_only)
        self._open.setVisible(not read_only)

    def stored(self) -> object | None:
        """Return the chosen value, or the value whose name was typed in full."""
        typed = clean(self.text()).strip()
        if not typed:
            return None
        if self._value is None:
            self._value = self._named(typed)
        if self._value is not None:
            return self._value
        if self.source.free_text:
            return super().stored()
        alike = likeness.nearest_words(typed, self.source.candidates(typed))
        raise ValueProblem(f"“{typed}” không có trong danh sách{alike}. Hãy gõ để tìm rồi chọn một mục.")

    def _named(self, typed: str) -> object | None:
        wanted = fold(typed)
        named = [o for o in self.source.search(typed) if not o.new and fold(o.label) == wanted]
        return named[0].value if len(named) == 1 else None

    def show_value(self, stored: object | None) -> None:
        """Show the name of a stored value."""
        self._value = stored
        self.setText("" if stored is None else self.source.label(stored))
        self.setToolTip(self.text())
        self.setCursorPosition(0)

    def show_typed(self, text: str) -> None:
        """Show text that is not the name of an option."""
        self._value = None
        self.setText(text)

    def cuts_value(self) -> bool:
        """Return whether a value is chosen whose name is longer than the line has room for."""
        if self._value is None:
            return False
        shown = (action for action in self.actions() if action.isVisible())
        room = self.width() - sum(scaled(_BUTTON) for _action in shown) - scaled(_PADDING)
        return self.fontMetrics().horizontalAdvance(self.text()) > room

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say that the room has changed."""
        super().resizeEvent(event)
        self.resized.emit()

    def open_list(self) -> None:
        """Show all options, ignoring the typed text."""
        if not self.isReadOnly():
            self._fill(self.source.search(""))

    def list_open(self) -> bool:
        """Return whether options are shown."""
        return self._popup.isVisible()

    def options(self) -> list[SearchOption]:
        """Return the options that are listed now."""
        return [self._model.item(row).data(_OPTION) for row in range(self._model.rowCount())]

    def _search(self, typed: str) -> None:
        self._value = None
        self._fill(self.source.search(typed), mark=bool(typed.strip()))

    def _fill(self, options: list[SearchOption], *, mark: bool = False) -> None:
        self._model.clear()
        for option in options:
            item = QStandardItem(option.label)
            item.setData(option, _OPTION)
            item.setToolTip(option.label)
            self._model.appendRow(item)
        if not options:
            self._popup.hide()
            return
        self._completer.complete()
        if mark:
            self._popup.setCurrentIndex(self._completer.completionModel().index(0, 0))

    def _activate(self, index: QModelIndex) -> None:
        self._choose(index.data(_OPTION))

    def _choose(self, option: SearchOption) -> None:
        self._popup.hide()
        if option.new:
            self.create_wanted.emit(clean(self.text()).strip() or str(option.value))
            return
        self.show_value(option.value)
        self.setModified(True)
        self.textEdited.disconnect(self._search)
        self.textEdited.emit(self.text())
        self.textEdited.connect(self._search)
        self.left.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show all options on a click into an empty box."""
        super().mousePressEvent(event)
        if not self.text() and event.button() == Qt.MouseButton.LeftButton:
            self.open_list()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Take the marked option on Tab where the source says so, or the only one; elsewhere only Enter takes it."""
        index = self._popup.currentIndex()
        is_marked = self.list_open() and index.isValid() and bool(self.text().strip())
        takes = forward and is_marked and self._tab_takes(index.data(_OPTION))
        self._popup.hide()
        if takes:
            self._choose(index.data(_OPTION))
        return super().focusNextPrevChild(forward)

    def _tab_takes(self, option: SearchOption) -> bool:
        if option.new or option.by_detail or self._value is not None:
            return False
        named = [other for other in self.options() if other.new or not other.by_detail]
        return self.source.tab_takes or (not self.source.free_text and len(named) == 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list on Down; while it is open, Enter takes the selected option."""
        if self.list_open() and event.key() in _CONFIRM:
            index = self._popup.currentIndex()
            if index.isValid():
                self._choose(index.data(_OPTION))
                self.entered.emit()
                return
            self._popup.hide()
        if event.key() == Qt.Key.Key_Down and not self.list_open():
            self.open_list()
            return
        super().keyPressEvent(event)


def _completer(line: QLineEdit, model: QStandardItemModel) -> QCompleter:
    """Return a list below `line` that shows the model unfiltered: the search has already filtered it."""
    completer = QCompleter(model, line)
    completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
    completer.setMaxVisibleItems(_ROWS)
    completer.setWrapAround(False)  # Down on the last option would mark none
    completer.setWidget(line)
    return completer


def _popup(completer: QCompleter) -> QListView:
    """Return Qt's list of a completer, drawn with the details of the options."""
    popup = completer.popup()
    assert isinstance(popup, QListView), "Qt makes a list unless it was given something else"
    popup.setItemDelegate(OptionDelegate(popup))
    popup.setUniformItemSizes(False)
    return popup


class OptionDelegate(QStyledItemDelegate):
    """Draws an option in one line, with its detail in grey below."""

    _MARGIN = 8
    _PADDING = 4

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of one or two lines of text."""
        lines = 2 if index.data(_OPTION).detail else 1
        return QSize(0, lines * option.fontMetrics.height() + 2 * self._PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the label in the text colour and the detail in the placeholder colour, both cut at the list's edge."""
        entry: SearchOption = index.data(_OPTION)
        palette = option.palette
        marked = option.state & QStyle.StateFlag.State_Selected
        painter.save()
        painter.fillRect(option.rect, palette.color(palette.ColorRole.Highlight if marked else palette.ColorRole.Base))
        area = option.rect.adjusted(self._MARGIN, self._PADDING, -self._MARGIN, -self._PADDING)
        role = QPalette.ColorRole.Link if entry.new else QPalette.ColorRole.Text
        self._line(painter, option, area, entry.label, palette.color(role))
        if entry.detail:
            area.translate(0, option.fontMetrics.height())
            self._line(painter, option, area, entry.detail, palette.color(QPalette.ColorRole.PlaceholderText))
        painter.restore()

    def _line(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, text: str, colour: QColor) -> None:
        metrics = option.fontMetrics
        painter.setPen(colour)
        shown = cut_line(text, metrics, area.width())
        painter.drawText(
            QRect(area.left(), area.top(), area.width(), metrics.height()), Qt.AlignmentFlag.AlignLeft, shown
        )
