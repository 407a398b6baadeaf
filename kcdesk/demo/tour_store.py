"""The practice store of the tour: a sample dossier of every activity, spread over all states, made by the services.

What only the province decides comes from a second store, as it would come to the officer: in its package. An office
that packages are sent to is given the store of the province, or one above it that has the province's package.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
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
from kcdesk.temporary import private_files

_APPROVED = ("finalise", "send", "approve_on_paper")
_RUNNING = (*_APPROVED, "contract", "start")
_SETTLED = (*_RUNNING, "accept", "settle")
_APPRAISED = ("finalise", "send", "appraise")
# The steps of each proposal: together they come to every state. The activities take them in turn.
_LIVES: Sequence[Sequence[str]] = (
    (),
    ("finalise",),
    ("finalise", "send"),
    (*_APPRAISED, "return"),
    _APPRAISED,
    (*_APPRAISED, "forward"),
    (*_APPRAISED, "propose"),
    _APPROVED,
    (*_APPROVED, "contract"),
    _RUNNING,
    (*_RUNNING, "accept_conditionally"),
    (*_RUNNING, "accept"),
    (*_RUNNING, "fail"),
    _SETTLED,
    (*_SETTLED, "liquidate"),
    (*_SETTLED, "liquidate", "archive"),
    ("finalise", "send", "reject_on_paper"),
    (*_RUNNING, "stop"),
)
_QUICK: Sequence[Sequence[str]] = ((), ("finalise",), ("finalise", "send"))  # of the activities that are left
_OF_PROVINCE = ("appraise", "return", "forward", "propose")
_UNIT, _PROVINCE = "lower", "province"
_OFFICES = {  # code, name and parent
    _UNIT: ("TTKC-THU", "Trung tâm Khuyến công (dạo thử)", "Sở Công Thương (dạo thử)"),
    _PROVINCE: ("SCT-THU", "Sở Công Thương (dạo thử)", ""),
}


def make(folder: Path, progress: Progress = ignore_progress, level: str = _UNIT) -> Path:
    """Make the store of an office of a level in `folder`, in place of an earlier one; a stop leaves nothing."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with private_files.folder() as place, ExitStack() as open_stores:
            names = dict.fromkeys((_UNIT, _PROVINCE, level))
            places = {name: folder if name == level else place / name for name in names}
            offices = {name: open_stores.enter_context(closing(_opened(path, name))) for name, path in places.items()}
            _fill(offices, level, place, progress)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _opened(folder: Path, level: str) -> Workspace:
    """A new store of an office of this level."""
    code, name, parent = _OFFICES.get(level, (f"{level.upper()}-THU", "", ""))
    office = opening.NewStore(
        unit=name or "Cơ quan cấp trên (dạo thử)",
        code=code,
        level=level,
        province="Lạng Sơn",
        parent=parent,
        officer="Cán bộ mẫu A",
        officer_title="Chuyên viên",
        practice=True,
    )
    return opening.create_workspace(folder, office)[0]


def _fill(offices: Mapping[str, Workspace], level: str, packages: Path, progress: Progress) -> None:
    workspace = offices[_UNIT]
    activities = [activity.code for activity in workspace.forms.activities]
    planned = list(zip(activities, chain(_LIVES, cycle(_QUICK)), strict=False))
    waiting: dict[str, Sequence[str]] = {}  # proposals for the province, and what it does with them
    for place, (activity, life) in enumerate(planned):
        progress(place, len(planned) + 1, workspace.forms.activity(activity).label)
        sample = _Life(workspace, activity, national="forward" in life)
        sample.live([step for step in life if step not in _OF_PROVINCE])
        if decided := [step for step in life if step in _OF_PROVINCE]:
            waiting[sample.proposal] = decided
    progress(len(planned), len(planned) + 1, "Cấp tỉnh trả lời")
    _through_the_province(workspace, offices[_PROVINCE], waiting, packages)
    if level not in (_UNIT, _PROVINCE):
        _hand_up(offices[_PROVINCE], offices[level], packages / "vung.xlsx")


