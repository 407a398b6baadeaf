"""The command `why`: what a number of a record is made of."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.services.derivations import annex, explaining, wording
from kcdesk.services.workspace import Workspace

_RECORD = ("id", {"metavar": "MÃ_HỒ_SƠ"})


def add_commands(add: Any) -> None:
    """Add the command to the parser."""
    add(
        "why",
        with_workspace(explain_number),
        _number_in_lines,
        "vì sao có một số: các phần của nó, quy định, ai ghi, khi nào, theo giấy tờ nào",
        _RECORD,
        (
            "field",
            {
                "nargs": "?",
                "default": "",
                "metavar": "TRƯỜNG",
                "help": "ô (amount, budget/MÃ_DÒNG/cost) hoặc số ở bảng bên (balance.paid); trống: liệt kê",
            },
        ),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in phụ lục giải trình ra tệp PDF"}),
    )


def explain_number(workspace: Workspace, options: Namespace) -> CommandResult:
    """Return the tree of a number; without a field the numbers that can be asked about."""
    if not options.field and options.pdf:
        raise UserError("Phụ lục in về một số: hãy ghi cả TRƯỜNG.", code="missing", field="field")
    if not options.field:
        return explaining.numbers_of(workspace, options.id)
    if options.pdf:
        annex.print_annex(workspace, options.id, options.field, Path(options.pdf))
    tree = explaining.why(workspace, options.id, options.field)
    return wording.as_json(tree) if options.json else list(wording.in_lines(tree))


def _number_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the tree, or a line for each number that can be asked about."""
    for line in result:
        yield line if isinstance(line, str) else f"{line['path']}  {line['label']}: {line['text']}"
