"""The registry of field types: the name in a form, the class that converts its values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import FieldType
from kcdesk.formdef.types.composite_types import (
    ChecklistType,
    FilesType,
    PlaceType,
    ReferencesType,
    ReferenceType,
    TableType,
    YesNoType,
)
from kcdesk.formdef.types.number_types import DecimalType, IntegerType, MoneyType, PercentType, YearType
from kcdesk.formdef.types.text_types import (
    ChoicesType,
    ChoiceType,
    CitizenIdType,
    DateType,
    EmailType,
    ParagraphType,
    PhoneType,
    TaxCodeType,
    TextType,
    TimeType,
    UnitType,
)


def type_of(field: Field) -> FieldType:
    """The type of a field."""
    return TYPES[field.type]


TYPES: Mapping[str, FieldType] = MappingProxyType(
    {
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
        "files": FilesType(),
        "table": TableType(type_of),
        "checklist": ChecklistType(type_of),
    }
)
