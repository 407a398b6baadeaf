"""«Cảnh báo»: the proposals that will probably have to return money, why, and the draft against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from kcdesk import text
from kcdesk.runtime.frozen import Value
from kcdesk.services.records.changing import Changes
from kcdesk.services.warnings import foresight
from kcdesk.services.warnings.foresight import EndangeredProposal, Foresight
from kcdesk.ui.planning.review_dialog import ReviewDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_UNIT = "Đơn vị"
HEADINGS = ("Đề án", "Dấu hiệu nặng nhất", "Đề nghị trước ngày", "Còn lại", _UNIT, "Đề nghị điều chỉnh")
NOTHING = "Không có đề án nào đang có dấu hiệu phải trả kinh phí."
_LEFT = 3  # the column of the days that are left
UNPROVED = "Cách tính là đề xuất của chương trình, chưa có văn bản quy định; không thay việc kiểm tra tại cơ sở."


class _Line(Value):
    """A line of the table: which rule says it of which proposal."""

    foresight: Foresight
    proposal: EndangeredProposal


class WarningsPage(Page):
    """The named proposals, those with the least time first; Enter opens one."""

    help_topic = "warnings"
    title = "Cảnh báo"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._lines: dict[str, _Line] = {}
        self.summary = labelled(role="section", wrap=True)
        self.note = labelled(UNPROVED, "help", wrap=True)
        names_units = context.workspace.collects  # else all are of this office
        headings = HEADINGS if names_units else tuple(name for name in HEADINGS if name != _UNIT)
        self._hidden = () if names_units else (HEADINGS.index(_UNIT),)
        self.table = LinesTable("warnings", headings, 0, context.theme, right=(), whole={2, _LEFT})
        self.table.setAccessibleName("Đề án có nguy cơ phải trả kinh phí")
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.table.chosen.connect(self._open)
        self.table.moved.connect(lambda _key: self._describe())
        self.detail = labelled(role="help", wrap=True)
        self.detail.setObjectName("warnings.detail")
        self.review_button = push_button("Bảng rà soát đề án…", "warnings.review", self.review)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.summary)
        column.addWidget(self.table, 1)
        column.addWidget(self.detail)
        column.addWidget(self.note)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.review_button)
        column.addLayout(row)

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """The draft against the warning of the selected line."""
        if not self._lines:
            return None
        return PageCommand(self._label(), self.draft)

    def commands(self) -> Mapping[str, PageCommand]:
        """Return nothing: the page makes no record of its own kind."""
        return {}

    def on_show(self) -> None:
        """Ask the rules again and take the focus."""
        self.load()
        self.table.setFocus()

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Ask the rules again: any change may end a warning."""
        del changes, initiator
        if self.isVisible():
            self.load()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def draft(self) -> None:
        """Open the request against the warning of the selected line; it is begun if there is none."""
        line = self._lines.get(self.table.key())
        if line is None:
            return
        workspace = self.context.workspace
        opened = self.context.attempt(lambda: foresight.begin_draft(workspace, line.foresight.rule, line.proposal))
        if opened is not None:
            self.open_requested.emit(opened)

    def review(self) -> None:
        """Show every approved proposal of a year by its chance of completion."""
        dialog = ReviewDialog(self.context, self)
        dialog.open_requested.connect(self.open_requested.emit)
        dialog.exec()

    def load(self) -> None:
        """Read the warnings; the same line stays selected."""
        seen = foresight.foresights(self.context.workspace)
        lines = [_Line(each, named) for each in seen for named in each.proposals]
        self._lines = {f"{line.foresight.rule.id}/{line.proposal.id}": line for line in lines}
        self.table.show_lines([_table_line(key, line, self._hidden) for key, line in self._lines.items()])
        self.summary.setText(_summary(seen))
        self._describe()

    def _open(self, key: str) -> None:
        line = self._lines.get(key)
        if line is not None:
            self.open_requested.emit(line.proposal.id)

    def _describe(self) -> None:
        line = self._lines.get(self.table.key())
        self.detail.setText(_described(line) if line else "")
        self.title_changed.emit()

    def _label(self) -> str:
        line = self._lines.get(self.table.key())
        has_draft = line is not None and bool(line.proposal.adjustment)
        return "Mở đề nghị điều chỉnh" if has_draft else "Lập đề nghị điều chỉnh"


def _summary(seen: Sequence[Foresight]) -> str:
    sentences = [
        f"{each.sentence} (ngày {text.format_date(each.on)}, xét {text.format_integer(each.looked_at)} đề án)."
        for each in seen
        if each.proposals
    ]
    return "\n".join(sentences) or NOTHING


def _table_line(key: str, line: _Line, hidden: Sequence[int]) -> TableLine:
    proposal = line.proposal
    day, left = proposal.adjust_by, proposal.facts.get("days_to_adjust")
    cells = (
        proposal.title,
        text.upper_first(proposal.signs[0]),
        text.format_date(day) if day else "–",
        "–" if left is None else f"còn {left} ngày" if left >= 0 else f"quá {-left} ngày",
        proposal.unit_name,
        "Đã có" if proposal.adjustment else "Chưa lập",
    )
    is_late = left is not None and left < 0
    shown = [cell for place, cell in enumerate(cells) if place not in hidden]
    return TableLine(key, shown, tones={_LEFT: "wrong"} if is_late else {})


def _described(line: _Line) -> str:
    proposal = line.proposal
    money = f"Đã tạm ứng {text.format_integer(proposal.facts['advanced'])} đồng. " if proposal.facts["advanced"] else ""
    return f"{proposal.title}: {proposal.sentence} {money}\nCăn cứ: {line.foresight.rule.source}"
