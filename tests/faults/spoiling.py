"""What a spoilt disk leaves: pages that are zeroed, torn or full of something else, files that are cut or missing."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

PAGE = 4096  # bytes, as SQLite and SQLCipher make them here

Spoil = Callable[[Path, random.Random], None]


def _over(path: Path, at: int, content: bytes) -> None:
    with path.open("rb+") as file:
        file.seek(at)
        file.write(content)


def _some_page(path: Path, chance: random.Random) -> int:
    return chance.randrange(max(1, path.stat().st_size // PAGE)) * PAGE


def zeroed_page(database: Path, chance: random.Random) -> None:
    """A page of zeros."""
    _over(database, _some_page(database, chance), bytes(PAGE))


def torn_page(database: Path, chance: random.Random) -> None:
    """The second half of a page is another page's."""
    half = PAGE // 2
    other = _some_page(database, chance)
    content = database.read_bytes()[other + half : other + PAGE]
    _over(database, _some_page(database, chance) + half, content)


def foreign_page(database: Path, chance: random.Random) -> None:
    """A page of something else."""
    _over(database, _some_page(database, chance), chance.randbytes(PAGE))


def flipped_bit(database: Path, chance: random.Random) -> None:
    """One bit is another one."""
    at = chance.randrange(database.stat().st_size)
    content = database.read_bytes()[at]
    _over(database, at, bytes([content ^ 1 << chance.randrange(8)]))


def cut_file(database: Path, chance: random.Random) -> None:
    """The end of the file is missing."""
    with database.open("rb+") as file:
        file.truncate(chance.randrange(1, database.stat().st_size))


def empty_file(database: Path, _: random.Random) -> None:
    """Nothing is left in the file."""
    database.write_bytes(b"")


def missing_file(database: Path, _: random.Random) -> None:
    """The file is gone."""
    database.unlink()


SPOILS: tuple[Spoil, ...] = (zeroed_page, torn_page, foreign_page, flipped_bit, cut_file, empty_file, missing_file)
