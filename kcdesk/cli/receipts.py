"""Commands of receipts: decide about a dossier of a package, write the receipt, read one that came."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from kcdesk.cli import record_commands, text_output
from kcdesk.cli.given_paths import FILE, FOLDER, MAY_BE_MISSING, WORKBOOK
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.foreign_files.file_names import safe_name
from kcdesk.services.handover.receipts import drafts, receipt_lines, writing
from kcdesk.services.handover.receipts import received as reading
from kcdesk.services.handover.receipts.receipt_lines import Decision
from kcdesk.services.handover.receipts.results import RESULTS
from kcdesk.services.workspace import Workspace

_TEXT = {"default": ""}
_RETURN = {
    "dest": "returned",
    "action": "append",
    "default": [],
    "metavar": "MÃ[/TRƯỜNG]=LÝ_DO",
    "help": "trả lại một hồ sơ",
}
_REASON = {"action": "append", "default": [], "metavar": "[TRƯỜNG]=LÝ_DO", "help": "lý do trả lại, theo mục"}


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "decide",
        with_workspace(decide),
        decision_in_lines,
        "ghi quyết định về một hồ sơ của gói đã nhận, hoặc sửa quyết định đã gửi; biên nhận sau đó gửi đi",
        ("package", {"metavar": "MÃ_GÓI"}),
        ("id", {"metavar": "MÃ"}),
        ("result", {"choices": RESULTS, "metavar": "KẾT_QUẢ", "help": f"một trong: {', '.join(RESULTS)}"}),
        ("--support", _TEXT | {"metavar": "SỐ_TIỀN", "help": "kinh phí hỗ trợ được duyệt (mặc định: số đề nghị)"}),
        ("--total", _TEXT | {"metavar": "SỐ_TIỀN", "help": "tổng kinh phí được duyệt (mặc định: như đề án)"}),
        ("--number", _TEXT | {"metavar": "SỐ", "help": "số văn bản"}),
        ("--date", _TEXT | {"metavar": "NGÀY", "help": "ngày văn bản"}),
        ("--authority", _TEXT | {"metavar": "CƠ_QUAN", "help": "cơ quan phê duyệt"}),
        ("--note", _TEXT | {"metavar": "Ý_KIẾN", "help": "ý kiến; lý do khi không duyệt hoặc duyệt hơn đề nghị"}),
        ("--reason", _REASON),
        ("--answer-by", _TEXT | {"metavar": "NGÀY", "help": "hạn bổ sung, khi trả lại"}),
        ("--amend", _TEXT | {"metavar": "LÝ_DO", "help": "lý do sửa quyết định đã gửi"}),
    )
    add(
        "receipt",
        with_workspace(receipt),
        text_output.receipt_in_lines,
        "lập biên nhận trả lời một gói đã nhận",
        ("package", {"metavar": "MÃ_GÓI"}),
        ("file", WORKBOOK),
        ("--return", _RETURN),
        ("--enclose", FILE | {"action": "append", "default": [], "help": "gửi kèm một tệp: quy định mới, công văn"}),
    )
    add(
        "answers",
        with_workspace(answers),
        text_output.answers_in_lines,
        "xem một biên nhận đã nhận trả lời những gì",
        ("package", {"metavar": "MÃ_GÓI"}),
        ("--save", MAY_BE_MISSING | FOLDER | {"help": "chép các tệp gửi kèm ra thư mục này"}),
    )


def decide(workspace: Workspace, options: Namespace) -> CommandResult:
    """Keep a decision about a dossier of a package; "missing" says what it lacks, "exceeds" what it is above."""
    line = next((line for line in drafts.lines(workspace, options.package) if line.record == options.id), None)
    if line is None:
        raise UserError(f"Hồ sơ {options.id} không nằm trong gói này.", code="not_in_package", hint="Xem lại mã hồ sơ.")
    asked = line.requested.removesuffix(" đồng") if options.result == "approved" else ""
    decision = Decision(
        result=options.result,
        reasons=tuple(_pair(reason) for reason in options.reason),
        support=options.support or asked,
        total=options.total,
        number=options.number,
        date=options.date,
        authority=options.authority,
        note=options.note,
        amends=options.amend,
        answer_by=options.answer_by,
    )
    drafts.choose(workspace, options.package, options.id, decision)
    kept = receipt_lines.with_decision(line, decision)
    return {
        "id": options.id,
        "result": options.result,
        "support": receipt_lines.read_amount(workspace, kept, decision.support),
        "exceeds": receipt_lines.amount_problem(workspace, kept),
        "missing": receipt_lines.problem(workspace, kept),
    }


def decision_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the decision, what it is above, and what it lacks."""
    yield f"Đã ghi «{drafts.label(result['result'])}»" + (f": {result['support']} đồng." if result["support"] else ".")
    yield from filter(None, (result["exceeds"], result["missing"]))


def receipt(workspace: Workspace, options: Namespace) -> CommandResult:
    """Write the receipt of a package, with the decisions that were kept for it."""
    returned: dict[str, list[tuple[str, str]]] = {}
    for pair in options.returned:
        place, reason = _pair(pair)
        id_, _, field = place.partition("/")
        returned.setdefault(id_, []).append((field, reason))
    password = record_commands.package_password(workspace)
    enclosed, path = [Path(file) for file in options.enclose], Path(options.file)
    if not drafts.has_decisions(workspace, options.package):
        return writing.make(workspace, options.package, path, returned=returned, enclosed=enclosed, password=password)
    for id_, reasons in returned.items():
        drafts.choose(workspace, options.package, id_, Decision(result="returned", reasons=tuple(reasons)))
    return drafts.write_receipt(workspace, options.package, path, password, enclosed)[0]


def answers(workspace: Workspace, options: Namespace) -> CommandResult:
    """Return the answers of a receipt; save its enclosed files if asked."""
    answered = reading.read_receipt(workspace, options.package)
    for file in answered.enclosed if options.save else ():
        name = safe_name(file["name"])
        reading.save_enclosed(workspace, options.package, file["name"], Path(options.save) / name)
    return answered.to_json()


def _pair(written: str) -> tuple[str, str]:
    place, equals, reason = written.partition("=")
    if not equals:
        raise UserError(f"«{written}» không phải là MÃ[/TRƯỜNG]=LÝ DO.", code="bad_pair")
    return place, reason
