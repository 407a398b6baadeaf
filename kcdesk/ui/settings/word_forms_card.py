"""The card of Word files of the office: which paper is printed by one, and the door to choose one."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from kcdesk.services.papers.own_forms import kept_forms
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.fitting.searching_choice import SearchingChoice
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled


class WordForms(QWidget):
    """Lists the papers that a Word file writes; any paper of a record can be chosen."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self._kept = labelled(wrap=True)
        self.papers = SearchingChoice()
        self.papers.setObjectName("settings.word_paper")
        self.papers.setAccessibleName("Giấy")
        self.papers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.papers.setMinimumContentsLength(24)
        self.button = push_button("Mẫu Word…", "settings.word_forms", self.choose)
        row = FlowRow(FIELD_GAP)
        row.add(self.papers)
        row.add(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self._kept)
        column.addWidget(row)

    def show_forms(self) -> None:
        """List the papers, and which of them a Word file writes now."""
        workspace = self.context.workspace
        if not self.papers.count():
            for layout in kept_forms.papers_for_forms(workspace):
                self.papers.offer(layout.label, layout.id)
        forms = [kept_forms.form_in_use(workspace, layout.id) for layout in kept_forms.papers_for_forms(workspace)]
        lines = [f"{workspace.layouts[form.layout].label}: {form.sentence}" for form in forms if form]
        self._kept.setText("\n".join(lines) or "Mọi giấy in theo bố cục của chương trình.")

    def choose(self) -> None:
        """Open the window of Word files for the chosen paper."""
        from kcdesk.ui.papers.word_form_dialog import WordFormDialog  # docx and jinja2 take 200 ms

        WordFormDialog(self.context, str(self.papers.currentData()), parent=self.window()).exec()
        self.show_forms()
