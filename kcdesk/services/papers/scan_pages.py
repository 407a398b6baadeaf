"""Read the pages of a scan and the codes on them. This needs no store, so it may run in any thread.

The worker process opens the files (`scan_reading`), within the limits of its reader.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.documents.paper_codes import PaperCode, read_qr
from kcdesk.progress import Progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers.scan_reading import cannot_open

_READ = BoundedJob("kcdesk.services.papers.scan_reading", "scan_job")


class ScanPage(Value):
    """A page of a scan; `code` is None if it has no QR code of this program."""

    code: PaperCode | None
    other: bool = False  # it has a QR code of another program


def read_scan(paths: Sequence[Path], progress: Progress) -> list[ScanPage]:
    """Read the pages of PDF files and images; UserError `scan_unreadable` for another file."""
    pages: list[ScanPage] = []
    for number, path in enumerate(paths):
        progress(number, len(paths))
        pages += _pages_of(path, progress)
    progress(len(paths), len(paths))
    return pages


def _pages_of(path: Path, progress: Progress) -> Iterator[ScanPage]:
    given_files.refuse_odd_file(path)
    try:
        limits.SCAN.refuse_size(path)
        with path.open("rb"):
            size = path.stat().st_size
    except OSError as error:
        raise cannot_open(path) from error
    given = {"path": str(path.absolute())}
    for code, is_other in run_bounded(_READ, limits.SCAN, given, size=size, progress=progress).values:
        yield ScanPage(read_qr(code) if code else None, is_other)
