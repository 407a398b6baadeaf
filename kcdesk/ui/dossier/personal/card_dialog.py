"""«Đọc mã thẻ căn cước»: the code of a card from a reader or a photo, as proposals for the dossier to be agreed to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.codes import card_holders, card_photos
from kcdesk.services.codes.card_holders import HolderProposal
from kcdesk.ui.dossier.personal.code_dialog import CodeDialog, CodeWords
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.theme import set_tone

_WORDS = CodeWords(
    name="card",
    title="Đọc mã thẻ căn cước",
    how="Quét mã QR ở mặt trước thẻ bằng máy quét khi con trỏ ở ô dưới, hoặc chọn ảnh chụp thẻ; kéo tệp thả vào đây "
    "cũng được. Ảnh không được giữ lại, chưa ghi gì vào hồ sơ trước khi bấm nút nhận.",
    photo="thẻ",
    lines="Nhận từ thẻ vào hồ sơ",
    take="Nhận vào hồ sơ",
)
_PATH = Qt.ItemDataRole.UserRole


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


class CardDialog(CodeDialog):
    """Shows old and new beside each other; what the record has otherwise is not ticked before the officer does it.

    The text of the code stands in no field after it was read: it has the number of the card.
    """

    help_topic = "citizen_cards"

    def __init__(self, context: Context, record_id: str, parent: QWidget | None = None) -> None:
        super().__init__(context, record_id, _WORDS, parent)
        self._code = ""
        keeps = self.lines.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)  # nothing moves when the proposals come
        self.lines.setSizePolicy(keeps)
        self.lines.itemChanged.connect(lambda _item: self._allow())
        self.lay_out()

    # -- reading ---------------------------------------------------------------------------------------------------

    def job(self, path: Path) -> Callable[[Progress], str]:
        """Return what finds the code of a card in a photo."""
        return partial(card_photos.code_in_photo, path)

    def show_photo(self, read: str) -> None:
        """Show what the code on a photo proposes."""
        self.read_code(read)

    def read_code(self, code: str) -> None:
        """Show what the text of a code proposes."""
        self.code.clear()
        try:
            proposals = card_holders.holder_proposals(self._context.workspace, self._record_id, code)
        except KcdeskError as error:
            self.refuse(error)
            return
        self._code = code
        self._show(proposals)

    def show_nothing(self) -> None:
        """Show no proposal."""
        self._show([])

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
            self.refuse(error)
            return
        self._context.announce(changes)
        self._context.messages.notice("Đã nhận từ thẻ căn cước.", lambda: undoing.undo(self._context))
        self.accept()

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
