"""Electronic invoices that are bombs: XML in every direction, signatures, ZIP and PDF files."""

from __future__ import annotations

import hashlib
import zipfile
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from tests.attacks.bombs import archives
from tests.services.invoices import producers

Make = Callable[[Path], Path]
_DS = 'xmlns:ds="http://www.w3.org/2000/09/xmldsig#"'
_C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
_METHODS = {"rsa": "2001/04/xmldsig-more#rsa-sha256", "dsa": "2009/xmldsig11#dsa-sha256"}
_EMPTY = "<HDon><DLHDon><TTChung/><NDHDon/></DLHDon></HDon>"
_LINE = (
    "<HHDVu><TChat>1</TChat><STT>1</STT><THHDVu>Máy</THHDVu><SLuong>1</SLuong><DGia>1</DGia><ThTien>1</ThTien></HHDVu>"
)
_MORE_BITS = (1 << 100_000) - 1


def file(content: str | bytes, suffix: str = ".xml") -> Make:
    """A file with this content."""

    def make(path: Path) -> Path:
        made = path.with_suffix(suffix)
        made.write_bytes(content if isinstance(content, bytes) else content.encode())
        return made

    return make


def invoice(rows: str = "", more: str = "", totals: str = "") -> str:
    """An invoice with these lines and totals; `more` stands behind its data."""
    content = f"<DSHHDVu>{rows}</DSHHDVu><TToan>{totals}</TToan>"
    return f'<HDon><DLHDon Id="data7"><TTChung/><NDHDon>{content}</NDHDon></DLHDon>{more}</HDon>'


def _named(letters: int) -> str:
    """A line with a name of so many letters."""
    return f"<HHDVu><THHDVu>{'a' * letters}</THHDVu></HHDVu>"


def _signature(references: str, keys: str, method: str = "rsa") -> str:
    return (
        f'<ds:Signature {_DS}><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{_C14N}"/>'
        f'<ds:SignatureMethod Algorithm="http://www.w3.org/{_METHODS[method]}"/>{references}</ds:SignedInfo>'
        f"<ds:SignatureValue>{b64encode(bytes(256)).decode()}</ds:SignatureValue>"
        f"<ds:KeyInfo>{keys}</ds:KeyInfo></ds:Signature>"
    )


def _reference(transform: str = _C14N, inside: str = "", more: str = "", digest: str = "AA==") -> str:
    return (
        f'<ds:Reference URI="#data7"><ds:Transforms><ds:Transform Algorithm="{transform}">{inside}</ds:Transform>{more}'
        f'</ds:Transforms><ds:DigestMethod Algorithm="{_SHA256}"/><ds:DigestValue>{digest}</ds:DigestValue>'
        "</ds:Reference>"
    )


@cache
def _certificate(number: int = 1) -> str:
    letters = "".join(producers.pem(producers.certificate()).splitlines()[1:-1])
    return f"<ds:X509Data>{f'<ds:X509Certificate>{letters}</ds:X509Certificate>' * number}</ds:X509Data>"


def _bare_key(**numbers: int) -> str:
    """A key without a certificate, by its numbers."""
    kind = "RSAKeyValue" if "Modulus" in numbers else "DSAKeyValue"
    parts = (f"<ds:{name}>{_in_base64(value)}</ds:{name}>" for name, value in numbers.items())
    return f"<ds:KeyValue><ds:{kind}>{''.join(parts)}</ds:{kind}></ds:KeyValue>"


