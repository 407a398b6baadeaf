"""Pages of help by topic: a shipped page, or what the definitions and the handbook say of one field.

The topic of a field is `kind.field` or `kind.table.column`; those of reports stand in `report_pages`.
"""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk import handbook, moments
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.model import Field, Form, Section
from kcdesk.handbook import HelpPage
from kcdesk.runtime.frozen import Value
from kcdesk.services.guidance import report_pages

COMPUTED = "**Máy tự tính**, không gõ được: số này thay đổi theo các ô liên quan."
PROVINCE = "**Cấp tỉnh ghi.** Ở cấp dưới, ô này chỉ để xem; nội dung về cùng biên nhận hoặc gói của cấp tỉnh."
REQUIRED = "**Phải điền** trước khi bấm «Chốt»."
REQUIRED_ALWAYS = "**Phải điền.**"
_LISTED = 12  # more choices than this are not written out


def page_of(topics: Iterable[str], forms: Forms | None = None) -> HelpPage:
    """Return the page of the first topic that has one, else the table of contents."""
    shipped = handbook.shipped_pages()
    for topic in topics:
        if page := shipped.get(topic) or _defined_page(topic, forms):
            return page
    return shipped[handbook.CONTENTS]


def has_page(topic: str, forms: Forms | None = None) -> bool:
    """Return whether there is a page of this topic."""
    return topic in handbook.shipped_pages() or _defined_page(topic, forms) is not None


def _defined_page(topic: str, forms: Forms | None) -> HelpPage | None:
    """The page that is written from the definition of a field or a report."""
    if topic.startswith(f"{report_pages.KIND}."):
        return report_pages.report_page(topic, forms if forms is not None else load())
    return _field_page(topic, forms)


class _FieldPlace(Value):
    """Where a field stands: `table` is the field of the form, `column` one of its columns, if it was asked for."""

    forms: Forms
    form: Form
    section: Section
    table: Field
    column: Field | None

    @property
    def field(self) -> Field:
        return self.column or self.table

    @property
    def path(self) -> str:
        return f"{self.table.name}.{self.column.name}" if self.column else self.table.name


def _field_page(topic: str, forms: Forms | None) -> HelpPage | None:
    kind, *path = topic.split(".")
    known = forms if forms is not None else load()
    if not path or kind not in known.kinds:
        return None
    form = known.current(kind)
    fields = [(section, field) for section in form.sections for field in section.fields if field.name == path[0]]
    if not fields:
        return None
    section, table = fields[0]
    column = next((column for column in table.columns if column.name == "".join(path[1:])), None)
    place = _FieldPlace(known, form, section, table, column)
    return HelpPage(topic, place.field.label, "\n\n".join(filter(None, _parts(place))))


def _parts(place: _FieldPlace) -> list[str]:
    """Return what it is, how to type it, what can be chosen, which rule stands behind it, and where to read more."""
    field, form = place.field, place.form
    return [
        _meaning(place),
        _typing(field),
        _choices(field, place.forms),
        _table(place),
        _rule(place),
        (REQUIRED if place.forms.has_steps(form.id) else REQUIRED_ALWAYS) if field.required else "",
        f"[Về phần «{place.section.label}» và cả hồ sơ «{form.label}»](help:{form.id})",
    ]


def _meaning(place: _FieldPlace) -> str:
    """Return the help of the form and the text of the handbook."""
    texts = (place.field.help, handbook.field_texts(place.form.id).get(place.path, ""))
    return "\n\n".join(filter(None, texts))


def _typing(field: Field) -> str:
    if field.computed:
        return COMPUTED
    if field.is_decision:
        return PROVINCE
    way = handbook.field_texts("types").get(field.type, "")
    return f"**Cách nhập.** {way}" if way else ""


def _choices(field: Field, forms: Forms) -> str:
    offered = [choice for choice in forms.choices(field) if not choice.retired]
    if len(offered) > _LISTED:
        return f"**Có {len(offered)} mục để chọn**: gõ vài chữ, không cần dấu, để tìm."
    lines = [f"- {choice.label}{f': {choice.help}' if choice.help else ''}" for choice in offered]
    return "\n".join(("**Các lựa chọn**\n", *lines)) if lines else ""


def _table(place: _FieldPlace) -> str:
    """Return what the whole table is for, below the text of one of its columns."""
    text = handbook.field_texts(place.form.id).get(place.table.name, "") or place.table.help
    return f"**Bảng «{place.table.label}».** {text}" if place.column and text else ""


def _rule(place: _FieldPlace) -> str:
    """Return the legal source, with how far it was checked: of the field, else of its table, else of its section."""
    for field in (place.field, place.table):
        if field.source or field.unverified:
            source = field.source or "Chưa rõ văn bản"
            return f"**Căn cứ.** {place.forms.basis(source, unverified=field.unverified, on=moments.today())}."
    source = place.forms.basis(place.section.source, on=moments.today())
    return f"**Căn cứ của phần này.** {source}." if source else ""
