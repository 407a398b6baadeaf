"""Invoices as seven Vietnamese producers are known to write them.

Beside `producers`: each house has its own elements, notations, encodings and ways to sign, with discounts, several
rates, currencies, fees, replaced and adjusted invoices, and invoices of sale without tax. They are signed in place
without a library for signatures, and as most programs do: without a prefix.
"""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
from signxml import CanonicalizationMethod

from kcdesk.runtime.frozen import Value
from kcdesk.services.invoices import opened_files, sums
from kcdesk.services.invoices.invoice import Invoice
from tests.services.invoices.producers import DS, Element, certificate, find, key, pem

_NS = "http://laphoadon.gdt.gov.vn/2014/09/invoicexml/v1"
C14N = CanonicalizationMethod


class House(Value):
    """How a producer writes and signs; `whole` signs the document itself, not the data by their Id."""

    name: str
    encoding: str = "UTF-8"
    bom: bool = False
    cdata: bool = False
    namespaces: tuple[tuple[str | None, str], ...] = ()
    prefix: str = ""
    decimals: int = -1
    c14n: CanonicalizationMethod = C14N.CANONICAL_XML_1_0
    whole: bool = False
    time: str = ""  # "", signed, unsigned
    tax_office: bool = False  # it signs too
    others: bool = True  # TTKhac with names that look like our elements
    indented: bool = False
    id_name: str = "Id"
    chain: bool = False
    sha: str = "sha256"
    empty_parts: bool = True


HOUSES = (
    House(
        "vnpt",
        cdata=True,
        namespaces=(("xsi", "http://www.w3.org/2001/XMLSchema-instance"), ("xsd", "http://www.w3.org/2001/XMLSchema")),
        decimals=4,
        time="signed",
        tax_office=True,
    ),
    House(
        "viettel",
        c14n=C14N.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        decimals=2,
        time="unsigned",
        chain=True,
        tax_office=True,
    ),
    House("misa", bom=True, decimals=6, time="signed", tax_office=True, id_name="Id", sha="sha1"),
    House("bkav", encoding="UTF-16", time="unsigned", indented=True),
    House("fpt", whole=True, others=False, empty_parts=False, indented=True, c14n=C14N.CANONICAL_XML_1_1),
    House(
        "easyinvoice",
        namespaces=(("inv", _NS),),
        prefix="inv",
        time="signed",
        c14n=C14N.EXCLUSIVE_XML_CANONICALIZATION_1_0_WITH_COMMENTS,
        id_name="id",
    ),
    House("cyberbill", namespaces=((None, _NS),), decimals=0, time="unsigned", chain=True, sha="sha512", id_name="ID"),
)


class Line(Value):
    nature: str
    name: str
    quantity: Decimal
    price: Decimal
    discount: Decimal
    rate: str
    amount: Decimal


class Truth(Value):
    """What is true of an invoice."""

    house: House
    number: int
    form: str
    currency: str
    lines: tuple[Line, ...]
    before: Decimal | None
    tax: Decimal | None
    fee: Decimal
    discount: Decimal
    total: Decimal
    relation: str


def truth(house: House, number: int, seed: int = 0) -> Truth:
    chance = random.Random(f"{house.name}{number}{seed}")
    currency = chance.choice(("VND",) * 5 + ("USD",))
    form = "1" if currency != "VND" or chance.random() < 0.8 else "2"
    unit = Decimal("0.01") if currency == "USD" else Decimal(1)
    lines = []
    for place in range(chance.randrange(1, 6)):
        rate = chance.choice(("10%", "8%", "5%", "0%", "KCT", "KKKNT", "KHAC:7%")) if form == "1" else ""
        quantity = Decimal(chance.choice(("1", "2", "7", "1.5", "0.333", "1200")))
        price = (
            Decimal(chance.randrange(1000, 99_000_000))
            if currency == "VND"
            else Decimal(chance.randrange(100, 900_000)) / 100
        )
        gross = (quantity * price).quantize(unit, ROUND_HALF_UP)
        discount = (gross * Decimal(chance.choice((0, 0, 5, 10))) / 100).quantize(unit, ROUND_HALF_UP)
        lines.append(
            Line(
                "1",
                f"Máy {chance.choice('ABCDE')} & phụ kiện <{place}>",
                quantity,
                price,
                discount,
                rate,
                gross - discount,
            )
        )
    if chance.random() < 0.2:
        lines.append(
            Line("4", "Giao hàng tại xưởng; bảo hành 12 tháng", Decimal(0), Decimal(0), Decimal(0), "", Decimal(0))
        )
    before = sum((line.amount for line in lines), Decimal(0))
    tax = sum((tax_of(lines, rate, unit) for rate in dict.fromkeys(line.rate for line in lines)), Decimal(0))
    fee = Decimal(chance.choice((0, 0, 0, 50_000))) if currency == "VND" else Decimal(0)
    discount = Decimal(0)
    is_sale = form == "2"
    total = before + fee + (Decimal(0) if is_sale else tax)
    relation = chance.choice(("", "", "", "1", "2"))
    return Truth(
        house,
        number,
        form,
        currency,
        tuple(lines),
        None if is_sale else before,
        None if is_sale else tax,
        fee,
        discount,
        total,
        relation,
    )


