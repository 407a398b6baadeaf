"""The recovery key of the province: it opens the store of a unit that has lost passphrase and code, if that consented.

Five steps, each recorded in the history of the store where it is done: the province offers its key (`offer`), a unit
consents after comparing thirty digits (`consent`), the province notes that (`take_consent`); a locked store writes its
seal on a stick (`write_request`), the province answers with a file and, by telephone, a code (`answer`). What was
opened so (`take_answer`) gets a new key at once, and the consent is over.
"""

from __future__ import annotations

from contextlib import closing, suppress
from pathlib import Path

from kcdesk import moments
from kcdesk.errors import KnownError, UserError
from kcdesk.exchange import handing_over
from kcdesk.exchange.container import signing
from kcdesk.exchange.recovery import recovery_files, recovery_pages
from kcdesk.exchange.recovery.recovery_files import KeyAnswer
from kcdesk.exchange.recovery.recovery_pages import KeyConsent, KeyOffer
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.database import key, sealed_key
from kcdesk.store.database.sealed_key import SealedKey
from kcdesk.store.safety import proving, rekeying
from kcdesk.store.store import Store

_SECRET = "recovery_key"  # its name among the secrets of the province's store
_CONSENTS = "recovery_consents:"  # the settings with the consents of units, by their store


class GivenConsent(Value, kw_only=True):
    """To whom this unit has given its key, and since when (UTC); `fingerprint` is that of the recovery key."""

    unit: str
    name: str
    public: str
    since: str

    @property
    def fingerprint(self) -> str:
        """The thirty digits of the recovery key."""
        return signing.fingerprint(self.public)


class HeldConsent(Value, kw_only=True):
    """A unit that lets this office open its store, since when (UTC)."""

    unit: str
    name: str
    officer: str
    store: str
    since: str


# -- the province --------------------------------------------------------------------------------------------------


def offer(workspace: Workspace, path: Path) -> KeyOffer:
    """Write the page that offers this office's recovery key, made at first use. UserError `not_deciding`."""
    if not workspace.level.decides:
        raise UserError(
            "Chỉ cấp xét duyệt (tỉnh) có khoá khôi phục cho đơn vị.",
            code="not_deciding",
            hint="Đơn vị nhận tệp khoá khôi phục của tỉnh rồi chọn đồng ý hay không.",
        )
    _refuse_practice(workspace)
    store = workspace.store
    with handing_over.handing_over(store) as outside:
        own = _own_key(workspace)
        if not own:
            own = sealed_key.new_recovery_key()
            store.set_secret(_SECRET, own)
            store.note_act(f"Lập khoá khôi phục cho các đơn vị: {signing.fingerprint(sealed_key.public_half(own))}")
            outside.paths.append(path)
        public = sealed_key.public_half(own)
        return recovery_pages.write_offer(path, workspace.identity, signing.signing_key(store), public)


def own_fingerprint(workspace: Workspace) -> str:
    """The thirty digits of this office's recovery key; "" before it has one."""
    own = _own_key(workspace)
    return signing.fingerprint(sealed_key.public_half(own)) if own else ""


def take_consent(workspace: Workspace, path: Path) -> HeldConsent:
    """Note that a unit consents. UserError `not_consent`, `unknown_sender`, `sealed_key` if it is for another key."""
    consent = recovery_pages.read_consent(path)
    _refuse_unknown(workspace, consent, "Đơn vị này")
    sealed_key.opened(consent.seal, _needed_key(workspace))
    held = HeldConsent(
        unit=consent.unit, name=consent.name, officer=consent.officer, store=consent.store, since=moments.utc_now()
    )
    with workspace.store.together():
        workspace.store.set_setting(f"{_CONSENTS}{held.store}", asdict(held))
        workspace.store.note_act(f"Ghi nhận {held.name} ({held.unit}) đồng ý gửi khoá kho {held.store}")
    return held


