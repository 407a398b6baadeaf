"""«Đã đối chiếu»: an officer compares rules with an instrument, a second one confirms, either takes it back.

Each comparison is a record, so that history, undo and merging are those of every record. What came with a signed file
of rules has no record here until an officer confirms or takes it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem, UserError
from kcdesk.formdef.law.checks import LawCheck
from kcdesk.formdef.law.citations import Citation
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.law import store_register
from kcdesk.services.law.store_register import BOTH, CHECK, ONCE, TAKEN_BACK, check_of
from kcdesk.services.records import reading
from kcdesk.services.staff import offices, own_details
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.stored_record import new_id


class Checker(Value):
    """An officer who compares: the id of his record ("" for none yet), his name, and his name with the office."""

    id: str
    name: str
    label: str


def checkers(workspace: Workspace) -> list[Checker]:
    """The officers who serve today; the officer of this laptop comes first, also while he is in no list ("" as id)."""
    own = workspace.identity.officer.name
    people = [person for person in offices.everybody(workspace) if person.serves]
    people.sort(key=lambda person: text.fold(person.name) != text.fold(own))
    listed = [_checker(workspace, person.id, person.name) for person in people]
    return listed if own_details.unlisted_officer(workspace) == "" else [_checker(workspace, "", own), *listed]


def tick(
    workspace: Workspace,
    number: str,
    words: str,
    articles: str = "",
    *,
    officer: str = "",
    is_new: bool = False,
    until: date | None = None,
) -> Changes:
    """Say that an officer compared the rules with an instrument; it counts once another one confirms.

    `officer` is a name, "" for the officer of this laptop; `is_new` allows a name that no list of officers has.
    UserError names what is wrong; then nothing is written, no officer either.
    """
    person = _person(workspace, officer, is_new=is_new)
    values = {"instrument": number, "articles": articles, "words": words}
    values |= {"until": until.isoformat()} if until else {}
    record = _new(workspace, values)
    _refuse(problems_of_tick(workspace, record))
    with workspace.store.together():
        person = _listed(workspace, person)
        signed = _signed(workspace, "checker", "checked", person) | {"until": _until(workspace, record)}
        with workspace.store.act(f"Ghi đối chiếu {_what(record)}") as act:
            act.insert(CHECK, record.form.reference, record.data | signed | {"state": ONCE})
    store_register.refresh(workspace)
    return act.changes


def confirm(workspace: Workspace, check: LawCheck, words: str, *, officer: str = "", is_new: bool = False) -> Changes:
    """Confirm a comparison as the second person. UserError `same_person`, or as for `tick`."""
    person = _person(workspace, officer, is_new=is_new)
    _refuse([*_same_person(workspace, check, person), *_without_words(words)])
    signed = {"confirmed_words": text.clean(words).strip(), "state": BOTH}
    with workspace.store.together():
        signed |= _signed(workspace, "confirmer", "confirmed", _listed(workspace, person))
        with workspace.store.act(f"Xác nhận đối chiếu {check.what}") as act:
            if check.id:
                act.update(check.id, signed)
            else:
                act.insert(CHECK, *_copy_of(workspace, check, signed))
    store_register.refresh(workspace)
    return act.changes


def take_back(workspace: Workspace, check: LawCheck, reason: str) -> Changes:
    """Take a comparison back; it stays in the history. UserError `reason_missing`."""
    reason = text.clean(reason).strip()
    if not reason:
        raise UserError("Cần ghi lý do rút lại.", code="reason_missing", hint="Lý do được giữ trong lịch sử.")
    with workspace.store.act(f"Rút lại đối chiếu {check.what}: {reason}") as act:
        if check.id:
            act.update(check.id, {"state": TAKEN_BACK})
        else:
            act.insert(CHECK, *_copy_of(workspace, check, {"state": TAKEN_BACK}))
    store_register.refresh(workspace)
    return act.changes


def waiting_check(workspace: Workspace, number: str, articles: str = "") -> LawCheck:
    """The comparison of an instrument that waits for its second person; UserError `not_found`."""
    return _first(workspace, number, articles, "chờ người thứ hai", complete=False)


def present_check(workspace: Workspace, number: str, articles: str = "") -> LawCheck:
    """The newest comparison of an instrument, of one person or two; UserError `not_found`."""
    return _first(workspace, number, articles, "đang có hiệu lực", complete=None)


def _first(workspace: Workspace, number: str, articles: str, which: str, complete: bool | None) -> LawCheck:
    entry = workspace.forms.law.get(number)
    for check in workspace.forms.law.checks_of(entry.id if entry else number):
        same = not articles or text.fold(check.articles) == text.fold(articles)
        if same and (complete is None or check.is_complete == complete):
            return check
    raise UserError(
        f"Không có lần đối chiếu nào của {number} {which}.",
        code="not_found",
        hint="Xem «Căn cứ pháp lý» hoặc lệnh kcdesk law.",
    )


# -- the steps of the record -------------------------------------------------------------------------------------------


def problems_of_tick(workspace: Workspace, record: Record) -> list[Problem]:
    """What prevents a comparison from being written down."""
    return list(_problems_of_tick(workspace, record))


def problems_of_confirmation(workspace: Workspace, record: Record) -> list[Problem]:
    """What prevents the second person from confirming: he is the first one."""
    id_ = str(record.value("confirmer") or "")
    if not id_:
        return []
    person = _checker(workspace, id_, reading.title_of(workspace, id_))
    return list(_same_person(workspace, check_of(record), person, str(record.value("checker") or "")))


def begin_check(workspace: Workspace, record: Record) -> None:
    """Name the officer of this laptop as the one who compares."""
    own = workspace.identity.officer.name
    person = next((person for person in offices.everybody(workspace) if text.fold(person.name) == text.fold(own)), None)
    if person is not None:
        record.set("checker", person.id)


def checker_changes(workspace: Workspace, record: Record) -> dict[str, dict[str, Any]]:
    """Name the first person and the days; the step «Ghi đối chiếu»."""
    person = _of_record(workspace, record, "checker")
    return {record.id: _signed(workspace, "checker", "checked", person) | {"until": _until(workspace, record)}}


def confirmer_changes(workspace: Workspace, record: Record) -> dict[str, dict[str, Any]]:
    """Name the second person and the day; the step «Xác nhận»."""
    return {record.id: _signed(workspace, "confirmer", "confirmed", _of_record(workspace, record, "confirmer"))}


# -- inside ------------------------------------------------------------------------------------------------------------


def _problems_of_tick(workspace: Workspace, record: Record) -> Iterator[Problem]:
    number = str(record.value("instrument") or "")
    entry = workspace.forms.law.get(number) if number else None
    if entry is None:
        yield Problem("instrument", f"Danh mục căn cứ pháp lý không có văn bản «{number}»; thêm văn bản ấy trước.")
        return
    articles = str(record.value("articles") or "")
    if articles and not Citation(entry.id, articles).parts and not text.fold(articles).startswith(("mau", "phu luc")):
        yield Problem("articles", f"«{articles}» không phải điều, khoản; ghi như «Khoản 4 Điều 8», hoặc để trống.")
    if not articles and entry.ended and entry.effective_from is None:
        words = f"chưa ghi ngày có hiệu lực của {entry.id}; bấm «Sửa thông tin…» ghi ngày ấy trước"
        yield Problem("instrument", f"Chưa đối chiếu cả văn bản được: {words}.")
    yield from _without_words(str(record.value("words") or ""), "words")
    if (day := record.value("until")) and date.fromisoformat(day) < workspace.today():
        yield Problem("until", "Ngày rà soát đến phải từ hôm nay trở đi.")


def _without_words(words: str, field: str = "confirmed_words") -> Iterator[Problem]:
    if not words.strip():
        yield Problem(field, "Ghi đã đối chiếu với bản nào, thấy gì: một câu.")


def _same_person(workspace: Workspace, check: LawCheck, person: Checker, first: str = "") -> Iterator[Problem]:
    """Refuse the first person as the second, also under a new name: his record is the same."""
    if check.id and not first:
        first = str(workspace.store.record(check.id).value("checker") or "")
    if text.fold(check.checked_by) == text.fold(person.label) or (first and first == person.id):
        yield Problem("confirmer", f"{person.label} là người đối chiếu thứ nhất; cần một người khác xác nhận.")


def _refuse(problems: Sequence[Problem]) -> None:
    for problem in problems:
        code = "same_person" if problem.field == "confirmer" else "bad_check"
        raise UserError(problem.message, code=code, field=problem.field)


def _person(workspace: Workspace, name: str, *, is_new: bool = False) -> Checker:
    """The officer of a name, who may have no record yet. UserError `unknown_officer` unless the name may be new."""
    wanted = text.fold(name or workspace.identity.officer.name)
    known = checkers(workspace)
    person = next((each for each in known if wanted in (text.fold(each.label), text.fold(each.name))), None)
    if person is None and is_new:
        return _checker(workspace, "", name)
    if person is None:
        raise UserError(
            f"Không có cán bộ «{name}» đang làm việc ở đơn vị này.",
            code="unknown_officer",
            hint="Hãy thêm người ấy ở «Sổ hồ sơ», «Cán bộ» trước.",
            field="confirmer",
        )
    return person


def _listed(workspace: Workspace, person: Checker) -> Checker:
    """The officer with a record; who has none gets one."""
    if person.id:
        return person
    made = own_details.add_officer(workspace, person.name)
    return _checker(workspace, made.items[0].id, person.name)


def _of_record(workspace: Workspace, record: Record, field: str) -> Checker:
    id_ = str(record.value(field) or "")
    if not id_:
        return _listed(workspace, _person(workspace, ""))
    return _checker(workspace, id_, reading.title_of(workspace, id_))


def _signed(workspace: Workspace, who: str, did: str, person: Checker) -> dict[str, Any]:
    return {who: person.id, f"{did}_by": person.label, f"{did}_on": workspace.today().isoformat()}


def _until(workspace: Workspace, record: Record) -> str:
    """The last day of the year, unless the officer wrote another one."""
    return str(record.value("until") or date(workspace.today().year, 12, 31).isoformat())


def _new(workspace: Workspace, values: dict[str, Any]) -> Record:
    record = new_record(workspace.forms, CHECK, new_id(), workspace.today())
    for name, value in values.items():
        if value:
            record.parse(name, value)
    if entry := workspace.forms.law.get(str(record.value("instrument") or "")):
        record.set("instrument", entry.id)
    return record


def _copy_of(workspace: Workspace, check: LawCheck, values: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Form and data of a record of a comparison that came with a file."""
    names = ("instrument", "articles", "words", "checked_by")
    texts = {name: getattr(check, name) for name in names if getattr(check, name)}
    days = {"checked_on": check.checked_on.isoformat(), "until": check.until.isoformat()}
    return reading.form_of(workspace, CHECK).reference, {"revision": 1} | texts | days | values


def _what(record: Record) -> str:
    return " ".join(filter(None, (record.value("articles"), record.value("instrument"))))


def _checker(workspace: Workspace, id_: str, name: str) -> Checker:
    return Checker(id_, name, f"{name} ({workspace.identity.unit.name})")
