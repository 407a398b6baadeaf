"""What the folder of the program is made of: one version, icons of every size, nothing left out that is needed."""

import ast
import re
import struct
import sys
from pathlib import Path

import pytest
from PIL import Image

import kcdesk
from kcdesk import paths
from tests.sources import modules_with

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / ".ci" / "bundle"


@pytest.fixture
def tools(monkeypatch):
    monkeypatch.syspath_prepend(str(TOOLS))


def test_the_version_stands_in_one_place():
    written = re.compile(rf"\b{re.escape(kcdesk.__version__)}\b")
    files = (ROOT / "pyproject.toml", ROOT / "build_installer.spec", *TOOLS.glob("*.py"), *TOOLS.glob("*.nsi"))
    assert [file.name for file in files if written.search(file.read_text(encoding="utf-8"))] == []


def test_the_icon_has_every_size_that_windows_asks_for():
    with Image.open(paths.resources() / "icons" / "program" / "kcdesk.ico") as icon:
        assert {(16, 16), (20, 20), (24, 24), (32, 32), (48, 48), (64, 64), (256, 256)} <= icon.info["sizes"]
    with Image.open(paths.resources() / "icons" / "program" / "kcdesk.icns") as icon:
        assert {size[0] for size in icon.info["sizes"]} >= {16, 32, 128, 256, 512}


def test_the_small_icon_is_not_the_large_one_made_smaller():
    with Image.open(paths.resources() / "icons" / "program" / "kcdesk.ico") as icon:
        small = icon.ico.getimage((16, 16)).convert("RGBA")
        shrunk = icon.ico.getimage((256, 256)).convert("RGBA").resize((16, 16))
    assert small.tobytes() != shrunk.tobytes()
    white = sum(pixel[:3] == (255, 255, 255) for pixel in small.get_flattened_data())
    assert white > 50, "the gear of the small icon is to be seen: a fifth of its pixels"


@pytest.mark.parametrize(
    ("name", "is_left_out"),
    [
        ("forms/proposal.toml", False),
        ("resources/translations/qtbase_vi.qm", False),
        ("resources/icons/kcdesk.svg", False),
        ("PySide6/Qt6Core.dll", False),
        ("PySide6\\plugins\\platforms\\qwindows.dll", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", False),
        ("PySide6/Qt/plugins/imageformats/libqjpeg.so", False),
        ("PySide6/Qt/plugins/printsupport/libcupsprintersupport.so", False),
        ("libssl.so.3", False),
        ("PIL/_avif.cpython-311-x86_64-linux-gnu.so", True),
        ("PySide6/Qt/translations/qt_de.qm", True),
        ("PySide6\\translations\\qt_de.qm", True),
    ],
)
@pytest.mark.usefixtures("tools")
def test_what_is_left_out(name, is_left_out):
    import left_out  # its folder is no package

    assert left_out.is_left_out(name) is is_left_out


@pytest.mark.usefixtures("tools")
def test_every_shipped_file_is_kept():
    import left_out  # as above

    shipped = [path.relative_to(ROOT).as_posix() for top in ("forms", "resources") for path in (ROOT / top).rglob("*")]
    assert [name for name in shipped if left_out.is_left_out(name)] == []


@pytest.mark.parametrize(
    ("version", "numbers"), [("0.1.0", (0, 1, 0, 0)), ("1.12.3", (1, 12, 3, 0)), ("2.0.0rc1", (2, 0, 0, 1))]
)
@pytest.mark.usefixtures("tools")
def test_windows_reads_a_version_as_four_numbers(version, numbers):
    import left_out  # as above

    assert left_out.digits(version) == numbers


def _package(items: dict[str, bytes]) -> bytes:
    """A package of language data as ICU's own description of the format has it: head, table, names, items."""
    head = struct.pack("<HBB", 32, 0xDA, 0x27) + b"\x14\0\0\0\0\0\2\0CmnD" + bytes(16)
    names = [f"icudt73l/{name}".encode() + b"\0" for name in items]
    place = 4 + 8 * len(items)
    data = place + sum(map(len, names))
    data += -data % 16
    table, blocks = struct.pack("<I", len(items)), b""
    for name, content in zip(names, items.values(), strict=True):
        table += struct.pack("<II", place, data + len(blocks))
        place += len(name)
        blocks += content + bytes(-len(content) % 16)
    return head + (table + b"".join(names)).ljust(data, b"\0") + blocks


@pytest.mark.usefixtures("tools")
def test_language_data_keep_vietnamese_and_what_belongs_to_no_language():
    import icu_data  # as above

    items = {
        "coll/de.res": b"d" * 40,
        "coll/root.res": b"r" * 20,
        "coll/ucadata.icu": b"u" * 33,
        "coll/vi.res": b"v" * 16,
        "curr/supplementalData.res": b"s",
        "de.res": b"d" * 100,
        "de_AT.res": b"a",
        "en.res": b"e",
        "root.res": b"0",
        "translit/el.res": b"t" * 64,
        "vi.res": b"w" * 5,
        "vi_VN.res": b"x" * 6,
        "zoneinfo64.res": b"z" * 7,
    }
    small = icu_data.small_package(_package(items))
    kept = {
        name: content for name, content in items.items() if name.split("/")[-1][:2] != "de" and "el.res" not in name
    }
    assert small[: len(_package(kept))] == _package(kept)


@pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS have the data in the system")
@pytest.mark.usefixtures("tools")
def test_the_language_data_of_qt_are_such_a_package():
    import icu_data  # as above
    import PySide6

    library = next((Path(PySide6.__file__).parent / "Qt" / "lib").glob("libicudata.so.*"))
    content = library.read_bytes()
    match = icu_data.package_in(content)
    small = icu_data.small_package(content[match:])
    assert len(small) < 5_000_000 < 25_000_000 < len(content)
    for name in (b"/vi.res", b"/coll/vi.res", b"/root.res", b"/zoneinfo64.res"):
        assert name in small
    assert b"/coll/zh.res" not in small


@pytest.mark.usefixtures("tools")
def test_no_module_that_is_left_out_is_imported():
    """But in `publishing`, whose libraries are an extra that laptops do not have."""
    import left_out  # beside build_installer.spec

    wanted = []
    for path, tree in modules_with("|".join(rf"\b{re.escape(out.rpartition('.')[2])}\b" for out in left_out.MODULES)):
        for name in _imported(tree):
            if "publi" not in path.as_posix() and any(f"{name}.".startswith(f"{out}.") for out in left_out.MODULES):
                wanted.append(f"{path.relative_to(ROOT)}: {name}")
    assert wanted == []


def _imported(tree):
    """The names of modules that a source may import, those of `from a import b` both ways."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
