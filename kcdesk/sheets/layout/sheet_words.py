"""The texts of a sheet in Unicode: each column is decoded by the letters in which it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from kcdesk.runtime.frozen import replace
from kcdesk.sheets.book.foreign_book import ForeignSheet, RawCell
from kcdesk.sheets.values.cells import ForeignCell
from kcdesk.sheets.values.lettering import UNICODE, Letters, fits, recognise_letters

_KEPT = 500  # rows whose texts are kept
_SAMPLE = 400  # texts by which the letters of a column are recognised
_NUMBER = re.compile(
    r"[+-]?\(?[\d.,\s]+\)?\s*(?:%|(?:tỷ|tỉ|triệu|tr\.?|nghìn|ngàn)?\s*(?:đ|vnđ|vnd|đồng)?)", re.IGNORECASE
)


class SheetWords:
    """A sheet, and its texts as people read them."""

    def __init__(self, sheet: ForeignSheet) -> None:
        self.sheet = sheet
        self._texts: dict[int, dict[int, str]] = {}  # of the rows that were asked about last

    @cached_property
    def letters(self) -> Mapping[int, Letters]:
        """The letters of each column that has any text."""
        own = {column: self._recognised(column) for column in self.sheet.columns}
        shared = self._letters_of_sheet(own)
        return own if shared is None else {column: self._or_shared(column, own[column], shared) for column in own}

    def _letters_of_sheet(self, own: Mapping[int, Letters]) -> Letters | None:
        """The old code in which most columns of the sheet are written that are in any; None if there is none."""
        foreign = [letters for letters in own.values() if letters.is_foreign]
        codes = [letters.code for letters in foreign]
        return max(foreign, key=lambda letters: codes.count(letters.code), default=None)

    def _or_shared(self, column: int, letters: Letters, shared: Letters) -> Letters:
        """The letters of a column; those of the others if its own few words tell nothing, such as a heading alone."""
        if letters.is_foreign:
            return letters
        texts = (raw[1] for cells in self.sheet.rows.values() if (raw := cells.get(column)) and isinstance(raw[1], str))
        return replace(shared, is_mixed=False) if fits(texts, shared.code) else letters

    def _recognised(self, column: int) -> Letters:
        texts, fonts = [], set()
        for row in self.sheet.rows:
            raw = self.sheet.rows[row].get(column)
            if raw is not None and isinstance(raw[1], str) and len(raw) < 3:
                texts.append(raw[1])
            elif raw is not None and isinstance(raw[1], str):
                texts.append(raw[1])
                fonts.add(self.sheet.font(row, column))
            if len(texts) >= _SAMPLE:
                break
        return recognise_letters(texts, sorted(fonts - {""})) if texts else UNICODE

    def text(self, row: int, column: int) -> str:
        """The text of a cell on one line; "" for a blank one."""
        texts = self._texts.get(row)
        if texts is None:
            if len(self._texts) >= _KEPT:
                self._texts.clear()
            texts = self._texts.setdefault(row, {})
        if column not in texts:
            written = self.sheet.words(row, column)
            texts[column] = " ".join(self.letters.get(column, UNICODE).decoded(written).split()) if written else ""
        return texts[column]

    def spoken_text(self, row: int, column: int) -> str:
        """As `text`, of the cell that speaks for a place."""
        area = self.sheet.covering(row, column)
        return self.text(area.top, area.left) if area else self.text(row, column)

    def filled(self, row: int) -> list[int]:
        """The numbers of the columns in which a row has a cell of its own that is not blank."""
        return sorted(
            column
            for column, raw in self.sheet.rows.get(row, {}).items()
            if _says_something(raw) or self.text(row, column)
        )

    def is_number(self, row: int, column: int) -> bool:
        """Whether a cell holds a number, as such or as text, or what a formula should have computed."""
        raw = self.sheet.rows.get(row, {}).get(column)
        if raw is None:
            return False
        if isinstance(raw[1], int | float) or raw[1] is None:
            return True
        return _NUMBER.fullmatch(self.text(row, column)) is not None and any(map(str.isdigit, str(raw[1])))

    def is_blank(self, row: int, column: int) -> bool:
        """Whether the cell that speaks for a place holds nothing, not even an error."""
        return self.sheet.is_blank(row, column)

    def cell(self, row: int, column: int) -> ForeignCell:
        """The cell that speaks for a place."""
        return self.sheet.spoken(row, column)

    def texts_of(self, row: int) -> Iterator[str]:
        """The texts of a row, from left to right."""
        return (self.text(row, column) for column in self.filled(row))


def _says_something(raw: RawCell) -> bool:
    """Whether a cell surely holds more than blanks and marks that nobody sees: a number, an error, a letter."""
    return not isinstance(raw[1], str) or raw[1][:1].isalnum()
