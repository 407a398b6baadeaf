"""The command that reads hand-ticked sheets from photos and scans."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kcdesk.cli.given_paths import FILE
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.services.papers.ticked import sheet_reading, taking_answers
from kcdesk.services.papers.ticked.sheet_reading import ReadAnswer
from kcdesk.services.workspace import Workspace


def add_commands(add: Callable[..., None]) -> None:
    """Add the command of this module with `add` of the parser."""
    add(
        "read-sheet",
        with_workspace(read_sheet),
        sheet_in_lines,
        "đọc phiếu ghi tay từ ảnh chụp hoặc bản quét: các ô đã đánh dấu thành đề xuất, chỗ chưa chắc để trống",
        (
            "files",
            FILE | {"nargs": "+", "metavar": "TỆP", "help": "ảnh JPEG, PNG, TIFF hoặc PDF; nhiều trang, nhiều tệp"},
        ),
        ("--into", {"default": "", "metavar": "MÃ", "help": "chỉ nhận phiếu của hồ sơ này"}),
        ("--take", {"action": "store_true", "help": "ghi các đề xuất chắc chắn vào hồ sơ"}),
    )


def read_sheet(workspace: Workspace, options: Namespace) -> dict[str, Any]:
    """Read a sheet; with `--take` write the proposals that are sure and new."""
    reading = sheet_reading.read_sheets(workspace, [Path(file) for file in options.files], options.into)
    taken = taking_answers.sure_answers(reading) if options.take else {}
    if taken:
        taking_answers.take_answers(workspace, reading, taken)
    return {
        "record": reading.record_id,
        "title": reading.title,
        "paper": reading.label,
        "answers": [_as_json(answer) for answer in reading.answers],
        "notes": list(reading.notes),
        "sentence": reading.sentence,
        "taken": len(taken),
    }


def _as_json(answer: ReadAnswer) -> dict[str, Any]:
    names = ("path", "row", "label", "value", "text", "doubt", "present", "page")
    return {name: getattr(answer, name) for name in names} | {
        "handwriting": answer.is_handwriting,
        "written": answer.is_written,
    }


def sheet_in_lines(result: CommandResult) -> Iterator[str]:
    """What was read, a line for each answer that is marked, doubtful or written by hand."""
    yield result["sentence"]
    for answer in result["answers"]:
        shown = answer["doubt"] or answer["text"] or ("viết tay, xem ảnh" if answer["written"] else "")
        if shown:
            sign = "?" if answer["doubt"] else "-"
            yield f"{sign} {answer['row']} {answer['label']}: {shown}".replace("  ", " ")
    yield from result["notes"]
    if result["taken"]:
        yield f"Đã nhận {result['taken']} câu trả lời vào hồ sơ."
