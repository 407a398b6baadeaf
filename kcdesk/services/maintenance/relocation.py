"""What a store is that is opened at another place than before: moved, copied, or an older state put back."""

from __future__ import annotations

from typing import Literal

from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.safety.location import Doubt as Doubt  # what the window asks about

Answer = Literal["moved", "copied", "restored"]

ANSWERS: dict[Answer, str] = {
    "moved": "Đã chuyển sang máy này",
    "copied": "Là bản sao để dùng song song",
    "restored": "Khôi phục từ bản sao lưu",
}
REASONS: dict[Doubt, str] = {
    "elsewhere": "Kho dữ liệu này lần trước được mở ở máy khác hoặc thư mục khác.",
    "older": "Kho dữ liệu này thiếu việc đã làm trên máy này: có vẻ một bản cũ đã được chép đè lên.",
}


def doubt(workspace: Workspace) -> Doubt:
    """Whether the officer must say what the store is; "" in all ordinary cases, and then the place is kept."""
    suspicion = workspace.store.place_doubt()
    if not suspicion:
        workspace.store.keep_place()
    return suspicion


def possible_answers(suspicion: Doubt) -> tuple[Answer, ...]:
    """The answers to choose from: a store that lacks its newest work was not just moved."""
    return tuple(answer for answer in ANSWERS if answer != "moved" or suspicion == "elsewhere")


def settle(workspace: Workspace, suspicion: Doubt, answer: Answer) -> str:
    """Act on the answer and say in a sentence what was done.

    Every store but a moved one gets a device id of its own, so that work of two machines is never taken for that of
    one. An older state never keeps its id, whatever the answer.
    """
    keeps_identity = answer == "moved" and suspicion == "elsewhere"
    if not keeps_identity:
        partners.renew_device(workspace, backup=False)
    workspace.store.keep_place()
    if keeps_identity:
        return "Kho được ghi nhận là đã chuyển sang đây; mã máy giữ nguyên, nơi cũ không dùng nữa."
    return "Máy này đã nhận mã máy riêng; việc của nơi cũ và của máy này không bị lẫn."
