"""«Đọc mã trên nhãn máy»: the bar code of a machine's plate, from a photo or a reader, as its serial number."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QListWidgetItem, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.codes import plate_codes
from kcdesk.services.codes.plate_codes import PlateCode, SerialProposal
from kcdesk.ui.dossier.personal.code_dialog import CodeDialog, CodeWords
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.fitting.steady_choice import SteadyChoice
from kcdesk.ui.toolkit.theme import labelled, set_tone

_WORDS = CodeWords(
    name="plate",
    title="Đọc mã trên nhãn máy",
    how="Quét mã vạch hoặc mã QR trên nhãn máy khi con trỏ ở ô dưới, hoặc chọn ảnh chụp nhãn; kéo tệp thả vào đây cũng "
    "được. Chưa ghi gì vào hồ sơ trước khi bấm nút nhận.",
    photo="nhãn máy",
    lines="Mã đọc được trên nhãn",
    take="Ghi số máy",
)
_SERIAL = Qt.ItemDataRole.UserRole
_NAME_LETTERS = 30


class PlateDialog(CodeDialog):
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
        super().__init__(context, record_id, _WORDS, parent)
        self._rows = rows
        self.machine = SteadyChoice()
        self.machine.setObjectName("plate.machine")
        self.machine.setAccessibleName("Máy")
        self.machine.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.machine.setMinimumContentsLength(_NAME_LETTERS)
        for row in rows:
            self.machine.addItem(row.machine, row.path)
        self.machine.setCurrentIndex(max(0, self.machine.findData(chosen)))
        self.machine.currentIndexChanged.connect(lambda _index: self._allow())
        self.lines.currentRowChanged.connect(lambda _row: self._allow())
        self.present = labelled("", "help", wrap=True)
        self.present.setObjectName("plate.present")
        self.lay_out(above=[self.machine], below=[self.present])

    # -- reading ---------------------------------------------------------------------------------------------------

    def job(self, path: Path) -> Callable[[Progress], Sequence[PlateCode]]:
        """Return what finds codes in the photo of a plate."""
        return partial(plate_codes.codes_in_photo, path)

    def show_photo(self, read: Sequence[PlateCode]) -> None:
        """Show the codes on a photo."""
        self._show(read)

    def read_code(self, code: str) -> None:
        """Show the serial number that a typed code says."""
        self.code.clear()
        read = plate_codes.read_plate_code(code)
        self._show([read] if read is not None else [])
        if read is None:
            self.verdict.setText("Mã này là mã thẻ căn cước hoặc mã giấy in, không phải mã trên nhãn máy.")
            set_tone(self.verdict, "wrong")

    def show_nothing(self) -> None:
        """Show no code."""
        self._show([])

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
            self.refuse(error)
            return
        self._context.announce(changes)
        self._context.messages.notice("Đã ghi số máy từ nhãn.", lambda: undoing.undo(self._context))
        self.accept()

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
