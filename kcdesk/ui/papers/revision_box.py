"""The choice of an earlier revision of a record, of which a paper was kept."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from kcdesk.services.papers import printing
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date


class RevisionBox(QComboBox):
    """Lists the present revision and earlier ones; hidden where there is nothing to choose."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("preview.revision")
        self.setAccessibleName("Bản của hồ sơ")
        self.setToolTip("Bản đã chốt trước đây được in lại đúng như khi chốt")

    def list_revisions(self, workspace: Workspace, record_id: str, paper: str) -> None:
        """Offer the earlier revisions of which the paper was kept; none for the paper ""."""
        self.blockSignals(True)
        self.clear()
        earlier = printing.earlier_revisions(workspace, record_id, paper) if paper else []
        if paper:
            self.addItem("Bản hiện nay", 0)
        for revision, day in earlier:
            self.addItem(f"Bản {revision} (ngày {format_date(day)})", revision)
        self.setVisible(bool(earlier))
        self.blockSignals(False)

    def revision(self) -> int:
        """Return the earlier revision that is chosen, 0 for the present one."""
        return int(self.currentData() or 0)
