"""The identity workbook: a unit's name and public key, one page to read and print, signed by the key itself.

It proves nothing about who made it: reading the thirty digits out over the phone does. A renewed key also
carries the word of the key that it replaces, which is enough for those who knew that one.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from lxml import etree

from kcdesk.errors import UserError
from kcdesk.exchange import placing, signing
from kcdesk.exchange.cover import CoverLine
from kcdesk.exchange.manifest import canonical
from kcdesk.exchange.opening import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.exchange.writer import write_page
from kcdesk.store.identity import Identity

_NAMESPACE = "urn:kcdesk:identity"
_PART = "customXml/item1.xml"
_PURPOSE = "identity"
_RENEWAL = "renewed identity"
_LEVELS = {"lower": "Cấp dưới", "province": "Cấp tỉnh"}
_LARGEST = 1 << 20  # bytes; such a workbook has ten thousand


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the workbook says; `replaces` is the old key, "" for a first one."""

    unit: str
    name: str
    level: str
    province: str
    parent: str
    store: str
    device: str
    officer: str
    practice: bool
    made_at: str
    key: str
    replaces: str = ""


def write(path: Path, identity: Identity, key: Ed25519PrivateKey, *, replaced: Ed25519PrivateKey | None = None) -> Card:
    """Write the workbook of a store; KnownError when the disk refuses."""
    card = Card(
        unit=identity.unit.code,
        name=identity.unit.name,
        level=identity.unit.level,
        province=identity.unit.province,
        parent=identity.unit.parent,
        store=identity.store_id,
        device=identity.device_id,
        officer=identity.officer.name,
        practice=identity.practice,
        made_at=datetime.now().astimezone().isoformat(timespec="seconds"),
        key=signing.public_key(key),
        replaces=signing.public_key(replaced) if replaced else "",
    )
    content = _workbook(card, _part(card, key, replaced))
    placing.place(path, fill=lambda file: _fill(file, content), verify=lambda beside: _verify(beside, card))
    return card


def read(path: Path) -> Card:
    """The card in a workbook whose signatures hold; UserError `not_identity` for anything else."""
    try:
        if path.stat().st_size > _LARGEST:
            raise _refusal(path)
        with path.open("rb") as file, SafeArchive(file) as archive:
            root = archive.xml(_PART) if _PART in archive else None
    except FileNotFoundError:
        raise UserError(f"Không có tệp {path}.", code="no_file", hint="Hãy chọn lại tệp.") from None
    except (BrokenArchiveError, UnsafeArchiveError, OSError):
        raise _refusal(path) from None
    card = _card(root) if root is not None and root.tag == f"{{{_NAMESPACE}}}identity" else None
    if card is None:
        raise _refusal(path)
    return card


def _refusal(path: Path) -> UserError:
    return UserError(
        f"Tệp {path.name} không phải tệp nhận diện đơn vị, hoặc đã bị sửa.",
        code="not_identity",
        hint="Hãy xin đơn vị đó xuất lại tệp nhận diện và gửi đúng tệp ấy.",
    )


def _card(root: etree._Element) -> Card | None:
    content = root.findtext(f"{{{_NAMESPACE}}}card", "").encode()
    try:
        values = json.loads(content)
        card = _checked(values)
        signed = _signature(root, "signature")
        vouched = _signature(root, "vouched")
    except (ValueError, TypeError, RecursionError):
        return None
    right = signing.verify(card.key, _PURPOSE, content, signed)
    right = right and (not card.replaces or signing.verify(card.replaces, _RENEWAL, content, vouched))
    return card if right and card.level in _LEVELS else None


def _checked(values: Any) -> Card:
    wanted = {field.name: bool if field.name == "practice" else str for field in fields(Card)}
    if not isinstance(values, Mapping) or values.keys() != wanted.keys():
        raise ValueError("keys")
    if not all(isinstance(values[name], kind) for name, kind in wanted.items()):
        raise TypeError("values")
    return Card(**values)


def _signature(root: etree._Element, name: str) -> bytes:
    return base64.b64decode(root.findtext(f"{{{_NAMESPACE}}}{name}", ""), validate=True)


def _part(card: Card, key: Ed25519PrivateKey, replaced: Ed25519PrivateKey | None) -> bytes:
    content = canonical(asdict(card))
    root = etree.Element(f"{{{_NAMESPACE}}}identity", nsmap={None: _NAMESPACE})
    texts = {"card": content.decode(), "signature": _encoded(signing.sign(key, _PURPOSE, content))}
    if replaced:
        texts["vouched"] = _encoded(signing.sign(replaced, _RENEWAL, content))
    for name, text in texts.items():
        etree.SubElement(root, f"{{{_NAMESPACE}}}{name}").text = text
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _workbook(card: Card, part: bytes) -> bytes:
    """The page for people, with the card as one more custom part that readers ignore."""
    from kcdesk.exchange.parts import with_custom_part

    page, whole = io.BytesIO(), io.BytesIO()
    write_page(page, "Nhận diện", list(_lines(card)))
    with zipfile.ZipFile(page) as plain:
        with_custom_part(whole, plain, _PART, part)
    return whole.getvalue()


def _lines(card: Card) -> list[CoverLine]:
    lines = [CoverLine("title", "TỆP NHẬN DIỆN ĐƠN VỊ")]
    if card.practice:
        lines.append(CoverLine("warning", "DỮ LIỆU TẬP HUẤN – KHÔNG CÓ GIÁ TRỊ"))
    lines += [
        CoverLine("line", "Đơn vị", f"{card.name} ({card.unit})"),
        CoverLine("line", "Cấp", _LEVELS[card.level]),
        CoverLine("line", "Người lập", card.officer),
        CoverLine("line", "Lập lúc", card.made_at),
        CoverLine("heading", "Dấu khoá ký"),
        CoverLine("line", "Đọc cho nhau nghe qua điện thoại", signing.fingerprint(card.key)),
    ]
    if card.replaces:
        lines.append(CoverLine("line", "Thay cho khoá", signing.fingerprint(card.replaces)))
    lines.append(CoverLine("note", "Chỉ tin cậy khi 30 chữ số ở hai nơi trùng nhau."))
    return lines


def _fill(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def _verify(path: Path, card: Card) -> None:
    if read(path) != card:
        raise placing.unverified(path)