def tax_of(lines, rate: str, unit: Decimal) -> Decimal:
    percent = Decimal(rate.removeprefix("KHAC:").removesuffix("%")) if rate.endswith("%") else Decimal(0)
    return (sum((line.amount for line in lines if line.rate == rate), Decimal(0)) * percent / 100).quantize(
        unit, ROUND_HALF_UP
    )


Add = Callable[..., Element]


def unsigned(about: Truth) -> Element:
    """The invoice without a signature."""
    house = about.house
    namespace = dict(house.namespaces).get(house.prefix or None)
    tag = (lambda name: f"{{{namespace}}}{name}") if namespace else (lambda name: name)
    root = etree.Element(tag("HDon"), nsmap=dict(house.namespaces) or None)

    def add(parent, name, text=None):
        element = etree.SubElement(parent, tag(name))
        if text is not None:
            element.text = etree.CDATA(text) if house.cdata else text
        return element

    data = add(root, "DLHDon")
    data.set(house.id_name, f"D{about.number}")
    _general(add(data, "TTChung"), about, add)
    content = add(data, "NDHDon")
    for part, values in (("NBan", _SELLER), ("NMua", _BUYER)):
        _values(add(content, part), values, add)
    goods = add(content, "DSHHDVu")
    for place, line in enumerate(about.lines, start=1):
        _goods(add(goods, "HHDVu"), place, line, about.house, add)
    _totals(add(content, "TToan"), about, add)
    if house.empty_parts:
        add(data, "DLQRCode", "000201010212")
    if house.tax_office:
        add(root, "MCCQT", f"00{about.number:032X}").set(house.id_name, f"M{about.number}")
    signatures = add(root, "DSCKS")
    for name in ("NBan", "NMua", *(["CQT"] if house.tax_office else []), "CCKSKhac"):
        add(signatures, name)
    if house.indented:
        etree.indent(root, "\t")
    return root


_SELLER = (
    *(("Ten", "Công ty TNHH Cơ khí MẪU"), ("MST", "0101234567"), ("DChi", "Số 1, đường Mẫu")),
    *(("SDThoai", "0900 000 000"), ("STKNHang", "123"), ("TNHang", "NH Mẫu")),
)
_BUYER = (("Ten", "Hợp tác xã MẪU"), ("MST", "0209876543"), ("DChi", "Xã Mẫu"), ("HVTNMHang", "Nguyễn Văn Mẫu"))
_RELATED = (
    *(("LHDCLQuan", "1"), ("KHMSHDCLQuan", "1"), ("KHHDCLQuan", "C26TMA"), ("SHDCLQuan", "9")),
    *(("NLHDCLQuan", "2026-04-01"), ("GChu", "Sai tên hàng")),
)


def _values(part: Element, values, add: Add) -> None:
    for name, text in values:
        add(part, name, text or None)


def _number(house: House, value: Decimal) -> str:
    least = max(0, -value.normalize().as_tuple().exponent)
    return f"{value:.{house.decimals}f}" if house.decimals > least else f"{value:f}"


def _general(part: Element, about: Truth, add: Add) -> None:
    title = "Hóa đơn giá trị gia tăng" if about.form == "1" else "Hóa đơn bán hàng"
    rate = "1" if about.currency == "VND" else "25400.00"
    values = (
        *(("PBan", "2.0.1"), ("THDon", title), ("KHMSHDon", about.form), ("KHHDon", "C26TMA")),
        *(("SHDon", str(about.number)), ("MHSo", ""), ("NLap", "2026-05-10"), ("SBKe", ""), ("DVTTe", about.currency)),
        *(("TGia", rate), ("HTTToan", "TM/CK"), ("MSTTCGP", "0100109106")),
    )
    _values(part, [value for value in values if value[1] or about.house.empty_parts], add)
    if about.relation:
        _values(add(part, "TTHDLQuan"), (("TCHDon", about.relation), *_RELATED), add)
    if about.house.others:
        others(add(part, "TTKhac"), add, (("SHDon", "string", "999999"), ("TransactionID", "string", "X&Y")))


