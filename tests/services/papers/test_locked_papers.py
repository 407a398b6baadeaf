"""A paper is what was signed: papers of locked records print byte for byte, whatever has changed since."""

from __future__ import annotations

import os
import re
import shutil
import time
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from kcdesk import moments, paths
from kcdesk.documents.paper_codes import PaperCode, content_hash
from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import replace
from kcdesk.services import catalogue
from kcdesk.services.attachments import photos
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.papers import printing, signed_scans
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from tests import store_files
from tests.examples import one_of
from tests.services import samples
from tests.services.samples import begin, new

MADE_BEFORE = Path(__file__).parents[2] / "data" / "made-before"


def written(workspace, id_, document, folder, **options):
    """The bytes of a paper in PDF and in Word."""
    pdf, docx = folder / "a.pdf", folder / "a.docx"
    printing.print_record(workspace, id_, document, pdf, docx=docx, **options)
    return pdf.read_bytes(), docx.read_bytes()


def text_of(workspace, id_, document, folder, **options):
    printing.print_record(workspace, id_, document, folder / "a.pdf", **options)
    with pypdfium2.PdfDocument(folder / "a.pdf") as paper:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in paper).split())


def code_in(words):
    return re.search(r"Mã giấy ([0-9A-F]{8}-\d+-[0-9A-F]{6})", words).group(1)


def lock(workspace, id_, state):
    """Take a record into a locked state, as its step does, without asking whether it is complete."""
    with workspace.store.act("Chốt") as act:
        act.update(id_, {"state": state})
        steps.follow_step(workspace, act, id_)


@pytest.fixture
def visit(workspace):
    """A final acceptance."""
    proposal = samples.approved(workspace)
    samples.contract(workspace, proposal)
    id_ = begin(workspace, proposal, "acceptance")
    samples.answer(workspace, id_)
    steps.take_step(workspace, id_, "finalise")
    return id_


@pytest.fixture
def owner(workspace, visit):
    """The beneficiary of the acceptance."""
    proposal = workspace.store.record(visit).value("proposal")
    return workspace.store.record(proposal).value("beneficiaries")[0]


def rename(workspace, owner, name="Công ty TNHH Tên Mới Sau Này"):
    steps.take_step(workspace, owner, "finalise") if workspace.store.record(owner).state == "draft" else None
    steps.take_step(workspace, owner, "correct", "đổi tên")
    changing.set_values(workspace, owner, {"name": name})


# -- every paper of every kind -----------------------------------------------------------------------------------


def one_of_every_kind(workspace):
    """Records with every paper, and the locked state in which each has it: pairs of id and state."""
    proposal = samples.approved(workspace)
    contract = samples.contract(workspace, proposal)
    begun = {kind: begin(workspace, proposal, kind) for kind in ("inspection", "acceptance", "payment", "settlement")}
    picture = BytesIO()
    Image.effect_noise((64, 48), 80).convert("RGB").save(picture, "JPEG")
    for kind in ("inspection", "acceptance"):
        photos.add_photos(workspace, begun[kind], "photos", [picture.getvalue()], lambda *_: None)
    samples.answer(workspace, begun["acceptance"])
    (missing, *_) = workspace.store.record(begun["acceptance"]).rows("checklist")
    changing.set_values(workspace, begun["acceptance"], {f"checklist/{missing['id']}/paper_form": "missing"})
    remedies = [{"remedy": "Lắp chắn bảo vệ", "since": "5/12/2018"}]
    visits = {
        model: new(workspace, "acceptance", proposal=proposal, model=model, site="Cả đề án") for model in ("5b", "5c")
    }
    visits["again"] = new(
        workspace, "acceptance", proposal=proposal, previous=begun["acceptance"], remedies=remedies, site="Xưởng"
    )
    by_percent = new(workspace, "settlement", proposal=proposal, percent_supported=True)
    rejected = samples.proposal(workspace, title="Đề án không được duyệt", rejection_reason="Trùng nội dung")
    product = new(workspace, "typical_product", name="Miến dong", beneficiary=samples.beneficiary(workspace))
    vote = new(workspace, "product_vote", name="Kỳ bình chọn", year=2018, judges=[{"name": "Người Mẫu Năm"}])
    entry = new(workspace, "product_entry", product_vote=vote, typical_product=product)
    handover = new(workspace, "work_handover", from_name="Người Mẫu Một", to_name="Người Mẫu Hai")
    appraisals = [
        new(workspace, "appraisal", proposal=proposal, level="grassroots", model=model, body=body)
        for model, body in (("4a", "council"), ("4b", "staff"))
    ]
    appraisals.append(new(workspace, "appraisal", proposal=proposal, level="ministry"))
    annexes = [{"number": "01/PL", "signed_on": "1/6/2018", "content": "Gia hạn"}]
    contracts = [
        new(workspace, "contract", proposal=proposal, basis=basis, number=basis, annexes=annexes)
        for basis in ("assignment", "contract")
    ]
    locked = [
        (samples.proposal(workspace, title="Đề án chờ duyệt"), "final"), (proposal, "approved"),
        (rejected, "rejected"), (contract, "final"), (product, "final"), (vote, "open"),
        (entry, "certified"), (handover, "final"), (new(workspace, "plan", year=2018), "final"),
        (new(workspace, "adjustment", proposal=proposal, situation="Chậm giao máy"), "final"),
    ]  # fmt: skip
    flooded = begin(workspace, proposal, "settlement")
    changing.set_values(workspace, flooded, {"force_majeure": True})
    locked.append((flooded, "final"))
    locked += [(id_, "final") for id_ in (*begun.values(), *visits.values(), by_percent, *appraisals, *contracts)]
    return locked


