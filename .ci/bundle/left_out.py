"""What PyInstaller would take along and nobody needs: modules by name, files by pattern, each with its reason.

A file is named as it lies in the folder of the program. `kept` goes over the lists of PyInstaller; `useless` says which
patterns match nothing any more. The whole `kcdesk demo` and `.ci/bundle/drive.py` run without all of these.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

import icu_data

Entry = tuple[str, str, str]  # name in the folder, path of the file, kind: as PyInstaller lists them

MODULES = (
    *("tkinter", "PIL._imagingtk", "PIL.ImageTk"),  # another toolkit of windows
    *("PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtNetwork", "PySide6.QtDBus"),  # the window asks none of them
    *("psycopg", "psycopg_binary", "pyarrow", "duckdb"),  # the extra `publish` is not for laptops
    *("lxml.objectify", "lxml.cssselect", "PIL._avif", "PIL.AvifImagePlugin"),  # see FILES
    *("unittest", "pdb", "pydoc_data", "lib2to3", "ensurepip", "setuptools", "pip", "test"),  # tools of developers
)

# Pattern of files: why the program does without them.
EVERYWHERE = {
    "PIL/_avif*": "no attachment is AVIF (resources/file_kinds.toml)",
    "lxml/objectify*": "XML is read by etree only",
    "PySide6/*translations/*": "texts of Qt are Vietnamese from resources/translations",
    "*/plugins/networkinformation/*": "nothing is sent or fetched",
    "*/plugins/tls/*": "nothing is sent or fetched",
    "*/plugins/generic/*": "touch over the network and bare input devices",
    "*/plugins/imageformats/*qtga*": "no such picture is shown; Pillow reads what people attach",
    "*/plugins/imageformats/*qwbmp*": "as qtga",
    "*/plugins/imageformats/*qicns*": "as qtga",
    "*/plugins/imageformats/*qtiff*": "as qtga",
    "*/plugins/imageformats/*qpdf*": "pages are drawn by pdfium in the worker process",
    "*/plugins/imageformats/*qwebp*": "as qtga",
    "*/plugins/platforms/*qminimal*": "draws nothing",
    "rapidfuzz/*_avx2.*": "words are compared as fast as anybody types without the newest processors",
    "rapidfuzz/distance/metrics_cpp*": "words are compared by `fuzz`; the rest has its Python in place of it",
    **dict.fromkeys(
        (
            f"tzdata/zoneinfo/{place}/*"
            for place in ("Africa", "America", "Antarctica", "Atlantic", "Europe", "Pacific")
        ),
        "days and calendars are of Viet Nam",
    ),
    "pluggy-*": "the hooks of sqlite-utils are for its own command line",
    "docx/templates/default-docx-template/*": "the same template lies beside it as default.docx",
    "stdnum/cn/*": "numbers of other countries",
    "stdnum/oui.dat": "makers of network cards; tax codes need none",
    "stdnum/imsi.dat": "numbers of SIM cards",
    "stdnum/isbn.dat": "numbers of books",
}
WINDOWS = {
    "*opengl32sw.dll": "a processor that draws 3D; the window draws without OpenGL",
    "*d3dcompiler_47.dll": "as opengl32sw.dll",
    "*Qt6Network.dll": "nothing is sent or fetched",
    "*Qt6OpenGL*.dll": "as opengl32sw.dll",
    "*Qt6Pdf.dll": "pages are drawn by pdfium",
    "*Qt6VirtualKeyboard.dll": "Windows has its own",
    "*Qt6Qml*.dll": "the window is made of widgets",
    "*Qt6Quick*.dll": "the window is made of widgets",
    "*/plugins/styles/*": "the window has the style Fusion, which is in Qt6Widgets",
    "*/plugins/platforms/qdirect2d.dll": "a second way to draw; qwindows.dll is the usual one",
    "*/plugins/platforminputcontexts/*": "Windows has its own keyboard",
}
LINUX = {
    "*/plugins/platforms/libqeglfs*": "screens without a desktop",
    "*/plugins/platforms/libqlinuxfb*": "screens without a desktop",
    "*/plugins/platforms/libqvnc*": "a server of screens",
    "*/plugins/platforms/libqvkkhrdisplay*": "screens without a desktop",
    "*/plugins/egldeviceintegrations/*": "screens without a desktop",
    "*libQt6EglF*": "screens without a desktop",
    "*libQt6Network.so*": "nothing is sent or fetched",
    "*/plugins/platformthemes/libqgtk3*": "brings GTK along; the program has a look of its own",
    **dict.fromkeys(
        (
            *("*/plugins/platforms/libqwayland*", "*/plugins/wayland-*", "*libQt6Wayland*.so*", "*libQt6WlShell*.so*"),
            "*libQt6OpenGL.so*",  # only they ask for it
        ),
        "a desktop of Wayland shows programs for X11 too",
    ),
    # Libraries of the desktop that only those needed, or that a system with a printer has itself.
    **dict.fromkeys(
        (
            *("libgtk-3.so*", "libgdk*.so*", "libcairo*.so*", "libpango*.so*", "libatk*.so*", "libatspi*.so*"),
            *("libgio-2.0.so*", "libharfbuzz.so*", "libpixman-1.so*", "libthai.so*", "libdatrie.so*", "libfribidi.so*"),
            *("libcups.so*", "libgnutls.so*", "libp11-kit.so*", "libunistring.so*", "libidn2.so*", "libtasn1.so*"),
            *("libnettle.so*", "libhogweed.so*", "libgmp.so*", "libavahi-*.so*", "libmount.so*", "libblkid.so*"),
            *("libkrb5*.so*", "libgssapi_krb5.so*", "libk5crypto.so*", "libcom_err.so*", "libkeyutils.so*"),
            *("libselinux.so*", "libjpeg.so*", "libepoxy.so*"),
        ),
        "of GTK or of CUPS; a system that prints has CUPS itself",
    ),
    # Of D-Bus, GLib and the screen: Qt needs them, every desktop has them (.ci/fresh.py asks for some).
    **dict.fromkeys(
        (
            *("libsystemd.so*", "libgcrypt.so*", "libgpg-error.so*", "liblz4.so*", "libcap.so*", "libdbus-1.so*"),
            *("libglib-2.0.so*", "libgthread-2.0.so*", "libgobject-2.0.so*", "libgmodule-2.0.so*", "libpcre2-8.so*"),
            *("libX11.so*", "libXext.so*", "libXrender.so*", "libfontconfig.so*", "libfreetype.so*", "libexpat.so*"),
            *("libbsd.so*", "libmd.so*", "libbrotli*.so*", "libpng16.so*", "libgraphite2.so*", "libXdmcp.so*"),
        ),
        "a library of the desktop; two of them in one process do not agree",
    ),
    "libreadline.so*": "nobody types Python here",
    "libtinfo.so*": "nobody types Python here",
    "*lib-dynload/readline*": "nobody types Python here",
    "*lib-dynload/_curses*": "no command draws on the terminal",
}
FILES = {**EVERYWHERE, **({"win32": WINDOWS, "linux": LINUX}.get(sys.platform, {}))}
# Debian's Python and SQLCipher's wheel bring their debugging symbols along: two thirds of their size.
STRIPPED = (
    "libpython3*.so*",
    "sqlcipher3/*.so",
    "*lib-dynload/*.so",
    "cryptography/*.so",
    "PIL/*.so",
    "*/libpdfium.so",
    "uharfbuzz/*",
)
OURS = ("forms/", "resources/")  # all of it is needed
ICU = "*/libicudata.so.*"


def kept(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that match no pattern; a symbolic link to a file that is left out goes too."""
    return [entry for entry in entries if not is_left_out(entry[0])]


