"""What runs or reaches out when a document is opened: scripts, macros, embedded files, links to other machines.

Nothing is run or loaded. Everything that is unpacked is limited; what cannot be looked at within the limits counts as
dangerous, and so does what is encrypted.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from xml.parsers import expat

_TOO_MUCH = "lớn hoặc phức tạp quá nên không xét được bên trong"
_MOST_INFLATED = 64 << 20  # bytes of all streams of one file
_MOST_PARTS = 5_000
_MOST_OF_PART = 16 << 20
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, OSError, ValueError, RuntimeError),
    *(NotImplementedError, EOFError, IndexError, LookupError),
)

# -- PDF ------------------------------------------------------------------------------------------------------------

_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_MOST_LINKS = 100_000
_DICTIONARY = 2_000  # bytes before a stream in which its dictionary stands
_ACTIVE_NAMES = {
    rb"JavaScript": "có lệnh JavaScript",
    rb"Launch": "có lệnh mở chương trình khác",
    rb"EmbeddedFiles?": "có tệp nhúng bên trong",
    rb"Filespec": "có tệp nhúng hoặc trỏ sang tệp khác",
    rb"RichMedia": "có nội dung chạy được",
    rb"(?:SubmitForm|ImportData)": "có lệnh gửi hoặc lấy dữ liệu",
    rb"GoTo[RE]": "có lệnh mở tệp khác",
    rb"(?:Rendition|Movie|Sound)": "có phim hoặc âm thanh nhúng",
    rb"XFA": "có biểu mẫu chạy lệnh (XFA)",
    rb"Encrypt": "được mã hoá nên không xét được bên trong",
}
_LINK = re.compile(  # after the name: the begin of a string, digits, the next name or the end, or what nobody can judge
    rb"/(?:URI|Base)(?![A-Za-z0-9_])\s*"
    rb"(?:\(((?:[^()\\]|\\.){0,200})|<([0-9A-Fa-f\s]{0,9000})>|(?=/|<<|>>)|(.))",
    re.DOTALL,
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\n|\r)|(.))", re.DOTALL)
_WEB_LINK = re.compile(r"(?:https?|mailto|tel):|(?![a-z][a-z0-9+.-]*:|//|\\\\)", re.IGNORECASE)
_LINKS_OUT = "có liên kết mở tệp hoặc máy khác"
_ACTIVE = [(re.compile(rb"/" + name + rb"(?![A-Za-z0-9_])"), fault) for name, fault in _ACTIVE_NAMES.items()]


def pdf_faults(content: bytes) -> Iterator[str]:
    """What is active in a PDF: in its objects and in those that are packed into streams."""
    faults = dict.fromkeys(_active_names(content))
    try:
        for unpacked in _object_streams(content):
            faults |= dict.fromkeys(_active_names(unpacked))
    except ValueError:
        faults[_TOO_MUCH] = None
    yield from faults


def _active_names(content: bytes) -> Iterator[str]:
    plain = _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), content) if b"#" in content else content
    for pattern, fault in _ACTIVE:
        if pattern.search(plain):
            yield fault
    links = _LINK.finditer(plain)
    if not all(map(_is_web_link, islice(links, _MOST_LINKS))) or next(links, None) is not None:
        yield _LINKS_OUT


def _is_web_link(link: re.Match[bytes]) -> bool:
    """Whether a link leads to a page, an address of mail or a telephone; what cannot be judged does not."""
    literal, digits, other = link.groups()
    written = _ESCAPE.sub(_unescaped, literal) if literal else _from_digits(digits) if digits else b""
    target = written[2:].decode("utf-16-be", "replace") if written[:2] == b"\xfe\xff" else written.decode("latin-1")
    return other is None and _WEB_LINK.match("".join(filter(str.isprintable, target)).strip()) is not None


def _unescaped(escape: re.Match[bytes]) -> bytes:
    """What an escape in a string of a PDF stands for: a letter by its number, a line's end, a letter."""
    number, line_end, letter = escape.groups()
    return bytes([int(number, 8) & 0xFF]) if number else b"" if line_end else letter


def _from_digits(digits: bytes) -> bytes:
    plain = b"".join(digits.split())
    return bytes.fromhex((plain + b"0" * (len(plain) % 2)).decode("ascii"))


def _object_streams(content: bytes) -> Iterator[bytes]:
    """The unpacked streams that hold objects; ValueError for one that cannot be unpacked, or for too much."""
    left = _MOST_INFLATED
    for match in _STREAM.finditer(content):
        head = _ESCAPED.sub(
            lambda code: bytes([int(code[1], 16)]), content[max(0, match.start() - _DICTIONARY) : match.start()]
        )
        head = head.rpartition(b" obj")[2]
        if b"ObjStm" not in head:
            continue
        filters = re.findall(rb"/(?:\w*Decode|Fl|LZW|AHx|A85)\b", head)
        if b"DecodeParms" in head or filters not in ([], [b"/FlateDecode"], [b"/Fl"]):
            raise ValueError
        unpacked = _inflated(content[match.end() :], left) if filters else content[match.end() : match.end() + left]
        left -= len(unpacked)
        yield unpacked


