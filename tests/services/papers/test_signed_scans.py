"""Scans of signed papers: real minutes, printed, signed on, scanned badly, and tied to the version that they show."""

import random
import shutil
from datetime import date
from functools import cache
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from pypdfium2 import PdfDocument

from kcdesk.documents.paper_codes import PaperCode
from kcdesk.errors import UserError
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.papers import printing, scan_pages, signed_scans
from kcdesk.services.records import changing
from tests.examples import chosen


@pytest.fixture(scope="module")
def played(journey):
    """The practice journey: a store with an acceptance that is final, and its minutes."""
    return journey


@pytest.fixture
def workspace(played, tmp_path):
    workspace = opening.open_workspace(shutil.copytree(played.store, tmp_path / "store"))
    yield workspace
    workspace.close()


@pytest.fixture
def acceptance(played):
    return played.acceptance


@pytest.fixture(scope="module")
def pages(played):
    """The minutes as a scanner sees them at 200 dots an inch."""
    return rendered(played.minutes)


@pytest.fixture(scope="module")
def scan(pages, tmp_path_factory):
    """The minutes signed, and scanned askew by a tired machine."""
    return saved(tmp_path_factory.mktemp("scan") / "scan.pdf", [scanned(page, seed) for seed, page in enumerate(pages)])


def rendered(pdf, dpi=200):
    with PdfDocument(pdf) as opened:
        return [page.render(scale=dpi / 72).to_pil().convert("L") for page in opened]


def scanned(page, seed=0, turn=2.0, noise=40, quality=60):
    """Signed, turned, speckled, compressed."""
    chance = random.Random(seed)
    ImageDraw.Draw(page := page.copy()).line(
        [(chance.randrange(900), 1500 + chance.randrange(400)) for _ in "~~~~~~"], 60, 5
    )
    page = page.rotate(turn, expand=True, fillcolor=250, resample=Image.Resampling.BICUBIC)
    page = Image.blend(page, speckles(page.size, noise), 0.25)
    buffer = BytesIO()
    page.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer)


@cache
def speckles(size, noise):
    """What dust and a tired lamp leave; making it takes longer than the rest of the scan."""
    return Image.effect_noise(size, noise)


def saved(path, pictures):
    pictures[0].save(path, save_all=True, append_images=pictures[1:], resolution=200)
    return path


def printed(workspace, id_, path, *, blank=False):
    printing.print_record(workspace, id_, "minutes_5a", path, blank=blank)
    return path


def corrected(workspace, acceptance):
    steps.take_step(workspace, acceptance, "correct", reason="Sửa sai sót")


def kept(workspace, id_):
    return workspace.store.record(id_).value(signed_scans.FIELD) or []


# -- reading -----------------------------------------------------------------------------------------------------


def test_a_bad_scan_is_tied_to_the_current_version_and_kept(workspace, acceptance, scan, pages):
    found = signed_scans.recognise(workspace, [scan])
    assert (found.status, found.record_id, found.document, found.revision) == ("current", acceptance, "minutes_5a", 1)
    assert "đúng bản hiện hành" in found.sentence
    assert "Không thấy mã QR" not in found.sentence
    assert len(scan_pages.read_scan([scan], lambda *_: None)) == len(pages) > 1

    changes = signed_scans.keep_scan(workspace, found, [scan])
    (file,) = kept(workspace, acceptance)
    assert (file["document"], file["revision"], file["content"]) == ("minutes_5a", 1, found.content)
    assert workspace.store.files.read(file["sha256"]) == scan.read_bytes()
    assert [item.id for item in changes.items] == [acceptance]
    assert workspace.store.record(acceptance).problems(final=True) == []
    assert signed_scans.recognise(workspace, [scan]).status == "current"


@pytest.mark.parametrize("turn", chosen((-7, 90), [-7, 2, 45, 90, 180, 272]))
def test_a_page_may_lie_any_way(workspace, pages, tmp_path, turn):
    path = saved(tmp_path / "scan.pdf", [scanned(pages[0], turn=turn)])
    assert signed_scans.recognise(workspace, [path]).status == "current"


@pytest.mark.parametrize("suffix", chosen(("jpg", "tif"), ["jpg", "png", "tif"]))
def test_images_of_the_pages_do_too(workspace, pages, tmp_path, suffix):
    paths = [tmp_path / f"{number}.{suffix}" for number in range(2)]
    for seed, (path, page) in enumerate(zip(paths, pages, strict=False)):
        scanned(page, seed).save(path)
    assert signed_scans.recognise(workspace, paths).status == "current"


