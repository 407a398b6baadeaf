"""An electronic invoice as it was read, and what is known of its signatures. Plain values, as the worker sends them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kcdesk.formdef.types.invoice_identity import InvoiceIdentity, identity_of
from kcdesk.runtime.frozen import Value
from kcdesk.text import format_date

GOODS, GIFT, DISCOUNT, REMARK = "1", "2", "3", "4"  # TChat; other values are goods of special trades
_HIGHEST_RATE = 100  # percent; beyond it a number without end would be written out
REPLACING, ADJUSTING = "1", "2"  # TCHDon
# States of signatures; the choices `invoice_signatures`.
WHOLE, WEAK, UNKNOWN_KEY, ALTERED, UNCLEAR, UNSIGNED = "whole", "weak", "unknown_key", "altered", "unclear", "none"


class Party(Value, kw_only=True):
    """Seller or buyer."""

    name: str = ""
    tax_code: str = ""
    citizen_id: str = ""
    address: str = ""


class InvoiceLine(Value, kw_only=True):
    """One line; None for a number that is not there. Amounts in the currency of the invoice."""

    nature: str = GOODS
    order: str = ""
    code: str = ""
    name: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    discount: Decimal | None = None
    amount: Decimal | None = None
    rate: str = ""  # «10%», «KCT» (not taxed), «KKKNT» (not declared)
    discount_percent: Decimal | None = None

    @property
    def counts(self) -> bool:
        """Whether the line is sold goods or services."""
        return self.nature not in (GIFT, DISCOUNT, REMARK)

    @property
    def percent(self) -> Decimal | None:
        """The rate of tax in percent, 0 for what is not taxed; None if it is not readable."""
        return percent_of(self.rate)

    @property
    def tax(self) -> Decimal:
        """The tax of the line, by its rate."""
        return (self.amount or Decimal(0)) * (self.percent or Decimal(0)) / 100


class TaxedSum(Value, kw_only=True):
    """The sum of the lines with one rate of tax."""

    rate: str = ""
    amount: Decimal | None = None
    tax: Decimal | None = None


class InvoiceSignature(Value, kw_only=True):
    """One signature of an invoice. `place`: NBan, NMua, CQT, or the element that has it; days and moments are ISO."""

    place: str
    state: str
    reason: str = ""  # why it is not whole, in Vietnamese
    signer: str = ""
    tax_code: str = ""
    issuer: str = ""
    signed_at: str = ""
    time_is_signed: bool = False  # else anybody may have changed the moment
    valid_from: str = ""
    valid_to: str = ""
    weak: str = ""  # the weak algorithms, «SHA-1»


class Invoice(Value, kw_only=True):
    """An invoice in the format of the General Department of Taxation (QĐ 1450/QĐ-TCT)."""

    file: str  # name of the XML, also inside a ZIP
    title: str = ""
    form: str = ""
    symbol: str = ""
    number: str = ""
    dated: str = ""
    currency: str = ""
    rate: str = ""
    tax_office_code: str = ""
    seller: Party = Party()
    buyer: Party = Party()
    lines: tuple[InvoiceLine, ...] = ()
    sums: tuple[TaxedSum, ...] = ()
    before_tax: Decimal | None = None
    tax: Decimal | None = None
    fees: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    total: Decimal | None = None
    relation: str = ""  # REPLACING, ADJUSTING, "" for an invoice of its own
    related: str = ""  # the invoice that is replaced or adjusted, in words
    unread: tuple[str, ...] = ()  # what stands there and cannot be read
    signatures: tuple[InvoiceSignature, ...] = ()

    @property
    def identity(self) -> InvoiceIdentity:
        """Tax code of the seller, form, symbol and number, with day and amount."""
        return identity_of(self.seller.tax_code, self.form, self.symbol, self.number, self.dated, whole(self.total))

    @property
    def label(self) -> str:
        """«hóa đơn 1C26TAA-123 ngày 10/5/2026»."""
        day = f" ngày {format_date(date.fromisoformat(self.dated))}" if self.dated else ""
        return f"hóa đơn {self.identity.written}{day}"

    @property
    def is_in_dong(self) -> bool:
        """Whether its amounts are in đồng, which it need not say."""
        return self.currency in ("VND", "VNĐ", "")

    @property
    def goods(self) -> tuple[InvoiceLine, ...]:
        """The lines that are sold."""
        return tuple(line for line in self.lines if line.counts)

    @property
    def sellers_signature(self) -> InvoiceSignature | None:
        """The signature of the seller: at its place, else by its tax code, else the first that is not of an office."""
        own = [signature for signature in self.signatures if signature.place not in ("CQT", "NMua")]
        at_place = [signature for signature in own if signature.place == "NBan"]
        by_code = [signature for signature in own if signature.tax_code and signature.tax_code == self.seller.tax_code]
        return next(iter(at_place or by_code or own), None)

    @property
    def signature_state(self) -> str:
        """The state of the whole: that of the seller's signature, but a broken one of anybody counts first."""
        seller = self.sellers_signature
        if any(signature.state == ALTERED for signature in self.signatures):
            return ALTERED
        return seller.state if seller else UNSIGNED


def percent_of(rate: str) -> Decimal | None:
    """A written rate of tax in percent; 0 for what is not taxed or declared, None if it is no rate."""
    bare = rate.strip().upper().removeprefix("KHAC:").removesuffix("%").strip().replace(",", ".")
    if bare in ("KCT", "KKKNT", ""):
        return Decimal(0)
    try:
        value = Decimal(bare)
    except ArithmeticError:
        return None
    if not value.is_finite() or abs(value) > _HIGHEST_RATE:
        return None
    return value * 100 if 0 < value < 1 and "%" not in rate else value


def whole(amount: Decimal | None) -> int | None:
    """An amount in whole đồng, half a đồng upwards."""
    if amount is None:
        return None
    return int((amount + (Decimal("0.5") if amount >= 0 else Decimal("-0.5"))).to_integral_value("ROUND_DOWN"))


def from_values(values: dict[str, Any]) -> Invoice:
    """An invoice from the plain values of the worker (`xml_reading`)."""
    plain: dict[str, Any] = dict(values)
    amounts: dict[str, Any] = {name: _decimal(plain.pop(name)) for name in ("before_tax", "tax", "total")}
    sums: dict[str, Any] = {name: _decimal(plain.pop(name)) or Decimal(0) for name in ("fees", "discount")}
    return Invoice(
        unread=tuple(plain.pop("unread")),
        seller=Party(**plain.pop("seller")),
        buyer=Party(**plain.pop("buyer")),
        lines=tuple(InvoiceLine(**_numbers(row, _LINE_NUMBERS)) for row in plain.pop("lines")),
        sums=tuple(TaxedSum(**_numbers(row, ("amount", "tax"))) for row in plain.pop("sums")),
        signatures=tuple(InvoiceSignature(**row) for row in plain.pop("signatures")),
        **amounts,
        **sums,
        **plain,
    )


_LINE_NUMBERS = ("quantity", "price", "discount", "amount", "discount_percent")


def _numbers(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return row | {name: _decimal(row.get(name)) for name in names}


def _decimal(written: str | None) -> Decimal | None:
    return None if written is None else Decimal(written)
