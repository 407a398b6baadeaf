"""Former names and numbers in words: «tên trước đây «…», đến 05/3/2026»."""

from __future__ import annotations

from kcdesk import moments, text
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.former_values import FormerValue, kept_fields
from kcdesk.store.similar_names import SimilarName
from kcdesk.store.stored_record import StoredRecord

NEAR_NAME = "tên gần giống"


def last_day(former: FormerValue) -> str:
    """The day on which a value was replaced, by the clock of this place."""
    return text.format_date(moments.day(former.until))


def name_reason(match: SimilarName) -> str:
    """Why a record is listed under a name: it is nearly its name, or was its name until a day."""
    return _former_name(match.former) if match.former else NEAR_NAME


def matching(workspace: Workspace, stored: StoredRecord, search: str) -> str:
    """The former value by which a search lists a record, in words; "" if what it says today is enough."""
    typed, form = text.tokens(search), workspace.forms.by_reference(stored.form)
    if not kept_fields(form) or not _missing(typed, stored.title(workspace.forms)):
        return ""
    former = workspace.store.former(stored)
    missing = _missing(typed, _words_today(workspace, stored)) if former else []
    for value in former if missing else ():
        field = form.by_name.get(workspace.forms.renames(stored.kind).own(form, value.path))
        if field is None:
            continue
        if not _missing(missing, type_of(field).search_text(value.value, field, workspace.forms)):
            return _former_name(value) if value.path in form.title else _former_value(field.label, value)
    return ""


def _missing(typed: list[str], written: str) -> list[str]:
    """The typed words with which no word of a text begins."""
    own = text.index_words(written)
    return [part for part in typed if not any(word.startswith(part) for word in own)]


def _words_today(workspace: Workspace, stored: StoredRecord) -> str:
    record = stored.record(workspace.forms)
    return " ".join(record.text(field.name) for field in record.form.fields if type_of(field).is_text)


def _former_name(former: FormerValue) -> str:
    return f"tên trước đây «{former.value}», đến {last_day(former)}"


def _former_value(label: str, former: FormerValue) -> str:
    return f"{text.lower_first(label)} trước đây, đến {last_day(former)}"
