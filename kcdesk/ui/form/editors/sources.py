"""Where a search box finds its options: choices of a field, records of another kind, administrative units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.new_record import needs_parent, shared_parent
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.types.row_types import GONE_ROW, rows_of_linked
from kcdesk.runtime.frozen import Value, replace
from kcdesk.text import clean, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kcdesk.formdef.places import PlaceMatch, Places
    from kcdesk.formdef.record import Record
    from kcdesk.services.attachments.photos import Intake
    from kcdesk.services.workspace import ClosedFields, TableOffer
    from kcdesk.ui.shell.worker import Job

LIMIT = 20
_INITIALS = 3  # letters at least; two stand in too many labels
StoredFile = dict[str, Any]  # what a field stores about a file


class FormHost(Protocol):
    """What the form view needs from the page around it; every method returns within one frame."""

    def search_records(self, kind: str, text: str, limit: int, where: Mapping[str, str]) -> list[tuple[str, str, str]]:
        """Return records of `kind` as (id, title, detail); all of them, newest first, for an empty text.

        `where`: what the records must have in these fields.
        """

    def title_of(self, record_id: str) -> str:
        """Return the title of a record."""

    def row_names(self, record_id: str, table: str) -> Sequence[str]:
        """Return the names of the rows of a table of a record; none for a record that is not here."""

    def open_record(self, record_id: str) -> None:
        """Show another record."""

    def explain(self, path: str) -> None:
        """Show why a number stands at a path: «Vì sao có số này?»."""

    def create_record(self, kind: str, text: str) -> str | None:
        """Create a record named `text`; None when the officer cancels."""

    def proposed_name(self, kind: str) -> str:
        """Return the name that a new record of `kind` may have before anything is typed; "" for none."""

    def places(self) -> Places:
        """Return the catalogue of administrative units."""

    def province(self) -> str:
        """Return the code of the province in which the officer works; "" for an office above provinces."""

    def choose_files(self) -> list[Path]:
        """Let the officer choose files to attach."""

    def add_file(self, path: Path) -> dict[str, object]:
        """Store a file and return what the field keeps about it; raises KcdeskError when it cannot be stored."""

    def shows_first(self, field: str, paths: Sequence[Path]) -> bool:
        """Hand files of a field to who shows them before they are kept; False if they are simply attached."""

    def open_file(self, file: dict[str, object]) -> None:
        """Show an attached file."""

    def choose_photos(self) -> list[Path]:
        """Let the officer choose pictures."""

    def choose_photo_folder(self) -> Path | None:
        """Let the officer choose a folder, or a card, with pictures."""

    def add_photos(
        self, record_id: str, field: str, sources: Sequence[Path | bytes], item: str, done: Callable[[Intake], None]
    ) -> Job | None:
        """Import pictures into a field of a record in the background; `done` receives the outcome.

        `item` is the row that they show. Returns None when the field cannot be changed; the host has shown why.
        """

    def read_file(self, file: dict[str, object]) -> bytes:
        """Return the content of an attached file, empty when it is not in this store."""

    def table_offer(self, kind: str, table: str) -> TableOffer | None:
        """Return what can be filled into a table by a button; None for nothing."""

    def fill_table(self, record: Record, table: str) -> tuple[dict[str, Any], str]:
        """Fill a table in the record; return all changed paths and a sentence about them; KcdeskError if refused."""

    def column_widths(self, table: str) -> dict[str, int]:
        """Return the widths in pixels that the officer has set in a table, by column name."""

    def keep_widths(self, table: str, widths: dict[str, int]) -> None:
        """Keep such widths for the next time."""

    def hint(self, kind: str, record_id: str, path: str, value: object) -> str:
        """Return a note about a value while it is typed (an almost equal name), else ""."""

    def sentences(self, record: Record, path: str) -> Sequence[str]:
        """Return the sentences that are usual at a path; [] for a field that offers none."""

    def unphotographed(self, record: Record) -> Sequence[str]:
        """Return the paths of the failed checklist items that need a photo and have none."""

    def forget_sentence(self, record: Record, path: str, sentence: str) -> None:
        """Offer a sentence no longer in the field at a path."""

    def closed_fields(self, record: Record) -> ClosedFields:
        """Return what is not to be typed into the record in its present state, with the reasons."""

    def excess(self, kind: str, record_id: str, path: str, value: object) -> str:
        """Return which limits an amount exceeds while it is typed, else ""."""


class SearchOption(Value):
    """One option of a search box; `new` creates a record instead of choosing one."""

    value: object
    label: str
    detail: str = ""
    new: bool = False
    short: str = ""  # another name that finds it
    by_detail: bool = False  # only its detail has the typed words: Tab does not take it unseen


class OptionSource(Protocol):
    """Finds options for a typed text and gives the label of a stored value."""

    free_text: bool  # whether the field's type accepts text that was not chosen from the list
    tab_takes: bool  # whether Tab takes the marked option, as Enter does

    def search(self, text: str) -> list[SearchOption]:
        """Return the options for a text; for an empty text the first ones."""

    def label(self, value: Any) -> str:
        """Return the text that the box shows for a stored value."""

    def candidates(self, text: str) -> Sequence[str]:
        """Return labels among which the nearest to a text that names no option are looked for."""


class ChoiceSource:
    """The choices of a field; yes and no count as two choices."""

    free_text = True
    tab_takes = True

    def __init__(self, field: Field, forms: Forms) -> None:
        self._yes_no = type_of(field).is_yes_no
        self._choices = () if self._yes_no else forms.choices(field)

    def search(self, text: str) -> list[SearchOption]:
        """Return the choices whose label has, for each typed word, a word that begins with it; the nearest first.

        If no label has them, those whose short label has them, or whose initials they are («tnhh», «htx»); then those
        whose explanation has them: «gạch» finds the trade that speaks of bricks.
        """
        words = fold(text).split()
        options = self._options()
        fitting = [option for option in options if _has_all(fold(option.label), words)]
        fitting = fitting or [option for option in options if _is_short_for(option, words)]
        if not fitting:
            return [replace(option, by_detail=True) for option in options if _has_all(fold(option.detail), words)]
        return sorted(fitting, key=lambda option: _distance(option.label, text)) if words else fitting

    def label(self, value: object) -> str:
        """Return the label, also of a retired choice."""
        if self._yes_no:
            return "Có" if value else "Không"
        return next((choice.label for choice in self._choices if choice.value == value), str(value))

    def candidates(self, _text: str) -> Sequence[str]:
        """Return the labels of all choices."""
        return [option.label for option in self._options()]

    def _options(self) -> list[SearchOption]:
        if self._yes_no:
            return [SearchOption(True, "Có"), SearchOption(False, "Không")]
        return [SearchOption(c.value, c.label, c.help, short=c.short) for c in self._choices if not c.retired]


def _has_all(folded: str, words: list[str]) -> bool:
    """Return whether each word is the beginning of a word of `folded`."""
    padded = f" {folded}".replace("(", " ").replace("-", " ").replace("/", " ")
    return all(f" {word}" in padded for word in words)


def _is_short_for(option: SearchOption, words: list[str]) -> bool:
    """Return whether the typed words stand in the short label, or a single one is a row of initials of the label."""
    if _has_all(fold(option.short), words):
        return True
    initials = "".join(word[0] for word in fold(option.label).split())
    return len(words) == 1 and len(words[0]) >= _INITIALS and words[0] in initials


def _distance(label: str, typed: str) -> int:
    """Rank a label that fits: beginning with the typed text, then the same without accents, then the accents inside."""
    exact, wanted = clean(label).casefold(), clean(typed).strip().casefold()
    if exact.startswith(wanted):
        return 0
    if fold(label).startswith(fold(typed)):
        return 1
    return 2 if f" {wanted}" in exact else 3


class RecordSource:
    """Records of the kind that a reference points to, and the option to create one that may stand alone.

    Where both belong to a proposal, only the records of the same proposal: no contract of another one is offered.
    """

    free_text = False
    tab_takes = False  # another record of nearly the same name would be taken unseen; the only one is

    def __init__(self, field: Field, forms: Forms, host: FormHost, record: Callable[[], Record]) -> None:
        self.kind = field.target
        self._field, self._host, self._record = field, host, record
        self._target = form = forms.current(field.target)
        self._new_label = "" if needs_parent(form) else form.new_label  # it is begun where it belongs

    def search(self, text: str) -> list[SearchOption]:
        """Return the records found by the store's search; the last option creates a record with this name."""
        words = fold(text).split()
        rows = self._rows(text.strip())
        options = [SearchOption(*row, by_detail=not _has_all(fold(row[1]), words)) for row in rows]
        name = text.strip() or self.proposed
        if name and self._new_label:
            options.append(SearchOption(name, f"{self._new_label}: {name}", new=True))
        return options

    @property
    def proposed(self) -> str:
        """Return the name of the record that may be created before anything is typed; "" for none."""
        return self._host.proposed_name(self.kind)

    def label(self, value: object) -> str:
        """Return the record's title."""
        return self._host.title_of(str(value))

    def candidates(self, text: str) -> Sequence[str]:
        """Return the titles of records that have one of the words, and of the newest ones."""
        asked = ("", *(word for word in text.split() if len(word) > 1))
        return [label for words in asked for _id, label, _detail in self._rows(words)]

    def _rows(self, words: str) -> list[tuple[str, str, str]]:
        record = self._record()
        shared = shared_parent(record.form, self._field, self._target)
        above = record.value(record.form.parent) if shared else None
        return self._host.search_records(self.kind, words, LIMIT, {shared: str(above)} if above else {})


