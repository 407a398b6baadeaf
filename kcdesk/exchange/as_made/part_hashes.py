"""The hashes of the parts of a workbook that this program makes of a manifest and its records.

A large package is laid out by the worker process, beside judging and writing: it is given what was verified already,
the signed manifest and the records, opens no file, and gives hashes. What it cannot do in its memory and its time is
done here.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO

from kcdesk import moments
from kcdesk.bounded import limits
from kcdesk.bounded.serving import NextStep
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.errors import KcdeskError
from kcdesk.exchange.container import parts
from kcdesk.exchange.container.entries import read_lines
from kcdesk.exchange.container.manifest import Manifest
from kcdesk.exchange.container.safe_zip import SafeArchive
from kcdesk.exchange.container.summary import read_summary
from kcdesk.exchange.workbook.sheet_content import Content, Sheet
from kcdesk.exchange.workbook.sheets import sheets
from kcdesk.formdef.loading import loader
from kcdesk.progress import ignore_progress
from kcdesk.runtime.collector import at_rest
from kcdesk.temporary import private_files

MANY = 2_000  # records from which the worker process makes the sheets: it starts in half a second
_MOST = 25_000  # records that it has room for
_IN_MEMORY = 32 << 20
_NOT_SHOWN = (parts.OWN_FOLDER, "customXml/", "docProps/")  # docProps/ holds the time of writing
_JOB = BoundedJob(__name__, "hashing_job")
_log = logging.getLogger(__name__)


def is_as_made(manifest: Manifest, hashes: Mapping[str, str]) -> bool:
    """Whether the manifest signs, for all parts that a reader of the workbook shows, these hashes and no others."""
    names = hashes.keys() | manifest.parts.keys()
    return all(hashes.get(name) == manifest.parts.get(name) for name in names if not name.startswith(_NOT_SHOWN))


def made_here(file: BinaryIO, manifest: Manifest, key: str, content: Content, plans: list[Sheet]) -> dict[str, str]:
    """Write the workbook that this program makes into `file`; returns the SHA-256 of each of its parts."""
    from kcdesk.exchange.workbook.writer import write_workbook  # openpyxl takes 150 ms

    write_workbook(file, manifest, key, content, plans, ignore_progress)
    with zipfile.ZipFile(file) as archive:
        return parts.workbook_hashes(archive)


class MadeBeside:
    """The hashes of a large package, being made by the worker process; `end` must be called."""

    def __init__(self, manifest: Manifest, key: str, content: Content, records: bytes) -> None:
        """`records` is the part that the entries of `content` were read from."""
        self._ended = Event()
        self._thread = ThreadPoolExecutor(1)
        self._made: Future[dict[str, str]] = self._thread.submit(self._make, manifest, key, content, records)

    def hashes(self) -> dict[str, str] | None:
        """The hashes, waited for; None if the worker process could not make them."""
        try:
            return self._made.result()
        except KcdeskError as error:
            _log.info("the sheets of a package are made here: %s", error.code)
            return None

    def end(self) -> None:
        """End the work, done or not."""
        self._ended.set()
        self._thread.shutdown()

    def _make(self, manifest: Manifest, key: str, content: Content, records: bytes) -> dict[str, str]:
        given = {"key": key, "folder": str(content.forms.folder)}
        titles = json.dumps(dict(content.titles)).encode()
        made = [manifest.to_json(), records, content.summary.to_part(), titles, loader.kept_form(content.forms)]
        answer = run_bounded(_JOB, limits.SHEETS_MADE_AGAIN, given, made, progress=self._go_on)
        return dict(answer.values)

    def _go_on(self, _done: int, _total: int, _text: str = "", /) -> None:
        if self._ended.is_set():
            raise CancelledError


def made_beside(manifest: Manifest, key: str, content: Content, archive: SafeArchive) -> MadeBeside | None:
    """Begin to make the sheets of a large package in the worker process; None where that gains nothing."""
    is_small = archive.infos[parts.RECORDS].file_size <= limits.SHEETS_MADE_AGAIN.bytes
    if not (is_small and MANY <= len(content.entries) <= _MOST and _processors() > 1):
        return None
    records = archive.read(parts.RECORDS)
    if hashlib.sha256(records).hexdigest() != manifest.parts[parts.RECORDS]:  # changed since it was verified
        return None
    return MadeBeside(manifest, key, content, records)


def hashing_job(
    given: Mapping[str, Any], contents: Sequence[bytes], _step: NextStep
) -> tuple[dict[str, str], Sequence[bytes]]:
    """The job of `MadeBeside`."""
    described, records, summary, titles, definitions = contents
    manifest = Manifest.from_json(described)
    forms = loader.load_kept(Path(given["folder"]), definitions)
    level, zone = manifest.receiver.level, moments.zone_of(manifest.made_at)
    with at_rest(), private_files.spool(_IN_MEMORY) as file:
        entries = tuple(read_lines(records))
        content = Content(forms, entries, json.loads(titles), level, zone, read_summary(summary))
        return made_here(file, manifest, given["key"], content, sheets(content)), ()


def _processors() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
