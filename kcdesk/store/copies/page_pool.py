"""Pages of databases, each kept once, whichever copies of the store hold it.

A copy of the store lists for each database where its pages lie: in packs, files that are written once and never
changed. A new pack holds only the pages that the copy before did not have, so that a copy of a changed store costs what
changed. The attachments are pages too: those of `files.db`, where each is kept once by its hash. There are no links
between files: a stick with FAT or exFAT holds a pool like any other disk.

What tells two pages apart is a mark of 16 bytes: in a locked database the end of the code by which SQLCipher
authenticates the page, which changes with each writing; in a practice store a hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import accumulate
from pathlib import Path
from typing import Any, BinaryIO

from kcdesk import placing
from kcdesk.errors import UserError
from kcdesk.placing import Disk
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value

FOLDER = "pages"  # of the packs, beside the copies
PAGE = 4096  # bytes
_MARK = 16  # bytes
_DIGEST = 32  # bytes
_WINDOW = 1024  # pages that are read at once
_LOCK_PAGE = 0x40000000 // PAGE  # SQLite keeps nothing in it, and Windows refuses to read it while it is locked
_NOWHERE = b"\xff" * _MARK  # the mark of a page whose pack is gone: it equals no other
_PACK, _SUMS, _SPOILT = ".pack", ".sums", ".spoilt"
_NAME = re.compile(r"[0-9a-f]{16}", re.ASCII)

Run = tuple[str, int, int]  # name of the pack, place of the first page in it, number of pages


class PageList(Value):
    """One database of a copy: its size in bytes, and where its pages lie, in their order."""

    size: int
    runs: tuple[Run, ...]

    def to_json(self) -> dict[str, Any]:
        """As it stands in the list of a copy."""
        return {"size": self.size, "runs": self.runs}

    @classmethod
    def from_json(cls, content: Any) -> PageList:
        """Read a list; ValueError, KeyError or TypeError for one that this program did not write."""
        runs, size = tuple(map(tuple, content["runs"])), int(content["size"])
        packs, starts, counts = zip(*runs, strict=True) if runs else ((), (), ())
        if {*map(type, packs)} - {str} or {*map(type, starts), *map(type, counts)} - {int}:
            raise ValueError("runs")
        is_ours = all(map(_NAME.fullmatch, set(packs))) and min(starts, default=0) >= 0 and min(counts, default=1) > 0
        pages = sum(counts)
        if not is_ours or not (pages - 1) * PAGE < max(size, 1) <= max(pages, 1) * PAGE:
            raise ValueError("runs")
        return cls(size, runs)

    @property
    def packs(self) -> set[str]:
        """The packs that hold the pages."""
        return {pack for pack, _, _ in self.runs}


class _Places:
    """Finds where single pages of a list lie."""

    def __init__(self, pages: PageList) -> None:
        self._runs = pages.runs
        self._ends = list(accumulate(count for _, _, count in pages.runs))

    def within(self, first: int, number: int) -> Iterator[Run]:
        """Where `number` pages lie, from the page `first` on; those beyond the end are missing."""
        for place in range(bisect_right(self._ends, first), len(self._runs)):
            pack, start, count = self._runs[place]
            begins = self._ends[place] - count
            skipped = max(first - begins, 0)
            taken = min(count - skipped, first + number - (begins + skipped))
            if taken <= 0:
                return
            yield pack, start + skipped, taken


class PagePool:
    """The packs of one folder of copies; `progress` is called while files are read, and may raise to stop."""

    def __init__(self, copies: Path, progress: Progress = ignore_progress) -> None:
        self.folder, self._disk, self._progress = copies / FOLDER, Disk(), progress

    def add(self, source: Path, before: PageList | None, *, is_locked: bool) -> tuple[PageList, int]:
        """Keep the pages of a file that nobody changes meanwhile; returns their list and how many bytes were added.

        `before` lists the pages of an earlier copy, which are not kept again. KnownError if the disk refuses.
        """
        pack = _new_name()
        runs, changed, marks = self._compared(source, before, pack, is_locked=is_locked)
        if changed:
            self._write(source, pack, changed, b"".join(marks))
        added = sum(count for _, count in changed) * PAGE
        return PageList(source.stat().st_size, tuple(runs)), added

    def unfold(self, pages: PageList, target: Path) -> None:
        """Write a database as the file that it was; UserError `pages_missing`, KnownError if the disk refuses."""
        with placing.explained(target), ExitStack() as opened, self._disk.create(target) as file:
            packs = {name: opened.enter_context(self._disk.open(self._path(name))) for name in pages.packs}
            for name, start, count in pages.runs:
                _copy(packs[name], start, count, file)
            file.truncate(pages.size)
            self._disk.sync(file)

    def spoilt(self, packs: Iterable[str]) -> list[str]:
        """Those of the packs that are missing or no longer hold what was written; each is set aside."""
        wrong = [name for name in packs if not self._is_sound(name)]
        for name in wrong:
            with suppress(OSError):  # its pages are written again by the next copy, and it can still be unfolded
                self._place(name, _PACK).replace(self._place(name, _SPOILT))
                self._disk.sync_folder(self.folder)
        return wrong

    def names(self) -> list[str]:
        """The packs that lie in the folder; other files there are not ours."""
        if not self.folder.is_dir():
            return []
        return [path.stem for path in self.folder.iterdir() if _is_ours(path) and path.suffix == _PACK]

    def size(self) -> int:
        """The bytes of all packs."""
        return sum(path.stat().st_size for path in self._files())

    def lengths(self) -> dict[str, int]:
        """The number of pages in each pack."""
        return {name: self._place(name, _PACK).stat().st_size // PAGE for name in self.names()}

    def gather(self, runs: Sequence[Run]) -> str:
        """Write pages of sound packs into a new one, in this order; returns its name.

        KnownError if the disk refuses.
        """
        sums = {name: self._sums(name) for name in {pack for pack, _, _ in runs}}
        marks = b"".join([sums[name][start * _MARK : (start + count) * _MARK] for name, start, count in runs])
        pack = _new_name()

        def fill(file: BinaryIO) -> None:
            with ExitStack() as opened:
                packs = {name: opened.enter_context(self._disk.open(self._path(name))) for name in sums}
                for name, start, count in runs:
                    self._progress(0, 0, "")
                    _copy(packs[name], start, count, file)

        self._keep_pack(pack, fill, marks)
        return pack

    def collect(self, used: Collection[str]) -> None:
        """Remove the packs that no copy uses; whatever cannot be removed stays."""
        for path in self._files():
            if path.stem not in used:
                with suppress(OSError):
                    path.unlink()

    # -- inside ------------------------------------------------------------------------------------------------

    def _files(self) -> list[Path]:
        return [path for path in self.folder.iterdir() if _is_ours(path)] if self.folder.is_dir() else []

    def _place(self, name: str, suffix: str) -> Path:
        return self.folder / f"{name}{suffix}"

    def _path(self, name: str) -> Path:
        """The file of a pack, also of one that was set aside; UserError `pages_missing`."""
        for suffix in (_PACK, _SPOILT):
            if (path := self._place(name, suffix)).is_file():
                return path
        raise missing()

    def _sums(self, name: str) -> bytes:
        """The marks of the pages of a pack; empty if it is not there whole."""
        with suppress(OSError):
            marks = self._place(name, _SUMS).read_bytes()[_DIGEST:]
            if self._place(name, _PACK).stat().st_size == len(marks) // _MARK * PAGE:
                return marks
        return b""

    def _is_sound(self, name: str) -> bool:
        """Whether a pack reads as it was written; a disk that does not answer is an error, and says nothing of it."""
        pack = self._place(name, _PACK)
        with placing.explained(pack):
            try:
                return placing.digest(pack) == self._place(name, _SUMS).read_bytes()[:_DIGEST].hex()
            except FileNotFoundError:
                return False

    def _marks(self, pages: PageList | None) -> bytes:
        """The marks of all pages of a database."""
        if pages is None:
            return b""
        sums = {name: self._sums(name) for name in pages.packs}
        parts = []
        for name, start, count in pages.runs:
            marks = sums[name][start * _MARK : (start + count) * _MARK]
            parts.append(marks if len(marks) == count * _MARK else _NOWHERE * count)
        return b"".join(parts)

    def _compared(
        self, source: Path, before: PageList | None, pack: str, *, is_locked: bool
    ) -> tuple[list[Run], list[tuple[int, int]], list[bytes]]:
        """Where each page will lie, which pages go into the new pack as (first, number), and their marks."""
        old, places = self._marks(before), _Places(before or PageList(0, ()))
        runs, changed, marks, written = Runs(), _Stretches(), list[bytes](), 0
        for first, window in _windows(source):
            self._progress(first * PAGE, source.stat().st_size, "")
            new = _marks_of(window, is_locked=is_locked)
            kept = old[first * _MARK : first * _MARK + len(new)]
            if kept == new:
                runs.add_all(places.within(first, len(new) // _MARK))
                continue
            for place in range(0, len(new), _MARK):
                page = first + place // _MARK
                if new[place : place + _MARK] == kept[place : place + _MARK]:
                    runs.add_all(places.within(page, 1))
                    continue
                runs.add(pack, written, 1)
                changed.add(page)
                marks.append(new[place : place + _MARK])
                written += 1
        return runs.runs, changed.stretches, marks

    def _write(self, source: Path, pack: str, changed: Sequence[tuple[int, int]], marks: bytes) -> None:
        def fill(file: BinaryIO) -> None:
            with source.open("rb") as pages:
                for first, number in changed:
                    for window in _pieces(pages, first, number):
                        self._progress(0, 0, "")
                        file.write(window + bytes(-len(window) % PAGE))

        self._keep_pack(pack, fill, marks)

    def _keep_pack(self, pack: str, fill: Callable[[BinaryIO], None], marks: bytes) -> None:
        """Place a pack with the marks of its pages, then the sums that prove it."""
        path = self._place(pack, _PACK)
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        placing.refuse_full(path, len(marks) // _MARK * (PAGE + _MARK))
        digest = placing.place(path, fill, lambda _beside: None, self._disk)
        content = bytes.fromhex(digest) + marks
        placing.place(self._place(pack, _SUMS), lambda file: _write(file, content), lambda _beside: None, self._disk)
        for written in (path, self._place(pack, _SUMS)):
            with suppress(OSError):  # a file system without rights, such as that of a stick
                written.chmod(0o600)


def _new_name() -> str:
    return secrets.token_hex(_MARK // 2)


class Runs:
    """Collects where pages lie; neighbours become one run."""

    def __init__(self) -> None:
        self.runs: list[Run] = []

    def add(self, pack: str, start: int, count: int) -> None:
        if self.runs and (last := self.runs[-1])[0] == pack and last[1] + last[2] == start:
            self.runs[-1] = (pack, last[1], last[2] + count)
        else:
            self.runs.append((pack, start, count))

    def add_all(self, runs: Iterable[Run]) -> None:
        for run in runs:
            self.add(*run)


class _Stretches:
    """Collects pages as (first, number)."""

    def __init__(self) -> None:
        self.stretches: list[tuple[int, int]] = []

    def add(self, page: int) -> None:
        if self.stretches and sum(self.stretches[-1]) == page:
            self.stretches[-1] = (self.stretches[-1][0], self.stretches[-1][1] + 1)
        else:
            self.stretches.append((page, 1))


def missing() -> UserError:
    """The error for a copy whose pages are not all there."""
    return UserError(
        "Bản sao lưu này thiếu một phần dữ liệu.",
        code="pages_missing",
        hint="Nếu đã chép riêng một thư mục của bản sao, hãy chép cả thư mục «pages» nằm cạnh nó; nếu không, hãy chọn"
        " bản sao khác.",
    )


def _is_ours(path: Path) -> bool:
    return path.suffix in (_PACK, _SUMS, _SPOILT) and _NAME.fullmatch(path.stem) is not None


def _windows(source: Path) -> Iterator[tuple[int, bytes]]:
    """The pages of a file in large pieces, each with the number of its first page."""
    pages = -(-source.stat().st_size // PAGE)
    with source.open("rb") as file:
        for first in range(0, pages, _WINDOW):
            yield first, b"".join(_pieces(file, first, min(_WINDOW, pages - first)))


def _pieces(file: BinaryIO, first: int, number: int) -> Iterator[bytes]:
    """Some pages of a file, a window at a time, without the page that belongs to the locks."""
    last = first + number
    while first < last:
        if first == _LOCK_PAGE:
            yield bytes(PAGE)
            first += 1
            continue
        until = min(last, first + _WINDOW, *([_LOCK_PAGE] if first < _LOCK_PAGE else []))
        file.seek(first * PAGE)
        yield file.read((until - first) * PAGE)
        first = until


def _marks_of(window: bytes, *, is_locked: bool) -> bytes:
    """The marks of the pages of a window, one behind the other."""
    ends = range(PAGE, len(window) + PAGE, PAGE)
    if is_locked:
        return b"".join([window[end - _MARK : end].rjust(_MARK, b"\0") for end in ends])
    return b"".join([hashlib.blake2b(window[end - PAGE : end], digest_size=_MARK).digest() for end in ends])


def _copy(pack: BinaryIO, start: int, count: int, file: BinaryIO) -> None:
    """Append pages of a pack to a file; UserError `pages_missing`."""
    pack.seek(start * PAGE)
    left = count * PAGE
    while left:
        content = pack.read(min(left, _WINDOW * PAGE))
        if not content:
            raise missing()
        file.write(content)
        left -= len(content)


def _write(file: BinaryIO, content: bytes) -> None:
    file.write(content)
