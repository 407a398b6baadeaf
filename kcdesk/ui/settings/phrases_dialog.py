"""«Câu thường dùng…»: the sentences that the office adds to those offered while typing, and those that it removed."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.formdef.regulations.phrases import labels_of
from kcdesk.services.phrases import own_phrases
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.fitting.searching_choice import SearchingChoice
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_HELP = "Câu trong hồ sơ cũ được gợi ý sẵn, không phải ghi ở đây. Đừng ghi tên người, số giấy tờ vào câu dùng chung."


class PhrasesDialog(Dialog):
    """Both lists of a field, one sentence a line; accepted means that all fields that were typed in are kept."""

    help_topic = "values"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("phrases")
        self.setWindowTitle("Câu thường dùng")
        self.begin_size(640, 480)
        self._context = context
        self._own = own_phrases.own_phrases(context.workspace)
        self._typed: dict[str, own_phrases.Typed] = {}
        self.fields = SearchingChoice()
        self.fields.setObjectName("phrases.field")
        self.fields.setAccessibleName("Ô")
        self.fields.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.fields.setMinimumContentsLength(30)
        for name in context.workspace.phrases.fields:
            self.fields.offer(" · ".join(labels_of(name, context.workspace.forms)), name)
        self.added = _lines("phrases.added", "Câu của đơn vị, mỗi dòng một câu")
        self.unwanted = _lines("phrases.unwanted", "Không gợi ý nữa; xoá dòng để gợi ý lại")
        self.problem = labelled(role="problem", wrap=True)
        self.problem.hide()
        self._lay_out()
        self.fields.currentIndexChanged.connect(self._show_field)
        for text in (self.added, self.unwanted):
            text.textChanged.connect(self._note)
        self._show_field()

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox()
        go = buttons.addButton("Ghi", QDialogButtonBox.ButtonRole.AcceptRole)
        go.setObjectName("phrases.go")
        go.setProperty("role", "main")
        buttons.addButton("Giữ như cũ", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._keep)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.fields)
        for text in (self.added, self.unwanted):
            caption = labelled(text.accessibleName(), "label", wrap=True)
            caption.setBuddy(text)
            column.addWidget(caption)
            column.addWidget(text, 1)
        column.addWidget(labelled(_HELP, "help", wrap=True))
        column.addWidget(self.problem)
        column.addWidget(buttons)

    def _show_field(self) -> None:
        name = str(self.fields.currentData())
        added, unwanted = self._typed.get(name, (self._own.get(name), self._own.unwanted_of(name)))
        for text, sentences in ((self.added, added), (self.unwanted, unwanted)):
            text.blockSignals(True)  # showing is no typing
            text.setPlainText("\n".join(sentences))
            text.blockSignals(False)

    def _note(self) -> None:
        typed = (self.added.toPlainText().split("\n"), self.unwanted.toPlainText().split("\n"))
        self._typed[str(self.fields.currentData())] = typed

    def _keep(self) -> None:
        try:
            own_phrases.keep_phrases(self._context.workspace, self._typed)
        except KcdeskError as error:
            show_refusal(self.problem, error)
            self.problem.show()
            return
        self.accept()


def _lines(name: str, label: str) -> QPlainTextEdit:
    text = QPlainTextEdit()
    text.setObjectName(name)
    text.setAccessibleName(label)
    text.setTabChangesFocus(True)
    return text
