"""The registry of field types: the name in a form and the object that converts its values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import FieldType
from kcdesk.formdef.types.code_types import CitizenIdType, EmailType, PhoneType, TaxCodeType
from kcdesk.formdef.types.composite_types import (
    ChecklistType,
    FilesType,
    PlaceType,
    ReferencesType,
    ReferenceType,
    TableType,
    YesNoType,
)
from kcdesk.formdef.types.date_types import DateType, TimeType
from kcdesk.formdef.types.number_types import DecimalType, IntegerType, MoneyType, PercentType, YearType
from kcdesk.formdef.types.row_types import RowNameType, TableRowType
from kcdesk.formdef.types.text_types import ChoicesType, ChoiceType, ParagraphType, TextType, UnitType


def type_of(field: Field) -> FieldType:
    """The type of a field."""
    return TYPES[field.type]


_types: dict[str, FieldType] = {
    "text": TextType(),
    "paragraph": ParagraphType(),
    "choice": ChoiceType(),
    "choices": ChoicesType(),
    "integer": IntegerType(),
    "decimal": DecimalType(),
    "money": MoneyType(),
    "percent": PercentType(),
    "date": DateType(),
    "time": TimeType(),
    "year": YearType(),
    "yes_no": YesNoType(),
    "phone": PhoneType(),
    "email": EmailType(),
    "tax_code": TaxCodeType(),
    "citizen_id": CitizenIdType(),
    "unit": UnitType(),
    "place": PlaceType(),
    "reference": ReferenceType(),
    "references": ReferencesType(),
    "table_row": TableRowType(),
    "row_name": RowNameType(),
    "files": FilesType(),
    "table": TableType(type_of),
    "checklist": ChecklistType(type_of),
}
TYPES: Mapping[str, FieldType] = MappingProxyType(_types)


@contextmanager
def another_type(name: str, field_type: FieldType) -> Iterator[None]:
    """Register an additional type during the block, for a trial; ValueError if the name is used."""
    if name in _types:
        raise ValueError(f"there is a field type {name!r} already")
    _types[name] = field_type
    try:
        yield
    finally:
        del _types[name]
