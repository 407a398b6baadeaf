"""The four pages of the wizard; each has its fields, its answers and its check for missing answers."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.services.maintenance import opening
from kcdesk.ui.opening.new_passphrase import NewPassphrase
from kcdesk.ui.opening.province_box import ProvinceBox
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedRadioButton
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

MissingAnswer = tuple[str, QWidget]


class UnitAnswers(TypedDict):
    """The unit that owns the store; `province` is a code, or a name as it was typed."""

    unit: str
    code: str
    province: str
    level: str
    parent: str


class OfficerAnswers(TypedDict):
    """The officer who works with the store."""

    officer: str
    officer_title: str


class ProtectionAnswers(TypedDict):
    """Whether the store is for practice; the passphrase is then empty."""

    practice: bool
    passphrase: str


class WizardStep(QWidget):
    """One page; `fields` maps the name of an answer to its widget."""

    title = ""
    next_label = "Tiếp tục"

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, QWidget] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, FIELD_GAP, 0, 0)
        self.column.setSpacing(4)

    @property
    def first_field(self) -> QWidget:
        """Return the widget that gets the focus first."""
        return next(iter(self.fields.values()))

    def problem(self) -> MissingAnswer | None:
        """Return what is missing and where; None when the page is complete."""
        return None

    def ask(self, name: str, label: str, field: QWidget, note: str = "") -> None:
        """Add a field with its label above and a note below."""
        field.setObjectName(f"wizard.{name}")
        heading = labelled(label, "label")
        heading.setBuddy(field)
        self.column.addWidget(heading)
        self.column.addWidget(field)
        if note:
            self.column.addWidget(labelled(note, "help", wrap=True))
        self.column.addSpacing(FIELD_GAP)
        self.fields[name] = field

    def ask_line(self, name: str, label: str, note: str = "") -> QLineEdit:
        """Add a text input."""
        line = QLineEdit()
        self.ask(name, label, line, note)
        return line

    def ask_choice(self, name: str, label: str, box: QComboBox, note: str = "") -> QComboBox:
        """Add a combo box."""
        self.ask(name, label, box, note)
        return box


class UnitStep(WizardStep):
    """The unit that owns the store, or the laptop that this one replaces."""

    title = "Đơn vị"
    restore_requested = Signal()
    package_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._unit = self.ask_line("unit", "Tên đơn vị", "Ghi như trên con dấu, ví dụ: Trung tâm Khuyến công tỉnh.")
        self._code = self.ask_line("code", "Mã đơn vị", "Chữ không dấu, chữ số, gạch nối; đứng trong tên gói bàn giao.")
        self._province = ProvinceBox()
        self.ask("province", "Tỉnh, thành phố", self._province, "Gõ tên mới hoặc tên trước 01/7/2025, không cần dấu.")
        self._level = self.ask_choice("level", "Cấp", _level_box(), _level_help())
        self._parent = self.ask_line("parent", "Cơ quan cấp trên", "In ở góc trái văn bản; có thể để trống.")
        self.column.addStretch(1)
        self.column.addLayout(self._replacing())

    def _replacing(self) -> QHBoxLayout:
        """Return the two buttons for replacing a broken laptop."""
        row = QHBoxLayout()
        row.addWidget(labelled("Máy cũ hỏng: dựng lại từ", "muted"))
        for label, name, signal in (
            ("bản sao lưu…", "wizard.restore", self.restore_requested),
            ("gói đã kết xuất…", "wizard.package", self.package_requested),
        ):
            button = QPushButton(label)
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def fill(self, sender: dict[str, str]) -> None:
        """Fill in the unit that made a package."""
        for line, name in ((self._unit, "unit"), (self._code, "code"), (self._parent, "parent")):
            line.setText(sender[name])
        self._province.choose(sender["province"])
        self._level.setCurrentIndex(self._level.findData(sender["level"]))

    def answers(self) -> UnitAnswers:
        """Return unit, code, level, province and parent."""
        return {
            "unit": self._unit.text(),
            "code": self._code.text(),
            "province": self._province.code(),
            "level": self._level.currentData(),
            "parent": self._parent.text(),
        }

    def problem(self) -> MissingAnswer | None:
        """Return what is missing: name, code and province are required."""
        for line, sentence in ((self._unit, "Hãy ghi tên đơn vị."), (self._code, "Hãy đặt mã cho đơn vị.")):
            if not line.text().strip():
                return sentence, line
        try:
            opening.unit_code(self._code.text())
        except UserError as error:  # here, not two steps later
            return error.sentence(), self._code
        level = self._level.currentData()
        above_provinces = level is not None and load().levels.spans_provinces(level)
        if not above_provinces and (sentence := self._province.problem()):
            return sentence, self._province
        if level is None:
            return "Hãy chọn cấp của đơn vị: gửi gói lên cấp trên, hay nhận gói của đơn vị khác.", self._level
        return None


class OfficerStep(WizardStep):
    """The officer who works with the store."""

    title = "Cán bộ"

    def __init__(self) -> None:
        super().__init__()
        self._officer = self.ask_line("officer", "Họ và tên", "Được ghi cạnh mỗi thay đổi trong lịch sử hồ sơ.")
        self._title = self.ask_line("officer_title", "Chức vụ", "Ví dụ: Chuyên viên. Có thể để trống.")
        self.column.addStretch(1)

    def fill(self, sender: dict[str, str]) -> None:
        """Fill in the officer who made a package."""
        self._officer.setText(sender["officer"])
        self._title.setText(sender["officer_title"])

    def answers(self) -> OfficerAnswers:
        """Return name and title."""
        return {"officer": self._officer.text(), "officer_title": self._title.text()}

    def problem(self) -> MissingAnswer | None:
        """Return what is missing: the name is required."""
        return None if self._officer.text().strip() else ("Hãy ghi họ và tên.", self._officer)


class ProtectionStep(WizardStep):
    """Practice or real; a real store has a passphrase."""

    title = "Kho dữ liệu"
    next_label = "Lập kho dữ liệu"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.real = WrappedRadioButton("Kho thật: dữ liệu được mã hoá, mở bằng mật khẩu")
        self.practice = WrappedRadioButton("Kho thực hành: để làm quen, không mã hoá, không bàn giao thật")
        self.real.setChecked(True)
        self.real.setObjectName("wizard.real")
        self.practice.setObjectName("wizard.practice")
        self.column.addWidget(self.real)
        self.column.addWidget(self.practice)
        self.column.addSpacing(FIELD_GAP)
        self._passphrase = NewPassphrase("wizard")
        self.fields = {"passphrase": self._passphrase.first, "again": self._passphrase.again}
        self.column.addWidget(self._passphrase)
        self.column.addStretch(1)
        self.column.addWidget(labelled(f"Dữ liệu nằm trong thư mục {folder}", "help", wrap=True))
        self.real.toggled.connect(self._passphrase.setVisible)

    def belong_to(self, *known: str) -> None:
        """Say what others know of the owner: a passphrase made of it is easily guessed."""
        self._passphrase.known = known

    @property
    def first_field(self) -> QWidget:
        """Return the choice between practice and real."""
        return self.real if self.real.isChecked() else self.practice

    def answers(self) -> ProtectionAnswers:
        """Return whether it is for practice, and the passphrase of a real store."""
        practice = self.practice.isChecked()
        return {"practice": practice, "passphrase": "" if practice else self._passphrase.text()}

    def problem(self) -> MissingAnswer | None:
        """Return what is missing: the passphrase must be hard to guess and typed the same twice."""
        return None if self.practice.isChecked() else self._passphrase.problem()


def _level_help() -> str:
    decider = load().levels.first_deciding.in_sentence
    return f"Từ {decider} trở lên nhận gói của đơn vị khác; cấp trên tỉnh không cần chọn tỉnh, thành phố."


def _level_box() -> QComboBox:
    box = QComboBox()
    box.setPlaceholderText("Chọn cấp của đơn vị")
    for level in load().levels.all:
        box.addItem(level.offer, level.name)
        box.setItemData(box.count() - 1, level.help, Qt.ItemDataRole.ToolTipRole)
    box.setCurrentIndex(-1)  # asked, never assumed: a province that starts as a lower unit cannot receive packages
    return box
