"""The frame of the dialogs that read a code: from a reader that types it, or from a photo that is chosen or dropped."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.runtime.frozen import Value
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.decision_button import DecisionGuard, decision_button
from kcdesk.ui.toolkit.drop_targets import TAKES_CODES, FileTarget
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled, set_tone

_FILTER = "Ảnh chụp, bản quét (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp *.pdf);;Mọi tệp (*)"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CodeWords(Value, kw_only=True):
    """What a dialog says: `name` begins the names of its widgets, `photo` is what is photographed."""

    name: str
    title: str
    how: str
    photo: str
    lines: str
    take: str


class ScannedLine(QLineEdit):
    """Takes what a reader types; Enter at its end emits `ended`, and does not press a button of the dialog."""

    ended = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter for the line."""
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.ended.emit()
        else:
            super().keyPressEvent(event)


class CodeDialog(FileTarget, Dialog):
    """What was read is shown, and written only when the officer agrees; `lay_out` ends the building."""

    def __init__(self, context: Context, record_id: str, words: CodeWords, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context, self._record_id, self._words = context, record_id, words
        self.setWindowTitle(words.title)
        self.setAcceptDrops(True)
        self.begin_size(640, 420)
        self._guard = DecisionGuard()  # some readers end with two Enters: the second one takes nothing
        self.code = ScannedLine()
        self.code.setObjectName(f"{words.name}.code")
        self.code.setProperty(TAKES_CODES, True)
        self.code.setAccessibleName("Mã do máy quét gõ ra")
        self.code.setPlaceholderText("Quét mã vào đây")
        self.code.ended.connect(lambda: self._guard.decide(self._has_code, self._enter))
        self.verdict = labelled("", "strong", wrap=True)
        self.verdict.setObjectName(f"{words.name}.verdict")
        self.lines = QListWidget()
        self.lines.setObjectName(f"{words.name}.lines")
        self.lines.setAccessibleName(words.lines)
        self.lines.setWordWrap(True)
        self.take_button = decision_button(words.take, f"{words.name}.take", self.take)
        self.take_button.setProperty("role", "main")

    def lay_out(self, above: Sequence[QWidget] = (), below: Sequence[QWidget] = ()) -> None:
        """Place everything, with a dialog's own widgets above the code and below the lines; nothing is read yet."""
        choose = decision_button("Chọn ảnh…", f"{self._words.name}.choose", self.choose)
        set_icon(choose, "file-plus")
        top, buttons = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.code, 1)
        top.addWidget(choose)
        buttons.addStretch(1)
        buttons.addWidget(decision_button("Thôi", f"{self._words.name}.cancel", self.reject))
        buttons.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        for widget in (labelled(self._words.how, "help", wrap=True), *above):
            column.addWidget(widget)
        column.addLayout(top)
        column.addWidget(self.verdict)
        column.addWidget(self.lines, 1)
        for widget in below:
            column.addWidget(widget)
        column.addLayout(buttons)
        self.show_nothing()
        self.code.setFocus()

    # -- of each dialog --------------------------------------------------------------------------------------------

    @abstractmethod
    def job(self, path: Path) -> Callable[[Progress], Any]:
        """What reads a photo in the background; `show_photo` gets its result."""

    @abstractmethod
    def show_photo(self, read: Any) -> None:
        """Show what was read from a photo."""

    @abstractmethod
    def read_code(self, code: str) -> None:
        """Show what the text of a code says."""

    @abstractmethod
    def show_nothing(self) -> None:
        """Show that nothing has been read."""

    @abstractmethod
    def take(self) -> None:
        """Write what the officer agrees to, as one act."""

    # -- reading ---------------------------------------------------------------------------------------------------

    def take_files(self, files: list[Path]) -> None:
        """Read the first of the dropped photos."""
        self.read_photo(files[0])

    def choose(self) -> None:
        """Let the officer choose a photo."""
        if path := self._context.messages.open_file(f"Chọn ảnh chụp {self._words.photo}", _FILTER, purpose="scans"):
            self.read_photo(path)

    def read_photo(self, path: Path) -> None:
        """Look for the code in a photo, in the background."""
        self.show_nothing()
        self.verdict.setText(f"Đang đọc {path.name}…")
        set_tone(self.verdict, "")
        self._context.worker.run(
            self.job(path),
            text=f"Đang đọc ảnh {self._words.photo}",
            done=self.show_photo,
            failed=self.refuse,
            owner=self,
            only_reads=True,
        )

    def refuse(self, error: KcdeskError) -> None:
        """Say why nothing was read or written."""
        self.show_nothing()
        show_refusal(self.verdict, error)
        set_tone(self.verdict, "wrong")

    def _has_code(self) -> bool:
        return bool(self.code.text().strip())

    def _enter(self) -> None:
        if self._has_code():
            self.read_code(self.code.text())
        else:
            self.press_main()