def _in_base64(number: int) -> str:
    return b64encode(number.to_bytes(number.bit_length() // 8 + 1, "big")).decode()


def signed(rows: str, references: int, times: int = 1) -> str:
    """An invoice that is signed well, again and again, each time with so many references to the same data."""
    root = etree.fromstring(invoice(rows))
    digest = b64encode(hashlib.sha256(etree.tostring(root[0], method="c14n")).digest()).decode()
    signature = etree.fromstring(_signature(_reference(digest=digest) * references, _certificate()))
    info = etree.tostring(etree.fromstring(etree.tostring(signature[0])), method="c14n")
    signature[1].text = b64encode(producers.key().sign(info, padding.PKCS1v15(), hashes.SHA256())).decode()
    return invoice(rows, etree.tostring(signature).decode() * times)


def zipped(parts: dict[str, str | bytes]) -> Make:
    """A ZIP of invoices."""

    def make(path: Path) -> Path:
        with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
        return path.with_suffix(".zip")

    return make


INVOICES: dict[str, Make] = {
    "invoice: billion laughs": lambda path: file(archives.laughs())(path),
    "invoice: laughs in UTF-16": lambda path: file(archives.laughs().decode().encode("utf-16"))(path),
    "invoice: a tree of millions": lambda path: file("<HDon>" + "<a/>" * 2_000_000 + "</HDon>")(path),
    "invoice: a hundred thousand attributes": lambda path: file(
        "<HDon " + " ".join(f'a{number}=""' for number in range(190_000)) + "/>"
    )(path),
    "invoice: seventy thousand deep": lambda path: file("<HDon>" * 70_000 + "</HDon>" * 70_000)(path),
    "invoice: a text of 9 MB": lambda path: file(invoice(_named(9_000_000)))(path),
    "invoice: ten thousand lines": lambda path: file(invoice("<HHDVu/>" * 10_000))(path),
    "invoice: twenty thousand invoices": lambda path: file("<DSHDon>" + _EMPTY * 20_000 + "</DSHDon>")(path),
    "invoice: a thousand of 3 MB": lambda path: file(f"<DSHDon>{_EMPTY * 1_000}<!--{'a' * 3_000_000}--></DSHDon>")(
        path
    ),
    "invoice: each signed around all": lambda path: file(
        f"<DSHDon>{invoice(more=_signature(_reference(), _certificate())) * 190}<!--{'a' * 3_000_000}--></DSHDon>"
    )(path),
    "invoice: eight references to 3 MB, twelve times": lambda path: file(signed(_named(3_000_000), 8, 12))(path),
    "signature: eight references to a large tree": lambda path: file(signed("<HHDVu/>" + "<a/>" * 140_000, 8))(path),
    "zip: invoices that are large together": lambda path: zipped(
        {f"{number}.xml": invoice(_named(30_000)) for number in range(300)}
    )(path),
    "zip: trees that are large together": lambda path: zipped(
        {f"{number}.xml": invoice("<HHDVu><a/></HHDVu>" * 10 + "<a/>" * 14_000) for number in range(100)}
    )(path),
    "zip: invoices of zeros": lambda path: zipped(
        {f"{number}.xml": b"<HDon>" + bytes(19 << 20) for number in range(4)}
    )(path),
}
INVOICES |= {
    f"invoice {name}": archives.ARCHIVES[name]
    for name in (
        *("zip: a gigabyte of zeros", "zip: a size that lies", "zip: overlapping entries", "zip: a million entries"),
        *("zip: zip64 that lies", "zip: two parts of one name", "zip: zips in zips", "zip: names of 60 kB"),
    )
}
# What is large or odd within the limits: it is read in time, and what is odd in a signature is said.
WITHIN: dict[str, Make] = {
    "invoice: numbers of 3 MB": lambda path: file(invoice(f"<HHDVu><SLuong>{'9' * 3_000_000}</SLuong></HHDVu>"))(path),
    "invoice: marks between numbers": lambda path: file(
        invoice(f"<HHDVu><SLuong>{'999.' * 900_000}x</SLuong></HHDVu>")
    )(path),
    "invoice: a letter of a million marks": lambda path: file(
        invoice("<HHDVu><THHDVu>a" + "\u0301\u0323" * 900_000 + "</THHDVu></HHDVu>")
    )(path),
    "invoice: five thousand lines": lambda path: file(invoice(_LINE * 5_000))(path),
    "invoice: a line of many parts": lambda path: file(invoice(f"<HHDVu>{'<a/>' * 140_000}</HHDVu>"))(path),
    "invoice: many lines of many parts": lambda path: file(invoice(f"<HHDVu>{'<a/>' * 30}</HHDVu>" * 4_500))(path),
    "invoice: fees in fees": lambda path: file(
        invoice(totals="<LPhi>" * 30 + "<TPhi>1</TPhi>" * 70_000 + "</LPhi>" * 30)
    )(path),
    "invoice: data in data": lambda path: file(
        "<HDon>" + "<DLHDon><TTChung/><NDHDon/>" * 12 + "<a/>" * 140_000 + "</DLHDon>" * 12 + "</HDon>"
    )(path),
    "invoice: rates beyond all": lambda path: file(
        invoice(
            totals="<THTTLTSuat>"
            + "<LTSuat><TSuat>1E999990</TSuat><ThTien>1</ThTien><TThue>1</TThue></LTSuat>" * 400
            + "</THTTLTSuat>"
        )
    )(path),
    "signature: seven hundred signatures": lambda path: file(
        invoice(more=_signature(_reference(), _certificate()) * 700)
    )(path),
    "signature: two thousand certificates": lambda path: file(
        invoice(more=_signature(_reference(), _certificate(2_000)))
    )(path),
    "signature: a certificate of 3 MB": lambda path: file(
        invoice(more=_signature(_reference(), _certificate().replace("MIIC", "MIIC" * 700_000, 1)))
    )(path),
    "signature: thousands of references": lambda path: file(signed(_named(1_000_000), 3_000))(path),
    "signature: eight references to 3 MB": lambda path: file(signed(_named(3_000_000), 8))(path),
    "signature: eight references to a tree": lambda path: file(signed("<HHDVu/>" + "<a/>" * 90_000, 8))(path),
    "signature: ten thousand transforms": lambda path: file(
        invoice(more=_signature(_reference(more=f'<ds:Transform Algorithm="{_C14N}"/>' * 10_000), _certificate()))
    )(path),
    "signature: XSLT that never ends": lambda path: file(
        invoice(
            more=_signature(
                _reference(
                    "http://www.w3.org/TR/1999/REC-xslt-19991116",
                    '<x:stylesheet xmlns:x="http://www.w3.org/1999/XSL/Transform" version="1.0">'
                    '<x:template match="/" name="a"><x:call-template name="a"/></x:template></x:stylesheet>',
                ),
                _certificate(),
            )
        )
    )(path),
    "signature: XPath of all paths": lambda path: file(
        invoice(
            "<HHDVu/>" * 4_000,
            _signature(
                _reference(
                    "http://www.w3.org/TR/1999/REC-xpath-19991116",
                    "<ds:XPath>count(//. | //@* | //namespace::*[count(//.)])</ds:XPath>",
                ),
                _certificate(),
            ),
        )
    )(path),
    "signature: an RSA key of 100,000 bits": lambda path: file(
        invoice(more=_signature(_reference(), _bare_key(Modulus=_MORE_BITS, Exponent=_MORE_BITS)))
    )(path),
    "signature: an exponent as long as the key": lambda path: file(
        invoice(
            more=_signature(_reference(), _bare_key(Modulus=(1 << 3_071) + 1, Exponent=(1 << 3_070) + 1)) * 12,
        )
    )(path),
    "signature: an RSA key of 3 MB": lambda path: file(
        invoice(more=_signature(_reference(), _bare_key(Modulus=1, Exponent=3).replace("AQ==", "/" * 3_000_000)))
    )(path),
    "signature: a DSA key of 100,000 bits": lambda path: file(
        invoice(more=_signature(_reference(), _bare_key(P=_MORE_BITS, Q=_MORE_BITS, G=2, Y=2), "dsa"))
    )(path),
    "signature: a DSA key of 10,000 bits": lambda path: file(
        invoice(
            more=_signature(
                _reference(), _bare_key(P=(1 << 9_999) + 1, Q=(1 << 255) + 95, G=2, Y=(1 << 9_990) + 7), "dsa"
            )
            * 12
        )
    )(path),
}
