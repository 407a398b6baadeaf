"""Which registered units may be the same establishment, or the one that it came from, and why.

They are matched by tax code, citizen id, phone, a similar name, a part of the name, or the owner, each as it is today
or as it was before a change; also through a duplicate that was merged. None is chosen where several fit. From each the
links of splitting, merging and conversion lead on to the units before and after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from kcdesk import text
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records.former_names import former_reason, name_reason, quoted_reason
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace
from kcdesk.store.former_values import FormerValue
from kcdesk.store.stored_record import StoredRecord

NUMBERS = {"tax_code": "cùng mã số thuế", "citizen_id": "cùng số định danh cá nhân", "phone": "cùng số điện thoại"}
SAME = "chính đơn vị này"
PREDECESSORS = "predecessors"  # the table of the units that a unit came from
LISTED = 50  # units that are listed for a part of a name
_PARTS = {"name": ("tên có những chữ này", "tên"), "representative": ("người đại diện", "người đại diện")}
_NAMES = 8  # limit of similar names
_LEAST_LETTERS, _LOOKED_AT = 3, 200  # of a part of a name: letters that are typed, records that are looked at
_GENERATIONS = 5  # units before the unit before, and so on

Matches = dict[str, tuple[StoredRecord, str]]  # beneficiaries by id, each with the strongest reason of the match


def of_words(workspace: Workspace, words: str) -> Matches:
    """The beneficiaries with a typed number; without any, those with a similar name, these words in it, this owner."""
    matches: Matches = {}
    for name, reason in NUMBERS.items():
        if (value := _number(workspace, name, words)) is not None:
            add(matches, by_number(workspace, name, value, reason))
    if words and not matches:
        add(matches, _by_name(workspace, words))
        add(matches, _by_part(workspace, words))
    return _with_related(workspace, matches)


def of_unit(workspace: Workspace, beneficiary: StoredRecord) -> Matches:
    """The establishment itself and every record that may be the same establishment, or one before or after it."""
    matches: Matches = {beneficiary.id: (beneficiary, SAME)}
    for name, values in _known_by(workspace, beneficiary).items():
        for value in values:
            add(matches, by_number(workspace, name, value, NUMBERS[name]))
    if title := beneficiary.data.get("name"):
        add(matches, _by_name(workspace, title))
    return _with_related(workspace, matches)


def by_number(workspace: Workspace, name: str, value: str, reason: str) -> Matches:
    """The beneficiaries with a number; the tax code of a branch (10 + 3 digits) also matches its enterprise."""
    codes = dict.fromkeys([value, value.partition("-")[0]] if name == "tax_code" else [value])
    matches = {stored.id: (stored, reason) for stored in workspace.store.find("beneficiary", name, list(codes))}
    for stored, former in workspace.store.find_former("beneficiary", name, codes):
        matches.setdefault(stored.id, (stored, former_reason(reason, former)))
    return matches


def add(matches: Matches, more: Matches) -> None:
    """Add matches; a reason that is already present is stronger and stays."""
    for id_, entry in more.items():
        matches.setdefault(id_, entry)


def _known_by(workspace: Workspace, beneficiary: StoredRecord) -> dict[str, list[str]]:
    """The numbers of a unit today, and the former tax codes that were written down or came with a duplicate."""
    values = {name: [value] for name in NUMBERS if (value := beneficiary.data.get(name))}
    for former in workspace.store.former(beneficiary):
        if former.path in NUMBERS and (former.merged or former.since or former.reason or former.path == "tax_code"):
            values.setdefault(former.path, []).append(str(former.value))
    return values


def _by_name(workspace: Workspace, name: str) -> Matches:
    near = workspace.store.near("beneficiary", "name", name, _NAMES)
    return {match.record.id: (match.record, name_reason(match)) for match in near}


def _by_part(workspace: Workspace, typed: str) -> Matches:
    """The beneficiaries whose name or owner, today or before, has every typed word, or begins a word with it."""
    words = text.tokens(typed)
    if sum(map(len, words)) < _LEAST_LETTERS or not any(word.isalpha() for word in words):
        return {}
    page = workspace.store.page("beneficiary", search=typed, limit=_LOOKED_AT)
    today = {stored.id: why for stored in page if (why := _part_today(stored, words))}
    former = workspace.store.former_of([stored for stored in page if stored.id not in today])
    reasons = {**today, **{id_: why for id_, values in former.items() if (why := _part_before(values, words))}}
    named = ((stored.id, (stored, reasons[stored.id])) for stored in page if stored.id in reasons)
    return dict(islice(named, LISTED))


def _part_today(stored: StoredRecord, words: Sequence[str]) -> str:
    for name, (reason, _) in _PARTS.items():
        if _has_words(written := str(stored.data.get(name, "")), words):
            return reason if name == "name" else f"{reason} «{written}»"
    return ""


def _part_before(values: Sequence[FormerValue], words: Sequence[str]) -> str:
    for name, (_, what) in _PARTS.items():
        for value in values:
            if value.path == name and _has_words(str(value.value), words):
                return quoted_reason(what, value)
    return ""


def _has_words(name: str, words: Sequence[str]) -> bool:
    own = text.index_words(name)
    return all(any(word.startswith(part) for word in own) for part in words)


def _number(workspace: Workspace, name: str, typed: str) -> str | None:
    """The typed text as it is stored in the field `name`; None if it is not such a number."""
    field = workspace.forms.current("beneficiary").field(name)
    try:
        value = type_of(field).parse(typed, field, workspace.forms)
    except ValueProblem:
        return None
    return value if isinstance(value, str) else None


# -- units before and after ------------------------------------------------------------------------------------------


def _with_related(workspace: Workspace, matches: Matches) -> Matches:
    """The matches and the units that split off, were merged or converted from or into them."""
    newest: Mapping[str, tuple[StoredRecord, str]] = matches
    all_of = dict(matches)
    for _ in range(_GENERATIONS):
        newest = {id_: entry for id_, entry in _related(workspace, newest) if id_ not in all_of}
        if not newest:
            break
        add(all_of, dict(newest))
    return all_of


def _related(
    workspace: Workspace, matches: Mapping[str, tuple[StoredRecord, str]]
) -> Iterator[tuple[str, tuple[StoredRecord, str]]]:
    titles = {id_: stored.title(workspace.forms) for id_, (stored, _) in matches.items()}
    for id_, (stored, _) in matches.items():
        for row in stored.data.get(PREDECESSORS, ()):
            for before in present(workspace, filter(None, [row.get("unit")])):
                yield before.id, (before, f"đơn vị trước của «{titles[id_]}»: {_how(workspace, stored, row)}")
    for after in workspace.store.find("beneficiary", f"{PREDECESSORS}/unit", list(titles)) if titles else ():
        for row in after.data.get(PREDECESSORS, ()):
            if row.get("unit") in titles:
                reason = f"đơn vị sau của «{titles[row['unit']]}»: {_how(workspace, after, row)}"
                yield after.id, (after, reason)


def _how(workspace: Workspace, stored: StoredRecord, row: Mapping[str, str]) -> str:
    """«chia, ngày 05/3/2026»."""
    column = workspace.forms.by_reference(stored.form).field(PREDECESSORS).column("how")
    how = text.lower_first(type_of(column).text(row["how"], column, workspace.forms)) if row.get("how") else ""
    day = f"ngày {text.format_date(date.fromisoformat(row['day']))}" if row.get("day") else ""
    return ", ".join(filter(None, (how, day)))
