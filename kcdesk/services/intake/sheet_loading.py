"""A foreign spreadsheet, from the file to the store: opened, laid out, matched, read, judged, and written if asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.collector import at_rest
from kcdesk.services.intake import applying, map_files, totals
from kcdesk.services.intake.judging import SheetJudge
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.map_files import ColumnMap
from kcdesk.services.intake.other_tables import other_table_questions, without_others
from kcdesk.services.intake.planned_records import SheetJudgement
from kcdesk.services.intake.sheet_questions import hidden_questions, letter_questions, link_notes, repeated_questions
from kcdesk.services.records import permissions, reading
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.book.foreign_book import ForeignBook, ForeignSheet
from kcdesk.sheets.book.reading_files import read_book
from kcdesk.sheets.files.own_templates import own_match
from kcdesk.sheets.layout.headings import HeadingBlock
from kcdesk.sheets.layout.row_signs import is_letterhead
from kcdesk.sheets.layout.sheet_layout import LaidRow, SheetLayout, laid_out
from kcdesk.sheets.matching.column_matching import ColumnMatching, HeadingWords, MatchedColumn, SheetMatch
from kcdesk.sheets.matching.row_values import RowReader, RowValues
from kcdesk.store.changes import Changes
from kcdesk.text import fold

MOST_COLUMNS = 400
_EVERY = 200  # rows between two reports of progress


@dataclass
class LoadedSheet:
    """A sheet that was read and judged."""

    order: LoadOrder
    book: ForeignBook
    layout: SheetLayout
    matches: Mapping[int, SheetMatch]  # by the first row of each heading
    rows: Sequence[RowValues]
    judged: SheetJudgement
    notes: Sequence[str] = ()
    shared: str = ""  # what the one record is called whose table all rows fill
    known: Mapping[str, Any] = field(default_factory=dict)  # what holds for every row that says nothing else
    reader: RowReader | None = None
    changes: Changes | None = field(default=None)
    is_applied: bool = False

    @property
    def match(self) -> SheetMatch:
        """The match of the first heading."""
        return self.matches[self.layout.blocks[0].rows[0]]

    def whole_row(self, forms: Forms, number: int) -> RowValues:
        """A row read once more, with what every one of its cells was read as."""
        if self.reader is None:
            self.reader = RowReader(forms, self.order.kind, self.layout, self.matches, self.known)
        return self.reader.row(self._laid[number], whole=True)

    def judge(self, workspace: Workspace) -> SheetJudge:
        """A judge of its rows."""
        order = self.order
        return SheetJudge(
            workspace, order.kind, accepts=order.accepts, into=order.into, shared=self.shared, source=self.source
        )

    @property
    def source(self) -> str:
        """What the sheet is called where records say from which paper they come."""
        return f"{self.order.path.name}, trang «{self.layout.sheet.name}»"

    @cached_property
    def _laid(self) -> Mapping[int, LaidRow]:
        return {row.number: row for row in (*self.layout.rows, *self.layout.hidden)}


def prepare_load(workspace: Workspace, order: LoadOrder, progress: Progress = ignore_progress) -> LoadedSheet:
    """Read and judge a sheet; nothing is written. UserError for a file, sheet or map that cannot be used."""
    return judge_book(workspace, order, read_book(order.path, progress), progress)


@at_rest()
def judge_book(
    workspace: Workspace, order: LoadOrder, book: ForeignBook, progress: Progress = ignore_progress
) -> LoadedSheet:
    """As `prepare_load`, for a file that was opened before."""
    reading.form_of(workspace, order.kind)
    into = permissions.living(workspace, order.into) if order.into else None
    if into is not None and into.kind != order.kind:
        raise UserError("Hồ sơ đã chọn thuộc loại khác.", code="wrong_kind", hint="Hãy chọn đúng hồ sơ.", field="into")
    layout = _layout(workspace, order, book)
    matches = {block.rows[0]: _match(workspace, order, layout, block) for block in layout.blocks}
    if not any(match.targets for match in matches.values()):
        raise _no_headings(workspace, order.kind, layout)
    layout = layout if order.into else without_others(workspace.forms, order.kind, layout, matches)
    matches = {block.rows[0]: matches[block.rows[0]] for block in layout.blocks}
    shared = "" if order.into else _shared_title(workspace, order, layout, matches[layout.blocks[0].rows[0]])
    if shared or order.into:
        matches = {row: _only_tables(match) for row, match in matches.items()}
    totals.refuse_years_across(workspace.forms, order.kind, matches.values())
    known = totals.known_owner(workspace, order.kind, layout, matches.values())
    notes = [*link_notes(book), *totals.owner_notes(workspace.forms, order.kind, known)]
    reader = RowReader(workspace.forms, order.kind, layout, matches, known)
    rows = _read_rows(reader, order, layout, progress)
    loaded = LoadedSheet(order, book, layout, matches, rows, SheetJudgement(order.kind), notes, shared, known)
    loaded.judged = judged = loaded.judge(workspace).judged(rows, len(rows), progress)
    questions_of(workspace.forms, loaded, judged)
    return loaded


def questions_of(forms: Forms, loaded: LoadedSheet, judged: SheetJudgement) -> SheetJudgement:
    """Add to a judgement what the sheet as a whole should be asked about."""
    judged.asked[:0] = letter_questions(loaded.layout, loaded.matches)
    layout, order = loaded.layout, loaded.order
    judged.asked += [*repeated_questions(layout, loaded.matches), *other_table_questions(forms, order.kind, layout)]
    judged.asked += hidden_questions(layout, order)
    return judged


def _shared_title(workspace: Workspace, order: LoadOrder, layout: SheetLayout, match: SheetMatch) -> str:
    """What the one record is called whose table all rows fill, where no column says whose they are; "" if one does."""
    targets = match.targets
    title = workspace.forms.current(order.kind).title[0]
    if any(each.is_title or each.is_linked or each.path == title for each in targets) or title in match.values:
        return ""
    if not any(each.is_column and not each.choice for each in targets):
        return ""
    titles = [text for text in layout.titles if not is_letterhead(text) and len(text) > 5]
    return titles[0] if titles else f"{layout.sheet.name} ({order.path.stem})"


def _only_tables(match: SheetMatch) -> SheetMatch:
    """The match without fields of the record itself: the rows of its table cannot all say them."""
    kept = [
        each if each.target and each.target.is_column else MatchedColumn(each.column, None) for each in match.columns
    ]
    return SheetMatch(kept, match.values, match.units)


@at_rest()
def apply_load(workspace: Workspace, loaded: LoadedSheet, progress: Progress = ignore_progress) -> LoadedSheet:
    """Write what was judged, as one act, and remember the match of the layout."""
    applying.back_up_before(workspace, loaded.judged)
    with workspace.store.together():
        loaded.changes = applying.apply_sheet(workspace, loaded.judged, loaded.order.path.name, progress)
        for block in loaded.layout.blocks:
            map_files.remember(workspace, loaded.order.kind, block, loaded.matches[block.rows[0]])
    loaded.is_applied = True
    return loaded


# -- the sheet, its headings ---------------------------------------------------------------------------------------


def _layout(workspace: Workspace, order: LoadOrder, book: ForeignBook) -> SheetLayout:
    column_map = order.column_map or ColumnMap()
    wanted = order.sheet or column_map.sheet
    words, named = HeadingWords.of(workspace.forms, order.kind), partial(HeadingWords.named_anywhere, workspace.forms)
    if wanted:
        layout = laid_out(_named_sheet(book, wanted), words.score, named, column_map.headings)
    else:
        shown = [sheet for sheet in book.sheets if not sheet.is_hidden and sheet.rows]
        listed = shown or [sheet for sheet in book.sheets if sheet.rows]
        layouts = [laid_out(sheet, words.score, named, column_map.headings) for sheet in listed]
        if not layouts:
            raise UserError("Bảng tính này không có ô nào có nội dung.", code="empty_sheet", hint="Hãy chọn tệp khác.")
        layout = max(layouts, key=lambda each: each.score)
    if not layout.blocks:
        raise _no_headings(workspace, order.kind, layout)
    if max(len(block.columns) for block in layout.blocks) > MOST_COLUMNS:
        raise UserError(f"Bảng có hơn {MOST_COLUMNS} cột.", code="bad_sheet", hint="Hãy xoá các cột không cần.")
    if not layout.rows and not layout.hidden:
        raise UserError(
            f"Trang «{layout.sheet.name}» không có dòng nào dưới tiêu đề.",
            code="no_rows",
            hint="Hãy chọn trang khác (lệnh load: --sheet).",
        )
    return layout


def _named_sheet(book: ForeignBook, wanted: str) -> ForeignSheet:
    for sheet in book.sheets:
        if sheet.name == wanted:
            return sheet
    folded = [sheet for sheet in book.sheets if fold(sheet.name) == fold(wanted)]
    if len(folded) == 1:
        return folded[0]
    if wanted.isdecimal() and 1 <= int(wanted) <= len(book.sheets):
        return book.sheets[int(wanted) - 1]
    names = ", ".join(f"«{sheet.name}»" for sheet in book.sheets)
    raise UserError(f"Tệp không có trang «{wanted}».", code="no_sheet", hint=f"Các trang: {names}.", field="sheet")


def _no_headings(workspace: Workspace, kind: str, layout: SheetLayout) -> UserError:
    label = workspace.forms.current(kind).label.lower()
    return UserError(
        f"Trang «{layout.sheet.name}» không có cột nào nhận ra là của {label}.",
        code="no_headings",
        hint="Hãy chọn trang khác hoặc tự ghép cột (lệnh load: --sheet, --map).",
    )


def _match(workspace: Workspace, order: LoadOrder, layout: SheetLayout, block: HeadingBlock) -> SheetMatch:
    """The match of a heading: of our own template, of a map, of the time before, or the suggestion."""
    if own := own_match(workspace.forms, order.kind, layout, block):
        return own
    rows = [row.number for row in layout.rows if row.block is block]
    suggested = ColumnMatching(workspace.forms, order.kind, layout.words, block, rows).suggested()
    column_map = order.column_map or map_files.remembered(workspace, order.kind, block)
    match = map_files.matched(workspace.forms, order.kind, block, column_map, suggested) if column_map else suggested
    return _without_hidden(order, layout, match)


def _without_hidden(order: LoadOrder, layout: SheetLayout, match: SheetMatch) -> SheetMatch:
    """Leave hidden columns out unless they are asked for."""
    if order.takes_hidden:
        return match
    shown = [each for each in match.columns if each.column.number not in layout.sheet.hidden_columns]
    return SheetMatch(shown, match.values, match.units)


def _read_rows(reader: RowReader, order: LoadOrder, layout: SheetLayout, progress: Progress) -> list[RowValues]:
    laid = sorted([*layout.rows, *(layout.hidden if order.takes_hidden else ())], key=lambda row: row.number)
    rows = []
    for place, row in enumerate(laid):
        if place % _EVERY == 0:
            progress(place, len(laid), "Đọc các dòng")
        rows.append(reader.row(row))
    return rows
