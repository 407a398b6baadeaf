"""What an officer does with Word files of the office: list fields, begin, check, try, take in, go back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk import given_files, placing
from kcdesk.documents.blocks import Document
from kcdesk.documents.own_forms.filling import own_form, to_own_docx
from kcdesk.documents.own_forms.trial import try_filling
from kcdesk.documents.own_forms.word_file import LARGEST, FormFaultsError
from kcdesk.documents.word.word_writer import to_docx
from kcdesk.errors import KnownError, UserError
from kcdesk.formdef.record import Record
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.papers import filling
from kcdesk.services.papers.own_forms import checking, conversion, kept_forms, placeholders, starting, values, writing
from kcdesk.services.papers.own_forms.checking import CheckedForm
from kcdesk.services.papers.own_forms.kept_forms import OWN, KeptForm
from kcdesk.services.papers.own_forms.placeholders import Placeholder
from kcdesk.services.workspace import Workspace
from kcdesk.text import fold

if TYPE_CHECKING:
    from kcdesk.documents.layouts.layout import Layout

_LONGEST_LABEL = 120


def layout_named(workspace: Workspace, paper: str) -> Layout:
    """The layout of a paper; UserError `unknown_document` if no Word file may write such a paper."""
    layout = workspace.layouts.get(paper)
    if layout is None:
        known = ", ".join(layout.id for layout in kept_forms.papers_for_forms(workspace))
        hint = f"Các giấy dùng được mẫu Word: {known}."
        raise UserError(f"Không có giấy «{paper}».", code="unknown_document", hint=hint)
    checking.refuse_without_record(workspace, layout)
    return layout


def fields_offered(workspace: Workspace, paper: str, search: str = "") -> list[Placeholder]:
    """The placeholders of a paper; `search` with or without accents: all its words in name, label or group."""
    offered = placeholders.placeholders_of(workspace, layout_named(workspace, paper))
    return fitting(list(offered.every()), search)


def fitting(offered: list[Placeholder], search: str) -> list[Placeholder]:
    """The placeholders that have all the words of a search, typed with or without accents."""
    words = fold(search).replace("_", " ").split()
    return [placeholder for placeholder in offered if _has_words(placeholder, words)] if words else offered


def _has_words(placeholder: Placeholder, words: list[str]) -> bool:
    text = fold(f"{placeholder.name} {placeholder.label} {placeholder.group}").replace("_", " ")
    return all(word in text for word in words)


def values_on_paper(workspace: Workspace, record: Record, paper: str, offered: list[Placeholder]) -> dict[str, str]:
    """What placeholders print for a record now, by their names; of a list, its first row."""
    names = _names_of(workspace, record, layout_named(workspace, paper))
    single, lists = values.values_of(offered, names, blank=False)
    first_rows = (value for item in lists for value in item.rows[0].values)
    return {value.name: value.text for value in (*single, *first_rows)}


def write_starting_form(workspace: Workspace, paper: str, docx: Path, example: Record | None = None) -> None:
    """Write our layout of a paper with placeholders as a Word file to begin with, in the parts that `example` has."""
    layout = layout_named(workspace, paper)
    names = _names_of(workspace, example, layout) if example else None
    placing.save(to_docx(starting.starting_form(workspace, layout, names)), docx)


def _names_of(workspace: Workspace, record: Record, layout: Layout) -> values.Names:
    """The records and other values of the paper of a record."""
    sources = placeholders.placeholders_of(workspace, layout).sources.values()
    uses = tuple(dict.fromkeys((*layout.uses, *(source.name for source in sources))))
    return layout.names(filling.context_of(workspace, record, layout, uses), uses)


def check_file(workspace: Workspace, paper: str, file: Path) -> CheckedForm:
    """Check a Word file for a paper; UserError if it cannot be read at all."""
    layout = layout_named(workspace, paper)
    given_files.refuse_odd_file(file)
    if not file.is_file():
        raise UserError(f"Không có tệp {file.name}.", code="no_file", hint="Hãy chọn tệp Word .docx.")
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
    except OSError as error:
        raise KnownError(
            f"Không đọc được {file.name}.", code="disk", hint="Hãy đóng tệp trong Word rồi thử lại."
        ) from error
    return checking.checked(workspace, layout, content)


def take_in(workspace: Workspace, paper: str, file: Path, label: str = "") -> KeptForm:
    """Check a Word file and use it for a paper from now on; FormFaultsError lists what is wrong with it.

    A file that is kept already is only used again.
    """
    layout = layout_named(workspace, paper)
    form = check_file(workspace, paper, file)
    if form.faults:
        raise FormFaultsError(list(form.faults))
    try_filling(sample_document(layout, form))  # what cannot be filled with samples is refused here
    known = [kept for kept in kept_forms.every_form(workspace, paper) if kept.content == form.content]
    if known:
        kept_forms.use(workspace, paper, known[0].choice)
        return known[0]
    named = " ".join(label.split())[:_LONGEST_LABEL] or layout.label.partition(" (")[0]
    return kept_forms.take_in(workspace, layout, named, form.content)


def sample_document(layout: Layout, form: CheckedForm) -> Document:
    """The paper filled with samples, to look at before the file is taken in."""
    single, lists = values.sample_values(form.used)
    block = own_form(layout.label, 1, form.content, single, lists)
    return Document(title=layout.label, blocks=(block,), footer="BẢN THỬ với số liệu ví dụ", page=layout.page)


def record_document(workspace: Workspace, paper: str, form: CheckedForm, record: Record) -> Document:
    """The paper of a record as the file would write it, without taking the file in."""
    layout = layout_named(workspace, paper)
    unit = workspace.identity.unit
    kept = KeptForm(paper, 1, layout.label, unit.code, unit.name, workspace.today(), OWN, form.content)
    return filling.filled(workspace, record, layout, own=writing.writing_by(workspace, layout, kept)).document


def write_document(
    document: Document, *, docx: Path | None = None, pdf: Path | None = None, progress: Progress = ignore_progress
) -> None:
    """Write a paper by a Word file for Word, as PDF, or both; KnownError `no_converter` if no PDF can be made."""
    content = to_own_docx(document)
    if docx is not None:
        placing.save(content, docx)
    if pdf is not None:
        conversion.to_pdf(content, pdf, progress)


def choices_for(workspace: Workspace, paper: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each way to print a paper: its choice, its sentence, whether it is in use; our layout last."""
    in_use = kept_forms.form_in_use(workspace, paper)
    for form in kept_forms.every_form(workspace, paper):
        yield form.choice, f"{form.sentence}: {form.label}", form == in_use
    yield kept_forms.PROGRAM, "Bố cục của chương trình", in_use is None
