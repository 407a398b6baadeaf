"""A cell that is coloured in the copy of the user's sheet, with its comment."""

from __future__ import annotations

from dataclasses import dataclass

REFUSED, ASKED = "FFC7CE", "FFEB9C"  # colours


@dataclass(frozen=True, slots=True)
class MarkedCell:
    """Where it is, whether it is refused or asked about, and what its comment says."""

    place: str
    is_refused: bool
    comment: str

    @property
    def colour(self) -> str:
        """Its background."""
        return REFUSED if self.is_refused else ASKED


AUTHOR = "kcdesk"
FIRST_WORDS = "kcdesk: "  # begin every comment of this program, so that an earlier one is replaced
