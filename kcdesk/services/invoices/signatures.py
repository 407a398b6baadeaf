"""The signatures in an invoice, verified without a network; done in the worker process.

There is no chain of trust in this program: a signature says that nothing was changed since it was made with the key of
the certificate beside it, not who issued that certificate. What was signed is given back, so that nothing else is read.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from cryptography import exceptions as key_errors
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import InvalidDigest, InvalidInput, InvalidSignature, SignXMLException
from signxml.verifier import SignatureConfiguration, XMLVerifier

from kcdesk import moments
from kcdesk.bounded import limits
from kcdesk.bounded.limits import MB
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.invoices.invoice import ALTERED, UNCLEAR, UNKNOWN_KEY, WEAK, WHOLE, InvoiceSignature

_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_KEYS = (f"{_DS}KeyValue", "{http://www.w3.org/2009/xmldsig11#}DEREncodedKeyValue", f"{_DS}SignatureValue")
_BASE64 = "http://www.w3.org/2000/09/xmldsig#base64"
_MOST_SIGNATURES = 12  # of an invoice; the seller's, the tax office's and the buyer's come first
_MOST_CERTIFICATES = 6  # of a signature: the signer's and those of its issuers
_MOST = {"Reference": 8, "Transform": 24, "KeyValue": 1}  # elements of a signature; XAdES has four references
_LONGEST_NUMBER = 6_000  # letters: of a key of 16,384 bits in base64, with breaks of lines
_LONGEST_CERTIFICATE = 40_000
_MOST_WORK = 96 * MB  # that are looked at for all signatures of a file: ten times what genuine ones need
_WORK_OF_ELEMENT = 100  # bytes of text that cost as much as an element
_LONGEST_NAME = 200  # letters; X.520 allows 64
_SHORTEST_KEYS = (  # bits below which a key is weak
    (rsa.RSAPublicKey, "RSA", 2048),
    (dsa.DSAPublicKey, "DSA", 2048),
    (ec.EllipticCurvePublicKey, "EC", 224),
)
_TAX_CODE = re.compile(r"(?<!\d)(\d{10}(?:-?\d{3})?|\d{12})(?!\d)")
_CODE_NAMES = (NameOID.USER_ID, NameOID.ORGANIZATION_IDENTIFIER, NameOID.SERIAL_NUMBER, NameOID.COMMON_NAME)
_NAMES = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
_DATA, _WHOLE = "DLHDon", ("HDon", "TDiep")
_VIETNAM = timedelta(hours=7)
_CONFIGURATION = SignatureConfiguration(
    expect_references=True,
    signature_methods=frozenset(method for method in SignatureMethod if "HMAC" not in method.name),
    digest_algorithms=frozenset(DigestAlgorithm),
    default_reference_c14n_method=CanonicalizationMethod.CANONICAL_XML_1_0,
)
_FAULTS = (  # what the libraries raise for a signature or a certificate that is not as they expect
    *(
        SignXMLException,
        key_errors.UnsupportedAlgorithm,
        key_errors.InternalError,
        x509.InvalidVersion,
        etree.LxmlError,
    ),
    *(ValueError, TypeError, AttributeError, LookupError, ArithmeticError, NotImplementedError, AssertionError),
)
_TOUCHED = "nội dung, ngày ký hoặc chữ ký đã thay đổi sau khi ký"
_TWICE = "tệp có hai phần dữ liệu hóa đơn, phần được ký không phải là phần đang hiện"
_ELSEWHERE = "chữ ký không ký phần dữ liệu hóa đơn"


class Checked(Value):
    """The data of an invoice, as they were signed if a signature covers them, and its signatures."""

    data: etree._Element
    signatures: list[InvoiceSignature]


class _Verified(Value):
    """What one verification gave: the signature, and the data that it covers, if it does."""

    signature: InvoiceSignature
    data: etree._Element | None


class SignatureWork:
    """Counts what the signatures of one file cost: the library goes through the whole XML for each part of each."""

    def __init__(self) -> None:
        self._left = _MOST_WORK
        self._sizes: dict[etree._Element, int] = {}

    def spend(self, root: etree._Element, times: int) -> None:
        """Count that an XML is looked at again; the UserError of the limits if the file needs too much."""
        if root not in self._sizes:
            elements = sum(1 for _ in root.iter(etree.Element))
            self._sizes[root] = len(etree.tostring(root)) + _WORK_OF_ELEMENT * elements
        self._left -= self._sizes[root] * times
        if self._left < 0:
            raise limits.INVOICE.refusal("seconds")


class _Verifier(XMLVerifier):
    """Verifies the signature at one place among all, which the library would choose by a path.

    The canonical form is that of each part on its own, with the namespaces around it: of a part within a tree whose
    namespace has no prefix lxml writes xmlns="", which nobody has signed. Most signatures of .NET and Java are so.
    """

    def __init__(self, place: int) -> None:
        super().__init__()
        self._place = place

    def _c14n(self, nodes: Any, algorithm: CanonicalizationMethod, inclusive_ns_prefixes: Any = None) -> bytes:
        parts = [_apart(part) for part in (nodes if isinstance(nodes, list) else [nodes])]
        return bytes(super()._c14n(parts, algorithm, inclusive_ns_prefixes))

    def _get_signature(self, root: etree._Element) -> etree._Element:
        return list(root.iter(f"{_DS}Signature"))[self._place]


def _apart(element: etree._Element) -> etree._Element:
    """A copy of an element that has the namespaces around it."""
    written = etree.tostring(element, encoding="UTF-8", with_tail=False)
    return etree.fromstring(written, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def verified(invoice: etree._Element, data: etree._Element, work: SignatureWork) -> Checked:
    """Verify every signature in an invoice, also in the document around it, whose namespaces it may have signed.

    UserError if the signatures of a file need more `work` than those of genuine ones.
    """
    places = [place for place, element in enumerate(invoice.iter(f"{_DS}Signature")) if _is_filled(element)]
    results = [_best(invoice, place, work) for place in places[:_MOST_SIGNATURES]]
    is_single = sum(1 for _ in _named(invoice, _DATA)) == 1
    signatures = [
        result.signature if is_single else replace(result.signature, state=ALTERED, reason=_TWICE) for result in results
    ]
    signed = [result.data for result in results if result.data is not None and is_single]
    return Checked(next(iter(signed), data), signatures)


def _is_filled(signature: etree._Element) -> bool:
    """Whether anything was signed: some programs leave an empty element for others to sign in."""
    return signature.find(f"{_DS}SignedInfo") is not None or signature.find(f"{_DS}SignatureValue") is not None


def _best(invoice: etree._Element, place: int, work: SignatureWork) -> _Verified:
    """Verify one signature within the invoice, else within its document."""
    result = _verify(invoice, place, work)
    document = invoice.getroottree().getroot()
    if result.signature.state not in (ALTERED, UNCLEAR) or document is invoice:
        return result
    element = list(invoice.iter(f"{_DS}Signature"))[place]
    among = next(at for at, other in enumerate(document.iter(f"{_DS}Signature")) if other is element)
    around = _verify(document, among, work)
    own = next(_named(invoice, _DATA))
    is_own = around.data is not None and _content(around.data) == _content(own)
    return around if is_own and around.signature.state not in (ALTERED, UNCLEAR) else result


def _content(data: etree._Element) -> list[tuple[str, str]]:
    """The elements with their texts: a document may have several invoices, and a signature be that of another one."""
    return [(_local(part), "".join(map(str, part.xpath("text()")))) for part in data.iter(etree.Element)]


def _verify(root: etree._Element, place: int, work: SignatureWork) -> _Verified:
    element = list(root.iter(f"{_DS}Signature"))[place]
    parent = element.getparent()
    named = InvoiceSignature(
        place=_local(parent) if parent is not None else "", state=UNCLEAR, signed_at=_signing_time(element)
    )
    if _is_excessive(element):
        return _Verified(replace(named, reason="chữ ký có quá nhiều phần hoặc khoá quá dài so với chữ ký thật"), None)
    if any(transform.get("Algorithm") == _BASE64 for transform in element.iter(f"{_DS}Transform")):
        return _Verified(replace(named, reason="cách ký lạ (base64)"), None)
    keys: list[tuple[InvoiceSignature, x509.Certificate | None]] = list(_with_certificates(named, element))
    if not keys and element.find(f".//{_DS}X509Certificate") is not None:
        return _Verified(replace(named, reason="không đọc được chứng thư của người ký"), None)
    outcomes: list[_Verified] = []
    references = sum(1 for _ in element.iter(f"{_DS}Reference"))
    for signer, certificate in keys or [(named, None)]:
        work.spend(root, 1 + references)
        outcomes.append(_with_key(root, place, signer, certificate))
        if outcomes[-1].signature.state != ALTERED:
            return outcomes[-1]
    return outcomes[0]  # the certificate of the signer stands before those of its issuers


def _is_excessive(signature: etree._Element) -> bool:
    """Whether a signature has more parts, or longer numbers of a key, than the library should be given."""
    is_many = any(sum(1 for _ in signature.iter(f"{_DS}{name}")) > most for name, most in _MOST.items())
    keys = [key for name in _KEYS for key in signature.iter(name)]
    return is_many or any(len(etree.tostring(key)) > _LONGEST_NUMBER for key in keys)


def _with_key(
    root: etree._Element, place: int, named: InvoiceSignature, certificate: x509.Certificate | None
) -> _Verified:
    """Verify with a certificate, or with the bare key that stands in the signature."""
    try:
        results: Any = _Verifier(place).verify(root, **_by(certificate), validate_schema=False)
    except (InvalidDigest, InvalidSignature, key_errors.InvalidSignature):  # the last one of a bare key
        return _Verified(replace(named, state=ALTERED, reason=_TOUCHED), None)
    except InvalidInput as error:
        return _Verified(_refused(named, str(error)), None)
    except _FAULTS:
        return _Verified(replace(named, reason="chữ ký dùng cách ký mà chương trình không biết, hoặc đã hỏng"), None)
    return _covering(root, place, named, results, certificate)


def _by(certificate: x509.Certificate | None) -> dict[str, Any]:
    """The arguments of the verifier; the time of validity is judged here, with a word of its own."""
    if certificate is None:
        return {"expect_config": replace(_CONFIGURATION, require_x509=False)}
    at = certificate.not_valid_before_utc
    return {"x509_cert": certificate, "expect_config": replace(_CONFIGURATION, verification_time=at)}


def _refused(named: InvoiceSignature, why: str) -> InvoiceSignature:
    """What the library refuses before it computes anything."""
    if "Ambiguous reference" in why:
        return replace(named, state=ALTERED, reason="hai phần của tệp mang cùng một mã (Id), phần được ký không rõ")
    if "Unable to resolve" in why or "different" in why:
        return replace(named, state=ALTERED, reason="phần được ký không còn trong tệp hoặc khoá không khớp chứng thư")
    if "KeyValue" in why or "X509" in why:
        return replace(named, reason="chữ ký không kèm chứng thư hay khoá để kiểm tra")
    return replace(named, reason="cách ký không được chấp nhận")


def _covering(
    root: etree._Element, place: int, named: InvoiceSignature, results: list[Any], certificate: x509.Certificate | None
) -> _Verified:
    """The state of a signature that fits, by what it covers, with which algorithms and which key."""
    data = next(filter(lambda part: part is not None, (_data_in(result.signed_xml) for result in results)), None)
    element = list(root.iter(f"{_DS}Signature"))[place]
    weak = ", ".join(_weak_algorithms(element, certificate))
    state = UNKNOWN_KEY if certificate is None else WEAK if weak else WHOLE
    times = [_signing_time(result.signed_xml) for result in results if result.signed_xml is not None]
    signed_at = next(filter(None, times), "")
    fitting = replace(named, state=state, weak=weak)
    if signed_at:
        fitting = replace(fitting, signed_at=signed_at, time_is_signed=True)
    if data is None:
        is_sellers = named.place != "CQT" and named.place != "NMua"
        return _Verified(replace(fitting, state=ALTERED if is_sellers else UNCLEAR, reason=_ELSEWHERE), None)
    if certificate is None:
        fitting = replace(fitting, reason="chữ ký không kèm chứng thư, không biết khoá của ai")
    return _Verified(fitting, data)


def _data_in(signed: etree._Element | None) -> etree._Element | None:
    """The data of the invoice in what was signed; None if they are not in it, or more than once."""
    if signed is None or _local(signed) not in (_DATA, *_WHOLE):
        return None
    parts = list(_named(signed, _DATA))
    return parts[0] if len(parts) == 1 else None


def _weak_algorithms(element: etree._Element, certificate: x509.Certificate | None) -> Iterator[str]:
    names = [
        str(part.get("Algorithm", ""))
        for name in ("SignatureMethod", "DigestMethod")
        for part in element.iter(f"{_DS}{name}")
    ]
    if any("sha1" in name.rpartition("#")[2] for name in names):
        yield "SHA-1"
    key = certificate.public_key() if certificate is not None else None
    for kind, name, shortest in _SHORTEST_KEYS:
        if isinstance(key, kind) and key.key_size < shortest:
            yield f"khoá {name} {key.key_size} bit"


# -- who and when ------------------------------------------------------------------------------------------------


def _with_certificates(
    named: InvoiceSignature, element: etree._Element
) -> Iterator[tuple[InvoiceSignature, x509.Certificate]]:
    """The signature with each certificate beside it that can be read."""
    for part in list(element.iter(f"{_DS}X509Certificate"))[:_MOST_CERTIFICATES]:
        if len(part.text or "") > _LONGEST_CERTIFICATE:
            continue
        try:
            certificate = x509.load_der_x509_certificate(b64decode("".join((part.text or "").split())))
            certificate.public_key()
            signer = _with_certificate(named, certificate)
        except _FAULTS:
            continue
        yield signer, certificate


def _with_certificate(named: InvoiceSignature, certificate: x509.Certificate) -> InvoiceSignature:
    """The signature with what its certificate says of the signer."""
    return replace(
        named,
        signer=_attribute(certificate.subject, _NAMES),
        tax_code=_tax_code(certificate.subject),
        issuer=_attribute(certificate.issuer, _NAMES),
        valid_from=_iso(certificate.not_valid_before_utc),
        valid_to=_iso(certificate.not_valid_after_utc),
    )


def _attribute(name: x509.Name, wanted: tuple[x509.ObjectIdentifier, ...]) -> str:
    values = (attribute.value for oid in wanted for attribute in name.get_attributes_for_oid(oid))
    return next((" ".join(str(value).split())[:_LONGEST_NAME] for value in values if value), "")


def _tax_code(name: x509.Name) -> str:
    """The tax code in the subject: «UID=MST:0101234567», or another attribute that has one."""
    for oid in _CODE_NAMES:
        for attribute in name.get_attributes_for_oid(oid):
            if match := _TAX_CODE.search(str(attribute.value)):
                return match[1]
    return ""


def _signing_time(element: etree._Element) -> str:
    """The moment that the signer has written, ISO, without a zone the time of Vietnam; "" for none."""
    for part in _named(element, "SigningTime"):
        try:
            moment = moments.as_written((part.text or "").strip())
        except ValueError:
            continue
        return _iso(moments.in_utc(moment)) if moment.tzinfo else moment.isoformat(timespec="seconds")
    return ""


def _iso(moment: datetime) -> str:
    """A moment of UTC in the time of Vietnam."""
    return (moment + _VIETNAM).replace(tzinfo=None).isoformat(timespec="seconds")


def _named(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (part for part in element.iter(etree.Element) if _local(part) == name)


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
