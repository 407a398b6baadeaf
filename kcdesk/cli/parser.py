"""The parser of the command line: every command with its options."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from kcdesk import __version__, paths
from kcdesk.cli import (
    derivations,
    guidance,
    handover,
    maintenance,
    plans_and_deadlines,
    receipts,
    record_commands,
    rulebook,
    staff,
    text_output,
    votes,
)
from kcdesk.cli.given_paths import FILE, FOLDER, MAY_BE_MISSING
from kcdesk.cli.papers import card_commands, ticked_commands, word_forms
from kcdesk.cli.record_commands import Command, with_workspace
from kcdesk.cli.records import invoice_commands, lists, person_commands, sheet_commands
from kcdesk.cli.recovery import recovery_commands
from kcdesk.cli.reporting import month_commands, report_commands, summary_commands, warning_commands
from kcdesk.cli.text_output import CommandResult
from kcdesk.cli.updating import update_commands
from kcdesk.cli.vietnamese_argparse import CommandParser, Parser
from kcdesk.cli.window import OPEN, shared_options, window
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.regulations.levels import read_levels

Arguments = tuple[tuple[str, dict[str, Any]], ...]  # flags or names, each with its options for argparse


def parser() -> argparse.ArgumentParser:
    """Return the parser, made once; parsed options have `run`, the command, and `in_lines`, its text output."""
    return _made()[0]


def commands() -> Mapping[str, Arguments]:
    """Return every command with its arguments."""
    return _made()[1]


@cache
def _made() -> tuple[argparse.ArgumentParser, Mapping[str, Arguments]]:
    whole = Parser(
        prog="kcdesk", description="Quản lý khuyến công, không cần mạng.", parents=[shared_options(top=True)]
    )
    whole.add_argument("--version", action="version", version=f"kcdesk {__version__}", help="xem phiên bản")
    whole.set_defaults(run=window, file="", in_lines=_nothing)
    add = _Adder(whole.add_subparsers(metavar="LỆNH", title="các lệnh", parser_class=CommandParser))
    _add_setup_commands(add)
    maintenance.add_commands(add)
    recovery_commands.add_commands(add)
    lists.add_commands(add)
    person_commands.add_commands(add)
    invoice_commands.add_commands(add)
    sheet_commands.add_commands(add)
    _add_reading_commands(add)
    _add_changing_commands(add)
    _add_paper_commands(add)
    _add_planning_commands(add)
    staff.add_commands(add)
    votes.add_commands(add)
    handover.add_commands(add)
    receipts.add_commands(add)
    rulebook.add_commands(add)
    guidance.add_commands(add)
    report_commands.add_commands(add)
    summary_commands.add_commands(add)
    month_commands.add_commands(add)
    word_forms.add_commands(add)
    ticked_commands.add_commands(add)
    card_commands.add_commands(add)
    warning_commands.add_commands(add)
    derivations.add_commands(add)
    update_commands.add_commands(add)
    return whole, add.commands


def _nothing(_result: CommandResult) -> Iterator[str]:
    """Yield nothing: the window and the demo print nothing here."""
    return iter(())


class _Adder:
    """Adds a command; each argument is a flag or name with its options for argparse."""

    def __init__(self, subparsers: Any) -> None:
        self._subparsers = subparsers
        self.commands: dict[str, Arguments] = {}

    def __call__(
        self,
        name: str,
        run: Command,
        in_lines: Callable[[CommandResult], Iterator[str]],
        help_text: str,
        *arguments: tuple[str, dict[str, Any]],
    ) -> None:
        command = self._subparsers.add_parser(
            name, help=help_text, description=help_text, parents=[shared_options(top=False)]
        )
        self.commands[name] = arguments
        for flag, details in arguments:
            command.add_argument(flag, **details)
        command.set_defaults(run=run, in_lines=in_lines)


_FLAG = {"action": "store_true"}
_TEXT = {"default": ""}
_ID = ("id", {"metavar": "MÃ_HỒ_SƠ"})
_KIND = ("kind", {"metavar": "LOẠI"})
_PAIRS = ("values", {"nargs": "+", "metavar": "TRƯỜNG=GIÁ_TRỊ"})


def _add_setup_commands(add: _Adder) -> None:
    levels = read_levels(paths.forms(), Faults())
    named = "; ".join(f"{level.name}: {level.label}" for level in levels.all)
    add(
        "demo",
        record_commands.demo,
        _nothing,
        "chạy thử trọn công việc trên kho thực hành",
        ("--out", FOLDER | {"default": "demo-output", "help": "thư mục nhận kết quả"}),
        ("--no-window", _FLAG | {"help": "không mở cửa sổ"}),
    )
    add(
        OPEN,
        window,
        _nothing,
        "mở cửa sổ với một tệp, ví dụ gói bàn giao; kcdesk TỆP cũng vậy",
        ("file", FILE | {"help": "gói, biên nhận, quy định hoặc bảng quyết định"}),
    )
    add(
        "init",
        record_commands.init,
        text_output.new_store_in_lines,
        "lập kho dữ liệu mới",
        ("--unit", {"required": True, "help": "tên đơn vị"}),
        ("--code", {"required": True, "help": "mã đơn vị"}),
        (
            "--level",
            {
                "required": True,
                "choices": levels.names,
                "help": named,
            },
        ),
        ("--province", _TEXT | {"help": "mã hoặc tên tỉnh, thành phố; cấp trên tỉnh không cần"}),
        ("--parent", _TEXT | {"help": "đơn vị cấp trên"}),
        ("--officer", {"required": True, "help": "họ tên cán bộ"}),
        ("--officer-title", _TEXT | {"help": "chức vụ cán bộ"}),
        ("--practice", _FLAG | {"help": "kho thực hành, không mật khẩu"}),
    )


def _add_reading_commands(add: _Adder) -> None:
    add("show", with_workspace(record_commands.show), text_output.record_in_lines, "xem một hồ sơ", _ID)
    add(
        "history",
        with_workspace(record_commands.show_history),
        text_output.history_in_lines,
        "ai đã sửa gì, từ gì thành gì, khi nào, ở máy nào",
        _ID,
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in lịch sử ra tệp PDF"}),
        ("--xlsx", MAY_BE_MISSING | FILE | {"help": "xuất lịch sử ra bảng tính"}),
    )
    add(
        "missing",
        with_workspace(record_commands.what_is_missing),
        text_output.missing_in_lines,
        "hồ sơ còn thiếu gì cho bước tiếp theo",
        _ID,
    )
    add(
        "rules-for",
        with_workspace(record_commands.rules_for),
        text_output.rules_for_in_lines,
        "quy định đối với một hồ sơ: mức tối đa, điều kiện từng dòng, đã được hỗ trợ",
        _ID,
    )
    add(
        "helped",
        with_workspace(record_commands.helped),
        text_output.helped_in_lines,
        "một cơ sở đã được hỗ trợ những gì",
        (
            "text",
            {
                "metavar": "TÊN_HOẶC_SỐ",
                "help": "tên (cũ, một phần), chủ, mã số thuế, căn cước, điện thoại, số máy",
            },
        ),
    )
    add(
        "ceiling",
        record_commands.find_ceiling,
        text_output.ceiling_in_lines,
        "mức hỗ trợ tối đa theo quy định có hiệu lực vào một ngày; của một hồ sơ thì nói cả từng địa điểm",
        ("id", {"nargs": "?", "default": "", "metavar": "MÃ_HỒ_SƠ", "help": "đề án, hoặc hồ sơ của đề án"}),
        ("--programme", _TEXT | {"choices": ["national", "local"], "help": "quốc gia hay địa phương"}),
        ("--activity", _TEXT | {"metavar": "NỘI_DUNG", "help": "mã hoặc tên nội dung hoạt động"}),
        ("--on", _TEXT | {"metavar": "NGÀY", "help": "ngày phê duyệt"}),
        ("--province", _TEXT | {"metavar": "TỈNH", "help": "mã hoặc tên tỉnh (với khuyến công địa phương)"}),
        ("--cost", _TEXT | {"metavar": "SỐ_TIỀN", "help": "chi phí, để tính số tiền tối đa"}),
        (
            "--with",
            {
                "dest": "facts",
                "action": "append",
                "default": [],
                "metavar": "TRƯỜNG=GIÁ_TRỊ",
                "help": "điều đề án nói, ví dụ production_line=có, model_type=replication, priority=có",
            },
        ),
    )


def _add_changing_commands(add: _Adder) -> None:
    add(
        "add",
        with_workspace(record_commands.add_record),
        text_output.changes_in_lines,
        "lập hồ sơ; hồ sơ của một đề án (proposal=MÃ_HỒ_SƠ) lấy sang những gì đề án và hợp đồng đã có",
        _KIND,
        _PAIRS,
    )
    add(
        "set",
        with_workspace(record_commands.set_),
        text_output.changes_in_lines,
        "sửa hồ sơ",
        _ID,
        _PAIRS,
        ("--as-written", {"action": "store_true", "help": "giữ mã số như trên giấy, dù sai quy cách"}),
    )
    add(
        "move",
        with_workspace(record_commands.take_step),
        text_output.changes_in_lines,
        "chuyển bước: chốt, gửi thẩm định, phê duyệt, quyết toán, sửa thành bản mới",
        _ID,
        ("transition", {"metavar": "BƯỚC"}),
        ("--reason", _TEXT | {"metavar": "CHỮ", "help": "lý do, được giữ trong lịch sử"}),
        (
            "--remark",
            {
                "dest": "remarks",
                "action": "append",
                "default": [],
                "metavar": "TRƯỜNG=LÝ_DO",
                "help": "ô phải bổ sung khi trả hồ sơ, kèm lý do; dùng được nhiều lần",
            },
        ),
        ("--answer-by", _TEXT | {"metavar": "NGÀY", "help": "hạn bổ sung khi trả hồ sơ"}),
    )
    add(
        "suggest",
        with_workspace(record_commands.suggest),
        text_output.changes_in_lines,
        "điền các bảng: dòng thường có của đề án; như hợp đồng và mục không đạt của biên bản nghiệm thu",
        _ID,
        (
            "--table",
            {
                "metavar": "BẢNG",
                "default": "",
                "help": "một bảng: budget, results, papers của đề án; machines, budget, remedies của nghiệm thu",
            },
        ),
    )
    add(
        "copy",
        with_workspace(record_commands.copy),
        text_output.changes_in_lines,
        "lập hồ sơ mới từ một hồ sơ đã có",
        _ID,
    )
    add(
        "delete", with_workspace(record_commands.delete), text_output.changes_in_lines, "xoá hồ sơ (hoàn tác được)", _ID
    )
    add(
        "undo",
        with_workspace(record_commands.undo_changes),
        text_output.changes_in_lines,
        "hoàn tác các việc gần nhất",
        ("steps", {"type": lists.count, "nargs": "?", "default": 1, "metavar": "N"}),
    )
    add(
        "attach",
        with_workspace(record_commands.attach),
        text_output.changes_in_lines,
        "đính kèm tệp; ảnh thì thu nhỏ, bỏ dữ liệu ẩn",
        _ID,
        ("field", {"metavar": "TRƯỜNG"}),
        ("files", FILE | {"nargs": "+"}),
        ("--row", {"default": "", "metavar": "DÒNG", "help": "dòng mà ảnh cho thấy, ví dụ checklist/MÃ_DÒNG"}),
    )


def _add_paper_commands(add: _Adder) -> None:
    add(
        "print",
        with_workspace(record_commands.print_),
        text_output.paper_in_lines,
        "in văn bản ra PDF",
        _ID,
        ("--document", {"required": True, "metavar": "TÊN", "help": "tên mẫu văn bản"}),
        ("--pdf", FILE | {"required": True, "help": "tệp PDF nhận kết quả"}),
        ("--docx", MAY_BE_MISSING | FILE | {"help": "thêm tệp Word để sửa lời văn"}),
        ("--blank", _FLAG | {"help": "để trống phần trả lời, điền tay"}),
        ("--archive", _FLAG | {"help": "tệp PDF để lưu trữ lâu dài (PDF/A-2b)"}),
        ("--revision", {"type": int, "default": 0, "metavar": "SỐ", "help": "in lại giấy đã chốt của bản số này"}),
    )


def _add_planning_commands(add: _Adder) -> None:
    add(
        "deadlines",
        with_workspace(plans_and_deadlines.deadlines),
        text_output.deadlines_in_lines,
        "việc quá hạn, hôm nay, trong tuần và sắp tới",
        ("--on", _TEXT | {"metavar": "NGÀY", "help": "xem như vào một ngày khác (mặc định: hôm nay)"}),
        ("--ics", MAY_BE_MISSING | FILE | {"help": "xuất tệp iCalendar cho chương trình lịch"}),
        ("--pdf", MAY_BE_MISSING | FILE | {"help": "in lịch thời hạn của tháng"}),
        ("--unit", _TEXT | {"metavar": "ĐƠN_VỊ", "help": "chỉ thời hạn của một đơn vị (mã hoặc tên)"}),
        ("--officer", _TEXT | {"metavar": "TÊN", "help": "chỉ thời hạn của một cán bộ"}),
        ("--list-pdf", MAY_BE_MISSING | FILE | {"help": "in danh sách thời hạn"}),
        ("--xlsx", MAY_BE_MISSING | FILE | {"help": "xuất danh sách thời hạn ra bảng tính"}),
        ("--done", _TEXT | {"metavar": "MÃ", "help": "đánh dấu một thời hạn đã xong"}),
        ("--postpone", _TEXT | {"metavar": "MÃ=NGÀY", "help": "hoãn một thời hạn đến ngày khác"}),
        ("--reason", _TEXT | {"metavar": "CHỮ", "help": "lý do hoãn, hoặc ghi chú khi đã xong"}),
    )
    add(
        "plan",
        with_workspace(plans_and_deadlines.plan),
        text_output.plan_in_lines,
        "kế hoạch năm: lấy đề án, chuyển dòng, ghi quyết định, bổ sung, đổi kinh phí, xuất bảng tính Mẫu số 2",
        (
            "act",
            {
                "choices": plans_and_deadlines.PLAN_ACTS,
                "metavar": "VIỆC",
                "help": f"một trong: {', '.join(plans_and_deadlines.PLAN_ACTS)}",
            },
        ),
        _ID,
        ("--row", _TEXT | {"metavar": "MÃ", "help": "dòng hoặc đề án cần chuyển (với move), đề án bổ sung (với add)"}),
        ("--to", {"type": lists.count, "metavar": "N", "help": "vị trí mới, từ 1 (với move)"}),
        ("--reason", _TEXT | {"metavar": "CHỮ", "help": "lý do (với move, add, budget)"}),
        ("--amount", _TEXT | {"metavar": "SỐ_TIỀN", "help": "kinh phí hỗ trợ (với add), kinh phí mới (với budget)"}),
        ("--number", _TEXT | {"metavar": "SỐ", "help": "số quyết định (với add, budget)"}),
        ("--date", _TEXT | {"metavar": "NGÀY", "help": "ngày quyết định (với add, budget)"}),
        ("--authority", _TEXT | {"metavar": "CƠ_QUAN", "help": "cơ quan quyết định (với add, budget)"}),
        ("--xlsx", MAY_BE_MISSING | FILE | {"help": "tệp nhận bảng tính (với workbook)"}),
    )
