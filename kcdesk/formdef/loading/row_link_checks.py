"""Checks of fields and columns that name rows: of another table of the record, or of a table of a linked record."""

from __future__ import annotations

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.types.row_links import TYPE as TABLE_ROW
from kcdesk.formdef.types.row_types import rows_of_linked

ROW_NAME = "row_name"
ROW_NAMING = (TABLE_ROW, ROW_NAME)  # the types that must say whose rows they name


def check_row_links(form: Form, file: str, forms: Forms, faults: Faults) -> None:
    """Check that every table whose rows are named exists, and that the types stand where they can be edited."""
    for section in form.sections:
        for field in section.fields:
            place = f"{section.id}/{field.name}"
            if field.type == TABLE_ROW:
                faults.add(file, place, f"loại {TABLE_ROW} chỉ dùng cho cột của bảng")
            if field.type == ROW_NAME and field.rows_from:
                _check_linked(form, file, forms, faults, place, field)
            for column in field.columns:
                _check_column(form, file, faults, f"{place}/{column.name}", field, column)


def _check_column(form: Form, file: str, faults: Faults, place: str, table: Field, column: Field) -> None:
    if column.type == ROW_NAME:
        faults.add(file, place, f"loại {ROW_NAME} không dùng cho cột của bảng")
    others = [item.name for item in form.tables if item is not table]
    if column.type == TABLE_ROW and column.rows_from and column.rows_from not in others:
        faults.unknown(file, place, "rows_from: bảng khác của hồ sơ", column.rows_from, others)


def _check_linked(form: Form, file: str, forms: Forms, faults: Faults, place: str, field: Field) -> None:
    """Check "reference.table": a reference of this form, and a table of the newest form that it points to."""
    reference, table = rows_of_linked(field)
    links = {item.name: item.target for item in form.fields if item.type == "reference"}
    if reference not in links:
        faults.unknown(file, place, "rows_from: ô đề án, hồ sơ được chọn", reference, links)
    elif links[reference] in forms.kinds:
        tables = {item.name for other in forms.versions_of(links[reference]) for item in other.tables}
        if table not in tables:
            faults.unknown(file, place, f"rows_from: bảng của “{links[reference]}”", table, tables)
