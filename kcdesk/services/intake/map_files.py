"""A map of columns to fields: read from a TOML file of an officer, written from a suggestion, remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk import given_files, likeness
from kcdesk.bounded import limits
from kcdesk.bounded.toml_text import parsed_toml
from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, field
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.layout.headings import HeadingBlock
from kcdesk.sheets.matching.column_matching import MatchedColumn, SheetMatch, heading_key
from kcdesk.sheets.matching.targets import target_at, targets_of

_KEYS = {"kind", "sheet", "headings", "columns", "values", "units", "hidden"}
_REMEMBERED = "intake/map/"
_MOST_UNIT = 10**12


class ColumnMap(Value):
    """What somebody has said of a sheet: where it is, its rows of headings, the field of each column ("" for none)."""

    sheet: str = ""
    headings: Sequence[int] = ()
    columns: Mapping[str, str] = field(default_factory=dict)  # by letter or by heading
    values: Mapping[str, str] = field(default_factory=dict)  # for every row, by field
    units: Mapping[str, int] = field(default_factory=dict)  # the đồng of 1, by letter or by heading
    hidden: str = ""  # "take" or "leave"


def read_map(forms: Forms, kind: str, path: Path) -> ColumnMap:
    """Read a map file; UserError `bad_map` names the key that is wrong."""
    try:
        tables = parsed_toml(given_files.given_text_of(path, limits.TOML))
    except UnicodeDecodeError as error:
        raise _bad("Tệp ghép cột không phải là văn bản UTF-8.") from error
    except ValueError as error:
        raise _bad(f"Tệp ghép cột không phải là TOML: {error}.") from error
    if unknown := sorted(tables.keys() - _KEYS):
        raise _bad(f"Tệp ghép cột có khoá lạ «{unknown[0]}».", f"Các khoá nhận được: {', '.join(sorted(_KEYS))}.")
    if tables.get("kind", kind) != kind:
        raise _bad(f"Tệp ghép cột là của loại «{tables['kind']}», không phải «{kind}».")
    column_map = ColumnMap(
        sheet=str(tables.get("sheet", "")),
        headings=_rows(tables.get("headings", [])),
        columns=_texts("columns", tables.get("columns", {})),
        values=_texts("values", tables.get("values", {})),
        units=_units(tables.get("units", {})),
        hidden=_hidden(tables.get("hidden", "")),
    )
    for path_named in (*filter(None, column_map.columns.values()), *column_map.values):
        _refuse_unknown(forms, kind, path_named)
    _refuse_values(forms, kind, column_map.values)
    return column_map


def _bad(message: str, hint: str = "") -> UserError:
    return UserError(
        message, code="bad_map", hint=hint or "Hãy xem mẫu tệp ghép cột trong trang trợ giúp «Nạp bảng tính»."
    )


def _rows(value: object) -> tuple[int, ...]:
    rows = value if isinstance(value, list) else [value]
    if not all(isinstance(row, int) and not isinstance(row, bool) and row > 0 for row in rows):
        raise _bad("«headings» phải là danh sách số dòng, ví dụ [6, 7].")
    return tuple(rows)


def _texts(name: str, value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not all(isinstance(each, str | int | bool | float) for each in value.values()):
        raise _bad(f'«{name}» phải là bảng gồm các dòng TÊN = "GIÁ TRỊ".')
    return {key: ("" if each is False else str(each)).strip() for key, each in value.items()}


def _units(value: object) -> dict[str, int]:
    if not isinstance(value, dict) or not all(
        isinstance(unit, int) and not isinstance(unit, bool) and 0 < unit <= _MOST_UNIT for unit in value.values()
    ):
        raise _bad("«units» phải là bảng gồm các dòng CỘT = số đồng của 1, ví dụ D = 1000.")
    return dict(value)


def _hidden(value: object) -> str:
    if value not in ("", "take", "leave"):
        raise _bad('«hidden» phải là "take" (lấy) hoặc "leave" (để lại).')
    return str(value)


def _refuse_unknown(forms: Forms, kind: str, path: str) -> None:
    if target_at(forms, kind, path) is None:
        known = [target.path for target in targets_of(forms, kind)]
        raise _bad(
            f"Loại «{kind}» không có trường «{path}»{likeness.nearest_words(path, known)}.",
            "Ghi tên trường, «bảng.cột», hoặc «trường liên kết.trường».",
        )


def _refuse_values(forms: Forms, kind: str, values: Mapping[str, str]) -> None:
    for path, written in values.items():
        target = target_at(forms, kind, path)
        assert target is not None, "looked at before"
        if not type_of(target.field).names_records:
            try:
                type_of(target.field).parse(written, target.field, forms)
            except ValueProblem as problem:
                raise _bad(f"«{path}»: {problem.message}") from problem


def matched(forms: Forms, kind: str, block: HeadingBlock, column_map: ColumnMap, suggested: SheetMatch) -> SheetMatch:
    """The match that a map says; columns that it does not name keep the suggestion if it names none at all.

    UserError `bad_map` for a column that the sheet does not have.
    """
    named = {_column_of(block, key): path for key, path in column_map.columns.items()}
    units = {_column_of(block, key): unit for key, unit in column_map.units.items()}
    taken = set(named.values())
    columns = []
    for each in suggested.columns:
        if each.column.letter in named:
            target = target_at(forms, kind, named[each.column.letter]) if named[each.column.letter] else None
            columns.append(MatchedColumn(each.column, target, 1.0))
        elif named or (each.target and each.target.path in taken):
            columns.append(MatchedColumn(each.column, None))
        else:
            columns.append(each)
    return SheetMatch(columns, column_map.values, units)


def _column_of(block: HeadingBlock, key: str) -> str:
    """The letter of the column that a key names, by its letter or by its heading."""
    wanted = heading_key(key)
    for column in block.columns:
        if key.upper() == column.letter and key.isascii() and len(key) <= 3:
            return column.letter
    for column in block.columns:
        if wanted and wanted in (heading_key(column.heading), heading_key(column.leaf)):
            return column.letter
    letters = ", ".join(column.letter for column in block.columns)
    raise _bad(f"Bảng không có cột «{key}».", f"Các cột có tiêu đề: {letters}.")


def map_text(kind: str, sheet: str, block: HeadingBlock, match: SheetMatch) -> str:
    """A map file with the suggestion, to be edited."""
    lines = [f'kind = "{kind}"', f"sheet = {_quoted(sheet)}", f"headings = {list(block.rows)}", "", "[columns]"]
    for each in match.columns:
        path = each.target.path if each.target else ""
        lines.append(f'{each.column.letter} = "{path}"  # {" ".join(each.column.heading.split())}'.rstrip())
    lines += ["", "[values]", *(f"{_quoted(path)} = {_quoted(value)}" for path, value in match.values.items())]
    lines += ["", "[units]", *(f"{letter} = {unit}" for letter, unit in match.units.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
    return f'"{escaped}"'


# -- remembered ----------------------------------------------------------------------------------------------------


def remembered(workspace: Workspace, kind: str, block: HeadingBlock) -> ColumnMap | None:
    """The match that was used for a layout before; None if it is new, or names fields that are gone."""
    kept: Any = workspace.store.setting(_key(kind, block))
    if not isinstance(kept, dict):
        return None
    columns = {str(letter): str(path) for letter, path in kept.get("columns", {}).items()}
    if any(path and target_at(workspace.forms, kind, path) is None for path in columns.values()):
        return None
    letters = {column.letter for column in block.columns}
    if not columns.keys() <= letters:
        return None
    units = {str(letter): int(unit) for letter, unit in kept.get("units", {}).items() if letter in letters}
    return ColumnMap(columns=columns, values=kept.get("values", {}), units=units)


def remember(workspace: Workspace, kind: str, block: HeadingBlock, match: SheetMatch) -> None:
    """Keep the match of a layout for the next sheet that has the same headings."""
    kept = {
        "columns": {each.column.letter: each.target.path if each.target else "" for each in match.columns},
        "values": dict(match.values),
        "units": dict(match.units),
    }
    if workspace.store.setting(_key(kind, block)) != kept:
        workspace.store.set_setting(_key(kind, block), kept)


def _key(kind: str, block: HeadingBlock) -> str:
    words = "|".join(_headings(block))
    return f"{_REMEMBERED}{kind}/{hashlib.sha256(words.encode()).hexdigest()[:24]}"


def _headings(block: HeadingBlock) -> Iterator[str]:
    return (f"{column.letter}:{heading_key(column.heading)}" for column in block.columns)
