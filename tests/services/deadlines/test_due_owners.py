"""Deadlines by unit and officer: who owns them, the list of one unit, on paper, as a workbook, on the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pypdfium2
from openpyxl import load_workbook

from kcdesk.cli.program import main
from kcdesk.services.deadlines import due_list, due_owners, listing
from kcdesk.text import format_date
from tests.services import samples
from tests.services.samples import new


def test_a_deadline_belongs_to_the_unit_and_the_officer_of_its_proposal(workspace, tmp_path: Path, capsys) -> None:
    officer = new(workspace, "staff", name="Trần Bình")
    mine = samples.approved(workspace, handler=officer, ends_on="2026-03-20")
    contract = samples.contract(workspace, mine)
    dues = listing.listing(workspace).every
    owners = due_owners.owners(workspace, dues)
    assert {owners[due.id].officer_name for due in dues if due.id in (mine, contract)} == {"Trần Bình"}
    assert {owner.unit for owner in owners.values()} == {workspace.identity.unit.code}

    of_officer = due_owners.of_owner(dues, owners, officer=officer)
    assert of_officer
    assert not due_owners.of_owner(dues, owners, unit="KHAC")
    due_list.print_dues(workspace, of_officer, owners, "Cán bộ: Trần Bình", tmp_path / "d.pdf")
    with pypdfium2.PdfDocument(tmp_path / "d.pdf") as paper:
        assert "Trần Bình" in paper[0].get_textpage().get_text_range()
    made = due_list.write_dues(workspace, of_officer, owners, "", tmp_path / "d.xlsx")
    assert made["dues"] == len(list(load_workbook(tmp_path / "d.xlsx").active.values)) - 2

    folder = workspace.store.folder
    workspace.close()
    assert main(["deadlines", "--officer", "tran binh", "--on", "2026-03-05", "--store", str(folder), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    officers = {due["officer"] for name in ("late", "today", "week", "later") for due in shown[name]}
    assert officers <= {"Trần Bình"}
    assert main(["deadlines", "--unit", "khac", "--on", "2026-03-05", "--store", str(folder), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert not any(shown[name] for name in ("late", "today", "week", "later"))


def test_a_list_of_everybody_has_its_day_and_no_dots_for_what_is_of_no_dossier(workspace, tmp_path: Path) -> None:
    dues = listing.listing(workspace, date(2026, 12, 1)).all
    assert any(not due.title for due in dues)
    due_list.print_dues(workspace, dues, {}, "", tmp_path / "all.pdf")
    with pypdfium2.PdfDocument(tmp_path / "all.pdf") as paper:
        words = paper[0].get_textpage().get_text_range()
    assert f"Tính đến ngày {format_date(workspace.today())}" in words
    assert "...." not in words
