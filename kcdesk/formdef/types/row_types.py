"""The field types that name a row: of another table of the same record, or of a table of a linked record."""

from __future__ import annotations

from collections.abc import Mapping

from kcdesk import likeness, text
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import Cell, FieldType, as_text
from kcdesk.formdef.types.composite_types import ID
from kcdesk.formdef.types.text_types import TextType
from kcdesk.formdef.values import Lookups, Stored

GONE_ROW = "(dòng đã xoá)"  # stands for a row that is no longer there
_GONE = "Dòng được chọn không còn trong bảng; hãy chọn lại."
_LISTED = 5  # names in a sentence


class TableRowType(FieldType):
    """The id of a row of another table of the same record; the lookups of the record know the names of its rows."""

    editor = "table_row"
    is_table_row = True
    is_plain = False

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but the id of a row that is there, as far as the rows are known."""
        if not isinstance(stored, str) or not ID.fullmatch(stored):
            return "Phải là một dòng của bảng khác."
        names = lookups.row_names(field.rows_from) if lookups else None
        return _GONE if names is not None and stored not in names else ""

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The name of the row; its id where no record is at hand."""
        names = lookups.row_names(field.rows_from) if lookups else None
        return str(stored) if names is None else names.get(str(stored), GONE_ROW)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The name of the row, which no other row of the table has."""
        return self.text(stored, field, lookups)

    def search_text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Nothing: the row itself has the words."""
        return ""

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        written = as_text(raw)
        names = lookups.row_names(field.rows_from) if lookups else None
        if names is None or written in names:
            return written
        fitting = [id_ for id_, name in names.items() if text.fold(name) == text.fold(written)]
        if len(fitting) == 1:
            return fitting[0]
        raise ValueError(_no_row(written, names))


class RowNameType(TextType):
    """The name of a row of a linked record, offered for choice and kept as it was on the day: a visit names its site.

    Any other words may be typed; `rows_from` is "reference field.table of the record that it points to".
    """

    editor = "row_name"


def rows_of_linked(field: Field) -> tuple[str, str]:
    """The reference field and the table behind it whose rows a field of type `row_name` offers."""
    reference, _, table = field.rows_from.partition(".")
    return reference, table


def _no_row(written: str, names: Mapping[str, str]) -> str:
    """Why a typed name leads to no row: there is none, or several have it."""
    if not names:
        return f"“{written}”: bảng để chọn chưa có dòng nào; hãy ghi bảng ấy trước."
    same = [name for name in names.values() if text.fold(name).startswith(f"{text.fold(written)} (dong ")]
    offered = same or list(names.values())
    listed = text.first_few(offered, _LISTED, "; ")
    if same:
        return f"“{written}” có nhiều dòng cùng tên; hãy chọn: {listed}."
    alike = likeness.nearest_words(written, offered)
    return f"“{written}” không có trong bảng để chọn{alike}; hãy chọn: {listed}."
