"""Make stores full of invented records: the small ones kept in `tests/data/store-<schema>`, big ones to measure.

`python -m tests.data.make_store FOLDER [COUNT]`; the same count gives the same records.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

from kcdesk.formdef.loading.loader import load
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store

_PLACES = ("Lạng Sơn", "Đắk Lắk", "Bình Thuận", "Hậu Giang", "Thanh Hóa", "Hòa Bình", "Điện Biên", "Quảng Ngãi")
_FORMS = ("Công ty TNHH", "Công ty cổ phần", "Hợp tác xã", "Hộ kinh doanh", "Doanh nghiệp tư nhân", "Cơ sở sản xuất")
_TRADES = ("Gỗ", "Chè", "Gốm sứ", "Mây tre đan", "Cơ khí", "Bánh kẹo", "Nước mắm", "Dệt thổ cẩm", "Gạch không nung")
_NAMES = ("Minh", "Phát", "An", "Khang", "Đức", "Thịnh", "Hòa", "Bình", "Sơn", "Hải", "Ngọc", "Lan", "Ước", "Vũ", "Yên")
_VERBS = ("Hỗ trợ ứng dụng máy móc", "Xây dựng mô hình trình diễn", "Đào tạo nghề", "Hỗ trợ tham gia hội chợ")
_THINGS = (
    "máy cưa CNC",
    "dây chuyền sấy",
    "lò nung gas",
    "máy ép viên",
    "máy dệt",
    "hệ thống lọc nước",
    "máy đóng gói",
)
_STATES = ("draft", "draft", "final", "approved")


def _beneficiary(chance: random.Random, number: int) -> dict[str, Any]:
    name = f"{chance.choice(_FORMS)} {chance.choice(_TRADES)} {chance.choice(_NAMES)} {chance.choice(_NAMES)} {number}"
    return {
        "name": name,
        "tax_code": f"{number:010d}",
        "legal_form": chance.choice(("limited_company", "cooperative", "household_business")),
        "representative": f"Nguyễn Văn Mẫu {number}",
        "address": f"Thôn {chance.randint(1, 30)}, {chance.choice(_PLACES)}",
        "workers": chance.randint(1, 200),
        "state": "draft",
        "revision": 1,
    }


def _proposal(chance: random.Random, number: int, beneficiary: str) -> dict[str, Any]:
    cost = chance.randint(50, 900) * 1_000_000
    national = cost // 3
    return {
        "title": f"{chance.choice(_VERBS)} {chance.choice(_THINGS)} tại {chance.choice(_PLACES)} số {number}",
        "year": chance.randint(2019, 2026),
        "programme": chance.choice(("national", "local")),
        "scheme": "single",
        "activity": chance.choice(("machinery", "demonstration_model", "vocational_training")),
        "beneficiaries": [beneficiary],
        "need": "Nhu cầu đổi mới thiết bị của cơ sở để tăng năng suất và chất lượng sản phẩm. " * 8,
        "budget": [
            {"id": "b1", "position": 1.0, "item": "Mua máy", "cost": cost, "national": national},
            {"id": "b2", "position": 2.0, "item": "Lắp đặt", "cost": 5_000_000, "counterpart": 5_000_000},
        ],
        "machines": [
            {"id": "m1", "position": 1.0, "name": chance.choice(_THINGS), "quantity": 1, "unit_price": cost},
        ],
        "total_cost": cost + 5_000_000,
        "total_national": national,
        "state": chance.choice(_STATES),
        "revision": 1,
    }


def make(folder: Path, count: int, passphrase: str = "") -> None:
    """A store with one beneficiary to four proposals, `count` records in all; encrypted if there is a passphrase."""
    chance = random.Random(count)
    forms = load()
    unit = Unit("Trung tâm mẫu", "TTM", "lower", "20")
    officer = Officer("Nguyễn Văn Mẫu", "Chuyên viên")
    store, _ = Store.create(folder, forms, unit, officer, practice=not passphrase, passphrase=passphrase)
    beneficiary = ""
    for start in range(0, count, 1000):
        with store.act("Nhập dữ liệu mẫu") as act:
            for number in range(start, min(start + 1000, count)):
                if number % 5 == 0:
                    reference = forms.current("beneficiary").reference
                    beneficiary = act.insert("beneficiary", reference, _beneficiary(chance, number))
                else:
                    reference = forms.current("proposal").reference
                    act.insert("proposal", reference, _proposal(chance, number, beneficiary))
    store.analyze()
    store.close()


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20)
