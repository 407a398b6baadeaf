"""Sheets that hold only totals: of which unit they are, and in which direction their years go."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.layout.sheet_layout import SheetLayout
from kcdesk.sheets.matching.column_matching import SheetMatch
from kcdesk.sheets.matching.column_words import column_words
from kcdesk.text import fold

_YEAR = re.compile(r"(?:nam\s+)?(?:19|20)\d\d")
_CITY = re.compile(r"\btp\.?\s*")


def refuse_years_across(forms: Forms, kind: str, matches: Iterable[SheetMatch]) -> None:
    """Refuse totals whose years stand beside each other: each row would have to be a year; UserError `years_across`."""
    words = column_words(forms).of_kind(kind)
    if not words.period:
        return
    for match in matches:
        years = [each.column.leaf for each in match.columns if _YEAR.fullmatch(fold(each.column.leaf).strip(" ."))]
        if len(years) > 1 and words.period[0] not in {each.path for each in match.targets}:
            raise UserError(
                f"Bảng này ghi mỗi năm ở một cột («{years[0]}», «{years[1]}»…), mà mỗi năm phải là một dòng.",
                code="years_across",
                hint="Trong Excel: chép bảng, dán bằng Dán đặc biệt › Chuyển vị (Transpose), rồi nạp lại.",
            )


def known_owner(
    workspace: Workspace, kind: str, layout: SheetLayout, matches: Iterable[SheetMatch]
) -> Mapping[str, Any]:
    """Whose totals a sheet without a column for that holds: of the own unit, above it of the province in its title."""
    owner = column_words(workspace.forms).of_kind(kind).owner
    if not owner or any(owner in match.values or owner in _paths(match) for match in matches):
        return {}
    if workspace.level is workspace.forms.levels.makers:
        return {owner: workspace.identity.unit.name}
    named = _provinces_in(workspace, layout.titles)
    return {owner: named.pop()} if len(named) == 1 else {}


def part_labels(forms: Forms, kind: str) -> Mapping[str, str]:
    """The labels of the choices by which a row may be divided, by their value; empty for kinds whose rows are whole."""
    item = forms.current(kind).by_name.get(column_words(forms).of_kind(kind).divided_by)
    return {choice.value: choice.label for choice in forms.choices(item)} if item else {}


def owner_notes(forms: Forms, kind: str, known: Mapping[str, Any]) -> Iterator[str]:
    """What to say of an owner that no row names."""
    owner = column_words(forms).of_kind(kind).owner
    if name := known.get(owner):
        yield f"Bảng không có cột «{forms.current(kind).by_name[owner].heading}»: ghi là số liệu của «{name}»."


def _paths(match: SheetMatch) -> Collection[str]:
    return {each.path for each in match.targets}


def _provinces_in(workspace: Workspace, titles: Iterable[str]) -> set[str]:
    """The provinces of today and of before that titles name, with «tỉnh» or «thành phố»."""
    words = _CITY.sub("thanh pho ", fold(" ".join(titles)))
    places = workspace.places
    names = {province.name for province in (*places.provinces, *places.old_provinces)}
    return {name for name in names if re.search(rf"\b{re.escape(fold(name))}\b", words)}
