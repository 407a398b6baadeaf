"""Versions that contain only their differences to an earlier version: `extends = "proposal@1"`.

Works on the TOML tables, before they become forms, checklists and outlines; what is not given is taken from the base.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kcdesk.formdef.loading.toml_reader import Faults, TomlReader
from kcdesk.formdef.model import ChecklistItem, CostItem, ExpectedResult, Field, Section
from kcdesk.runtime.frozen import Value

TomlTable = dict[str, Any]

EXTENDS, OMIT, AFTER = "extends", "omit", "after"
# The keys that identify an entry of a list; a list that is not named here is replaced as a whole.
NAMED_BY = {
    "section": ("id",),
    "field": ("name",),
    "column": ("name",),
    "paper": ("code",),
    "fact": ("code",),
    "cost": ("item",),
    "result": ("goal",),
    "check": ("rule", "field"),
    "closure": ("column",),
}
_ADDED = ("check", "closure")  # names are not unique: a new entry is always added, `omit` removes all entries of a name
OWN_KEYS = ("version", "effective_from", "effective_to")  # not taken from the base
# The classes whose entries can be changed key by key.
REPLACED: Mapping[str, type] = {
    "section": Section,
    "field": Field,
    "column": Field,
    "paper": ChecklistItem,
    "fact": ChecklistItem,
    "cost": CostItem,
    "result": ExpectedResult,
}


class Source(Value):
    """The table of a definition and its file; `parts` are the tables of its other files."""

    file: str
    table: TomlTable
    parts: tuple[TomlTable, ...] = ()


class Extension(Value, kw_only=True):
    """The keys of a version about its base."""

    extends: str
    omit: tuple[str, ...] = ()  # "field:note", "column:lines.price", "check:at_most:paid"


@dataclass(slots=True)
class Extender:
    """Completes the versions of one kind of definition, which are identified by `key` and `version`."""

    sources: Sequence[Source]
    key: str
    faults: Faults
    _by_reference: dict[str, Source] = field(init=False)
    _complete: dict[str, TomlTable | None] = field(init=False, default_factory=dict)  # by file

    def __post_init__(self) -> None:
        numbered = [source for source in self.sources if isinstance(source.table.get("version"), int)]
        self._by_reference = {self._reference(source.table): source for source in numbered}

    def completed(self) -> Iterator[tuple[str, TomlTable]]:
        """Yield each file with its complete table, without parts; a version that cannot be completed is a fault."""
        for source in self.sources:
            if (whole := self._own(source)) is not None:
                yield source.file, whole

    def _reference(self, table: TomlTable) -> str:
        """The reference of a table, like `proposal@2`; a version that extends another may omit its id."""
        base = str(table.get(EXTENDS, "")).partition("@")[0]
        return f"{table.get(self.key, base)}@{table.get('version')}"

    def _own(self, source: Source) -> TomlTable | None:
        if EXTENDS not in source.table:
            return source.table
        if source.file not in self._complete:
            self._complete[source.file] = self._extended(source)
        return self._complete[source.file]

    def _extended(self, source: Source) -> TomlTable | None:
        own = dict(source.table)
        words = {name: own.pop(name) for name in (EXTENDS, OMIT) if name in own}
        extension = TomlReader(source.file, self.faults).build(Extension, words)
        if extension is None or not self._may_extend(source, extension.extends):
            return None
        base = self._whole(self._by_reference[extension.extends])
        if base is None:
            return None
        for word in extension.omit:
            _omit(source.file, base, word, self.faults)
        key = {self.key: base.get(self.key)}
        return key | _Merging(source.file, self.faults).definition(_without(base, *OWN_KEYS), own)

    def _whole(self, source: Source) -> TomlTable | None:
        """A copy of the complete table of a version, with its base and its parts; `deepcopy` takes far longer."""
        own = self._own(source)
        return None if own is None else _with_parts(*pickle.loads(pickle.dumps((own, source.parts))))

    def _may_extend(self, source: Source, base: str) -> bool:
        """Whether `base` is an earlier version of the same definition, so that there is no circle; else add a fault."""
        reference, version = self._reference(source.table), source.table.get("version")
        if base not in self._by_reference:
            self.faults.unknown(source.file, "", "extends: bản", base, self._by_reference.keys() - {reference})
        elif reference.partition("@")[0] != base.partition("@")[0]:
            self.faults.add(source.file, "", f"extends: “{base}” là bản của một định nghĩa khác")
        elif isinstance(version, int) and version <= int(base.partition("@")[2]):
            self.faults.add(source.file, "", f"extends: “{base}” không phải là bản trước của bản này")
        else:
            return True
        return False


@dataclass(slots=True)
class _Merging:
    """Applies the differences to a base, table by table."""

    file: str
    faults: Faults
    homes: dict[str, str] = field(default_factory=dict)  # the section of each field of the base

    def definition(self, base: TomlTable, own: TomlTable) -> TomlTable:
        """The complete definition."""
        for section in _tables(base, "section"):
            names = (_name("field", entry) for entry in _tables(section, "field"))
            self.homes |= dict.fromkeys(names, _name("section", section))
        return self._table(base, own, "")

    def _table(self, base: TomlTable, own: TomlTable, place: str) -> TomlTable:
        merged = dict(base)
        for key, value in own.items():
            both = (value, base.get(key, []))
            is_named = key in NAMED_BY and all(isinstance(entries, list) for entries in both)
            merged[key] = self._list(key, list(base.get(key, [])), value, place) if is_named else value
        return merged

    def _list(self, key: str, base: list[Any], own: Sequence[Any], place: str) -> list[Any]:
        for entry in own:
            at = _position(key, base, entry)
            if at is None:
                self._refuse_other_section(key, entry, place)
                at, whole = len(base), entry
            else:
                whole = self._table(base.pop(at), entry, _joined(place, key, entry))
            at = self._index_after(key, base, whole, place, at)
            base.insert(at, _without(whole, AFTER))
        return base

    def _index_after(self, key: str, base: Sequence[Any], entry: Any, place: str, at: int) -> int:
        """The index after the entry named by `after`, or `at` without `after`."""
        if not isinstance(entry, dict) or AFTER not in entry:
            return at
        names = [_name(key, other) for other in base]
        if entry[AFTER] in names:
            return names.index(entry[AFTER]) + 1
        self.faults.unknown(self.file, _joined(place, key, entry), f"{AFTER}: {key}", str(entry[AFTER]), names)
        return at

    def _refuse_other_section(self, key: str, entry: Any, section: str) -> None:
        """Add a fault if a field is given in another section; to move a field, omit it and write it again."""
        home = self.homes.get(_name(key, entry), section) if key == "field" else section
        if home != section:
            hint = f"hãy thêm “{key}:{_name(key, entry)}” vào {OMIT} rồi viết lại cả ô"
            self.faults.add(self.file, _joined(section, key, entry), f"ô này đang ở phần “{home}”", hint)


def _position(key: str, base: Sequence[Any], entry: Any) -> int | None:
    """The index of the entry with the same name, or of the entry that it renames; None for a new entry."""
    if key in _ADDED or not isinstance(entry, dict):
        return None
    names = [_name(key, other) for other in base]
    wanted = (_name(key, entry), str(entry.get("renamed_from", "")))
    return next((names.index(name) for name in wanted if name and name in names), None)


def _omit(file: str, base: TomlTable, word: str, faults: Faults) -> None:
    """Remove the entry named by `word` from the base, which is changed; a fault if there is none."""
    kind, _, name = word.partition(":")
    if kind not in NAMED_BY:
        faults.unknown(file, "", f"{OMIT}: loại", kind, NAMED_BY)
        return
    known = list(_entries(base, kind))
    if all(path != name for path, _, _ in known):
        faults.unknown(file, "", f"{OMIT}: {kind}", name, {path for path, _, _ in known})
    for path, entries, entry in known:
        if path == name:
            entries[:] = [other for other in entries if other is not entry]


def _entries(table: TomlTable, kind: str, owner: str = "") -> Iterator[tuple[str, list[Any], TomlTable]]:
    """Yield every entry of a kind with its name and its list; the name of a column is "table.column"."""
    for key in NAMED_BY:
        for entry in _tables(table, key):
            name = _name(key, entry)
            if key == kind:
                yield (f"{owner}.{name}" if key == "column" else name), table[key], entry
            yield from _entries(entry, kind, name)


def _with_parts(form: TomlTable, parts: Sequence[TomlTable]) -> TomlTable:
    """The form with its parts, placed as by `parts.merged`; faults of a part are found when it is read."""
    following: dict[object, list[TomlTable]] = {}
    for part in parts:
        following.setdefault(part.get(AFTER), []).extend(_tables(part, "section"))
        form["check"] = [*_tables(form, "check"), *_tables(part, "check")]
    if parts:
        sections = _tables(form, "section")
        form["section"] = [item for own in sections for item in (own, *following.get(own.get("id"), ()))]
    return form


def _tables(table: Mapping[str, Any], key: str) -> list[TomlTable]:
    entries = table.get(key, [])
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _name(key: str, entry: Any) -> str:
    return ":".join(str(entry.get(part, "")) for part in NAMED_BY[key]) if isinstance(entry, dict) else ""


def _joined(place: str, key: str, entry: Any) -> str:
    return f"{place}/{_name(key, entry)}" if place else _name(key, entry)


def _without(entry: Any, *keys: str) -> Any:
    return {name: value for name, value in entry.items() if name not in keys} if isinstance(entry, dict) else entry
