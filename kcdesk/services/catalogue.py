"""The list of every guard, effect, preparer, check and paper source; the only module that knows every subject."""

from __future__ import annotations

from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.services.lifecycle import missing
from kcdesk.services.money import guards as money_guards
from kcdesk.services.money import payments, reconciliation, settlements
from kcdesk.services.money import prefill as money_prefill
from kcdesk.services.papers import printing, replaced_version
from kcdesk.services.plans import lines
from kcdesk.services.proposals import (
    adjustments,
    appraisals,
    approval,
    beneficiaries,
    contracts,
    local_plan,
    required_papers,
)
from kcdesk.services.records import unread_texts
from kcdesk.services.rules import acceptance_limits, ceilings, funding_checks
from kcdesk.services.staff import offices, open_work, work_handovers
from kcdesk.services.visits import acceptance
from kcdesk.services.visits import prefill as visit_prefill
from kcdesk.services.votes import entries
from kcdesk.services.workspace import Extensions, Preparer


def extensions() -> Extensions:
    """What the subjects add to the engine; guards and effects by their names in `forms/workflow.toml`."""
    return Extensions(
        guards={
            "has_the_papers": required_papers.missing_request,
            "is_appraised": approval.is_appraised,
            "has_answered_remarks": approval.has_answered_remarks,
            "has_final_contract": approval.has_final_contract,
            "is_stopped_by_decision": approval.is_stopped_by_decision,
            "is_accepted_everywhere": acceptance.is_accepted_everywhere,
            "is_accepted_conditionally": acceptance.is_accepted_conditionally,
            "is_refused_somewhere": acceptance.is_refused_somewhere,
            "is_settled": money_guards.is_settled,
            "is_liquidated": money_guards.is_liquidated,
            "owes_nothing": money_guards.owes_nothing,
            "may_be_paid": payments.problems_of_payment,
            "may_be_settled": settlements.problems_of_settlement,
            "can_be_adjusted": adjustments.problems_of_request,
            "is_decided_by_authority": adjustments.problems_of_decision,
            "every_entry_is_scored": entries.every_entry_is_scored,
            "every_judge_has_scored": entries.every_judge_has_scored,
            "may_be_certified": entries.may_be_certified,
            "fits_the_offices": offices.problems_of_office,
            "fits_the_office": offices.problems_of_staff,
            "passes_to_another": work_handovers.passes_to_another,
        },
        effects={
            "move_to_local": local_plan.local_plan_changes,
            "name_authority": adjustments.authority_changes,
            "apply_adjustment": adjustments.decided_changes,
            "carry_to_contract": settlements.contract_values,
            "hand_over_work": work_handovers.new_handlers,
        },
        preparers={
            "appraisal": (Preparer(appraisals.prepare_appraisal, appraisals.TIES),),
            "contract": (Preparer(contracts.prepare_contract, contracts.TIES),),
            "adjustment": (
                Preparer(adjustments.prepare_adjustment, adjustments.TIES),
                Preparer(money_prefill.prepare_stop, money_prefill.STOP_TIES),
            ),
            "inspection": (Preparer(visit_prefill.prepare_inspection, visit_prefill.INSPECTION_TIES),),
            "acceptance": (Preparer(visit_prefill.prepare_acceptance, visit_prefill.ACCEPTANCE_TIES),),
            "payment": (Preparer(money_prefill.prepare_payment, money_prefill.PAYMENT_TIES),),
            "settlement": (Preparer(money_prefill.prepare_settlement, money_prefill.SETTLEMENT_TIES),),
            "product_entry": (Preparer(entries.prepare_entry, entries.TIES),),
            "work_handover": (Preparer(work_handovers.prepare_work_handover, work_handovers.TIES),),
        },
        final_checks=(
            unread_texts.obstacles,
            ceilings.obstacles,
            acceptance_limits.obstacles,
            funding_checks.obstacles,
        ),
        draft_checks={"proposal": required_papers.missing_while_drafting},
        link_checks={
            ("office", "above"): offices.refuse_loop,
            ("proposal", open_work.HANDLER): offices.refuse_departed_handler,
        },
        paper_sources={
            "acceptances": acceptance.others_of_proposal,
            "beneficiaries": beneficiaries.beneficiary_records,
            "ceilings": ceilings.paper_rows,
            "changes": adjustments.rows,
            "contract_years": reconciliation.years,
            "entries": entries.entries,
            "plan_lines": lines.lines_of,
            "problems": missing.paper_rows,
            "province": printing.province_of_office,
            "replaced": replaced_version.replaced_by,
            "year_contracts": reconciliation.rows,
            "year_total": reconciliation.total,
        },
    )


def refuse_unknown_names(forms: Forms) -> None:
    """Refuse forms that name an unknown guard or effect; UserError `bad_forms`."""
    known = extensions()
    for kind in forms.kinds:
        for step in forms.workflow(kind).transitions:
            for what, name, names in (
                ("điều kiện", step.guard, known.guards),
                ("tác động", step.effect, known.effects),
            ):
                if name and name not in names:
                    raise UserError(
                        f"Bước «{step.name}» ({kind}) trong forms/workflow.toml đòi {what} lạ «{name}».",
                        code="bad_forms",
                        hint=f"Có sẵn: {', '.join(names)}.",
                    )
