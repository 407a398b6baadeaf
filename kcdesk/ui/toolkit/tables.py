"""The common look of tables for reading: whole rows of 32 px, no grid, Tab leaves the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from kcdesk.ui.toolkit.fitting.broken_lines import few_lines, two_line_width
from kcdesk.ui.toolkit.qt import Index
from kcdesk.ui.toolkit.sizes import letters, scaled
from kcdesk.ui.toolkit.theme import ROW_HEIGHT

NARROWEST, WIDEST = 56, 360  # pixels of a column until the officer sets the width
_SQUEEZED = 112  # pixels to which a text column may shrink, for the title's sake; its heading still fits
_TITLE = 240  # smallest width in pixels of the column that names a record
_LEAST_SHARE = 0.6  # of that width may remain before the table scrolls sideways
_BREATH = 6
_HEAD_PADDING = 28  # pixels of a heading beside its words, with the arrow of the order
_PADDING = 16  # pixels left and right of the text in a cell, as in the style sheet
_LINE_END = "\u2028"  # as Qt ends a line within a cell
_MEASURED = 200  # rows whose titles decide about the height of all rows
KEEPS_WIDTH_ROLE = Qt.ItemDataRole.UserRole  # of a heading: nothing of the column is cut; two lines, if need be


def dress(table: QTableView) -> None:
    """Give a table for reading the common look."""
    table.setProperty("role", "list")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setTextElideMode(Qt.TextElideMode.ElideRight)  # cut at the end; the tool tip shows the full text
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setShowGrid(False)
    rows = table.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(scaled(ROW_HEIGHT))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setTextElideMode(Qt.TextElideMode.ElideRight)
    header.setMinimumSectionSize(scaled(NARROWEST))
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def align_headings(model: QAbstractItemModel, columns: Iterable[int], alignment: Qt.AlignmentFlag) -> None:
    """Align the headings of these columns.

    Qt makes and deletes the items of headings without telling Python. An item that Python has once asked for
    (`horizontalHeaderItem`, `headerItem`) stays known under its old address; the next object at that address, whatever
    it is, is then taken for the item, and the program ends. So headings are only ever changed through the model.
    """
    for column in columns:
        model.setHeaderData(column, Qt.Orientation.Horizontal, alignment, Qt.ItemDataRole.TextAlignmentRole)


class _TonedCells(QStyledItemDelegate):
    """Draws a selected row in the colours of its cells, so that the colour of a state stays visible.

    What does not fit into two lines is cut in the middle: names of offices begin alike and end differently.
    """

    _is_drawing = False

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell; only then its text is cut, not when its size is asked for."""
        self._is_drawing = True
        super().paint(painter, option, index)
        self._is_drawing = False

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        ink = option.palette.brush(QPalette.ColorRole.Text)
        option.palette.setBrush(QPalette.ColorRole.HighlightedText, ink)
        option.state &= ~QStyle.StateFlag.State_HasFocus  # the whole row is selected, so no single cell shows the focus
        if self._is_drawing and option.features & QStyleOptionViewItem.ViewItemFeature.WrapText:
            room = option.rect.width() - scaled(_PADDING) - _BREATH
            lines = few_lines(option.text, option.fontMetrics, room, mode=Qt.TextElideMode.ElideMiddle)
            option.text = _LINE_END.join(lines)


