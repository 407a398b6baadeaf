"""A form for one rule beside the list of the rules that are signed together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kcdesk.errors import UserError
from kcdesk.ui.settings.entering.signing_dialog import Sign, SigningDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import GROUP_GAP, labelled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

Entry = TypeVar("Entry")
_LIST_WIDTH = 260  # pixels


class EntriesDialog(SigningDialog, Generic[Entry]):
    """Adds what is typed to the list; what is typed but not added is added before the preview and the signature."""

    def __init__(
        self, context: Context, name: str, sign: Sign, parent: QWidget | None, *, heading: str, remove: str
    ) -> None:
        super().__init__(context, name, sign, parent)
        self._heading = heading
        self._entries: list[Entry] = []
        self.entered = WrappedList()
        self.entered.setObjectName(f"{name}.entered")
        self.entered.setAccessibleName(heading)
        keep_size(self.entered, least_width=_LIST_WIDTH)
        self.remove_button = push_button(remove, f"{name}.remove", self.remove)
        self.remove_button.setEnabled(False)
        self.entered.currentRowChanged.connect(lambda row: self.remove_button.setEnabled(row >= 0))

    def add(self) -> bool:
        """Add the typed entry to the list; False, with what is wrong, when it cannot be added."""
        try:
            entry = self._typed_entry()
            self._files_of([*self._entries, entry])
        except UserError as error:
            self._refuse(error)
            return False
        self._entries.append(entry)
        self.entered.addItem(self._described(entry))
        self.problem.setText("")
        self._begin_next()
        return True

    def remove(self) -> None:
        """Take the selected entry out of the list again."""
        row = self.entered.currentRow()
        if row >= 0:
            self.entered.takeItem(row)
            del self._entries[row]

    # -- inside ----------------------------------------------------------------------------------------------------

    def _files(self) -> dict[str, str] | None:
        is_whole = bool(self._entries) and not self._is_typed()
        return self._files_of(self._entries) if is_whole or self.add() else None

    def _lay_out(self, about: str, form: QVBoxLayout) -> None:
        """Put the form beside the list, the explanation above and the buttons below."""
        right = QVBoxLayout()
        right.addWidget(labelled(self._heading, "section"))
        right.addWidget(self.entered, 1)
        right.addWidget(self.remove_button)
        columns = QHBoxLayout()
        columns.setSpacing(GROUP_GAP)
        columns.addLayout(form, 3)
        columns.addLayout(right, 2)
        buttons = QHBoxLayout()
        buttons.addWidget(self.preview_button)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel_button)
        buttons.addWidget(self.sign_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        whole.setSpacing(GROUP_GAP)
        whole.addWidget(labelled(about, "help", wrap=True))
        whole.addLayout(columns, 1)
        whole.addLayout(buttons)

    # -- of each dialog --------------------------------------------------------------------------------------------

    def _typed_entry(self) -> Entry:
        """What is typed; UserError with the field that cannot be read."""
        raise NotImplementedError

    def _is_typed(self) -> bool:
        """Whether the form holds something that is not in the list yet."""
        raise NotImplementedError

    def _files_of(self, entries: Sequence[Entry]) -> dict[str, str]:
        """The files of rules with these entries, {name: TOML}; UserError with the field for what cannot be."""
        raise NotImplementedError

    def _described(self, entry: Entry) -> str:
        """An entry in one sentence, for the list."""
        raise NotImplementedError

    def _begin_next(self) -> None:
        """Make the form ready for the next entry."""
        raise NotImplementedError

    def _refuse(self, error: UserError) -> None:
        """Show what is wrong, and go to its field."""
        raise NotImplementedError
