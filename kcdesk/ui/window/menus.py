"""Every action of the window as data: its menu, its words, its shortcut, what it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from kcdesk.services.records import changing
from kcdesk.ui.shell.page import Command
from kcdesk.ui.window.navigation import numbered

if TYPE_CHECKING:
    from kcdesk.ui.window.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class Act:
    """One entry of a menu; `name` finds it again, an empty `label` is a line between groups."""

    name: str = ""
    label: str = ""
    keys: str = ""
    run: Callable[[], None] | None = None


_LINE = Act()
MAIN = "Việc chính của trang"


def build(window: MainWindow) -> dict[str, QAction]:
    """Fill the window's menu bar; gives every action by its name."""
    actions: dict[str, QAction] = {}
    for title, acts in _menus(window).items():
        menu = window.menuBar().addMenu(title)
        for act in acts:
            _add(window, menu, act, actions)
        if "undo" in {act.name for act in acts}:
            menu.aboutToShow.connect(lambda: _name_steps(window, actions))
    return actions


def name_main_action(actions: dict[str, QAction], command: Command | None) -> None:
    """Say what Ctrl+Enter does on the page in front."""
    label = command.label if command else MAIN
    actions["main"].setText(f"{label}\tCtrl+Enter")
    actions["main"].setEnabled(command is not None)


def _menus(window: MainWindow) -> dict[str, tuple[Act, ...]]:
    def command(name: str) -> Callable[[], None]:
        return lambda: window.run_command(name)

    return {
        "&Hồ sơ": (
            Act("new", "Lập mới", "Ctrl+N", window.create),
            Act("main", MAIN, "Ctrl+Return", window.run_main_action),
            Act("steps", "Bước khác…", "Ctrl+Shift+Return", window.header.open_steps),
            _LINE,
            Act("print", "Xem và in…", "Ctrl+P", command("print")),
            Act("receive_signed", "Nhận bản ký…", "Ctrl+R", command("receive_signed")),
            Act("export", "Kết xuất gói bàn giao…", "Ctrl+E", window.export),
            Act("intake", "Nhận gói…", "Ctrl+I", window.take_in),
            _LINE,
            Act("delete", "Xoá hồ sơ", "Ctrl+Del", command("delete")),
            _LINE,
            Act("quit", "Đóng chương trình", "Ctrl+Q", window.close),
        ),
        "&Sửa": (
            Act("undo", "Hoàn tác", "Ctrl+Z", window.undo),
            Act("redo", "Làm lại", "Ctrl+Shift+Z", window.redo),
            _LINE,
            Act("search", "Tìm trong trang", "Ctrl+F", window.focus_search),
            Act("search_all", "Tìm trong mọi hồ sơ", "Ctrl+K", window.global_search.pop_up),
        ),
        "&Xem": (
            *_page_acts(window),
            Act("deadlines", "Thời hạn", "Alt+0", window.show_deadlines),
            Act("calendar", "Lịch nghiệm thu", "Alt+9", window.show_calendar),
            Act("go.conflicts", "Cần xem", "Ctrl+J", lambda: window.go("conflicts")),
            _LINE,
            Act("field_mode", "Chế độ hiện trường", "F9", command("field_mode")),
            Act("next_open", "Câu chưa trả lời", "F8", command("next_open")),
            Act("step_before", "Bước trước", "Ctrl+PgUp", command("step_before")),
            Act("step_after", "Bước sau", "Ctrl+PgDown", command("step_after")),
            _LINE,
            Act("related", "Hồ sơ liên quan", "Ctrl+L", command("related")),
            Act("back", "Trở lại", "Alt+Left", window.back),
            Act("fold", "Thu gọn thanh bên", "Ctrl+B", window.navigation.fold),
        ),
        "&Trợ giúp": (Act("keys", "Phím tắt", "F1", lambda: _show_keys(window)),),
    }


def _page_acts(window: MainWindow) -> list[Act]:
    return [
        Act(f"go.{entry.name}", entry.title, f"Alt+{place}", lambda name=entry.name: window.go(name))
        for place, entry in enumerate(numbered(window.navigation.entries), start=1)
    ]


def _add(window: MainWindow, menu: QMenu, act: Act, actions: dict[str, QAction]) -> None:
    if act.run is None:
        menu.addSeparator()
        return
    action = QAction(act.label, window)
    action.setObjectName(f"action.{act.name}")
    action.setShortcut(QKeySequence(act.keys))
    action.triggered.connect(lambda _checked=False, run=act.run: run())
    menu.addAction(action)
    actions[act.name] = action


def _name_steps(window: MainWindow, actions: dict[str, QAction]) -> None:
    """Say what would be taken back or done again: «Hoàn tác: Sửa kinh phí»."""
    workspace = window.context.workspace
    for name, verb, step in (
        ("undo", "Hoàn tác", changing.undo_label(workspace)),
        ("redo", "Làm lại", changing.redo_label(workspace)),
    ):
        actions[name].setText(f"{verb}: {step}" if step else verb)


def _show_keys(window: MainWindow) -> None:
    from kcdesk.ui.window.keys_help import KeysHelp

    KeysHelp(window, window.menu_actions.values()).show()
