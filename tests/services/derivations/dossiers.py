"""Made-up dossiers of every activity with their money, and the recomputation of a number from its tree.

The amounts are odd and drawn by a seed; the recomputation has its own arithmetic on exact fractions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.services.records import prefill
from kcdesk.services.workspace import Workspace
from kcdesk.store.stored_record import new_id

Json = Mapping[str, Any]


@dataclass
class Dossier:
    """A proposal with the ids of its records by kind, and the sums of what was entered, in đồng."""

    proposal: str
    records: list[tuple[str, str]] = field(default_factory=list)  # kind, id
    entered: dict[str, int] = field(default_factory=dict)


class DossierMaker:
    """Makes dossiers of a store, one activity after the other; the seed decides amounts and what happens."""

    def __init__(self, workspace: Workspace, seed: int) -> None:
        self._workspace, self._random = workspace, Random(seed)
        self._codes = [activity.code for activity in workspace.forms.activities]

    def make(self, number: int) -> Dossier:
        """Make one dossier; the number chooses its activity."""
        draw = self._random
        code = self._codes[number % len(self._codes)]
        programme = draw.choice(["national", "local"])
        flagship = draw.random() < 0.2
        others = [other for other in draw.sample(self._codes, 2) if other != code] if flagship else []
        values = {
            "title": f"Đề án mẫu {number}",
            "year": 2018,
            "programme": programme,
            "scheme": "flagship" if flagship else "single",
            "activity": code,
            "other_activities": others,
            "budget": [self._line(programme, [code, *others]) for _ in range(draw.randint(1, 5))],
        }
        values["machines"] = [{"name": "Máy", "quantity": "2.5", "unit_price": draw.randint(1, 10**8)}]
        values["results"] = [{"goal": "Sản lượng", "before": str(draw.randint(1, 99)), "target": "137.5"}]
        proposal = self._add("proposal", None, values, "approved")
        dossier = Dossier(proposal.id, [("proposal", proposal.id)])
        self._fund(dossier, proposal)
        return dossier

    def _line(self, programme: str, codes: list[str]) -> dict[str, Any]:
        cost = self._random.randint(1, 900_000_007)
        support = self._random.randint(0, cost)
        line = {"item": f"Khoản {self._random.randint(1, 10**9)}", "cost": cost, programme: support}
        return line | {"counterpart": cost - support, "activity": self._random.choice(codes)}

    def _fund(self, dossier: Dossier, proposal: Record) -> None:
        draw = self._random
        support = draw.randint(1, int(proposal.value("total_cost") or 1))
        values: dict[str, Any] = {
            "decision_number": "01/QĐ-MẪU",
            "decision_date": "2018-02-15",
            "approved_total": proposal.value("total_cost"),
            "approved_support": support,
            f"approved_{proposal.value('programme')}": support,
        }
        if draw.random() < 0.25:
            shares = [draw.randint(1, support) for _ in range(3)]
            rows = [{"year": 2018 + place, "support": share} for place, share in enumerate(shares)]
            values |= {"multi_year": True, "year_amounts": rows}
        self._update(proposal, values)
        contract = self._add("contract", proposal, {"number": "01/HĐ", "signed_on": "2018-03-05"}, "final")
        dossier.records.append(("contract", contract.id))
        self._pay(dossier, proposal, contract)
        self._accept(dossier, proposal)
        self._settle(dossier, proposal, contract)

    def _pay(self, dossier: Dossier, proposal: Record, contract: Record) -> None:
        sums = {"paid": 0, "asked": 0, "returned": 0}
        for place in range(self._random.randint(0, 4)):
            kind = self._random.choice(["advance", "interim", "remaining", "returned"])
            is_paid = self._random.random() < 0.8
            amount = self._random.randint(1, 300_000_001)
            values = {"payment_type": kind, "amount": amount, "requested_on": "2018-09-01"}
            values |= {"year": 2018 + place % 3, "contract": contract.id}
            values |= {"paid_on": "2018-09-05", "voucher_number": f"UNC {place}"} if is_paid else {}
            payment = self._add("payment", proposal, values, "final")
            dossier.records.append(("payment", payment.id))
            sums["returned" if kind == "returned" else "paid" if is_paid else "asked"] += amount
        dossier.entered |= sums

    def _accept(self, dossier: Dossier, proposal: Record) -> None:
        accepted = 0
        previous = ""
        for place in range(self._random.randint(0, 2)):
            linked = {"previous": previous} if previous and self._random.random() < 0.5 else {}
            day = date(2018, 12, 5) + timedelta(days=place)
            visit = self._begin("acceptance", proposal, {"visited_on": day.isoformat(), "number": str(place)} | linked)
            budget = [row | self._accepted_cells() for row in visit.rows("budget")]
            accepted += sum(row["accepted_support"] for row in budget)
            machines = [
                row | {"quantity": "2.5", "value": self._random.randint(1, 10**9)} for row in visit.rows("machines")
            ]
            visit.apply({"budget": budget, "machines": machines, "conclusion": "accepted"})
            previous = self._store(visit, proposal, "final").id
            dossier.records.append(("acceptance", previous))
        dossier.entered["accepted"] = accepted

    def _accepted_cells(self) -> dict[str, int]:
        accepted = self._random.randint(0, 900_000_007)
        support = self._random.randint(0, accepted)
        cells = {"done": accepted, "accepted": accepted, "accepted_support": support}
        return cells | {"accepted_counterpart": accepted - support}

    def _settle(self, dossier: Dossier, proposal: Record, contract: Record) -> None:
        settled = 0
        years = [2018, 2019, 2020] if proposal.value("multi_year") else [None]
        for year in years[: self._random.randint(0, len(years))]:
            amount = self._random.randint(0, 300_000_001)
            values = {"settled_support": amount, "settled_on": "2018-12-10", "contract": contract.id}
            values |= (
                {"year": year, "unspent_action": self._random.choice(["returned", "carried_over"])} if year else {}
            )
            settlement = self._begin("settlement", proposal, values)
            lines = [row | {"spent": amount, "support": amount} for row in settlement.rows("lines")]
            settlement.apply({"lines": lines})
            dossier.records.append(("settlement", self._store(settlement, proposal, "final").id))
            settled += amount
        dossier.entered["settled"] = settled

    def _begin(self, kind: str, parent: Record | None, values: Mapping[str, Any]) -> Record:
        record = new_record(self._workspace.forms, kind, new_id(), date(2018, 6, 1))
        known = {name: value for name, value in values.items() if name in record.form.by_name}
        links = {"proposal": parent.id} if parent else {}
        record.apply(links | known)
        prefill.prepare(self._workspace, record)
        return record

    def _store(self, record: Record, parent: Record | None, state: str) -> Record:
        record.apply({"state": state})
        with self._workspace.store.act("Lập mẫu") as act:
            act.insert(record.kind, record.form.reference, record.data, parent=parent and parent.id, id=record.id)
        return record

    def _add(self, kind: str, parent: Record | None, values: Mapping[str, Any], state: str) -> Record:
        return self._store(self._begin(kind, parent, values), parent, state)

    def _update(self, record: Record, values: Mapping[str, Any]) -> None:
        changes = record.apply({name: value for name, value in values.items() if name in record.form.by_name})
        with self._workspace.store.act("Duyệt mẫu") as act:
            act.update(record.id, changes)


def nodes(tree: Json) -> Iterator[Json]:
    """The numbers of a tree, this one first."""
    yield tree
    for part in (*tree["parts"], *tree["limits"]):
        yield from nodes(part)


def recomputed(tree: Json) -> Fraction | None:
    """The number that follows from the leaves; one that was taken over and changed since keeps what is written."""
    if not tree["parts"]:
        return exact(tree["value"])
    parts = [recomputed(part) for part in tree["parts"]]
    if tree["operation"] == "taken_over":
        return parts[0] if tree["agrees"] else exact(tree["value"])
    result = _ARITHMETIC[tree["operation"]](parts)
    whole = tree["unit"] in ("đồng", "người", "cái") and tree["operation"] != "part_of"
    return None if result is None else Fraction(_half_up(result)) if whole else result


def exact(number: float | None) -> Fraction | None:
    """A number of a tree without the rounding of floats."""
    return None if number is None else Fraction(str(number))


def _half_up(number: Fraction) -> int:
    return math.floor(abs(number) + Fraction(1, 2)) * (1 if number >= 0 else -1)


def _sum(parts: list[Fraction | None]) -> Fraction | None:
    known = [part for part in parts if part is not None]
    return sum(known, Fraction(0)) if known else None


def _known(compute: Callable[..., Fraction | None]) -> Callable[[list[Fraction | None]], Fraction | None]:
    return lambda parts: None if None in parts else compute(*parts)


def _least(parts: list[Fraction | None]) -> Fraction | None:
    return None if parts[0] is None else min(part for part in parts if part is not None)


def _percent(part: Fraction, whole: Fraction) -> Fraction | None:
    return Fraction(_half_up(part * 1000 / whole), 10) if whole else None


_ARITHMETIC: Mapping[str, Callable[[list[Fraction | None]], Fraction | None]] = {
    "sum": _sum,
    "least": _least,
    "difference": _known(lambda first, second: first - second),
    "product": _known(lambda *parts: math.prod(parts, start=Fraction(1))),
    "quotient": _known(lambda first, second: first / second if second else None),
    "part_of": _known(lambda percent, whole: Fraction(math.floor(percent * whole / 100))),
    "percent_of": _known(_percent),
    "change_percent": _known(lambda before, after: _percent(after - before, before)),
    "at_least_zero": _known(lambda number: max(Fraction(0), number)),
}
