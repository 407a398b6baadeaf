"""The command for summaries: reports as text, printed and compared with what was printed."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kcdesk import moments, text
from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING
from kcdesk.cli.record_commands import optional_day, with_workspace
from kcdesk.cli.text_output import CommandResult, Lines
from kcdesk.errors import UserError
from kcdesk.services.reporting import figures, running, summaries, summary_paper, summary_prints
from kcdesk.services.reporting.summaries import FilledSummary, WantedSummary
from kcdesk.services.reporting.summary_paper import Signing
from kcdesk.services.workspace import Workspace


def add_commands(add: Any) -> None:
    """Add the command of summaries."""
    text_option = {"default": ""}
    add(
        "summary",
        with_workspace(written_summary),
        summary_in_lines,
        "báo cáo tổng hợp thành lời; lần sau cho biết số nào đã khác bản đã in",
        ("name", {"metavar": "TÊN", "nargs": "?", "default": "", "help": "báo cáo nào; bỏ trống: báo cáo đầu tiên"}),
        ("--period", {"metavar": "KỲ", "required": True, "help": "6m2026, 2026-H1, 2026-Q1, 03/2026, 2026"}),
        ("--unit", text_option | {"metavar": "ĐƠN_VỊ", "help": "chỉ hồ sơ của một đơn vị (mã hoặc tên)"}),
        ("--money", text_option | {"metavar": "ĐƠN_VỊ", "help": "đồng, nghìn, triệu (mặc định), tỷ"}),
        ("--own", {"default": [], "action": "append", "metavar": "CHỖ=LỜI", "help": "lời viết thêm vào một chỗ"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in ra tệp PDF"}),
        ("--docx", MAY_BE_MISSING | FILE | {"help": "ghi ra tệp Word"}),
        ("--number", text_option | {"metavar": "SỐ", "help": "số của báo cáo"}),
        ("--dated", text_option | {"metavar": "NGÀY", "help": "ngày của báo cáo"}),
        ("--to", {"default": [], "action": "append", "metavar": "NƠI_NHẬN", "help": "nơi nhận; ghi lại cho từng nơi"}),
        ("--signer", text_option | {"metavar": "CHỨC_VỤ", "help": "chức vụ người ký"}),
        ("--signed-by", text_option | {"metavar": "HỌ_TÊN", "help": "họ tên người ký"}),
        ("--prints", {"action": "store_true", "help": "các lần đã in của kỳ này"}),
        ("--since", text_option | {"metavar": "MÃ", "help": "so với một lần in khác, không phải lần gần nhất"}),
    )


def written_summary(workspace: Workspace, options: Namespace) -> CommandResult:
    """Write a summary, say what differs from its last print, and print it."""
    wanted = WantedSummary(
        name=options.name,
        period=running.wanted_period("", "", options.period),
        unit=options.unit,
        money=options.money,
        own=dict(map(_own_words, options.own)),
    )
    if options.prints:
        return {"prints": [summary_prints.print_json(kept) for kept in summary_prints.prints_of(workspace, wanted)]}
    filled = summaries.fill(workspace, wanted)
    result = filled.as_json() | _since(workspace, filled, options.since)
    files = {kind: Path(given) for kind in ("pdf", "docx") if (given := getattr(options, kind))}
    result |= summary_paper.write_summary(workspace, filled, _signing(options), **files)
    return result if options.json else result | {"shown": list(_shown_lines(filled))}


def _since(workspace: Workspace, filled: FilledSummary, id_: str) -> dict[str, Any]:
    """What differs from the last print, or from the one with this id; {} if there is no print."""
    wanted = filled.wanted
    printed = (
        summary_prints.print_named(workspace, wanted, id_) if id_ else summary_prints.last_print(workspace, wanted)
    )
    if printed is None:
        return {}
    changes = summary_prints.changes_since(workspace, filled, printed)
    since = summary_prints.print_json(printed) | {"changes": [change.as_json() for change in changes]}
    return {"since": since, "since_lines": list(summary_prints.lines_since(printed, changes))}


def _signing(options: Namespace) -> Signing:
    return Signing(
        number=options.number,
        dated=optional_day(options.dated, "dated"),
        recipients=tuple(options.to),
        signer_title=options.signer,
        signer=options.signed_by,
    )


def _own_words(given: str) -> tuple[str, str]:
    """«tasks=…» as name and words; UserError `missing`."""
    name, sign, words = given.partition("=")
    if not sign:
        raise UserError("Hãy ghi CHỖ=LỜI, ví dụ tasks=Đôn đốc giải ngân.", code="missing", field="own")
    return name.strip(), words.strip()


def _shown_lines(filled: FilledSummary) -> Iterator[str]:
    for line in filled.lines:
        if line.table is not None:
            yield from ("    " + "  ".join(cells) for cells in figures.lines(line.table, filled.money))
        elif line.own:
            yield line.text or f"… (viết thêm: --own {line.own}=…)"
        elif line.text:
            yield line.text


def summary_in_lines(result: CommandResult) -> Lines:
    """Yield the text, its notes, and what differs from the last print."""
    if "prints" in result:
        yield from map(_print_line, result["prints"])
        return
    yield result["title"]
    yield from result["shown"]
    yield from (f"Ghi chú: {note}" for note in result["notes"])
    yield from result.get("since_lines", ())
    yield from (f"Đã ghi {result[kind]}" for kind in ("pdf", "docx") if kind in result)


def _print_line(printed: dict[str, Any]) -> str:
    number = f", số {printed['number']}" if printed["number"] else ""
    return f"{printed['id']}  {text.format_date(moments.day(printed['at']))}  {printed['officer']}{number}"
