"""Results after support are asked for at the acceptance and at the visit a year later (TB 504/TB-CN)."""

from __future__ import annotations

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

BENEFITS = "benefits"


def unasked_results(workspace: Workspace, record: Record) -> list[Problem]:
    """Ask for the results after support in an open acceptance or later visit that has none; it prevents no step."""
    if BENEFITS not in record.form.by_name or record.rows(BENEFITS) or not record.is_visible(BENEFITS):
        return []
    if not workspace.forms.workflow(record.kind).state(record.state).editable:
        return []
    measures = workspace.forms.choices(record.form.field(BENEFITS).columns[0])
    named = ", ".join(choice.short.lower() for choice in measures)
    label = record.field(BENEFITS).label
    return [Problem(BENEFITS, f"Chưa ghi «{label}»: {named}. Chỉ ghi chỉ tiêu đo được.", advice=True)]