def _goods(row: Element, place: int, line: Line, house: House, add: Add) -> None:
    _values(row, (("TChat", line.nature), ("STT", str(place)), ("THHDVu", line.name)), add)
    if line.nature == "4":
        return
    _values(
        row, (("DVTinh", "Cái"), ("SLuong", _number(house, line.quantity)), ("DGia", _number(house, line.price))), add
    )
    if line.discount:
        add(row, "STCKhau", _number(house, line.discount))
    add(row, "ThTien", _number(house, line.amount))
    if line.rate:
        add(row, "TSuat", line.rate)
    if house.others:
        others(add(row, "TTKhac"), add, (("ThTien", "numeric", "1"), ("VATAmount", "numeric", "2")))


def _totals(part: Element, about: Truth, add: Add) -> None:
    house = about.house
    if about.before is not None and about.tax is not None:
        _rates(add(part, "THTTLTSuat"), about, add)
        _values(part, (("TgTCThue", _number(house, about.before)), ("TgTThue", _number(house, about.tax))), add)
    if about.fee:
        fee = add(add(part, "DSLPhi"), "LPhi")
        _values(fee, (("TLPhi", "Phí vận chuyển"), ("TPhi", _number(house, about.fee))), add)
    if house.empty_parts:
        add(part, "TTCKTMai", _number(house, Decimal(0)))
    _values(part, (("TgTTTBSo", _number(house, about.total)), ("TgTTTBChu", "Bằng chữ")), add)


def _rates(part: Element, about: Truth, add: Add) -> None:
    unit = Decimal("0.01") if about.currency == "USD" else Decimal(1)
    for rate in dict.fromkeys(line.rate for line in about.lines if line.rate):
        amount = sum((line.amount for line in about.lines if line.rate == rate), Decimal(0))
        tax = tax_of(about.lines, rate, unit)
        row = (("TSuat", rate), ("ThTien", _number(about.house, amount)), ("TThue", _number(about.house, tax)))
        _values(add(part, "LTSuat"), row, add)


def others(part, add, facts) -> None:
    for name, kind, text in facts:
        fact = add(part, "TTin")
        add(fact, "TTruong", name)
        add(fact, "KDLieu", kind)
        add(fact, "DLieu", text)


