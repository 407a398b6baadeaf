"""Generated invoices in the styles of four producers, signed with test keys, and alterations of them.

The styles differ where genuine files do: namespaces, order and presence of elements, notation of numbers and days,
place and references of the signature, canonicalization, digests, envelopes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml import CanonicalizationMethod, DigestAlgorithm, SignatureMethod, XMLSigner, methods
from signxml.signer import SignatureReference

from kcdesk.runtime.frozen import Value, field

Element: TypeAlias = Any  # of lxml
DS = "http://www.w3.org/2000/09/xmldsig#"
STYLES = ("plain", "spaced", "enveloped", "wrapped", "shouting")
_GOODS = ("Máy tiện CNC", "Máy ép thủy lực", "Lò sấy gỗ", "Máy cắt tôn", "Băng tải", "Máy dệt chiếu", "Nồi hơi")
_WHOLE = Decimal(1)


class Item(Value):
    """A line as the producer knows it."""

    name: str
    quantity: Decimal
    price: Decimal
    discount: Decimal = Decimal(0)
    rate: str = "10%"
    type: str = "1"

    @property
    def amount(self) -> Decimal:
        """Quantity × price − discount, in whole đồng."""
        return (self.quantity * self.price - self.discount).quantize(_WHOLE, ROUND_HALF_UP)


class Sample(Value):
    """What is true of a generated invoice."""

    style: str
    number: int
    dated: date = date(2026, 5, 10)
    seller: str = "Công ty TNHH Cơ khí MẪU"
    seller_code: str = "0101234567"
    buyer: str = "Hợp tác xã MẪU"
    buyer_code: str = "0209876543"
    symbol: str = "C26TAA"
    form: str = "1"
    items: tuple[Item, ...] = ()
    currency: str = "VND"
    related: tuple[str, str] = ("", "")  # TCHDon, number of the other invoice
    signed_at: datetime = field(default=datetime(2026, 5, 10, 9, 30, tzinfo=UTC))

    @property
    def before_tax(self) -> Decimal:
        """The sum of the lines."""
        return sum((item.amount for item in self.items), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The tax, rounded by rate."""
        return sum((self.tax_of(rate) for rate in self.rates), Decimal(0))

    @property
    def rates(self) -> list[str]:
        """The rates of the lines, each once."""
        return list(dict.fromkeys(item.rate for item in self.items))

    def sum_of(self, rate: str) -> Decimal:
        """The sum of the lines with a rate."""
        return sum((item.amount for item in self.items if item.rate == rate), Decimal(0))

    def tax_of(self, rate: str) -> Decimal:
        """The tax of a rate in whole đồng."""
        percent = Decimal(rate.removesuffix("%")) if rate.endswith("%") else Decimal(0)
        return (self.sum_of(rate) * percent / 100).quantize(_WHOLE, ROUND_HALF_UP)


def sample(style: str, number: int, seed: int = 0) -> Sample:
    """A sample with lines of its own."""
    chance = random.Random(f"{style}-{number}-{seed}")
    items = tuple(
        Item(
            f"{chance.choice(_GOODS)} kiểu {chance.randrange(100)}",
            Decimal(chance.choice(("1", "2", "3", "12", "1.5", "0.25"))),
            Decimal(chance.randrange(1, 900)) * Decimal(chance.choice(("1000000", "125000", "1050"))),
            Decimal(chance.choice((0, 0, 0, 50000))),
            chance.choice(("10%", "8%", "10%", "KCT")),
        )
        for _ in range(chance.randrange(1, 5))
    )
    return Sample(style, number, date(2026, 1, 1) + timedelta(days=chance.randrange(300)), items=items)


# -- keys --------------------------------------------------------------------------------------------------------


def key(name: str = "seller") -> Any:
    """A test key, made once in a run; a name that ends with a number says its bits, and «ec-192» is of a curve."""
    return _made_key(name)


@cache
def _made_key(name: str) -> Any:
    if name == "ec-192":
        return ec.generate_private_key(ec.SECP192R1())
    bits = int(name.rpartition("-")[2]) if name[-1].isdigit() else 2048
    if name.startswith("dsa-"):
        return dsa.generate_private_key(bits)
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@cache
def certificate(
    code: str = "0101234567",
    name: str = "Công ty TNHH Cơ khí MẪU",
    key_name: str = "seller",
    years: tuple[int, int] = (2025, 2028),
) -> x509.Certificate:
    """A certificate of a test key for a seller, valid from one year to another, as Vietnamese issuers write it."""
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.USER_ID, f"MST:{code}"),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        ]
    )
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tổ chức cấp chứng thư MẪU")])
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in years)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key(key_name).public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(first).not_valid_after(last)
    return builder.sign(key("issuer"), hashes.SHA256())


