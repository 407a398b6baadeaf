"""A page around the form view that keeps its records in memory, and a form of every field type."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from kcdesk import paths
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.model import Choice, Field, Form, Section
from kcdesk.formdef.regulations.levels import read_levels
from kcdesk.services.catalogue import extensions
from kcdesk.services.workspace import ClosedFields
from kcdesk.text import fold

FILE = {"id": "f1", "sha256": "0" * 64, "size": 1_234_567, "mime": "application/pdf"}


def sentences(widget: QWidget) -> list[str]:
    """What the labels of a widget say, those that are shown."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget) and label.text()]


def button(widget: QWidget, text: str) -> QPushButton:
    """The button of a widget that begins with these words."""
    return next(found for found in widget.findChildren(QPushButton) if found.text().startswith(text))


def press(window: QWidget, keys: str, times: int = 1) -> None:
    """Press keys where the keyboard is, else in the window: "Ctrl+Return"."""
    pressed = QKeySequence(keys)[0]
    for _ in range(times):
        QTest.keyClick(QApplication.focusWidget() or window, pressed.key(), pressed.keyboardModifiers())


def wheel(widget: QWidget) -> None:
    """Turn the wheel once over a widget."""
    middle = QPointF(widget.rect().center())
    turned = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, turned)


def rest() -> None:
    """Let Qt delete what is to be deleted later, and handle what waits."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.processEvents()


class MemoryHost:
    """Answers the form view from plain lists; notes what it was asked to do."""

    def __init__(self, forms: Forms) -> None:
        self._forms = forms
        self.records = {
            "b1": ("beneficiary", "Công ty TNHH Mẫu Một"),
            "b2": ("beneficiary", "Hợp tác xã Đồng Mẫu"),
            "b3": ("beneficiary", "Hộ kinh doanh Mẫu Ba"),
            "p1": ("proposal", "Hỗ trợ máy móc chế biến chè"),
        }
        self.opened: list[object] = []
        self.chosen: list[Path] = []
        self.hints: dict[str, str] = {}
        self.usual: dict[str, list[str]] = {}
        self.wanting: list[str] = []
        self.home_province = ""
        self.closed = ClosedFields()
        self.widths: dict[str, dict[str, int]] = {}

    def search_records(self, kind, text, limit, _where):
        """Records whose title has the words."""
        words = fold(text).split()
        return [
            (id_, title, "tỉnh Mẫu")
            for id_, (its_kind, title) in self.records.items()
            if its_kind == kind and all(word in fold(title) for word in words)
        ][:limit]

    def title_of(self, record_id):
        """The title."""
        return self.records[record_id][1]

    def row_names(self, _record_id, _table):
        """Two sites of every proposal."""
        return ["Xưởng Mẫu Một", "Xưởng Mẫu Hai"]

    def explain(self, path):
        self.explained = path

    def open_record(self, record_id):
        """Note it."""
        self.opened.append(record_id)

    def create_record(self, kind, text):
        """Make one."""
        record_id = f"new{len(self.records)}"
        self.records[record_id] = (kind, text)
        return record_id

    def proposed_name(self, _kind):
        """Nobody lacks a record."""
        return ""

    def places(self):
        """The real catalogue."""
        return self._forms.places

    def province(self):
        """What the test has laid out."""
        return self.home_province

    def choose_files(self):
        """What the test has laid out."""
        return self.chosen

    def add_file(self, path):
        """Describe the file."""
        return {**FILE, "id": path.name, "name": path.name}

    def shows_first(self, _field, _paths):
        """Attach at once."""
        return False

    def open_file(self, file):
        """Note it."""
        self.opened.append(file["name"])

    def table_offer(self, kind, table):
        """The real offers."""
        return extensions().table_offers.get((kind, table))

    def fill_table(self, record, table):
        """Fill in from the record alone."""
        return self.table_offer(record.kind, table).fill(SimpleNamespace(forms=self._forms), record)

    def column_widths(self, table):
        """What was kept in this session."""
        return self.widths.get(table, {})

    def keep_widths(self, table, widths):
        """Keep them in memory."""
        self.widths[table] = widths

    def hint(self, _kind, _record_id, path, _value):
        """What the test has laid out."""
        return self.hints.get(path, "")

    def sentences(self, _record, path):
        """What the test has laid out."""
        return self.usual.get(path, [])

    def unphotographed(self, _record):
        """What the test has laid out."""
        return self.wanting

    def forget_sentence(self, _record, path, sentence):
        """Take it off the list."""
        self.usual[path].remove(sentence)

    def closed_fields(self, _record):
        """What the test has laid out."""
        return self.closed

    def excess(self, _kind, _record_id, _path, _value):
        """No amount exceeds anything."""
        return ""


def sample_forms() -> Forms:
    """One form with a field of every plain type, and the life of its records."""
    few = tuple(Choice(value=name, label=label) for name, label in (("red", "Màu đỏ"), ("blue", "Màu xanh")))
    many = tuple(Choice(value=f"c{n}", label=f"Loại số {n}") for n in range(1, 9))
    plain = ("text", "unit", "paragraph", "integer", "decimal", "money", "percent", "year", "date", "time")
    codes = ("phone", "email", "tax_code", "citizen_id", "yes_no", "place", "files")
    fields = (
        *(Field(name=f"a_{type_}", type=type_, label=f"Ô {type_}") for type_ in (*plain, *codes)),
        Field(name="a_few", type="choice", label="Chọn một", choices=few),
        Field(name="a_many", type="choice", label="Chọn trong nhiều", choices=many),
        Field(name="a_choices", type="choices", label="Chọn nhiều", choices=few),
        Field(name="a_reference", type="reference", label="Cơ sở", target="sample"),
        Field(name="a_references", type="references", label="Các cơ sở", target="sample"),
        Field(name="a_site", type="row_name", label="Địa điểm", rows_from="a_reference.sites"),
        Field(name="a_theirs", type="text", label="Ý kiến", owner="province"),
    )
    form = Form(
        id="sample",
        version=1,
        label="Mẫu thử",
        plural="Mẫu thử",
        effective_from=date(2020, 1, 1),
        new_label="Lập mẫu thử",
        title=("a_text",),
        sections=(Section(id="all", label="Tất cả", fields=fields),),
    )
    return forms_of(form)


def forms_of(*forms: Form) -> Forms:
    """Forms without any other definition, but with the shipped levels."""
    return Forms(forms, folder=Path("no other definitions"), levels=read_levels(paths.forms(), Faults()))


def type_text(text: str) -> None:
    """Type any letters into whatever has the keyboard, one key event each, as an input method sends them."""
    for letter in text:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(QApplication.focusWidget(), event)