class RowSource:
    """The rows of another table of the record shown, as they are now."""

    free_text = True
    tab_takes = True

    def __init__(self, field: Field, record: Callable[[], Record]) -> None:
        self._field = field
        self._record = record

    def search(self, text: str) -> list[SearchOption]:
        """Return the rows whose name has, for each typed word, a word that begins with it; the nearest first."""
        words = fold(text).split()
        fitting = [(id_, name) for id_, name in self._names().items() if _has_all(fold(name), words)]
        if words:
            fitting.sort(key=lambda row: _distance(row[1], text))
        return [SearchOption(id_, name) for id_, name in fitting]

    def label(self, value: object) -> str:
        """Return the name of a row."""
        return self._names().get(str(value), GONE_ROW)

    def candidates(self, _text: str) -> Sequence[str]:
        """Return the names of all rows."""
        return tuple(self._names().values())

    def _names(self) -> Mapping[str, str]:
        return self._record().row_names(self._field.rows_from)


class LinkedRowSource:
    """The names of the rows of a linked record; any other words may be typed as well."""

    free_text = True
    tab_takes = False  # another row of nearly the same name would be taken unseen

    def __init__(self, field: Field, record: Callable[[], Record], host: FormHost) -> None:
        self._field = field
        self._record = record
        self._host = host

    def search(self, text: str) -> list[SearchOption]:
        """Return the rows whose name has, for each typed word, a word that begins with it; the nearest first."""
        words = fold(text).split()
        fitting = [name for name in self._names() if _has_all(fold(name), words)]
        if words:
            fitting.sort(key=lambda name: _distance(name, text))
        return [SearchOption(name, name) for name in fitting]

    def label(self, value: object) -> str:
        """Return the name itself."""
        return str(value)

    def candidates(self, _text: str) -> Sequence[str]:
        """Return the names of all rows."""
        return self._names()

    def _names(self) -> Sequence[str]:
        reference, table = rows_of_linked(self._field)
        linked = self._record().value(reference)
        return self._host.row_names(str(linked), table) if linked else ()


class PlaceSource:
    """Administrative units by current or former name."""

    free_text = True
    tab_takes = False

    def __init__(self, host: FormHost) -> None:
        self._host = host

    def search(self, text: str) -> list[SearchOption]:
        """Return the units whose current or former name has the typed words, those of the own province first.

        None for an empty text.
        """
        if not text.strip():
            return []
        matches = self._host.places().search(text, LIMIT, near=self._host.province())
        return [self._option(match) for match in matches]

    def label(self, value: Mapping[str, str]) -> str:
        """Return the unit with both names."""
        return self._host.places().text(value)

    def candidates(self, text: str) -> Sequence[str]:
        """Return the addresses of the units with the most similar names."""
        return self._host.places().nearest(text)

    def _option(self, match: PlaceMatch) -> SearchOption:
        return SearchOption({"commune": match.commune, "old_commune": match.old_commune}, match.label)
