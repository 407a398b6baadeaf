"""An invoice held against a dossier: sums, signature, buyer, days and prices of the contract, other dossiers.

Nothing of it refuses an invoice: an officer reads the findings and decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from kcdesk import moments
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.invoices import repeated, sums
from kcdesk.services.invoices.contract_lines import ContractLine, contract_lines, line_of
from kcdesk.services.invoices.invoice import (
    ADJUSTING,
    ALTERED,
    REPLACING,
    UNCLEAR,
    UNKNOWN_KEY,
    UNSIGNED,
    Invoice,
    InvoiceSignature,
)
from kcdesk.services.records.copying import linked
from kcdesk.services.rules.earlier_support import beneficiaries_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.similar_names import bare_name
from kcdesk.text import format_date


class InvoiceFinding(Value):
    """Something to look at before an invoice is taken in; `line` is a line of the invoice from 1, 0 for the whole."""

    code: str
    message: str
    line: int = 0
    other: str = ""  # id of another dossier

    def as_json(self) -> dict[str, Any]:
        """{"code", "message", "line", "record"}."""
        return {"code": self.code, "message": self.message, "line": self.line, "record": self.other}


def findings(workspace: Workspace, invoice: Invoice, record: Record | None = None) -> list[InvoiceFinding]:
    """Everything to look at; without a record, what the invoice says alone and where else it stands."""
    listed = [*_of_signatures(invoice), *_of_relation(invoice), *_of_reading(workspace, invoice)]
    listed += [InvoiceFinding(fault.code, fault.sentence, fault.line) for fault in sums.sum_faults(invoice)]
    if record is not None:
        listed += [*_of_buyer(workspace, invoice, record), *_of_days(workspace, invoice, record)]
        listed += _of_prices(workspace, invoice, record)
    places = repeated.places_of(workspace, invoice.identity, record)
    return listed + [InvoiceFinding("repeated", place.sentence, other=place.other) for place in places]


# -- the signature -----------------------------------------------------------------------------------------------


def signature_words(invoice: Invoice) -> str:
    """What is known of the signature in one sentence, honest about what is not checked."""
    state, signature = invoice.signature_state, invoice.sellers_signature
    if state == UNSIGNED or signature is None:
        return "Tệp không có chữ ký số của bên bán nên không biết nội dung có bị sửa không."
    who = signature.signer or "không rõ"
    code = f" (mã số thuế {signature.tax_code})" if signature.tax_code else ""
    at = f", ký lúc {_moment(signature.signed_at)} theo đồng hồ máy ký" if signature.signed_at else ""
    if at and not signature.time_is_signed:
        at += " (giờ này không được chữ ký bảo vệ)"
    if state == ALTERED:
        return f"CHỮ KÝ KHÔNG KHỚP: {_reason_of(invoice)}. Người ký theo chứng thư: {who}{code}{at}."
    if state in (UNCLEAR, UNKNOWN_KEY):
        return f"Không biết ai ký: {signature.reason or 'không kiểm tra được chữ ký'}."
    weak = f" Thuật toán yếu: {signature.weak}." if signature.weak else ""
    return f"Chữ ký còn nguyên, người ký theo chứng thư: {who}{code}{at}; chưa đối chiếu với cơ quan thuế.{weak}"


def _reason_of(invoice: Invoice) -> str:
    broken = next(signature for signature in invoice.signatures if signature.state == ALTERED)
    place = "chữ ký của cơ quan thuế: " if broken.place == "CQT" else ""
    return f"{place}{broken.reason}"


def _of_signatures(invoice: Invoice) -> Iterator[InvoiceFinding]:
    state, signature = invoice.signature_state, invoice.sellers_signature
    codes = {
        ALTERED: "signature_altered",
        UNCLEAR: "signature_unclear",
        UNKNOWN_KEY: "unknown_key",
        UNSIGNED: "unsigned",
    }
    if state in codes:
        yield InvoiceFinding(codes[state], signature_words(invoice))
    if signature is None:
        return
    if signature.weak:
        yield InvoiceFinding(
            "weak_digest",
            f"Chữ ký dùng {signature.weak}, ngày nay làm giả được: hãy tra cứu hóa đơn trên cổng của cơ quan thuế.",
        )
    if signature.tax_code and not _same_code(signature.tax_code, invoice.seller.tax_code):
        yield InvoiceFinding(
            "other_signer",
            f"Người ký là {signature.signer} (mã số thuế {signature.tax_code}), không phải bên bán ghi trên hóa đơn"
            f" ({invoice.seller.tax_code or 'không ghi mã số thuế'}).",
        )
    elif signature.signer and not signature.tax_code:
        yield InvoiceFinding(
            "other_signer", f"Chứng thư của người ký «{signature.signer}» không ghi mã số thuế để so với bên bán."
        )
    yield from _of_certificate(signature, invoice)


def _of_certificate(signature: InvoiceSignature, invoice: Invoice) -> Iterator[InvoiceFinding]:
    times = {"lúc ký": signature.signed_at}
    if not signature.time_is_signed:
        times["vào ngày hóa đơn"] = f"{invoice.dated}T12:00:00" if invoice.dated else ""
    for when, at in times.items():
        if at and signature.valid_to and not signature.valid_from <= at <= signature.valid_to:
            yield InvoiceFinding(
                "certificate_not_valid",
                f"Chứng thư của người ký không có hiệu lực {when} ({_moment(at)}): có hiệu lực từ"
                f" {_moment(signature.valid_from)} đến {_moment(signature.valid_to)}.",
            )
            return


# -- what the invoice says of itself -----------------------------------------------------------------------------


def _of_relation(invoice: Invoice) -> Iterator[InvoiceFinding]:
    if not invoice.relation:
        return
    which = f" hóa đơn {invoice.related}" if invoice.related else " hóa đơn khác"
    verbs = {REPLACING: ("replacing", "thay thế"), ADJUSTING: ("adjusting", "điều chỉnh")}
    code, verb = verbs.get(invoice.relation, ("related", "có liên quan đến"))
    advice = {
        "replacing": "hóa đơn bị thay thế không còn dùng được, hãy bỏ nếu đã ghi.",
        "adjusting": "chỉ là phần chênh lệch, phải xem cùng hóa đơn gốc.",
    }.get(code, "hãy xem cả hóa đơn đó.")
    yield InvoiceFinding(code, f"Hóa đơn này {verb}{which}: {advice}")


def _of_reading(workspace: Workspace, invoice: Invoice) -> Iterator[InvoiceFinding]:
    missing = [
        label
        for label, value in (
            ("mã số thuế bên bán", invoice.seller.tax_code),
            ("ký hiệu", invoice.symbol),
            ("số hóa đơn", invoice.number),
            ("ngày lập", invoice.dated),
            ("tổng thanh toán", invoice.total is not None),
        )
        if not value
    ]
    if missing:
        yield InvoiceFinding("missing_part", f"Hóa đơn thiếu hoặc không đọc được: {', '.join(missing)}.")
    if invoice.unread:
        yield InvoiceFinding("unread_number", f"Không đọc được: {'; '.join(invoice.unread[:5])}.")
    if not invoice.is_in_dong:
        rate = f", tỷ giá {invoice.rate}" if invoice.rate else ""
        yield InvoiceFinding(
            "currency", f"Hóa đơn tính bằng {invoice.currency}{rate}, không phải đồng: số tiền phải tự ghi bằng đồng."
        )
    if invoice.dated and date.fromisoformat(invoice.dated) > workspace.today():
        yield InvoiceFinding("future_day", f"Ngày hóa đơn {_day(invoice.dated)} sau ngày hôm nay.")


# -- against the dossier -----------------------------------------------------------------------------------------


def _of_buyer(workspace: Workspace, invoice: Invoice, record: Record) -> Iterator[InvoiceFinding]:
    expected = list(_buyers(workspace, record))
    if not expected or any(_is_buyer(invoice, name, codes) for name, codes in expected):
        return
    named = [_named(name, sorted(codes)) for name, codes in expected if name][:4]
    buyer = _named(invoice.buyer.name or "không ghi tên", [code for code in (invoice.buyer.tax_code,) if code])
    yield InvoiceFinding("other_buyer", f"Bên mua trên hóa đơn là {buyer}, không phải {'; '.join(named)}.")


def _named(name: str, codes: list[str]) -> str:
    return f"«{name}» (mã số {', '.join(codes)})" if codes else f"«{name}»"


def _buyers(workspace: Workspace, record: Record) -> Iterator[tuple[str, set[str]]]:
    """Who may have bought: name, and tax codes and citizen ids, former ones too."""
    contract, proposal = linked(workspace, record, "contract"), linked(workspace, record, "proposal")
    own = [source.value("beneficiary") for source in (record, contract) if source and _has(source, "beneficiary")]
    ids = [id_ for id_ in own if id_][:1] or (beneficiaries_of(proposal) if proposal else [])
    for id_ in ids:
        stored = workspace.store.get(str(id_))
        former = [value for value in workspace.store.former(stored) if value.path in ("tax_code", "citizen_id")]
        codes = {str(stored.data.get(name) or "") for name in ("tax_code", "citizen_id")}
        yield str(stored.data.get("name") or ""), (codes | {str(value.value) for value in former}) - {""}
    if record.kind != "acceptance":  # the unit that carries the proposal out buys as well
        yield workspace.identity.unit.name, set()
        yield from ((str(name), set()) for name in [proposal.value("implementing_unit") if proposal else ""] if name)


def _has(source: Record, name: str) -> bool:
    return name in source.form.by_name


def _is_buyer(invoice: Invoice, name: str, codes: set[str]) -> bool:
    given = [code for code in (invoice.buyer.tax_code, invoice.buyer.citizen_id) if code]
    if codes and given:
        return any(_same_code(own, code) for own in codes for code in given)
    return bare_name(invoice.buyer.name) == bare_name(name)


def _same_code(first: str, second: str) -> bool:
    """Whether two tax codes are of one taxpayer: a branch has three digits more, the id of a citizen has twelve."""
    digits = ["".join(filter(str.isdigit, code)) for code in (first, second)]
    return bool(digits[0]) and (
        digits[0] == digits[1] or (12 not in map(len, digits) and digits[0][:10] == digits[1][:10])
    )


def _of_days(workspace: Workspace, invoice: Invoice, record: Record) -> Iterator[InvoiceFinding]:
    contract = linked(workspace, record, "contract")
    if contract is None or not invoice.dated:
        return
    signed = str(contract.value("signed_on") or "")
    annexes = [str(row.get("new_due_on") or "") for row in contract.rows("annexes")]
    due = max([str(contract.value("due_on") or ""), *annexes])
    title = contract.title()
    if signed and invoice.dated < signed:
        yield InvoiceFinding(
            "before_contract",
            f"Ngày hóa đơn {_day(invoice.dated)} trước ngày ký hợp đồng «{title}» ({_day(signed)}).",
        )
    if due and invoice.dated > due:
        yield InvoiceFinding(
            "after_contract", f"Ngày hóa đơn {_day(invoice.dated)} sau ngày hợp đồng «{title}» hết hạn ({_day(due)})."
        )


def _of_prices(workspace: Workspace, invoice: Invoice, record: Record) -> Iterator[InvoiceFinding]:
    contracted = contract_lines(workspace, record)
    for place, line in enumerate(invoice.lines, start=1):
        row = line_of(contracted, line.name) if line.counts else None
        if row is None or row.price is None or line.price is None:
            continue
        with_tax = line.price * (1 + (line.percent or Decimal(0)) / 100)
        if line.price > row.price or with_tax > row.price:
            yield InvoiceFinding("price_above", _price_words(line.name, line.price, with_tax, row), place)


def _price_words(name: str, price: Decimal, with_tax: Decimal, row: ContractLine) -> str:
    contracted = sums.amount_words(row.price or Decimal(0))
    if price > (row.price or 0):
        return f"«{name}»: đơn giá {sums.amount_words(price)} cao hơn đơn giá hợp đồng {contracted} («{row.name}»)."
    taxed = sums.amount_words(with_tax.quantize(Decimal(1)))
    return (
        f"«{name}»: đơn giá {sums.amount_words(price)} chưa thuế, {taxed} có thuế;"
        f" hợp đồng ghi {contracted}: hãy xem giá hợp đồng có gồm thuế không."
    )


def _day(iso: str) -> str:
    return format_date(date.fromisoformat(iso))


def _moment(iso: str) -> str:
    moment = moments.as_written(iso)
    return f"{moment:%H:%M} ngày {format_date(moment.date())}" if "T" in iso else _day(iso)
