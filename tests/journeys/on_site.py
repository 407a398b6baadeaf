"""What an officer does at a site, by keys and clicks in the window: answer, print, have it signed, scan it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

from kcdesk.runtime.frozen import Value
from tests.journeys import group
from tests.journeys.group import COST, MINUTES, Site

ACCEPTED, CONDITIONAL, REFUSED = "1", "2", "3"  # the keys of the conclusions
NOTHING = {"done": 0, "accepted": 0, "accepted_support": 0, "accepted_counterpart": 0}


class Found(Value):
    """What is found at a site beyond what every site has."""

    conclusion: str = ACCEPTED
    finding: str = ""  # of the last item, which then fails
    note: str = ""
    remedies: str = ""  # as copied from a spreadsheet
    nothing: bool = False  # nothing was done, nothing is accepted


def begin(officer, proposal: str) -> str:
    """The next visit of a proposal, from its dossier."""
    officer.window.open_record(proposal)
    officer.begin("acceptance")
    return officer.page.record_id


def who_and_when(officer, site: Site, visited_on: str) -> None:
    """The first questions; field mode begins there. A second visit knows who took part in the first."""
    officer.press("F9")
    assert officer.page.alone
    officer.answer("visited_on", visited_on)
    if officer.record.value("previous"):
        names = [row["name"] for row in officer.record.rows("participants")]
        assert names == ["Người Mẫu Sở", f"Người Mẫu {site.letter}"]
        return
    officer.press("F8")
    assert officer.focused_path() == "participants"
    officer.paste(f"Sở Công Thương\tSở mẫu\tNgười Mẫu Sở\nĐơn vị thụ hưởng\tCơ sở mẫu\tNgười Mẫu {site.letter}")


def check_all(officer, finding: str = "") -> None:
    """One digit for each item that has no answer; with a finding the last one fails."""
    officer.press("F8")
    left = [row for row in officer.record.rows("checklist") if "result" not in row]
    for _ in left[:-1]:
        officer.press("1")
    officer.press("2" if finding else "1")
    if finding:  # the keyboard stands in the finding of the item that failed
        assert officer.focused_path() == f"checklist/{left[-1]['id']}/finding"
        officer.type(finding)


def find_out(officer, site: Site, found: Found) -> None:
    """From the work done to the conclusion, F8 leading from question to question."""
    officer.press("F8")
    officer.answer("work_done", site.work)
    see_machine(officer, site)
    count_money(officer, NOTHING if found.nothing else site.money)
    officer.press("F8")
    officer.answer(f"results/{first_row(officer, 'results')}/actual", "19")
    officer.turn_to("opinions")
    officer.paste(f"Đơn vị thụ hưởng\t{site.opinion}")
    conclude(officer, found)


def see_machine(officer, site: Site) -> None:
    """The machine of the site, on its card."""
    officer.press("F8")
    row = first_row(officer, "machines")
    officer.answer(f"machines/{row}/quantity", "1")
    officer.press("F8")
    officer.answer(f"machines/{row}/value", str(COST))
    for column, value in {"model": f"K-{site.letter}", "serial_number": site.serial}.items():
        officer.click(f"machines/{row}/{column}")
        officer.answer(f"machines/{row}/{column}", value)


def count_money(officer, money: dict[str, int]) -> None:
    """The one line of the budget."""
    officer.press("F8")
    row = first_row(officer, "budget")
    for column, value in money.items():
        officer.click(f"budget/{row}/{column}")
        officer.answer(f"budget/{row}/{column}", str(value))


def conclude(officer, found: Found) -> None:
    """The conclusion by its digit, and what it asks for."""
    officer.press("F8")
    assert officer.focused_path() == "conclusion"
    officer.press(found.conclusion)
    if found.note:
        officer.press("F8")
        officer.answer("conclusion_note", found.note)
    if found.remedies:
        put_right(officer, found.finding, *found.remedies.split("\t"))
    assert officer.record.problems(final=True) == []


def put_right(officer, finding: str, remedy: str, responsible: str, due: str) -> None:
    """The remedy of the finding stands in its table: only the day is asked for, and the words are changed."""
    officer.press("F8")
    (row,) = officer.record.rows("remedies")
    assert officer.focused_path() == f"remedies/{row['id']}/due_on"
    assert (row["remedy"], row["responsible"]) == (finding, responsible)
    for column, text in {"remedy": remedy, "due_on": due}.items():
        officer.click(f"remedies/{row['id']}/{column}")
        officer.answer(f"remedies/{row['id']}/{column}", text)


def first_row(officer, table: str) -> str:
    """The id of the first row of a table."""
    return officer.record.rows(table)[0]["id"]


# -- papers --------------------------------------------------------------------------------------------------------


def print_all(officer, folder: Path, most: int = 99) -> dict[str, str]:
    """The papers of the dossier in front, saved from the preview as `<name>.pdf`; what each says, by its name."""
    folder.mkdir(exist_ok=True)
    said: dict[str, str] = {}

    def work(dialog) -> None:
        papers = dialog.findChild(QComboBox, "preview.paper")
        for place in range(min(papers.count(), most)):
            if place:
                QTest.keyClick(papers, *officer.keys("Down"))
            name = papers.currentData().name
            officer.messages.files.append(folder / f"{name}.pdf")
            QTest.keyClick(dialog, *officer.keys("Ctrl+S"))
            said[name] = group.read(folder / f"{name}.pdf")

    officer.in_dialog("Ctrl+P", work)
    return said


def receive(officer, scan: Path) -> str:
    """«Nhận bản ký»: choose the scan, read the verdict, keep it; what the program said about it."""
    verdict = ""

    def work(dialog) -> None:
        nonlocal verdict
        officer.messages.files.append(scan)
        officer.press_button(dialog, "scans.choose")
        officer.wait_for_worker()
        verdict = dialog.verdict.text()
        officer.press_button(dialog, "scans.keep")

    officer.in_dialog("Ctrl+R", work)
    QApplication.processEvents()
    return verdict


def sign(officer, folder: Path, most: int = 99) -> dict[str, str]:
    """Print the papers, have the minutes signed, scan them and take the scan in; what the papers say."""
    said = print_all(officer, folder, most)
    verdict = receive(officer, group.scan(folder / f"{MINUTES}.pdf"))
    assert "đúng bản hiện hành" in verdict
    return said


def state(officer, id_: str) -> tuple[str, Any]:
    """State and conclusion of a visit."""
    record = officer.window.context.workspace.store.record(id_)
    return record.state, record.value("conclusion")
