"""Papers of real dossiers: which there are, what they take from the dossiers around, files and names."""

from __future__ import annotations

import re
import shutil
from io import BytesIO

import docx
import pypdfium2
import pytest
from PIL import Image

from kcdesk import paths
from kcdesk.errors import KcdeskError
from kcdesk.services.attachments import photos
from kcdesk.services.lifecycle import return_requests, steps
from kcdesk.services.maintenance import soundness
from kcdesk.services.papers import printing
from kcdesk.services.records import changing
from tests.services import samples
from tests.services.samples import begin, new


def names(workspace, id_):
    return [paper.name for paper in printing.papers_of(workspace, id_)]


def text_of(workspace, id_, document, folder, **options):
    """The text of one paper in one line."""
    pdf = folder / f"{document}.pdf"
    printing.print_record(workspace, id_, document, pdf, **options)
    with pypdfium2.PdfDocument(pdf) as paper:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in paper).split())


@pytest.fixture
def visit(workspace):
    """A visit with its answers."""
    proposal = samples.approved(workspace)
    samples.contract(workspace, proposal)
    id_ = begin(workspace, proposal, "acceptance")
    samples.answer(workspace, id_)
    return id_


def test_the_minutes_come_first_and_each_model_only_for_itself(workspace, visit):
    assert names(workspace, visit)[0] == "minutes_5a"
    assert {"blank_checklist", "handover_list", "labels"} <= set(names(workspace, visit))
    assert not {"minutes_5b", "remedy_record", "supplement_letter", "photo_annex"} & set(names(workspace, visit))
    changing.set_values(workspace, visit, {"model": "5c"})
    assert names(workspace, visit)[0] == "minutes_5c"
    assert "minutes_5a" not in names(workspace, visit)


def test_letters_are_offered_while_something_is_missing(workspace, visit):
    (paper, *_) = workspace.store.record(visit).rows("checklist")
    changing.set_values(workspace, visit, {f"checklist/{paper['id']}/paper_form": "missing"})
    assert "supplement_letter" in names(workspace, visit)
    proposal = workspace.store.record(visit).value("proposal")
    assert "supplement_letter_proposal" not in names(workspace, proposal)
    begun = new(workspace, "proposal", title="Mới bắt đầu")
    assert "supplement_letter_proposal" not in names(workspace, begun)  # nobody has sent it back
    assert "supplement_letter_proposal" in names(workspace, returned(workspace, begun))


def test_a_paper_that_a_dossier_does_not_have_is_refused(workspace, visit, tmp_path):
    with pytest.raises(KcdeskError) as caught:
        printing.print_record(workspace, visit, "remedy_record", tmp_path / "a.pdf")
    assert caught.value.code == "unknown_document"
    assert "minutes_5a" in caught.value.hint
    assert not (tmp_path / "a.pdf").exists()


def test_every_paper_of_every_kind_is_printed(workspace, visit, tmp_path):
    record = workspace.store.record(visit)
    proposal = record.value("proposal")
    inspection = new(workspace, "inspection", proposal=proposal, purpose="interim", site="Xưởng Mẫu")
    for id_ in (visit, proposal, record.value("contract"), inspection):
        for document in names(workspace, id_):
            for blank in (False, True):
                text = text_of(workspace, id_, document, tmp_path, blank=blank)
                assert text
                assert "None" not in text


def test_a_second_visit_has_a_remedy_record(workspace, visit, tmp_path):
    proposal = workspace.store.record(visit).value("proposal")
    remedies = [{"remedy": "Lắp chắn bảo vệ", "since": "5/12/2018"}]
    second = new(workspace, "acceptance", proposal=proposal, previous=visit, visited_on="20/12/2018", remedies=remedies)
    assert "remedy_record" in names(workspace, second)
    assert "ngày 05 tháng 12 năm 2018" in text_of(workspace, second, "remedy_record", tmp_path)


def test_a_correction_names_the_paper_that_it_replaces(workspace, visit, tmp_path):
    steps.take_step(workspace, visit, "finalise")
    first = text_of(workspace, visit, "minutes_5a", tmp_path)
    assert "thay thế" not in first
    code = re.search(r"Mã giấy ([0-9A-F]{8}-1-[0-9A-F]{6})", first).group(1)
    steps.take_step(workspace, visit, "correct", "Sai số máy")
    second = text_of(workspace, visit, "minutes_5a", tmp_path)
    assert f"mã giấy {code})" in second
    assert "(Bản số 2, thay thế bản số 1 chốt ngày" in second
    assert "thay thế" not in text_of(workspace, visit, "minutes_5a", tmp_path, blank=True)


def test_the_label_of_a_machine_has_its_name_its_number_and_the_code_of_the_dossier(workspace, visit, tmp_path):
    proposal = workspace.store.record(visit).value("proposal")
    text = text_of(workspace, visit, "labels", tmp_path)
    for word in ("Máy mẫu", "Số máy: MAU-1", workspace.store.record(proposal).text("code"), "máy 1"):
        assert word in text


