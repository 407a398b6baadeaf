"""Making new records with their declared defaults."""

from __future__ import annotations

from datetime import date
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.record import Record
from kcdesk.formdef.values import Stored, thawed


def new_record(forms: Forms, kind: str, id: str, on: date) -> Record:
    """Make an empty record of the form in force on a day, with its declared defaults and the first state."""
    form = forms.current(kind, on)
    data: dict[str, Any] = {"state": forms.workflow(kind).initial, "revision": 1}
    record = Record(id, kind, form, data, forms=forms)
    for field in form.fields:
        if field.default is not None:
            record.set(field.name, _default(field, on))
    return record


def needs_parent(form: Form) -> bool:
    """Whether a record of this form must belong to another one, as its paper asks."""
    return bool(form.parent) and form.field(form.parent).required


def shared_parent(form: Form, field: Field, target: Form) -> str:
    """The field by which the records that `field` may name belong to the same kind of parent as those of `form`.

    "" where there is none, also for the reference to the parent itself.
    """
    if not form.parent or field.name == form.parent or not needs_parent(target):
        return ""
    return target.parent if target.field(target.parent).target == form.field(form.parent).target else ""


def _default(field: Field, on: date) -> Stored:
    if field.default != "today":
        return thawed(field.default)
    return on.year if field.type == "year" else on.isoformat()
