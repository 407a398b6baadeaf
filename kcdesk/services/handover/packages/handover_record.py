"""Biên bản giao nhận gói: the paper that goes with a package, for the sender and the receiver alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.exchange.workbook.cover import type_name
from kcdesk.services.papers import printing
from kcdesk.services.papers.printing import Topic
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.package_ledger import PackageEntry

LAYOUT = "package_handover"


@dataclass(frozen=True, slots=True)
class Line:
    """One of `counts` or `totals` in the layout."""

    label: str
    amount: int


@dataclass(frozen=True, slots=True)
class Hand:
    """What the layout calls `hand`: the package as the ledger knows it, an unknown fact as ""."""

    type: str
    period: str
    serial: int | str
    file: str
    sha256: str
    made_at: str
    received_at: str
    sender: str
    sender_officer: str
    sender_title: str
    receiver: str
    receiver_officer: str
    receiver_title: str
    fingerprint: str
    attachments: int
    left_out: bool
    personal: str  # how many values of persons the package holds; "" of one that was noted before they were counted


def print_handover(workspace: Workspace, package: str, pdf: Path, docx: Path | None = None) -> dict[str, Any]:
    """Write the record of the hand-over of a package that was sent or received, as PDF and where asked for Word.

    Returns {"pdf", "pages"[, "docx"]}. UserError `not_found`, KnownError when the file cannot be written.
    """
    entry = workspace.store.packages.get(package)
    if entry is None:
        raise UserError("Kho này không có gói đó.", code="not_found", hint="Xem mã gói trong sổ bàn giao.")
    context = {
        "package": Topic(entry.id, entry.id, entry.details.get("file_sha256", entry.sha256)[:16]),
        "hand": facts(workspace, entry),
        "counts": list(_counts(workspace, entry)),
        "totals": list(_totals(workspace, entry)),
        "province": printing.province_name(workspace),
        "unit": workspace.identity.unit,
        "officer": workspace.identity.officer,
        "practice": workspace.identity.practice,
    }
    paper = workspace.layouts[LAYOUT].render(context)
    printing.write_pdf(paper, pdf)
    made = {"pdf": str(pdf), "pages": printing.page_count(pdf)}
    if docx is None:
        return made
    printing.write_docx(paper, docx)
    return made | {"docx": str(docx)}


def facts(workspace: Workspace, entry: PackageEntry) -> Hand:
    told, own = entry.details, workspace.identity
    is_here = entry.direction == "in"
    return Hand(
        type=type_name(entry.type),
        period=entry.period,
        serial=told.get("serial", ""),
        file=told.get("file", ""),
        sha256=_grouped(told.get("file_sha256", entry.sha256)),
        made_at=_moment(told.get("made_at", "")),
        received_at=_moment(entry.at) if is_here else "",
        sender=told.get("sender", "" if is_here else own.unit.name),
        sender_officer=told.get("officer", "" if is_here else own.officer.name),
        sender_title=told.get("officer_title", ""),
        receiver=own.unit.name if is_here else told.get("receiver", entry.partner),
        receiver_officer=own.officer.name if is_here else "",
        receiver_title=own.officer.title if is_here else "",
        fingerprint=told.get("fingerprint", ""),
        attachments=told.get("attachments", 0),
        left_out=bool(told.get("left_out")),
        personal=text.format_integer(told["personal"]) if "personal" in told else "",
    )


def _counts(workspace: Workspace, entry: PackageEntry) -> Iterator[Line]:
    for kind, count in entry.details["counts"].items():
        yield Line(workspace.forms.current(kind).label, count)
    for kind, count in entry.details.get("deleted", {}).items():
        yield Line(f"{workspace.forms.current(kind).label}: đã xoá", count)


def _totals(workspace: Workspace, entry: PackageEntry) -> Iterator[Line]:
    """The sums of money by their labels: what both sides compare first."""
    for path, amount in entry.details.get("totals", {}).items():
        kind, _, within = path.partition("/")
        names = [within.partition("/")[0], within] if "/" in within else [within]
        headings = (workspace.forms.newest_field(kind, name).heading for name in names)
        yield Line(" - ".join((workspace.forms.current(kind).label, *headings)), amount)


def _grouped(sha256: str) -> str:
    """In groups of eight: two people can compare it."""
    return " ".join(sha256[start : start + 8] for start in range(0, len(sha256), 8))


def _moment(at: str) -> str:
    if not at:
        return ""
    moment = datetime.fromisoformat(at).astimezone()
    return f"{moment:%H:%M} ngày {text.format_date(moment.date())}"
