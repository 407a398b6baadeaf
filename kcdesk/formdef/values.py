"""Basics of values, used in all form definitions: whether a value is blank, today's date, lookup of labels."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from kcdesk import moments
from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.places import Places
from kcdesk.runtime.frozen import Value

Stored = Any  # a JSON value, never null


class Unreadable(Value):
    """The third state of a value that comes in, besides a value and None (empty): it is there but cannot be read.

    It never counts as empty: what is stored stays as it is, and `reason` is shown beside the place.
    """

    reason: str  # a sentence: what is wrong and what to do
    shown: str = ""  # what a person sees in that place

    def __str__(self) -> str:
        return self.shown


class Percentage(float):
    """The number of a cell that the spreadsheet shows as a percentage: 0.5, shown as 50%."""

    __slots__ = ()


class Lookups(Protocol):
    """The lists that a field type needs to read or show a value: `Forms`, or for one record `RecordLookups`."""

    @property
    def places(self) -> Places:
        """The administrative units."""

    def place_text(self, place: Mapping[str, str]) -> str:
        """A stored place as it is shown: on a screen as it is called now, on a paper as on the day of the paper."""

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """The choices of a field, its own or those of a shared list."""

    def row_names(self, table: str) -> Mapping[str, str] | None:
        """The names of the rows of a table of the record at hand, by id; None where no record is at hand."""


def is_blank(value: object) -> bool:
    """Whether a value is missing or empty; such a value is never stored."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {}, ())


def today() -> date:
    """Today's date in the officer's time zone."""
    return moments.today()


def thawed(value: object) -> Stored:
    """A declared default as a stored value: its tuples become lists."""
    return list(value) if isinstance(value, tuple) else value
