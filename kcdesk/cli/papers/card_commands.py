"""The command that takes the holder of a citizen card from the text that a reader gives, or from a photo."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kcdesk.cli.given_paths import GivenPath
from kcdesk.cli.record_commands import with_workspace
from kcdesk.cli.text_output import CommandResult
from kcdesk.services.codes import card_holders, card_photos
from kcdesk.services.workspace import Workspace

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
        ("--take", {"action": "store_true", "help": "ghi vào hồ sơ"}),
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
