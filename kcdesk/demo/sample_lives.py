"""What an officer answers from the draft of a proposal to its archive, whichever door the answers go through.

Every function takes what the dossier already says (`data`, as stored) and gives what is typed next. The year is 2018: a
day that has to be past is past wherever the tests run.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from kcdesk.demo.sample_proposals import proposal_answers
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of

Answers = dict[str, Any]
Data = Mapping[str, Any]

PLACE = {"commune": "00004"}  # phường Ba Đình
OWNER: Answers = {
    "name": "Cơ sở Mẫu",
    "legal_form": "household_business",
    "representative": "Người Mẫu Một",
    "phone": "0900000001",
    "territory": "provincial_ward",
    "sector": "a",
    "place": PLACE,
}
CONTRACT: Answers = {"basis": "contract", "number": "01/HĐ", "signed_on": "5/3/2018"}
PAID: Answers = {"paid_on": "15/12/2018", "voucher_number": "UNC 01"}
ARCHIVED: Answers = {"archived_on": "1/3/2019", "archive_code": "KC-01"}
_PARTICIPANTS = [{"party": "department", "name": "Người Mẫu Ba"}, {"party": "beneficiary", "name": "Người Mẫu Một"}]


def proposal(activity: str, **changes: Any) -> Answers:
    """Every answer of a complete proposal but its beneficiaries, moved eight years back."""
    written = json.dumps(proposal_answers(activity, place=PLACE, **changes), ensure_ascii=False)
    for year in (2024, 2025, 2026):
        written = written.replace(str(year), str(year - 8))
    answers: Answers = json.loads(written)
    return answers


def listed_papers(data: Data) -> Answers:
    """Every paper of the dossier is there as a copy."""
    return {"papers": [row | {"status": "copy"} for row in data["papers"]]}


def appraisal(data: Data) -> Answers:
    """An appraisal by staff that finds nothing against it."""
    return {
        "level": "grassroots",
        "model": "4a",
        "appraised_on": "1/2/2018",
        "body": "staff",
        "criteria": [row | {"result": "pass"} for row in data["criteria"]],
        "conclusion": "approve",
        "proposed_support": data["requested_support"],
    }


def approval(data: Data) -> Answers:
    """The decision: everything that was asked for."""
    money = {"approved_total": data["total_cost"], "approved_support": support(data)}
    money |= {f"approved_{data['programme']}": support(data), "approved_counterpart": own_money(data)}
    return {
        "decision_number": "01/QĐ-MẪU",
        "decision_date": "15/2/2018",
        "decision_authority": "Ủy ban nhân dân tỉnh (mẫu)",
        **money,
    }


def support(data: Data) -> int:
    """What the state gives to a proposal, đồng."""
    return sum(data.get(f"total_{source}", 0) for source in ("national", "local"))


def own_money(data: Data) -> int:
    """What the establishment gives itself, đồng."""
    return int(data.get("total_counterpart", 0))


def advance(proposal_data: Data) -> Answers:
    """A quarter of the support; the letter serves the activities for which no rule says how much may be advanced."""
    amount = support(proposal_data) // 4
    asked = {"requested_on": "1/9/2018", "progress": 90, "override_reason": "Văn bản số 10 (mẫu)"}
    return {"payment_type": "advance", **asked, "amount": amount}


def remaining(proposal_data: Data) -> Answers:
    """The other three quarters, after the visit."""
    amount = support(proposal_data) - support(proposal_data) // 4
    return {"payment_type": "remaining", "requested_on": "10/12/2018", "amount": amount}


def originals(data: Data) -> Answers:
    """Every paper that a payment or a settlement asks for is there; an activity without a rule has none."""
    return {"papers": [row | {"paper_form": "original"} for row in data.get("papers", ())]}


def visit(data: Data, proposal_data: Data) -> Answers:
    """One visit that finds everything as contracted and accepts all of it."""
    money = {"done": proposal_data["total_cost"], "accepted": proposal_data["total_cost"]}
    money |= {"accepted_support": support(proposal_data), "accepted_counterpart": own_money(proposal_data)}
    return {
        "visited_on": "5/12/2018",
        "participants": _PARTICIPANTS,
        "work_done": "Đã thực hiện đầy đủ",
        "conclusion": "accepted",
        **(
            {"machines": [row | _as_contracted(row, proposal_data) for row in data["machines"]]}
            if "machines" in data
            else {}
        ),
        "checklist": [row | {"result": "pass"} for row in data["checklist"]],
        "budget": [row | money for row in data["budget"]],
    }


def _as_contracted(row: Data, proposal_data: Data) -> Answers:
    quantity, value = row["contracted_quantity"], row["contracted_value"]
    return {"serial_number": f"MAU-{_own_number(proposal_data)}", "quantity": quantity, "value": value}


def _own_number(proposal_data: Data) -> str:
    """A number that no other dossier has: the same invoice or machine twice would be pointed out."""
    return f"{zlib.crc32(proposal_data['title'].encode()) % 10**8:08}"


def settlement(data: Data, proposal_data: Data) -> Answers:
    """The accounts of the whole support, with one voucher."""
    spent = support(proposal_data)
    voucher = {
        "number": _own_number(proposal_data),
        "dated": "1/8/2018",
        "content": "Chi mẫu",
        "amount": spent,
        "support": spent,
    }
    return {
        "settled_on": "10/12/2018",
        "settled_support": spent,
        "vouchers": [voucher],
        "lines": [row | {"spent": spent, "support": spent} for row in data["lines"]],
        **originals(data),
    }


def liquidation() -> Answers:
    """The contract is wound up before 22 January."""
    return {"liquidated_on": "20/1/2019", "liquidation_number": "01/BB"}


# -- what only the form knows that it asks --------------------------------------------------------------------------


def rest(forms: Forms, kind: str, data: Data) -> Answers:
    """An answer to everything that a dossier still asks for, of the type that its form says; typed values."""
    record = Record("", kind, forms.current(kind), json.loads(json.dumps(data)), forms=forms)
    answers: Answers = {}
    for _ in range(5):  # one answer may call for another
        asked = {problem.field: _answer(forms, record, problem.field) for problem in record.missing()}
        for path, value in asked.items():
            record.parse(path, value)
        if not asked:
            return answers
        answers |= asked
    raise AssertionError(f"still asks for {sorted(answers)}")


def _answer(forms: Forms, record: Record, path: str) -> Any:
    field = record.field(path)
    if field.columns:
        return [{column.name: _value(forms, column) for column in field.columns if column.required}]
    return _value(forms, field)


def _value(forms: Forms, field: Field) -> Any:
    if choices := forms.choices(field):
        first = choices[0].value
        return first if type_of(field).is_choice else [first]
    return min(5, field.max) if isinstance(field.max, int) else PLAIN.get(field.type, "Nội dung mẫu")


PLAIN = {
    "place": PLACE,
    "integer": 5,
    "decimal": 5,
    "money": 1_000_000,
    "percent": 50,
    "year": 2018,
    "date": "1/3/2018",
    "yes_no": True,
    "time": "08:00",
    "phone": "0900000001",
    "email": "mau@example.vn",
}
