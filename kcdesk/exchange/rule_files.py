"""Rules as one signed workbook: what they are on a page for people, the files themselves in a part beside it.

Made by the province's department, taken in like a package: who made it is proved by the key, what it changes is shown
first.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lxml import etree

from kcdesk import __version__
from kcdesk.errors import UserError
from kcdesk.exchange import placing, signing
from kcdesk.exchange.cover import CoverLine
from kcdesk.exchange.manifest import canonical
from kcdesk.exchange.opening import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.exchange.writer import write_page
from kcdesk.store.identity import Identity
from kcdesk.store.records import new_id

_NAMESPACE = "urn:kcdesk:rules"
_PART = "customXml/item1.xml"
_PURPOSE = "rules"
_LARGEST = 20 << 20  # bytes; all shipped rules together are under one million
# What a file of rules may be called: never a way out of the folder.
_NAME = re.compile(r"(?:[a-z0-9_-]+/){0,2}[a-z0-9_-]+\.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """What the workbook brings: `files` are texts by relative name (`norms/dong_thap.toml`)."""

    id: str
    unit: str
    name: str
    level: str
    province: str
    officer: str
    practice: bool
    made_at: str
    program: str
    note: str
    files: dict[str, str]
    key: str


def write(path: Path, identity: Identity, key: Ed25519PrivateKey, files: Mapping[str, str], note: str) -> RuleFile:
    """Write the workbook; UserError for a name that is none, KnownError when the disk refuses."""
    _refuse_names(files)
    made = RuleFile(
        id=new_id(),
        unit=identity.unit.code,
        name=identity.unit.name,
        level=identity.unit.level,
        province=identity.unit.province,
        officer=identity.officer.name,
        practice=identity.practice,
        made_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        program=__version__,
        note=note,
        files=dict(files),
        key=signing.public_key(key),
    )
    content = _workbook(made, _part(made, key))
    placing.place(path, fill=lambda file: _fill(file, content), verify=lambda beside: _verify(beside, made))
    return made


def read(path: Path) -> RuleFile:
    """The rules in a workbook whose signature holds; UserError `not_rules` for anything else."""
    try:
        if path.stat().st_size > _LARGEST:
            raise _refusal(path)
        with path.open("rb") as file, SafeArchive(file) as archive:
            root = archive.xml(_PART) if _PART in archive else None
    except FileNotFoundError:
        raise UserError(f"Không có tệp {path}.", code="no_file", hint="Hãy chọn lại tệp.") from None
    except (BrokenArchiveError, UnsafeArchiveError, OSError):
        raise _refusal(path) from None
    found = _rules(root) if root is not None and root.tag == f"{{{_NAMESPACE}}}rules" else None
    if found is None:
        raise _refusal(path)
    _refuse_names(found.files)
    return found


def _refusal(path: Path) -> UserError:
    return UserError(
        f"Tệp {path.name} không phải tệp quy định, hoặc đã bị sửa.",
        code="not_rules",
        hint="Hãy xin cấp tỉnh xuất lại tệp quy định và gửi đúng tệp ấy.",
    )


def _refuse_names(files: Mapping[str, str]) -> None:
    for name in files:
        if not _NAME.fullmatch(name):
            raise UserError(
                f"«{name}» không phải tên của một tệp quy định.",
                code="bad_rule_name",
                hint="Tên gồm chữ thường không dấu, chữ số, gạch; đuôi .toml; thư mục như forms của chương trình.",
            )


def _rules(root: etree._Element) -> RuleFile | None:
    content = root.findtext(f"{{{_NAMESPACE}}}content", "").encode()
    try:
        found = _checked(json.loads(content))
        signature = base64.b64decode(root.findtext(f"{{{_NAMESPACE}}}signature", ""), validate=True)
    except (ValueError, TypeError, RecursionError):
        return None
    return found if signing.verify(found.key, _PURPOSE, content, signature) else None


def _checked(values: Any) -> RuleFile:
    wanted: dict[str, type] = {field.name: str for field in fields(RuleFile)} | {"practice": bool, "files": dict}
    if not isinstance(values, Mapping) or values.keys() != wanted.keys():
        raise ValueError("keys")
    if not all(isinstance(values[name], kind) for name, kind in wanted.items()):
        raise TypeError("values")
    if not all(isinstance(text, str) for text in values["files"].values()):
        raise TypeError("files")
    return RuleFile(**values)


def _part(made: RuleFile, key: Ed25519PrivateKey) -> bytes:
    content = canonical(asdict(made))
    root = etree.Element(f"{{{_NAMESPACE}}}rules", nsmap={None: _NAMESPACE})
    signature = base64.b64encode(signing.sign(key, _PURPOSE, content)).decode()
    for name, text in (("content", content.decode()), ("signature", signature)):
        etree.SubElement(root, f"{{{_NAMESPACE}}}{name}").text = text
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _workbook(made: RuleFile, part: bytes) -> bytes:
    """The page for people, with the rules as one more custom part that readers ignore."""
    from kcdesk.exchange.parts import with_custom_part

    page, whole = io.BytesIO(), io.BytesIO()
    write_page(page, "Quy định", list(_lines(made)))
    with zipfile.ZipFile(page) as plain:
        with_custom_part(whole, plain, _PART, part)
    return whole.getvalue()


def _lines(made: RuleFile) -> list[CoverLine]:
    lines = [CoverLine("title", "TỆP QUY ĐỊNH, MẪU VÀ MỨC CHI")]
    if made.practice:
        lines.append(CoverLine("warning", "DỮ LIỆU TẬP HUẤN – KHÔNG CÓ GIÁ TRỊ"))
    lines += [
        CoverLine("line", "Đơn vị lập", f"{made.name} ({made.unit})"),
        CoverLine("line", "Người lập", made.officer),
        CoverLine("line", "Lập lúc", made.made_at),
        CoverLine("line", "Nội dung", made.note),
        CoverLine("line", "Dấu khoá ký", signing.fingerprint(made.key)),
        CoverLine("heading", "Các tệp"),
        *(CoverLine("line", name, f"{len(text.encode())} byte") for name, text in sorted(made.files.items())),
        CoverLine("note", "Nhận tệp này bằng chương trình; những gì thay đổi được cho xem trước."),
    ]
    return lines


def _fill(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def _verify(path: Path, made: RuleFile) -> None:
    if read(path) != made:
        raise placing.unverified(path)
