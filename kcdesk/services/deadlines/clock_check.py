"""Check whether the laptop's clock can be right, because deadlines are counted from it. A doubt is only shown."""

from __future__ import annotations

from datetime import date, timedelta

from kcdesk import RELEASED, moments
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date

_YEARS_OF_USE = 15  # years after the release; nobody works with an older program
_LONGEST_REST = 366  # days without any change; after a longer gap the clock is more likely wrong
_ADVICE = "Hãy xem lại ngày giờ của máy; giấy tờ và thời hạn lấy theo ngày này."


def doubt(workspace: Workspace, on: date | None = None) -> str:
    """Say in a sentence why the laptop's date may be wrong; "" if it is plausible. `on` is the date, default today."""
    today = on or workspace.today()
    date_shown = f"Máy đang ghi ngày {format_date(today)}"
    newest = None if workspace.store.is_damaged else next(iter(workspace.store.acts(1)), None)
    changed = moments.day(newest.at) if newest else None
    if changed and today < changed:
        return f"{date_shown}, nhưng kho đã có thay đổi ngày {format_date(changed)}. {_ADVICE}"
    if today < RELEASED:
        return f"{date_shown}, trước ngày phát hành chương trình ({format_date(RELEASED)}). {_ADVICE}"
    if today > RELEASED + timedelta(days=366 * _YEARS_OF_USE):
        return f"{date_shown}, quá xa ngày phát hành chương trình ({format_date(RELEASED)}). {_ADVICE}"
    if changed and today > changed + timedelta(days=_LONGEST_REST):
        return f"{date_shown}, trong khi lần sửa cuối trong kho là ngày {format_date(changed)}. {_ADVICE}"
    return ""
