"""The rules for a payment: rate, limits, year and papers (TT 36/2013/TT-BCT)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from kcdesk.errors import Problem
from kcdesk.formdef.derivations.amounts import Amount, amount_of, derivation_of, difference, percentage, total
from kcdesk.formdef.derivations.nodes import Derivation, LegalBasis
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import replace
from kcdesk.services.money import year_accounts
from kcdesk.services.money.balances import Balance, amount_text, balance, day_of, missing_papers, whole_amount
from kcdesk.services.money.year_accounts import RETURNED
from kcdesk.services.records import children
from kcdesk.services.records.copying import linked
from kcdesk.services.visits import acceptance
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.formdef.regulations.procedures import Advance, AdvanceLimit

_BEFORE_ACCEPTANCE = ("advance", "interim")  # kinds of payment


def advance_rule(workspace: Workspace, payment: Record) -> Advance | None:
    """The rule of Điều 13 for a first advance; None for other payments and where the agency sets the rate itself."""
    if payment.value("payment_type") != "advance":
        return None
    return workspace.procedures.advance(str(payment.value("activity") or ""), day_of(workspace, payment))


def advance_limit(payment: Record, rule: Advance) -> Amount | None:
    """The most that a first advance may be: the percentage of the rule, in whole đồng; None if it names no rate."""
    if rule.rate is None:
        return None
    basis = LegalBasis(f"{rule.label}: không quá {rule.rate}% kinh phí hỗ trợ.", rule.source, rule.unverified)
    return percentage("Tạm ứng lần một nhiều nhất", Decimal(rule.rate), amount_of(payment, "support"), basis)


def left_of_advances(workspace: Workspace, payment: Record, money: Balance) -> tuple[AdvanceLimit, Amount] | None:
    """The limit of all advances together on the day of a payment, and what it leaves for this one; None without one."""
    rule = workspace.procedures.advance_limit(day_of(workspace, payment))
    if rule is None or payment.value("payment_type") not in _BEFORE_ACCEPTANCE:
        return None
    basis = LegalBasis(f"{rule.label}: không quá {rule.rate}% kinh phí hỗ trợ.", rule.source, rule.unverified)
    whole = percentage("Các lần tạm ứng cộng lại nhiều nhất", Decimal(rule.rate), money.support, basis)
    spent = total("Đang giữ và đã đề nghị", (money.held, money.asked))
    return rule, difference("Còn được tạm ứng trước nghiệm thu", whole, spent)


def left_of_contract(money: Balance) -> Amount:
    """What the contract leaves for a further payment; negative if more was paid and asked for."""
    spent = total("Đang giữ và đã đề nghị", (money.held, money.asked))
    return difference("Kinh phí theo hợp đồng còn được chi", money.support, spent)


def limits_at(workspace: Workspace, payment: Record, path: str) -> list[Derivation]:
    """The trees of what the amount of a payment must not exceed; [] for other paths."""
    proposal = linked(workspace, payment, "proposal")
    if proposal is None or path != "amount":
        return []
    reason = payment.value("override_reason")
    note = f"{payment.field('override_reason').label}: {reason}" if reason else ""
    return [replace(derivation_of(limit), note=note) for limit in _limits(workspace, payment, proposal)]


def _limits(workspace: Workspace, payment: Record, proposal: Record) -> list[Amount]:
    money = balance(workspace, proposal, payment.value("contract"), payment.id)
    payment_type = payment.value("payment_type")
    if payment_type == RETURNED:
        return [total("Số đang giữ", [money.held])]
    limits = [left_of_contract(money)]
    if (rule := advance_rule(workspace, payment)) and (limit := advance_limit(payment, rule)) is not None:
        limits.append(limit)
    if left := left_of_advances(workspace, payment, money):
        limits.append(left[1])
    if payment_type == "remaining" and money.accepted:
        limits.append(total("Còn được tạm ứng sau nghiệm thu", [money.remaining]))
    return limits


def problems_of_payment(workspace: Workspace, payment: Record) -> list[Problem]:
    """List what prevents this payment from being requested."""
    proposal = workspace.store.record(str(payment.value("proposal")))
    workflow = workspace.forms.workflow("proposal")
    if not workflow.is_marked(proposal.state, "payable"):
        label = workflow.state(proposal.state).label
        return [Problem("proposal", f"Đề án ở trạng thái «{label}», chưa có hợp đồng được ghi nhận nên chưa chi được.")]
    money = balance(workspace, proposal, payment.value("contract"), payment.id)
    payment_type = payment.value("payment_type")
    problems = [
        *_problems_above_contract(payment, money),
        *_problems_above_advances(workspace, payment, money),
        *_problems_of_year(payment, money),
        *_problems_above_years(workspace, payment, proposal),
    ]
    if payment_type == "advance":
        problems += _advance_problems(workspace, payment)
    if payment_type == "interim" and not proposal.value("multi_year"):
        label = proposal.field("multi_year").label
        sentence = (
            f"Chỉ đề án thực hiện nhiều năm mới tạm ứng lần tiếp theo (Điều 15): chọn khoản khác, hoặc đề án phải có "
            f"«{label}» và phân bổ theo năm."
        )
        problems.append(Problem("payment_type", sentence))
    if payment_type == "remaining":
        problems += _remaining_problems(workspace, payment, proposal, money)
    return problems + (missing_papers(payment) if payment_type != RETURNED else [])


def _problems_above_contract(payment: Record, money: Balance) -> Iterable[Problem]:
    amount = whole_amount(payment.value("amount"))
    if payment.value("payment_type") == RETURNED:
        if amount > money.held:
            yield Problem("amount", f"Hoàn trả {amount_text(amount)} vượt số đang giữ {amount_text(money.held)}.")
        return
    limit = left_of_contract(money)
    if amount > limit:
        yield Problem(
            "amount",
            f"Kinh phí theo hợp đồng {amount_text(money.support)}, đã tạm ứng và đề nghị"
            f" {amount_text(money.held + money.asked)}; chỉ còn {amount_text(max(0, limit))},"
            f" vượt {amount_text(amount - max(0, limit))}.",
        )


def _problems_above_advances(workspace: Workspace, payment: Record, money: Balance) -> Iterable[Problem]:
    """All advances together keep to the limit; khoản 1 Điều 16 TT 36/2013 lets no agency go beyond it."""
    left = left_of_advances(workspace, payment, money)
    if left is None or whole_amount(payment.value("amount")) <= left[1]:
        return
    rule, limit = left
    basis = payment.basis(rule.source, unverified=rule.unverified, on=day_of(workspace, payment))
    yield Problem(
        "amount",
        f"{rule.label} không quá {rule.rate}% kinh phí hỗ trợ ({basis}): còn {amount_text(max(0, limit))};"
        " hãy giảm số tiền, phần còn lại tạm ứng sau nghiệm thu.",
    )


def _problems_of_year(payment: Record, money: Balance) -> Iterable[Problem]:
    """A payment of a multi-year proposal must name one of its years."""
    if money.years and payment.value("year") not in [account.year for account in money.years]:
        known = ", ".join(str(account.year) for account in money.years)
        label = payment.field("year").label
        yield Problem("year", f"«{label}» phải là một năm của đề án: {known} (khoản 2 Điều 15 TT 36/2013/TT-BCT).")


def _problems_above_years(workspace: Workspace, payment: Record, proposal: Record) -> Iterable[Problem]:
    """The payments up to a year must not exceed the amounts planned up to that year.

    Unspent money of earlier years may still be used, except of years whose rest was returned to the budget.
    """
    year = payment.value("year")
    if not proposal.value("multi_year") or not isinstance(year, int) or payment.value("payment_type") == RETURNED:
        return
    closed = year_accounts.closed_before(year_accounts.accounts_of(workspace, proposal), year)
    rows = [row for row in proposal.rows("year_amounts") if closed < row.get("year", 0) <= year]
    planned = sum(whole_amount(row.get("support")) for row in rows)
    others = children.final_children(workspace, proposal, "payment")
    earlier = [
        other for other in others if other.id != payment.id and closed < whole_amount(other.value("year")) <= year
    ]
    outgoing = sum(whole_amount(o.value("amount")) for o in earlier if o.value("payment_type") != RETURNED)
    returned = sum(whole_amount(o.value("amount")) for o in earlier if o.value("payment_type") == RETURNED)
    left = max(0, planned - outgoing + returned)
    since = f" (sau năm {closed} đã quyết toán, nộp trả phần không chi)" if closed else ""
    if planned and whole_amount(payment.value("amount")) > left:
        yield Problem(
            "amount",
            f"Kinh phí phân bổ đến hết năm {year}{since} là {amount_text(planned)}, đã tạm ứng và đề nghị"
            f" {amount_text(outgoing - returned)}; còn {amount_text(left)} (khoản 2 Điều 15 TT 36/2013/TT-BCT)."
            " Hãy giảm số tiền hoặc ghi kinh phí của năm sau.",
        )


def _advance_problems(workspace: Workspace, payment: Record) -> Iterable[Problem]:
    if payment.value("override_reason"):  # Điều 16: the agency allowed another rate or other papers
        return
    rule = advance_rule(workspace, payment)
    if rule is None:
        yield Problem(
            "override_reason",
            "Nội dung này chưa có tỷ lệ tạm ứng; ghi văn bản quyết định của cơ quan quản lý kinh phí"
            " (khoản 2 Điều 16 TT 36/2013/TT-BCT).",
        )
        return
    limit = advance_limit(payment, rule)
    basis = payment.basis(rule.source, unverified=rule.unverified, on=day_of(workspace, payment))
    if limit is not None and whole_amount(payment.value("amount")) > limit:
        yield Problem(
            "amount",
            f"Tạm ứng lần một không quá {rule.rate}% là {amount_text(limit)} ({basis});"
            " hãy giảm hoặc ghi văn bản cho phép.",
        )
    if rule.progress_above and not _is_above(payment.value("progress"), rule.progress_above):
        yield Problem("progress", f"Phải đã thực hiện trên {rule.progress_above}% khối lượng ({basis}).")


def _is_above(written: object, limit: int) -> bool:
    return written is not None and Decimal(str(written)) > limit


def _remaining_problems(workspace: Workspace, payment: Record, proposal: Record, money: Balance) -> Iterable[Problem]:
    yield from acceptance.is_accepted_everywhere(workspace, proposal)
    amount = whole_amount(payment.value("amount"))
    if money.accepted and amount > money.remaining:
        yield Problem(
            "amount",
            f"Được nghiệm thu {amount_text(money.accepted)}, đã tạm ứng {amount_text(money.held)}: còn được tạm ứng"
            f" {amount_text(money.remaining)} (Điều 14 TT 36/2013/TT-BCT).",
        )
