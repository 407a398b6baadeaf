"""Drafts of receipts: the decisions of this unit on the dossiers of a received package, and the outbox.

Each choice is saved as it is made, so that a power cut loses nothing; the province's fields of the dossiers are written
together with the receipt, in a single act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.exchange import handing_over, package_file, periods
from kcdesk.runtime.frozen import Value, asdict, replace
from kcdesk.services.handover.receipts import amendments, passing_on, receipt_lines, writing
from kcdesk.services.handover.receipts.answering import PreparedAnswer
from kcdesk.services.handover.receipts.receipt_lines import Decision as Decision  # part of this module's door
from kcdesk.services.handover.receipts.receipt_lines import ReceiptLine as ReceiptLine
from kcdesk.services.handover.receipts.standing import LABELS
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.handover.package_ledger import PackageEntry

_KEPT = "decisions:"


class OutboxEntry(Value, kw_only=True):
    """A received package and its receipt ("" for none yet); times are UTC."""

    package: str
    unit: str
    name: str
    period: str
    type: str
    at: str
    records: int
    receipt: str = ""
    receipt_at: str = ""
    receipt_file: str = ""
    passed_down: int = 0  # answers from above that its sender was not told yet

    @property
    def is_open(self) -> bool:
        """Whether its sender waits for a receipt."""
        return not self.receipt or bool(self.passed_down)


def outbox(workspace: Workspace) -> list[OutboxEntry]:
    """List the packages that need a receipt: unanswered ones first, each group by unit, newest first."""
    entries = workspace.store.packages.list()
    answers = {entry.details.get("answers"): entry for entry in reversed(entries) if entry.direction == "out"}
    names = {partner.unit: partner.name for partner in workspace.store.partners.list()}
    owed = passing_on.waiting_records(workspace)
    waiting = [
        replace(_waiting(entry, answers.get(entry.id), names), passed_down=len(owed.get(entry.id, ())))
        for entry in entries
        if _wants_answer(workspace, entry)
    ]
    return sorted(waiting, key=lambda line: (not line.is_open, text.sort_key(line.name)))


def is_owed(workspace: Workspace, package: str) -> bool:
    """Whether the sender of a package waits for a receipt of it."""
    return any(line.package == package and line.is_open for line in outbox(workspace))


def lines(workspace: Workspace, package: str) -> list[ReceiptLine]:
    """List the dossiers of a package with the decisions chosen so far, those that are decided about first."""
    records = [workspace.store.record(id_) for id_ in workspace.store.packages.carried(package)]
    chosen = _chosen_decisions(workspace, package)
    order = {kind: place for place, kind in enumerate(workspace.forms.kinds)}
    records.sort(key=lambda record: order.get(record.kind, len(order)))
    listed = [receipt_lines.line_of(workspace, package, record, chosen.get(record.id)) for record in records]
    return sorted(listed, key=lambda line: (not line.is_decided_about, not (line.undecided or line.given)))


def choose(workspace: Workspace, package: str, record: str, decision: Decision) -> None:
    """Save the decision on a dossier; it may be incomplete.

    UserError `given` for a dossier with an answer from above or by a step, `sent` for another decision than the one
    that was sent, if it does not say why it replaces that.
    """
    if given := passing_on.given_sentence(workspace, workspace.store.record(record)):
        raise UserError(given, code="given", field=record)
    sent = amendments.sent_decision(workspace, package, workspace.store.record(record))
    if sent and not decision.amends.strip() and decision.result != sent.result:
        raise UserError(
            f"Quyết định {sent.sentence()} đã ở đơn vị nên không sửa thẳng được.",
            code="sent",
            hint="Hãy chọn «Sửa quyết định đã gửi…» và ghi lý do.",
            field=record,
        )
    if decision.amends and (why := amendments.why_not_amended(workspace, workspace.store.record(record))):
        raise UserError(why, code="moved_on", field=record)
    _keep(workspace, package, {record: decision})


def keep_sent(workspace: Workspace, package: str, record: str) -> None:
    """Leave a decision as it was sent, though its change had been begun."""
    kept = workspace.store.setting(f"{_KEPT}{package}", {})
    workspace.store.set_setting(f"{_KEPT}{package}", {id_: kept[id_] for id_ in kept if id_ != record})


def choose_alike(workspace: Workspace, package: str, decision: Decision, records: Sequence[str]) -> None:
    """Give several dossiers the decision of one paper: its result, number, day and authority.

    Each keeps an amount that was typed for it, else it gets what it asks for.
    """
    by_id = {line.record: line for line in lines(workspace, package)}
    _keep(workspace, package, {id_: _alike(by_id[id_], decision) for id_ in records if not by_id[id_].is_fixed})


def has_decisions(workspace: Workspace, package: str) -> bool:
    """Whether any decision is kept for the receipt of this package."""
    return bool(workspace.store.setting(f"{_KEPT}{package}", {}))


def undecided(workspace: Workspace, package: str) -> list[ReceiptLine]:
    """The dossiers that wait for a decision of this office and would only be told that they came."""
    return [line for line in lines(workspace, package) if line.undecided and line.decision.result == "received"]


def suggested(workspace: Workspace, package: str) -> Decision:
    """Number, day and authority of the decision written last in this package; the authority of the newest plan."""
    chosen = list(_chosen_decisions(workspace, package).values())
    last = next((decision for decision in reversed(chosen) if decision.number or decision.date), Decision())
    days = (decision.answer_by for decision in reversed(chosen) if decision.answer_by)
    day = next(days, "") or text.format_date(return_requests.usual_day(workspace))
    authority = last.authority or _usual_authority(workspace)
    return Decision(number=last.number, date=last.date, authority=authority, answer_by=day)


def problems(workspace: Workspace, package: str) -> list[tuple[str, str]]:
    """List what is missing before the receipt can be written: pairs of a dossier id and a sentence."""
    checked = ((line, receipt_lines.problem(workspace, line)) for line in lines(workspace, package))
    return [(line.record, sentence) for line, sentence in checked if sentence]


def write_receipt(
    workspace: Workspace, package: str, path: Path, password: str = "", enclosed: Sequence[Path] = ()
) -> tuple[dict[str, Any], Changes]:
    """Write the decisions into the dossiers, with the steps that they mean, then the receipt.

    Returns the JSON of `writing.make` and the changes.
    UserError `incomplete` names the first dossier with an incomplete decision; nothing is written then.
    """
    checked = lines(workspace, package)
    answers = [_answer(workspace, line) for line in checked]
    returned = {line.record: line.decision.reasons for line in checked if line.decision.result == "returned"}
    notes = {line.record: note for line in checked if (note := receipt_lines.amendment_note(line))}
    days = receipt_lines.answer_days(workspace, checked)
    with handing_over.handing_over(workspace.store) as outside:
        with workspace.store.act(_act_name(workspace, package, checked)) as act:
            for answer in answers:
                answer.write(workspace, act)
        receipt = writing.make(
            workspace,
            package,
            path,
            returned=returned,
            notes=notes,
            days=days,
            act=act.id,
            enclosed=enclosed,
            password=password,
        )
        outside.paths.append(path)
        _keep(
            workspace,
            package,
            {line.record: replace(line.decision, amends="") for line in checked if line.record in notes},
        )
    return receipt, act.changes


def receipt_file_name(workspace: Workspace, waiting: OutboxEntry) -> str:
    """The proposed file name of a receipt: `BN_SCT_TTKC_2026-Q1_C.xlsx`."""
    package_name = package_file.package_file_name(
        f"{workspace.identity.unit.code}_{waiting.unit}", waiting.period, waiting.type
    )
    return f"BN_{package_name.removeprefix('KC_')}"


def label(result: str) -> str:
    """The label of a result."""
    return LABELS[result]


# -- inside --------------------------------------------------------------------------------------------------------


def _answer(workspace: Workspace, line: ReceiptLine) -> PreparedAnswer:
    answer = receipt_lines.checked(workspace, line)
    if isinstance(answer, str):
        raise UserError(f"«{line.title}»: {answer}", code="incomplete", field=line.record)
    return answer


def _wants_answer(workspace: Workspace, entry: PackageEntry) -> bool:
    details = entry.details
    is_received = entry.direction == "in" and not details.get("undone") and not details.get("answers")
    return is_received and details.get("unit") != workspace.identity.unit.code


def _waiting(entry: PackageEntry, receipt: PackageEntry | None, names: dict[str, str]) -> OutboxEntry:
    return OutboxEntry(
        package=entry.id,
        unit=entry.details["unit"],
        name=names.get(entry.details["unit"], entry.details["unit"]),
        period=entry.period,
        type=entry.type,
        at=entry.at,
        records=sum(entry.details.get("counts", {}).values()),
        receipt=receipt.id if receipt else "",
        receipt_at=receipt.at if receipt else "",
        receipt_file=receipt.details.get("file", "") if receipt else "",
    )


def _chosen_decisions(workspace: Workspace, package: str) -> dict[str, Decision]:
    stored = workspace.store.setting(f"{_KEPT}{package}", {})
    return {
        id_: Decision(**{**values, "reasons": tuple((path, sentence) for path, sentence in values["reasons"])})
        for id_, values in stored.items()
    }


def _keep(workspace: Workspace, package: str, decisions: Mapping[str, Decision]) -> None:
    """Keep decisions, the newest last."""
    if not decisions:
        return
    kept = workspace.store.setting(f"{_KEPT}{package}", {})
    others = {id_: values for id_, values in kept.items() if id_ not in decisions}
    chosen = {id_: asdict(decision) for id_, decision in decisions.items()}
    workspace.store.set_setting(f"{_KEPT}{package}", others | chosen)


def _alike(line: ReceiptLine, decision: Decision) -> Decision:
    own = line.decision
    support = (own.support or line.requested.removesuffix(" đồng")) if decision.result == "approved" else ""
    note = own.note or (decision.note if decision.result == "rejected" else "")
    return receipt_lines.with_paper(replace(own, result=decision.result, support=support, note=note), decision)


def _usual_authority(workspace: Workspace) -> str:
    """The authority of the newest decided year plan; "" for none."""
    decided = [state.name for state in workspace.forms.workflow("plan").marked("decided")]
    plans = workspace.store.page("plan", where={"state": decided}, limit=-1)
    newest = max(plans, key=lambda plan: (plan.data.get("year", 0), plan.seq), default=None)
    return str(newest.data.get("decision_authority", "")) if newest else ""


def _act_name(workspace: Workspace, package: str, checked: Sequence[ReceiptLine]) -> str:
    entry = workspace.store.packages.get(package)
    about = f"về gói {periods.in_sentence(entry.period if entry else '')}"
    reasons = "; ".join(dict.fromkeys(line.decision.amends.strip() for line in checked if line.decision.amends))
    return f"Sửa quyết định đã gửi {about}: {reasons}" if reasons else f"Ghi ý kiến {about}"
