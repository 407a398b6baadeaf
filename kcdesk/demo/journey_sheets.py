"""An old list comes in: a spreadsheet as offices keep them, taken into the practice store, and its coloured copy."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from kcdesk.services.intake import checked_files, sheet_loading
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.workspace import Workspace

SHEET, CHECKED = "old-list.xlsx", "old-list.checked.xlsx"
_ROWS = (
    ("DANH SÁCH CƠ SỞ ĐƯỢC HỖ TRỢ KHUYẾN CÔNG NĂM 2019",),
    ("", "", "", "", "", "Đơn vị tính: triệu đồng"),
    ("TT", "Tên cơ sở", "MST", "Điện thoại", "Nội dung hỗ trợ", "Kinh phí"),
    ("", "", "", "", "", "Tổng số", "KCĐP"),
    ("I", "Khuyến công địa phương"),
    (1, "Cty TNHH Gỗ mẫu Bàn Thạch", 100200309, 912345678, "Máy bào bốn mặt", "612,5", 250),
    (2, "HTX Mây tre mẫu Đông Yên", "cũ", "0977.111.222 (Zalo)", "Máy chẻ nan", "1.250,5", "300 "),
    (3, "Cơ sở rèn mẫu Tư Đồng", "", "", "Búa máy", 180, "47.875"),
    ("", "Cộng", "", "", "", 2043, 598),
)


def write_old_list(workspace: Workspace, folder: Path) -> list[Path]:
    """Write an old list and take it in; returns the list and its copy with the doubtful cells coloured."""
    path = folder / SHEET
    book = Workbook()
    for row in _ROWS:
        book.active.append([cell if cell != "" else None for cell in row])
    book.active.merge_cells("F3:G3")
    book.save(path)
    loaded = sheet_loading.prepare_load(workspace, LoadOrder(kind="proposal", path=path))
    sheet_loading.apply_load(workspace, loaded)
    checked_files.write_checked(loaded, folder / CHECKED)
    return [path, folder / CHECKED]
