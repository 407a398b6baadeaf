"""The cells of a table field: opening, reading and drawing them."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget
from shiboken6 import isValid

from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.base import CellKey, PathValues
from kcdesk.ui.form.editors.cells import cell_input
from kcdesk.ui.form.editors.inputs import LineInput
from kcdesk.ui.form.editors.search_input import SearchInput
from kcdesk.ui.form.table_model import RowsModel
from kcdesk.ui.toolkit.qt import Index

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PADDING = 16  # pixels left and right of the text in a cell, as in the style sheet
_LEAST_SEARCH = 240  # pixels
_MARK = 6  # pixels of the corner mark of a problem


def is_range(text: str) -> bool:
    """Return whether a copied text has more than one cell."""
    return "\t" in text or "\n" in text.rstrip("\r\n")


class CellDelegate(QStyledItemDelegate):
    """Opens the input of a cell and reads it when it closes.

    Signals:
        typed: something was typed that is not saved yet.
        wrote: the record has changed; carries {path: stored value or None}.
        range_pasted: several cells are pasted into an open cell.
        moved_on: Enter (0), Tab (1) or Shift+Tab (-1) closed the input.
    """

    typed = Signal()
    wrote = Signal(dict)
    range_pasted = Signal()
    moved_on = Signal(int)

    def __init__(self, model: RowsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._open: tuple[LineInput, QPersistentModelIndex] | None = None

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of the text wrapped within the padding of the style sheet, which Qt's own measure ignores."""
        narrower = QStyleOptionViewItem(option)
        narrower.rect = option.rect.adjusted(0, 0, -_PADDING, 0)
        return super().sizeHint(narrower, index)

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        """Create the input of the column's type."""
        line = cell_input(self._model.columns[index.column()], self._model.around, parent)
        line.textEdited.connect(self.typed)
        self._offer_sentences(line, index)
        line.entered.connect(lambda: self._close(line, 0))
        line.tabbed.connect(lambda forward: self._close(line, 1 if forward else -1))
        if isinstance(line, SearchInput):
            line.create_wanted.connect(lambda text: self._create(line, text))
        self._open = (line, QPersistentModelIndex(index))
        return line

    def _offer_sentences(self, line: LineInput, index: Index) -> None:
        """Offer the sentences of the column in a cell of words."""
        if type_of(line.field).is_plain_text or type_of(line.field).is_paragraph:
            row = "" if self._model.is_new(index.row()) else self._model.cell(index)[0]
            path = f"{self._model.field.name}/{row}/{line.field.name}"
            self._model.around.offer_sentences(line, lambda: path)

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show the stored value, or typed text that could not be read."""
        line = _line(editor)
        if line.isModified():  # the model has changed while this input is being edited
            return
        typed = self._model.typed(index)
        if typed is None:
            line.show_value(self._model.stored(index))
        else:
            line.show_typed(typed)
        line.selectAll()

    def setModelData(self, editor: QWidget, _model: QAbstractItemModel, index: Index) -> None:
        """Store the typed value, or keep the text with the reason why it cannot be stored."""
        line = _line(editor)
        if not line.isModified():
            return
        try:
            changes = self._model.write(index, line.stored())
        except ValueProblem as problem:
            changes = self._model.hold(index, line.text(), problem.message)
        self.wrote.emit(changes)

    def keep(self, *, leaving: bool) -> PathValues:
        """Store what is being typed while the input stays open; unreadable text waits until the input is left."""
        if self._open is None or not self._open[0].isModified():
            return {}
        line, place = self._open
        index = self._model.index(place.row(), place.column())
        try:
            return self._model.write(index, line.stored())
        except ValueProblem as problem:
            return self._model.hold(index, line.text(), problem.message) if leaving else {}

    def unread(self) -> dict[CellKey, str]:
        """Return the text of the open cell, if it cannot be read; {} for the cell of a row that is not added yet."""
        if self._open is None or not self._open[0].isModified():
            return {}
        line, place = self._open
        if self._model.is_new(place.row()):
            return {}
        try:
            line.stored()
        except ValueProblem:
            return {self._model.cell(self._model.index(place.row(), place.column())): line.text()}
        return {}

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """Forget the open input, if it is this one: another cell may have been opened before this one is gone."""
        if self._open is not None and self._open[0] is editor:
            self._open = None
        super().destroyEditor(editor, index)

    def _close(self, line: LineInput, direction: int) -> None:
        if self._open is None or self._open[0] is not line:
            return  # closed meanwhile, for example by a dialog that took the keyboard
        self.commitData.emit(line)
        self.closeEditor.emit(line, QStyledItemDelegate.EndEditHint.NoHint)
        self.moved_on.emit(direction)

    def _give_up(self, line: LineInput) -> None:
        """Close the input when several cells are pasted: the table fills them, starting at this cell."""
        self.closeEditor.emit(line, QStyledItemDelegate.EndEditHint.RevertModelCache)
        self.range_pasted.emit()

    def _create(self, line: SearchInput, text: str) -> None:
        record_id = self._model.around.host.create_record(line.field.target, text)
        if record_id is not None and isValid(line):
            line.show_value(record_id)
            line.setModified(True)
            self._close(line, 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave Enter and Tab to the input, which knows about its list; an input whose row has gone writes nowhere."""
        if event.type() == QEvent.Type.FocusOut and self._open is not None and not self._open[1].isValid():
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, LineInput):
            if event.matches(QKeySequence.StandardKey.Paste) and is_range(QGuiApplication.clipboard().text()):
                self._give_up(watched)
                return True
            if event.key() in ENTER:
                watched.keyPressEvent(event)
                event.accept()
                return True
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                return False
        return super().eventFilter(watched, event)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Fill the cell with the input; a search for a dossier gets extra width so that its options can be read."""
        searches = type_of(self._model.columns[index.column()]).is_reference
        option.rect.setWidth(max(option.rect.width(), _LEAST_SEARCH if searches else 0))
        editor.setGeometry(option.rect)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a corner at a problem and a line above the totals."""
        super().paint(painter, option, index)
        painter.save()
        if self._model.problem(index):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.color(QPalette.ColorRole.BrightText))
            corner = option.rect.topRight()
            painter.drawPolygon([corner, corner - QPoint(_MARK, 0), corner + QPoint(0, _MARK)])
        if self._model.is_total(index.row()):
            painter.setPen(QPen(option.palette.color(QPalette.ColorRole.Dark)))
            painter.drawLine(option.rect.topLeft(), option.rect.topRight())
        painter.restore()


def _line(editor: QWidget) -> LineInput:
    """Return the input of a cell, the only kind that `createEditor` creates."""
    assert isinstance(editor, LineInput)
    return editor
