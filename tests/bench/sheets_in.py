"""What a spreadsheet of 10,000 rows and 30 columns costs, by the command line and in the window, each in a process."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import openpyxl

from tests.bench.own_process import figures_of

ROWS, AIM_SECONDS, AIM_MB = 10_000, 20, 300
_PARTS = ("Sao Mai", "Bến Đò", "Tư Đồng", "Hạnh Phước", "Cẩm Lệ", "Vĩnh Long", "Ông Ích", "Bãi Sậy", "Đồng Tiến")
_FORMS = ("Công ty TNHH", "Hợp tác xã", "Hộ kinh doanh", "Cơ sở", "Doanh nghiệp tư nhân", "Công ty cổ phần")
_TRADES = ("Mây tre đan", "Gốm sứ", "Rèn đúc", "Chế biến dừa", "Nước mắm", "Chè", "Dệt may", "Cơ khí")
_COMMUNES = ("phường Cao Lãnh", "xã Mỹ Thọ", "xã Tân Hồng", "phường Sa Đéc", "xã Lấp Vò", "xã Thanh Bình")
HEADINGS = (
    "STT;Tên cơ sở;Loại hình;Mã số thuế;Số ĐKKD;Ngày cấp ĐKKD;Nơi cấp ĐKKD;Người đại diện;Chức danh;Số CCCD;Năm sinh;"
    "Điện thoại;Thư điện tử;Địa chỉ;Địa chỉ sản xuất;Ngành nghề;Sản phẩm chính;Số lao động;Vốn (triệu đồng);"
    "Doanh thu (triệu đồng);Nữ làm chủ;Thành lập mới;Website;Diện tích nhà xưởng (m2);Công suất;Thị trường;Xếp loại;"
    "Thu nhập bình quân (đồng);Ngày kiểm tra;Ghi chú"
).split(";")
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)  # of the check digit of a tax code


def tax_code(number: int) -> str:
    """A tax code with its right check digit, by the nine digits before it."""
    digits = f"{number:09}"
    check = 10 - sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
    return f"{digits}{check % 10}" if 0 <= check < 10 else tax_code(number + 100_003)


def row(number: int) -> list[object]:
    """One enterprise, as a list of an office has it."""
    part, form = _PARTS[number % len(_PARTS)], _FORMS[number % len(_FORMS)]
    day = date(2005, 1, 1) + timedelta(days=number % 6000)
    values: list[object] = [
        number,
        f"{form} {_TRADES[number % 8]} {part} {number}",
        form,
        tax_code(10_000_000 + 7 * number),
    ]
    values += [f"41A{number:07}", day, "Phòng Tài chính - Kế hoạch", f"Nguyễn Văn {part.split()[0]}", "Giám đốc"]
    values += [
        f"0870{number % 100:02}{number:06}",
        1960 + number % 40,
        f"09{12_000_000 + number}",
        f"so{number}@mau.vn",
    ]
    values += [f"Số {number}, ấp {number % 9}, {_COMMUNES[number % 6]}, tỉnh Đồng Tháp", f"Ấp {number % 7}"]
    values += [_TRADES[number % 8], f"{_TRADES[number % 8]} loại {number % 5}", number % 90 + 1, 500 + number % 7000]
    values += [
        f"{1 + number % 9}.{number % 1000:03},5",
        "x" if number % 3 == 0 else "",
        "Có" if number % 5 == 0 else "Không",
    ]
    values += [f"www.mau{number}.vn", 120.5 + number % 800, f"{number % 30 + 1} tấn/năm", "Trong nước", "A"]
    return [
        *values,
        6_000_000 + number % 4000 * 1000,
        day + timedelta(days=700),
        "" if number % 4 else f"Đợt {number % 3}",
    ]


def write_sheet(path: Path, rows: int = ROWS) -> None:
    """Write the list."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    for line in (["DANH SÁCH CƠ SỞ CÔNG NGHIỆP NÔNG THÔN NĂM 2024"], HEADINGS, *map(row, range(1, rows + 1))):
        sheet.append(line)
    book.save(path)


def measure() -> dict[str, object]:
    """Seconds of the processor and of the clock and peak megabytes, with the process that opens the file."""
    with tempfile.TemporaryDirectory() as folder:
        write_sheet(Path(folder) / "so.xlsx")
        figures: dict[str, object] = {"rows": ROWS, "aim_seconds": AIM_SECONDS, "aim_mb": AIM_MB}
        for step in STEPS:
            taken = figures_of("tests.bench.sheets_in", step, folder)
            figures |= {f"{step}_{name}": value for name, value in taken.items()}
    return figures


def _store(folder: Path, name: str) -> Path:
    from kcdesk.services.maintenance import opening

    answers = opening.NewStore(
        unit="Đơn vị", code="DV", level="lower", province="Đồng Tháp", parent="Sở", officer="Mẫu", practice=True
    )
    opening.create_workspace(folder / name, answers)[0].close()
    return folder / name


def _by_command(folder: Path) -> None:
    from kcdesk.cli.program import main

    store = _store(folder, "command")
    if code := main(["--store", str(store), "load", "beneficiary", str(folder / "so.xlsx"), "--no-checked"]):
        raise SystemExit(code)


def _in_window(folder: Path) -> None:
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from kcdesk.app import Start
    from kcdesk.ui.intake.sheet_page import SheetPage

    start = Start([])
    window = start.open(_store(folder, "window"))
    assert window is not None, "a practice store asks for nothing"
    window.resize(1366, 768)
    window.show()
    window.go("beneficiary")
    page = window.open_page(lambda context: SheetPage(context, "beneficiary", folder / "so.xlsx"))
    assert isinstance(page, SheetPage)
    wait = QEventLoop.ProcessEventsFlag.WaitForMoreEvents
    while page.main_action() is None:
        QApplication.processEvents(wait)
    page.take_in()
    while page.loaded is None or not page.loaded.is_applied:
        QApplication.processEvents(wait)
    start.close()


STEPS = {"command": _by_command, "window": _in_window}


def _main(step: str, folder: Path) -> None:
    begin = time.perf_counter()
    STEPS[step](folder)
    seconds = time.perf_counter() - begin
    own, worker = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    processor = sum(usage.ru_utime + usage.ru_stime for usage in (own, worker))
    peaks = [round(usage.ru_maxrss / 1024) for usage in (own, worker)]
    figures = {"processor_seconds": round(processor, 1), "seconds": round(seconds, 1), "mb": peaks[0]}
    print(json.dumps({**figures, "worker_mb": peaks[1]}))


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
