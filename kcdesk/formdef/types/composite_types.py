"""Field types that are not plain text or numbers: yes/no, places, references, files, rows."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kcdesk import likeness, text
from kcdesk.bounded.json_text import parsed
from kcdesk.foreign_files.file_names import shown_name
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import Cell, FieldType, ValueProblem, as_text, typed_line
from kcdesk.formdef.values import Lookups, Stored, is_blank

ID = re.compile(r"[A-Za-z0-9_-]{1,64}")  # of a record or a row
_SHA256 = re.compile(r"[0-9a-f]{64}")


class YesNoType(FieldType):
    """Có or Không; a missing answer is neither."""

    forms_groups = True
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
        """Refuse everything but true and false."""
        return "" if isinstance(stored, bool) else "Phải là Có hoặc Không."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The text on the screen: Có or Không."""
        return ("Có" if stored else "Không") if isinstance(stored, bool) else str(stored)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The text on the screen."""
        return self.text(stored, field)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The text on the screen, because a spreadsheet in another language writes its own word for TRUE."""
        return self.text(stored, field)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        answer = raw if isinstance(raw, bool) else self._WORDS.get(text.fold(typed_line(raw)))
        if answer is None:
            raise ValueError("Hãy trả lời Có hoặc Không.")
        return answer


_NOT_CHOSEN = "Chưa chọn trong danh sách; hãy gõ vài chữ để tìm rồi chọn một mục."


class RecordsType(FieldType):
    """The base of types that refer to other records."""

    names_records = True
    is_plain = False
    is_filtered = True

    def named_records(self, stored: Stored | None) -> Sequence[str]:
        """The ids of the records."""
        if isinstance(stored, str):
            return (stored,)
        return stored if isinstance(stored, list) else ()


