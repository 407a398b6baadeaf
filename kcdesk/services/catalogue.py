"""The list of every guard, effect, preparer, check and paper source; the only module that knows every subject."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, cached_property

from kcdesk.errors import Problem, UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.record import Record
from kcdesk.services.handover.receipts import offers
from kcdesk.services.invoices import repeated
from kcdesk.services.law import checking, own_instruments
from kcdesk.services.lifecycle import missing, newer_advice, return_requests
from kcdesk.services.money import as_accepted, payments, reconciliation, reported_work, settled_sites, settlements
from kcdesk.services.money import figures as money_figures
from kcdesk.services.money import guards as money_guards
from kcdesk.services.money import prefill as money_prefill
from kcdesk.services.papers import locked_papers, printing, replaced_version
from kcdesk.services.plans import lines, plan_decisions, year_plans
from kcdesk.services.proposals import (
    adjusted_amounts,
    adjustments,
    appraisals,
    approval,
    beneficiaries,
    contracts,
    defaults,
    local_plan,
    required_papers,
    site_rows,
    suggested_rows,
    support_differences,
    territory,
)
from kcdesk.services.rules import acceptance_limits, ceilings, funding_checks, priority_areas, support_limits
from kcdesk.services.staff import offices, open_work, work_handovers
from kcdesk.services.totals import overlaps
from kcdesk.services.visits import (
    acceptance,
    as_contracted,
    benefits,
    failed_photos,
    photo_places,
    remedies,
    site_lines,
    spending_basis,
    visits,
)
from kcdesk.services.visits import prefill as visit_prefill
from kcdesk.services.votes import certificate_holders, entries
from kcdesk.services.warnings import review_table
from kcdesk.services.workspace import (
    AnswerFiller,
    Beginning,
    ClosedFinder,
    Effect,
    Extensions,
    FigureFinder,
    Filler,
    Guard,
    LimitFinder,
    LinkCheck,
    OriginFinder,
    PaperSource,
    Preparer,
    StepFollower,
    TableOffer,
    Workspace,
)


class _Subjects:
    """What the subjects add to the engine; guards and effects by their names in `forms/workflow.toml`.

    Each group is made when it is first asked for: a start does not wait for the subjects that it does not need.
    """

    @cached_property
    def guards(self) -> Mapping[str, Guard]:
        return {
            "has_the_papers": required_papers.missing_request,
            "is_handed_in": approval.is_handed_in,
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
            "every_entry_is_certified": entries.every_entry_is_certified,
            "is_entered_in_a_vote": entries.is_entered_in_a_vote,
            "fits_the_register": own_instruments.problems_beside,
            "may_be_ticked": checking.problems_of_tick,
            "is_confirmed_by_another": checking.problems_of_confirmation,
            "every_decision_is_written": plan_decisions.every_decision_is_written,
        }

    @cached_property
    def effects(self) -> Mapping[str, Effect]:
        return {
            "move_to_local": local_plan.local_plan_changes,
            "name_authority": adjustments.authority_changes,
            "apply_adjustment": adjustments.decided_changes,
            "carry_to_contract": settlements.contract_values,
            "hand_over_work": work_handovers.new_handlers,
            "name_checker": checking.checker_changes,
            "name_confirmer": checking.confirmer_changes,
        }

    @cached_property
    def fillers(self) -> Mapping[str, Filler]:
        return {"granted_by_receipt": approval.granted_by_receipt}

    @cached_property
    def answer_fillers(self) -> Mapping[str, AnswerFiller]:
        return {"proposal": approval.answer_of_province}

    @cached_property
    def preparers(self) -> Mapping[str, tuple[Preparer, ...]]:
        return {
            "beneficiary": (Preparer(territory.prepare_beneficiary, territory.TIES),),
            "proposal": (
                Preparer(defaults.prepare_proposal, defaults.TIES),
                Preparer(site_rows.prepare_sites, site_rows.TIES),
            ),
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
            review_table.DIFFICULTY: (Preparer(review_table.prepare_difficulty, review_table.TIES),),
            "opening_total": (Preparer(overlaps.prepare_total, overlaps.TIES),),
            "work_handover": (Preparer(work_handovers.prepare_work_handover, work_handovers.TIES),),
        }

    @cached_property
    def beginnings(self) -> Mapping[str, Beginning]:
        return {
            "proposal": defaults.begin_proposal,
            "opening_total": overlaps.begin_total,
            "instrument_check": checking.begin_check,
        }

    @cached_property
    def table_offers(self) -> Mapping[tuple[str, str], TableOffer]:
        return {
            **suggested_rows.offers(),
            **site_rows.offers(),
            **as_contracted.offers(),
            **as_accepted.settlement_offers(),
        }

    @cached_property
    def final_checks(self) -> tuple[Guard, ...]:
        return (
            ceilings.obstacles,
            support_limits.obstacles,
            acceptance_limits.obstacles,
            failed_photos.obstacles,
            funding_checks.obstacles,
        )

    @cached_property
    def draft_checks(self) -> Mapping[str, Guard]:
        return {
            "proposal": required_papers.missing_while_drafting,
            "plan": plan_decisions.advice_before_closing,
            "acceptance": _together(
                site_lines.unknown_site,
                visits.repeated_serials,
                repeated.repeated_invoices,
                photo_places.differing,
                remedies.beside_acceptance,
            ),
            "inspection": _together(site_lines.unknown_site, visits.repeated_serials, photo_places.differing),
            "payment": repeated.repeated_invoices,
            "opening_total": overlaps.while_drafting,
            "settlement": _together(settled_sites.less_than_accepted, repeated.repeated_invoices),
            "instrument": own_instruments.problems_beside,
        }

    @cached_property
    def lasting_checks(self) -> tuple[Guard, ...]:
        return (
            support_differences.problems_beside,
            site_rows.differing_support,
            settled_sites.differing_sites,
            money_guards.unpaid_settlements,
            territory.contradictions,
            priority_areas.contradictions,
            benefits.unasked_results,
            newer_advice.advice_of_newest_form,
            overlaps.in_locked_totals,
        )

    @cached_property
    def closed_fields(self) -> Mapping[str, ClosedFinder]:
        return {"proposal": offers.closed_fields}

    @cached_property
    def link_checks(self) -> Mapping[tuple[str, str], LinkCheck]:
        return {
            ("office", "above"): offices.refuse_loop,
            ("proposal", open_work.HANDLER): offices.refuse_departed_handler,
        }

    @cached_property
    def paper_sources(self) -> Mapping[str, PaperSource]:
        return {
            "acceptances": acceptance.others_of_proposal,
            "agency": printing.agency_in_charge,
            "answer_day": return_requests.answer_day,
            "beneficiaries": beneficiaries.beneficiary_records,
            "ceilings": ceilings.paper_rows,
            "certificate_holders": certificate_holders.holders_for_report,
            "vote_difficulties": certificate_holders.difficulties_for_report,
            "changes": adjustments.rows,
            "contract_years": reconciliation.years,
            "entries": entries.entries,
            "organiser": printing.organiser_of_visit,
            "plan_lines": lines.lines_of,
            "problems": missing.paper_rows,
            "province": printing.province_of_office,
            "province_committee": printing.committee_of_province,
            "replaced": replaced_version.replaced_by,
            "spending_basis": spending_basis.bases_about_money,
            "year_contracts": reconciliation.rows,
            "year_total": reconciliation.total,
            **reported_work.SOURCES,
        }

    @cached_property
    def paper_figures(self) -> Mapping[tuple[str, str], PaperSource]:
        return {
            ("contract", "acceptances"): acceptance.figures_of_proposal,
            ("contract", "contract_years"): reconciliation.figures_of_years,
            ("contract", "year_contracts"): reconciliation.figures,
            ("product_vote", "entries"): entries.figures_of_entries,
            ("proposal", "problems"): missing.paper_figures,
            ("settlement", "contract_years"): reconciliation.figures_of_years,
            ("settlement", "year_contracts"): reconciliation.figures,
            **{
                (kind, name): reported_work.dossiers_behind
                for kind in ("contract", "proposal")
                for name in reported_work.SOURCES
            },
        }

    @cached_property
    def step_followers(self) -> tuple[StepFollower, ...]:
        return (locked_papers.fix_papers,)

    @cached_property
    def origins(self) -> Mapping[str, tuple[OriginFinder, ...]]:
        return {
            "contract": (settlements.origins_in_settlements,),
            "plan": (adjusted_amounts.origins_of_row, year_plans.origins_of_entry),
            "proposal": (
                adjusted_amounts.origins_of_approval,
                plan_decisions.origins_in_plans,
                approval.origins_in_receipt,
            ),
        }

    @cached_property
    def limits(self) -> Mapping[str, LimitFinder]:
        return {
            **dict.fromkeys(("appraisal", "contract", "plan", "proposal"), support_limits.limits_at),
            "payment": payments.limits_at,
        }

    @cached_property
    def figures(self) -> Mapping[str, tuple[FigureFinder, ...]]:
        return {
            "contract": (money_figures.of_contract,),
            "proposal": (ceilings.figures, money_figures.of_proposal),
        }


@cache
def extensions() -> Extensions:
    """What the subjects add to the engine."""
    return _Subjects()


def _together(*checks: Guard) -> Guard:
    """The problems of several checks, in their order."""

    def problems(workspace: Workspace, record: Record) -> list[Problem]:
        return [problem for check in checks for problem in check(workspace, record)]

    return problems


def refuse_unknown_names(forms: Forms) -> None:
    """Refuse forms that name an unknown guard, effect or filler; UserError `bad_forms`."""
    known = extensions()
    for kind in forms.kinds:
        workflow = forms.workflow(kind)
        for step in workflow.transitions:
            place = f"Bước «{step.name}» ({kind})"
            _refuse_unknown(place, "điều kiện", step.guard, known.guards)
            _refuse_unknown(place, "tác động", step.effect, known.effects)
            _refuse_unknown(place, "cách điền", step.fill, known.fillers)
        for state in workflow.states:
            _refuse_unknown(f"Trạng thái «{state.name}» ({kind})", "việc", state.task, known.guards)


def _refuse_unknown(place: str, what: str, name: str, names: Mapping[str, object]) -> None:
    if name and name not in names:
        raise UserError(
            f"{place} trong forms/workflow.toml đòi {what} lạ «{name}».",
            code="bad_forms",
            hint=f"Có sẵn: {', '.join(names)}.",
        )
