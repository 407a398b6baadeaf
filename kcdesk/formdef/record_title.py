"""The title of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import is_blank

UNTITLED = "(chưa đặt tên)"


_NOT_A_TITLE = ("date", "year", "money", "integer")  # types whose values alone do not identify a dossier


def title_of(form: Form, data: Mapping[str, Any], forms: Forms | None) -> str:
    """The title of a record with these values."""
    named = [(form.field(name), data[name]) for name in form.title if not is_blank(data.get(name))]
    words = [text for field, value in named if (text := type_of(field).text(value, field, forms))]
    if form.parent and all(field.type in _NOT_A_TITLE for field, _ in named):
        words.insert(0, form.label)  # the label of the kind makes a date, or an empty title, understandable
    return " – ".join(dict.fromkeys(words)) or UNTITLED  # a span of one year is one year
