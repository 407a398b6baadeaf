"""One proposal of a nationwide store with everything that belongs to it.

Money adds up: the lines of a budget give its total, sources give the cost of every line, and what was paid out less
what was returned is what was settled.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from kcdesk.formdef.places import Commune
from tests.bench.nationwide import shares
from tests.bench.nationwide.records import MILLION, NewRecord, drawn, id_of, new_record, unit_of

_NECESSITY = (
    "Cơ sở có nhu cầu mở rộng sản xuất nhưng năng lực hiện tại chưa đáp ứng đơn đặt hàng trong vùng; máy móc đang dùng "
    "đã cũ, tiêu hao nhiều nguyên liệu, chất lượng sản phẩm chưa đồng đều và giá thành còn cao so với thị trường."
)


class Dossier:
    """One proposal with its contract, payments, visit and settlement, as far as its state has come."""

    def __init__(self, number: int, chance: random.Random, owner: int, place: Commune, maker: str, year: int) -> None:
        self.number, self.chance, self.place, self.maker, self.year = number, chance, place, maker, year
        self.unit = unit_of(place.province_code)
        self.owner = id_of("beneficiary", owner)
        self.activity = drawn(chance, {name: share for name, (share, *_) in shares.ACTIVITIES.items()})
        self.programme = "national" if chance.random() < shares.NATIONAL else "local"
        self.state = drawn(chance, _states(year))
        self.reached = shares.REACHED.get(self.state, 0)
        self.lines = self._lines()
        self.cost, self.support = (sum(line[name] for line in self.lines) for name in ("cost", self.programme))
        self.approved = self.support * chance.choice((10,) * 8 + (9, 8)) // 10 // MILLION * MILLION or self.support
        settled_share = chance.choice((100,) * 9 + (95, 40))
        self.settled = self.approved * settled_share // 100 // 1_000 * 1_000
        self.advance = self.approved // 2

    @property
    def learners(self) -> int:
        """Learners of a class of vocational training."""
        return 20 + self.number % 15

    @cached_property
    def id(self) -> str:
        return id_of("proposal", self.number)

    @cached_property
    def contract_id(self) -> str:
        return id_of("contract", self.number)

    def records(self) -> Iterator[NewRecord]:
        """Yield the proposal, then what belongs to it."""
        yield new_record("proposal", self.number, self.unit, self._day(2, -90), self._proposal())
        if self.state == "stopped" or (self.reached >= shares.ADVANCED and self.number % 20 == 0):
            yield new_record("adjustment", self.number, self.unit, self._day(8), self._adjustment())
        if self.reached >= shares.CONTRACTED:
            yield new_record("contract", self.number, self.unit, self._day(4), self._contract())
        if self.reached >= shares.ADVANCED:
            yield self._payment(0, "advance", self.advance, 6)
        if self.state == "stopped":
            yield self._payment(1, "returned", self.advance, 12)
        if self.reached >= shares.VISITED:
            yield new_record("acceptance", self.number, self.unit, self._day(11), self._visit())
        if self.reached >= shares.SETTLED:
            yield new_record("settlement", self.number, self.unit, self._day(12), self._settlement())
            if rest := self.settled - self.advance:
                yield self._payment(1, "remaining" if rest > 0 else "returned", abs(rest), 12)

    def _day(self, month: int, days: int = 0) -> date:
        return min(date(self.year, month, 1 + self.number % 28) + timedelta(days), date(shares.LAST_YEAR, 11, 1))

    def _lines(self) -> list[dict[str, Any]]:
        _, least, most, share = shares.ACTIVITIES[self.activity]
        lines = []
        for place in range(1, self.chance.choice((1, 1, 2, 3)) + 1):
            cost = self.chance.randrange(least, most) * MILLION + self.chance.randrange(1_000) * 1_000
            support = min(cost, int(cost * share) // MILLION * MILLION) or cost
            line = {"id": f"{self.number:x}-{place}", "position": float(place), "item": f"Khoản chi {place}"}
            lines.append(line | {"cost": cost, self.programme: support, "counterpart": cost - support})
        return lines

    def _proposal(self) -> dict[str, Any]:
        about = self.chance.choice(shares.MACHINES)
        data: dict[str, Any] = {
            "state": self.state,
            "title": f"Hỗ trợ {about} tại {self.maker} ({self.number})",
            "code": f"DA-{self.year}-{self.number:06}",
            "year": self.year,
            "programme": self.programme,
            "scheme": drawn(self.chance, shares.SCHEMES),
            "activity": self.activity,
            "implementing_unit": f"Trung tâm Khuyến công ({self.place.province_name})",
            "implementing_representative": "Người Mẫu Hai",
            "beneficiaries": [self.owner],
            "place": {"commune": self.place.code},
            "necessity": _NECESSITY,
            "goals": "Nâng năng lực sản xuất, tạo việc làm ổn định cho lao động tại địa phương.",
            "starts_on": date(self.year, 3, 1).isoformat(),
            "ends_on": date(self.year, 11, 30).isoformat(),
            "budget": self.lines,
            "total_cost": self.cost,
            "requested_support": self.support,
            f"total_{self.programme}": self.support,
            "total_counterpart": self.cost - self.support,
        }
        if self.activity in shares.WITH_MACHINES:
            machine = {"name": about, "quantity": "1", "unit_price": self.cost, "amount": self.cost}
            data["machines"] = [{"id": f"{self.number:x}m", "position": 1.0, **machine}]
            data["total_machines"] = self.cost
        if self.activity == "vocational_training":
            data["classes"] = [{"id": f"{self.number:x}l", "position": 1.0, "name": "Lớp 1", "learners": self.learners}]
            data["total_learners"] = self.learners
            data["employment_after"] = self.learners * 8 // 10
        if self.reached:
            data |= {
                "decision_number": f"{self.number % 900 + 1}/QĐ-{self.unit}",
                "decision_date": self._day(2).isoformat(),
                "approved_total": self.cost,
                "approved_support": self.approved,
                f"approved_{self.programme}": self.approved,
                "approved_counterpart": self.cost - self.approved,
            }
            if self.number % shares.CLAIMS:
                data["province_result"] = "approved"
        elif self.state == "rejected":
            data |= {
                "rejection_reason": "Không thuộc đối tượng ưu tiên của năm kế hoạch.",
                "province_result": "rejected",
            }
        if self.state == "archived":
            data |= {"archived_on": date(self.year + 1, 6, 1).isoformat(), "archive_code": f"KC-{self.number:06}"}
        return data

    def _contract(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "state": "final",
            "proposal": self.id,
            "basis": "contract",
            "number": f"{self.number % 900 + 1}/{self.year}/HĐ-{self.unit}",
            "signed_on": self._day(4).isoformat(),
            "due_on": date(self.year, 11, 30).isoformat(),
            "beneficiary": self.owner,
            "party_a": f"Trung tâm Khuyến công ({self.place.province_name})",
            "party_b": self.maker,
            "party_b_representative": "Người Mẫu Ba",
            "value": self.approved,
        }
        if self.reached >= shares.LIQUIDATED:
            data |= {"liquidated_on": date(self.year + 1, 1, 15).isoformat(), "settled_support": self.settled}
            data |= {"paid": max(self.advance, self.settled), "done_value": self.cost}
            data["payable"] = data["settled_support"] - data["paid"]
        return data

    def _payment(self, place: int, type_: str, amount: int, month: int) -> NewRecord:
        day = self._day(month)
        data = {
            "state": "final",
            "proposal": self.id,
            "contract": self.contract_id,
            "payment_type": type_,
            "requested_on": day.isoformat(),
            "year": self.year,
            "programme": self.programme,
            "activity": self.activity,
            "support": self.approved,
            "amount": amount,
            "rate": _text_of_rate(amount, self.approved),
            "paid_on": day.isoformat(),
            "voucher_number": f"UNC {self.number}-{place}",
        }
        return new_record("payment", self.number * 2 + place, self.unit, day, data)

    def _visit(self) -> dict[str, Any]:
        refused = self.state == "failed"
        conclusion = "refused" if refused else "conditional" if self.state == "conditional" else "accepted"
        support = 0 if refused else self.settled
        cost = 0 if refused else self.cost
        accepted = {"accepted": cost, "accepted_support": support, "accepted_counterpart": cost - support}
        checklist = [
            {
                "id": f"{self.number:x}c{place}",
                "position": float(place),
                "code": code,
                "item": item,
                "result": "fail" if refused and place == 1 else "pass",
            }
            for place, (code, item) in enumerate((("contract", "Hợp đồng"), ("invoice", "Hóa đơn")), start=1)
        ]
        return self._done() | {
            "state": "final",
            "proposal": self.id,
            "contract": self.contract_id,
            "activity": self.activity,
            "visited_on": self._day(11).isoformat(),
            "site": self.maker,
            "place": {"commune": self.place.code},
            "beneficiary": self.owner,
            "checklist": checklist,
            "conclusion": conclusion,
            "budget": [
                {"id": f"{self.number:x}b", "position": 1.0, "item": "Toàn bộ", "planned": self.cost, **accepted}
            ],
            **{f"total_{name}": amount for name, amount in accepted.items()},
        }

    def _done(self) -> dict[str, Any]:
        """What a visit has seen: machines, or learners of a class."""
        row: dict[str, Any] = {"id": f"{self.number:x}d", "position": 1.0}
        if self.activity in shares.WITH_MACHINES:
            return {"machines": [row | {"name": "Máy mẫu", "quantity": "1", "value": self.cost, "is_new": True}]}
        if self.activity == "vocational_training":
            learners = {"planned_learners": self.learners, "attended": self.learners, "certified": self.learners - 1}
            return {"classes": [row | learners | {"name": "Lớp 1", "employed": self.learners * 8 // 10}]}
        return {}

    def _adjustment(self) -> dict[str, Any]:
        stops = self.state == "stopped"
        data: dict[str, Any] = {
            "state": "decided",
            "proposal": self.id,
            "adjustment_type": "stop" if stops else "extend",
            "requested_on": self._day(8).isoformat(),
            "programme": self.programme,
            "reason": "Đơn vị thụ hưởng không bố trí được vốn đối ứng." if stops else "Thiết bị giao chậm.",
        }
        return data | ({"advanced": self.advance, "to_return": self.advance} if stops else {})

    def _settlement(self) -> dict[str, Any]:
        day = self._day(12).isoformat()
        spent = {"support": self.settled}
        return {
            "state": "final",
            "proposal": self.id,
            "contract": self.contract_id,
            "year": self.year,
            "settled_on": day,
            "vouchers": [
                {
                    "id": f"{self.number:x}v",
                    "position": 1.0,
                    "number": "01",
                    "dated": day,
                    "amount": self.settled,
                    **spent,
                }
            ],
            "accepted_support": self.settled,
            "settled_support": self.settled,
            "advanced": self.advance,
            "payable": self.settled - self.advance,
            "unspent": self.advance - self.settled,
        }


def _text_of_rate(part: int, whole: int) -> str:
    """A percentage with at most one decimal, halves up, as the store keeps it."""
    tenths = (part * 2_000 // whole + 1) // 2
    return f"{tenths // 10}.{tenths % 10}".removesuffix(".0")


def _states(year: int) -> Mapping[str, int]:
    if year == shares.LAST_YEAR:
        return shares.CURRENT
    return shares.RECENT if year >= shares.LAST_YEAR - 2 else shares.PAST
