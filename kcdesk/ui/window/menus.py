"""Every action of the window as data: menu, label, shortcut, callback."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from kcdesk.runtime.frozen import Value
from kcdesk.ui.shell.help_key import HelpKey
from kcdesk.ui.shell.page import PageCommand, PageEntry
from kcdesk.ui.window.keys_help import KeysHelp, shown_keys
from kcdesk.ui.window.navigation import numbered

Run = Callable[[], object]


class MenuEntry(Value):
    """One entry of a menu; `name` is its key, an empty `label` is a separator."""

    name: str = ""
    label: str = ""
    keys: str = ""
    run: Run | None = None


class WindowActions(Value, kw_only=True):
    """What the menus may call and ask of the window."""

    entries: Sequence[PageEntry]  # of the navigation, from top to bottom
    go: Callable[[str], object]  # shows a page of the navigation by name
    run_command: Callable[[str], object]  # runs a command of the page in front by name
    step_labels: Callable[[], tuple[str, str]]  # labels of the next undo and redo; "" for none
    begin_new: Run
    run_main_action: Run
    open_steps: Run
    export: Run
    run_on: Callable[[str, str], object]  # shows a page of the navigation and runs one of its commands
    close: Run
    lock: Run
    undo: Run
    redo: Run
    focus_search: Run
    search_everywhere: Run
    back: Run
    fold_navigation: Run
    set_letters: Callable[[int], object]  # larger (1), smaller (-1), normal (0)
    help_here: Run
    show_help: Callable[[str], object]  # shows a page of the handbook by topic
    help_act: Callable[[str], object]  # what the program around the window does, by name: prints the field guide, …


_LINE = MenuEntry()
# Pages of the handbook by topic, with their titles, so that the menu needs to read none of them.
GUIDES = {
    "whole_proposal": "Một đề án từ đầu đến cuối",
    "site_visit": "Đi nghiệm thu",
    "package_and_receipt": "Gửi gói và nhận biên nhận",
    "lost_password": "Quên mật khẩu, mất máy",
    "old_lists": "Nhập danh sách cũ",
    "new_rules": "Quy định mới",
}
ABOUT = {
    "glossary": "Từ dùng trong chương trình",
    "contents": "Mục lục hướng dẫn",
    "news": "Có gì mới",
    "about": "Giới thiệu",
}
MAIN = "Việc chính của trang"
HELP = "help"
# Entries that only some pages have.
PAGE_COMMANDS = (
    "print",
    "receive_signed",
    "read_sheet",
    "invoice",
    "delete",
    "field_mode",
    "next_open",
    "enlarge",
    "step_before",
    "step_after",
    "why",
    "related",
    "load_sheet",
)


def build(window: QMainWindow, window_actions: WindowActions) -> dict[str, QAction]:
    """Fill the window's menu bar; return every action by name."""
    actions: dict[str, QAction] = {}
    keys = MenuEntry("keys", "Phím tắt", "Shift+F1", lambda: KeysHelp(window, actions.values()).show())
    for title, acts in (_menus(window_actions) | {"&Trợ giúp": _help_acts(window_actions, keys)}).items():
        menu = window.menuBar().addMenu(title)
        for act in acts:
            _add(window, menu, act, actions)
        if "undo" in {act.name for act in acts}:
            menu.aboutToShow.connect(lambda: _name_steps(window_actions, actions))
    return actions


def name_main_action(actions: dict[str, QAction], command: PageCommand | None) -> None:
    """Show on the menu entry what Ctrl+Enter does on the page in front."""
    label = command.label if command else MAIN
    actions["main"].setText(f"{label}\tCtrl+Enter")
    actions["main"].setEnabled(command is not None)


def offer(actions: dict[str, QAction], commands: Collection[str], *, steps: bool, back: bool) -> None:
    """Enable the entries that the page in front has; the others stay in their places, grey."""
    for name in PAGE_COMMANDS:
        actions[name].setEnabled(name in commands)
    actions["steps"].setEnabled(steps)
    actions["back"].setEnabled(back)


