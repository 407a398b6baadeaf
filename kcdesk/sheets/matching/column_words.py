"""The words by which columns name fields, and how rows of a kind are known again: `forms/sheets.toml`."""

from __future__ import annotations

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import SHEETS, FormsError
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.sheets.matching.kind_words import KindWords, SheetsFile, sheets_file
from kcdesk.sheets.matching.targets import target_at
from kcdesk.text import fold


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
    content = sheets_file(forms)
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
    named += [*entry.item_from, *entry.item_from.values(), *entry.own_names]
    for path in named:
        if target_at(forms, entry.kind, str(path)) is None:
            known = [item.name for item in forms.current(entry.kind).fields]
            faults.unknown(SHEETS, entry.kind, "trường", str(path), known)
