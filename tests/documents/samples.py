"""A plainly made-up dossier on the published figures of Hậu Giang 2018 (one machine, 570 triệu, 200 of support)."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

from kcdesk.documents.layouts.layout import Layouts, load_layouts
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.record import Record

UNIT = {
    "name": "Trung tâm Khuyến công (mẫu)",
    "code": "TTKC",
    "level": "lower",
    "province": "92",
    "parent": "Sở Công Thương (mẫu)",
}
ORGANISER = {"name": "Sở Công Thương (mẫu)", "above": "Ủy ban nhân dân tỉnh (mẫu)", "code": "SCT"}
SPENDING_BASIS = "Căn cứ Thông tư số 28/2018/TT-BTC (mẫu)"
OFFICER = {"name": "Người Mẫu Năm", "title": "Chuyên viên"}
ID = "01890000-0000-7000-8000-0000000000ac"

_PROPOSAL = {
    "title": "Hỗ trợ ứng dụng máy móc tiên tiến trong chế biến nông sản & dược liệu (mẫu)",
    "year": 2018,
    "programme": "local",
    "activity": "machinery",
    "implementing_unit": "Trung tâm Khuyến công (mẫu)",
    "decision_number": "1947/QĐ-UBND",
    "decision_date": "2018-03-05",
    "decision_authority": "Ủy ban nhân dân tỉnh (mẫu)",
    "approved_support": 200_000_000,
    "approved_counterpart": 370_000_000,
    "approved_total": 570_000_000,
}
_CONTRACT = {
    "number": "12/HĐ-TTKC",
    "signed_on": "2018-04-12",
    "total_cost": 570_000_000,
    "total_support": 200_000_000,
    "budget": [{"id": "b1", "position": 1.0, "item": "Mua máy", "cost": 570_000_000, "counterpart": 370_000_000}],
}
_BENEFICIARY = {
    "name": "Cơ sở chế biến nông sản Mẫu Số Một",
    "legal_form": "household_business",
    "tax_code": "0101243150",
    "registration_number": "93A8001234",
    "representative": "Người Mẫu Một",
    "representative_title": "Chủ cơ sở",
    "phone": "0901234567",
    "address": "Ấp Mẫu",
}
_CHECKLIST = (
    ("paper", "Hợp đồng mua máy móc", "pass", ""),
    ("paper", "Biên bản nghiệm thu hợp đồng mua máy móc", "pass", ""),
    ("paper", "Biên bản thanh lý hợp đồng mua máy móc", "fail", "Thiếu dấu của bên bán; bổ sung trước khi thanh toán."),
    ("paper", "Báo cáo tổng hợp kết quả thực hiện đề án", "pass", ""),
    ("paper", "Giấy phép nhập khẩu", "not_applicable", ""),
    ("fact", "Máy móc, thiết bị có mặt tại địa điểm thực hiện đề án, đủ số lượng theo hợp đồng", "pass", ""),
    ("fact", "Tên, hãng sản xuất, ký mã hiệu, số máy khớp với hợp đồng và hóa đơn", "pass", "Đã đối chiếu nhãn máy."),
    ("fact", "Máy móc, thiết bị mới", "pass", ""),
    ("fact", "Máy vận hành ổn định, sản phẩm đạt yêu cầu", "pass", "Chạy thử 30 phút, 120 kg/giờ."),
)
_PEOPLE = (
    ("department", "Người Mẫu Ba", "Phó Giám đốc", "Sở Công Thương (mẫu)"),
    ("department", "Người Mẫu Sáu", "Chuyên viên", "Phòng Quản lý công nghiệp"),
    ("implementing_unit", "Người Mẫu Hai", "Giám đốc", "Trung tâm Khuyến công (mẫu)"),
    ("implementing_unit", "Người Mẫu Năm", "Chuyên viên", "Trung tâm Khuyến công (mẫu)"),
    ("beneficiary", "Người Mẫu Một", "Chủ cơ sở", "Cơ sở chế biến nông sản Mẫu Số Một"),
    ("commune", "Người Mẫu Bốn", "Phó Chủ tịch", "Ủy ban nhân dân xã (mẫu)"),
)
_MACHINE = ("Máy sấy nông sản tự động", "SAY-500", 570_000_000, "MAU-2018-0001")
_RESULTS = (("Sản lượng", "tấn/năm", "120", "175", "176"), ("Số lao động", "người", "25", "30", "29"))
_LONG = (
    "Máy đã lắp đặt, chạy thử và vận hành ổn định, đúng chủng loại, số lượng theo hợp đồng; cơ sở đã bố trí nhà xưởng, "
    "nguồn điện và lao động được hướng dẫn vận hành. Vốn đối ứng đã thực hiện đủ theo cam kết. (Nội dung mẫu.)"
)


def _rows(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": f"r{n}", "position": float(n), **row} for n, row in enumerate(rows, 1)]


def _machine(name: str, model: str, value: int, serial: str) -> dict[str, Any]:
    return {
        "contracted_name": name, "contracted_model": model, "contracted_quantity": "1", "contracted_value": value,
        "name": name, "model": model, "maker": "Hãng mẫu, Việt Nam", "serial_number": serial, "year": 2018,
        "is_new": True, "quantity": "1", "value": value, "invoice": "0000001 ngày 10/8/2018",
        "quantity_difference": "0", "value_difference": 0,
    }  # fmt: skip


ANSWERS: dict[str, Any] = {
    "proposal": "p1",
    "contract": "c1",
    "beneficiary": "b1",
    "activity": "machinery",
    "number": "5",
    "contract_number": "12/HĐ-TTKC",
    "contract_signed_on": "2018-04-12",
    "visited_on": "2018-10-15",
    "started_at": "08:30",
    "ended_at": "11:15",
    "site": "Xưởng chế biến Mẫu Số Một",
    "address": "Ấp Mẫu, xã Mẫu",
    "participants": _rows(*(dict(zip(("party", "name", "title", "organisation"), p, strict=True)) for p in _PEOPLE)),
    "checklist": _rows(
        *(
            {
                "code": f"c{n}",
                "group": group,
                "item": item,
                "result": result,
                **({"finding": finding} if finding else {}),
            }
            for n, (group, item, result, finding) in enumerate(_CHECKLIST)
        )
    ),
    "work_done": _LONG,
    "machines": _rows(_machine(*_MACHINE)),
    "budget": _rows(
        {
            "item": "Mua máy móc, thiết bị",
            "planned": 570_000_000,
            "contracted": 570_000_000,
            "done": 570_000_000,
            "accepted": 570_000_000,
            "accepted_support": 200_000_000,
            "accepted_counterpart": 370_000_000,
        }
    ),
    "total_done": 570_000_000,
    "total_accepted": 570_000_000,
    "total_accepted_support": 200_000_000,
    "total_accepted_counterpart": 370_000_000,
    "advanced": 140_000_000,
    "remaining": 60_000_000,
    "results": _rows(
        *(
            dict(zip(("goal", "unit", "before", "target", "actual"), result, strict=True)) | {"percent": "100.6"}
            for result in _RESULTS
        )
    ),
    "effect": _LONG,
    "opinions": _rows(
        {"party": "beneficiary", "opinion": "Máy hoạt động tốt; đề nghị sớm thanh toán. (Nội dung mẫu.)"},
        {"party": "commune", "opinion": "Đề nghị cơ sở duy trì việc làm cho lao động địa phương. (Nội dung mẫu.)"},
    ),
    "conclusion": "conditional",
    "conclusion_note": "Đồng ý nghiệm thu khối lượng đã thực hiện; thanh toán sau khi bổ sung hồ sơ.",
    "remedies": _rows({"remedy": "Bổ sung dấu của bên bán", "responsible": "Đơn vị thụ hưởng", "due_on": "2018-11-05"}),
    "proposed_payment": 60_000_000,
    "copies": 5,
    "state": "final",
    "revision": 1,
}


@cache
def forms() -> Any:
    """The shipped forms."""
    return load()


@cache
def layouts() -> Layouts:
    """The shipped layouts."""
    return load_layouts(forms=forms())


def record(kind: str, data: dict[str, Any], id_: str = "0189") -> Record:
    """A record of the form in force."""
    return Record(id_, kind, forms().current(kind, date(2026, 9, 1)), data, forms=forms())


def context(**answers: Any) -> dict[str, Any]:
    """What the minutes are filled with; `answers` replace answers of the visit, None takes one away."""
    data = {**deepcopy(ANSWERS), **answers}
    return {
        "acceptance": record("acceptance", {k: v for k, v in data.items() if v is not None}, ID),
        "proposal": record("proposal", dict(_PROPOSAL)),
        "contract": record("contract", dict(_CONTRACT)),
        "beneficiary": record("beneficiary", dict(_BENEFICIARY)),
        "unit": UNIT,
        "organiser": ORGANISER,
        "spending_basis": SPENDING_BASIS,
        "agency": "Cục Công nghiệp (mẫu)",
        "officer": OFFICER,
        "practice": False,
    }