class TitledTable(QTableView):
    """A table that shares its width among the columns: numbers and dates are never cut, text as far as there is room.

    The title column takes what the others leave. A width set by the officer is kept.
    """

    def __init__(self, title_column: int, least: int = _TITLE, *, two_lines: bool = False) -> None:
        super().__init__()
        self._title = title_column
        self._two_lines = two_lines
        self._least = least  # pixels of the title column
        self._needs: dict[int, int] = {}  # pixels of each column, from its heading and its first rows
        self._broken: dict[int, int] = {}  # pixels of each column in two lines, as far as it was asked for
        self._arranging = False
        self.by_hand = False  # whether the officer has set a width
        self._letters = letters()  # for which the widths are
        dress(self)
        self.setItemDelegate(_TonedCells(self))
        if two_lines:
            self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideNone)  # only then Qt breaks a heading
        self.horizontalHeader().sectionResized.connect(self._section_resized)

    def set_title_column(self, column: int) -> None:
        """Let another column take the width that the others leave."""
        self._title = column

    def fit_rows(self) -> None:
        """Make all rows two lines high if a title or a state does not fit in one; only for tables with `two_lines`."""
        if self.model() is None:
            return
        is_long = self._two_lines and any(map(self._is_broken, range(self.model().columnCount())))
        self.setWordWrap(is_long)
        height = 2 * self.fontMetrics().lineSpacing() + _BREATH if is_long else 0
        self.verticalHeader().setDefaultSectionSize(max(height, scaled(ROW_HEIGHT)))

    def _is_broken(self, column: int) -> bool:
        """Whether a text does not fit into its column that must be read whole: a title, a state, a choice."""
        if column != self._title and not self._keeps_width(column):
            return False
        room = self.columnWidth(column) - scaled(_PADDING)
        return any(self.fontMetrics().horizontalAdvance(text) > room for text in self._texts(column))

    def _texts(self, column: int) -> Iterator[str]:
        """The texts of a column in the rows that are measured."""
        for row in range(min(self.model().rowCount(), _MEASURED)):
            yield str(self.model().index(row, column).data() or "")

    def fit_columns(self) -> None:
        """Fit each column to its heading and first rows, now and after every change of the table's width."""
        self.by_hand = False
        shown = (column for column in range(self.horizontalHeader().count()) if not self.isColumnHidden(column))
        self._needs = {column: self._needed(column) for column in shown}
        self._broken = {}
        self._share()

    def _share(self) -> None:
        """Share the remaining width among the columns; none gets narrower than its heading needs."""
        most = {
            column: need if column == self._title else min(need, scaled(WIDEST)) for column, need in self._needs.items()
        }
        least = {column: self._least_of(column, width) for column, width in most.items()}
        if self._two_lines and sum(least.values()) > self.viewport().width():  # else the title would pay for it
            least |= {column: self._broken_content(column) for column in least if self._keeps_width(column)}
        room = self.viewport().width()
        is_narrow = self._two_lines and sum(most.values()) > room
        whole = self._in_two_lines(least, most) if is_narrow else most
        low, high = (whole, most) if sum(whole.values()) <= room else (least, whole)
        asked = sum(high.values()) - sum(low.values())
        part = min(1.0, max(0, room - sum(low.values())) / asked) if asked else 0.0
        self._arrange({column: width + int((high[column] - width) * part) for column, width in low.items()})

    def _in_two_lines(self, least: Mapping[int, int], most: Mapping[int, int]) -> dict[int, int]:
        """Return the pixels with which no text is cut: every column gets them before one gets its texts in one line."""
        widest = scaled(WIDEST)
        return {
            column: max(low, min(most[column], widest, self._broken_content(column))) for column, low in least.items()
        }

    def _least_of(self, column: int, most: int) -> int:
        if column == self._title:
            return self._least_title()
        if not self._holds_words(column):
            content = self.sizeHintForColumn(column) + _BREATH
            return min(most, max(content, self._broken_heading(column), scaled(NARROWEST))) if self._two_lines else most
        heading = self._broken_heading(column) if self._two_lines else self.horizontalHeader().sectionSizeHint(column)
        squeezed = scaled(_SQUEEZED) if any(self._texts(column)) else scaled(NARROWEST)
        return min(most, max(squeezed, heading))

    def _broken_heading(self, column: int) -> int:
        """Return the pixels that a heading needs in two lines."""
        heading = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        return two_line_width(heading, self.horizontalHeader().fontMetrics()) + scaled(_HEAD_PADDING)

    def _broken_content(self, column: int) -> int:
        """Return the pixels that the texts and the heading of a column need in two lines."""
        if column not in self._broken:
            texts = set(self._texts(column))
            words = max((two_line_width(text, self.fontMetrics()) for text in texts), default=0)
            needed = max(words + scaled(_PADDING) + _BREATH, self._broken_heading(column), scaled(NARROWEST))
            self._broken[column] = min(self._needs[column], needed)
        return self._broken[column]

    def _fit_heads(self) -> None:
        """Make the headings two lines high if one of them is broken."""
        header = self.horizontalHeader()
        shown = (column for column in range(header.count()) if not self.isColumnHidden(column))
        is_broken = any(header.sectionSize(column) < header.sectionSizeHint(column) for column in shown)
        lines = header.fontMetrics().lineSpacing() * 2 + scaled(_HEAD_PADDING) // 2
        least = scaled(ROW_HEIGHT)
        header.setFixedHeight(max(least, lines) if is_broken and self._two_lines else least)

    def _arrange(self, widths: dict[int, int]) -> None:
        self._arranging = True
        for column, width in widths.items():
            self.horizontalHeader().resizeSection(column, width)
        self._arranging = False
        self._make_room()

    def _needed(self, column: int) -> int:
        needed = max(self.sizeHintForColumn(column) + _BREATH, self.horizontalHeader().sectionSizeHint(column))
        return max(needed, scaled(NARROWEST))

    def _least_title(self) -> int:
        """Return the pixels below which the title column does not go: no more than its titles need."""
        return min(scaled(self._least), self._needs.get(self._title, scaled(self._least)))

    def _keeps_width(self, column: int) -> bool:
        return bool(self.model().headerData(column, Qt.Orientation.Horizontal, KEEPS_WIDTH_ROLE))

    def _holds_words(self, column: int) -> bool:
        if self._keeps_width(column):
            return False
        alignment = self.model().headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        return alignment is None or bool(int(alignment) & Qt.AlignmentFlag.AlignLeft.value)

    def _section_resized(self, column: int) -> None:
        if self._arranging:
            return
        self.by_hand = True
        if column != self._title:
            self._make_room()

    def _make_room(self) -> None:
        """Give the title column the width that the other columns leave."""
        header = self.horizontalHeader()
        others = sum(header.sectionSize(other) for other in range(header.count()) if other != self._title)
        self._arranging = True
        header.resizeSection(self._title, self._title_width(self.viewport().width() - others))
        self._arranging = False
        if self._two_lines:
            self.fit_rows()
            self._fit_heads()

    def _title_width(self, room: int) -> int:
        """Return the width of the title column in what the others leave: narrower before the last column is cut."""
        usual = self._least_title()
        return room if room >= usual * _LEAST_SHARE else usual

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the first or the last row on Home and End: rows are selected, there is no first cell to go to."""
        key = event.key()
        if key not in (Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
            return
        while key == Qt.Key.Key_End and self.model().canFetchMore(QModelIndex()):
            self.model().fetchMore(QModelIndex())
        row = 0 if key == Qt.Key.Key_Home else self.model().rowCount() - 1
        index = self.model().index(row, max(0, self.currentIndex().column()))
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def changeEvent(self, event: QEvent) -> None:
        """Fit rows and columns to other letters; widths set by the officer grow with them."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._letters != letters():
            self._fit_letters()

    def _fit_letters(self) -> None:
        before, self._letters = self._letters, letters()
        self.verticalHeader().setDefaultSectionSize(scaled(ROW_HEIGHT))
        self.horizontalHeader().setMinimumSectionSize(scaled(NARROWEST))
        if self.model() is None:
            return
        if not self.by_hand:
            self.fit_columns()
            return
        header = self.horizontalHeader()
        widths = {column: header.sectionSize(column) for column in range(header.count())}
        grown = {column: round(width * scaled(100) / scaled(100, before)) for column, width in widths.items()}
        self._arrange({column: width for column, width in grown.items() if width})

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the new width; widths set by the officer stay."""
        super().resizeEvent(event)
        if self._needs and not self.by_hand:
            self._share()
        else:
            self._make_room()
