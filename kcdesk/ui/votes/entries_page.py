"""The register of products in votes, with the list of those that hold a certificate."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kcdesk.services.votes import certificate_holders
from kcdesk.ui.dossier.list_page import ListPage
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.page import PageCommand
from kcdesk.ui.votes.vote_page import board_button


class EntriesPage(ListPage):
    """The register of entries, with a list of certificate holders."""

    def _lay_out(self) -> None:
        super()._lay_out()
        button = board_button(
            "holders", "Danh sách có giấy chứng nhận…", "printer", lambda: self.holders_dialog().exec()
        )
        button.setToolTip("Giấy chứng nhận còn giá trị trong năm đang lọc, không lọc thì năm nay")
        self.top.addWidget(button)

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the list's commands and the list of holders."""
        return {**super().commands(), "print": PageCommand("In danh sách có giấy chứng nhận…", self._print)}

    def _print(self) -> None:
        self.holders_dialog().exec()

    def holders_dialog(self) -> SheetDialog:
        """Return the preview of holders in the filtered year, else in the current year."""
        workspace = self.context.workspace
        chosen = self.chips.where().get("year")
        year = int(str(chosen)) if chosen else workspace.today().year

        def write(path: Path) -> object:
            return certificate_holders.print_holders(workspace, year, path)

        name = f"Danh sách có giấy chứng nhận năm {year}"
        return SheetDialog(self.context, certificate_holders.LAYOUT, write, name, self)
