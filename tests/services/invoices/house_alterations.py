"""What is done to invoices of the houses to deceive, and how many are seen.

python -m tests.services.invoices.house_alterations [--invoices 350] [--altered 400]
"""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable

from lxml import etree

from kcdesk.errors import KcdeskError
from tests.services.invoices.house_styles import (
    HOUSES,
    Truth,
    copied,
    differences,
    file_of,
    read,
    sign_by,
    signed,
    truth,
)
from tests.services.invoices.producers import DS, Element, certificate, pem


def _named(root, name):
    return [part for part in root.iter(etree.Element) if etree.QName(part).localname == name]


def _text(name, change, which=0):
    def alter(root):
        part = _named(root, name)[which]
        part.text = change(part.text or "")

    return alter


def _wrapped_in_object(root):
    data = _named(root, "DLHDon")[0]
    parent, place = data.getparent(), data.getparent().index(data)
    false = copied(data)
    false.attrib.clear()
    _named(false, "TgTTTBSo")[0].text = "5"
    parent.remove(data)
    parent.insert(place, false)
    etree.SubElement(_named(root, "Signature")[0], f"{{{DS}}}Object").append(data)


def _wrapped_aside(root):
    """The signed data in an element beside, a false one first."""
    data = _named(root, "DLHDon")[0]
    parent = data.getparent()
    false = copied(data)
    false.attrib.clear()
    _named(false, "SHDon")[0].text = "4"
    parent.insert(0, false)
    etree.SubElement(parent, "TTKhac").append(data)


def _whole_inside(root):
    """A whole signed invoice inside a false one: handled as a new root."""
    inner = copied(root)
    for part in _named(root, "Signature"):
        part.getparent().remove(part)
    _named(root, "TgTTTBSo")[0].text = "6"
    _named(root, "DSCKS")[0].append(inner)


def _two_data(root):
    data = _named(root, "DLHDon")[0]
    other = copied(data)
    other.attrib.clear()
    data.getparent().insert(0, other)


def _same_id(root):
    data = _named(root, "DLHDon")[0]
    name, value = next(iter(data.attrib.items()))
    _named(root, "DSCKS")[0].set(name, value)


def _same_id_other_case(root):
    data = _named(root, "DLHDon")[0]
    other = copied(data)
    name, value = next(iter(data.attrib.items()))
    other.attrib.clear()
    other.set({"Id": "ID", "ID": "id", "id": "Id"}[name], value)
    _named(other, "TgTTTBSo")[0].text = "7"
    data.getparent().insert(0, other)


def _transform(algorithm, inside=""):
    def alter(root):
        for transforms in _named(root, "Transforms"):
            part = etree.SubElement(transforms, f"{{{DS}}}Transform", Algorithm=algorithm)
            if inside:
                part.append(etree.fromstring(inside))
            transforms.insert(0, part)
        _named(root, "TgTTTBSo")[0].text = "8"

    return alter


def _other_certificate(root):
    made = certificate("0399999999", "Kẻ khác MẪU", "other")
    for part in _named(root, "X509Certificate"):
        part.text = "".join(pem(made).splitlines()[1:-1])


def _signed_by_another(root, about):
    """Changed, and signed anew with another key under a certificate of another seller."""
    for part in _named(root, "Signature"):
        part.getparent().remove(part)
    _named(root, "TgTTTBSo")[0].text = "9"
    sign_by(
        root, about, "NBan", "other", certificate("0399999999", "Kẻ khác MẪU", "other")
    ) if not about.house.whole else None


def _empty_references(root):
    for part in _named(root, "Reference"):
        part.getparent().remove(part)
    _named(root, "TgTTTBSo")[0].text = "3"


def _reference(uri):
    def alter(root):
        _named(root, "Reference")[0].set("URI", uri)

    return alter


def _digest_algorithm(name):
    def alter(root):
        _named(root, "DigestMethod")[0].set("Algorithm", name)

    return alter


def _drop_line(root):
    goods = _named(root, "DSHHDVu")[0]
    goods.remove(goods[-1])


def _swap_parties(root):
    seller, buyer = _named(root, "NDHDon")[0][:2]
    seller[1].text, buyer[1].text = buyer[1].text, seller[1].text


def _comment(name):
    """A comment in a value: canonical forms may leave it out, so the value must be read whole."""

    def alter(root):
        part = _named(root, name)[0]
        text = part.text
        part.text = text[:1]
        comment = etree.Comment("x")
        comment.tail = text[1:]
        part.append(comment)

    return alter


def _instruction(root):
    part = _named(root, "TgTTTBSo")[0]
    part.append(etree.ProcessingInstruction("x", "y"))


def _moved_signature(root):
    """The signature elsewhere in the file: nothing that was signed has changed."""
    signature = _named(root, "Signature")[0]
    root.append(signature)


def _second_invoice_signature(root, about):
    other = signed(truth(about.house, about.number + 500))
    mine, theirs = _named(root, "Signature"), _named(other, "Signature")
    for old, new in zip(mine, theirs, strict=False):
        old.getparent().replace(old, new)


