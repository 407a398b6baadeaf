"""Opens «Vì sao có số này?» from a dossier: for the focused field, a chosen one, or a figure beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kcdesk.errors import KcdeskError
from kcdesk.services.derivations import annex, explaining
from kcdesk.ui.papers.derivation_dialog import DerivationDialog
from kcdesk.ui.shell.page import Page, PageCommand

LABEL = "Vì sao có số này?"


class NumberForm(Protocol):
    """What is needed of the form that shows the dossier."""

    def flush(self) -> None:
        """Save what is being typed."""

    def last_path(self) -> str:
        """Return the field that had the keyboard last."""

    def focus_path(self, path: str) -> None:
        """Go to a field."""


@dataclass(frozen=True, slots=True)
class NumberExplainer:
    """Explains the numbers of one dossier, and of the records that its panel speaks of."""

    page: Page
    record_id: str
    form: NumberForm

    def command(self) -> PageCommand:
        """Return the command for the focused field."""
        return PageCommand(LABEL, lambda: self.explain(self.form.last_path()))

    def explain(self, name: str, record_id: str = "") -> None:
        """Explain a field or figure of the dossier, or of another record; what is being typed is saved before."""
        self.form.flush()
        if dialog := self.dialog(name, record_id):
            dialog.exec()

    def dialog(self, name: str, record_id: str = "") -> DerivationDialog | None:
        """Return the dialog about a number; None if there is no number, and then a message says why."""
        context, id_ = self.page.context, record_id or self.record_id
        try:
            tree = explaining.why(context.workspace, id_, name)
        except KcdeskError as error:
            context.messages.error(error)
            return None
        dialog = DerivationDialog(context, tree, annex.writer(context.workspace, id_, name), self.page)
        dialog.cell_chosen.connect(self._go)
        return dialog

    def _go(self, record_id: str, path: str) -> None:
        if record_id == self.record_id:
            self.form.focus_path(path)
        else:
            self.page.open_requested.emit(record_id)
