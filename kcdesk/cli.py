"""The command line: everything that the window does to data, through the same services.

Exit codes: 0 done, 1 refused with a reason, 2 wrong usage. `--json` prints the shapes that design and README
promise; without it the same result is printed as short Vietnamese lines.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kcdesk import __version__, paths
from kcdesk.errors import IncompleteError, KcdeskError, UserError
from kcdesk.services import records, setup
from kcdesk.services.workspace import Workspace

Result = Any  # whatever a command prints: JSON values
Command = Callable[[Workspace, argparse.Namespace], Result]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, or the window when none is named; returns the exit code."""
    _speak_utf8()
    options = _parser().parse_args(arguments)
    try:
        result = options.run(options)
    except KcdeskError as error:
        _print_refusal(error, as_json=options.json)
        return 1
    if isinstance(result, int):
        return result
    _print_result(result, options)
    return 0


def _speak_utf8() -> None:
    """A Windows console may still speak an old code page; Vietnamese must not fail there."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _print_refusal(error: KcdeskError, *, as_json: bool) -> None:
    if as_json:
        refusal: dict[str, Any] = {"code": error.code, "message": error.sentence(), "field": error.field}
        if isinstance(error, IncompleteError):
            refusal["problems"] = [{"field": p.field, "message": p.message} for p in error.problems]
        print(json.dumps({"error": refusal}, ensure_ascii=False))
        return
    print(error.sentence(), file=sys.stderr)
    if isinstance(error, IncompleteError):
        for problem in error.problems:
            print(f"  - {problem.field}: {problem.message}", file=sys.stderr)


def _print_result(result: Result, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(result, ensure_ascii=False))
    else:
        options.say(result)


# -- the commands ------------------------------------------------------------------------------------------------


def _with_workspace(command: Command) -> Callable[[argparse.Namespace], Result]:
    """Open the store for one command and close it whatever happens."""

    def run(options: argparse.Namespace) -> Result:
        workspace = setup.open_workspace(_store_folder(options), _passphrase(options))
        try:
            return command(workspace, options)
        finally:
            workspace.close()

    return run


def _store_folder(options: argparse.Namespace) -> Path:
    return Path(options.store) if options.store else paths.default_store()


def _passphrase(options: argparse.Namespace) -> str:
    if not setup.needs_passphrase(_store_folder(options)):
        return ""
    return _secret("KCDESK_PASSPHRASE", "Mật khẩu kho dữ liệu: ")


def _secret(variable: str, prompt: str) -> str:
    """A password from the environment, else asked for on a terminal, else none."""
    if variable in os.environ:
        return os.environ[variable]
    if not sys.stdin.isatty():
        return ""
    import getpass

    return getpass.getpass(prompt)


def _window(options: argparse.Namespace) -> int:
    from kcdesk.app import run_window

    return run_window(_store_folder(options))


def _init(options: argparse.Namespace) -> Result:
    passphrase = ""
    if not options.practice:
        passphrase = _secret("KCDESK_PASSPHRASE", "Mật khẩu mới: ")
    return setup.create(
        _store_folder(options),
        setup.NewStore(
            unit=options.unit,
            code=options.code,
            level=options.level,
            province=options.province,
            parent=options.parent,
            officer=options.officer,
            officer_title=options.officer_title,
            practice=options.practice,
            passphrase=passphrase,
        ),
    )


def _demo(options: argparse.Namespace) -> int:
    from kcdesk.demo import play

    return play(Path(options.out), window=not options.no_window)


def _add(workspace: Workspace, options: argparse.Namespace) -> Result:
    return records.add(workspace, options.kind, _values(options.values)).to_json()


def _set(workspace: Workspace, options: argparse.Namespace) -> Result:
    return records.set_values(workspace, options.id, _values(options.values)).to_json()


def _move(workspace: Workspace, options: argparse.Namespace) -> Result:
    return records.move(workspace, options.id, options.transition, options.reason).to_json()


def _delete(workspace: Workspace, options: argparse.Namespace) -> Result:
    return records.delete(workspace, options.id).to_json()


def _undo(workspace: Workspace, options: argparse.Namespace) -> Result:
    return records.undo(workspace, options.steps).to_json()


def _show(workspace: Workspace, options: argparse.Namespace) -> Result:
    return records.shown(workspace, options.id)


def _list(workspace: Workspace, options: argparse.Namespace) -> Result:
    return records.listed(
        workspace,
        options.kind,
        search=options.search,
        where=_values(options.where, files=False),
        limit=options.limit,
        full=options.full,
    )


def _history(workspace: Workspace, options: argparse.Namespace) -> Result:
    return records.history(workspace, options.id)


def _attach(workspace: Workspace, options: argparse.Namespace) -> Result:
    return records.attach(workspace, options.id, options.field, [Path(f) for f in options.files]).to_json()


def _print(workspace: Workspace, options: argparse.Namespace) -> Result:
    from kcdesk.services import printing

    return printing.print_record(
        workspace, options.id, options.document, Path(options.pdf), blank=options.blank
    )


def _export(workspace: Workspace, options: argparse.Namespace) -> Result:
    from kcdesk.services import handoff

    password = _secret("KCDESK_PACKAGE_PASSWORD", "Mật khẩu của gói (để trống: không khoá): ")
    order = handoff.Order(
        path=Path(options.file),
        receiver=options.to,
        period=options.period,
        full=options.full,
        password=password,
        include_sensitive=options.sensitive,
    )
    return handoff.make(workspace, order)


def _inspect(options: argparse.Namespace) -> Result:
    from kcdesk.services import handoff

    password = os.environ.get("KCDESK_PACKAGE_PASSWORD", "")
    folder = _store_folder(options)
    if not setup.is_store(folder):
        return handoff.inspect(None, Path(options.file), password)
    workspace = setup.open_workspace(folder, _passphrase(options))
    try:
        return handoff.inspect(workspace, Path(options.file), password)
    finally:
        workspace.close()


def _check(workspace: Workspace, _options: argparse.Namespace) -> Result:
    from kcdesk.services import checks

    return checks.check(workspace)


def _values(pairs: Sequence[str], *, files: bool = True) -> dict[str, Any]:
    """`FIELD=VALUE` pairs; `FIELD=@file.json` takes the rows of a table from a file."""
    values: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UserError(
                f"«{pair}» không phải là TRƯỜNG=GIÁ TRỊ.", code="bad_pair", hint="Ví dụ: title=Tên đề án."
            )
        values[name] = _from_file(name, Path(value[1:])) if files and value.startswith("@") else value
    return values


def _from_file(name: str, path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UserError(
            f"Không đọc được tệp {path} cho trường {name}: {error}",
            code="bad_file",
            hint="Tệp phải là JSON, mã UTF-8.",
            field=name,
        ) from error


# -- what is printed without --json ------------------------------------------------------------------------------


def _say_changes(result: Result) -> None:
    print(result["id"])
    for change in result["changes"]:
        print(f"  {change['kind']}: {', '.join(change['fields'])}")


def _say_record(result: Result) -> None:
    print(f"{result['title']}  [{result['state']}]  {result['id']}")
    for name, value in result["data"].items():
        print(
            f"  {name}: {json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value}"
        )
    for problem in result["problems"]:
        print(f"  ! {problem['field']}: {problem['message']}")


def _say_list(result: Result) -> None:
    for record in result:
        print(f"{record['id']}  {record['state']:<12}  {record['title']}")
    print(f"{len(result)} hồ sơ")


def _say_history(result: Result) -> None:
    for line in result:
        print(f"{line['at']}  {line['officer']}  {line['action']}: {', '.join(line['fields'])}")


def _say_lines(result: Result) -> None:
    for name, value in result.items():
        print(
            f"{name}: {json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value}"
        )


def _say_check(result: Result) -> None:
    if result["sound"]:
        print("Kho dữ liệu nguyên vẹn.")
    for problem in result["problems"]:
        print(f"- {problem}")


# -- the grammar of the command line -----------------------------------------------------------------------------


def _common(*, top: bool) -> argparse.ArgumentParser:
    """Options that may stand before or after the command's name."""
    missing: Any = None if top else argparse.SUPPRESS
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--store", metavar="DIR", default=missing, help="thư mục kho dữ liệu")
    common.add_argument(
        "--json",
        action="store_true",
        default=False if top else argparse.SUPPRESS,
        help="in kết quả dạng JSON",
    )
    return common


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kcdesk", description="Quản lý khuyến công, không cần mạng.", parents=[_common(top=True)]
    )
    parser.add_argument("--version", action="version", version=f"kcdesk {__version__}")
    parser.set_defaults(run=_window, say=_say_lines)
    commands = parser.add_subparsers(metavar="LỆNH")
    add = _Adder(commands)
    _add_setup_commands(add)
    _add_reading_commands(add)
    _add_changing_commands(add)
    _add_paper_commands(add)
    return parser


