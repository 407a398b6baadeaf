"""Draws kcdesk.ico, kcdesk.icns and kcdesk.png into resources/icons/program/.

    .venv/bin/python .ci/bundle/icons.py

The sources are resources/icons/kcdesk.svg, and program/kcdesk-small.svg for the sizes at which the teeth of the
large one run together. Run it after every change of a source; tests/test_bundle.py notices when a picture is missing.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parent.parent.parent / "resources" / "icons"
FOLDER = ICONS / "program"
SMALL = 24  # pixels up to which the simpler drawing is taken
WINDOWS = (16, 20, 24, 32, 40, 48, 64, 128, 256)
MACOS = (16, 32, 64, 128, 256, 512, 1024)


def main() -> int:
    """Write the three files."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication([])
    sized = {size: drawn(size) for size in sorted({*WINDOWS, *MACOS})}
    largest = sized[WINDOWS[-1]]
    others = [sized[size] for size in WINDOWS[:-1]]
    largest.save(FOLDER / "kcdesk.ico", sizes=[(size, size) for size in WINDOWS], append_images=others)
    sized[MACOS[-1]].save(FOLDER / "kcdesk.icns", append_images=[sized[size] for size in MACOS[:-1]])
    largest.save(FOLDER / "kcdesk.png", optimize=True)
    application.quit()
    return 0


def drawn(size: int) -> Image.Image:
    """The icon in a square of so many pixels."""
    source = FOLDER / "kcdesk-small.svg" if size <= SMALL else ICONS / "kcdesk.svg"
    picture = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(source)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(content.data()))).convert("RGBA")


if __name__ == "__main__":
    sys.exit(main())
