"""Opening an office's own Word file: everything that could run, load or call something is refused or removed.

The file is taken apart in memory. Only parts that a paper needs are kept; no entity is resolved, nothing is loaded from
the network. Source of the parts: ECMA-376 part 1.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from kcdesk.bounded import limits
from kcdesk.bounded.markup import UnsafeMarkupError, refuse_unsafe_markup
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value
from kcdesk.text import upper_first

LARGEST = limits.WORD_FORM.bytes  # the file is kept with every paper that was locked with it
_LARGEST_UNPACKED = limits.WORD_FORM.unpacked
_MOST_PARTS = limits.WORD_FORM.parts
_DEEPEST = limits.WORD_FORM.depth  # elements inside each other; Word itself nests tables at most 50 deep
_MOST_ELEMENTS = limits.WORD_FORM.nodes
_MAIN = "word/document.xml"
_TYPES = "[Content_Types].xml"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"

# Parts that are kept; everything else of a Word file is dropped (properties, comments, data of its own).
_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/[a-z0-9]+\.xml\.rels"
    r"|word/(?:document|styles|settings|numbering|fontTable|footnotes|endnotes|header\d*|footer\d*)\.xml"
    r"|word/theme/theme\d*\.xml|word/media/[\w.-]+\.(?:png|jpe?g|gif|bmp|emf|wmf)",
    re.IGNORECASE,
)
WRITTEN = re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes)\.xml")  # parts that hold text
# Parts whose presence says that the file can run something.
_RUNNING = (
    re.compile(r"vbaProject|vbaData", re.IGNORECASE),
    re.compile(r"^word/(?:embeddings|activeX|controls)/", re.IGNORECASE),
)
_REFUSED_ELEMENTS = {
    "object": "đối tượng nhúng (OLE)",
    "OLEObject": "đối tượng nhúng (OLE)",
    "control": "điều khiển ActiveX",
    "altChunk": "nội dung chèn từ tệp khác",
    "subDoc": "tài liệu con ở tệp khác",
    "movie": "phim nhúng",
    "frameset": "trang web nhúng",
    "contentPart": "nội dung chèn từ tệp khác",
}
# The fields that only number, refer within the text, or are a place to type; all others reach for something else.
_PLAIN_FIELDS = frozenset(
    (
        *("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "TOC", "TC", "REF", "PAGEREF", "NOTEREF", "STYLEREF", "SEQ"),
        *("SYMBOL", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "HYPERLINK", "EQ", "LISTNUM"),
    )
)
_PART_LABELS = {
    "header": "Đầu trang",
    "footer": "Chân trang",
    "footnotes": "Chú thích cuối trang",
    "endnotes": "Chú thích cuối bài",
}
_BREAKAGES = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class FormFault(Value):
    """A fault of a Word file: where it stands, what is wrong, what to do."""

    place: str
    message: str
    hint: str = ""

    def sentence(self) -> str:
        """«Bảng 1, dòng 2: không có chỗ điền …»."""
        where = f"{self.place}: {self.message}" if self.place else upper_first(self.message)
        return f"{where}. {self.hint}".strip()


class FormFaultsError(UserError):
    """The Word file cannot be used; `faults` lists everything that is wrong."""

    def __init__(self, faults: list[FormFault]) -> None:
        lines = "\n".join(fault.sentence() for fault in faults)
        super().__init__(
            f"Mẫu Word có {len(faults)} chỗ phải sửa:\n{lines}",
            code="word_form",
            hint="Hãy sửa các chỗ trên trong Word rồi nhận lại.",
        )
        self.faults = tuple(faults)


@dataclass(slots=True)
class WordParts:
    """The kept parts of a Word file by name, those with text as XML trees; `notes` says what was removed."""

    raw: dict[str, bytes]
    trees: dict[str, etree._Element]
    notes: list[str] = field(default_factory=list)

    def packed(self) -> bytes:
        """The cleaned Word file; equal parts give equal bytes."""
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(self.raw | self.trees, key=lambda name: (name != _TYPES, name)):
                part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                part.compress_type = zipfile.ZIP_DEFLATED
                part.create_system = 0
                archive.writestr(part, _written(self.trees[name]) if name in self.trees else self.raw[name])
        return buffer.getvalue()


def opened(content: bytes) -> WordParts:
    """Take a Word file apart; FormFaultsError if it is none, is too large, or could run or load something."""
    raw, is_macro_free = _unpacked(content)
    faults = [] if is_macro_free else [_refused("", "macro hoặc đối tượng nhúng")]
    parts = WordParts({name: part for name, part in raw.items() if not name.endswith((".xml", ".rels"))}, {})
    for name, part in raw.items():
        if name.endswith((".xml", ".rels")):
            parts.trees[name] = _tree(name, part)
    faults += _relations(parts)
    for name, tree in parts.trees.items():
        if name.startswith("word/") and name.endswith(".xml"):
            faults += _running_elements(name, tree)
            _remove_reaching(tree)
    _drop_missing_types(parts)
    if faults:
        raise FormFaultsError(list(dict.fromkeys(faults)))
    return parts


def _unpacked(content: bytes) -> tuple[dict[str, bytes], bool]:
    """The kept parts, and whether no part can run anything."""
    if len(content) > LARGEST:
        raise _unusable(f"Tệp lớn hơn {LARGEST >> 20} MB", "Hãy thu nhỏ ảnh, biểu trưng trong mẫu rồi lưu lại.")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unusable(
            "Tệp là Word kiểu cũ (.doc) hoặc có mật khẩu", "Hãy mở bằng Word, bỏ mật khẩu, lưu thành .docx."
        )
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(names) > _MOST_PARTS or len(set(names)) != len(names):
                raise _unusable("Tệp có quá nhiều phần bên trong", "Hãy mở bằng Word và lưu lại thành .docx.")
            if sum(entry.file_size for entry in entries) > _LARGEST_UNPACKED:
                raise _unusable("Tệp mở ra quá lớn so với một mẫu giấy", "Hãy mở bằng Word và lưu lại thành .docx.")
            is_macro_free = not any(pattern.search(name) for name in names for pattern in _RUNNING)
            if _MAIN not in names or _TYPES not in names:
                raise zipfile.BadZipFile("no Word file")
            raw = {name: _read(archive, name) for name in names if _KEPT.fullmatch(name)}
    except _BREAKAGES as error:
        raise _unusable(
            "Tệp không phải tệp Word .docx, hoặc đã hỏng", "Hãy chọn tệp khác hoặc lưu lại từ Word."
        ) from error
    if b"macroEnabled" in raw[_TYPES]:
        is_macro_free = False
    return raw, is_macro_free


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """One part; never more than its declared size, which was counted above."""
    with archive.open(name) as part:
        content = part.read(archive.getinfo(name).file_size + 1)
    if len(content) > archive.getinfo(name).file_size:
        raise zipfile.BadZipFile(name)
    return content


def _tree(name: str, content: bytes) -> etree._Element:
    try:
        refuse_unsafe_markup(content, 4 * _MOST_ELEMENTS)
    except UnsafeMarkupError as error:
        what = "quá nhiều thành phần" if str(error) == "nodes" else "khai báo thực thể XML"
        raise _unusable(f"Tệp có {what}, Word không bao giờ ghi như vậy", "Hãy lưu lại từ Word thành .docx.") from error
    try:
        tree: etree._Element = parse_xml(content)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _unusable(f"Phần {name} của tệp bị hỏng", "Hãy mở bằng Word và lưu lại thành .docx.") from error
    _refuse_excess(tree)
    return tree


def _refuse_excess(tree: etree._Element) -> None:
    depth = 0
    for count, (event, _element) in enumerate(etree.iterwalk(tree, events=("start", "end"))):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST or count > 2 * _MOST_ELEMENTS:
            raise _unusable("Bảng lồng nhau quá sâu hoặc tệp quá dài", "Hãy làm mẫu đơn giản hơn.")


def _relations(parts: WordParts) -> list[FormFault]:
    """Drop the relations to other files; a picture or template elsewhere is a fault, a link loses its address."""
    faults = []
    for name in [name for name in parts.trees if name.endswith(".rels")]:
        folder = posixpath.dirname(posixpath.dirname(name))
        for relation in list(parts.trees[name].iter(_RELATIONS)):
            kind = relation.get("Type", "").rpartition("/")[2]
            target = relation.get("Target", "")
            if relation.get("TargetMode") == "External":
                if kind in ("image", "oleObject", "frame", "subDocument", "aFChunk", "video", "audio"):
                    faults.append(_outside(kind, target))
                elif kind == "hyperlink":
                    parts.notes.append("Đã bỏ địa chỉ của các liên kết; lời vẫn giữ.")
                else:
                    parts.notes.append("Đã bỏ chỗ trỏ ra tệp khác (mẫu gốc, thiết lập).")
                relation.getparent().remove(relation)
            elif _resolved(folder, target) not in parts.raw | parts.trees:
                relation.getparent().remove(relation)
    parts.notes = list(dict.fromkeys(parts.notes))
    return faults


def _outside(kind: str, target: str) -> FormFault:
    what = "ảnh nằm ở nơi khác" if kind == "image" else "nội dung nằm ở tệp khác"
    shown = target if len(target) <= 60 else f"{target[:59]}…"
    return FormFault("", f"mẫu dùng {what} («{shown}»)", "Hãy chèn hẳn ảnh hoặc lời vào mẫu.")


def _resolved(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _running_elements(name: str, tree: etree._Element) -> Iterator[FormFault]:
    where = part_label(name)
    for element in tree.iter(etree.Element):
        local = etree.QName(element).localname
        if what := _REFUSED_ELEMENTS.get(local):
            yield _refused(where, what)
    for code in _field_codes(tree):
        word = code.split()[0].upper() if code.split() else ""
        if word and word not in _PLAIN_FIELDS:
            yield _refused(where, f"trường «{word}» của Word")


def _field_codes(tree: etree._Element) -> Iterator[str]:
    """The codes of all fields: simple ones, and those whose code is spread over several runs."""
    for simple in tree.iter(qn("w:fldSimple")):
        yield simple.get(qn("w:instr"), "")
    open_codes: list[list[str]] = []
    for element in tree.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText")):
        kind = element.get(qn("w:fldCharType"))
        if kind == "begin":
            open_codes.append([])
        elif kind in ("separate", "end"):
            if open_codes and open_codes[-1]:
                yield "".join(open_codes[-1])
                open_codes[-1] = []
            if kind == "end" and open_codes:
                open_codes.pop()
        elif kind is None:
            (open_codes[-1] if open_codes else []).append(element.text or "")
            if not open_codes:
                yield element.text or ""
    yield from ("".join(code) for code in open_codes if code)


_REACHING = {"dataBinding", "attachedTemplate", "mailMerge", "docVars", "webPageEncoding", "hlinkClick", "hlinkHover"}
_MARKS = {"commentRangeStart", "commentRangeEnd", "commentReference", "proofErr"}


def _remove_reaching(tree: etree._Element) -> None:
    """Remove what names something outside the text, marks of comments, and the address of links."""
    for element in list(tree.iter(etree.Element)):
        local = etree.QName(element).localname
        if local in _REACHING or local in _MARKS:
            element.getparent().remove(element)
        elif local == "hyperlink":
            _unwrap(element)
        elif local in ("del", "moveFrom") and element.tag.startswith(qn("w:p")[:-1]):
            parent = element.getparent()
            if parent is not None and etree.QName(parent).localname not in ("rPr", "trPr", "tcPr"):
                parent.remove(element)
        elif local in ("blip", "imagedata"):
            for attribute in [name for name in element.attrib if etree.QName(name).localname in ("link", "href")]:
                del element.attrib[attribute]


def _unwrap(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    place = parent.index(element)
    for child in reversed(list(element)):
        parent.insert(place, child)
    parent.remove(element)


def _drop_missing_types(parts: WordParts) -> None:
    types = parts.trees[_TYPES]
    for override in [item for item in types if item.get("PartName")]:
        name = override.get("PartName", "").lstrip("/")
        if name not in parts.raw | parts.trees:
            types.remove(override)
        elif name == _MAIN:
            override.set("ContentType", _WORD_TYPE)


def part_label(name: str) -> str:
    """What people call a part of a Word file; "" for its text."""
    stem = posixpath.basename(name).removesuffix(".xml").rstrip("0123456789")
    return _PART_LABELS.get(stem, "")


def _refused(place: str, what: str) -> FormFault:
    return FormFault(place, f"mẫu có {what}, chương trình không nhận", "Hãy xoá chỗ đó trong Word rồi lưu thành .docx.")


def _unusable(message: str, hint: str) -> FormFaultsError:
    return FormFaultsError([FormFault("", message, hint)])


def _written(tree: etree._Element) -> bytes:
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))
