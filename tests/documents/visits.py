"""Made-up dossiers beside samples.py: a second visit, an inspection, a contract that is liquidated, photos."""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

from tests.documents import products, samples


def _rows(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": f"r{n}", "position": float(n), **row} for n, row in enumerate(rows, 1)]


@cache
def jpeg(number: int, width: int = 1600, height: int = 1200) -> bytes:
    """A photo: one colour for each number."""
    colour = (40 * number % 256, 90 * number % 256, 160)
    buffer = BytesIO()
    Image.effect_noise((width // 4, height // 4), 60).resize((width, height)).convert("RGB").save(buffer, "JPEG")
    if number % 2:
        buffer = BytesIO()
        Image.new("RGB", (width, height), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def photo(number: int, **facts: Any) -> dict[str, Any]:
    """What a field of files holds for a photo."""
    content = jpeg(number)
    return {
        "id": f"f{number}",
        "name": f"anh{number}.jpg",
        "sha256": hashlib.sha256(content + str(number).encode()).hexdigest(),
        "size": len(content),
        "mime": "image/jpeg",
        "caption": f"Máy sấy nhìn từ hướng {number}",
        "order": number,
        **facts,
    }


def read_file(photos: list[dict[str, Any]]) -> Any:
    """Reads the photos of a dossier; the last one has not come to this store."""
    contents = {file["sha256"]: jpeg(file["order"]) for file in photos[:-1]}
    return contents.get


FIRST: dict[str, Any] = {
    **samples.ANSWERS,
    "model": "5a",
    "vouchers": _rows(
        {"number": "0000001", "issued_on": "2018-08-10", "content": "Mua máy sấy", "amount": 570_000_000, "item": "Máy"}
    ),
    "total_vouchers": 570_000_000,
    "vouchers_missing": 0,
    "force_majeure": True,
    "force_majeure_reason": "Bão số chín làm hỏng mái xưởng.",
    "explanation_letter": "Văn bản số 7/CV ngày 01/10/2018",
    "revisit_months": 12,
    "revisit_on": "2019-10-15",
    "photos": [photo(number) for number in range(1, 4)],
}
SECOND: dict[str, Any] = {
    **samples.ANSWERS,
    "previous": "a1",
    "previous_number": "05/BB-TTKC",
    "previous_visited_on": "2018-10-15",
    "visited_on": "2018-11-20",
    "conclusion": "accepted",
    "checklist": _rows(
        {
            "code": "purchase_liquidation",
            "group": "paper",
            "item": "Biên bản thanh lý hợp đồng mua máy móc",
            "paper_form": "original",
            "result": "pass",
            "earlier_finding": "Thiếu dấu của bên bán.",
            "finding": "Đã có dấu.",
            "note": "Đối chiếu bản gốc.",
        }
    ),
    "support_before": 140_000_000,
    "support_so_far": 200_000_000,
    "total_accepted_support": 60_000_000,
    "remedies": _rows(
        {
            "remedy": "Bổ sung dấu của bên bán",
            "responsible": "Đơn vị thụ hưởng",
            "due_on": "2018-11-05",
            "since": "2018-10-15",
            "done": True,
            "done_on": "2018-11-02",
            "note": "Nộp trực tiếp.",
        },
        {
            "remedy": "Gắn biển chỉ dẫn an toàn",
            "responsible": "Cơ sở mẫu",
            "due_on": "2018-11-06",
            "since": "2018-10-15",
            "done": False,
        },
    ),
}
INSPECTION: dict[str, Any] = {
    "proposal": "p1",
    "purpose": "interim",
    "activity": "machinery",
    "number": "3",
    "contract_number": "12/HĐ-TTKC",
    "contract_signed_on": "2018-04-12",
    "legal_basis": "Căn cứ Kế hoạch kiểm tra số 4/KH-SCT",
    "visited_on": "2018-07-15",
    "started_at": "14:00",
    "ended_at": "16:30",
    "site": "Xưởng chế biến Mẫu Số Một",
    "participants": samples.ANSWERS["participants"],
    "tasks": _rows(
        {
            "task": "Ký hợp đồng mua máy",
            "responsible": "Cơ sở mẫu",
            "ends_on": "2018-05-31",
            "found": "under_way",
            "note": "Chờ giao máy",
        }
    ),
    "progress": _rows(
        {
            "item": "Mua máy móc, thiết bị",
            "contracted": 570_000_000,
            "claimed": 420_000_000,
            "found": 400_000_000,
            "found_counterpart": 300_000_000,
            "difference": -20_000_000,
            "percent": "70.2",
            "note": "Một khoản chưa có chứng từ",
        }
    ),
    "total_contracted": 570_000_000,
    "total_claimed": 420_000_000,
    "total_found": 400_000_000,
    "found_percent": "70.2",
    "machines": _rows(
        {
            "name": "Máy sấy nông sản tự động",
            "model": "SAY-500",
            "known_serial_number": "MAU-1",
            "serial_number": "MAU-2",
            "found": "idle",
            "note": "Khác số máy đã ghi",
        }
    ),
    "findings": _rows({"item": "Sổ theo dõi vận hành", "result": "fail", "finding": "Chưa ghi từ tháng sáu."}),
    "opinions": _rows({"party": "beneficiary", "opinion": "Đề nghị tạm ứng đợt một."}),
    "conclusion": "remedies",
    "conclusion_note": "Tiếp tục thực hiện sau khi bổ sung.",
    "remedies": _rows({"remedy": "Bổ sung chứng từ", "responsible": "Cơ sở mẫu", "due_on": "2018-08-01"}),
    "copies": 4,
    "photos": [photo(1)],
    "state": "final",
    "revision": 1,
}
CONTRACT: dict[str, Any] = {
    "proposal": "p1",
    "number": "12/HĐ-TTKC",
    "signed_on": "2018-04-12",
    "party_a": "Trung tâm Khuyến công (mẫu)",
    "party_a_representative": "Người Mẫu Hai",
    "party_a_title": "Giám đốc",
    "party_b": "Cơ sở chế biến nông sản Mẫu Số Một",
    "party_b_representative": "Người Mẫu Một",
    "party_b_title": "Chủ cơ sở",
    "value": 200_000_000,
    "liquidation_number": "9",
    "liquidated_on": "2018-12-20",
    "liquidation_place": "trụ sở bên A",
    "done_value": 570_000_000,
    "settled_support": 190_000_000,
    "paid": 200_000_000,
    "payable": -10_000_000,
    "liquidation_note": "Giảm phần vượt mức hỗ trợ.",
    "liquidation_copies": 6,
    "state": "final",
    "revision": 1,
}
PROBLEMS = [{"section": "Dự toán", "message": "Dự toán chưa khớp nguồn vốn."}]
ANSWERS = {
    "minutes_5a": FIRST,
    "minutes_5b": {**FIRST, "model": "5b"},
    "minutes_5c": {**FIRST, "model": "5c"},
    "remedy_record": SECOND,
    "blank_checklist": FIRST,
    "photo_annex": FIRST,
    "photo_annex_four": FIRST,
    "supplement_letter": FIRST,
    "handover_list": FIRST,
    "labels": FIRST,
    "inspection_record": INSPECTION,
    "inspection_photo_annex": INSPECTION,
    "liquidation_record": CONTRACT,
    "supplement_letter_proposal": {"title": "Đề án mẫu thiếu dự toán", "implementing_unit": "Trung tâm mẫu"},
    "work_handover_record": {"from_name": "Cán bộ Mẫu Hai", "to_name": "Cán bộ Mẫu Bốn", "reason": "move"},
    **products.ANSWERS,
}


@cache
def names() -> tuple[str, ...]:
    """Every layout that is about a record; those without sample answers are tried with none."""
    forms = samples.forms()
    return tuple(sorted(name for name, layout in samples.layouts().items() if layout.kind in forms.kinds))


def context(name: str, **changes: Any) -> dict[str, Any]:
    """What a layout is filled with; `changes` replace answers of its own record, None takes one away."""
    kind = samples.layouts()[name].kind
    data = {key: value for key, value in {**ANSWERS.get(name, {}), **changes}.items() if value is not None}
    first = samples.record("acceptance", dict(FIRST), "0189aa")
    return samples.context() | {
        "province": "Cần Thơ",
        "acceptances": [first] if kind != "acceptance" or name in ("minutes_5b", "minutes_5c") else [],
        "beneficiaries": [],
        "problems": PROBLEMS,
        "product_vote": samples.record("product_vote", dict(products.VOTE)),
        "entries": [samples.record("product_entry", dict(products.ENTRY))],
        "read_file": read_file(data.get("photos", [])),
        kind: samples.record(kind, data, samples.ID),
    }


def empty_context(name: str) -> dict[str, Any]:
    """The same names with nothing behind them but an empty record."""
    kind = samples.layouts()[name].kind
    return {
        "unit": samples.UNIT,
        "organiser": samples.ORGANISER,
        "officer": samples.OFFICER,
        "practice": False,
        kind: samples.record(kind, {}),
    }