class _Adder:
    """Adds one command with its options; `*name` positional, `--name` option, as keyword dictionaries."""

    def __init__(self, commands: Any) -> None:
        self._commands = commands

    def __call__(
        self,
        name: str,
        run: Callable[[argparse.Namespace], Result],
        say: Callable[[Result], None],
        help_text: str,
        *arguments: tuple[str, dict[str, Any]],
    ) -> None:
        command = self._commands.add_parser(name, help=help_text, parents=[_common(top=False)])
        for flag, details in arguments:
            command.add_argument(flag, **details)
        command.set_defaults(run=run, say=say)


_FLAG = {"action": "store_true"}
_PAIRS = {"nargs": "+", "metavar": "TRƯỜNG=GIÁ_TRỊ"}


def _add_setup_commands(add: _Adder) -> None:
    add(
        "demo",
        _demo,
        _say_lines,
        "chơi trọn công việc trên kho thực hành",
        ("--out", {"default": "demo-output", "metavar": "DIR"}),
        ("--no-window", _FLAG),
    )
    add(
        "init",
        _init,
        _say_lines,
        "lập kho dữ liệu mới",
        ("--unit", {"required": True}),
        ("--code", {"required": True}),
        ("--level", {"required": True, "choices": ["lower", "province"]}),
        ("--province", {"required": True}),
        ("--parent", {"default": ""}),
        ("--officer", {"required": True}),
        ("--officer-title", {"default": ""}),
        ("--practice", _FLAG),
    )
    add("check", _with_workspace(_check), _say_check, "kiểm tra kho dữ liệu có nguyên vẹn")


