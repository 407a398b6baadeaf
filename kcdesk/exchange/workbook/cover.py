"""The first page of a package, understood without any other page, and the pages of its answers and figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kcdesk import text
from kcdesk.exchange import periods
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.entries import files_of
from kcdesk.exchange.container.manifest import Manifest, ReturnReason
from kcdesk.exchange.workbook import cover_dossiers
from kcdesk.exchange.workbook.page_lines import (
    CODE_LABEL,
    RESULTS,
    TITLES,
    CoverLine,
    CoverTable,
    PageLine,
    head,
    is_receipt,
    moment,
    type_name,
)
from kcdesk.exchange.workbook.sheet_content import ANSWERS_SHEET, CHANGED, SAME, Content

_LONGEST_NAMES = 80  # letters of the titles of a kind's records that the first page gives
_ORDER = {"returned": 0, "rejected": 1, "approved": 2}  # of the answers: those first that ask something
_MOST_ENCLOSED = 5  # files whose names it gives


def cover(manifest: Manifest, key: str, content: Content) -> Iterator[PageLine]:
    """The lines of the first page: who, to whom, what is asked, what is inside, how to check that it is genuine."""
    answers = is_receipt(manifest.type)
    yield from head(TITLES["receipt" if answers else "package"], practice=manifest.practice)
    what = "Trả lời gói đã nhận" if answers else type_name(manifest.type)
    yield CoverLine("headline", f"{periods.name(manifest.period)} – {what}")
    yield from _parties(manifest)
    yield from _requests(manifest, content)
    yield from cover_dossiers.money(content)
    yield from cover_dossiers.dossiers(manifest, content)
    yield from _inside(manifest, content)
    yield from _proof(manifest, key)
    yield from _for_programs(manifest)


def answers(manifest: Manifest, content: Content) -> Iterator[PageLine]:
    """The answers of a receipt, record by record; nothing for any other package."""
    if not manifest.replies:
        return
    kinds = {entry.id: content.label(entry.kind) for entry in content.entries}
    rows = tuple(
        (
            number,
            content.title(reply.record) or reply.record,
            kinds.get(reply.record, ""),
            RESULTS.get(reply.result, reply.result),
            "\n".join(_reason(content, reply.record, reason) for reason in reply.reasons) or None,
        )
        for number, reply in enumerate(sorted(manifest.replies, key=lambda reply: _ORDER.get(reply.result, 3)), 1)
    )
    yield CoverLine("title", "TRẢ LỜI TỪNG HỒ SƠ")
    yield CoverTable((1, 1, 1, 1, 3), ("TT", "Hồ sơ", "Loại", "Trả lời", "Lý do, ý kiến"), rows, is_numbered=True)


def figures(manifest: Manifest, content: Content) -> Iterator[PageLine]:
    """The numbers and sums that the receiver's screen shows too, and the codes of the package."""
    yield CoverLine("title", "SỐ LIỆU ĐỂ ĐỐI CHIẾU")
    yield CoverLine("note", "Các số trên trang này phải trùng với màn hình của nơi nhận khi nhận gói.")
    yield CoverLine("heading", "Số lượng")
    for kind in content.forms.kinds:  # a manifest read from a file has no order
        label = content.label(kind)
        if kind in manifest.counts:
            yield CoverLine("line", label, manifest.counts[kind], f"counts/{kind}")
        if gone := manifest.deleted.get(kind, 0):
            yield CoverLine("line", f"{label}: đã xoá", gone, f"deleted/{kind}")
    yield CoverLine("line", "Tệp đính kèm", len(manifest.attachments), "attachments")
    if manifest.totals:
        yield CoverLine("heading", "Tổng số tiền theo mục (đồng)")
    for path in sorted(manifest.totals, key=content.place):
        yield CoverLine("line", content.path_label(path), manifest.totals[path], f"totals/{path}")
    yield CoverLine("heading", "Mã")
    yield CoverLine("line", CODE_LABEL, manifest.package, "package")
    yield CoverLine("line", "Số thứ tự gói gửi nơi nhận này", manifest.serial, "serial")
    yield CoverLine("line", "Mã gói trước", manifest.previous or "(gói đầu tiên)", "previous")
    if manifest.answers:
        yield CoverLine("line", "Mã gói được trả lời", manifest.answers, "answers")
    for file in manifest.enclosed:
        yield CoverLine("line", "Tệp gửi kèm", file.name, f"enclosed/{file.sha256}")
    yield CoverLine("line", "Lập bằng", manifest.program, "program")


def _parties(manifest: Manifest) -> Iterator[CoverLine]:
    sender = manifest.sender
    officer = ", ".join(filter(None, (sender.officer, sender.officer_title)))
    yield CoverLine("line", "Nơi gửi", unit_name(sender.name, sender.unit))
    yield CoverLine("line", "Người lập", f"{officer}, {moment(manifest.made_at)}")
    yield CoverLine("line", "Nơi nhận", unit_name(manifest.receiver.name, manifest.receiver.unit))


def unit_name(name: str, code: str) -> str:
    """The name of a unit with its code."""
    return name if name == code else f"{name} ({code})"


