"""Commands for lists: conditions on any field, groups with sums, named views."""

from __future__ import annotations

from argparse import ArgumentTypeError, Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from kcdesk.cli import text_output
from kcdesk.cli.given_paths import FILE, MAY_BE_MISSING
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.records import units
from kcdesk.cli.text_output import CommandResult
from kcdesk.services.overview import record_json
from kcdesk.services.questions import grammar, grouping, saved_views
from kcdesk.services.questions.saved_views import SavedView
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer, format_number

_TEXT = {"default": ""}
_MOST = 1_000_000_000  # records; SQLite still handles this number
_KIND = ("kind", {"metavar": "LOẠI"})
_WHERE = {
    "action": "append",
    "default": [],
    "metavar": "ĐIỀU_KIỆN",
    "help": "lọc: year>=2017, title ~ gạch, state in draft,sent, decision_date between A and B,"
    " code empty, beneficiaries.place ~ xã; dùng được nhiều lần",
}
_SUMS = {
    "dest": "sums",
    "action": "append",
    "default": [],
    "metavar": "TRƯỜNG",
    "help": "cộng một trường trong từng nhóm (với --by); dùng được nhiều lần",
}


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module and of the register of units with `add` of the parser."""
    units.add_commands(add)
    add(
        "list",
        with_workspace(list_),
        list_in_lines,
        "liệt kê hồ sơ",
        _KIND,
        ("--search", _TEXT | {"metavar": "CHỮ", "help": "tìm không cần dấu"}),
        ("--where", _WHERE),
        ("--view", _TEXT | {"metavar": "TÊN", "help": "lọc như một cách xem đã lưu"}),
        ("--by", _TEXT | {"metavar": "TRƯỜNG", "help": "nhóm theo một trường, thay cho danh sách hồ sơ"}),
        ("--sum", _SUMS),
        (
            "--handover",
            _TEXT | {"metavar": "TÌNH_TRẠNG", "help": "tình trạng bàn giao (none, received, returned, …), hoặc mã gói"},
        ),
        ("--limit", {"type": count, "default": 100, "metavar": "N", "help": "nhiều nhất bao nhiêu hồ sơ"}),
        ("--full", {"action": "store_true", "help": "kèm dữ liệu của từng hồ sơ (với --json)"}),
    )
    add(
        "views",
        with_workspace(views),
        views_in_lines,
        "các cách xem đã lưu của một danh sách",
        _KIND,
        ("--save", _TEXT | {"metavar": "TÊN", "help": "lưu các điều kiện --where thành một cách xem"}),
        ("--where", _WHERE | {"help": "điều kiện của cách xem (với --save)"}),
        ("--forget", _TEXT | {"metavar": "TÊN", "help": "xoá một cách xem"}),
        ("--write", MAY_BE_MISSING | FILE | {"help": "ghi các cách xem ra tệp"}),
        ("--read", MAY_BE_MISSING | FILE | {"help": "nhận cách xem từ tệp"}),
    )


def count(text: str) -> int:
    """Return a count between 1 and `_MOST`, which SQLite can still handle."""
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise ArgumentTypeError(f"«{text}» phải là số nguyên từ 1 đến {_MOST}")
    return int(text)


def list_(workspace: Workspace, options: Namespace) -> CommandResult:
    """List records of a kind, or its groups with sums."""
    conditions = _conditions(workspace, options)
    if options.by or options.sums:
        where = grammar.where_of([grammar.parsed(workspace, options.kind, line) for line in conditions])
        by, sums = options.by or "unit", options.sums
        result = grouping.grouped(workspace, options.kind, by, sums, search=options.search, where=where)
        return grouping.groups_as_json(result)
    return record_json.list_as_json(
        workspace,
        options.kind,
        search=options.search,
        where=conditions,
        handover=options.handover,
        limit=options.limit,
        full=options.full,
    )


def _conditions(workspace: Workspace, options: Namespace) -> list[str]:
    """Return the conditions of a named view, then those of the options."""
    view = saved_views.view_named(workspace, options.kind, options.view) if options.view else None
    return [*(saved_views.lines_of(view) if view else ()), *options.where]


def list_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield one line per record, or per group with its sums."""
    if isinstance(result, dict) and "groups" in result:
        for group in (*result["groups"], result["total"]):
            sums = "  ".join(
                f"{name} {'–' if amount is None else format_number(amount)}" for name, amount in group["sums"].items()
            )
            yield f"{group['label']}: {format_integer(group['count'])} hồ sơ  {sums}".rstrip()
        return
    yield from text_output.records_in_lines(result)


def views(workspace: Workspace, options: Namespace) -> CommandResult:
    """List the named views of a kind; save, forget, write to a file or read from one before."""
    kind = options.kind
    if options.save:
        saved_views.keep_view(workspace, SavedView(name=options.save, kind=kind, conditions=tuple(options.where)))
    if options.forget:
        saved_views.forget(workspace, kind, options.forget)
    if options.read:
        saved_views.read_file(workspace, Path(options.read))
    if options.write:
        saved_views.write_file(workspace, Path(options.write), (kind,))
    return [
        {"name": view.name, "kind": view.kind, "where": saved_views.lines_of(view), "search": view.search}
        for view in saved_views.views_of(workspace, kind)
    ]


def views_in_lines(result: CommandResult) -> Iterator[str]:
    """Yield one line per view with its conditions."""
    for view in result:
        yield f"{view['name']}: {'; '.join(view['where']) or 'mọi hồ sơ'}"
    yield f"{len(result)} cách xem"
