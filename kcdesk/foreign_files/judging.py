"""Whether a file that comes from elsewhere may be handed to another program: by its name and its content.

Only kinds of an allow-list (`resources/file_kinds.toml`) are opened, if the content is what the ending says and holds
nothing that runs. Everything else can only be saved. What is surely a program is not taken in at all. A judgement is
about opening by a program of the office: showing the pages or the text of a file here runs nothing.
"""

from __future__ import annotations

import re
import tomllib
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.foreign_files.active_content import cell_faults, office_faults, pdf_faults, text_faults
from kcdesk.foreign_files.file_names import endings_of, name_faults, shown_name
from kcdesk.runtime.frozen import Value

# The first bytes of what systems run, whatever the name says.
_PROGRAM_STARTS = (
    *(b"MZ", b"\x7fELF", b"#!", b"L\x00\x00\x00\x01\x14\x02\x00", b"\xca\xfe\xba\xbe", b"dex\n", b"ITSF", b"MSCF"),
    *(
        b"\xfe\xed\xfa\xce",
        b"\xfe\xed\xfa\xcf",
        b"\xce\xfa\xed\xfe",
        b"\xcf\xfa\xed\xfe",
        b"!<arch>\n",
        b"\xed\xab\xee\xdb",
    ),
    *(b"[InternetShortcut]", b"[Desktop Entry]", b"@echo", b"ID;P", b"\x4d\x53\x57\x49\x4d\x00\x00\x00"),
)
_PROGRAM_INSIDE = (b"This program cannot be run in DOS mode", b"This program must be run under Win32")
_MARKUP = re.compile(rb"<\s*(!doctype\s+html|html|script|hta:|iframe|object|body|\?php|job\b|package\b)", re.IGNORECASE)
_SCRIPT = re.compile(
    rb"<\s*(\w+:)?(script|foreignobject|iframe|embed|object)\b|\son\w+\s*=|javascript\s*:", re.IGNORECASE
)
# Names in XML have small letters where a browser runs them; «Object» is a part of every signature of an invoice.
_SCRIPT_IN_XML = re.compile(
    rb"<\s*(\w+:)?(script|foreignobject|iframe|embed|(?-i:object))\b|\son\w+\s*=|javascript\s*:", re.IGNORECASE
)
_CLASS_ID = re.compile(r"\{[0-9a-f-]{36}\}")
_HEAD = 4096  # bytes at both ends in which markup is looked for


class FileJudgement(Value):
    """What is known of a file: `faults` say why it must not be opened by another program; none if it may be.

    `inside`: how this program can show it (`resources/file_kinds.toml`), "" if it cannot.
    """

    label: str
    faults: tuple[str, ...]
    is_program: bool
    inside: str

    @property
    def is_openable(self) -> bool:
        """Whether the file may be handed to another program."""
        return not self.faults


class _Kind(Value):
    label: str
    starts: tuple[bytes, ...]
    check: str
    inside: str
    part: str


class _Table(Value):
    """The kinds by their endings, and the other lists of the file."""

    kinds: dict[str, _Kind]
    programs: frozenset[str]
    scripted: frozenset[str]
    inner: frozenset[str]


@cache
def _table() -> _Table:
    content = tomllib.loads((paths.resources() / "file_kinds.toml").read_text(encoding="utf-8"))
    kinds: dict[str, _Kind] = {}
    for row in content["openable"].values():
        starts = tuple(start.encode("latin-1").decode("unicode_escape").encode("latin-1") for start in row["starts"])
        kind = _Kind(row["label"], starts, row["check"], row.get("inside", ""), row.get("part", ""))
        kinds.update(dict.fromkeys(row["endings"], kind))
    return _Table(kinds, *(frozenset(content[name]) for name in ("programs", "scripted", "inner")))


