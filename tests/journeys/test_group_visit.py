"""A group proposal on site: one site accepted, one on the second visit, one refused; papers, scans, power cuts.

Everything from the first visit on is played in the window, by keys and clicks.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kcdesk.services.maintenance import opening
from kcdesk.services.papers import printing, signed_scans
from kcdesk.services.records import changing
from tests.examples import IS_LONG
from tests.journeys import group, on_site
from tests.journeys.group import MINUTES, SITES
from tests.journeys.on_site import CONDITIONAL, REFUSED, Found
from tests.ui.conftest import practice_answers

ROOT = Path(__file__).parents[2]
FINDING, REMEDY, REASON = "Thiếu tem kiểm định", "Dán tem kiểm định", "Máy chưa chạy được"
MANY = 40 if IS_LONG else 20  # items
PAPERS = 99 if IS_LONG else 2  # of each visit that are printed; all of the first and of the second of a site
CUTS = 2 if IS_LONG else 1  # of power, while the checklist is answered


@pytest.fixture
def proposal(tmp_path):
    """The store of this test, with an approved group proposal whose first visit will have many items to check."""
    workspace, _ = opening.create_workspace(tmp_path / "store", practice_answers())
    id_ = group.propose(workspace)
    workspace.close()
    return id_


@pytest.mark.timeout(300)  # seven sittings before the window
def test_three_sites_from_the_first_visit_to_the_signed_papers(sit_down, proposal, tmp_path):
    with sit_down() as officer:
        accepted = on_site.begin(officer, proposal)
        on_site.who_and_when(officer, SITES["A"], "18/10/26")
        lengthen_checklist(officer, accepted)

    done = answer_between_power_cuts(tmp_path / "store", accepted)

    with sit_down() as officer:
        assert officer.page.record_id == accepted  # the program has asked, the officer said yes
        assert officer.page.alone
        finish_accepted(officer, done)
        papers = {accepted: on_site.sign(officer, tmp_path / "A")}
        assert on_site.state(officer, accepted) == ("final", "accepted")

        first = visit_with_conditions(officer, proposal)
        papers[first] = on_site.sign(officer, tmp_path / "B1", PAPERS)
        assert on_site.state(officer, first) == ("final", "conditional")
        second = visit_again(officer, first)
        papers[second] = on_site.sign(officer, tmp_path / "B2")
        assert on_site.state(officer, second) == ("final", "accepted")

        refused = visit_refused(officer, proposal)
        papers[refused] = on_site.sign(officer, tmp_path / "C", PAPERS)
        assert on_site.state(officer, refused) == ("final", "refused")

        workspace = officer.window.context.workspace
        for id_, letter in {accepted: "A", first: "B", second: "B", refused: "C"}.items():
            papers_hold_what_was_found(workspace, id_, letter, papers[id_])
        blank_papers_hold_no_answer(workspace, second, "B", tmp_path)
        read_contract(officer, accepted, tmp_path)
        older_paper_is_noticed(officer, first, tmp_path)
        proposal_waits_for_the_refused_site(officer, proposal)
        assert workspace.store.check() == []


# -- the visits ----------------------------------------------------------------------------------------------------


def lengthen_checklist(officer, visit):
    """An office may ask for more than the law does: forty items in a long run."""
    workspace = officer.window.context.workspace
    rows = workspace.store.record(visit).rows("checklist")
    rows += [{"item": f"Nội dung thêm {number}", "group": "fact"} for number in range(len(rows), MANY)]
    changing.set_values(workspace, visit, {"checklist": rows})


def finish_accepted(officer, done):
    """Site A, from where the power cuts have left it: one digit for each item that is left."""
    before = results_of(officer.window.context.workspace, officer.page.record_id)
    assert len([result for result in before if result]) == done
    officer.press("F8")
    for _ in range(MANY - done):
        officer.press("1")
    assert results_of(officer.window.context.workspace, officer.page.record_id) == ["pass"] * MANY
    on_site.find_out(officer, SITES["A"], Found())


def visit_with_conditions(officer, proposal) -> str:
    """Site B: one fact is not as it should be, and is to be put right."""
    visit = on_site.begin(officer, proposal)
    assert officer.record.value("site") == SITES["B"].name
    on_site.who_and_when(officer, SITES["B"], "18/10/26")
    on_site.check_all(officer, FINDING)
    found = Found(CONDITIONAL, FINDING, remedies=f"{REMEDY}\tCơ sở Mẫu B\t1/11/2026")
    on_site.find_out(officer, SITES["B"], found)
    officer.press("F9")
    officer.fill("number", "07")
    officer.fill("advanced", "10 triệu")
    return visit


def visit_again(officer, first) -> str:
    """The second visit of site B from its first one, by one key: only what was left open."""
    assert officer.page.record_id == first
    officer.press("Ctrl+Return")
    second = officer.record
    assert second.value("previous") == first
    assert [row["earlier_finding"] for row in second.rows("checklist")] == [FINDING]
    assert [row["remedy"] for row in second.rows("remedies")] == [REMEDY]
    assert not second.value("machines")
    assert not second.value("budget")
    on_site.who_and_when(officer, SITES["B"], "10/11/26")
    on_site.check_all(officer)
    officer.press("F8")
    officer.answer("work_done", "Tem đã dán đủ")
    officer.press("F8")
    assert officer.focused_path() == "conclusion"
    officer.press("1")
    officer.press("F8")
    officer.answer(f"remedies/{on_site.first_row(officer, 'remedies')}/done", "có")
    assert officer.record.problems(final=True) == []
    return officer.page.record_id


def visit_refused(officer, proposal) -> str:
    """Site C: nothing is accepted."""
    visit = on_site.begin(officer, proposal)
    assert officer.record.value("site") == SITES["C"].name
    on_site.who_and_when(officer, SITES["C"], "19/10/26")
    on_site.check_all(officer)
    on_site.find_out(officer, SITES["C"], Found(REFUSED, note=REASON, nothing=True))
    return visit


# -- papers --------------------------------------------------------------------------------------------------------


def papers_hold_what_was_found(workspace, id_, letter, papers):
    """The papers of a visit: the answers of this site, and of no other."""
    assert (missing := group.unprinted(workspace, id_, papers[MINUTES])) == [], missing
    record = workspace.store.record(id_)
    assert ("remedy_record" in papers) == bool(record.value("previous"))
    assert [file["revision"] for file in record.value(signed_scans.FIELD)] == [1]
    others = [word for site in SITES.values() if site.letter != letter for word in site.words]
    for name, said in papers.items():
        assert [word for word in others if group.squashed(word) in said] == [], name


def blank_papers_hold_no_answer(workspace, id_, letter, folder):
    """The same papers to be filled in by hand; a second visit knows what the first has found."""
    known = (FINDING, REMEDY) if workspace.store.record(id_).value("previous") else ()
    own = {*SITES[letter].words, FINDING, REMEDY, REASON} - {*known}
    for paper in printing.papers_of(workspace, id_):
        blank = group.paper(workspace, id_, paper.name, folder, blank=True)
        assert [word for word in own if group.squashed(word) in blank] == [], paper.name


def read_contract(officer, id_, folder):
    """The papers of a contract can be printed as well, and the minutes be written for Word."""
    workspace = officer.window.context.workspace
    in_word = group.word(workspace, id_, MINUTES, folder)
    assert (missing := group.unprinted(workspace, id_, in_word)) == [], missing
    contract = workspace.store.record(id_).value("contract")
    officer.window.open_record(contract)
    for said in on_site.print_all(officer, folder / "contract").values():
        assert "0A/HĐ" in said
    assert printing.papers_of(workspace, contract)


def older_paper_is_noticed(officer, id_, folder):
    """After a correction the signed paper shows the version before; it stays beside the new one."""
    officer.window.open_record(id_)
    on_site.print_all(officer, folder / "before", most=1)
    officer.messages.texts.append("Ghi nhầm số biên bản")
    officer.window.run_command("correct")
    officer.go_to("number")
    officer.press("Ctrl+A")
    officer.type("08")
    old = group.scan(folder / "before" / f"{MINUTES}.pdf")
    assert "nay là bản số 2" in on_site.receive(officer, old)
    said = on_site.sign(officer, folder / "after", most=1)
    assert "08/" in said[MINUTES]
    assert officer.record.state == "final"
    assert [file["revision"] for file in officer.record.value(signed_scans.FIELD)] == [1, 1, 2]


def proposal_waits_for_the_refused_site(officer, proposal):
    """One site is not accepted, so the proposal as a whole is not."""
    officer.window.open_record(proposal)
    officer.press("Ctrl+Return")  # the work has begun
    assert officer.record.state == "running"
    assert any("lần nghiệm thu chưa đạt" in line for line in officer.page.side.gap_lines())
    officer.press("Ctrl+Return")  # and is to be accepted: the press opens the visit that stands in the way
    assert (officer.record.kind, officer.record.value("conclusion")) == ("acceptance", "refused")
    assert officer.window.context.workspace.store.record(proposal).state == "running"


# -- the power cuts ------------------------------------------------------------------------------------------------


def answer_between_power_cuts(folder, visit) -> int:
    """The plug is pulled while the checklist is answered; how many answers there are in the end."""
    done = 0
    for _ in range(CUTS):
        answered = killed_in_the_middle(folder, visit)
        workspace = opening.open_workspace(folder)
        done = len([result for result in results_of(workspace, visit) if result])
        problems = workspace.store.check()
        workspace.close()
        assert answered <= done <= answered + 1  # the last answer was perhaps kept and not yet told
        assert problems == []
    return done


def results_of(workspace, visit) -> list[str]:
    return [row.get("result", "") for row in workspace.store.record(visit).value("checklist")]


def killed_in_the_middle(folder, visit) -> int:
    """Let the officer answer, and pull the plug three answers after the rest; how many answers the store had told."""
    officer = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.visitor", str(folder), visit, "8"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        while (line := officer.stdout.readline()) != "noted\n":
            assert line, "the officer stopped by himself"
        for _ in range(3):
            line = officer.stdout.readline()
    finally:
        officer.kill()
        rest = officer.communicate()[0].split("\n")
    told = [part for part in (line, *rest) if part.startswith("answered ")]
    return int(told[-1].split()[1])
