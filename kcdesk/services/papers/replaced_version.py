"""The paper that a corrected one stands in place of: which version it was, its code, the day it was made final."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from kcdesk import text
from kcdesk.documents.paper_codes import PaperCode, content_hash
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

_SNAPSHOTS = """
SELECT snapshot.at, snapshot.data FROM snapshot JOIN record ON record.seq = snapshot.record
WHERE record.id = :id ORDER BY snapshot.at DESC, snapshot.id DESC
"""


@dataclass(frozen=True, slots=True)
class Replaced:
    """An earlier version of a record as its paper names it."""

    number: int
    code: str
    day: str


def by(workspace: Workspace, record: Record) -> Replaced | None:
    """What a correction replaces; None for a first version, and where its snapshot is in another store."""
    if record.revision < 2:
        return None
    for row in workspace.store.query(_SNAPSHOTS, {"id": record.id}):
        data = json.loads(row["data"])
        number = int(data.get("revision", 1))
        if number < record.revision:
            code = PaperCode("", record.id, number, content_hash(data)).short
            return Replaced(number, code, text.format_date(datetime.fromisoformat(row["at"]).astimezone().date()))
    return None
