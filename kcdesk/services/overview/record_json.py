"""The stable JSON shapes of the command line (records, lists, changes), and a record as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kcdesk.formdef.model import OF_EVERY_RECORD
from kcdesk.formdef.record import Record
from kcdesk.services.handover.receipts import standing
from kcdesk.services.handover.receipts.standing import FILTER
from kcdesk.services.handover.trust import unconfirmed_results
from kcdesk.services.questions import grammar
from kcdesk.services.records import former_names
from kcdesk.services.records.reading import form_of, text_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes


def record_as_json(workspace: Workspace, id_: str) -> dict[str, Any]:
    """A record as the command line prints it: {"id", "kind", "form", "state", "title", "claim", "data", …}."""
    return as_json(workspace, workspace.store.record(id_)) | {"claim": unconfirmed_results.sentence(workspace, id_)}


def as_json(workspace: Workspace, record: Record, *, full: bool = True) -> dict[str, Any]:
    """The stable shape of a record; "data" only if `full`."""
    state = workspace.forms.workflow(record.kind).state(record.state)
    summary = {
        "id": record.id,
        "kind": record.kind,
        "form": record.form.reference,
        "state": record.state,
        "state_label": state.label,
        "revision": record.revision,
        "deleted": record.deleted,
        "title": record.title(),
    }
    if full:
        summary["data"] = {name: value for name, value in record.data.items() if name not in OF_EVERY_RECORD}
    return {**summary, "problems": [{"field": p.field, "message": p.message} for p in record.problems(final=True)]}


def list_as_json(
    workspace: Workspace,
    kind: str,
    *,
    search: str = "",
    where: Sequence[str] = (),
    handover: str = "",
    limit: int = 100,
    full: bool = False,
) -> list[dict[str, Any]]:
    """List the records of a kind in the order of its form; `where` are conditions of `questions/grammar`.

    `handover` filters by hand-over state, or by the id of a package.
    """
    form = form_of(workspace, kind)
    asked = grammar.where_of(grammar.parsed(workspace, kind, typed) for typed in where)
    filters = standing.narrowed(workspace, kind, asked | {FILTER: handover})
    page = workspace.store.page(kind, search=search, where=filters, order=form.sort, limit=limit)
    rows = [as_json(workspace, stored.record(workspace.forms), full=full) for stored in page]
    former = [former_names.matching(workspace, stored, search) for stored in page]
    return [row | ({"former": why} if why else {}) for row, why in zip(rows, former, strict=True)]


def record_as_text(workspace: Workspace, id_: str) -> dict[str, Any]:
    """A record as texts: {"title", "state", "claim", "lines": [(label, text)], "problems": [sentence]}."""
    record = workspace.store.record(id_)
    state = workspace.forms.workflow(record.kind).state(record.state)
    return {
        "title": record.title(),
        "state": state.label,
        "claim": unconfirmed_results.sentence(workspace, id_),
        "lines": [(label, text) for label, text in _lines(workspace, record) if text],
        "problems": [problem.message for problem in record.problems(final=True)],
    }


def _lines(workspace: Workspace, record: Record) -> Iterator[tuple[str, str]]:
    """Yield label and text of every field, and of every row of a table, in the order of the paper."""
    for field in record.form.fields:
        if not field.columns:
            yield field.label, text_of(workspace, record, field.name)
        for number, row in enumerate(record.rows(field.name) if field.columns else [], start=1):
            cells = (
                (c.heading, text_of(workspace, record, f"{field.name}/{row['id']}/{c.name}")) for c in field.columns
            )
            yield f"{field.label}, {number}", "; ".join(f"{heading}: {text}" for heading, text in cells if text)


def changes_as_json(changes: Changes, id_: str = "") -> dict[str, Any]:
    """An act as the command line prints it: {"id", "action", "changes": [{"id", "kind", "fields"}]}."""
    result = changes.to_json()
    return {**result, "id": id_ or result["id"], "action": changes.action}
