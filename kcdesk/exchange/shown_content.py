"""Whether the sheets of a package show its records: nobody should sign for data that he cannot see."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from kcdesk import moments
from kcdesk.errors import UserError
from kcdesk.exchange.as_made import part_hashes
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, UnsafeArchiveError
from kcdesk.exchange.workbook.cells import seen_text
from kcdesk.exchange.workbook.sheet_content import TITLE, Content
from kcdesk.exchange.workbook.titles import titles
from kcdesk.store.reader import Reader
from kcdesk.text import format_integer

if TYPE_CHECKING:
    from kcdesk.exchange.as_made.part_hashes import MadeBeside
    from kcdesk.exchange.compare import Difference
    from kcdesk.exchange.container.manifest import Manifest
    from kcdesk.exchange.container.safe_zip import SafeArchive
    from kcdesk.exchange.verification import OpenedPackage

_MOST = 50  # differences that are named
_LONGEST = 120  # characters of a value
_MOST_KNOWN = 1_000  # packages that are known to be as made: a province previews many before it takes them in
# What laying out a record raises whose values are of other types than its form says; such a record is refused anyway.
_SPOILT = (TypeError, KeyError, ValueError, AttributeError, IndexError, OverflowError, RecursionError, UserError)


class SheetComparison:
    """Compares the sheets of an authentic package with its records, once, when it is asked or beside other work."""

    def __init__(self, reader: Reader, package: OpenedPackage, merged: Collection[str], readable: Collection[str]):
        """`merged` are the ids of the records that are taken in: cells of others are not compared.

        `readable` are the ids of those that can be counted.
        """
        self._reader, self._package, self._merged, self._readable = reader, package, merged, readable
        self._beside: MadeBeside | None = None
        self._made: Content | None = None
        self._found: list[str] | None = None

    @property
    def is_beside(self) -> bool:
        """Whether the sheets are being made beside other work, so that it is better to ask late."""
        return self._beside is not None

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Make the sheets of a large package beside what the block does; with the block, the work ends."""
        try:
            if not self._is_known():
                self._beside = part_hashes.made_beside(self._manifest, self._key, self._content(), self._archive)
        except _SPOILT:
            pass  # `differing` says so
        try:
            yield
        finally:
            if self._beside is not None:
                self._beside.end()

    def differing(self) -> list[str]:
        """What the sheets show or hide otherwise than the records say, as sentences; [] if they agree."""
        if self._found is None:
            self._found = self._compared()
        return self._found

    def _compared(self) -> list[str]:
        try:
            wrong = list(_wrong_totals(self._package, self._content(), self._readable))
            unlike = None if self._is_as_made() else self._unlike()
        except _SPOILT:
            if all(entry.id in self._readable for entry in self._package.entries):
                raise
            return ["Gói có hồ sơ không đúng quy cách nên không dựng lại được các trang để đối chiếu."]
        if unlike is None:
            if not self._is_known():
                self._known().append(self._fingerprint)
            return wrong
        return [*wrong, *self._cells(), *unlike][:_MOST]

    def _is_as_made(self) -> bool:
        """Whether the sheets are known to be as made: by an earlier look at the package, or by the work beside."""
        hashes = self._beside.hashes() if self._beside else None
        return self._is_known() or (hashes is not None and part_hashes.is_as_made(self._manifest, hashes))

    def _unlike(self) -> list[str] | None:
        from kcdesk.exchange.compare import unlike_generated  # with the library of workbooks

        return unlike_generated(self._manifest, self._key, self._content(), self._archive)

    def _cells(self) -> list[str]:
        from kcdesk.exchange.compare import differences  # with the library of workbooks

        workbook, entries = self._package.workbook, [e for e in self._package.entries if e.id in self._merged]
        assert workbook is not None, "the package is authentic"
        made = self._content()
        content = Content(made.forms, entries, titles(self._reader, entries), made.receiver_level, made.zone)
        workbook.seek(0)
        try:
            cells = [d for d in differences(workbook, content) if not d.record or d.record in self._merged]
        except (BrokenArchiveError, UnsafeArchiveError):
            return ["Các trang bảng tính của gói không đọc được."]
        return [_sentence(difference) for difference in cells if not difference.path.endswith(TITLE)]

    # -- what is compared ------------------------------------------------------------------------------------------

    @property
    def _manifest(self) -> Manifest:
        assert self._package.inspection.manifest is not None, "the package is authentic"
        return self._package.inspection.manifest

    @property
    def _archive(self) -> SafeArchive:
        assert self._package.archive is not None, "the package is authentic"
        return self._package.archive

    @property
    def _key(self) -> str:
        return self._package.inspection.key

    def _content(self) -> Content:
        """The records as the sheets show them, with the titles that this store had before it took any of them in."""
        if self._made is None:
            entries, manifest = self._package.entries, self._manifest
            named = titles(self._reader, entries)
            zone = moments.zone_of(manifest.made_at)
            level, summary = manifest.receiver.level, self._package.summary()
            self._made = Content(self._reader.forms, entries, named, level, zone, summary)
        return self._made

    def _is_known(self) -> bool:
        """Whether an earlier look at the same package has found its sheets as made."""
        return self._fingerprint in self._known()

    def _known(self) -> deque[str]:
        """The last packages whose sheets are as these definitions make them."""
        known: deque[str] = self._reader.forms.once("sheets as made", lambda: deque(maxlen=_MOST_KNOWN))
        return known

    @cached_property
    def _fingerprint(self) -> str:
        """A hash of all that decides how the sheets are made, but for the definitions; the manifest signs theirs."""
        digest = hashlib.sha256(self._manifest.to_json())
        digest.update(json.dumps([self._key, self._content().titles], sort_keys=True).encode())
        return digest.hexdigest()


def _wrong_totals(package: OpenedPackage, made: Content, readable: Collection[str]) -> Iterator[str]:
    """The sums of the cover that are not those of the records; kinds with records of unknown forms are left out."""
    from kcdesk.exchange.package_figures import totals  # with the library of workbooks

    manifest = package.inspection.manifest
    assert manifest is not None, "the package is authentic"
    unknown = {entry.kind for entry in package.entries if entry.id not in readable}
    living = [entry for entry in package.entries if not entry.deleted and entry.kind not in unknown]
    counted = totals(made, living)
    for path in manifest.totals.keys() | counted.keys():
        written, sum_ = manifest.totals.get(path, 0), counted.get(path, 0)
        if path.partition("/")[0] not in unknown and written != sum_:
            sums = format_integer(written), format_integer(sum_)
            yield f"Trang bìa ghi tổng «{path}» là {sums[0]}, cộng từ hồ sơ được {sums[1]}."


def _sentence(difference: Difference) -> str:
    place = f", ô {', '.join(difference.places)}" if difference.places else ""
    shown, recorded = (_short(seen_text(value)) for value in (difference.shown, difference.recorded))
    return f"Trang «{difference.sheet}»{place}: bảng tính ghi «{shown}», dữ liệu là «{recorded}»."


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
