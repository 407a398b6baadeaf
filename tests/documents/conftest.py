"""Papers written to real files and read back."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kcdesk.documents.blocks import Document
from kcdesk.documents.pdf.pdf_writer import write_pdf
from kcdesk.documents.preview import page_count, page_text
from tests.documents import samples


class Printed:
    """A PDF read back: its pages as text in which every white space is one space."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.pages = [_flat(page_text(path, page)) for page in range(page_count(path))]
        self.text = " ".join(self.pages)


def _flat(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


@pytest.fixture
def printed(tmp_path: Path) -> Callable[[Document], Printed]:
    """Writes a document and reads it back."""

    def write(document: Document) -> Printed:
        path = tmp_path / "giấy tờ.pdf"
        write_pdf(document, path)
        return Printed(path)

    return write


@pytest.fixture
def minutes(printed: Callable[[Document], Printed]) -> Callable[..., Printed]:
    """The minutes with some answers replaced, filled or blank."""

    def write(*, blank: bool = False, without: tuple[str, ...] = (), **answers: Any) -> Printed:
        context = samples.context(**answers) | dict.fromkeys(without)
        return printed(samples.layouts()["minutes_5a"].render(context, blank=blank))

    return write
