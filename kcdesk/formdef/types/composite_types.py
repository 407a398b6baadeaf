"""Field types that hold more than one plain value: yes/no, places, references, files, rows."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kcdesk import text
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import Cell, FieldType, ValueProblem, as_text
from kcdesk.formdef.values import Lookups, Stored, is_blank

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class YesNoType(FieldType):
    """Có or Không; not answered is neither."""

    editor = "yes_no"
    is_yes_no = True
    is_filtered = True
    sql = "INTEGER"
    align = "center"

    _WORDS = {
        **dict.fromkeys(("co", "true", "1", "x", "yes", "dung"), True),
        **dict.fromkeys(("khong", "false", "0", "no", "sai"), False),
    }

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Anything but true and false."""
        return "" if isinstance(stored, bool) else "Phải là Có hoặc Không."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Có, Không."""
        return ("Có" if stored else "Không") if isinstance(stored, bool) else str(stored)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """As on the screen."""
        return self.text(stored, field)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """As on the screen: a spreadsheet in another language writes its own TRUE."""
        return self.text(stored, field)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        answer = self._WORDS.get(text.fold(as_text(raw)))
        if answer is None:
            raise ValueError("Hãy trả lời Có hoặc Không.")
        return answer


class RecordsType(FieldType):
    """What all that name other records share."""

    names_records = True
    is_plain = False
    is_filtered = True

    def named_records(self, stored: Stored | None) -> Sequence[str]:
        """The ids."""
        if isinstance(stored, str):
            return (stored,)
        return stored if isinstance(stored, list) else ()


class ReferenceType(RecordsType):
    """The id of another record; its name is known to whoever holds the records."""

    editor = "reference"
    is_reference = True

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Anything but an id."""
        return "" if isinstance(stored, str) and _ID.fullmatch(stored) else "Phải là mã của một hồ sơ."

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return as_text(raw)


class ReferencesType(RecordsType):
    """The ids of several other records."""

    editor = "references"

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Anything but a list of different ids."""
        if not isinstance(stored, list) or not stored:
            return "Phải là một danh sách."
        if not all(isinstance(entry, str) and _ID.fullmatch(entry) for entry in stored):
            return "Phải là mã của các hồ sơ."
        return "" if len(set(stored)) == len(stored) else "Có hồ sơ được chọn hai lần."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The ids."""
        return "; ".join(map(str, stored)) if isinstance(stored, list) else str(stored)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The ids."""
        return self.text(stored, field)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The ids."""
        return self.text(stored, field)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        entries = raw if isinstance(raw, list | tuple) else re.split(r"[;,\s]+", as_text(raw))
        return list(dict.fromkeys(filter(None, map(as_text, entries))))


class PlaceType(FieldType):
    """A commune of today, and the one before the reform of 1 July 2025 where the papers name it."""

    editor = "place"
    is_place = True
    is_filtered = True
    is_text = True

    _CODES = re.compile(r"(?:.*\[)?([0-9]{0,5})(?:/([0-9]{1,5}))?\]?", re.ASCII | re.DOTALL)

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Anything but codes of communes that the catalogue knows."""
        if not isinstance(stored, dict) or stored.keys() - {"commune", "old_commune"}:
            return "Phải là một đơn vị hành chính."
        codes = [stored.get("commune", ""), stored.get("old_commune", "")]
        if not any(codes) or not all(isinstance(code, str) and re.fullmatch("[0-9]{0,5}", code) for code in codes):
            return "Phải là một đơn vị hành chính."
        return ""

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The names, today's and the old one; the codes where no catalogue is at hand."""
        if self.refusal(stored, field, lookups):
            return str(stored)
        return lookups.places.text(stored) if lookups else self._codes(stored)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The codes."""
        return self._codes(stored)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The names for people, then the codes in brackets."""
        return f"{self.text(stored, field, lookups)} [{self._codes(stored)}]" if lookups else self._codes(stored)

    def _codes(self, stored: Stored) -> str:
        if not isinstance(stored, dict):
            return str(stored)
        old = stored.get("old_commune", "")
        return f"{stored.get('commune', '')}/{old}" if old else str(stored.get("commune", ""))

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        if isinstance(raw, Mapping):
            return self._known({"commune": "", "old_commune": "", **raw}, lookups)
        written = as_text(raw)
        if match := self._CODES.fullmatch(written):
            return self._known({"commune": _code(match[1]), "old_commune": _code(match[2])}, lookups)
        return self._found(written, lookups)

    def _known(self, place: dict[str, Any], lookups: Lookups | None) -> Stored:
        """The place, where the catalogue has it; only what is entered is held against today's catalogue."""
        well_formed = not self.refusal(place, Field(name="", type="place", label=""))
        if lookups and well_formed and not lookups.places.has(place):
            raise ValueError("Mã đơn vị hành chính không có trong danh mục; hãy chọn từ danh sách.")
        return place

    def _found(self, written: str, lookups: Lookups | None) -> Stored:
        """The one place of that name; ValueError when there is none or more than one."""
        matches = lookups.places.search(written, limit=2) if lookups else []
        if len(matches) != 1:
            what = "có nhiều đơn vị cùng tên" if matches else "không có trong danh mục đơn vị hành chính"
            raise ValueError(f"“{written}” {what}; hãy chọn từ danh sách.")
        return {"commune": matches[0].commune, "old_commune": matches[0].old_commune}


