"""The blocks `photos` and `labels` of layout files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcdesk.documents import blocks
from kcdesk.documents.blocks import Block, split_lines
from kcdesk.documents.layouts.specs import BlockSpec, Expression, Filling, Text
from kcdesk.runtime.frozen import Value


class PhotosSpec(BlockSpec, kw_only=True):
    """`photos`: the pictures in fields of files; none on a blank print."""

    files: tuple[Expression, ...]
    caption: Text
    per_page: int = 2

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The photos."""
        values = [filling.templates.value(source, filling.names) for source in self.files]
        pictures = [picture for files in values for picture in getattr(files, "pictures", ())]
        photos = tuple(self._photo(row_filling) for row_filling in filling.each(pictures))
        if photos:
            yield blocks.PhotoGrid(photos, self.per_page)

    def _photo(self, filling: Filling) -> blocks.Photo:
        return blocks.Photo(str(filling.names["row"].sha256), filling.text(self.caption))


class LabelSpec(Value, kw_only=True):
    """A label, or a label for each row; the first line is bold, an empty line is left out."""

    lines: tuple[Text, ...]
    each: Expression = ""
    when: Expression = ""


class LabelsSpec(BlockSpec, kw_only=True):
    """`labels`: a grid of labels with the code of the paper."""

    labels: tuple[LabelSpec, ...]
    columns: int = 2
    height: int = 48

    @property
    def has_text(self) -> bool:
        """False: a label is made of codes."""
        return False

    def fill(self, filling: Filling) -> Iterator[Block]:
        """The grid of labels."""
        fillings = [(label, row_filling) for label in self.labels for row_filling in self._fillings(label, filling)]
        labels = tuple(self._label(label, row_filling) for label, row_filling in fillings)
        yield blocks.LabelGrid(labels, self.columns, self.height)

    def _fillings(self, label: LabelSpec, filling: Filling) -> Iterator[Filling]:
        if filling.holds(label.when):
            yield from filling.rows(label.each, 0) if label.each else (filling,)

    def _label(self, label: LabelSpec, filling: Filling) -> blocks.Label:
        lines = tuple(filter(split_lines, map(filling.text, label.lines)))
        return blocks.Label(str(filling.names["code"].qr), lines)


PICTURE_SPECS: Mapping[str, type[BlockSpec]] = {"photos": PhotosSpec, "labels": LabelsSpec}