class ReferenceType(RecordsType):
    """The id of another record; its title is known only to the store."""

    forms_groups = True
    editor = "reference"
    is_reference = True

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but an id."""
        return "" if isinstance(stored, str) and ID.fullmatch(stored) else _NOT_CHOSEN

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return as_text(raw)


class ReferencesType(RecordsType):
    """The ids of several other records."""

    editor = "references"
    is_list = True

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but a list of different ids."""
        if not isinstance(stored, list) or not stored:
            return "Phải là một danh sách."
        if not all(isinstance(entry, str) and ID.fullmatch(entry) for entry in stored):
            return _NOT_CHOSEN
        return "" if len(set(stored)) == len(stored) else "Có hồ sơ được chọn hai lần."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The ids, separated by semicolons."""
        return "; ".join(map(str, stored)) if isinstance(stored, list) else str(stored)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The ids, separated by semicolons."""
        return self.text(stored, field)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The ids, separated by semicolons."""
        return self.text(stored, field)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        entries = raw if isinstance(raw, list | tuple) else re.split(r"[;,\s]+", as_text(raw))
        return list(dict.fromkeys(filter(None, map(as_text, entries))))


_OLDER_PLACES = (
    "Danh mục có các đơn vị hiện nay và các đơn vị ngày 30/6/2025. Nơi đã sáp nhập, đổi tên trước ngày ấy: hãy chọn "
    "xã, phường kế tục nó theo nghị quyết sắp xếp và ghi tên cũ ở ô địa chỉ."
)


class PlaceType(FieldType):
    """A present-day commune and, if the papers name it, the commune before the reform of 1 July 2025."""

    forms_groups = True
    editor = "place"
    is_place = True
    is_filtered = True
    is_text = True

    _CODES = re.compile(r"(?:.*\[)?([0-9]{0,5})(?:/([0-9]{1,5}))?\]?", re.ASCII | re.DOTALL)

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but codes of communes."""
        if not isinstance(stored, dict) or stored.keys() - {"commune", "old_commune"}:
            return "Phải là một đơn vị hành chính."
        codes = [stored.get("commune", ""), stored.get("old_commune", "")]
        if not any(codes) or not all(isinstance(code, str) and re.fullmatch("[0-9]{0,5}", code) for code in codes):
            return "Phải là một đơn vị hành chính."
        return ""

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The present-day name and the old name; the codes if there is no catalogue."""
        if self.refusal(stored, field, lookups):
            return str(stored)
        return lookups.place_text(stored) if lookups else self._codes(stored)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The codes of the communes."""
        return self._codes(stored)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The names for people, followed by the codes in brackets."""
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
        return self._by_name(written, lookups)

    def _known(self, place: dict[str, Any], lookups: Lookups | None) -> Stored:
        """The place if the catalogue has it, else ValueError; only new input is checked against the catalogue."""
        well_formed = not self.refusal(place, Field(name="", type="place", label=""))
        if lookups and well_formed and not lookups.places.has(place):
            raise ValueError("Mã đơn vị hành chính không có trong danh mục; hãy chọn từ danh sách.")
        return place

    def _by_name(self, written: str, lookups: Lookups | None) -> Stored:
        """The place with this name; ValueError if there is none or more than one."""
        matches = lookups.places.named(written) if lookups else []
        if len(matches) > 1:
            raise ValueError(f"“{written}” có nhiều đơn vị cùng tên; hãy chọn từ danh sách.")
        if not matches:
            alike = likeness.listed_words(lookups.places.nearest(written) if lookups else ())
            raise ValueError(
                f"“{written}” không có trong danh mục đơn vị hành chính{alike}; hãy chọn từ danh sách. {_OLDER_PLACES}"
            )
        return {"commune": matches[0].commune, "old_commune": matches[0].old_commune}


class JsonType(FieldType):
    """The base of types whose text form is JSON; for people, they have their own sheets and editors."""

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The value as JSON."""
        return json.dumps(stored, ensure_ascii=False)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The value as JSON."""
        return self.edit_text(stored, field)

    def _listed(self, raw: object) -> list[Any]:
        if isinstance(raw, str):
            try:
                raw = parsed(raw)
            except ValueError:
                raise ValueError("Không đọc được danh sách; hãy viết dưới dạng JSON.") from None
        if not isinstance(raw, list | tuple) or not all(isinstance(entry, Mapping) for entry in raw):
            raise ValueError("Phải là một danh sách các dòng.")
        return list(raw)


class FilesType(JsonType):
    """Attached files; the store keeps their contents by SHA-256."""

    editor = "files"
    holds_files = True
    is_plain = False

    _KEYS = {
        **dict.fromkeys(("id", "name", "sha256", "mime", "caption"), str),
        **dict.fromkeys(("item",), str),  # the row of the record that the file shows: `machines/<row id>`
        # a photo: original file, time and place, a hash that similar photos share (`look`)
        **dict.fromkeys(("original_name", "original_sha256", "look", "taken_at", "latitude", "longitude"), str),
        # a scan of a signed paper: the paper, its revision and content hash
        **dict.fromkeys(("document", "content"), str),
        **dict.fromkeys(("size", "order", "revision"), int),
    }

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but a list of descriptions of files."""
        if not isinstance(stored, list) or not stored or not all(map(self._is_file, stored)):
            return "Phải là danh sách tệp đính kèm."
        ids = [file["id"] for file in stored]
        return "" if len(set(ids)) == len(ids) else "Có tệp được đính kèm hai lần."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The captions, or the names of files without caption."""
        if self.refusal(stored, field, lookups):
            return str(stored)
        return "; ".join(file.get("caption") or shown_name(file["name"]) for file in stored)

    def search_text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The names and captions."""
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
    """Rows with the same columns, each with a constant id and a position."""

    editor = "table"
    is_plain = False

    def __init__(self, column_type: Callable[[Field], FieldType]) -> None:
        self._column_type = column_type

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but rows with positions and different ids; the record checks the single cells."""
        if not isinstance(stored, list) or not all(map(is_row, stored)):
            return "Phải là danh sách các dòng."
        ids = [row["id"] for row in stored]
        return "" if len(set(ids)) == len(ids) else "Có hai dòng trùng mã."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The number of rows."""
        count = len(stored) if isinstance(stored, list) else 0
        return f"{count} {field.row_label or 'dòng'}"

    def search_text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The words of all cells that are not sensitive."""
        return " ".join(
            self._column_type(column).search_text(row[column.name], column, lookups)
            for row in (stored if isinstance(stored, list) else [])
            for column in field.columns
            if isinstance(row, dict) and not column.sensitive and not is_blank(row.get(column.name))
        )

    def read_row(self, raw: Mapping[str, object], field: Field, lookups: Lookups | None = None) -> dict[str, Any]:
        """Read the cells of one row, without blank and computed ones; ValueProblem with the column."""
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
    """A code with five digits: spreadsheets drop leading zeros."""
    return written.zfill(5) if written else ""


def new_row_id() -> str:
    """Make an id for a new row, unique among all stores."""
    return secrets.token_hex(8)


def is_row(value: object) -> bool:
    """Whether a JSON value is a row with a valid id and position."""
    if not isinstance(value, dict) or not _is_position(value.get("position")):
        return False
    return isinstance(value.get("id"), str) and ID.fullmatch(value["id"]) is not None


def row_order(row: Mapping[str, Any]) -> tuple[float, str]:
    """The sort key of rows; the id orders rows with equal positions in the same way on every machine."""
    return row["position"], row["id"]


def _is_position(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
