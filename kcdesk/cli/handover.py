"""Commands of the hand-over between offices: send, receive, undo, answer, exchange keys."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from kcdesk.cli import record_commands, text_output
from kcdesk.cli.given_paths import FILE, FOLDER, MAY_BE_MISSING, WORKBOOK
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.services.handover.collecting import batch_receiving, late_units, period_handovers
from kcdesk.services.handover.packages import (
    conflicts,
    decision_workbooks,
    edited_workbooks,
    foreign_records,
    original_requests,
    preview,
    receiving,
    sending,
)
from kcdesk.services.handover.packages import handover_record as package_handover_record
from kcdesk.services.handover.receipts import standing
from kcdesk.services.handover.trust import partners, stamps_ahead
from kcdesk.services.overview import record_json
from kcdesk.services.workspace import Workspace

_LOCKED = "locked"
_FLAG = {"action": "store_true"}
_TEXT = {"default": ""}
_SAME_UNIT = _FLAG | {"help": "khoá đó là của một máy khác cùng đơn vị này"}


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "export",
        with_workspace(record_commands.export),
        text_output.package_in_lines,
        "kết xuất gói bàn giao",
        ("file", WORKBOOK),
        ("--to", _TEXT | {"metavar": "ĐƠN_VỊ", "help": "đơn vị nhận (mặc định: cấp trên)"}),
        ("--full", _FLAG | {"help": "mọi hồ sơ, không chỉ phần đã thay đổi"}),
        ("--period", _TEXT | {"metavar": "KỲ", "help": "kỳ báo cáo (mặc định: tháng này)"}),
        ("--sensitive", _FLAG | {"help": "kèm cả dữ liệu nhạy cảm"}),
        ("--purpose", {"default": "", "metavar": "MỤC_ĐÍCH", "help": "vì sao gửi kèm dữ liệu nhạy cảm; ghi vào sổ"}),
    )
    add(
        "inspect",
        record_commands.inspect_package,
        text_output.inspection_in_lines,
        "xem một gói có nguyên vẹn không",
        ("file", FILE),
    )
    add(
        "import",
        with_workspace(import_),
        text_output.imported_in_lines,
        "nhận một gói bàn giao hoặc biên nhận",
        ("file", WORKBOOK),
        ("--dry-run", _FLAG | {"help": "chỉ xem sẽ thay đổi gì"}),
        ("--trust", _FLAG | {"help": "đã đối chiếu dấu khoá ký, tin cậy đơn vị gửi từ nay"}),
        ("--same-unit", _SAME_UNIT),
        ("--letter", MAY_BE_MISSING | FILE | {"help": "tệp không nhận được: in công văn xin gói gốc ra tệp PDF"}),
        (
            "--accept-edits",
            _FLAG | {"help": "nhận các ô đã sửa trong một gói do kho này gửi đi, hoặc bảng quyết định đã điền"},
        ),
    )
    add(
        "collect",
        with_workspace(collect),
        text_output.collected_in_lines,
        "nhận mọi gói trong một thư mục",
        ("folder", FOLDER),
        ("--dry-run", _FLAG | {"help": "chỉ xem sẽ thay đổi gì"}),
    )
    add(
        "late",
        with_workspace(list_late_units),
        text_output.late_in_lines,
        "đơn vị nào đã bàn giao, đơn vị nào quá hạn",
        ("--period", _TEXT | {"metavar": "KỲ", "help": "kỳ cần xem (mặc định: tháng này)"}),
        ("--folder", MAY_BE_MISSING | FOLDER | {"help": "thư mục chứa các gói: tệp chưa nhận được ghi bên đơn vị gửi"}),
        ("--due", _TEXT | {"metavar": "NGÀY", "help": "hạn bàn giao (mặc định: ngày cuối kỳ)"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in danh sách đôn đốc ra tệp PDF"}),
    )
    add(
        "undo-import",
        with_workspace(undo_import),
        text_output.undone_import_in_lines,
        "đưa kho về như trước khi nhận một gói",
        ("package", {"metavar": "MÃ_GÓI"}),
    )
    add(
        "foreign",
        with_workspace(foreign),
        text_output.foreign_in_lines,
        "hồ sơ của đơn vị khác đang chờ đồng ý; không kèm gì: xem danh sách",
        ("--accept", _TEXT | {"metavar": "MÃ", "help": "nhận một hồ sơ"}),
        ("--refuse", _TEXT | {"metavar": "MÃ", "help": "không nhận một hồ sơ"}),
    )
    add(
        "decision-workbook",
        with_workspace(decision_workbook),
        text_output.decision_workbook_in_lines,
        "lập bảng quyết định của một gói để cấp tỉnh điền trong Excel",
        ("package", {"metavar": "MÃ_GÓI"}),
        ("file", WORKBOOK),
    )
    add(
        "handover-record",
        with_workspace(handover_record),
        text_output.paper_in_lines,
        "in biên bản giao nhận của một gói đã gửi hoặc đã nhận",
        ("package", {"metavar": "MÃ_GÓI"}),
        ("--pdf", FILE | {"required": True, "help": "tệp PDF nhận kết quả"}),
        ("--docx", MAY_BE_MISSING | FILE | {"help": "thêm tệp Word"}),
    )
    add(
        "renew-device",
        with_workspace(renew_device),
        text_output.device_in_lines,
        "đổi mã máy, sau khi khôi phục từ bản sao lưu hoặc chép kho sang máy khác",
    )
    add(
        "repair-clock",
        with_workspace(repair_clock),
        text_output.repaired_clock_in_lines,
        "đưa về đúng các dấu thời gian mà đồng hồ chạy trước đã ghi; chỉ dùng khi giờ của máy đang đúng",
    )
    add("packages", with_workspace(list_packages), text_output.packages_in_lines, "xem sổ bàn giao")
    add(
        "identity",
        with_workspace(identity),
        text_output.identity_in_lines,
        "xuất tên và khoá ký của đơn vị này",
        ("file", WORKBOOK),
        ("--renew", _FLAG | {"help": "lập khoá ký mới, khoá cũ chứng nhận khoá mới"}),
        (
            "--vouch",
            MAY_BE_MISSING | WORKBOOK | {"help": "chứng nhận tệp nhận diện của một máy khác cùng đơn vị"},
        ),
    )
    add(
        "trust",
        with_workspace(trust),
        text_output.trusted_in_lines,
        "tin cậy khoá ký của một đơn vị; không kèm tệp: xem các khoá đã biết",
        ("file", WORKBOOK | {"nargs": "?", "default": ""}),
        ("--same-unit", _SAME_UNIT),
        ("--withdraw", _TEXT | {"metavar": "DẤU_KHOÁ", "help": "huỷ một khoá theo 30 chữ số"}),
        ("--reason", _TEXT | {"metavar": "LÝ_DO", "help": "vì sao huỷ khoá đó; ghi vào lịch sử"}),
    )


def import_(workspace: Workspace, options: Namespace) -> CommandResult:
    """Receive a package, or preview it."""
    path, password = Path(options.file), os.environ.get(record_commands.PACKAGE_PASSWORD, "")
    try:
        return _imported(workspace, path, password, options)
    except UserError as error:
        if error.code != _LOCKED or not (
            password := record_commands.secret(record_commands.PACKAGE_PASSWORD, "Mật khẩu của gói: ") or ""
        ):
            raise
        return _imported(workspace, path, password, options)


def _imported(workspace: Workspace, path: Path, password: str, options: Namespace) -> CommandResult:
    is_accepted = options.accept_edits and not options.dry_run
    if edited_workbooks.is_edited(workspace, path, password):
        return edited_workbooks.read_edits(workspace, path, password, accept=is_accepted)
    if decision_workbooks.is_workbook(workspace, path, password):
        return decision_workbooks.read_decisions(workspace, path, password, accept=is_accepted)
    if options.letter:
        return _asked_again(workspace, path, password, options.letter)
    if options.dry_run:
        package = preview.preview_package(workspace, path, password, trust=options.trust, same_unit=options.same_unit)
        if package.code and package.code != "unknown_sender":
            raise UserError(package.obstacle, code=package.code, hint=package.hint)
        return package.to_json()
    taken = receiving.receive(workspace, path, password, trust=options.trust, same_unit=options.same_unit)
    backup = str(taken.backup) if taken.backup else ""
    return taken.preview.to_json(applied=taken.applied) | {"backup": backup}


def _asked_again(workspace: Workspace, path: Path, password: str, pdf: str) -> CommandResult:
    """Print the letter that asks for the original of a file that cannot be received; nothing is changed."""
    verdict = batch_receiving.file_verdict(workspace, path, password)
    request = batch_receiving.original_request(workspace, verdict, password)
    return (
        verdict.to_json()
        | {"edits": list(request.edits), "letter": pdf, "applied": False}
        | (original_requests.print_request(workspace, request, Path(pdf)))
    )


def collect(workspace: Workspace, options: Namespace) -> CommandResult:
    """Receive or preview every package in a folder."""
    folder, password = Path(options.folder), os.environ.get(record_commands.PACKAGE_PASSWORD, "")
    verdicts = batch_receiving.preview_folder(workspace, folder, password)
    passwords = {
        verdict.file.name: typed
        for verdict in verdicts
        if verdict.code == _LOCKED
        and (typed := record_commands.asked(f"Mật khẩu của {verdict.file.name} (để trống: bỏ qua): "))
    }
    if passwords:
        verdicts = batch_receiving.preview_folder(workspace, folder, password, passwords=passwords)
    if options.dry_run:
        return {"files": [verdict.to_json() for verdict in verdicts], "applied": False}
    taken = batch_receiving.receive_folder(workspace, verdicts, password, passwords=passwords)
    return {"files": [result.to_json() for result in taken], "applied": any(result.received for result in taken)}


def list_late_units(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the units that have sent a package for a period, and those that are late."""
    period = options.period or sending.default_period(workspace)
    due = record_commands.day(options.due, code="bad_value") if options.due else None
    password = os.environ.get(record_commands.PACKAGE_PASSWORD, "")
    verdicts = batch_receiving.preview_folder(workspace, Path(options.folder), password) if options.folder else []
    if options.pdf:
        last_packages = late_units.print_late(workspace, period, Path(options.pdf), due, verdicts)
    else:
        last_packages = period_handovers.period_handovers(workspace, period, due, verdicts)
    stray = [verdict.file.name for verdict in period_handovers.unassigned(workspace, period, verdicts)]
    units = [handed.to_json() | {"state": late_units.state_text(handed)} for handed in last_packages]
    return {"period": period, "units": units, "unassigned": stray, "pdf": options.pdf}


