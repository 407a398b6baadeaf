"""The crash dialog: tells the officer about a fault of the program, with a report for the developers."""

from __future__ import annotations

import platform
import sys
import threading
from types import TracebackType

import PySide6
from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout
from shiboken6 import isValid

from kcdesk import __version__
from kcdesk.log import Recorder, logger, places_of
from kcdesk.text import format_integer
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_SIZE = (640, 420)


class CrashCatcher(QObject):
    """Replaces both exception hooks while installed; shows one dialog at a time."""

    _caught = Signal(str)

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self._before = (sys.excepthook, threading.excepthook)
        self._dialog: CrashDialog | None = None
        self._caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Handle exceptions that nothing else handled, in every thread."""
        sys.excepthook = self._catch
        threading.excepthook = lambda args: self._catch(args.exc_type, args.exc_value, args.exc_traceback)

    def uninstall(self) -> None:
        """Restore the exception hooks."""
        sys.excepthook, threading.excepthook = self._before

    @property
    def dialog(self) -> CrashDialog | None:
        """Return the open dialog, if there is one."""
        return self._dialog

    def _catch(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            self._before[0](kind, error, trace)
            return
        where = places_of(error if error is not None else kind().with_traceback(trace))
        logger("ui").error("%s", where)
        self._caught.emit(report(where, self._recorder.text()))

    @Slot(str)
    def _show(self, text: str) -> None:
        """Show the first fault; count those that follow while its dialog is open.

        A fault in here must not raise: it would be caught again, and again, without end.
        """
        try:
            if self._dialog is not None and isValid(self._dialog) and self._dialog.isVisible():
                self._dialog.count_another()
                return
            self._dialog = CrashDialog(text)
            self._dialog.show()
        except Exception:  # whatever it is, raising it would begin the same anew
            logger("ui").exception("the crash dialog could not be shown")


class CrashDialog(Dialog):
    """Tells that the data is safe and shows the report to copy.

    It belongs to no other window: a dialog with a fault may be closed and deleted while this one is open.
    """

    help_topic = "crash"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setObjectName("crash")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)  # usable above a dialog that waits
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setWindowTitle("Chương trình gặp lỗi")
        self.begin_size(*_SIZE)
        apology = labelled(
            "Chương trình gặp một lỗi không lường trước. Dữ liệu đã lưu vẫn an toàn: mỗi thay đổi được ghi ngay "
            "khi nhập. Có thể làm tiếp; nếu lỗi lặp lại, hãy chép nội dung dưới đây gửi người hỗ trợ.",
            wrap=True,
        )
        self.report = QPlainTextEdit(text)
        self.report.setReadOnly(True)
        self.report.setAccessibleName("Nội dung lỗi")
        self.copy = QPushButton("Chép nội dung")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        close = QPushButton("Làm tiếp")
        close.setProperty("role", "main")
        close.clicked.connect(self.accept)
        self._others = 0
        self.others = labelled("", "muted")
        buttons = QHBoxLayout()
        buttons.addWidget(self.others)
        buttons.addStretch(1)
        buttons.addWidget(self.copy)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, PAGE_MARGIN, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(apology)
        column.addWidget(self.report, 1)
        column.addLayout(buttons)

    def count_another(self) -> None:
        """Note a further fault: one window is enough for all."""
        self._others += 1
        self.others.setText(f"và {format_integer(self._others)} lỗi tiếp theo")


def report(where: str, log_lines: str) -> str:
    """Return what a developer needs: versions, places of the fault, the last lines of the log; no data of a record."""
    versions = f"kcdesk {__version__} · Python {platform.python_version()} · PySide6 {PySide6.__version__}"
    system = f"{versions} · {platform.platform()}"
    return f"{system}\n\n{where}\n{log_lines}".strip()
