"""What the window does with a code that a reader has typed, whichever field had the keyboard."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QApplication

from kcdesk.services.codes import citizen_cards
from kcdesk.services.papers import opened_papers
from kcdesk.services.records import changing, finding
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.window.main_window import MainWindow
from kcdesk.ui.window.scanning.scanner_guard import ScannerGuard

_KEPT = "Ô đang gõ được giữ như trước khi quét."


def guard_fields(window: MainWindow) -> None:
    """Let the window take the codes of readers from all its fields."""
    context = window.context

    def undo(number: int) -> None:
        context.act(lambda: changing.undo_acts(context.workspace, number))

    ScannerGuard(window, partial(changing.last_act, context.workspace), undo, partial(_take, window))


def _take(window: MainWindow, line: str) -> bool:
    """Open the dossier of a paper, or show what a citizen card proposes for the page in front; False for no code."""
    window.global_search.hide()
    if opened_papers.is_paper_code(line):
        return _open_paper(window, line)
    if not citizen_cards.is_card_line(line):
        return False
    command = window.page.commands().get("read_card")
    if command is not None and command.take is not None and QApplication.activeModalWidget() is None:
        soon(window, partial(command.take, line))  # after the key that ended the line
    else:
        hint = "Hãy mở hồ sơ cơ sở hoặc biên bản nghiệm thu rồi quét lại."
        window.context.messages.problem(f"Máy quét vừa đọc mã thẻ căn cước. {_KEPT}", hint)
    return True


def _open_paper(window: MainWindow, line: str) -> bool:
    records = [record.row.id for result in finding.find(window.context.workspace, line) for record in result.records]
    if not records:
        hint = "Hãy nhận gói có hồ sơ đó trước, hoặc mở đúng kho."
        window.context.messages.problem(f"Giấy vừa quét là của hồ sơ không có trong kho. {_KEPT}", hint)
    elif QApplication.activeModalWidget() is None:
        soon(window, partial(window.open_record, records[0]))  # as above
    else:
        window.context.messages.problem(f"Máy quét vừa đọc mã giấy. {_KEPT}", "Hãy đóng hộp thoại rồi quét lại.")
    return True
