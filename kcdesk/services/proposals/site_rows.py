"""The sites of a group or flagship proposal: what is known of each establishment, and whether their money adds up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row, ValueChanges
from kcdesk.services.records.references import present
from kcdesk.services.workspace import TableOffer, Workspace

SITES = "sites"
_OWNER = "beneficiary"  # the column that ties a site to its establishment
_SUPPORT = ("national", "local")  # of a site, computed from the budget lines that name it
TIES = frozenset((f"{SITES}/{_OWNER}",))
_TOTALS = ("approved_support", "requested_support")  # the first that is known


def prepare_sites(workspace: Workspace, proposal: Record) -> None:
    """Fill in name, address and commune of each site from its establishment; typed values stay."""
    rows = proposal.rows(SITES)
    owners = {stored.id: stored.data for stored in present(workspace, [r[_OWNER] for r in rows if _is_owned(r)])}
    for row in rows:
        owner = owners.get(str(row.get(_OWNER, "")), {})
        known = {
            "name": owner.get("name"),
            "address": owner.get("production_address") or owner.get("address"),
            "place": owner.get("production_place") or owner.get("place"),
        }
        for name, value in known.items():
            if value and row.get(name) is None:
                proposal.set(f"{SITES}/{row['id']}/{name}", value)


def planned_support(site: Row) -> int | None:
    """The support in đồng that the budget lines of a site ask for; None if none names it."""
    amounts = [int(site[name]) for name in _SUPPORT if site.get(name) is not None]
    return sum(amounts) if amounts or site.get("cost") is not None else None


def differing_support(_workspace: Workspace, proposal: Record) -> list[Problem]:
    """Say where the support of a site is not that of its budget lines, and where all together are not the proposal's.

    The whole is compared once every site has its support, or if they are more than the whole.
    """
    if proposal.kind != "proposal" or not proposal.is_visible(SITES):
        return []
    return [*_differing_sites(proposal), *_differing_sum(proposal)]


def _differing_sites(proposal: Record) -> Iterator[Problem]:
    for row in proposal.rows(SITES) if _is_planned(proposal) and _is_asked(proposal) else ():
        typed, planned = row.get("support"), planned_support(row) or 0
        if typed is not None and typed != planned:
            amounts = map(text.format_integer, (typed, planned, abs(typed - planned)))
            asked, budget, difference = amounts
            name = proposal.row_names(SITES).get(row["id"], "")
            sentence = (
                f"«{name}»: hỗ trợ ghi {asked} đồng, các dòng dự toán của địa điểm là {budget} đồng, "
                f"lệch {difference} đồng; sửa một trong hai, hoặc bấm «{_TAKE}»."
            )
            yield Problem(f"{SITES}/{row['id']}/support", sentence)


def _differing_sum(proposal: Record) -> Iterator[Problem]:
    rows = proposal.rows(SITES)
    amounts = [row.get("support") for row in rows]
    label, total = next(((n, proposal.value(n)) for n in _TOTALS if proposal.value(n) is not None), ("", None))
    known = [int(amount) for amount in amounts if amount is not None]
    common = int(proposal.value("unplaced_support") or 0) if _is_planned(proposal) else 0
    is_open = len(known) < len(amounts) or (common and not _is_asked(proposal))  # some part of the whole is unknown
    sum_ = sum(known) + (common if _is_asked(proposal) else 0)
    if not known or total is None or sum_ == total or (is_open and sum_ < total):
        return
    added, whole, difference = map(text.format_integer, (sum_, total, abs(sum_ - total)))
    name = text.lower_first(proposal.field(label).label)
    shared = f" và phần chung {text.format_integer(common)} đồng" if sum_ > sum(known) else ""
    sentence = f"Hỗ trợ của các địa điểm{shared} cộng lại là {added} đồng"
    yield Problem(SITES, f"{sentence}, {name} là {whole} đồng, lệch {difference} đồng.")


def _is_planned(proposal: Record) -> bool:
    """Whether any budget line names its site, in a scheme whose lines do."""
    sites = proposal.rows(SITES)
    return any(row.get("cost") is not None for row in sites) and proposal.is_visible(f"{SITES}//cost")


def _is_asked(proposal: Record) -> bool:
    """Whether the support of the sites is what the budget asks for: nothing else is approved yet."""
    return proposal.value("approved_support") in (None, proposal.value("requested_support"))


def _is_owned(row: Row) -> bool:
    return isinstance(row.get(_OWNER), str)


# -- «Lấy theo dự toán» ------------------------------------------------------------------------------------------------

_TAKE = "Lấy theo dự toán"


def offers() -> dict[tuple[str, str], TableOffer]:
    """What is offered below the table of sites."""
    tip = "Ghi hỗ trợ của mỗi địa điểm theo các dòng dự toán đã chọn địa điểm đó"
    return {("proposal", SITES): TableOffer(_TAKE, tip, _take_planned, replaces=True)}


def _take_planned(_workspace: Workspace, proposal: Record) -> tuple[ValueChanges, str]:
    """Write the support of each site as its budget lines have it."""
    if not _is_planned(proposal):
        return {}, "Chưa có dòng dự toán nào chọn địa điểm: ở bảng «Dự toán kinh phí», cột «Địa điểm» của đề án nhóm."
    changed: dict[str, Any] = {
        f"{SITES}/{row['id']}/support": planned_support(row)
        for row in proposal.rows(SITES)
        if planned_support(row) is not None and row.get("support") != planned_support(row)
    }
    note = f"Đã ghi hỗ trợ của {len(changed)} địa điểm theo dự toán." if changed else "Hỗ trợ đã đúng theo dự toán."
    return proposal.apply(changed), note