def held_consents(workspace: Workspace) -> list[HeldConsent]:
    """The units that let this office open their stores."""
    kept = workspace.store.settings(_CONSENTS).values()
    return sorted((HeldConsent(**values) for values in kept), key=lambda held: (held.unit, held.store))


def requested(workspace: Workspace, path: Path) -> HeldConsent:
    """Whose store a request is about, before it is answered.

    UserError `not_recovery_file`, `no_consent`, `sealed_key`.
    """
    return _proven_request(workspace, path)[0]


def answer(workspace: Workspace, request: Path, path: Path, reason: str) -> str:
    """Write the file that opens the store of a request; returns the code that is told by telephone, never on the stick.

    UserError `reason_missing`, and those of `requested`.
    """
    if not reason.strip():
        raise UserError(
            "Mở giúp một kho phải ghi lý do.",
            code="reason_missing",
            hint="Ví dụ: ai đề nghị, văn bản nào, đã gọi lại cho ai.",
        )
    held, seal, opened = _proven_request(workspace, request)
    wrapped, code = key.wrapped_anew(opened)
    with handing_over.handing_over(workspace.store) as outside:
        workspace.store.note_act(f"Mở giúp kho {held.store} của {held.name} ({held.unit}): {reason.strip()}")
        outside.paths.append(path)
        recovery_files.write_answer(path, KeyAnswer(seal.id, seal.store, wrapped))
    return code


def _proven_request(workspace: Workspace, path: Path) -> tuple[HeldConsent, SealedKey, bytes]:
    seal = recovery_files.read_request(path)
    held = next((held for held in held_consents(workspace) if held.store == seal.store), None)
    if held is None:
        raise UserError(
            "Kho ấy chưa có tệp đồng ý gửi khoá ở đây, nên không mở giúp.",
            code="no_consent",
            hint="Nếu đơn vị đã đồng ý từ trước, hãy nhận tệp đồng ý của họ rồi làm lại.",
        )
    return held, seal, sealed_key.opened(seal, _needed_key(workspace))


def _own_key(workspace: Workspace) -> bytes:
    return workspace.store.secret(_SECRET)


def _needed_key(workspace: Workspace) -> bytes:
    if not (own := _own_key(workspace)):
        raise UserError(
            "Đơn vị ta chưa có khoá khôi phục.",
            code="no_recovery_key",
            hint="Hãy xuất tệp khoá khôi phục trước, rồi gửi cho các đơn vị.",
        )
    return own


# -- the unit ------------------------------------------------------------------------------------------------------


def read_offer(workspace: Workspace, path: Path) -> KeyOffer:
    """Read an offer before it is agreed to.

    UserError `not_recovery_key`, `unknown_sender`, `not_above`, `practice_store`.
    """
    _refuse_practice(workspace)
    read = recovery_pages.read_offer(path)
    _refuse_unknown(workspace, read, "Cơ quan lập tệp này")
    partner = workspace.store.partners.get(read.key)
    if partner is None or not partners.has_authority(workspace, partner):
        raise UserError(
            f"«{read.name}» ({read.unit}) không phải cấp xét duyệt của đơn vị ta; khoá kho không gửi ở đó.",
            code="not_above",
            hint="Chỉ gửi khoá cho cấp tỉnh của mình.",
        )
    return read


