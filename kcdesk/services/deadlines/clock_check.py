"""Whether the laptop's clock can be right: deadlines are counted from it. A doubt is said, and stops nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from kcdesk import RELEASED
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date

_YEARS_OF_USE = 15  # nobody works with a program as old as that
_LONGEST_REST = 3 * 365  # days without any change; longer, the clock is rather wrong than the store forgotten
_ADVICE = "Hãy xem lại ngày giờ của máy; các thời hạn tính theo ngày này."


def doubt(workspace: Workspace) -> str:
    """One sentence on why the laptop's day may be wrong, "" when nothing speaks against it."""
    today = workspace.today()
    said = f"Máy đang ghi ngày {format_date(today)}"
    newest = next(iter(workspace.store.acts(1)), None)
    changed = datetime.fromisoformat(newest.at).astimezone().date() if newest else None
    if changed and today < changed:
        return f"{said}, nhưng kho đã có thay đổi ngày {format_date(changed)}. {_ADVICE}"
    if today < RELEASED:
        return f"{said}, trước ngày phát hành chương trình ({format_date(RELEASED)}). {_ADVICE}"
    if today > RELEASED + timedelta(days=366 * _YEARS_OF_USE):
        return f"{said}, quá xa ngày phát hành chương trình ({format_date(RELEASED)}). {_ADVICE}"
    if changed and today > changed + timedelta(days=_LONGEST_REST):
        return f"{said}, trong khi lần sửa cuối trong kho là ngày {format_date(changed)}. {_ADVICE}"
    return ""
