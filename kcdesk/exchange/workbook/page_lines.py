"""The lines and tables of a page for people: the first sheet of every workbook that this program writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from kcdesk import moments, text
from kcdesk.formdef.types.base import Cell
from kcdesk.runtime.frozen import Value

Style = Literal["title", "headline", "heading", "line", "warning", "note", "text", "hidden"]
COLUMNS = (5.0, 38.0, 14.0, 14.5, 14.5, 14.5, 24.0)  # characters of the grid of a page
LABEL_COLUMNS = 2  # of the grid; the value of a line takes the others

TITLES = {  # of the workbooks that this program writes, by their kind
    "package": "GÓI BÀN GIAO HỒ SƠ KHUYẾN CÔNG",
    "receipt": "BIÊN NHẬN HỒ SƠ KHUYẾN CÔNG",
    "decisions": "BẢNG QUYẾT ĐỊNH",
    "identity": "TỆP NHẬN DIỆN ĐƠN VỊ",
    "rules": "TỆP QUY ĐỊNH, MẪU VÀ MỨC CHI",
    "recovery_key": "TỆP KHOÁ KHÔI PHỤC CỦA CẤP TỈNH",
    "recovery_consent": "ĐỒNG Ý GỬI KHOÁ KHO Ở CẤP TỈNH",
}
RECEIPT = "R"  # the package type of a receipt
PACKAGES = ("package", "receipt")  # the kinds that the program takes in
PRACTICE = "DỮ LIỆU TẬP HUẤN – KHÔNG CÓ GIÁ TRỊ"  # on first pages
PRACTICE_MARK = "DỮ LIỆU TẬP HUẤN"
CODE_LABEL = "Mã gói"  # of the line with the package id

HELP = (
    "Tệp này vừa là bảng tính để đọc và in, vừa là gói dữ liệu để chương trình nhận vào. Trang Bìa đủ để biết ai gửi, "
    "gửi gì, đề nghị gì. Các trang sau là danh sách: dòng đầu là tên cột; các cột bên trái được in, các mục khác nằm "
    "bên phải để xem trên màn hình. Trang có thẻ xám là bảng chi tiết và số liệu để đối chiếu.",
    "Hãy gửi đúng tệp này, không sao chép nội dung sang tệp khác. Nếu chỉ mở ra xem rồi đóng mà không lưu, gói giữ "
    "nguyên và nơi nhận biết chắc ai đã lập.",
    "Ô nền vàng là phần của nơi nhận, có thể điền. Các ô khác được khoá để tránh sửa nhầm. Gói đã lưu lại bằng Excel "
    "hoặc LibreOffice vẫn nhận được, nhưng mọi chỗ khác với bản gốc chỉ là đề nghị để nơi nhận xem xét.",
    "Không xoá, không đổi tên trang, không sửa hàng thứ hai và các cột đang ẩn: đó là mã để chương trình đối chiếu.",
    "Dấu khoá ký ở trang Bìa gồm 30 chữ số. Lần đầu nhận gói của một đơn vị, hãy gọi điện và đọc cho nhau nghe dãy số "
    "này; chỉ nhận khi hai bên trùng nhau.",
    "Trường nhạy cảm không nằm trong gói, trừ khi nơi lập đã chọn gửi kèm. Tệp chứa thông tin cá nhân: bảo quản như "
    "hồ sơ giấy, xoá khỏi thẻ nhớ sau khi nơi nhận đã báo nhận đủ.",
)


class CoverLine(Value):
    """One row of a page: a label, a value, and the machine name of the value; a hidden row is for programs."""

    style: Style
    label: str
    value: str | int = ""
    name: str = ""


class CoverTable(Value):
    """A table of a page: how many columns of the grid each of its columns takes, heads and rows.

    `has_sum`: the last row is a sum; `is_numbered`: the first column counts the rows.
    """

    spans: tuple[int, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    has_sum: bool = False
    is_numbered: bool = False


PageLine = CoverLine | CoverTable


def is_receipt(package_type: str) -> bool:
    """Whether a package of this type answers another one."""
    return package_type == RECEIPT


def type_name(package_type: str) -> str:
    """The package type in Vietnamese: `C` and `B2` in the words of tax declarations, `R` for a receipt."""
    if is_receipt(package_type):
        return "Biên nhận"
    return "Chính thức" if package_type == "C" else f"Bổ sung lần {package_type[1:]}"


def head(title: str, *, practice: bool) -> Iterator[CoverLine]:
    """The title of a page and, for practice data, a warning."""
    yield CoverLine("title", title)
    if practice:
        yield CoverLine("warning", PRACTICE)


RESULTS = {
    "received": "Đã nhận",
    "returned": "Trả lại để bổ sung",
    "approved": "Phê duyệt",
    "rejected": "Không được phê duyệt",
}


def moment(made_at: str) -> str:
    """Write a time as on the cover: «10:42 ngày 05/3/2026», in the time zone of the maker."""
    made = moments.as_written(made_at)
    return f"{made:%H:%M} ngày {text.format_date(made.date())}"