class JsonType(FieldType):
    """What is written as JSON where one text is asked for; sheets and editors of its own show it to people."""

    def edit_text(self, stored: Stored, field: Field) -> str:
        """JSON."""
        return json.dumps(stored, ensure_ascii=False)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """JSON."""
        return self.edit_text(stored, field)

    def _listed(self, raw: object) -> list[Any]:
        if isinstance(raw, str):
            try:
                raw = json.loads(raw)
            except ValueError:
                raise ValueError("Không đọc được danh sách; hãy viết dưới dạng JSON.") from None
        if not isinstance(raw, list | tuple) or not all(isinstance(entry, Mapping) for entry in raw):
            raise ValueError("Phải là một danh sách các dòng.")
        return list(raw)


class FilesType(JsonType):
    """Attached files; what they hold lies in the store under its SHA-256."""

    editor = "files"
    holds_files = True
    is_plain = False

    _KEYS = {
        **dict.fromkeys(("id", "name", "sha256", "mime", "caption"), str),
        **dict.fromkeys(("item",), str),  # the row of its record that it shows: `machines/<row id>`
        # a photo: where it came from, when and where it was taken, what nearly the same ones share
        **dict.fromkeys(("original_name", "original_sha256", "look", "taken_at", "latitude", "longitude"), str),
        # a scan of a signed paper: which paper, of which version, with which content
        **dict.fromkeys(("document", "content"), str),
        **dict.fromkeys(("size", "order", "revision"), int),
    }

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Anything but a list of descriptions of files."""
        if not isinstance(stored, list) or not stored or not all(map(self._is_file, stored)):
            return "Phải là danh sách tệp đính kèm."
        ids = [file["id"] for file in stored]
        return "" if len(set(ids)) == len(ids) else "Có tệp được đính kèm hai lần."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The captions, or the names where there are none."""
        if self.refusal(stored, field, lookups):
            return str(stored)
        return "; ".join(file.get("caption") or file["name"] for file in stored)

    def search_text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Names and captions."""
        if self.refusal(stored, field, lookups):
            return ""
        return " ".join(f"{file['name']} {file.get('caption', '')}".strip() for file in stored)

    def _is_file(self, entry: object) -> bool:
        if not isinstance(entry, dict) or entry.keys() - self._KEYS.keys():
            return False
        if not all(isinstance(value, self._KEYS[key]) for key, value in entry.items()):
            return False
        named = all(entry.get(key) for key in ("id", "name"))
        return named and _SHA256.fullmatch(entry.get("sha256", "")) is not None and entry.get("size", 0) >= 0

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return [
            {key: text.clean(value) if isinstance(value, str) else value for key, value in entry.items()}
            for entry in self._listed(raw)
        ]


class TableType(JsonType):
    """Rows of the same columns, each with an id that never changes and a position."""

    editor = "table"
    is_plain = False

    def __init__(self, column_type: Callable[[Field], FieldType]) -> None:
        self._column_type = column_type

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Anything but rows with different ids and positions; cells are judged one by one by the record."""
        if not isinstance(stored, list) or not all(map(is_row, stored)):
            return "Phải là danh sách các dòng."
        ids = [row["id"] for row in stored]
        return "" if len(set(ids)) == len(ids) else "Có hai dòng trùng mã."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """How many rows."""
        count = len(stored) if isinstance(stored, list) else 0
        return f"{count} {field.row_label or 'dòng'}"

    def search_text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The words of all cells."""
        return " ".join(
            self._column_type(column).search_text(row[column.name], column, lookups)
            for row in (stored if isinstance(stored, list) else [])
            for column in field.columns
            if isinstance(row, dict) and not column.sensitive and not is_blank(row.get(column.name))
        )

    def read_row(self, raw: Mapping[str, object], field: Field, lookups: Lookups | None = None) -> dict[str, Any]:
        """The stored cells of one row, no blank or computed ones; ValueProblem names the column."""
        for name in raw.keys() - {"id", "position"}:
            if name not in (column.name for column in field.columns):
                raise ValueProblem(f"Bảng “{field.label}” không có cột “{name}”.", str(name))
        row: dict[str, Any] = {}
        for column in field.columns:
            try:
                cell = self._column_type(column).parse(raw.get(column.name), column, lookups)
            except ValueProblem as problem:
                raise ValueProblem(f"{column.label}: {problem.message}", column.name) from None
            if cell is not None and not column.computed:
                row[column.name] = cell
        return row

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        rows = []
        for number, entry in enumerate(self._listed(raw), start=1):
            try:
                cells = self.read_row(entry, field, lookups)
            except ValueProblem as problem:
                raise ValueProblem(f"Dòng {number}, {problem.message}", problem.field) from None
            position = entry.get("position")
            rows.append(
                {
                    "id": as_text(entry.get("id") or new_row_id()),
                    "position": float(position if _is_position(position) else number),
                    **cells,
                }
            )
        return sorted(rows, key=row_order)


class ChecklistType(TableType):
    """A table whose rows come from the checklist of an activity."""

    editor = "checklist"
    is_checklist = True


def _code(written: str | None) -> str:
    """A code of five digits; a spreadsheet drops the zeros in front."""
    return written.zfill(5) if written else ""


def new_row_id() -> str:
    """An id for a new row, unlike any made elsewhere."""
    return secrets.token_hex(8)


def is_row(value: object) -> bool:
    """Whether a JSON value is a row: a usable id, a position."""
    if not isinstance(value, dict) or not _is_position(value.get("position")):
        return False
    return isinstance(value.get("id"), str) and _ID.fullmatch(value["id"]) is not None


def row_order(row: Mapping[str, Any]) -> tuple[float, str]:
    """The key by which rows stand; the id settles equal positions alike on every machine."""
    return row["position"], row["id"]


def _is_position(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
