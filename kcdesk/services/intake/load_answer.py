"""What became of a sheet, as JSON and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from openpyxl.utils.cell import coordinate_from_string

from kcdesk.formdef.types.registry import type_of
from kcdesk.services.intake.sheet_loading import LoadedSheet
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.matching.column_reader import CellReading
from kcdesk.text import format_integer

_STATUSES = ("new", "joined", "changed", "refused", "ignored")
_MOST_LINES = 20


def load_as_json(workspace: Workspace, loaded: LoadedSheet, *, full: bool = False) -> dict[str, Any]:
    """The answer of the command; with `full` also what every cell was read as."""
    judged, layout = loaded.judged, loaded.layout
    ignored = ignored_rows(loaded)
    counted: Counter[str] = Counter(verdict.status for verdict in judged.verdicts)
    counted["ignored"] = len(ignored)
    answer: dict[str, Any] = {
        "rows": {status: counted[status] for status in _STATUSES},
        "records": [
            {
                "row": verdict.row,
                "id": verdict.id,
                "status": verdict.status,
                "why": verdict.why,
                "fields": list(verdict.fields),
            }
            for verdict in judged.verdicts
        ],
        "refused": [{"cell": cell.cell, "reason": cell.reason} for cell in judged.refused],
        "ask": [
            {"cell": cell.cell, "reading": cell.reading, "question": cell.command_question} for cell in judged.asked
        ],
        "applied": loaded.is_applied,
        "ignored": ignored,
        "linked": judged.linked,
        "sheet": layout.sheet.name,
        "headings": [row for block in layout.blocks for row in block.rows],
        "columns": columns_as_json(loaded),
        "notes": list(loaded.notes),
    }
    if full:
        whole = (loaded.whole_row(workspace.forms, row.number) for row in loaded.rows)
        answer["cells"] = [_cell(workspace, cell) for row in whole for cell in row.cells]
    return answer


def ignored_rows(loaded: LoadedSheet) -> list[dict[str, Any]]:
    """The rows that are not taken, but for the first heading, from the top, and why: no records, or hidden ones."""
    first = loaded.layout.blocks[0]
    headings = set(first.rows) - {first.numbers_row}
    why = {left.number: left.why for left in loaded.layout.left if left.number not in headings}
    if not loaded.order.takes_hidden:
        why |= {row.number: "dòng ẩn, chưa lấy" for row in loaded.layout.hidden}
    return [{"row": number, "why": why[number]} for number in sorted(why)]


def columns_as_json(loaded: LoadedSheet) -> list[dict[str, Any]]:
    """Each column with its heading and the field that it means."""
    return [
        {
            "column": each.column.letter,
            "heading": each.column.heading,
            "field": each.target.path if each.target else "",
            "label": each.target.label if each.target else "",
            "score": round(each.score, 2),
        }
        for each in loaded.match.columns
    ]


def _cell(workspace: Workspace, cell: CellReading) -> dict[str, Any]:
    reading = cell.reading
    shown = ""
    if cell.target is not None and reading.value is not None and not isinstance(reading.value, list):
        item = cell.target.field
        shown = (
            str(reading.value)
            if type_of(item).names_records
            else type_of(item).text(reading.value, item, workspace.forms)
        )
    letter, number = coordinate_from_string(cell.place)
    return {
        "cell": f"{letter}{cell.row}",
        "spoken_by": "" if number == cell.row else cell.place,  # of a merged cell
        "row": cell.row,
        "heading": cell.heading,
        "field": cell.target.path if cell.target else "",
        "written": cell.shown,
        "value": reading.refused_value if reading.value is None else reading.value,
        "shown": shown,
        "question": reading.question,
        "problem": reading.problem,
        "beside": dict(reading.beside),
    }


def load_in_lines(answer: Mapping[str, Any]) -> Iterator[str]:
    """The answer in words."""
    rows = answer["rows"]
    yield (
        f"Trang «{answer['sheet']}»: {_count(rows, 'new')} hồ sơ mới, {_count(rows, 'joined')} dòng đã có trong kho, "
        f"{_count(rows, 'changed')} dòng sửa hồ sơ đã có, {_count(rows, 'refused')} dòng không nhận, "
        f"{_count(rows, 'ignored')} dòng bỏ qua."
    )
    if kept := {entry["id"] for entry in answer["linked"] if entry["status"] == "new"}:
        yield f"Kèm {format_integer(len(kept))} hồ sơ mới khác được nêu trong bảng."
    yield from answer["notes"]
    left = [entry["heading"] or entry["column"] for entry in answer["columns"] if not entry["field"]]
    if left:
        yield f"Cột không nhận: {', '.join(left)}."
    yield from _first(f"{entry['cell']}: {entry['reason']}" for entry in answer["refused"])
    yield from _first(f"{entry['cell']}: {entry['question']} {entry['reading']}".rstrip() for entry in answer["ask"])
    if answer.get("checked"):
        yield f"Bảng đã tô màu: {answer['checked']}"
    yield "Đã ghi vào kho." if answer["applied"] else "Chạy thử: kho không thay đổi."


def _count(rows: Mapping[str, int], status: str) -> str:
    return format_integer(rows[status])


def _first(lines: Iterator[str]) -> Iterator[str]:
    """The first lines, and how many more there are."""
    listed = list(lines)
    yield from listed[:_MOST_LINES]
    if len(listed) > _MOST_LINES:
        yield f"… và {format_integer(len(listed) - _MOST_LINES)} ô khác."
