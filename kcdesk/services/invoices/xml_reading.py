"""What the worker process does with the file of an invoice: unpack, parse, verify, read.

Elements are known by their local names, because producers use other namespaces or none. Where a signature covers the
data, they are read from what was signed, not from what stands in the file.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO
from typing import Any

from lxml import etree

from kcdesk import notations
from kcdesk.bounded import limits
from kcdesk.bounded.markup import MarkupCheck, UnsafeMarkupError, refuse_unsafe_markup
from kcdesk.bounded.serving import NextStep
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import asdict, replace
from kcdesk.services.invoices import signatures, sums
from kcdesk.services.invoices.invoice import Invoice, InvoiceLine, Party, TaxedSum
from kcdesk.services.invoices.written_numbers import marks, number

_ROOTS = ("HDon", "TDiep", "DLieu", "DSHDon")
_NUMBERS = ("SLuong", "DGia", "TLCKhau", "STCKhau", "ThTien", "TThue", "TgTCThue", "TgTThue", "TTCKTMai", "TPhi")
_TOTALS = ("TgTTTBSo",)
_OTHERS = {  # documents of the same producers that are no invoices
    "TBao": "thông báo hóa đơn có sai sót (mẫu 04/SS-HĐĐT)",
    "TKhai": "tờ khai đăng ký sử dụng hóa đơn",
    "BTHDLieu": "bảng tổng hợp dữ liệu hóa đơn",
    "CTu": "chứng từ khấu trừ thuế",
}
_DECLARED = re.compile(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_Parts = Mapping[str, etree._Element]  # of an element, by local name
_LONGEST = 500  # letters; the format allows no longer text
_ADVICE = "Hãy chọn tệp XML gốc của hóa đơn, tải từ thư điện tử của bên bán hoặc trang tra cứu."


def read_job(given: Mapping[str, Any], contents: Sequence[bytes], step: NextStep) -> tuple[list[Any], list[bytes]]:
    """The invoices of an XML file or of a ZIP as {"file", "part", "invoice"}, and the content of each part.

    UserError for another file, and for one that has more than invoices have.
    """
    parts: list[tuple[str, bytes]] = list(_parts(given["name"], contents[0]))
    job, values = _Job(), []
    for place, (name, content) in enumerate(parts):
        step(place, len(parts))
        for invoice in job.invoices(name, content):
            values.append({"file": name, "part": place, "invoice": _plain(invoice)})
    if not values:
        raise _no_invoice("Tệp nén không có hóa đơn XML nào.")
    return values, [content for _, content in parts]


# -- the file ----------------------------------------------------------------------------------------------------


def _parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each XML file."""
    if not content.startswith(b"PK\x03\x04"):
        yield name, content
        return
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            yield from _members(archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        is_locked = isinstance(error, RuntimeError) and "password" in str(error)
        raise UserError(
            "Tệp nén có mật khẩu nên không đọc được." if is_locked else "Tệp nén hỏng nên không đọc được.",
            code="invoice_unreadable",
            hint="Hãy giải nén rồi chọn tệp XML bên trong." if is_locked else _ADVICE,
        ) from error


def _members(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    members = archive.infolist()
    if len(members) > limits.INVOICE.parts:
        raise limits.INVOICE.refusal("parts")
    xml = [member for member in members if member.filename.lower().endswith(".xml") and not _is_of_mac(member)]
    if sum(member.file_size for member in xml) > limits.INVOICE.unpacked:
        raise limits.INVOICE.refusal("unpacked")
    left = limits.INVOICE.unpacked
    for member in xml:
        with archive.open(member) as part:
            content = part.read(left + 1)  # what the directory says of the size may be wrong
        left -= len(content)
        if left < 0:
            raise limits.INVOICE.refusal("unpacked")
        yield member.filename.replace("\\", "/").rpartition("/")[2], content


def _is_of_mac(member: zipfile.ZipInfo) -> bool:
    """Whether macOS has put a member beside that of the same name: «__MACOSX/._hoa-don.xml»."""
    return member.filename.rpartition("/")[2].startswith("._")


class _Job:
    """Reads the parts of one file, and counts what they have together."""

    def __init__(self) -> None:
        self._check = MarkupCheck(limits.INVOICE.nodes)
        self._work = signatures.SignatureWork()
        self._invoices = self._lines = 0

    def invoices(self, name: str, content: bytes) -> Iterator[Invoice]:
        """The invoices of an XML; UserError for another one, and if there is too much in it."""
        root = _root(content, self._check)
        if _local(root) not in _ROOTS:
            raise _other_root(root)
        invoices = [element for element in root.iter(etree.Element) if _local(element) == "HDon" and _is_outer(element)]
        self._count(root, len(invoices))
        if not invoices:
            raise _no_invoice("Tệp XML là thông điệp không kèm hóa đơn nào.")
        for place, element in enumerate(invoices, start=1):
            own = name if len(invoices) == 1 else f"{name} ({place})"
            yield _invoice(own, element, self._work)

    def _count(self, root: etree._Element, invoices: int) -> None:
        self._invoices += invoices
        self._lines += sum(1 for element in root.iter(etree.Element) if _local(element) == "HHDVu")
        if self._invoices > limits.INVOICE.count:
            raise limits.INVOICE.refusal("count")
        if self._lines > limits.INVOICE_XML.count:
            raise limits.INVOICE_XML.refusal("count")


def _is_outer(element: etree._Element) -> bool:
    """Whether an element lies in no other invoice: what is wrapped into a signature is none of its own."""
    return all(_local(outer) != "HDon" for outer in element.iterancestors())


def _root(content: bytes, check: MarkupCheck) -> etree._Element:
    """The root of the XML; UserError for what is too large, too deep, unsafe or no XML. `check` counts all parts."""
    if len(content) > limits.INVOICE_XML.bytes:
        raise limits.INVOICE_XML.refusal("bytes")
    content = _as_utf8(content)
    if not content.lstrip().startswith(b"<"):
        raise _no_xml()
    try:
        refuse_unsafe_markup(content, limits.INVOICE_XML.nodes)
        check.begin()
        check.add(content)
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except UnsafeMarkupError as error:
        if str(error) == "nodes":
            raise limits.INVOICE.refusal("nodes") from error
        raise UserError(
            "Tệp XML có khai báo kiểu tài liệu hoặc thực thể (DOCTYPE, ENTITY), hóa đơn thật không có.",
            code="invoice_unsafe",
            hint="Không mở tệp này; hãy xin bên bán gửi lại tệp gốc.",
        ) from error
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _no_xml() from error
    _refuse_depth(root)
    return root


def _no_xml() -> UserError:
    return UserError("Tệp không phải là XML hoặc đã hỏng nên không đọc được.", code="invoice_unreadable", hint=_ADVICE)


def _as_utf8(content: bytes) -> bytes:
    """The XML in UTF-8: some programs write UTF-16, others declare it and write UTF-8. Signatures do not count that."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = content.decode("utf-16")
        elif (declared := _DECLARED.match(content)) and declared[1].lower().startswith(b"utf-16"):
            text = content.decode("utf-8-sig")
        else:
            return content.removeprefix(b"\xef\xbb\xbf")
    except UnicodeDecodeError:
        return content
    return _DECLARATION.sub("", text, count=1).encode()


def _refuse_depth(root: etree._Element) -> None:
    depth = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.INVOICE_XML.depth:
            raise limits.INVOICE_XML.refusal("depth")


def _other_root(root: etree._Element) -> UserError:
    name = _local(root)
    what = _OTHERS.get(name) or f"tài liệu «{name[:40]}»"
    return _no_invoice(f"Tệp XML là {what}, không phải hóa đơn điện tử của Tổng cục Thuế (gốc phải là HDon).")


def _no_invoice(sentence: str) -> UserError:
    return UserError(sentence, code="not_an_invoice", hint=_ADVICE)


# -- the invoice -------------------------------------------------------------------------------------------------


def _invoice(name: str, element: etree._Element, work: signatures.SignatureWork) -> Invoice:
    data = _child(element, "DLHDon")
    if data is None or _child(data, "TTChung") is None or _child(data, "NDHDon") is None:
        raise UserError(
            "Tệp XML có gốc HDon nhưng thiếu phần dữ liệu hóa đơn (DLHDon, TTChung, NDHDon).",
            code="not_an_invoice",
            hint=_ADVICE,
        )
    checked = signatures.verified(element, data, work)
    read = _read(name, checked.data)
    code = _text(_by_name(element), "MCCQT") or _text(_by_name(checked.data), "MCCQT")
    return replace(read, signatures=tuple(checked.signatures), tax_office_code=code)


def _read(name: str, data: etree._Element) -> Invoice:
    """The invoice in the data; of two ways to read its numbers, the one with which
    sums add up and amounts are whole."""
    written = [_shortened(part) for part in data.iter(etree.Element) if _local(part) in (*_NUMBERS, *_TOTALS)]
    ways = [_with_mark(name, data, mark) for mark in marks(written)]
    return min(ways, key=_oddities)  # the first of equals: that of the format


def _oddities(invoice: Invoice) -> int:
    """How much speaks against a way of reading: sums that do not add up, parts of a đồng."""
    amounts = (invoice.before_tax, invoice.tax, invoice.total) if invoice.is_in_dong else ()
    parts = sum(1 for amount in amounts if amount is not None and amount != amount.to_integral_value())
    return len(sums.sum_faults(invoice)) + parts


def _with_mark(name: str, data: etree._Element, mark: str) -> Invoice:
    reader = _Reader(mark)
    body = _needed(data, "NDHDon")
    general, content = _by_name(_needed(data, "TTChung")), _by_name(body)
    sums_of_all = content.get("TToan")
    totals = _by_name(sums_of_all)
    relation, words = _relation(_by_name(general.get("TTHDLQuan")))
    lines = content.get("DSHHDVu", body)
    rows = [row for row in lines.iterchildren(etree.Element) if _local(row) == "HHDVu"]
    return Invoice(
        file=name,
        title=_text(general, "THDon"),
        form=_text(general, "KHMSHDon"),
        symbol=_text(general, "KHHDon"),
        number=_text(general, "SHDon"),
        dated=reader.day(_text(general, "NLap")),
        currency=_text(general, "DVTTe").upper(),
        rate=_text(general, "TGia"),
        seller=_party(_by_name(content.get("NBan"))),
        buyer=_party(_by_name(content.get("NMua"))),
        lines=tuple(_line(_by_name(row), reader) for row in rows),
        sums=tuple(_taxed_sums(sums_of_all, reader)),
        before_tax=reader.amount(totals, "TgTCThue"),
        tax=reader.amount(totals, "TgTThue"),
        fees=sum((reader.amount(fee, "TPhi") or Decimal(0) for fee in _all(sums_of_all, "LPhi")), Decimal(0)),
        discount=reader.amount(totals, "TTCKTMai") or Decimal(0),
        total=reader.amount(totals, "TgTTTBSo"),
        relation=relation,
        related=words,
        unread=tuple(reader.unread),
    )


class _Reader:
    """Reads numbers and days, and keeps what it cannot read."""

    def __init__(self, mark: str) -> None:
        self._mark = mark
        self.unread: list[str] = []

    def amount(self, parts: _Parts, name: str) -> Decimal | None:
        """A number; None if there is none."""
        written = _text(parts, name)
        if not written:
            return None
        value = number(written, self._mark)
        if value is None:
            self.unread.append(f"{name}: «{written[:40]}»")
        return value

    def day(self, written: str) -> str:
        """A day in ISO; "" if it is none."""
        bare = re.split(r"[T+ ]", written.strip(), maxsplit=1)[0]
        if not bare:
            return ""
        try:
            return notations.parse_date(bare).isoformat()
        except ValueError:
            self.unread.append(f"NLap: «{written[:40]}»")
            return ""


def _line(row: _Parts, reader: _Reader) -> InvoiceLine:
    return InvoiceLine(
        nature=_text(row, "TChat") or "1",
        order=_text(row, "STT"),
        code=_text(row, "MHHDVu"),
        name=_text(row, "THHDVu") or _text(row, "Ten"),
        unit=_text(row, "DVTinh"),
        quantity=reader.amount(row, "SLuong"),
        price=reader.amount(row, "DGia"),
        discount=reader.amount(row, "STCKhau"),
        discount_percent=reader.amount(row, "TLCKhau"),
        amount=reader.amount(row, "ThTien"),
        rate=_text(row, "TSuat"),
    )


def _taxed_sums(totals: etree._Element | None, reader: _Reader) -> Iterator[TaxedSum]:
    for row in _all(totals, "LTSuat"):
        yield TaxedSum(rate=_text(row, "TSuat"), amount=reader.amount(row, "ThTien"), tax=reader.amount(row, "TThue"))


def _party(element: _Parts) -> Party:
    return Party(
        name=_text(element, "Ten") or _text(element, "TenDonVi") or _text(element, "HVTNMHang"),
        tax_code=_text(element, "MST").replace(" ", ""),
        citizen_id=_text(element, "CCCDan") or _text(element, "CCCD"),
        address=_text(element, "DChi"),
    )


def _relation(related: _Parts) -> tuple[str, str]:
    """Whether the invoice replaces or adjusts another one, and which."""
    kind = _text(related, "TCHDon")
    parts = [_text(related, name) for name in ("KHMSHDCLQuan", "KHHDCLQuan", "SHDCLQuan")]
    words = f"{parts[0]}{parts[1]}-{parts[2]}".strip("-")
    if day := _text(related, "NLHDCLQuan"):
        words += f" ngày {day}"
    return kind if words or kind not in ("", "0") else "", words


def _plain(invoice: Invoice) -> dict[str, Any]:
    """The invoice in values of JSON; numbers as text."""
    plain: dict[str, Any] = _texts(asdict(invoice))
    return plain


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _texts(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(part) for part in value]
    return str(value) if isinstance(value, Decimal) else value


# -- elements ----------------------------------------------------------------------------------------------------


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _by_name(element: etree._Element | None) -> _Parts:
    """The first part of each name in an element, found once: a row may have any number of others."""
    parts: dict[str, etree._Element] = {}
    for child in [] if element is None else element.iterchildren(etree.Element):
        parts.setdefault(_local(child), child)
    return parts


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element.iterchildren(etree.Element) if _local(child) == name), None)


def _needed(element: etree._Element, name: str) -> etree._Element:
    child = _child(element, name)
    return child if child is not None else etree.SubElement(element, name)


def _all(element: etree._Element | None, name: str) -> list[_Parts]:
    """The parts of each element of a name, however deep it lies."""
    if element is None:
        return []
    return [_by_name(part) for part in element.iter(etree.Element) if _local(part) == name]


def _text(parts: _Parts, name: str) -> str:
    return _shortened(parts[name]) if name in parts else ""


def _shortened(element: etree._Element) -> str:
    """The letters of an element without comments, which could cut a number in two; no more than the format allows."""
    return " ".join(str(element.xpath("string()")).split())[:_LONGEST]
