"""The last day of an officer who leaves: noted once his open work is with others."""

from __future__ import annotations

from datetime import date

from kcdesk import text
from kcdesk.errors import IncompleteError, UserError
from kcdesk.services.staff import offices, open_work
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

_LAST_DAY = "serves_to"


def end_service(workspace: Workspace, staff: str, last_day: date) -> Changes:
    """Note an officer's last day in one act, also in a closed record, whose version is kept.

    UserError `open_work` while dossiers are in his charge, `before_first` for a day before he began; IncompleteError
    for a day on which his office does not exist.
    """
    person = workspace.store.record(staff)
    if number := open_work.number_of_open(workspace, staff):
        raise UserError(
            f"«{person.title()}» còn phụ trách {number} đề án đang làm.",
            code="open_work",
            hint="Hãy bàn giao công việc trước.",
            field=_LAST_DAY,
        )
    if last_day.isoformat() < str(person.value("serves_from") or ""):
        raise UserError("Ngày thôi việc trước ngày nhận việc.", code="before_first", field=_LAST_DAY)
    changes = person.set(_LAST_DAY, last_day.isoformat())
    if problems := offices.problems_of_staff(workspace, person):
        raise IncompleteError(problems)
    is_open = workspace.forms.workflow(person.kind).state(person.state).editable
    with workspace.store.act(f"{person.title()} thôi việc sau ngày {text.format_date(last_day)}", record=staff) as act:
        if not is_open:
            act.snapshot(staff)
        act.update(staff, changes)
    return act.changes
