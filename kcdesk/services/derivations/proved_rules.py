"""How well the rules in a tree are proved, and what to be careful of, on the day whose rules apply."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kcdesk.formdef.derivations.nodes import Derivation, LegalBasis
from kcdesk.formdef.law.register import PROOFS, LawRegister
from kcdesk.formdef.regulations.governing_days import dossier_day
from kcdesk.services.workspace import Workspace


def with_proof(workspace: Workspace, tree: Derivation, record_id: str = "") -> Derivation:
    """The tree whose rules say the day, the level of proof and the cautions; without a record, those of today."""
    return _proved(workspace, tree, _day(workspace, record_id, workspace.today()), {})


def _proved(workspace: Workspace, node: Derivation, on: date, days: dict[str, date]) -> Derivation:
    if node.cell is not None:
        id_ = node.cell.record
        on = days[id_] if id_ in days else days.setdefault(id_, _day(workspace, id_, on))
    return replace(
        node,
        rule=_with_marks(workspace.forms.law, node.rule, on) if node.rule else None,
        parts=tuple(_proved(workspace, part, on, days) for part in node.parts),
        limits=tuple(_proved(workspace, limit, on, days) for limit in node.limits),
    )


def _with_marks(law: LawRegister, rule: LegalBasis, around: date) -> LegalBasis:
    on = rule.on or around
    if not rule.source and not rule.unverified:
        return rule
    proof = PROOFS[law.proof(rule.source, unverified=rule.unverified)]
    cautions = tuple(caution.text for caution in law.cautions(rule.source, on))
    return replace(rule, on=on, proof=proof, cautions=cautions)


def _day(workspace: Workspace, record_id: str, around: date) -> date:
    """The day of a dossier; that of what is around it for one that is not in this store."""
    stored = workspace.store.query("SELECT id FROM record WHERE id = :id", {"id": record_id}) if record_id else []
    known = [row["id"] for row in stored]
    return dossier_day(workspace.store.record(known[0]), workspace.today()) if known else around
