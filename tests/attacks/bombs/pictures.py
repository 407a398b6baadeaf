"""Pictures and PDF files that are bombs."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

from PIL import Image

Make = Callable[[Path], Path]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, *before: bytes, data: bytes = b"\0") -> Make:
    """A PNG that claims a size, with chunks before its data."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = b"".join([b"\x89PNG\r\n\x1a\n", head, *before, _chunk(b"IDAT", zlib.compress(data)), _chunk(b"IEND", b"")])
    return lambda path: _kept(path.with_suffix(".png"), body)


def _kept(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def tiff(pages: int, name: str = ".tif") -> Make:
    """A TIFF of many small pages."""

    def make(path: Path) -> Path:
        strip = b"\xff"
        body, place = bytearray(b"II*\0" + struct.pack("<I", 8)), 8
        for number in range(pages):
            tags = [(256, 8), (257, 1), (258, 1), (259, 1), (262, 1), (273, 0), (277, 1), (278, 1), (279, 1)]
            size = 2 + 12 * len(tags) + 4
            tags[5] = (273, place + size)
            following = place + size + len(strip) if number < pages - 1 else 0
            body += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", t, 4, 1, v) for t, v in tags)
            body += struct.pack("<I", following) + strip
            place = following
        return _kept(path.with_suffix(name), bytes(body))

    return make


def circular_tiff(path: Path) -> Path:
    """A TIFF whose last page is followed by its first one."""
    made = tiff(50)(path)
    content = bytearray(made.read_bytes())
    size = 2 + 12 * 9 + 4 + 1
    struct.pack_into("<I", content, 8 + 50 * size - 5, 8)
    made.write_bytes(bytes(content))
    return made


def huge_tiff(path: Path) -> Path:
    """A TIFF of 60,000 × 60,000 pixels."""
    made = tiff(1)(path)
    content = bytearray(made.read_bytes())
    struct.pack_into("<I", content, 18, 60_000)
    struct.pack_into("<I", content, 30, 60_000)
    made.write_bytes(bytes(content))
    return made


def slow_jpeg(path: Path) -> Path:
    """A progressive JPEG of 200 kB whose scans go through 21 megapixels again and again."""
    buffer = io.BytesIO()
    Image.new("L", (4_600, 4_600), 90).save(buffer, "JPEG", progressive=True)
    content = buffer.getvalue()
    begin = content.index(b"\xff\xda", content.index(b"\xff\xda") + 2)  # the second scan: some bytes for all blocks
    end = begin + 2
    while content[end] != 0xFF or content[end + 1] == 0:
        end += 1
    return _kept(path.with_suffix(".jpg"), content[:begin] + content[begin:end] * 6_000 + content[end:])


def large_jpeg(path: Path) -> Path:
    """A progressive JPEG of 65,000 × 65,000 pixels in its head."""
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16)).save(buffer, "JPEG", progressive=True)
    content = bytearray(buffer.getvalue())
    place = content.index(b"\xff\xc2") + 5
    content[place : place + 4] = struct.pack(">HH", 65_000, 65_000)
    return _kept(path.with_suffix(".jpg"), bytes(content))


def gif(path: Path) -> Path:
    """A GIF of 30,000 × 30,000 pixels with many pictures."""
    buffer = io.BytesIO()
    frame = Image.new("P", (10, 10))
    frame.save(buffer, "GIF", save_all=True, append_images=[Image.new("P", (10, 10), n % 2) for n in range(300)])
    content = bytearray(buffer.getvalue())
    content[6:10] = struct.pack("<HH", 30_000, 30_000)
    return _kept(path.with_suffix(".gif"), bytes(content))


def bmp(path: Path) -> Path:
    """A BMP that claims 50,000 × 50,000 pixels."""
    head = (
        b"BM"
        + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 50_000, 50_000, 1, 24, 0, 0, 0, 0, 0, 0)
    )
    return _kept(path.with_suffix(".bmp"), head)


def webp(path: Path) -> Path:
    """A WebP of 16,000 × 16,000 pixels of one colour."""
    Image.new("RGB", (16_000, 16_000)).save(path.with_suffix(".webp"), lossless=True, method=0)
    return path.with_suffix(".webp")


def one_colour(path: Path) -> Path:
    """A real PNG of 250 megapixels in 250 kB."""
    return png(16_000, 16_000, data=bytes(16_000 * (16_000 * 3 + 1)))(path)