_SHA = {"sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}
_ALGORITHMS = {
    "sha1": ("http://www.w3.org/2000/09/xmldsig#rsa-sha1", "http://www.w3.org/2000/09/xmldsig#sha1"),
    "sha256": ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"),
    "sha512": ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha512", "http://www.w3.org/2001/04/xmlenc#sha512"),
}


def copied(element: Element) -> Element:
    """An element with all in it, apart."""
    return etree.fromstring(etree.tostring(element, encoding="UTF-8", with_tail=False))


def canonical(element: Element, method: CanonicalizationMethod) -> bytes:
    """The canonical form of an element where it stands: namespaces of the elements around it count."""
    apart = copied(element)
    own = element if "exc-c14n" in method.value else apart
    return bytes(
        etree.tostring(
            own,
            method="c14n",
            exclusive="exc-c14n" in method.value,
            with_comments="omments" in method.value,
            with_tail=False,
        )
    )


def sign_in_place(holder: Element, house: House, parts: list[Element], key_name: str, chain) -> Element:
    """Sign parts of a document by their Id, or with [] the document itself, with the signature in its place."""
    method, digest = _ALGORITHMS[house.sha]

    def add(parent, name, text=None, **attributes):
        element = etree.SubElement(parent, f"{{{DS}}}{name}", attributes)
        element.text = text
        return element

    document = holder.getroottree().getroot()
    digests = [(f"#{part.get(house.id_name)}", canonical(part, house.c14n)) for part in parts] or [
        ("", canonical(document, house.c14n))
    ]
    signature = etree.SubElement(holder, f"{{{DS}}}Signature", nsmap={None: DS})
    information = add(signature, "SignedInfo")
    add(information, "CanonicalizationMethod", Algorithm=house.c14n.value)
    add(information, "SignatureMethod", Algorithm=method)
    for uri, content in digests:
        reference = add(information, "Reference", URI=uri)
        transforms = add(reference, "Transforms")
        if not uri:
            add(transforms, "Transform", Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature")
        add(transforms, "Transform", Algorithm=house.c14n.value)
        add(reference, "DigestMethod", Algorithm=digest)
        hashed = hashes.Hash(_SHA[house.sha])
        hashed.update(content)
        add(reference, "DigestValue", b64encode(hashed.finalize()).decode())
    made = key(key_name).sign(canonical(information, house.c14n), padding.PKCS1v15(), _SHA[house.sha])
    add(signature, "SignatureValue", b64encode(made).decode())
    data = add(add(signature, "KeyInfo"), "X509Data")
    for one in chain:
        add(data, "X509SubjectName", one.subject.rfc4514_string())
        add(data, "X509Certificate", "".join(pem(one).splitlines()[1:-1]))
    return signature


def signed(about: Truth) -> Element:
    """The invoice with the signature of its seller, and of the tax office if the house sends it there first."""
    root = sign_by(unsigned(about), about, "NBan", "seller", certificate())
    if about.house.tax_office:
        root = sign_by(root, about, "CQT", "office", certificate("0100231226", "TỔNG CỤC THUẾ MẪU", "office"))
    return root


def sign_by(root, about: Truth, place: str, key_name: str, own):
    house = about.house
    chain = [own, *([certificate("0100000000", "Tổ chức cấp MẪU", "issuer-own")] if house.chain else [])]
    holder = find(find(root, "DSCKS"), place)
    parts = [] if house.whole else [find(root, "DLHDon")]
    if place == "CQT":
        parts.append(find(root, "MCCQT"))
    if house.time == "signed":
        timed = etree.SubElement(find(find(root, "DSCKS"), "CCKSKhac"), "TTKy")
        timed.set(house.id_name, f"T{key_name}{about.number}")
        etree.SubElement(timed, "SigningTime").text = "2026-05-10T16:30:00"
        parts.append(timed)
    signature = sign_in_place(holder, house, parts, key_name, chain)
    if house.time == "unsigned":
        properties = etree.SubElement(etree.SubElement(signature, f"{{{DS}}}Object"), f"{{{DS}}}SignatureProperties")
        etree.SubElement(
            etree.SubElement(properties, f"{{{DS}}}SignatureProperty"), "SigningTime"
        ).text = "2026-05-10T16:30:00"
    return root


def file_of(root: Element, house: House) -> bytes:
    """The bytes that the house sends."""
    if house.encoding == "UTF-16":
        return b"\xff\xfe" + (
            '<?xml version="1.0" encoding="utf-16"?>\n' + etree.tostring(root, encoding="unicode")
        ).encode("utf-16-le")
    return (b"\xef\xbb\xbf" if house.bom else b"") + etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def read(content: bytes) -> Invoice:
    (file,) = opened_files.opened_content("hd.xml", content)
    assert file.invoice is not None
    return file.invoice


def differences(about: Truth, invoice: Invoice) -> list[str]:
    """What was read otherwise than it was written."""
    goods = [line for line in about.lines if line.nature != "4"]
    read_goods = [line for line in invoice.lines if line.nature != "4"]
    expected = {
        "number": (about.form, "C26TMA", str(about.number), "2026-05-10", about.currency),
        "parties": ("Công ty TNHH Cơ khí MẪU", "0101234567", "Hợp tác xã MẪU", "0209876543"),
        "lines": [(line.name, line.quantity, line.price, line.discount, line.amount, line.rate) for line in goods],
        "sums": (about.before, about.tax, about.fee, about.total),
        "relation": about.relation,
        "faults": [],
        "signature": "weak" if about.house.sha == "sha1" else "whole",
        "unread": (),
    }
    given = {
        "number": (invoice.form, invoice.symbol, invoice.number, invoice.dated, invoice.currency),
        "parties": (invoice.seller.name, invoice.seller.tax_code, invoice.buyer.name, invoice.buyer.tax_code),
        "lines": [
            (line.name, line.quantity, line.price, line.discount or 0, line.amount, line.rate) for line in read_goods
        ],
        "sums": (invoice.before_tax, invoice.tax, invoice.fees, invoice.total),
        "relation": invoice.relation,
        "faults": [fault.sentence for fault in sums.sum_faults(invoice)],
        "signature": invoice.signature_state,
        "unread": invoice.unread,
    }
    return [f"{name}: {expected[name]} != {given[name]}" for name in expected if expected[name] != given[name]]
