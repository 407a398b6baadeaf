"""«Như nghiệm thu»: a settlement takes over what the final visits accepted of each line.

Only empty cells are filled, so that what was typed stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import ValueChanges
from kcdesk.services.money import year_accounts
from kcdesk.services.money.balances import whole_amount
from kcdesk.services.records.children import final_children
from kcdesk.services.records.copying import SITES, RowValues, linked
from kcdesk.services.workspace import TableOffer, Workspace
from kcdesk.text import fold

_LINES, _WHOLE = "lines", "settled_support"
_OF_VISIT = ("accepted", "accepted_support")
_BY_YEAR = "Đề án nhiều năm: quyết toán theo từng năm, hãy ghi số của năm này."
_NOTHING = "Biên bản nghiệm thu đã chốt không có số liệu nào mà bảng này còn thiếu."

Accepted = Mapping[tuple[str, str], tuple[int, int]]  # folded site ("" for any) and item; accepted, support in đồng


def settlement_offers() -> dict[tuple[str, str], TableOffer]:
    """What is offered below the lines of a settlement."""
    tip = "Điền các ô còn trống theo số được nghiệm thu của từng nội dung; ô đã ghi thì giữ nguyên"
    return {("settlement", _LINES): TableOffer("Như nghiệm thu", tip, _fill)}


def _fill(workspace: Workspace, settlement: Record) -> tuple[ValueChanges, str]:
    proposal = linked(workspace, settlement, "proposal")
    if proposal is not None and year_accounts.is_multi_year(proposal):
        return {}, _BY_YEAR
    accepted = _accepted(workspace, proposal) if proposal else {}
    names = settlement.row_names(SITES) if SITES in settlement.form.by_name else {}
    values: ValueChanges = {}
    for row in settlement.rows(_LINES):
        site = fold(names.get(str(row.get("site")), "")) if row.get("site") else ""
        values |= _empty_cells(row, accepted.get((site, fold(str(row.get("item", ""))))))
    filled = len({path.split("/")[1] for path in values})
    changes = settlement.apply(values)
    if filled and settlement.value(_WHOLE) is None:
        whole = sum(whole_amount(row.get("support")) for row in settlement.rows(_LINES))
        changes |= settlement.apply({_WHOLE: whole})
    note = f"Đã điền {filled} nội dung chi như biên bản nghiệm thu. Khác thì sửa lại từng ô." if filled else _NOTHING
    return changes, note


def _accepted(workspace: Workspace, proposal: Record) -> Accepted:
    """What was accepted of each line, at each site and in all, by every final visit."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for visit in final_children(workspace, proposal, "acceptance"):
        site = fold(str(visit.value("site") or ""))
        for row in visit.rows("budget"):
            for key in {(site, fold(str(row.get("item", "")))), ("", fold(str(row.get("item", ""))))}:
                for place, name in enumerate(_OF_VISIT):
                    sums[key][place] += whole_amount(row.get(name))
    return {key: (done, support) for key, (done, support) in sums.items()}


def _empty_cells(row: RowValues, known: tuple[int, int] | None) -> ValueChanges:
    if known is None:
        return {}
    spent, support = (row.get(name, value) for name, value in zip(("spent", "support"), known, strict=True))
    wanted = {"spent": spent, "support": support, "other": max(0, spent - support)}
    return {f"{_LINES}/{row['id']}/{name}": value for name, value in wanted.items() if row.get(name) is None}
