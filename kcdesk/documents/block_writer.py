"""What the writers of all file formats share: the room on the page, and one method for each kind of block."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from kcdesk.documents import blocks
from kcdesk.documents.blocks import Block, Document
from kcdesk.documents.styles import MILLIMETRE

Written = TypeVar("Written")


class BlockWriter(ABC, Generic[Written]):
    """Writes the blocks of one document: `width` of its text and `size` of its letters in points."""

    def __init__(self, document: Document) -> None:
        page = document.page
        self.document = document
        self.width = (page.width - page.left - page.right) * MILLIMETRE
        self.size: float = page.text_size
        self._methods: dict[type, Callable[[Any], Written]] = {
            blocks.OfficialHeader: self._header,
            blocks.Title: self._title,
            blocks.LegalBases: self._bases,
            blocks.Heading: self._heading,
            blocks.Paragraph: self._paragraph,
            blocks.FieldLine: self._fields,
            blocks.Table: self._table,
            blocks.SignatureGrid: self._signatures,
            blocks.Recipients: self._recipients,
            blocks.Closing: self._closing,
            blocks.PhotoGrid: self._photos,
            blocks.LabelGrid: self._labels,
            blocks.PageBreak: lambda _break: self._page_break(),
        }

    def write_block(self, block: Block) -> Written:
        """Write one block by the method of its kind."""
        return self._methods[type(block)](block)

    @abstractmethod
    def _header(self, header: blocks.OfficialHeader) -> Written: ...

    @abstractmethod
    def _title(self, title: blocks.Title) -> Written: ...

    @abstractmethod
    def _bases(self, bases: blocks.LegalBases) -> Written: ...

    @abstractmethod
    def _heading(self, heading: blocks.Heading) -> Written: ...

    @abstractmethod
    def _paragraph(self, paragraph: blocks.Paragraph) -> Written: ...

    @abstractmethod
    def _fields(self, line: blocks.FieldLine) -> Written: ...

    @abstractmethod
    def _table(self, table: blocks.Table) -> Written: ...

    @abstractmethod
    def _signatures(self, grid: blocks.SignatureGrid) -> Written: ...

    @abstractmethod
    def _recipients(self, recipients: blocks.Recipients) -> Written: ...

    @abstractmethod
    def _closing(self, closing: blocks.Closing) -> Written: ...

    @abstractmethod
    def _photos(self, grid: blocks.PhotoGrid) -> Written: ...

    @abstractmethod
    def _labels(self, grid: blocks.LabelGrid) -> Written: ...

    @abstractmethod
    def _page_break(self) -> Written: ...
