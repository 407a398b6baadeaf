"""Files of legal texts from unknown sources: what they are, a PDF to read of each, and the words of its pages.

PDF, Word (.docx) and pictures of pages are taken. The worker process opens them (`law_text_reading`), within the limits
of its reader. This needs no store.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.bounded.worker import BoundedJob, WorkResult, run_bounded
from kcdesk.errors import UserError
from kcdesk.formdef.law.text_places import TextPages
from kcdesk.letters import normalized
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value

_LIMITS = limits.LAW_TEXT
_READING = "kcdesk.services.law.law_text_reading"
_TYPES = "Hãy chọn tệp PDF, Word (.docx), hoặc ảnh chụp trang (JPEG, PNG, TIFF)."
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"II*\0", b"MM\0*", b"BM", b"RIFF")


class GivenText(Value):
    """A file that was taken: its content, and a PDF of it to read; None if it is a PDF itself."""

    name: str
    content: bytes
    reading_copy: bytes | None = None


def given_text(path: Path, progress: Progress = ignore_progress) -> GivenText:
    """Read a file; UserError for another kind of file, one that is too large, damaged, locked or unsafe."""
    given_files.refuse_odd_file(path)
    content, name = _content(path), path.name
    if content.lstrip()[:5] == b"%PDF-":
        _done("count_job", content, progress, name=name)
        return GivenText(name, content)
    for starts, job in (((b"PK\3\4",), "word_job"), (_PICTURES, "pages_job")):
        if content.startswith(starts):
            return GivenText(name, content, _done(job, content, progress, name=name).contents[0])
    raise UserError(f"«{name}» không phải là văn bản đọc được.", code="law_text_kind", hint=_TYPES)


def words_of(pdf: bytes) -> TextPages:
    """The words of the pages of a PDF that `given_text` took; pages of a scan have none, nor a PDF that is a trap."""
    try:
        pages = _done("words_job", pdf).values
    except UserError:
        return TextPages(())
    return TextPages([normalized("NFC", page) for page in pages])


def _done(job: str, content: bytes, progress: Progress = ignore_progress, **given: Any) -> WorkResult:
    return run_bounded(BoundedJob(_READING, job), _LIMITS, given, [content], progress=progress)


def _content(path: Path) -> bytes:
    try:
        _LIMITS.refuse_size(path)
        content = path.read_bytes()
    except OSError as error:
        raise given_files.explained_error(error) from error
    if not content:
        raise UserError(f"«{path.name}» là tệp trống.", code="law_text_kind", hint=_TYPES)
    return content
