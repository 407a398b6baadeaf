"""Builds the folder of the program, and what is made of it, into dist/.

    python .ci/bundle/build.py                the folder dist/kcdesk and the portable archive
    python .ci/bundle/build.py --setup        on Windows, or with a folder built there, the set-up too (makensis)
    python .ci/bundle/build.py --here         with the packages of this Python instead of an environment of its own

The environment build/bundle-env gets the packages of locked.txt and locked_bundle.txt, each with a known hash.
Two builds on one system give the same files: the clock and the order of sets are fixed (.ci/bundle/README.md).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from datetime import UTC, datetime, time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from kcdesk import RELEASED, __version__  # noqa: E402 - found by the line above

LARGEST = {"win32": 125, "linux": 160}  # MB of the folder, counted as `du -m` does
_STUB = "amd64-unicode"  # Debian's NSIS has it; the set-up then is a program of 64 bits as kcdesk is
_BLOCK, _MB = 4096, 1 << 20
_MOMENT = datetime.combine(RELEASED, time(), UTC)
_EPOCH = str(int(_MOMENT.timestamp()))
SYSTEMS = {"win32": "windows", "darwin": "macos"}


def main() -> int:
    """Build what is asked for; 1 if the folder is too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--here", action="store_true")
    parser.add_argument("--setup", action="store_true")
    parser.add_argument("--built", action="store_true", help="take the folder as it is and make archives of it")
    parser.add_argument("--system", default=SYSTEMS.get(sys.platform, "linux"))
    options = parser.parse_args()
    if not options.built:
        python = Path(sys.executable) if options.here else environment()
        build(python, options.out)
    folder = options.out / "kcdesk"
    made = [archive(folder, options.out, options.system)]
    if options.setup:
        made.append(setup(folder, options.out))
    for path in made:
        print(f"{path}  {path.stat().st_size / _MB:.0f} MB  sha256 {digest(path)}")
    return said_size(folder, options.system)


def environment() -> Path:
    """The Python of the environment that builds, with nothing but locked packages."""
    folder = ROOT / "build" / "bundle-env"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.EnvBuilder(with_pip=True).create(folder)
    for locked in ("locked.txt", "locked_bundle.txt"):
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        subprocess.run([*install, "--requirement", str(HERE.parent / locked)], check=True)
    return python


def build(python: Path, out: Path) -> None:
    """Run PyInstaller so that a second run gives the same bytes."""
    shutil.rmtree(out / "kcdesk", ignore_errors=True)
    fixed = {"SOURCE_DATE_EPOCH": _EPOCH, "PYTHONHASHSEED": "0"}
    places = [
        "--distpath",
        str(out),
        "--workpath",
        str(ROOT / "build" / "bundle"),
        "--noconfirm",
        "--log-level",
        "WARN",
    ]
    command = [str(python), "-m", "PyInstaller", *places, str(ROOT / "build_installer.spec")]
    subprocess.run(command, check=True, cwd=ROOT, env=os.environ | fixed)


def archive(folder: Path, out: Path, system: str) -> Path:
    """The folder as one file that is unpacked onto a stick: with the folder of the store, it runs from there."""
    if system == "windows":
        return zipped(folder, out / f"kcdesk-{__version__}-windows-portable.zip")
    path = out / f"kcdesk-{__version__}-{system}.tar.xz"
    with tarfile.open(path, "w:xz") as tar:
        for file in [folder, *sorted(folder.rglob("*"))]:
            tar.add(file, "kcdesk" / file.relative_to(folder), recursive=False, filter=_of_nobody)
    return path


def zipped(folder: Path, path: Path) -> Path:
    """A zip with the files in order and the day of the release; kcdesk-data makes the program portable (paths.py)."""
    moment = _MOMENT.timetuple()[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        made.writestr(zipfile.ZipInfo("kcdesk/kcdesk-data/", moment), b"")
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                entry = zipfile.ZipInfo(f"kcdesk/{file.relative_to(folder).as_posix()}", moment)
                entry.compress_type = zipfile.ZIP_DEFLATED
                made.writestr(entry, file.read_bytes(), compresslevel=9)
    return path


def _of_nobody(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = int(_EPOCH)
    return entry


def setup(folder: Path, out: Path, version: str = __version__) -> Path:
    """The set-up for Windows, made by NSIS of the folder."""
    path = out / f"kcdesk-{version}-setup.exe"
    size = str(_size(folder) // 1024)
    icon = str(ROOT / "resources" / "icons" / "program" / "kcdesk.ico")
    values = {"VERSION": version, "FOLDER": str(folder.resolve()), "TO": str(path.resolve()), "KILOBYTES": size}
    stub = {"STUB": _STUB} if Path(f"/usr/share/nsis/Stubs/lzma_solid-{_STUB}").exists() else {}
    defined = [f"-D{name}={value}" for name, value in (values | {"ICON": icon} | stub).items()]
    maker = shutil.which("makensis") or r"C:\Program Files (x86)\NSIS\makensis.exe"
    command = [maker, "-V2", "-INPUTCHARSET", "UTF8", *defined, str(HERE / "setup.nsi")]
    subprocess.run(command, check=True, env=os.environ | {"SOURCE_DATE_EPOCH": _EPOCH})
    return path


def said_size(folder: Path, system: str) -> int:
    """Say how large the folder is; 1 if it is larger than it may be."""
    size = -(-_size(folder) // _MB)
    largest = LARGEST.get({"windows": "win32"}.get(system, system))
    print(f"{folder}  {size} MB" + (f" of at most {largest} MB" if largest else ""))
    return int(bool(largest and size > largest))


def _size(folder: Path) -> int:
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    return sum(-(-file.stat().st_size // _BLOCK) * _BLOCK for file in files)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
