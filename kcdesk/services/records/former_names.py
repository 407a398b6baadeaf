"""Former names and numbers in words: «tên trước đây «…», đến 05/3/2026»."""

from __future__ import annotations

from datetime import date

from kcdesk import moments, text
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.former_values import FormerValue, kept_fields
from kcdesk.store.similar_names import SimilarName
from kcdesk.store.stored_record import StoredRecord

NEAR_NAME = "tên gần giống"
_DAY = len("2026-03-05")


def former_reason(reason: str, former: FormerValue) -> str:
    """A reason with when it held: «cùng mã số thuế trước đây, đến 05/3/2026», «… trong hồ sơ đã gộp vào»."""
    if former.merged:
        return f"{reason} trong hồ sơ đã gộp vào"
    why = f" ({former.reason})" if former.reason else ""
    return f"{reason} trước đây{_until(former)}{why}"


def _until(former: FormerValue) -> str:
    """The day on which a value was replaced, as written down or by the clock of this place; "" if it is not known."""
    if not former.until:
        return ""
    day = former.until if len(former.until) == _DAY else moments.day(former.until)
    return f", đến {text.format_date(date.fromisoformat(day) if isinstance(day, str) else day)}"


def name_reason(match: SimilarName) -> str:
    """Why a record is listed under a name: it is nearly its name, or was its name until a day."""
    return quoted_reason("tên", match.former) if match.former else NEAR_NAME


def quoted_reason(what: str, former: FormerValue) -> str:
    """A former value in words: «tên trước đây «…», đến 05/3/2026», «tên «…» trong hồ sơ đã gộp vào»."""
    if former.merged:
        return f"{what} «{former.value}» trong hồ sơ đã gộp vào"
    why = f" ({former.reason})" if former.reason else ""
    return f"{what} trước đây «{former.value}»{_until(former)}{why}"


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
            is_name = value.path in form.title
            return quoted_reason("tên", value) if is_name else former_reason(text.lower_first(field.label), value)
    return ""


def _missing(typed: list[str], written: str) -> list[str]:
    """The typed words with which no word of a text begins."""
    own = text.index_words(written)
    return [part for part in typed if not any(word.startswith(part) for word in own)]


def _words_today(workspace: Workspace, stored: StoredRecord) -> str:
    record = stored.record(workspace.forms)
    return " ".join(record.text(field.name) for field in record.form.fields if type_of(field).is_text)
