"""The history of a record for an inspector: each field, old and new, who, when, on which machine, in which package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kcdesk import moments
from kcdesk.exchange import periods
from kcdesk.exchange.workbook.page_lines import type_name
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages.changes_in_words import RecordNames
from kcdesk.services.papers.sheets import Topic, print_sheet, write_table
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.clock import device_of, moment_of
from kcdesk.store.handover.partners import Device
from kcdesk.store.history import ChangeLine
from kcdesk.text import format_date

LAYOUT = "record_history"
HEADS = ("Lúc", "Ai", "Máy", "Việc", "Mục", "Cũ", "Mới", "Gói")
_WIDTHS = (18, 22, 24, 30, 28, 36, 36, 34)  # characters
_EMPTY = "(trống)"
_FROM_PACKAGES = (
    "Việc sửa ở đơn vị khác: gói chỉ mang giá trị sau cùng và người ghi sau cùng trước khi gửi. Các lần sửa trước đó "
    "nằm trong lịch sử ở máy của đơn vị ấy; cần thì đề nghị họ mở hồ sơ này, chọn Lịch sử → In lịch sử."
)
_HIDDEN = ("revision", "id", "position")  # counted by the program
_INTAKES = """
SELECT change.act AS seq, act.id AS act, package.type AS type, package.period AS period,
  json_extract(package.details, '$.sender') AS sender, json_extract(package.details, '$.officer') AS officer
FROM change JOIN act ON act.seq = change.act JOIN intake ON intake.act = act.id
JOIN package ON package.seq = intake.package
WHERE change.record = (SELECT seq FROM record WHERE id = :record)
"""


class HistoryLine(Value, kw_only=True):
    """One field changed by one act; `path` is "" for an act that changed no field that people see.

    What came in a package has the officer, the moment and the machine of the unit where it was written, as far as the
    package says them; `received` is when it was taken in here (UTC), "" for what was written here.
    """

    at: str
    officer: str
    machine: str
    action: str
    path: str
    label: str
    before: str
    after: str
    act: str = ""
    is_here: bool = True  # written on this machine
    package: str = ""
    received: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts below HEADS."""
        arrived = f"{self.package}, nhận {_moment(self.received)}" if self.package else ""
        return (_moment(self.at), self.officer, self.machine, self.action, self.label, self.before, self.after, arrived)

    def as_json(self) -> dict[str, str]:
        """As the command line prints it."""
        names = ("at", "officer", "machine", "action", "path", "label", "before", "after", "package", "received")
        return {name: getattr(self, name) for name in names}


def history_lines(workspace: Workspace, id_: str) -> list[HistoryLine]:
    """Every change of a record, newest first, a line for each field."""
    return _lines(workspace, workspace.store.record(id_), workspace.store.history(id_))


def _lines(workspace: Workspace, record: Record, changes: Iterable[ChangeLine]) -> list[HistoryLine]:
    reader = _HistoryReader(workspace, record)
    return [line for change in changes for line in reader.lines(change)]


def note_on(lines: Sequence[HistoryLine]) -> str:
    """What a reader has to know about lines that came in packages; "" if there are none."""
    return _FROM_PACKAGES if any(line.package for line in lines) else ""


