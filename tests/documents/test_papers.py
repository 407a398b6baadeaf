"""Every paper beside the minutes: filled, empty and blank, read back from its PDF."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import date

import pytest
from pypdfium2 import PdfDocument

from kcdesk import text
from kcdesk.documents import paper_codes
from kcdesk.documents.blocks import Heading, LabelGrid, PhotoGrid, Table, Title
from kcdesk.documents.layouts.templates import FILTERS
from kcdesk.documents.paper import PaperRecord
from kcdesk.documents.pdf.pdf_writer import to_pdf
from tests.documents import samples, visits
from tests.examples import some

NAMES = visits.names()
WITH_PHOTOS = {"photo_annex", "photo_annex_four", "inspection_photo_annex"}
# Stored only to tie records together, or shown as a tick, a heading or in words; looked at below.
NOT_PRINTED = {
    "id", "position", "code", "group", "state", "revision", "proposal", "contract", "beneficiary", "previous",
    "activity", "model", "purpose", "result", "conclusion", "party", "done", "force_majeure", "photos", "found",
    "paper_form", "quantity_difference", "value_difference", "is_new",
}  # fmt: skip


def leaves(value, name=""):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, key)
    elif isinstance(value, list) and name not in NOT_PRINTED:
        for item in value:
            yield from leaves(item, name)
    elif name not in NOT_PRINTED:
        yield name, value


def forms_of(name, value):
    """How an answer may stand on paper."""
    if name.endswith("_on") or name == "since":
        day = date.fromisoformat(value)
        return (text.format_date(day), text.date_in_words(day))
    if name.endswith("_at"):
        return (value.replace(":", " giờ "),)
    if isinstance(value, int):
        return (text.format_integer(abs(value)), str(value))  # words say what is less: «giảm 20.000.000»
    return (str(value), str(value).replace(".", ","))


def missing(paper, answers):
    return [(n, v) for n, v in leaves(answers) if not any(form in paper.text for form in forms_of(n, v))]


@pytest.fixture
def paper(printed):
    """One layout, printed and read back."""

    def write(name, *, blank=False, **changes):
        return printed(samples.layouts()[name].render(visits.context(name, **changes), blank=blank))

    return write


def test_every_shipped_layout_names_its_source():
    assert set(visits.ANSWERS) <= set(NAMES)
    assert all(layout.source for layout in samples.layouts().values())


@pytest.mark.parametrize("name", ["minutes_5a", "minutes_5b", "minutes_5c", "inspection_record", "liquidation_record"])
def test_a_record_is_printed_with_every_answer(paper, name):
    assert missing(paper(name), visits.ANSWERS[name]) == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_invented_for_an_empty_record(printed, name):
    paper = printed(samples.layouts()[name].render(visits.empty_context(name)))
    assert "None" not in paper.text
    assert not re.search(r"\d{1,3}(\.\d{3}){2}", paper.text)
    if name not in WITH_PHOTOS | {"labels"}:
        assert "......" in paper.text


@pytest.mark.parametrize("name", NAMES)
def test_a_blank_print_has_no_answer(paper, name):
    blank = paper(name, blank=True).text
    for answer in ("Người Mẫu Ba", "MAU-2018-0001", "Chưa ghi từ tháng sáu", "Đã có dấu", "190.000.000", "hướng 1"):
        assert answer not in blank


@pytest.mark.parametrize("name", some(14, NAMES))
def test_the_file_is_clean(name):
    raw = to_pdf(samples.layouts()[name].render(visits.context(name)))
    fonts = set(re.findall(rb"/BaseFont\s*/([A-Za-z+-]+)", raw))
    assert fonts
    assert all(b"+Tinos" in font for font in fonts)
    assert raw.count(b"/FontFile2") == len(fonts)
    with closing(PdfDocument(raw)) as pdf:
        properties = pdf.get_metadata_dict()
        outline = list(pdf.get_toc())
    assert properties["Title"]
    assert "mẫu" in properties["Author"].lower()
    assert b"/Lang (vi-VN)" in raw
    assert b"/DisplayDocTitle true" in raw
    blocks = samples.layouts()[name].render(visits.context(name)).blocks
    assert bool(outline) is any(isinstance(block, Heading | Title) for block in blocks)
    if name not in WITH_PHOTOS:
        assert len(raw) <= 300_000


def test_the_minutes_of_all_sites_list_what_each_site_was_found(paper):
    found = paper("minutes_5b")
    assert "KẾT QUẢ NGHIỆM THU TẠI TỪNG ĐỊA ĐIỂM" in found.text
    assert "Xưởng chế biến Mẫu Số Một" in found.text


def test_the_central_agency_is_first_in_its_minutes_and_signs_last(paper):
    people = [{"id": "r1", "position": 1.0, "party": "central_agency", "name": "Người Mẫu Chín"}]
    found = paper("minutes_5c", participants=[*people, *samples.ANSWERS["participants"]])
    assert found.text.index("Đại diện Cục Công nghiệp (mẫu)") < found.text.index("Đại diện đơn vị thực hiện đề án")
    assert found.text.rindex("CỤC CÔNG NGHIỆP (MẪU)") > found.text.rindex("ĐƠN VỊ THỰC HIỆN")


def test_a_second_visit_shows_the_open_points_and_names_the_first(paper):
    found = paper("remedy_record")
    assert "tiếp theo Biên bản nghiệm thu cơ sở số 05/BB-TTKC ngày 15 tháng 10 năm 2018" in found.text
    for answer in ("Bổ sung dấu của bên bán", "02/11/2018", "Thiếu dấu của bên bán.", "Đã có dấu.", "140.000.000"):
        assert answer in found.text
    assert "Biên bản này tiếp theo" in paper("minutes_5a", **visits.SECOND).text


def test_which_papers_a_record_has():
    def suiting(kind, data):
        record = samples.record(kind, data)
        return {name for name, layout in samples.layouts().items() if layout.suits(record)}

    first, second = suiting("acceptance", {}), suiting("acceptance", {"previous": "a1", "model": "5b"})
    assert {"minutes_5a", "blank_checklist"} <= first
    assert first.isdisjoint({"remedy_record", "minutes_5b", "photo_annex", "liquidation_record"})
    assert "minutes_5b" in second
    assert second.isdisjoint({"minutes_5a", "remedy_record", "supplement_letter"})
    remedies = [{"id": "1", "remedy": "Lắp chắn", "since": "2018-12-05"}]
    assert "remedy_record" in suiting("acceptance", {"previous": "a1", "remedies": remedies})
    assert "remedy_record" not in suiting("acceptance", {"remedies": remedies})
    assert "liquidation_record" in suiting("contract", {})


@pytest.mark.parametrize(
    ("row", "is_offered"),
    [
        ({"group": "paper", "paper_form": "missing"}, True),
        ({"group": "paper", "result": "fail"}, True),
        ({"group": "paper", "result": "pass", "paper_form": "original"}, False),
        ({"group": "fact", "result": "fail"}, False),
        ({"group": "paper"}, False),
    ],
)
def test_the_letter_is_offered_only_when_a_paper_is_missing_or_wrong(row, is_offered):
    visit = samples.record("acceptance", {"checklist": [{"id": "1", "item": "Hóa đơn", **row}]})
    assert samples.layouts()["supplement_letter"].suits(visit) is is_offered


def test_the_sheet_to_write_on_names_what_was_asked_before_and_not_what_is_being_written(paper):
    rows = [
        {"id": "1", "remedy": "Lắp chắn", "responsible": "Cơ sở", "due_on": "2018-12-31", "since": "2018-12-05"},
        {"id": "2", "remedy": "Sơn lại", "responsible": "Cơ sở", "due_on": "2019-02-28"},
    ]
    for name, blank in (("blank_checklist", False), ("remedy_record", True)):
        text = paper(name, blank=blank, previous="a1", remedies=rows).text
        assert "Lắp chắn" in text
        assert "Sơn lại" not in text


def test_papers_that_are_missing_or_wrong_stand_in_the_letter(paper):
    rows = [
        {"id": "1", "group": "paper", "item": "Hợp đồng mua máy", "result": "pass", "paper_form": "original"},
        {"id": "2", "group": "paper", "item": "Hóa đơn mua máy", "paper_form": "missing", "source": "Khoản 5 Điều 14"},
        {"id": "3", "group": "paper", "item": "Báo cáo tổng hợp", "result": "fail", "finding": "chưa ký"},
        {"id": "4", "group": "fact", "item": "Máy chạy ổn định", "result": "fail", "finding": "rung"},
    ]
    letter = paper("supplement_letter", checklist=rows).text
    assert "V/v bổ sung hồ sơ nghiệm thu" in letter
    assert "Hóa đơn mua máy Khoản 5 Điều 14 Thiếu" in letter
    assert "Chưa hợp lệ: chưa ký" in letter
    assert "Hợp đồng mua máy" not in letter
    assert "Máy chạy ổn định" not in letter
    assert "Cần Thơ, ngày ...." in letter


def test_what_a_proposal_lacks_stands_in_its_letter(paper):
    assert "Dự toán chưa khớp nguồn vốn." in paper("supplement_letter_proposal").text


def test_only_papers_that_are_there_are_handed_over(paper):
    rows = [
        {"id": "1", "group": "paper", "item": "Hợp đồng mua máy", "paper_form": "valid_copy"},
        {"id": "2", "group": "paper", "item": "Hóa đơn mua máy", "paper_form": "missing"},
    ]
    found = paper("handover_list", checklist=rows).text
    assert "Hợp đồng mua máy Bản sao hợp lệ" in found
    assert "Hóa đơn mua máy" not in found
    assert "Phụ lục ảnh: 3 ảnh" in found


def test_the_sheet_to_write_on_is_numbered_as_the_list_and_never_filled():
    layout = samples.layouts()["blank_checklist"]
    document = layout.render(visits.context("blank_checklist"))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    numbers = [row.cells[0] for table in tables[:2] for row in table.rows]
    assert numbers == [(str(n),) for n in range(1, 10)]
    assert "Tick(on=True)" not in repr(document)
    assert paper_codes.read_qr(document.qr).is_blank


@pytest.mark.parametrize(("name", "per_page", "pages"), [("photo_annex", 2, 2), ("photo_annex_four", 4, 1)])
def test_photos_stand_two_or_four_on_a_page(paper, name, per_page, pages):
    found = paper(name)
    assert len(found.pages) == pages
    for number, page in enumerate(found.pages):
        shown = re.findall(r"Ảnh (\d)\. Máy sấy nhìn từ hướng (\d)", page)
        assert shown == [(str(n), str(n)) for n in range(1, 4)][number * per_page : (number + 1) * per_page]
    assert "không có trong kho này" in found.text  # the last one has not come


def test_photos_are_made_small_and_kept_once():
    photos = [visits.photo(2, id=f"p{n}") for n in range(4)]
    context = visits.context("photo_annex_four", photos=[*photos, visits.photo(3)])
    raw = to_pdf(samples.layouts()["photo_annex_four"].render(context))
    assert raw.count(b"/Subtype /Image") == 1
    assert len(raw) < 400_000


def test_the_minutes_count_photos_that_would_fill_a_page(paper):
    many = [visits.photo(2, id=f"p{n}", caption=f"Góc {n}") for n in range(21)]
    assert "Ảnh chụp, tài liệu kèm theo: 21 ảnh, tài liệu" in paper("minutes_5a", photos=many).text
    assert "Góc 0; Góc 1" in paper("minutes_5a", photos=many[:2]).text


def test_facts_of_a_photo_and_the_machine_that_it_shows_are_printed(paper):
    facts = {"taken_at": "2018-10-15T09:12:44", "latitude": "10.1", "longitude": "105.2"}
    plate = visits.photo(1, caption="", item="machines/r1", **facts)
    found = paper("photo_annex", photos=[plate, visits.photo(2)]).text
    assert "Ảnh 1. Máy sấy nông sản tự động" in found
    assert "Chụp lúc 09:12 ngày 15/10/2018, tọa độ 10.1, 105.2" in found
    assert plate["sha256"][:16] in found


def test_what_is_no_photo_is_said_and_stops_nothing(printed):
    context = visits.context("photo_annex") | {"read_file": lambda _sha256: b"no photo"}
    paper = printed(samples.layouts()["photo_annex"].render(context))
    assert paper.text.count("không có trong kho này hoặc đã hỏng") == 3


def test_labels_name_the_machine_and_carry_the_code():
    document = samples.layouts()["labels"].render(visits.context("labels"))
    (grid,) = document.blocks
    assert isinstance(grid, LabelGrid)
    assert len(grid.labels) == 2
    assert all(label.qr == document.qr for label in grid.labels)
    assert ("Số máy: MAU-2018-0001",) in grid.labels[1].lines


def test_labels_have_no_page_furniture(paper):
    assert "Mã giấy" not in paper("labels").text


def test_a_blank_print_has_no_photos():
    document = samples.layouts()["photo_annex"].render(visits.context("photo_annex"), blank=True)
    assert not any(isinstance(block, PhotoGrid) for block in document.blocks)


def test_money_to_give_back_is_said(paper):
    liquidation = paper("liquidation_record").text
    assert "Bên B phải hoàn trả bên A: 10.000.000 đồng Bằng chữ: Mười triệu đồng" in liquidation
    assert "-10.000.000" not in liquidation


@pytest.mark.parametrize(("average", "reached"), [("9.5", False), ("70", True), ("100", True), (None, False)])
def test_numbers_are_compared_as_numbers(average, reached):
    """9,5 points are less than 70, though the text "9.5" sorts after "70"."""
    answers = {"pass_mark": "70"} | ({"average": average} if average else {})
    entry = PaperRecord(samples.record("product_entry", answers))
    assert (entry.average >= entry.pass_mark) is reached
    assert (entry.pass_mark <= entry.average) is reached


@pytest.mark.parametrize(
    ("written", "organ", "head"),
    [
        ("Chủ tịch UBND tỉnh Gia Lai", "UBND tỉnh Gia Lai", "Chủ tịch"),
        ("CHỦ TỊCH UBND TỈNH", "UBND TỈNH", "Chủ tịch"),
        ("UBND tỉnh Gia Lai", "UBND tỉnh Gia Lai", "Chủ tịch"),
        ("Sở Công Thương", "Sở Công Thương", "Giám đốc"),
        ("Phó Giám đốc Sở Công Thương", "Sở Công Thương", "Giám đốc"),
        ("KT. Giám đốc Sở Công Thương", "Sở Công Thương", "Giám đốc"),
        ("Bộ trưởng Bộ Công Thương", "Bộ Công Thương", "Bộ trưởng"),
        ("Cục Công Thương địa phương", "Cục Công Thương địa phương", "Cục trưởng"),
        ("Hội đồng bình chọn", "Hội đồng bình chọn", "Thủ trưởng cơ quan"),
    ],
)
def test_the_organ_and_the_office_of_who_signs(written, organ, head):
    assert FILTERS["organ"](written) == organ
    assert FILTERS["head_of"](written) == head


def test_no_mark_of_the_program_stands_in_the_text_of_what_is_signed():
    """The proof mark goes in the footer of unchecked layouts; sheets that explain figures are not signed."""
    for layout in samples.layouts().all:
        if layout.id in ("proposal_ceilings", "month_sheet", "proposal_review") or layout.effective_to:
            continue
        texts = [text for spec in layout.blocks for text in _texts_of(spec)]
        assert not [text for text in texts if "chưa đối chiếu" in text or "chưa đọc được" in text], layout.id


def _texts_of(spec):
    for name in getattr(spec, "__slots__", ()):
        value = getattr(spec, name)
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, str))
            yield from (text for item in value if not isinstance(item, str) for text in _texts_of(item))


def test_a_registration_goes_to_the_agency_and_not_to_the_ministry(printed):
    around = visits.context("registration_report", programme="national", year=2027) | {"agency": "Cục Công nghiệp"}

    def said(level, parent, **of_plan):
        unit = {**samples.UNIT, "level": level, "parent": parent}
        plan = {"plan": samples.record("plan", {"programme": "national", "year": 2027, **of_plan}, samples.ID)}
        return printed(samples.layouts()["registration_report"].render(around | plan | {"unit": unit})).text

    above = "Ủy ban nhân dân tỉnh (mẫu)"
    national = said("province", above)
    assert "Kính gửi: Cục Công nghiệp" in national
    assert f"{above} (để báo cáo)" in national
    assert "Bộ Công Thương" not in national
    assert f"Kính gửi: {above}" in said("province", above, programme="local")
    assert "Kính gửi: Sở Công Thương (mẫu)" in said("lower", "Sở Công Thương (mẫu)")


def test_a_request_for_an_advance_is_no_form_of_the_settlement(paper):
    asked = paper("payment_request", payment_type="advance", amount=70_000_000)
    assert "GIẤY ĐỀ NGHỊ" in asked.text
    assert "Mẫu 9" not in asked.text
    assert "Mẫu số 9" not in asked.text
