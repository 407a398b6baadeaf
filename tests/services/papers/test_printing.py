"""Papers: every stored answer stands on them and no other; hostile text comes through to paper and workbook."""

import re
import unicodedata
from datetime import date

import pypdfium2
import pytest
from openpyxl import load_workbook

from kcdesk import notations, text
from kcdesk.errors import KcdeskError
from kcdesk.exchange import sent_packages
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.packages import sending
from kcdesk.services.papers import printing
from kcdesk.services.records import changing
from tests.services import samples
from tests.services.samples import begin, new

HOSTILE = "A & B < C > D </b> =1+1 'x' \"y\" {{ 7*7 }} %s 🙂 \x07\x1f cộng hoà".replace(
    "cộng hoà", unicodedata.normalize("NFD", "cộng hoà")
)
CLEAN = "A & B < C > D </b> =1+1 'x' \"y\" {{ 7*7 }} %s 🙂 cộng hoà"
LONG = " ".join(f"chữ{number}" for number in range(6000))
# What a visit holds for the program, not for the reader of the paper.
NOT_PRINTED = {"proposal", "contract", "beneficiary", "code", "group", "id", "position", "source"}


def paper(workspace, id_, pdf, **options):
    """The text of the minutes, in one line."""
    printing.print_record(workspace, id_, "minutes_5a", pdf, **options)
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(unicodedata.normalize("NFC", " ".join(pages)).split())


def answers(record):
    """Path and text of every answer of a record, as people read it."""
    for field in record.form.fields:
        if field.name in NOT_PRINTED or not record.is_visible(field.name):
            continue
        if not field.columns:
            yield field, record.text(field.name)
        for row in record.rows(field.name) if field.columns else []:
            for column in field.columns:
                if column.name not in NOT_PRINTED and not column.computed:
                    yield column, record.text(f"{field.name}/{row['id']}/{column.name}")


def printed(field, answer, words):
    """Whether an answer stands on the paper; ticks and headings are looked at in the tests of documents."""
    if field.type in ("choice", "choices", "yes_no", "place"):
        return True
    if field.type == "date":
        return answer in words or text.date_in_words(notations.parse_date(answer)) in words
    if field.type == "time":
        return answer.replace(":", " giờ ") in words
    return " ".join(answer.removesuffix(f" {field.unit}").split()) in words


def test_the_foot_of_a_local_paper_is_careful_about_its_amounts_and_names_no_national_form(played, tmp_path):
    workspace, journey = played
    feet = {}
    for day in (date(2026, 9, 24), date(2026, 9, 25)):
        feet[day] = paper(
            replace(workspace, today=lambda day=day: day), journey.acceptance, tmp_path / "p.pdf", blank=True
        )
    for foot in feet.values():
        assert "Bố cục do chương trình đề xuất, chưa đối chiếu với mẫu mà Ủy ban nhân dân tỉnh" in foot
        assert "Mã giấy " in foot
        assert "Mẫu số" not in foot
        assert "Mẫu 5" not in foot
    before, after = feet.values()
    assert "TT 28/2018/TT-BTC: TT 64/2024/TT-BTC đã ban hành, chưa đối chiếu" in before
    assert "TT 28/2018/TT-BTC: TT 64/2024/TT-BTC, TT 139/2026/TT-BTC đã ban hành, chưa đối chiếu" in after


def test_the_minutes_hold_every_stored_answer(played, tmp_path):
    workspace, journey = played
    words = paper(workspace, journey.acceptance, tmp_path / "a.pdf")
    visit = workspace.store.record(journey.acceptance)
    missing = [(field.name, answer) for field, answer in answers(visit) if answer and not printed(field, answer, words)]
    assert missing == []
    assert "Bằng chữ: Sáu mươi triệu đồng" in words


def test_the_minutes_invent_no_answer(workspace, tmp_path):
    """A visit with nothing found: no number that the dossier does not hold, blanks instead."""
    proposal = samples.approved(workspace)
    visit = begin(workspace, proposal, "acceptance")
    words = paper(workspace, visit, tmp_path / "a.pdf")
    assert words.count("....") > 20
    amounts = set(re.findall(r"\d{1,3}(?:\.\d{3}){2,}", words))
    assert amounts <= {"570.000.000", "200.000.000", "370.000.000"}
    assert "MAU-" not in words
    assert "None" not in words


def test_a_blank_form_leaves_the_answers_to_the_hand(played, tmp_path):
    workspace, journey = played
    words = paper(workspace, journey.acceptance, tmp_path / "a.pdf", blank=True)
    for answer in ("MAU-2018-0001", "Người Mẫu Ba", "18/10/2018", "Máy đã lắp đặt"):
        assert answer not in words
    assert "Cơ sở chế biến nông sản Mẫu Số Một" in words


def test_practice_papers_and_drafts_say_what_they_are(workspace, tmp_path):
    visit = begin(workspace, samples.proposal(workspace), "acceptance")
    words = paper(workspace, visit, tmp_path / "a.pdf").casefold()
    assert "bản tập, không có giá trị" in words
    assert "bản chưa chốt" in words


