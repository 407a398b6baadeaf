"""Rows with totals of several choices beside each other («KCQG», «KCĐP»): a row for each, one for what they share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kcdesk.runtime.frozen import replace
from kcdesk.sheets.matching.kind_words import KindWords
from kcdesk.sheets.matching.row_values import RowValues

_OF = "@"
_ALL = "phần ghi chung"  # of a row: what it says of all choices


def divided_rows(
    words: KindWords, row: RowValues, labels: Mapping[str, str], *, accepts: bool = False
) -> Iterator[RowValues]:
    """The rows that a row means; itself if it holds nothing of one choice only, or if it is unclear which total it is.

    Amounts that stand in one column for all choices make a row that leaves the choice open, so that nothing is
    counted twice. Each cell is told of once. `labels`: of the choices; `accepts`: suggested values count.
    """
    choices = dict.fromkeys(path.partition(_OF)[2] for path in (*row.values, *row.suggested) if _OF in path)
    if not choices or unclear_part(words, row, accepts=accepts):
        yield row
        return
    common, asked = (_shared(words, values) for values in (row.values, row.suggested))
    whole = [path for path in (*row.values, *row.suggested) if path in words.divided]
    cells = [cell for cell in row.cells if not (cell.target and cell.target.of)]
    if whole:
        values, suggested = _only(row.values, whole), _only(row.suggested, whole)
        yield replace(row, values={**common, **values}, suggested={**asked, **suggested}, cells=cells, part=_ALL)
    for place, choice in enumerate(choices):
        of_choice = [cell for cell in row.cells if cell.target and cell.target.of == choice]
        yield replace(
            row,
            values={**common, words.divided_by: choice, **_of(row.values, choice)},
            suggested={**asked, **_of(row.suggested, choice)},
            cells=[*([] if whole or place else cells), *of_choice],
            letters={**row.letters, **_of(row.letters, choice)},
            part=labels.get(choice, choice),
        )


def unclear_part(words: KindWords, row: RowValues, *, accepts: bool = False) -> str:
    """The label of a part of the identity that may be left open but whose cell could not be read; "" if none."""
    unread = (cell for cell in row.cells if cell.target and cell.target.path in words.may_be_blank)
    unclear = (cell.target for cell in unread if cell.is_refused or (cell.is_asked and not accepts))
    return next((target.label for target in unclear if target), "")


def _shared(words: KindWords, values: Mapping[str, Any]) -> dict[str, Any]:
    return {path: value for path, value in values.items() if path not in words.divided and _OF not in path}


def _only(values: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in names}


def _of(values: Mapping[str, Any], choice: str) -> dict[str, Any]:
    """The values of one choice by their field."""
    ending = f"{_OF}{choice}"
    return {path.removesuffix(ending): value for path, value in values.items() if path.endswith(ending)}
