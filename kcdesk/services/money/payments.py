"""What the rules say of one payment."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.money import year_accounts
from kcdesk.services.money.balances import Balance, _said, _sum, _whole, balance, day_of, missing_papers
from kcdesk.services.money.year_accounts import RETURNED
from kcdesk.services.records import children
from kcdesk.services.visits import acceptance
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.formdef.regulations.procedures import Advance


def advance_rule(workspace: Workspace, payment: Record) -> Advance | None:
    """The rule of Điều 13 for a first advance; None for other payments and where the agency decides."""
    if payment.value("payment_type") != "advance":
        return None
    return workspace.procedures.advance(str(payment.value("activity") or ""), day_of(workspace, payment))


def problems_of_payment(workspace: Workspace, payment: Record) -> list[Problem]:
    """Why a payment may not be asked for as it stands."""
    proposal = workspace.store.record(str(payment.value("proposal")))
    workflow = workspace.forms.workflow("proposal")
    if not workflow.is_marked(proposal.state, "payable"):
        label = workflow.state(proposal.state).label
        return [Problem("proposal", f"Đề án ở trạng thái «{label}», chưa có hợp đồng được ghi nhận nên chưa chi được.")]
    money = balance(workspace, proposal, payment.value("contract"), payment.id)
    kind = payment.value("payment_type")
    found = [*_beyond(payment, money), *_of_no_year(payment, money), *_beyond_year(workspace, payment, proposal)]
    if kind == "advance":
        found += _advance_problems(workspace, payment)
    if kind == "interim" and not proposal.value("multi_year"):
        found.append(Problem("payment_type", "Chỉ đề án thực hiện nhiều năm mới tạm ứng lần tiếp theo (Điều 15)."))
    if kind == "remaining":
        found += _remaining_problems(workspace, payment, proposal, money)
    return found + (missing_papers(payment) if kind != RETURNED else [])


def _beyond(payment: Record, money: Balance) -> Iterable[Problem]:
    amount = _whole(payment.value("amount"))
    if payment.value("payment_type") == RETURNED:
        if amount > money.held:
            yield Problem("amount", f"Hoàn trả {_said(amount)} vượt số đang giữ {_said(money.held)}.")
        return
    limit = money.support - money.held - money.asked
    if amount > limit:
        yield Problem(
            "amount",
            f"Kinh phí theo hợp đồng {_said(money.support)}, đã tạm ứng và đề nghị {_said(money.held + money.asked)};"
            f" chỉ còn {_said(max(0, limit))}, vượt {_said(amount - max(0, limit))}.",
        )


def _of_no_year(payment: Record, money: Balance) -> Iterable[Problem]:
    """A payment of a proposal of several years says of which of them it is."""
    if money.years and payment.value("year") not in [one.year for one in money.years]:
        known = ", ".join(str(one.year) for one in money.years)
        label = payment.field("year").label
        yield Problem("year", f"«{label}» phải là một năm của đề án: {known} (khoản 2 Điều 15 TT 36/2013/TT-BCT).")


def _beyond_year(workspace: Workspace, payment: Record, proposal: Record) -> Iterable[Problem]:
    """More than the years of a proposal of several years have planned so far; what one has not spent goes with it."""
    year = payment.value("year")
    if not proposal.value("multi_year") or not isinstance(year, int) or payment.value("payment_type") == RETURNED:
        return
    closed = year_accounts.closed_before(year_accounts.of(workspace, proposal), year)
    rows = [row for row in proposal.rows("year_amounts") if closed < row.get("year", 0) <= year]
    planned = sum(_whole(row.get("support")) for row in rows)
    others = children.final_children(workspace, proposal, "payment")
    earlier = [one for one in others if one.id != payment.id and closed < _whole(one.value("year")) <= year]
    out = _sum((one for one in earlier if one.value("payment_type") != RETURNED), "amount")
    back = _sum((one for one in earlier if one.value("payment_type") == RETURNED), "amount")
    left = max(0, planned - out + back)
    since = f" (sau năm {closed} đã quyết toán, nộp trả phần không chi)" if closed else ""
    if planned and _whole(payment.value("amount")) > left:
        yield Problem(
            "amount",
            f"Kinh phí phân bổ đến hết năm {year}{since} là {_said(planned)}, đã tạm ứng và đề nghị"
            f" {_said(out - back)}; còn {_said(left)} (khoản 2 Điều 15 TT 36/2013/TT-BCT)."
            " Hãy giảm số tiền hoặc ghi kinh phí của năm sau.",
        )


def _advance_problems(workspace: Workspace, payment: Record) -> Iterable[Problem]:
    if payment.value("override_reason"):  # Điều 16: the agency has allowed another rate or other papers
        return
    rule = advance_rule(workspace, payment)
    if rule is None:
        yield Problem(
            "override_reason",
            "Nội dung này chưa có tỷ lệ tạm ứng; ghi văn bản quyết định của cơ quan quản lý kinh phí"
            " (khoản 2 Điều 16 TT 36/2013/TT-BCT).",
        )
        return
    limit = _whole(payment.value("support")) * rule.rate // 100
    if _whole(payment.value("amount")) > limit:
        yield Problem(
            "amount",
            f"Tạm ứng lần một không quá {rule.rate}% là {_said(limit)} ({rule.source});"
            " hãy giảm hoặc ghi văn bản cho phép.",
        )
    if rule.progress_above and not _is_above(payment.value("progress"), rule.progress_above):
        yield Problem("progress", f"Phải đã thực hiện trên {rule.progress_above}% khối lượng ({rule.source}).")


def _is_above(written: object, limit: int) -> bool:
    return written is not None and Decimal(str(written)) > limit


def _remaining_problems(workspace: Workspace, payment: Record, proposal: Record, money: Balance) -> Iterable[Problem]:
    yield from acceptance.is_accepted_everywhere(workspace, proposal)
    amount = _whole(payment.value("amount"))
    if money.accepted and amount > money.remaining:
        yield Problem(
            "amount",
            f"Được nghiệm thu {_said(money.accepted)}, đã tạm ứng {_said(money.held)}: còn được tạm ứng"
            f" {_said(money.remaining)} (Điều 14 TT 36/2013/TT-BCT).",
        )
