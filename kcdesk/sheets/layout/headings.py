"""Finds the rows of headings of a sheet, one or several storeys high, and reads the heading of each column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from openpyxl.utils import get_column_letter

from kcdesk.runtime.frozen import Value
from kcdesk.sheets.layout import row_signs
from kcdesk.sheets.layout.sheet_words import SheetWords
from kcdesk.text import fold

HeadingScore = Callable[[str], float]  # how well a text names a field, from 0 to 1
IsNamed = Callable[[str], bool]  # whether a text names a field of any kind of record

_LOOKED_AT = 120  # rows in which the first heading is searched
_LEAST = 0.62  # score of a text that counts as the name of a field
_ENOUGH = 1.3  # of a row: two columns that are known
_LONGEST = 120  # letters of a heading
_STOREYS = 4


class HeadedColumn(Value):
    """A column with its heading: the texts of all storeys, from the top."""

    number: int
    storeys: Sequence[str]

    @property
    def letter(self) -> str:
        """The letter of the column."""
        return str(get_column_letter(self.number))

    @property
    def heading(self) -> str:
        """The heading in one line: «Kinh phí / KCQG»."""
        return " / ".join(self.storeys)

    @property
    def leaf(self) -> str:
        """The lowest storey."""
        return self.storeys[-1] if self.storeys else ""


class HeadingBlock(Value):
    """The rows of one heading, with the row of column numbers if there is one, and its columns."""

    rows: Sequence[int]
    columns: Sequence[HeadedColumn]
    score: float
    numbers_row: int = 0  # 0: none

    @property
    def last_row(self) -> int:
        """The row above the first record."""
        return max(self.rows)

    @property
    def repeated(self) -> list[HeadedColumn]:
        """The columns whose heading another one has before them, and all those of a second table beside the first."""
        seen: set[str] = set()
        repeated = []
        for column in self.columns:
            key = fold(column.heading)
            if (key and key in seen) or column.number in self.beside:
                repeated.append(column)
            seen.add(key)
        return repeated

    @property
    def beside(self) -> set[int]:
        """The numbers of the columns of a second table beside the first.

        It begins where the rows are numbered once more, or where a heading comes again behind a blank column.
        """
        for place, (left, column) in enumerate(pairwise(self.columns), 1):
            earlier = {fold(each.heading) for each in self.columns[:place]}
            is_numbered_again = row_signs.is_numbering(column.leaf) and row_signs.is_numbering(self.columns[0].leaf)
            if is_numbered_again or (column.number > left.number + 1 and fold(column.heading) in earlier):
                return {each.number for each in self.columns[place:]}
        return set()

    @property
    def signature(self) -> str:
        """The words of the headings, by which the layout is known again."""
        return "|".join(column.heading for column in self.columns)


def find_headings(words: SheetWords, known: HeadingScore, named: IsNamed) -> list[HeadingBlock]:
    """All headings of a sheet from the top; at the first begins the table, at others a new layout or table."""
    rows = list(words.sheet.filled_rows())
    scores = {row: _row_score(words, row, known) for row in rows[:_LOOKED_AT]}
    best = max(scores.values(), default=0.0)
    if best < _LEAST:
        start = next((row for row in rows[:_LOOKED_AT] if _looks_like_heading(words, row, rows)), None)
        return [_block(words, start, 0.1, known)] if start is not None else []
    first = next(row for row in rows if scores[row] >= max(_LEAST, best / 2))
    blocks = [_block(words, first, scores[first], known)]
    for row in rows:
        if row > blocks[-1].last_row and (
            _is_another(words, row, known, named) or _begins_another(words, row, blocks[-1], rows)
        ):
            blocks.append(_block(words, row, _row_score(words, row, known), known))
    return blocks


def heading_at(words: SheetWords, rows: Sequence[int], known: HeadingScore) -> HeadingBlock:
    """The heading in rows that somebody has named."""
    numbers = next((row for row in rows if row_signs.are_column_numbers(list(words.texts_of(row)))), 0)
    storeys = [row for row in rows if row != numbers]
    score = max((_row_score(words, row, known) for row in storeys), default=0)
    return HeadingBlock(tuple(rows), _columns(words, storeys), score, numbers)


def _row_score(words: SheetWords, row: int, known: HeadingScore) -> float:
    """How much a row looks like the heading of fields that are known."""
    columns = words.filled(row)
    texts = [words.text(row, column) for column in columns]
    if not texts or any(len(text) > _LONGEST for text in texts) or row_signs.are_column_numbers(texts):
        return 0
    numbers = sum(words.is_number(row, column) for column in columns)
    if numbers * 3 > len(texts):
        return 0
    scores = [score for text in texts if (score := known(text)) >= _LEAST]
    numbering = any(row_signs.is_numbering(text) for text in texts)
    total = sum(scores) + 0.7 * numbering
    return total if len(scores) + numbering >= 2 or len(texts) == 1 else total / 2


def _is_another(words: SheetWords, row: int, known: HeadingScore, named: IsNamed) -> bool:
    """Whether a row below the first heading is a heading again, of this list or of another one."""
    filled = words.filled(row)
    if len(filled) < 2 or any(words.is_number(row, column) for column in filled):
        return False
    texts = list(words.texts_of(row))
    if row_signs.is_numbering(texts[0]) and len(texts) > 2:
        return True
    exact = sum(known(text) >= 0.9 or row_signs.is_numbering(text) for text in texts)
    if exact >= 2 and exact * 2 > len(filled):
        return True
    of_any = sum(map(named, texts))
    return len(words.filled(row - 1)) < 2 and of_any >= 2 and of_any * 2 > len(filled)


def _begins_another(words: SheetWords, row: int, block: HeadingBlock, rows: Sequence[int]) -> bool:
    """Whether a row set apart from the table above heads another one, in words that name no known field.

    It stands below a blank row or a title, and has texts where the table has numbers.
    """
    if len(words.filled(row - 1)) > 1 or not _looks_like_heading(words, row, rows):
        return False
    if any(_is_of_list(text) for text in words.texts_of(row)):
        return False
    above = [other for other in rows if block.last_row < other < row]
    return any(_holds_numbers(words, above, column) for column in words.filled(row))


def _is_of_list(text: str) -> bool:
    """Whether a text is one that stands below the rows of a list or between them."""
    return (
        row_signs.is_signature(text)
        or row_signs.is_place_and_day(text)
        or row_signs.is_section_number(text)
        or row_signs.is_total(text)
        or row_signs.is_note(text)
    )


def _holds_numbers(words: SheetWords, rows: Sequence[int], column: int) -> bool:
    """Whether most cells of a column that are filled hold numbers."""
    filled = [row for row in rows if words.text(row, column)]
    return bool(filled) and sum(words.is_number(row, column) for row in filled) * 2 > len(filled)


def _looks_like_heading(words: SheetWords, row: int, rows: Sequence[int]) -> bool:
    """Whether a row of unknown words has at least two different texts, and rows like it below."""
    filled = words.filled(row)
    texts = list(words.texts_of(row))
    if len(set(texts)) < max(2, len(texts)) or any(words.is_number(row, column) for column in filled):
        return False
    if any(row_signs.is_letterhead(text) or len(text) > _LONGEST for text in texts):
        return False
    below = [other for other in rows if other > row][:3]
    return any(len(set(words.filled(other)) & set(filled)) * 2 > len(filled) for other in below)


def _block(words: SheetWords, row: int, score: float, known: HeadingScore) -> HeadingBlock:
    storeys = [row]
    while len(storeys) < _STOREYS and _is_storey_above(words, storeys[0]):
        storeys.insert(0, storeys[0] - 1)
    while len(storeys) < _STOREYS and _is_storey_below(words, storeys[-1], known):
        storeys.append(storeys[-1] + 1)
    after = storeys[-1] + 1
    numbers = after if row_signs.are_column_numbers(list(words.texts_of(after))) else 0
    rows = (*storeys, numbers) if numbers else tuple(storeys)
    return HeadingBlock(rows, _columns(words, storeys), score, numbers)


def _is_storey_above(words: SheetWords, row: int) -> bool:
    """Whether the row above belongs to the same heading: it covers this one in part, or heads groups of its columns."""
    above, sheet = row - 1, words.sheet
    filled = words.filled(above)
    texts = list(words.texts_of(above))
    if not filled or any(words.is_number(above, column) for column in filled):
        return False
    if any(row_signs.is_letterhead(text) or len(text) > _LONGEST for text in texts):
        return False
    areas = [area for column in filled if (area := sheet.covering(above, column))]
    if any(area.bottom >= row for area in areas):
        return True
    own = words.filled(row)
    width = max(own, default=1) - min(own, default=1) + 1
    heads = [
        area for area in areas if area.is_wide and area.right - area.left + 1 < width and words.text(row, area.left)
    ]
    lonely = [column for column in filled if column not in own]
    return len(filled) > 1 and (bool(heads) or bool(lonely))


def _is_storey_below(words: SheetWords, row: int, known: HeadingScore) -> bool:
    """Whether the row below belongs to the same heading: it divides its wide cells, and fills nothing else."""
    below, sheet = row + 1, words.sheet
    filled = words.filled(below)
    if not filled or any(words.is_number(below, column) for column in filled):
        return False
    if any(len(text) > _LONGEST for text in words.texts_of(below)):
        return False
    own = set(words.filled(row))
    divided = {
        column for column in filled if (area := sheet.covering(row, column)) and area.is_wide and area.bottom == row
    }
    blank = {column for column in filled if column not in own and not sheet.covering(row, column)}
    starts = {column for column in filled if column in own and column + 1 in blank and column + 1 not in own}
    if set(filled) - divided - blank - starts:
        return False
    covered = any((area := sheet.covering(row, column)) and area.bottom > row for column in own)
    right = [column for column in filled if column > min(own, default=0)]
    named = any(known(words.text(below, column)) >= _LEAST for column in filled)
    return (
        bool(right) and min(filled) > min(own, default=0) and (bool(divided) or covered or (len(filled) > 1 and named))
    )


def _columns(words: SheetWords, storeys: Sequence[int]) -> tuple[HeadedColumn, ...]:
    """Every column below the heading, with the texts that stand above it."""
    columns = sorted({column for row in storeys for column in words.filled(row)} | _covered(words, storeys))
    return tuple(HeadedColumn(column, _storeys(words, storeys, column)) for column in columns)


def _covered(words: SheetWords, storeys: Sequence[int]) -> set[int]:
    """Columns that have no text of their own but lie under a merged heading, and hold cells."""
    held = set(words.sheet.columns)
    return {
        column
        for row in storeys
        for area in words.sheet.merged
        if area.top <= row <= area.bottom and words.text(area.top, area.left)
        for column in range(area.left, min(area.right, area.left + 60) + 1)
        if column in held
    }


def _storeys(words: SheetWords, storeys: Sequence[int], column: int) -> tuple[str, ...]:
    texts: list[str] = []
    for place, row in enumerate(storeys):
        text = words.spoken_text(row, column) or _group_above(words, storeys, place, column)
        if text and text not in texts:
            texts.append(text)
    return tuple(texts)


def _group_above(words: SheetWords, storeys: Sequence[int], place: int, column: int) -> str:
    """The text to the left that heads this column too, although its cells were not merged."""
    lower = storeys[place + 1] if place + 1 < len(storeys) else 0
    if not lower or not words.text(lower, column):
        return ""
    left = column
    while left > 1 and words.text(lower, left) and not words.text(storeys[place], left):
        left -= 1
    return words.text(storeys[place], left) if words.text(lower, left) else ""
