"""«Khôi phục từ bản sao lưu»: choose a backup, compare it with the current store, then restore it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from kcdesk.errors import KcdeskError
from kcdesk.formdef.loading.loader import load
from kcdesk.services.maintenance import backup_copies, restoring
from kcdesk.services.maintenance.backup_copies import Copy
from kcdesk.services.maintenance.restoring import PreparedRestore, StoreSummary
from kcdesk.text import format_integer
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.shell.worker import BackgroundWorker
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedCheckBox
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.secret_field import SecretField
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_WIDTH = 640
_ABOUT = (
    "Bản sao lưu được kiểm tra trước khi thay. Kho đang dùng được sao lưu rồi mới thay, nên vẫn lấy lại được. Sau khi "
    "khôi phục, kho mang mã máy khác: việc đã làm sau bản sao lưu có trong gói đã gửi sẽ về lại khi nhận gói đó."
)
_ABOUT_NEW = (
    "Bản sao lưu được kiểm tra trước, rồi trở thành kho của máy này. Kho mang mã máy khác: việc đã làm sau bản sao lưu "
    "có trong gói đã gửi sẽ về lại khi nhận gói đó."
)


class RestoreDialog(Dialog):
    """Accepted means: restore `prepared`. `here` describes the store in `folder`, if there is one."""

    help_topic = "restore"

    def __init__(
        self,
        folder: Path,
        here: StoreSummary | None,
        messages: Messages | None = None,
        parent: QWidget | None = None,
        *,
        copy: Path | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("restore")
        self.setWindowTitle("Khôi phục từ bản sao lưu")
        keep_size(self, least_width=_WIDTH)
        self.prepared: PreparedRestore | None = None
        self._folder, self._here, self._messages = folder, here, messages or Messages()
        self._worker = BackgroundWorker()
        self.copies = QComboBox()
        self.copies.setAccessibleName("Bản sao lưu để khôi phục")
        self.copies.setObjectName("restore.copies")
        self.copies.setPlaceholderText("Chưa chọn bản sao lưu")
        for place, kept in enumerate(backup_copies.copies_of(folder)):
            self.copies.addItem(_named(kept), kept.folder)
            if kept.folder == copy:
                self.copies.setCurrentIndex(place)
        self.copies.currentIndexChanged.connect(self._show_choice)
        self.elsewhere = decision_button("Chọn nơi khác…", "restore.elsewhere", self.choose)
        self._asks_secret = QWidget()
        self.secret = SecretField("restore.secret")
        self.secret.setAccessibleName("Mật khẩu hoặc mã khôi phục của bản sao lưu")
        self.problem = labelled(role="problem", wrap=True)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.compared = QFrame()
        self.compared.setProperty("role", "card")
        self._grid = QGridLayout(self.compared)
        self.consent = WrappedCheckBox("Vẫn thay kho đang dùng bằng bản sao lưu này")
        self.consent.setObjectName("restore.consent")
        self.consent.toggled.connect(self._allow)
        self.keep = decision_button("Giữ kho đang dùng" if here else "Thôi", "restore.keep", self.reject)
        self.go = decision_button("Kiểm tra bản sao lưu", "restore.go", self._go_on)
        self.go.setProperty("role", "main")
        self.go.setDefault(True)
        self._lay_out()
        self._show_choice()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Let the officer choose a backup on a stick or another disk, or the folder that holds several of them."""
        folder = self._messages.choose_folder("Chọn thư mục của bản sao lưu", purpose="backups")
        if folder is None:
            return
        first = self.copies.count()
        for copy in backup_copies.within(folder, self._folder) or [folder]:
            self.copies.addItem(str(copy), copy)
        self.copies.setCurrentIndex(first)
        (self.secret if self._asks_secret.isVisible() else self.copies).setFocus()
        if self.copies.count() > first + 1:
            self.copies.showPopup()  # the newest is chosen; the others are seen

    def reject(self) -> None:
        """Leave everything as it is."""
        self._worker.close()
        self._forget()
        super().reject()

    # -- inside --------------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self.prepared is not None:
            self.accept()
        else:
            self._look()

    def _look(self) -> None:
        folder, source, secret, here = self._folder, self.copies.currentData(), self.secret.text(), self._here
        self._wait(True)
        self._worker.run(
            lambda _progress: restoring.stage_backup(folder, source, secret, here),
            text="Kiểm tra bản sao lưu",
            done=self._compare,
            failed=self._refused,
            owner=self,
        )

    def _compare(self, prepared: object) -> None:
        assert isinstance(prepared, PreparedRestore)
        self._wait(False)
        self.prepared = prepared
        self._fill(prepared)
        self.problem.setText(" ".join((*prepared.concerns, *prepared.notes)))
        self.problem.setVisible(bool(prepared.concerns or prepared.notes))
        self.compared.show()
        self.consent.setVisible(bool(prepared.concerns))
        self.go.setText("Khôi phục")
        self._allow()
        self.keep.setFocus()
        self.adjustSize()

    def _refused(self, error: KcdeskError) -> None:
        self._wait(False)
        show_refusal(self.problem, error)
        self.problem.show()
        self.adjustSize()
        self.secret.selectAll()
        (self.secret if self._asks_secret.isVisible() else self.copies).setFocus()

    def _show_choice(self) -> None:
        """Show the chosen backup; until it is opened, only whether it is locked is known."""
        self._forget()
        self.compared.hide()
        self.consent.hide()
        self.consent.setChecked(False)
        self.problem.hide()
        self.bar.hide()
        self.go.setText("Kiểm tra bản sao lưu")
        source = self.copies.currentData()
        self.go.setEnabled(source is not None)
        try:
            self._asks_secret.setVisible(source is not None and restoring.needs_secret(source))
        except KcdeskError as error:
            self._asks_secret.hide()
            self._refused(error)
            self.go.setEnabled(False)
        self.adjustSize()  # else the box for the password is cut

    def _forget(self) -> None:
        if self.prepared is not None:
            restoring.discard(self.prepared)
        self.prepared = None

    def _wait(self, waiting: bool) -> None:
        self.bar.setVisible(waiting)
        for widget in (self.copies, self.elsewhere, self.secret, self.go):
            widget.setEnabled(not waiting)
        if waiting:
            self.problem.hide()

    def _allow(self) -> None:
        self.go.setEnabled(self.prepared is not None and (not self.prepared.concerns or self.consent.isChecked()))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(labelled(_ABOUT if self._here else _ABOUT_NEW, "help", wrap=True))
        row = QHBoxLayout()
        row.addWidget(self.copies, 1)
        row.addWidget(self.elsewhere)
        column.addLayout(row)
        asks = QVBoxLayout(self._asks_secret)
        asks.setContentsMargins(0, 0, 0, 0)
        asks.addWidget(labelled("Mật khẩu khi sao lưu, hoặc mã khôi phục", "label"))
        asks.addWidget(self.secret)
        for widget in (self._asks_secret, self.bar, self.compared, self.problem, self.consent):
            column.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.go)
        column.addLayout(buttons)

    def _fill(self, prepared: PreparedRestore) -> None:
        empty(self._grid)
        sides = [prepared.copied, *([prepared.here] if prepared.here else [])]
        heads = ["Bản sao lưu", *(["Kho đang dùng"] if prepared.here else [])]
        for place, head in enumerate(heads, start=1):
            self._grid.addWidget(labelled(head, "strong"), 0, place)
        for number, (label, *cells) in enumerate(_lines(sides), start=1):
            self._grid.addWidget(labelled(label, "muted"), number, 0)
            for place, cell in enumerate(cells, start=1):
                self._grid.addWidget(labelled(cell, wrap=True), number, place)
        for place in range(1, len(heads) + 1):
            self._grid.setColumnStretch(place, 1)
        self._grid.setHorizontalSpacing(GROUP_GAP)
        self._grid.setVerticalSpacing(FIELD_GAP)


def _named(copy: Copy) -> str:
    """A copy beside the store in a line: when, and what its proof found."""
    proof = ", có chỗ hỏng" if copy.problem else ""
    proof = f", mở được, {format_integer(copy.records)} hồ sơ" if copy.is_sound else proof
    return f"{wording.moment(copy.moment.isoformat())} (trong máy này{proof})"


def _lines(sides: list[StoreSummary]) -> list[tuple[str, ...]]:
    """Return the label and the value of each side, line by line."""
    levels = load().levels
    lines = [
        ("Đơn vị", *(f"{side.unit} ({side.code}), {levels.of(side.level).in_sentence}" for side in sides)),
        ("Cán bộ", *(side.officer for side in sides)),
        ("Thay đổi cuối", *(f"{wording.moment(side.changed)}, {side.action}" for side in sides)),
        ("Hồ sơ", *(format_integer(side.records) for side in sides)),
    ]
    kinds = dict.fromkeys(label for side in sides for label, _ in side.counts)
    lines += [(f"  {kind}", *(format_integer(dict(side.counts).get(kind, 0)) for side in sides)) for kind in kinds]
    return lines
