"""The ceiling of each site of a group scheme: the norm for its establishment, its place and its own cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_values import Row
from kcdesk.formdef.regulations.ceilings import Ceiling, CeilingQuery, ceiling
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.rules.earlier_support import SITES, sites_of, sum_of_known, support_of_site
from kcdesk.services.workspace import Workspace


class SiteCeiling(Value):
    """The norm for a site, or for the sites of one establishment; amounts in đồng, None where they are not known."""

    row_id: str  # of the first site
    name: str
    ceiling: Ceiling
    cost: int | None
    support: int | None
    counterpart: int | None

    @property
    def limit(self) -> int | None:
        """The most that may be given: of the cost if it is known, else the cap."""
        return self.ceiling.whole_cap if self.ceiling.amount is None else self.ceiling.amount


def site_ceilings(
    workspace: Workspace, proposal: Record, norm: Ceiling, query_of: Callable[[Record], CeilingQuery]
) -> Iterator[SiteCeiling]:
    """Judge each site by its own cost, place and establishment; nothing if the norm has one cap for the whole."""
    counts_establishments = any(name.startswith(f"{SITES}.") for name in norm.counted_by)
    names = proposal.row_names(SITES)
    for rows in _together(sites_of(proposal), counts_establishments) if norm.counted_by else ():
        cost = sum_of_known(row.get("cost") for row in rows) if proposal.is_visible(f"{SITES}//cost") else None
        try:
            query = query_of(_limited_to(proposal, rows))
            own = ceiling(workspace.norms, replace(query, cost=cost))
        except UserError:  # no norm is known for the place of this site: the whole proposal is judged all the same
            continue
        yield SiteCeiling(
            rows[0]["id"],
            " và ".join(f"«{names.get(row['id'], '')}»" for row in rows),
            own,
            cost,
            sum_of_known(support_of_site(row) for row in rows),
            sum_of_known(row.get("counterpart") for row in rows),
        )


def _together(rows: list[Row], by_establishment: bool) -> Iterator[list[Row]]:
    """The sites of each establishment together, if a cap is given per establishment; else each by itself."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        owner = row.get("beneficiary") if by_establishment else None
        groups.setdefault(str(owner or f"row {row['id']}"), []).append(row)
    yield from groups.values()


def _limited_to(proposal: Record, rows: list[Row]) -> Record:
    """A copy of the proposal with these sites alone, at their place."""
    owners = list(dict.fromkeys(row["beneficiary"] for row in rows if row.get("beneficiary")))
    place = next((row["place"] for row in rows if row.get("place")), proposal.value("place"))
    data = {**proposal.data, SITES: rows, "beneficiaries": owners, "place": place}
    return Record(proposal.id, proposal.kind, proposal.form, data, forms=proposal.forms)