def is_left_out(name: str) -> bool:
    """Whether the program does without a file."""
    shown = name.replace("\\", "/")
    if shown.startswith(OURS):
        return False
    base = shown.rpartition("/")[2]
    return any(_fits(shown, base, pattern) for pattern in FILES)


def slimmed(entries: Iterable[Entry], folder: Path) -> list[Entry]:
    """The entries; what can be smaller is a smaller copy in `folder`."""
    return [(name, _slim(name, path, folder) if kind != "SYMLINK" else path, kind) for name, path, kind in entries]


def _slim(name: str, path: str, folder: Path) -> str:
    """The path of the smaller copy of a file, or its own."""
    copy = folder / name
    if sys.platform != "linux" or not any(fnmatch(name, pattern) for pattern in (*STRIPPED, ICU)):
        return path
    copy.parent.mkdir(parents=True, exist_ok=True)
    if fnmatch(name, ICU):
        icu_data.small_library(Path(path), copy)
    else:
        subprocess.run(["strip", "-o", str(copy), path], check=True)
    return str(copy)


def _fits(name: str, base: str, pattern: str) -> bool:
    return fnmatch(name, pattern) or ("/" not in pattern and fnmatch(base, pattern))


def digits(version: str) -> tuple[int, ...]:
    """The numbers of a version, four of them as Windows wants."""
    numbers = [int(number) for number in re.findall(r"\d+", version)][:4]
    return tuple(numbers + [0] * (4 - len(numbers)))
