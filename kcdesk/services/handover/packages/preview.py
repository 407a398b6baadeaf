"""The preview of a package: its verdict in words, record by record, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import moments, text
from kcdesk.exchange.container import signing
from kcdesk.exchange.verification import SENTENCES
from kcdesk.runtime.collector import at_rest
from kcdesk.runtime.frozen import Value, field
from kcdesk.services.attachments import content
from kcdesk.services.handover.packages import changes_in_words
from kcdesk.services.handover.packages.changes_in_words import FieldChange
from kcdesk.services.handover.packages.record_verdicts import STATUSES, RecordVerdict
from kcdesk.services.handover.packages.verdict import Verdict, judged
from kcdesk.services.handover.trust import unconfirmed_results
from kcdesk.services.handover.trust.province_decisions import WITHDRAWN
from kcdesk.services.handover.trust.senders import Consent
from kcdesk.services.workspace import Workspace
from kcdesk.store.reader import Reader

if TYPE_CHECKING:
    from kcdesk.exchange.container.manifest import Reply


class RecordLine(Value, kw_only=True):
    """What a package would do to a record; `status` is one of STATUSES, `reason` says why it is refused, `claim` that
    a result in it was written by the lower unit and is not confirmed.

    A record without news has no title, because there may be thousands of them.
    """

    id: str
    kind: str
    kind_label: str
    title: str
    status: str
    fields: tuple[FieldChange, ...] = ()
    reason: str = ""
    claim: str = ""


class Preview(Value, kw_only=True):
    """What a file is and what receiving it would do; `obstacle` is the sentence that forbids it, "" for none.

    `already` is when the package was received before (UTC), `notes` are for the officer, `replies` are those of a
    receipt by record id.
    """

    status: str
    sentence: str
    package: str = ""
    type: str = ""
    period: str = ""
    sender: str = ""
    sender_name: str = ""
    fingerprint: str = ""
    made_at: str = ""
    serial: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    lines: tuple[RecordLine, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()
    already: str = ""
    answers: str = ""
    replies: Mapping[str, Reply] = field(default_factory=dict)
    enclosed: int = 0  # number of files enclosed with a receipt
    obstacle: str = ""
    code: str = ""
    hint: str = ""

    def to_json(self, *, applied: bool = False) -> dict[str, Any]:
        """The stable shape of the command line."""
        lines = [
            {"id": line.id, "kind": line.kind, "title": line.title, "status": line.status, "reason": line.reason,
             "claim": line.claim, "fields": [change.to_json() for change in line.fields]}
            for line in self.lines
            if line.status != "same"
        ]  # fmt: skip
        return {
            "status": self.status,
            "package": self.package,
            "type": self.type,
            "period": self.period,
            "sender": self.sender,
            "counts": dict(self.counts),
            "rows": dict(self.rows),
            "applied": applied,
            "sentence": self.sentence,
            "fingerprint": self.fingerprint,
            "already": self.already,
            "missing": list(self.missing),
            "answers": self.answers,
            "problems": [*([self.obstacle] if self.obstacle else []), *self.notes],
            "lines": lines,
        }


@at_rest()
def preview_package(
    workspace: Workspace,
    path: Path,
    password: str = "",
    *,
    trust: bool = False,
    same_unit: bool = False,
    reader: Reader | None = None,
) -> Preview:
    """Preview what receiving a file would do; nothing is changed. With `reader` this may run in another thread.

    `trust` and `same_unit` as of `receiving.receive`.
    """
    reader = reader or workspace.store
    with judged(workspace, path, password, Consent(trust, same_unit), reader) as verdict:
        return in_words(verdict.compared(), reader)


def in_words(verdict: Verdict, reader: Reader) -> Preview:
    """Put a verdict into words; `reader` provides titles and labels."""
    inspection, bar = verdict.inspection, verdict.bar
    manifest, before = inspection.manifest, verdict.received_before
    replies = {reply.record: reply for reply in manifest.replies} if manifest else {}
    lines = sorted(_lines(verdict, reader), key=lambda line: _is_mere_receipt(replies.get(line.id)))
    return Preview(
        status=inspection.status,
        sentence=SENTENCES[inspection.status],
        package=inspection.package,
        type=inspection.type,
        period=inspection.period,
        sender=inspection.sender,
        sender_name=inspection.sender_name,
        fingerprint=signing.fingerprint(inspection.key) if inspection.key else "",
        made_at=manifest.made_at if manifest else "",
        serial=manifest.serial if manifest else 0,
        counts=dict(inspection.counts),
        rows=_rows(verdict),
        lines=tuple(lines),
        notes=tuple(_notes(verdict, SENTENCES[inspection.status])),
        missing=verdict.missing,
        already=before.at if before else "",
        answers=manifest.answers if manifest and (verdict.is_judged or before) else "",
        replies=replies,
        enclosed=len(manifest.enclosed) if manifest else 0,
        obstacle=bar.obstacle if bar else "",
        code=bar.code if bar else "",
        hint=bar.hint if bar else "",
    )


def _is_mere_receipt(reply: Reply | None) -> bool:
    """Whether an answer only says that the dossier came: what was decided is listed before it."""
    return reply is not None and reply.result == "received"


def _rows(verdict: Verdict) -> Mapping[str, int]:
    """The number of records with each status; in a package received before all count as the same."""
    if verdict.received_before is None:
        return verdict.tally
    manifest = verdict.manifest
    return verdict.tally | {"same": sum(manifest.counts.values()) + sum(manifest.deleted.values())}


def _notes(verdict: Verdict, sentence: str) -> Iterator[str]:
    """The notes for the officer besides the `sentence` about the file."""
    if verdict.is_judged:
        yield from verdict.differing
        yield from verdict.notes
        if waiting := sum(record.proposed is not None for record in verdict.records):
            yield f"{waiting} hồ sơ của đơn vị khác hoặc gắn vào hồ sơ của đơn vị khác: chờ đồng ý riêng ở «Cần xem»."
        manifest = verdict.manifest
        if strange := content.strange_names(file.name for file in (*manifest.attachments, *manifest.enclosed)):
            yield strange
        if claims := sum(bool(record.claim) for record in verdict.records):
            yield f"{claims} hồ sơ có kết quả do {unconfirmed_results.UNCONFIRMED}."
        return
    yield from (problem for problem in verdict.inspection.problems if problem != sentence)
    if before := verdict.received_before:
        day = text.format_date(moments.day(before.at))
        yield f"Gói này đã được nhận ngày {day}; không có gì thay đổi."


def _lines(verdict: Verdict, reader: Reader) -> Iterator[RecordLine]:
    names = changes_in_words.RecordNames(reader, verdict.entries)
    for record in verdict.records:
        entry, outcome = record.entry, record.shown
        yield RecordLine(
            id=entry.id,
            kind=entry.kind,
            kind_label=names.kind(entry.kind),
            title=_title(record, names, reader),
            status=record.status,
            fields=tuple(names.changes(entry, outcome)) if outcome and record.status != "same" else (),
            reason=_reason(record),
            claim=record.claim,
        )


def _title(record: RecordVerdict, names: changes_in_words.RecordNames, reader: Reader) -> str:
    """The title of a record; its id if it is refused and has no title here, "" if it has no news."""
    if record.shown:
        return names.title(record.entry)
    if record.status == "same":
        return ""
    return record.stored.title(reader.forms) if record.stored else record.entry.id


def _reason(record: RecordVerdict) -> str:
    """Why a record, or a part of it, is refused."""
    if record.outcome and record.outcome.refused and record.is_stale:
        return WITHDRAWN
    return changes_in_words.NOT_PROVEN if record.outcome and record.status == "refused" else record.refusal
