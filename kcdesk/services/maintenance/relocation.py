"""What a store is that is opened at another place than before: moved, copied, or an older state put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kcdesk import moments
from kcdesk.services.handover.trust import partners, stamps_ahead
from kcdesk.services.maintenance import copy_contents
from kcdesk.services.maintenance.copy_trust import short
from kcdesk.services.personal import rights
from kcdesk.text import format_date

if TYPE_CHECKING:
    from kcdesk.services.workspace import Workspace
    from kcdesk.store.safety.anchor import Loss
    from kcdesk.store.safety.location import Doubt as Doubt

_BESIDE = "beside"  # the setting of a copy opened beside the store: it has a device of its own
Answer = Literal["moved", "copied", "restored"]

ANSWERS: dict[Answer, str] = {
    "moved": "Đã chuyển sang máy này",
    "copied": "Là bản sao để dùng song song",
    "restored": "Khôi phục từ bản sao lưu",
}
_GONE_ON = "Tiếp tục với bản này"
_REASONS: dict[Doubt, str] = {
    "elsewhere": "Kho dữ liệu này lần trước được mở ở máy khác hoặc thư mục khác.",
    "older": "Kho dữ liệu này thiếu việc đã làm trên máy này: có vẻ một bản cũ đã được chép đè lên.",
    "foreign": "Tệp dữ liệu trong thư mục này là của một kho khác với kho vẫn dùng ở đây.",
}
_REWRITTEN = "Lịch sử của kho này khác với lịch sử đã ghi trên máy này: có vẻ tệp dữ liệu đã bị thay hoặc bị sửa."
_UNSIGNED = (
    "Dấu chốt lịch sử lúc đóng kho lần trước không phải do khoá của đơn vị này ký: có vẻ lịch sử đã bị viết lại bằng"
    " công cụ khác."
)
_ADVICE = (
    "Nếu có bản sao lưu mới hơn, hãy khôi phục bản đó; nếu không, tiếp tục với bản này: lịch sử sẽ ghi lại việc ấy."
)


def reason(suspicion: Doubt, loss: Loss | None) -> str:
    """What is wrong with the place or the content of a store, how much is missing, and what to do."""
    if loss is None or suspicion == "elsewhere":
        return _REASONS[suspicion]
    if loss.sort == "foreign":
        return f"{_REASONS['foreign']} {_ADVICE}"
    return f"{_missing(loss)} {_ADVICE}"


def heading(suspicion: Doubt, loss: Loss | None) -> str:
    """The doubt in a few words, as the title of the question."""
    if suspicion == "elsewhere":
        return "Kho dữ liệu ở nơi khác lần trước"
    if suspicion == "foreign":
        return "Tệp dữ liệu là của kho khác"
    return "Lịch sử của kho đã khác đi" if loss is not None and not loss.acts else "Kho dữ liệu thiếu việc đã làm"


def _missing(loss: Loss) -> str:
    if not loss.acts:
        return _UNSIGNED if loss.sort == "unsigned" else _REWRITTEN
    last = f"việc cuối lúc {_moment(loss.anchored)}" if loss.anchored else "không rõ việc cuối"
    here = f"việc cuối còn lại lúc {_moment(loss.here)}" if loss.here else "không còn việc nào"
    return f"{_REASONS['older']} Thiếu {loss.acts} việc, {last}; trong bản này {here}."


def _moment(at: str) -> str:
    local = moments.local(at)
    return f"{local:%H:%M} ngày {format_date(local.date())}"


def doubt(workspace: Workspace) -> Doubt:
    """Whether the officer must say what the store is; "" in all ordinary cases, and then the place is kept."""
    if workspace.store.is_damaged:  # what is damaged comes first
        return ""
    if copy_contents.beside_of(workspace.store.folder) and not workspace.store.setting(_BESIDE, default=False):
        with workspace.store.together():
            partners.renew_device(workspace, backup=False)
            workspace.store.set_setting(_BESIDE, True)
            workspace.store.keep_place()
            again = rights.erase_again(workspace)
        rights.overwrite(workspace, again)
    suspicion = workspace.store.place_doubt()
    if not suspicion:
        workspace.store.keep_place()
    return suspicion


def answer_label(answer: Answer, suspicion: Doubt) -> str:
    """What an answer is called: to a store that lacks something, the officer goes on with what there is."""
    return _GONE_ON if answer == "restored" and suspicion != "elsewhere" else ANSWERS[answer]


def beside_note(workspace: Workspace) -> str:
    """What the officer is told of a copy that was opened beside the store; "" for any other store."""
    moment = copy_contents.beside_of(workspace.store.folder)
    return f"Đây là bản sao lưu lúc {moment}, mở bên cạnh; việc làm ở đây không vào kho đang dùng." if moment else ""


def notes(workspace: Workspace) -> tuple[str, ...]:
    """What to say of a store that was just opened: what was mended, and that its clock once ran ahead."""
    trouble = stamps_ahead.trouble(workspace)
    return (*workspace.store.repairs, *([trouble.sentence()] if trouble else []))


def possible_answers(suspicion: Doubt) -> tuple[Answer, ...]:
    """The answers to choose from: a store that lacks its newest work was not just moved."""
    return tuple(answer for answer in ANSWERS if answer != "moved" or suspicion == "elsewhere")


def settle(workspace: Workspace, suspicion: Doubt, answer: Answer) -> str:
    """Act on the answer and say in a sentence what was done.

    Every store but a moved one gets a device id of its own, so that work of two machines is never taken for that of
    one. An older state never keeps its id, whatever the answer.
    """
    keeps_identity = answer == "moved" and suspicion == "elsewhere"
    loss = workspace.store.loss
    with workspace.store.together():
        if not keeps_identity:
            partners.renew_device(workspace, backup=False)
        again = rights.erase_again(workspace)
        workspace.store.keep_place()
        if loss is not None:
            workspace.store.note_act(f"{_GONE_ON}: {short(loss)}")
    rights.overwrite(workspace, again)
    if keeps_identity:
        return "Kho được ghi nhận là đã chuyển sang đây; mã máy giữ nguyên, nơi cũ không dùng nữa."
    return "Máy này đã nhận mã máy riêng; việc của nơi cũ và của máy này không bị lẫn."
