"""«Nhập từ Excel…»: from the list of a kind to the page that shows what a chosen or dropped file means for it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from kcdesk.ui.shell.page import Page, PageCommand

LABEL = "Nhập từ Excel…"
HINT = "Nhập danh sách của nơi khác: chọn bảng, xem từng dòng, rồi mới nhận"
_FILES = "Bảng tính (*.xlsx *.xlsm *.xls *.xlsb *.ods *.fods *.csv *.tsv *.txt *.html *.htm);;Mọi tệp (*)"


def command(page: Page, kind: str) -> PageCommand:
    """The command of a list of this kind."""
    return PageCommand(LABEL, partial(choose_sheet, page, kind), HINT)


def choose_sheet(page: Page, kind: str) -> None:
    """Let the officer choose a file, and show what it means."""
    path = page.context.messages.open_file("Chọn bảng tính cần nhập", _FILES, purpose="lists")
    if path is not None:
        open_sheet(page, kind, path)


def open_sheet(page: Page, kind: str, path: Path) -> None:
    """Show over `page` what a spreadsheet means for a kind."""
    from kcdesk.ui.intake.sheet_page import SheetPage  # reading spreadsheets is heavy; lists are shown at the start

    page.page_requested.emit(lambda context: SheetPage(context, kind, path))
