"""Sentences offered while typing: those of the office, those typed in the same field before, and the shipped ones.

In a checklist those count that were typed for the same item. Nothing is learned from fields that
`forms/phrases.toml` does not name, so none with personal data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kcdesk import text
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.phrases import field_name
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.phrases.own_phrases import own_phrases
from kcdesk.services.workspace import Workspace
from kcdesk.store.personal.wiping import MARK

_NEWEST = 300  # records of the kind from which sentences are learned
_SHORTEST, _LONGEST = 4, 300  # letters of a sentence that is worth offering
_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")  # a sentence with a day belongs to one dossier
_PROPOSAL, _ACTIVITY, _ITEM, _CODE = "proposal", "activity", "item", "code"


def offered(workspace: Workspace, record: Record, path: str) -> list[str]:
    """The sentences for a field, or for a cell `table/<row id>/column`, the likeliest first; [] for other fields.

    Sentences of the same activity come before others, then those that were written more often.
    """
    name = field_name(record.kind, path)
    if name not in workspace.phrases.fields:
        return []
    table, _, cell = path.partition("/")
    row = next((row for row in record.rows(table) if row["id"] == cell.partition("/")[0]), {}) if cell else {}
    return _distinct(workspace, name, _all(workspace, record, name, row))


def offered_reasons(workspace: Workspace, record: Record) -> list[str]:
    """The sentences for the reason of a return."""
    names = [name for name in workspace.phrases.return_reasons if name.partition(".")[0] == record.kind]
    lists = [_distinct(workspace, name, _all(workspace, record, name, {})) for name in names]
    return list({text.fold(sentence): sentence for sentences in lists for sentence in sentences}.values())


def _all(workspace: Workspace, record: Record, name: str, row: Mapping[str, Any]) -> Iterator[str]:
    """The sentences of the office, the learned ones, the shipped ones."""
    activities = _activities(workspace, record)
    yield from own_phrases(workspace).get(name)
    yield from _learned(workspace, record, name, row, set(activities))
    code = str(row.get(_CODE, ""))
    yield from (phrase.text for phrase in workspace.phrases.phrases if phrase.fits(name, activities, code))


def _distinct(workspace: Workspace, name: str, sentences: Iterable[str]) -> list[str]:
    """Each sentence once, as it was written first, without those that the office does not want."""
    unwanted = {text.fold(sentence) for sentence in own_phrases(workspace).unwanted_of(name)}
    written: dict[str, str] = {}
    for sentence in sentences:
        if (key := text.fold(sentence)) not in unwanted:
            written.setdefault(key, sentence)
    return list(written.values())


def _activities(workspace: Workspace, record: Record) -> list[str]:
    """The activities of the dossier, or of the proposal that it belongs to."""
    if own := activities_of(record.data):
        return own
    linked = record.data.get(_PROPOSAL)
    return activities_of(workspace.store.get(linked).data) if linked else []


def _learned(
    workspace: Workspace, record: Record, name: str, row: Mapping[str, Any], activities: set[str]
) -> Iterator[str]:
    """What was typed in the field in the newest other records, for the same checklist item."""
    field, _, column = name.partition(".")[2].partition(".")
    same_item = type_of(record.form.by_name[field]).is_checklist if field in record.form.by_name else False
    rows = workspace.store.newest_values(record.kind, (field, _ACTIVITY, _PROPOSAL), _NEWEST)
    proposals = [values[2] for _id, values in rows if values[2] and not values[1]]
    linked = workspace.store.values_of(proposals, _ACTIVITY) if activities else {}
    counted: dict[str, list[Any]] = {}  # by the folded sentence: of the same activity, how often, as it was written
    for id_, (value, activity, proposal) in rows:
        if id_ == record.id:
            continue
        is_same = (activity or linked.get(proposal)) in activities
        cells = _cells(value, column, str(row.get(_ITEM, "")) if same_item else "") if column else [value]
        for sentence in _sentences(cells):
            entry = counted.setdefault(text.fold(sentence), [False, 0, sentence])
            entry[0] |= is_same
            entry[1] += 1
    yield from (entry[2] for entry in sorted(counted.values(), key=lambda entry: (not entry[0], -entry[1])))


def _cells(rows: object, column: str, item: str) -> list[object]:
    """The cells of a column, only those of one item of a checklist if it is named."""
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    wanted = text.fold(item)
    return [row.get(column) for row in listed if not item or text.fold(str(row.get(_ITEM, ""))) == wanted]


def _sentences(values: Iterable[object]) -> Iterator[str]:
    """The lines of texts that may be written again: without a day, and none of a text that was erased in parts."""
    for value in values:
        if isinstance(value, str) and MARK not in value:
            lines = (" ".join(line.split()) for line in value.split("\n"))
            yield from (line for line in lines if _SHORTEST <= len(line) <= _LONGEST and not _DAY.search(line))
