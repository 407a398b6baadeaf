"""What a nationwide store is made of: the shares of activities, states, sources and sizes, and the words of names.

The shares are round estimates in the order of magnitude of public yearly reports; they are not statistics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FIRST_YEAR, LAST_YEAR = 2007, 2026
PROPOSALS = 500_000
PER_PROPOSAL = 0.4  # beneficiaries for one proposal: 200,000 for 500,000
PRODUCTS = 0.04  # typical products for one proposal
BATCH = 5_000  # records of one act

# Activity: share of proposals, least and most cost (million đồng), share of the support in the cost.
ACTIVITIES: Mapping[str, tuple[int, int, int, float]] = {
    "machinery": (46, 200, 3_000, 0.3),
    "vocational_training": (14, 60, 300, 1.0),
    "demonstration_model": (8, 800, 6_000, 0.25),
    "fair_participation": (8, 20, 400, 0.8),
    "management_training": (6, 30, 200, 1.0),
    "brand": (5, 40, 150, 0.5),
    "typical_product_vote": (4, 80, 500, 1.0),
    "information": (4, 30, 300, 1.0),
    "fair_organisation": (2, 500, 4_000, 0.5),
    "cleaner_production_assessment": (1, 60, 200, 0.5),
    "cluster_planning": (1, 300, 1_500, 0.5),
    "consultancy": (1, 20, 100, 0.8),
}
WITH_MACHINES = ("machinery", "demonstration_model")
CLAIMS = 100  # one proposal of so many has a result that its unit wrote and the province has not confirmed
NATIONAL = 0.35  # share of proposals of the national programme
SCHEMES: Mapping[str, int] = {"single": 82, "group": 17, "flagship": 1}
# Share of proposals by state: of years long past, of the two last years, of the current year.
PAST: Mapping[str, int] = {
    "archived": 68,
    "liquidated": 14,
    "settled": 3,
    "rejected": 9,
    "stopped": 4,
    "failed": 1,
    "draft": 1,
}
RECENT: Mapping[str, int] = {
    "liquidated": 56,
    "settled": 20,
    "archived": 5,
    "accepted": 5,
    "conditional": 1,
    "rejected": 8,
    "stopped": 4,
    "draft": 1,
}
CURRENT: Mapping[str, int] = {
    "draft": 8,
    "final": 8,
    "sent": 10,
    "supplement": 4,
    "grassroots_appraisal": 4,
    "ministry_appraisal": 4,
    "provincial_approval": 6,
    "approved": 10,
    "contracted": 14,
    "running": 18,
    "accepted": 8,
    "conditional": 2,
    "rejected": 4,
}
# How far a proposal has come: every state has what the states with a smaller number have.
REACHED: Mapping[str, int] = {
    "approved": 1,
    "contracted": 2,
    "stopped": 3,
    "running": 3,
    "failed": 4,
    "conditional": 4,
    "accepted": 4,
    "settled": 5,
    "liquidated": 6,
    "archived": 6,
}
DECIDED, CONTRACTED, ADVANCED, VISITED, SETTLED, LIQUIDATED = range(1, 7)

LEGAL_FORMS: Mapping[str, tuple[int, str]] = {
    "household_business": (40, "Hộ kinh doanh"),
    "cooperative": (22, "Hợp tác xã"),
    "limited_company": (26, "Công ty TNHH"),
    "joint_stock_company": (6, "Công ty cổ phần"),
    "private_enterprise": (6, "Doanh nghiệp tư nhân"),
}
# Sector of a beneficiary: its trades.
TRADES: Mapping[str, Sequence[str]] = {
    "a": ("chế biến chè", "chế biến cà phê", "chế biến nông sản", "chế biến thủy sản", "bún, miến", "xay xát gạo"),
    "b": ("may mặc", "giày da", "bao bì", "đồ gỗ gia dụng"),
    "c": ("gạch không nung", "phân bón hữu cơ", "bê tông đúc sẵn"),
    "d": ("cơ khí", "sửa chữa máy nông nghiệp", "linh kiện điện tử"),
    "dd": ("mây tre đan", "gốm sứ", "dệt thổ cẩm", "chạm khắc đá", "sơn mài"),
}
WORDS = (
    "An Bình Minh Phát Hoàng Long Thành Công Tân Hưng Phú Vinh Hải Đăng Quốc Thiên Ân Đại Lộc Kim Ngân Bảo Châu Trường "
    "Sơn Việt Hà Nam Cường Gia Khánh Lan Phương Đức Thịnh Xuân Mai Tuấn Kiệt Hồng Nhung"
).split()
MACHINES = ("máy sấy lạnh", "máy cắt CNC", "dây chuyền đóng gói", "máy ép gạch", "máy may điện tử", "máy dệt kim")
