"""Writes the licences of what is shipped: their texts into resources/licences/, their list as a page of help.

    .venv/bin/python .ci/licences.py

Packages are those of locked.txt, as they are installed beside this Python; their texts come from the packages. What is
inside the packages or beside them (Qt, pdfium, OpenSSL, SQLCipher, SQLite, Python, letters, icons) is named in OTHERS,
with the texts that lie in resources/licences/others/. Run it after every change of locked.txt; tests/test_licences.py
notices what is missing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
LOCKED = ROOT / ".ci" / "locked.txt"
FOLDER = ROOT / "resources" / "licences"
PAGE = ROOT / "resources" / "help" / "pages" / "licences.md"
# What builds the program, and is not in it.
BUILDERS = ("hatchling", "editables", "packaging", "pathspec", "pluggy", "trove-classifiers", "pip")
_NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)
_TEXT = re.compile(r"licen[cs]e|copying|notice", re.IGNORECASE)
_LONGEST = 400_000  # letters of the texts of one package


class Other(NamedTuple):
    """Something shipped that is no package of its own: its name, where it is, its licence, the file with the text."""

    name: str
    place: str
    licence: str
    file: str


OTHERS = (
    Other("Python", "chương trình đóng gói", "PSF-2.0", "licences/others/python.txt"),
    Other("Qt 6", "pyside6-essentials", "LGPL-3.0", "licences/others/lgpl-3.0.txt"),
    Other("pdfium", "pypdfium2", "BSD-3-Clause, Apache-2.0", "licences/pypdfium2.txt"),
    Other("OpenSSL", "cryptography, Python", "Apache-2.0", "licences/others/openssl.txt"),
    Other("SQLCipher", "sqlcipher3", "BSD-3-Clause", "licences/others/sqlcipher.txt"),
    Other("SQLite", "sqlcipher3", "Public domain", "licences/others/sqlite.txt"),
    Other("libjpeg-turbo, libtiff, libwebp, FreeType, lcms2 …", "pillow", "MIT-CMU …", "licences/pillow.txt"),
    Other("libxml2, libxslt", "lxml", "MIT", "licences/others/libxml2.txt"),
    Other("HarfBuzz", "uharfbuzz", "MIT (Old)", "licences/others/harfbuzz.txt"),
    Other("Chữ Tinos", "resources/fonts", "OFL-1.1", "fonts/OFL-Tinos.txt"),
    Other("Chữ Noto Sans", "resources/fonts", "OFL-1.1", "fonts/OFL-NotoSans.txt"),
    Other("Chữ Noto Sans Cham", "resources/fonts", "OFL-1.1", "fonts/OFL-NotoSansCham.txt"),
    Other("Chữ Noto Serif Khmer", "resources/fonts", "OFL-1.1", "fonts/OFL-NotoSerifKhmer.txt"),
    Other("Hình Lucide", "resources/icons", "ISC", "icons/LICENSE"),
)


def main() -> int:
    """Write the texts and the page."""
    rows, missing = [], []
    for name, version in packages():
        package = distribution(name)
        if package.version != version:
            missing.append(f"{name}: {package.version} is installed, {version} is locked")
        text = "\n\n".join(texts(package)) or standard_text(licence_of(package))
        if not text:
            missing.append(f"{name}: no text of a licence")
        (FOLDER / f"{name}.txt").write_text(text[:_LONGEST], encoding="utf-8", newline="\n")
        rows.append(f"| {name} | {version} | {licence_of(package)} |")
    others = [f"| {other.name} | {other.place} | {other.licence} |" for other in OTHERS]
    PAGE.write_text(page(rows, others), encoding="utf-8", newline="\n")
    print("\n".join(missing or [f"{len(rows)} packages and {len(others)} others."]))
    return bool(missing)


def packages() -> Iterator[tuple[str, str]]:
    """The packages that are shipped, with their versions."""
    for name, version in _NAME.findall(LOCKED.read_text("utf-8")):
        if name not in BUILDERS:
            yield name, version


def licence_of(package: Distribution) -> str:
    """The licence as the package names it, in few words."""
    metadata = package.metadata
    named = metadata.get("License-Expression") or ""
    classes = [item.rpartition(":: ")[2] for item in metadata.get_all("Classifier") or [] if item.startswith("License")]
    return named or ", ".join(classes) or (metadata.get("License") or "").partition("\n")[0] or "xem văn bản"


def texts(package: Distribution) -> Iterator[str]:
    """The texts that lie in the package, each below its name."""
    for file in package.files or []:
        if ".dist-info" in str(file) and (_TEXT.search(file.name) or "licenses/" in str(file)):
            path = Path(str(package.locate_file(file)))
            if path.is_file():
                shown = str(file).rpartition(".dist-info/")[2].removeprefix("licenses/")
                yield f"=== {shown} ===\n\n{path.read_text('utf-8', errors='replace').strip()}\n"


def standard_text(licence: str) -> str:
    """The text in resources/licences/others/ of a licence that a package names without bringing it."""
    files = {"LGPL": "lgpl-3.0.txt and others/gpl-3.0.txt"}
    return next((f"{licence}: see others/{file}\n" for mark, file in files.items() if mark in licence), "")


def page(rows: list[str], others: list[str]) -> str:
    """The page of help."""
    head = (
        "# Giấy phép của các thành phần\n\nkcdesk là phần mềm tự do, giấy phép Apache 2.0. Bộ cài mang theo các thành"
        " phần dưới đây, mỗi thành phần theo giấy phép riêng; văn bản đầy đủ"
        " ở thư mục `resources/licences` của chương trình."
        " Qt và PySide6 dùng theo LGPL 3.0: ai cũng có quyền thay các tệp thư viện ấy bằng bản khác.\n"
    )
    table = ["| Thành phần | Phiên bản | Giấy phép |", "|---|---|---|", *rows]
    inside = ["| Nằm trong | Thuộc về | Giấy phép |", "|---|---|---|", *others]
    return "\n".join([head, *table, "", *inside, "", "Đọc tiếp: [Giới thiệu](help:about)", ""])


if __name__ == "__main__":
    sys.exit(main())
