"""Ticked sheets through the service: a real sheet of a real dossier, photographed, recognised, proposed, taken in."""

from __future__ import annotations

import random
import shutil

import pytest
from PIL import Image

from kcdesk.documents.paper_codes import read_qr
from kcdesk.documents.pdf.pdf_writer import placed_pdf
from kcdesk.documents.ticked import page_finding
from kcdesk.errors import UserError
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.papers import printing
from kcdesk.services.papers.ticked import sheet_reading, taking_answers
from kcdesk.services.papers.ticked.asked_answers import asked_answers
from kcdesk.services.papers.ticked.printed_sheets import printed_sheet
from kcdesk.services.records import changing
from tests.documents import ticked_sheets

PHONE = ticked_sheets.HOW["phone"]


@pytest.fixture(scope="module")
def workspace(journey, tmp_path_factory):
    workspace = opening.open_workspace(shutil.copytree(journey.store, tmp_path_factory.mktemp("sheet") / "store"))
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def acceptance(workspace, journey):
    """The acceptance, open again, without any result."""
    steps.take_step(workspace, journey.acceptance, "correct", reason="Sửa sai sót")
    rows = workspace.store.record(journey.acceptance).rows("checklist")
    names = ("result", "paper_form", "finding")
    emptied = {f"checklist/{row['id']}/{name}": None for row in rows for name in names}
    changing.save(workspace, journey.acceptance, emptied)
    return journey.acceptance


@pytest.fixture(scope="module")
def sheet(workspace, acceptance, tmp_path_factory):
    """The pages of the printed sheet, what it asks for, and where."""
    pdf = tmp_path_factory.mktemp("sheet") / "sheet.pdf"
    printing.print_record(workspace, acceptance, "blank_checklist", pdf)
    pages = ticked_sheets.rendered(pdf.read_bytes())
    code = read_qr(page_finding.seen_codes(pages[0].convert("L"))[0].text)
    assert code is not None
    printed = printed_sheet(workspace, code)
    return pages, asked_answers(printed, workspace.store.record(acceptance)), placed_pdf(printed.document)[1]


def ticked(sheet, answers, chance):
    """The pages with the boxes of answers ticked: by path and value, the style of the tick."""
    pages, asked, places = sheet
    pages = [page.copy() for page in pages]
    for answer in asked:
        for key, value in answer.boxes.items():
            if style := answers.get((answer.path, value)):
                place = places[key]
                ticked_sheets.tick(pages[place.page - 1], place, style, chance)
    return pages


def with_boxes(sheet, name):
    return [answer for answer in sheet[1] if answer.boxes and answer.path.endswith(f"/{name}")]


def test_a_scan_of_several_pages_gives_the_answers_and_taking_them_is_one_act(workspace, acceptance, sheet, tmp_path):
    chance = random.Random(5)
    results = with_boxes(sheet, "result")
    chosen = {answer.path: chance.choice(list(answer.boxes.values())) for answer in results[:-2]}
    ticks = {(path, value): chance.choice(["cross", "hook", "filled"]) for path, value in chosen.items()}
    corrected, untouched = results[-2], results[-1]
    first, second, *_ = corrected.boxes.values()
    ticks |= {(corrected.path, first): "filled", (corrected.path, second): "cross"}
    pages = [
        ticked_sheets.photographed(page, chance, turn=0 if number else 1.5, noise=6)
        for number, page in enumerate(ticked(sheet, ticks, chance))
    ]
    scan = tmp_path / "phiếu.pdf"
    pages[0].convert("RGB").save(
        scan, save_all=True, append_images=[page.convert("RGB") for page in pages[1:]], resolution=220
    )

    reading = sheet_reading.read_sheets(workspace, [scan], acceptance)

    by_path = {answer.path: answer for answer in reading.answers}
    assert {path: by_path[path].value for path in chosen} == chosen
    assert by_path[corrected.path].value is None
    assert "tô kín" in by_path[corrected.path].doubt
    assert (by_path[untouched.path].value, by_path[untouched.path].doubt) == (None, "")
    assert reading.notes == ()
    assert all(answer.picture.startswith(b"\x89PNG") for answer in reading.answers)
    sure = taking_answers.sure_answers(reading)
    assert {path for path, _ in sure} == set(chosen)
    taking_answers.take_answers(workspace, reading, sure)
    record = workspace.store.record(acceptance)
    assert {path: record.value(path) for path in chosen} == chosen
    assert record.value(corrected.path) is None
    changing.undo(workspace)
    assert all(workspace.store.record(acceptance).value(path) is None for path in chosen)


