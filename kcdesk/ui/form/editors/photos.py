"""The editor of photos: a grid, the caption of the selected photo; import from files, folders, the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QBuffer, QByteArray, QModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from kcdesk.foreign_files.file_names import shown_name
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.visits import photo_places
from kcdesk.text import clean
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.files import size_text
from kcdesk.ui.form.editors.photo_grid import PhotoGridView, PhotoModel
from kcdesk.ui.form.editors.sources import StoredFile
from kcdesk.ui.toolkit.drop_targets import FileTarget, dragged_files
from kcdesk.ui.toolkit.fitting.steady_choice import SteadyChoice
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled, set_read_only

if TYPE_CHECKING:
    from kcdesk.formdef.record import Record
    from kcdesk.services.attachments.photos import DuplicatePhoto, Intake
    from kcdesk.ui.shell.worker import Job

_SHOWN_LETTERS = 20  # of the row that a photo shows, in the list of rows
_LISTED = 8  # files listed one by one when not imported; the rest is counted
KEYS = "Alt+mũi tên hoặc kéo để đổi thứ tự · Enter ghi chú thích · Delete bỏ ảnh · Ctrl+V dán"
_NO_PICTURE = "Bộ nhớ tạm không có ảnh hay tệp nào."


class PhotosEditor(FileTarget, Editor):
    """Photos of a record; the host imports new ones in the background."""

    wide = True

    def make_input(self) -> QWidget:
        """Create the grid, the line for the selected photo, the buttons, and the list of files not imported."""
        self.model = PhotoModel(lambda file: self.around.host.read_file(file))
        self.model.moved.connect(self.reorder)
        self.grid = PhotoGridView(self.model)
        self.grid.setAccessibleName(self.field.label)
        self.grid.entered.connect(lambda: self.caption.setFocus(Qt.FocusReason.OtherFocusReason))
        self.grid.removed.connect(self.remove)
        self.grid.shifted.connect(lambda by: self.reorder(self._place(), self._place() + by))
        self.grid.doubleClicked.connect(lambda _index: self.open())
        self.grid.selectionModel().currentChanged.connect(self._turn)
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addLayout(self._make_buttons())
        column.addWidget(self._make_progress())
        column.addWidget(self.grid)
        column.addWidget(self._make_details())
        self._doubles = QVBoxLayout()
        column.addLayout(self._doubles)
        frame.setFocusProxy(self.add_button)
        self.setAcceptDrops(True)
        pasting = QShortcut(QKeySequence.StandardKey.Paste, self)
        pasting.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        pasting.activated.connect(self.paste)
        return frame

    def _make_details(self) -> QWidget:
        self.details = QWidget()
        self.caption = QLineEdit()
        self.caption.setPlaceholderText("Chú thích: ảnh cho thấy gì")
        self.caption.setAccessibleName("Chú thích ảnh")
        self.caption.textEdited.connect(self._typed)
        self.caption.editingFinished.connect(self.finished)
        self.caption.returnPressed.connect(self._next_caption)
        self.shows = SteadyChoice()
        self.shows.setAccessibleName("Ảnh này cho thấy")
        self.shows.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.shows.setMinimumContentsLength(_SHOWN_LETTERS)  # items of a checklist are long; the caption needs the room
        self.shows.activated.connect(self._choose_shows)
        self.facts = labelled("", "muted")
        self._out = _button("Bỏ ảnh", "x", self.remove)
        line = QHBoxLayout()
        line.addWidget(self.caption, 2)
        line.addWidget(self.shows, 1)
        line.addWidget(_button("Mở", "eye", self.open))
        line.addWidget(self._out)
        column = QVBoxLayout(self.details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP // 2)
        column.addLayout(line)
        column.addWidget(self.facts)
        return self.details

    def _make_buttons(self) -> QHBoxLayout:
        host = self.around.host
        self.add_button = _button("Thêm ảnh…", "camera", lambda: self.add(host.choose_photos()))
        self.folder_button = _button("Thêm cả thư mục, thẻ nhớ…", "folder-open", self._add_folder)
        self.paste_button = _button("Dán (Ctrl+V)", "copy", self.paste)
        self._adding = (self.add_button, self.folder_button, self.paste_button)
        line = QHBoxLayout()
        for button in self._adding:
            line.addWidget(button)
        line.addStretch(1)
        return line

    def _make_progress(self) -> QWidget:
        self.progress = QWidget()
        self._bar = QProgressBar()
        self._bar.setFormat("%v/%m ảnh")
        self._stop = QPushButton("Dừng")
        line = QHBoxLayout(self.progress)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._bar, 1)
        line.addWidget(self._stop)
        self.progress.hide()
        return self.progress

    # -- common to all editors ---------------------------------------------------------------------------------------

    def value(self) -> Any:
        """Return the photos in their order, with the captions as typed."""
        return [dict(file) for file in self.model.files] or None

    def show_value(self, stored: Any) -> None:
        """Show these photos; the selected photo stays selected."""
        chosen = self._file()
        self.model.show([dict(file) for file in stored or []])
        places = [file["id"] for file in self.model.files]
        place = places.index(chosen["id"]) if chosen and chosen["id"] in places else 0
        self.grid.setCurrentIndex(self.model.index(place))
        self.grid.setVisible(bool(places))
        self.grid.fit()
        self._show_details()

    def refresh(self) -> None:
        """Show the record's photos again; a caption that is being typed stays."""
        stored = self.around.record().value(self.path) or []
        if self.touched:
            typed = {file["id"]: file for file in self.model.files}
            stored = [typed.get(file["id"], file) for file in stored]
        if stored != self.model.files:
            self.show_value(stored)

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes; photos of a closed record can be viewed."""
        self.model.editable = editable
        for button in (*self._adding, self._out):
            button.setVisible(editable)
        set_read_only(self.caption, not editable)
        self.shows.setEnabled(editable)
        self.setAcceptDrops(editable)
        self.note("keys", KEYS if editable and self.model.files else "")

    def mark(self, wrong: bool) -> None:
        """Do nothing: the message below is enough."""

    def focus(self) -> None:
        """Focus the photos, if there are any."""
        (self.grid if self.model.files else self.add_button).setFocus(Qt.FocusReason.OtherFocusReason)

    # -- adding ----------------------------------------------------------------------------------------------------

    def add(self, sources: Sequence[Path | bytes], item: str = "") -> None:
        """Import pictures in the background."""
        if not sources:
            return
        self.finished.emit()  # save what is typed first
        record_id = self.around.record().id
        job = self.around.host.add_photos(record_id, self.path, list(sources), item, self._show_outcome)
        if job is not None:
            self._follow(job)

    def _add_folder(self) -> None:
        folder = self.around.host.choose_photo_folder()
        self.add([folder] if folder else [])

    def paste(self) -> None:
        """Import from the clipboard: pictures, or picture files."""
        if not self.model.editable:
            return
        sources = clipboard_pictures()
        if sources:
            self.add(sources)
        else:
            self.note("problem", _NO_PICTURE)

    def _follow(self, job: Job) -> None:
        self.note("problem", "")
        self._show_doubles(())
        self._bar.setRange(0, 0)
        self.progress.show()
        for button in self._adding:
            button.setEnabled(False)
        self._stop.clicked.connect(job.stop)
        job.progressed.connect(self._show_progress)
        job.ended.connect(self._end)

    def _show_progress(self, done: int, total: int, _text: str) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def _end(self) -> None:
        self.progress.hide()
        self._stop.clicked.disconnect()
        for button in self._adding:
            button.setEnabled(True)

    def _show_outcome(self, intake: Intake) -> None:
        """Show which files were not imported and why, and which photos other dossiers show too."""
        if not isValid(self):  # the dossier was closed meanwhile; the photos are in it nevertheless
            return
        lines = [f"«{name}»: {sentence}" for name, sentence in intake.refused[:_LISTED]]
        more = len(intake.refused) - len(lines)
        if lines:
            lines.insert(0, f"Không nhận {len(intake.refused)} tệp:")
        if more > 0:
            lines.append(f"… và {more} tệp khác.")
        self.note("problem", "\n".join(lines))
        self._show_doubles(intake.duplicates)

    def _show_doubles(self, doubles: Sequence[DuplicatePhoto]) -> None:
        empty(self._doubles)
        for double in doubles:
            link = _button(f"Ảnh «{double.name}» có cả trong «{double.title}»", "triangle-alert", None)
            link.setProperty("role", "quiet")
            link.clicked.connect(lambda _on=False, id_=double.id: self.around.host.open_record(id_))
            self._doubles.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)

    def take_files(self, files: list[Path]) -> None:
        """Import the dropped files."""
        self.add(files)

    # -- the selected photo ----------------------------------------------------------------------------------------

    def reorder(self, place: int, target: int) -> None:
        """Move a photo to another place; its number on paper changes too."""
        files = self.model.files
        if not self.model.editable or place == target or not (0 <= place < len(files) and 0 <= target < len(files)):
            return
        files = [dict(file) for file in files]
        files.insert(target, files.pop(place))
        self._put([file | {"order": order} for order, file in enumerate(files, start=1)], target)

    def remove(self) -> None:
        """Remove the selected photo; the history keeps it."""
        place = self._place()
        if self.model.editable and self._file():
            self._put([file for file in self.model.files if file is not self._file()], place)

    def open(self) -> None:
        """Show the selected photo in the system's own program."""
        if file := self._file():
            self.around.host.open_file(file)

    def _put(self, files: list[StoredFile], place: int) -> None:
        self.show_value(files)
        self.grid.setCurrentIndex(self.model.index(min(place, len(files) - 1)))
        self.set_editable(self.model.editable)
        self.changed.emit()
        self.finished.emit()

    def _place(self) -> int:
        return self.grid.currentIndex().row()

    def _file(self) -> StoredFile | None:
        place = self._place()
        return self.model.files[place] if 0 <= place < len(self.model.files) else None

    def _turn(self, _index: QModelIndex) -> None:
        self._show_details()

    def _show_details(self) -> None:
        file = self._file()
        self.details.setVisible(file is not None)
        if file is None:
            return
        caption = file.get("caption", "")
        if self.caption.text() != caption:
            self.caption.setText(caption)
        self.facts.setText(_facts(self.around.record(), file))
        self._offer_rows(file.get("item", ""))

    def _typed(self, typed: str) -> None:
        file = self._file()
        if file is not None:
            file["caption"] = clean(typed).strip()
            self.model.dataChanged.emit(self.grid.currentIndex(), self.grid.currentIndex())
            self.changed.emit()

    def _next_caption(self) -> None:
        """Go to the caption of the next photo, after the last one to the next field (Enter)."""
        following = self.model.index(self._place() + 1)
        if following.isValid():
            self.grid.setCurrentIndex(following)
            self.caption.selectAll()
        else:
            self.next_wanted.emit()

    def _offer_rows(self, chosen: str) -> None:
        """Fill the list of rows that a photo may show: machines, checklist items."""
        rows = rows_to_show(self)
        self.shows.clear()
        self.shows.addItem("Ảnh chung", "")
        for path, label in rows:
            self.shows.addItem(label, path)
        self.shows.setCurrentIndex(max(0, self.shows.findData(chosen)))
        self.shows.setVisible(bool(rows))

    def _choose_shows(self) -> None:
        file = self._file()
        if file is not None:
            file.pop("item", None)
            file |= {"item": self.shows.currentData()} if self.shows.currentData() else {}
            self.changed.emit()
            self.finished.emit()


