"""What the newest version of a form would say about a record that was filled in with an earlier one."""

from __future__ import annotations

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.records.renewal import renewed
from kcdesk.services.workspace import Workspace


def advice_of_newest_form(workspace: Workspace, record: Record) -> list[Problem]:
    """The advice that only the newest version of the form gives, while the record may still be edited."""
    if not workspace.forms.workflow(record.kind).state(record.state).editable:
        return []
    newer = renewed(workspace, record)
    if newer is record:
        return []
    known = record.problems()
    return [problem for problem in newer.problems() if problem.advice and problem not in known]
