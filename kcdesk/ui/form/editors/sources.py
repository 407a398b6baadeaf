"""Where a searching box finds its entries: choices of a field, records of another kind, administrative units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from kcdesk.formdef.places import PlaceMatch, Places
    from kcdesk.services.attachments.photos import Intake
    from kcdesk.ui.shell.worker import Job

LIMIT = 20
StoredFile = dict[str, Any]  # what a field stores about a file


class FormHost(Protocol):
    """What the form view asks of the page around it; every answer is expected within one frame."""

    def search_records(self, kind: str, text: str, limit: int) -> list[tuple[str, str, str]]:
        """Records of `kind` as (id, title, detail); all of them, newest first, for an empty text."""

    def title_of(self, record_id: str) -> str:
        """The title of a record."""

    def open_record(self, record_id: str) -> None:
        """Show another record."""

    def create_record(self, kind: str, text: str) -> str | None:
        """Begin a record named `text`; None when that was given up."""

    def places(self) -> Places:
        """The catalogue of administrative units."""

    def choose_files(self) -> list[Path]:
        """Let the officer choose files to attach."""

    def add_file(self, path: Path) -> dict[str, object]:
        """Keep a file; what the field stores about it. KcdeskError when it cannot be kept."""

    def open_file(self, file: dict[str, object]) -> None:
        """Show an attached file."""

    def choose_photos(self) -> list[Path]:
        """Let the officer choose pictures."""

    def choose_photo_folder(self) -> Path | None:
        """Let the officer choose a folder, or a card, with pictures."""

    def add_photos(
        self, record_id: str, field: str, sources: Sequence[Path | bytes], item: str, told: Callable[[Intake], None]
    ) -> Job | None:
        """Take pictures into a field of a record in the background; `told` gets the outcome.

        `item` is the row that they show. None when the field cannot be changed; the host has said why.
        """

    def read_file(self, file: dict[str, object]) -> bytes:
        """The content of an attached file, empty when it is not here."""

    def hint(self, kind: str, record_id: str, path: str, value: object) -> str:
        """What the officer should know about a value while it is typed (a near-equal name), else ""."""


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a searching box; `new` makes a record instead of choosing one."""

    value: object
    label: str
    detail: str = ""
    new: bool = False


class Source(Protocol):
    """Finds options by what is typed and names a stored value."""

    free_text: bool  # the field's type reads text that was not chosen from the list

    def search(self, text: str) -> list[Option]:
        """The options for a text; for an empty one the first ones."""

    def label(self, value: Any) -> str:
        """What the box shows for a stored value."""


class ChoiceSource:
    """The choices that a field offers; yes and no are two of them."""

    free_text = True

    def __init__(self, field: Field, forms: Forms) -> None:
        self._yes_no = type_of(field).is_yes_no
        self._choices = () if self._yes_no else forms.choices(field)

    def search(self, text: str) -> list[Option]:
        """Choices that have every typed word at the beginning of one of theirs."""
        words = fold(text).split()
        return [option for option in self._options() if _has_all(fold(option.label), words)]

    def label(self, value: object) -> str:
        """The label, also of a choice that is no longer offered."""
        if self._yes_no:
            return "Có" if value else "Không"
        return next((choice.label for choice in self._choices if choice.value == value), str(value))

    def _options(self) -> list[Option]:
        if self._yes_no:
            return [Option(True, "Có"), Option(False, "Không")]
        return [Option(c.value, c.label, c.help) for c in self._choices if not c.retired]


def _has_all(folded: str, words: list[str]) -> bool:
    """Whether each word begins a word of `folded`."""
    padded = f" {folded}".replace("(", " ").replace("-", " ").replace("/", " ")
    return all(f" {word}" in padded for word in words)


class RecordSource:
    """Records of the kind that a reference points to, and the way to a new one."""

    free_text = False

    def __init__(self, field: Field, forms: Forms, host: FormHost) -> None:
        self.kind = field.target
        self._host = host
        self._new_label = forms.current(field.target).new_label

    def search(self, text: str) -> list[Option]:
        """Records found by the store's search; last, the offer to make one with this name."""
        found = [Option(*row) for row in self._host.search_records(self.kind, text.strip(), LIMIT)]
        if text.strip() and self._new_label:
            found.append(Option(None, f"{self._new_label}: {text.strip()}", new=True))
        return found

    def label(self, value: object) -> str:
        """The record's title."""
        return self._host.title_of(str(value))


class PlaceSource:
    """Administrative units by today's or by former name."""

    free_text = True

    def __init__(self, host: FormHost) -> None:
        self._host = host

    def search(self, text: str) -> list[Option]:
        """Units whose new or old name has the typed words; nothing for an empty text."""
        if not text.strip():
            return []
        return [self._option(match) for match in self._host.places().search(text, LIMIT)]

    def label(self, value: Mapping[str, str]) -> str:
        """The unit with both names."""
        return self._host.places().text(value)

    def _option(self, match: PlaceMatch) -> Option:
        return Option({"commune": match.commune, "old_commune": match.old_commune}, match.label)