def pem(made: x509.Certificate) -> str:
    """The certificate as PEM."""
    return made.public_bytes(serialization.Encoding.PEM).decode()


# -- the XML -----------------------------------------------------------------------------------------------------

_POINTS: dict[str, Callable[[Decimal], str]] = {
    "plain": lambda value: f"{value:f}",
    "spaced": lambda value: f"{value.quantize(Decimal('0.01')):f}",  # 1000000.00
    "enveloped": lambda value: f"{value:,f}".replace(",", "·").replace(".", ",").replace("·", "."),  # 1.000.000
    "wrapped": lambda value: f"{value.normalize():f}" if value else "0",
    "shouting": lambda value: f"{value:,f}",  # 1,000,000
}
_DAYS: dict[str, str] = {
    "plain": "%Y-%m-%d",
    "spaced": "%Y-%m-%dT00:00:00",
    "enveloped": "%d/%m/%Y",
    "wrapped": "%Y-%m-%d",
    "shouting": "%Y-%m-%d",
}


def unsigned(about: Sample) -> Element:
    """The invoice without a signature."""
    style = about.style
    number = _POINTS[style]
    namespace = {"spaced": "http://kekhaithue.gdt.gov.vn/TKhaiHDon", "shouting": "urn:hoadon"}.get(style)
    tag = (lambda name: f"{{{namespace}}}{name}") if namespace else (lambda name: name)
    prefixes = {
        "spaced": {None: namespace},
        "shouting": {"hd": namespace, "xsi": "http://www.w3.org/2001/XMLSchema-instance"},
    }
    root = etree.Element(tag("HDon"), nsmap=prefixes.get(style))

    def add(parent: Element, name: str, text: str | None = None) -> Element:
        element = etree.SubElement(parent, tag(name))
        element.text = text
        return element

    data = add(root, "DLHDon")
    data.set("id" if style == "shouting" else "Id", f"data{about.number}")
    _general(add(data, "TTChung"), about, add)
    content = add(data, "NDHDon")
    _parties(content, about, add)
    goods = add(content, "DSHHDVu")
    for place, item in enumerate(about.items, start=1):
        _line(add(goods, "HHDVu"), place, item, style, add, number)
    totals = add(content, "TToan")
    rates = add(totals, "THTTLTSuat")
    for rate in about.rates:
        row = add(rates, "LTSuat")
        add(row, "TSuat", rate)
        add(row, "ThTien", number(about.sum_of(rate)))
        add(row, "TThue", number(about.tax_of(rate)))
    add(totals, "TgTCThue", number(about.before_tax))
    add(totals, "TgTThue", number(about.tax))
    if style in ("plain", "spaced"):
        add(totals, "TTCKTMai", number(Decimal(0)))
    add(totals, "TgTTTBSo", number(about.before_tax + about.tax))
    add(totals, "TgTTTBChu", "Bằng chữ MẪU đồng")
    if style != "wrapped":
        add(root, "MCCQT", f"00{about.number:032X}")
    signatures = add(root, "DSCKS")
    add(signatures, "NBan")
    add(signatures, "NMua")  # empty: nobody has signed there
    if style == "spaced":
        add(signatures, "CCKSKhac")
        etree.indent(root, "  ")
    return root


def _general(part: Element, about: Sample, add: Callable[..., Element]) -> None:
    add(part, "PBan", "2.0.1")
    add(part, "THDon", "Hóa đơn giá trị gia tăng")
    if about.style == "wrapped":
        add(part, "KHHDon", f"{about.form}{about.symbol}")  # form and symbol in one
    else:
        add(part, "KHMSHDon", about.form)
        add(part, "KHHDon", about.symbol)
    add(part, "SHDon", f"{about.number:08d}" if about.style in ("spaced", "enveloped") else str(about.number))
    add(part, "NLap", about.dated.strftime(_DAYS[about.style]))
    if about.style != "wrapped" or about.currency != "VND":
        add(part, "DVTTe", about.currency)
        add(part, "TGia", "1" if about.currency == "VND" else "25400")
    add(part, "HTTToan", "TM/CK")
    kind, other = about.related
    if kind:
        related = add(part, "TTHDLQuan")
        for name, text in (("TCHDon", kind), ("LHDCLQuan", "1"), ("KHMSHDCLQuan", "1"), ("KHHDCLQuan", about.symbol)):
            add(related, name, text)
        add(related, "SHDCLQuan", other)
        add(related, "NLHDCLQuan", "2026-05-01")
    if about.style == "spaced":
        other_facts = add(add(part, "TTKhac"), "TTin")
        add(other_facts, "TTruong", "Mã tra cứu")
        add(other_facts, "KDLieu", "string")
        add(other_facts, "DLieu", "ABC & <D>")