def test_a_tiff_may_hold_all_pages(workspace, pages, tmp_path):
    path = saved(tmp_path / "scan.tif", [scanned(page) for page in pages[:3]])
    assert len(scan_pages.read_scan([path], lambda *_: None)) == 3
    assert signed_scans.recognise(workspace, [path]).status == "current"


@pytest.mark.parametrize("turn", chosen((3,), [0, 3, 180]))
def test_a_photo_by_telephone_does_too(workspace, pages, tmp_path, turn):
    """Twelve megapixels, the paper a part of it, in the light of a workshop."""
    table = Image.new("L", (4000, 3000), 90)
    paper = pages[0].rotate(turn, expand=True, fillcolor=90).resize((1900, 2687)).point(lambda level: 40 + level * 0.7)
    table.paste(paper, (900, 150))
    table.save(tmp_path / "photo.jpg", quality=75)
    assert signed_scans.recognise(workspace, [tmp_path / "photo.jpg"]).status == "current"


def test_pages_without_a_code_are_named(workspace, pages, tmp_path):
    empty = Image.new("L", pages[0].size, 255)
    found = signed_scans.recognise(workspace, [saved(tmp_path / "scan.pdf", [pages[0], empty, pages[1], empty])])
    assert found.status == "current"
    assert found.sentence.endswith("Không thấy mã QR ở trang 2, 4; hãy xem lại các trang đó.")


def test_a_scan_without_any_code_is_unreadable(workspace, pages, tmp_path):
    page = pages[0].copy()
    page.paste(255, (page.width - 350, page.height - 350, page.width, page.height))  # the corner is torn off
    found = signed_scans.recognise(workspace, [saved(tmp_path / "scan.pdf", [page])])
    assert found.status == "unreadable"
    assert "gõ mã" in found.sentence
    with pytest.raises(UserError) as caught:
        signed_scans.keep_scan(workspace, found, [])
    assert caught.value.code == "paper_unreadable"


def test_the_code_of_somebody_else_is_foreign(workspace, tmp_path):
    code = zxingcpp.create_barcode("https://example.vn/hoa-don/1", zxingcpp.BarcodeFormat.QRCode)
    Image.fromarray(code.to_image(scale=8)).save(tmp_path / "invoice.png")
    assert signed_scans.recognise(workspace, [tmp_path / "invoice.png"]).status == "foreign"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and nothing", b"no picture"])
@pytest.mark.parametrize("name", ["scan.pdf", "scan.jpg"])
def test_a_file_that_cannot_be_opened_is_refused(workspace, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match="Không mở được bản quét") as caught:
        signed_scans.recognise(workspace, [tmp_path / name])
    assert caught.value.code == "scan_unreadable"


def test_a_stick_that_was_pulled_out_is_refused(workspace, tmp_path):
    with pytest.raises(UserError, match="Không mở được bản quét"):
        signed_scans.recognise(workspace, [tmp_path / "gone.pdf"])


def test_progress_can_stop_the_reading(scan):
    class Stopped(Exception):  # noqa: N818
        pass

    def progress(*_):
        raise Stopped

    with pytest.raises(Stopped):
        scan_pages.read_scan([scan], progress)


# -- the typed code ----------------------------------------------------------------------------------------------


def short_code(played):
    with PdfDocument(played.minutes) as pdf:
        return pdf[0].get_textpage().get_text_bounded().rpartition("Mã giấy ")[2].split()[0]


def test_the_code_at_the_foot_of_the_page_can_be_typed(workspace, played, scan):
    code = short_code(played)
    for entered in (code, code.lower(), code.replace("-", " "), f" {code.replace('0', 'o')} ", code.replace("1", "l")):
        found = signed_scans.recognise(workspace, entered)
        assert (found.status, found.record_id, found.revision) == ("current", played.acceptance, 1)
    signed_scans.keep_scan(workspace, found, [scan])
    assert kept(workspace, played.acceptance)[0]["revision"] == 1


