"""The limits of every reader of files from outside, in one table, and the sentence that says which one is exceeded.

A limit is what genuine files need at most, with a margin: 300 photos, a scan of 200 pages, a package of 20,000 records.
"""

from __future__ import annotations

from pathlib import Path

from kcdesk.bounded.markup import TREE_NODES
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value

MB = 1 << 20


class Limits(Value, kw_only=True):
    """What one reader takes at most; 0 where something cannot occur or is not limited.

    `label` and `advice` are parts of the sentence of a refusal, `counted` is what `count` counts. `seconds` are those
    of the processor for one step (a page, a photo), `seconds_each` more for each megabyte of the file; `megabytes` is
    the memory of the worker process, `parts` and `unpacked` are of a zip, `nodes` of the trees of XML.
    """

    label: str
    code: str
    advice: str
    bytes: int
    count: int = 0
    counted: str = ""
    depth: int = 0
    nodes: int = 0
    parts: int = 0
    unpacked: int = 0
    seconds: float = 0
    seconds_each: float = 0
    megabytes: int = 0

    def refusal(self, exceeded: str) -> UserError:
        """The refusal that names the limit which is exceeded, by its field."""
        return UserError(f"{self.label} {self._sentence(exceeded)}.", code=self.code, hint=self.advice)

    def refuse_size(self, path: Path) -> None:
        """Refuse a file that is too large, before a byte of it is read; UserError, OSError."""
        if path.stat().st_size > self.bytes:
            raise self.refusal("bytes")

    def _sentence(self, exceeded: str) -> str:
        return {
            "bytes": f"lớn hơn mức nhận là {self.bytes // MB or 1} MB",
            "unpacked": f"khi giải nén lớn hơn mức nhận là {self.unpacked // MB} MB",
            "parts": f"có hơn {self.parts} phần bên trong",
            "count": f"có hơn {self.count} {self.counted}",
            "depth": f"có các phần lồng nhau quá {self.depth} lớp",
            "nodes": "có quá nhiều thành phần bên trong",
            "seconds": "đọc quá lâu so với tệp bình thường nên đã dừng",
            "megabytes": f"cần hơn {self.megabytes} MB bộ nhớ để đọc nên đã dừng",
        }[exceeded]


_RESAVE = "Hãy mở bằng chương trình đã lập rồi lưu lại, hoặc xin nơi gửi tệp khác."

