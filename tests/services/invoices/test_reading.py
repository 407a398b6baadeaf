"""Files of invoices: generated ones of every style, altered ones, keys and certificates, and what is no invoice."""

import copy
import zipfile
from base64 import b64encode
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from cryptography.hazmat.primitives import serialization
from lxml import etree
from signxml import SignatureMethod

from kcdesk.errors import UserError
from kcdesk.runtime.frozen import replace
from kcdesk.services.invoices import comparing, opened_files, sums
from kcdesk.services.invoices.invoice import percent_of
from tests.attacks.bombs import invoices as bombs
from tests.services.invoices import generated, house_alterations, house_styles, producers
from tests.services.invoices.producers import Item, Sample, Signing

PLAIN = producers.sample("plain", 7)


def read(content):
    return generated.read(content)


def signed(about=PLAIN, **signing):
    return producers.xml(producers.signed(about, Signing(**signing)))


def test_generated_invoices_of_every_style_are_read_as_they_were_written():
    assert generated.wrong_ones(40) == []


def test_every_altered_invoice_is_seen():
    unseen, states = generated.unseen_ones(2 * len(producers.ALTERATIONS))
    assert unseen == []
    assert states["altered"] == 2 * len(producers.ALTERATIONS) - states["none"]
    assert states["none"] == 2  # those whose signature was removed


def test_a_signature_says_who_signed_and_what_is_not_known():
    invoice = read(signed())
    assert comparing.signature_words(invoice) == (
        "Chữ ký còn nguyên, người ký theo chứng thư: Công ty TNHH Cơ khí MẪU (mã số thuế 0101234567), ký lúc 16:30 ngày"
        " 10/5/2026 theo đồng hồ máy ký (giờ này không được chữ ký bảo vệ); chưa đối chiếu với cơ quan thuế."
    )
    weak = read(signed(sha1=True))
    assert (weak.signature_state, weak.sellers_signature.weak) == ("weak", "SHA-1")
    short = producers.certificate(key_name="short-1024")
    assert read(signed(key_name="short-1024", certificate=short)).sellers_signature.weak == "khoá RSA 1024 bit"
    bare = read(signed(bare_key=True))
    assert bare.signature_state == "unknown_key"
    assert "không biết khoá của ai" in comparing.signature_words(bare)


def test_weak_algorithms_and_keys_of_every_sort_are_named():
    for method, key_name, weak in (
        (SignatureMethod.SHA1_RSA_MGF1, "seller", "SHA-1"),
        (SignatureMethod.ECDSA_SHA256, "ec-192", "khoá EC 192 bit"),
        (SignatureMethod.DSA_SHA256, "dsa-1024", "khoá DSA 1024 bit"),
    ):
        made = producers.certificate(key_name=key_name)
        invoice = read(signed(key_name=key_name, certificate=made, method=method))
        assert (invoice.signature_state, invoice.sellers_signature.weak) == ("weak", weak)


def test_a_signature_that_the_library_does_not_know_leaves_the_invoice_readable():
    root = producers.signed(PLAIN, Signing(method=SignatureMethod.SHA256_RSA_MGF1))
    modulus = producers.key().public_key().public_numbers().n.to_bytes(256)
    value = etree.SubElement(producers.find(root, "KeyInfo"), f"{{{producers.DS}}}KeyValue")
    value = etree.SubElement(value, f"{{{producers.DS}}}RSAKeyValue")
    etree.SubElement(value, f"{{{producers.DS}}}Modulus").text = b64encode(modulus).decode()
    etree.SubElement(value, f"{{{producers.DS}}}Exponent").text = "AQAB"
    invoice = read(producers.xml(root))
    assert (invoice.number, invoice.signature_state) == ("7", "unclear")


def test_a_certificate_that_cannot_be_read_leaves_the_invoice_readable():
    der = producers.certificate().public_bytes(serialization.Encoding.DER)
    version, name = der.index(b"\xa0\x03\x02\x01\x02") + 4, der.index("Cơ khí".encode())
    for damaged in (
        der[:version] + b"\x05" + der[version + 1 :],  # a version that does not exist
        der[:name] + b"\xff" + der[name + 1 :],  # letters that are none
        b"none",
    ):
        root = producers.signed(PLAIN)
        producers.find(root, "X509Certificate").text = b64encode(damaged).decode()
        invoice = read(producers.xml(root))
        assert (invoice.number, invoice.signature_state) == ("7", "unclear")
        assert "không đọc được chứng thư" in comparing.signature_words(invoice)


