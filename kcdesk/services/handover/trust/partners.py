"""The units that this unit hands over to and receives from: identity workbooks, trusted keys, renewal, withdrawal."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import moments
from kcdesk.errors import UserError
from kcdesk.exchange import cards
from kcdesk.exchange.container import signing
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.merging import ProvinceAuthority
from kcdesk.store.handover.partners import Partner

if TYPE_CHECKING:
    from kcdesk.exchange.cards import Card


def write_identity(workspace: Workspace, path: Path, *, renew: bool = False) -> dict[str, Any]:
    """Write this unit's name and public key as a small workbook; returns {"file", "unit", "name", "fingerprint"}.

    With `renew` a new key is made first; the workbook then also carries a signature by the old key.
    """
    old_key = signing.signing_key(workspace.store)
    key = signing.new_key() if renew else old_key
    card = cards.write_card(path, workspace.identity, key, replaced=old_key if renew else None)
    if renew:
        signing.keep(workspace.store, key)
    return {"file": str(path), **_described(card)}


def own_identity(workspace: Workspace) -> dict[str, Any]:
    """What another unit compares before it trusts this one: {"unit", "name", "fingerprint"}."""
    unit = workspace.identity.unit
    fingerprint = signing.fingerprint(signing.public_key(signing.signing_key(workspace.store)))
    return {"unit": unit.code, "name": unit.name, "fingerprint": fingerprint}


def renew_device(workspace: Workspace, *, backup: bool = True) -> dict[str, Any]:
    """Give this store a new device id, after it was restored from a backup or copied to another laptop.

    Changes that the old device made after the backup then arrive again with the next package, instead of counting as
    seen, and no package number is used twice. Returns {"device", "before"}.
    """
    before = workspace.identity.device_id
    if backup:
        workspace.store.backup()
    workspace.store.renew_device()
    return {"device": workspace.identity.device_id, "before": before}


def read_identity(path: Path) -> dict[str, Any]:
    """Read an identity workbook before it is trusted: {"unit", "name", "level", "province", "fingerprint", …}."""
    return _described(cards.read_card(path))


def trust(workspace: Workspace, path: Path) -> dict[str, Any]:
    """Trust the key of an identity workbook, after its fingerprint was compared by telephone.

    A renewed key replaces the old key that signed it. UserError for a file that is not an identity workbook, for a
    second department of the province, and for a withdrawn key.
    """
    card = cards.read_card(path)
    _refuse_other_kind(workspace, card)
    replaced = workspace.store.partners.get(card.replaces) if card.replaces else None
    partner = _partner(card.key, card.unit, card.name, card.level, card.province, card.store)
    if replaced and replaced.unit == card.unit and not replaced.ended:
        workspace.store.partners.put(replace(replaced, ended=_now(), reason="Đã thay khoá mới."))
    admit(workspace, partner)
    return _described(card) | {"trusted": True, "renewed": replaced is not None}


def admit(workspace: Workspace, partner: Partner) -> None:
    """Store a key as trusted; errors are those of `refuse_partner`."""
    refuse_partner(workspace, partner)
    workspace.store.partners.put(partner)


def refuse_partner(workspace: Workspace, partner: Partner) -> None:
    """Refuse a withdrawn key, and a second department that claims to be the province; UserError."""
    known = workspace.store.partners.get(partner.key)
    if known and known.ended:
        raise UserError(
            f"Khoá ký này của {known.name} đã bị huỷ.",
            code="withdrawn",
            hint="Hãy xin tệp nhận diện với khoá mới.",
        )
    if partner.level == "province" and (other := _department(workspace)) not in (None, partner.unit):
        raise UserError(
            f"Đơn vị cấp tỉnh đã biết là «{other}», không thể có thêm «{partner.unit}».",
            code="second_province",
            hint="Nếu tỉnh đã đổi cơ quan, hãy huỷ khoá cũ trước.",
        )


def withdraw(workspace: Workspace, fingerprint: str, reason: str = "") -> dict[str, Any]:
    """Withdraw trust in a key, by its fingerprint; received data stays. UserError `not_found`."""
    digits = "".join(fingerprint.split())
    for partner in workspace.store.partners.list():
        if signing.fingerprint(partner.key).replace(" ", "") == digits and not partner.ended:
            workspace.store.partners.put(replace(partner, ended=_now(), reason=reason or "Đã huỷ."))
            return {"unit": partner.unit, "name": partner.name, "fingerprint": signing.fingerprint(partner.key)}
    raise UserError("Không có khoá nào đang dùng mang dấu này.", code="not_found", hint="Hãy xem lại 30 chữ số.")


def known_partners(workspace: Workspace) -> list[dict[str, Any]]:
    """List every key of another unit: {"unit", "name", "level", "fingerprint", "trusted", "ended", "reason"}."""
    return [
        {
            "unit": partner.unit,
            "name": partner.name,
            "level": partner.level,
            "fingerprint": signing.fingerprint(partner.key),
            "trusted": partner.trusted,
            "ended": partner.ended,
            "reason": partner.reason,
        }
        for partner in workspace.store.partners.list()
    ]


def known_keys(workspace: Workspace) -> dict[str, str]:
    """The unit code of each trusted public key: of the partners and of this store."""
    keys = {partner.key: partner.unit for partner in workspace.store.partners.list() if not partner.ended}
    return keys | {signing.public_key(signing.signing_key(workspace.store)): workspace.identity.unit.code}


def authority(workspace: Workspace, partner: Partner | None) -> ProvinceAuthority:
    """What a package signed by a partner may write in the name of the province, and the devices of the province."""
    own = workspace.identity
    devices = {device.id for device in workspace.store.partners.devices() if device.level == "province"}
    if own.unit.level == "province":
        devices.add(own.device_id)
    is_province = partner is not None and partner.level == "province" and partner.province == own.unit.province
    return ProvinceAuthority(is_province, frozenset(devices))


def province_keys(workspace: Workspace, *, ended: bool = False) -> frozenset[str]:
    """The trusted keys of this unit's province (also its own key in its store); with `ended` the withdrawn ones."""
    own = workspace.identity.unit
    partners = (p for p in workspace.store.partners.list() if p.level == "province" and bool(p.ended) is ended)
    keys = {partner.key for partner in partners if partner.province == own.province}
    if own.level == "province" and not ended:
        keys.add(signing.public_key(signing.signing_key(workspace.store)))
    return frozenset(keys)


def partner_of_sender(key: str, sender: Any) -> Partner:
    """The partner record for the sender of a package."""
    return _partner(key, sender.unit, sender.name, sender.level, sender.province, sender.store)


def _department(workspace: Workspace) -> str | None:
    """The code of the unit that this store accepts as the province; None if none is known."""
    own = workspace.identity.unit
    if own.level == "province":
        return own.code
    units = (p.unit for p in workspace.store.partners.list() if p.level == "province" and not p.ended)
    return next(units, None)


def _refuse_other_kind(workspace: Workspace, card: Card) -> None:
    if card.practice != workspace.identity.practice:
        what = "kho thực hành" if card.practice else "kho thật"
        raise UserError(f"Tệp nhận diện này là của một {what}.", code="practice", hint="Hai bên phải cùng loại kho.")
    if card.store == workspace.identity.store_id:
        raise UserError("Đây là tệp nhận diện của chính kho này.", code="own_identity")


def _partner(key: str, unit: str, name: str, level: str, province: str, store: str) -> Partner:
    return Partner(key=key, unit=unit, name=name, level=level, province=province, store=store, trusted=_now())


def _described(card: Card) -> dict[str, Any]:
    return {
        "unit": card.unit,
        "name": card.name,
        "level": card.level,
        "province": card.province,
        "officer": card.officer,
        "fingerprint": signing.fingerprint(card.key),
        "replaces": signing.fingerprint(card.replaces) if card.replaces else "",
    }


def _now() -> str:
    return moments.utc_now()
