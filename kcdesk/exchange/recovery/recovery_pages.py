"""The two signed pages of a recovery key: the province offers its public half, a unit consents with its sealed key.

Both are signed with the keys by which the offices know each other, so that nobody on the way exchanges the key. The
files that carry a lost store's seal there and the answer back (`recovery_files`) are plain: a locked store signs
nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import canonical
from kcdesk.exchange.signed_pages import PageOrigin, SignedPage, Statement, origin_fields, types_of
from kcdesk.exchange.workbook.page_lines import TITLES, CoverLine, PageLine, head, moment
from kcdesk.runtime.frozen import asdict
from kcdesk.store.database.sealed_key import SealedKey
from kcdesk.store.identity import Identity

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_LARGEST = 1 << 20  # bytes; such a workbook has about ten thousand
_OFFER, _CONSENT = "recovery key", "recovery consent"  # what a signature is for
Page = TypeVar("Page", bound=PageOrigin)


class KeyOffer(PageOrigin, kw_only=True):
    """The public half of the recovery key of an office (base64)."""

    recovery_key: str

    @property
    def fingerprint(self) -> str:
        """The digits of the offered key, which two offices compare."""
        return signing.fingerprint(self.recovery_key)


class KeyConsent(PageOrigin, kw_only=True):
    """A unit lets the holder of a recovery key open its store: the seal in its parts, as of `SealedKey`."""

    id: str
    store: str
    to: str
    sender: str
    wrapped: str

    @property
    def seal(self) -> SealedKey:
        """The sealed key of the store."""
        return SealedKey(id=self.id, store=self.store, to=self.to, sender=self.sender, wrapped=self.wrapped)


def write_offer(path: Path, identity: Identity, key: Ed25519PrivateKey, recovery_key: str) -> KeyOffer:
    """Write the page that offers a recovery key. KnownError if the disk refuses."""
    offer = KeyOffer(**origin_fields(identity, key), recovery_key=recovery_key)
    _OFFERS.write(path, _lines_of_offer(offer), _stated(offer, key, _OFFER), offer)
    return offer


def read_offer(path: Path) -> KeyOffer:
    """Read such a page and check its signature; UserError `not_recovery_key`."""
    return _OFFERS.read(path)


def write_consent(path: Path, identity: Identity, key: Ed25519PrivateKey, seal: SealedKey) -> KeyConsent:
    """Write the page by which a unit consents. KnownError if the disk refuses."""
    consent = KeyConsent(**(origin_fields(identity, key) | seal.to_json()))
    _CONSENTS.write(path, _lines_of_consent(consent), _stated(consent, key, _CONSENT), consent)
    return consent


def read_consent(path: Path) -> KeyConsent:
    """Read such a page and check its signature; UserError `not_consent`."""
    return _CONSENTS.read(path)


def _stated(page: PageOrigin, key: Ed25519PrivateKey, purpose: str) -> Statement:
    content = canonical(asdict(page))
    return Statement(content, {"signature": signing.sign(key, purpose, content)})


def _checked(page: type[Page], statement: Statement, purpose: str) -> Page | None:
    read = page(**statement.values(types_of(page)))
    is_signed = signing.verify(read.key, purpose, statement.content, statement.signatures["signature"])
    return read if is_signed else None


_OFFERS = SignedPage(
    title="Khoá khôi phục",
    namespace="urn:kcdesk:recovery-key",
    root="recovery_key",
    content="content",
    largest=_LARGEST,
    accept=lambda statement: _checked(KeyOffer, statement, _OFFER),
    code="not_recovery_key",
    refusal="Tệp {name} không phải tệp khoá khôi phục của tỉnh, hoặc đã bị sửa.",
    hint="Hãy xin cấp tỉnh xuất lại tệp khoá khôi phục và gửi đúng tệp ấy.",
)
_CONSENTS = SignedPage(
    title="Đồng ý",
    namespace="urn:kcdesk:recovery-consent",
    root="recovery_consent",
    content="content",
    largest=_LARGEST,
    accept=lambda statement: _checked(KeyConsent, statement, _CONSENT),
    code="not_consent",
    refusal="Tệp {name} không phải tệp đồng ý gửi khoá, hoặc đã bị sửa.",
    hint="Hãy xin đơn vị ghi lại tệp đồng ý và gửi đúng tệp ấy.",
)


def _lines_of_offer(offer: KeyOffer) -> list[PageLine]:
    return [
        *head(TITLES["recovery_key"], practice=offer.practice),
        *_origin(offer),
        CoverLine("heading", "Dấu khoá khôi phục: 30 chữ số đọc cho nhau nghe qua điện thoại"),
        CoverLine("headline", signing.fingerprint(offer.recovery_key)),
        CoverLine("heading", "Đơn vị nhận tệp này làm gì"),
        CoverLine(
            "note", "1. Gửi khoá ở tỉnh là tuỳ đơn vị. Đồng ý thì tỉnh mở được kho khi đơn vị quên cả mật khẩu lẫn mã."
        ),
        CoverLine("note", "2. Trong chương trình: Cài đặt → «Khoá khôi phục của tỉnh…» → chọn tệp này."),
        CoverLine("note", "3. Gọi tỉnh theo số máy đã biết từ trước, so đủ 30 chữ số trên rồi mới đồng ý."),
    ]


def _lines_of_consent(consent: KeyConsent) -> list[PageLine]:
    return [
        *head(TITLES["recovery_consent"], practice=consent.practice),
        *_origin(consent),
        CoverLine("line", "Kho", consent.store),
        CoverLine("line", "Gửi cho khoá khôi phục", signing.fingerprint(consent.to)),
        CoverLine("note", "Khoá kho trong tệp này đã niêm phong: chỉ nơi có khoá khôi phục nói trên mở được."),
        CoverLine("note", "Trong chương trình của tỉnh: Cài đặt → «Khoá khôi phục của tỉnh…» → nhận tệp đồng ý."),
    ]


def _origin(page: PageOrigin) -> list[PageLine]:
    return [
        CoverLine("headline", page.name),
        CoverLine("line", "Đơn vị", f"{page.name} ({page.unit})"),
        CoverLine("line", "Người lập", page.officer),
        CoverLine("line", "Lập lúc", moment(page.made_at)),
        CoverLine("line", "Dấu khoá ký", signing.fingerprint(page.key)),
    ]
