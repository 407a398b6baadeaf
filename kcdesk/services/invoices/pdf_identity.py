"""The identity of an invoice in the text of a PDF, whose signature is not read here."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kcdesk.formdef.record import Record
from kcdesk.formdef.types import invoice_identity
from kcdesk.formdef.types.invoice_identity import InvoiceIdentity, identity_of
from kcdesk.services.invoices import repeated
from kcdesk.services.invoices.comparing import InvoiceFinding
from kcdesk.services.workspace import Workspace
from kcdesk.text import fold

_SYMBOL = re.compile(r"(?<![a-z0-9])([1-9]?)\s?([ck][0-9]{2}[a-z]{3})(?![a-z0-9])")
_TAX_CODE = re.compile(  # only behind its label: telephones have ten digits too
    r"(?:ma so thue|mst|tax code)[^0-9]{0,25}((?:[0-9] ?){10}(?:- ?(?:[0-9] ?){3})?)(?![0-9])"
)
_NUMBER = re.compile(r"(?<![a-z])(?:so|no)(?: hoa don)?\s*(?:\([a-z. ]*\))?\s*[.:]*\s*([0-9]{1,8})(?![0-9/.])")
_MOST = 4  # of each part


def findings(workspace: Workspace, text: str, record: Record | None) -> Iterator[InvoiceFinding]:
    """What the text of a PDF says of its invoice: found or not, in which rows of the dossier, and where else."""
    known = identities_in(text)
    if not text.strip():
        yield InvoiceFinding("no_text", "PDF là ảnh chụp, không có chữ để tìm số hóa đơn; hãy xin tệp XML.")
        return
    yield InvoiceFinding(
        "unsigned", "PDF chỉ để xem: chương trình không kiểm tra chữ ký trong PDF, hãy xin tệp XML của hóa đơn."
    )
    if not known:
        yield InvoiceFinding("no_identity", "Không tìm thấy ký hiệu và số hóa đơn trong chữ của PDF.")
    else:
        names = "; ".join(dict.fromkeys(f"{named.written}" for named in known))
        yield InvoiceFinding("identity", f"Trong PDF có hóa đơn {names}.")
    if record is not None and known:
        own = [its for _path, its in invoice_identity.identities(record.data)]
        if not any(its.is_same(named) for its in own for named in known):
            yield InvoiceFinding("not_listed", "Hồ sơ chưa có dòng nào ghi hóa đơn này.")
    seen: set[str] = set()
    for named in known:
        for place in repeated.places_of(workspace, named, record):
            if place.other not in seen:
                seen.add(place.other)
                yield InvoiceFinding("repeated", place.sentence, other=place.other)


def identities_in(text: str) -> list[InvoiceIdentity]:
    """The invoices that a text may be of: every symbol with every number and tax code in it."""
    folded = fold(text)
    symbols = list(dict.fromkeys(_SYMBOL.findall(folded)))[:_MOST]
    numbers = list(dict.fromkeys(number for number in _NUMBER.findall(folded) if number.strip("0")))[:_MOST]
    codes = list(dict.fromkeys(re.sub(r"[^0-9]", "", code) for code in _TAX_CODE.findall(folded)))
    return [
        identity_of(code, form, symbol, number)
        for form, symbol in symbols
        for number in numbers
        for code in (codes[:1] or [""])  # the seller stands first
    ]
