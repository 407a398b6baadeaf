"""A version that says only what differs from an earlier one: `extends = "proposal@1"`.

Works on the tables of the files, before they become forms, checklists and outlines: what is not said stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from kcdesk.formdef.loading.toml_reader import Faults, TomlReader
from kcdesk.formdef.model import ChecklistItem, CostItem, ExpectedResult, Field, Section

TomlTable = dict[str, Any]

EXTENDS, OMIT, AFTER = "extends", "omit", "after"
# By which keys an entry of a list is known; a list that is not named here is replaced as a whole.
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
_ADDED = ("check", "closure")  # several may bear one name: a new one is always added, `omit` takes all of a name away
OWN_KEYS = ("version", "effective_from", "effective_to")  # a later version says them itself
# The classes whose entries may be changed key by key.
REPLACED: Mapping[str, type] = {
    "section": Section,
    "field": Field,
    "column": Field,
    "paper": ChecklistItem,
    "fact": ChecklistItem,
    "cost": CostItem,
    "result": ExpectedResult,
}


@dataclass(frozen=True, slots=True)
class Source:
    """The table of a definition and the file that it stands in; `parts` are the tables of its further files."""

    file: str
    table: TomlTable
    parts: tuple[TomlTable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What a version says of its base; the loader reads nothing else of it here."""

    extends: str
    omit: tuple[str, ...] = ()  # "field:note", "column:lines.price", "check:at_most:paid"


@dataclass(slots=True)
class Extender:
    """Completes the versions of one kind of definition, which are known by `key` and `version`."""

    sources: Sequence[Source]
    key: str
    faults: Faults
    _by_reference: dict[str, Source] = field(init=False)
    _complete: dict[str, TomlTable | None] = field(init=False, default_factory=dict)  # by file

    def __post_init__(self) -> None:
        numbered = [source for source in self.sources if isinstance(source.table.get("version"), int)]
        self._by_reference = {self._reference(source.table): source for source in numbered}

    def completed(self) -> Iterator[tuple[str, TomlTable]]:
        """Each file with its whole table, without its parts; what cannot be completed is a fault and left out."""
        for source in self.sources:
            if (whole := self._own(source)) is not None:
                yield source.file, whole

    def _reference(self, table: TomlTable) -> str:
        """`proposal@2`; a version that extends another need not repeat its id."""
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
        """A copy of everything that a version says, with what it extends and with its parts."""
        own = self._own(source)
        return None if own is None else _with_parts(deepcopy(own), deepcopy(source.parts))

    def _may_extend(self, source: Source, base: str) -> bool:
        """Only an earlier version of the same definition can be extended: so there is no circle."""
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
    """Lays what differs over a base, table by table."""

    file: str
    faults: Faults
    homes: dict[str, str] = field(default_factory=dict)  # the section of each field of the base

    def definition(self, base: TomlTable, own: TomlTable) -> TomlTable:
        """The whole definition."""
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
                self._refuse_other_home(key, entry, place)
                at, whole = len(base), entry
            else:
                whole = self._table(base.pop(at), entry, _joined(place, key, entry))
            at = self._behind(key, base, whole, place, at)
            base.insert(at, _without(whole, AFTER))
        return base

    def _behind(self, key: str, base: Sequence[Any], entry: Any, place: str, at: int) -> int:
        """The place behind the entry that `after` names, else `at`."""
        if not isinstance(entry, dict) or AFTER not in entry:
            return at
        names = [_name(key, other) for other in base]
        if entry[AFTER] in names:
            return names.index(entry[AFTER]) + 1
        self.faults.unknown(self.file, _joined(place, key, entry), f"{AFTER}: {key}", str(entry[AFTER]), names)
        return at

    def _refuse_other_home(self, key: str, entry: Any, section: str) -> None:
        """A field stays in its section; to move it, it is left out and written anew."""
        home = self.homes.get(_name(key, entry), section) if key == "field" else section
        if home != section:
            hint = f"hãy thêm “{key}:{_name(key, entry)}” vào {OMIT} rồi viết lại cả ô"
            self.faults.add(self.file, _joined(section, key, entry), f"ô này đang ở phần “{home}”", hint)


def _position(key: str, base: Sequence[Any], entry: Any) -> int | None:
    """Where the entry of that name stands, or the one that it renames; None for a new one."""
    if key in _ADDED or not isinstance(entry, dict):
        return None
    names = [_name(key, other) for other in base]
    wanted = (_name(key, entry), str(entry.get("renamed_from", "")))
    return next((names.index(name) for name in wanted if name and name in names), None)


def _omit(file: str, base: TomlTable, word: str, faults: Faults) -> None:
    """Take what `word` names out of the base, which is changed; a fault when it is not there."""
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
    """Every entry of a kind with the list that it stands in; a column is called "table.column"."""
    for key in NAMED_BY:
        for entry in _tables(table, key):
            name = _name(key, entry)
            if key == kind:
                yield (f"{owner}.{name}" if key == "column" else name), table[key], entry
            yield from _entries(entry, kind, name)


def _with_parts(form: TomlTable, parts: Sequence[TomlTable]) -> TomlTable:
    """The form with its parts as `parts.merged` places them; what is wrong in a part is told when it is read."""
    following: dict[object, list[TomlTable]] = {}
    for part in parts:
        following.setdefault(part.get(AFTER), []).extend(_tables(part, "section"))
        form["check"] = [*_tables(form, "check"), *_tables(part, "check")]
    if parts:
        sections = _tables(form, "section")
        form["section"] = [section for own in sections for section in (own, *following.get(own.get("id"), ()))]
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
