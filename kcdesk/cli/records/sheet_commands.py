"""Commands for spreadsheets: taking in the sheets of other people, and templates to fill in."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from kcdesk import placing
from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING, WORKBOOK
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.terminal import console_progress
from kcdesk.cli.text_output import CommandResult
from kcdesk.services.intake import checked_files, load_answer, map_files, sheet_loading, template_files
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.sheet_loading import LoadedSheet
from kcdesk.services.workspace import Workspace

_TEXT = {"default": ""}
_FLAG = {"action": "store_true"}
_KIND = ("kind", {"metavar": "LOẠI"})


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "template",
        with_workspace(write_template),
        _template_in_lines,
        "ghi bảng nhập trống cho một loại hồ sơ, để điền rồi nạp lại bằng load",
        _KIND,
        ("file", WORKBOOK),
    )
    add(
        "load",
        with_workspace(load_sheet),
        load_answer.load_in_lines,
        "nạp một bảng tính của nơi khác (.xlsx .xlsm .xlsb .xls .ods .csv) hoặc bảng nhập đã điền",
        _KIND,
        ("file", FILE),
        ("--sheet", _TEXT | {"metavar": "TRANG", "help": "tên hoặc số thứ tự của trang (mặc định: trang hợp nhất)"}),
        ("--map", MAY_BE_MISSING | FILE | {"dest": "map_file", "help": "tệp TOML ghép cột với trường"}),
        ("--write-map", MAY_BE_MISSING | FILE | {"help": "ghi cách ghép cột được gợi ý ra tệp TOML để sửa"}),
        ("--dry-run", _FLAG | {"help": "chỉ xem trước, không ghi vào kho"}),
        ("--accept-readings", _FLAG | {"help": "nhận cả các ô còn phải hỏi theo cách đọc được gợi ý"}),
        ("--hidden", {"choices": ("take", "leave"), "default": "", "help": "lấy (take) hay bỏ (leave) dòng, cột ẩn"}),
        ("--into", _TEXT | {"metavar": "MÃ_HỒ_SƠ", "help": "các dòng là dòng trong bảng của hồ sơ này"}),
        ("--checked", MAY_BE_MISSING | WORKBOOK | {"help": "nơi ghi bảng đã tô màu (mặc định: TỆP.checked.xlsx)"}),
        ("--no-checked", _FLAG | {"help": "không ghi bảng đã tô màu"}),
        ("--full", _FLAG | {"help": "kèm cách đọc từng ô (với --json)"}),
    )


def load_sheet(workspace: Workspace, options: Namespace) -> CommandResult:
    """Take a spreadsheet in, or only look at it."""
    column_map = map_files.read_map(workspace.forms, options.kind, Path(options.map_file)) if options.map_file else None
    order = LoadOrder(
        kind=options.kind,
        path=Path(options.file),
        sheet=options.sheet,
        column_map=column_map,
        hidden=options.hidden,
        accepts=options.accept_readings,
        into=options.into,
    )
    loaded = sheet_loading.prepare_load(workspace, order, console_progress("Đọc bảng tính"))
    if options.write_map:
        _write_map(loaded, Path(options.write_map))
    checked = _write_checked(loaded, options)
    if not options.dry_run:
        sheet_loading.apply_load(workspace, loaded, console_progress("Ghi vào kho"))
    return load_answer.load_as_json(workspace, loaded, full=options.full) | {"checked": checked}


def _write_checked(loaded: LoadedSheet, options: Namespace) -> str:
    """Write the coloured copy before the store changes: an error of the disk refuses the whole command."""
    if options.no_checked:
        return ""
    if options.checked:
        return checked_files.write_checked(loaded, Path(options.checked))
    return checked_files.write_beside(loaded)


def _write_map(loaded: LoadedSheet, path: Path) -> None:
    block = loaded.layout.blocks[0]
    text = map_files.map_text(loaded.order.kind, loaded.layout.sheet.name, block, loaded.match)
    placing.save(text.encode(), path)


def write_template(workspace: Workspace, options: Namespace) -> CommandResult:
    """Write a template of a kind."""
    return {"file": str(template_files.write_template(workspace, options.kind, Path(options.file)))}


def _template_in_lines(result: CommandResult) -> Iterator[str]:
    yield f"Đã ghi bảng nhập: {result['file']}"
