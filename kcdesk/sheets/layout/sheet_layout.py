"""The layout of a sheet: its headings, the rows that are records, the rows that are none and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from kcdesk.runtime.frozen import Value, field
from kcdesk.sheets.book.foreign_book import ForeignSheet
from kcdesk.sheets.layout import row_signs
from kcdesk.sheets.layout.headings import (
    HeadedColumn,
    HeadingBlock,
    HeadingScore,
    IsNamed,
    find_headings,
    heading_at,
)
from kcdesk.sheets.layout.sheet_words import SheetWords
from kcdesk.sheets.values.units import named_unit
from kcdesk.text import fold

_YEAR = re.compile(r"\bnăm\s+((?:19|20)\d\d)\b(?!\s*[-–—]\s*(?:19|20)?\d\d)", re.IGNORECASE)
_PERIOD = re.compile(r"\b((?:19|20)\d\d)\s*(?:[-–—]|đến(?:\s+năm)?|tới)\s*((?:19|20)\d\d)\b", re.IGNORECASE)
_BARE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_ATTACHED = re.compile(r"kem theo|ban hanh|can cu|quyet dinh so|cong van so|bao cao so")
_MARK = 4  # letters that the number of a column has at most


class LaidRow(Value):
    """A row that may be a record: its number, the section in which it stands, whether it continues the one above."""

    number: int
    block: HeadingBlock
    section: str = ""
    continues: bool = False


class LeftRow(Value):
    """A row that is no record, and why."""

    number: int
    why: str


class SheetLayout(Value):
    """What was found in a sheet."""

    words: SheetWords
    blocks: Sequence[HeadingBlock]
    rows: Sequence[LaidRow] = ()
    left: Sequence[LeftRow] = ()
    hidden: Sequence[LaidRow] = ()
    year: int | None = None
    unit: int = 0  # of the title; 0: it names none
    titles: Sequence[str] = field(default=())
    period: tuple[int, int] | None = None  # of several years, in the title
    others: Sequence[HeadingBlock] = ()  # headings of other tables on the page, whose rows are left

    @property
    def sheet(self) -> ForeignSheet:
        """The sheet."""
        return self.words.sheet

    @property
    def score(self) -> float:
        """How much the sheet looks like a table of known fields."""
        return max((block.score for block in self.blocks), default=0) * min(len(self.rows) + 1, 20)


def laid_out(
    sheet: ForeignSheet, known: HeadingScore, named: IsNamed = lambda _text: False, headings: Sequence[int] = ()
) -> SheetLayout:
    """Find the tables of a sheet; `named`: whether a text names a field of any kind; `headings`: given rows."""
    words = SheetWords(sheet)
    blocks = [heading_at(words, headings, known)] if headings else find_headings(words, known, named)
    if not blocks:
        return SheetLayout(words, ())
    above = [row for row in sheet.filled_rows() if row < blocks[0].rows[0]]
    titles = [text for row in above for text in words.texts_of(row)]
    layout = _RowSorter(words, blocks).sorted_rows()
    left = [LeftRow(row, "phần đầu trang") for row in above]
    units = (unit for title in titles if (unit := named_unit(title)))
    return SheetLayout(
        words,
        blocks,
        layout.rows,
        (*left, *layout.left),
        layout.hidden,
        _year(titles, sheet.name),
        next(units, 0),
        titles,
        _period(titles),
    )


def _period(titles: Iterable[str]) -> tuple[int, int] | None:
    """The first and the last year in the title of a sheet; None if it names none, or several periods."""
    plain = (title for title in titles if not _ATTACHED.search(fold(title)))
    periods = {(int(first), int(last)) for title in plain for first, last in _PERIOD.findall(title)}
    period = periods.pop() if len(periods) == 1 else None
    return period if period and period[0] < period[1] else None


def _year(titles: Iterable[str], name: str) -> int | None:
    """The year in the title of a sheet, or in its name; None if there is none, or several."""
    plain = [title for title in titles if not _ATTACHED.search(fold(title)) and not row_signs.is_place_and_day(title)]
    years = {int(year) for title in plain for year in _YEAR.findall(title)}
    years = years or {int(year) for year in _BARE_YEAR.findall(name)}
    return years.pop() if len(years) == 1 else None


class _RowSorter:
    """Goes through the rows of a sheet and says of each what it is."""

    def __init__(self, words: SheetWords, blocks: Sequence[HeadingBlock]) -> None:
        self._words, self._blocks = words, blocks
        self._block = blocks[0]
        self._number = 0
        self.rows: list[LaidRow] = []
        self.left: list[LeftRow] = []
        self.hidden: list[LaidRow] = []
        self._section, self._is_over = "", False
        self._has_gap, self._before, self._counted = False, 0, 0

    def sorted_rows(self) -> _RowSorter:
        """Go through all rows below the first heading."""
        starts = {block.rows[0]: block for block in self._blocks}
        headings = {row: block for block in self._blocks for row in block.rows}
        self._begin(self._blocks[0])
        for row in self._words.sheet.filled_rows():
            if row < self._blocks[0].rows[0]:
                continue
            if block := headings.get(row):
                if row in starts:
                    self._begin(block)
                self.left.append(LeftRow(row, "số thứ tự cột" if row == block.numbers_row else "dòng tiêu đề"))
                self._before = row
                continue
            self._has_gap = self._has_gap or row > self._before + 1
            self._before = row
            self._sort(row)
        return self

    def _begin(self, block: HeadingBlock) -> None:
        self._block, self._is_over, self._section, self._has_gap, self._counted = block, False, "", False, 0
        self._columns = {column.number for column in block.columns} - block.beside
        self._beside = block.beside
        self._number = next(
            (column.number for column in block.columns if row_signs.is_numbering(column.leaf)), 0
        ) or self._numbered_column(block)

    def _numbered_column(self, block: HeadingBlock) -> int:
        """A first column without a known heading that holds 1, 2, 3, …; 0 if there is none."""
        first = min(self._columns, default=0)
        rows = [row for row in self._words.sheet.filled_rows() if row > block.last_row][:12]
        numbers = [self._words.text(row, first) for row in rows]
        counted = [int(number) for number in numbers if number.isdecimal() and len(number) < 4]
        steps = sum(after - before == 1 for before, after in pairwise(counted))
        return first if len(counted) > 2 and steps >= len(counted) - 2 and counted[0] in (0, 1) else 0

    def _sort(self, row: int) -> None:
        """Put a row where it belongs."""
        why = self._why_left(row)
        if why:
            self.left.append(LeftRow(row, why))
            return
        number = self._words.text(row, self._number).strip(" .") if self._number else ""
        self._has_gap, self._counted = False, int(number) if number.isdecimal() and len(number) < 6 else self._counted
        laid = LaidRow(row, self._block, self._section, self._continues(row))
        (self.hidden if row in self._words.sheet.hidden_rows else self.rows).append(laid)

    def _why_left(self, row: int) -> str:
        """Why a row is no record; "" if it may be one."""
        words = self._words
        filled = [column for column in words.filled(row) if column not in self._beside]
        if not filled and self._beside:
            return "chỉ có trong bảng bên cạnh"
        texts = [words.text(row, column) for column in filled]
        others = [column for column in filled if column != self._number]
        number = words.text(row, self._number) if self._number else ""
        if not others and not self._is_sentence(number):
            is_covered = any(words.spoken_text(row, column) for column in self._columns if column != self._number)
            if self._only_numbers([row]) or not is_covered:
                return "chỉ có số thứ tự, không có nội dung"
        if self._is_data_number(number) and others and not self._is_over and len(words.text(row, others[0])) > _MARK:
            return ""  # a numbered record, as nearly all rows are
        if row_signs.are_column_numbers(texts) and len(texts) * 2 > len(self._columns):
            return "số thứ tự cột"
        if self._is_heading_again(texts):
            return "dòng tiêu đề lặp lại"
        if ending := self._ending(row, filled, texts):
            return ending
        if self._total(row, others):
            return "dòng cộng"
        if section := self._section_text(row, filled, others):
            self._section = section
            return f"dòng nhóm «{section}»"
        return ""

    def _only_numbers(self, rows: Sequence[int]) -> bool:
        """Whether rows have nothing of their own but a number, and nothing covers them."""
        return all(
            not self._words.sheet.covering(row, column)
            for row in rows
            for column in self._columns
            if column != self._number
        )

    def _is_heading_again(self, texts: Sequence[str]) -> bool:
        headings = {fold(storey) for column in self._block.columns for storey in column.storeys}
        same = sum(fold(text) in headings for text in texts)
        return same >= 2 and same * 3 >= len(texts) * 2

    def _ending(self, row: int, filled: Sequence[int], texts: Sequence[str]) -> str:
        """Why a row belongs to what stands below the table; "" if it does not."""
        number = self._words.text(row, self._number) if self._number else ""
        counted = number.strip(" .")
        if counted.isdecimal() and (not self._is_over or int(counted) == self._counted + 1):
            self._is_over = False
            return ""
        if self._is_over:
            return "phần ký, dưới bảng"
        if all(row_signs.is_place_and_day(text) for text in texts):
            self._is_over = True
            return "nơi và ngày ký"
        if all(row_signs.is_signature(text) or row_signs.is_place_and_day(text) for text in texts):
            self._is_over = True
            return "phần ký"
        if row_signs.is_note(texts[0]) and len(filled) <= 2:
            self._is_over = self._has_gap  # what follows explains it, until the numbers go on
            return "ghi chú dưới bảng"
        if self._has_gap and len(filled) > 1 and self._is_sentence(number) and not row_signs.is_total(number):
            return "chú giải dưới bảng"
        return ""

    def _is_sentence(self, number: str) -> bool:
        """Whether the column of the numbers holds words in their place: of a section, a note, a legend."""
        letters, digits = sum(map(str.isalpha, number)), sum(map(str.isdigit, number))
        return letters > max(1, 2 * digits) and not row_signs.is_section_number(number)

    def _total(self, row: int, others: Sequence[int]) -> bool:
        """Whether the first text of a row names a total."""
        first = next((column for column in self._words.filled(row) if not self._words.is_number(row, column)), 0)
        if not first:
            return False
        number = self._words.text(row, self._number) if self._number else ""
        if number.strip(" .").isdecimal() and first != self._number:
            return False
        text = self._words.text(row, first)
        others_texts = [c for c in others if c != first and not self._words.is_number(row, c)]
        if row_signs.is_section_number(text) and others_texts:
            text = self._words.text(row, others_texts[0])
            others_texts = others_texts[1:]
        return row_signs.is_total(text) and len(others_texts) < 2

    def _section_text(self, row: int, filled: Sequence[int], others: Sequence[int]) -> str:
        """The text of a row that heads a section; "" if it is none."""
        words = self._words
        texts = [column for column in filled if not words.is_number(row, column)]
        number = words.text(row, self._number) if self._number else ""
        named = [column for column in texts if column != self._number]
        if (
            number
            and row_signs.is_section_number(number)
            and len(named) == 1
            and len(others) <= 1 + self._numbers(row, others)
        ):
            return row_signs.without_number(words.text(row, named[0]))
        if len(texts) != 1 or self._is_data_number(number):
            return ""
        text = words.text(row, texts[0])
        area = words.sheet.covering(row, texts[0])
        is_wide = area is not None and area.right - area.left >= 2
        is_first = texts[0] <= min(self._columns) + 1
        alone = len(others) == 1 or (texts[0] == self._number and not others)
        if is_wide or row_signs.has_number(text) or (texts[0] == self._number and len(text) > 3):
            return row_signs.without_number(text) or text
        if self._number and alone and is_first and len(self._columns) > 2 and not self._continues_text(row):
            return row_signs.without_number(text) or text
        return ""

    def _numbers(self, row: int, columns: Sequence[int]) -> int:
        return sum(self._words.is_number(row, column) for column in columns)

    def _is_data_number(self, number: str) -> bool:
        return number.strip(" .()").isdecimal()

    def _continues_text(self, row: int) -> bool:
        """Whether the row above is a record whose cells reach into this one."""
        return any(
            (area := self._words.sheet.covering(row, column)) is not None and area.top < row for column in self._columns
        )

    def _continues(self, row: int) -> bool:
        """Whether a row goes on with the record above: it has neither a number nor a first text of its own."""
        first = next((c for c in sorted(self._columns) if c != self._number), 0)
        own_number = self._words.text(row, self._number) if self._number else ""
        if own_number or not self.rows:
            return False
        area = self._words.sheet.covering(row, self._number or first)
        if area is not None and area.top < row and self.rows[-1].number >= area.top:
            return True
        return (
            not self._words.text(row, first) and self._words.sheet.covering(row, first) is None and bool(self._number)
        )


def column_of(block: HeadingBlock, letter: str) -> HeadedColumn | None:
    """The column with a letter."""
    by_letter: Mapping[str, HeadedColumn] = {column.letter: column for column in block.columns}
    return by_letter.get(letter)