def _hand_up(sender: Workspace, receiver: Workspace, package: Path) -> None:
    journey_handover.acquaint(sender, receiver)
    sending.make(sender, sending.HandoverOrder(path=package, receiver=receiver.identity.unit.code, full=True))
    receiving.receive(receiver, package)


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

    def live(self, life: Sequence[str]) -> None:
        """Take the steps one after the other, with everything that each asks for."""
        if life:
            self._papers()
        for step in life:
            _STEPS[step](self)

    def _papers(self) -> None:
        table_offers.fill_tables(self.workspace, self.proposal, ("papers",))
        self._set(self.proposal, sample_lives.listed_papers(self._data(self.proposal)))

    def finalise(self) -> None:
        self._take(self.proposal, "finalise")

    def send(self) -> None:
        self._take(self.proposal, "send")

    def approve(self) -> None:
        self._set(self.proposal, sample_lives.approval(self._data(self.proposal)))
        self._take(self.proposal, "approve_on_paper")

    def sign(self) -> None:
        self.contract = self._new("contract", sample_lives.CONTRACT | {"proposal": self.proposal})
        self._take(self.contract, "finalise")
        self._take(self.proposal, "contract")

    def start(self) -> None:
        self._take(self.proposal, "start")
        self._pay(sample_lives.advance(self._data(self.proposal)))

    def accept(self) -> None:
        if self.workspace.forms.activity(self.activity).visit:
            self._visit({})
        self._take(self.proposal, "accept")

    def settle(self) -> None:
        data = self._data(self.proposal)
        self._pay(sample_lives.remaining(data))
        paper = self._new("settlement", {"proposal": self.proposal})
        self._complete(paper, sample_lives.settlement(self._data(paper), data))
        self._take(self.proposal, "settle")

    def liquidate(self) -> None:
        self._set(self.contract, sample_lives.liquidation())
        self._take(self.proposal, "liquidate")

    def archive(self) -> None:
        self._set(self.proposal, sample_lives.ARCHIVED)
        self._take(self.proposal, "archive")

    def reject(self) -> None:
        paper = {"rejection_number": "02/CV-MẪU", "rejection_date": "15/2/2018", "rejection_authority": "Sở (mẫu)"}
        steps.take_step(self.workspace, self.proposal, "reject_on_paper", "Hết nguồn của năm. (Nội dung mẫu.)")
        self._set(self.proposal, paper)

    def _visit(self, changes: Mapping[str, Any]) -> None:
        paper = self._new("acceptance", {"proposal": self.proposal})
        answers = sample_lives.visit(self._data(paper), self._data(self.proposal))
        self._complete(paper, {**answers, **changes})

    def accept_conditionally(self) -> None:
        remedy = {"remedy": "Lắp biển cảnh báo (mẫu)", "responsible": "Đơn vị thụ hưởng", "due_on": "31/12/2018"}
        self._visit({"conclusion": "conditional", "remedies": [remedy]})
        self._take(self.proposal, "accept_conditionally")

    def fail(self) -> None:
        self._visit({"conclusion": "refused", "conclusion_note": "Máy khác hợp đồng. (Nội dung mẫu.)"})
        steps.take_step(self.workspace, self.proposal, "fail", "Máy khác hợp đồng. (Nội dung mẫu.)")

    def stop(self) -> None:
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
    "finalise": _Life.finalise,
    "send": _Life.send,
    "approve_on_paper": _Life.approve,
    "reject_on_paper": _Life.reject,
    "contract": _Life.sign,
    "start": _Life.start,
    "accept": _Life.accept,
    "accept_conditionally": _Life.accept_conditionally,
    "fail": _Life.fail,
    "settle": _Life.settle,
    "liquidate": _Life.liquidate,
    "archive": _Life.archive,
    "stop": _Life.stop,
}


# -- what the province does ----------------------------------------------------------------------------------------


def _through_the_province(
    unit: Workspace, province: Workspace, waiting: Mapping[str, Sequence[str]], packages: Path
) -> None:
    """Send the proposals up, let the province take its steps, and take its package in."""
    _hand_up(unit, province, packages / "len.xlsx")
    for id_, decided in waiting.items():
        for step in decided:
            _decide(province, id_, step)
    back = packages / "ve.xlsx"
    sending.make(province, sending.HandoverOrder(path=back, receiver=unit.identity.unit.code, full=True))
    receiving.receive(unit, back)


def _decide(province: Workspace, id_: str, step: str) -> None:
    if step == "return":
        remarks = [("budget", "Thiếu báo giá của nhà cung cấp. (Nội dung mẫu.)"), ("goals", "Chưa có số liệu.")]
        steps.take_step(province, id_, step, "Cần bổ sung. (Nội dung mẫu.)", remarks)
        return
    if step != "appraise":
        _appraise(province, id_)
    steps.take_step(province, id_, step)


def _appraise(province: Workspace, id_: str) -> None:
    paper = changing.add(province, "appraisal", {"proposal": id_}).items[0].id
    data = province.store.record(paper).data
    values = sample_lives.appraisal(data)
    rest = sample_lives.rest(province.forms, "appraisal", {**data, **values})
    changing.set_values(province, paper, {**values, **rest})
    steps.take_step(province, paper, "finalise")
