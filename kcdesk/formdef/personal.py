"""Personal values (`personal = true`): masking them in lists for other people, and counting them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.record import Record
from kcdesk.formdef.values import is_blank

_KEPT = 3  # last letters and digits that stay visible


def masked(text: str) -> str:
    """Mask a personal text: initials for words, the last characters for texts with a digit or @.

    «Nguyễn Văn Mẫu» becomes «N. V. M.», «0912 345 678» becomes «**** *** 678».
    """
    if not any(letter.isdigit() or letter == "@" for letter in text):
        return " ".join(f"{word[0].upper()}." for word in text.split())
    places = [place for place, letter in enumerate(text) if letter.isalnum()]
    hidden = set(places[:-_KEPT] if len(places) > _KEPT else places)
    return "".join("*" if place in hidden else letter for place, letter in enumerate(text))


def text_for_others(record: Record, path: str) -> str:
    """The text of a field for a list for other people, masked if personal; "" if there is no value."""
    text = record.text(path)
    return masked(text) if text and record.field(path).personal else text


def title_for_others(title: str, record: Record) -> str:
    """A title in which the personal fields are masked."""
    for name in record.form.title:
        text = record.text(name)
        if text and record.field(name).personal:
            title = title.replace(text, masked(text))
    return title


def personal_values(form: Form, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the path (`name`, `table/column`) of every personal or sensitive value of a record."""
    return (path for path, _ in _held(form, data))


def sensitive_values(form: Form, data: Mapping[str, Any]) -> Iterator[str]:
    """Yield the name of every field of a record that is sensitive by law and has a value."""
    return (field.name for field in form.fields if field.sensitive and not is_blank(data.get(field.name)))


def personal_texts(form: Form, data: Mapping[str, Any]) -> Iterator[Any]:
    """Yield every personal or sensitive value of a record."""
    return (value for _, value in _held(form, data))


def _held(form: Form, data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():  # a record fills in few of the many fields of a form
        field = form.by_name.get(name)
        if field is None or is_blank(value):
            continue
        if is_personal(field):
            yield name, value
            continue
        columns = [column.name for column in field.columns if is_personal(column)]
        for row in value if columns else ():
            yield from ((f"{name}/{column}", row[column]) for column in columns if not is_blank(row.get(column)))


def is_personal(field: Field) -> bool:
    """Whether a field is personal or sensitive."""
    return field.personal or field.sensitive
