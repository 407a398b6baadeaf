"""Commands for offices, officers and work hand-overs."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.cli import text_output
from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING
from kcdesk.cli.maintenance import new_passphrase
from kcdesk.cli.record_commands import optional_day, passphrase, with_workspace
from kcdesk.cli.terminal import console_progress
from kcdesk.cli.text_output import CommandResult
from kcdesk.cli.window import store_folder
from kcdesk.errors import UserError
from kcdesk.services.maintenance import opening, passphrases
from kcdesk.services.overview import record_json
from kcdesk.services.papers import printing
from kcdesk.services.staff import leaving, open_work, work_handovers
from kcdesk.services.staff import offices as service
from kcdesk.services.workspace import Workspace

_FLAG = {"action": "store_true"}
_TEXT = {"default": ""}
_ON = ("--on", _TEXT | {"metavar": "NGÀY", "help": "xem như vào một ngày khác (mặc định: hôm nay)"})
_ENDED = ("--ended", _FLAG | {"help": "kể cả đơn vị, cán bộ đã kết thúc"})


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "offices", with_workspace(offices), offices_in_lines, "cây đơn vị vào một ngày: cấp, cán bộ, đề án", _ON, _ENDED
    )
    add(
        "staff",
        with_workspace(staff),
        staff_in_lines,
        "cán bộ và các đề án đang làm mà từng người phụ trách",
        ("--name", _TEXT | {"metavar": "CÁN_BỘ", "help": "một cán bộ, theo mã hoặc họ tên, kèm đề án đang làm"}),
        ("--unassigned", _FLAG | {"help": "các đề án đang làm chưa giao ai phụ trách"}),
        _ON,
        _ENDED,
    )
    add(
        "hand-over",
        with_workspace(hand_over),
        handed_in_lines,
        "bàn giao công việc: chuyển các đề án đang làm sang cán bộ khác, kèm biên bản",
        ("--from", {"dest": "giver", "required": True, "metavar": "CÁN_BỘ", "help": "người giao, mã hoặc họ tên"}),
        ("--to", {"dest": "receiver", "required": True, "metavar": "CÁN_BỘ", "help": "người nhận, mã hoặc họ tên"}),
        ("--reason", {"required": True, "metavar": "LÝ_DO", "help": "move, leave, retirement, reorganisation, other"}),
        (
            "--dossier",
            {"action": "append", "default": [], "metavar": "MÃ", "help": "đề án (mặc định: tất cả)"},
        ),
        ("--on", _TEXT | {"metavar": "NGÀY", "help": "ngày bàn giao (mặc định: hôm nay)"}),
        ("--witness", _TEXT | {"metavar": "TÊN", "help": "lãnh đạo chứng kiến"}),
        ("--number", _TEXT | {"metavar": "SỐ", "help": "số biên bản"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in biên bản ra tệp PDF"}),
        ("--dry-run", _FLAG | {"help": "chỉ xem sẽ bàn giao gì, in thử biên bản với --pdf"}),
    )
    add(
        "leave",
        leave,
        left_in_lines,
        "cán bộ thôi việc: bàn giao việc, ghi ngày, đổi mật khẩu và mã khôi phục, kể những gì còn mở được kho",
        ("officer", {"metavar": "CÁN_BỘ", "help": "mã hoặc họ tên"}),
        ("--to", _TEXT | {"dest": "receiver", "metavar": "CÁN_BỘ", "help": "người nhận các đề án đang làm"}),
        (
            "--reason",
            {"default": "leave", "metavar": "LÝ_DO", "help": "move, leave, retirement, reorganisation, other"},
        ),
        ("--on", _TEXT | {"metavar": "NGÀY", "help": "ngày làm việc cuối (mặc định: hôm nay)"}),
        ("--keep-passphrase", _FLAG | {"help": "không đổi mật khẩu, khi người này không dùng kho"}),
    )
    add(
        "assign",
        with_workspace(assign),
        text_output.changes_in_lines,
        "giao đề án cho cán bộ phụ trách",
        ("receiver", {"metavar": "CÁN_BỘ"}),
        ("dossiers", {"nargs": "+", "metavar": "MÃ_ĐỀ_ÁN"}),
    )


# -- commands ------------------------------------------------------------------------------------------------------


def offices(workspace: Workspace, options: Namespace) -> CommandResult:
    """Return the tree of offices on a day."""
    return [line.as_json() for line in service.tree(workspace, optional_day(options.on), ended=options.ended)]


def staff(workspace: Workspace, options: Namespace) -> CommandResult:
    """Return the officers, one officer with his open proposals, or the open proposals without an officer."""
    if options.unassigned:
        return {"dossiers": [dossier.as_json() for dossier in open_work.open_of(workspace, "")]}
    everybody = service.everybody(workspace, optional_day(options.on))
    if options.name:
        id_ = _officer(workspace, options.name)
        person = next(person for person in everybody if person.id == id_)
        return person.as_json() | {"dossiers": [dossier.as_json() for dossier in open_work.open_of(workspace, id_)]}
    return [person.as_json() for person in everybody if options.ended or person.serves]


def hand_over(workspace: Workspace, options: Namespace) -> CommandResult:
    """Hand over open proposals and write the record, or only preview it."""
    giver = _officer(workspace, options.giver)
    handing = work_handovers.WorkHandoverOrder(
        giver=giver,
        receiver=_officer(workspace, options.receiver),
        reason=options.reason,
        dossiers=options.dossier or [dossier.id for dossier in open_work.open_of(workspace, giver)],
        on=optional_day(options.on) or workspace.today(),
        number=options.number,
        witness=options.witness,
    )
    pdf = Path(options.pdf) if options.pdf else None
    if options.dry_run:
        listed = work_handovers.draft(workspace, handing)
        shown = {"from": listed.value("from_name"), "to": listed.value("to_name"), "dossiers": listed.rows("dossiers")}
        return shown | (work_handovers.print_draft(workspace, handing, pdf) if pdf else {})
    changes = work_handovers.carry_out(workspace, handing)
    id_ = next(item.id for item in changes.items if item.kind == work_handovers.KIND)
    made = record_json.changes_as_json(changes, id_)
    return made | (printing.print_record(workspace, id_, work_handovers.LAYOUT, pdf) if pdf else {})


def assign(workspace: Workspace, options: Namespace) -> CommandResult:
    """Assign an officer to proposals."""
    return record_json.changes_as_json(
        work_handovers.assign(workspace, options.dossiers, _officer(workspace, options.receiver))
    )


def leave(options: Namespace) -> CommandResult:
    """Let an officer leave: the work, the last day, then another passphrase; what is refused is refused before."""
    workspace = opening.open_workspace(store_folder(options), passphrase(options))
    try:
        keeps = options.keep_passphrase or workspace.identity.practice
        change = None if keeps else passphrases.prepare_change(workspace, new_passphrase())
        left, ways = _left(workspace, options), list(passphrases.ways_in(workspace))
        if change is not None:
            workspace = change.carry_out(workspace, console_progress("Mã hoá lại kho"))
        old = [str(copy) for copy in workspace.store.old_key_copies()]
    finally:
        workspace.close()
    return left | {"recovery_code": change.code if change else "", "ways_in": ways, "old_copies": old}


def _left(workspace: Workspace, options: Namespace) -> dict[str, Any]:
    """Hand over the open work and note the last day, in one transaction."""
    giver, day = _officer(workspace, options.officer), optional_day(options.on) or workspace.today()
    dossiers = [dossier.id for dossier in open_work.open_of(workspace, giver)]
    with workspace.store.together():
        if dossiers and options.receiver:
            receiver = _officer(workspace, options.receiver)
            order = work_handovers.WorkHandoverOrder(
                giver=giver, receiver=receiver, reason=options.reason, dossiers=dossiers, on=day
            )
            work_handovers.carry_out(workspace, order)
        leaving.end_service(workspace, giver, day)
    return {"officer": giver, "serves_to": day.isoformat(), "handed": len(dossiers)}


def _officer(workspace: Workspace, named: str) -> str:
    """Return the id of an officer by id or by name, ignoring accents; raises UserError for none or several matches."""
    wanted = text.fold(named)
    matches = [
        person for person in service.everybody(workspace) if named == person.id or text.fold(person.name) == wanted
    ]
    if len(matches) == 1:
        return matches[0].id
    if matches:
        ids = "; ".join(f"{person.name_and_title}: {person.id}" for person in matches)
        raise UserError(f"Có {len(matches)} cán bộ tên «{named}».", code="ambiguous", hint=f"Hãy ghi mã ({ids}).")
    raise UserError(f"Không có cán bộ nào là «{named}».", code="not_found", hint="Lệnh staff liệt kê cán bộ.")


# -- output as lines -------------------------------------------------------------------------------------------


def offices_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the tree, indented."""
    for line in result:
        facts = [line["level"], _days(line["valid_from"], line["valid_to"])]
        facts += [f"{line['people']} cán bộ", f"{line['dossiers']} đề án đang làm"]
        yield f"{'    ' * line['depth']}{line['name']} ({'; '.join(fact for fact in facts if fact)})"
    if not result:
        yield "Chưa có đơn vị nào hoạt động vào ngày này."