def handover_record(workspace: Workspace, options: Namespace) -> CommandResult:
    """Print the hand-over record of a package."""
    docx = Path(options.docx) if options.docx else None
    return package_handover_record.print_handover(workspace, options.package, Path(options.pdf), docx)


def renew_device(workspace: Workspace, _options: Namespace) -> CommandResult:
    """Give this laptop a new device name."""
    return partners.renew_device(workspace)


def repair_clock(workspace: Workspace, _options: Namespace) -> CommandResult:
    """Bring back the stamps of a store whose clock once ran ahead."""
    return stamps_ahead.repair(workspace).to_json()


def decision_workbook(workspace: Workspace, options: Namespace) -> CommandResult:
    """Write a workbook of a package's dossiers in which the province fills in its decisions."""
    password = record_commands.package_password(workspace)
    return decision_workbooks.make_decision_workbook(workspace, options.package, Path(options.file), password=password)


def undo_import(workspace: Workspace, options: Namespace) -> CommandResult:
    """Undo the receiving of a package."""
    ids = list(workspace.store.packages.carried(options.package))
    changes, kept = receiving.undo(workspace, options.package)
    return record_json.changes_as_json(changes) | {"kept": kept, "waiting": conflicts.waiting_in(workspace, ids)}


def foreign(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the records that wait for a consent of their own, or decide about one of them."""
    if options.accept:
        return record_json.changes_as_json(foreign_records.accept(workspace, options.accept))
    if options.refuse:
        return record_json.changes_as_json(foreign_records.refuse(workspace, options.refuse))
    return [
        {
            "key": record.key,
            "id": record.record,
            "kind": record.kind,
            "title": record.title,
            "new": record.is_new,
            "sender": record.sender_name,
            "owner": record.owner_name,
            "obstacle": record.obstacle,
            "fields": [change.to_json() for change in record.changes],
        }
        for record in foreign_records.waiting(workspace)
    ]


def list_packages(workspace: Workspace, _options: Namespace) -> CommandResult:
    """Return the ledger of packages."""
    return standing.packages(workspace)


def identity(workspace: Workspace, options: Namespace) -> CommandResult:
    """Write this unit's identity workbook (name and key)."""
    beside = Path(options.vouch) if options.vouch else None
    return partners.write_identity(workspace, Path(options.file), renew=options.renew, beside=beside)


def trust(workspace: Workspace, options: Namespace) -> CommandResult:
    """Trust the key of another unit, or stop trusting it."""
    if options.withdraw:
        return partners.withdraw(workspace, options.withdraw, options.reason) | {"trusted": False}
    if not options.file:
        return partners.known_partners(workspace)
    return partners.trust(workspace, Path(options.file), same_unit=options.same_unit)