def test_the_papers_of_a_kind_are_listed_and_others_refused(workspace, tmp_path):
    assert next(paper.name for paper in printing.papers(workspace, "acceptance")) == "minutes_5a"
    assert printing.papers(workspace, "beneficiary") == []
    owner = samples.beneficiary(workspace)
    for name in ("minutes_5a", "nonsense"):
        with pytest.raises(KcdeskError) as caught:
            printing.print_record(workspace, owner, name, tmp_path / "a.pdf")
        assert caught.value.code == "unknown_document"
    visit = new(workspace, "acceptance", proposal=new(workspace, "proposal", title="Đề án mẫu"), site="Xưởng Mẫu")
    with pytest.raises(KcdeskError):
        printing.print_record(workspace, visit, "minutes_5a", tmp_path / "missing" / "a.pdf")
    name = printing.file_name(workspace, visit, "minutes_5a", blank=True)
    assert name == "Biên bản nghiệm thu cơ sở - để trống - Xưởng Mẫu.pdf"


def test_pages_are_pictures_for_preview_and_printer(played, tmp_path):
    workspace, journey = played
    made = printing.print_record(workspace, journey.acceptance, "minutes_5a", tmp_path / "a.pdf")
    images = [printing.page_image(tmp_path / "a.pdf", page, 36) for page in range(made["pages"])]
    assert len(images) == printing.page_count(tmp_path / "a.pdf") > 1
    assert all(image.startswith(b"\x89PNG") for image in images)


def test_hostile_text_survives_store_paper_and_workbook(workspace, tmp_path):
    visit = begin(workspace, samples.approved(workspace), "acceptance")
    typed = {"site": HOSTILE, "work_done": f"{HOSTILE}\r\n{LONG}", "number": "=1+1"}
    changing.set_values(workspace, visit, typed)
    stored = workspace.store.record(visit)
    assert stored.value("site") == CLEAN
    assert stored.value("work_done").split() == f"{CLEAN} {LONG}".split()

    words = paper(workspace, visit, tmp_path / "a.pdf")
    assert "A & B < C > D </b> =1+1 'x' \"y\" {{ 7*7 }} %s" in words
    assert "cộng hoà" in words
    assert set(LONG.split()) <= set(re.findall(r"chữ\d+", words))

    made = sending.make(workspace, sending.HandoverOrder(path=tmp_path / "c.xlsx"))
    assert sending.inspect(workspace, tmp_path / "c.xlsx", "")["status"] == "authentic"
    sent = sent_packages.sent_records(workspace.store, made["package"]).decode()
    assert LONG in sent
    cells = [
        cell
        for sheet in load_workbook(tmp_path / "c.xlsx")
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]
    shown = [cell.value for cell in cells]
    assert CLEAN in shown
    assert "=1+1" in shown
    assert [value for value in shown if value.startswith("A & B") and "chữ2000" in value]


def test_letters_that_no_font_has_are_said_before_printing(workspace, tmp_path):
    visit = begin(workspace, samples.approved(workspace), "acceptance")
    changing.set_values(workspace, visit, {"work_done": "Biển hiệu 中 🙂 中, ភាសា, ê\u0306"})
    warning = "Chữ không có trong phông, giấy in mã thay cho chữ: 中 🙂"
    assert printing.prepare_paper(workspace, visit, "minutes_5a").warning() == warning
    assert printing.print_record(workspace, visit, "minutes_5a", tmp_path / "a.pdf")["warning"] == warning
    changing.set_values(workspace, visit, {"work_done": "Biển hiệu ភាសា, ê\u0306"})
    assert printing.prepare_paper(workspace, visit, "minutes_5a").warning() == ""
    assert "warning" not in printing.print_record(workspace, visit, "minutes_5a", tmp_path / "b.pdf")


def test_above_a_department_stands_its_committee_not_the_office_that_it_hands_over_to(offices, tmp_path):
    agency = "Cục Công Thương địa phương"
    province = offices.make("SCT", "province", name="Sở Công Thương tỉnh Gia Lai", province="52", parent=agency)
    unit = offices.make("XA", name="Phòng Kinh tế xã Số Một", province="52", parent="UBND xã Số Một")
    heads = {}
    for office in (province, unit):
        id_ = samples.new(office, "plan", year=2026, programme="local")
        printing.print_record(office, id_, "registration_report", tmp_path / "r.pdf")
        with pypdfium2.PdfDocument(tmp_path / "r.pdf") as paper:
            heads[office.identity.unit.code] = " ".join(paper[0].get_textpage().get_text_range().split())
    assert "ỦY BAN NHÂN DÂN TỈNH GIA LAI" in heads["SCT"]
    assert agency.upper() not in heads["SCT"]
    assert "UBND XÃ SỐ MỘT" in heads["XA"]
