"""The names of placeholders in an office's own Word file: «de_an.ten» for the field `title` of a proposal.

A name is derived once from the label that a field had first, and noted in `forms/placeholders.toml` when a version is
released (`released.py`): a label that changes later breaks no Word file. What is not noted yet is derived the same way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import PLACEHOLDERS as FILE
from kcdesk.formdef.loading.definition_files import FormsError
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, field
from kcdesk.text import fold

_LONGEST = 48  # letters of a derived name, cut between words
ROW_COUNT, NUMBER_OF_ROW, OF_PAPER = "so_dong", "stt", "giay"
RESERVED = frozenset((ROW_COUNT, NUMBER_OF_ROW, OF_PAPER))  # no field, column or kind is called so
_BARE = ("ten", "ma")  # need no words for their kind after them
_BEFORE_COLON = "trong do"  # says nothing by itself
# End no name that was cut.
_NOT_LAST = frozenset(("va", "cua", "hoac", "cho", "voi", "de", "cac", "den", "duoc", "vi", "ve", "theo"))
_WORDS = re.compile(r"[a-z0-9]+")
_NAMES_HEAD = """\
[names]
# Each field («kind.field»), column («kind.table.column») and choice («…=value», of a shared list «list:name=value»)
# with the name of its placeholder. Written when a version is released; a name noted here never changes.
"""


class SourceValue(Value, kw_only=True):
    """A value of a source that is no record: its name in the layouts, its placeholder and its label."""

    name: str
    placeholder: str
    label: str
    type: str = "text"  # how it is written: a type of fields


class PlaceholderSource(Value, kw_only=True):
    """What a paper may name besides fields of records: the office, the officer, rows that a subject computes."""

    name: str  # in `uses` of a layout
    placeholder: str
    label: str
    kind: str = ""  # the kind of its records; its values are then the fields of that kind
    rows: bool = False  # several: each row or paragraph in which it stands repeats
    type: str = "text"  # of a single value without names of its own
    values: tuple[SourceValue, ...] = ()


class PlaceholdersFile(Value, kw_only=True):
    """The content of `placeholders.toml`."""

    kinds: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # by path
    sources: tuple[PlaceholderSource, ...] = ()


class PlaceholderNames:
    """The placeholder of every kind, field, column and choice."""

    def __init__(self, forms: Forms, noted: PlaceholdersFile) -> None:
        self.sources = noted.sources
        self._kinds = dict(noted.kinds)
        for kind in forms.kinds:
            if kind not in self._kinds:
                self._kinds[kind] = _free(derived(forms.versions_of(kind)[0].label), set(self._kinds.values()))
        self.names = dict(noted.names)
        self._add_new(forms)

    def kind(self, kind: str) -> str:
        """The placeholder of a kind: `de_an`."""
        return self._kinds[kind]

    def of(self, path: str) -> str:
        """The placeholder of `kind.field`, `kind.table.column` or a choice; KeyError if there is none."""
        return self.names[path]

    def choice(self, place: str, item: Field, value: str) -> str:
        """The placeholder of a choice of the field at a place."""
        return self.names[f"{_choices_place(place, item)}={value}"]

    def _add_new(self, forms: Forms) -> None:
        taken: dict[str, set[str]] = {}  # by what a name must be unique in: a kind, a table, a list of choices
        for place, name in self.names.items():
            taken.setdefault(_scope(place), set()).add(name)
        for place, label, more in _places(forms):
            if place not in self.names:
                former = next((old for old in more if old in self.names), "")
                known = taken.setdefault(_scope(place), set())
                name = self.names[former] if former else _free(self._own(derived(label), place), known)
                self.names[place] = name
                known.add(name)

    def _own(self, name: str, place: str) -> str:
        """A name without the words for its kind at the end: «ten_de_an» of a proposal is «ten»."""
        kind = self._kinds.get(place.partition(".")[0], "")
        bare = name.removesuffix(f"_{kind}")
        return bare if bare in _BARE and "=" not in place else name  # a choice is called as it is


def _scope(place: str) -> str:
    """What a name must be unique in: `proposal` for `proposal.title`, `list:programmes` for `list:programmes=local`."""
    return re.split(r"[.=](?=[^.=]*$)", place)[0]


def derived(label: str) -> str:
    """A name from a label: plain small letters with «_», without what stands in brackets or after a colon."""
    plain, _, more = re.sub(r"\([^)]*\)", " ", label).partition(":")
    chosen = more if fold(plain).strip() == _BEFORE_COLON and more else plain
    words = _WORDS.findall(fold(chosen)) or _WORDS.findall(fold(label)) or ["muc"]
    is_whole = len("_".join(words)) <= _LONGEST
    while len(words) > 1 and (len("_".join(words)) > _LONGEST or (not is_whole and words[-1] in _NOT_LAST)):
        words.pop()
    return "_".join(words)


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number if it is taken or reserved."""
    base = f"{name}_muc" if name in RESERVED else name
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name


def _places(forms: Forms) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Each path of all versions, oldest first, with the label that it had first and its former paths."""
    for form in sorted(forms.all, key=lambda form: (form.order, form.id, form.version)):
        renames = forms.renames(form.id)
        for item in form.fields:
            name = renames.newest(item.name)
            former = tuple(f"{form.id}.{other}" for other in renames.names(name))
            yield f"{form.id}.{name}", item.label, former
            yield from _choice_places(forms, f"{form.id}.{name}", item)
            for column in item.columns:
                newest = renames.newest(f"{name}/{column.name}").partition("/")[2]
                others = renames.column_names(name, newest)
                yield f"{form.id}.{name}.{newest}", column.label, tuple(f"{form.id}.{name}.{o}" for o in others)
                yield from _choice_places(forms, f"{form.id}.{name}.{newest}", column)


def _choice_places(forms: Forms, place: str, item: Field) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    if type_of(item).offers_choices:
        for choice in forms.choices(item):
            yield f"{_choices_place(place, item)}={choice.value}", choice.short, ()


def _choices_place(place: str, item: Field) -> str:
    return f"list:{item.choices_from}" if item.choices_from else place


def load_placeholders(forms: Forms) -> PlaceholderNames:
    """The names of a folder of definitions; FormsError if its file is wrong."""
    faults = Faults()
    noted = read_definition(forms.folder, FILE, PlaceholdersFile, faults)
    if faults.items:
        raise FormsError(faults.items)
    return PlaceholderNames(forms, noted)


def note_names(forms: Forms) -> list[str]:
    """Note the names of fields that are new in `placeholders.toml`; returns their paths."""
    path = forms.folder / FILE
    if not path.is_file():
        return []
    names, text = load_placeholders(forms), path.read_text("utf-8")
    noted = read_definition(forms.folder, FILE, PlaceholdersFile, Faults()).names
    new = [place for place in names.names if place not in noted]
    if new:
        head = text.partition("[names]")[0]
        lines = "".join(f'"{place}" = "{names.names[place]}"\n' for place in sorted(names.names))
        path.write_text(f"{head}{_NAMES_HEAD}{lines}", encoding="utf-8")
    return new
