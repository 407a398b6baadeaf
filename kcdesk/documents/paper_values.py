"""The values of a paper: how they print, and the blank that stands where one is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.documents import blank_marks
from kcdesk.formdef.model import Field
from kcdesk.formdef.personal import masked
from kcdesk.formdef.types.number_types import number_in
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import is_blank

if TYPE_CHECKING:
    from kcdesk.formdef.values import Lookups


# The width in letters of the blank for a missing value, by field type; a paragraph gets whole lines.
_LETTERS = {
    "text": 36, "paragraph": 60, "choice": 30, "choices": 60, "place": 60, "unit": 40, "reference": 40,
    "references": 60, "integer": 8, "decimal": 8, "percent": 8, "money": 14, "year": 8, "date": 18, "time": 10,
    "yes_no": 8, "phone": 16, "tax_code": 18, "citizen_id": 18, "email": 24,
}  # fmt: skip


_PARAGRAPH_LINES = 3


class Reads:
    """What filling a paper has read: fields of the paper's own record, and whether anything is sensitive by law."""

    __slots__ = ("own", "sensitive")

    def __init__(self) -> None:
        self.own: set[str] = set()  # names of the record's own version
        self.sensitive = False

    def note(self, field: Field, value: object) -> None:
        """Note a value that was read from any record."""
        if field.sensitive and not is_blank(value):
            self.sensitive = True


class Missing:
    """A missing value: prints as a blank; its attributes, and the results of its calls, are missing too."""

    __slots__ = ("letters", "lines")

    def __init__(self, letters: int = 24, lines: int = 1) -> None:
        self.letters = letters
        self.lines = lines

    def __str__(self) -> str:
        return blank_marks.blank(self.letters, self.lines)

    def __getattr__(self, name: str) -> Missing:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def __call__(self, *_arguments: object, **_named: object) -> Missing:
        return self

    def __bool__(self) -> bool:
        return False

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Missing)

    def __hash__(self) -> int:
        return hash(Missing)

    def __lt__(self, other: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__


def blank_for(field: Field) -> Missing:
    """The blank for a field that has no value."""
    return Missing(_LETTERS.get(field.type, 24), _PARAGRAPH_LINES if type_of(field).is_paragraph else 1)


class PaperValue:
    """A stored value: compares by its stored form, prints as its field type writes it on paper."""

    __slots__ = ("_field", "_forms", "stored")

    def __init__(self, stored: Any, field: Field, forms: Lookups | None) -> None:
        self.stored = stored
        self._field = field
        self._forms = forms

    def __str__(self) -> str:
        return text.printed(type_of(self._field).paper(self.stored, self._field, self._forms))

    def __eq__(self, other: object) -> bool:
        return bool(self.stored == stored(other))

    def __hash__(self) -> int:
        return hash(str(self.stored))

    def __contains__(self, item: object) -> bool:
        return isinstance(self.stored, list) and stored(item) in self.stored

    def __lt__(self, other: object) -> bool:
        return bool(self._measure() < _measure(other))

    def __gt__(self, other: object) -> bool:
        return bool(self._measure() > _measure(other))

    def __le__(self, other: object) -> bool:
        return bool(self._measure() <= _measure(other))

    def __ge__(self, other: object) -> bool:
        return bool(self._measure() >= _measure(other))

    def _measure(self) -> Any:
        """The value to compare: a number for decimals, which are stored as text, so that "9.5" is less than "70"."""
        return self.stored if (number := number_in(type_of(self._field), self.stored)) is None else number

    def __bool__(self) -> bool:
        # Zero is an answer; only «no» is false.
        return self.stored is not False


def _measure(value: object) -> Any:
    return value._measure() if isinstance(value, PaperValue) else value


def stored(value: object) -> Any:
    """The stored form of a value of a template."""
    return value.stored if isinstance(value, PaperValue) else value


class MaskedValue(PaperValue):
    """A personal value on a paper for other people: compares by its stored form, prints masked."""

    __slots__ = ()

    def __str__(self) -> str:
        return masked(super().__str__())


def wrap(value: object, field: Field, forms: Lookups | None, *, for_others: bool = False) -> PaperValue | Missing:
    """Wrap a stored value for a template; None and empty text become a blank."""
    if is_blank(value):
        return blank_for(field)
    if for_others and field.personal:
        return MaskedValue(value, field, forms)
    return PaperValue(value, field, forms)
