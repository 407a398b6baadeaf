"""A number as a tree: its value, the operation that gives it, the parts, the rule, the cell where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from kcdesk import text
from kcdesk.formdef.derivations.arithmetic import OPERATIONS
from kcdesk.runtime.frozen import Value

TAKEN_OVER = "taken_over"
_INSTRUMENT = re.compile(
    r"\b(?:NĐ|TTLT|TT|QĐ|NQ|Nghị định|Thông tư liên tịch|Thông tư|Quyết định|Nghị quyết)(?: số)? [0-9][^ ,;]*"
)
_SIGNS = {"sum": " + ", "difference": " − ", "product": " × ", "quotient": " ÷ "}
_MOST_WRITTEN = 4  # numbers that a formula writes out; more are only counted


class CellAddress(Value):
    """A field or cell of a stored record: `path` is "amount" or "budget/<row id>/cost"."""

    record: str
    kind: str
    path: str


class LegalBasis(Value):
    """The rule behind a number: what it says, its article with instrument and dates, how well it is proved."""

    text: str
    source: str = ""
    unverified: bool = False
    on: date | None = None  # the day whose rules apply; None: that of the dossier around it
    proof: str = ""  # level of proof, filled in when the tree is explained
    cautions: tuple[str, ...] = ()  # what to be careful of on that day; as `proof`

    @property
    def instrument(self) -> str:
        """The legal texts that the source names: «TT 36/2013/TT-BCT»."""
        return "; ".join(dict.fromkeys(match[0] for match in _INSTRUMENT.finditer(self.source)))

    @property
    def article(self) -> str:
        """The article of the first of them: «Khoản 6 Điều 12»."""
        return _INSTRUMENT.split(self.source, maxsplit=1)[0].strip(" ,;") if self.instrument else ""


class Entry(Value):
    """Who entered or changed a value last, when (UTC, ISO), by which act, and in which package it came; "" if here."""

    by: str
    at: str
    action: str = ""
    package: str = ""


class ProvingPaper(Value):
    """The paper behind a value: what it is, its number, ISO day and issuer, and the names of the scans kept of it."""

    label: str
    number: str = ""
    date: str = ""
    issuer: str = ""
    scans: tuple[str, ...] = ()


class Derivation(Value, kw_only=True):
    """A number and what it is made of; without an operation a leaf that somebody entered, or a figure of a rule.

    `decimals` are the places to which the result of the operation is rounded half up; None: not rounded. `limits` are
    numbers that this one must not exceed; they are no parts of it. `note` says what is special, such as an override;
    `cut` why the parts are not shown. `title` names the record, `secret` marks a value that is sensitive by law.
    """

    label: str
    value: Decimal | None
    unit: str = "đồng"
    operation: str = ""
    parts: tuple[Derivation, ...] = ()
    decimals: int | None = 0
    rule: LegalBasis | None = None
    cell: CellAddress | None = None
    title: str = ""
    entered: Entry | None = None
    paper: ProvingPaper | None = None
    limits: tuple[Derivation, ...] = ()
    note: str = ""
    cut: str = ""
    secret: bool = False

    def result(self) -> Decimal | None:
        """What the operation gives for the parts; the value itself of a leaf."""
        if not self.operation:
            return self.value
        with localcontext(Context(prec=100)):
            number = OPERATIONS[self.operation]([part.value for part in self.parts])
        return number if number is None or self.decimals is None else _rounded(number, self.decimals)

    @property
    def differs(self) -> bool:
        """Whether the value is not what its parts give."""
        return bool(self.parts) and self.result() != self.value

    @property
    def is_wrong(self) -> bool:
        """Whether a computed value is not what its parts give: a fault of the program, as nobody can type it."""
        return self.differs and self.operation != TAKEN_OVER

    def remark(self) -> str:
        """The sentence about a value that its parts do not give, with both numbers; "" where they agree."""
        if not self.differs:
            return ""
        now, own = self.written(self.result()), self.written(self.value)
        if self.is_wrong:
            return f"Số này không khớp với các phần của nó: đang ghi {own}, các phần cho {now}."
        return f"Đang ghi {own}; nơi lấy số nay là {now}."

    def walk(self) -> Iterator[Derivation]:
        """The tree with all parts and limits, this number first."""
        yield self
        for part in (*self.parts, *self.limits):
            yield from part.walk()

    def written(self, number: Decimal | None) -> str:
        """A number with the unit of this one; «chưa có» for none."""
        if number is None:
            return "chưa có"
        return with_unit(number, self.unit)

    def formula(self) -> str:
        """The operation with its numbers: «120.000.000 − 20.000.000»; "" for a leaf."""
        if not self.parts:
            return ""
        numbers = ["chưa có" if part.value is None else with_unit(part.value, "", part.unit) for part in self.parts]
        if self.operation == TAKEN_OVER:
            return f"lấy từ «{self.parts[0].label}»"
        if self.operation in _SIGNS:
            known = [number for number in numbers if number != "chưa có"] if self.operation == "sum" else numbers
            return _SIGNS[self.operation].join(known) if len(known) <= _MOST_WRITTEN else f"tổng của {len(known)} số"
        if self.operation in ("least", "mean"):
            numbers = [number for number in numbers if number != "chưa có"]
        return _WORDS[self.operation](numbers)


_WORDS: Mapping[str, Callable[[Sequence[str]], str]] = {
    "part_of": lambda numbers: f"{numbers[0]} của {numbers[1]}, bỏ phần lẻ",
    "least": lambda numbers: f"số nhỏ nhất trong: {'; '.join(numbers)}",
    "percent_of": lambda numbers: f"{numbers[0]} ÷ {numbers[1]} × 100, làm tròn một số lẻ",
    "change_percent": lambda numbers: f"từ {numbers[0]} đến {numbers[1]}, tính theo phần trăm của số đầu",
    "mean": lambda numbers: f"trung bình của {len(numbers)} số, làm tròn hai số lẻ",
    "shortfall": lambda numbers: f"{numbers[0]} − {numbers[1]}, số âm thì lấy 0",
    "at_least_zero": lambda numbers: f"{numbers[0]}, số âm thì lấy 0",
}


def with_unit(number: Decimal, unit: str, own: str = "") -> str:
    """A number in Vietnamese notation with its unit; of `own` only the sign of a percentage is written."""
    digits = text.format_decimal(number)
    return f"{digits}%" if "%" in (unit, own) else f"{digits} {unit}".strip()


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
