"""What must hold after every act of the random user, and what is asked only now and then because it takes longer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QThread
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton, QWidget

from kcdesk.app import page_entries
from kcdesk.errors import KcdeskError
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import titles
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from kcdesk.text import format_integer
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.opening.crash_dialog import CrashDialog
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.window.main_window import MainWindow
from tests.journeys.random_user.controls import front, place_of
from tests.journeys.random_user.desk import Desk
from tests.ui.accessible_names import nameless

LOST = re.compile(r"[Kk]hông tìm thấy")
_LINE = re.compile(r'File "[^"]*?(kcdesk/[^"]+)", line \d+, in (\w+)')


class Finding(Value):
    """Something that must not be: `kind` tells findings of one cause from another's, `text` says all about it."""

    kind: str
    text: str


class StoredNow(Value):
    """Every record of the store as it stands: id to (kind, deleted, data)."""

    records: dict[str, tuple[str, bool, str]]
    steps: tuple[str, ...] = ()  # the ids of what can be undone, the last act first

    @property
    def living(self) -> set[str]:
        """The ids of records that are not deleted."""
        return {id_ for id_, (_kind, deleted, _data) in self.records.items() if not deleted}


def stored_now(workspace: Workspace) -> StoredNow:
    """Read every record past the pages."""
    rows = workspace.store.query("select id, kind, deleted, data from record")
    records = {row["id"]: (row["kind"], row["deleted"] is not None, row["data"]) for row in rows}
    return StoredNow(records, tuple(step.id for step in workspace.store.undo_steps()))


class StoreMemory:
    """Reads the store again only when something was written."""

    def __init__(self) -> None:
        self._store: Store | None = None
        self._mark: object = None
        self._last = StoredNow({})

    def stored_now(self, workspace: Workspace) -> StoredNow:
        """What the store holds now."""
        store = workspace.store
        versions = (*store.query("select total_changes() as changes"), *store.query("pragma data_version"))
        mark = [dict(row) for row in versions]
        if store is not self._store or mark != self._mark:
            self._store, self._mark, self._last = store, mark, stored_now(workspace)
        return self._last


def loop_depth() -> int:
    """How many event loops run within each other: one for each dialog or menu that is waited for."""
    return int(QThread.currentThread().loopLevel())


# -- after every act ---------------------------------------------------------------------------------------------------


def after_act(desk: Desk) -> Iterator[Finding]:
    """Faults out of sight, crash windows, lost records, and where the keyboard is."""
    yield from _heard(desk)
    yield from _toasts(desk)
    window = front()
    if window is not None:
        yield from _keyboard(window)
        yield from _main_button(window)


def _heard(desk: Desk) -> Iterator[Finding]:
    heard, desk.watch.heard[:] = list(desk.watch.heard), []
    for text in heard:
        yield Finding(f"lỗi {_cause(text)}", text)
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, CrashDialog) and widget.isVisible():
            widget.accept()


def _cause(text: str) -> str:
    """The innermost function of ours in a traceback and its last line; else the first line."""
    inner = _LINE.findall(text)
    last = text.strip().splitlines()[-1] if text.strip() else ""
    last = re.sub(r"0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f-]+|«[^»]*»|\d+", "#", last)[:120]
    return f"{inner[-1][0]} {inner[-1][1]}: {last}" if inner else last


def _toasts(desk: Desk) -> Iterator[Finding]:
    toasts, desk.toasts[:] = list(desk.toasts), []
    for text in toasts:
        if LOST.search(text):
            yield Finding("toast không tìm thấy", text)


def _main_button(window: QWidget) -> Iterator[Finding]:
    """Every dialog of ours that has buttons has one for Enter and Ctrl+Enter."""
    if not isinstance(window, Dialog) or window.main_button() is not None:
        return
    buttons = [button for button in window.findChildren(QPushButton) if button.isVisible()]
    if buttons:
        yield Finding(f"không có nút chính: {place_of(window)}", ", ".join(button.text() for button in buttons))


def _keyboard(window: QWidget) -> Iterator[Finding]:
    if QApplication.activePopupWidget() is not None:
        return
    if QApplication.activeWindow() is not window:  # off screen there is no window manager to do it
        window.activateWindow()
        QApplication.processEvents()
    focused = QApplication.focusWidget()
    place = place_of(window)
    if focused is None:
        yield Finding(f"không gì có bàn phím: {place}", place)
    elif not focused.isVisible() or not focused.isEnabled() or focused.window() is not focused.window().window():
        named = f"{type(focused).__name__} {focused.objectName()}"
        yield Finding(f"bàn phím ở chỗ không thấy: {place} {named}", named)


# -- between acts of the window ----------------------------------------------------------------------------------------


def after_outer_act(desk: Desk, before: StoredNow, after: StoredNow, sentences: list[str]) -> Iterator[Finding]:
    """Dialogs end with their use; what was deleted was named; what is shown as saved is saved."""
    yield from _dialogs_left(desk)
    yield from _unnamed_deletions(desk, before, after, sentences)
    yield from _unsaved(desk)


def _dialogs_left(desk: Desk) -> Iterator[Finding]:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if loop_depth():
        return
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QDialog) and not widget.isVisible() and widget not in desk.strangers:
            named = f"{type(widget).__name__} {widget.windowTitle()}"
            yield Finding(f"hộp thoại còn sống: {named}", named)
            widget.deleteLater()