def test_a_hand_held_reader_types_the_whole_qr(workspace, acceptance):
    record = workspace.store.record(acceptance)
    from kcdesk.documents.paper_codes import content_hash

    paper = PaperCode("minutes_5a", acceptance, 1, content_hash(record.data))
    found = signed_scans.recognise(workspace, paper.qr)
    assert (found.status, found.document, found.content) == ("current", "minutes_5a", content_hash(record.data))


@pytest.mark.parametrize("entered", ["", "abc", "1234567", "GGGGGGGG-1-123456", "12345678-x", "KCDESK2/A/B/1/"])
def test_what_is_no_code_is_refused(workspace, entered):
    with pytest.raises(UserError) as caught:
        signed_scans.recognise(workspace, entered)
    assert caught.value.code == "no_paper_code"


# -- versions ----------------------------------------------------------------------------------------------------


def test_a_paper_of_an_earlier_revision_is_older(workspace, acceptance, scan):
    corrected(workspace, acceptance)
    found = signed_scans.recognise(workspace, [scan])
    assert (found.status, found.revision) == ("older", 1)
    assert "bản số 1" in found.sentence
    assert "bản số 2" in found.sentence
    signed_scans.keep_scan(workspace, found, [scan])
    assert kept(workspace, acceptance)[0]["revision"] == 1
    assert workspace.store.record(acceptance).state == "draft"


def test_a_paper_from_before_an_edit_is_older_and_says_what_was_edited(workspace, acceptance, tmp_path):
    corrected(workspace, acceptance)
    paper = printed(workspace, acceptance, tmp_path / "draft.pdf")
    changing.set_values(workspace, acceptance, {"conclusion_note": "Thêm một câu.", "copies": 7})
    found = signed_scans.recognise(workspace, [paper])
    assert found.status == "older"
    assert "«Nội dung kết luận»; «Số bản»" in found.sentence
    assert date.today().strftime("%Y") in found.sentence  # noqa: DTZ011

    changing.undo(workspace)
    assert signed_scans.recognise(workspace, [paper]).status == "current"


def test_a_typed_code_from_before_an_edit_is_older_too(workspace, acceptance, tmp_path):
    """It names neither layout nor version: the earlier versions are filled again until one prints this code."""
    corrected(workspace, acceptance)
    with PdfDocument(printed(workspace, acceptance, tmp_path / "draft.pdf")) as pdf:
        code = pdf[0].get_textpage().get_text_bounded().rpartition("Mã giấy ")[2].split()[0]
    changing.set_values(workspace, acceptance, {"conclusion_note": "Thêm một câu."})
    found = signed_scans.recognise(workspace, code)
    assert (found.status, "«Nội dung kết luận»" in found.sentence) == ("older", True)
    changing.undo(workspace)
    assert signed_scans.recognise(workspace, code).status == "current"


def test_what_is_not_on_the_paper_does_not_make_it_older(workspace, acceptance, tmp_path):
    corrected(workspace, acceptance)
    paper = printed(workspace, acceptance, tmp_path / "draft.pdf")
    changing.set_values(workspace, acceptance, {"note": "Nhớ gọi lại."})
    assert signed_scans.recognise(workspace, [paper]).status == "current"


def test_a_signed_draft_becomes_final(workspace, acceptance, tmp_path):
    corrected(workspace, acceptance)
    paper = printed(workspace, acceptance, tmp_path / "draft.pdf")
    found = signed_scans.recognise(workspace, [paper])
    assert found.sentence.endswith("Nhận bản này thì hồ sơ được chốt.")
    changes = signed_scans.keep_scan(workspace, found, [paper])
    assert workspace.store.record(acceptance).state == "final"
    assert {path for item in changes.items for path in item.fields} == {signed_scans.FIELD, "state"}
    assert signed_scans.recognise(workspace, [paper]).status == "current"
    assert changing.undo_label(workspace).endswith("nhận bản ký")
    changing.undo(workspace)  # one step: the scan and the locking together
    assert workspace.store.record(acceptance).state == "draft"
    assert kept(workspace, acceptance) == []


def test_a_signed_draft_that_lacks_something_stays_one(workspace, acceptance, tmp_path):
    corrected(workspace, acceptance)
    changing.set_values(workspace, acceptance, {"conclusion": ""})
    paper = printed(workspace, acceptance, tmp_path / "draft.pdf")
    found = signed_scans.recognise(workspace, [paper])
    assert found.status == "current"
    assert "chưa chốt được" in found.sentence
    signed_scans.keep_scan(workspace, found, [paper])
    assert workspace.store.record(acceptance).state == "draft"
    assert len(kept(workspace, acceptance)) == 1


