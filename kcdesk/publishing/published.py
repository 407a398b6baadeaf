"""What one publication has written."""

from __future__ import annotations

from kcdesk.runtime.frozen import Value


class PublishedCount(Value):
    """The lines written to one table, and the lines marked as deleted there."""

    table: str
    lines: int
    deleted: int = 0


class Published(Value, kw_only=True):
    """One publication; `full` if everything was written, not only what has changed; `notes` are sentences."""

    tables: tuple[PublishedCount, ...]
    personal: bool
    full: bool
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> int:
        """The lines written to all tables."""
        return sum(count.lines for count in self.tables)

    @property
    def deleted(self) -> int:
        """The lines marked as deleted in all tables."""
        return sum(count.deleted for count in self.tables)
