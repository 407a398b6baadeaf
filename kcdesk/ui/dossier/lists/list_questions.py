"""The own questions of a list page: conditions beside the chips, and named views of the whole list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from kcdesk.runtime.frozen import Value
from kcdesk.services.questions import grammar, saved_views
from kcdesk.services.questions.grammar import Condition
from kcdesk.services.questions.saved_views import SavedView
from kcdesk.ui.dossier.lists.question_dialog import QuestionDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

_FILES = "Tệp cách xem (*.toml)"


class ListLook(Value):
    """What a list page shows besides its conditions: what a named view keeps, as the page says it."""

    chosen: Mapping[str, Any]
    search: str
    order: str
    descending: bool
    columns: tuple[str, ...]


class ListQuestions(QWidget):
    """A line with the conditions in words, shown when there are any; `changed` after they have changed."""

    changed = Signal()
    view_chosen = Signal(object)  # a SavedView

    def __init__(self, context: Context, kind: str, look: Callable[[], ListLook]) -> None:
        super().__init__()
        self._context, self._kind, self._look = context, kind, look
        self.conditions: list[Condition] = []
        self.words = labelled("", "strong", wrap=True)
        self.drop = QPushButton("Bỏ các điều kiện")
        self.drop.setProperty("role", "quiet")
        self.drop.clicked.connect(lambda _checked=False: self._set([]))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(FIELD_GAP)
        row.addWidget(self.words, 1)
        row.addWidget(self.drop)
        self.hide()

    def where(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """Return the filter of the list: what the chips say and the conditions."""
        return grammar.joined(chosen, self.conditions)

    def in_words(self) -> list[str]:
        """Return each condition in words."""
        return [grammar.in_words(self._context.workspace, condition) for condition in self.conditions]

    def ask(self) -> None:
        """Let the officer put conditions together."""
        dialog = QuestionDialog(self._context.workspace, self._kind, self.conditions, self.window())
        if dialog.exec():
            self._set(dialog.conditions())

    def narrow(self, typed: str) -> None:
        """Add one condition, in the words of the grammar."""
        self._set([*self.conditions, grammar.parsed(self._context.workspace, self._kind, typed)])

    def forget(self) -> None:
        """Drop all conditions without a signal."""
        self._show([])

    def _set(self, conditions: list[Condition]) -> None:
        self._show(conditions)
        self.changed.emit()

    def _show(self, conditions: list[Condition]) -> None:
        self.conditions = conditions
        words = self.in_words()
        self.words.setText(f"Lọc: {'; '.join(words)}")
        self.setVisible(bool(words))

    # -- named views -----------------------------------------------------------------------------------------------

    def menu(self) -> QMenu:
        """Return the menu of the named views, and of what can be done with them."""
        menu = QMenu(self)
        kept = saved_views.views_of(self._context.workspace, self._kind)
        for view in kept:
            menu.addAction(view.name).triggered.connect(lambda _checked=False, view=view: self.show_view(view))
        if kept:
            menu.addSeparator()
        menu.addAction("Lưu cách xem này…", self._keep)
        if kept:
            drop = menu.addMenu("Xoá cách xem")
            own = [view for view in kept if not view.is_shared]
            drop.setEnabled(bool(own))
            for view in own:
                drop.addAction(view.name).triggered.connect(lambda _checked=False, view=view: self._forget_view(view))
            menu.addAction("Ghi các cách xem ra tệp…", self._write)
        menu.addAction("Nhận cách xem từ tệp…", self._read)
        return menu

    def show_view(self, view: SavedView) -> None:
        """Show the list as a view says; a view with a field that is no more is refused in a sentence."""
        workspace = self._context.workspace
        conditions = self._context.messages.guarded(
            lambda: [grammar.parsed(workspace, view.kind, typed) for typed in view.conditions]
        )
        if conditions is not None:
            self._show(conditions)
            self.view_chosen.emit(view)

    def _keep(self) -> None:
        messages, look = self._context.messages, self._look()
        name = messages.ask_text("Lưu cách xem này", "Tên", "Lưu cách xem", "Thôi")
        if not name:
            return
        conditions = tuple(condition.text for condition in self.conditions)
        view = SavedView(
            name=name,
            kind=self._kind,
            conditions=conditions,
            chosen=look.chosen,
            search=look.search,
            order=look.order,
            descending=look.descending,
            columns=look.columns,
        )
        kept = messages.guarded(lambda: saved_views.keep_view(self._context.workspace, view))
        if kept is not None:
            messages.notice(f"Đã lưu cách xem «{kept.name}».")

    def _forget_view(self, view: SavedView) -> None:
        saved_views.forget(self._context.workspace, view.kind, view.name)
        self._context.messages.notice(
            f"Đã xoá cách xem «{view.name}».", lambda: saved_views.keep_view(self._context.workspace, view)
        )

    def _write(self) -> None:
        messages = self._context.messages
        path = messages.save_file("Ghi các cách xem ra tệp", "Cách xem.toml", _FILES, purpose="lists")
        number = path and messages.guarded(lambda: saved_views.write_file(self._context.workspace, path, (self._kind,)))
        if path and number:
            messages.notice(f"Đã ghi {number} cách xem vào {path.name}.")

    def _read(self) -> None:
        messages = self._context.messages
        path = messages.open_file("Nhận cách xem từ tệp", _FILES, purpose="lists")
        taken = path and messages.guarded(lambda: saved_views.read_file(self._context.workspace, path))
        if taken:
            messages.notice(f"Đã nhận {len(taken)} cách xem: {', '.join(view.name for view in taken)}.")
