"""Reads TOML into values, strictly; every fault is collected with its file, place and a hint."""

from __future__ import annotations

import difflib
import hashlib
import pickle
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from kcdesk.bounded.toml_text import parsed_toml
from kcdesk.runtime.frozen import Value, fields, is_value

T = TypeVar("T")

_TYPE_WORDS = {
    str: "một chuỗi trong dấu nháy",
    bool: "true hoặc false",
    int: "một số nguyên",
    date: "một ngày viết không có dấu nháy, ví dụ 2026-01-31",
    tuple: "một danh sách [ … ]",
    dict: "một bảng { … }",
}


_BAD: Any = object()  # stands for a value with a fault


class Fault(Value):
    """One fault of a definition."""

    file: str
    place: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class Cited(Value):
    """A source as a definition cites it, and the days from and to which the definition applies, if it says so.

    `label` is how people know the definition, where somebody asked for it.
    """

    file: str
    place: str
    source: str
    effective_from: date | None = None
    effective_to: date | None = None
    label: str = ""


@dataclass(slots=True)
class Faults:
    """Collects the faults of all files, so that a single reading reports everything; and the sources that they cite."""

    items: list[Fault] = field(default_factory=list)
    cited: list[Cited] = field(default_factory=list)

    def add(self, file: str, place: str, message: str, hint: str = "") -> None:
        """Add a fault."""
        self.items.append(Fault(file, place, message, hint))

    def unknown(self, file: str, place: str, what: str, name: str, known: Iterable[str]) -> None:
        """Add a fault for an unknown name, with the nearest known name as a hint."""
        self.add(file, place, f"{what} “{name}” không có", nearest(name, known))


def nearest(name: str, known: Iterable[str]) -> str:
    """The hint “có phải ý là …” with the nearest known name; "" if none is near."""
    matches = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"có phải ý là “{matches[0]}”" if matches else ""


_AT = re.compile(r"at line (\d+), column (\d+)")


def _place_of(error: tomllib.TOMLDecodeError) -> str:
    """Line and column in Vietnamese; "" if the error is at the end of the file."""
    match = _AT.search(str(error))
    return f" ở dòng {match[1]}, cột {match[2]}" if match else ""


def read_toml(path: Path, name: str, faults: Faults) -> dict[str, Any] | None:
    """Read the tables of one file; None, with a fault, if it is not TOML or not UTF-8."""
    try:
        tables: dict[str, Any] = pickle.loads(_parsed(path.read_text(encoding="utf-8-sig")))
        return tables
    except UnicodeDecodeError:
        faults.add(name, "", "tệp không phải là văn bản UTF-8")
    except tomllib.TOMLDecodeError as error:
        faults.add(name, "", f"không đọc được TOML{_place_of(error)}: sai cú pháp hoặc ngày, số không có thật")
    except ValueError:
        faults.add(name, "", "tệp quá dài, lồng nhau quá sâu hoặc có số quá lớn")
    return None


@lru_cache(maxsize=512)
def _parsed(text: str) -> bytes:
    """The tables of a text, pickled; cached, because most files are read again when rules are compared or received."""
    return pickle.dumps(parsed_toml(text))


class Key(Value):
    """One key of a table: its name in TOML and in Python, its type, and whether it is required."""

    name: str
    attribute: str
    type: Any
    required: bool


@cache
def keys_of(cls: type) -> Mapping[str, Key]:
    """The keys that a table of a class may have, by their names in TOML."""
    hints = get_type_hints(cls)
    keys = {}
    for item in fields(cls):
        name = _toml_name(item.name, hints[item.name])
        keys[name] = Key(name, item.name, hints[item.name], item.required)
    return keys


def _toml_name(attribute: str, hint: Any) -> str:
    """The name of a field in TOML: `section` for `sections`, `from` for `from_states`; `choices` keeps its plural."""
    if attribute == "from_states":
        return "from"
    is_array_of_tables = get_origin(hint) is tuple and is_value(get_args(hint)[0])
    return attribute[:-1] if is_array_of_tables and attribute != "choices" else attribute


_KEPT = 1024
_built: dict[tuple[str, type, bytes], tuple[Any, list[Cited]]] = {}  # by file, class and content


