"""Putting a store right whose stamps lie in the future because the laptop's clock once ran ahead."""

from __future__ import annotations

from typing import Any

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value
from kcdesk.services.workspace import Workspace
from kcdesk.store.clock import iso, moment_of

_AHEAD = (
    "Kho này có dấu thời gian {furthest}, muộn hơn giờ của máy ({now}) quá một ngày: đồng hồ của máy từng chạy trước. "
    "Nơi khác không nhận gói có dấu thời gian như vậy."
)
REPAIR = "«Sửa dấu thời gian…» (Cài đặt → Kho dữ liệu)"  # the step in the window that puts such a store right
_HINT = f"Nếu giờ của máy đang đúng thì bấm {REPAIR}; nếu sai thì chỉnh giờ của máy trước."
WHAT_HAPPENS = (
    "Chương trình sao lưu kho, đưa các dấu thời gian đó về trước hiện tại theo đúng thứ tự cũ, rồi ghi việc này vào "
    "lịch sử. Không hồ sơ nào đổi nội dung."
)
_ACTION = "Sửa dấu thời gian: đồng hồ của máy từng chạy trước tới {furthest}"


class RepairedStamps(Value):
    """What was put right: how many records, how far the stamps had run ahead (UTC), the device id after it."""

    records: int
    furthest: str
    device: str

    def to_json(self) -> dict[str, Any]:
        """The stable shape of the command line."""
        return {"records": self.records, "furthest": self.furthest, "device": self.device}

    def sentence(self) -> str:
        """What was done."""
        return (
            f"Đã đưa dấu thời gian của {text.format_integer(self.records)} hồ sơ về trước hiện tại, đúng thứ tự cũ; "
            "lịch sử có ghi việc này."
        )


def trouble(workspace: Workspace) -> UserError | None:
    """Why the stamps of this store have to be put right, with what to do; None if they are right."""
    furthest = workspace.store.stamp_ahead()
    if not furthest:
        return None
    sentence = _AHEAD.format(furthest=shown_moment(moment_of(furthest)), now=present_moment(workspace))
    return UserError(sentence, code="stamps_ahead", hint=_HINT)


def present_moment(workspace: Workspace) -> str:
    """What the clock of this laptop shows, as it stands in a sentence."""
    return shown_moment(iso(workspace.store.time_now()))


def refuse_stamps_ahead(workspace: Workspace) -> None:
    """Raise UserError `stamps_ahead` before something leaves the store that no other store would take."""
    if (error := trouble(workspace)) is not None:
        raise error


def repair(workspace: Workspace) -> RepairedStamps:
    """Bring back every stamp that lies in the future, after a backup. UserError `nothing_ahead` if none does.

    The laptop's clock must be right now. A store that wrote such stamps itself gets a new device id.
    """
    furthest = workspace.store.stamp_ahead()
    if not furthest:
        raise UserError("Không có dấu thời gian nào chạy trước giờ của máy quá một ngày.", code="nothing_ahead")
    workspace.store.backup(reason="clock")
    moment = moment_of(furthest)
    records = workspace.store.bring_back_stamps(_ACTION.format(furthest=shown_moment(moment)))
    return RepairedStamps(records, moment, workspace.identity.device_id)


def shown_moment(moment: str) -> str:
    """A moment with hour and day, as it stands in a sentence."""
    return f"{moments.local(moment):%H:%M} ngày {text.format_date(moments.day(moment))}"
