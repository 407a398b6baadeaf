"""The code that ties a sheet of paper to one record, its revision and its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PaperCode:
    """What a printed paper says about itself; `content` is empty on a paper printed blank."""

    layout: str
    record: str
    revision: int
    content: str = ""

    @property
    def qr(self) -> str:
        """`KCDESK1/<layout>/<record>/<revision>/<content>`, in the letters of the compact alphanumeric QR mode."""
        layout = self.layout.replace("_", "-")
        record = self.record.replace("-", "")
        return f"KCDESK1/{layout}/{record}/{self.revision}/{self.content}".upper()

    @property
    def short(self) -> str:
        """What a person can read out: the end of the record's id, revision, beginning of the content's hash."""
        parts = (self.record.replace("-", "")[-8:], str(self.revision), self.content[:6])
        return "-".join(filter(None, parts)).upper()


def content_hash(data: Mapping[str, object]) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a record's data, whatever the order of its keys."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]
