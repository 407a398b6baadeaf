"""Biên bản giao nhận gói: the record of the hand-over of a package, for sender and receiver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.exchange import periods
from kcdesk.exchange.workbook.page_lines import type_name
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers import printing
from kcdesk.services.papers.sheets import Topic, filled_sheet, write_sheet
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.package_ledger import PackageEntry

LAYOUT = "package_handover"


class HandoverRecordLine(Value):
    """An item of `counts` or `totals` in the layout."""

    label: str
    amount: int


class HandoverFacts(Value):
    """The value of `hand` in the layout: the package as recorded in the ledger, "" for unknown facts."""

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
    personal: str  # number of personal values in the package; "" if the ledger has none recorded


def print_handover(workspace: Workspace, package: str, pdf: Path, docx: Path | None = None) -> dict[str, Any]:
    """Write the hand-over record of a sent or received package as PDF, and for Word if `docx` is given.

    Returns {"pdf", "pages"[, "docx"]}. UserError `not_found`, KnownError if the file cannot be written.
    """
    entry = workspace.store.packages.get(package)
    if entry is None:
        raise UserError("Kho này không có gói đó.", code="not_found", hint="Xem mã gói trong sổ bàn giao.")
    values = {
        "package": Topic(entry.id, entry.id, entry.details.get("file_sha256", entry.sha256)[:16]),
        "hand": facts(workspace, entry),
        "counts": list(_counts(workspace, entry)),
        "totals": list(_totals(workspace, entry)),
        "province": printing.province_name(workspace),
    }
    return write_sheet(filled_sheet(workspace, LAYOUT, values), pdf, docx)


def facts(workspace: Workspace, entry: PackageEntry) -> HandoverFacts:
    """The facts about a package for its hand-over record."""
    details, identity = entry.details, workspace.identity
    is_received = entry.direction == "in"
    return HandoverFacts(
        type=type_name(entry.type),
        period=periods.within_sentence(entry.period),
        serial=details.get("serial", ""),
        file=details.get("file", ""),
        sha256=_grouped(details.get("file_sha256", entry.sha256)),
        made_at=_moment(details.get("made_at", "")),
        received_at=_moment(entry.at) if is_received else "",
        sender=details.get("sender", "" if is_received else identity.unit.name),
        sender_officer=details.get("officer", "" if is_received else identity.officer.name),
        sender_title=details.get("officer_title", ""),
        receiver=identity.unit.name if is_received else details.get("receiver", entry.partner),
        receiver_officer=identity.officer.name if is_received else "",
        receiver_title=identity.officer.title if is_received else "",
        fingerprint=details.get("fingerprint", ""),
        attachments=details.get("attachments", 0),
        left_out=bool(details.get("left_out")),
        personal=text.format_integer(details["personal"]) if "personal" in details else "",
    )


def _counts(workspace: Workspace, entry: PackageEntry) -> Iterator[HandoverRecordLine]:
    for kind, count in entry.details["counts"].items():
        yield HandoverRecordLine(workspace.forms.current(kind).label, count)
    for kind, count in entry.details.get("deleted", {}).items():
        yield HandoverRecordLine(f"{workspace.forms.current(kind).label}: đã xoá", count)


def _totals(workspace: Workspace, entry: PackageEntry) -> Iterator[HandoverRecordLine]:
    """The totals of money with their labels; both sides compare them first."""
    for path, amount in entry.details.get("totals", {}).items():
        kind, _, within = path.partition("/")
        names = [within.partition("/")[0], within] if "/" in within else [within]
        headings = (workspace.forms.newest_field(kind, name).heading for name in names)
        yield HandoverRecordLine(" - ".join((workspace.forms.current(kind).label, *headings)), amount)


def _grouped(sha256: str) -> str:
    """A hash in groups of eight characters, so that two people can compare it."""
    return " ".join(sha256[start : start + 8] for start in range(0, len(sha256), 8))


def _moment(at: str) -> str:
    if not at:
        return ""
    moment = moments.local(at)
    return f"{moment:%H:%M} ngày {text.format_date(moment.date())}"