def test_what_the_record_has_already_is_not_overwritten_and_writing_by_hand_is_shown(
    workspace, acceptance, sheet, tmp_path
):
    chance = random.Random(8)
    pages, asked, places = sheet
    answer = with_boxes(sheet, "result")[0]
    finding = next(one for one in asked if one.blank and one.path == answer.path.replace("/result", "/finding"))
    page = ticked(sheet, {(answer.path, "pass"): "cross"}, chance)[0]
    blank = places[finding.blank]
    for step in range(5):
        x, y = (blank.left + 2 + 5 * step) * ticked_sheets.MM, (blank.top + 1) * ticked_sheets.MM
        side = 3.5 * ticked_sheets.MM
        ticked_sheets.draw(page, [(x, y), (x + side, y + side), (x, y + side), (x + side, y)], (20, 30, 90), 5)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(ticked_sheets.jpeg(ticked_sheets.photographed(page, chance, **PHONE)))
    changing.save(workspace, acceptance, {answer.path: "fail"})
    reading = sheet_reading.read_sheets(workspace, [photo])
    changing.undo(workspace)
    by_path = {one.path: one for one in reading.answers}
    assert by_path[answer.path].doubt == "Hồ sơ đang ghi «Không đạt», phiếu ghi «Đạt»."
    assert taking_answers.sure_answers(reading) == {}
    assert [one.path for one in reading.answers if one.is_written] == [finding.path]
    if len(pages) > 1:
        assert any("Chưa đọc được trang 2" in note for note in reading.notes)
    with pytest.raises(UserError, match="không có câu trả lời"):
        taking_answers.take_answers(workspace, reading, {})
    typed = {(finding.path, finding.row): "Thiếu dấu"}
    taking_answers.take_answers(workspace, reading, typed)
    assert workspace.store.record(acceptance).value(finding.path) == "Thiếu dấu"
    changing.undo(workspace)


def test_pictures_of_something_else_are_refused_with_a_sentence(workspace, acceptance, sheet, tmp_path):
    blank, minutes, program = tmp_path / "blank.jpg", tmp_path / "minutes.pdf", tmp_path / "sheet.jpg"
    Image.new("RGB", (1500, 2000), (210, 205, 200)).save(blank)
    printing.print_record(workspace, acceptance, "minutes_5a", minutes, blank=True)
    program.write_bytes(b"MZ" + bytes(300))
    text = tmp_path / "note.png"
    text.write_text("không phải ảnh", encoding="utf-8")
    for file, code in (
        (blank, "no_sheet"),
        (minutes, "not_a_sheet"),
        (program, "scan_unreadable"),
        (text, "scan_unreadable"),
    ):
        with pytest.raises(UserError) as refused:
            sheet_reading.read_sheets(workspace, [file], acceptance)
        assert refused.value.code == code
    photo = tmp_path / "photo.png"
    sheet[0][0].save(photo)
    other = next(row["id"] for row in workspace.store.query("SELECT id FROM record WHERE kind = 'proposal'", {}))
    with pytest.raises(UserError) as refused:
        sheet_reading.read_sheets(workspace, [photo], other)
    assert refused.value.code == "sheet_elsewhere"


def test_a_sheet_with_a_cut_corner_gives_no_answer_but_a_note(workspace, acceptance, sheet, tmp_path):
    page = sheet[0][0]
    cut = tmp_path / "cut.png"
    page.crop((round(15 * ticked_sheets.MM), 0, page.width, page.height)).save(cut)
    reading = sheet_reading.read_sheets(workspace, [cut], acceptance)
    assert reading.answers == ()
    assert "góc" in reading.notes[0]
    assert taking_answers.sure_answers(reading) == {}


def test_a_sheet_printed_before_the_dossier_changed_is_read_by_its_own_rows(workspace, acceptance, sheet, tmp_path):
    chance = random.Random(2)
    answer = with_boxes(sheet, "result")[1]
    gone = with_boxes(sheet, "result")[0].path.split("/")[1]
    photo = tmp_path / "photo.jpg"
    page = ticked(sheet, {(answer.path, "pass"): "hook"}, chance)[0]
    photo.write_bytes(ticked_sheets.jpeg(ticked_sheets.photographed(page, chance)))
    changing.save(workspace, acceptance, {f"checklist/{gone}": None})
    reading = sheet_reading.read_sheets(workspace, [photo], acceptance)
    changing.undo(workspace)
    assert {one.path for one in reading.answers if one.value} == {answer.path}
    assert not any(gone in one.path for one in reading.answers)
