"""The text of a page of help with its pictures; it shows shipped files only."""

from __future__ import annotations

import re

from PySide6.QtCore import QSize, Qt, QUrl, Signal
from PySide6.QtGui import QImage, QPalette, QResizeEvent, QTextDocument
from PySide6.QtWidgets import QFrame, QTextBrowser

from kcdesk import handbook
from kcdesk.handbook import HelpPage

_PICTURE_NAME = re.compile(r"\.\./pictures/[a-z0-9_]+\.webp")
_ACT = re.compile(r"\[([^\]]*)\]\((?:go|do):[^)]*\)")
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
        self.document().setDocumentMargin(_MARGIN)
        self.anchorClicked.connect(lambda url: self.followed.emit(url.toString()))

    def show_page(self, page: HelpPage) -> None:
        """Show a page from its beginning; without `acts`, links that do something are plain words."""
        self._page = page
        self.document().setDefaultStyleSheet(_STYLE.format(link=self.palette().color(QPalette.ColorRole.Link).name()))
        self.setMarkdown(page.text if self._acts else _ACT.sub(r"\1", page.text))
        self._space()

    def _space(self) -> None:
        """Give the paragraphs some room, which Markdown does not ask for."""
        block = self.document().begin()
        while block.isValid():
            form = block.blockFormat()
            form.setBottomMargin(4 if block.textList() else 8)
            form.setTopMargin(12 if form.headingLevel() else form.topMargin())
            form.setLineHeight(115, 1)  # per cent of the line
            cursor = self.textCursor()
            cursor.setPosition(block.position())
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
        if self._page is not None and event.size().width() != event.oldSize().width():
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