_XPATH = f'<d:XPath xmlns:d="{DS}">not(ancestor-or-self::TToan)</d:XPath>'
_XSLT = (
    '<x:stylesheet version="1.0" xmlns:x="http://www.w3.org/1999/XSL/Transform"><x:template match="/"/></x:stylesheet>'
)
ALTERATIONS: dict[str, Callable[[Element], None]] = {
    "total": _text("TgTTTBSo", lambda t: "1" + t),
    "one digit": _text("SHDon", lambda t: t + "0"),
    "price": _text("DGia", lambda t: t + "0" if "." not in t else "9" + t),
    "space in value": _text("MST", lambda t: f" {t}"),
    "newline in value": _text("TgTTTBSo", lambda t: f"{t}\n"),
    "seller": _text("Ten", lambda t: t + " B"),
    "date": _text("NLap", lambda _t: "2026-05-11"),
    "NFD": _text("Ten", lambda t: unicodedata.normalize("NFD", t)),
    "line dropped": _drop_line,
    "parties swapped": _swap_parties,
    "wrapped in object": _wrapped_in_object,
    "wrapped aside": _wrapped_aside,
    "whole inside": _whole_inside,
    "two data": _two_data,
    "same id": _same_id,
    "same id, other case": _same_id_other_case,
    "xpath": _transform("http://www.w3.org/TR/1999/REC-xpath-19991116", _XPATH),
    "xslt": _transform("http://www.w3.org/TR/1999/REC-xslt-19991116", _XSLT),
    "base64": _transform("http://www.w3.org/2000/09/xmldsig#base64"),
    "unknown transform": _transform("urn:nothing"),
    "certificate": _other_certificate,
    "references gone": _empty_references,
    "reference to nothing": _reference("#none"),
    "reference to file": _reference("file:///etc/passwd"),
    "reference to web": _reference("http://127.0.0.1/x"),
    "md5": _digest_algorithm("http://www.w3.org/2001/04/xmldsig-more#md5"),
    "sha1 digest": _digest_algorithm("http://www.w3.org/2000/09/xmldsig#sha1"),
}
# These need to know what is true of the invoice.
KNOWING: dict[str, Callable[[Element, Truth], None]] = {
    "signed by another": _signed_by_another,
    "signature of another": _second_invoice_signature,
}
# What changes nothing that is read: the reader must say the same as before, whatever it thinks of the signature.
NEUTRAL: dict[str, Callable[[Element], None]] = {
    "comment in total": _comment("TgTTTBSo"),
    "comment in code": _comment("MST"),
    "instruction": _instruction,
    "signature moved": _moved_signature,
}


def seen(about: Truth, name: str) -> str:
    """How an altered invoice is seen: its state or refusal; "" if it passes as genuine."""
    root = copied(signed(about))
    if name in KNOWING:
        KNOWING[name](root, about)
    else:
        ALTERATIONS[name](root)
    try:
        invoice = read(file_of(root, about.house))
    except KcdeskError as error:
        return error.code
    if name == "sha1 digest" and about.house.sha == "sha1":
        return "as before"
    if name == "signed by another":  # whole, but by somebody else than the seller
        signature = invoice.sellers_signature
        return "another" if signature is None or signature.tax_code != invoice.seller.tax_code else ""
    return "" if invoice.signature_state in ("whole", "weak") else invoice.signature_state


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--invoices", type=int, default=350)
    options.add_argument("--altered", type=int, default=400)
    asked = options.parse_args()
    wrong = []
    for place in range(asked.invoices):
        about = truth(HOUSES[place % len(HOUSES)], place + 1)
        wrong += [
            f"{about.house.name} {about.number}: {d}"
            for d in differences(about, read(file_of(signed(about), about.house)))
        ]
    unseen, states = [], Counter()
    names = [*ALTERATIONS, *KNOWING]
    for place in range(asked.altered):
        house, name = HOUSES[place % len(HOUSES)], names[place % len(names)]
        state = seen(truth(house, place + 1, seed=1), name)
        states[state] += 1
        unseen += [] if state else [f"{house.name}: {name}"]
    for place, (name, alter) in enumerate((n, a) for n, a in NEUTRAL.items() for _ in HOUSES):
        about = truth(HOUSES[place % len(HOUSES)], place + 1, seed=2)
        root = copied(signed(about))
        alter(root)
        invoice = read(file_of(root, about.house))
        other = [d for d in differences(about, invoice) if not d.startswith("signature")]
        wrong += [f"{about.house.name} {name}: {d} [{invoice.signature_state}]" for d in other]
    sys.stdout.write(
        f"{asked.invoices} whole: {len(wrong)} read otherwise; {asked.altered} altered: {len(unseen)} not seen; "
        f"{dict(states)}\n"
    )
    sys.stdout.writelines(f"{line}\n" for line in (*wrong[:40], *unseen[:40]))


if __name__ == "__main__":
    main()
