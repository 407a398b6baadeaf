"""The hand-off of the practice journey: keys, a package up, a receipt down, and what waits on both sides afterwards."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from kcdesk.services import handoff, partners, records, replies, taking_in
from kcdesk.services.replies import Decision
from kcdesk.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Exchange:
    """The receipt, a package that the province has not taken in yet, and a dossier that came back."""

    receipt: Path
    supplement: Path
    returned: str


def play(unit: Workspace, province: Workspace, package: Path) -> Exchange:
    """Hand the package over, answer it with one dossier returned and one field that both sides wrote differently."""
    _acquaint(unit, province)
    taken = taking_in.take(province, package).preview
    drafts = [row.id for row in records.list_page(unit, "proposal", where={"state": "draft"}, limit=3)]
    disputed, returned, later = drafts
    records.set_values(province, disputed, {"goals": "Tạo việc làm cho 30 lao động tại địa phương. (Nội dung mẫu.)"})
    records.set_values(unit, disputed, {"goals": "Tạo việc làm cho 24 lao động tại địa phương. (Nội dung mẫu.)"})
    reasons = (("budget", "Thiếu báo giá của nhà cung cấp. (Nội dung mẫu.)"), ("goals", "Chưa nêu mục tiêu."))
    replies.choose(province, taken.package, returned, Decision(result="returned", reasons=reasons))
    receipt = package.with_name("receipt.xlsx")
    replies.write(province, taken.package, receipt)
    taking_in.take(unit, receipt)
    records.set_values(unit, later, {"goals": "Giảm chi phí sản xuất. (Nội dung mẫu.)"})
    supplement = package.with_name("supplement.xlsx")
    handoff.make(unit, handoff.Order(path=supplement))
    return Exchange(receipt, supplement, returned)


def _acquaint(one: Workspace, other: Workspace) -> None:
    with tempfile.TemporaryDirectory(prefix="kcdesk-") as folder:
        for writer, reader in ((one, other), (other, one)):
            card = Path(folder) / f"{writer.identity.unit.code}.xlsx"
            partners.write_identity(writer, card)
            partners.trust(reader, card)
