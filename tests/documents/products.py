"""Answers about a typical product, its vote and its certificate, for the papers of TT 26/2014/TT-BCT."""

from __future__ import annotations

from typing import Any

PRODUCT: dict[str, Any] = {
    "name": "Bộ ấm chén men lam",
    "beneficiary": "b1",
    "product_group": "handicraft",
    "own_made": True,
    "original": True,
    "description": "Vẽ tay trên men.",
    "made_since": 2010,
    "yearly_revenue": 900_000_000,
    "state": "final",
}
VOTE: dict[str, Any] = {
    "name": "Kỳ bình chọn mẫu",
    "level": "province",
    "year": 2025,
    "judges": [{"id": "j1", "position": 1.0, "name": "Giám khảo Mẫu Một", "title": "Kỹ sư", "role": "head"}],
    "judged_on": "2025-08-20",
    "decision_number": "20/QĐ-MẪU",
    "decision_date": "2025-09-15",
    "decision_authority": "Chủ tịch Ủy ban nhân dân tỉnh (mẫu)",
    "state": "recognised",
}
ENTRY: dict[str, Any] = {
    "product_vote": "v1",
    "typical_product": "t1",
    "product_name": "Bộ ấm chén men lam",
    "maker_name": "Cơ sở gốm Mẫu",
    "product_group": "handicraft",
    "level": "province",
    "year": 2025,
    "entry_number": "01",
    "average": "9.5",
    "pass_mark": "70",
    "certificate_number": "01/GCN",
    "certified_on": "2025-09-20",
    "expires_on": "2027-12-31",
    "state": "certified",
}
ANSWERS = {
    "product_registration": PRODUCT,
    "product_list": VOTE,
    "product_vote_summary": VOTE,
    "product_score_sheet": ENTRY,
    "product_result_notice": ENTRY,
    "product_certificate": ENTRY,
}
