"""The practice store of the tour: a sample dossier of every activity, spread over all states, made by the services.

What only the province decides comes from a second store, as it would come to the officer: in its package.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, cycle
from pathlib import Path
from typing import Any

from kcdesk.demo import journey_handover, sample_lives
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing, table_offers
from kcdesk.services.workspace import Workspace

NAME = "kho-dao-thu"  # the folder of the store, so that it is known again
# How far each proposal goes: one activity for every state.
_UNIT_STAGES = (
    *("draft", "final", "sent", "supplement", "grassroots_appraisal", "ministry_appraisal", "provincial_approval"),
    *("approved", "contracted", "running", "conditional", "accepted", "failed", "settled", "liquidated", "archived"),
    *("rejected", "stopped"),
)
_QUICK = ("draft", "final", "sent")  # of the activities that are left: the store must be ready soon
_OF_PROVINCE = ("supplement", "grassroots_appraisal", "ministry_appraisal", "provincial_approval")
_WAY = ("final", "sent", "approved", "contracted", "running", "accepted", "settled", "liquidated", "archived")


def make(folder: Path, progress: Progress = ignore_progress) -> Path:
    """Make the store in `folder`, in place of an earlier one; a stop leaves nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        workspace, _ = opening.create_workspace(folder, _office("lower", "TTKC-THU", "Trung tâm Khuyến công (dạo thử)"))
        try:
            _fill(workspace, progress)
        finally:
            workspace.close()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _office(level: str, code: str, name: str) -> opening.NewStore:
    return opening.NewStore(
        unit=name,
        code=code,
        level=level,
        province="Lạng Sơn",
        parent="Sở Công Thương (dạo thử)" if level == "lower" else "",
        officer="Cán bộ mẫu A",
        officer_title="Chuyên viên",
        practice=True,
    )


def _fill(workspace: Workspace, progress: Progress) -> None:
    activities = [activity.code for activity in workspace.forms.activities]
    planned = list(zip(activities, chain(_UNIT_STAGES, cycle(_QUICK)), strict=False))
    waiting: dict[str, str] = {}  # proposals for the province: the stage that it brings them to
    for place, (activity, stage) in enumerate(planned):
        progress(place, len(planned) + 1, activity)
        life = _Life(workspace, activity, national=stage == "ministry_appraisal")
        life.go(stage)
        if stage in _OF_PROVINCE:
            waiting[life.proposal] = stage
    progress(len(planned), len(planned) + 1, "province")
    _through_the_province(workspace, waiting)