def staff_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield one line per officer, or per proposal."""
    if isinstance(result, list):
        for person in result:
            named = ", ".join(filter(None, (person["name"], person["title"])))
            facts = [_days(person["serves_from"], person["serves_to"]), f"{person['dossiers']} đề án đang làm"]
            yield f"{person['id']}  {named} ({'; '.join(fact for fact in facts if fact)})"
        yield f"{len(result)} cán bộ"
        return
    yield from (f"{row['id']}  {row['stage']:<15}  {row['title']}" for row in result["dossiers"])
    yield f"{len(result['dossiers'])} đề án đang làm"


def handed_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield what was handed over, or would be."""
    if "changes" in result:
        yield from text_output.changes_in_lines(result)
    else:
        yield f"Sẽ bàn giao {len(result['dossiers'])} đề án: {result['from']} → {result['to']}"
        yield from (f"- {row['title']} ({row.get('stage', '')})" for row in result["dossiers"])
    if "pdf" in result:
        yield f"Đã in {result['pages']} trang: {result['pdf']}"


def left_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield what was done, the new recovery code, and what can still open the store or its copies."""
    day = text.format_date(date.fromisoformat(result["serves_to"]))
    yield f"Đã ghi thôi việc sau ngày {day}; bàn giao {result['handed']} đề án."
    if result["recovery_code"]:
        yield f"Đã đổi mật khẩu. Mã khôi phục mới (hãy in và cất giữ; mã cũ hết hiệu lực): {result['recovery_code']}"
    yield from (f"- {way}" for way in result["ways_in"])


def _days(first: Any, last: Any) -> str:
    parts = [f"từ {text.format_date(date.fromisoformat(first))}"] if first else []
    parts += [f"đến {text.format_date(date.fromisoformat(last))}"] if last else []
    return " ".join(parts)
