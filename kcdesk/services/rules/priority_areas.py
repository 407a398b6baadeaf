"""The priority areas of an establishment: by the dated list of its commune; without a list, as it was ticked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations import areas
from kcdesk.formdef.regulations.areas import AreaList
from kcdesk.runtime.frozen import Value
from kcdesk.services.workspace import Workspace

FIELD = "priority_areas"
DECLARED = "theo khai báo, chưa có danh mục"
_PLACES = ("production_place", "place")  # where it produces decides, if it is written
_UNLISTED = "-"  # a value that is no kind of area: the lists have answered, and the commune is none of them


class AreaAnswer(Value):
    """Whether an establishment lies in one kind of area; `source` is the list that says so, "" if it was ticked."""

    kind: str
    label: str
    holds: bool
    source: str = ""
    unverified: bool = False

    @property
    def proof(self) -> str:
        """«theo danh mục: QĐ …» or that it was only declared."""
        return f"theo danh mục: {self.source}" if self.source else DECLARED


def answers(workspace: Workspace, owner: Mapping[str, Any], on: date) -> list[AreaAnswer]:
    """Each kind of area that a list decides about on a day, or that was ticked for an establishment."""
    ticked, place = owner.get(FIELD) or (), _place(owner)
    provinces = workspace.places.provinces_of(place)
    owners = [entry for entry in workspace.areas if entry.province in provinces]
    known = []
    for kind in areas.area_kinds(workspace.forms):
        lists = (entry.covering(kind.value, on) for entry in owners)
        entry = next((entry for entry in lists if entry is not None), None)
        decided = areas.is_listed(workspace.places, entry, kind.value, place) if entry else None
        if entry is not None and decided is not None:
            known.append(AreaAnswer(kind.value, kind.label, decided, _source(entry), entry.unverified))
        elif kind.value in ticked:
            known.append(AreaAnswer(kind.value, kind.label, holds=True, unverified=True))
    return known


def areas_of(workspace: Workspace, owner: Mapping[str, Any], on: date) -> list[str]:
    """The kinds of area of an establishment on a day; lists go before ticks."""
    return [answer.kind for answer in answers(workspace, owner, on) if answer.holds]


def values_of(workspace: Workspace, owner: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The values of an establishment with its areas on a day, for conditions; a list that names none is an answer."""
    known = answers(workspace, owner, on)
    kinds = [answer.kind for answer in known if answer.holds]
    if not kinds and any(answer.source for answer in known):
        kinds = [_UNLISTED]
    return {**owner, FIELD: kinds} if kinds else dict(owner)


def proofs_of(workspace: Workspace, owner: Mapping[str, Any], on: date) -> list[str]:
    """How the areas of an establishment are known: «Vùng cao: theo khai báo, chưa có danh mục»."""
    return [f"{answer.label}: {answer.proof}" for answer in answers(workspace, owner, on) if answer.holds]


def contradictions(workspace: Workspace, record: Record) -> list[Problem]:
    """Say where a tick and the list of the commune differ today; the list counts, and it prevents no step."""
    if record.kind != "beneficiary":
        return []
    ticked = record.data.get(FIELD) or ()
    listed = [answer for answer in answers(workspace, record.data, workspace.today()) if answer.source]
    return [Problem(FIELD, _contradiction(answer)) for answer in listed if answer.holds is not (answer.kind in ticked)]


def _contradiction(answer: AreaAnswer) -> str:
    named, ticked = ("có tên", "chưa chọn") if answer.holds else ("không có tên", "lại chọn")
    return (
        f"Xã, phường nơi sản xuất {named} trong danh mục {answer.source} mà hồ sơ {ticked} «{answer.label}»;"
        " chương trình tính theo danh mục."
    )


def _place(owner: Mapping[str, Any]) -> Mapping[str, str]:
    return next((place for name in _PLACES if isinstance(place := owner.get(name), dict) and place), {})


def _source(entry: AreaList) -> str:
    until = f" đến ngày {text.format_date(entry.effective_to)}" if entry.effective_to else ""
    return f"{entry.source}, từ ngày {text.format_date(entry.effective_from)}{until}"
