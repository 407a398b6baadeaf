"""Outline icons (Lucide, ISC licence in resources/icons), drawn in the colours of the palette."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QPushButton, QWidget

from kcdesk import paths
from kcdesk.ui.toolkit.theme import ICON_SIZE

_SCALES = (1, 2)  # sharp at 100 % and up to 200 %
_GAP = 5  # between icon and text, in the units of ICON_SIZE: Qt's own gap is too narrow for buttons with a style sheet
_BUTTON_ICON = 16  # pixels, beside words
_NAME = "icon_name"
_COLOUR = "icon_colour"


def icon(name: str, colour: str = "", gap: int = 0) -> QIcon:
    """Return the icon `name` in `colour` (#rrggbb; "" means the text colour of the palette).

    `gap` adds room on the right, in the units of ICON_SIZE. Raises OSError when there is no such icon.
    """
    source = (paths.resources() / "icons" / f"{name}.svg").read_bytes()
    palette = QGuiApplication.palette()
    normal = colour or palette.color(QPalette.ColorRole.WindowText).name()
    faint = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
    drawn = QIcon()
    for scale in _SCALES:
        drawn.addPixmap(_draw(source, normal, scale, gap), QIcon.Mode.Normal)
        drawn.addPixmap(_draw(source, faint, scale, gap), QIcon.Mode.Disabled)
    return drawn


def set_icon(target: QAbstractButton | QAction, name: str, colour_role: QPalette.ColorRole | None = None) -> None:
    """Set the icon of a button or an action and remember it, so that `redraw` can follow a change of theme."""
    target.setProperty(_NAME, name)
    if colour_role is not None:
        target.setProperty(_COLOUR, colour_role.value)
    _draw_on(target)


def redraw(root: QWidget) -> None:
    """Draw every icon under `root` again in the colours of the current palette."""
    for child in root.findChildren(QObject):
        if isinstance(child, QAbstractButton | QAction) and child.property(_NAME):
            _draw_on(child)


def _draw_on(target: QAbstractButton | QAction) -> None:
    role = target.property(_COLOUR)
    colour = "" if role is None else QGuiApplication.palette().color(QPalette.ColorRole(role)).name()
    before_words = isinstance(target, QPushButton) and bool(target.text())
    target.setIcon(icon(target.property(_NAME), colour, _GAP if before_words else 0))
    if isinstance(target, QPushButton) and before_words:
        target.setIconSize(QSize(_BUTTON_ICON * (ICON_SIZE + _GAP) // ICON_SIZE, _BUTTON_ICON))


@lru_cache(maxsize=512)
def _draw(source: bytes, colour: str, scale: int, gap: int) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.encode())))
    pixmap = QPixmap((ICON_SIZE + gap) * scale, ICON_SIZE * scale)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, ICON_SIZE * scale, ICON_SIZE * scale))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap
