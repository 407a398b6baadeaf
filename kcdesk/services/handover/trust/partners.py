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
from kcdesk.text import lower_first

if TYPE_CHECKING:
    from kcdesk.exchange.cards import Card


def write_identity(workspace: Workspace, path: Path, *, renew: bool = False) -> dict[str, Any]:
    """Write this unit's name and public key as a small workbook; returns {"file", "unit", "name", "fingerprint"}.

    With `renew` a new key is made first; the workbook then also carries a signature by the old key.
    """
    old_key = signing.signing_key(workspace.store)
    key = signing.new_key() if renew else old_key
    card = cards.write_card(path, workspace.identity, key, workspace.level.label, replaced=old_key if renew else None)
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
    _refuse_unknown_level(workspace, card)
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
    if other := _other_office(workspace, partner):
        label = workspace.forms.levels.label(partner.level)
        raise UserError(
            f"Đơn vị {lower_first(label)} đã biết là «{other}», không thể có thêm «{partner.unit}».",
            code="second_province",
            hint="Nếu cơ quan đó đã đổi, hãy huỷ khoá cũ trước.",
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
            "level_label": workspace.forms.levels.label(partner.level),
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
    """What a package signed by a partner may write in the name of the offices that decide for this one, their devices.

    At the top only this office decides: what an office below says is judged as that of any sender.
    """
    own = workspace.identity
    known_devices = workspace.store.partners.devices()
    devices = {device.id for device in known_devices if _is_authority(workspace, device.level)}
    if workspace.level.decides:
        devices.add(own.device_id)
    return ProvinceAuthority(
        partner is not None and has_authority(workspace, partner),
        frozenset(devices),
        same_office=partner is None or partner.unit == own.unit.code,
    )


def deciding_devices(workspace: Workspace) -> frozenset[str]:
    """The devices of every office that decides, also of those below this one."""
    levels = workspace.forms.levels
    below = {device.id for device in workspace.store.partners.devices() if levels.decides(device.level)}
    return authority(workspace, None).devices | below


def has_authority(workspace: Workspace, partner: Partner) -> bool:
    """Whether the word of a partner counts for this office: it decides, does not stand below, and speaks for it."""
    own = workspace.identity.unit
    speaks = workspace.forms.levels.speaks_for(partner.level, partner.province, own.province)
    return speaks and _is_authority(workspace, partner.level)


def _is_authority(workspace: Workspace, level: str) -> bool:
    levels = workspace.forms.levels
    return levels.decides(level) and not levels.is_above(workspace.identity.unit.level, level)


def voucher_keys(workspace: Workspace, sender: Partner | None, *, ended: bool = False) -> frozenset[str]:
    """The trusted keys whose vouchers count in a package of a sender; with `ended` the withdrawn ones.

    They are those of the offices that decide for this one, and, in a package from below, those of the sending office:
    a province vouches for its own decisions and for those of no other province.
    """
    levels = workspace.forms.levels
    listed = [p for p in workspace.store.partners.list() if bool(p.ended) is ended]
    keys = {p.key for p in listed if has_authority(workspace, p)}
    is_below = sender is not None and levels.is_above(workspace.identity.unit.level, sender.level)
    if sender is not None and is_below and levels.decides(sender.level):
        keys |= {p.key for p in listed if p.unit == sender.unit}
    if workspace.level.decides and not ended:
        keys.add(signing.public_key(signing.signing_key(workspace.store)))
    return frozenset(keys)


def partner_of_sender(key: str, sender: Any) -> Partner:
    """The partner record for the sender of a package."""
    return _partner(key, sender.unit, sender.name, sender.level, sender.province, sender.store)


def _other_office(workspace: Workspace, partner: Partner) -> str | None:
    """The code of another office that already decides in the place of a partner; None if there is none.

    An office above several provinces knows one for each of them; every other office knows one for each level.
    """
    own, levels = workspace.identity.unit, workspace.forms.levels
    if not levels.decides(partner.level):
        return None
    known = [(p.unit, p.level, p.province) for p in workspace.store.partners.list() if not p.ended]
    is_below = levels.is_above(own.level, partner.level)
    others = (
        unit
        for unit, level, province in [(own.code, own.level, own.province), *known]
        if level == partner.level and unit != partner.unit and (not is_below or province == partner.province)
    )
    return next(others, None)


def _refuse_other_kind(workspace: Workspace, card: Card) -> None:
    if card.practice != workspace.identity.practice:
        what = "kho thực hành" if card.practice else "kho thật"
        raise UserError(f"Tệp nhận diện này là của một {what}.", code="practice", hint="Hai bên phải cùng loại kho.")
    if card.store == workspace.identity.store_id:
        raise UserError("Đây là tệp nhận diện của chính kho này.", code="own_identity")


def _refuse_unknown_level(workspace: Workspace, card: Card) -> None:
    if card.level not in workspace.forms.levels.names:
        raise UserError(
            f"Chương trình này không biết cấp «{card.level}» của đơn vị trong tệp.",
            code="unknown_level",
            hint="Hãy dùng phiên bản mới hơn của chương trình hoặc của tệp quy định.",
        )


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