def _requests(manifest: Manifest, content: Content) -> Iterator[CoverLine]:
    """What the receiver is asked to do, in one line each."""
    yield CoverLine("heading", "Đề nghị nơi nhận")
    if manifest.answers:
        results = Counter(reply.result for reply in manifest.replies)
        answered = "; ".join(f"{label}: {results[name]}" for name, label in RESULTS.items() if results[name])
        yield CoverLine("line", "Trả lời hồ sơ đã gửi", f"{answered or 'không có hồ sơ'} (trang «{ANSWERS_SHEET}»)")
    replies = {reply.record: reply for reply in manifest.replies}
    requests = ((entry, cover_dossiers.request_of(content, entry, replies.get(entry.id))) for entry in content.entries)
    asked = Counter((request, entry.kind) for entry, request in requests if request)
    for (request, kind), number in asked.items():
        label = content.label(kind)
        yield CoverLine("line", request, f"{text.format_integer(number)} {label[:1].lower()}{label[1:]}")
    if not manifest.answers:
        yield CoverLine("line", "Nhận gói, gửi lại biên nhận", f"cho {manifest.sender.name}")
    elif not asked:
        yield CoverLine("line", "Nhận biên nhận", "không có hồ sơ nào phải bổ sung")


def _inside(manifest: Manifest, content: Content) -> Iterator[PageLine]:
    """The kinds of records, each with what is new, changed and as before."""
    yield CoverLine("heading", "Trong gói có")
    heads = ("Loại hồ sơ", "Số lượng", "Mới", "Sửa", "Không đổi", "Gồm")
    rows = [_of_kind(content, kind) for kind, entries in content.by_kind.items() if entries]
    if rows:
        yield CoverTable((2, 1, 1, 1, 1, 1), heads, tuple(rows))
    yield CoverLine("line", "Tệp, ảnh kèm theo", _files(manifest, content))
    for file in manifest.enclosed[:_MOST_ENCLOSED]:
        yield CoverLine("line", "Tệp gửi kèm", file.name)
    if len(manifest.enclosed) > _MOST_ENCLOSED:
        yield CoverLine("line", "Tệp gửi kèm", f"và {len(manifest.enclosed) - _MOST_ENCLOSED} tệp khác")


def _of_kind(content: Content, kind: str) -> tuple[str | int | None, ...]:
    entries = content.by_kind[kind]
    living = [entry for entry in entries if not entry.deleted]
    news = Counter(content.change(entry).partition(":")[0] for entry in living)
    changed, same, gone = news[CHANGED], news[SAME], len(entries) - len(living)
    new = len(living) - changed - same
    names = "; ".join(content.title(entry.id) for entry in living)
    notes = (f"{gone} đã xoá" if gone else "", names if len(names) <= _LONGEST_NAMES else "")
    return (
        content.label(kind),
        len(living),
        new or None,
        changed or None,
        same or None,
        "; ".join(filter(None, notes)) or None,
    )


def _files(manifest: Manifest, content: Content) -> str:
    """How many files and pictures the package carries, and their size."""
    pictures = {
        file["sha256"]
        for entry in content.entries
        for _, file in files_of(entry, content.form(entry))
        if str(file.get("mime", "")).startswith("image/")
    }
    number = len(manifest.attachments)
    if not number:
        return "không có"
    size = sum(file.size for file in manifest.attachments)
    shown = f"{text.format_integer(max(1, round(size / 1000)))} KB" if size < 1_000_000 else f"{round(size / 1e6)} MB"
    return f"{text.format_integer(number)} tệp, trong đó {text.format_integer(len(pictures))} ảnh; {shown}"


def _proof(manifest: Manifest, key: str) -> Iterator[CoverLine]:
    yield CoverLine("heading", "Kiểm tra gói có thật và nguyên vẹn")
    yield CoverLine("line", "Dấu khoá ký của nơi gửi", signing.fingerprint(key), "fingerprint")
    yield CoverLine(
        "note",
        "Lần đầu nhận gói của nơi gửi này: gọi điện, đọc cho nhau nghe cả 30 chữ số trên; chỉ nhận khi trùng nhau. "
        "Từ lần sau chương trình tự đối chiếu khi nhận gói; kiểm tra riêng bằng lệnh: kcdesk inspect, rồi tên tệp này.",
    )
    yield CoverLine(
        "note", f"Mã gói {manifest.package}, gói thứ {manifest.serial} gửi nơi nhận này; lập bằng {manifest.program}."
    )


def _for_programs(manifest: Manifest) -> Iterator[CoverLine]:
    """Hidden rows, by which a program knows the package when another program has dropped everything else."""
    yield CoverLine("hidden", "Loại", type_name(manifest.type), "type")
    yield CoverLine("hidden", "Kỳ", manifest.period, "period")
    yield CoverLine("hidden", "Đơn vị giao", unit_name(manifest.sender.name, manifest.sender.unit), "sender")
    yield CoverLine("hidden", "Đơn vị nhận", unit_name(manifest.receiver.name, manifest.receiver.unit), "receiver")
    yield CoverLine("hidden", CODE_LABEL, manifest.package, "package")


def _reason(content: Content, record: str, reason: ReturnReason) -> str:
    kind = next((entry.kind for entry in content.entries if entry.id == record), "")
    names = {field.name: field.heading for field in content.newest(kind).fields} if kind else {}
    label = names.get(content.forms.renames(kind).newest(reason.path.partition("/")[0]), "") if kind else ""
    return f"{label}: {reason.text}" if label else reason.text