def _unnamed_deletions(desk: Desk, before: StoredNow, after: StoredNow, sentences: list[str]) -> Iterator[Finding]:
    gone = before.living - after.living
    spoken = " ".join(sentences)
    if f"{format_integer(len(gone))} hồ sơ" in spoken:
        return
    for id_ in gone:
        record = desk.workspace.store.record(id_)
        title = titles.title_of(desk.workspace, record)
        if title not in spoken and len(after.steps) >= len(before.steps):
            yield Finding(f"xoá không nói tên: {record.kind}", f"«{title}» biến mất; đã nói: {spoken[-300:]}")


def _unsaved(desk: Desk) -> Iterator[Finding]:
    """Every field that has been left holds what the store has, or says in red that it is not saved."""
    window = desk.window
    form = getattr(window.page, "form", None) if window is not None and window.isVisible() else None
    id_ = getattr(window.page, "record_id", "") if window is not None else ""
    if not isinstance(form, FormView) or not id_:
        return
    record = desk.workspace.store.record(id_)
    for path in form.names():
        editor = form.editor(path)
        if not editor.isVisible() or editor.has_focus() or editor.touched:
            continue
        shown, kept = _shown_value(editor), record.value(path)
        if shown != _UNREADABLE and _plain(shown) != _plain(kept):
            yield Finding(f"khác kho: {record.kind}.{path}", f"ô {shown!r}, kho {kept!r}")


_UNREADABLE = object()


def _shown_value(editor: Editor) -> Any:
    try:
        return editor.value()
    except (ValueProblem, NotImplementedError):
        return _UNREADABLE


def _plain(value: Any) -> Any:
    if isinstance(value, list):  # an empty row that was begun is shown, and stored with its first value
        value = [row for row in value if not isinstance(row, dict) or row.keys() - {"id", "position"}]
    return None if value in (None, "", [], {}) else json.loads(json.dumps(value))


# -- undo --------------------------------------------------------------------------------------------------------------


class UndoMemory:
    """What the records were before each act that can be undone: undo has to bring exactly that back."""

    def __init__(self) -> None:
        self._before: dict[str, dict[str, tuple[str, bool, str]]] = {}

    def follow(self, before: StoredNow, after: StoredNow, *, undoes: bool) -> Iterator[Finding]:
        """Note a single new act; after an undo, compare. A change that is no step of undo makes old what is known."""
        if after.steps == before.steps and after.records != before.records:
            self._before.clear()
        if len(after.steps) == len(before.steps) + 1 and after.steps[1:] == before.steps:
            self._before[after.steps[0]] = before.records
        elif undoes and before.steps and after.steps == before.steps[1:]:
            expected = self._before.get(before.steps[0])
            if expected is not None:
                yield from _differences(expected, after.records)


def _differences(
    expected: dict[str, tuple[str, bool, str]], found: dict[str, tuple[str, bool, str]]
) -> Iterator[Finding]:
    for id_, (kind, deleted, data) in found.items():
        was = expected.get(id_)
        if was is None and not deleted:
            yield Finding(f"hoàn tác để lại hồ sơ: {kind}", data[:300])
        elif was is not None and (was[1] != deleted or (not deleted and json.loads(was[2]) != json.loads(data))):
            yield Finding(f"hoàn tác không trả lại như cũ: {kind}", f"trước {was[2][:600]}\nsau {data[:600]}")


# -- now and then ------------------------------------------------------------------------------------------------------


def now_and_then(desk: Desk) -> Iterator[Finding]:
    """Names for screen readers, counters that agree, records that open, no empty record left behind."""
    for place in nameless():
        yield Finding(f"không tên: {place}", place)
    if desk.window is not None and desk.window.isVisible():
        yield from _counters(desk)
        yield from _records(desk)
        yield from _pages_left(desk.window)


def _counters(desk: Desk) -> Iterator[Finding]:
    """The numbers of the navigation and of the status bar are those of the store, once they have caught up."""
    desk.settle()
    yield from _wrong_counters(desk)


def _wrong_counters(desk: Desk) -> Iterator[Finding]:
    window = desk.window
    assert window is not None
    for entry in page_entries():
        if entry.waiting is None:
            continue
        waits, shown = entry.waiting(window.context), window.navigation.text_of(entry.name)
        if (re.sub(r"\D", "", shown.removeprefix(entry.title)) or "0") != str(waits):
            yield Finding(f"số đếm: {entry.name}", f"thanh bên «{shown}», đúng là {waits}")
        if entry.name == "handoff" and window.status.handover.text().partition(" ")[0] not in ("", str(waits)):
            yield Finding("số đếm: thanh trạng thái", f"«{window.status.handover.text()}», đúng là {waits}")


def _pages_left(window: MainWindow) -> Iterator[Finding]:
    """No page of a dossier lives on when the user is back at a page of the navigation."""
    if window.header.back.isVisible() or window.page.alone:
        return
    for page in window.findChildren(DossierPage):
        yield Finding(f"trang còn sống: {type(page).__name__}", page.title)


def _records(desk: Desk) -> Iterator[Finding]:
    workspace = desk.workspace
    for id_, (kind, deleted, data) in stored_now(workspace).records.items():
        if deleted:
            continue
        try:
            workspace.store.record(id_)
        except (KcdeskError, ValueError, KeyError) as error:
            yield Finding(f"hồ sơ không mở được: {kind}", repr(error))
        if not json.loads(data):
            yield Finding(f"hồ sơ trống: {kind}", id_)


def at_end(desk: Desk) -> Iterator[Finding]:
    """The store is sound."""
    for fault in desk.workspace.store.check():
        yield Finding(f"kho hỏng: {fault[:60]}", fault)


def sentences_of(window: QWidget) -> list[str]:
    """What the labels of a dialog say."""
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible() and label.text()]