def test_the_minutes_of_the_whole_list_the_other_sites(workspace, visit, tmp_path):
    proposal = workspace.store.record(visit).value("proposal")
    whole = new(workspace, "acceptance", proposal=proposal, model="5b", site="Toàn bộ đề án")
    text = text_of(workspace, whole, "minutes_5b", tmp_path)
    site = workspace.store.record(visit).value("site")
    assert f"1 {site}" in text
    assert "05/12/2018" in text
    assert "570.000.000" in text


def test_a_liquidation_names_the_minutes_of_its_proposal(workspace, visit, tmp_path):
    contract = workspace.store.record(visit).value("contract")
    text = text_of(workspace, contract, "liquidation_record", tmp_path)
    assert "Căn cứ Biên bản nghiệm thu cơ sở ngày 05 tháng 12 năm 2018" in text


def returned(workspace, id_):
    """A proposal that came back with a remark and a day."""
    remarks = return_requests.add_remarks(workspace, workspace.store.record(id_), [("budget", "Thiếu báo giá")])
    note = "Thiếu giấy tờ. Bổ sung trước ngày 15/12/2026."
    with workspace.store.act("Trả lại") as act:
        act.update(id_, {**remarks, "state": "supplement", "province_note": note})
    return id_


def test_a_letter_says_what_the_appraiser_asked_for_and_by_when(workspace, tmp_path):
    proposal = returned(workspace, new(workspace, "proposal", title="Đề án mới bắt đầu"))
    text = text_of(workspace, proposal, "supplement_letter_proposal", tmp_path)
    assert "Dự toán kinh phí Thiếu báo giá" in text
    assert "Yêu cầu bổ sung" not in text  # the sentence of the screen
    problem = workspace.store.record(proposal).problems(final=True)[0]
    assert problem.message not in text  # what the program misses is no remark of the appraiser
    assert "trước ngày 15 tháng 12 năm 2026" in text
    assert "Lạng Sơn, ngày ...." in text


def test_photos_are_read_from_the_store(workspace, visit, tmp_path):
    picture = BytesIO()
    Image.effect_noise((640, 480), 80).convert("RGB").save(picture, "JPEG")
    photos.add_photos(workspace, visit, "photos", [picture.getvalue()], lambda *_: None)
    assert "photo_annex" in names(workspace, visit)
    text = text_of(workspace, visit, "photo_annex", tmp_path)
    assert "Ảnh 1. " in text
    assert "không có trong kho" not in text
    assert b"/Subtype /Image" in (tmp_path / "photo_annex.pdf").read_bytes()


def test_a_sheet_to_write_on_is_always_blank(workspace, visit, tmp_path):
    paper = next(one for one in printing.papers_of(workspace, visit) if one.name == "blank_checklist")
    assert paper.always_blank
    text = text_of(workspace, visit, "blank_checklist", tmp_path)
    assert "MAU-1" not in text
    first = workspace.store.record(visit).rows("checklist")[0]["item"]
    assert f"1 {first.partition(' (theo Mẫu')[0]}" in text  # a local paper names no form of the national circular


def test_word_is_written_beside_the_pdf(workspace, visit, tmp_path):
    made = printing.print_record(workspace, visit, "minutes_5a", tmp_path / "a.pdf", docx=tmp_path / "a.docx")
    assert made["docx"] == str(tmp_path / "a.docx")
    paper = docx.Document(tmp_path / "a.docx")
    assert "VIII. KẾT LUẬN" in [paragraph.text for paragraph in paper.paragraphs]
    with pytest.raises(KcdeskError) as caught:
        printing.print_record(workspace, visit, "minutes_5a", tmp_path / "a.pdf", docx=tmp_path / "missing" / "a.docx")
    assert caught.value.code == "no_folder"


def test_files_are_named_in_vietnamese(workspace, visit):
    site = workspace.store.record(visit).value("site")
    name = printing.file_name(workspace, visit, "minutes_5a")
    assert name == f"Biên bản nghiệm thu cơ sở - {site} – 05-12-2018.pdf"
    assert printing.file_name(workspace, visit, "labels", suffix=".docx").endswith(".docx")
    changing.set_values(workspace, visit, {"site": 'A<b>: "x" | y? *'})
    assert printing.file_name(workspace, visit, "labels") == "Nhãn dán hồ sơ và máy - A b x y – 05-12-2018.pdf"


def test_a_layout_that_names_no_field_is_told_by_the_check(workspace, monkeypatch, tmp_path):
    shutil.copytree(paths.forms(), tmp_path / "forms")
    layout = tmp_path / "forms" / "documents" / "labels.toml"
    layout.write_text(layout.read_text("utf-8").replace("row.serial_number", "row.serial"), "utf-8")
    monkeypatch.setattr(workspace.forms, "folder", tmp_path / "forms")
    found = soundness.check(workspace)
    assert not found["sound"]
    assert "labels.toml" in found["problems"][0]
    assert "“serial” không có" in found["problems"][0]
