"""Records in the form that templates use: `{{ acceptance.visited_on }}` prints the answer or a visible blank."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.documents.paper_codes import answers_hash
from kcdesk.documents.paper_values import _LETTERS, Missing, PaperValue, Reads, blank_for, stored, wrap
from kcdesk.formdef import activities
from kcdesk.formdef.activities import activities_of
from kcdesk.formdef.model import Field
from kcdesk.formdef.regulations.dated_names import DatedLookups
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import is_blank
from kcdesk.runtime.frozen import Value, replace

if TYPE_CHECKING:
    from kcdesk.formdef.record import Record
    from kcdesk.formdef.regulations.dated_names import DatedNames
    from kcdesk.formdef.values import Lookups


class PaperRow:
    """One row of a table."""

    __slots__ = ("_field", "_for_others", "_forms", "_newest", "_reads", "_shown", "_values", "position")

    def __init__(
        self,
        values: Mapping[str, Any],
        field: Field,
        forms: Lookups | None,
        shown: frozenset[str] | None = None,
        position: int = 0,
        *,
        for_others: bool = False,
        reads: Reads | None = None,
        newest: Field | None = None,
    ) -> None:
        self._newest = newest  # the table in the newest version of the form
        self._values = values
        self._reads = reads
        self._field = field
        self._forms = forms
        self._shown = shown  # columns shown on a blank print; None: all
        self._for_others = for_others
        self.position = position  # number in the whole table, from 1; 0 for an empty row to write on

    def __getattr__(self, name: str) -> PaperValue | Missing:
        try:
            column = self._field.column(name)
        except KeyError:
            return self._of_later_version(name)
        if self._shown is not None and name not in self._shown:
            return blank_for(column)
        value = self._values.get(name)
        if self._reads is not None:
            self._reads.note(column, value)
        return wrap(value, column, self._forms, for_others=self._for_others)

    def _of_later_version(self, name: str) -> Missing:
        """The blank for a column that this record's version does not have yet; AttributeError if none has it."""
        columns = {column.name: column for column in (self._newest.columns if self._newest else ())}
        if name not in columns:
            raise AttributeError(name)
        return blank_for(columns[name])

    def is_empty(self) -> bool:
        """Whether no value of the row would be printed."""
        return not any(self._values.get(name) for name in (self._shown if self._shown is not None else self._values))

    @property
    def id(self) -> str:
        """The id of the row, by which a file names the row that it shows."""
        return str(self._values.get("id", ""))

    @property
    def name_on_paper(self) -> str:
        """The name of the row: its first required text."""
        return next((str(self._values[column.name]) for column in self._field.columns if self._is_name(column)), "")

    def _is_name(self, column: Field) -> bool:
        return type_of(column).is_plain_text and column.required and not is_blank(self._values.get(column.name))


class Rows(list[Any]):
    """The rows of a table, or several records, in order."""

    def __init__(self, rows: Iterable[Any], empty: PaperRow | Missing) -> None:
        super().__init__(rows)
        self.empty = empty  # an empty row to write on

    @property
    def first(self) -> Any:
        """The first row, or an empty row to write on."""
        return self[0] if self else self.empty

    @property
    def last(self) -> Any:
        """The last row, or an empty row to write on."""
        return self[-1] if self else self.empty

    def where(self, **wanted: object) -> Rows:
        """The rows whose columns have the wanted values; with a list, the column must have one of its values."""
        return Rows([row for row in self if all(_has(row, *want) for want in wanted.items())], self.empty)

    def either(self, **wanted: object) -> Rows:
        """The rows in which at least one column has its wanted value."""
        return Rows([row for row in self if any(_has(row, *want) for want in wanted.items())], self.empty)

    def filled(self, column: str) -> Rows:
        """The rows with a value in the column."""
        return Rows([row for row in self if getattr(row, column)], self.empty)

    def lacking(self, column: str) -> Rows:
        """The rows without a value in the column."""
        return Rows([row for row in self if not getattr(row, column)], self.empty)

    def total(self, column: str) -> int | Missing:
        """The sum of a column of whole numbers; missing if no row has a value."""
        values = [value.stored for row in self if isinstance(value := getattr(row, column), PaperValue)]
        return sum(values) if values else Missing(_LETTERS["money"])