def _parties(content: Element, about: Sample, add: Callable[..., Element]) -> None:
    parties = {"NBan": (about.seller, about.seller_code), "NMua": (about.buyer, about.buyer_code)}
    order = ("NMua", "NBan") if about.style == "shouting" else ("NBan", "NMua")
    for name in order:
        party = add(content, name)
        add(party, "Ten", parties[name][0])
        add(party, "MST", parties[name][1])
        if about.style != "wrapped":
            add(party, "DChi", "Xã MẪU, tỉnh MẪU")


def _line(
    row: Element,
    place: int,
    item: Item,
    style: str,
    add: Callable[..., Element],
    number: Callable[[Decimal], str],
) -> None:
    values = [
        ("TChat", item.type),
        ("STT", str(place)),
        ("MHHDVu", f"M{place}"),
        ("THHDVu", item.name),
        ("DVTinh", "Cái"),
    ]
    values += [("SLuong", number(item.quantity)), ("DGia", number(item.price))]
    if item.discount or style in ("plain", "spaced"):
        values += [("STCKhau", number(item.discount))]
    values += [("ThTien", number(item.amount)), ("TSuat", item.rate)]
    for name, text in sorted(values) if style == "shouting" else values:
        add(row, name, text)


# -- the signature -----------------------------------------------------------------------------------------------

_C14N = {
    "plain": CanonicalizationMethod.CANONICAL_XML_1_0,
    "spaced": CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    "enveloped": CanonicalizationMethod.CANONICAL_XML_1_0,
    "wrapped": CanonicalizationMethod.CANONICAL_XML_1_1,
    "shouting": CanonicalizationMethod.CANONICAL_XML_1_0_WITH_COMMENTS,
}


class _Signer(XMLSigner):
    """Signs with SHA-1 too, as programs of before do."""

    def check_deprecated_methods(self) -> None:
        """Allow what is deprecated."""


class Signing(Value):
    """With what a sample is signed."""

    key_name: str = "seller"
    certificate: x509.Certificate | None = None
    sha1: bool = False
    bare_key: bool = False  # the key without a certificate
    method: SignatureMethod | None = None


USUAL = Signing()


def sign_detached(root: Element, about: Sample) -> Element:
    """Sign the element with the Id of the data, wherever it stands, at the place of the seller."""
    signer = XMLSigner(method=methods.detached)
    signature = signer.sign(
        root, key=key(), cert=[certificate(about.seller_code, about.seller)], reference_uri=f"#data{about.number}"
    )
    find(root, "DSCKS")[0].append(signature)
    return root


def signed(about: Sample, signing: Signing = USUAL) -> Element:
    """The invoice, signed as its producer does it; a root may be the envelope around it."""
    root = unsigned(about)
    made = signing.certificate or certificate(about.seller_code, about.seller, signing.key_name)
    signer = _Signer(
        method=methods.enveloped if about.style == "enveloped" else methods.detached,
        signature_algorithm=signing.method
        or (SignatureMethod.RSA_SHA1 if signing.sha1 else SignatureMethod.RSA_SHA256),
        digest_algorithm=DigestAlgorithm.SHA1 if signing.sha1 else DigestAlgorithm.SHA256,
        # In place: namespaces of the root would count in the signature, which is made outside of it.
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0
        if about.style == "shouting"
        else _C14N[about.style],
    )
    private = key(signing.key_name)
    sign = {"key": private} | ({} if signing.bare_key else {"cert": [made]})
    if about.style == "enveloped":
        root = signer.sign(root, always_add_key_value=signing.bare_key, **sign)
    else:
        uri = f"#data{about.number}"
        references = [SignatureReference(URI=uri, c14n_method=_C14N[about.style])]
        if about.style == "spaced":
            _add_signed_time(root, about)
            references.append(SignatureReference(URI=f"#time{about.number}", c14n_method=_C14N[about.style]))
        signature = signer.sign(
            root,
            reference_uri=references,
            always_add_key_value=signing.bare_key,
            **sign,
        )
        place = next(part for part in root.iter(etree.Element) if etree.QName(part).localname == "DSCKS")
        if about.style != "spaced":
            _add_time(signature, about)
        place[0].append(signature)
    return _wrapped(root) if about.style == "wrapped" else root


