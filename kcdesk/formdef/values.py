"""What every part of the form definitions knows of a value: blank or not, today, and where labels are looked up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.places import Places

Stored = Any  # a JSON value, never null


class Lookups(Protocol):
    """The lists that a field type asks when it reads or shows a value; `Forms` has them."""

    @property
    def places(self) -> Places:
        """The administrative units."""

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """The choices of a field, its own or the shared ones."""


def is_blank(value: object) -> bool:
    """Whether there is nothing: a missing value is never stored."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {}, ())


def today() -> date:
    """The day on the officer's calendar."""
    return datetime.now().astimezone().date()


def thawed(value: object) -> Stored:
    """A declared default as a stored value: its tuples become lists."""
    return list(value) if isinstance(value, tuple) else value
