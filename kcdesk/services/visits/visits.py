"""Visits of a site: second ones, revisits, the calendar, what to have before leaving, machines seen twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, permissions, reading
from kcdesk.services.records.copying import linked
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.database.views import sort_expression
from kcdesk.store.records import StoredRecord

KINDS = ("acceptance", "inspection")
What = Literal["planned", "visited", "remedy", "revisit"]

_SERIAL = "machines/serial_number"
_MOST = 20  # dossiers that one serial number is looked up in

# Days and conclusions are spelled as the indexes of the lists spell them; the planner does not see that through a view.
_OF_KIND = "record.kind = '{kind}' AND record.deleted IS NULL"
_QUESTIONS: Mapping[What, str] = {
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


@dataclass(frozen=True, slots=True)
class Flag:
    """A machine whose serial number stands in another dossier too, or twice in this one."""

    path: str
    sentence: str
    other: str  # id of the other dossier


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the calendar: a visit, a remedy that is due, a revisit; `id` is the visit it comes from."""

    day: date
    what: What
    kind: str
    id: str
    label: str
    title: str


# -- beginning ---------------------------------------------------------------------------------------------------


def second_visit(workspace: Workspace, acceptance_id: str) -> Changes:
    """Begin the next acceptance of a site with what this one has left open.

    UserError for one that is not final, that left nothing open, or that a later one follows already.
    """
    first = _final_acceptance(workspace, acceptance_id)
    if first.value("conclusion") == "accepted":
        raise UserError(
            f"«{first.title()}» đã được nghiệm thu, không còn điểm nào phải xem lại.",
            code="nothing_open",
            hint="Muốn kiểm tra sau nghiệm thu, hãy lập biên bản kiểm tra.",
        )
    _refuse_followed(workspace, "acceptance", "previous", first)
    return changing.add(workspace, "acceptance", {"previous": first.id})


def revisit(workspace: Workspace, acceptance_id: str) -> Changes:
    """Begin the inspection that looks, months later, at what an acceptance has brought.

    UserError for an acceptance that is not final or was refused, or that has its revisit already.
    """
    accepted = _final_acceptance(workspace, acceptance_id)
    if accepted.value("conclusion") == "refused":
        raise UserError(
            f"«{accepted.title()}» không được nghiệm thu nên không có lần kiểm tra lại.", code="not_accepted"
        )
    _refuse_followed(workspace, "inspection", "acceptance", accepted, purpose="revisit")
    return changing.add(workspace, "inspection", {"acceptance": accepted.id, "purpose": "revisit"})


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


# -- machines seen twice -----------------------------------------------------------------------------------------


def serial_flags(workspace: Workspace, record: Record) -> list[Flag]:
    """The machines of a visit whose serial number another dossier names too; other visits of the same site are none."""
    if record.kind not in KINDS:
        return []
    flags: list[Flag] = []
    here: set[str] = set()
    for row in record.rows("machines"):
        serial = str(row.get("serial_number", ""))
        code = text.bare_code(serial)
        if not code:  # "không rõ" names no machine
            continue
        path = f"machines/{row['id']}/serial_number"
        if code in here:
            flags.append(Flag(path, f"Số máy «{serial}» ghi hai lần trong biên bản này.", record.id))
        here.add(code)
        flags += [_flag(workspace, path, serial, other) for other in _elsewhere(workspace, record, serial)]
    return flags


def _elsewhere(workspace: Workspace, record: Record, serial: str) -> Iterator[StoredRecord]:
    for kind in KINDS:
        for other in workspace.store.page(kind, where={_SERIAL: [serial, text.bare_code(serial)]}, limit=_MOST):
            if other.id != record.id and not _is_of_same_site(record.data, other.data):
                yield other


def _is_of_same_site(one: dict[str, Any], other: dict[str, Any]) -> bool:
    def key(data: dict[str, Any]) -> tuple[object, str]:
        return data.get("proposal"), text.fold(str(data.get("site", "")))

    return key(one) == key(other)


