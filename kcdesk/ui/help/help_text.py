"""The text of a page of help with its pictures; it shows shipped files only."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QImage,
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from kcdesk import handbook
from kcdesk.handbook import HelpPage

_PICTURE_NAME = re.compile(r"\.\./pictures/[a-z0-9_]+\.webp")
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]*)\)")  # shown as a link to itself, which makes the drawer wide
_ACT = re.compile(r"\[([^\]]*)\]\((?:go|do):[^)]*\)")
_PLACE_OF_PICTURE = "\ufffc"
_LINE = 115  # height of a line, per cent
_INDENT = 18  # pixels of a list
_MARGIN = 12  # pixels around the text
_STYLE = "a {{ color: {link}; text-decoration: none; }} h2, h3 {{ font-weight: 600; }}"


class HelpText(QTextBrowser):
    """Shows Markdown; `followed(link)` is emitted for a link, such as `help:proposal` or `go:handoff`."""

    followed = Signal(str)

    def __init__(self, *, acts: bool) -> None:
        super().__init__()
        self._acts = acts
        self._page: HelpPage | None = None
        self.setObjectName("help.text")
        self.setAccessibleName("Nội dung hướng dẫn")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # the width must not depend on the text
        self._fitting = QTimer(self, singleShot=True, interval=0)  # never while Qt lays out the text
        self._fitting.timeout.connect(self._fit)
        self.document().setDocumentMargin(_MARGIN)
        self.document().setIndentWidth(_INDENT)
        self.anchorClicked.connect(lambda url: self.followed.emit(url.toString()))

    def show_page(self, page: HelpPage) -> None:
        """Show a page from its beginning; without `acts`, links that do something are plain words."""
        self._page = page
        self.document().setDefaultStyleSheet(_STYLE.format(link=self.palette().color(QPalette.ColorRole.Link).name()))
        text = _PICTURE.sub(r"[\g<0>](\1)", page.text)
        self.clear()  # else the new headings take the form of the old first line
        self.setMarkdown(text if self._acts else _ACT.sub(r"\1", text))
        self._space()

    def _space(self) -> None:
        """Give the paragraphs some room, which Markdown does not ask for, and headings a modest size."""
        heading = QTextCharFormat()
        heading.setProperty(QTextFormat.Property.FontSizeAdjustment, 1)
        block = self.document().begin()
        while block.isValid():
            form = block.blockFormat()
            cursor = QTextCursor(block)
            if form.headingLevel():
                form.setTopMargin(12)
                cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
                cursor.mergeCharFormat(heading)
                cursor.setPosition(block.position())
            form.setBottomMargin(4 if block.textList() else 8)
            if _PLACE_OF_PICTURE not in block.text():  # below a picture it would leave a gap
                form.setLineHeight(_LINE, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            cursor.setBlockFormat(form)
            block = block.next()

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Return a shipped picture as wide as the drawer at most; nothing else is ever read."""
        path = name if isinstance(name, str) else name.toString()
        if kind != QTextDocument.ResourceType.ImageResource.value or not _PICTURE_NAME.fullmatch(path):
            return None
        image = QImage(str(handbook.folder() / path.removeprefix("../")))
        room = self.viewport().width() - 2 * _MARGIN - 4
        return _fitted(image, room, self.devicePixelRatioF())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures into the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fitting.start()

    def _fit(self) -> None:
        if self._page is not None:
            place = self.verticalScrollBar().value()
            self.show_page(self._page)
            self.verticalScrollBar().setValue(place)


def _fitted(image: QImage, room: int, ratio: float) -> QImage:
    """Return a picture that is `room` pixels wide at most, sharp on any screen."""
    width = min(image.width(), room)
    if image.isNull() or width <= 0:
        return image
    size = QSize(round(width * ratio), round(image.height() * width / image.width() * ratio))
    small = image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    small.setDevicePixelRatio(ratio)
    return small
