"""Asks for the passphrase of a store, or for its recovery code."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import key_seal, passphrases
from kcdesk.services.maintenance.passphrases import KeyChange
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.privacy.waiting_time import TRY_AGAIN, WaitingTime
from kcdesk.ui.shell.worker import Stopped
from kcdesk.ui.toolkit.secret_field import SecretField
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

if TYPE_CHECKING:
    from kcdesk.services.maintenance.restoring import PreparedRestore
    from kcdesk.services.workspace import Workspace

_WIDTH = 440
_STOPPING = "Dừng thì kho và mật khẩu cũ giữ nguyên."
_PASSPHRASE = "Mật khẩu của kho dữ liệu"
_ASK_PASSPHRASE = "Nhập mật khẩu của kho dữ liệu."
_ASK_CODE = "Nhập mã khôi phục đã in khi lập kho: 8 nhóm, mỗi nhóm 4 ký tự. Gõ chữ thường cũng được."


class UnlockDialog(Dialog):
    """Tries `open_with(secret)` until the store opens; `workspace` is then the open store.

    A wrong secret keeps the dialog open; any other refusal closes it and is kept in `refusal`. `lost` is offered beside
    the recovery code: what an officer does who has lost that too; it gives another code, or "".
    """

    help_topic = "unlock"

    def __init__(
        self,
        open_with: Callable[[str], Workspace],
        waits: Callable[[], int] = lambda: 0,
        lost: Callable[[QWidget], str] | None = None,
    ) -> None:
        super().__init__()
        self.workspace: Workspace | None = None
        self.refusal: KcdeskError | None = None
        self._open_with = open_with
        self.setWindowTitle("Mở kho dữ liệu")
        keep_size(self, least_width=_WIDTH)
        self.prompt = labelled(_ASK_PASSPHRASE, wrap=True)
        self.secret = SecretField("unlock.secret")
        self.secret.setAccessibleName(_PASSPHRASE)
        self.problem = labelled(role="problem", wrap=True)
        self.problem.hide()
        self.other_way = QPushButton("Quên mật khẩu: dùng mã khôi phục")
        self.other_way.setProperty("role", "quiet")
        self.other_way.setCheckable(True)
        self.other_way.setAutoDefault(False)
        self.other_way.toggled.connect(self._change_way)
        self._lost = lost
        self.lost = QPushButton("Mất cả mã: nhờ tỉnh mở…")
        self.lost.setObjectName("unlock.lost")
        self.lost.setProperty("role", "quiet")
        self.lost.setAutoDefault(False)
        self.lost.clicked.connect(self._ask_province)
        self.lost.hide()
        self.open_button = QPushButton("Mở kho")
        self.open_button.setProperty("role", "main")
        self.open_button.setDefault(True)
        self.open_button.clicked.connect(self._try)
        self._lay_out()
        self._wait = WaitingTime(self, waits, self.open_button)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        for widget in (self.prompt, self.secret, self.problem):
            column.addWidget(widget)
        buttons = QHBoxLayout()
        buttons.addWidget(self.other_way, 1, Qt.AlignmentFlag.AlignLeft)
        buttons.addWidget(self.open_button)
        column.addWidget(self.lost, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(FIELD_GAP)
        column.addLayout(buttons)

    def _change_way(self, by_code: bool) -> None:
        self.prompt.setText(_ASK_CODE if by_code else _ASK_PASSPHRASE)
        self.secret.setAccessibleName("Mã khôi phục" if by_code else _PASSPHRASE)
        self.other_way.setText("Dùng mật khẩu" if by_code else "Quên mật khẩu: dùng mã khôi phục")
        self.secret.setEchoMode(QLineEdit.EchoMode.Normal if by_code else QLineEdit.EchoMode.Password)
        self.secret.clear()
        self.problem.hide()
        self.lost.setVisible(by_code and self._lost is not None)
        self.secret.setFocus()

    def _ask_province(self) -> None:
        if self._lost is not None and (code := self._lost(self)):
            self.secret.setText(code)
            self._try()

    def _try(self) -> None:
        try:
            self.workspace = self._open_with(self.secret.text())
        except KcdeskError as error:
            self._refused(error)
        else:
            self.accept()

    def _refused(self, error: KcdeskError) -> None:
        if error.code not in TRY_AGAIN:
            self.refusal = error
            self.reject()
            return
        show_refusal(self.problem, error, error.sentence())
        self._wait.begin()
        self.problem.show()
        self.secret.selectAll()
        self.secret.setFocus()


def ask_after_code(workspace: Workspace, secret: str) -> Workspace | None:
    """Ask for a new passphrase after the store was opened with its recovery code; the officer may do it later.

    Returns the open store: with a new passphrase, and so a new key, it is another one. A store that the province has
    opened is not worked with before it has one: it is closed, and None is returned.
    """
    is_lent = key_seal.is_lent(workspace.store.folder)
    if not is_lent and not passphrases.is_recovery_code(workspace.store.folder, secret):
        return workspace
    from kcdesk.ui.opening.passphrase_dialog import PassphraseDialog  # not needed when the passphrase is known

    dialog = PassphraseDialog(workspace, by_code=True, must_change=is_lent)
    if dialog.exec() and dialog.change is not None:
        with suppress(Stopped):
            return carried_out(dialog.change, workspace)
    if is_lent:
        workspace.close()
    return None if is_lent else workspace


def ask_province(folder: Path) -> Callable[[QWidget], str] | None:
    """What `UnlockDialog` offers to an officer who has lost both secrets; None if the key does not lie there."""
    if not key_seal.can_ask(folder):
        return None

    def lost(parent: QWidget) -> str:
        from kcdesk.ui.opening.recovery_key.lost_store_dialog import LostStoreDialog  # hardly ever needed

        dialog = LostStoreDialog(folder, parent=parent)
        return dialog.code.text() if dialog.exec() else ""

    return lost


def carried_out(change: PreparedRestore | KeyChange, here: Workspace | None) -> Workspace:
    """Replace the store, with a dialog that shows how far it is; Stopped if the officer stops it in time."""
    if here is None or not isinstance(change, KeyChange):
        return change.carry_out(here)
    with blocking_task.in_front("Đang mã hoá lại kho bằng khoá mới", _STOPPING) as progress:
        return change.carry_out(here, progress)
