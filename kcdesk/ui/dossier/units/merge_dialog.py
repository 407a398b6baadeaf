"""Two records of one establishment side by side: which is kept, and from which side each field comes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kcdesk.services.beneficiaries import merging
from kcdesk.services.beneficiaries.merging import MergedField, MergePlan
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SIZE = (940, 620)  # pixels
_LONGEST = 160  # letters of a value that are shown
_TURNED = {"survivor": "other", "other": "survivor"}  # a side when the other record is kept


class MergeDialog(Dialog):
    """Asks what to keep; accepting merges the two records in one act."""

    help_topic = "beneficiary"

    def __init__(self, context: Context, survivor: str, other: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("merge")
        self.setWindowTitle("Gộp hai hồ sơ của một đơn vị")
        self.begin_size(*_SIZE)
        self._context, self._ids = context, (survivor, other)
        self._take: dict[str, str] = {}
        self._heading, self._moves = labelled("", "strong", wrap=True), labelled("", wrap=True)
        self._notes = labelled("", "problem", wrap=True)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._swap = QPushButton("Giữ hồ sơ kia")
        self._swap.setObjectName("merge.swap")
        self._swap.setAutoDefault(False)
        self._swap.clicked.connect(lambda _checked=False: self.swap())
        self._buttons = QDialogButtonBox()
        self.do = self._buttons.addButton("Gộp", QDialogButtonBox.ButtonRole.AcceptRole)
        self.do.setProperty("role", "main")
        self._buttons.addButton("Thôi", QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._swap, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addLayout(head)
        column.addWidget(self._area, 1)
        for widget in (self._moves, self._notes, self._buttons):
            column.addWidget(widget)

    @property
    def survivor(self) -> str:
        """The record that is kept."""
        return self._ids[0]

    def swap(self) -> None:
        """Keep the other record instead; what was chosen for a field stays chosen."""
        self._ids = (self._ids[1], self._ids[0])
        self._take = {field: _TURNED.get(side, side) for field, side in self._take.items()}
        self._show()

    def choose(self, field: str, side: str) -> None:
        """Take a field from a side."""
        self._take[field] = side

    def accept(self) -> None:
        """Merge; stay open when that is refused."""
        workspace, (survivor, other) = self._context.workspace, self._ids
        if self._context.act(lambda: merging.merge(workspace, survivor, other, self._take)) is not None:
            super().accept()

    def _show(self) -> None:
        workspace = self._context.workspace
        planned = self._context.messages.guarded(lambda: merging.plan(workspace, *self._ids, self._take))
        self.do.setEnabled(planned is not None)
        if planned is None:
            return
        self._heading.setText(f"Giữ «{planned.survivor.title()}», gộp «{planned.other.title()}» vào đó.")
        self._moves.setText(merging.moves_in_words(workspace, planned))
        self._notes.setText(" ".join(planned.notes))
        self._notes.setVisible(bool(planned.notes))
        self._area.setWidget(self._fields(planned))

    def _fields(self, planned: MergePlan) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GROUP_GAP)
        for column, text in enumerate(("Thông tin", "Hồ sơ được giữ", "Hồ sơ bị gộp", "")):
            grid.addWidget(labelled(text, "muted"), 0, column)
        for column in (1, 2):
            grid.setColumnStretch(column, 1)
        differing = [field for field in planned.fields if field.differs]
        for row, field in enumerate(differing, start=1):
            self._add_row(grid, row, field)
        if not differing:
            grid.addWidget(labelled("Hai hồ sơ ghi giống nhau ở mọi trường."), 1, 0, 1, 4)
        grid.setRowStretch(len(differing) + 2, 1)
        return holder

    def _add_row(self, grid: QGridLayout, row: int, field: MergedField) -> None:
        grid.addWidget(labelled(field.label, wrap=True), row, 0)
        group = QButtonGroup(grid.parentWidget())
        sides = {"survivor": field.survivor, "other": field.other, **({"both": "Cả hai"} if field.joinable else {})}
        for column, (side, text) in enumerate(sides.items(), start=1):
            button = QRadioButton(_short(text) or "(trống)")
            button.setObjectName(f"merge.{field.field}.{side}")
            button.setAccessibleName(f"{field.label}: {_short(text) or 'trống'}")
            button.setToolTip(text)
            button.setChecked(field.taken == side)
            button.toggled.connect(lambda on, side=side: self.choose(field.field, side) if on else None)
            group.addButton(button)
            grid.addWidget(button, row, column)


def _short(text: str) -> str:
    words = " / ".join(text.splitlines())
    return words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}…"
