"""Fill in what is known about a new proposal: its year, who handles it, who implements it, where it is."""

from __future__ import annotations

from kcdesk.formdef.record import Record
from kcdesk.services.records.copying import fill, only_id
from kcdesk.services.workspace import Workspace

TIES = frozenset(("beneficiaries",))
_HANDLER, _PLACE, _ADDRESS, _SITES = "handler", "place", "address", "sites"
_OF_OFFICE = {"implementing_address": "address", "implementing_phone": "phone"}
_OF_SIGNER = ("implementing_representative", "implementing_title", "implementing_address", "implementing_phone")


def begin_proposal(workspace: Workspace, proposal: Record) -> None:
    """Fill in the year, the officer and the office of a proposal that this officer begins."""
    unit = workspace.identity.unit
    fill(proposal, "year", workspace.today().year)
    fill(proposal, _HANDLER, _own_staff(workspace))
    if workspace.level is workspace.forms.levels.makers:
        fill(proposal, "implementing_unit", unit.name)
        _fill_implementing(workspace, proposal)


def prepare_proposal(workspace: Workspace, proposal: Record) -> None:
    """Fill in the place of a proposal from its only beneficiary; typed values stay.

    A proposal with sites has its places there, and the place decides which province's rules hold.
    """
    if proposal.is_visible(_SITES):
        return
    only = only_id(proposal.value("beneficiaries"))
    if only is not None:
        beneficiary = workspace.store.record(only)
        fill(proposal, _PLACE, beneficiary.value("place"))
        fill(proposal, _ADDRESS, beneficiary.value("address"))


def _fill_implementing(workspace: Workspace, proposal: Record) -> None:
    """Fill in where the own office is, and who signed for it in the newest proposal."""
    unit = workspace.identity.unit
    for office in workspace.store.page("office", where={"code": unit.code}, limit=1):
        for field, known in _OF_OFFICE.items():
            fill(proposal, field, office.data.get(known))
    own = {"implementing_unit": unit.name}
    for newest in workspace.store.page("proposal", where=own, order="created", descending=True, limit=1):
        for field in _OF_SIGNER:
            fill(proposal, field, newest.data.get(field))


def _own_staff(workspace: Workspace) -> str | None:
    """The id of the officer who works with this store in the list of officers; None if it is not certain."""
    day = workspace.today().isoformat()
    named = workspace.store.find("staff", "name", workspace.identity.officer.name)
    records = [stored.record(workspace.forms) for stored in named]
    serving = [record.id for record in records if str(record.value("serves_to") or day) >= day]
    return only_id(serving)
