"""The records into which the rows of a sheet may go, found while typing; the first option is a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.ui.form.editors.sources import SearchOption

NEW = ""  # stands for a record that is made
_SHOWN = 20


class ReceivingRecords:
    """Records of one kind by the store's search: an `OptionSource` of `ui/form/editors`."""

    free_text = False
    tab_takes = False  # another record of nearly the same name would be taken unseen

    def __init__(self, workspace: Workspace, kind: str) -> None:
        self._workspace, self._kind = workspace, kind
        self.new_title = ""  # what a new record is called; "" if none can be made

    def search(self, text: str) -> list[SearchOption]:
        """Return the records found, the newest first for an empty text; before them the new one."""
        new = [SearchOption(NEW, self.label(NEW))] if self.new_title and not text.strip() else []
        return [*new, *(SearchOption(row.id, row.title) for row in self._rows(text.strip()))]

    def label(self, value: Any) -> str:
        """Return the title of a record, or what is said of a new one."""
        return reading.title_of(self._workspace, value) if value else f"Lập mới: {self.new_title}"

    def candidates(self, text: str) -> Sequence[str]:
        """Return the titles of records that have one of the words, and of the newest ones."""
        asked = ("", *(word for word in text.split() if len(word) > 1))
        return [row.title for words in asked for row in self._rows(words)]

    def _rows(self, words: str) -> Sequence[reading.ListRow]:
        return reading.list_page(
            self._workspace, self._kind, search=words, order="updated", descending=True, limit=_SHOWN
        )
