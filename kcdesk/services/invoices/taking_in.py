"""Taking an invoice into a dossier: only the rows that an officer has agreed to, and the file as evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef import record_values
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.invoices import comparing, pdf_identity
from kcdesk.services.invoices.comparing import InvoiceFinding
from kcdesk.services.invoices.invoice import Invoice, InvoiceSignature
from kcdesk.services.invoices.offered_rows import MACHINES, VOUCHERS, OfferedRow, offered_rows
from kcdesk.services.invoices.opened_files import OpenedFile
from kcdesk.services.records import permissions, prefill, renewal
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

FILES = "invoice_files"


class ReadInvoice(Value):
    """An invoice beside a dossier: what to look at, and the rows that it offers."""

    file: OpenedFile
    findings: tuple[InvoiceFinding, ...]
    rows: tuple[OfferedRow, ...]
    with_tax: bool = False  # whether the values of machines are with tax

    @property
    def invoice(self) -> Invoice | None:
        """The invoice; None for a PDF."""
        return self.file.invoice


def beside(
    workspace: Workspace, files: Sequence[OpenedFile], record_id: str = "", *, with_tax: bool = False
) -> list[ReadInvoice]:
    """The invoices of a file beside a dossier, or alone. UserError if the dossier takes no invoices."""
    record = taking_record(workspace, record_id) if record_id else None
    return [_read(workspace, file, record, with_tax) for file in files]


def _read(workspace: Workspace, file: OpenedFile, record: Record | None, with_tax: bool) -> ReadInvoice:
    if file.invoice is None:
        return ReadInvoice(file, tuple(pdf_identity.findings(workspace, file.text, record)), ())
    rows = offered_rows(file.invoice, record, with_tax=with_tax) if record else []
    return ReadInvoice(file, tuple(comparing.findings(workspace, file.invoice, record)), tuple(rows), with_tax)


def taking_record(workspace: Workspace, record_id: str) -> Record:
    """The dossier in a version of its form that takes invoices; UserError if it takes none, or may not be changed."""
    stored = permissions.living(workspace, record_id)
    record = renewal.renewed_for(workspace, stored, FILES)
    if FILES not in record.form.by_name:
        raise UserError(
            f"{stored.form.label} «{stored.title()}» không nhận hóa đơn điện tử.",
            code="takes_no_invoice",
            hint="Hãy chọn biên bản nghiệm thu, hồ sơ quyết toán hoặc lần tạm ứng, thanh toán.",
        )
    permissions.refuse_unless_editable(workspace, record, FILES)
    return record


def take_in(workspace: Workspace, record_id: str, read: ReadInvoice, keys: Collection[str]) -> Changes:
    """Write the agreed rows and keep the file, in one act; with no key only the file. UserError for an unknown key."""
    record = taking_record(workspace, record_id)
    rows = offered_rows(read.invoice, record, with_tax=read.with_tax) if read.invoice else []  # as it stands now
    chosen = [row for row in rows if row.key in keys]
    if unknown := sorted(set(keys) - {row.key for row in rows}):
        raise UserError(
            f"Hóa đơn không có dòng {', '.join(unknown)}.",
            code="unknown_line",
            hint=f"Các dòng có thể lấy: {', '.join(row.key for row in rows) or 'không có'}.",
        )
    before = record_values.copied(record.data)
    for row in chosen:
        _put(record, row)
    if _is_new(record, read.file):
        file = workspace.store.files.add(read.file.content, read.file.name)
        record.set(FILES, [*(record.value(FILES) or []), file | {"caption": _caption(read)}])
    changes = record_values.differences(before, record.data, (MACHINES, VOUCHERS))
    if not changes:
        raise UserError("Hồ sơ đã có đủ những gì hóa đơn này ghi.", code="nothing_to_take")
    changes |= prefill.follow(workspace, record, changes)
    with workspace.store.act(_action(read, chosen), record=record_id) as act:
        act.update(record_id, changes, record.form.reference)
    return act.changes


def _is_new(record: Record, opened: OpenedFile) -> bool:
    """Whether the dossier does not have the file yet."""
    sha256 = hashlib.sha256(opened.content).hexdigest()
    return all(known["sha256"] != sha256 for known in record.value(FILES) or ())


def _put(record: Record, row: OfferedRow) -> None:
    if row.row:
        record.apply({f"{row.table}/{row.row}/{name}": value for name, value in row.changes.items()})
    else:
        record.add_row(row.table, dict(row.values))


def _caption(read: ReadInvoice) -> str:
    if read.invoice is None:
        return ""
    label = read.invoice.label
    return f"{label[0].upper()}{label[1:]}, {read.invoice.seller.name}"[:300]


def _action(read: ReadInvoice, chosen: Sequence[OfferedRow]) -> str:
    what = read.invoice.label if read.invoice else f"tệp hóa đơn {read.file.name}"
    return f"Lấy {len(chosen)} dòng từ {what}" if chosen else f"Đính kèm {what}"


def read_as_json(read: ReadInvoice) -> dict[str, Any]:
    """The invoice, its signature, findings and offered rows, as the command line prints them."""
    invoice = read.invoice
    known = _invoice_as_json(invoice) if invoice else {"file": read.file.name}
    return {
        **known,
        "findings": [finding.as_json() for finding in read.findings],
        "rows": [
            {
                "key": row.key,
                "table": row.table,
                "row": row.row,
                "title": row.title,
                "values": dict(row.values),
                "present": {name: row.present.get(name) for name in row.values},
                "contracted": dict(row.contracted),
            }
            for row in read.rows
        ],
    }


def _invoice_as_json(invoice: Invoice) -> dict[str, Any]:
    identity = invoice.identity
    return {
        "file": invoice.file,
        "identity": {
            "tax_code": identity.tax_code,
            "form": identity.form,
            "symbol": identity.symbol.upper(),
            "number": identity.number,
        },
        "date": invoice.dated,
        "currency": invoice.currency or "VND",
        "seller": {"name": invoice.seller.name, "tax_code": invoice.seller.tax_code},
        "buyer": {"name": invoice.buyer.name, "tax_code": invoice.buyer.tax_code},
        "lines": [
            {
                "line": place,
                "name": line.name,
                "unit": line.unit,
                "quantity": _plain(line.quantity),
                "price": _plain(line.price),
                "amount": _plain(line.amount),
                "rate": line.rate,
            }
            for place, line in enumerate(invoice.lines, start=1)
        ],
        "before_tax": _plain(invoice.before_tax),
        "tax": _plain(invoice.tax),
        "total": _plain(invoice.total),
        "signature": {
            "state": invoice.signature_state,
            "sentence": comparing.signature_words(invoice),
            "signatures": [_signature_as_json(signature) for signature in invoice.signatures],
        },
    }


def _signature_as_json(signature: InvoiceSignature) -> dict[str, Any]:
    return asdict(signature)


def _plain(number: Any) -> int | str | None:
    if number is None:
        return None
    return int(number) if number == number.to_integral_value() else str(number)
