"""Opens «Vì sao có số này?» from a dossier: for the focused field, a chosen one, or a figure beside it."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import SignalInstance

from kcdesk.errors import KcdeskError
from kcdesk.services.derivations import annex, explaining
from kcdesk.ui.papers.derivation_dialog import DerivationDialog
from kcdesk.ui.papers.law_text_dialog import open_law_text
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


class NumberExplainer:
    """Explains the numbers of one dossier, and of the records that its panel speaks of."""

    def __init__(self, page: Page, record_id: str, form: NumberForm) -> None:
        self._page, self._record_id, self._form = page, record_id, form

    def listen(self, figure_chosen: SignalInstance, text_chosen: SignalInstance) -> None:
        """Explain the figures, and open the texts, that the panel beside the dossier names."""
        figure_chosen.connect(self.explain)
        text_chosen.connect(self.open_text)

    def command(self) -> PageCommand:
        """Return the command for the focused field."""
        return PageCommand(LABEL, lambda: self.explain(self._form.last_path()))

    def explain(self, name: str, record_id: str = "") -> None:
        """Explain a field or figure of the dossier, or of another record; what is being typed is saved before."""
        self._form.flush()
        if dialog := self.dialog(name, record_id):
            dialog.exec()

    def open_text(self, source: str) -> None:
        """Open the legal text that a rule about the dossier cites."""
        open_law_text(self._page.context, source, self._page)

    def dialog(self, name: str, record_id: str = "") -> DerivationDialog | None:
        """Return the dialog about a number; None if there is no number, and then a message says why."""
        context, id_ = self._page.context, record_id or self._record_id
        try:
            tree = explaining.why(context.workspace, id_, name)
        except KcdeskError as error:
            context.messages.error(error)
            return None
        dialog = DerivationDialog(context, tree, annex.writer(context.workspace, id_, name), self._page)
        dialog.cell_chosen.connect(self._go)
        return dialog

    def _go(self, record_id: str, path: str) -> None:
        if record_id == self._record_id:
            self._form.focus_path(path)
        else:
            self._page.open_requested.emit(record_id)
