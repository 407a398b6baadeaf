"""The identity workbook: one page with the name and the public key of a unit, signed by that key.

It does not prove who made it; comparing the thirty digits by telephone does. The workbook of a renewed key is also
signed by the key that it replaces, which is proof enough for units that trust the old key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import canonical
from kcdesk.exchange.signed_pages import PageContent, PageOrigin, SignedPage, Statement, origin_fields, types_of
from kcdesk.exchange.workbook.page_lines import TITLES, CoverLine, PageLine, head, moment
from kcdesk.runtime.frozen import asdict
from kcdesk.store.identity import Identity

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PURPOSE = "identity"
_RENEWAL = "renewed identity"
_BESIDE = "identity beside"  # another laptop of the same unit vouches for the card, and keeps its own key
_STEPS = (
    "Trong chương trình: Bàn giao → Đơn vị đã biết → «Nhận tệp nhận diện…», chọn tệp này.",
    "Gọi điện cho đơn vị theo số máy đã biết từ trước; một bên đọc 30 chữ số trên, bên kia so với màn hình của mình.",
    "Chỉ bấm tin cậy khi 30 chữ số trùng nhau. Không trùng: tệp không phải của đơn vị, hoặc đã bị thay trên đường.",
    "Tệp này chỉ có tên và khoá công khai của đơn vị, không có hồ sơ nào và không có gì phải giữ kín.",
)
_LEVEL = re.compile("[a-z][a-z0-9_]*")
MOST_RENEWALS = 20  # of one key that travel with each package


class Card(PageOrigin, kw_only=True):
    """The content of an identity workbook; `replaces` is the old key, "" for the first key of a unit."""

    parent: str
    store: str
    device: str
    replaces: str = ""


def write_card(path: Path, card: Card, statement: Statement, level_label: str) -> None:
    """Write the identity workbook of a card, with its statement from `stated`. KnownError if the disk refuses."""
    _PAGE.write(path, list(_lines(card, level_label)), statement, card)


def stated(
    identity: Identity, key: Ed25519PrivateKey, replaced: Ed25519PrivateKey | None = None
) -> tuple[Card, Statement]:
    """The card of a store and its signed statement; `replaced` is the old key, if renewed."""
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
    return card, Statement(content, signatures)


def read_card(path: Path) -> Card:
    """Read an identity workbook and check its signatures; UserError `not_identity` if they are wrong or missing."""
    return _PAGE.read(path)


def read_statement(path: Path) -> Statement:
    """The statement of an identity workbook with its signatures; errors as of `read_card`."""
    return _STATEMENTS.read(path)


def is_beside(statement: Statement, key: str) -> bool:
    """Whether the holder of this public key has said that the card is of another laptop of its unit."""
    return signing.verify(key, _BESIDE, statement.content, statement.signatures["vouched"])


def write_beside(path: Path, source: Path, key: Ed25519PrivateKey, level_label: str) -> Card:
    """Write the identity workbook of another laptop of this unit again, vouched for with the key of this one."""
    card, statement = read_card(source), read_statement(source)
    vouched = signing.sign(key, _BESIDE, statement.content)
    signatures = {"signature": statement.signatures["signature"], "vouched": vouched}
    lines = [*_lines(card, level_label), CoverLine("line", "Máy cùng đơn vị chứng nhận", _fingerprint(key))]
    _PAGE.write(path, lines, Statement(statement.content, signatures), card)
    return card


def renewal_part(statements: Sequence[Statement]) -> bytes:
    """The part of a package with the renewals of its maker's key, oldest first; b"" for none."""
    return canonical([statement.to_json() for statement in statements]) if statements else b""


def read_renewals(part: bytes) -> list[Card]:
    """The renewals in the part of a package that are rightly signed by the old and the new key; [] if it is spoilt."""
    try:
        statements = [Statement.from_json(values) for values in json.loads(part)[-MOST_RENEWALS:]] if part else []
        cards = [_card(statement) for statement in statements]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return []
    return [card for card in cards if card is not None and card.replaces]


def _fingerprint(key: Ed25519PrivateKey) -> str:
    return signing.fingerprint(signing.public_key(key))


def _card(statement: Statement) -> Card | None:
    card = Card(**statement.values(types_of(Card)))
    valid = signing.verify(card.key, _PURPOSE, statement.content, statement.signatures["signature"])
    renewal = statement.signatures["vouched"]
    valid = valid and (not card.replaces or signing.verify(card.replaces, _RENEWAL, statement.content, renewal))
    return card if valid and _LEVEL.fullmatch(card.level) else None


def _page(accept: Callable[[Statement], PageContent | None]) -> SignedPage[PageContent]:
    return SignedPage(
        title="Nhận diện",
        namespace="urn:kcdesk:identity",
        root="identity",
        content="card",
        largest=1 << 20,  # bytes; such a workbook has about ten thousand
        accept=accept,
        code="not_identity",
        refusal="Tệp {name} không phải tệp nhận diện đơn vị, hoặc đã bị sửa.",
        hint="Hãy xin đơn vị đó xuất lại tệp nhận diện và gửi đúng tệp ấy.",
    )


_PAGE = _page(_card)
_STATEMENTS = _page(lambda statement: statement if _card(statement) else None)


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
