"""Who made a package: a known key, one that a known key has renewed, or one that the officer has just compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcdesk.exchange.cards import Card, read_renewals
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.handover.trust import admission, partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.partners import Partner

if TYPE_CHECKING:
    from kcdesk.exchange.verification import OpenedPackage

RENEWED = "Đơn vị gửi đã thay khoá ký; khoá cũ đã tin cậy chứng nhận khoá mới, nên từ gói này chỉ khoá mới có hiệu lực."


class Consent(Value):
    """What the officer has said: the thirty digits were compared; the key is that of another laptop of this unit."""

    compared: bool = False
    same_unit: bool = False


class PackageSender(Value):
    """The maker of a package: None if its key is unknown or withdrawn; `replaces` is the key that it has renewed."""

    partner: Partner | None
    replaces: str = ""


def identified(workspace: Workspace, package: OpenedPackage, consent: Consent) -> tuple[OpenedPackage, PackageSender]:
    """Who made a package; UserError as of `admission.refuse_partner` if the officer trusts a key that may not be.

    The package comes back as authentic if a renewal by a known key proves its key.
    """
    inspection = package.inspection
    if inspection.status != "unknown_sender" or inspection.manifest is None:
        return package, PackageSender(_known(workspace, inspection.key))
    partner = partners.partner_of_sender(inspection.key, inspection.manifest.sender)
    if replaces := _renewed(workspace, partner, read_renewals(package.renewals())):
        authentic = replace(package, inspection=replace(inspection, status="authentic", problems=()))
        return authentic, PackageSender(partner, replaces)
    if not consent.compared:
        return package, PackageSender(_known(workspace, inspection.key))
    admission.refuse_partner(workspace, partner, same_unit=consent.same_unit)
    return package, PackageSender(partner)


def _known(workspace: Workspace, key: str) -> Partner | None:
    partner = workspace.store.partners.get(key) if key else None
    return partner if partner and not partner.ended else None


def _renewed(workspace: Workspace, partner: Partner, renewals: list[Card]) -> str:
    """The trusted key that the maker's key replaces, directly or in several steps; "" if there is none."""
    if workspace.store.partners.get(partner.key) is not None:  # a withdrawn key stays withdrawn
        return ""
    known = {k.key for k in workspace.store.partners.list() if not k.ended and admission.is_same_unit(k, partner)}
    key = partner.key
    for card in reversed(renewals):
        if card.key == key and (card.unit, card.level, card.province) == (
            partner.unit,
            partner.level,
            partner.province,
        ):
            key = card.replaces
            if key in known:
                return key
    return ""