def changed_forms(folder):
    """The forms of a later day: every label, title and sentence is another."""
    shutil.copytree(paths.forms(), folder)
    for file in [*folder.glob("*.toml"), *folder.glob("proposal/*.toml")]:
        words = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r'(?m)\b(label = ")', r"\1Nhãn mới ", words), encoding="utf-8")
    for file in folder.glob("documents/**/*.toml"):
        words = file.read_text(encoding="utf-8")
        changed = re.sub(r'(?m)^((?:text|title|subject|agency|footer) = ")', r"\1MẪU MỚI ", words)
        file.write_text(changed, encoding="utf-8")
    return load(folder)


# The dossiers that the papers of others name; each half is renamed while the papers of the other half are compared.
NAMED_BY_OTHERS = {"beneficiary", "proposal", "contract", "typical_product", "product_vote"}


def rename_all(store, kinds):
    """Change every text of every record of these kinds, as if each had been corrected and renamed since."""
    with store.act("Đổi tên") as act:
        for kind in kinds:
            for stored in store.page(kind, limit=-1):
                form = store.forms.by_reference(stored.form)
                texts = [field.name for field in form.fields if type_of(field).is_plain_text]
                act.update(
                    stored.id, {n: f"{stored.data[n]} (đổi)" for n in texts if isinstance(stored.data.get(n), str)}
                )


@pytest.fixture
def later_day(monkeypatch):
    """The clock of another time zone, eight years on."""
    before = os.environ.get("TZ")
    real = time.time

    def turn():
        monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
        time.tzset()
        monkeypatch.setattr(time, "time", lambda: real() + 8 * 365 * 86400)

    yield turn
    monkeypatch.undo()
    assert os.environ.get("TZ") == before
    time.tzset()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process can be set on Unix alone")
def test_every_locked_paper_prints_byte_for_byte(workspace, tmp_path, later_day):
    locked = one_of_every_kind(workspace)
    for id_, state in locked:
        lock(workspace, id_, state)
    papers = [(id_, paper.name) for id_, _ in locked for paper in printing.papers_of(workspace, id_)]
    printed = {(id_, name): written(workspace, id_, name, tmp_path) for id_, name in one_of(3, papers)}
    about_records = {layout.id for layout in workspace.layouts.values() if layout.kind in workspace.forms.kinds}
    of_their_day = {layout.id for layout in workspace.layouts.values() if layout.at_print}
    of_others = {
        "supplement_letter_proposal",
        *of_their_day,
    }  # of a dossier sent back; reports, which are kept at print
    assert {name for _, name in papers} - of_others == about_records - of_others
    kinds = {id_: workspace.store.record(id_).kind for id_, _ in locked}
    everything, folder = set(workspace.forms.kinds), workspace.store.folder
    workspace.store.close()

    forms = changed_forms(tmp_path / "forms")
    later_day()
    for number, renamed in enumerate((NAMED_BY_OTHERS, everything - NAMED_BY_OTHERS)):
        with Store.open(shutil.copytree(folder, tmp_path / str(number)), forms) as store:
            rename_all(store, renamed)
            identity = store.identity
            store.identity = replace(identity, unit=replace(identity.unit, name="Trung tâm mới", parent="Bộ mới"))
            later = Workspace(store, forms, catalogue.extensions())
            for (id_, name), files in printed.items():
                if kinds[id_] not in renamed:
                    assert written(later, id_, name, tmp_path) == files, (kinds[id_], name)
                    assert name in {paper.name for paper in printing.papers_of(later, id_)}
            assert store.check() == []


