"""Names of packages, the same on every page of the hand-over."""

from __future__ import annotations

from kcdesk.services.handover.collecting import periods
from kcdesk.services.handover.packages import sending

RECEIPT = "R"
PACKAGES = (  # for the file picker; opening one of the others says how to save it
    "Gói bàn giao, biên nhận, tệp nhận diện (*.xlsx);;Bảng tính khác (*.xls *.xlsm *.xlsb *.et *.ods *.fods)"
)


def package_type(type_: str) -> str:
    """Return «Chính thức», «Bổ sung lần 2», «Biên nhận»."""
    if not type_:
        return ""
    return "Biên nhận" if type_ == RECEIPT else sending.type_label(type_)


def package_name(type_: str, period: str) -> str:
    """Return «gói Chính thức tháng 11/2026», «biên nhận quý I/2026»."""
    what = "biên nhận" if type_ == RECEIPT else f"gói {package_type(type_)}"
    return f"{what} {periods.in_sentence(period)}"
