"""The hand-over of the practice journey: keys, a package up, a receipt down, and what then waits on both sides."""

from __future__ import annotations

from pathlib import Path

from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.handover.receipts import drafts as receipt_drafts
from kcdesk.services.handover.receipts.drafts import Decision
from kcdesk.services.handover.trust import partners
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.temporary import private_files


class Exchange(Value):
    """The receipt, a package not received by the province yet, and a returned dossier."""

    receipt: Path
    supplement: Path
    returned: str


def play_handover(unit: Workspace, province: Workspace, package: Path) -> Exchange:
    """Send the package and answer it with a returned dossier and a field that both sides changed differently."""
    acquaint(unit, province)
    taken = receiving.receive(province, package).preview
    drafts = {"state": unit.forms.workflow("proposal").initial}
    disputed, returned, later = (row.id for row in reading.list_page(unit, "proposal", where=drafts, limit=3))
    changing.set_values(province, disputed, {"goals": "Tạo việc làm cho 30 lao động tại địa phương. (Nội dung mẫu.)"})
    changing.set_values(unit, disputed, {"goals": "Tạo việc làm cho 24 lao động tại địa phương. (Nội dung mẫu.)"})
    reasons = (("budget", "Thiếu báo giá của nhà cung cấp. (Nội dung mẫu.)"), ("goals", "Chưa nêu mục tiêu."))
    receipt_drafts.choose(province, taken.package, returned, Decision(result="returned", reasons=reasons))
    receipt = package.with_name("receipt.xlsx")
    receipt_drafts.write_receipt(province, taken.package, receipt)
    receiving.receive(unit, receipt)
    changing.set_values(unit, later, {"goals": "Giảm chi phí sản xuất. (Nội dung mẫu.)"})
    supplement = package.with_name("supplement.xlsx")
    sending.make(unit, sending.HandoverOrder(path=supplement))
    return Exchange(receipt, supplement, returned)


def acquaint(workspace: Workspace, other: Workspace) -> None:
    """Let two offices trust each other."""
    with private_files.folder() as folder:
        for writer, reader in ((workspace, other), (other, workspace)):
            card = folder / f"{writer.identity.unit.code}.xlsx"
            partners.write_identity(writer, card)
            partners.trust(reader, card)
