"""Whose deadlines these are: the unit that made the dossier, and the officer in charge of its proposal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from kcdesk.runtime.frozen import Value
from kcdesk.services.deadlines.listing import LAW, TERMS, Due
from kcdesk.services.law import reviews
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace

# The dossier, or the nearest one above it that names an officer.
_OWNERS = """
WITH RECURSIVE above (id, unit, parent, handler, next) AS (
  SELECT id, unit, parent, json_extract(data, '$.handler'), parent FROM record
  WHERE id IN (SELECT value FROM json_each(:ids))
  UNION ALL
  SELECT above.id, above.unit, above.parent, json_extract(record.data, '$.handler'), record.parent
  FROM above JOIN record ON record.id = above.next WHERE above.handler IS NULL
)
SELECT id, unit, max(coalesce(handler, '')) AS handler FROM above GROUP BY id
"""


class DueOwner(Value):
    """Unit (code and name) and officer (id and name) of a deadline; "" where there is none."""

    unit: str = ""
    unit_name: str = ""
    officer: str = ""
    officer_name: str = ""


NOBODY = DueOwner()


def owners(workspace: Workspace, dues: Iterable[Due]) -> dict[str, DueOwner]:
    """The owner of every deadline with a dossier or a legal text, by the id of the deadline's dossier or text."""
    dues = list(dues)
    ids = sorted({due.id for due in dues if due.id and due.kind not in (LAW, TERMS)})
    rows = workspace.store.query(_OWNERS, {"ids": json.dumps(ids)})
    unit_names = reading.unit_names(workspace)
    officer_names = {id_: reading.title_of(workspace, id_) for id_ in {row["handler"] for row in rows} if id_}
    of_dossiers = {
        row["id"]: DueOwner(
            row["unit"],
            unit_names.get(row["unit"], row["unit"]),
            row["handler"],
            officer_names.get(row["handler"], ""),
        )
        for row in rows
    }
    return of_dossiers | (_of_reviews(workspace) if any(due.kind == LAW for due in dues) else {})


def _of_reviews(workspace: Workspace) -> dict[str, DueOwner]:
    """Who is to compare the legal texts again."""
    unit = workspace.identity.unit
    return {
        f"{reviews.PLACE}{review.number}": DueOwner(unit.code, unit.name, review.officer, review.officer_name)
        for review in reviews.reviews(workspace, workspace.today())
    }


def of_owner(dues: Sequence[Due], known: dict[str, DueOwner], unit: str = "", officer: str = "") -> list[Due]:
    """The deadlines of a unit and of an officer; "" for all."""
    return [due for due in dues if _is_of(known.get(due.id, NOBODY), unit, officer)]


def _is_of(owner: DueOwner, unit: str, officer: str) -> bool:
    return (not unit or owner.unit == unit) and (not officer or owner.officer == officer)
