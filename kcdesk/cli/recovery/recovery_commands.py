"""Commands of the province's recovery key: offer it, consent, and open a store whose secrets are lost."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from kcdesk.cli import record_commands
from kcdesk.cli.given_paths import FILE, WORKBOOK
from kcdesk.cli.maintenance import new_passphrase
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.terminal import console_progress
from kcdesk.cli.text_output import CommandResult
from kcdesk.cli.window import store_folder
from kcdesk.runtime.frozen import asdict
from kcdesk.services.maintenance import opening, passphrases, recovery_key
from kcdesk.services.workspace import Workspace

_CODE = "KCDESK_RECOVERY_CODE"
_NO_FILE = {"nargs": "?", "default": ""}


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "offer-recovery",
        with_workspace(offer),
        offered_in_lines,
        "cấp tỉnh: xuất khoá khôi phục để đơn vị gửi khoá kho nếu muốn",
        ("file", WORKBOOK),
    )
    add(
        "consent-recovery",
        with_workspace(consent),
        consented_in_lines,
        "đơn vị: đồng ý gửi khoá kho ở tỉnh; chưa có --fingerprint thì chỉ xem",
        ("offer", WORKBOOK),
        ("file", WORKBOOK | _NO_FILE | {"help": "nơi ghi tệp đồng ý đưa lên tỉnh"}),
        ("--fingerprint", {"default": "", "metavar": "30_CHỮ_SỐ", "help": "dấu khoá đã so với tỉnh qua điện thoại"}),
    )
    add(
        "recovery-consents",
        with_workspace(consents),
        consents_in_lines,
        "cấp tỉnh: nhận tệp đồng ý của đơn vị; không kèm tệp: xem đơn vị nào đã đồng ý",
        ("file", WORKBOOK | _NO_FILE),
    )
    add(
        "request-recovery",
        request,
        requested_in_lines,
        "đơn vị mất cả mật khẩu và mã: ghi tệp nhờ tỉnh mở kho",
        ("file", FILE),
    )
    add(
        "answer-recovery",
        with_workspace(answer),
        answered_in_lines,
        "cấp tỉnh: mở giúp kho của đơn vị đã đồng ý; mã in ra chỉ đọc qua điện thoại",
        ("request", FILE),
        ("file", FILE | _NO_FILE | {"help": "nơi ghi tệp trả; không có thì chỉ xem kho nào"}),
        ("--reason", {"default": "", "metavar": "LÝ_DO", "help": "vì sao mở; ghi vào lịch sử"}),
    )
    add(
        "recover",
        recover,
        recovered_in_lines,
        f"mở kho bằng tệp tỉnh trả và mã nghe qua điện thoại (biến {_CODE}), đặt mật khẩu mới, mã hoá lại kho",
        ("file", FILE),
    )


def offer(workspace: Workspace, options: Namespace) -> CommandResult:
    """Write the page with the recovery key of the province."""
    made = recovery_key.offer(workspace, Path(options.file))
    return {"file": options.file, "fingerprint": made.fingerprint}


def consent(workspace: Workspace, options: Namespace) -> CommandResult:
    """Show an offer, or consent to it after its digits were compared."""
    read = recovery_key.read_offer(workspace, Path(options.offer))
    shown = {"unit": read.unit, "name": read.name, "fingerprint": read.fingerprint}
    if not (options.file and options.fingerprint):
        return shown | {"file": "", "given": False}
    recovery_key.consent(workspace, Path(options.offer), options.fingerprint, Path(options.file))
    return shown | {"file": options.file, "given": True}


def consents(workspace: Workspace, options: Namespace) -> CommandResult:
    """Take in the consent of a unit, or list all."""
    if options.file:
        recovery_key.take_consent(workspace, Path(options.file))
    return {"consents": [asdict(held) for held in recovery_key.held_consents(workspace)]}


def request(options: Namespace) -> CommandResult:
    """Write the file that asks the province; the store stays locked."""
    recovery_key.write_request(store_folder(options), Path(options.file))
    return {"file": options.file}


def answer(workspace: Workspace, options: Namespace) -> CommandResult:
    """Show whose store a request is about, or answer it."""
    held = recovery_key.requested(workspace, Path(options.request))
    code = ""
    if options.file:
        code = recovery_key.answer(workspace, Path(options.request), Path(options.file), options.reason)
    return asdict(held) | {"file": options.file, "code": code}


def recover(options: Namespace) -> CommandResult:
    """Open the store with the province's answer and give it a new passphrase and a new key."""
    folder = store_folder(options)
    code = record_commands.secret(_CODE, "Mã tỉnh đọc qua điện thoại: ") or ""
    recovery_key.take_answer(folder, Path(options.file), code)
    workspace = opening.open_workspace(folder, code)
    try:
        workspace, made = passphrases.change(workspace, new_passphrase(), console_progress("Mã hoá lại kho"))
    finally:
        workspace.close()
    return {"recovered": True, "recovery_code": made}


# -- output as lines -------------------------------------------------------------------------------------------


def offered_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield where the key was written, and its digits."""
    yield f"Đã ghi khoá khôi phục vào {result['file']}."
    yield f"Dấu khoá khôi phục, đọc cho đơn vị qua điện thoại: {result['fingerprint']}"


def consented_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield whose key it is, and what to do next."""
    yield f"Khoá khôi phục của {result['name']} ({result['unit']}): {result['fingerprint']}"
    if result["given"]:
        yield f"Đã đồng ý gửi khoá kho ở đó. Hãy đưa tệp {result['file']} lên tỉnh."
    else:
        yield "Chưa gửi gì. So 30 chữ số với tỉnh qua điện thoại rồi chạy lại, thêm tệp đồng ý và --fingerprint."


def consents_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the units that consented."""
    for held in result["consents"]:
        yield f"{held['name']} ({held['unit']}), kho {held['store']}, người ký: {held['officer']}"
    if not result["consents"]:
        yield "Chưa có đơn vị nào đồng ý gửi khoá kho ở đây."


def requested_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield what to do with the file."""
    yield f"Đã ghi {result['file']}: đưa tệp này cho tỉnh, rồi chờ tệp trả và mã đọc qua điện thoại."


def answered_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield whose store it is, and the code."""
    yield f"Kho {result['store']} của {result['name']} ({result['unit']}), người ký đồng ý: {result['officer']}"
    if result["code"]:
        yield f"Đã ghi {result['file']}. Mã chỉ đọc qua điện thoại, không để cùng tệp: {result['code']}"
    else:
        yield "Chưa mở gì. Hãy gọi lại đơn vị theo số đã biết, rồi chạy lại với tệp trả và --reason."


def recovered_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield the confirmation and the new recovery code."""
    yield "Đã mở kho, đặt mật khẩu mới và mã hoá lại bằng khoá mới. Khoá kho không còn gửi ở tỉnh; muốn thì đồng ý lại."
    yield f"Mã khôi phục mới (hãy in và cất giữ): {result['recovery_code']}"
