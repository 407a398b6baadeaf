"""Where the cells of a column may go: a field, a column of a table, a field of a record that a reference names."""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.sheets.matching.kind_words import words_of_kind


class Target(Value):
    """A field of a kind as the goal of a column.

    `path` is «name», «table.column», «reference.field», «table[choice]» for the number beside a choice, or
    «name@choice» for a field of the record of one choice, if a row is a record of each.
    """

    path: str
    field: Field
    outer: Field | None = None  # the table or the reference
    choice: str = ""
    section: str = ""
    is_rare: bool = False  # only some records show it
    is_title: bool = False  # by it a record is called
    of: str = ""  # the choice of whose record it is a field
    of_label: str = ""

    @property
    def is_column(self) -> bool:
        """Whether it is a column of a table."""
        return self.outer is not None and bool(self.outer.columns)

    @property
    def is_linked(self) -> bool:
        """Whether it is a field of another record."""
        return self.outer is not None and not self.outer.columns

    @property
    def label(self) -> str:
        """The words for it on the screen."""
        label = self.field.heading
        if self.of:
            return f"{label}: {self.of_label}"
        return f"{self.outer.heading}: {label}" if self.outer else label


def targets_of(forms: Forms, kind: str) -> list[Target]:
    """Every target of a kind; computed fields and files are none."""
    form = forms.current(kind)
    of_form = [target for item in form.fields if not item.computed for target in _of_field(forms, form, item)]
    return [*of_form, *_of_choices(forms, form)]


def target_at(forms: Forms, kind: str, path: str) -> Target | None:
    """The target with a path; None if there is none."""
    known: dict[str, Target] = forms.once(
        ("targets", kind), lambda: {each.path: each for each in targets_of(forms, kind)}
    )
    return known.get(path)


def _of_field(forms: Forms, form: Form, item: Field) -> Iterator[Target]:
    section = form.section_of(item.name)
    is_rare = bool(item.visible_when or section.visible_when or item.is_decision)
    field_type = type_of(item)
    if field_type.holds_files or field_type.is_checklist:
        return
    if item.columns:
        yield from _of_table(forms, item, is_rare=is_rare)
        return
    yield Target(item.name, item, section=section.id, is_rare=is_rare, is_title=item.name in form.title)
    if field_type.names_records:
        for other in _linked_fields(forms, form, item):
            yield Target(f"{item.name}.{other.name}", other, item, section=item.name)


def _linked_fields(forms: Forms, form: Form, item: Field) -> Iterator[Field]:
    """The fields of a record that a reference names: all of one that is made, else those by which it is found."""
    linked = forms.current(item.target)
    is_made = item.name in words_of_kind(forms, form.id).makes
    telling = {name for group in words_of_kind(forms, item.target).identity for name in group} | {*linked.title}
    for other in linked.fields:
        is_plain = not (other.computed or other.columns or type_of(other).holds_files or type_of(other).names_records)
        if is_plain and (is_made or other.name in telling):
            yield other


def _of_choices(forms: Forms, form: Form) -> Iterator[Target]:
    """The fields that may have a column for each choice by which a row is divided."""
    words = words_of_kind(forms, form.id)
    if not words.divided_by:
        return
    for name in words.divided:
        for choice in forms.choices(form.by_name[words.divided_by]):
            path, section = f"{name}@{choice.value}", form.section_of(name).id
            yield Target(path, form.by_name[name], section=section, of=choice.value, of_label=choice.label)


def _of_table(forms: Forms, table: Field, *, is_rare: bool) -> Iterator[Target]:
    typed = [column for column in table.columns if not (column.computed or type_of(column).holds_files)]
    for column in typed:
        if not type_of(column).is_table_row:
            yield Target(f"{table.name}.{column.name}", column, table, section=table.name, is_rare=is_rare)
    if len(typed) == 2 and type_of(typed[0]).is_choice:
        for choice in forms.choices(typed[0]):
            yield Target(f"{table.name}[{choice.value}]", typed[1], table, choice.value, table.name)
