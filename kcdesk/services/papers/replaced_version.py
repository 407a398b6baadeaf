"""The paper that a corrected paper replaces: its revision, its code, the day it was made final."""

from __future__ import annotations

import json
from dataclasses import dataclass

from kcdesk import moments, text
from kcdesk.documents.paper_codes import PaperCode, content_hash
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

_SNAPSHOTS = """
SELECT snapshot.at, snapshot.data FROM snapshot JOIN record ON record.seq = snapshot.record
WHERE record.id = :id ORDER BY snapshot.at DESC, snapshot.id DESC
"""


@dataclass(frozen=True, slots=True)
class Replaced:
    """An earlier revision of a record; `code` is the short code on its paper, `day` when it was made final."""

    number: int
    code: str
    day: str


def replaced_by(workspace: Workspace, record: Record) -> Replaced | None:
    """The revision that this record replaces; None for the first one, and if its snapshot is not in this store."""
    if record.revision < 2:
        return None
    for row in workspace.store.query(_SNAPSHOTS, {"id": record.id}):
        data = json.loads(row["data"])
        number = int(data.get("revision", 1))
        if number < record.revision:
            code = PaperCode("", record.id, number, content_hash(data)).short
            return Replaced(number, code, text.format_date(moments.day(row["at"])))
    return None
