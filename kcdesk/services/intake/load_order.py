"""What is asked of a load: the kind, the file, and what somebody has said of it."""

from __future__ import annotations

from pathlib import Path

from kcdesk.runtime.frozen import Value
from kcdesk.services.intake.map_files import ColumnMap


class LoadOrder(Value, kw_only=True):
    """The kind of record, the file, the sheet, and how doubtful cells are handled."""

    kind: str
    path: Path
    sheet: str = ""  # its name or number; "": the likeliest
    column_map: ColumnMap | None = None
    hidden: str = ""  # hidden rows and columns: "take", "leave", or "": left, and asked about
    accepts: bool = False  # suggested values count
    into: str = ""  # the record whose tables the rows fill

    @property
    def hidden_choice(self) -> str:
        """What was said of hidden rows and columns, here or in the map; "" for nothing."""
        return self.hidden or (self.column_map.hidden if self.column_map else "")

    @property
    def takes_hidden(self) -> bool:
        """Whether hidden rows and columns are taken."""
        return self.hidden_choice == "take"
