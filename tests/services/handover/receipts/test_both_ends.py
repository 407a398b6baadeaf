"""Every answer in every state of a proposal, for both programmes: both ends agree after the receipt.

Real packages between two stores. What an answer should do stands in the table below, read from the circular's order of
steps (Điều 8 TT 36/2013, Điều 8 TT 46/2012), not from the workflow file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kcdesk.errors import KcdeskError
from kcdesk.formdef.forms import Forms
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.packages import conflicts, receiving
from kcdesk.services.handover.receipts import drafts, standing
from kcdesk.services.handover.receipts.receipt_lines import Decision
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing
from kcdesk.services.staff import open_work, work_handovers
from kcdesk.services.workspace import Workspace
from tests.examples import chosen, some
from tests.services import lives
from tests.services.exchange_support import Offices
from tests.services.proposals import test_adjustments as adjustments
from tests.store_files import at_home_anywhere

SUPPORT = 3_000_000
PAPER = {"number": "12/QĐ-UBND", "date": "1/3/2026"}
DECISIONS = {
    "received": Decision(),
    "returned": Decision(
        result="returned", reasons=(("goals", "Chưa rõ sản lượng"), ("", "Thiếu chữ ký")), answer_by="20/3/2026"
    ),
    "approved": Decision(result="approved", support="3 triệu", authority="Ủy ban nhân dân tỉnh", **PAPER),
    "rejected": Decision(result="rejected", note="Hết nguồn", authority="Sở Công Thương", **PAPER),
}
REFUSED = "refused"
# By state: what each answer makes of the dossier; "" for the same state as before.
TABLE = {
    "draft": {"received": "", "returned": "", "approved": REFUSED, "rejected": REFUSED},
    "final": {"received": "", "returned": "", "approved": "approved", "rejected": "rejected"},
    "sent": {"received": "", "returned": "supplement", "approved": REFUSED, "rejected": "rejected"},
    "grassroots_appraisal": {"received": "", "returned": "supplement", "approved": REFUSED, "rejected": "rejected"},
    "last_appraisal": {"received": "", "returned": "supplement", "approved": "approved", "rejected": "rejected"},
    "supplement": {"received": "", "returned": REFUSED, "approved": REFUSED, "rejected": REFUSED},
    "approved": {"received": "", "returned": "", "approved": "", "rejected": "rejected"},  # as the unit says
    "running": {"received": "", "returned": "", "approved": "", "rejected": REFUSED},
    "rejected": {"received": "", "returned": "", "approved": REFUSED, "rejected": ""},
}
LAST = {"national": "ministry_appraisal", "local": "provincial_approval"}


@pytest.fixture(scope="module", params=["local", "national"])
def drafted(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, forms: Forms, acquainted_pair: list[Path]
) -> tuple[str, list[Path], list[str]]:
    """A programme; the folders of a unit with a draft of it for each answer and of its province; the drafts."""
    made = Offices(tmp_path_factory.mktemp("drafted"), forms)
    unit, _ = made.take_all(acquainted_pair)
    ids = [lives.write(unit, "brand", request.param) for _ in DECISIONS]
    made.close()
    return request.param, [at_home_anywhere(workspace.store.folder) for workspace in made.made], ids


def bring(unit: Workspace, id_: str, state: str) -> str:
    """A draft of the unit, as far as the unit itself brings it towards the state."""
    if state == "draft":
        return id_
    if state in ("approved", "running"):
        lives.approve(unit, id_)
        if state == "running":
            lives.sign(unit, id_)
        return id_
    lives.take(unit, id_, "finalise")
    if state == "final":
        return id_
    lives.take(unit, id_, "send")
    if state == "rejected":
        steps.take_step(unit, id_, "reject_on_paper", "Theo văn bản của tỉnh")
    return id_


def take_up(province: Workspace, programme: str, state: str, id_: str) -> None:
    """What the province itself does before it answers."""
    way = {
        "grassroots_appraisal": ["grassroots_appraisal"],
        "last_appraisal": ["grassroots_appraisal", LAST[programme]],
        "supplement": ["supplement"],
    }
    for step in way.get(state, []):
        with province.store.act("Bước của tỉnh") as act:
            act.update(id_, {"state": step})


def ends(pair: tuple[Workspace, Workspace], id_: str, *names: str) -> list[Any]:
    """What both ends say; they have to say the same."""
    unit, province = (workspace.store.record(id_) for workspace in pair)
    shown = ("state", "revision", "approved_support", "approved_total", "approved_counterpart", "decision_number")
    shown += ("decision_authority", "province_result", "province_support", "province_note", "rejection_reason")
    shown += ("rejection_number", "rejection_date", "rejection_authority", "decision_date")
    of = lambda record: [record.data.get(name) for name in shown]  # noqa: E731 - asked of both
    assert of(unit) == of(province)
    rows = [[(row.get("path", ""), row["reason"]) for row in record.rows("remarks")] for record in (unit, province)]
    days = [[row.get("answer_by") for row in record.rows("remarks")] for record in (unit, province)]
    assert days[0] == days[1] == ["2026-03-20"] * len(rows[0])
    assert rows[0] == rows[1]
    return [unit.data.get(name) for name in names] + [rows[0]]


@pytest.mark.parametrize("state", chosen(("draft", "last_appraisal", "approved"), TABLE))
def test_both_ends_agree_after_every_answer(
    offices: Any, drafted: tuple[str, list[Path], list[str]], state: str
) -> None:
    programme, folders, drafts_of_unit = drafted
    pair = unit, province = offices.take_all(folders)
    ids = {result: bring(unit, id_, state) for result, id_ in zip(DECISIONS, drafts_of_unit, strict=True)}
    package, _ = offices.send(unit, province)
    for id_ in ids.values():
        take_up(province, programme, state, id_)
    before = {id_: province.store.record(id_).state for id_ in ids.values()}
    for result, expected in TABLE[state].items():
        drafts.choose(province, package, ids[result], DECISIONS[result])
        refused = [problem for id_, problem in drafts.problems(province, package) if id_ == ids[result]]
        assert bool(refused) == (expected == REFUSED), (result, refused)
        if refused:
            with pytest.raises(KcdeskError):
                drafts.write_receipt(province, package, offices.path())
            drafts.choose(province, package, ids[result], Decision())
    path = offices.path()
    drafts.write_receipt(province, package, path)
    receiving.receive(unit, path)
    for result, expected in TABLE[state].items():
        answer = "received" if expected == REFUSED else result
        after, remarks = ends(pair, ids[result], "state")
        assert after == (before[ids[result]] if expected in ("", REFUSED) else expected), result
        assert standing.handover_state(unit, ids[result]).standing == answer
        assert remarks == (list(DECISIONS["returned"].reasons) if expected == "supplement" else [])
        if expected == "rejected":
            paper = ends(pair, ids[result], "rejection_number", "rejection_date", "rejection_authority")
            assert paper[:3] == ["12/QĐ-UBND", "2026-03-01", "Sở Công Thương"]
        if expected == "approved":
            support, number, rest, _ = ends(
                pair, ids[result], "approved_support", "decision_number", "approved_counterpart"
            )
            assert (support, number, rest) == (SUPPORT, "12/QĐ-UBND", lives.COST - SUPPORT)


@pytest.mark.parametrize("result", ["received", "returned", "approved"])
def test_each_end_keeps_its_own_officer_in_charge(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str], result: str
) -> None:
    """The province gives out work that came from a unit; neither receipt nor supplement takes it from anybody."""
    unit, province = pair
    id_, _package = sent
    theirs, ours = (
        changing.add(end, "staff", {"name": name}).items[0].id for end, name in zip(pair, "AB", strict=True)
    )
    work_handovers.assign(unit, [id_], theirs)
    offices.send(unit, province)
    assert province.store.record(id_).value("handler") is None
    work_handovers.assign(province, [id_], ours)
    answer(offices, pair, sent, DECISIONS[result])
    assert unit.store.record(id_).value("handler") == theirs
    offices.send(unit, province, full=True)
    assert province.store.record(id_).value("handler") == ours
    assert [open_work.number_of_open(end, who) for end, who in ((unit, theirs), (province, ours))] == [1, 1]
    assert not list(unit.store.merging.conflicts())
    assert not list(province.store.merging.conflicts())


# -- a decision that was sent --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def handed_over(
    tmp_path_factory: pytest.TempPathFactory, forms: Forms, acquainted_pair: list[Path]
) -> tuple[list[Path], tuple[str, str]]:
    """The folders of a unit that has sent a dossier and of its province; the dossier and its package."""
    made = Offices(tmp_path_factory.mktemp("handed_over"), forms)
    unit, province = made.take_all(acquainted_pair)
    id_ = bring(unit, lives.write(unit, "brand", "local"), "sent")
    package, _ = made.send(unit, province)
    take_up(province, "local", "last_appraisal", id_)
    made.close()
    return [at_home_anywhere(workspace.store.folder) for workspace in made.made], (id_, package)


@pytest.fixture
def pair(offices: Any, handed_over: tuple[list[Path], tuple[str, str]]) -> tuple[Workspace, ...]:
    """The unit and the province after that."""
    return offices.take_all(handed_over[0])


@pytest.fixture
def sent(handed_over: tuple[list[Path], tuple[str, str]]) -> tuple[str, str]:
    """A dossier and its package; the province may decide about it now."""
    return handed_over[1]


def answer(offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str], decision: Decision) -> None:
    id_, package = sent
    drafts.choose(pair[1], package, id_, decision)
    path = offices.path()
    drafts.write_receipt(pair[1], package, path)
    receiving.receive(pair[0], path)


WAYS = [(first, then) for first in DECISIONS for then in DECISIONS if first not in ("received", then)]


@pytest.mark.parametrize(("first", "then"), some(4, WAYS))
def test_a_sent_decision_is_changed_only_as_a_new_one_with_its_reason(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str], first: str, then: str
) -> None:
    unit, province = pair
    id_, package = sent
    answer(offices, pair, sent, DECISIONS[first])
    with pytest.raises(KcdeskError, match="không sửa thẳng được"):
        drafts.choose(province, package, id_, DECISIONS[then])
    (line,) = [line for line in drafts.lines(province, package) if line.record == id_]
    assert line.is_fixed
    amended = Decision(**{**{f: getattr(DECISIONS[then], f) for f in Decision.__slots__}, "amends": "Ghi nhầm"})
    answer(offices, pair, sent, amended)
    states = {"received": "provincial_approval", "returned": "supplement"}
    state, note, remarks = ends(pair, id_, "state", "province_note")
    assert state == states.get(then, then)
    assert "Ghi nhầm" in note
    assert remarks == list(DECISIONS[then].reasons)
    support, number, reason, _ = ends(pair, id_, "approved_support", "decision_number", "rejection_reason")
    assert (support, number) == ((SUPPORT, "12/QĐ-UBND") if then == "approved" else (None, None))
    assert reason == ("Hết nguồn" if then == "rejected" else None)
    handover = standing.handover_state(unit, id_)
    assert handover.standing == then
    assert "Ghi nhầm" in " ".join(sentence for _path, sentence in handover.reasons)
    assert handover.former.startswith("Trước đó: ")
    actions = [line.action for line in province.store.history(id_)]
    assert any("Sửa quyết định đã gửi" in action and "Ghi nhầm" in action for action in actions)
    (line,) = [line for line in drafts.lines(province, package) if line.record == id_]
    assert line.is_fixed == (then != "received")


def carry(offices: Any, sender: Workspace, receiver: Workspace) -> None:
    """Everything that the sender has, in a package for the receiver."""
    path, _ = offices.export(sender, receiver=receiver.identity.unit.code, full=True)
    receiving.receive(receiver, path)


OTHERWISE = {  # the same answer with other particulars
    "returned": {"reasons": (("goals", "Ghi rõ sản lượng từng năm"),)},
    "approved": {"support": "2 triệu", "number": "13/QĐ-UBND"},
    "rejected": {"note": "Trùng nguồn", "number": "13/QĐ-UBND"},
}


@pytest.mark.parametrize("result", OTHERWISE)
def test_particulars_of_a_sent_decision_are_changed_at_both_ends(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str], result: str
) -> None:
    """The state stays, the paper is another one: the unit takes it as a whole and has nothing to decide about."""
    unit, id_ = pair[0], sent[0]
    answer(offices, pair, sent, DECISIONS[result])
    answer(offices, pair, sent, replace(DECISIONS[result], amends="Ghi nhầm", **OTHERWISE[result]))
    support, number, reason, remarks = ends(pair, id_, "approved_support", "decision_number", "rejection_reason")
    assert (support, number) == ((2_000_000, "13/QĐ-UBND") if result == "approved" else (None, None))
    assert reason == ("Trùng nguồn" if result == "rejected" else None)
    assert remarks == (list(OTHERWISE["returned"]["reasons"]) if result == "returned" else [])
    assert conflicts.pile(unit) == []


@pytest.mark.parametrize("decider", ["unit", "province"])
def test_what_an_adjustment_changes_in_an_approved_dossier_reaches_the_other_end(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str], decider: str
) -> None:
    unit, province = pair
    id_ = sent[0]
    answer(offices, pair, sent, DECISIONS["approved"])
    here, there = (unit, province) if decider == "unit" else (province, unit)
    adjustments.decide(here, adjustments.asked(here, id_, kind="extend", new_ends_on="30/6/2019"))
    carry(offices, here, there)
    assert [office.store.record(id_).data.get("ends_on") for office in pair] == ["2019-06-30"] * 2
    assert ends(pair, id_, "state")[0] == "approved"
    assert [conflicts.pile(office) for office in pair] == [[], []]
    carry(offices, there, here)
    assert here.store.record(id_).data["ends_on"] == "2019-06-30"


@pytest.mark.parametrize("first", ["returned", "approved", "rejected"])
def test_a_decision_sent_in_one_receipt_stands_in_the_receipts_for_other_packages_too(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str], first: str
) -> None:
    unit, province = pair
    id_ = sent[0]
    other, _ = offices.send(unit, province)  # it carries the same dossier, and has come before the answer
    answer(offices, pair, sent, DECISIONS[first])
    later = [offices.send(unit, province, full=True)[0]] if first != "returned" else []
    for package in (other, *later):
        (line,) = [line for line in drafts.lines(province, package) if line.record == id_]
        assert line.is_fixed
        with pytest.raises(KcdeskError, match="không sửa thẳng được"):
            drafts.choose(province, package, id_, Decision())
        path = offices.path()
        drafts.write_receipt(province, package, path)
        receiving.receive(unit, path)
    assert standing.handover_state(unit, id_).standing == first
    then = DECISIONS["returned" if first == "rejected" else "rejected"]
    amended = Decision(**{**{f: getattr(then, f) for f in Decision.__slots__}, "amends": "Ghi nhầm"})
    answer(offices, pair, (id_, other), amended)
    assert "Ghi nhầm" in ends(pair, id_, "province_note")[0]


def test_what_was_decided_is_not_changed_in_the_dossier(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str]
) -> None:
    province, id_ = pair[1], sent[0]
    for result in ("rejected", "returned"):
        answer(offices, pair, sent, Decision(**{**{f: getattr(DECISIONS[result], f) for f in Decision.__slots__},
                                                "amends": "" if result == "rejected" else "Ghi nhầm"}))  # fmt: skip
        with pytest.raises(KcdeskError, match="sửa"):
            changing.set_values(province, id_, {"province_result": "approved"})


def test_what_was_sent_is_no_step_of_undo(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str]
) -> None:
    province, id_ = pair[1], sent[0]
    changing.set_values(province, id_, {"province_note": "Đang xem"})
    answer(offices, pair, sent, DECISIONS["rejected"])
    label = changing.undo_label(province)
    assert "Ghi ý kiến" not in label
    changing.add(province, "task", {"title": "Gọi cho đơn vị"})
    changing.undo(province)
    assert ends(pair, id_, "state")[0] == "rejected"


def test_a_dossier_that_went_on_keeps_its_decision(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str]
) -> None:
    unit, province = pair
    answer(offices, pair, sent, DECISIONS["approved"])
    lives.sign(unit, sent[0])
    offices.send(unit, province)
    with pytest.raises(KcdeskError, match="đã đi tiếp"):
        drafts.choose(province, sent[1], sent[0], Decision(result="rejected", note="x", amends="Ghi nhầm"))


def test_undecided_dossiers_are_listed_before_the_receipt_goes_out(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str]
) -> None:
    province, (id_, package) = pair[1], sent
    assert [line.record for line in drafts.undecided(province, package)] == [id_]
    made, _ = drafts.write_receipt(province, package, offices.path())
    assert [entry["id"] for entry in made["undecided"]] == [id_]
    drafts.choose(province, package, id_, DECISIONS["rejected"])
    assert drafts.undecided(province, package) == []


def test_several_dossiers_take_the_decision_of_one_paper(offices: Any, acquainted_pair: list[Path]) -> None:
    unit, province = offices.take_all(acquainted_pair)
    ids = [bring(unit, lives.write(unit, "brand", "local"), "final") for _ in range(3)]
    package, _ = offices.send(unit, province)
    drafts.choose(province, package, ids[0], DECISIONS["approved"])
    assert drafts.suggested(province, package).number == "12/QĐ-UBND"
    drafts.choose_alike(province, package, DECISIONS["approved"], ids[1:])
    drafts.write_receipt(province, package, offices.path())
    granted = [province.store.record(id_) for id_ in ids]
    assert [record.state for record in granted] == ["approved"] * 3
    assert [record.value("approved_support") for record in granted] == [SUPPORT, lives.SUPPORT, lives.SUPPORT]
    assert {record.value("decision_number") for record in granted} == {"12/QĐ-UBND"}


@pytest.mark.parametrize(
    ("support", "note", "expected"),
    [
        ("900 tr", "", "Duyệt 900.000.000, đề nghị 4.000.000: hơn 896.000.000"),
        ("900 tr", "Đặc biệt", "tổng kinh phí 100.000.000: hơn 800.000.000; hãy giảm."),
        ("5 tr", "", "Duyệt 5.000.000, đề nghị 4.000.000: hơn 1.000.000; hãy giảm hoặc ghi «Lý do duyệt hơn»."),
        ("5 tr", "Đặc biệt", ""),
    ],
)
def test_nothing_above_what_was_asked_goes_out_without_a_reason(
    offices: Any, pair: tuple[Workspace, Workspace], sent: tuple[str, str], support: str, note: str, expected: str
) -> None:
    province, (id_, package) = pair[1], sent
    decision = Decision(result="approved", support=support, note=note, authority="Ủy ban", **PAPER)
    drafts.choose(province, package, id_, decision)
    problems = [sentence for _, sentence in drafts.problems(province, package)]
    assert all(expected in sentence for sentence in problems)
    assert bool(problems) == bool(expected)
    if not expected:
        drafts.write_receipt(province, package, offices.path())
        record = province.store.record(id_)
        assert (record.value("approved_support"), record.value("excess_reason")) == (5_000_000, "Đặc biệt")
        assert record.value("ceiling_override_reason") is None  # that field speaks of the ceiling only


@pytest.mark.parametrize(("typed", "why"), [("1/3/2026", "01/3/2026 đã qua"), ("mai", "“mai” không phải là ngày")])
def test_a_return_asks_for_a_day_that_has_not_passed(
    pair: tuple[Workspace, Workspace], sent: tuple[str, str], typed: str, why: str
) -> None:
    province, (id_, package) = pair[1], sent
    assert drafts.suggested(province, package).answer_by == "20/3/2026"  # 15 days from the 5th
    drafts.choose(province, package, id_, Decision(result="returned", reasons=(("", "Thiếu"),), answer_by=typed))
    assert why in dict(drafts.problems(province, package))[id_]
