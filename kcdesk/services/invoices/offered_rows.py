"""What an invoice offers a dossier: rows of machines and vouchers, beside what stands there and in the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.formdef.types import invoice_identity
from kcdesk.formdef.types.number_types import NumberType
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, field
from kcdesk.services.invoices.contract_lines import ENOUGH, likeness
from kcdesk.services.invoices.invoice import Invoice, InvoiceLine

VOUCHER = "voucher"  # the key of the row of the whole invoice
MACHINES, VOUCHERS = "machines", "vouchers"


class OfferedRow(Value):
    """A row that an invoice offers: by column what it says and what stands there; `row` is "" for a new row.

    `contracted`, by column of the machines: what the contract says of the same machine.
    """

    key: str  # the line of the invoice from 1, or VOUCHER
    table: str
    row: str
    title: str
    values: Mapping[str, Any]
    present: Mapping[str, Any] = field(default_factory=dict)
    contracted: Mapping[str, Any] = field(default_factory=dict)

    @property
    def changes(self) -> dict[str, Any]:
        """The columns in which the invoice says something else than what stands there."""
        return {name: value for name, value in self.values.items() if self.present.get(name) != value}


def offered_rows(invoice: Invoice, record: Record, *, with_tax: bool = False) -> list[OfferedRow]:
    """The rows that an invoice offers a record whose form has the columns; `with_tax`: values of machines with tax."""
    rows = list(_machines(invoice, record, with_tax)) if _takes(record, MACHINES) else []
    return [*rows, *_vouchers(invoice, record)] if _takes(record, VOUCHERS) else rows


def _takes(record: Record, table: str) -> bool:
    """Whether a record shows a table with the columns of an invoice."""
    form = record.form.by_name.get(table)
    has_columns = form is not None and any(column.name == invoice_identity.SELLER_CODE for column in form.columns)
    return has_columns and record.is_visible(table)


def _machines(invoice: Invoice, record: Record, with_tax: bool) -> Iterator[OfferedRow]:
    waiting = record.rows(MACHINES)
    for place, line in enumerate(invoice.lines, start=1):
        if not line.counts:
            continue
        row = _row_of(waiting, line, invoice)
        if row is not None:
            waiting.remove(row)
        present = row or {}
        values = _machine_values(invoice, line, with_tax) | _of_seller(invoice)
        kept = {name: value for name, value in values.items() if name != "name" or not present.get("name")}
        yield OfferedRow(
            str(place),
            MACHINES,
            str(present.get("id", "")),
            line.name,
            _readable(record.form.by_name[MACHINES], kept),
            present,
            {name: present[name] for name in present if name.startswith("contracted_")},
        )


def _machine_values(invoice: Invoice, line: InvoiceLine, with_tax: bool) -> dict[str, Any]:
    amount = None if line.amount is None else line.amount + (line.tax if with_tax else Decimal(0))
    money = {"unit_price": line.price, "value": amount} if invoice.is_in_dong else {}
    return {
        "name": line.name,
        "quantity": line.quantity,
        **money,
        "invoice": invoice.identity.written,
        "invoiced_on": invoice.dated,
    }


def _row_of(rows: list[dict[str, Any]], line: InvoiceLine, invoice: Invoice) -> dict[str, Any] | None:
    """The row about the same machine: one that names this invoice, or none yet."""
    scored: list[tuple[float, int, dict[str, Any]]] = []
    for row in rows:
        own = invoice_identity.identity(
            row.get("invoice"), row.get(invoice_identity.SELLER_CODE), row.get("invoiced_on")
        )
        score = max((likeness(name, line.name) for name in _names_of(row)), default=0.0)
        if score >= ENOUGH and (own is None or own.is_same(invoice.identity)):
            scored.append((score + (own is not None), -len(scored), row))
    return max(scored, key=lambda entry: entry[:2])[2] if scored else None


def _names_of(row: Mapping[str, Any]) -> Iterator[str]:
    """What the machine of a row is called, as found and as contracted, each also with its model."""
    for prefix in ("", "contracted_"):
        if name := row.get(f"{prefix}name"):
            yield str(name)
            yield f"{name} {row.get(f'{prefix}model') or ''}"


def _vouchers(invoice: Invoice, record: Record) -> Iterator[OfferedRow]:
    table = record.form.by_name[VOUCHERS]
    days = [column.name for column in table.columns if column.name in invoice_identity.ROWS[VOUCHERS][1]]
    names = list(dict.fromkeys(line.name for line in invoice.goods))
    values: dict[str, Any] = {
        "number": invoice.identity.written,
        **dict.fromkeys(days, invoice.dated),
        "content": "; ".join(names),
        "amount": invoice.total if invoice.is_in_dong else None,
        **_of_seller(invoice),
    }
    present = _same_voucher(record, invoice)
    if present.get("content"):
        del values["content"]
    if "item" in {column.name for column in table.columns} and not present.get("item"):
        items = [row.get("item") for row in record.rows("budget")]
        values |= {"item": items[0]} if len(items) == 1 else {}
    yield OfferedRow(
        VOUCHER, VOUCHERS, str(present.get("id", "")), f"Cả {invoice.label}", _readable(table, values), present
    )


def _same_voucher(record: Record, invoice: Invoice) -> dict[str, Any]:
    named = dict(invoice_identity.identities({VOUCHERS: record.rows(VOUCHERS)}))
    ids = {path.split("/")[1] for path, own in named.items() if own.is_same(invoice.identity)}
    return next((row for row in record.rows(VOUCHERS) if row["id"] in ids), {})


def _of_seller(invoice: Invoice) -> dict[str, Any]:
    return {
        "seller": invoice.seller.name,
        invoice_identity.SELLER_CODE: invoice.seller.tax_code,
        "signature": invoice.signature_state,
    }


def _readable(table: Field, values: Mapping[str, Any]) -> dict[str, Any]:
    """The stored values that the columns can hold; what is empty or refused is left out."""
    columns = {column.name: column for column in table.columns}
    stored: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or value == "" or name not in columns:
            continue
        column = columns[name]
        kind = type_of(column)
        if isinstance(value, Decimal):
            value = kind.from_number(value) if isinstance(kind, NumberType) else str(value)
        elif column.max_length and isinstance(value, str):
            value = value[: column.max_length]
        if not isinstance(value, str) and kind.refusal(value, column):
            continue  # a negative amount of an adjusting invoice
        stored[name] = value
    return stored
