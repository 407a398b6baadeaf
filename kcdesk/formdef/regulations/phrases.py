"""Sentences that officers write again and again, by `forms/phrases.toml`, which is read at first use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import PHRASES, refuse_faults
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value


class Phrase(Value, kw_only=True):
    """A sentence and the fields that offer it; only for these activities and checklist items, if any are named."""

    text: str
    fields: tuple[str, ...]
    source: str
    activities: tuple[str, ...] = ()
    items: tuple[str, ...] = ()  # codes of checklist items
    unverified: bool = False

    def fits(self, field: str, activities: Iterable[str], item: str) -> bool:
        """Whether a field offers it in a dossier with these activities, in the row of this checklist item."""
        is_activity = not self.activities or bool(set(self.activities) & set(activities))
        return field in self.fields and is_activity and (not self.items or item in self.items)


class Phrases(Value, kw_only=True):
    """The content of `forms/phrases.toml`; fields are named `acceptance.effect`, columns `acceptance.remedies.remedy`.

    `fields` offer sentences, also those that were typed in them before; `return_reasons` are those of them in which
    the reasons stand with which a dossier is sent back.
    """

    fields: tuple[str, ...] = ()
    return_reasons: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()


def load_phrases(folder: Path, forms: Forms) -> Phrases:
    """Read the sentences; FormsError lists all faults."""
    faults = Faults()
    read = read_definition(folder, PHRASES, Phrases, faults)
    for name in read.fields:
        _check_field(name, forms, faults)
    for name in read.return_reasons:
        if name not in read.fields:
            faults.unknown(PHRASES, "return_reasons", "ô", name, read.fields)
    items = {item.code for checklist in forms.checklists for item in (*checklist.papers, *checklist.facts)}
    activities = {activity.code for activity in forms.activities}
    for number, phrase in enumerate(read.phrases, start=1):
        for what, names, known in (
            ("ô", phrase.fields, read.fields),
            ("nội dung hoạt động", phrase.activities, activities),
            ("mục kiểm tra", phrase.items, items),
        ):
            for name in names:
                if name not in known:
                    faults.unknown(PHRASES, f"phrase {number}", what, name, known)
    refuse_faults(faults, folder)
    return read


def field_name(kind: str, path: str) -> str:
    """The name of the field at a path: `acceptance.checklist.finding` for `checklist/<row id>/finding`."""
    name, *cell = path.split("/")
    return ".".join((kind, name, *cell[1:]))


def labels_of(name: str, forms: Forms) -> list[str]:
    """What a field is called: the kind of record, the table if there is one, the field."""
    kind, *path = name.split(".")
    fields = ["/".join(path[: length + 1]) for length in range(len(path))]
    return [forms.current(kind).label, *(forms.newest_field(kind, field).label for field in fields)]


def _check_field(name: str, forms: Forms, faults: Faults) -> None:
    kind, _, path = name.partition(".")
    try:
        fields = list(_along(forms, kind, path))
    except KeyError:
        faults.unknown(PHRASES, "fields", "ô", name, _text_fields(forms, kind))
        return
    if not _is_text(fields[-1]):
        faults.add(PHRASES, "fields", f"“{name}” không phải là ô nhập chữ")
    if any(field.personal or field.sensitive for field in fields):
        faults.add(PHRASES, "fields", f"“{name}” có dữ liệu cá nhân, không gợi ý lại được")


def _along(forms: Forms, kind: str, path: str) -> Iterator[Field]:
    """The table, if there is one, and the field at `table.column`; KeyError if there is none."""
    table, _, column = path.partition(".")
    yield forms.newest_field(kind, table)
    if column:
        yield forms.newest_field(kind, f"{table}/{column}")


def _is_text(field: Field) -> bool:
    return type_of(field).is_plain_text or type_of(field).is_paragraph


def _text_fields(forms: Forms, kind: str) -> list[str]:
    fields = [field for form in forms.versions_of(kind) for field in form.fields]
    columns = [f"{kind}.{field.name}.{column.name}" for field in fields for column in field.columns if _is_text(column)]
    return [f"{kind}.{field.name}" for field in fields if _is_text(field)] + columns
