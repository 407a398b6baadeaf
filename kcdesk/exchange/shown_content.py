"""Whether the sheets of a package show its records: nobody should sign for data that he cannot see."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from kcdesk import moments
from kcdesk.errors import UserError
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, UnsafeArchiveError
from kcdesk.exchange.workbook.cells import seen_text
from kcdesk.exchange.workbook.sheet_content import TITLE, Content
from kcdesk.exchange.workbook.titles import titles
from kcdesk.store.reader import Reader
from kcdesk.text import format_integer

if TYPE_CHECKING:
    from kcdesk.exchange.compare import Difference
    from kcdesk.exchange.verification import OpenedPackage

_MOST = 50  # differences that are named
_LONGEST = 120  # characters of a value
# What laying out a record raises whose values are of other types than its form says; such a record is refused anyway.
_SPOILT = (TypeError, KeyError, ValueError, AttributeError, IndexError, OverflowError, RecursionError, UserError)


def differing(reader: Reader, package: OpenedPackage, merged: Collection[str], readable: Collection[str]) -> list[str]:
    """List what the sheets show or hide otherwise than the records say, as sentences; [] if they agree.

    `merged` are the ids of the records that are taken in: cells of others are not compared. `readable` are those that
    can be counted.
    """
    from kcdesk.exchange.compare import differences, unlike_generated  # with the library of workbooks

    manifest = package.inspection.manifest
    assert manifest is not None, "the package is authentic"
    assert package.workbook is not None, "the package is authentic"
    level, zone = manifest.receiver.level, moments.zone_of(manifest.made_at)
    try:
        made = Content(reader.forms, package.entries, titles(reader, package.entries), level, zone, package.summary())
        wrong = list(_wrong_totals(package, made, readable))
        unlike = unlike_generated(manifest, package.inspection.key, made, package.archive)
    except _SPOILT:
        if all(entry.id in readable for entry in package.entries):
            raise
        return ["Gói có hồ sơ không đúng quy cách nên không dựng lại được các trang để đối chiếu."]
    if unlike is None:
        return wrong
    entries = [entry for entry in package.entries if entry.id in merged]
    content = Content(reader.forms, entries, titles(reader, entries), level, zone)
    package.workbook.seek(0)
    try:
        cells = [d for d in differences(package.workbook, content) if not d.record or d.record in merged]
    except (BrokenArchiveError, UnsafeArchiveError):
        return [*wrong, "Các trang bảng tính của gói không đọc được."]
    sentences = [_sentence(difference) for difference in cells if not difference.path.endswith(TITLE)]
    return [*wrong, *sentences, *unlike][:_MOST]


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
