"""The same invoice in other dossiers: found by the index of identities, also where a person typed its number.

What one invoice proves may stand in several papers of one proposal (acceptance, payment, settlement), and in a second
visit of the same site; anywhere else it is pointed out, as advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.formdef.types import invoice_identity
from kcdesk.formdef.types.invoice_identity import InvoiceIdentity
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import StoredRecord

_SHOWN = 3  # other dossiers in the list of one invoice
_VOUCHERS = "vouchers"  # the table in which one invoice stands once


class OtherPlace(Value):
    """Where the same invoice stands as well. `path` is where it stands here, `there` where in the other dossier."""

    path: str
    sentence: str
    other: str  # id of the other dossier
    there: str = ""


def repeated_invoices(workspace: Workspace, record: Record) -> list[Problem]:
    """Point out, as advice, every invoice of a record that another dossier has, or that stands here twice."""
    places = [*_twice_here(record)]
    asked: set[InvoiceIdentity] = set()
    for path, invoice in invoice_identity.identities(record.data):
        if invoice not in asked:
            asked.add(invoice)
            places += places_of(workspace, invoice, record, path)
    return [
        Problem(place.path, place.sentence, record=place.other, advice=True, there=place.there)
        if place.other != record.id
        else Problem(place.path, place.sentence, advice=True)
        for place in dict.fromkeys(places)
    ]


def places_of(
    workspace: Workspace, invoice: InvoiceIdentity, record: Record | None, path: str = ""
) -> Iterator[OtherPlace]:
    """The other dossiers that name an invoice and are not expected to, seen from a record."""
    shown = 0
    for other in _candidates(workspace, invoice):
        if record is not None and (other.id == record.id or _is_expected(record, other)):
            continue
        if named := next(
            ((there, its) for there, its in invoice_identity.identities(other.data) if its.is_same(invoice)), None
        ):
            yield OtherPlace(path, _sentence(workspace, invoice, other, named[1]), other.id, named[0])
            shown += 1
        if shown == _SHOWN:
            return


def _candidates(workspace: Workspace, invoice: InvoiceIdentity) -> list[StoredRecord]:
    return workspace.store.naming_invoice(naming_kinds(workspace), list(invoice.index_keys()))


def naming_kinds(workspace: Workspace) -> tuple[str, ...]:
    """The kinds of records that may name invoices."""
    forms = workspace.forms
    return tuple(
        forms.once(
            "naming_invoices",
            lambda: sorted({form.id for form in forms.all if invoice_identity.naming_columns(form.by_name)}),
        )
    )


def _is_expected(record: Record, other: StoredRecord) -> bool:
    """Whether both belong to one proposal and may name the same invoice."""
    proposal = record.data.get("proposal")
    if not proposal or proposal != other.data.get("proposal"):
        return False
    if record.kind != other.kind:
        return True
    sites = [text.fold(str(data.get("site") or "")) for data in (record.data, other.data)]
    return record.kind == "acceptance" and sites[0] == sites[1]


def _twice_here(record: Record) -> Iterator[OtherPlace]:
    seen: list[InvoiceIdentity] = []
    for path, invoice in invoice_identity.identities(record.data):
        if not path.startswith(f"{_VOUCHERS}/"):
            continue
        if any(invoice.is_same(other) for other in seen):
            yield OtherPlace(path, f"Hóa đơn {invoice.written} ghi hai lần trong bảng chứng từ này.", record.id)
        seen.append(invoice)


def _sentence(workspace: Workspace, invoice: InvoiceIdentity, other: StoredRecord, its: InvoiceIdentity) -> str:
    label = workspace.forms.by_reference(other.form).label
    title = other.record(workspace.forms).title()
    proposal = reading.title_of(workspace, str(other.data.get("proposal", "")))
    is_sure = invoice.is_whole and its.is_whole
    seller = f" của mã số thuế {invoice.tax_code}" if invoice.tax_code else ""
    verb = "đã có" if is_sure else "có thể đã có"
    return f"Hóa đơn {invoice.written}{seller} {verb} ở {label} «{title}», đề án «{proposal}»."
