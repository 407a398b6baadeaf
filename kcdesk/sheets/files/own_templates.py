"""A template of this program that comes back: its hidden row of keys says which field each column is."""

from __future__ import annotations

from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.sheets.layout.headings import HeadingBlock
from kcdesk.sheets.layout.sheet_layout import SheetLayout
from kcdesk.sheets.matching.column_matching import MatchedColumn, SheetMatch
from kcdesk.sheets.matching.targets import target_at

KEY = "kcdesk:"  # begins every cell of the row of keys: «kcdesk:beneficiary:tax_code»


def key_of(kind: str, path: str) -> str:
    """The key of a column of a template."""
    return f"{KEY}{kind}:{path}"


def own_match(forms: Forms, kind: str, layout: SheetLayout, block: HeadingBlock) -> SheetMatch | None:
    """The match that a template says; None for other sheets. UserError `wrong_template` for one of another kind."""
    for row in range(max(1, block.rows[0] - 3), block.rows[0]):
        keys = {column.number: layout.words.text(row, column.number) for column in block.columns}
        named = {number: key.removeprefix(KEY).partition(":") for number, key in keys.items() if key.startswith(KEY)}
        if not named:
            continue
        others = {other for other, _, _ in named.values() if other != kind}
        if others:
            raise UserError(
                f"Đây là bảng nhập của loại «{others.pop()}», không phải «{kind}».",
                code="wrong_template",
                hint="Hãy nạp đúng loại hồ sơ, hoặc xuất bảng nhập khác bằng kcdesk template.",
            )
        columns = [
            MatchedColumn(
                column, target_at(forms, kind, named[column.number][2]) if column.number in named else None, 1.0
            )
            for column in block.columns
        ]
        return SheetMatch(columns)
    return None
