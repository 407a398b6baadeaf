"""The paper that a corrected paper replaces: its revision, its code, the day it was made final."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from kcdesk import moments, text
from kcdesk.documents.paper_codes import PaperCode, content_hash
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers import locked_papers
from kcdesk.services.papers.filling import PerLayout
from kcdesk.services.workspace import Workspace

_SNAPSHOTS = """
SELECT snapshot.at, snapshot.data FROM snapshot JOIN record ON record.seq = snapshot.record
WHERE record.id = :id ORDER BY snapshot.at DESC, snapshot.id DESC
"""


class Replaced(Value):
    """An earlier revision of a record; `code` is the short code on its paper, `day` when it was made final."""

    number: int
    code: str
    day: str


def replaced_by(workspace: Workspace, record: Record) -> PerLayout | None:
    """The revision that this record replaces; None for the first one, and if its snapshot is not in this store.

    The code is that of the paper that was kept, for each layout. Papers of the first versions of the program were not
    kept: their codes hold the hash of the record's data.
    """
    if record.revision < 2:
        return None
    for row in workspace.store.query(_SNAPSHOTS, {"id": record.id}):
        data = json.loads(row["data"])
        number = int(data.get("revision", 1))
        if number < record.revision:
            day = text.format_date(moments.day(row["at"]))
            return PerLayout(partial(_replaced, workspace, record, number, data, day))
    return None


def _replaced(
    workspace: Workspace, record: Record, number: int, data: Mapping[str, Any], day: str, layout: str
) -> Replaced:
    return Replaced(number, _code(workspace, record, number, layout, data), day)


def _code(workspace: Workspace, record: Record, number: int, layout: str, data: Mapping[str, Any]) -> str:
    kept = locked_papers.paper_of_revision(workspace, record, number, layout)
    return PaperCode("", record.id, number, kept.content if kept else content_hash(data)).short
