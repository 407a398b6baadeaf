"""A file from nobody knows where cannot exhaust or trick the program."""

import io
import zipfile

import pytest

from kcdesk.exchange.container import safe_zip
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError, parse_xml


def archive_of(*parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return file


def test_parts_are_read_and_hashed():
    with SafeArchive(archive_of(("a.xml", "<a/>"))) as archive:
        assert archive.read("a.xml") == b"<a/>"
        assert archive.xml("a.xml").tag == "a"
        assert len(archive.digests()["a.xml"]) == 64
        assert "a.xml" in archive
        assert "b.xml" not in archive


def test_a_bomb_is_refused_before_it_is_unpacked():
    with pytest.raises(UnsafeArchiveError):
        SafeArchive(archive_of(("xl/sheet.xml", bytes(20 << 20))))


def test_a_zip_inside_the_zip_stays_closed():
    bomb = archive_of(("x", bytes(20 << 20))).getvalue()

    with SafeArchive(archive_of(("inner.zip", bomb))) as archive:
        assert archive.read("inner.zip") == bomb


@pytest.mark.parametrize(("limit", "value"), [("MAX_PARTS", 2), ("MAX_TOTAL_SIZE", 10)])
def test_too_many_or_too_much_is_refused(monkeypatch, limit, value):
    monkeypatch.setattr(safe_zip, limit, value)

    with pytest.raises(UnsafeArchiveError):
        SafeArchive(archive_of(("a", "12345"), ("b", "12345"), ("c", "12345")))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused():
    with pytest.raises(UnsafeArchiveError):
        SafeArchive(archive_of(("a", "1"), ("a", "2")))


def test_what_is_not_a_zip_is_broken():
    for content in (b"", b"PK\3\4", b"x" * 5000):
        with pytest.raises(BrokenArchiveError):
            SafeArchive(io.BytesIO(content))


def test_entities_are_refused_in_whatever_encoding():
    bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx">]><a>&x;</a>'

    for content in (bomb.encode(), bomb.encode("utf-16")):
        with pytest.raises(UnsafeArchiveError):
            parse_xml(content)
    with (
        SafeArchive(archive_of(("xl/workbook.xml", bomb))) as archive,
        pytest.raises(UnsafeArchiveError),
    ):
        archive.digests()


def test_broken_xml_is_broken():
    with pytest.raises(BrokenArchiveError):
        parse_xml(b"<a>")


@pytest.mark.parametrize("cell", [b"<c r='A1'/>", b"<c/>", b"<c>1</c>", b"<x:c r='A1'/>", b"<x:c/>"])
def test_cells_are_counted_however_they_are_written(cell):
    sheet = b"<x:sheet xmlns:x='urn:x'>" + 3 * cell + b"</x:sheet>"
    with SafeArchive(archive_of(("xl/worksheets/sheet1.xml", sheet))) as archive:
        archive.refuse_unsafe_parts(most_cells=3)
        with pytest.raises(UnsafeArchiveError):
            archive.refuse_unsafe_parts(most_cells=2)
