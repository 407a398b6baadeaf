"""The early warning on dossiers whose facts are worked out by hand, on 5 March 2026."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kcdesk.errors import UserError
from kcdesk.services.records import changing
from kcdesk.services.warnings.facts import facts_of
from kcdesk.services.warnings.foresight import Foresight, begin_draft, foresights, write_draft
from kcdesk.services.workspace import Workspace
from tests.bench.foresight.seen_lives import COST, COUNTERPART, SUPPORT, conclusion_of, traces_of_life
from tests.bench.warning import lives, precision, shipped_rule

FACTS = {
    "elapsed": 50,  # 90 of 180 days
    "days_left": 90,
    "days_to_adjust": 60,
    "adjust_by": date(2026, 5, 4),
    "ends_on": date(2026, 6, 3),
    "days_unseen": 10,
    "last_visit": date(2026, 2, 23),
    "visits": 1,
    "progress": 10,
    "behind": 34,  # 80 of 180 days are 44 %
    "behind_now": 40,
    "claimed": 20,
    "overclaimed": 10,
    "counterpart": 10,
    "counterpart_behind": 34,
    "late_tasks": 1,
    "late_task_days": 22,
    "late_remedies": 1,
    "conclusion": "remedies",
    "extensions": 0,
    "advanced": 80_000_000,
}
SENTENCE = (
    "Việc của kế hoạch quá hạn 22 ngày mà chưa xong (kiểm tra ngày 23/02/2026); "
    "mới chứng minh 10% vốn đối ứng, chậm 34 điểm % so với thời gian; "
    "1 nội dung phải khắc phục đã quá hạn; khối lượng thấy tại chỗ mới 10% khi đã qua 50% thời gian."
)


def insert(workspace: Workspace, kind: str, parent: str | None = None, *, state: str = "final", **values: Any) -> str:
    """A record in any state, without the steps that lead to it."""
    data = {"state": state, "revision": 1, **({"proposal": parent} if parent else {}), **values}
    with workspace.store.act("Nạp dữ liệu mẫu") as act:
        return act.insert(kind, workspace.forms.current(kind).reference, data, parent)


def proposal(workspace: Workspace, title: str, state: str = "running") -> str:
    """A proposal of 180 days that was visited on the 80th."""
    approved = {"approved_total": COST, "approved_support": SUPPORT, "approved_counterpart": COUNTERPART}
    days = {"decision_date": "2025-12-01", "ends_on": "2026-06-03", "year": 2026}
    id_ = insert(workspace, "proposal", state=state, title=title, programme="local", **approved, **days)
    insert(workspace, "contract", id_, signed_on="2025-12-05", due_on="2026-06-03")
    return id_


def visit(workspace: Workspace, id_: str, **changes: Any) -> None:
    """The visit of 23 February: a tenth is done, a fifth was claimed."""
    line = {"id": "p", "position": 1.0, "item": "Máy", "found_counterpart": 37_000_000}
    totals = {"total_contracted": 570_000_000, "total_claimed": 114_000_000, "total_found": 57_000_000}
    task = {"id": "t", "position": 1.0, "task": "Đặt máy", "ends_on": "2026-02-01", "found": "under_way"}
    remedy = {"id": "r", "position": 1.0, "remedy": "Đặt máy", "due_on": "2026-03-01"}
    values = {"visited_on": "2026-02-23", "conclusion": "remedies", "progress": [line], "tasks": [task]}
    insert(workspace, "inspection", id_, **{**values, **totals, "remedies": [remedy], **changes})


def seen(workspace: Workspace, on: date | None = None) -> Foresight:
    (foresight,) = foresights(workspace, on)
    return foresight


@pytest.fixture
def endangered(workspace: Workspace) -> str:
    id_ = proposal(workspace, "Máy sấy chè (mẫu)")
    visit(workspace, id_)
    paid = {"requested_on": "2026-01-05", "paid_on": "2026-01-10"}
    insert(workspace, "payment", id_, payment_type="advance", amount=100_000_000, **paid)
    insert(workspace, "payment", id_, payment_type="returned", amount=20_000_000, **paid)
    healthy = proposal(workspace, "Lò gạch (mẫu)")
    visit(workspace, healthy, tasks=[], remedies=[], conclusion="confirmed", total_found=570_000_000, progress=[])
    proposal(workspace, "Đã xong (mẫu)", state="accepted")
    return id_


def test_the_facts_are_those_of_the_dossier(workspace: Workspace, endangered: str) -> None:
    foresight = seen(workspace)
    assert [named.id for named in foresight.proposals] == [endangered]
    (named,) = foresight.proposals
    assert named.facts == FACTS
    assert named.sentence == SENTENCE
    assert named.points == 4 + 3 + 2 + 1
    assert (foresight.looked_at, foresight.on) == (2, date(2026, 3, 5))
    assert foresight.sentence == "1 đề án này sẽ phải trả kinh phí nếu không điều chỉnh kịp"
    assert foresight.rule.unverified
    assert foresight.rule.source.startswith("Đề xuất của chương trình")


def test_an_earlier_day_knows_nothing_of_later_records(workspace: Workspace, endangered: str) -> None:
    assert not seen(workspace, date(2026, 2, 22)).proposals
    assert [named.id for named in seen(workspace, date(2026, 2, 23)).proposals] == [endangered]


def test_a_dossier_without_entries_is_not_guessed_about(workspace: Workspace) -> None:
    insert(workspace, "proposal", state="running", title="Trống (mẫu)")
    foresight = seen(workspace)
    assert (foresight.looked_at, foresight.proposals) == (1, ())


def test_a_contract_that_is_not_signed_is_a_sign_of_its_own(workspace: Workspace) -> None:
    id_ = insert(workspace, "proposal", state="approved", title="Chưa ký (mẫu)", decision_date="2025-12-05")
    (named,) = seen(workspace).proposals
    assert (named.id, named.signs) == (id_, ("đã 90 ngày từ quyết định phê duyệt mà chưa ký hợp đồng",))


def test_the_draft_is_made_once_and_takes_over_why(workspace: Workspace, endangered: str) -> None:
    foresight = seen(workspace)
    begun = begin_draft(workspace, foresight.rule, foresight.proposals[0])
    draft = workspace.store.record(begun)
    assert (draft.kind, draft.value("proposal"), draft.value("adjustment_type")) == ("adjustment", endangered, "extend")
    assert draft.value("situation") == SENTENCE
    assert draft.value("old_ends_on") == "2026-06-03"
    changing.forget_untouched(workspace, begun)
    with pytest.raises(UserError) as refused:
        write_draft(workspace, workspace.store.page("proposal", where={"state": "accepted"})[0].id)
    assert refused.value.code == "not_warned"
    (written,) = write_draft(workspace, endangered).items
    after = seen(workspace)
    assert after.proposals[0].adjustment == written.id
    assert begin_draft(workspace, after.rule, after.proposals[0]) == written.id
    with pytest.raises(UserError) as again:
        write_draft(workspace, endangered)
    assert again.value.code == "has_draft"
    assert written.id in again.value.hint


def test_a_stopped_proposal_is_no_longer_warned_of(workspace: Workspace, endangered: str) -> None:
    with workspace.store.act("Ngừng") as act:
        act.update(endangered, {"state": "stopped"})
    foresight = seen(workspace)
    assert (foresight.proposals, foresight.looked_at) == ((), 1)


def test_the_store_says_what_the_generated_life_says(workspace: Workspace) -> None:
    """The measure asks lives without a store; the same lives as records give the same list."""
    rule, day = shipped_rule(), date(2024, 9, 1)
    expected = set()
    for life in lives((4,), (2024,), 24):
        traces = traces_of_life(life, day)
        if traces is None:
            continue
        approved = {"approved_total": COST, "approved_support": SUPPORT, "approved_counterpart": COUNTERPART}
        assert traces.ends_on is not None
        days = {"decision_date": life.decided_on.isoformat(), "ends_on": traces.ends_on.isoformat(), "year": 2024}
        id_ = insert(workspace, "proposal", state="running", title=f"Mẫu {life.number}", **approved, **days)
        insert(workspace, "contract", id_, signed_on=life.signed_on.isoformat())
        for look in life.looks:
            amounts = {"total_claimed": round(look.claimed * COST), "total_found": round(look.found * COST)}
            line = {"id": "p", "position": 1.0, "found_counterpart": round(look.documented * COUNTERPART)}
            tasks = [
                {"id": f"t{place}", "ends_on": until.isoformat(), "found": "done" if is_done else "not_begun"}
                for place, (until, is_done) in enumerate(look.tasks)
            ]
            late = {"id": "r", "due_on": look.remedy_by and look.remedy_by.isoformat(), "done": bool(look.remedied_on)}
            visit(
                workspace,
                id_,
                visited_on=look.day.isoformat(),
                progress=[line],
                tasks=tasks,
                conclusion=conclusion_of(look),
                remedies=[late] if look.remedy_by else [],
                total_contracted=COST,
                **amounts,
            )
        if rule.names(rule.holding(facts_of(traces, rule, day))):
            expected.add(id_)
    assert expected
    assert {named.id for named in seen(workspace, day).proposals} == expected


def test_nine_of_ten_later_stops_are_named_thirty_days_ahead() -> None:
    """A short form of `python -m tests.bench warning`, on seeds on which no point or limit was chosen."""
    counted = precision(shipped_rule(), lives((21, 22), (2024,)))
    assert counted.stopped >= 15
    assert counted.foreseen_percent >= 90
    assert counted.false_percent <= 75
    assert counted.false_line_percent <= 60
