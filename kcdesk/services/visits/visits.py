"""Visits of sites: second visits, revisits, the calendar, the check before leaving, repeated serial numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, permissions, reading
from kcdesk.services.records.copying import linked
from kcdesk.services.records.reading import FieldValues
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.database.views import sort_expression
from kcdesk.store.stored_record import StoredRecord

KINDS = ("acceptance", "inspection")
EntryType = Literal["planned", "visited", "remedy", "revisit"]

_SERIAL = "machines/serial_number"
_MOST = 20  # limit of dossiers read per serial number

# Days and conclusions are spelled as in the indexes of the lists: SQLite does not match an index through a view.
_OF_KIND = "record.kind = '{kind}' AND record.deleted IS NULL"
_QUERIES: Mapping[EntryType, str] = {
    "planned": """
SELECT id, planned_on AS day FROM {kind}
WHERE state = 'draft' AND visited_on IS NULL AND planned_on BETWEEN :first AND :last
""",
    "visited": f"""
SELECT id, {sort_expression(["visited_on"], None)} AS day FROM record
WHERE {_OF_KIND} AND {sort_expression(["visited_on"], None)} BETWEEN :first AND :last
""",
    "remedy": f"""
SELECT record.id, line.value ->> '$.due_on' AS day, line.value ->> '$.remedy' AS remedy
FROM record, json_each(record.data, '$.remedies') AS line
WHERE {_OF_KIND} AND {sort_expression(["conclusion"], None)} IN ('conditional', 'refused', 'remedies', 'change')
  AND data ->> '$.state' = 'final' AND day BETWEEN :first AND :last AND line.value ->> '$.done' IS NOT 1
