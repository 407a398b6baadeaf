"""A small folder of definitions, whole and sound, from which tests spoil one thing at a time."""

from __future__ import annotations

from pathlib import Path

BENEFICIARY = """
id = "beneficiary"
version = 1
label = "Đơn vị thụ hưởng"
plural = "Đơn vị thụ hưởng"
effective_from = 2014-01-01
title = ["name"]

[[section]]
id = "identity"
label = "Thông tin chung"

[[section.field]]
name = "name"
type = "text"
label = "Tên"
required = true
"""

PROPOSAL = """
id = "proposal"
version = 1
label = "Đề án"
plural = "Đề án"
effective_from = 2014-01-01
source = "Điều 5 TT 36/2013/TT-BCT"
title = ["title", "year"]
list = ["title", "year", "state"]
filters = ["programme", "activity", "state"]
search = ["title"]
sort = "title"

[[section]]
id = "general"
label = "Thông tin chung"

[[section.field]]
name = "title"
type = "text"
label = "Tên đề án"
required = true
max_length = 40

[[section.field]]
name = "year"
type = "year"
label = "Năm"
min = 2014

[[section.field]]
name = "programme"
type = "choice"
label = "Nguồn kinh phí"
choices_from = "programmes"
default = "national"

[[section.field]]
name = "activity"
type = "choice"
label = "Nội dung hoạt động"
choices_from = "activities"

[[section.field]]
name = "beneficiaries"
type = "references"
target = "beneficiary"
label = "Đơn vị thụ hưởng"

[[section.field]]
name = "starts_on"
type = "date"
label = "Từ ngày"
default = "today"

[[section.field]]
name = "ends_on"
type = "date"
label = "Đến ngày"

[[section]]
id = "scale"
label = "Quy mô"

[[section.field]]
name = "workers"
type = "integer"
label = "Số lao động"
unit = "người"
min = 0

[[section.field]]
name = "many_reason"
type = "paragraph"
label = "Lý do cần nhiều lao động"
visible_when = { workers = { at_least = 50 } }
required_when = { programme = ["national", "local"] }

[[section.field]]
name = "machines"
type = "table"
label = "Máy móc"
row = "machine"
row_label = "máy"
totals = ["amount"]
required_when = { activity = "machinery" }

[[section.field.column]]
name = "name"
type = "text"
label = "Tên máy"
required = true

[[section.field.column]]
name = "quantity"
type = "decimal"
label = "Số lượng"
min = 0

[[section.field.column]]
name = "unit_price"
type = "money"
label = "Đơn giá"
unit = "đồng"

[[section.field.column]]
name = "amount"
type = "money"
label = "Thành tiền"
unit = "đồng"
computed = "product"
computed_from = ["quantity", "unit_price"]

[[section.field.column]]
name = "note"
type = "text"
label = "Ghi chú"
visible_when = { quantity = { above = 10 } }
required_when = { programme = "national" }

[[section.field]]
name = "machine_cost"
type = "money"
label = "Tiền máy"
unit = "đồng"
computed = "sum"
computed_from = ["machines.amount"]

[[section]]
id = "budget"
label = "Dự toán"

[[section.field]]
name = "budget"
type = "table"
label = "Dự toán"
row = "budget_line"

[[section.field.column]]
name = "item"
type = "text"
label = "Nội dung chi"

[[section.field.column]]
name = "cost"
type = "money"
label = "Tổng"
unit = "đồng"

[[section.field.column]]
name = "national"
type = "money"
label = "Quốc gia"
unit = "đồng"

[[section.field.column]]
name = "counterpart"
type = "money"
label = "Đối ứng"
unit = "đồng"

[[section.field]]
name = "total_cost"
type = "money"
label = "Tổng kinh phí"
unit = "đồng"
computed = "sum"
computed_from = ["budget.cost"]

[[section.field]]
name = "machine_share"
type = "percent"
label = "Tỷ lệ tiền máy"
computed = "percent_of"
computed_from = ["machine_cost", "total_cost"]

[[section]]
id = "decision"
label = "Phê duyệt"
visible_when = { programme = "national" }

[[section.field]]
name = "approved_support"
type = "money"
label = "Kinh phí được duyệt"
unit = "đồng"
owner = "province"

[[check]]
rule = "budget_closes"
field = "budget"
fields = ["budget.cost", "budget.national", "budget.counterpart"]
draft = true

[[check]]
rule = "date_order"
field = "ends_on"
fields = ["starts_on", "ends_on"]
message = "Ngày kết thúc đứng trước ngày bắt đầu."

[[check]]
rule = "at_most"
field = "approved_support"
fields = ["approved_support", "total_cost"]
"""

CHOICES = """
[programmes]
source = "Điều 2 TT 46/2012/TT-BCT"
choices = [
  { value = "national", label = "Khuyến công quốc gia" },
  { value = "local", label = "Khuyến công địa phương" },
]
"""

ACTIVITIES = """
[[activity]]
code = "machinery"
label = "Ứng dụng máy móc tiên tiến"
source = "Khoản 3 Điều 4 NĐ 45/2012/NĐ-CP"

[[activity]]
code = "brand"
label = "Xây dựng thương hiệu"
source = "Khoản 4 Điều 4 NĐ 45/2012/NĐ-CP"
retired = true
"""

WORKFLOW = """
[[workflow]]
kind = "proposal"
initial = "draft"

[[workflow.state]]
name = "draft"
label = "Đang soạn"

[[workflow.state]]
name = "final"
label = "Đã chốt"
tone = "good"
editable = false
open_sections = ["decision"]

[[workflow.transition]]
name = "finalise"
label = "Chốt"
from = ["draft"]
to = "final"
complete = true
requires = ["title"]
"""

COMMON = """
activity = "common"
version = 1
effective_from = 2014-02-10
source = "Điều 14 TT 36/2013/TT-BCT"

[[paper]]
code = "minutes"
item = "Biên bản nghiệm thu cơ sở"
"""

MACHINERY = """
activity = "machinery"
version = 1
effective_from = 2014-02-10
source = "Khoản 5 Điều 14 TT 36/2013/TT-BCT"

[[paper]]
code = "purchase_contract"
item = "Hợp đồng mua máy"

[[fact]]
code = "machine_is_new"
item = "Máy mới"
source = "Khoản 4 Điều 4 TT 46/2012/TT-BCT"

[[fact]]
code = "national_sign"
item = "Biển ghi nguồn khuyến công quốc gia"
when = { programme = "national" }
"""

FILES = {
    "beneficiary.toml": BENEFICIARY,
    "proposal.toml": PROPOSAL,
    "choices.toml": CHOICES,
    "activities.toml": ACTIVITIES,
    "workflow.toml": WORKFLOW,
    "checklists/common.toml": COMMON,
    "checklists/machinery.toml": MACHINERY,
}


def write(folder: Path, **changed: str) -> Path:
    """Write the sample folder; `changed` replaces files by stem (`proposal="..."`)."""
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed.pop(path.stem, content), encoding="utf-8")
    for stem, content in changed.items():
        (folder / f"{stem}.toml").write_text(content, encoding="utf-8")
    return folder
