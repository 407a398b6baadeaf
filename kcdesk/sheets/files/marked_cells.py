"""A cell that is coloured in the copy of the user's sheet, with its comment."""

from __future__ import annotations

from collections.abc import Sequence

from kcdesk.runtime.frozen import Value

REFUSED, ASKED = "FFC7CE", "FFEB9C"  # colours


class MarkedCell(Value):
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
_LONGEST = 2_000  # letters of a comment


def comments_by_place(cells: Sequence[MarkedCell]) -> dict[str, str]:
    """The whole comment of each cell; the sentences about the same cell stand below each other."""
    sentences: dict[str, list[str]] = {}
    for cell in cells:
        sentences.setdefault(cell.place, []).append(cell.comment)
    return {place: (FIRST_WORDS + "\n".join(lines))[:_LONGEST] for place, lines in sentences.items()}