def _add_reading_commands(add: _Adder) -> None:
    add(
        "list",
        _with_workspace(_list),
        _say_list,
        "liệt kê hồ sơ",
        ("kind", {}),
        ("--search", {"default": ""}),
        ("--where", {"action": "append", "default": [], "metavar": "TRƯỜNG=GIÁ_TRỊ"}),
        ("--limit", {"type": int, "default": 100}),
        ("--full", _FLAG),
    )
    add("show", _with_workspace(_show), _say_record, "xem một hồ sơ", ("id", {}))
    add("history", _with_workspace(_history), _say_history, "ai đã sửa gì, khi nào", ("id", {}))


def _add_changing_commands(add: _Adder) -> None:
    add("add", _with_workspace(_add), _say_changes, "lập hồ sơ", ("kind", {}), ("values", _PAIRS))
    add("set", _with_workspace(_set), _say_changes, "sửa hồ sơ", ("id", {}), ("values", _PAIRS))
    add(
        "move",
        _with_workspace(_move),
        _say_changes,
        "chuyển bước: chốt, phê duyệt, …",
        ("id", {}),
        ("transition", {}),
        ("--reason", {"default": ""}),
    )
    add("delete", _with_workspace(_delete), _say_changes, "xoá hồ sơ (hoàn tác được)", ("id", {}))
    add(
        "undo",
        _with_workspace(_undo),
        _say_changes,
        "hoàn tác các việc gần nhất",
        ("steps", {"type": int, "nargs": "?", "default": 1, "metavar": "N"}),
    )
    add(
        "attach",
        _with_workspace(_attach),
        _say_changes,
        "đính kèm tệp",
        ("id", {}),
        ("field", {}),
        ("files", {"nargs": "+"}),
    )


def _add_paper_commands(add: _Adder) -> None:
    add(
        "print",
        _with_workspace(_print),
        _say_lines,
        "in văn bản ra PDF",
        ("id", {}),
        ("--document", {"required": True}),
        ("--pdf", {"required": True}),
        ("--blank", _FLAG),
    )
    add(
        "export",
        _with_workspace(_export),
        _say_lines,
        "kết xuất gói bàn giao",
        ("file", {}),
        ("--to", {"default": ""}),
        ("--full", _FLAG),
        ("--period", {"default": ""}),
        ("--sensitive", _FLAG),
    )
    add("inspect", _inspect, _say_lines, "xem một gói có nguyên vẹn không", ("file", {}))