def test_a_paper_printed_blank_locks_nothing(workspace, acceptance, tmp_path):
    corrected(workspace, acceptance)
    blank = printed(workspace, acceptance, tmp_path / "blank.pdf", blank=True)
    found = signed_scans.recognise(workspace, [blank])
    assert (found.status, found.content) == ("current", "")
    assert "in để trống" in found.sentence
    signed_scans.keep_scan(workspace, found, [blank])
    assert workspace.store.record(acceptance).state == "draft"
    assert "content" not in kept(workspace, acceptance)[0]


# -- papers of other dossiers ------------------------------------------------------------------------------------


@pytest.fixture
def second(workspace):
    """Another acceptance, in the making."""
    proposal = changing.add(workspace, "proposal", {"title": "Đề án mẫu"}).items[0].id
    return changing.add(workspace, "acceptance", {"proposal": proposal, "site": "Xưởng thứ hai"}).items[0].id


def test_papers_of_two_dossiers_in_one_scan_are_foreign(workspace, second, pages, tmp_path):
    other = rendered(printed(workspace, second, tmp_path / "other.pdf"))
    found = signed_scans.recognise(workspace, [saved(tmp_path / "scan.pdf", [*pages, other[0]])])
    assert (found.status, found.record_id) == ("foreign", "")
    assert "Xưởng thứ hai" in found.sentence
    with pytest.raises(UserError) as caught:
        signed_scans.keep_scan(workspace, found, [])
    assert caught.value.code == "paper_foreign"


def test_a_paper_of_another_store_is_unknown(played, workspace, second, tmp_path):
    paper = printed(workspace, second, tmp_path / "other.pdf")
    elsewhere = opening.open_workspace(shutil.copytree(played.store, tmp_path / "elsewhere"))
    try:
        found = signed_scans.recognise(elsewhere, [paper])
    finally:
        elsewhere.close()
    assert (found.status, found.record_id, found.document) == ("unknown", "", "minutes_5a")
    assert "không có trong kho" in found.sentence


def test_content_that_was_never_here_is_unknown(played, workspace, acceptance, tmp_path):
    elsewhere = opening.open_workspace(shutil.copytree(played.store, tmp_path / "elsewhere"))
    try:
        corrected(elsewhere, acceptance)
        edited = printed(elsewhere, acceptance, tmp_path / "edited.pdf")
    finally:
        elsewhere.close()
    corrected(workspace, acceptance)
    changing.set_values(workspace, acceptance, {"copies": 9})
    assert signed_scans.recognise(workspace, [edited]).status == "older"  # the same content was here, unedited

    paper = printed(workspace, acceptance, tmp_path / "nine.pdf")
    elsewhere = opening.open_workspace(tmp_path / "elsewhere")
    try:
        found = signed_scans.recognise(elsewhere, [paper])
    finally:
        elsewhere.close()
    assert (found.status, found.record_id) == ("unknown", acceptance)
    assert "máy khác" in found.sentence


def test_a_paper_of_a_deleted_dossier_says_so(workspace, second, tmp_path):
    paper = printed(workspace, second, tmp_path / "other.pdf")
    changing.delete(workspace, second)
    found = signed_scans.recognise(workspace, [paper])
    assert (found.status, found.record_id) == ("unknown", second)
    assert "đã bị xoá" in found.sentence


def test_the_same_scan_is_kept_once(workspace, acceptance, scan):
    found = signed_scans.recognise(workspace, [scan])
    signed_scans.keep_scan(workspace, found, [scan])
    with pytest.raises(UserError) as caught:
        signed_scans.keep_scan(workspace, found, [scan])
    assert caught.value.code == "scan_known"
    assert len(kept(workspace, acceptance)) == 1


def test_a_dossier_without_a_place_for_scans_says_so(workspace, played, scan):
    end = workspace.store.record(played.proposal).id.replace("-", "")[-8:]
    found = signed_scans.recognise(workspace, f"{end}-1")
    assert found.record_id == played.proposal
    with pytest.raises(UserError) as caught:
        signed_scans.keep_scan(workspace, found, [scan])
    assert caught.value.code == "no_place_for_scans"
