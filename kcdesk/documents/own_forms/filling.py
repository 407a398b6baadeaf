"""Filling an office's own Word file: rows repeat by themselves, values are put in by docxtpl in a sandbox.

The file holds names only (placeholders.py). They are turned into variables of a template that this module writes, so no
text of the file is ever run; what a value contains is text.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from io import BytesIO
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from kcdesk import moments
from kcdesk.documents import blocks, qr
from kcdesk.documents.blocks import Document, OwnForm, OwnValue, moment_of, own_form_of
from kcdesk.documents.own_forms.placeholders import NUMBER_OF_ROW, ONLY_IF, FormTag, own_texts, tags_in
from kcdesk.documents.own_forms.word_file import WordParts, opened
from kcdesk.documents.paper_codes import read_qr
from kcdesk.documents.styles import FOOTER_SIZE, MILLIMETRE, QR_BELOW, QR_SIDE
from kcdesk.documents.word import word_xml
from kcdesk.errors import UserError
from kcdesk.text import format_date

CODE, PRINTED_ON, QR = "giay.ma", "giay.ngay_in", "giay.qr"  # what only the finished paper knows
OF_PAPER = (CODE, PRINTED_ON, QR)
_LARGEST_FILLED = 16 << 20  # bytes of XML of a filled paper
_MOST_ROWS = 5000  # of one list
_PICTURE_WIDTH, _QR_WIDTH = 75, 22  # millimetres
_UNFILLABLE = (TemplateError, etree.XMLSyntaxError, ValueError, TypeError, LookupError, AttributeError, OSError)
_BESIDE_CODE = 3  # millimetres between the lines at the foot and the code
_BRACES = {"{": "brace_open", "}": "brace_close"}


def own_form(
    label: str, version: int, file: bytes, values: Iterable[OwnValue], lists: Iterable[blocks.OwnList]
) -> OwnForm:
    """The block of a paper that a Word file writes."""
    return OwnForm(label, version, base64.b64encode(file).decode(), tuple(values), tuple(lists))


def to_own_docx(document: Document) -> bytes:
    """The bytes of the Word file of a paper by an office's own form; equal papers with a date give equal bytes.

    UserError `word_form` if the file cannot be used, `long_word_form` if it would become too long.
    """
    form = own_form_of(document)
    assert form is not None, "only papers by an own form are written here"
    parts = opened(_file_of(form))
    template = _Template(parts, form)
    template.prepare()
    try:
        return word_xml.with_fixed_times(_rendered(parts, template, document))
    except _UNFILLABLE as error:
        raise UserError(
            f"Mẫu Word «{form.label}» không điền được: {error}.",
            code="word_form",
            hint="Hãy kiểm tra lại mẫu ấy, hoặc thôi dùng để in theo bố cục của chương trình.",
        ) from error


def _file_of(form: OwnForm) -> bytes:
    try:
        return base64.b64decode(form.file, validate=True)
    except ValueError as error:
        raise UserError(
            "Mẫu Word giữ cùng giấy này bị hỏng.", code="word_form", hint="Hãy in theo bố cục của chương trình."
        ) from error


class _Template:
    """Turns the placeholders of one file into variables and loops of a template."""

    def __init__(self, parts: WordParts, form: OwnForm) -> None:
        self._parts = parts
        self._scalars = {value.name: value for value in form.values}
        self._lists = {item.name: item for item in form.lists}
        self._columns = {value.name: item.name for item in form.lists for row in item.rows[:1] for value in row.values}
        self.names: dict[str, str] = {}  # variable of a scalar to its placeholder
        self.loops: dict[str, tuple[str, dict[str, str]]] = {}  # variable of a loop to its list and its columns
        self._repeated: dict[etree._Element, str] = {}
        self._conditions: list[tuple[etree._Element, str]] = []

    def prepare(self) -> None:
        """Rewrite the texts; UserError `long_word_form` if the filled paper would be too long."""
        by_paragraph: dict[etree._Element, list[FormTag]] = {}
        for tag in tags_in(self._parts):
            by_paragraph.setdefault(tag.paragraph, []).append(tag)
        for tree in self._parts.trees.values():
            _guard_braces(tree)
        for paragraph, tags in by_paragraph.items():
            for tag in sorted(tags, key=lambda tag: tag.start, reverse=True):
                _replace(paragraph, tag, self._variable(tag))
        self._refuse_length()
        for element, condition in self._conditions:
            _wrap(_removable(element), f"{{% if {condition} %}}", "{% endif %}")
        for place, (element, loop) in enumerate(self._repeated.items()):
            _wrap(element, f"{{% for r{place} in {loop} %}}", "{% endfor %}")
            _rename(element, f"r{place}")

    def list_of(self, name: str) -> str:
        """The list that a placeholder belongs to; "" for one value."""
        if name in self._scalars or name in OF_PAPER:
            return ""
        named = self._columns.get(name, "")
        return named or max((known for known in self._lists if name.startswith(f"{known}.")), key=len, default="")

    def _variable(self, tag: FormTag) -> str:
        if tag.name == NUMBER_OF_ROW:
            return "{{ row.number }}"
        of_list = self.list_of(tag.name)
        if not of_list:
            variable = f"v{len(self.names)}"
            self.names[variable] = tag.name
            if tag.name.startswith(ONLY_IF):
                self._conditions.append((tag.holder, variable))
                return ""
            return f"{{{{ {variable} }}}}"
        loop = self._repeated.setdefault(tag.holder, f"l{len(self._repeated)}")
        _list, columns = self.loops.setdefault(loop, (of_list, {}))
        column = columns.setdefault(tag.name, f"c{len(columns)}")
        return f"{{{{ row.{column} }}}}"

    def _refuse_length(self) -> None:
        total = sum(len(etree.tostring(tree)) for tree in self._parts.trees.values())
        for element, loop in self._repeated.items():
            rows = self._lists[self.loops[loop][0]].rows
            total += len(rows) * len(etree.tostring(element)) + sum(len(v.text) for row in rows for v in row.values)
            if len(rows) > _MOST_ROWS or total > _LARGEST_FILLED:
                raise UserError(
                    f"Giấy theo mẫu Word này sẽ quá dài: {len(rows)} dòng lặp.",
                    code="long_word_form",
                    hint="Hãy in giấy này theo bố cục của chương trình, hoặc bớt nội dung trong dòng lặp.",
                )

    def context(self, value: Callable[[OwnValue | str], object]) -> dict[str, object]:
        """The variables with their values; `value` gives what is put in for a value, or for a name without one."""
        known: dict[str, object] = {
            variable: value(self._scalars.get(name, name)) for variable, name in self.names.items()
        }
        for loop, (name, columns) in self.loops.items():
            rows = self._lists[name].rows
            known[loop] = [
                {"number": number, **_cells(row.values, columns, value)} for number, row in enumerate(rows, 1)
            ]
        return known | {variable: brace for brace, variable in _BRACES.items()}


def _cells(
    values: tuple[OwnValue, ...], columns: Mapping[str, str], value: Callable[[OwnValue | str], object]
) -> dict[str, object]:
    by_name = {item.name: item for item in values}
    return {column: value(by_name[name]) if name in by_name else "" for name, column in columns.items()}


def _guard_braces(tree: etree._Element) -> None:
    """Take braces out of attributes, where they could only be meant to run something."""
    for element in tree.iter(etree.Element):
        for name, content in element.attrib.items():
            if "{{" in content or "{%" in content or "{#" in content:
                element.set(name, content.replace("{", "(").replace("}", ")"))
        for side in ("text", "tail") if element.tag != qn("w:t") else ("tail",):
            if "{" in _raw(element, side):
                _set_raw(element, side, _raw(element, side).replace("{", "(").replace("}", ")"))


def _raw(element: etree._Element, side: str) -> str:
    """The XML text of an element; python-docx gives some elements another `text`, that of all their runs."""
    return getattr(etree._Element, side).__get__(element) or ""


def _set_raw(element: etree._Element, side: str, text: str) -> None:
    getattr(etree._Element, side).__set__(element, text)


def _replace(paragraph: etree._Element, tag: FormTag, variable: str) -> None:
    """Put a variable in place of a placeholder: into the piece of text where it begins, out of the others."""
    at, is_first = 0, True
    for piece in own_texts(paragraph):
        content = piece.text or ""
        begin, end = max(tag.start - at, 0), min(tag.end - at, len(content))
        at += len(content)
        if begin < end:
            piece.text = content[:begin] + (_marked(variable) if is_first else "") + content[end:]
            piece.set(qn("xml:space"), "preserve")
            is_first = False


def _marked(variable: str) -> str:
    """The variable with private letters for braces, until the braces of ordinary text are out of the way."""
    return variable.replace("{", "\ue7f0").replace("}", "\ue7f1")


def _settle_braces(tree: etree._Element) -> None:
    """Make braces of ordinary text variables too, then put in the braces of the template's own variables."""
    for piece in tree.iter(qn("w:t")):
        if piece.text and any(sign in piece.text for sign in "{}\ue7f0\ue7f1"):
            text = "".join(f"\ue7f0\ue7f0 {_BRACES[c]} \ue7f1\ue7f1" if c in _BRACES else c for c in piece.text)
            piece.text = text.replace("\ue7f0", "{").replace("\ue7f1", "}")


