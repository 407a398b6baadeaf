"""The words by which columns name fields, and how rows of a kind are known again: `forms/sheets.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import SHEETS, FormsError
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.sheets.matching.targets import target_at
from kcdesk.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """What spreadsheets say of one kind.

    `identity` are groups of fields: two rows whose values of a group are equal mean the same record, the first group
    that is filled decides. `makes` are references whose records are made if they are missing. `beside` says where the
    other parts of a cell go, `also` which more fields the same cell fills, `item_from` which field fills a needed
    column of a table, `title_from` what names a record without a name, `year` which field the year of the title fills.
    """

    kind: str
    words: Mapping[str, object] = field(default_factory=dict)
    identity: tuple[tuple[str, ...], ...] = ()
    makes: tuple[str, ...] = ()
    year: str = ""
    beside: Mapping[str, object] = field(default_factory=dict)
    also: Mapping[str, object] = field(default_factory=dict)
    title_from: tuple[str, ...] = ()
    item_from: Mapping[str, object] = field(default_factory=dict)

    def words_of(self, path: str) -> tuple[str, ...]:
        """The words for a field, the likeliest first."""
        return _strings(self.words.get(path))

    def also_of(self, path: str) -> tuple[str, ...]:
        """The fields that the cell of another field fills too."""
        return _strings(self.also.get(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsFile:
    """The content of `sheets.toml`; `short` are short forms of words in headings."""

    ignored: tuple[str, ...] = ()
    short: Mapping[str, object] = field(default_factory=dict)
    kinds: tuple[KindWords, ...] = ()


class ColumnWords:
    """The words of all kinds; a kind without an entry is known by its labels alone."""

    def __init__(self, content: SheetsFile) -> None:
        self.ignored = content.ignored
        self.short = {short: fold(str(words)) for short, words in content.short.items()}
        self._kinds = {entry.kind: entry for entry in content.kinds}

    def of_kind(self, kind: str) -> KindWords:
        """The entry of a kind."""
        return self._kinds.get(kind) or KindWords(kind=kind)


def column_words(forms: Forms) -> ColumnWords:
    """The words of a folder of definitions, read once; FormsError if its file is wrong."""
    return forms.once("sheets", lambda: _loaded(forms))


def _loaded(forms: Forms) -> ColumnWords:
    faults = Faults()
    content = read_definition(forms.folder, SHEETS, SheetsFile, faults)
    for entry in content.kinds:
        if entry.kind not in forms.kinds:
            faults.unknown(SHEETS, entry.kind, "loại hồ sơ", entry.kind, forms.kinds)
        else:
            _check(forms, entry, faults)
    if faults.items:
        raise FormsError(faults.items)
    return ColumnWords(content)


def _check(forms: Forms, entry: KindWords, faults: Faults) -> None:
    """Note every name in an entry that is no field of its kind."""
    named = [*entry.words, *(path for group in entry.identity for path in group), *entry.makes, *entry.beside.values()]
    named += [*entry.also, *(path for key in entry.also for path in entry.also_of(key)), *entry.title_from]
    named += [*entry.item_from, *entry.item_from.values(), *filter(None, [entry.year])]
    for path in named:
        if target_at(forms, entry.kind, str(path)) is None:
            known = [item.name for item in forms.current(entry.kind).fields]
            faults.unknown(SHEETS, entry.kind, "trường", str(path), known)


def _strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple | list) else ()