""",
}
_REVISITS = """
SELECT id, revisit_on AS day FROM acceptance
WHERE revisit_on BETWEEN :first AND :last AND state = 'final' AND conclusion IN ('accepted', 'conditional')
"""
_LABELS = {
    ("acceptance", "planned"): "Dự kiến nghiệm thu",
    ("acceptance", "visited"): "Nghiệm thu",
    ("inspection", "planned"): "Dự kiến kiểm tra",
    ("inspection", "visited"): "Kiểm tra",
}


class Flag(Value):
    """A machine whose serial number also occurs in another dossier, or twice in this one."""

    path: str
    sentence: str
    other: str  # id of the other dossier


class CalendarEntry(Value):
    """An entry of the calendar: a visit, a due remedy or a revisit; `id` is the visit that it comes from."""

    day: date
    what: EntryType
    kind: str
    id: str
    label: str
    title: str


# -- beginning ---------------------------------------------------------------------------------------------------


def second_visit(workspace: Workspace, acceptance_id: str) -> Changes:
    """Make the next acceptance of a site with the open points of this acceptance.

    UserError if this acceptance is not final, has no open points, or already has a later visit.
    """
    return changing.add(workspace, "acceptance", _second_visit(workspace, acceptance_id))


def begin_second_visit(workspace: Workspace, acceptance_id: str) -> str:
    """Begin it without writing it yet; return its id. Errors are those of `second_visit`."""
    return changing.begin(workspace, "acceptance", _second_visit(workspace, acceptance_id))


def _second_visit(workspace: Workspace, acceptance_id: str) -> FieldValues:
    first = _final_acceptance(workspace, acceptance_id)
    if first.value("conclusion") == "accepted":
        raise UserError(
            f"«{first.title()}» đã được nghiệm thu, không còn điểm nào phải xem lại.",
            code="nothing_open",
            hint="Muốn kiểm tra sau nghiệm thu, hãy lập biên bản kiểm tra.",
        )
    _refuse_followed(workspace, "acceptance", "previous", first)
    return {"previous": first.id}


def revisit(workspace: Workspace, acceptance_id: str) -> Changes:
    """Make the inspection that checks, months later, the results of an acceptance.

    UserError for an acceptance that is not final, was refused, or already has its revisit.
    """
    return changing.add(workspace, "inspection", _revisit(workspace, acceptance_id))


def begin_revisit(workspace: Workspace, acceptance_id: str) -> str:
    """Begin it without writing it yet; return its id. Errors are those of `revisit`."""
    return changing.begin(workspace, "inspection", _revisit(workspace, acceptance_id))


def _revisit(workspace: Workspace, acceptance_id: str) -> FieldValues:
    acceptance = _final_acceptance(workspace, acceptance_id)
    if acceptance.value("conclusion") == "refused":
        raise UserError(
            f"«{acceptance.title()}» không được nghiệm thu nên không có lần kiểm tra lại.", code="not_accepted"
        )
    _refuse_followed(workspace, "inspection", "acceptance", acceptance, purpose="revisit")
    return {"acceptance": acceptance.id, "purpose": "revisit"}


def _final_acceptance(workspace: Workspace, id_: str) -> Record:
    record = permissions.living(workspace, id_)
    if record.kind != "acceptance":
        raise UserError(f"«{record.title()}» không phải là biên bản nghiệm thu.", code="wrong_kind")
    if record.state not in workspace.forms.workflow(record.kind).locked:
        raise UserError(
            f"Biên bản «{record.title()}» chưa chốt.", code="not_final", hint="Hãy chốt biên bản này trước."
        )
    return record


def _refuse_followed(workspace: Workspace, kind: str, field: str, first: Record, **also: str) -> None:
    for later in workspace.store.page(kind, where={field: first.id, **also}, limit=1):
        label = workspace.forms.current(kind).label
        title = later.record(workspace.forms).title()
        raise UserError(
            f"«{first.title()}» đã có lần sau: {label} «{title}».", code="already_followed", hint="Hãy mở hồ sơ đó."
        )


# -- repeated serial numbers -------------------------------------------------------------------------------------


def serial_flags(workspace: Workspace, record: Record) -> list[Flag]:
    """List the machines of a visit whose serial number occurs again; other visits of the same site do not count."""
    if record.kind not in KINDS:
        return []
    flags: list[Flag] = []
    seen: set[str] = set()
    for row in record.rows("machines"):
        serial = str(row.get("serial_number", ""))
        code = text.bare_code(serial)
        if not code:  # "không rõ" is not a serial number
            continue
        path = f"machines/{row['id']}/serial_number"
        if code in seen:
            flags.append(Flag(path, f"Số máy «{serial}» ghi hai lần trong biên bản này.", record.id))
        seen.add(code)
        flags += [_flag(workspace, path, serial, other) for other in _same_serial_elsewhere(workspace, record, serial)]
    return flags


def repeated_serials(workspace: Workspace, record: Record) -> list[Problem]:
    """The same as advice, for «Còn thiếu» and before the visit is closed."""
    return [
        Problem(flag.path, flag.sentence, record="" if flag.other == record.id else flag.other, advice=True)
        for flag in serial_flags(workspace, record)
    ]


def _same_serial_elsewhere(workspace: Workspace, record: Record, serial: str) -> Iterator[StoredRecord]:
    for kind in KINDS:
        for other in workspace.store.page(kind, where={_SERIAL: [serial, text.bare_code(serial)]}, limit=_MOST):
            if other.id != record.id and not _is_of_same_site(record.data, other.data):
                yield other


def _is_of_same_site(first: dict[str, Any], other: dict[str, Any]) -> bool:
    def key(data: dict[str, Any]) -> tuple[object, str]:
        return data.get("proposal"), text.fold(str(data.get("site", "")))

    return key(first) == key(other)


def _flag(workspace: Workspace, path: str, serial: str, other: StoredRecord) -> Flag:
    label = workspace.forms.by_reference(other.form).label
    proposal = reading.title_of(workspace, str(other.data.get("proposal", "")))
    title = other.record(workspace.forms).title()
    return Flag(path, f"Số máy «{serial}» đã có ở {label} «{title}», đề án «{proposal}».", other.id)


# -- the calendar ------------------------------------------------------------------------------------------------


def calendar(workspace: Workspace, first: date, last: date) -> dict[date, tuple[CalendarEntry, ...]]:
    """The entries of each day from `first` to `last`: visits planned and made, due remedies, revisits."""
    days: defaultdict[date, list[CalendarEntry]] = defaultdict(list)
    span = {"first": first.isoformat(), "last": last.isoformat()}
    for what, kind, sql in calendar_queries():
        for row in workspace.store.query(sql, span):
            if what not in _SETTLED or not _SETTLED[what](workspace, kind, row["id"]):
                day = date.fromisoformat(row["day"])
                title = reading.title_of(workspace, row["id"])
                days[day].append(CalendarEntry(day, what, kind, row["id"], _label(what, kind, row), title))
    return {day: tuple(days[day]) for day in sorted(days)}


def calendar_queries() -> Iterator[tuple[EntryType, str, str]]:
    """What the calendar asks the store for: the type of the entries, their kind, and the SQL with :first and :last."""
    for kind in KINDS:
        for what, sql in _QUERIES.items():
            yield what, kind, sql.format(kind=kind)
    yield "revisit", "acceptance", _REVISITS


def _label(what: EntryType, kind: str, row: dict[str, Any]) -> str:
    if what == "remedy":
        return f"Hạn khắc phục: {row['remedy'] or 'chưa ghi nội dung'}"
    return "Kiểm tra lại hiệu quả" if what == "revisit" else _LABELS[kind, what]


def _is_superseded(workspace: Workspace, kind: str, id_: str) -> bool:
    """Whether a final later visit replaces this visit."""
    return bool(
        workspace.store.page(kind, where={"previous": id_, "state": workspace.forms.workflow(kind).locked}, limit=1)
    )


def _is_revisited(workspace: Workspace, kind: str, id_: str) -> bool:
    """Whether the revisit exists, or a later acceptance replaces this one."""
    revisits = workspace.store.page("inspection", where={"acceptance": id_, "purpose": "revisit"}, limit=1)
    return bool(revisits) or _is_superseded(workspace, kind, id_)


_SETTLED: Mapping[EntryType, Callable[[Workspace, str, str], bool]] = {
    "remedy": _is_superseded,
    "revisit": _is_revisited,
}


# -- before leaving ----------------------------------------------------------------------------------------------

# Fields that must be filled before a visit, besides the required references.
_TAKEN_ALONG = ("planned_on", "contract", "site", "address", "place")
# Tables that are filled in before the visit and answered during it.
_PREPARED = ("checklist", "machines", "budget", "progress", "results", "classes")
_CONTACT = ("representative", "phone", "address")


def ready_to_leave(workspace: Workspace, id_: str) -> list[Problem]:
    """List what the laptop still lacks for a visit: facts, papers, files, contacts, the paper to print."""
    visit = permissions.living(workspace, id_)
    if visit.kind not in KINDS:
        raise UserError(f"«{visit.title()}» không phải là lần nghiệm thu hay kiểm tra.", code="wrong_kind")
    linked_records = {
        name: linked(workspace, visit, name) for name in ("proposal", "contract", "beneficiary", "previous")
    }
    return [
        *_facts_missing(visit),
        *_contract_problems(workspace, linked_records["contract"]),
        *_contact_problems(linked_records["beneficiary"]),
        *_previous_problems(linked_records["previous"]),
        *_files_missing(workspace, visit, linked_records),
        *_paper_missing(workspace, visit),
    ]


def _facts_missing(visit: Record) -> Iterator[Problem]:
    for field in visit.fields_visible():
        is_needed = field.name in _TAKEN_ALONG or (field.name in _PREPARED and visit.is_required(field.name))
        is_tie = type_of(field).is_reference and visit.is_required(field.name)
        if (is_needed or is_tie) and not visit.value(field.name):
            yield Problem(field.name, f"Chưa có «{field.label}».")


def _contract_problems(workspace: Workspace, contract: Record | None) -> Iterator[Problem]:
    if contract is None:
        return
    if contract.state not in workspace.forms.workflow(contract.kind).locked:
        yield Problem("contract", f"Hợp đồng «{contract.title()}» chưa chốt.")
    if not contract.value("files") and not contract.value("signed_papers"):
        yield Problem("contract", f"Chưa có bản chụp hợp đồng «{contract.title()}» trong máy.")


def _contact_problems(beneficiary: Record | None) -> Iterator[Problem]:
    if beneficiary is None:
        return
    missing = [beneficiary.field(name).label.lower() for name in _CONTACT if not beneficiary.value(name)]
    if missing:
        yield Problem("beneficiary", f"Đơn vị thụ hưởng «{beneficiary.title()}» chưa có {', '.join(missing)}.")


def _previous_problems(previous: Record | None) -> Iterator[Problem]:
    if previous is not None and not previous.value("signed_papers"):
        yield Problem("previous", f"Chưa nhận bản đã ký của lần trước «{previous.title()}».")


def _files_missing(workspace: Workspace, visit: Record, linked_records: dict[str, Record | None]) -> Iterator[Problem]:
    """Report attachments that the dossiers name but the store does not contain, as after a hand-over without files."""
    for name, record in {"": visit, **linked_records}.items():
        for field in record.form.fields if record else ():
            for file in record.value(field.name) or [] if record and type_of(field).holds_files else ():
                if not workspace.store.files.has(file["sha256"]):
                    yield Problem(name or field.name, f"Tệp «{file['name']}» ({field.label}) không có trong máy.")


def _paper_missing(workspace: Workspace, visit: Record) -> Iterator[Problem]:
    papers = {paper.name for paper in printing.papers(workspace, visit.kind)}
    model = visit.value("model")
    if not papers or (model and f"minutes_{model}" not in papers):
        name = visit.text("model") or visit.form.label
        yield Problem("model" if model else "", f"Chương trình chưa có mẫu giấy «{name}» để in.")
