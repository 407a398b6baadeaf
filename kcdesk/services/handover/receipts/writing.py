"""Write a receipt: the answer to the sender of a package about each record, as a workbook of the same kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk.errors import IncompleteError, UserError
from kcdesk.exchange import handing_over, periods
from kcdesk.exchange import package_file as packages
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import Attachment, Manifest, Receiver, Reply, ReturnReason
from kcdesk.exchange.workbook.page_lines import RECEIPT
from kcdesk.services.handover.packages import recipients
from kcdesk.services.handover.receipts import offers, passing_on
from kcdesk.services.handover.receipts.answering import PreparedAnswer, prepare_answer
from kcdesk.services.handover.receipts.standing import LABELS
from kcdesk.services.handover.trust import stamps_ahead
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.package_ledger import Answer, PackageEntry
from kcdesk.store.history import LASTING

Reasons = Sequence[tuple[str, str]]  # path of the field ("" for the whole record) and a sentence
_LASTING_ACTS = 500  # as many as the newest acts that undo considers


def make(
    workspace: Workspace,
    package: str,
    path: Path,
    *,
    returned: Mapping[str, Reasons] | None = None,
    notes: Mapping[str, str] | None = None,
    days: Mapping[str, date] | None = None,
    act: str = "",
    enclosed: Sequence[Path] = (),
    password: str = "",
) -> dict[str, Any]:
    """Write the receipt of a received package; returns {"file", "package", "answers", "results": {result: n}, …}.

    Records in `returned` are returned with their reasons; the others are received, approved or rejected, according to
    the province's decision in them; the dossiers take the steps that these answers mean. `notes` are told besides, by
    record; `days` are those by which returned dossiers are answered; `act` wrote the decisions, and is no step of undo
    once they are sent. "undecided" of the answer lists the dossiers that still wait for a decision.
    The files of `enclosed` are added: a file of rules, a letter.
    UserError for a package that is not here, a record that is not in it, or a decision that the state does not allow.
    """
    stamps_ahead.refuse_stamps_ahead(workspace)
    with handing_over.handing_over(workspace.store) as outside:
        return _made(
            workspace, package, path, outside, (returned or {}, notes or {}, days or {}), act, enclosed, password
        )


def _made(
    workspace: Workspace,
    package: str,
    path: Path,
    outside: handing_over.Sending,
    answered: tuple[Mapping[str, Reasons], Mapping[str, str], Mapping[str, date]],
    act: str,
    enclosed: Sequence[Path],
    password: str,
) -> dict[str, Any]:
    """Write the receipt within a transaction; `answered` are the returned records, the notes and the days by record."""
    store, (returned, notes, days) = workspace.store, answered
    entry = _received_package(workspace, package)
    records = store.packages.carried(package)
    _refuse_strangers(returned, records)
    acts = (act, _take_steps(workspace, entry, records, returned, days))
    replies = tuple(_reply(workspace, id_, returned.get(id_), notes.get(id_, "")) for id_ in records)
    files = tuple(_enclosed(workspace, file) for file in enclosed)
    made = packages.make_package(
        _order(workspace, entry, path, replies, files, password), store, signing.signing_key(store)
    )
    handing_over.note_sent(store, made, outside)
    _note_answers(workspace, package, made.manifest)
    _make_lasting(workspace, acts)
    results = [reply.result for reply in replies]
    return {
        "file": str(path),
        "package": made.manifest.package,
        "answers": package,
        "results": {result: results.count(result) for result in dict.fromkeys(results)},
        "labels": {result: LABELS[result] for result in dict.fromkeys(results)},
        "undecided": [
            {"id": reply.record, "title": store.record(reply.record).title()}
            for reply in replies
            if reply.result == "received" and offers.is_undecided(workspace, store.record(reply.record))
        ],
        "sha256": made.sha256,
    }


def _order(
    workspace: Workspace,
    entry: PackageEntry,
    path: Path,
    replies: tuple[Reply, ...],
    enclosed: tuple[Attachment, ...],
    password: str,
) -> packages.PackageOrder:
    """What the receipt holds, and for whom it is."""
    store, unit = workspace.store, entry.details["unit"]
    known, own = store.vector(), workspace.identity.device_id
    receipt = packages.Receipt(
        answers=entry.id,
        acknowledged={device: at for device, at in known.items() if device in {*entry.vector, own}},
        replies=replies,
        enclosed=enclosed,
    )
    return packages.PackageOrder(
        path=path,
        records=[store.get(reply.record) for reply in replies],
        receiver=Receiver(
            unit=unit,
            name=_name_of(workspace, unit),
            level=recipients.level_of(workspace, unit, is_below=True),
        ),
        period=entry.period,
        package_type=RECEIPT,
        password=password,
        receipt=receipt,
        is_part=True,
    )


def _note_answers(workspace: Workspace, package: str, manifest: Manifest) -> None:
    """Keep what was answered about each record, so that a sent decision is known to be sent."""
    answers = [
        Answer(package, reply.record, reply.result, tuple((reason.path, reason.text) for reason in reply.reasons), "")
        for reply in manifest.replies
    ]
    workspace.store.packages.answer(manifest.package, answers)


def _make_lasting(workspace: Workspace, acts: Sequence[str]) -> None:
    """Keep acts from being undone: what another office was told is changed only by telling it again."""
    kept = [*workspace.store.setting(LASTING, []), *filter(None, acts)]
    workspace.store.set_setting(LASTING, kept[-_LASTING_ACTS:])


def _take_steps(
    workspace: Workspace,
    entry: PackageEntry,
    records: Sequence[str],
    returned: Mapping[str, Reasons],
    days: Mapping[str, date],
) -> str:
    """Take the steps that the answers mean; return the id of their act, "" for none."""
    if not workspace.level.decides:
        return ""
    answers = [_prepared(workspace, id_, returned.get(id_), days.get(id_)) for id_ in records]
    if not any(answer.step or answer.values for answer in answers):
        return ""
    with workspace.store.act(f"Ghi ý kiến về gói {periods.in_sentence(entry.period)}") as act:
        for answer in answers:
            answer.write(workspace, act)
    return act.id


def _prepared(workspace: Workspace, id_: str, reasons: Reasons | None, day: date | None) -> PreparedAnswer:
    record = workspace.store.record(id_)
    if not reasons and passing_on.result_from_above(workspace, record):
        return PreparedAnswer(id_, passing_on.own_values(workspace, record))
    result = "returned" if reasons else passing_on.given_result(workspace, record) or "received"
    remarks = [(path, sentence.strip()) for path, sentence in reasons or ()]
    note = "" if reasons else str(record.data.get("province_note", ""))
    try:
        return prepare_answer(workspace, record, result, {}, remarks, note, day)
    except IncompleteError as error:
        sentence = f"«{record.title()}»: {error.problems[0].message}"
        raise UserError(sentence, code="incomplete", field=id_) from None


def _enclosed(workspace: Workspace, path: Path) -> Attachment:
    """Store an enclosed file like an attachment, and describe it for the manifest."""
    stored = workspace.store.files.take_in(path)
    return Attachment(sha256=stored["sha256"], name=stored["name"], size=stored["size"])


def _received_package(workspace: Workspace, package: str) -> PackageEntry:
    entry = workspace.store.packages.get(package)
    if entry is None or entry.direction != "in" or entry.details.get("undone"):
        raise UserError("Kho này chưa nhận gói đó.", code="not_found", hint="Xem mã gói trong sổ bàn giao.")
    if entry.details.get("answers"):
        raise UserError("Đây là một biên nhận; biên nhận không cần trả lời.", code="is_receipt")
    return entry


def _refuse_strangers(returned: Mapping[str, Reasons], records: Sequence[str]) -> None:
    for id_, reasons in returned.items():
        if id_ not in records:
            raise UserError(f"Hồ sơ {id_} không nằm trong gói này.", code="not_in_package", hint="Xem lại mã hồ sơ.")
        if not any(sentence.strip() for _, sentence in reasons):
            raise UserError("Trả lại hồ sơ phải ghi lý do.", code="reason_missing", field=id_)


def _reply(workspace: Workspace, id_: str, reasons: Reasons | None, note: str) -> Reply:
    record = workspace.store.record(id_)
    result = "returned" if reasons else passing_on.given_result(workspace, record) or "received"
    given = tuple(reasons or passing_on.reasons(workspace, record, result))
    given = (("", note), *given) if note else given
    named = (ReturnReason(path=_known_path(record, path), text=sentence.strip()) for path, sentence in given)
    return Reply(record=id_, result=result, reasons=tuple(named))


def _known_path(record: Any, path: str) -> str:
    """Return the path if the form has it; UserError `unknown_field` otherwise."""
    if path:
        record.field(path)
    return path


def _name_of(workspace: Workspace, unit: str) -> str:
    return next((partner.name for partner in workspace.store.partners.list() if partner.unit == unit), unit)