def test_a_draft_prints_what_others_say_now(workspace, visit, owner, tmp_path):
    steps.take_step(workspace, visit, "correct", "Sai số máy")
    first = text_of(workspace, visit, "minutes_5a", tmp_path)
    rename(workspace, owner)
    second = text_of(workspace, visit, "minutes_5a", tmp_path)
    assert "Công ty TNHH Tên Mới Sau Này" in second
    assert code_in(second) != code_in(first)


# -- names and scans ---------------------------------------------------------------------------------------------


def test_a_renamed_beneficiary_changes_no_locked_paper(workspace, visit, owner, tmp_path):
    before = written(workspace, visit, "minutes_5a", tmp_path)
    rename(workspace, owner)
    assert written(workspace, visit, "minutes_5a", tmp_path) == before
    assert "Tên Mới" not in text_of(workspace, visit, "minutes_5a", tmp_path)
    assert signed_scans.recognise(workspace, [tmp_path / "a.pdf"]).status == "current"


def test_a_scan_with_another_name_is_not_the_present_paper(workspace, visit, owner, tmp_path):
    """The draft was printed and signed, then the beneficiary was renamed, then the dossier was locked."""
    steps.take_step(workspace, visit, "correct", "Sai số máy")
    printing.print_record(workspace, visit, "minutes_5a", tmp_path / "draft.pdf")
    assert signed_scans.recognise(workspace, [tmp_path / "draft.pdf"]).status == "current"
    rename(workspace, owner)
    scan = signed_scans.recognise(workspace, [tmp_path / "draft.pdf"])
    assert scan.status == "older"
    assert "ghi ở hồ sơ khác" in scan.sentence
    steps.take_step(workspace, visit, "finalise")
    assert signed_scans.recognise(workspace, [tmp_path / "draft.pdf"]).status == "older"
    printing.print_record(workspace, visit, "minutes_5a", tmp_path / "final.pdf")
    assert signed_scans.recognise(workspace, [tmp_path / "final.pdf"]).status == "current"


def test_a_typed_code_finds_the_locked_paper_and_not_a_draft_of_other_names(workspace, visit, owner, tmp_path):
    locked = code_in(text_of(workspace, visit, "minutes_5a", tmp_path))
    rename(workspace, owner)
    assert signed_scans.recognise(workspace, locked).status == "current"
    steps.take_step(workspace, visit, "correct", "Sai số máy")
    assert signed_scans.recognise(workspace, locked).status == "older"
    draft = code_in(text_of(workspace, visit, "minutes_5a", tmp_path))
    assert signed_scans.recognise(workspace, draft).status == "current"


def test_a_blank_form_of_other_names_is_older_and_still_blank(workspace, visit, owner, tmp_path):
    printing.print_record(workspace, visit, "minutes_5a", tmp_path / "blank.pdf", blank=True)
    scan = signed_scans.recognise(workspace, [tmp_path / "blank.pdf"])
    assert (scan.status, scan.content) == ("current", "")
    rename(workspace, owner)
    scan = signed_scans.recognise(workspace, [tmp_path / "blank.pdf"])
    assert (scan.status, scan.content) == ("older", "")
    assert "phần in sẵn đã khác" in scan.sentence


# -- undo, corrections, living papers ----------------------------------------------------------------------------


def test_undoing_the_lock_takes_the_paper_back_and_redoing_brings_it_again(workspace, visit, owner, tmp_path):
    steps.take_step(workspace, visit, "correct", "Sai số máy")
    steps.take_step(workspace, visit, "finalise")
    before = written(workspace, visit, "minutes_5a", tmp_path)
    changing.undo(workspace)
    kept = workspace.store.papers.of(visit)
    assert {paper.revision for paper in kept if paper.withdrawn} == {2}
    assert {paper.revision for paper in kept if not paper.withdrawn} == {1}
    changing.redo(workspace)
    assert written(workspace, visit, "minutes_5a", tmp_path) == before

    changing.undo(workspace)
    rename(workspace, owner)
    steps.take_step(workspace, visit, "finalise")
    assert "Công ty TNHH Tên Mới Sau Này" in text_of(workspace, visit, "minutes_5a", tmp_path)
    assert workspace.store.check() == []


