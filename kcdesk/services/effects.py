"""What a step changes besides the state, in the same act: by the names that forms/workflow.toml uses.

An effect gives the changes of every record that it touches, by id; the record that takes the step among them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

Effect = Callable[[Workspace, Record], dict[str, dict[str, Any]]]


def _move_to_local(workspace: Workspace, proposal: Record) -> dict[str, dict[str, Any]]:
    """The national share of every line becomes the province's; the refusal stays on record."""
    changes = proposal.set("programme", "local")
    changes |= proposal.set("moved_on", workspace.today().isoformat())
    for row in proposal.rows("budget"):
        if national := row.get("national"):
            changes |= proposal.set(f"budget/{row['id']}/local", national + row.get("local", 0))
            changes |= proposal.set(f"budget/{row['id']}/national", None)
    return {proposal.id: changes}


def _name_authority(workspace: Workspace, adjustment: Record) -> dict[str, dict[str, Any]]:
    from kcdesk.services.proposals import adjustments

    return {adjustment.id: adjustments.named_authority(workspace, adjustment)}


def _apply_adjustment(workspace: Workspace, adjustment: Record) -> dict[str, dict[str, Any]]:
    from kcdesk.services.proposals import adjustments

    return adjustments.applied(workspace, adjustment)


def _carry_to_contract(workspace: Workspace, settlement: Record) -> dict[str, dict[str, Any]]:
    from kcdesk.services.money import balances

    return balances.contract_values(workspace, settlement)


def _hand_over_work(workspace: Workspace, handover: Record) -> dict[str, dict[str, Any]]:
    from kcdesk.services.staff import work_handovers

    return work_handovers.hand_over(workspace, handover)


EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "move_to_local": _move_to_local,
        "name_authority": _name_authority,
        "apply_adjustment": _apply_adjustment,
        "carry_to_contract": _carry_to_contract,
        "hand_over_work": _hand_over_work,
    }
)
