"""The entries of a vote of typical products: their prefill, and the guards before scoring and certifying.

Source: TT 26/2014/TT-BCT.
"""

from __future__ import annotations

from decimal import Decimal

from kcdesk.errors import Problem
from kcdesk.formdef.model import Transition
from kcdesk.formdef.record import Record
from kcdesk.services.records.children import figures_of_records
from kcdesk.services.records.copying import copy_rows, fill, linked
from kcdesk.services.workspace import Workspace

KIND = "product_entry"
_SCORES = "scores"
_FROM_PRODUCT = {"product_name": "name", "product_group": "product_group"}
_FROM_VOTE = {"level": "level", "year": "year"}


TIES = frozenset(("product_vote", "typical_product"))


def prepare_entry(workspace: Workspace, entry: Record) -> None:
    """Fill in the product's name, group and maker, the level and year of the vote, a row per judge, and the number."""
    product, vote = linked(workspace, entry, "typical_product"), linked(workspace, entry, "product_vote")
    if product is not None:
        for name, there in _FROM_PRODUCT.items():
            fill(entry, name, product.value(there))
        maker = linked(workspace, product, "beneficiary")
        fill(entry, "maker_name", maker.title() if maker else None)
    if vote is not None:
        for name, there in _FROM_VOTE.items():
            fill(entry, name, vote.value(there))
        copy_rows(entry, "scores", vote, "judges", {"judge": "name"})
        fill(entry, "entry_number", _next_number(workspace, entry, vote))


def entries(workspace: Workspace, vote: Record) -> list[Record]:
    """The entries of a vote, best first; entries without scores come last."""
    entered = [stored.record(workspace.forms) for stored in workspace.store.children(vote.id, "product_entry")]
    return sorted(entered, key=lambda entry: (-_points(entry), str(entry.value("entry_number") or ""), entry.id))


def figures_of_entries(workspace: Workspace, vote: Record) -> list[list[object]]:
    """What makes the papers of a vote others: entries come, are changed or scored."""
    return figures_of_records(workspace, entries(workspace, vote))


def every_entry_is_scored(workspace: Workspace, vote: Record) -> list[Problem]:
    """Require that every product of the vote has its final score."""
    entered = entries(workspace, vote)
    if not entered:
        return [Problem("", "Chưa có sản phẩm nào dự bình chọn.", record=vote.id, make=KIND)]
    scored = workspace.forms.workflow(KIND).locked
    waiting = [entry for entry in entered if entry.state not in scored]
    if not waiting:
        return []
    return [Problem("", f"Còn {len(waiting)} sản phẩm chưa chốt điểm: {waiting[0].title()}.", record=waiting[0].id)]


def every_entry_is_certified(workspace: Workspace, vote: Record) -> list[Problem]:
    """List the products of a decided vote that have neither a certificate nor a refusal yet."""
    workflow = workspace.forms.workflow(KIND)
    open_entries = [entry for entry in entries(workspace, vote) if any(map(_is_forward, workflow.leaving(entry.state)))]
    return [
        Problem("", f"Chưa cấp giấy chứng nhận hoặc ghi không công nhận: {entry.title()}.", record=entry.id)
        for entry in open_entries
    ]


def is_entered_in_a_vote(workspace: Workspace, product: Record) -> list[Problem]:
    """Ask for an entry of a product whose dossier is complete."""
    if workspace.store.find(KIND, "typical_product", product.id):
        return []
    return [Problem("", "Sản phẩm chưa đăng ký vào kỳ bình chọn nào.", record=product.id, make=KIND, advice=True)]


def _is_forward(step: Transition) -> bool:
    return step.leads_forward


def every_judge_has_scored(workspace: Workspace, entry: Record) -> list[Problem]:
    """Require exactly one score sheet per judge (khoản 2 Điều 16 TT 26/2014/TT-BCT)."""
    vote = linked(workspace, entry, "product_vote")
    judges = [row.get("name") for row in vote.rows("judges")] if vote else []
    scored = [row.get("judge") for row in entry.rows("scores")]
    for judge in judges:
        if judge not in scored:
            return [Problem(_SCORES, f"Chưa có phiếu chấm của giám khảo {judge}.")]
    for judge in scored:
        if judge not in judges:
            return [Problem(_SCORES, f"«{judge}» không có trong ban giám khảo của kỳ bình chọn.")]
        if scored.count(judge) > 1:
            return [Problem(_SCORES, f"Giám khảo {judge} có {scored.count(judge)} phiếu chấm.")]
    return []


def may_be_certified(workspace: Workspace, entry: Record) -> list[Problem]:
    """Require the pass mark and a decided vote (khoản 1 và khoản 2 Điều 17 TT 26/2014/TT-BCT)."""
    if _points(entry) < Decimal(str(entry.value("pass_mark") or 0)):
        least, reached = entry.text("pass_mark"), entry.text("average")
        sentence = f"Điểm bình quân {reached} chưa đạt {least} điểm (khoản 1 Điều 17 TT 26/2014/TT-BCT)."
        return [Problem("average", sentence)]
    vote = linked(workspace, entry, "product_vote")
    if vote is not None and not workspace.forms.workflow("product_vote").is_marked(vote.state, "decided"):
        sentence = "Kỳ bình chọn chưa có quyết định công nhận kết quả."
        return [Problem("", sentence, record=vote.id, there="decision_number")]
    return []


def _points(entry: Record) -> Decimal:
    return Decimal(str(entry.value("average") or 0))


def _next_number(workspace: Workspace, entry: Record, vote: Record) -> str:
    """The next free number of the vote: 01, 02, …"""
    others = [stored for stored in workspace.store.children(vote.id, "product_entry") if stored.id != entry.id]
    taken = {str(stored.data.get("entry_number", "")) for stored in others}
    number = len(taken) + 1
    while f"{number:02}" in taken:
        number += 1
    return f"{number:02}"
