"""What an officer has to do today, most urgent first: each line says what, and where it is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from kcdesk import moments, text
from kcdesk.formdef.model import Tone, Workflow
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.deadlines.listing import Listing
from kcdesk.services.handover.collecting import late_units, period_handovers, periods
from kcdesk.services.handover.receipts import drafts, standing
from kcdesk.services.lifecycle import return_requests
from kcdesk.services.maintenance import outside_copies
from kcdesk.services.overview import counters
from kcdesk.services.proposals import support_differences
from kcdesk.services.records import titles, unread_texts
from kcdesk.services.warnings.foresight import Foresight
from kcdesk.services.workspace import Workspace
from kcdesk.store.copies.policy import backup_policy

Place = Literal[
    "", "deadlines", "receipts", "late_units", "conflicts", "proposal", "acceptance", "backup", "warnings", "handoff"
]

_EACH = 3  # lines of a kind that are named one by one; the rest is counted
OLD_BACKUP = backup_policy().stale_outside_days


class WorkLine(Value):
    """Something to do: `record` is the dossier to open, else `place` is where it is done."""

    name: str
    text: str
    act: str  # label of the button; "" for none
    tone: Tone = "wrong"
    record: str = ""
    place: Place = ""


def todays_work(workspace: Workspace, listing: Listing, foresights: Sequence[Foresight] = ()) -> list[WorkLine]:
    """List the work of today; `listing` are the deadlines and `foresights` the warnings, both slow to compute."""
    return [*urgent_work(workspace, listing), *warned(foresights), *other_work(workspace)]


def urgent_work(workspace: Workspace, listing: Listing) -> list[WorkLine]:
    """What comes first: returned dossiers, texts that were typed and not saved, amounts that differ, what is late."""
    return [*_returned(workspace), *_unread(workspace), *_differences(workspace), *_late(listing)]


def other_work(workspace: Workspace) -> list[WorkLine]:
    """What comes last: remedies, what the offices below have sent, the backup."""
    below = _from_below(workspace) if workspace.collects else ()
    return [*_remedies(workspace), *below, *_backup(workspace)]


# -- returned dossiers, amounts that differ ------------------------------------------------------------------------


def _returned(workspace: Workspace) -> Iterator[WorkLine]:
    records = [*_in_our_hands(workspace), *_answered_returned(workspace)]
    lines = [
        WorkLine("returned", f"Bị trả lại – {title}: {reason}", "Sửa ngay", record=id_)
        for id_, title, reason in dict.fromkeys(records)
    ]
    yield from _shortened(lines, "hồ sơ khác bị trả lại", "proposal")


def _in_our_hands(workspace: Workspace) -> Iterator[tuple[str, str, str]]:
    """Own dossiers in a state that the other side gave back: id, title, first reason."""
    for kind in workspace.forms.kinds:
        makers = workspace.forms.levels.makers.name
        states = [state.name for state in workspace.forms.workflow(kind).states if state.holder == makers]
        for stored in workspace.store.page(kind, where={"state": states}, limit=-1) if states else ():
            if stored.unit == workspace.identity.unit.code:
                record = stored.record(workspace.forms)
                problems = return_requests.open_problems(record)
                reason = problems[0].message if problems else "đã ghi trả lời, hãy gửi lại."
                yield record.id, titles.title_of(workspace, record), reason


def _answered_returned(workspace: Workspace) -> Iterator[tuple[str, str, str]]:
    """Dossiers that a receipt returned and that were not changed since: id, title, first reason."""
    states = standing.standings(workspace, workspace.store.packages.answered_with("returned"))
    for id_, state in states.items():
        record = workspace.store.record(id_)
        makers = workspace.forms.levels.makers.name
        held = workspace.forms.workflow(record.kind).state(record.state).holder == makers
        if state.standing == "returned" and not held:
            reason = state.reasons[0][1] if state.reasons else "xem biên nhận."
            yield id_, titles.title_of(workspace, record), reason


def _unread(workspace: Workspace) -> Iterator[WorkLine]:
    lines = [
        WorkLine("unread", f"{number} ô đã gõ chưa được lưu – {_title(workspace, id_)}", "Sửa", record=id_)
        for id_, number in unread_texts.counts(workspace).items()
    ]
    yield from lines[:_EACH]
    if len(lines) > _EACH:
        yield WorkLine("unread.more", f"… và {len(lines) - _EACH} hồ sơ khác có ô chưa được lưu", "")


def _title(workspace: Workspace, id_: str) -> str:
    return titles.title_of(workspace, workspace.store.record(id_))


def _differences(workspace: Workspace) -> Iterator[WorkLine]:
    lines = [
        WorkLine("difference", f"{difference.title}: {difference.text}", "Xem", record=difference.proposal)
        for difference in support_differences.every_difference(workspace)
    ]
    yield from _shortened(lines, "đề án khác lệch số tiền", "conflicts")
    if number := counters.conflicts(workspace):
        yield WorkLine("conflicts", f"{number} chỗ hai nơi ghi khác nhau", "Chọn", place="conflicts")


# -- deadlines, remedies -------------------------------------------------------------------------------------------


def _late(listing: Listing) -> Iterator[WorkLine]:
    counts = [f"Quá hạn: {len(listing.late)}"] if listing.late else []
    counts += [f"Quá hạn lâu: {listing.long_late_count}"] if listing.long_late else []
    if counts:
        first = (*listing.late, *listing.long_late)[0]
        named = " · ".join(filter(None, (first.what, first.title)))
        yield WorkLine("late", f"{'; '.join(counts)} – {named}", "Xem thời hạn", place="deadlines")


def warned(foresights: Sequence[Foresight]) -> Iterator[WorkLine]:
    """The proposals that will probably have to return money, and the one with the least time."""
    for foresight in foresights:
        if foresight.proposals:
            first = foresight.proposals[0]
            day = f", nên đề nghị trước ngày {text.format_date(first.adjust_by)}" if first.adjust_by else ""
            sentence = f"{foresight.sentence} – gấp nhất: {first.title}{day}"
            yield WorkLine("warned", sentence, "Xem cảnh báo", "wrong", place="warnings")


def _remedies(workspace: Workspace) -> Iterator[WorkLine]:
    """The final visits with open points that no later visit has closed."""
    workflow = workspace.forms.workflow("acceptance")
    where = {"state": list(workflow.locked), "conclusion": ["conditional", "refused"]}
    visits = [stored.record(workspace.forms) for stored in workspace.store.page("acceptance", where=where, limit=-1)]
    followed = _followed(workspace, [visit.id for visit in visits])
    lines = [_remedy(workspace, visit) for visit in visits if visit.id not in followed]
    yield from _shortened(lines, "lần nghiệm thu khác chờ khắc phục", "acceptance")


def _followed(workspace: Workspace, ids: Sequence[str]) -> set[str]:
    """The visits that a final later visit follows."""
    locked = list(workspace.forms.workflow("acceptance").locked)
    later = workspace.store.page("acceptance", where={"previous": list(ids), "state": locked}, limit=-1) if ids else ()
    return {str(stored.data.get("previous")) for stored in later}


def _remedy(workspace: Workspace, visit: Record) -> WorkLine:
    open_rows = [row for row in visit.rows("remedies") if not row.get("done")]
    what = open_rows[0].get("remedy", "") if open_rows else visit.text("conclusion").lower()
    sentence = f"Chờ khắc phục – {titles.title_of(workspace, visit)}: {what}"
    return WorkLine("remedy", sentence, "Mở", "waiting", record=visit.id)


# -- the province, backups -----------------------------------------------------------------------------------------


def _from_below(workspace: Workspace) -> Iterator[WorkLine]:
    """What the offices below have sent, and what they have not."""
    if number := counters.receipts(workspace):
        yield WorkLine("receipts", f"Gói chưa trả lời: {number}", "Viết biên nhận", place="receipts")
    if number := sum(line.passed_down for line in drafts.outbox(workspace)):
        sentence = f"Cấp trên đã trả lời {number} hồ sơ, đơn vị gửi chưa được báo"
        yield WorkLine("passed_down", sentence, "Viết biên nhận", place="receipts")
    if workspace.level.decides:
        yield from _to_examine(workspace)
    yield from _late_units(workspace)


def _to_examine(workspace: Workspace) -> Iterator[WorkLine]:
    level, workflow = workspace.level, workspace.forms.workflow("proposal")
    held = [workflow.state(name) for name in _examined_states(workflow, level.name)]
    counts = [(state.label, workspace.store.count("proposal", where={"state": [state.name]})) for state in held]
    if number := sum(count for _label, count in counts):
        each = "; ".join(f"{text.lower_first(label)} {count}" for label, count in counts if count)
        sentence = f"Đề án chờ {level.in_sentence} thẩm định, trả lời: {number} – {each}"
        yield WorkLine("examined", sentence, "Xem đề án", "waiting", place="proposal")


def _examined_states(workflow: Workflow, level: str) -> list[str]:
    """The states that a level has in hand; above it, those from which it may answer."""
    held = [state.name for state in workflow.states if state.holder == level]
    answered = (step for step in workflow.transitions if step.answer and level in step.by)
    return held or list(dict.fromkeys(state for step in answered for state in step.from_states))


def _late_units(workspace: Workspace) -> Iterator[WorkLine]:
    period = late_units.due_period(workspace)
    handovers = period_handovers.period_handovers(workspace, period, with_phones=False)
    late = [handover.name for handover in handovers if handover.late]
    if late:
        named = ", ".join(late[:_EACH]) + (" …" if len(late) > _EACH else "")
        sentence = f"Đơn vị chưa gửi gói {text.lower_first(periods.name(period))}: {len(late)} – {named}"
        yield WorkLine("late_units", sentence, "Xem đơn vị", "waiting", place="late_units")


def _backup(workspace: Workspace) -> Iterator[WorkLine]:
    """Remind of a backup that survives the loss of this laptop, once there is something to lose."""
    at = outside_copies.latest_outside(workspace)
    if at is None and not any(workspace.store.count(kind) for kind in workspace.forms.kinds):
        return
    days = (workspace.today() - moments.day(at)).days if at else 0
    if at is None or days > OLD_BACKUP:
        what = f"Bản sao lưu ngoài máy này đã cũ {days} ngày" if at else "Chưa có bản sao lưu ngoài máy này"
        yield WorkLine("backup", what, "Sao lưu ra thẻ nhớ…", "wrong", place="backup")


def _shortened(lines: list[WorkLine], others: str, place: Place) -> Iterator[WorkLine]:
    """The first lines, and the number of the others."""
    yield from lines[:_EACH]
    if len(lines) > _EACH:
        first = lines[_EACH]
        yield WorkLine(f"{first.name}.more", f"… và {len(lines) - _EACH} {others}", "Xem", first.tone, place=place)
