"""Commands for the register of beneficiaries: merging duplicates, changes with their days."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator

from kcdesk.cli import text_output
from kcdesk.cli.record_commands import day, pairs_of, with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.services.beneficiaries import merging, unit_changes
from kcdesk.services.overview import record_json
from kcdesk.services.workspace import Workspace

_TEXT = {"default": ""}


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module with `add` of the parser."""
    add(
        "merge",
        with_workspace(merge),
        merge_in_lines,
        "gộp hai hồ sơ của cùng một đơn vị; hồ sơ dựa trên bên bị gộp dẫn sang bên được giữ (hoàn tác được)",
        ("survivor", {"metavar": "ĐƯỢC_GIỮ", "help": "mã hồ sơ được giữ"}),
        ("other", {"metavar": "BỊ_GỘP", "help": "mã hồ sơ bị gộp"}),
        (
            "--take",
            {
                "action": "append",
                "nargs": "+",
                "default": [],
                "metavar": "TRƯỜNG=BÊN",
                "help": "trường lấy của bên nào: other (bị gộp), survivor (được giữ), both (cả hai: bảng, tệp)",
            },
        ),
        ("--dry-run", {"action": "store_true", "help": "chỉ cho xem, không ghi"}),
    )
    add(
        "change-unit",
        with_workspace(change_unit),
        text_output.changes_in_lines,
        "đổi tên, loại hình, mã số thuế, chủ của đơn vị; giữ thông tin trước đây kèm ngày",
        ("id", {"metavar": "MÃ_HỒ_SƠ"}),
        ("values", {"nargs": "*", "metavar": "TRƯỜNG=GIÁ_TRỊ", "help": "name, legal_form, tax_code, representative"}),
        ("--before", _TEXT | {"metavar": "MÃ_HỒ_SƠ", "help": "đơn vị trước khi chia, tách, hợp nhất, sáp nhập"}),
        ("--how", _TEXT | {"metavar": "CÁCH", "help": "divided, separated, consolidated, absorbed, converted"}),
        ("--on", _TEXT | {"metavar": "NGÀY", "help": "ngày thay đổi có hiệu lực; bỏ trống là hôm nay"}),
        ("--reason", _TEXT | {"metavar": "LÝ_DO", "help": "lý do, giấy tờ"}),
    )


def merge(workspace: Workspace, options: Namespace) -> CommandResult:
    """Merge two records of one establishment, or say what that would do."""
    take = pairs_of([pair for pairs in options.take for pair in pairs])
    planned = merging.plan(workspace, options.survivor, options.other, take)
    result = planned.as_json() | {"summary": merging.moves_in_words(workspace, planned), "applied": not options.dry_run}
    if options.dry_run:
        return result
    changes = merging.merge(workspace, options.survivor, options.other, take)
    return result | record_json.changes_as_json(changes, options.survivor)


def merge_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield both sides of every field that differs, what moves, and whether it was done."""
    yield f"Giữ «{result['survivor']['title']}», gộp «{result['other']['title']}»."
    sides = {"survivor": "giữ", "other": "lấy của bên bị gộp", "both": "lấy cả hai"}
    for field in result["fields"]:
        if field["survivor"] != field["other"]:
            yield f"{field['label']}: «{field['survivor']}» | «{field['other']}» → {sides[field['taken']]}"
    yield result["summary"]
    yield from result["notes"]
    yield "Đã gộp." if result["applied"] else "Mới xem trước, chưa ghi gì."


def change_unit(workspace: Workspace, options: Namespace) -> CommandResult:
    """Change what a unit is known by, or note from which unit it came; what it was before is kept with its days."""
    on = day(options.on, "on") if options.on else None
    values = pairs_of(options.values)
    with workspace.store.together():
        changes = None
        if options.before:
            changes = unit_changes.note_predecessor(
                workspace, options.id, options.before, options.how, on, options.reason
            )
        if values or changes is None:
            changed = unit_changes.change_unit(workspace, options.id, values, on, options.reason)
            changes = changed if changes is None else changes.merged(changed)
    return record_json.changes_as_json(changes, options.id)
