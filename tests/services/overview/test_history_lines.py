"""The history for an inspector: field, old, new, who, when, which machine; what came in a package as it was written."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pypdfium2
from openpyxl import load_workbook

from kcdesk.cli.program import main
from kcdesk.services.handover.packages import receiving
from kcdesk.services.overview import history_lines
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from tests.services.samples import new


def test_each_field_has_its_line_with_old_and_new(workspace) -> None:
    id_ = new(workspace, "proposal", title="Máy cưa", year="2026")
    changing.save(workspace, id_, {"title": "Máy cưa CNC", "programme": "local"})
    lines = {line.path: line for line in history_lines.history_lines(workspace, id_) if line.before}
    assert (lines["title"].label, lines["title"].before, lines["title"].after) == (
        "Tên đề án",
        "Máy cưa",
        "Máy cưa CNC",
    )
    assert (lines["programme"].before, lines["programme"].after) == ("(trống)", "Khuyến công địa phương")
    assert lines["title"].machine == "Máy này"
    assert lines["title"].officer == workspace.identity.officer.name
    assert not lines["title"].package


def test_what_came_in_a_package_has_the_hand_and_the_machine_of_the_unit(offices, pair, tmp_path: Path) -> None:
    unit, province = pair
    id_ = new(unit, "proposal", title="Máy cưa", year="2026")
    offices.send(unit, province)
    changing.save(unit, id_, {"title": "Máy cưa CNC"})
    package, _ = offices.send(unit, province, period="2026-Q2")
    changing.set_values(province, id_, {"province_note": "Xem lại giá"})

    lines = history_lines.history_lines(province, id_)

    own = next(line for line in lines if line.path == "province_note")
    assert (own.machine, own.officer, own.package) == ("Máy này", province.identity.officer.name, "")
    came = next(line for line in lines if line.path == "title")
    assert (came.before, came.after) == ("Máy cưa", "Máy cưa CNC")
    assert unit.identity.device_id in came.machine
    assert came.officer == unit.identity.officer.name
    assert "quý II/2026" in came.package
    acts = history_lines.history_as_json(province, id_)
    (act,) = [act for act in acts if act["act"] == came.act]
    assert (act["officer"], act["written_by"]) == (province.identity.officer.name, unit.identity.officer.name)
    assert "giá trị sau cùng và người ghi sau cùng" in history_lines.note_on(lines)
    assert history_lines.note_on([own]) == ""
    later = Workspace(province.store, province.forms, province.extensions, lambda: date(2026, 12, 1))
    history_lines.print_history(later, id_, tmp_path / "h.pdf")
    history_lines.write_history(later, id_, tmp_path / "h.xlsx")
    with pypdfium2.PdfDocument(tmp_path / "h.pdf") as paper:
        printed = " ".join(" ".join(page.get_textpage().get_text_range() for page in paper).split())
    assert history_lines.note_on(lines) in printed
    assert list(load_workbook(tmp_path / "h.xlsx").active.values)[-1][0] == history_lines.note_on(lines)
    assert came.at <= came.received
    receiving.undo(province, package)
    undone = history_lines.history_lines(province, id_)
    assert undone[0].path != "title" or undone[0].after == "Máy cưa"


def test_the_history_is_printed_written_and_said_on_the_command_line(workspace, tmp_path: Path, capsys) -> None:
    id_ = new(workspace, "proposal", title="Máy cưa")
    changing.save(workspace, id_, {"title": "=1+1"})
    history_lines.write_history(workspace, id_, tmp_path / "h.xlsx")
    rows = list(load_workbook(tmp_path / "h.xlsx").active.values)
    assert rows[1] == history_lines.HEADS
    assert ("Tên đề án", "Máy cưa", "=1+1") in [row[4:7] for row in rows]
    folder = workspace.store.folder
    workspace.close()
    assert main(["history", id_, "--pdf", str(tmp_path / "h.pdf"), "--store", str(folder), "--json"]) == 0
    newest = json.loads(capsys.readouterr().out)[0]
    assert newest["machine"] == "Máy này"
    assert [(c["path"], c["before"], c["after"]) for c in newest["changes"]] == [("title", "Máy cưa", "=1+1")]
    with pypdfium2.PdfDocument(tmp_path / "h.pdf") as paper:
        printed = " ".join(paper[0].get_textpage().get_text_range().split())
    for wanted in ("Tên đề án", "Máy cưa", "=1+1", "Máy này"):
        assert wanted in printed
