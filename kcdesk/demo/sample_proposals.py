"""One complete, made-up proposal for every activity: what an officer would type, in one place for all tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Answers = dict[str, Any]

_COMMON: Answers = {
    "year": 2026,
    "programme": "local",
    "scheme": "single",
    "implementing_unit": "Trung tâm Khuyến công và Tư vấn phát triển công nghiệp (mẫu)",
    "implementing_representative": "Người Mẫu Hai",
    "implementing_title": "Giám đốc",
    "coordinating_units": "Ủy ban nhân dân xã (mẫu)",
    "beneficiary_request": True,
    "address": "Số 12, thôn Mẫu",
    "necessity": "Cơ sở có nhu cầu mở rộng sản xuất nhưng năng lực hiện tại chưa đáp ứng đơn đặt hàng trong vùng.",
    "legal_basis": "Nghị định số 45/2012/NĐ-CP ngày 21 tháng 5 năm 2012 của Chính phủ về khuyến công;\n"
    "Thông tư số 46/2012/TT-BCT ngày 28 tháng 12 năm 2012 của Bộ Công Thương.",
    "goals": "Nâng năng lực sản xuất, tạo việc làm ổn định cho lao động tại địa phương.",
    "scale": "Thực hiện tại một địa bàn, trong một năm kế hoạch.",
    "starts_on": "01/3/2026",
    "ends_on": "30/11/2026",
    "work_plan": [
        {
            "task": "Chuẩn bị, ký hợp đồng",
            "responsible": "Đơn vị thực hiện",
            "starts_on": "1/3/2026",
            "ends_on": "30/4/2026",
        },
        {"task": "Triển khai, nghiệm thu", "responsible": "Các bên", "starts_on": "1/5/2026", "ends_on": "30/11/2026"},
    ],
    "organisation": "Đơn vị thực hiện chủ trì; đơn vị thụ hưởng phối hợp và bố trí vốn đối ứng.",
    "economic_effect": "Tăng doanh thu khoảng 15% sau một năm.",
    "social_effect": "Thêm việc làm cho lao động trong xã.",
    "environmental_effect": "Giảm tiêu hao nguyên liệu và chất thải.",
    "no_other_state_money": True,
}

_EXHIBITOR: Answers = {
    "name": "Hợp tác xã gốm Mẫu",
    "products": "Gốm mỹ nghệ",
    "booth_position": "Dãy A",
    "booths": 2,
    "booth_price": "10 triệu",
}
_FAIR: Answers = {
    "fair_name": "Hội chợ triển lãm hàng công nghiệp nông thôn tiêu biểu khu vực miền núi phía Bắc năm 2026",
    "fair_organiser": "Sở Công Thương (mẫu)",
    "fair_address": "Quảng trường trung tâm tỉnh",
    "fair_starts_on": "10/9/2026",
    "fair_ends_on": "15/9/2026",
    "exhibitors": [_EXHIBITOR, _EXHIBITOR | {"name": "Cơ sở mây tre đan Mẫu", "products": "Mây tre đan", "booths": 1}],
}
_MACHINE: Answers = {
    "name": "Máy dệt kim điện tử",
    "maker": "Hãng mẫu, Việt Nam",
    "model": "DK-12",
    "quantity": 1,
    "unit_price": "600 triệu",
}
_CLUSTER: Answers = {
    "cluster_name": "Cụm công nghiệp Mẫu",
    "cluster_area": "35,5",
    "cluster_decision": "Quyết định số 100/QĐ-UBND ngày 05 tháng 01 năm 2024 của Ủy ban nhân dân tỉnh",
    "cluster_investor": "Công ty cổ phần Hạ tầng Mẫu",
}
_SAVING: Answers = {"name": "Điện", "unit": "kWh/tấn", "before": 420, "after": 350}

# What only one activity is asked, with the cost line and the goal that fit it.
OWN: Mapping[str, Answers] = {
    "vocational_training": {
        "title": "Đào tạo nghề may công nghiệp cho lao động nông thôn",
        "occupation": "May công nghiệp",
        "training_form": "training",
        "curriculum": "Lý thuyết 60 giờ, thực hành 240 giờ: vận hành máy, may cụm chi tiết, lắp ráp sản phẩm.",
        "classes": [
            {
                "name": "Lớp may 1",
                "learners": 35,
                "duration": "03 tháng",
                "starts_on": "1/4/2026",
                "ends_on": "30/6/2026",
            }
        ],
        "employment_after": 30,
    },
    "management_training": {
        "title": "Tập huấn quản trị sản xuất và bán hàng cho cơ sở công nghiệp nông thôn",
        "training_kind": "workshop",
        "audience": "Chủ cơ sở, cán bộ quản lý hợp tác xã",
        "courses": [
            {
                "topic": "Quản trị sản xuất tinh gọn",
                "days": 3,
                "learners": 40,
                "starts_on": "5/5/2026",
                "ends_on": "7/5/2026",
            }
        ],
        "unpaid_learners": 40,
    },
    "start_up": {
        "title": "Hỗ trợ thành lập doanh nghiệp chế biến nông sản",
        "enterprises": [
            {
                "name": "Công ty TNHH Chè sạch Mẫu",
                "founder": "Người Mẫu Năm",
                "trade": "Chế biến chè",
                "charter_capital": "2 tỷ",
                "workers": 12,
            }
        ],
        "enterprise_support": ["business_plan", "registration"],
    },
    "foreign_fair": _FAIR
    | {
        "title": "Hỗ trợ cơ sở công nghiệp nông thôn tham gia hội chợ tại Lào",
        "fair_country": "Lào",
        "fair_times": 1,
    },
    "demonstration_model": {
        "title": "Mô hình trình diễn kỹ thuật sản xuất viên nén sinh khối",
        "model_type": "new_technology",
        "technology": "Dây chuyền ép viên nén từ phụ phẩm gỗ rừng trồng",
        "technology_advantage": "Năng suất gấp hai lần, tiêu hao điện giảm một phần ba so với máy ép thủ công",
        "meeting_on": "20/10/2026",
        "meeting_delegates": 60,
        "machines": [_MACHINE | {"name": "Dây chuyền ép viên nén", "model": "VN-500", "unit_price": "600 triệu"}],
    },
    "model_replication": {
        "title": "Nhân rộng mô hình sản xuất miến dong bằng sấy lạnh",
        "model_subject": "Sấy lạnh miến dong, thay phơi nắng",
        "model_effect": "Doanh thu tăng đều ba năm liền, không dùng hóa chất tẩy trắng",
        "model_years": 4,
        "learners_expected": 50,
        "spreading": "Một hội nghị trình diễn và hai đợt tham quan",
    },
    "technology_transfer": {
        "title": "Chuyển giao công nghệ sấy thăng hoa trái cây",
        "transferred_technology": "Công nghệ sấy thăng hoa",
        "technology_source": "Viện Cơ điện nông nghiệp (mẫu)",
        "transfer_contract_number": "05/2026/HĐCG",
        "transfer_value": "400 triệu",
        "technology_encouraged": True,
        "technology_benefits": ["new_product", "quality"],
        "transfer_content": "Bàn giao quy trình, đào tạo vận hành, chạy thử ba mẻ",
    },
    "machinery": {
        "title": "Hỗ trợ ứng dụng máy móc tiên tiến trong sản xuất hàng dệt",
        "machine_kind": "single",
        "machines_new": True,
        "machine_benefits": ["productivity", "quality"],
        "machines": [_MACHINE],
    },
    "cleaner_production_pilot": {
        "title": "Mô hình thí điểm áp dụng sản xuất sạch hơn tại cơ sở chế biến tinh bột",
        "assessment_scope": "Công đoạn rửa, nghiền và sấy",
        "assessor": "Trung tâm Sản xuất sạch hơn (mẫu)",
        "assessed_on": "15/1/2026",
        "solutions": [{"name": "Tuần hoàn nước rửa", "investment": "300 triệu", "yearly_saving": "90 triệu"}],
        "savings": [_SAVING, {"name": "Nước", "unit": "m³/tấn", "before": 12, "after": 7}],
        "cleaner_benefits": ["resources", "emissions"],
    },
    "cleaner_production_assessment": {
        "title": "Đánh giá sản xuất sạch hơn cho cơ sở giấy",
        "assessment_scope": "Toàn bộ dây chuyền xeo giấy",
        "assessor": "Trung tâm Sản xuất sạch hơn (mẫu)",
        "savings": [{"name": "Nước", "unit": "m³/tấn", "before": 40}],
    },
    "typical_product_vote": {
        "title": "Bình chọn sản phẩm công nghiệp nông thôn tiêu biểu cấp tỉnh",
        "vote_level": "province",
        "vote_on": "12/8/2026",
        "vote_groups": [
            {"group": "food", "products": 24, "awards": 10},
            {"group": "handicraft", "products": 15, "awards": 6},
        ],
        "council_members": 9,
        "judges": 7,
    },
    "fair_organisation": _FAIR
    | {
        "title": "Tổ chức hội chợ triển lãm hàng công nghiệp nông thôn tiêu biểu",
        "fair_type": "rural",
        "fair_level": "region",
        "fair_with_vote": False,
    },
    "fair_participation": _FAIR | {"title": "Hỗ trợ cơ sở tham gia hội chợ trong nước"},
    "brand": {
        "title": "Xây dựng, đăng ký nhãn hiệu tập thể cho làng nghề bánh tráng",
        "mark_name": "Bánh tráng Mẫu",
        "mark_type": "collective",
        "mark_goods": "Bánh tráng các loại (nhóm 30)",
        "mark_owner": "Hợp tác xã bánh tráng Mẫu",
        "mark_rules": True,
        "mark_plan": "Bộ nhận diện, tem nhãn, gian hàng trực tuyến",
    },
    "showroom": {
        "title": "Phòng trưng bày sản phẩm làng nghề gắn với du lịch",
        "showroom_owner": "establishment",
        "showroom_address": "Khu du lịch Mẫu",
        "showroom_area": "60",
        "showroom_tenure": "rented",
        "showroom_rent": "8 triệu",
        "showroom_months": 12,
        "showroom_products": "Sản phẩm của 15 cơ sở trong xã",
    },
    "e_commerce": {
        "title": "Gian hàng trực tuyến cho sản phẩm công nghiệp nông thôn",
        "platform_kind": "marketplace",
        "platform_address": "sanpham-mau.vn",
        "platform_supplier": "Công ty Giải pháp số Mẫu",
        "platform_shops": 25,
        "platform_products": 120,
        "platform_functions": "Giới thiệu, đặt hàng, theo dõi đơn",
        "platform_upkeep": "Trung tâm Khuyến công vận hành bằng kinh phí thường xuyên",
    },
    "design_contest": {
        "title": "Cuộc thi thiết kế mẫu hàng thủ công mỹ nghệ",
        "contest_name": "Thiết kế mẫu sản phẩm gốm năm 2026",
        "contest_subject": "Mẫu mới từ đất địa phương; mở cho mọi cơ sở trong tỉnh",
        "prizes": [
            {"name": "Giải nhất", "quantity": 1, "value": "15 triệu"},
            {"name": "Giải nhì", "quantity": 2, "value": "8 triệu"},
        ],
    },
    "consultancy": {
        "title": "Tư vấn thiết kế bao bì cho cơ sở mật ong",
        "consultancy_fields": ["design", "marketing"],
        "consultant": "Công ty Thiết kế Mẫu",
        "consultations": [
            {"subject": "Thiết kế bao bì, nhãn sản phẩm", "hours": 80, "cost": "60 triệu", "output": "Bộ bản vẽ bao bì"}
        ],
    },
    "information": {
        "title": "Chuyên mục truyền hình Công nghiệp nông thôn",
        "media_form": "television",
        "media_name": "Đài Phát thanh và Truyền hình tỉnh (mẫu)",
        "media_issues": [
            {
                "name": "Chuyên mục khuyến công",
                "subject": "Mô hình hiệu quả",
                "quantity": 6,
                "length": "15 phút",
                "price": "10 triệu",
            }
        ],
    },
    "association": {
        "title": "Thành lập hiệp hội chè cấp vùng",
        "association_name": "Hiệp hội Chè vùng Mẫu",
        "association_level": "region",
        "members_expected": 45,
        "association_trade": "Chế biến chè",
        "statute_state": "draft",
    },
    "linked_cluster": {
        "title": "Hình thành cụm liên kết doanh nghiệp chế biến gỗ",
        "link_name": "Cụm liên kết gỗ Mẫu",
        "link_trade": "Gỗ rừng trồng, ván ghép, đồ gỗ",
        "link_members": [
            {"name": "Công ty Gỗ Mẫu", "role": "Đầu mối tiêu thụ"},
            {"name": "Hợp tác xã Gỗ Mẫu", "role": "Cung cấp phôi"},
        ],
        "link_content": "Chia công đoạn, mua chung nguyên liệu, thống nhất tiêu chuẩn phôi",
    },
    "cluster_planning": _CLUSTER | {"title": "Lập quy hoạch chi tiết cụm công nghiệp Mẫu", "planning_area": "35,5"},
    "cluster_infrastructure": _CLUSTER
    | {
        "title": "Đầu tư đường nội bộ cụm công nghiệp Mẫu",
        "cluster_occupancy": "40",
        "cluster_investor_is_enterprise": True,
        "cluster_items": [
            {"item_kind": "road", "name": "Đường trục số 1", "volume": "850 m", "value": "5 tỷ", "done_percent": "55"}
        ],
    },
    "cluster_treatment": _CLUSTER
    | {
        "title": "Nâng cấp trạm xử lý nước thải cụm công nghiệp Mẫu",
        "cluster_occupancy": "72,5",
        "cluster_investor_is_enterprise": True,
        "cluster_items": [{"item_kind": "wastewater", "name": "Bể hiếu khí số 2", "value": "3 tỷ"}],
        "cluster_wastewater": 450,
        "cluster_capacity": 600,
        "cluster_standard": "Cột A quy chuẩn nước thải công nghiệp",
    },
    "site_treatment": {
        "title": "Xử lý nước thải tại cơ sở sản xuất bún",
        "pollutants": ["wastewater"],
        "treatment_work": "repair",
        "treatment_volume": 30,
        "treatment_capacity": 40,
        "treatment_now": "Bể lắng đơn giản, vượt quy chuẩn",
        "treatment_technology": "Bể kỵ khí kết hợp hiếu khí",
        "treatment_standard": "Cột B quy chuẩn nước thải công nghiệp",
    },
    "relocation_interest": {
        "title": "Hỗ trợ lãi suất di dời cơ sở tái chế nhựa vào cụm công nghiệp",
        "old_site": "Thôn Mẫu, trong khu dân cư",
        "new_site": "Lô B2 cụm công nghiệp Mẫu",
        "pollution_level": "polluting",
        "relocated_on": "20/12/2025",
        "loans": [
            {
                "bank": "Ngân hàng Mẫu",
                "purpose": "buildings",
                "amount": "4 tỷ",
                "rate": "8,5",
                "months": 24,
                "interest": "680 triệu",
                "paid_in_time": True,
            }
        ],
    },
    "international_cooperation": {
        "title": "Trao đổi kinh nghiệm phát triển làng nghề với tỉnh bạn Lào",
        "cooperation_kind": "exchange",
        "partner": "Sở Công Thương tỉnh Mẫu",
        "partner_country": "Lào",
        "cooperation_people": 8,
        "cooperation_content": "Hội thảo và tham quan hai làng nghề",
    },
    "programme_management": {
        "title": "Tập huấn nghiệp vụ khuyến công cho cán bộ cơ sở",
        "management_task": "training",
        "task_people": 60,
        "task_content": "Hai lớp, mỗi lớp hai ngày",
        "task_product": "Tài liệu và danh sách học viên",
    },
    "digital_transformation": {
        "title": "Chuyển đổi số quản lý sản xuất tại hợp tác xã dệt",
        "digital_areas": ["production", "tracing"],
        "digital_now": "Ghi sổ tay, chưa có phần mềm",
        "digital_tools": [{"name": "Phần mềm quản lý đơn hàng", "supplier": "Công ty Mẫu", "cost": "80 triệu"}],
    },
    "artisan_support": {
        "title": "Hỗ trợ nghệ nhân truyền nghề đúc đồng",
        "artisans": [{"name": "Người Mẫu Sáu", "honour": "merited", "craft": "Đúc đồng", "apprentices": 10}],
        "artisan_content": "Truyền nghề sáu tháng, ghi hình tư liệu",
    },
}

# cost line and its parts (đồng): support within every ceiling that is known
_MONEY: Mapping[str, tuple[str, int, int]] = {
    "machinery": ("Mua máy móc, thiết bị", 600_000_000, 200_000_000),
    "demonstration_model": ("Mua máy móc, thiết bị của mô hình", 600_000_000, 150_000_000),
}
_NO_OWN_MONEY = frozenset({"programme_management"})  # nobody pays beside the state


def proposal_answers(activity: str, **changes: Any) -> Answers:
    """Every answer of a complete local proposal for an activity but its place and its beneficiaries, as typed."""
    item, cost, support = _MONEY.get(activity, ("Chi thực hiện đề án", 100_000_000, 9_000_000))
    line: Answers = {"item": item, "unit": "gói", "quantity": 1, "cost": cost, "local": support}
    if activity in _NO_OWN_MONEY:
        line["local"] = cost
    else:
        line["counterpart"] = cost - support
    result = {"goal": "Doanh thu", "unit": "triệu đồng/năm", "before": 2000, "target": 2300}
    own = OWN.get(activity, {})  # an activity whose proposals have no part of their own asks nothing more
    return _COMMON | {"activity": activity, "budget": [line], "results": [result]} | own | changes
