"""Who entered or changed each value last, from the history of its record."""

from __future__ import annotations

from kcdesk.formdef.derivations.nodes import Entry
from kcdesk.formdef.record import Record
from kcdesk.services.overview import history_lines
from kcdesk.services.overview.history_lines import HistoryLine
from kcdesk.services.workspace import Workspace


class Entries:
    """The last changes of values; each history is read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._newest: dict[str, dict[str, HistoryLine]] = {}

    def of(self, record: Record, path: str) -> Entry | None:
        """The last change of the value at a path; of a cell without changes of its own that of its row, else table."""
        newest = self._lines(record.id)
        parts = path.split("/")
        above = ["/".join(parts[:length]) for length in range(len(parts), 0, -1)]
        known = [newest[name] for name in above if name in newest]
        if not known or record.value(path) is None:
            return None
        line = known[0]
        return Entry(line.officer, line.at, line.action, line.package)

    def _lines(self, id_: str) -> dict[str, HistoryLine]:
        if id_ not in self._newest:
            lines = history_lines.history_lines(self._workspace, id_)
            self._newest[id_] = {line.path: line for line in reversed(lines)}
        return self._newest[id_]
