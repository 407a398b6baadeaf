"""Files that are no package for this store: each is told in a sentence, the store stays as it was, byte for byte."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from kcdesk.errors import KcdeskError
from kcdesk.exchange.container.manifest import FORMAT
from kcdesk.formdef.loading.loader import load
from kcdesk.services.handover.packages import preview, receiving
from kcdesk.services.records import changing
from tests.services.exchange_support import Offices, whole


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Offices, a unit, the province, and a package of the unit, plain and locked; nothing here takes one in."""
    offices = Offices(tmp_path_factory.mktemp("offices"), load())
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    changing.add(unit, "proposal", {"title": "Máy cưa", "budget": [{"item": "Máy", "cost": 5}]})
    plain, _ = offices.export(unit)
    locked, _ = offices.export(unit, password="khoá")
    yield offices, unit, province, plain.read_bytes(), locked.read_bytes()
    offices.close()


def packed(content: bytes, changes: dict[str, bytes] | None = None, added: dict[str, bytes] | None = None) -> bytes:
    """The zip with some parts changed or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, (changes or {}).get(name, old.read(name)))
        for name, part in (added or {}).items():
            new.writestr(name, part)
    return target.getvalue()


def saved(content: bytes, change) -> bytes:
    """The workbook as another program saves it after a change."""
    book = load_workbook(io.BytesIO(content))
    change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def stranger() -> bytes:
    book, target = Workbook(), io.BytesIO()
    book.active.append(["Danh sách"])
    book.save(target)
    return target.getvalue()


def renamed(book) -> None:
    book["Đề án"].title = "Trang tính 1"


def formulas(book) -> None:
    book["Đề án"]["C3"] = "=[khac.xlsx]Sheet1!A1"
    book["Đề án"]["D3"] = '=WEBSERVICE("http://example.invalid")'


def wide(book) -> None:
    book["Đề án"].cell(3, 16_384).value = "cột cuối cùng"


_ROWS = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
MILLION_COLUMNS = _ROWS % (
    b'<row r="1">' + b"".join(b"<c><v>%d</v></c>" % number for number in range(1_000_000)) + b"</row>"
)
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'

BAD = {
    "empty": (lambda _: b"", "foreign"),
    "text": (lambda _: "không phải bảng tính".encode(), "foreign"),
    "picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(500), "foreign"),
    "old Excel": (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000), "foreign"),
    "truncated": (lambda content: content[: len(content) // 2], "damaged"),
    "one byte short": (lambda content: content[:-1], "damaged"),
    "bomb by ratio": (lambda content: packed(content, {"xl/styles.xml": bytes(60 << 20)}), "damaged"),
    "bomb by count": (lambda content: packed(content, None, {f"x/{n}": b"" for n in range(20_001)}), "damaged"),
    "bomb by nesting": (lambda content: packed(content, None, {"xl/inner.zip": packed(content)}), "edited"),
    "entities": (lambda content: packed(content, {"xl/styles.xml": ENTITIES}), "damaged"),
    "sheets renamed": (lambda content: saved(content, renamed), "edited"),
    "a million columns": (lambda content: packed(content, {"xl/worksheets/sheet2.xml": MILLION_COLUMNS}), "edited"),
    "the last column": (lambda content: saved(content, wide), "edited"),
    "formulas and links": (lambda content: saved(content, formulas), "edited"),
    "macros": (lambda content: packed(content, None, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "edited"),
    "another programme": (lambda _: stranger(), "foreign"),
}


def files_of(workspace) -> dict[str, str]:
    """The hash of every file of the store but those that SQLite keeps while it is open."""
    found = sorted(path for path in workspace.store.folder.rglob("*") if path.is_file() and "-shm" not in path.name)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


def refuse(office, content: bytes, password: str = "") -> KcdeskError:
    """Why the province does not take a file in; it says the same when it only looks, and nothing has changed."""
    offices, _, province, _, _ = office
    path = offices.path()
    path.write_bytes(content)
    before, files = whole(province), files_of(province)
    with pytest.raises(KcdeskError) as refused:
        receiving.receive(province, path, password)
    assert preview.preview_package(province, path, password).code == refused.value.code
    assert (whole(province), files_of(province)) == (before, files)
    assert path.read_bytes() == content
    return refused.value


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_told_in_a_sentence(office, name):
    make, code = BAD[name]
    found = refuse(office, make(office[3]))
    assert found.code == code
    assert found.message.endswith(".")
    assert found.hint
    assert ("giới hạn an toàn" in found.message) is (name in ("bomb by ratio", "bomb by count", "entities"))


@pytest.mark.parametrize("password", ["", "sai", "KHOÁ"])
def test_a_wrong_password_is_told(office, password):
    assert refuse(office, office[4], password).code == "locked"


def test_a_newer_format_is_told_before_anything_is_believed(office):
    part = "customXml/item1.xml"
    with zipfile.ZipFile(io.BytesIO(office[3])) as package:
        newer = package.read(part).replace(b'"format":%d' % FORMAT, b'"format":99')
    assert refuse(office, packed(office[3], {part: newer})).code == "newer"


def test_a_package_of_ourselves_is_told(office):
    offices, _, province, *_ = office
    changing.add(province, "beneficiary", {"name": "Cơ sở của Sở"})
    path, _ = offices.export(province, receiver="SCT")
    assert refuse(office, path.read_bytes()).code == "own_package"
