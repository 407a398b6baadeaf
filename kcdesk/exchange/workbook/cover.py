"""The cover sheet of a package and the texts of its help sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kcdesk import moments, text
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import Manifest, ReturnReason
from kcdesk.exchange.workbook.sheets import Content, Sheet

Style = Literal["title", "heading", "line", "warning", "note"]

TITLES = {  # of the workbooks that this program writes, by their kind
    "package": "GÓI BÀN GIAO HỒ SƠ KHUYẾN CÔNG",
    "decisions": "BẢNG QUYẾT ĐỊNH",
    "identity": "TỆP NHẬN DIỆN ĐƠN VỊ",
    "rules": "TỆP QUY ĐỊNH, MẪU VÀ MỨC CHI",
}
CODE_LABEL = "Mã gói"  # of the line with the package id

HELP = (
    "Tệp này vừa là bảng tính để đọc và in, vừa là gói dữ liệu để chương trình nhận vào. Mỗi loại hồ sơ và mỗi bảng "
    "nằm trên một trang; dòng đầu của trang là tên cột.",
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


@dataclass(frozen=True, slots=True)
class CoverLine:
    """One row of a cover: a label, a value, and the machine name of the value."""

    style: Style
    label: str
    value: str | int = ""
    name: str = ""


def type_name(package_type: str) -> str:
    """The package type in Vietnamese: `C` and `B2` in the words of tax declarations, `R` for a receipt."""
    if package_type == "R":
        return "Biên nhận"
    return "Chính thức" if package_type == "C" else f"Bổ sung lần {package_type[1:]}"


def head(title: str, *, practice: bool) -> Iterator[CoverLine]:
    """The title of a page and, for practice data, a warning."""
    yield CoverLine("title", title)
    if practice:
        yield CoverLine("warning", "DỮ LIỆU TẬP HUẤN – KHÔNG CÓ GIÁ TRỊ")


def cover(manifest: Manifest, key: str, content: Content, sheets: list[Sheet]) -> Iterator[CoverLine]:
    """The lines of the cover: sender, receiver, counts, sums; the officer compares them with the screen."""
    yield from head(TITLES["package"], practice=manifest.practice)
    yield CoverLine("line", "Loại", type_name(manifest.type), "type")
    yield CoverLine("line", "Kỳ", manifest.period, "period")
    yield CoverLine("line", "Lập lúc", moment(manifest.made_at), "made_at")
    yield from _parties(manifest)
    yield from _counts(manifest, content)
    yield CoverLine("heading", "Các trang")
    for sheet in (sheet for sheet in sheets if sheet.lines):
        yield CoverLine("line", sheet.name, f"{text.format_integer(len(sheet.lines))} dòng")
    yield from _replies(manifest, content)
    yield from _proof(manifest, key)


RESULTS = {
    "received": "Đã nhận",
    "returned": "Trả lại để bổ sung",
    "approved": "Phê duyệt",
    "rejected": "Không được phê duyệt",
}


def _replies(manifest: Manifest, content: Content) -> Iterator[CoverLine]:
    """The answers of a receipt, record by record."""
    if not manifest.answers:
        return
    yield CoverLine("heading", "Trả lời cho gói")
    yield CoverLine("line", "Mã gói được trả lời", manifest.answers, "answers")
    for reply in manifest.replies:
        reasons = (_reason(content, reply.record, reason) for reason in reply.reasons)
        answer = "; ".join([RESULTS[reply.result], *reasons])
        yield CoverLine("line", content.title(reply.record) or reply.record, answer, f"reply/{reply.record}")
    for file in manifest.enclosed:
        yield CoverLine("line", "Tệp gửi kèm", file.name, f"enclosed/{file.sha256}")


def _reason(content: Content, record: str, reason: ReturnReason) -> str:
    kind = next((entry.kind for entry in content.entries if entry.id == record), "")
    names = {field.name: field.heading for field in content.newest(kind).fields} if kind else {}
    label = names.get(content.forms.renames(kind).newest(reason.path.partition("/")[0]), "")
    return f"{label}: {reason.text}" if label else reason.text


def _parties(manifest: Manifest) -> Iterator[CoverLine]:
    sender = manifest.sender
    yield CoverLine("heading", "Nơi giao và nơi nhận")
    yield CoverLine("line", "Đơn vị giao", _unit(sender.name, sender.unit), "sender")
    yield CoverLine("line", "Người lập", ", ".join(filter(None, (sender.officer, sender.officer_title))), "officer")
    yield CoverLine("line", "Đơn vị nhận", _unit(manifest.receiver.name, manifest.receiver.unit), "receiver")


def _unit(name: str, code: str) -> str:
    return name if name == code else f"{name} ({code})"


def _counts(manifest: Manifest, content: Content) -> Iterator[CoverLine]:
    yield CoverLine("heading", "Số lượng")
    for kind in content.forms.kinds:  # a manifest read from a file has no order
        label = content.label(kind)
        if kind in manifest.counts:
            yield CoverLine("line", label, manifest.counts[kind], f"counts/{kind}")
        if gone := manifest.deleted.get(kind, 0):
            yield CoverLine("line", f"{label}: đã xoá", gone, f"deleted/{kind}")
    yield CoverLine("line", "Tệp đính kèm", len(manifest.attachments), "attachments")
    if manifest.totals:
        yield CoverLine("heading", "Tổng số tiền (đồng)")
    for path in sorted(manifest.totals, key=content.place):
        yield CoverLine("line", content.path_label(path), manifest.totals[path], f"totals/{path}")


def _proof(manifest: Manifest, key: str) -> Iterator[CoverLine]:
    yield CoverLine("heading", "Để đối chiếu")
    yield CoverLine("line", "Dấu khoá ký", signing.fingerprint(key), "fingerprint")
    yield CoverLine("line", CODE_LABEL, manifest.package, "package")
    yield CoverLine("line", "Số thứ tự gói gửi nơi nhận này", manifest.serial, "serial")
    yield CoverLine("line", "Mã gói trước", manifest.previous or "(gói đầu tiên)", "previous")
    yield CoverLine("line", "Lập bằng", manifest.program, "program")
    yield CoverLine("note", "Các số trên trang này phải trùng với màn hình của nơi nhận khi nhận gói.")


def moment(made_at: str) -> str:
    """Write a time as on the cover: «10:42 ngày 05/3/2026», in the time zone of the maker."""
    made = moments.as_written(made_at)
    return f"{made:%H:%M} ngày {text.format_date(made.date())}"
