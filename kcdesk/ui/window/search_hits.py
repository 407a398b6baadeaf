"""What the search over everything shows: groups of hits from several sources, and how a hit is drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from kcdesk.runtime.frozen import Value
from kcdesk.services.records import finding
from kcdesk.text import tokens
from kcdesk.ui.toolkit.fitting.broken_lines import cut_line
from kcdesk.ui.toolkit.qt import Index

HIT = Qt.ItemDataRole.UserRole
_MARGIN, _PADDING = 12, 6  # pixels beside and above the text of a hit


class SearchHit(Value):
    """One line of the results; `field` and `piece` say why it is there, `beside` is a state or keys."""

    title: str
    run: Callable[[], object]
    beside: str = ""
    field: str = ""
    piece: str = ""

    @property
    def reason(self) -> str:
        """Return why the hit is there: «Đơn vị thực hiện: Phòng Kinh tế xã số 7»."""
        return f"{self.field}: {self.piece}" if self.field else self.piece

    @property
    def spoken(self) -> str:
        """Return the whole line for a screen reader."""
        return ". ".join(filter(None, (self.title, self.beside, self.reason)))


class HitGroup(Value):
    """Hits of one kind under a heading; `more` leads to all of them. A group with a larger `rank` comes first."""

    label: str
    hits: Sequence[SearchHit]
    more: SearchHit | None = None
    rank: int = 0


HitSource = Callable[[str], Sequence[HitGroup]]  # what is found for a typed text


class HitDelegate(QStyledItemDelegate):
    """Draws the title of a hit with the typed words in bold, and below it the reason in grey."""

    typed = ""  # what the officer has typed

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the height of one line, or of two if there is a reason."""
        hit = index.data(HIT)
        lines = 2 if isinstance(hit, SearchHit) and hit.reason else 1
        return QSize(0, lines * option.fontMetrics.height() + 2 * _PADDING)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a hit; a heading is drawn in grey."""
        hit = index.data(HIT)
        palette, role = option.palette, QPalette.ColorRole
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            painter.fillRect(option.rect, palette.color(role.Highlight))
        area = option.rect.adjusted(_MARGIN, _PADDING, -_MARGIN, -_PADDING)
        painter.setFont(option.font)
        if isinstance(hit, SearchHit):
            self._draw_hit(painter, area, hit, palette)
        else:
            painter.setPen(palette.color(role.PlaceholderText))
            painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(index.data() or ""))
        painter.restore()

    def _draw_hit(self, painter: QPainter, area: QRect, hit: SearchHit, palette: QPalette) -> None:
        metrics, role = painter.fontMetrics(), QPalette.ColorRole
        painter.setPen(palette.color(role.PlaceholderText))
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, hit.beside)
        room = area.width() - (metrics.horizontalAdvance(hit.beside) + _MARGIN if hit.beside else 0)
        painter.setPen(palette.color(role.Text))
        _draw_marked(painter, area.topLeft(), room, hit.title, tokens(self.typed))
        if hit.reason:
            painter.setPen(palette.color(role.PlaceholderText))
            below = QPoint(area.left(), area.top() + metrics.height())
            _draw_marked(painter, below, area.width(), hit.reason, tokens(self.typed))


def _draw_marked(painter: QPainter, at: QPoint, room: int, text: str, words: Sequence[str]) -> None:
    """Draw a line of text, cut at its end, with the words in bold."""
    font, bold = painter.font(), QFont(painter.font())
    bold.setBold(True)
    shown = cut_line(text, QFontMetrics(bold), room)
    left, baseline, done = at.x(), at.y() + painter.fontMetrics().ascent(), 0
    for start, end in [*finding.marked(shown, words), (len(shown), len(shown))]:
        for part, its_font in ((shown[done:start], font), (shown[start:end], bold)):
            painter.setFont(its_font)
            painter.drawText(left, baseline, part)
            left += painter.fontMetrics().horizontalAdvance(part)
        done = end
    painter.setFont(font)