PACKAGE = Limits(
    label="Gói này",
    code="too_large",
    advice="Hãy xin nơi gửi lập lại gói, chia nhỏ nếu có nhiều ảnh.",
    bytes=1 << 30,
    count=100_000,
    counted="hồ sơ",
    nodes=16_000_000,
    parts=20_000,
    unpacked=1536 * MB,
)
UPDATE = Limits(
    label="Tệp cập nhật này",
    code="too_large",
    advice="Hãy xin lại tệp cập nhật từ nơi phát hành.",
    bytes=512 * MB,
)
LOCK = Limits(  # the password of a workbook: Excel and LibreOffice count to 100,000
    label="Khoá mật khẩu của tệp này",
    code="too_large",
    advice="Hãy xin nơi gửi đặt lại mật khẩu bằng Excel hoặc chương trình này.",
    bytes=1 << 30,
    count=400_000,
    counted="vòng băm",
)
CHECKED_WORKBOOK = Limits(  # the copy of an edited workbook in which changed cells are coloured
    label="Bảng tính này",
    code="too_large",
    advice=_RESAVE,
    bytes=24 * MB,
    count=400_000,
    counted="ô",
    seconds=3,
    seconds_each=20,
    megabytes=400,
)
SHEETS_MADE_AGAIN = Limits(  # the records of a package that was verified, laid out to be compared with its sheets
    label="Gói này",
    code="too_large",
    advice="Hãy xin nơi gửi chia gói thành nhiều phần.",
    bytes=64 * MB,
    seconds=20,
    seconds_each=3,
    megabytes=512,
)
FOREIGN_SHEET = Limits(  # a spreadsheet that somebody else has made
    label="Bảng tính này",
    code="bad_sheet",
    advice="Hãy xoá các dòng, cột và hình không cần, hoặc chia thành nhiều tệp, rồi nạp lại.",
    bytes=40 * MB,
    count=1_500_000,
    counted="ô có nội dung",
    seconds=6,
    seconds_each=8,
    megabytes=400,
)
PHOTO = Limits(
    label="Ảnh này",
    code="photo_too_large",
    advice="Hãy thu nhỏ ảnh hoặc lưu thành JPEG thường.",
    bytes=100 * MB,  # a JPEG of 200 megapixels has about 60
    count=30,
    counted="triệu điểm ảnh",
    parts=5_000,  # segments of a JPEG
    seconds=1,
    seconds_each=0.2,
    megabytes=208,
)
SCAN = Limits(
    label="Bản quét này",
    code="scan_unreadable",
    advice="Hãy quét lại ở 200–300 dpi, đen trắng hoặc xám, chia thành tệp nhỏ hơn.",
    bytes=200 * MB,
    count=400,
    counted="trang",
    seconds=1,
    seconds_each=0.05,
    megabytes=208,
)
TICKED_SHEET = Limits(  # a page is straightened and its boxes are looked at
    label="Ảnh chụp phiếu này",
    code="scan_unreadable",
    advice="Hãy chụp lại từng trang bằng JPEG, hoặc quét ở 200–300 dpi.",
    bytes=100 * MB,
    count=60,
    counted="trang",
    seconds=8,
    seconds_each=0.05,
    megabytes=320,
)
CARD_PHOTO = Limits(
    label="Ảnh chụp thẻ này",
    code="scan_unreadable",
    advice="Hãy chụp lại mặt trước thẻ bằng JPEG thường.",
    bytes=100 * MB,
    count=4,
    counted="trang",
    seconds=1.5,
    seconds_each=0.05,
    megabytes=208,
)
LAW_TEXT = Limits(
    label="Văn bản này",
    code="law_text_size",
    advice="Hãy quét với độ phân giải thấp hơn, hoặc chỉ lấy các trang của văn bản.",
    bytes=60 * MB,
    count=2_000,
    counted="trang",
    nodes=TREE_NODES,  # of a part
    parts=5_000,
    unpacked=200 * MB,
    seconds=1,
    seconds_each=0.2,
    megabytes=208,
)
INVOICE = Limits(  # XML, or a ZIP with it and its PDF; an XML has 10 to 200 kB
    label="Tệp hóa đơn này",
    code="invoice_too_large",
    advice="Hóa đơn điện tử thật chỉ vài trăm KB; hãy chọn đúng tệp XML của hóa đơn.",
    bytes=10 * MB,
    count=200,
    counted="hóa đơn",
    nodes=TREE_NODES,  # of all XML in a ZIP
    parts=500,
    unpacked=8 * MB,
    seconds=6,
    seconds_each=0.5,
    megabytes=320,
)
INVOICE_XML = Limits(
    label="Tệp hóa đơn này",
    code="invoice_too_large",
    advice=INVOICE.advice,
    bytes=4 * MB,
    count=5_000,
    counted="dòng hàng hóa",
    depth=40,
    nodes=150_000,
)
INVOICE_PDF = Limits(
    label="Tệp hóa đơn này",
    code="invoice_too_large",
    advice="Hóa đơn thật chỉ vài trang; hãy chọn đúng tệp PDF của hóa đơn.",
    bytes=10 * MB,
    count=20,
    counted="trang",
    seconds=1.5,  # of all pages
    seconds_each=0.05,
    megabytes=208,
)
TABLE = Limits(  # text with columns, from a file or pasted
    label="Bảng này",
    code="bad_file",
    advice="Hãy chia bảng thành nhiều phần rồi nhận từng phần.",
    bytes=20 * MB,
    count=200_000,
    counted="ô",
)
TEXT = Limits(  # JSON given on the command line
    label="Tệp này",
    code="bad_file",
    advice="Hãy chọn đúng tệp; tệp do chương trình ghi ra nhỏ hơn nhiều.",
    bytes=8 * MB,
    depth=30,
)
TOML = Limits(  # views, maps of columns, a file of rules; the longest that is shipped has 100 kB
    label="Tệp này",
    code="bad_file",
    advice=TEXT.advice,
    bytes=1 * MB,
    depth=TEXT.depth,
    nodes=250_000,  # signs that make names, tables and lists
)
RULES = Limits(  # a signed file of rules, which anybody can make; all that are shipped have 1.4 MB and 75,000 signs
    label="Tệp quy định này",
    code="not_rules",
    advice="Hãy xin cấp tỉnh xuất lại tệp quy định và gửi đúng tệp ấy.",
    bytes=20 * MB,
    count=600,
    counted="tệp bên trong",
    nodes=300_000,
    unpacked=4 * MB,
)
ATTACHMENT = Limits(
    label="Tệp đính kèm này",
    code="attachment_too_large",
    advice="Hãy nén ảnh, quét lại ở độ phân giải thấp hơn, hoặc chia tệp.",
    bytes=200 * MB,
    seconds=1,
    seconds_each=0.2,
    megabytes=208,
)
WORD_FORM = Limits(
    label="Mẫu Word này",
    code="word_form",
    advice="Hãy làm mẫu đơn giản hơn rồi lưu lại từ Word.",
    bytes=1 * MB,
    count=3_000,
    counted="chỗ điền",
    depth=120,
    nodes=60_000,
    parts=300,
    unpacked=24 * MB,
    seconds=1,
    megabytes=208,
)
