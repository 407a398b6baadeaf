"""The identity workbook: one page with the name and the public key of a unit, signed by that key.

It does not prove who made it; comparing the thirty digits by telephone does. The workbook of a renewed key is also
signed by the key that it replaces, which is proof enough for units that trust the old key.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import canonical
from kcdesk.exchange.signed_pages import PageOrigin, SignedPage, Statement, origin_fields, types_of
from kcdesk.exchange.workbook.page_lines import TITLES, CoverLine, PageLine, head, moment
from kcdesk.store.identity import Identity

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PURPOSE = "identity"
_RENEWAL = "renewed identity"
_STEPS = (
    "Trong chương trình: Bàn giao → Đơn vị đã biết → «Nhận tệp nhận diện…», chọn tệp này.",
    "Gọi điện cho đơn vị theo số máy đã biết từ trước; một bên đọc 30 chữ số trên, bên kia so với màn hình của mình.",
    "Chỉ bấm tin cậy khi 30 chữ số trùng nhau. Không trùng: tệp không phải của đơn vị, hoặc đã bị thay trên đường.",
    "Tệp này chỉ có tên và khoá công khai của đơn vị, không có hồ sơ nào và không có gì phải giữ kín.",
)
_LEVEL = re.compile("[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card(PageOrigin):
    """The content of an identity workbook; `replaces` is the old key, "" for the first key of a unit."""

    parent: str
    store: str
    device: str
    replaces: str = ""


def write_card(
    path: Path,
    identity: Identity,
    key: Ed25519PrivateKey,
    level_label: str,
    *,
    replaced: Ed25519PrivateKey | None = None,
) -> Card:
    """Write the identity workbook of a store; `replaced` is the old key, if renewed. KnownError if the disk refuses."""
    card = Card(
        **origin_fields(identity, key),
        parent=identity.unit.parent,
        store=identity.store_id,
        device=identity.device_id,
        replaces=signing.public_key(replaced) if replaced else "",
    )
    content = canonical(asdict(card))
    signatures = {"signature": signing.sign(key, _PURPOSE, content)}
    if replaced:
        signatures["vouched"] = signing.sign(replaced, _RENEWAL, content)
    _PAGE.write(path, list(_lines(card, level_label)), Statement(content, signatures), card)
    return card


def read_card(path: Path) -> Card:
    """Read an identity workbook and check its signatures; UserError `not_identity` if they are wrong or missing."""
    return _PAGE.read(path)


def _card(statement: Statement) -> Card | None:
    card = Card(**statement.values(types_of(Card)))
    valid = signing.verify(card.key, _PURPOSE, statement.content, statement.signatures["signature"])
    renewal = statement.signatures["vouched"]
    valid = valid and (not card.replaces or signing.verify(card.replaces, _RENEWAL, statement.content, renewal))
    return card if valid and _LEVEL.fullmatch(card.level) else None


_PAGE = SignedPage(
    title="Nhận diện",
    namespace="urn:kcdesk:identity",
    root="identity",
    content="card",
    largest=1 << 20,  # bytes; such a workbook has about ten thousand
    accept=_card,
    code="not_identity",
    refusal="Tệp {name} không phải tệp nhận diện đơn vị, hoặc đã bị sửa.",
    hint="Hãy xin đơn vị đó xuất lại tệp nhận diện và gửi đúng tệp ấy.",
)


def _lines(card: Card, level: str) -> list[PageLine]:
    lines: list[PageLine] = [
        *head(TITLES["identity"], practice=card.practice),
        CoverLine("headline", card.name),
        CoverLine("line", "Đơn vị", f"{card.name} ({card.unit})"),
        CoverLine("line", "Cấp", level),
        CoverLine("line", "Đơn vị cấp trên", card.parent or "(không có)"),
        CoverLine("line", "Người lập", card.officer),
        CoverLine("line", "Lập lúc", moment(card.made_at)),
        CoverLine("heading", "Dấu khoá ký: 30 chữ số đọc cho nhau nghe qua điện thoại"),
        CoverLine("headline", signing.fingerprint(card.key)),
    ]
    if card.replaces:
        lines.append(CoverLine("line", "Thay cho khoá", signing.fingerprint(card.replaces)))
    lines.append(CoverLine("heading", "Nơi nhận tệp này làm gì"))
    return [*lines, *(CoverLine("note", f"{number}. {step}") for number, step in enumerate(_STEPS, 1))]
