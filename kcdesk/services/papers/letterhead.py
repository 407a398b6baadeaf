"""What stands at the head of a letter of this office: its name and the authority above it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from kcdesk import text
from kcdesk.formdef.regulations.dated_names import names_on
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.store.identity import Unit

_DEPARTMENT = "sở "


def committee(workspace: Workspace, on: date | None = None) -> str:
    """«Ủy ban nhân dân tỉnh Gia Lai», as the province is called on a day, by default today; "" for an unknown one."""
    name = names_on(workspace.forms, on or workspace.today()).province(workspace.identity.unit.province)
    return f"Ủy ban nhân dân {text.lower_first(name)}" if name else ""


def unit_on_paper(workspace: Workspace, on: date | None = None) -> Unit:
    """The office as its letters name it: above a «Sở …» stands the committee of its province, as called on a day.

    The office to which it hands over may be another one, such as the agency of the Ministry.
    Source: mục II Phụ lục I NĐ 30/2020/NĐ-CP.
    """
    unit = workspace.identity.unit
    above = committee(workspace, on) if unit.name.strip().lower().startswith(_DEPARTMENT) else ""
    return replace(unit, parent=above) if above else unit
