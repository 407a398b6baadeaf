"""Commands for reports."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult, Lines
from kcdesk.errors import UserError
from kcdesk.services.derivations import report_figures, wording
from kcdesk.services.reporting import comparison, figures, report_files, running
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace


def add_commands(add: Any) -> None:
    """Add the commands of reports."""
    text = {"default": ""}
    add("reports", with_workspace(reports), reports_in_lines, "các báo cáo: cấp dùng, căn cứ, cách chia")
    add(
        "report",
        with_workspace(report),
        report_in_lines,
        "số liệu của một báo cáo, và hồ sơ đứng sau từng số",
        ("name", {"metavar": "TÊN"}),
        ("--from", text | {"dest": "first", "metavar": "NGÀY", "help": "ngày, tháng, quý hoặc năm đầu kỳ"}),
        ("--to", text | {"dest": "last", "metavar": "NGÀY", "help": "ngày, tháng, quý hoặc năm cuối kỳ"}),
        ("--period", text | {"metavar": "KỲ", "help": "2022, 2022-Q1, 2022-H1, 03/2022, 2021..2025"}),
        ("--by", text | {"metavar": "NHÓM", "help": "chia dòng theo nhóm hoặc trường; nhiều nhóm cách nhau dấu phẩy"}),
        ("--level", text | {"metavar": "CẤP", "help": "các dòng là đơn vị, tỉnh, vùng: unit, hoặc tên một cấp"}),
        ("--unit", text | {"metavar": "ĐƠN_VỊ", "help": "chỉ hồ sơ của một đơn vị (mã hoặc tên)"}),
        ("--records", text | {"metavar": "DÒNG/CỘT", "help": "các hồ sơ đứng sau một số; dòng tổng: total"}),
        (
            "--why",
            text | {"metavar": "DÒNG/CỘT", "help": "vì sao có một số: công thức, hồ sơ đứng sau; dòng tổng: total"},
        ),
        ("--money", text | {"metavar": "ĐƠN_VỊ", "help": "đồng (mặc định), nghìn, triệu, tỷ"}),
        ("--csv", MAY_BE_MISSING | FILE | {"help": "ghi ra tệp CSV"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in ra tệp PDF, có chỗ ký"}),
        ("--docx", MAY_BE_MISSING | FILE | {"help": "ghi ra tệp Word"}),
        ("--xlsx", MAY_BE_MISSING | FILE | {"help": "ghi ra bảng tính: số thật, tổng tính lại được, biểu đồ"}),
        ("--png", MAY_BE_MISSING | FILE | {"help": "ghi biểu đồ ra tệp ảnh"}),
        ("--separator", {"default": ";", "choices": [";", ","], "help": "dấu ngăn cột của CSV"}),
        ("--against-last-year", {"action": "store_true", "help": "kèm số liệu cùng kỳ năm trước"}),
    )


def reports(workspace: Workspace, _options: Namespace) -> CommandResult:
    """List the reports."""
    return running.reports_as_json(workspace)


def report(workspace: Workspace, options: Namespace) -> CommandResult:
    """Run a report, or list the records behind one of its numbers."""
    wanted = Wanted(
        name=options.name,
        period=running.wanted_period(options.first, options.last, options.period),
        by=tuple(name.strip() for name in options.by.split(",") if name.strip()),
        level=options.level,
        unit=options.unit,
    )
    if options.why:
        tree = report_figures.why_figure(workspace, *_asked(wanted, options.why, "why"))
        return wording.as_json(tree) if options.json else {"why": list(wording.in_lines(tree))}
    unit = figures.money_unit(options.money or figures.DONG.name)
    table = running.run(workspace, wanted, against_last_year=options.against_last_year)
    beside = comparison.compared(table)
    result = table.as_json() | {"notes": figures.notes_of(beside, unit)}
    records = running.behind(workspace, *_asked(wanted, options.records, "records")) if options.records else []
    if options.records:
        result["records"] = [record.as_json() for record in records]
    files = {kind: Path(path) for kind in report_files.KINDS if (path := getattr(options, kind))}
    result |= report_files.write_files(workspace, beside, files, unit, options.separator)
    if options.json:
        return result
    in_lines = [figures.record_line(record, unit) for record in records]
    return result | {"scope": figures.scope_of(table), "lines": figures.lines(beside, unit), "record_lines": in_lines}


def _asked(wanted: Wanted, place: str, option: str) -> tuple[Wanted, str, str]:
    """The question with the row and column of a figure that is named «row/column»; UserError `missing`."""
    row, slash, column = place.rpartition("/")
    if not slash:
        raise UserError("Hãy ghi DÒNG/CỘT, ví dụ total/planned.", code="missing", field=option)
    wanted, column = comparison.asked_before(wanted, column)
    return wanted, row, column


def reports_in_lines(result: CommandResult) -> Lines:
    """Yield each report with its levels and its source."""
    for line in result:
        mark = " [chưa đối chiếu]" if line["unverified"] else ""
        yield f"{line['name']:<14}{line['title']}"
        yield f"{'':<14}Dùng ở: {', '.join(line['levels'])}. Căn cứ: {line['source']}{mark}"
        yield f"{'':<14}Chia theo: {', '.join(group['name'] for group in line['groups'])}"


def report_in_lines(result: CommandResult) -> Lines:
    """Yield the table, or the records behind a number, or what it is made of."""
    if "why" in result:
        yield from result["why"]
        return
    yield f"{result['title']} – {result['scope']}"
    yield from result["record_lines"]
    if "records" not in result:
        widths = [max(map(len, column)) for column in zip(*result["lines"], strict=True)]
        for label, *cells in result["lines"]:
            fitted = [f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True)]
            yield "  ".join((f"{label:<{widths[0]}}", *fitted))
    yield from (f"- {note}" for note in result["notes"])
    yield from (f"Đã ghi {result[kind]}" for kind in report_files.KINDS if kind in result)
