"""«Như hợp đồng»: an acceptance takes over what the contract, else the proposal, says of machines and money.

Only empty cells are filled, so that what was seen and typed on site stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import ValueChanges
from kcdesk.services.records.copying import RowValues, linked, linked_title
from kcdesk.services.visits import remedies, site_lines
from kcdesk.services.workspace import TableOffer, Workspace
from kcdesk.text import fold

_SEEN = {"name": "contracted_name", "model": "contracted_model"}
_COUNTED = {"quantity": "contracted_quantity", "value": "contracted_value"}
_OF_CONTRACT = {"maker": "maker", "unit_price": "unit_price"}
_NOTHING = "Hợp đồng, đề án không có số liệu nào mà bảng này còn thiếu."


def offers() -> dict[tuple[str, str], TableOffer]:
    """What is offered below the tables of an acceptance."""
    tip = "Điền các ô còn trống theo hợp đồng, chưa có hợp đồng thì theo đề án; ô đã ghi thì giữ nguyên"
    failed = "Đưa các mục kiểm tra không đạt vào nội dung phải khắc phục"
    return {
        ("acceptance", "machines"): TableOffer("Như hợp đồng", tip, _fill_machines),
        ("acceptance", "budget"): TableOffer("Như hợp đồng", tip, _fill_money),
        ("acceptance", remedies.REMEDIES): TableOffer("Thêm mục không đạt", failed, _demand_failed),
    }


def _fill_machines(workspace: Workspace, acceptance: Record) -> tuple[ValueChanges, str]:
    """Take the contracted machines as the ones that are there."""
    contracted = {
        fold(str(row.get("name", ""))): row
        for row in reversed(site_lines.lines_behind(workspace, acceptance, "machines"))
    }
    values: ValueChanges = {}
    for row in acceptance.rows("machines"):
        planned = contracted.get(fold(str(row.get("contracted_name", ""))), {})
        filled = {name: row.get(source) for name, source in (_SEEN | _COUNTED).items()}
        filled |= {name: planned.get(source) for name, source in _OF_CONTRACT.items()}
        values |= _empty_cells("machines", row, filled)
    return _applied(acceptance, values, "máy móc, thiết bị")


def _fill_money(workspace: Workspace, acceptance: Record) -> tuple[ValueChanges, str]:
    """Take the contracted amounts as executed and accepted, with their sources."""
    contracted = {row.get("item"): row for row in reversed(site_lines.lines_behind(workspace, acceptance, "budget"))}
    values: ValueChanges = {}
    open_lines = 0
    for row in acceptance.rows("budget"):
        before = _accepted_before(workspace, acceptance, row.get("item"))
        money = _money_of(row, contracted.get(row.get("item"), {}), before)
        open_lines += bool(money) and "accepted_support" not in money
        values |= _empty_cells("budget", row, money)
    changes, note = _applied(acceptance, values, "dòng kinh phí")
    by_hand = f" {open_lines} dòng có nguồn không cộng đủ số được nghiệm thu: hãy ghi các nguồn." if open_lines else ""
    return changes, note + by_hand


def _money_of(row: RowValues, line: RowValues, before: Mapping[str, int]) -> dict[str, int]:
    """Amounts executed and accepted of a line; its sources only where they make up what is accepted."""
    planned = row.get("contracted", row.get("planned"))
    if planned is None:
        return {}
    left = max(0, int(planned) - int(row.get("accepted_before") or 0))
    done = int(row["done"]) if row.get("done") is not None else left
    accepted = int(row["accepted"]) if row.get("accepted") is not None else min(done, left)
    parts = {
        "accepted_support": int(row.get("contracted_support") or 0),
        "accepted_counterpart": int(line.get("counterpart") or 0) - before.get("accepted_counterpart", 0),
        "accepted_other": int(line.get("other") or 0) - before.get("accepted_other", 0),
    }
    kept = {name: int(row[name]) if row.get(name) is not None else amount for name, amount in parts.items()}
    closes = sum(kept.values()) == accepted and min(kept.values()) >= 0
    return {"done": done, "accepted": accepted, **(kept if closes else {})}


def _accepted_before(workspace: Workspace, acceptance: Record, item: object) -> dict[str, int]:
    """What the earlier visits of the site accepted of a line, by source."""
    sums: dict[str, int] = {}
    for earlier in _earlier(workspace, acceptance):
        for row in earlier.rows("budget"):
            if row.get("item") == item:
                for name in ("accepted_counterpart", "accepted_other"):
                    sums[name] = sums.get(name, 0) + int(row.get(name) or 0)
    return sums


def _earlier(workspace: Workspace, acceptance: Record) -> Iterator[Record]:
    seen = {acceptance.id}
    visit = linked(workspace, acceptance, "previous")
    while visit is not None and visit.id not in seen:
        seen.add(visit.id)
        yield visit
        visit = linked(workspace, visit, "previous")


def _empty_cells(table: str, row: RowValues, filled: Mapping[str, Any]) -> ValueChanges:
    wanted = {name: value for name, value in filled.items() if value is not None and row.get(name) is None}
    return {f"{table}/{row['id']}/{name}": value for name, value in wanted.items()}


def _applied(acceptance: Record, values: ValueChanges, what: str) -> tuple[ValueChanges, str]:
    rows = {path.split("/")[1] for path in values}
    note = f"Đã điền {len(rows)} {what} như hợp đồng. Khác hợp đồng thì sửa lại từng ô." if rows else _NOTHING
    return acceptance.apply(values), note


def _demand_failed(workspace: Workspace, acceptance: Record) -> tuple[ValueChanges, str]:
    """Add a remedy for every failed item that has none."""
    responsible = linked_title(workspace, acceptance.value("beneficiary")) or acceptance.value("site")
    changes: ValueChanges = {}
    failed = list(remedies.undemanded(acceptance))
    for item in failed:
        changes |= remedies.demand(acceptance, item, responsible)
    return changes, f"Đã thêm {len(failed)} mục không đạt." if failed else "Không còn mục không đạt nào chưa đưa vào."
