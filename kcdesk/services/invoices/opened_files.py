"""The file that an officer gives: XML, ZIP or PDF, read in the worker process within the limits of invoices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.errors import UserError
from kcdesk.foreign_files.file_names import safe_name
from kcdesk.foreign_files.judging import refuse_program
from kcdesk.progress import ignore_progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.invoices.invoice import Invoice, from_values

ENDINGS = (".xml", ".zip", ".pdf")
_READ = BoundedJob("kcdesk.services.invoices.xml_reading", "read_job")
_PAGES = BoundedJob("kcdesk.services.invoices.opened_files", "pages_job")
_MOST_LETTERS = 200_000


class OpenedFile(Value):
    """An invoice with the file to be kept as evidence; without an invoice, a PDF and its text."""

    name: str
    content: bytes
    invoice: Invoice | None = None
    text: str = ""


def opened(path: Path) -> list[OpenedFile]:
    """Every invoice of a file; UserError says why there is none, nothing is kept."""
    given_files.refuse_odd_file(path)
    try:
        limits.INVOICE.refuse_size(path)
        content = path.read_bytes()
    except FileNotFoundError:
        raise UserError("Không tìm thấy tệp hóa đơn.", code="file_missing", hint="Hãy chọn lại tệp.") from None
    except OSError as error:
        raise UserError("Không đọc được tệp hóa đơn.", code="file_unreadable", hint="Hãy chọn lại tệp.") from error
    return opened_content(path.name, content)


def opened_content(name: str, content: bytes) -> list[OpenedFile]:
    """Every invoice in the content of a file; errors are those of `opened`."""
    refuse_program(name, content)
    if content.lstrip()[:5] == b"%PDF-":
        text = run_bounded(_PAGES, limits.INVOICE_PDF, {}, [content]).values
        return [OpenedFile(safe_name(name), content, text=text)]
    if not content.strip():
        raise UserError("Tệp hóa đơn trống.", code="invoice_unreadable", hint="Hãy chọn lại tệp.")
    answer = run_bounded(_READ, limits.INVOICE, {"name": name}, [content])
    files = []
    for values in answer.values:
        part = answer.contents[values["part"]]
        refuse_program(values["file"], part)
        files.append(OpenedFile(safe_name(values["file"]), part, from_values(values["invoice"])))
    return files


def pages_job(_given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep) -> tuple[str, list[bytes]]:
    """The text of a PDF; "" for one without letters. UserError if it cannot be read."""
    from pypdfium2 import PdfiumError  # pdfium is a library of 10 MB

    from kcdesk.documents import preview  # as above

    try:
        if preview.page_count(contents[0]) > limits.INVOICE_PDF.count:
            raise limits.INVOICE_PDF.refusal("count")
        return "\n".join(preview.page_texts(contents[0], _MOST_LETTERS, ignore_progress)), []  # in one time for all
    except PdfiumError as error:
        raise UserError(
            "Tệp PDF hỏng hoặc có mật khẩu nên không đọc được.", code="invoice_unreadable", hint="Hãy xin tệp khác."
        ) from error