def judge(name: str, content: bytes) -> FileJudgement:
    """Judge a file by its name and all of its content."""
    endings = endings_of(name)
    kind = _table().kinds.get(endings[0]) if endings else None
    program = program_fault(name, content)
    if program or kind is None:
        unknown = () if program else ("chương trình không mở hộ loại tệp này",)
        label = kind.label if kind else f"tệp .{endings[0]}" if endings else "tệp không có đuôi"
        return FileJudgement(label, (*filter(None, (program,)), *name_faults(name), *unknown), bool(program), "")
    faults = list(
        dict.fromkeys([*name_faults(name), *_hidden_endings(endings), *_content_faults(kind, endings[0], content)])
    )
    is_kind = content.startswith(kind.starts)
    return FileJudgement(kind.label, tuple(faults), False, kind.inside if is_kind else "")


def program_fault(name: str, content: bytes = b"") -> str:
    """Why a file is a program, as a part of a sentence; "" if it is none."""
    table = _table()
    endings = endings_of(name)
    first = endings[0] if endings else ""
    if first in table.programs or _CLASS_ID.fullmatch(first):
        return f"là chương trình hoặc lối tắt (.{first})"
    if any(ending in table.programs for ending in endings[1:]) and ":" in name:
        return "giấu chương trình trong luồng ẩn"
    start = content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith(_PROGRAM_STARTS) or start[:32].lower().startswith((b"[internetshortcut]", b"@echo off")):
        return "có nội dung là chương trình"
    if any(words in content for words in _PROGRAM_INSIDE):
        return "có chương trình giấu bên trong"
    if first not in table.kinds and _MARKUP.match(start) and _SCRIPT.search(content):
        return "là trang web chạy được lệnh"
    if first in table.scripted and _SCRIPT_IN_XML.search(content):
        return f"là tệp .{first} có lệnh chạy"
    return ""


def refuse_program(name: str, content: bytes) -> None:
    """Refuse to take in what is surely a program; UserError `program_file`."""
    if fault := program_fault(name, content):
        raise UserError(
            f"Không nhận «{shown_name(name)}»: tệp {fault}.",
            code="program_file",
            hint="Hãy kiểm tra lại nơi lấy tệp và báo người phụ trách máy tính; chỉ đính kèm văn bản, ảnh, PDF.",
        )


def warning(name: str, judgement: FileJudgement) -> str:
    """The sentence for an officer before such a file is saved; "" if nothing is wrong."""
    if judgement.is_openable:
        return ""
    return f"«{shown_name(name)}» ({judgement.label}): {'; '.join(judgement.faults)}. Chỉ lưu ra khi đã hỏi người gửi."


def _hidden_endings(endings: list[str]) -> Iterator[str]:
    """A name with two endings of which one is a program's."""
    if any(ending in _table().inner for ending in endings[1:3]):
        yield "tên có hai đuôi, một là đuôi của chương trình"


def _content_faults(kind: _Kind, ending: str, content: bytes) -> Iterator[str]:
    if not content.startswith(kind.starts) or (ending == "webp" and content[8:12] != b"WEBP"):
        yield f"nội dung không phải là {kind.label}"
        return
    if kind.part and kind.part.encode() not in content:
        yield f"nội dung không phải là {kind.label}"
    yield from _CHECKS[kind.check](content)


def _tail_faults(content: bytes) -> Iterator[str]:
    """What a picture or a PDF is besides: an archive behind it, a page of a browser before or behind it."""
    if _is_archive(content):
        yield "tệp vừa là ảnh hoặc PDF vừa là tệp nén"
    if _MARKUP.search(content[:_HEAD]) or _MARKUP.search(content[-_HEAD:]):
        yield "có trang web giấu bên trong"


def _is_archive(content: bytes) -> bool:
    try:
        return zipfile.is_zipfile(BytesIO(content)) or b"Rar!\x1a\x07" in content or b"7z\xbc\xaf\x27\x1c" in content
    except (OSError, ValueError):
        return True


def _pdf(content: bytes) -> Iterator[str]:
    yield from _tail_faults(content)
    yield from pdf_faults(content)


_CHECKS: dict[str, Callable[[bytes], Iterator[str]]] = {
    "pdf": _pdf,
    "tail": _tail_faults,
    "office": office_faults,
    "text": text_faults,
    "cells": cell_faults,
}
