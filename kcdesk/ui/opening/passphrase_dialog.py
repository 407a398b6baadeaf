"""«Đổi mật khẩu»: opened from the settings, or after the store was opened with the recovery code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import passphrases
from kcdesk.ui.opening.new_passphrase import NewPassphrase
from kcdesk.ui.opening.recovery_step import RecoveryStep
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.privacy.waiting_time import WaitingTime
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.secret_field import SecretField
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

if TYPE_CHECKING:
    from kcdesk.services.maintenance.passphrases import KeyChange
    from kcdesk.services.workspace import Workspace
    from kcdesk.ui.shell.context import Context

_WIDTH = 520
_NEW_CODE = "Mã cũ hết hiệu lực ngay; mật khẩu không đổi."
_REKEYED = (
    "Đổi mật khẩu thì cả kho được mã hoá lại bằng khoá mới: tệp khoá và mã khôi phục cũ không mở được kho nữa. Cửa sổ "
    "đóng rồi tự mở lại; kho lớn mất vài phút."
)
_BY_CODE = (
    "Kho vừa được mở bằng mã khôi phục, nên mật khẩu cũ coi như đã quên. Hãy đặt mật khẩu mới; nếu để sau, lần sau vẫn "
    "mở được bằng mã khôi phục."
)
_BY_PROVINCE = (
    "Tỉnh vừa mở giúp kho này. Hãy đặt mật khẩu mới: cả kho được mã hoá lại bằng khoá mới, khoá không còn ở tỉnh. Chưa "
    "đặt thì kho đóng lại, lần sau làm tiếp bằng mã ấy."
)
_ENDED = "Thôi gửi khoá ở tỉnh: khoá khôi phục của tỉnh không mở được kho nữa."


class PassphraseDialog(Dialog):
    """Accepted means: a new recovery code was kept, and `change` is to be carried out; with `only_code` it is done.

    `by_code` is True after opening with the recovery code; otherwise the old passphrase is asked for first. With
    `only_code` the passphrase stays, and only a new recovery code is made. `must_change`: the province has opened the
    store, which is closed again if the officer leaves. `ends_consent`: the province shall not be able to any more.
    """

    help_topic = "passwords"

    def __init__(
        self,
        workspace: Workspace,
        *,
        by_code: bool = False,
        only_code: bool = False,
        must_change: bool = False,
        ends_consent: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("passphrase")
        self._only_code, self._must_change, self._ends_consent = only_code, must_change, ends_consent
        changed = "Đặt mật khẩu mới" if by_code else "Đổi mật khẩu"
        self.setWindowTitle("Tạo mã khôi phục mới" if only_code else changed)
        keep_size(self, least_width=_WIDTH)
        self._workspace = workspace
        self.current = SecretField("passphrase.current")
        self.new = NewPassphrase("passphrase", "Mật khẩu mới")
        self.new.known = passphrases.known_of(workspace)
        self.change: KeyChange | None = None  # to be carried out when nothing else writes to the store
        self.new.setHidden(only_code)
        self.problem = labelled(role="problem", wrap=True)
        self.problem.hide()
        self.recovery = RecoveryStep()
        self.later = decision_button(self._leaving(by_code), "passphrase.later", self.reject)
        self.go = decision_button(self.windowTitle(), "passphrase.go", self._go_on)
        self.go.setProperty("role", "main")
        self.go.setDefault(True)
        self.recovery.kept.connect(self.go.setEnabled)
        self._lay_out(by_code)
        self._wait = WaitingTime(self, lambda: passphrases.seconds_to_wait(workspace.store.folder), self.go)

    @property
    def shows_code(self) -> bool:
        """Return whether the new recovery code is shown: it must be kept before the dialog closes."""
        return self._stack.currentWidget() is self.recovery

    def reject(self) -> None:
        """Close freely, unless the old code is invalid already: then the new one must be kept, which is said."""
        if not self.shows_code or not self._only_code:
            self.change = None
            super().reject()
        else:
            self.recovery.remind()

    def _lay_out(self, by_code: bool) -> None:
        asking = QWidget()
        inside = QVBoxLayout(asking)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(FIELD_GAP)
        inside.addWidget(labelled(self._explanation(by_code), wrap=True))
        if not by_code:
            heading = labelled("Mật khẩu đang dùng", "label")
            heading.setBuddy(self.current)
            inside.addWidget(heading)
            inside.addWidget(self.current)
        inside.addWidget(self.new)
        inside.addWidget(self.problem)
        inside.addStretch(1)
        self._stack = QStackedWidget()
        self._stack.addWidget(asking)
        self._stack.addWidget(self.recovery)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.later)
        buttons.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(self._stack)
        column.addLayout(buttons)
        (self.new.first if by_code else self.current).setFocus()
        self._asks_current = not by_code

    def _leaving(self, by_code: bool) -> str:
        if self._must_change:
            return "Đóng kho"
        return "Để sau" if by_code else "Thôi"

    def _explanation(self, by_code: bool) -> str:
        if by_code:
            return _BY_PROVINCE if self._must_change else _BY_CODE
        ended = f"{_ENDED} " if self._ends_consent else ""
        return f"{ended}{_NEW_CODE if self._only_code else _REKEYED} {passphrases.OLD_COPIES}"

    def _go_on(self) -> None:
        if self.shows_code:
            self.accept()
        elif not self._only_code and (missing := self.new.problem()):
            self._refuse(*missing)
        else:
            self._change()

    def _change(self) -> None:
        try:
            if self._asks_current:
                passphrases.prove(self._workspace, self.current.text())
            if self._only_code:
                code = passphrases.new_recovery_code(self._workspace)
            else:
                self.change = passphrases.prepare_change(
                    self._workspace, self.new.text(), ends_consent=self._ends_consent
                )
                code = self.change.code
        except KcdeskError as error:
            self._refuse(error.sentence(), self.current, error)
            self._wait.begin()
            return
        self._show_code(code)

    def _show_code(self, code: str) -> None:
        self.setWindowTitle("Mã khôi phục mới")
        self.recovery.show_code(code, passphrases.code_paper(self._workspace, code))
        self._stack.setCurrentWidget(self.recovery)
        self.later.setText("Đóng kho" if self._must_change else "Thôi, giữ mật khẩu cũ")
        self.later.setHidden(self._only_code)
        self.go.setText("Xong" if self._only_code else "Đổi mật khẩu và mã hoá lại kho")
        self.go.setEnabled(False)
        self.recovery.first_field.setFocus()

    def _refuse(self, sentence: str, field: QWidget, error: KcdeskError | None = None) -> None:
        if error is None:
            self.problem.setText(sentence)
        else:
            show_refusal(self.problem, error, sentence)
        self.problem.show()
        self.adjustSize()
        if isinstance(field, SecretField):
            field.selectAll()
        field.setFocus()


def change_passphrase(context: Context, window: QWidget, *, ends_consent: bool = False) -> bool:
    """Ask for another passphrase; the store is encrypted anew after the window is closed, which then opens again.

    Returns whether the window is being closed for it.
    """
    dialog = PassphraseDialog(context.workspace, ends_consent=ends_consent, parent=window)
    if not dialog.exec() or dialog.change is None:
        return False
    context.restoring = dialog.change
    if not window.close():
        context.restoring = None
    return context.restoring is not None
