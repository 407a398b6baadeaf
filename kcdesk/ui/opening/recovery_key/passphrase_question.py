"""Ask for the passphrase of the open store again before an act about its key: another person may be at the laptop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import passphrases

if TYPE_CHECKING:
    from kcdesk.services.workspace import Workspace
    from kcdesk.ui.shell.messages import Messages


def proven(messages: Messages, workspace: Workspace, title: str, act_label: str) -> bool:
    """Ask until the passphrase is right or the officer leaves it; whether it was right."""
    problem = ""
    while typed := messages.ask_text(
        title,
        "Mật khẩu của kho này",
        act_label,
        "Thôi",
        kind="secret",
        detail="Gõ lại mật khẩu đang dùng.",
        problem=problem,
    ):
        try:
            passphrases.prove(workspace, typed)
        except KcdeskError as error:
            problem = error.sentence()
        else:
            return True
    return False
