"""Pictures and PDF files that are bombs."""

from __future__ import annotations

import io
import random
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


# -- frames, metadata, codes --------------------------------------------------------------------------------------


def _saved(path: Path, suffix: str, image: Image.Image, **how: object) -> Path:
    image.save(path.with_suffix(suffix), **how)
    return path.with_suffix(suffix)


def _many_frames(path: Path) -> Path:
    """A GIF of a hundred thousand frames of one pixel."""
    frame = b"!\xf9\x04\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    head = b"GIF89a" + struct.pack("<HH", 1, 1) + b"\x80\0\0" + bytes(6)
    return _kept(path.with_suffix(".gif"), head + frame * 100_000 + b";")


def _moving_png(path: Path) -> Path:
    """A PNG that claims two thousand million frames, and has a chunk for each of a hundred thousand."""
    chunks = [_chunk(b"acTL", struct.pack(">II", 2_000_000_000, 0))]
    chunks += [_chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, 1, 1, 0, 0, 1, 1, 0, 0)) for number in range(100_000)]
    return png(1, 1, *chunks, data=bytes(4))(path)


def _exif(tags: bytes) -> Make:
    """A JPEG with these metadata: a directory of TIFF."""

    def make(path: Path) -> Path:
        buffer = io.BytesIO()
        Image.new("RGB", (64, 48), "white").save(buffer, "JPEG")
        part = b"Exif\0\0" + tags[:65_000]
        content = buffer.getvalue()
        made = content[:2] + b"\xff\xe1" + struct.pack(">H", len(part) + 2) + part + content[2:]
        return _kept(path.with_suffix(".jpg"), made)

    return make


def _directory(entries: list[tuple[int, int, int, int]], following: int = 0) -> bytes:
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + body + struct.pack("<I", following)


_CIRCLE = b"II*\0\x08\0\0\0" + _directory([(0x8769, 4, 1, 8), (0x8825, 4, 1, 8), (0x0112, 3, 1, 6)], 8)
_CLAIMS = b"II*\0\x08\0\0\0" + _directory([(tag, 2, 0x7FFFFFFF, 8) for tag in range(0x9000, 0x9F00)])
_WIDE = b"II*\0\x08\0\0\0" + _directory([(tag, 2, 64_000, 8) for tag in range(5_000)])


def _segments(path: Path) -> Path:
    """A JPEG of a million comments."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(buffer, "JPEG")
    content = buffer.getvalue()
    return _kept(path.with_suffix(".jpg"), content[:2] + b"\xff\xfe\0\2" * 1_000_000 + content[2:])


def _profiles(path: Path) -> Path:
    """A JPEG whose colour profile comes in 255 pieces of 64 kB, all the last one."""
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), "white").save(buffer, "JPEG")
    content = buffer.getvalue()
    piece = b"ICC_PROFILE\0" + bytes([255, 255]) + b"a" * 65_000
    part = b"\xff\xe2" + struct.pack(">H", len(piece) + 2) + piece
    return _kept(path.with_suffix(".jpg"), content[:2] + part * 255 + content[2:])


def _noise(path: Path) -> Path:
    """A picture of noise, in which a reader of codes looks everywhere."""
    chance = random.Random(1)
    return _saved(path, ".png", Image.frombytes("L", (3_000, 2_400), chance.randbytes(7_200_000)))


def _finders(path: Path) -> Path:
    """A picture full of the marks that stand in the corners of a code."""
    mark = Image.new("L", (9, 9), 255)
    mark.paste(0, (1, 1, 8, 8))
    mark.paste(255, (2, 2, 7, 7))
    mark.paste(0, (3, 3, 6, 6))
    sheet = Image.new("L", (2_997, 2_403), 255)
    for left in range(0, sheet.width, 9):
        for top in range(0, sheet.height, 9):
            sheet.paste(mark, (left, top))
    return _saved(path, ".png", sheet)


def _stripes(path: Path) -> Path:
    """A picture full of lines, each of which may begin a bar code."""
    sheet = Image.new("L", (3_000, 2_400), 255)
    for left in range(0, 3_000, 3):
        sheet.paste(0, (left, 0, left + 1 + left % 2, 2_400))
    return _saved(path, ".png", sheet)


def _codes(path: Path) -> Path:
    """A picture with a hundred small codes of different texts."""
    sheet = Image.new("L", (2_400, 2_400), 255)
    for number in range(400):
        sheet.paste(qr_picture(f"{number}", 4), (number % 20 * 120, number // 20 * 120))
    return _saved(path, ".png", sheet)


def qr_picture(text: str, module: int = 4) -> Image.Image:
    """A QR code as a picture."""
    from reportlab.graphics.barcode.qrencoder import QRCode, QRErrorCorrectLevel

    code = QRCode(None, QRErrorCorrectLevel.L)
    code.addData(text)
    code.make()
    count = code.getModuleCount()
    picture = Image.new("L", (count + 8, count + 8), 255)
    for row in range(count):
        for column in range(count):
            if code.isDark(row, column):
                picture.putpixel((column + 4, row + 4), 0)
    return picture.resize((picture.width * module, picture.height * module))


def _full_code(text: str) -> Make:
    return lambda path: _saved(path, ".png", qr_picture(text))


METADATA: dict[str, Make] = {
    "gif: a hundred thousand frames": _many_frames,
    "png: two thousand million frames": _moving_png,
    "jpeg: metadata in a circle": lambda path: _exif(_CIRCLE)(path),
    "jpeg: metadata of gigabytes": lambda path: _exif(_CLAIMS)(path),
    "jpeg: five thousand metadata of 64 kB": lambda path: _exif(_WIDE)(path),
    "jpeg: a million comments": _segments,
    "jpeg: pieces of a profile": _profiles,
}
CODES: dict[str, Make] = {
    "code: noise": _noise,
    "code: marks of codes everywhere": _finders,
    "code: stripes": _stripes,
    "code: four hundred codes": _codes,
    "code: as long as a code can be": lambda path: _full_code("9" * 2_800)(path),
    "code: a card of marks": lambda path: _full_code("001188012349||" + "a" + "\u0301" * 900 + "|01011988|Nam|x|")(
        path
    ),
    "code: parts without end": lambda path: _full_code("001188012349" + "|" * 2_500)(path),
    "code: a serial number of spaces": lambda path: _full_code("SN" + " " * 2_000 + "SN:" + " " * 500)(path),
}
