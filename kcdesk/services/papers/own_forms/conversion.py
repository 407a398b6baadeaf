"""Making a PDF of a Word file with LibreOffice, where it is installed: in a process of its own, with a time limit.

LibreOffice runs without a window, on a profile made for this one run, so that it neither disturbs a LibreOffice that is
open nor runs what somebody has set up there. Nothing is loaded from the network: the file was cleaned before.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from kcdesk.errors import KnownError
from kcdesk.placing import save
from kcdesk.progress import Progress, ignore_progress
from kcdesk.temporary import private_files

NO_CONVERTER = "no_converter"  # the code of the refusal without LibreOffice
_LONGEST = 120.0  # seconds; a paper of ten pages takes 3 to 8
_BETWEEN = 0.1  # seconds between two looks whether it has ended or shall stop
_PDF_A = 'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"2"}}'
_NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0  # CREATE_NO_WINDOW
_USUAL = (
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
# Beside a program that runs from a stick.
_BESIDE = "LibreOfficePortable/App/libreoffice/program/soffice.exe"


def converter() -> str:
    """The path of LibreOffice; "" if this machine has none."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    places = (*map(Path, _USUAL), Path(sys.executable).parent / _BESIDE)
    return on_path or next((str(place) for place in places if place.is_file()), "")


def to_pdf(docx: bytes, pdf: Path, progress: Progress = ignore_progress, *, archive: bool = False) -> None:
    """Write a Word file as PDF; with `archive` as PDF/A-2b. What `progress` raises stops it.

    KnownError `no_converter` without LibreOffice, `conversion` if it fails or takes too long.
    """
    program = converter()
    if not program:
        raise KnownError(
            "Giấy này theo mẫu Word của đơn vị; máy này không có LibreOffice nên không làm được PDF.",
            code=NO_CONVERTER,
            hint="Hãy lưu thành tệp Word rồi xem và in bằng Word.",
        )
    with private_files.folder() as folder:
        (folder / "paper.docx").write_bytes(docx)
        _convert(program, folder, _PDF_A if archive else "pdf:writer_pdf_Export", progress)
        made = folder / "paper.pdf"
        if not made.is_file() or not made.stat().st_size:
            raise _failed("LibreOffice không làm được PDF từ giấy này.")
        content = made.read_bytes()
    save(content, pdf)


def _convert(program: str, folder: Path, target: str, progress: Progress) -> None:
    profile = (folder / "profile").as_uri()
    options = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard")
    command = [program, f"-env:UserInstallation={profile}", *options]
    command += ["--convert-to", target, "--outdir", str(folder), str(folder / "paper.docx")]
    started = time.monotonic()
    own_folder = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))  # deleted with everything that it leaves
    with subprocess.Popen(
        command,
        env={**os.environ, **own_folder},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=_NO_WINDOW,
        start_new_session=sys.platform != "win32",
    ) as process:
        try:
            while process.poll() is None:
                progress(0, 0, "LibreOffice đang làm PDF")
                if time.monotonic() - started > _LONGEST:
                    raise _failed(f"LibreOffice chưa làm xong PDF sau {_LONGEST:.0f} giây.")
                _wait(process)
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_BETWEEN)
    except subprocess.TimeoutExpired:
        return


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the process and, where the system can, everything that it has started."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], check=False, capture_output=True)
    else:
        os.killpg(process.pid, 9)
    process.wait()


def _failed(message: str) -> KnownError:
    return KnownError(message, code="conversion", hint="Hãy thử lại, hoặc lưu thành tệp Word rồi in bằng Word.")