def _wrap(element: etree._Element, before: str, after: str) -> None:
    """Put the words of a loop before and after an element, as text between elements that docxtpl renders."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        _set_raw(previous, "tail", _raw(previous, "tail") + before)
    else:
        _set_raw(parent, "text", _raw(parent, "text") + before)
    _set_raw(element, "tail", after + _raw(element, "tail"))


def _removable(element: etree._Element) -> etree._Element:
    """What is left out with an element: the table of its only row, because a table needs a row."""
    parent = element.getparent()
    is_only_row = element.tag == qn("w:tr") and len(list(parent.iterchildren(qn("w:tr")))) == 1
    return parent if is_only_row else element


def _rename(element: etree._Element, row: str) -> None:
    """Give the variables of a row that repeats the name of its own loop."""
    for piece in element.iter(qn("w:t")):
        if piece.text:
            piece.text = piece.text.replace(_marked("{{ row."), _marked(f"{{{{ {row}."))


def _rendered(parts: WordParts, template: _Template, document: Document) -> bytes:
    for tree in parts.trees.values():
        _settle_braces(tree)
    file = DocxTemplate(BytesIO(parts.packed()))
    file.init_docx()
    _write_properties(file.docx, document)
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    environment.globals, environment.filters, environment.tests = {}, {}, {}
    file.render(template.context(_values(file, document)), environment, autoescape=True)
    _furnish(file.docx, document, has_code=bool({CODE, QR} <= set(template.names.values())))
    buffer = BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def _values(file: Any, document: Document) -> Callable[[OwnValue | str], object]:
    """What is put in for a value: its text, its picture, or what only the finished paper knows."""
    code = read_qr(document.qr)

    def value(item: OwnValue | str) -> object:
        if isinstance(item, str):
            return _of_paper(item)
        if item.sha256:
            picture = document.read_file(item.sha256)
            return InlineImage(file, BytesIO(picture), width=Mm(_PICTURE_WIDTH)) if picture else item.text
        return item.text

    def _of_paper(name: str) -> object:
        if name == QR and document.qr:
            return InlineImage(file, BytesIO(qr.png(document.qr)), width=Mm(_QR_WIDTH))
        if name == PRINTED_ON:
            return format_date(moment_of(document).date())
        return code.short if name == CODE and code else ""

    return value


def _write_properties(docx: Any, document: Document) -> None:
    properties = docx.core_properties
    properties.title, properties.author, properties.subject = document.title, document.author, document.subject
    properties.keywords, properties.language, properties.category = ", ".join(document.keywords), "vi-VN", ""
    properties.comments, properties.last_modified_by, properties.identifier = "", document.author, ""
    properties.created = properties.modified = moments.in_utc(moment_of(document).isoformat())
    for name in ("title", "author", "subject"):  # docxtpl renders these as templates too
        setattr(properties, name, getattr(properties, name).replace("{", "(").replace("}", ")"))


def _furnish(docx: Any, document: Document, *, has_code: bool) -> None:
    """Add code and foot lines below the feet of all pages, as on our own papers."""
    if not document.furniture:
        return
    is_even = docx.settings.odd_and_even_pages_header_footer
    for number, section in enumerate(docx.sections):
        feet = [section.footer]
        feet += [section.first_page_footer] if section.different_first_page_header_footer else []
        feet += [section.even_page_footer] if is_even else []
        for foot in feet:
            if number and foot.is_linked_to_previous:
                continue
            _write_foot(foot, document, _code_place(section, document), has_code)


def _code_place(section: Any, document: Document) -> tuple[float, float]:
    """Where the code stands, in millimetres from the left and the upper edge: at the right end of the text."""
    page, side = document.page, QR_SIDE / MILLIMETRE
    width = section.page_width.mm if section.page_width else page.width
    height = section.page_height.mm if section.page_height else page.height
    right = section.right_margin.mm if section.right_margin else page.right
    return width - right - side, height - QR_BELOW / MILLIMETRE - side


def _write_foot(foot: Any, document: Document, code_place: tuple[float, float], has_code: bool) -> None:
    first = foot.paragraphs[0] if len(foot.paragraphs) == 1 and not foot.paragraphs[0].text else None
    line = copy(first) if first is not None and not len(first.runs) else foot.add_paragraph()
    for number, text in enumerate(document.footer.splitlines()):
        if number:
            line.add_run().add_break()
        word_xml.write_line(line, (text,), size=FOOTER_SIZE, width=0)
    if document.qr and not has_code:
        side = QR_SIDE / MILLIMETRE
        line.paragraph_format.right_indent = Mm(side + _BESIDE_CODE)  # the lines do not run into the code
        word_xml.anchor(line.add_run(), qr.png(document.qr), side, *code_place)
