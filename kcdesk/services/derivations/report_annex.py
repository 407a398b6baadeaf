"""The annex of evidence of a report: why one of its numbers, or each of them, stands there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kcdesk.formdef.derivations.nodes import Derivation
from kcdesk.progress import Progress, ignore_progress
from kcdesk.reports.report_table import ReportTable
from kcdesk.runtime.frozen import replace
from kcdesk.services.derivations import wording
from kcdesk.services.derivations.report_figures import FigureTrees
from kcdesk.services.papers.sheets import Topic, filled_sheet, write_sheet
from kcdesk.services.reporting.figures import scope_of
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace

LAYOUT = "report_annex"


def print_figure(workspace: Workspace, wanted: Wanted, row: str, column: str, pdf: Path) -> dict[str, Any]:
    """Write the tree of one figure as PDF; returns {"pdf", "pages"}. UserError if there is none, KnownError."""
    trees = FigureTrees(workspace, wanted)
    return _print(workspace, trees.table, [trees.tree(row, column)], pdf)


def print_all(workspace: Workspace, wanted: Wanted, pdf: Path, progress: Progress = ignore_progress) -> dict[str, Any]:
    """Write the trees of all figures that are more than nothing, row by row; returns {"pdf", "pages"}. KnownError."""
    trees = FigureTrees(workspace, wanted)
    places = list(_places(trees.table))
    made = []
    for number, (row, column) in enumerate(places):
        progress(number, len(places))
        made.append(trees.tree(row, column))
    return _print(workspace, trees.table, made, pdf)


def _places(table: ReportTable) -> Iterator[tuple[str, str]]:
    for row in table.lines:
        yield from ((table.key_of(row), column.name) for column in table.columns if row.values[column.name])


def _print(workspace: Workspace, table: ReportTable, trees: list[Derivation], pdf: Path) -> dict[str, Any]:
    values = {
        "period": Topic(table.name, table.title),
        "scope": scope_of(table),
        "warning": wording.FAULT if any(map(wording.has_fault, trees)) else "",
        "lines": [line for number, tree in enumerate(trees, 1) for line in _lines(number, tree)],
    }
    sheet = replace(filled_sheet(workspace, LAYOUT, values), qr="")  # no record is found by its code
    return write_sheet(sheet, pdf)


def _lines(number: int, tree: Derivation) -> Iterator[dict[str, Any]]:
    """The lines of a tree, numbered below the number of its figure: 3, 3.1, 3.1.2."""
    for line in wording.lines_of(tree):
        yield {
            "number": f"{number}.{line.number}".rstrip("."),
            "text": "\n".join((line.label, *line.details())),
            "formula": line.source(),
            "value": line.printed_value,
            "is_figure": not line.number,
        }
