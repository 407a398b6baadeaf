"""The units that this unit hands over to and receives from: identity workbooks, trusted keys, renewal, withdrawal."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import moments
from kcdesk.errors import UserError
from kcdesk.exchange import cards, handing_over
from kcdesk.exchange.container import signing
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.trust import admission
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.merging import ProvinceAuthority
from kcdesk.store.handover.partners import Partner
from kcdesk.store.history import NO_STEP

if TYPE_CHECKING:
    from kcdesk.exchange.cards import Card


def write_identity(
    workspace: Workspace, path: Path, *, renew: bool = False, beside: Path | None = None
) -> dict[str, Any]:
    """Write this unit's name and public key as a small workbook; returns {"file", "unit", "name", "fingerprint"}.

    With `renew` a new key is made first; the workbook and every later package then carry a signature by the old key.
    `beside` is the identity workbook of another laptop of this unit: it is written again, vouched for by this laptop.
    """
    if beside is not None:
        return {"file": str(path), **_described(_vouched_beside(workspace, path, beside))}
    old_key = signing.signing_key(workspace.store)
    key = signing.new_key() if renew else old_key
    replaced = old_key if renew else None
    with handing_over.handing_over(workspace.store) as outside:
        card, statement = cards.stated(workspace.identity, key, replaced)
        if renew:
            kept = [*workspace.store.setting(signing.RENEWALS, []), statement.to_json()]
            workspace.store.set_setting(signing.RENEWALS, kept[-cards.MOST_RENEWALS :])
            signing.keep(workspace.store, key)
            _note(workspace, f"Thay khoá ký của đơn vị này bằng khoá mới {signing.fingerprint(card.key)}")
            outside.paths.append(path)
        cards.write_card(path, card, statement, workspace.level.label)
    return {"file": str(path), **_described(card)}


def _vouched_beside(workspace: Workspace, path: Path, source: Path) -> Card:
    """Vouch for another laptop of this unit; UserError for the card of any other unit."""
    card, unit = cards.read_card(source), workspace.identity.unit
    _refuse_other_kind(workspace, card)
    if (card.unit, card.level, card.province) != (unit.code, unit.level, unit.province):
        raise UserError(
            f"Tệp nhận diện này là của «{card.name}» ({card.unit}), không phải của một máy khác cùng đơn vị.",
            code="other_unit",
            hint="Hãy chọn tệp nhận diện xuất từ máy kia của đơn vị này.",
        )
    trust(workspace, source, same_unit=True)
    return cards.write_beside(path, source, signing.signing_key(workspace.store), workspace.level.label)


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
        workspace.store.backup(reason="device")
    workspace.store.renew_device()
    return {"device": workspace.identity.device_id, "before": before}


def read_identity(path: Path) -> dict[str, Any]:
    """Read an identity workbook before it is trusted: {"unit", "name", "level", "province", "fingerprint", …}."""
    return _described(cards.read_card(path))


def trust(workspace: Workspace, path: Path, *, same_unit: bool = False) -> dict[str, Any]:
    """Trust the key of an identity workbook, after its fingerprint was compared by telephone.

    A renewed key replaces the old key that signed it. `same_unit`: the officer says that it is another laptop of this
    unit. UserError for a file that is not an identity workbook, and those of `admission.refuse_partner`.
    """
    card, statement = cards.read_card(path), cards.read_statement(path)
    _refuse_other_kind(workspace, card)
    _refuse_unknown_level(workspace, card)
    partner = _partner(card.key, card.unit, card.name, card.level, card.province, card.store)
    proofs = [known.key for known in workspace.store.partners.list() if cards.is_beside(statement, known.key)]
    with workspace.store.together():
        renewed = admit(workspace, partner, replaces=card.replaces, beside=proofs, same_unit=same_unit)
        admission.note_above(workspace, card.unit, card.parent)
    return _described(card) | {"trusted": True, "renewed": renewed}


def admit(
    workspace: Workspace,
    partner: Partner,
    *,
    replaces: str = "",
    beside: Collection[str] = (),
    same_unit: bool = False,
) -> bool:
    """Store a key as trusted; returns whether it replaces the key `replaces`. Errors of `admission.refuse_partner`."""
    admission.refuse_partner(workspace, partner, (replaces, *beside), same_unit=same_unit)
    store = workspace.store
    replaced = store.partners.get(replaces) if replaces else None
    is_renewal = replaced is not None and not replaced.ended and admission.is_same_unit(replaced, partner)
    if store.partners.get(partner.key) is not None:
        return is_renewal
    with store.together():
        if replaced is not None and is_renewal:
            store.partners.put(replace(replaced, ended=_now(), reason="Đã thay khoá mới."))
        store.partners.put(partner)
        verb = "Thay khoá đã tin cậy" if is_renewal else "Tin cậy khoá"
        _note(workspace, f"{verb} của {partner.name} ({partner.unit}): {signing.fingerprint(partner.key)}")
    return is_renewal


def withdraw(workspace: Workspace, fingerprint: str, reason: str) -> dict[str, Any]:
    """Withdraw trust in a key, by its fingerprint; received data stays, the reason stands in the history.

    UserError `not_found`, `reason_missing`.
    """
    if not reason.strip():
        raise UserError("Huỷ tin cậy một khoá phải ghi lý do.", code="reason_missing", hint="Ví dụ: mất máy, lộ khoá.")
    digits = "".join(fingerprint.split())
    for partner in workspace.store.partners.list():
        if signing.fingerprint(partner.key).replace(" ", "") == digits and not partner.ended:
            with workspace.store.together():
                workspace.store.partners.put(replace(partner, ended=_now(), reason=reason.strip()))
                shown = signing.fingerprint(partner.key)
                _note(workspace, f"Huỷ tin cậy khoá {shown} của {partner.name} ({partner.unit}): {reason.strip()}")
            return {"unit": partner.unit, "name": partner.name, "fingerprint": signing.fingerprint(partner.key)}
    raise UserError("Không có khoá nào đang dùng mang dấu này.", code="not_found", hint="Hãy xem lại 30 chữ số.")


def _note(workspace: Workspace, action: str) -> None:
    """Write into the history what was done about a key; it is no step of undo."""
    with workspace.store.act(action, undoes=NO_STEP) as act:
        act.note()


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
