"""Untouched, of an unknown sender, edited, damaged, foreign, newer, locked: each file is called what it is."""

import io
import random
import re
import zipfile

import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook

from kcdesk.errors import UserError
from kcdesk.exchange.container import parts, signing
from kcdesk.exchange.container.manifest import FORMAT, NAMESPACE, write_part
from kcdesk.exchange.container.properties import FORMAT_PROPERTY, PACKAGE_PROPERTY
from kcdesk.exchange.verification import SENTENCES, inspect_file, inspect_package
from kcdesk.runtime.frozen import replace
from tests.examples import one_of
from tests.exchange.conftest import add, known, send
from tests.exchange.test_signing import Safe


@pytest.fixture(scope="module")
def content(sent):
    return sent.path.read_bytes()


@pytest.fixture(scope="module")
def keys(sender):
    return known(sender)


def judge(content, keys=None, password=""):
    return inspect_file(io.BytesIO(content), password, keys or {})


def unchanged(*given):
    """The part as it is; the workbook as it is."""
    return given[-1]


def rezip(content, change=unchanged, *, comment=b""):
    """The zip packed again by another program, some parts changed or, with None, dropped."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        new.comment = comment
    return file.getvalue()


def resave(content, change=unchanged):
    """Saved by another program of spreadsheets, which drops the custom parts."""
    book, file = load_workbook(io.BytesIO(content)), io.BytesIO()
    change(book)
    book.save(file)
    return file.getvalue()


def test_an_untouched_package_of_a_known_unit_is_authentic(content, keys, sent):
    found = judge(content, keys)

    assert found.status == "authentic"
    assert found.problems == ()
    assert found.package == sent.manifest.package
    assert (found.type, found.period, found.sender) == ("C", "2026-Q1", "TTKC-M")
    assert found.counts == {"thing": 2}
    assert found.manifest == sent.manifest


@pytest.mark.parametrize("others", [{}, {"a key": "TTKC-M"}])
def test_of_an_unknown_key_it_is_of_an_unknown_sender(content, others):
    assert judge(content, others).status == "unknown_sender"


def test_a_known_key_does_not_speak_for_another_unit(content, keys):
    assert judge(content, dict.fromkeys(keys, "ANOTHER")).status == "unknown_sender"


def test_the_path_is_the_door(sent, keys, tmp_path):
    assert inspect_package(sent.path, "", keys).status == "authentic"
    for path, code in ((tmp_path / "không có.xlsx", "no_file"), (tmp_path, "not_a_file")):
        with pytest.raises(UserError) as refused:
            inspect_package(path)
        assert refused.value.code == code


def test_a_flipped_byte_is_damage_wherever_it_is(make_store, small, tmp_path):
    store = make_store(small)
    add(store, name="Một")
    made = send(store, tmp_path / "p.xlsx")
    content, keys = made.path.read_bytes(), known(store)
    with zipfile.ZipFile(made.path) as archive:
        infos = archive.infolist()
        directory = archive.start_dir
    headers = {info.header_offset + place for info in infos for place in range(90)}
    tail = range(min(info.header_offset for info in infos if info.filename == parts.MANIFEST), len(content))
    places = sorted({*headers, *tail, *range(0, len(content), 23)})
    dice = random.Random(5)

    survivors = {}
    for place in one_of(6, places):
        flipped = bytearray(content)
        flipped[place] ^= dice.randrange(1, 256)
        status = judge(bytes(flipped), keys).status
        if status != "damaged":
            survivors[place] = status

    assert survivors == {}
    assert len(places) > 2500
    assert directory in places
    assert judge(content, keys).status == "authentic"


def test_a_single_bit_in_the_zip_s_directory_is_damage(content, keys):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.start_dir

    for place in range(start, len(content)):
        flipped = bytearray(content)
        flipped[place] ^= 1 << place % 8
        assert judge(bytes(flipped), keys).status == "damaged", place


def test_a_truncated_or_lengthened_file_is_damage(content, keys):
    for size in range(4, len(content), 499):
        assert judge(content[:size], keys).status == "damaged"
    assert judge(content + b"\0", keys).status == "damaged"
    assert judge(b"\0" + content, keys).status == "damaged"


def test_a_changed_cell_saved_by_another_program_is_an_edit(content, keys, sent):
    def change(book):
        book["Hồ sơ"]["C3"].value = "khác"

    found = judge(resave(content, change), keys)

    assert found.status == "edited"
    assert found.package == sent.manifest.package
    assert found.problems == (SENTENCES["edited"],)


def test_saving_alone_is_an_edit_too(content, keys):
    assert judge(resave(content), keys).status == "edited"


def test_a_sheet_changed_inside_the_zip_is_an_edit(content, keys):
    def change(name, part):
        return part.replace(b"00123", b"00124") if name.startswith("xl/") else part

    found = judge(rezip(content, change), keys)

    assert found.status == "edited"
    assert found.manifest is not None


def test_packing_again_without_a_change_is_an_edit_that_says_so(content, keys):
    for comment in (b"", b"7-Zip"):
        found = judge(rezip(content, comment=comment), keys)
        assert found.status == "edited"
        assert "nội dung không đổi" in found.problems[0]


def test_a_program_that_copies_every_entry_with_its_header_is_found_out(content, keys):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info))

    assert judge(file.getvalue(), keys).status == "edited"


@pytest.mark.parametrize("gone", [parts.RECORDS, parts.MANIFEST, "xl/worksheets/sheet2.xml", "docProps/custom.xml"])
def test_a_part_that_is_gone_is_an_edit(content, keys, gone):
    assert judge(rezip(content, lambda name, part: None if name == gone else part), keys).status == "edited"


@pytest.mark.parametrize("added", ["xl/calcChain.xml", "customXml/item2.xml"])
def test_a_part_that_a_program_added_is_an_edit(content, keys, added):
    file = io.BytesIO(rezip(content))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(added, "<x/>")

    assert judge(file.getvalue(), keys).status == "edited"


def test_records_changed_under_untouched_sheets_are_damage(content, keys):
    changed = rezip(content, lambda name, part: part + b"{}\n" if name == parts.RECORDS else part)

    assert judge(changed, keys).status == "damaged"


def test_a_record_smuggled_in_is_damage(content, keys):
    file = io.BytesIO(rezip(content))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("kcdesk/more.jsonl", "{}")

    assert judge(file.getvalue(), keys).status == "damaged"


def test_a_manifest_of_another_key_is_damage_or_a_stranger(content, keys, sent):
    forged = write_part(replace(sent.manifest, period="2030"), signing.signing_key(Safe()))
    unsigned = re.sub(rb"<signature>.*</signature>", b"<signature>AAAA</signature>", forged)

    def swap(part):
        return rezip(content, lambda name, old: part if name == parts.MANIFEST else old)

    assert judge(swap(unsigned), keys).status == "damaged"
    assert judge(swap(forged), keys).status == "edited"  # whole, but not as its maker sealed it


def test_a_signed_manifest_that_counts_wrong_is_damage(sender, sent, keys, content):
    key = signing.signing_key(sender)
    wrong = write_part(replace(sent.manifest, counts={"thing": 7}), key)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for info in old.infolist():
            new.writestr(info, wrong if info.filename == parts.MANIFEST else old.read(info))
    parts.seal(file, key)

    found = judge(file.getvalue(), keys)

    assert found.status == "damaged"
    assert "không khớp với bản kê" in found.problems[0]


def test_excel_may_number_the_manifest_s_part_anew(content, keys, sent):
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if not name.startswith("kcdesk/"):
                new.writestr(name.replace("item1.xml", "item3.xml"), old.read(name))

    found = judge(file.getvalue(), keys)

    assert found.status == "edited"
    assert found.manifest == sent.manifest


def test_a_newer_format_is_told_from_the_manifest_and_from_the_properties(content, keys):
    newer = etree.Element(f"{{{NAMESPACE}}}package")
    etree.SubElement(newer, f"{{{NAMESPACE}}}manifest").text = f'{{"format": {FORMAT + 1}}}'

    def change(book):
        book.custom_doc_props[FORMAT_PROPERTY].value = FORMAT + 1

    by_manifest = rezip(content, lambda name, part: etree.tostring(newer) if name == parts.MANIFEST else part)
    assert judge(by_manifest, keys).status == "newer"
    assert judge(resave(content, change), keys).status == "newer"


def test_what_is_not_ours_is_foreign(keys):
    workbook = io.BytesIO()
    Workbook().save(workbook)
    plain_zip = io.BytesIO()
    with zipfile.ZipFile(plain_zip, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    old_binary = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000)

    for strange in (workbook.getvalue(), plain_zip.getvalue(), old_binary, b"", b"%PDF-1.7", b"\0" * 5000):
        found = judge(strange, keys)
        assert found.status == "foreign"
        assert found.problems == (SENTENCES["foreign"],)


def test_a_workbook_of_somebody_else_with_our_property_is_only_an_edit(keys):
    from openpyxl.packaging.custom import StringProperty

    book, file = Workbook(), io.BytesIO()
    book.custom_doc_props.append(StringProperty(name=PACKAGE_PROPERTY, value="x"))
    book.save(file)

    assert judge(file.getvalue(), keys).status == "edited"


def test_bombs_and_entities_are_refused_with_a_sentence(content, keys):
    def bomb(name, part):
        return bytes(40 << 20) if name == "xl/styles.xml" else part

    def entities(name, part):
        return b'<!DOCTYPE x [<!ENTITY a "b">]><x/>' if name == "xl/styles.xml" else part

    for unsafe in (rezip(content, bomb), rezip(content, entities)):
        found = judge(unsafe, keys)
        assert found.status == "damaged"
        assert "giới hạn an toàn" in found.problems[0]


def test_random_bytes_never_break_the_program(content, keys):
    dice = random.Random(11)
    for _ in range(150):
        mutated = bytearray(content)
        for _ in range(dice.randrange(1, 30)):
            place = dice.randrange(len(mutated))
            mutated[place : place + dice.randrange(20)] = dice.randbytes(dice.randrange(20))
        assert judge(bytes(mutated), keys).status in ("damaged", "edited", "foreign")
