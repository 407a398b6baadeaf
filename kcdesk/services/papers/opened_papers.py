"""The dossier of a paper that lies on the table: found by the code on a photo or scan, or by a typed code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kcdesk.documents.paper_codes import read_qr, read_typed
from kcdesk.errors import UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers import signed_scans
from kcdesk.services.papers.scan_pages import ScanPage, read_scan
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace

PICTURES = (".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".pdf")


class PaperDossier(Value, kw_only=True):
    """The dossier of a paper; `sentence` says which paper it is, and whether the dossier has changed since."""

    record: str
    kind: str
    title: str
    document: str  # id of the layout; "" for a typed short code
    status: str  # current, older, unknown
    sentence: str


def is_paper_code(typed: str) -> bool:
    """Whether what a reader has typed is the QR code of a paper of this program."""
    return read_qr(typed.strip().upper()) is not None


def dossier_of(workspace: Workspace, source: Path | str, progress: Progress = ignore_progress) -> PaperDossier:
    """The dossier of the paper on a photo or scan, or with a typed code; nothing is changed.

    UserError `no_paper_code` for a text that is no code, `paper_unreadable`, `paper_foreign`, `paper_unknown` for a
    picture without our code, with several or another one, of a dossier that is not here; `scan_unreadable` for a file
    that is no picture.
    """
    if isinstance(source, str):
        return dossier_on(workspace, [ScanPage(read_typed(source))])
    return dossier_on(workspace, read_scan([source], progress))


def dossier_on(workspace: Workspace, pages: Sequence[ScanPage]) -> PaperDossier:
    """The dossier of the paper whose pages were read; UserError as `dossier_of`."""
    recognised = signed_scans.identify(workspace, pages)
    stored = workspace.store.get(recognised.record_id) if recognised.record_id else None
    if stored is None or stored.deleted:
        raise UserError(recognised.sentence, code=f"paper_{recognised.status}")
    title = reading.title_of(workspace, stored.id)
    layout = workspace.layouts.get(recognised.document)
    name = f"{layout.label} «{title}»" if layout is not None else f"«{title}»"
    is_current = recognised.status == "current"
    return PaperDossier(
        record=stored.id,
        kind=stored.kind,
        title=title,
        document=recognised.document,
        status=recognised.status,
        sentence=f"{name}: giấy đúng bản hiện hành." if is_current else recognised.sentence,
    )
