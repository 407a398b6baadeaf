"""The widths of a table's columns: numbers get what they need, texts share the rest, what the officer set is kept.

Where a whole table just does not fit, its texts go on in more lines, so that the last amounts stay in sight.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QFont, QFontMetrics

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.table_model import RowsModel
from kcdesk.ui.toolkit.sizes import scaled

HEADING_PADDING = 16  # pixels left and right of a heading
_CELL_PADDING = 26  # pixels beside a number: padding of the cell, frame of the focus, line between columns
# The least pixels of a column by its type: room to type before anything stands in it.
_LEAST = {
    "reference": 200,
    "money": 84,
    "date": 88,
    "year": 56,
    "percent": 64,
    "integer": 56,
    "decimal": 56,
    "time": 64,
    "yes_no": 64,
}
_SHORT, _LONG, _WIDE = 64, 136, 260  # least pixels of text columns
_TIGHT = 88  # pixels of a long text column in a table that would else be cut
_UNUSED = 104  # pixels of an optional reference column that is empty in every row
_FEW_LETTERS, _MANY_LETTERS = 50, 2000
_MEASURED = 100  # rows whose numbers decide about the width


class ColumnWidths:
    """Computes the widths for the room that a table has."""

    def __init__(self, rows: RowsModel) -> None:
        self._rows = rows
        self.by_hand: dict[str, int] = {}  # pixels that the officer has set, by column name
        self.unused: frozenset[int] = frozenset()

    def look_again(self) -> None:
        """Note which optional reference columns are empty now."""
        self.unused = self.now_unused()

    def now_unused(self) -> frozenset[int]:
        """Return the optional reference columns that are empty in every row."""
        optional = ((p, c) for p, c in enumerate(self._rows.columns) if type_of(c).is_reference and not c.required)
        return frozenset(p for p, column in optional if not any(row.get(column.name) for row in self._rows.rows))

    def within(self, room: int, font: QFont) -> dict[int, int]:
        """Return pixels by place of every column shown; long texts share what `room` leaves. Totals are bold."""
        least = self.comfortable(font)
        free = [place for place in least if self._rows.columns[place].name not in self.by_hand]
        long = [place for place in free if least[place] in (scaled(_LONG), scaled(_WIDE))]
        spare = room - sum(least.values())
        if spare < 0:
            named = [place for place in free if least[place] == scaled(_LEAST["reference"])]
            return _tightened(least, [*long, *named], -spare)
        sharing = long or free or list(least)
        return {place: width + (spare // len(sharing) if place in sharing else 0) for place, width in least.items()}

    def comfortable(self, font: QFont) -> dict[int, int]:
        """Return the pixels by place at which every column is easy to read."""
        strong = QFont(font)
        strong.setBold(True)
        metrics, bold = QFontMetrics(font), QFontMetrics(strong)
        shown = {p: c for p, c in enumerate(self._rows.columns) if c.name not in self._rows.hidden}
        return {place: self._least(place, column, metrics, bold) for place, column in shown.items()}

    def _least(self, place: int, column: Field, metrics: QFontMetrics, bold: QFontMetrics) -> int:
        if column.name in self.by_hand:
            return self.by_hand[column.name]
        if place in self.unused:
            return scaled(_UNUSED)
        least = _LEAST.get(column.type)
        if least is None or type_of(column).is_reference:
            return _least_of_text(column)
        widest = max((bold.horizontalAdvance(text) for text in self._texts(place)), default=0)
        word = max(metrics.horizontalAdvance(word) for word in self._rows.heading(column).split())
        return max(scaled(least), widest + scaled(_CELL_PADDING), word + scaled(HEADING_PADDING))

    def _texts(self, place: int) -> Iterable[str]:
        """The texts of a column: its first rows and its total."""
        count = self._rows.rowCount()
        for row in {*range(min(count, _MEASURED)), max(0, count - 1)}:
            yield str(self._rows.index(row, place).data() or "")


def _tightened(widths: dict[int, int], long: list[int], lacking: int) -> dict[int, int]:
    """Take the lacking pixels from texts and names, from wide ones more; take nothing if they cannot give enough."""
    gifts = {place: widths[place] - scaled(_TIGHT) for place in long}
    given = sum(gifts.values())
    if given < lacking:
        return widths
    return {place: width - -(-gifts.get(place, 0) * lacking // given) for place, width in widths.items()}


def _least_of_text(column: Field) -> int:
    is_text = type_of(column).is_plain_text
    if is_text and column.max_length >= _MANY_LETTERS:
        return scaled(_WIDE)
    short = is_text and 0 < column.max_length <= _FEW_LETTERS
    return scaled(_SHORT if short else _LEAST.get(column.type, _LONG))