class _HistoryReader:
    """Puts the changes of one record into words."""

    def __init__(self, workspace: Workspace, record: Record) -> None:
        self._workspace, self._record = workspace, record
        self._names = RecordNames(workspace.store, whole=True)
        self._devices = {device.id: device for device in workspace.store.partners.devices()}
        rows = workspace.store.query(_INTAKES, {"record": record.id})
        self._packages = {row["act"]: row for row in rows}
        self._stamps = workspace.store.get(record.id).stamps

    def lines(self, change: ChangeLine) -> Iterator[HistoryLine]:
        if change.operation == "snapshot":  # belongs to a step that has its own line
            return
        before, after = change.before or {}, change.after or {}
        paths = [path for path in dict.fromkeys((*before, *after)) if self._is_shown(path)]
        for path in paths:
            yield self._line(change, path, before.get(path), after.get(path))
        if not paths:
            yield self._line(change, "", None, None)

    def _is_shown(self, path: str) -> bool:
        name = path.rpartition("/")[2]
        field = self._record.form.by_name.get(path.partition("/")[0])
        return name not in _HIDDEN and not (field is not None and field.computed)

    def _line(self, change: ChangeLine, path: str, before: Any, after: Any) -> HistoryLine:
        arrival = self._packages.get(change.act)
        origin = self._origin(change, path) if arrival else None
        at, device = origin or (change.at, "" if arrival else change.device)
        return HistoryLine(
            at=at,
            officer=self._officer(change, device, arrival),
            machine=self._machine(device, arrival),
            action=change.action,
            path=path,
            label=self._names.label(self._record.form.reference, path) if path else "",
            before=self._text(path, before) if path and change.before is not None else "",
            after=self._text(path, after) if path else "",
            act=change.act,
            is_here=device == self._workspace.identity.device_id,
            package=_package_name(arrival) if arrival else "",
            received=change.at if arrival else "",
        )

    def _origin(self, change: ChangeLine, path: str) -> tuple[str, str] | None:
        """When and where a received value was written: its own stamp, if it is still the value of the field."""
        own = (stamp for other, stamp in self._stamps.items() if other == path or other.startswith(f"{path}/"))
        stamp = max(own, default="")  # of a table the newest of its cells
        if not stamp or device_of(stamp) == self._workspace.identity.device_id or moment_of(stamp) > change.at:
            return None
        return moment_of(stamp), device_of(stamp)

    def _officer(self, change: ChangeLine, device: str, arrival: dict[str, Any] | None) -> str:
        if arrival and not device:
            return str(arrival["officer"] or "")
        known = self._devices.get(device)
        return known.officer if known and device != change.device else change.officer

    def _machine(self, device: str, arrival: dict[str, Any] | None) -> str:
        if arrival and not device:
            return str(arrival["sender"] or "")
        if device == self._workspace.identity.device_id:
            return "Máy này"
        known: Device | None = self._devices.get(device)
        return f"{known.name} ({device})" if known else device

    def _text(self, path: str, value: Any) -> str:
        return self._names.text(self._record.form.reference, path, value, (self._record.data,)) or _EMPTY


def history_as_json(workspace: Workspace, id_: str) -> list[dict[str, Any]]:
    """The acts as `reading.history` gives them, each with "machine", "written_by", "package" and its "changes".

    "officer" took the act here, "written_by" wrote what came in a package.
    """
    record, changes = workspace.store.record(id_), workspace.store.history(id_)
    by_act: dict[str, list[HistoryLine]] = {}
    for line in _lines(workspace, record, changes):
        by_act.setdefault(line.act, []).append(line)
    return [
        act
        | {
            "machine": by_act[act["act"]][0].machine,
            "written_by": by_act[act["act"]][0].officer,
            "package": by_act[act["act"]][0].package,
            "changes": [line.as_json() for line in by_act[act["act"]] if line.path],
        }
        for act in reading.acts(record, changes)
    ]


def print_history(workspace: Workspace, id_: str, pdf: Path) -> dict[str, Any]:
    """Write the history as PDF; returns {"pdf", "pages"}."""
    record, lines = workspace.store.record(id_), history_lines(workspace, id_)
    values = {
        "period": Topic(id_, record.title()),
        "history": [_printed(line) for line in lines],
        "note": note_on(lines),
    }
    return print_sheet(workspace, LAYOUT, values, pdf)


def write_history(workspace: Workspace, id_: str, path: Path) -> dict[str, Any]:
    """Write the history as a workbook; returns {"xlsx", "lines"}."""
    lines = history_lines(workspace, id_)
    title = f"Lịch sử: {workspace.store.record(id_).title()}"
    columns = list(zip(HEADS, _WIDTHS, strict=True))
    write_table(path, "Lịch sử", title, columns, (line.cells for line in lines), note=note_on(lines))
    return {"xlsx": str(path), "lines": len(lines)}


def _printed(line: HistoryLine) -> dict[str, str]:
    names = ("moment", "officer", "machine", "action", "label", "before", "after", "package")
    return dict(zip(names, line.cells, strict=True))


def _package_name(row: dict[str, Any]) -> str:
    return f"{type_name(row['type'])} {periods.in_sentence(row['period'])} của {row['sender'] or '?'}"


def _moment(at: str) -> str:
    if not at:
        return ""
    moment: datetime = moments.local(at)
    return f"{moment:%H:%M} {format_date(moment.date())}"