def consent(workspace: Workspace, offered: Path, fingerprint: str, path: Path) -> GivenConsent:
    """Seal the key of this store to the recovery key of an offer, and write the page that tells the province.

    `fingerprint` is what was compared: of a file that was exchanged since then, nothing is taken (UserError
    `other_recovery_key`). Other errors as for `read_offer`.
    """
    read = read_offer(workspace, offered)
    if "".join(fingerprint.split()) != read.fingerprint.replace(" ", ""):
        raise UserError(
            "30 chữ số đã đối chiếu không phải của khoá trong tệp này; chưa gửi gì.",
            code="other_recovery_key",
            hint="Hãy hỏi lại tỉnh qua điện thoại, dùng số máy đã biết từ trước.",
        )
    store = workspace.store
    given = GivenConsent(unit=read.unit, name=read.name, public=read.recovery_key, since=moments.utc_now())
    seal = _sealed_to(store, read)
    key.keep_seal(store.folder, None)  # so that whatever is cut off, the next opening finds no seal of another consent
    with handing_over.handing_over(store) as outside:
        store.set_setting(rekeying.CONSENT, asdict(given) | {"seal": seal.to_json()})
        store.note_act(f"Đồng ý gửi khoá kho này ở {given.name} ({given.unit}): {given.fingerprint}")
        outside.paths.append(path)
        recovery_pages.write_consent(path, workspace.identity, signing.signing_key(store), seal)
    with suppress(KnownError):  # then the next opening lays it there
        key.keep_seal(store.folder, seal)
    return given


def given_consent(workspace: Workspace) -> GivenConsent | None:
    """To whom this store's key is sealed; None for nobody."""
    kept = workspace.store.setting(rekeying.CONSENT)
    return GivenConsent(**{name: text for name, text in kept.items() if name != "seal"}) if kept else None


def _sealed_to(store: Store, read: KeyOffer) -> SealedKey:
    try:
        return store.sealed_to(read.recovery_key)
    except ValueError:
        raise UserError(
            "Khoá khôi phục trong tệp không dùng được.",
            code="not_recovery_key",
            hint="Hãy xin cấp tỉnh xuất lại tệp khoá khôi phục.",
        ) from None


# -- the locked store ----------------------------------------------------------------------------------------------


def write_request(folder: Path, path: Path) -> None:
    """Write the file that asks the province to open the locked store in `folder`. UserError `not_consented`."""
    seal = key.seal_of(folder)
    if seal is None:
        raise UserError(
            "Kho này chưa đồng ý gửi khoá ở tỉnh, nên tỉnh không mở giúp được.",
            code="not_consented",
            hint="Hãy tìm lại mật khẩu, tờ mã khôi phục, hoặc một bản sao lưu còn mật khẩu.",
        )
    recovery_files.write_request(path, seal)


def take_answer(folder: Path, path: Path, code: str) -> None:
    """Let the code of the province open the locked store, after it was proved to; else nothing has changed.

    UserError `not_recovery_file`, `other_store`, `wrong_code`, `key_damaged`, `foreign_key`.
    """
    read, seal = recovery_files.read_answer(path), key.seal_of(folder)
    if seal is None or (read.id, read.store) != (seal.id, seal.store):
        raise UserError(
            "Tệp tỉnh trả là để mở một kho khác, hoặc kho này trước khi đổi khoá.",
            code="other_store",
            hint="Hãy ghi lại tệp nhờ mở từ chính kho này rồi gửi tỉnh.",
        )
    secret = key.unwrapped(read.wrapped, code)
    with closing(proving.connected(folder, secret)):
        key.take_loan(folder, read.wrapped)


# -- both ----------------------------------------------------------------------------------------------------------


def _refuse_practice(workspace: Workspace) -> None:
    if workspace.identity.practice:
        raise rekeying.no_key()


def _refuse_unknown(workspace: Workspace, page: KeyOffer | KeyConsent, who: str) -> None:
    """Refuse a page that no trusted key has signed, or that names another unit than the key is of."""
    partner = workspace.store.partners.get(page.key)
    if partner is None or partner.ended or (partner.unit, partner.province) != (page.unit, page.province):
        raise UserError(
            f"{who}, «{page.name}» ({page.unit}), ký bằng khoá mà kho này chưa tin cậy:"
            f" {signing.fingerprint(page.key)}.",
            code="unknown_sender",
            hint="Hãy nhận tệp nhận diện của họ, đối chiếu 30 chữ số rồi làm lại.",
        )
