"""The command that takes the holder of a citizen card from the text that a reader gives."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import Any

from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.services.codes import card_holders
from kcdesk.services.workspace import Workspace


def add_commands(add: Callable[..., None]) -> None:
    """Add the command of this module with `add` of the parser."""
    add(
        "read-card",
        with_workspace(read_holder),
        holder_in_lines,
        "người trên thẻ căn cước thành đề xuất cho người đại diện, thành phần tham gia: chuỗi do máy quét mã QR gõ ra",
        ("id", {"metavar": "MÃ"}),
        ("code", {"metavar": "CHUỖI"}),
        ("--take", {"action": "store_true", "help": "ghi vào hồ sơ"}),
    )


def read_holder(workspace: Workspace, options: Namespace) -> dict[str, Any]:
    """Propose, or with `--take` take, the holder of a card."""
    proposals = card_holders.holder_proposals(workspace, options.id, options.code)
    if options.take:
        card_holders.take_holder(workspace, options.id, options.code)
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
