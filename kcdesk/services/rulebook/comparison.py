"""Compare a new file of rules with the rules in force, entry by entry, for people to read before it is accepted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk.bounded.toml_text import parsed_toml
from kcdesk.runtime.frozen import Value, replace
from kcdesk.text import format_date, format_integer

_ID_KEYS = ("id", "kind", "code", "name", "value", "activity", "effective_from", "goal", "item", "label")
_LATER_VERSION = ("effective_to",)  # the only key that may change in a used version
_MOST_LETTERS = 80
# Vietnamese names of the keys that change most; other keys are shown as in the file.
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


class RuleChange(Value):
    """A changed entry; `what` is "new", "gone" or "changed", before and after are texts."""

    file: str
    what: str
    place: str
    before: str = ""
    after: str = ""
    title: str = ""  # the label of the file

    def sentence(self) -> str:
        """«Khuyến công địa phương tỉnh Đồng Tháp, Máy móc, từ 11/7/2024, mức tối đa (đồng): từ … thành …»."""
        where = ", ".join(filter(None, (self.title or self.file, self.place)))
        if self.what == "changed":
            return f"{where}: từ «{self.before or 'để trống'}» thành «{self.after or 'để trống'}»"
        return f"{where}: {'thêm' if self.what == 'new' else 'bỏ'}"


def changes(folder: Path, files: Mapping[str, str]) -> list[RuleChange]:
    """List the changes of the files against the files of the same names in a folder."""
    rule_changes: list[RuleChange] = []
    for name, text in sorted(files.items()):
        path = folder / name
        after = _read(text)
        if not path.is_file():
            rule_changes.append(RuleChange(name, "new", "", title=_title(after)))
        else:
            different = _value_changes(name, (), _read(path.read_text("utf-8")), after)
            rule_changes += [replace(change, title=_title(after)) for change in different]
    return rule_changes


def touched_versions(folder: Path, files: Mapping[str, str]) -> list[str]:
    """List the used versions that the files would change; only the end date of a version may change."""
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
    """Parse a file; {} if it is not TOML, which the loader reports later."""
    try:
        return parsed_toml(text)
    except ValueError:
        return {}


def _without(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in _LATER_VERSION}


def _value_changes(file: str, place: tuple[str, ...], before: Any, after: Any) -> Iterator[RuleChange]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*before, *after)):
            yield from _entry_changes(file, (*place, _WORDS.get(key, key)), before.get(key), after.get(key))
    elif _is_table_list(before) and _is_table_list(after):
        old, new = _by_name(before), _by_name(after)
        for name in dict.fromkeys((*old, *new)):
            shown = _entry_label(new.get(name) or old[name]) or name
            yield from _entry_changes(file, (*place, shown), old.get(name), new.get(name))
    elif before != after:
        yield RuleChange(file, "changed", _place_text(place), _shortened(before), _shortened(after))


def _entry_changes(file: str, place: tuple[str, ...], before: Any, after: Any) -> Iterator[RuleChange]:
    if before is None and isinstance(after, dict | list):
        yield RuleChange(file, "new", _place_text(place))
    elif after is None and isinstance(before, dict | list):
        yield RuleChange(file, "gone", _place_text(place))
    else:
        yield from _value_changes(file, place, before, after)


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _by_name(tables: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Index tables by their name; tables of the same name get a number."""
    tables_by_name: dict[str, dict[str, Any]] = {}
    for table in tables:
        name = next((str(table[key]) for key in _ID_KEYS if key in table), "")
        count = sum(1 for known in tables_by_name if known.partition(" #")[0] == name)
        tables_by_name[f"{name} #{count + 1}" if count or not name else name] = table
    return tables_by_name


def _entry_label(table: Mapping[str, Any]) -> str:
    """The label of an entry; «từ <date>» for an entry without a label that begins on a date."""
    if "label" not in table and isinstance(table.get("effective_from"), date):
        return f"từ {format_date(table['effective_from'])}"
    return _title(table)


def _place_text(place: tuple[str, ...]) -> str:
    return ", ".join(filter(None, place))


def _title(table: Mapping[str, Any]) -> str:
    return str(table.get("label") or table.get("id") or table.get("activity") or "")


def _shortened(value: Any) -> str:
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
