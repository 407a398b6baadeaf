"""A dialog in which rules are typed: what is typed becomes files of rules, previewed and then signed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QPushButton, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.ui.settings.entering.rules_preview import RulesPreviewDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.theme import labelled

Sign = Callable[[dict[str, str], str], bool]


class SigningDialog(Dialog):
    """Hands the files, checked, to `sign`; it stays open with everything typed until that has written them.

    `sign` gets the files of rules and the note, and returns whether they were written. `name` begins the names of the
    widgets.
    """

    help_topic = "entered_rules"

    def __init__(self, context: Context, name: str, sign: Sign, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._context, self._sign = context, sign
        self.problem = labelled(role="problem", wrap=True)
        self.problem.setObjectName(f"{name}.problem")
        self.preview_button = push_button("Xem trước…", f"{name}.preview", self.preview)
        self.cancel_button = push_button("Thôi", f"{name}.cancel", self.reject)
        self.sign_button: QPushButton = push_button("Ký và ghi tệp…", f"{name}.sign", self.finish)
        self.sign_button.setProperty("role", "main")

    def preview(self) -> None:
        """Show the lines that would be signed, and the dossiers with another answer."""
        try:
            files = self._files()
        except KcdeskError as error:
            show_refusal(self.problem, error)
            return
        if files is not None:
            RulesPreviewDialog(self._context, files, self._note(), self).open()

    def finish(self) -> None:
        """Check everything, sign and accept."""
        try:
            files = self._files()
            is_written = files is not None and self._sign(files, self._note())
        except KcdeskError as error:
            show_refusal(self.problem, error)
            return
        if is_written:
            self.accept()

    # -- of each dialog --------------------------------------------------------------------------------------------

    def _files(self) -> dict[str, str] | None:
        """The files of rules, {name: TOML}; None if what is typed was refused beside its field. KcdeskError."""
        raise NotImplementedError

    def _note(self) -> str:
        """What is entered in one sentence, as the note of the file."""
        raise NotImplementedError
