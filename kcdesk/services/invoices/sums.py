"""Whether an invoice adds up: lines, tax, totals. What is tolerated is data (`resources/invoices.toml`)."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from functools import cache

from kcdesk import paths
from kcdesk.runtime.frozen import Value
from kcdesk.services.invoices.invoice import DISCOUNT, Invoice, InvoiceLine, percent_of
from kcdesk.text import format_decimal

_NOTHING = Decimal(0)


class SumFault(Value):
    """A sum that does not add up; `line` is the place of the line from 1, 0 for the whole invoice."""

    code: str
    sentence: str
    line: int = 0


class Tolerance(Value):
    """How far sums may differ, in đồng."""

    line: Decimal
    each_line: Decimal
    total: Decimal


@cache
def tolerance() -> Tolerance:
    """What `resources/invoices.toml` says."""
    table = tomllib.loads((paths.resources() / "invoices.toml").read_text(encoding="utf-8"))["tolerance"]
    return Tolerance(**{name: Decimal(table[name]) for name in ("line", "each_line", "total")})


def sum_faults(invoice: Invoice) -> list[SumFault]:
    """Every sum that does not add up."""
    lines = [fault for place, line in enumerate(invoice.lines, start=1) for fault in _line_faults(line, place)]
    return [*lines, *_sum_faults(invoice), *_tax_faults(invoice), *_total_faults(invoice)]


def amount_words(amount: Decimal) -> str:
    """«1.250.000»."""
    return format_decimal(amount.normalize() if amount == amount.to_integral_value() else amount)


def _line_faults(line: InvoiceLine, place: int) -> Iterator[SumFault]:
    """Quantity × price − discount is the amount; a price with decimals was rounded itself."""
    if not line.counts or line.quantity is None or line.price is None or line.amount is None:
        return
    gross = line.quantity * line.price
    discount = line.discount or gross * (line.discount_percent or _NOTHING) / 100
    exponent = line.price.normalize().as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    rounded = abs(line.quantity) * Decimal(10) ** -decimals / 2 if decimals else _NOTHING
    if abs(gross - discount - line.amount) > max(tolerance().line, rounded):
        less = f" − chiết khấu {amount_words(discount)}" if discount else ""
        yield SumFault(
            "line_sum",
            f"Dòng {place} «{line.name}»: {amount_words(line.quantity)} × {amount_words(line.price)}{less} ="
            f" {amount_words(gross - discount)}, hóa đơn ghi {amount_words(line.amount)}.",
            place,
        )


def _sum_faults(invoice: Invoice) -> Iterator[SumFault]:
    goods, less = _sum_of_lines(invoice)
    if invoice.before_tax is None or not invoice.lines:
        return
    allowed = tolerance().total + tolerance().each_line * len(invoice.lines)
    if min(abs(way - invoice.before_tax) for way in (goods - less, goods, goods - invoice.discount)) > allowed:
        noted = amount_words(invoice.before_tax)
        sentence = f"Cộng các dòng là {amount_words(goods - less)}, hóa đơn ghi tổng chưa thuế {noted}."
        yield SumFault("lines_sum", sentence)


def _sum_of_lines(invoice: Invoice) -> tuple[Decimal, Decimal]:
    """The amounts of what is sold, and the discounts that stand as lines of their own."""
    goods = sum((line.amount or _NOTHING for line in invoice.lines if line.counts), _NOTHING)
    less = sum((abs(line.amount or _NOTHING) for line in invoice.lines if line.nature == DISCOUNT), _NOTHING)
    return goods, less


def _tax_faults(invoice: Invoice) -> Iterator[SumFault]:
    allowed = tolerance().total + tolerance().each_line * len(invoice.lines)
    for row in invoice.sums:
        percent = percent_of(row.rate)
        if percent is None or row.amount is None or row.tax is None:
            continue
        if abs(row.amount * percent / 100 - row.tax) > allowed:
            yield SumFault(
                "tax_sum",
                f"Thuế suất {row.rate}: {amount_words(row.amount)} có thuế {amount_words(row.amount * percent / 100)},"
                f" hóa đơn ghi {amount_words(row.tax)}.",
            )
    yield from _rate_faults(invoice, allowed)
    if not invoice.sums and any(not line.rate for line in invoice.goods):
        return  # the rates are not told
    if invoice.tax is not None and abs(_tax_in_all(invoice) - invoice.tax) > allowed:
        yield SumFault(
            "tax_sum",
            f"Cộng tiền thuế là {amount_words(_tax_in_all(invoice))}, hóa đơn ghi {amount_words(invoice.tax)}.",
        )


def _rate_faults(invoice: Invoice, allowed: Decimal) -> Iterator[SumFault]:
    """The sum of a rate is that of its lines."""
    if not invoice.sums or any(line.percent is None or not line.rate for line in invoice.goods):
        return
    of_rate: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        if line.nature == DISCOUNT:
            of_rate[line.percent or _NOTHING] -= abs(line.amount or _NOTHING)
        elif line.counts:
            of_rate[line.percent or _NOTHING] += line.amount or _NOTHING
    noted: dict[Decimal, Decimal] = defaultdict(Decimal)
    for row in invoice.sums:
        noted[percent_of(row.rate) or _NOTHING] += row.amount or _NOTHING
    for percent, amount in noted.items():
        if min(abs(of_rate[percent] - amount), abs(of_rate[percent] - invoice.discount - amount)) > allowed:
            yield SumFault(
                "tax_sum",
                f"Các dòng thuế suất {amount_words(percent)}% cộng là {amount_words(of_rate[percent])},"
                f" bảng thuế ghi {amount_words(amount)}.",
            )


def _tax_in_all(invoice: Invoice) -> Decimal:
    if invoice.sums:
        return sum((row.tax or _NOTHING for row in invoice.sums), _NOTHING)
    goods = sum((line.tax for line in invoice.goods), _NOTHING)
    less = sum((abs(line.tax) for line in invoice.lines if line.nature == DISCOUNT), _NOTHING)
    return goods - less


def _total_faults(invoice: Invoice) -> Iterator[SumFault]:
    if invoice.total is None or invoice.before_tax is None:
        return
    due = invoice.before_tax + (invoice.tax or _NOTHING) + invoice.fees
    if min(abs(due - invoice.total), abs(due - invoice.discount - invoice.total)) > tolerance().total:
        yield SumFault(
            "total_sum",
            f"Chưa thuế cộng thuế là {amount_words(due)}, hóa đơn ghi tổng thanh toán {amount_words(invoice.total)}.",
        )
