"""Other tables on the page of a list, below or above it, whose rows are no records of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from openpyxl.utils import get_column_letter

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.new_record import needs_parent
from kcdesk.runtime.frozen import replace
from kcdesk.services.intake.planned_records import AskedCell
from kcdesk.sheets.layout.headings import HeadingBlock
from kcdesk.sheets.layout.row_signs import is_numbering
from kcdesk.sheets.layout.sheet_layout import LeftRow, SheetLayout
from kcdesk.sheets.matching.column_matching import HeadingWords, SheetMatch
from kcdesk.sheets.matching.kind_words import words_of_kind

_NAMED = 0.9  # score of a heading that surely names a field


def without_others(forms: Forms, kind: str, layout: SheetLayout, matches: Mapping[int, SheetMatch]) -> SheetLayout:
    """The layout without the tables that do not say which record a row is, where another one on the page does.

    `matches` are by the first row of each heading. Rows of those tables are left, and their headings kept in `others`.
    """
    telling = {block.rows[0]: _telling(forms, kind, matches[block.rows[0]]) for block in layout.blocks}
    most = max(telling.values())
    others = [block for block in layout.blocks if telling[block.rows[0]] < most]
    if not others:
        return layout
    starts = {block.rows[0] for block in others}
    why = {block.rows[0]: f"thuộc bảng khác, tiêu đề ở dòng {block.rows[0]}" for block in others}
    laid = [*layout.rows, *layout.hidden]
    left = [LeftRow(row.number, why[row.block.rows[0]]) for row in laid if row.block.rows[0] in starts]
    return replace(
        layout,
        blocks=[block for block in layout.blocks if block.rows[0] not in starts],
        rows=[row for row in layout.rows if row.block.rows[0] not in starts],
        hidden=[row for row in layout.hidden if row.block.rows[0] not in starts],
        left=[*layout.left, *left],
        others=others,
    )


def _telling(forms: Forms, kind: str, match: SheetMatch) -> int:
    """How well the columns of a table say which record a row is: 2 by its name or what it is known by, 1 by another's
    name that stands for it or where what comes first is another kind's name, 0 not at all."""
    form, words = forms.current(kind), words_of_kind(forms, kind)
    paths = {each.path for each in match.targets} | set(match.values)
    named = {path.partition(".")[0] for path in paths}
    if needs_parent(form) and form.parent in named:
        return 2
    if form.title[0] in named or any(named.issuperset(group) for group in words.identity):
        return 1 if _begins_with_another(forms, kind, match) else 2
    return int(bool(paths.intersection(words.title_from)))


def _begins_with_another(forms: Forms, kind: str, match: SheetMatch) -> bool:
    """Whether the first column but for numbers is called as what records of another kind are, and fills no field."""
    first = next((each for each in match.columns if not is_numbering(each.column.leaf)), None)
    if first is None or first.target is not None:
        return False
    others = (HeadingWords.of(forms, other).ranked(first.column.heading) for other in forms.kinds if other != kind)
    return any(ranked[0][0] >= _NAMED and ranked[0][1].is_title for ranked in others if ranked)


def other_table_questions(forms: Forms, kind: str, layout: SheetLayout) -> list[AskedCell]:
    """One question for each table that was left out."""
    form = forms.current(kind)
    label = form.field(form.title[0]).heading
    return [
        AskedCell(
            _area(layout, block),
            "",
            f"Từ dòng {block.rows[0]} là một bảng khác, không có cột «{label}», nên chưa được lấy. "
            "Nếu các dòng ấy là danh sách loại khác, hãy chép sang trang riêng rồi nạp vào loại ấy.",
        )
        for block in layout.others
    ]


def _area(layout: SheetLayout, block: HeadingBlock) -> str:
    """The cells of a table, from its heading to its last row."""
    columns = [column.number for column in block.columns]
    last = max((row for row in layout.sheet.filled_rows() if row < _next_start(layout, block)), default=block.last_row)
    return f"{get_column_letter(min(columns))}{block.rows[0]}:{get_column_letter(max(columns))}{last}"


def _next_start(layout: SheetLayout, block: HeadingBlock) -> int:
    """The first row of the heading below; one below the last row of the sheet if there is none."""
    starts: Sequence[int] = sorted(each.rows[0] for each in (*layout.blocks, *layout.others))
    end = max(layout.sheet.rows, default=block.last_row) + 1
    return next((after for start, after in pairwise([*starts, end]) if start == block.rows[0]), end)
