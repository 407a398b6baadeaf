"""«Đọc mã thẻ căn cước»: the code of a card from a reader or a photo, as proposals for the dossier to be agreed to."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.codes import card_holders, card_photos
from kcdesk.services.codes.card_holders import HolderProposal
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.decision_button import DecisionGuard, decision_button
from kcdesk.ui.toolkit.drop_targets import TAKES_CODES, dragged_files
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled, set_tone

_HOW = (
    "Quét mã QR ở mặt trước thẻ bằng máy quét khi con trỏ ở ô dưới, hoặc chọn ảnh chụp thẻ; kéo tệp thả vào đây cũng "
    "được. Ảnh không được giữ lại, chưa ghi gì vào hồ sơ trước khi bấm nút nhận."
)
_FILTER = "Ảnh chụp, bản quét (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp *.pdf);;Mọi tệp (*)"
_PATH = Qt.ItemDataRole.UserRole
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def card_command(page: Page, record_id: str, *, is_open: bool) -> dict[str, PageCommand]:
    """Return the command for a dossier that can be written and has a field for the holder of a card."""
    record = page.context.workspace.store.record(record_id)
    if not (is_open and card_holders.has_place(record.form)):
        return {}

    def read(code: str = "") -> None:
        page.on_leave()
        dialog = CardDialog(page.context, record_id, page)
        if code:
            dialog.read_code(code)
        dialog.exec()

    return {"read_card": PageCommand("Đọc mã thẻ căn cước…", read, take=read)}


class ScannedLine(QLineEdit):
    """Takes what a reader types; Enter at its end emits `ended`, and does not press a button of the dialog."""

    ended = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter for the line."""
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.ended.emit()
        else:
            super().keyPressEvent(event)


class CardDialog(Dialog):
    """Shows old and new beside each other; what the record has otherwise is not ticked before the officer does it.

    The text of the code stands in no field after it was read: it has the number of the card.
    """

    help_topic = "citizen_cards"

    def __init__(self, context: Context, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._record_id, self._code = context, record_id, ""
        self.setWindowTitle("Đọc mã thẻ căn cước")
        self.setAcceptDrops(True)
        self.begin_size(640, 420)
        self._guard = DecisionGuard()  # some readers end with two Enters: the second one takes nothing
        self.code = ScannedLine()
        self.code.setObjectName("card.code")
        self.code.setProperty(TAKES_CODES, True)
        self.code.setAccessibleName("Mã do máy quét gõ ra")
        self.code.setPlaceholderText("Quét mã vào đây")
        self.code.ended.connect(lambda: self._guard.decide(self._has_code, self._enter))
        choose = decision_button("Chọn ảnh…", "card.choose", self.choose)
        set_icon(choose, "file-plus")
        self.verdict = labelled("", "strong", wrap=True)
        self.verdict.setObjectName("card.verdict")
        self.lines = QListWidget()
        self.lines.setObjectName("card.lines")
        self.lines.setAccessibleName("Nhận từ thẻ vào hồ sơ")
        self.lines.setWordWrap(True)
        keeps = self.lines.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # nothing moves when the proposals come
        self.lines.setSizePolicy(keeps)
        self.lines.itemChanged.connect(lambda _item: self._allow())
        self.take_button = decision_button("Nhận vào hồ sơ", "card.take", self.take)
        self.take_button.setProperty("role", "main")
        top, buttons = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.code, 1)
        top.addWidget(choose)
        buttons.addStretch(1)
        buttons.addWidget(decision_button("Thôi", "card.cancel", self.reject))
        buttons.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(_HOW, "help", wrap=True))
        column.addLayout(top)
        column.addWidget(self.verdict)
        column.addWidget(self.lines, 1)
        column.addLayout(buttons)
        self._show([])
        self.code.setFocus()

    # -- reading ---------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files."""
        if dragged_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the dropped photo."""
        files = dragged_files(event.mimeData())
        if files:
            event.acceptProposedAction()
            self.read_photo(files[0])

    def choose(self) -> None:
        """Let the officer choose the photo of a card."""
        if path := self._context.messages.open_file("Chọn ảnh chụp thẻ", _FILTER, purpose="scans"):
            self.read_photo(path)

    def read_photo(self, path: Path) -> None:
        """Look for the code in a photo, in the background."""
        self._show([])
        self.verdict.setText(f"Đang đọc {path.name}…")
        set_tone(self.verdict, "")
        self._context.worker.run(
            partial(card_photos.code_in_photo, path),
            text="Đang đọc ảnh thẻ",
            done=self.read_code,
            failed=self._refuse,
            owner=self,
            only_reads=True,
        )

    def read_code(self, code: str) -> None:
        """Show what the text of a code proposes."""
        self.code.clear()
        try:
            proposals = card_holders.holder_proposals(self._context.workspace, self._record_id, code)
        except KcdeskError as error:
            self._refuse(error)
            return
        self._code = code
        self._show(proposals)

    def _has_code(self) -> bool:
        return bool(self.code.text().strip())

    def _enter(self) -> None:
        if self._has_code():
            self.read_code(self.code.text())
        else:
            self.press_main()

    # -- the result ------------------------------------------------------------------------------------------------

    def ticked(self) -> list[str]:
        """Return the paths of the fields that the officer agrees to."""
        items = [self.lines.item(row) for row in range(self.lines.count())]
        return [item.data(_PATH) for item in items if item.checkState() == Qt.CheckState.Checked]

    def take(self) -> None:
        """Write what is ticked, in one act."""
        workspace, paths = self._context.workspace, self.ticked()
        try:
            changes = card_holders.take_chosen(workspace, self._record_id, self._code, paths)
        except KcdeskError as error:
            self._refuse(error)
            return
        self._context.announce(changes)
        self._context.messages.notice("Đã nhận từ thẻ căn cước.", lambda: undoing.undo(self._context))
        self.accept()

    def _refuse(self, error: KcdeskError) -> None:
        self._show([])
        show_refusal(self.verdict, error)
        set_tone(self.verdict, "wrong")

    def _show(self, proposals: list[HolderProposal]) -> None:
        self.lines.clear()
        for proposal in proposals:
            item = QListWidgetItem(_sentence(proposal))
            item.setData(_PATH, proposal.path)
            if proposal.is_same:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            else:
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                agreed = Qt.CheckState.Unchecked if proposal.is_conflict else Qt.CheckState.Checked
                item.setCheckState(agreed)
            self.lines.addItem(item)
        self.lines.setVisible(bool(proposals))
        self.verdict.setText(_summary(proposals))
        set_tone(self.verdict, "")
        self._allow()

    def _allow(self) -> None:
        self.take_button.setEnabled(bool(self.ticked()))


def _sentence(proposal: HolderProposal) -> str:
    if proposal.is_same:
        return f"{proposal.label}: {proposal.shown} (hồ sơ đã ghi đúng)"
    if proposal.is_conflict:
        return f"{proposal.label}: «{proposal.present}» → «{proposal.shown}»"
    return f"{proposal.label}: {proposal.shown}"


def _summary(proposals: list[HolderProposal]) -> str:
    if not proposals:
        return ""
    if all(proposal.is_same for proposal in proposals):
        return "Hồ sơ đã ghi đúng như thẻ."
    if any(proposal.is_conflict for proposal in proposals):
        return "Hồ sơ ghi khác thẻ: hãy đối chiếu rồi đánh dấu ô muốn thay."
    return "Đọc được thẻ. Hãy đối chiếu rồi nhận."