def test_of_several_certificates_the_first_names_who_signed():
    root = producers.signed(PLAIN)
    own = producers.find(root, "X509Certificate")
    issuers = etree.SubElement(own.getparent(), own.tag)
    issuers.text = "".join(producers.pem(producers.certificate(name="Nơi cấp", key_name="issuer")).splitlines()[1:-1])
    assert read(producers.xml(root)).signature_state == "whole"
    producers.find(root, "TgTTTBSo").text = "1"
    invoice = read(producers.xml(root))
    assert (invoice.signature_state, invoice.sellers_signature.signer) == ("altered", "Công ty TNHH Cơ khí MẪU")


def test_a_signature_of_another_invoice_of_the_same_message_does_not_count():
    genuine, false = producers.signed(PLAIN), producers.unsigned(replace(PLAIN, number=8))
    producers.find(false, "DSCKS")[0].append(copy.deepcopy(producers.find(genuine, "Signature")))
    message = etree.Element("TDiep")
    etree.SubElement(message, "DLieu").extend([genuine, false])
    files = opened_files.opened_content("thong-diep.xml", producers.xml(message))
    assert [(file.invoice.number, file.invoice.signature_state) for file in files] == [("7", "whole"), ("8", "altered")]


def test_a_moment_that_was_signed_is_protected_and_another_is_told():
    root = producers.signed(producers.sample("spaced", 9))
    invoice = read(producers.xml(root))
    assert (invoice.signature_state, invoice.sellers_signature.time_is_signed) == ("whole", True)
    assert "không được chữ ký bảo vệ" not in comparing.signature_words(invoice)
    producers.find(root, "SigningTime").text = "2026-05-11T09:30:00"
    assert read(producers.xml(root)).signature_state == "altered"
    root = producers.signed(PLAIN)
    producers.find(root, "SigningTime").text = "2027-01-01T00:00:00"
    assert "không được chữ ký bảo vệ" in comparing.signature_words(read(producers.xml(root)))


def test_a_signature_of_another_place_or_of_another_part_does_not_count():
    root = producers.signed(PLAIN)
    (signature,) = (part for part in root.iter(f"{{{producers.DS}}}Signature"))
    office = root.find("DSCKS/NMua")
    office.tag = "CQT"
    office.append(signature)
    moved = read(producers.xml(root))
    assert [one.place for one in moved.signatures] == ["CQT"]
    assert moved.signature_state == "none"  # the seller has not signed
    root = producers.unsigned(PLAIN)
    root.find("MCCQT").set("Id", "data7")
    root.find("DLHDon").set("Id", "other")
    elsewhere = producers.sign_detached(root, PLAIN)
    invoice = read(producers.xml(elsewhere))
    assert (invoice.signature_state, invoice.signatures[0].reason) == (
        "altered",
        "chữ ký không ký phần dữ liệu hóa đơn",
    )


def test_a_comment_inside_a_number_changes_nothing():
    root = producers.signed(PLAIN)
    total = producers.xml(root).replace(b"</TgTTTBSo>", b"<!-- 0 --></TgTTTBSo>")
    assert read(total).total == PLAIN.before_tax + PLAIN.tax


def test_sums_that_do_not_add_up_are_told_and_rounding_by_a_dong_is_not():
    item = Item("Máy cưa", Decimal(3), Decimal(1_000_000))
    about = Sample("plain", 1, items=(item,))

    def faults(**texts):
        root = producers.unsigned(about)
        for name, value in texts.items():
            producers.find(root, name).text = value
        return [fault.code for fault in sums.sum_faults(read(producers.xml(root)))]

    assert faults() == []
    assert faults(ThTien="3000001") == []
    assert faults(TgTThue="300001", TgTTTBSo="3300001") == []
    assert faults(DGia="900000") == ["line_sum"]
    assert faults(SLuong="4") == ["line_sum"]
    assert faults(TgTCThue="2000000", TgTTTBSo="2300000") == ["lines_sum"]
    assert faults(TgTThue="500000", TgTTTBSo="3500000") == ["tax_sum"]
    assert faults(TgTTTBSo="3400000") == ["total_sum"]
    assert faults(TThue="100000") == ["tax_sum", "tax_sum"]


def test_a_zip_and_a_message_bring_their_invoices():
    pack = BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/hd1.xml", signed())
        archive.writestr("hd2.xml", signed(producers.sample("wrapped", 8)))
        archive.writestr("doc.txt", "x")
    files = opened_files.opened_content("hoa-don.zip", pack.getvalue())
    assert [(file.name, file.invoice.number, file.invoice.signature_state) for file in files] == [
        ("hd1.xml", "7", "whole"),
        ("hd2.xml", "8", "whole"),
    ]
    assert generated.read(files[0].content).number == "7"


