"""What a list can be narrowed to besides the choices of its form: units, officers, communes that its records name."""

from __future__ import annotations

from typing import Any

from kcdesk import text
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace

Option = tuple[str, str]  # stored value, label
UNIT = "unit"  # of every record: the code of the unit that made it
_OFFICERS = "staff"
_HANDED_OVER = ("proposal", "acceptance", "contract", "inspection", "adjustment", "payment", "settlement")

_UNITS = "select distinct unit as value from record where kind = :kind and deleted is null"
_VALUES = (
    "select distinct json_extract(data, :path) as value from record where kind = :kind and deleted is null"
    " and json_extract(data, :path) is not null"
)


def may_list_units(workspace: Workspace, kind: str) -> bool:
    """Whether the list of a kind says which unit made a record: dossiers that units hand over to the offices above."""
    return workspace.collects and kind in _HANDED_OVER


def units(workspace: Workspace, kind: str) -> list[Option]:
    """The units that made the records of a kind, by name."""
    names = reading.unit_names(workspace)
    codes = [row["value"] for row in workspace.store.query(_UNITS, {"kind": kind})]
    return _sorted((code, names.get(code, code)) for code in codes if code)


def officer_field(forms: Forms, kind: str) -> Field | None:
    """The field of a kind that names the officer in charge."""
    return next(
        (field for field in forms.current(kind).fields if field.target == _OFFICERS and not field.columns), None
    )


def place_field(forms: Forms, kind: str) -> Field | None:
    """The field of a kind that says the commune."""
    return next((field for field in forms.current(kind).fields if type_of(field).is_place), None)


def officers(workspace: Workspace, kind: str, field: Field) -> list[Option]:
    """The officers that the records of a kind name, by name."""
    rows = workspace.store.query(_VALUES, {"kind": kind, "path": f"$.{field.name}"})
    return _sorted((row["value"], reading.title_of(workspace, row["value"])) for row in rows)


def communes(workspace: Workspace, kind: str, field: Field) -> list[Option]:
    """The communes of the records of a kind, by name."""
    rows = workspace.store.query(_VALUES, {"kind": kind, "path": f"$.{field.name}.commune"})
    known = [row["value"] for row in rows if workspace.places.has({"commune": row["value"]})]
    return _sorted((code, workspace.places.commune(code).name) for code in known)


def _sorted(options: Any) -> list[Option]:
    return sorted(options, key=lambda option: (text.sort_key(option[1]), option[0]))
