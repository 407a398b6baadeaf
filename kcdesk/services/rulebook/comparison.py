"""What a new file of rules changes, entry by entry: for people to read before it is taken in."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk.text import format_date, format_integer

_ID_KEYS = ("id", "kind", "code", "name", "value", "activity", "effective_from", "goal", "item", "label")
_LATER_VERSION = ("effective_to",)  # what a used version may still change: that it ends
_MOST_LETTERS = 80
# What the keys that change most are called; any other key stands as it is in the file.
_WORDS = {
    "cap": "mức tối đa (đồng)",
    "percent": "tỷ lệ tối đa (%)",
    "effective_from": "áp dụng từ ngày",
    "effective_to": "áp dụng đến ngày",
    "source": "căn cứ",
    "document": "văn bản",
    "article": "điều khoản",
    "label": "tên gọi",
    "text": "lời văn",
    "note": "ghi chú",
    "unverified": "chưa đối chiếu văn bản",
    "when": "điều kiện",
    "required": "bắt buộc",
    "choices": "lựa chọn",
    "retired": "thôi dùng",
    "activities": "nội dung hoạt động",
    "per": "tính cho mỗi",
    "province": "tỉnh",
    "programme": "nguồn kinh phí",
    "max": "mức cao nhất",
    "min": "mức thấp nhất",
    "days": "số ngày",
    "period": "",
    **dict.fromkeys(("line", "section", "field", "column", "check", "activity", "rule", "paper", "fact", "block"), ""),
}


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One entry that is new ("new"), gone ("gone") or different ("changed"); before and after are texts."""

    file: str
    what: str
    place: str
    before: str = ""
    after: str = ""
    title: str = ""  # what people call the file

    def sentence(self) -> str:
        """«Khuyến công địa phương tỉnh Đồng Tháp, Máy móc, từ 11/7/2024, mức tối đa (đồng): từ … thành …»."""
        where = ", ".join(filter(None, (self.title or self.file, self.place)))
        if self.what == "changed":
            return f"{where}: từ «{self.before or 'để trống'}» thành «{self.after or 'để trống'}»"
        return f"{where}: {'thêm' if self.what == 'new' else 'bỏ'}"


def changes(folder: Path, files: Mapping[str, str]) -> list[RuleChange]:
    """What the files change over those of the same names in a folder."""
    found: list[RuleChange] = []
    for name, text in sorted(files.items()):
        path = folder / name
        after = _read(text)
        if not path.is_file():
            found.append(RuleChange(name, "new", "", title=_title(after)))
        else:
            different = _differences(name, (), _read(path.read_text("utf-8")), after)
            found += [replace(change, title=_title(after)) for change in different]
    return found


def touched_versions(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Versions in use that the files would change: a version may end, everything else needs a new one."""
    touched = []
    for name, text in sorted(files.items()):
        path = folder / name
        before = _read(path.read_text("utf-8")) if path.is_file() else {}
        after = _read(text)
        is_same = before.get("version") is not None and before.get("version") == after.get("version")
        if is_same and _without(before) != _without(after):
            touched.append(f"{name} (phiên bản {before['version']})")
    return touched


def _read(text: str) -> dict[str, Any]:
    """The table; what is no TOML is for the loader to say."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _without(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in _LATER_VERSION}


def _differences(file: str, place: tuple[str, ...], before: Any, after: Any) -> Iterator[RuleChange]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _entry(file, (*place, _WORDS.get(key, key)), before.get(key), after.get(key))
    elif _is_table_list(before) and _is_table_list(after):
        old, new = _by_name(before), _by_name(after)
        for name in dict.fromkeys((*old, *new)):
            shown = _called(new.get(name) or old[name]) or name
            yield from _entry(file, (*place, shown), old.get(name), new.get(name))
    elif before != after:
        yield RuleChange(file, "changed", _joined(place), _shown(before), _shown(after))


def _entry(file: str, place: tuple[str, ...], before: Any, after: Any) -> Iterator[RuleChange]:
    if before is None and isinstance(after, dict | list):
        yield RuleChange(file, "new", _joined(place))
    elif after is None and isinstance(before, dict | list):
        yield RuleChange(file, "gone", _joined(place))
    else:
        yield from _differences(file, place, before, after)


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _by_name(tables: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Tables by what they are called; those of one name get a number."""
    named: dict[str, dict[str, Any]] = {}
    for table in tables:
        name = next((str(table[key]) for key in _ID_KEYS if key in table), "")
        number = sum(1 for known in named if known.partition(" #")[0] == name)
        named[f"{name} #{number + 1}" if number or not name else name] = table
    return named


def _called(table: Mapping[str, Any]) -> str:
    """What people call an entry; its day where it is one of several in time."""
    if "label" not in table and isinstance(table.get("effective_from"), date):
        return f"từ {format_date(table['effective_from'])}"
    return _title(table)


def _joined(place: tuple[str, ...]) -> str:
    return ", ".join(filter(None, place))


def _title(table: Mapping[str, Any]) -> str:
    return str(table.get("label") or table.get("id") or table.get("activity") or "")


def _shown(value: Any) -> str:
    text = " ".join(_text(value).split())
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "có" if value else "không"
        case int():
            return format_integer(value)
        case date():
            return format_date(value)
        case list() if all(isinstance(item, str) for item in value):
            return ", ".join(value)
        case _:
            return str(value)