def _add_signed_time(root: Element, about: Sample) -> None:
    """A moment beside the signature that is signed with the data."""
    timed = etree.SubElement(find(root, "CCKSKhac"), "TTKy")
    timed.set("Id", f"time{about.number}")
    etree.SubElement(timed, "SigningTime").text = about.signed_at.isoformat()


def _add_time(signature: Element, about: Sample) -> None:
    holder = etree.SubElement(etree.SubElement(signature, f"{{{DS}}}Object"), f"{{{DS}}}SignatureProperties")
    timed = etree.SubElement(holder, f"{{{DS}}}SignatureProperty")
    timed.set("Target", "#seller")
    etree.SubElement(timed, "SigningTime").text = about.signed_at.isoformat()


def _wrapped(root: Element) -> Element:
    """The invoice in the message between programs (TDiep)."""
    message = etree.Element("TDiep")
    general = etree.SubElement(message, "TTChung")
    for name, text in (("PBan", "2.0.1"), ("MLTDiep", "200"), ("SLuong", "1")):
        etree.SubElement(general, name).text = text
    etree.SubElement(message, "DLieu").append(root)
    return message


def xml(root: Element) -> bytes:
    """The file."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


# -- alterations -------------------------------------------------------------------------------------------------


def find(root: Element, name: str) -> Element:
    """The first element with a local name."""
    return next(part for part in root.iter(etree.Element) if etree.QName(part).localname == name)


def _replace_text(name: str, text: str) -> Callable[[Element], None]:
    def alter(root: Element) -> None:
        find(root, name).text = text

    return alter


def _add_line(root: Element) -> None:
    goods = find(root, "DSHHDVu")
    goods.append(etree.fromstring(etree.tostring(goods[0])))


def _remove_signature(root: Element) -> None:
    signature = find(root, "Signature")
    signature.getparent().remove(signature)


def _flip_signature(root: Element) -> None:
    value = find(root, "SignatureValue")
    text = value.text.strip()
    value.text = ("B" if text[0] != "B" else "C") + text[1:]


def _flip_digest(root: Element) -> None:
    find(root, "DigestValue").text = "A" * 43 + "="


def _other_certificate(root: Element) -> None:
    other = certificate("0399999999", "Kẻ khác MẪU", "other")
    find(root, "X509Certificate").text = "".join(pem(other).splitlines()[1:-1])


def _wrap(root: Element) -> None:
    """Move the signed data into the signature, and put other data where they are read."""
    data = find(root, "DLHDon")
    parent = data.getparent()
    place = parent.index(data)
    false = etree.fromstring(etree.tostring(data))
    for name in ("Id", "id"):
        if name in false.attrib:
            false.set(name, "other")
    find(false, "TgTTTBSo").text = "1"
    parent.remove(data)
    parent.insert(place, false)
    etree.SubElement(find(root, "Signature"), f"{{{DS}}}Object").append(data)


def _same_id(root: Element) -> None:
    """A second element with the Id of the signed one."""
    data = find(root, "DLHDon")
    other = etree.SubElement(data.getparent(), "DLHDon")
    for name in ("Id", "id"):
        if name in data.attrib:
            other.set(name, data.get(name))


def _elsewhere(root: Element) -> None:
    """Let the signature point at another element than the data."""
    find(root, "Reference").set("URI", "#nowhere")


ALTERATIONS: dict[str, Callable[[Element], None]] = {
    "total": _replace_text("TgTTTBSo", "999"),
    "price": _replace_text("DGia", "1"),
    "seller": _replace_text("Ten", "Công ty khác"),
    "day": _replace_text("NLap", "2026-02-02"),
    "number": _replace_text("SHDon", "77777"),
    "line added": _add_line,
    "signature removed": _remove_signature,
    "signature value": _flip_signature,
    "digest": _flip_digest,
    "certificate": _other_certificate,
    "wrapped": _wrap,
    "same id": _same_id,
    "reference": _elsewhere,
}


def altered(about: Sample, name: str) -> Element:
    """A signed sample after one alteration."""
    root = etree.fromstring(etree.tostring(signed(about)))
    ALTERATIONS[name](root)
    return root
