"""«Đọc mã trên nhãn máy»: the bar code of a machine's plate, from a photo or a reader, as its serial number."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.codes import plate_codes
from kcdesk.services.codes.plate_codes import PlateCode, SerialProposal
from kcdesk.ui.dossier.personal.card_dialog import ScannedLine
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.drop_targets import TAKES_CODES, dragged_files
from kcdesk.ui.toolkit.fitting.steady_choice import SteadyChoice
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled, set_tone

_HOW = (
    "Quét mã vạch hoặc mã QR trên nhãn máy khi con trỏ ở ô dưới, hoặc chọn ảnh chụp nhãn; kéo tệp thả vào đây cũng "
    "được. Chưa ghi gì vào hồ sơ trước khi bấm nút nhận."
)
_FILTER = "Ảnh chụp, bản quét (*.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp *.pdf);;Mọi tệp (*)"
_SERIAL = Qt.ItemDataRole.UserRole
_NAME_LETTERS = 30


class PlateDialog(Dialog):
    """The codes that were read; the only sure one is chosen, and one is taken for one machine."""

    help_topic = "plate_codes"

    def __init__(
        self,
        context: Context,
        record_id: str,
        rows: Sequence[SerialProposal],
        chosen: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._context, self._record_id, self._rows = context, record_id, rows
        self.setWindowTitle("Đọc mã trên nhãn máy")
        self.setAcceptDrops(True)
        self.begin_size(640, 420)
        self.machine = SteadyChoice()
        self.machine.setObjectName("plate.machine")
        self.machine.setAccessibleName("Máy")
        self.machine.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.machine.setMinimumContentsLength(_NAME_LETTERS)
        for row in rows:
            self.machine.addItem(row.machine, row.path)
        self.machine.setCurrentIndex(max(0, self.machine.findData(chosen)))
        self.machine.currentIndexChanged.connect(lambda _index: self._allow())
        self.code = ScannedLine()
        self.code.setObjectName("plate.code")
        self.code.setProperty(TAKES_CODES, True)
        self.code.setAccessibleName("Mã do máy quét gõ ra")
        self.code.setPlaceholderText("Quét mã vào đây")
        self.code.ended.connect(self._enter)
        self.verdict = labelled("", "strong", wrap=True)
        self.verdict.setObjectName("plate.verdict")
        self.lines = QListWidget()
        self.lines.setObjectName("plate.lines")
        self.lines.setAccessibleName("Mã đọc được trên nhãn")
        self.lines.setWordWrap(True)
        self.lines.currentRowChanged.connect(lambda _row: self._allow())
        self.present = labelled("", "help", wrap=True)
        self.present.setObjectName("plate.present")
        self.take_button = decision_button("Ghi số máy", "plate.take", self.take)
        self.take_button.setProperty("role", "main")
        self._lay_out()
        self._show([])
        self.code.setFocus()

    def _lay_out(self) -> None:
        choose = decision_button("Chọn ảnh…", "plate.choose", self.choose)
        set_icon(choose, "file-plus")
        top, buttons = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self.code, 1)
        top.addWidget(choose)
        buttons.addStretch(1)
        buttons.addWidget(decision_button("Thôi", "plate.cancel", self.reject))
        buttons.addWidget(self.take_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(_HOW, "help", wrap=True))
        column.addWidget(self.machine)
        column.addLayout(top)
        column.addWidget(self.verdict)
        column.addWidget(self.lines, 1)
        column.addWidget(self.present)
        column.addLayout(buttons)

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
        """Let the officer choose the photo of a plate."""
        if path := self._context.messages.open_file("Chọn ảnh chụp nhãn máy", _FILTER, purpose="scans"):
            self.read_photo(path)

    def read_photo(self, path: Path) -> None:
        """Look for codes in a photo, in the background."""
        self._show([])
        self.verdict.setText(f"Đang đọc {path.name}…")
        self._context.worker.run(
            partial(plate_codes.codes_in_photo, path),
            text="Đang đọc ảnh nhãn máy",
            done=self._show,
            failed=self._refuse,
            owner=self,
            only_reads=True,
        )

    def _enter(self) -> None:
        typed = self.code.text()
        self.code.clear()
        if not typed.strip():
            self.press_main()
        elif (code := plate_codes.read_plate_code(typed)) is not None:
            self._show([code])
        else:
            self._show([])
            self.verdict.setText("Mã này là mã thẻ căn cước hoặc mã giấy in, không phải mã trên nhãn máy.")
            set_tone(self.verdict, "wrong")

    # -- the result ------------------------------------------------------------------------------------------------

    def serial(self) -> str:
        """Return the serial number that the chosen code says; "" for none."""
        item = self.lines.currentItem()
        return str(item.data(_SERIAL) or "") if item is not None else ""

    def take(self) -> None:
        """Write the serial number into the row of the machine."""
        workspace, path, serial = self._context.workspace, self.machine.currentData(), self.serial()
        try:
            changes = plate_codes.take_serial(workspace, self._record_id, path, serial)
        except KcdeskError as error:
            self._refuse(error)
            return
        self._context.announce(changes)
        self._context.messages.notice("Đã ghi số máy từ nhãn.", lambda: undoing.undo(self._context))
        self.accept()

    def _refuse(self, error: KcdeskError) -> None:
        self._show([])
        show_refusal(self.verdict, error)
        set_tone(self.verdict, "wrong")

    def _show(self, codes: Sequence[PlateCode]) -> None:
        self.lines.clear()
        for code in codes:
            item = QListWidgetItem(_sentence(code))
            item.setData(_SERIAL, code.serial)
            if not code.serial:
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.lines.addItem(item)
        sure = [place for place, code in enumerate(codes) if code.serial and not code.doubt]
        self.lines.setCurrentRow(sure[0] if len(sure) == 1 else -1)
        many = "Nhãn có nhiều mã: hãy chọn mã là số máy." if len(codes) > 1 else "Đọc được mã. Hãy đối chiếu với nhãn."
        self.verdict.setText(many if codes else "")
        set_tone(self.verdict, "")
        self._allow()

    def _allow(self) -> None:
        row = next((row for row in self._rows if row.path == self.machine.currentData()), None)
        serial = self.serial()
        present = row.present if row is not None else ""
        is_other = bool(present) and bool(serial) and present != serial
        self.present.setText(f"Hồ sơ đang ghi số máy «{present}», sẽ thay bằng «{serial}»." if is_other else "")
        set_tone(self.present, "wrong" if is_other else "")
        self.take_button.setEnabled(bool(serial) and row is not None)


def _sentence(code: PlateCode) -> str:
    kind = f" ({code.kind})" if code.kind else ""
    first = f"{code.serial}{kind}" if code.serial else f"{code.text[:80]}{kind}"
    whole = f", trong mã «{' '.join(code.text.split())[:80]}»" if code.serial and code.serial != code.text else ""
    return f"{first}{whole}. {code.doubt}".strip() if code.doubt else f"{first}{whole}"
