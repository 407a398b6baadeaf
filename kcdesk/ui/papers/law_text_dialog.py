"""The text of a legal instrument that the office has, opened at the page of an article."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kcdesk.foreign_files.file_names import shown_name
from kcdesk.formdef.law.citations import citations
from kcdesk.services.attachments import content, inside
from kcdesk.services.law import law_texts
from kcdesk.services.law.law_texts import OpenPlace
from kcdesk.ui.papers.paper_pages import PaperPages
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.messages import open_outside
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.sizes import keep_size, scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

OPEN_TEXT = "Mở văn bản"
_PAGE = QSize(744, 1053)  # pixels of a page of A4
_NUMBER_WIDTH = 56
_UNSURE = "Không tìm được chỗ của điều khoản: xem từ đầu, rồi ghi trang bằng nút «Ghi trang này»."


class LawTextDialog(Dialog):
    """Shows the pages; where the article was not found, the officer notes its page here."""

    help_topic = "law"

    def __init__(
        self, context: Context, places: Sequence[OpenPlace], source: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._places, self._source = context, places, source
        self.setObjectName("law_text")
        self.pages = PaperPages()
        self.which = QComboBox()
        self.which.setObjectName("law_text.which")
        self.which.setAccessibleName("Văn bản")
        self.which.addItems([place.text.instrument for place in places])
        self.which.setVisible(len(places) > 1)
        self.number = QLineEdit()
        self.number.setObjectName("law_text.page")
        self.number.setAccessibleName("Đến trang")
        self.number.setToolTip("Gõ số trang rồi Enter")
        keep_size(self.number, fixed_width=scaled(_NUMBER_WIDTH))
        self.note = labelled(role="help", wrap=True)
        self.note.setObjectName("law_text.note")
        self._of = labelled(role="muted")
        self._keep = push_button("Ghi trang này", "law_text.keep", self.keep_page)
        self._lay_out()
        self.begin_size(900, 700)
        self.which.currentIndexChanged.connect(self._show_text)
        self.number.returnPressed.connect(lambda: self.go_to(int(self.number.text() or 1)))
        self.pages.page_changed.connect(lambda page: self.number.setText(str(page)))
        self._show_text()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(FIELD_GAP)
        bar.addWidget(self.which)
        bar.addWidget(labelled("Trang"))
        bar.addWidget(self.number)
        bar.addWidget(self._of)
        bar.addStretch(1)
        bar.addWidget(self._keep)
        bar.addWidget(push_button("Mở tệp gốc", "law_text.outside", self.open_original))
        close = push_button("Đóng", "law_text.close", self.close)
        close.setProperty("role", "main")
        bar.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.addLayout(bar)
        column.addWidget(self.note)
        column.addWidget(self.pages, 1)

    # -- what the officer does -------------------------------------------------------------------------------------

    def page(self) -> int:
        """Return the page at the top, from 1."""
        return self.pages.page()

    def go_to(self, page: int) -> None:
        """Bring a page, from 1, to the top."""
        self.pages.go_to(page)

    def keep_page(self) -> None:
        """Write down that the article stands on the page at the top."""
        place, articles, page = self._place(), self._articles(), self.page()
        workspace = self._context.workspace
        done = self._context.act(lambda: law_texts.note_page(workspace, place.text.instrument, articles, page))
        if done is not None:
            self.note.setText(f"Đã ghi: {articles} ở trang {page}.")

    def open_original(self) -> None:
        """Open the office's own file with the program that the system has for it."""
        path = self._context.messages.guarded(
            lambda: content.take_out(self._context.workspace, self._place().text.original)
        )
        if path is not None:
            open_outside(path)

    # -- showing ---------------------------------------------------------------------------------------------------

    def _place(self) -> OpenPlace:
        return self._places[max(0, self.which.currentIndex())]

    def _articles(self) -> str:
        """The articles of the shown instrument in the source, «Khoản 2 Điều 8»; "" for none."""
        number = self._place().text.instrument
        return next((cited.articles for cited in citations(self._source) if cited.instrument == number), "")

    def _show_text(self) -> None:
        place = self._place()
        workspace = self._context.workspace
        pdf = self._context.messages.guarded(lambda: law_texts.content_of(workspace, place.text)) or b""
        count = len(law_texts.pages_of(workspace, place.text).pages) if pdf else 0
        self.setWindowTitle(f"{place.text.instrument}: {shown_name(place.text.original['name'])}")
        self._of.setText(f"/ {count}")
        self.number.setValidator(QIntValidator(1, max(1, count), self.number))
        articles = self._articles()
        self._keep.setVisible(bool(articles) and count > 0)
        self._keep.setToolTip(f"Ghi rằng {articles} ở trang đang xem")
        self.note.setText(self._sentence(place, articles))
        size = QSize(scaled(_PAGE.width()), scaled(_PAGE.height()))
        width, height = size.width(), size.height()
        self.pages.show_pages(count, size, lambda page: inside.page_picture(pdf, page, width, height))
        soon(self, lambda: self.go_to(place.page))  # once the pages have their places

    def _sentence(self, place: OpenPlace, articles: str) -> str:
        if not place.is_sure:
            return f"{articles}: {_UNSURE}"
        copy = " (trang của bản đọc do chương trình lập)" if place.text.is_copy else ""
        words = f": {place.piece}" if place.piece else ""
        return f"{articles or place.text.instrument}, trang {place.page}{copy}{words}"


def open_law_text(context: Context, source: str, parent: QWidget | None = None) -> None:
    """Open the texts that a source cites at its articles; a message where the office has none of them."""
    places = law_texts.places_of(context.workspace, source)
    if not places:
        context.messages.notice(
            "Cơ quan chưa có bản của văn bản này: thêm ở «Cài đặt», «Căn cứ pháp lý…», nút «Thêm bản văn bản…»."
        )
        return
    LawTextDialog(context, places, source, parent).exec()


def open_place(context: Context, place: OpenPlace, parent: QWidget | None = None) -> None:
    """Open a text at a page that a search found."""
    LawTextDialog(context, [place], place.text.instrument, parent).exec()
