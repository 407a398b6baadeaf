"""How well the rules in a tree are proved, and what to be careful of, on the day whose rules apply."""

from __future__ import annotations

from datetime import date

from kcdesk.formdef.derivations.nodes import Derivation, LegalBasis
from kcdesk.formdef.law.register import PROOFS
from kcdesk.formdef.regulations.governing_days import dossier_day
from kcdesk.runtime.frozen import replace
from kcdesk.services.records.references import present
from kcdesk.services.workspace import Workspace


def with_proof(workspace: Workspace, tree: Derivation, record_id: str = "") -> Derivation:
    """The tree whose rules say the day, the level of proof and the cautions; without a record, those of today."""
    return _Prover(workspace).proved(tree, (record_id,) if record_id else ())


class _Prover:
    """Fills in the rules of a tree; only the dossiers around a rule are read, each once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._days: dict[str, date | None] = {}

    def proved(self, node: Derivation, around: tuple[str, ...]) -> Derivation:
        """A part of the tree; `around` are the ids of the dossiers of the cells above it, the nearest first."""
        around = (node.cell.record, *around) if node.cell else around
        return replace(
            node,
            rule=self._with_marks(node.rule, around) if node.rule else None,
            parts=tuple(self.proved(part, around) for part in node.parts),
            limits=tuple(self.proved(limit, around) for limit in node.limits),
        )

    def _with_marks(self, rule: LegalBasis, around: tuple[str, ...]) -> LegalBasis:
        if not rule.source and not rule.unverified:
            return rule
        law, on = self._workspace.forms.law, rule.on or self._day(around)
        proof = PROOFS[law.proof(rule.source, unverified=rule.unverified)]
        cautions = tuple(caution.text for caution in law.cautions(rule.source, on))
        return replace(rule, on=on, proof=proof, cautions=cautions)

    def _day(self, around: tuple[str, ...]) -> date:
        """The day of the nearest dossier that is in this store; today for none."""
        today = self._workspace.today()
        for id_ in around:
            if id_ not in self._days:
                stored = next(iter(present(self._workspace, [id_])), None)
                self._days[id_] = dossier_day(stored.record(self._workspace.forms), today) if stored else None
            if (day := self._days[id_]) is not None:
                return day
        return today
