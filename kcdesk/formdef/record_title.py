"""What a record is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import is_blank

UNTITLED = "(chưa đặt tên)"


_TELLS_NOTHING = ("date", "year", "money", "integer")  # types that name no dossier by themselves


def title_of(form: Form, data: Mapping[str, Any], forms: Forms | None) -> str:
    """What a record with these values is called, without making one of them."""
    named = [(form.field(name), data[name]) for name in form.title if not is_blank(data.get(name))]
    words = [text for field, value in named if (text := type_of(field).text(value, field, forms))]
    if form.parent and all(field.type in _TELLS_NOTHING for field, _ in named):
        words.insert(0, form.label)  # its kind says more than a bare day or nothing at all
    return " – ".join(words) or UNTITLED