def _menus(window: WindowActions) -> dict[str, tuple[MenuEntry, ...]]:
    def command(name: str) -> Run:
        return lambda: window.run_command(name)

    return {
        "&Hồ sơ": (
            MenuEntry("new", "Lập mới", "Ctrl+N", window.begin_new),
            MenuEntry("main", MAIN, "Ctrl+Return", window.run_main_action),
            MenuEntry("steps", "Bước khác…", "Ctrl+Shift+Return", window.open_steps),
            _LINE,
            MenuEntry("print", "Xem và in…", "Ctrl+P", command("print")),
            MenuEntry("receive_signed", "Nhận bản ký…", "Ctrl+R", command("receive_signed")),
            MenuEntry("read_sheet", "Đọc phiếu ghi tay…", "", command("read_sheet")),
            MenuEntry("invoice", "Lấy từ hóa đơn…", "Ctrl+Shift+H", command("invoice")),
            MenuEntry("open_paper", "Mở hồ sơ từ ảnh giấy in…", "", lambda: window.help_act("open_paper")),
            MenuEntry("export", "Kết xuất gói bàn giao…", "Ctrl+E", window.export),
            MenuEntry("intake", "Nhận gói…", "Ctrl+I", lambda: window.run_on("handoff", "intake")),
            MenuEntry("load_sheet", "Nhập từ Excel…", "", command("load_sheet")),
            _LINE,
            MenuEntry("delete", "Xoá hồ sơ…", "", command("delete")),
            _LINE,
            MenuEntry("lock", "Khoá màn hình", "Ctrl+Shift+L", window.lock),
            MenuEntry("quit", "Đóng chương trình", "Ctrl+Q", window.close),
        ),
        "&Sửa": (
            MenuEntry("undo", "Hoàn tác", "Ctrl+Z", window.undo),
            MenuEntry("redo", "Làm lại", "Ctrl+Shift+Z", window.redo),
            _LINE,
            MenuEntry("search", "Tìm trong trang", "Ctrl+F", window.focus_search),
            MenuEntry("search_all", "Tìm trong mọi hồ sơ", "Ctrl+K", window.search_everywhere),
        ),
        "&Xem": (
            *_page_acts(window),
            MenuEntry("deadlines", "Thời hạn", "Alt+0", lambda: window.run_on("overview", "deadlines")),
            MenuEntry("calendar", "Lịch nghiệm thu", "Alt+9", lambda: window.run_on("acceptance", "calendar")),
            MenuEntry("go.conflicts", "Cần xem", "Ctrl+J", lambda: window.go("conflicts")),
            _LINE,
            MenuEntry("field_mode", "Chế độ hiện trường", "F9", command("field_mode")),
            MenuEntry("next_open", "Câu chưa trả lời", "F8", command("next_open")),
            MenuEntry("enlarge", "Mở rộng bảng", "F11", command("enlarge")),
            MenuEntry("step_before", "Bước trước", "Ctrl+PgUp", command("step_before")),
            MenuEntry("step_after", "Bước sau", "Ctrl+PgDown", command("step_after")),
            _LINE,
            MenuEntry("why", "Vì sao có số này?", "F7", command("why")),
            MenuEntry("related", "Hồ sơ liên quan", "Ctrl+L", command("related")),
            MenuEntry("back", "Trở lại", "Alt+Left", window.back),
            MenuEntry("fold", "Thu gọn thanh bên", "Ctrl+B", window.fold_navigation),
            _LINE,
            MenuEntry("larger", "Chữ to hơn", "Ctrl++", lambda: window.set_letters(1)),
            MenuEntry("smaller", "Chữ nhỏ hơn", "Ctrl+-", lambda: window.set_letters(-1)),
            MenuEntry("normal_letters", "Cỡ chữ vừa", "Ctrl+0", lambda: window.set_letters(0)),
        ),
    }


def _help_acts(window: WindowActions, keys: MenuEntry) -> tuple[MenuEntry, ...]:
    def pages(titles: Mapping[str, str]) -> list[MenuEntry]:
        return [
            MenuEntry(f"help.{topic}", title, "", partial(window.show_help, topic)) for topic, title in titles.items()
        ]

    here = MenuEntry(HELP, "Hướng dẫn chỗ đang làm", "F1", window.help_here)
    paper = MenuEntry("field_guide", "In sổ tay hiện trường…", "", lambda: window.help_act("field_guide"))
    tour = MenuEntry("tour", "Dạo thử trên kho tập…", "", lambda: window.help_act("tour"))
    return (here, keys, _LINE, *pages(GUIDES), _LINE, paper, tour, _LINE, *pages(ABOUT))


def _page_acts(window: WindowActions) -> list[MenuEntry]:
    return [
        MenuEntry(f"go.{entry.name}", entry.title, f"Alt+{place}", partial(window.go, entry.name))
        for place, entry in enumerate(numbered(window.entries), start=1)
    ]


def _add(window: QMainWindow, menu: QMenu, act: MenuEntry, actions: dict[str, QAction]) -> None:
    if act.run is None:
        menu.addSeparator()
        return
    shown = shown_keys(QKeySequence(act.keys))
    action = QAction(f"{act.label}\t{shown}" if shown != act.keys else act.label, window)  # Qt names keys in English
    action.setObjectName(f"action.{act.name}")
    action.setShortcut(QKeySequence(act.keys))
    if act.name == HELP:  # its key works in open menus and lists too (`HelpKey`); here it is only shown
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        HelpKey(window, act.run)
    action.triggered.connect(lambda _checked=False, run=act.run: run())
    menu.addAction(action)
    actions[act.name] = action


def _name_steps(window: WindowActions, actions: dict[str, QAction]) -> None:
    """Show what undo and redo would change: «Hoàn tác: Sửa kinh phí»."""
    back, again = window.step_labels()
    for name, verb, step in (("undo", "Hoàn tác", back), ("redo", "Làm lại", again)):
        actions[name].setText(f"{verb}: {step}" if step else verb)
