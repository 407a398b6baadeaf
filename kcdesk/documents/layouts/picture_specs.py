"""Photos and labels as a layout file describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kcdesk.documents import blocks
from kcdesk.documents.blocks import Block, split_lines
from kcdesk.documents.layouts.specs import BlockSpec, Expression, Filling, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotosSpec(BlockSpec):
    """`photos`: the pictures of fields of files; a blank print has none."""

    files: tuple[Expression, ...]
    caption: Text
    per_page: int = 2

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The photos."""
        found = [filling.templates.value(source, filling.names) for source in self.files]
        pictures = [picture for files in found for picture in getattr(files, "pictures", ())]
        photos = tuple(self._photo(one) for one in filling.each(pictures))
        if photos:
            yield blocks.PhotoGrid(photos, self.per_page)

    def _photo(self, filling: Filling) -> blocks.Photo:
        return blocks.Photo(str(filling.names["row"].sha256), filling.text(self.caption))


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSpec:
    """A label, or one for each row; its first line is bold, a line that comes out empty is left out."""

    lines: tuple[Text, ...]
    each: Expression = ""
    when: Expression = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsSpec(BlockSpec):
    """`labels`: they carry the code of the paper."""

    labels: tuple[LabelSpec, ...]
    columns: int = 2
    height: int = 48

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The grid of labels."""
        fillings = [(label, one) for label in self.labels for one in self._fillings(label, filling)]
        labels = tuple(self._label(label, one) for label, one in fillings)
        yield blocks.LabelGrid(labels, self.columns, self.height)

    def _fillings(self, label: LabelSpec, filling: Filling) -> Iterator[Filling]:
        if filling.holds(label.when):
            yield from filling.rows(label.each, 0) if label.each else (filling,)

    def _label(self, label: LabelSpec, filling: Filling) -> blocks.Label:
        lines = tuple(filter(split_lines, map(filling.text, label.lines)))
        return blocks.Label(str(filling.names["code"].qr), lines)


PICTURE_SPECS: Mapping[str, type[BlockSpec]] = {"photos": PhotosSpec, "labels": LabelsSpec}
