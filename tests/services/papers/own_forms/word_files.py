"""Word files as an office makes them: with LibreOffice where it is installed, else with python-docx."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice") or ""


def of_office(html: str, folder: Path) -> Path:
    """A .docx that an office has made of a page of text and tables."""
    source, made = folder / "form.html", folder / "form.docx"
    source.write_text(f"<html><head><meta charset='utf-8'></head><body>{html}</body></html>", "utf-8")
    profile = (folder / "profile").as_uri()
    command = [SOFFICE, "--headless", f"-env:UserInstallation={profile}", "--infilter=HTML (StarWriter)"]
    command += ["--convert-to", "docx:Office Open XML Text", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    return made


def made_of(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A .docx with paragraphs and, behind them, a table."""
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for made, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(made.cells, row, strict=True):
                cell.text = text
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_part(content: bytes, name: str, change) -> bytes:
    """A .docx with one part changed by `change(text)`, or added if there is none."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, change(old.read(name).decode() if name in old.namelist() else ""))
    return buffer.getvalue()


def words_of(path: Path) -> str:
    """All words of a Word file, in the order of its body, then its feet."""
    document = docx.Document(str(path))
    body = ["".join(node.text or "" for node in p.iter(_T)) for p in document.element.body.iter(_P)]
    feet = [p.text for section in document.sections for p in section.footer.paragraphs]
    return re.sub(r"[ \u00a0]+", " ", "\n".join((*body, *feet)))


_T = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
_P = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"


def words_of_pdf(path: Path) -> str:
    with pypdfium2.PdfDocument(path) as paper:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in paper).split())
