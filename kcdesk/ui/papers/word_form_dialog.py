"""«Mẫu Word của đơn vị»: what writes a paper, a file to begin with, checking and taking in an office's own file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from kcdesk.errors import KcdeskError
from kcdesk.services.papers import printing
from kcdesk.services.papers.own_forms import conversion, kept_forms, taking
from kcdesk.services.papers.own_forms.checking import CheckedForm
from kcdesk.services.rulebook import word_packs
from kcdesk.text import file_name
from kcdesk.ui.papers.paper_pages import PaperPages
from kcdesk.ui.papers.placeholder_dialog import PlaceholderDialog
from kcdesk.ui.papers.preview_folder import PreviewFolder
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.messages import open_outside
from kcdesk.ui.shell.progress_line import ProgressLine
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, SECTION_GAP, labelled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_WORD = "Tệp Word (*.docx)"
_DPI = 66


class WordFormDialog(Dialog):
    """Chooses what writes one paper; a file is shown filled with samples before it is taken in."""

    help_topic = "word_forms"

    def __init__(self, context: Context, paper: str, record: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._paper, self._record = context, paper, record
        self._layout = context.workspace.layouts[paper]
        self._file: Path | None = None
        self._form: CheckedForm | None = None
        self.setWindowTitle("Mẫu Word của đơn vị")
        self.begin_size(900, 680)
        self.choices = QComboBox()
        self.choices.setObjectName("word_form.choice")
        self.choices.setAccessibleName("In giấy này theo")
        self.choices.activated.connect(self._use)
        self.faults = WrappedList()
        self.faults.setObjectName("word_form.faults")
        self.faults.setAccessibleName("Những chỗ phải sửa trong mẫu")
        self.note = labelled(wrap=True)
        self.note.setObjectName("word_form.note")
        self.pages = PaperPages()
        self._progress = ProgressLine()
        self._folder = PreviewFolder(self, self._progress)
        self._progress.ended.connect(lambda: self.choose_button.setEnabled(True))
        self._lay_out()
        self._list_choices()
        self._show_form(None)

    def _lay_out(self) -> None:
        acts = FlowRow(FIELD_GAP)
        self._pack = push_button("Ký gửi các đơn vị…", "word_form.pack", self.pack)
        self._pack.setVisible(self._context.workspace.level.decides)
        self.choose_button = push_button("Dùng mẫu Word của đơn vị…", "word_form.choose", self.choose)
        for button in (
            self.choose_button,
            push_button("Chèn trường…", "word_form.fields", self.show_fields),
            push_button("Lưu mẫu Word ban đầu…", "word_form.start", self.save_start),
            self._pack,
        ):
            acts.add(button)
        box = QDialogButtonBox()
        self.take_button = _named(box, "Nhận mẫu này", "word_form.take", self.take)
        self.open_button = _named(box, "Mở bản điền thử bằng Word", "word_form.open", self.open_sample)
        box.addButton("Đóng", QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SECTION_GAP, SECTION_GAP, SECTION_GAP, SECTION_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(labelled(self._layout.label, "section", wrap=True))
        column.addWidget(labelled("In giấy này theo", "muted"))
        for part in (self.choices, acts, self.note, self._progress):
            column.addWidget(part)
        column.addWidget(self.faults, 1)
        column.addWidget(self.pages, 3)
        column.addStretch()  # without pages or faults the rows stay together above
        column.addWidget(box)

    # ---- what writes the paper

    def _list_choices(self) -> None:
        self.choices.clear()
        for choice, sentence, is_in_use in taking.choices_for(self._context.workspace, self._paper):
            self.choices.addItem(sentence, choice)
            if is_in_use:
                self.choices.setCurrentIndex(self.choices.count() - 1)
        self._pack.setEnabled(kept_forms.form_in_use(self._context.workspace, self._paper) is not None)

    def _use(self, _place: int) -> None:
        workspace, choice = self._context.workspace, self.choices.currentData()
        if self._guarded(lambda: kept_forms.use(workspace, self._paper, choice)):
            self.note.setText(f"Từ nay in theo: {self.choices.currentText()}. Giấy đã chốt giữ như khi chốt.")

    # ---- a file of the office

    def choose(self) -> None:
        """Choose a Word file, check it, show its faults or how it looks filled with samples."""
        path = self._context.messages.open_file("Mẫu Word của đơn vị", _WORD, purpose="papers")
        if path is None:
            return
        try:
            self._file, form = path, taking.check_file(self._context.workspace, self._paper, path)
        except KcdeskError as error:
            self._show_form(None)
            self.note.setText(error.sentence())
            return
        self._show_form(form)

    def _show_form(self, form: CheckedForm | None) -> None:
        self._form = form
        self.faults.clear()
        self.pages.clear()
        usable = form is not None and not form.faults
        self.take_button.setEnabled(usable)
        self.open_button.setEnabled(usable)
        self.faults.setVisible(form is not None and bool(form.faults))
        self.pages.setVisible(usable and bool(conversion.converter()))
        if form is None or self._file is None:
            return
        if form.faults:
            self.faults.addItems([fault.sentence() for fault in form.faults])
            self.note.setText(f"{self._file.name} có {len(form.faults)} chỗ phải sửa trong Word; chưa nhận.")
            return
        sentences = [f"{self._file.name} dùng được, {len(form.used)} chỗ điền.", *form.notes]
        if conversion.converter():
            self._draw_sample(form)
        else:
            sentences.append(
                "Máy này không có LibreOffice nên chưa xem trước được ở đây; hãy mở bản điền thử bằng Word."
            )
        self.note.setText(" ".join(sentences))

    def _draw_sample(self, form: CheckedForm) -> None:
        pdf = self._folder.path("sample.pdf")
        document = taking.sample_document(self._layout, form)
        worker = self._context.worker
        job = worker.run(
            lambda progress: taking.write_document(document, pdf=pdf, progress=progress),
            text="Đang điền thử",
            done=lambda _: self._draw(pdf),
            failed=self._refuse,
            owner=self,
        )
        self._progress.follow(job)
        self.choose_button.setEnabled(False)  # the sample of another file would be drawn over this one

    def _draw(self, pdf: Path) -> None:
        width, height = printing.page_size(pdf)
        size = QSize(round(width * _DPI), round(height * _DPI))
        self.pages.show_pages(printing.page_count(pdf), size, lambda page: printing.page_image(pdf, page, _DPI))

    def _refuse(self, error: KcdeskError) -> None:
        self.note.setText(error.sentence())

    def open_sample(self) -> None:
        """Open the paper filled with samples in Word."""
        if self._form is None:
            return
        document, path = taking.sample_document(self._layout, self._form), self._folder.path("sample.docx")
        if self._guarded(lambda: taking.write_document(document, docx=path)):
            open_outside(path)

    def take(self) -> None:
        """Take the file in: from now on it writes the paper."""
        if self._form is None or self._file is None:
            return
        file, label = self._file, self._file.stem
        if self._guarded(lambda: taking.take_in(self._context.workspace, self._paper, file, label)):
            form = kept_forms.form_in_use(self._context.workspace, self._paper)
            self._list_choices()
            self._show_form(None)
            self.note.setText(f"Đã nhận. {form.sentence if form else ''}. Giấy đã chốt giữ như khi chốt.")

    # ---- helps for the office that makes one

    def show_fields(self) -> None:
        """List the placeholders, to be copied into Word."""
        PlaceholderDialog(self._context, self._paper, self._record, self).exec()

    def save_start(self) -> None:
        """Save our layout with placeholders as a Word file to begin with."""
        name = f"{file_name(f'Mẫu {self._layout.label}')}.docx"
        path = self._context.messages.save_file("Lưu mẫu Word ban đầu", name, _WORD, purpose="papers")
        workspace = self._context.workspace
        example = workspace.store.record(self._record) if self._record else None
        if path and self._guarded(lambda: taking.write_starting_form(workspace, self._paper, path, example)):
            self.note.setText(f"Đã lưu {path.name}. Sửa trong Word rồi bấm «Dùng mẫu Word của đơn vị…».")

    def pack(self) -> None:
        """Sign the Word file in use as a file of rules for the units below."""
        name = f"{file_name(f'Mẫu Word {self._layout.label}')}.xlsx"
        kind = "Tệp quy định (*.xlsx)"
        path = self._context.messages.save_file("Ký gửi các đơn vị", name, kind, purpose="rules")
        if path and self._guarded(lambda: word_packs.pack_forms(self._context.workspace, [self._paper], path)):
            self.note.setText(f"Đã ký vào {path.name}. Hãy gửi tệp cho các đơn vị.")

    def _guarded(self, act: Callable[[], object]) -> bool:
        """Do an act; a refusal is sentences in the dialog."""
        try:
            act()
        except KcdeskError as error:
            self.note.setText(error.sentence())
            return False
        return True


def _named(box: QDialogButtonBox, label: str, name: str, act: Callable[[], object]) -> QPushButton:
    button = box.addButton(label, QDialogButtonBox.ButtonRole.ActionRole)
    button.setObjectName(name)
    button.clicked.connect(lambda _checked: act())
    return button