def rows_to_show(editor: Editor) -> list[tuple[str, str]]:
    """Return path and text of the rows that a photo may show: of the tables in its section, else of checklists."""
    record = editor.around.record()
    section = next(section for section in record.form.sections if editor.field in section.fields)
    tables = [field for field in section.fields if field.columns]
    tables = tables or [field for field in record.form.fields if type_of(field).is_checklist]
    choices = []
    for table in tables:
        name = next(column.name for column in table.columns if type_of(column).is_plain_text and column.required)
        rows = enumerate(record.rows(table.name), start=1)
        choices += [(f"{table.name}/{row['id']}", f"{number}. {row.get(name, '')}") for number, row in rows]
    return choices


def clipboard_pictures() -> list[Path | bytes]:
    """Return the clipboard's content: files copied in a file manager, else a picture as PNG."""
    data = QGuiApplication.clipboard().mimeData()
    if data is None:  # nothing was copied yet
        return []
    paths: list[Path | bytes] = [*dragged_files(data)]
    if paths or not data.hasImage():
        return paths
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(QImage(data.imageData()))
    return [bytes(buffer.data().data())]


def _facts(record: Record, file: StoredFile) -> str:
    """Return when and where a photo was taken, beside the day and the commune of its record, its name and size."""
    name = shown_name(str(file.get("original_name", file["name"])))
    return " · ".join((*photo_places.words_of(record, file), name, size_text(file.get("size", 0))))


def _button(text: str, icon: str, act: Callable[[], None] | None) -> QPushButton:
    button = QPushButton(text)
    set_icon(button, icon)
    if act is not None:
        button.clicked.connect(lambda _on=False: act())
    return button
