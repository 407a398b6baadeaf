"""The places of the parts of the main window."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


def arranged(navigation: QWidget, header: QWidget, pages: QWidget) -> tuple[QWidget, QHBoxLayout, QWidget]:
    """Return a widget with the navigation on the left, the header above and the pages below it.

    Then its row, at the right end of which help is put, and the widget of header and pages, over which notices stand.
    """
    content = QWidget()
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(header)
    column.addWidget(pages, 1)
    central = QWidget()
    row = QHBoxLayout(central)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(navigation)
    row.addWidget(content, 1)
    return central, row, content