class PaperFile:
    """One attached file."""

    __slots__ = ("_file", "_record")

    def __init__(self, file: Mapping[str, Any], record: Record) -> None:
        self._file = file
        self._record = record

    def __getattr__(self, name: str) -> object:
        if name not in FILE_NAMES:
            raise AttributeError(name)
        value = self._file.get(name)
        return text.printed(value) if isinstance(value, str) and value else Missing()

    @property
    def shows(self) -> str:
        """The name of the row that the file shows (a machine, an item of the checklist); "" if it names none."""
        table, _, row_id = str(self._file.get("item", "")).partition("/")
        rows = getattr(PaperRecord(self._record), table, ()) if row_id else ()
        return next((text.printed(row.name_on_paper) for row in rows if row.id == row_id), "")


FILE_NAMES = frozenset({"name", "original_name", "caption", "sha256", "taken_at", "latitude", "longitude"})


class PaperFiles(PaperValue):
    """Attached files; they print as their captions or names."""

    __slots__ = ("_record",)

    def __init__(self, stored: Any, field: Field, record: Record) -> None:
        super().__init__(stored, field, record.forms)
        self._record = record

    def __iter__(self) -> Iterator[PaperFile]:
        return (PaperFile(file, self._record) for file in self.stored)

    @property
    def pictures(self) -> list[PaperFile]:
        """The files that are pictures, in the order set by the officer."""
        pictures = [file for file in self.stored if str(file.get("mime", "")).startswith("image/")]
        return [PaperFile(file, self._record) for file in sorted(pictures, key=lambda file: file.get("order", 0))]


def _has(row: object, name: str, wanted: object) -> bool:
    value = getattr(row, name)
    return any(value == option for option in wanted) if isinstance(wanted, list) else bool(value == wanted)


class Fact(Value):
    """One field of a section with its value or rows."""

    field: Field
    value: PaperValue | Rows | Missing


class OwnSection(Value):
    """A section that belongs to certain activities only."""

    id: str
    label: str
    facts: tuple[Fact, ...]


class PaperOption(Value):
    """One choice of a field, and whether it was chosen."""

    label: str
    chosen: bool


_ACTIVITY_FIELDS = ("activity", "other_activities", "scheme")  # what `activities_of` reads