def test_a_correction_is_another_paper_and_the_old_one_can_still_be_printed(workspace, visit, owner, tmp_path):
    old = written(workspace, visit, "minutes_5a", tmp_path)
    code = code_in(text_of(workspace, visit, "minutes_5a", tmp_path))
    rename(workspace, owner)
    steps.take_step(workspace, visit, "correct", "Ghi tên mới")
    steps.take_step(workspace, visit, "finalise")
    new_paper = text_of(workspace, visit, "minutes_5a", tmp_path)
    assert "Công ty TNHH Tên Mới Sau Này" in new_paper
    assert f"mã giấy {code})" in new_paper
    assert written(workspace, visit, "minutes_5a", tmp_path, revision=1) == old
    with pytest.raises(UserError) as caught:
        printing.print_record(workspace, visit, "remedy_record", tmp_path / "b.pdf", revision=1)
    assert caught.value.code == "no_kept_paper"


def test_a_field_that_is_still_open_makes_another_paper_of_a_locked_record(workspace, visit, tmp_path):
    contract = workspace.store.record(visit).value("contract")
    first = text_of(workspace, contract, "liquidation_record", tmp_path)
    changing.set_values(workspace, contract, {"liquidation_number": "07"})
    second = text_of(workspace, contract, "liquidation_record", tmp_path)
    assert "Số: 07/BB" in second
    assert code_in(second) != code_in(first)
    assert text_of(workspace, contract, "liquidation_record", tmp_path) == second


def test_a_list_of_other_dossiers_follows_them_until_it_is_fixed(workspace, visit, tmp_path):
    record = workspace.store.record(visit)
    contract, proposal = record.value("contract"), record.value("proposal")
    first = text_of(workspace, contract, "liquidation_record", tmp_path)
    new(workspace, "acceptance", proposal=proposal, site="Xưởng thứ hai", visited_on="6/12/2018")
    second = text_of(workspace, contract, "liquidation_record", tmp_path)
    assert "Xưởng thứ hai" in second
    assert code_in(second) != code_in(first)


def test_the_date_of_a_locked_paper_is_that_of_its_lock(workspace, visit, tmp_path):
    printing.print_record(workspace, visit, "minutes_5a", tmp_path / "a.pdf")
    locked = next(line.at for line in workspace.store.history(visit) if "state" in (line.after or {}))
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as pdf:
        made = datetime.strptime(pdf.get_metadata_value("CreationDate").replace("'", ""), "D:%Y%m%d%H%M%S%z")
    assert made == moments.local(locked).replace(microsecond=0)


def test_a_spoilt_paper_is_noticed(workspace, visit):
    assert workspace.store.papers.of(visit)
    folder = workspace.store.folder
    workspace.store.close()
    store_files.change(folder, "UPDATE kept_paper SET document = x'00' WHERE layout = 'minutes_5a'")
    with Store.open(folder, workspace.forms) as store:
        (fault,) = store.check()
    assert fault.startswith("Giấy đã chốt")


# -- stores of earlier versions ----------------------------------------------------------------------------------


@pytest.fixture
def early(tmp_path):
    """A store made before papers were kept, with a locked acceptance and the beneficiary that its paper names."""
    workspace = opening.open_workspace(Path(shutil.copytree(MADE_BEFORE / "lower", tmp_path / "early")))
    visit = next(
        stored.id
        for stored in workspace.store.page("acceptance", where={"state": "final"}, limit=-1)
        if stored.data.get("model") not in ("5b", "5c")
    )
    proposal = workspace.store.record(workspace.store.record(visit).value("proposal"))
    yield workspace, visit, proposal.value("beneficiaries")[0]
    workspace.close()


def test_a_paper_locked_before_papers_were_kept_is_kept_at_its_first_print(early, tmp_path):
    workspace, visit, owner = early
    assert workspace.store.papers.of(visit) == []
    first = written(workspace, visit, "minutes_5a", tmp_path)
    rename(workspace, owner)
    assert written(workspace, visit, "minutes_5a", tmp_path) == first
    assert changing.undo_label(workspace) != ""  # printing is no step of undo
    assert workspace.store.check() == []


def test_an_early_code_is_taken_for_the_present_paper_only_while_nothing_has_changed(early):
    workspace, visit, owner = early
    record = workspace.store.record(visit)
    code = PaperCode("minutes_5a", visit, record.revision, content_hash(record.data))
    assert code.qr.count("/") == 4  # as the early program printed it
    assert signed_scans.recognise(workspace, code.qr).status == "current"
    assert signed_scans.recognise(workspace, code.short).status == "current"
    rename(workspace, owner)
    for entered in (code.qr, code.short):
        scan = signed_scans.recognise(workspace, entered)
        assert scan.status == "older"
        assert "ghi ở hồ sơ khác" in scan.sentence
