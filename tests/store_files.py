"""A second way into the file of a practice store: for tests that spoil what lies there, or look below the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kcdesk.store.database.db import Connection
from kcdesk.store.safety.backup import STORE


@contextmanager
def connection(folder: Path) -> Iterator[Connection]:
    """A connection of the test's own to the store in a folder, which may be open."""
    second = Connection(folder / STORE, None)
    try:
        second.configure()
        yield second
    finally:
        second.close()


def change(folder: Path, *statements: str) -> None:
    """Run statements in the file, past everything that the store takes care of."""
    with connection(folder) as second:
        for statement in statements:
            second.execute(statement)


def at_home_anywhere(folder: Path) -> Path:
    """Let a template forget where it was made, so that its copies are not taken for copies; returns the folder."""
    change(folder, "DELETE FROM setting WHERE name = 'place'")
    return folder
