"""The width that a column of a table needs at least, by the type of its field."""

from __future__ import annotations

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.toolkit.sizes import scaled

_WIDTHS = {
    "reference": 200,
    "money": 112,
    "date": 116,
    "year": 64,
    "percent": 80,
    "integer": 72,
    "decimal": 88,
    "time": 64,
    "yes_no": 80,
}
_SHORT, _LONG, _WIDE = 72, 136, 260  # pixels of text columns
_UNUSED = 104  # pixels of an optional reference column that is empty in every row
_FEW_LETTERS, _MANY_LETTERS = 50, 2000


def least_width(column: Field, *, unused: bool) -> int:
    """Return the pixels that a column needs; `unused`: an optional reference that no row has."""
    if unused:
        return scaled(_UNUSED)
    is_text = type_of(column).is_plain_text
    if is_text and column.max_length >= _MANY_LETTERS:
        return scaled(_WIDE)
    short = is_text and 0 < column.max_length <= _FEW_LETTERS
    return scaled(_SHORT if short else _WIDTHS.get(column.type, _LONG))


def shares_the_rest(least: int) -> bool:
    """Whether a column of this least width gets a share of what the others leave."""
    return least == scaled(_LONG)