def _flag(workspace: Workspace, path: str, serial: str, other: StoredRecord) -> Flag:
    label = workspace.forms.by_reference(other.form).label
    proposal = reading.title_of(workspace, str(other.data.get("proposal", "")))
    title = other.record(workspace.forms).title()
    return Flag(path, f"Số máy «{serial}» đã có ở {label} «{title}», đề án «{proposal}».", other.id)


# -- the calendar ------------------------------------------------------------------------------------------------


def calendar(workspace: Workspace, first: date, last: date) -> dict[date, tuple[Entry, ...]]:
    """What there is to do on each day from `first` to `last`: visits planned and made, remedies due, revisits."""
    days: defaultdict[date, list[Entry]] = defaultdict(list)
    span = {"first": first.isoformat(), "last": last.isoformat()}
    for what, kind, sql in _questions():
        for row in workspace.store.query(sql, span):
            if what not in _SETTLED or not _SETTLED[what](workspace, kind, row["id"]):
                day = date.fromisoformat(row["day"])
                title = reading.title_of(workspace, row["id"])
                days[day].append(Entry(day, what, kind, row["id"], _label(what, kind, row), title))
    return {day: tuple(days[day]) for day in sorted(days)}


def _questions() -> Iterator[tuple[What, str, str]]:
    for kind in KINDS:
        for what, sql in _QUESTIONS.items():
            yield what, kind, sql.format(kind=kind)
    yield "revisit", "acceptance", _REVISITS


def _label(what: What, kind: str, row: dict[str, Any]) -> str:
    if what == "remedy":
        return f"Hạn khắc phục: {row['remedy'] or 'chưa ghi nội dung'}"
    return "Kiểm tra lại hiệu quả" if what == "revisit" else _LABELS[kind, what]


def _is_taken_over(workspace: Workspace, kind: str, id_: str) -> bool:
    """Whether a later visit, which is final, stands in place of this one."""
    return bool(
        workspace.store.page(kind, where={"previous": id_, "state": workspace.forms.workflow(kind).locked}, limit=1)
    )


def _is_revisited(workspace: Workspace, kind: str, id_: str) -> bool:
    """Whether the revisit has begun, or belongs to a later acceptance."""
    begun = workspace.store.page("inspection", where={"acceptance": id_, "purpose": "revisit"}, limit=1)
    return bool(begun) or _is_taken_over(workspace, kind, id_)


_SETTLED: Mapping[What, Callable[[Workspace, str, str], bool]] = {"remedy": _is_taken_over, "revisit": _is_revisited}


# -- before leaving ----------------------------------------------------------------------------------------------

# What a visit takes along besides what its form always asks for.
_TAKEN_ALONG = ("planned_on", "contract", "site", "address", "place")
# Tables that are filled in before the visit and answered on it.
_PREPARED = ("checklist", "machines", "budget", "progress", "results", "classes")
_CONTACT = ("representative", "phone", "address")


def ready_to_leave(workspace: Workspace, id_: str) -> list[Problem]:
    """What the laptop still lacks for a visit: facts, papers of the dossier, their files, a paper to print."""
    visit = permissions.living(workspace, id_)
    if visit.kind not in KINDS:
        raise UserError(f"«{visit.title()}» không phải là lần nghiệm thu hay kiểm tra.", code="wrong_kind")
    around = {name: linked(workspace, visit, name) for name in ("proposal", "contract", "beneficiary", "previous")}
    return [
        *_facts_missing(visit),
        *_contract_problems(workspace, around["contract"]),
        *_contact_problems(around["beneficiary"]),
        *_previous_problems(around["previous"]),
        *_files_missing(workspace, visit, around),
        *_paper_missing(workspace, visit),
    ]


def _facts_missing(visit: Record) -> Iterator[Problem]:
    for field in visit.fields_visible():
        needed = field.name in _TAKEN_ALONG or (field.name in _PREPARED and visit.is_required(field.name))
        is_tie = type_of(field).is_reference and visit.is_required(field.name)
        if (needed or is_tie) and not visit.value(field.name):
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


def _files_missing(workspace: Workspace, visit: Record, around: dict[str, Record | None]) -> Iterator[Problem]:
    """Attachments that the dossiers name and the store does not hold, as after a hand-off without them."""
    for name, record in {"": visit, **around}.items():
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
