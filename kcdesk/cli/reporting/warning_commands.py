"""The command of early warnings."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.cli.record_commands import optional_day, with_workspace
from kcdesk.cli.text_output import CommandResult, Lines, changes_in_lines
from kcdesk.services.overview import record_json
from kcdesk.services.warnings import foresight
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