@dataclass
class _Life:
    """One sample proposal and what belongs to it."""

    workspace: Workspace
    activity: str
    national: bool = False

    def __post_init__(self) -> None:
        answers = sample_lives.proposal(self.activity)
        if self.national:
            lines = [{**row, "national": row["local"], "local": None} for row in answers["budget"]]
            answers |= {"programme": "national", "budget": lines}
        name = f"Cơ sở Mẫu {self.workspace.forms.activity(self.activity).label}"[:120]
        owner = self._new("beneficiary", sample_lives.OWNER | {"name": name})
        self._take(owner, "finalise")
        self.proposal = self._new("proposal", answers | {"beneficiaries": [owner]})
        self.contract = ""

    def go(self, stage: str) -> None:
        """Bring the proposal to a stage, as far as its own unit can."""
        if stage == "draft":
            return
        self._papers()
        target = {"rejected": "sent", "stopped": "running", "conditional": "running", "failed": "running"}.get(
            stage, "sent" if stage in _OF_PROVINCE else stage
        )
        for step in _WAY[: _WAY.index(target) + 1]:
            _STEPS[step](self)
        if stage in _LAST:
            _LAST[stage](self)

    def _papers(self) -> None:
        table_offers.fill_tables(self.workspace, self.proposal, ("papers",))
        self._set(self.proposal, sample_lives.listed_papers(self._data(self.proposal)))

    def to_final(self) -> None:
        self._take(self.proposal, "finalise")

    def to_sent(self) -> None:
        self._take(self.proposal, "send")

    def to_approved(self) -> None:
        self._set(self.proposal, sample_lives.approval(self._data(self.proposal)))
        self._take(self.proposal, "approve_on_paper")

    def to_contracted(self) -> None:
        self.contract = self._new("contract", sample_lives.CONTRACT | {"proposal": self.proposal})
        self._take(self.contract, "finalise")
        self._take(self.proposal, "contract")

    def to_running(self) -> None:
        self._take(self.proposal, "start")
        self._pay(sample_lives.advance(self._data(self.proposal)))

    def to_accepted(self) -> None:
        if self.workspace.forms.activity(self.activity).visit:
            self._visit({})
        self._take(self.proposal, "accept")

    def to_settled(self) -> None:
        data = self._data(self.proposal)
        self._pay(sample_lives.remaining(data))
        paper = self._new("settlement", {"proposal": self.proposal})
        self._complete(paper, sample_lives.settlement(self._data(paper), data))
        self._take(self.proposal, "settle")

    def to_liquidated(self) -> None:
        self._set(self.contract, sample_lives.liquidation())
        self._take(self.proposal, "liquidate")

    def to_archived(self) -> None:
        self._set(self.proposal, sample_lives.ARCHIVED)
        self._take(self.proposal, "archive")

    def to_rejected(self) -> None:
        paper = {"rejection_number": "02/CV-MẪU", "rejection_date": "15/2/2018", "rejection_authority": "Sở (mẫu)"}
        steps.take_step(self.workspace, self.proposal, "reject_on_paper", "Hết nguồn của năm. (Nội dung mẫu.)")
        self._set(self.proposal, paper)

    def _visit(self, changes: Mapping[str, Any]) -> None:
        paper = self._new("acceptance", {"proposal": self.proposal})
        answers = sample_lives.visit(self._data(paper), self._data(self.proposal))
        self._complete(paper, {**answers, **changes})

    def to_conditional(self) -> None:
        remedy = {"remedy": "Lắp biển cảnh báo (mẫu)", "responsible": "Đơn vị thụ hưởng", "due_on": "31/12/2018"}
        self._visit({"conclusion": "conditional", "remedies": [remedy]})
        self._take(self.proposal, "accept_conditionally")

    def to_failed(self) -> None:
        self._visit({"conclusion": "refused", "conclusion_note": "Máy khác hợp đồng. (Nội dung mẫu.)"})
        steps.take_step(self.workspace, self.proposal, "fail", "Máy khác hợp đồng. (Nội dung mẫu.)")

    def to_stopped(self) -> None:
        paper = self._new("adjustment", {"proposal": self.proposal, "adjustment_type": "stop"})
        self._complete(paper, {"requested_on": "1/10/2018", "reason": "Cơ sở xin thôi. (Nội dung mẫu.)"})
        decision = {"decided_by": "province", "decision_number": "03/QĐ-MẪU", "decision_date": "15/10/2018"}
        self._set(paper, decision)
        self._take(paper, "decide")

    # -- small acts ------------------------------------------------------------------------------------------------

    def _new(self, kind: str, values: Mapping[str, Any]) -> str:
        return changing.add(self.workspace, kind, dict(values)).items[0].id

    def _set(self, id_: str, values: Mapping[str, Any]) -> None:
        changing.set_values(self.workspace, id_, dict(values))

    def _data(self, id_: str) -> Mapping[str, Any]:
        return self.workspace.store.record(id_).data

    def _take(self, id_: str, *names: str) -> None:
        for name in names:
            steps.take_step(self.workspace, id_, name)

    def _complete(self, id_: str, values: Mapping[str, Any]) -> None:
        record = self.workspace.store.record(id_)
        rest = sample_lives.rest(self.workspace.forms, record.kind, {**record.data, **values})
        self._set(id_, {**values, **rest})
        self._take(id_, "finalise")

    def _pay(self, asked: Mapping[str, Any]) -> None:
        payment = self._new("payment", {"proposal": self.proposal, **asked})
        self._complete(payment, sample_lives.originals(self._data(payment)))
        self._set(payment, sample_lives.PAID)


_STEPS: Mapping[str, Callable[[_Life], None]] = {
    "final": _Life.to_final,
    "sent": _Life.to_sent,
    "approved": _Life.to_approved,
    "contracted": _Life.to_contracted,
    "running": _Life.to_running,
    "accepted": _Life.to_accepted,
    "settled": _Life.to_settled,
    "liquidated": _Life.to_liquidated,
    "archived": _Life.to_archived,
}
_LAST: Mapping[str, Callable[[_Life], None]] = {
    "rejected": _Life.to_rejected,
    "conditional": _Life.to_conditional,
    "failed": _Life.to_failed,
    "stopped": _Life.to_stopped,
}


# -- what the province does ----------------------------------------------------------------------------------------


def _through_the_province(unit: Workspace, waiting: Mapping[str, str]) -> None:
    """Send the proposals up, let the province bring each to its stage, and take its package in."""
    with tempfile.TemporaryDirectory(prefix="kcdesk-") as place:
        province, _ = opening.create_workspace(Path(place) / "store", _office("province", "SCT-THU", "Sở (dạo thử)"))
        try:
            journey_handover.acquaint(unit, province)
            package, back = Path(place) / "len.xlsx", Path(place) / "ve.xlsx"
            sending.make(unit, sending.HandoverOrder(path=package, full=True))
            receiving.receive(province, package)
            for id_, stage in waiting.items():
                _decide(province, id_, stage)
            sending.make(province, sending.HandoverOrder(path=back, receiver=unit.identity.unit.code, full=True))
            receiving.receive(unit, back)
        finally:
            province.close()


def _decide(province: Workspace, id_: str, stage: str) -> None:
    steps.take_step(province, id_, "appraise")
    if stage == "supplement":
        remarks = [("budget", "Thiếu báo giá của nhà cung cấp. (Nội dung mẫu.)"), ("goals", "Chưa có số liệu.")]
        steps.take_step(province, id_, "return", "Cần bổ sung. (Nội dung mẫu.)", remarks)
    elif stage != "grassroots_appraisal":
        paper = changing.add(province, "appraisal", {"proposal": id_}).items[0].id
        data = province.store.record(paper).data
        values = sample_lives.appraisal(data)
        rest = sample_lives.rest(province.forms, "appraisal", {**data, **values})
        changing.set_values(province, paper, {**values, **rest})
        steps.take_step(province, paper, "finalise")
        steps.take_step(province, id_, "forward" if stage == "ministry_appraisal" else "propose")
