"""«Vì sao có số này?»: the tree of a number, what stands behind each part, and the annex on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QHeaderView, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.services.derivations import annex, wording
from kcdesk.services.derivations.wording import DerivationLine
from kcdesk.services.law import law_texts
from kcdesk.ui.papers.law_text_dialog import OPEN_TEXT, open_law_text
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled, set_tone

_HEADS = ("Số", "Giá trị", "Cách tính")
_OPEN_LEVELS = 2  # levels that are open at first
_LINE = Qt.ItemDataRole.UserRole


class DerivationDialog(Dialog):
    """Shows a tree; the details of the chosen number stand below it.

    Signals:
        cell_chosen: go to the field of a record; carries the id of the record and the path.
    """

    help_topic = "why_this_number"
    cell_chosen = Signal(str, str)

    def __init__(
        self, context: Context, tree: Derivation, write: Callable[[Path], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._write, self._root = context, write, tree
        self._texts = law_texts.texts(context.workspace)
        self.setObjectName("why")
        self.setWindowTitle("Vì sao có số này?")
        self.heading = labelled(f"{tree.label}: {tree.written(tree.value)}", "section", wrap=True)
        self.warning = labelled(tree.remark() or wording.FAULT, "problem", wrap=True)
        self.warning.setVisible(bool(tree.remark()) or wording.has_fault(tree))
        self.tree = self._made_tree()
        self.details = labelled(wrap=True)
        self.details.setObjectName("why.details")
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.opener = self._button("Mở hồ sơ", "why.open", self._open)
        self.text = self._button(OPEN_TEXT, "why.text", self._open_text)
        self.printer = self._button("In phụ lục…", "why.print", lambda: self.sheet().exec())
        self.printer.setProperty("role", "main")
        self._lay_out()
        self.begin_size(1060, 600)
        self._fill()

    def sheet(self) -> SheetDialog:
        """Return the print preview of the annex."""
        name = f"Vì sao có số {self._root.label}"[:80]
        return SheetDialog(self._context, annex.LAYOUT, self._write, name, self)

    def _made_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("why.tree")
        tree.setAccessibleName("Các phần của số này")
        tree.setHeaderLabels(_HEADS)
        tree.setUniformRowHeights(True)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setMaximumSectionSize(420)
        tree.currentItemChanged.connect(lambda item, _before: self._show_details(item))
        tree.itemActivated.connect(lambda _item, _column: self._open())
        return tree

    def _button(self, text: str, name: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName(name)
        button.clicked.connect(lambda: act())
        return button

    def _lay_out(self) -> None:
        close = self._button("Đóng", "why.close", self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self.opener)
        buttons.addWidget(self.text)
        buttons.addStretch(1)
        buttons.addWidget(self.printer)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        for widget in (self.heading, self.warning):
            column.addWidget(widget)
        column.addWidget(self.tree, 1)
        column.addWidget(self.details)
        column.addLayout(buttons)

    def _fill(self) -> None:
        above: dict[int, QTreeWidgetItem] = {}
        for line in wording.lines_of(self._root):
            item = QTreeWidgetItem([line.label, line.value, line.node.formula()])
            item.setData(0, _LINE, line)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            for column in range(len(_HEADS)):
                item.setToolTip(column, item.text(column))
            if line.depth:
                above[line.depth - 1].addChild(item)
            else:
                self.tree.addTopLevelItem(item)
            above[line.depth] = item
            item.setExpanded(line.depth < _OPEN_LEVELS)
        self.tree.setCurrentItem(above[0])

    def _show_details(self, item: QTreeWidgetItem | None) -> None:
        line: DerivationLine | None = item.data(0, _LINE) if item is not None else None
        sentences = [f"{line.label}: {line.value}.", *line.details(whole=True)] if line else []
        self.details.setText("\n".join(sentences))
        set_tone(self.details, "wrong" if line and line.node.is_wrong else "")
        self.opener.setEnabled(line is not None and line.node.cell is not None)
        self.text.setVisible(law_texts.is_readable(self._source(), self._texts))

    def _source(self) -> str:
        item = self.tree.currentItem()
        line: DerivationLine | None = item.data(0, _LINE) if item is not None else None
        return line.node.rule.source if line is not None and line.node.rule else ""

    def _open_text(self) -> None:
        open_law_text(self._context, self._source(), self)

    def _open(self) -> None:
        item = self.tree.currentItem()
        line: DerivationLine | None = item.data(0, _LINE) if item is not None else None
        if line is not None and line.node.cell is not None:
            self.accept()
            self.cell_chosen.emit(line.node.cell.record, line.node.cell.path)