def _inflated(packed: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        unpacked = unpacker.decompress(packed[:_MOST_INFLATED], most)
    except zlib.error:
        raise ValueError from None
    if unpacker.unconsumed_tail and len(unpacked) >= most:
        raise ValueError
    return unpacked


# -- Office ---------------------------------------------------------------------------------------------------------

_MACRO_PARTS = re.compile(r"vbaproject|vbadata|macrosheets?/|dialogsheets?/|^basic/|^scripts/|customui|activex", re.I)
_EMBEDDED = re.compile(r"embeddings/|oleobject|^object |objectreplacements/|^obj\d|\.bin$", re.I)
_PRINTER = re.compile(r"printersettings/printersettings\d*\.bin$", re.I)
_QUERIES = re.compile(r"(?:^|/)connections\.xml$|querytables?/", re.I)
_MACRO_TYPES = re.compile(r"macroenabled|vbaproject|activex|macrosheet", re.I)
_FIELDS = re.compile(r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|MACROBUTTON|QUOTE|DATABASE)\b", re.I)
_LINKED = {"image", "object", "object-ole", "section-source", "floating-frame", "plugin", "applet", "table-source"}
_RUNNING = {
    **dict.fromkeys(("ddeLink", "oleLink", "dde-source", "dde-connection-decl"), "có liên kết tự chạy (DDE)"),
    **dict.fromkeys(("event-listener", "applet"), "có macro"),
    **dict.fromkeys(("plugin", "object-ole", "oleObj", "OLEObject"), "có đối tượng nhúng"),
    **dict.fromkeys(("database-source-sql", "database-source-query", "database-source-table"), "tự lấy dữ liệu"),
}
_MACRO, _REACHES, _FIELD = "có macro", "tự lấy nội dung từ nơi khác", "có trường tự chạy (DDE, LINK, …)"


def office_faults(content: bytes) -> Iterator[str]:
    """What is active in a file of Office or OpenDocument, whatever its ending says."""
    faults: dict[str, None] = {}
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            faults.update(dict.fromkeys(_archive_faults(archive)))
    except _UNREADABLE:
        faults[_TOO_MUCH] = None
    yield from faults


def _archive_faults(archive: zipfile.ZipFile) -> Iterator[str]:
    infos = archive.infolist()
    names = [info.filename for info in infos]
    if len(infos) > _MOST_PARTS or len({name.casefold() for name in names}) < len(names):
        raise ValueError
    for name in names:
        if _MACRO_PARTS.search(name):
            yield _MACRO
        elif _EMBEDDED.search(name) and not _PRINTER.search(name):
            yield "có đối tượng nhúng"
        elif _QUERIES.search(name):
            yield _REACHES
    left = _MOST_INFLATED
    for info in infos:
        if info.filename.endswith((".xml", ".rels", ".vml")):
            part = _read(archive, info, min(left, _MOST_OF_PART))
            left -= len(part)
            yield from _PartReader(part).faults


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(info) as part:
        content = part.read(most + 1)
    if len(content) > most:
        raise ValueError
    return content


class _PartReader:
    """Reads one part of XML from beginning to end, without a tree; ValueError for what no document needs."""

    def __init__(self, content: bytes) -> None:
        self.faults: list[str] = []
        self._instruction: list[str] = []
        self._in_instruction = False
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._refuse
        parser.Parse(content, True)
        if _FIELDS.search("".join(self._instruction)):
            self.faults.append(_FIELD)

    def _refuse(self, *_declared: object) -> None:
        raise ValueError

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        given = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self._in_instruction = name in ("instrText", "delInstrText")
        self._instruction.append(f" {given['instr']} " if "instr" in given else " " if name == "fldChar" else "")
        if name in _RUNNING:
            self.faults.append(_RUNNING[name])
        if _MACRO_TYPES.search(given.get("ContentType", "")) or given.get("macro") or given.get("xlm") in ("1", "true"):
            self.faults.append(_MACRO)
        if given.get("action", "").casefold().startswith(("ppaction://program", "ppaction://macro", "ppaction://ole")):
            self.faults.append("có nút chạy chương trình")
        if self._reaches(name, given):
            self.faults.append(_REACHES)
        if "script:" in given.get("href", "").casefold():
            self.faults.append(_MACRO)

    def _reaches(self, name: str, given: dict[str, str]) -> bool:
        if name == "Relationship":
            is_outside = given.get("TargetMode", "").strip().casefold() == "external"
            return is_outside and not given.get("Type", "").endswith("/hyperlink")
        return name in _LINKED and ("//" in given.get("href", "") or "\\\\" in given.get("href", ""))

    def _end(self, _tag: str) -> None:
        self._in_instruction = False

    def _text(self, text: str) -> None:
        if self._in_instruction:
            self._instruction.append(text)


# -- text -----------------------------------------------------------------------------------------------------------

_CELL = re.compile(r"(?:^|[,;\t])[ \"]*(?:[=@＝＠]|[+\-＋－](?![\d., ]*[\"%]?(?:[,;\t\r\n]|\Z)))", re.MULTILINE)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def text_faults(content: bytes) -> Iterator[str]:
    """What does not belong in a plain text."""
    if b"\x00" in content and not content.startswith(_WIDE):
        yield "nội dung không phải là văn bản"


def cell_faults(content: bytes) -> Iterator[str]:
    """Besides, cells that a spreadsheet takes for formulas."""
    yield from text_faults(content)
    if _CELL.search(content.decode("utf-16" if content.startswith(_WIDE) else "utf-8-sig", errors="replace")):
        yield "có ô mà Excel chạy như công thức"
