"""What the sentences of a summary say of a figure: the figure with its unit, and how it stands against last year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from kcdesk import text
from kcdesk.reports.report_table import Figure, TableColumn
from kcdesk.reports.summary.model import SummaryFigure
from kcdesk.reports.summary.sentences import OptionalPart, SentencePiece, Slot
from kcdesk.runtime.frozen import Value
from kcdesk.services.reporting.comparison import exact_change
from kcdesk.services.reporting.figures import MoneyUnit, shown, unit_of

NO_LAST_YEAR = "chưa có số liệu cùng kỳ năm trước để so sánh"
_SPANS = {"period": "", "year": "lũy kế từ đầu năm", "to_date": "lũy kế đến cuối kỳ"}
_TENTH = Decimal("0.1")


class SummaryNumber(Value, kw_only=True):
    """A figure of a summary with its source: what it counts, by which report, and the same of the year before."""

    figure: SummaryFigure
    report_label: str
    row_label: str
    column: TableColumn
    value: Figure
    before: Figure
    money: MoneyUnit
    has_last_year: bool  # whether the store has figures of the year before at all

    @property
    def label(self) -> str:
        """What is counted, with the row if it is not the total, and the days if they are not those of the period."""
        return " – ".join(filter(None, (self.column.label, self.row_label, _SPANS[self.figure.span])))

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to tell."""
        return not self.value

    def written(self, value: Figure) -> str:
        """A value of this figure with its unit, without a decimal that is zero: «12 đề án», «600 triệu đồng»."""
        unit = unit_of(self.column, self.money)
        return f"{self._bare(value)}{'' if unit == '%' else ' '}{unit}".rstrip()

    def _bare(self, value: Figure) -> str:
        return shown(value, self.column, self.money).removesuffix(",0")

    def aspect(self, name: str) -> str:
        """What a slot of a sentence prints."""
        return {
            "": lambda: self.written(self.value) + (" (ước tính)" if self.column.estimate and self.value else ""),
            "number": lambda: self._bare(self.value),
            "before": lambda: self.written(self.before),
            "change": lambda: change_in_words(self),
        }[name]()

    def says(self, aspect: str) -> bool:
        """Whether a part of a sentence that may be left out has something to say here."""
        if aspect == "change":
            return self.has_last_year and self.value is not None and self.before is not None
        return bool(self.before) if aspect == "before" else not self.is_nothing


def change_in_words(number: SummaryNumber) -> str:
    """«tăng 12,5% so với cùng kỳ năm trước»; of percentages the difference in points.

    A share of a year before that had nothing, or less than nothing, would mean nothing: both figures are given then.
    """
    now, before = number.value, number.before
    if not number.has_last_year:
        return NO_LAST_YEAR
    if now is None or before is None:
        return "cùng kỳ năm trước không có số để so sánh" if before is None else f"cùng kỳ {number.written(before)}"
    if now == before:
        return "bằng cùng kỳ năm trước" if now else "cùng kỳ năm trước cũng không có"
    change = exact_change(now, before, number.column)
    if change is None:
        return f"cùng kỳ năm trước {number.written(before)}" if before else "cùng kỳ năm trước không có"
    return _moved(change, " điểm phần trăm" if number.column.rounding == "percent" else "%")


def _moved(difference: Decimal, unit: str) -> str:
    """An increase or decrease with one decimal; one that would print as 0,0 is called less than a tenth."""
    verb = "tăng" if difference > 0 else "giảm"
    rounded = abs(difference).quantize(_TENTH, ROUND_HALF_UP)
    size = f"{text.format_decimal(rounded).removesuffix(',0')}{unit}" if rounded else f"chưa đến 0,1{unit}"
    return f"{verb} {size} so với cùng kỳ năm trước"


def sentence_of(pieces: Sequence[SentencePiece], numbers: Mapping[str, SummaryNumber], words: Mapping[str, str]) -> str:
    """A sentence with its figures and words."""
    return "".join(_piece(piece, numbers, words) for piece in pieces).strip()


def _piece(piece: SentencePiece, numbers: Mapping[str, SummaryNumber], words: Mapping[str, str]) -> str:
    if isinstance(piece, str):
        return piece
    if isinstance(piece, OptionalPart):
        inner = [slot for slot in piece.pieces if isinstance(slot, Slot) and slot.name in numbers]
        tells = all(numbers[slot.name].says(slot.aspect) for slot in inner)
        return "".join(_piece(part, numbers, words) for part in piece.pieces) if tells else ""
    say: Callable[[str], str] = numbers[piece.name].aspect if piece.name in numbers else lambda _: words[piece.name]
    return say(piece.aspect)
