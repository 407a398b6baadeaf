"""Paper codes: writing and reading the code that identifies the record, revision and content of a printed sheet."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from uuid import UUID

from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value

_QR = re.compile(
    r"KCDESK1/(?P<layout>[A-Z0-9-]+)/(?P<record>[0-9A-F]{32})/(?P<revision>\d{1,6})/(?P<content>[0-9A-F]*)"
    r"(?:/(?P<answers>[0-9A-F]*))?"
)
_SHORT = re.compile(r"(?P<record>[0-9A-F]{8})[\W_]*(?P<revision>\d{1,6})(?:[\W_]+(?P<content>[0-9A-F]{6}))?")
_ANSWERS = 8  # hexadecimal digits; enough to tell the versions of a single record apart
_MISREAD = str.maketrans("OIL", "011")  # letters that occur in no code, replaced by the digits that look like them


class PaperCode(Value):
    """The code on a printed paper: `content` is the hash of the printed blocks.

    `answers` is the beginning of the hash of the record's data, which names the version of the record; "" on a paper
    printed blank. It is None on papers of the first versions of the program, whose `content` is the hash of the data
    ("" printed blank), and in a typed short code, which has no layout and only parts of record and content.
    """

    layout: str
    record: str
    revision: int
    content: str = ""
    answers: str | None = None

    @property
    def qr(self) -> str:
        """`KCDESK1/<layout>/<record>/<revision>/<content>/<answers>`, in characters of the compact QR mode."""
        layout = self.layout.replace("_", "-")
        record = self.record.replace("-", "")
        answers = "" if self.answers is None else f"/{self.answers}"
        return f"KCDESK1/{layout}/{record}/{self.revision}/{self.content}{answers}".upper()

    @property
    def is_blank(self) -> bool:
        """Whether the paper was printed blank; a typed code does not tell."""
        return self.answers == "" or (self.answers is None and not self.content)

    @property
    def short(self) -> str:
        """The short code for people: end of the record id, revision, beginning of the content hash."""
        parts = (self.record.replace("-", "")[-8:], str(self.revision), self.content[:6])
        return "-".join(filter(None, parts)).upper()


def content_hash(data: object) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of values of JSON; the order of keys does not matter."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def answers_hash(data: Mapping[str, object]) -> str:
    """The part of the code that names a version of a record."""
    return content_hash(data)[:_ANSWERS]


def read_qr(text: str) -> PaperCode | None:
    """Read the QR code of a paper of this program; None for any other QR code."""
    match = _QR.fullmatch(text)
    if match is None:
        return None
    layout, record = match["layout"].lower().replace("-", "_"), str(UUID(match["record"]))
    answers = None if match["answers"] is None else match["answers"].lower()
    return PaperCode(layout, record, int(match["revision"]), match["content"].lower(), answers)


def read_typed(entered: str) -> PaperCode:
    """Read a code typed by an officer or by a hand-held reader; UserError `no_paper_code` if it is none."""
    written = entered.strip().upper()
    if (code := read_qr(written)) is not None:
        return code
    if match := _SHORT.fullmatch(written.translate(_MISREAD)):
        return PaperCode("", match["record"].lower(), int(match["revision"]), (match["content"] or "").lower())
    raise UserError(
        f"«{entered.strip()}» không phải là mã giấy.",
        code="no_paper_code",
        hint="Mã in ở chân mỗi trang, ví dụ 1A2B3C4D-1-5E6F70.",
    )
