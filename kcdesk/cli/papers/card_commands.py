"""Commands on codes: a citizen card, the plate of a machine, a printed paper; from the text of a reader or a photo."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kcdesk.cli.given_paths import GivenPath
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import asdict
from kcdesk.services.codes import card_holders, card_photos, plate_codes
from kcdesk.services.codes.plate_codes import PlateCode
from kcdesk.services.papers import opened_papers
from kcdesk.services.records import permissions
from kcdesk.services.workspace import Workspace

_TAKE = ("--take", {"action": "store_true", "help": "ghi vào hồ sơ"})
_PHOTOS = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".webp", ".pdf")


def add_commands(add: Callable[..., None]) -> None:
    """Add the command of this module with `add` of the parser."""
    add(
        "read-card",
        with_workspace(read_holder),
        holder_in_lines,
        "người trên thẻ căn cước thành đề xuất cho người đại diện, thành phần tham gia",
        ("id", {"metavar": "MÃ"}),
        (
            "code",
            {
                "type": code_or_photo,
                "metavar": "CHUỖI|ẢNH",
                "help": "chuỗi do máy quét mã QR gõ ra, hoặc ảnh chụp, bản quét thẻ (không giữ lại ảnh)",
            },
        ),
        _TAKE,
    )
    add(
        "read-plate",
        with_workspace(read_plate),
        plate_in_lines,
        "mã vạch, mã QR trên nhãn máy thành số máy",
        ("id", {"metavar": "MÃ"}),
        ("code", {"type": code_or_photo, "metavar": "CHUỖI|ẢNH", "help": "chuỗi do máy quét gõ ra, hoặc ảnh nhãn máy"}),
        (
            "--row",
            {"type": int, "default": 1, "metavar": "SỐ", "help": "dòng thứ mấy của bảng máy; bỏ trống là dòng đầu"},
        ),
        ("--choose", {"type": int, "default": 0, "metavar": "SỐ", "help": "mã thứ mấy, khi nhãn có nhiều mã"}),
        _TAKE,
    )
    add(
        "find-paper",
        with_workspace(find_paper),
        lambda result: iter((result["sentence"], result["record"])),
        "hồ sơ của một giấy in, theo mã trên ảnh, bản quét",
        ("code", {"type": code_or_photo, "metavar": "CHUỖI|ẢNH", "help": "mã ở chân trang, chuỗi mã QR, ảnh hoặc PDF"}),
    )


def code_or_photo(given: str) -> str:
    """The argument as a path if it names a photo or anything else that exists; a code has bars or is no such name."""
    is_path = "|" not in given and (Path(given).suffix.lower() in _PHOTOS or _exists(given))
    return GivenPath(given) if is_path else given


def _exists(given: str) -> bool:
    try:
        return Path(given).exists()
    except (OSError, ValueError):  # no file can have such a name
        return False


def read_holder(workspace: Workspace, options: Namespace) -> dict[str, Any]:
    """Propose, or with `--take` take, the holder of a card."""
    given = options.code
    code = card_photos.code_in_photo(Path(given)) if isinstance(given, GivenPath) else given
    proposals = card_holders.holder_proposals(workspace, options.id, code)
    if options.take:
        card_holders.take_holder(workspace, options.id, code)
    names = ("path", "label", "shown", "present", "is_conflict")
    return {
        "record": options.id,
        "proposals": [{name: getattr(proposal, name) for name in names} for proposal in proposals],
        "taken": bool(options.take),
    }


def holder_in_lines(result: CommandResult) -> Iterator[str]:
    """What a card proposes, a line for each field."""
    for proposal in result["proposals"]:
        present = f" (hồ sơ: {proposal['present']})" if proposal["present"] else ""
        yield f"{proposal['label']}: {proposal['shown']}{present}"
    if result["taken"]:
        yield "Đã nhận vào hồ sơ."


def read_plate(workspace: Workspace, options: Namespace) -> dict[str, Any]:
    """Show the codes of a plate; with `--take` write the only sure one, or the chosen one, into the machine's row."""
    record, given = permissions.living(workspace, options.id), options.code
    rows = plate_codes.machine_rows(record)
    if not 1 <= options.row <= len(rows):
        hint = f"Bảng máy có {len(rows)} dòng." if rows else "Hồ sơ không có dòng máy nào."
        raise UserError(f"Không có dòng máy thứ {options.row}.", code="no_place_for_serial", hint=hint)
    codes = plate_codes.codes_in_photo(Path(given)) if isinstance(given, GivenPath) else _typed_plate(given)
    row = rows[options.row - 1]
    if options.take:
        plate_codes.take_serial(workspace, options.id, row.path, _chosen_serial(codes, options.choose, row.present))
    return {
        "record": options.id,
        "path": row.path,
        "machine": row.machine,
        "present": row.present,
        "codes": [asdict(code) for code in codes],
        "taken": bool(options.take),
    }


def _typed_plate(given: str) -> list[PlateCode]:
    code = plate_codes.read_plate_code(given)
    if code is None:
        raise UserError(
            "Mã này không phải mã trên nhãn máy.", code="no_plate_code", hint="Hãy quét mã vạch trên nhãn máy."
        )
    return [code]


def _chosen_serial(codes: list[PlateCode], number: int, present: str) -> str:
    """The serial number to write: without a choice only a sure one, and not in place of another one."""
    sure = [code for code in codes if code.serial and not code.doubt]
    chosen = codes[number - 1 : number] if number > 0 else sure
    if len(chosen) != 1 or not chosen[0].serial:
        raise UserError(
            "Chưa rõ mã nào là số máy.", code="plate_unclear", hint="Hãy ghi --choose với số thứ tự của mã đúng."
        )
    if present and present != chosen[0].serial and not number:
        raise UserError(
            f"Hồ sơ đang ghi số máy «{present}».", code="plate_unclear", hint="Đúng là muốn thay thì ghi --choose 1."
        )
    return chosen[0].serial


def plate_in_lines(result: CommandResult) -> Iterator[str]:
    """The machine, then a line for each code."""
    present = f" (đang ghi {result['present']})" if result["present"] else ""
    yield f"{result['machine']}{present}"
    for number, code in enumerate(result["codes"], start=1):
        yield f"  {number}. {code['serial'] or '–'}  {code['kind']}  {code['doubt']}".rstrip()
    if result["taken"]:
        yield "Đã ghi số máy."


def find_paper(workspace: Workspace, options: Namespace) -> dict[str, Any]:
    """Name the dossier of a paper."""
    given = options.code
    return asdict(opened_papers.dossier_of(workspace, Path(given) if isinstance(given, GivenPath) else given))
