"""The command of early warnings."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING, WORKBOOK
from kcdesk.cli.record_commands import optional_day, with_workspace
from kcdesk.cli.text_output import CommandResult, Lines, changes_in_lines
from kcdesk.services.overview import record_json
from kcdesk.services.warnings import foresight, review_table
from kcdesk.services.workspace import Workspace


def add_commands(add: Any) -> None:
    """Add the command of early warnings."""
    written = {"default": ""}
    add(
        "warnings",
        with_workspace(warnings),
        warnings_in_lines,
        "đề án có nguy cơ phải trả kinh phí, dấu hiệu của từng đề án, ngày nên đề nghị điều chỉnh",
        ("--on", written | {"metavar": "NGÀY", "help": "xem như vào một ngày khác (mặc định: hôm nay)"}),
        (
            "--draft",
            written | {"metavar": "MÃ", "help": "lập dự thảo đề nghị điều chỉnh cho đề án đã bị cảnh báo"},
        ),
    )

    add(
        "review",
        with_workspace(review),
        review_in_lines,
        "bảng rà soát đề án của một năm theo khả năng hoàn thành (TB 504/TB-CN)",
        ("--year", {"type": int, "default": 0, "metavar": "NĂM", "help": "năm kế hoạch (mặc định: năm mới nhất)"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in ra tệp PDF"}),
        ("--docx", MAY_BE_MISSING | FILE | {"help": "ghi ra tệp Word"}),
        ("--xlsx", MAY_BE_MISSING | WORKBOOK | {"help": "ghi ra bảng Excel"}),
    )


def review(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the approved proposals of a year by their chance of completion, and write the table."""
    year = options.year or next(iter(review_table.years(workspace)), workspace.today().year)
    lines = review_table.review_lines(workspace, year)
    pdf, docx = (Path(name) if name else None for name in (options.pdf, options.docx))
    if pdf or docx:
        review_table.print_review(workspace, year, lines, pdf, docx)
    if options.xlsx:
        review_table.write_workbook(workspace, year, lines, Path(options.xlsx))
    return {"year": year, "total": review_table.total_text(lines), "proposals": [line.as_json() for line in lines]}


def review_in_lines(result: CommandResult) -> Lines:
    """Yield each proposal with its money, chance, obstacle and way out."""
    yield f"Kế hoạch năm {result['year']}: {result['total']}"
    for line in result["proposals"]:
        basis = f" ({line['basis']})" if line["basis"] else ""
        yield f"  {line['chance']}{basis}: {line['title']}, duyệt {line['support']} đồng, giải ngân {line['share']}"
        yield from (f"      {words}" for words in (line["obstacle"], line["way_out"]) if words)


def warnings(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the proposals that the rules of early warning name, or draft the request against one warning."""
    if options.draft:
        return record_json.changes_as_json(foresight.write_draft(workspace, options.draft))
    day = optional_day(options.on) or workspace.today()
    return {"on": day.isoformat(), "warnings": [seen.as_json() for seen in foresight.foresights(workspace, day)]}


def warnings_in_lines(result: CommandResult) -> Lines:
    """Yield each warning with its proposals and their signs, or what was drafted."""
    if "changes" in result:
        yield from changes_in_lines(result)
        return
    yield f"Ngày {text.format_date(date.fromisoformat(result['on']))}"
    for warning in result["warnings"]:
        mark = " [chưa có văn bản quy định]" if warning["unverified"] else ""
        yield f"{warning['text']} (xét {warning['looked_at']} đề án đang thực hiện){mark}"
        for proposal in warning["proposals"]:
            yield f"  {proposal['id']}  {proposal['title']}"
            yield from (f"      - {sign}" for sign in proposal["signs"])
            if day := proposal["facts"].get("adjust_by"):
                yield f"      Nên đề nghị điều chỉnh trước: {text.format_date(date.fromisoformat(day))}"
            if proposal["adjustment"]:
                yield f"      Đã có đề nghị điều chỉnh: {proposal['adjustment']}"
        yield f"  Căn cứ: {warning['source']}"
