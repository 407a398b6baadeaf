"""The small questions about a year plan: another place, leaving a row out, an addition, a new budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QWidget

from kcdesk import notations
from kcdesk.formdef.record import Record
from kcdesk.services.plans import plan_budget, year_plans
from kcdesk.services.plans.plan_budget import BudgetDecision
from kcdesk.services.proposals import plan_additions
from kcdesk.services.proposals.plan_additions import AdditionCandidate, AdditionDecision
from kcdesk.services.records import reading
from kcdesk.services.records.changing import Changes
from kcdesk.services.rules import support_limits
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.shell.small_dialogs import AskedField, FieldsQuestion, refusal

_KEEP = "Giữ nguyên"


def move_question(page: DossierPage, rows: list[dict[str, Any]], row_id: str, places: int) -> FieldsQuestion:
    """Ask for the new place of a row, and why; `places` is how far it was moved already."""
    place = next(number for number, row in enumerate(rows, start=1) if row["id"] == row_id)
    row = rows[place - 1]
    title = reading.title_of(page.context.workspace, str(row.get("proposal", "")))
    fields = (
        AskedField("place", f"Chuyển đến vị trí (1–{len(rows)})", str(place + places) if places else ""),
        AskedField("reason", "Lý do xếp khác thứ tự", str(row.get("reason", ""))),
    )
    check = lambda answers: _wrong_place(answers["place"], len(rows))  # noqa: E731 - asked while typing
    return FieldsQuestion("Chuyển dòng", fields, "Chuyển", _KEEP, page, detail=f"Dòng {place}: «{title}»", check=check)


def leave_out_question(page: DossierPage, plan: Record, row_id: str) -> FieldsQuestion:
    """Ask why a row is not taken into this year's plan."""
    row = next(row for row in plan.rows("entries") if row["id"] == row_id)
    title = reading.title_of(page.context.workspace, str(row.get("proposal", "")))
    column = plan.form.field("entries").column("left_out")
    choices = tuple((choice.value, choice.label) for choice in page.context.workspace.forms.choices(column))
    fields = (
        AskedField("left_out", "Vì", str(row.get("left_out", "")), choices=choices),
        AskedField("reason", "Lý do", str(row.get("reason", ""))),
    )
    return FieldsQuestion("Không đưa vào kế hoạch", fields, "Không đưa vào", _KEEP, page, detail=f"«{title}»")


def addition_question(page: QWidget, workspace: Workspace, plan: Record) -> FieldsQuestion | None:
    """Ask for a proposal, its amount and the deciding paper; None if no proposal could be added."""
    candidates = plan_additions.candidates(workspace, plan)
    if not candidates:
        return None
    by_id = {candidate.proposal: candidate for candidate in candidates}
    choices = tuple((candidate.proposal, _named(candidate)) for candidate in candidates)
    fields = (
        AskedField("proposal", "Đề án", choices=choices),
        AskedField("support", "Kinh phí hỗ trợ", hint="để trống: số đề nghị; có thể gõ 300 tr", required=False),
        *_paper(plan),
    )

    def not_yet(answers: Mapping[str, str]) -> str:
        why = by_id[answers["proposal"]].why_not
        return f"Chưa bổ sung được: {why}" if why else ""

    def wrong(answers: Mapping[str, str]) -> str:
        if why := not_yet(answers):
            return why
        support = answers["support"] and refusal(notations.parse_money, answers["support"])
        return support or refusal(notations.parse_date, answers["date"])

    def unusual(answers: Mapping[str, str]) -> str:
        if why := not_yet(answers):
            return why  # before anything is typed in vain
        typed, requested = answers["support"], by_id[answers["proposal"]].requested
        if typed and refusal(notations.parse_money, typed):
            return ""  # said by `wrong` once everything is answered
        amount = notations.parse_money(typed) if typed else requested
        proposal = workspace.store.record(answers["proposal"])
        above = (f"{excess.text}." for excess in support_limits.excesses(workspace, proposal, amount))
        return " ".join(filter(None, (*above, year_plans.beyond_budget(plan, amount))))

    return FieldsQuestion(
        "Bổ sung đề án vào kế hoạch", fields, "Bổ sung", _KEEP, page, detail=plan.title(), check=wrong, warn=unusual
    )


def _named(candidate: AdditionCandidate) -> str:
    """«Hỗ trợ máy sấy – Hộ kinh doanh Trần Văn Bảo – đề nghị 200.000.000»."""
    asked = f"đề nghị {format_integer(candidate.requested)}"
    return " – ".join(filter(None, (candidate.title, candidate.beneficiaries, asked)))


def add_proposal(workspace: Workspace, plan: str, answers: Mapping[str, str]) -> Changes:
    """Add the chosen proposal."""
    proposal = answers["proposal"]
    asked = workspace.store.record(proposal).text("requested_support").removesuffix(" đồng")
    typed = {name: value for name, value in answers.items() if name != "proposal"}
    decision = AdditionDecision(**{**typed, "support": answers["support"] or asked})
    return plan_additions.add_to_plan(workspace, plan, proposal, decision)


def budget_question(page: QWidget, plan: Record) -> FieldsQuestion:
    """Ask for a new budget and the deciding paper."""
    fields = (AskedField("budget", "Kinh phí mới", hint="có thể gõ 800 tr"), *_paper(plan))
    return FieldsQuestion(
        "Đổi kinh phí của kế hoạch",
        fields,
        "Đổi kinh phí",
        _KEEP,
        page,
        detail=f"{plan.title()}: kinh phí hiện nay {plan.text('budget')}. Đề án vào thêm được thì ghi quyết định này.",
        check=lambda answers: (
            refusal(notations.parse_money, answers["budget"]) or refusal(notations.parse_date, answers["date"])
        ),
    )


def change_budget(workspace: Workspace, plan: str, answers: Mapping[str, str]) -> Changes:
    """Change the budget."""
    return plan_budget.change_budget(workspace, plan, BudgetDecision(**answers))


def _paper(plan: Record) -> tuple[AskedField, ...]:
    """The deciding paper of a later change; mostly the authority that has decided the plan decides it too."""
    return (
        AskedField("number", "Số quyết định"),
        AskedField("date", "Ngày quyết định", hint="ngày/tháng/năm"),
        AskedField("authority", "Cơ quan quyết định", plan.text("decision_authority")),
        AskedField("reason", "Lý do"),
    )


def _wrong_place(typed: str, last: int) -> str:
    is_place = typed.isdecimal() and 1 <= int(typed) <= last
    return "" if is_place else f"Vị trí là một số từ 1 đến {last}."
