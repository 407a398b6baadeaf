"""What `forms/sheets.toml` says of the kinds of record, as it is written there."""

from __future__ import annotations

from collections.abc import Mapping

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import SHEETS, FormsError
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.runtime.frozen import Value, field


class KindWords(Value, kw_only=True):
    """What spreadsheets say of one kind.

    `identity` are groups of fields: two rows whose values of a group are equal mean the same record, the first group
    that is filled decides. `makes` are references whose records are made if they are missing. `beside` says where the
    other parts of a cell go, `also` which more fields the same cell fills, `item_from` which field fills a needed
    column of a table, `title_from` what names a record without a name, `year` which field the year of the title fills.
    Of totals: `period` are the fields of the first and the last year, `owner` whose totals they are, `source` the paper
    from which they come, `may_be_blank` the parts of an identity that a total may leave open (it then holds all of
    them), `from_title` the choices that the title of the sheet may name. The `divided` fields may have a column for
    each choice of `divided_by`: «executed@national»; a row then is a total of each choice.
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
    period: tuple[str, ...] = ()
    owner: str = ""
    source: str = ""
    may_be_blank: tuple[str, ...] = ()
    from_title: tuple[str, ...] = ()
    divided_by: str = ""
    divided: tuple[str, ...] = ()

    @property
    def own_names(self) -> list[str]:
        """The fields of the kind that the entry names besides its words."""
        named = [*self.period, *self.may_be_blank, *self.from_title, *self.divided]
        return [*named, *filter(None, (self.year, self.owner, self.source, self.divided_by))]

    def words_of(self, path: str) -> tuple[str, ...]:
        """The words for a field, the likeliest first."""
        return _strings(self.words.get(path))

    def also_of(self, path: str) -> tuple[str, ...]:
        """The fields that the cell of another field fills too."""
        return _strings(self.also.get(path))


class SheetsFile(Value, kw_only=True):
    """The content of `sheets.toml`; `short` are short forms of words in headings."""

    ignored: tuple[str, ...] = ()
    short: Mapping[str, object] = field(default_factory=dict)
    kinds: tuple[KindWords, ...] = ()


def sheets_file(forms: Forms) -> SheetsFile:
    """The content of the file, read once; FormsError for a key or a value that it may not have."""
    return forms.once("sheets file", lambda: _read(forms))


def words_of_kind(forms: Forms, kind: str) -> KindWords:
    """The entry of a kind; an empty one if it has none."""
    return next((entry for entry in sheets_file(forms).kinds if entry.kind == kind), KindWords(kind=kind))


def _read(forms: Forms) -> SheetsFile:
    faults = Faults()
    content = read_definition(forms.folder, SHEETS, SheetsFile, faults)
    if faults.items:
        raise FormsError(faults.items)
    return content


def _strings(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple | list) else ()