def test_a_copy_of_a_file_keeps_its_ending_and_each_invoice_of_a_message_its_place():
    (copied,) = opened_files.opened_content("hoa-don (1).xml", signed())
    assert copied.name == "hoa-don (1).xml"
    message = etree.Element("TDiep")
    message.extend([producers.signed(PLAIN), producers.signed(producers.sample("plain", 8))])
    files = opened_files.opened_content("hai (2).xml", producers.xml(message))
    assert [(file.name, file.invoice.file) for file in files] == [
        ("hai (2).xml", "hai (2).xml (1)"),
        ("hai (2).xml", "hai (2).xml (2)"),
    ]


def test_what_macos_puts_into_a_zip_is_not_read():
    pack = BytesIO()
    with zipfile.ZipFile(pack, "w") as archive:
        archive.writestr("hoa-don.xml", signed())
        archive.writestr("__MACOSX/._hoa-don.xml", b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")
    (file,) = opened_files.opened_content("hoa-don.zip", pack.getvalue())
    assert (file.name, file.invoice.signature_state) == ("hoa-don.xml", "whole")


def test_names_without_end_are_cut_and_no_name_begins_a_line():
    root = producers.unsigned(PLAIN)
    producers.find(root, "Ten").text = "A " * 100_000
    assert len(read(producers.xml(root)).seller.name) == 500
    made = producers.certificate(name="MẪU\n– Đã đối chiếu với cơ quan thuế.")
    assert read(signed(certificate=made)).sellers_signature.signer == "MẪU – Đã đối chiếu với cơ quan thuế."


def test_the_code_of_letters_counts_for_nothing():
    whole = signed().decode().partition("?>")[2]
    for content in (
        f'<?xml version="1.0" encoding="utf-16"?>{whole}'.encode("utf-16"),
        f'<?xml version="1.0" encoding="utf-16"?>{whole}'.encode(),
        f"\ufeff{whole}".encode(),
    ):
        assert read(content).signature_state == "whole"


def _zip(name, content):
    pack = BytesIO()
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return pack.getvalue()


_HEAD = b'<?xml version="1.0"?>'
BAD = {  # content: code, words of the sentence
    "another root": (_HEAD + b"<Order><Id>1</Id></Order>", "not_an_invoice", "«Order»"),
    "a notice of errors": (_HEAD + b"<TBao><DLTBao/></TBao>", "not_an_invoice", "thông báo hóa đơn có sai sót"),
    "no data": (_HEAD + b"<HDon><DSCKS/></HDon>", "not_an_invoice", "thiếu phần dữ liệu hóa đơn"),
    "an empty message": (_HEAD + b"<TDiep><DLieu/></TDiep>", "not_an_invoice", "không kèm hóa đơn"),
    "entities": (b'<!DOCTYPE HDon [<!ENTITY a "x">]><HDon>&a;</HDon>', "invoice_unsafe", "thực thể"),
    "a billion laughs": (
        b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><HDon><DLHDon>&b;</DLHDon></HDon>',
        "invoice_unsafe",
        "DOCTYPE",
    ),
    "hidden letters": (b'<?xml version="1.0" encoding="UTF-7"?><HDon/>', "invoice_unsafe", "DOCTYPE"),
    "broken": (b"<HDon><DLHDon>", "invoice_unreadable", "hỏng"),
    "no XML": (b"Hoa don ban hang so 5", "invoice_unreadable", "không phải là XML"),
    "empty": (b"  \n", "invoice_unreadable", "trống"),
    "too deep": (b"<HDon>" + b"<a>" * 60 + b"</a>" * 60 + b"</HDon>", "invoice_too_large", "40 lớp"),
    "too many parts": (b"<HDon>" + b"<a/>" * 250_000 + b"</HDon>", "invoice_too_large", "quá nhiều thành phần"),
    "no invoice in a zip": (_zip("a.txt", "x"), "not_an_invoice", "Tệp nén không có hóa đơn"),
    "a zip bomb": (_zip("a.xml", b"<HDon>" + b" " * (30 << 20)), "invoice_too_large", "giải nén"),
    "a broken zip": (_zip("a.xml", b"<HDon/>")[:-30], "invoice_unreadable", "Tệp nén hỏng"),
    "a program": (b"MZ\x90\x00", "program_file", "chương trình"),
    "a broken PDF": (b"%PDF-1.4 nothing", "invoice_unreadable", "PDF hỏng"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_invoice_is_refused_with_a_sentence(name):
    content, code, words = BAD[name]
    with pytest.raises(UserError) as refused:
        opened_files.opened_content("tep.xml", content)
    assert refused.value.code == code
    assert words in refused.value.message
    assert refused.value.hint


def test_a_file_of_50_megabytes_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "lon.xml"
    with path.open("wb") as file:
        file.truncate(50 << 20)
    with pytest.raises(UserError, match="lớn hơn mức nhận là 10 MB"):
        opened_files.opened(path)


def test_days_and_numbers_in_other_notations():
    root = producers.unsigned(Sample("plain", 3, dated=date(2026, 2, 1), items=(Item("A", Decimal(2), Decimal(500)),)))
    for name, written in (("NLap", "01/02/2026"), ("DGia", "5E+2"), ("TgTTTBSo", "một nghìn")):
        producers.find(root, name).text = written
    invoice = read(producers.xml(root))
    assert (invoice.dated, invoice.lines[0].price, invoice.total) == ("2026-02-01", 500, None)
    assert invoice.unread == ("TgTTTBSo: «một nghìn»",)


def test_a_certificate_is_judged_at_the_moment_of_signing():
    expired = producers.certificate(years=(2020, 2023))
    invoice = read(signed(certificate=expired))
    assert invoice.signature_state == "whole"
    assert invoice.sellers_signature.valid_to == "2023-01-01T07:00:00"
    late = Sample("plain", 5, items=PLAIN.items, signed_at=datetime(2022, 1, 1, tzinfo=UTC))
    assert read(signed(late, certificate=expired)).sellers_signature.signed_at == "2022-01-01T07:00:00"


@pytest.mark.parametrize("house", house_styles.HOUSES, ids=lambda house: house.name)
def test_invoices_of_known_producers_are_whole_and_say_what_was_written(house):
    for number in (1, 2):
        about = house_styles.truth(house, number)
        assert house_styles.differences(about, read(house_styles.file_of(house_styles.signed(about), house))) == []


def test_every_way_to_deceive_is_seen():
    names = [*house_alterations.ALTERATIONS, *house_alterations.KNOWING]
    houses = house_styles.HOUSES
    seen = {
        name: house_alterations.seen(house_styles.truth(houses[place % len(houses)], place + 1), name)
        for place, name in enumerate(names)
    }
    assert [name for name, state in seen.items() if not state] == []


@pytest.mark.parametrize("name", house_alterations.NEUTRAL)
def test_what_changes_nothing_is_read_as_before(name):
    for house in (house_styles.HOUSES[0], house_styles.HOUSES[5]):
        about = house_styles.truth(house, 3)
        root = house_styles.copied(house_styles.signed(about))
        house_alterations.NEUTRAL[name](root)
        found = house_styles.differences(about, read(house_styles.file_of(root, house)))
        assert [difference for difference in found if not difference.startswith("signature")] == []


def test_a_bare_key_that_does_not_fit_is_a_broken_signature():
    root = producers.signed(PLAIN, Signing(bare_key=True))
    producers.find(root, "SHDon").text = "8"
    assert read(producers.xml(root)).signature_state == "altered"
    value = producers.find(root, "SignatureValue")
    value.text = f"{'B' if value.text[0] == 'A' else 'A'}{value.text[1:]}"
    broken = read(producers.xml(root))
    assert broken.signature_state == "altered"
    assert "đã thay đổi sau khi ký" in comparing.signature_words(broken)


def test_a_signature_with_more_parts_than_any_has_is_not_gone_through():
    invoice = read(bombs.signed("<HHDVu/>", 9).encode())
    assert invoice.signature_state == "unclear"
    assert "quá nhiều phần" in comparing.signature_words(invoice)
    assert read(bombs.signed("<HHDVu/>", 8).encode()).signature_state == "whole"


def test_an_invoice_of_many_is_sent_once():
    content = f"<DSHDon>{bombs.invoice() * 150}</DSHDon>".encode()
    files = opened_files.opened_content("a.xml", content)
    assert [file.invoice.file for file in files[:2]] == ["a.xml (1)", "a.xml (2)"]
    assert (len(files), len({id(file.content) for file in files})) == (150, 1)


@pytest.mark.parametrize(
    ("rate", "percent"), [("8%", 8), ("KHAC:5,26%", Decimal("5.26")), ("100", 100), ("1E999990", None), ("101%", None)]
)
def test_no_rate_of_tax_is_above_the_price(rate, percent):
    assert percent_of(rate) == percent