def _text_chunks(path: Path) -> Path:
    text = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(60 << 20), 9))
    return png(16_000, 16_000, *[text] * 40)(path)


def _profile(path: Path) -> Path:
    return png(16_000, 16_000, _chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(200 << 20), 9)))(path)


PHOTOS: dict[str, Make] = {
    "png: 60,000 × 60,000": lambda path: png(60_000, 60_000)(path),
    "png: 250 megapixels of one colour": one_colour,
    "png: texts of 60 MB": _text_chunks,
    "png: a colour profile of 200 MB": _profile,
    "tiff: 60,000 × 60,000": huge_tiff,
    "jpeg: scans again and again": slow_jpeg,
    "jpeg: 65,000 × 65,000 progressive": large_jpeg,
    "gif: 30,000 × 30,000, many pictures": gif,
    "bmp: 50,000 × 50,000": bmp,
    "webp: 16,000 × 16,000": webp,
}
SCANS: dict[str, Make] = {
    "tiff: 1,500 pages": lambda path: tiff(1_500)(path),
    "tiff: 100,000 pages": lambda path: tiff(100_000)(path),
}


# -- PDF ----------------------------------------------------------------------------------------------------------


def pdf(objects: list[bytes]) -> bytes:
    """A PDF of these objects; the first is the catalogue."""
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(body)


def _stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d %s>>\nstream\n%s\nendstream" % (len(content), more, content)


def _page(box: bytes = b"0 0 595 842", more: bytes = b"") -> bytes:
    return b"<</Type /Page /Parent 2 0 R /MediaBox [%s] %s>>" % (box, more)


def _of_pages(count: int) -> Make:
    def make(path: Path) -> Path:
        kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
        objects = [b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [%s] /Count %d>>" % (kids, count)]
        return _kept(path.with_suffix(".pdf"), pdf([*objects, *[_page()] * count]))

    return make


def _one_page(page: bytes, *more: bytes) -> Make:
    objects = [b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>", page, *more]
    return lambda path: _kept(path.with_suffix(".pdf"), pdf(objects))


def _nested_forms(path: Path) -> Path:
    """Forms that each draw the next one ten times."""
    forms = []
    for number in range(5, 14):
        draws = b"/F Do " * 10 if number < 13 else b"0 0 500 500 re f " * 200
        more = b"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources <</XObject <</F %d 0 R>>>>" % (number + 1)
        forms.append(_stream(draws, more))
    page = _page(more=b"/Contents 4 0 R /Resources <</XObject <</F 5 0 R>>>>")
    return _one_page(page, _stream(b"/F Do " * 10), *forms)(path)


def _deflated(content: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 9)
    return _stream(content, b"/Filter [%s]" % (b"/FlateDecode " * times))


PAPERS: dict[str, Make] = {
    "pdf: 10,000 pages": lambda path: _of_pages(10_000)(path),
    "pdf: forms in forms": _nested_forms,
    "pdf: a stream that inflates twice": lambda path: _one_page(
        _page(more=b"/Contents 4 0 R"), _deflated(b"0 0 m 9 9 l S " * 20_000_000, 2)
    )(path),
    "pdf: a hundred thousand lists deep": lambda path: _kept(
        path.with_suffix(".pdf"), pdf([b"<</Type /Catalog /Pages 2 0 R>>", b"[" * 100_000 + b"]" * 100_000])
    ),
    "pdf: pages that are their own parents": lambda path: _kept(
        path.with_suffix(".pdf"),
        pdf([b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [2 0 R 2 0 R 2 0 R] /Count 3>>"]),
    ),
}

# What the library sees through: it is read within the limits, as a page without a code.
HARMLESS: dict[str, Make] = {
    "tiff: pages in a circle": circular_tiff,
    "pdf: a count of pages that lies": lambda path: _kept(
        path.with_suffix(".pdf"),
        pdf([b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 2000000000>>", _page()]),
    ),
    "pdf: a picture of 60,000 × 60,000": lambda path: _one_page(
        _page(more=b"/Contents 4 0 R /Resources <</XObject <</F 5 0 R>>>>"),
        _stream(b"600 0 0 800 0 0 cm /F Do"),
        _stream(
            zlib.compress(bytes(60_000 * 600)),
            b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /BitsPerComponent 8"
            b" /ColorSpace /DeviceRGB /Filter /FlateDecode",
        ),
    )(path),
}
