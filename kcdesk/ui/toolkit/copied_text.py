"""What lists, tables and texts copy by themselves on Ctrl+C: no spreadsheet takes a cell or a line of it for a formula.

What an officer is typing stays as it is: an input is no cell, and what is copied there is pasted into other inputs.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QPlainTextEdit, QTextEdit

from kcdesk.text import disarmed_lines


def disarm_copied() -> None:
    """Disarm what the widget with the keyboard has just copied; what the program itself has copied is disarmed."""
    clipboard, view = QApplication.clipboard(), QApplication.focusWidget()
    copied = clipboard.text()
    if not copied:
        return  # an emptied clipboard has no data to ask
    if isinstance(view, QAbstractItemView) and not clipboard.mimeData().hasHtml():
        if (safe := disarmed_lines(copied)) != copied:
            clipboard.setText(safe)
    elif isinstance(view, QLabel) or (isinstance(view, QTextEdit | QPlainTextEdit) and view.isReadOnly()):
        _disarm_text(copied, clipboard.mimeData().html())


def _disarm_text(copied: str, html: str) -> None:
    """Put a copied text back with every line disarmed; its look, in which a cell is a line, too."""
    if (safe := disarmed_lines(copied)) == copied:
        return
    content = QMimeData()
    content.setText(safe)
    if html:
        content.setHtml(_disarmed_html(html))
    QApplication.clipboard().setMimeData(content)


def _disarmed_html(html: str) -> str:
    document = QTextDocument()
    document.setHtml(html)
    block = document.begin()
    while block.isValid():
        text = block.text()
        if (safe := disarmed_lines(text)) != text:
            cursor = QTextCursor(block)
            cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
            cursor.insertText(safe)
        block = block.next()
    return document.toHtml()
