"""Commands for votes of typical products: board, scores, certificates, certificate holders of a year."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from kcdesk import text
from kcdesk.cli import text_output
from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING
from kcdesk.cli.record_commands import optional_day, with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.services.overview import record_json
from kcdesk.services.votes import boards, certificate_holders
from kcdesk.services.workspace import Workspace

_TEXT = {"default": ""}
_CERTIFICATE = {
    "action": "append",
    "default": [],
    "metavar": "MÃ=SỐ_NGÀY",
    "help": "giấy chứng nhận cấp dưới còn giá trị của một sản phẩm (với register)",
}


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "vote",
        with_workspace(vote),
        vote_in_lines,
        "kỳ bình chọn: bảng điểm, đăng ký, nhập điểm, chốt điểm, cấp và in giấy chứng nhận",
        ("act", {"choices": ACTS, "metavar": "VIỆC", "help": f"một trong: {', '.join(ACTS)}"}),
        ("id", {"metavar": "MÃ_KỲ"}),
        ("--product", {"action": "append", "default": [], "metavar": "MÃ", "help": "sản phẩm đăng ký (với register)"}),
        ("--certificate", _CERTIFICATE),
        ("--entry", _TEXT | {"metavar": "MÃ_SỐ", "help": "mã số bình chọn của sản phẩm (với score)"}),
        ("--judge", _TEXT | {"metavar": "HỌ_TÊN", "help": "giám khảo (với score)"}),
        ("--points", _TEXT | {"metavar": "ĐIỂM", "help": "điểm từng tiêu chí, cách nhau bằng dấu “;” (với score)"}),
        ("--number", _TEXT | {"metavar": "SỐ", "help": "số giấy đầu tiên, ví dụ 01/GCN-UBND (với certify)"}),
        ("--on", _TEXT | {"metavar": "NGÀY", "help": "ngày cấp (với certify; mặc định: hôm nay)"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "tệp PDF nhận kết quả (với certificates, sheets)"}),
    )
    add(
        "holders",
        with_workspace(holders),
        holders_in_lines,
        "cơ sở có giấy chứng nhận sản phẩm tiêu biểu còn giá trị trong một năm",
        ("--year", _TEXT | {"metavar": "NĂM", "help": "mặc định: năm nay"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in danh sách ra tệp PDF"}),
    )


def vote(workspace: Workspace, options: Namespace) -> CommandResult:
    """Run one act on a vote."""
    return _ACTS[options.act](workspace, options)


def _board(workspace: Workspace, options: Namespace) -> CommandResult:
    board = boards.board(workspace, options.id)
    return {"summary": board.sentence, "products": [line.as_json() for line in board.lines]}


def _register(workspace: Workspace, options: Namespace) -> CommandResult:
    certificates = dict(pair.partition("=")[::2] for pair in options.certificate)
    return record_json.changes_as_json(boards.register(workspace, options.id, options.product, certificates))


def _score(workspace: Workspace, options: Namespace) -> CommandResult:
    board = boards.board(workspace, options.id)
    line = next((line for line in board.lines if line.number == options.entry), None)
    if line is None:
        raise UserError(f"Không có sản phẩm nào mang mã số «{options.entry}».", code="not_found", field="entry")
    if options.judge not in board.judges:
        names = "; ".join(board.judges) or "chưa có ai"
        raise UserError(f"Không có giám khảo «{options.judge}».", code="not_found", hint=f"Ban giám khảo: {names}.")
    points = options.points.split(";")
    if len(points) != len(board.criteria):
        raise UserError(f"Cần {len(board.criteria)} điểm, cách nhau bằng dấu “;”.", code="bad_value", field="points")
    cells = {(options.judge, column.name): typed for column, typed in zip(board.criteria, points, strict=True)}
    return record_json.changes_as_json(boards.write_scores(workspace, line.id, cells), line.id)


def _close(workspace: Workspace, options: Namespace) -> CommandResult:
    return record_json.changes_as_json(boards.close_scores(workspace, options.id))


def _certify(workspace: Workspace, options: Namespace) -> CommandResult:
    on = optional_day(options.on) or workspace.today()
    return record_json.changes_as_json(boards.certify(workspace, options.id, options.number, on))


def _certificates(workspace: Workspace, options: Namespace) -> CommandResult:
    return boards.print_certificates(workspace, options.id, _pdf(options))


def _sheets(workspace: Workspace, options: Namespace) -> CommandResult:
    return boards.print_sheets(workspace, options.id, _pdf(options))


_ACTS = {
    "board": _board,
    "register": _register,
    "score": _score,
    "close": _close,
    "certify": _certify,
    "certificates": _certificates,
    "sheets": _sheets,
}
ACTS = tuple(_ACTS)


def holders(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the certificate holders of a year."""
    year = options.year or str(workspace.today().year)
    if not (year.isdecimal() and len(year) == 4):
        raise UserError(f"«{year}» không phải là một năm.", code="bad_value", field="year")
    certificates = [holder.as_json() for holder in certificate_holders.holders(workspace, int(year))]
    made = certificate_holders.print_holders(workspace, int(year), Path(options.pdf)) if options.pdf else {}
    return {"year": int(year), "holders": certificates} | made


def _pdf(options: Namespace) -> Path:
    if not options.pdf:
        raise UserError("Cần tên tệp PDF.", code="missing", hint="Thêm --pdf TỆP.pdf.", field="pdf")
    return Path(options.pdf)


# -- output as lines -------------------------------------------------------------------------------------------


def vote_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the board, best first; or what was done."""
    if "pdf" in result:
        yield from text_output.paper_in_lines(result)
        return
    if "products" not in result:
        yield from text_output.changes_in_lines(result)
        return
    yield result["summary"]
    for line in result["products"]:
        place = f"{line['rank']}." if line["rank"] else "–"
        points = text.format_decimal(line["average"]) if line["average"] else "chưa đủ điểm"
        yield f"{place:>4} {line['number']}  {line['product']}: {points}{'' if line['passes'] else ' (chưa đạt)'}"


def holders_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield one line per certificate."""
    for holder in result["holders"]:
        mark = " (đã thu hồi)" if holder["withdrawn"] else " (hết giá trị cuối năm)" if holder["ends"] else ""
        yield f"{holder['certificate']}  {holder['product']}; {holder['maker']}; {holder['level']}{mark}"
    yield f"{len(result['holders'])} giấy chứng nhận còn giá trị trong năm {result['year']}"
    if "pdf" in result:
        yield from text_output.paper_in_lines(result)