class TomlReader:
    """Builds values from the tables of one file."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file = file
        self.faults = faults

    def build_whole(self, cls: type[T], table: object) -> T | None:
        """`build` from the table of a whole file: what an equal one gave before without a fault, since nothing changes.

        When rules are compared, tried or received, nearly all files are those that were read at the start.
        """
        key = (self.file, cls, hashlib.sha256(pickle.dumps(table)).digest())
        built: T | None
        if earlier := _built.get(key):
            built, cited = earlier
            self.faults.cited += cited
            return built
        own = Faults()
        built = TomlReader(self.file, own).build(cls, table)
        self.faults.items += own.items
        self.faults.cited += own.cited
        if built is not None and not own.items:
            if len(_built) >= _KEPT:
                _built.clear()
            _built[key] = built, own.cited
        return built

    def build(self, cls: type[T], table: object, place: str = "") -> T | None:
        """Make an instance of `cls` from a table; None if it is no table.

        A missing or wrong value is replaced by a default, so that the rest can still be checked.
        """
        if not isinstance(table, dict):
            self.faults.add(self.file, place, f"phải là {_TYPE_WORDS[dict]}")
            return None
        keys = keys_of(cls)  # type: ignore[arg-type]  # every class is hashable
        place = _join(place, name_of(table))
        self.faults.cited += cited_in(self.file, place, table)
        for name in sorted(table.keys() - keys.keys()):
            self.faults.unknown(self.file, place, "khoá", name, keys)
        values: dict[str, Any] = {}
        for key in keys.values():
            value = self._value(key.type, table[key.name], place, key.name) if key.name in table else _BAD
            if key.name not in table and key.required:
                self.faults.add(self.file, place, f"thiếu khoá “{key.name}”")
            if value is not _BAD:
                values[key.attribute] = value
            elif key.required:
                values[key.attribute] = _stand_in(key.type)
        return cls(**values)

    def _value(self, hint: Any, value: object, place: str, name: str) -> Any:
        origin = get_origin(hint)
        if hint is object:
            return freeze(value)
        if origin is tuple:
            return self._tuple(get_args(hint)[0], value, place, name)
        if origin is Literal:
            return self._literal(get_args(hint), value, place, name)
        if origin in (Union, UnionType):
            return self._union(get_args(hint), value, place, name)
        if origin is not None:  # a mapping: a condition, checked later, when the names are known
            return self._plain(dict, value, place, name)
        return self._plain(hint, value, place, name)

    def _tuple(self, item: Any, value: object, place: str, name: str) -> Any:
        if self._plain(tuple, value, place, name) is _BAD:
            return _BAD
        assert isinstance(value, list)
        if is_value(item):
            places = [place if name_of(entry) else _join(place, f"{name} {n}") for n, entry in enumerate(value, 1)]
            built = [self.build(item, entry, where) for entry, where in zip(value, places, strict=True)]
            return tuple(entry for entry in built if entry is not None)
        entries = [self._value(item, entry, place, name) for entry in value]
        return tuple(entry for entry in entries if entry is not _BAD)

    def _literal(self, words: tuple[str, ...], value: object, place: str, name: str) -> object:
        if value in words:
            return value
        hint = nearest(str(value), words) or f"một trong: {', '.join(words)}"
        self.faults.add(self.file, place, f"“{name}” không nhận “{value}”", hint)
        return _BAD

    def _union(self, hints: tuple[type, ...], value: object, place: str, name: str) -> object:
        allowed = tuple(hint for hint in hints if hint is not NoneType)
        if any(_is(value, hint) for hint in allowed):
            return value
        return self._plain(allowed[0], value, place, name)

    def _plain(self, hint: type, value: object, place: str, name: str) -> Any:
        if _is(value, hint):
            return freeze(value)
        self.faults.add(self.file, place, f"“{name}” phải là {_TYPE_WORDS[hint]}")
        return _BAD


def read_definition(folder: Path, name: str, cls: type[T], faults: Faults) -> T:
    """What one file of a folder defines, as an instance of `cls`, whose keys all have defaults.

    Without the file, or if it is no TOML (a fault), everything has its default.
    """
    path = folder / name
    table = read_toml(path, name, faults) if path.exists() else None
    return (TomlReader(name, faults).build(cls, table) if table is not None else None) or cls()


def cited_in(file: str, place: str, table: Mapping[str, Any]) -> list[Cited]:
    """The source of a table: its own key, or its document with the article."""
    document = table.get("document")
    source = table.get("source") or (f"{table.get('article', '')} {document}" if document else "")
    if not isinstance(source, str) or not source:
        return []
    first, last = (value if _is(value := table.get(key), date) else None for key in ("effective_from", "effective_to"))
    return [Cited(file, place, source, first, last)]


def label_in(table: Mapping[str, Any]) -> str:
    """What people read of a table: its label, the item of a checklist or outline, …; "" for none."""
    words = (table.get(key) for key in ("label", "item", "goal", "title", "text"))
    return next((word for word in words if isinstance(word, str) and word), "")


def freeze(value: object) -> object:
    """The same value with read-only mappings and tuples."""
    if isinstance(value, dict):
        return MappingProxyType({key: freeze(item) for key, item in value.items()})
    if isinstance(value, list):
        return tuple(freeze(item) for item in value)
    return value


def _stand_in(hint: Any) -> object:
    return {str: "", int: 0, date: date.min}.get(hint, ())


def _is(value: object, hint: type) -> bool:
    """Whether a TOML value has exactly the type: true is no integer, a date with time is no date."""
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, list if hint is tuple else hint)


def name_of(table: object) -> str:
    """The name of a table in the place of a fault."""
    if isinstance(table, dict):
        for key in ("id", "name", "code", "kind", "rule", "value"):
            if isinstance(table.get(key), str):
                return str(table[key])
    return ""


def _join(place: str, name: str) -> str:
    return f"{place}/{name}" if place and name else place or name