class PaperRecord:
    """A record for a template; with `kept`, for a blank print that shows only the kept paths.

    `for_others`: personal values print masked. `reads` notes what is read, its fields too if the record `is_own`, the
    record that the paper is about. Addresses are those of the day of `names`, by default those of today.
    """

    __slots__ = ("_for_others", "_is_own", "_kept", "_names", "_reads", "_record")

    def __init__(
        self,
        record: Record,
        kept: frozenset[str] | None = None,
        *,
        for_others: bool = False,
        reads: Reads | None = None,
        is_own: bool = False,
        names: DatedNames | None = None,
    ) -> None:
        self._names = names  # of the day of the paper
        self._record = record
        self._kept = kept
        self._for_others = for_others
        self._reads = reads or Reads()
        self._is_own = is_own

    def __getattr__(self, name: str) -> PaperValue | Rows | Missing:
        try:
            field, value = self._field_and_value(name)
        except KeyError:
            raise AttributeError(name) from None
        self._reads.note(field, value)
        if field.columns:
            return self._rows(field, value or ())
        if self._kept is not None and name not in self._kept:
            return blank_for(field)
        if type_of(field).holds_files and not is_blank(value):
            return PaperFiles(value, field, self._record)
        return wrap(value, field, self._dated(self._record.forms), for_others=self._for_others)

    def _dated(self, lookups: Lookups | None) -> Lookups | None:
        """The lookups with the addresses of the day of the paper, if it has one."""
        return DatedLookups(lookups, self._names) if lookups is not None and self._names is not None else lookups

    def _field_and_value(self, name: str) -> tuple[Field, Any]:
        """The field with this newest name, and its value; None for a field that only other versions have."""
        record, forms = self._record, self._record.forms
        if forms is None:
            self._read(name)
            return record.form.field(name), record.data.get(name)
        renames = forms.renames(record.kind)
        own = renames.own(record.form, name)
        self._read(own)
        if own not in record.form.by_name:
            return forms.newest_field(record.kind, name), None
        if not renames:
            return record.form.by_name[name], record.data.get(name)
        field = renames.in_newest_words(record.form.by_name[own])
        return field, renames.in_newest(record.data).get(field.name)

    def _read(self, *names: str) -> None:
        if self._is_own:
            self._reads.own.update(names)

    def _rows(self, field: Field, stored_rows: Iterable[Mapping[str, Any]]) -> Rows:
        shown = self._shown_columns(field)
        forms, lookups = self._record.forms, self._dated(self._record.lookups)
        newest = forms.newest_field(self._record.kind, field.name) if forms else None
        more: dict[str, Any] = {"for_others": self._for_others, "reads": self._reads, "newest": newest}
        rows = [PaperRow(row, field, lookups, shown, place, **more) for place, row in enumerate(stored_rows, 1)]
        printed = rows if shown is None else [row for row in rows if not row.is_empty()]
        return Rows(printed, PaperRow({}, field, lookups, newest=newest))

    def _shown_columns(self, field: Field) -> frozenset[str] | None:
        if self._kept is None:
            return None
        prefix = f"{field.name}."
        return frozenset(path.removeprefix(prefix) for path in self._kept if path.startswith(prefix))

    @property
    def own_sections(self) -> list[OwnSection]:
        """The sections that the record has because of its activity, with their visible fields."""
        record = self._record
        own = [section for section in record.form.sections if activities.NAME in section.visible_when]
        self._read(*_ACTIVITY_FIELDS)
        for section in own:
            self._read(*section.visible_when)
            for field in section.fields:
                self._read(*field.visible_when)
        visible = {field.name for field in record.fields_visible()}
        return [
            OwnSection(
                section.id,
                section.label,
                tuple(
                    Fact(_shown(record, field), getattr(self, field.name))
                    for field in section.fields
                    if field.name in visible
                ),
            )
            for section in own
            if any(field.name in visible for field in section.fields)
        ]

    @property
    def activities(self) -> PaperValue | Missing:
        """All activities of the record (a flagship proposal has several): `'machinery' in proposal.activities`."""
        shown = self._kept is None or "activity" in self._kept
        self._read(*_ACTIVITY_FIELDS)
        return wrap(activities_of(self._record.data) if shown else None, activities.FIELD, self._record.forms)

    @property
    def id(self) -> str:
        """The id of the record."""
        return str(self._record.id)

    @property
    def revision(self) -> int:
        """The revision of the record, from 1."""
        return self._record.revision

    @property
    def state(self) -> str:
        """The name of the record's state; "" on a blank print."""
        self._read("state")
        return str(self._record.data.get("state", "")) if self._kept is None else ""

    def options(self, name: str) -> list[PaperOption]:
        """The choices of a field in order, with the answer marked; retired choices only if they are the answer."""
        field = self._record.form.field(name)
        answer = stored(getattr(self, name))
        chosen = answer if isinstance(answer, list) else [answer]
        choices = self._record.forms.choices(field) if self._record.forms else field.choices
        return [PaperOption(c.label, c.value in chosen) for c in choices if not c.retired or c.value in chosen]

    def answers_hash(self) -> str:
        """The hash that names the version of the record; "" on a blank print."""
        return answers_hash(self._record.data) if self._kept is None else ""


class PaperObject:
    """Another object with named values (the unit, the officer): texts are cleaned, empty values are missing."""

    __slots__ = ("_thing",)

    def __init__(self, thing: object) -> None:
        self._thing = thing

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        value = self._thing[name] if isinstance(self._thing, Mapping) else getattr(self._thing, name)
        if value is None or value == "":
            return Missing()
        return text.printed(value) if isinstance(value, str) else value


def _shown(record: Record, field: Field) -> Field:
    """A table without the columns that name rows and do not apply to the record: a single scheme has no sites."""
    hidden = [c for c in field.columns if c.rows_from and not record.is_visible(f"{field.name}//{c.name}")]
    return replace(field, columns=tuple(c for c in field.columns if c not in hidden)) if hidden else field
