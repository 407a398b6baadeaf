"""The command for the monthly report on the national contracts."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult, Lines
from kcdesk.services.overview import monthly_progress
from kcdesk.services.workspace import Workspace

_FORMS = {"3b": monthly_progress.VOLUME, "3a": monthly_progress.PROGRESS}


def add_commands(add: Any) -> None:
    """Add the command of the monthly report."""
    add(
        "month-report",
        with_workspace(written_month),
        month_in_lines,
        "báo cáo tháng của các hợp đồng khuyến công quốc gia",
        ("--period", {"metavar": "THÁNG", "required": True, "help": "tháng, ví dụ 10/2026"}),
        ("--form", {"choices": tuple(_FORMS), "default": "3b", "help": "3b: khối lượng, kinh phí; 3a: tiến độ"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in ra tệp PDF"}),
        ("--docx", MAY_BE_MISSING | FILE | {"help": "ghi ra tệp Word"}),
    )


def written_month(workspace: Workspace, options: Namespace) -> CommandResult:
    """Write the report of a month; its rows as JSON."""
    day, layout = monthly_progress.month_named(options.period), _FORMS[options.form]
    rows = monthly_progress.month_rows(workspace, day)
    files = {kind: Path(given) for kind in ("pdf", "docx") if (given := getattr(options, kind))}
    written = monthly_progress.write_month(workspace, layout, day, rows, **files)
    return {
        "period": monthly_progress.month_name(day),
        "form": options.form,
        "rows": [row.as_json() for row in rows],
        **written,
    }


def month_in_lines(result: CommandResult) -> Lines:
    """Yield a line for each contract, the sums, and the files."""
    yield result["period"]
    for row in result["rows"]:
        yield f"{row['contract'] or 'Cộng'}  {row['title']}  {row['amounts']['paid']}/{row['amounts']['value']} đồng"
    yield from (f"Đã ghi {result[kind]}" for kind in ("pdf", "docx") if kind in result)
