"""Summaries: sentences with figures reckoned by hand, prints that are kept, and what has changed since."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from docx import Document as WordFile

from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import FormsError
from kcdesk.reports.report_period import period_of
from kcdesk.reports.report_table import TableColumn
from kcdesk.reports.summary.definitions import load_summaries
from kcdesk.reports.summary.model import SummaryFigure
from kcdesk.reports.summary.sentences import SentenceError, parsed_sentence
from kcdesk.services.records import changing
from kcdesk.services.reporting import running, summaries, summary_paper, summary_prints
from kcdesk.services.reporting.figures import money_unit
from kcdesk.services.reporting.summaries import WantedSummary
from kcdesk.services.reporting.summary_paper import Signing
from kcdesk.services.reporting.summary_words import SummaryNumber, change_in_words, sentence_of

MILLION = 1_000_000
HALF = WantedSummary(name="work", period=period_of(named="6m2026"))


def approved(insert, title, day, support, **more):
    """A proposal of the local programme that was approved on a day."""
    values = {"year": int(day[:4]), "programme": "local", "activity": "machinery", "decision_date": day}
    money = {"approved_support": support * MILLION}
    return insert("proposal", **{"state": "approved", "title": title, **values, **money, **more})


@pytest.fixture
def halves(insert):
    """Three proposals with 450 million in the first half of 2026, two with 400 in that of 2025; one difficulty."""
    approved(insert, "Máy cưa", "2026-02-01", 100, ends_on="2026-05-31")
    approved(insert, "Máy sấy", "2026-03-01", 150)
    approved(insert, "Máy dệt", "2026-06-30", 200)
    approved(insert, "Máy ép", "2026-07-01", 999)
    approved(insert, "Lò nung", "2025-02-01", 300)
    approved(insert, "Lò gốm", "2025-05-01", 100)
    insert("proposal", state="draft", title="Nháp", year=2026, programme="local", requested_support=70 * MILLION)
    told = {"establishment": "Ông Nguyễn Văn Kín", "content": "Thiếu vốn lưu động", "wish": "Vay vốn ưu đãi"}
    insert("difficulty", state="open", raised_on="2026-04-01", topic="capital", progress="open", **told)


def texts(filled):
    """The lines of a summary."""
    return [line.text for line in filled.lines]


@pytest.mark.usefixtures("halves")
def test_a_half_year_in_words(workspace):
    workspace.today = lambda: date(2026, 7, 5)
    filled = summaries.fill(workspace, HALF)
    assert filled.title == "Kết quả công tác khuyến công 6 tháng đầu năm 2026"
    # 3 against 2: +50 %; 450 against 400 million: +12,5 %
    assert (
        "Trong 6 tháng đầu năm 2026, có 3 đề án được phê duyệt, tăng 50% so với cùng kỳ năm trước. "
        "Kinh phí khuyến công theo kế hoạch được phê duyệt là 450 triệu đồng, tăng 12,5% so với cùng kỳ năm trước; "
        "khuyến công địa phương 450 triệu đồng."
    ) in texts(filled)
    assert "Trong 6 tháng đầu năm 2026 chưa giải ngân kinh phí khuyến công." in texts(filled)
    assert "Đến hết 6 tháng đầu năm 2026 có 1 đề án quá hạn mà chưa nghiệm thu xong:" in texts(filled)
    assert "- Máy cưa: ngày kết thúc đã duyệt 31/5/2026, đã phê duyệt." in texts(filled)
    assert "- Vốn, tín dụng: Thiếu vốn lưu động." in texts(filled)
    assert "III. Nhiệm vụ trọng tâm 6 tháng cuối năm 2026" in texts(filled)
    assert not any("Kín" in line or "  " in line or "[" in line or "{" in line for line in texts(filled))
    funding = "Kinh phí khuyến công: kế hoạch và thực hiện"
    assert f"{funding}: không tính 1 đề án chưa được phê duyệt, đề nghị hỗ trợ (70.000.000 đồng)." in filled.notes


@pytest.mark.usefixtures("halves")
def test_no_number_stands_in_a_sentence_without_a_figure(workspace):
    """Every number of the text is that of a figure, a day or year of the period, or of a record that is listed."""
    filled = summaries.fill(workspace, HALF)
    for line in filled.lines:
        if line.kind != summaries.TEXT:
            continue
        known = {"6", "2026", "2025"}  # of the period
        for name in line.figures:
            number = filled.numbers[name]
            aspects = (number.aspect(part) for part in ("", "number", "change", "before"))
            known |= {digits for aspect in aspects for digits in re.findall(r"\d[\d.,]*\d|\d", aspect)}
        assert set(re.findall(r"\d[\d.,]*\d|\d", line.text)) <= known, line.text


@pytest.mark.usefixtures("halves")
def test_every_figure_says_its_source_and_its_records(workspace):
    given = summaries.fill(workspace, HALF).as_json()
    planned = given["figures"]["planned"]
    assert (planned["report"], planned["place"], planned["value"]) == ("funding", "total/planned", 450 * MILLION)
    assert planned["source"] == "Khoản 3 Điều 8 TT 36/2013/TT-BCT"
    titles = {workspace.store.record(id_).value("title") for id_ in planned["records"]}
    assert titles == {"Máy cưa", "Máy sấy", "Máy dệt"}
    named = {name for line in given["lines"] for name in line["figures"]}
    assert named <= set(given["figures"])
    assert all(figure["source"] and figure["definition"] for figure in given["figures"].values())


def test_a_store_without_last_year_says_so_and_compares_nothing(workspace, insert):
    approved(insert, "Máy cưa", "2026-02-01", 100)
    lines = texts(summaries.fill(workspace, HALF))
    assert lines[0].startswith("Kho dữ liệu chưa có số liệu cùng kỳ năm trước")
    assert not any("so với cùng kỳ năm trước" in line for line in lines[1:])


@pytest.mark.parametrize(
    ("now", "before", "unit", "words"),
    [
        (450, 400, "đề án", "tăng 12,5% so với cùng kỳ năm trước"),
        (300, 400, "đề án", "giảm 25% so với cùng kỳ năm trước"),
        (2, 3, "đề án", "giảm 33,3% so với cùng kỳ năm trước"),
        (7, 7, "đề án", "bằng cùng kỳ năm trước"),
        (0, 0, "đề án", "cùng kỳ năm trước cũng không có"),
        (5, 0, "đề án", "cùng kỳ năm trước không có"),
        (0, 5, "đề án", "giảm 100% so với cùng kỳ năm trước"),
        (100_001, 100_000, "đồng", "tăng chưa đến 0,1% so với cùng kỳ năm trước"),
        (-5 * MILLION, -3 * MILLION, "đồng", "cùng kỳ năm trước -3 triệu đồng"),
        (Decimal("95.2"), Decimal("92.0"), "%", "tăng 3,2 điểm phần trăm so với cùng kỳ năm trước"),
        (Decimal("95.2"), None, "%", "cùng kỳ năm trước không có số để so sánh"),
    ],
)
def test_the_sentence_changes_with_the_figure(now, before, unit, words):
    assert change_in_words(number(now, before, unit)) == words


def number(now, before, unit, *, has_last_year=True):
    """A figure of a summary."""
    rounding = {"%": "percent", "đồng": "money"}.get(unit, "whole")
    column = TableColumn(
        name="x", label="Số", heading="Số", unit=unit, rounding=rounding, definition="Đếm.", source="Điều 1"
    )
    return SummaryNumber(
        figure=SummaryFigure(name="x", report="funding", column="x"), report_label="", row_label="", column=column,
        value=now, before=before, money=money_unit("triệu"), has_last_year=has_last_year,
    )  # fmt: skip


def test_a_part_in_brackets_is_left_out_with_its_figure():
    said = parsed_sentence("[Ngừng {x}[, {x.change}].]")
    assert sentence_of(said, {"x": number(0, 2, "đề án")}, {}) == ""
    assert sentence_of(said, {"x": number(2, 2, "đề án")}, {}) == "Ngừng 2 đề án, bằng cùng kỳ năm trước."
    assert sentence_of(said, {"x": number(2, 0, "đề án", has_last_year=False)}, {}) == "Ngừng 2 đề án."
    for wrong in ("[a", "a]", "{a", "a}", "{A b}"):
        with pytest.raises(SentenceError):
            parsed_sentence(wrong)


@pytest.mark.usefixtures("halves")
def test_a_later_run_says_which_figures_and_dossiers_have_changed(workspace, tmp_path):
    first = summaries.fill(workspace, HALF)
    signing = Signing(
        number="12", dated=period_of("05/7/2026", "05/7/2026").first, recipients=("Cục Công nghiệp", "Lưu: VT")
    )
    written = summary_paper.write_summary(workspace, first, signing, docx=tmp_path / "a.docx", pdf=tmp_path / "a.pdf")
    printed = summary_prints.last_print(workspace, HALF)
    assert (printed.id, printed.details["number"]) == (written["print"], "12")
    assert summary_prints.changes_since(workspace, summaries.fill(workspace, HALF), printed) == []

    ids = {record.title: record.id for record in first.records["funding/total/planned//period"]}
    with workspace.store.act("Điều chỉnh kinh phí") as act:
        act.update(ids["Máy sấy"], {"approved_support": 180 * MILLION})
    with workspace.store.act("Chuyển sang kỳ sau") as act:
        act.update(ids["Máy dệt"], {"decision_date": "2026-07-02"})
    with workspace.store.act("Thêm đề án") as act:
        values = {"state": "approved", "revision": 1, "title": "Máy tiện", "year": 2026, "programme": "local"}
        money = {"decision_date": "2026-06-15", "approved_support": 50 * MILLION}
        added = act.insert("proposal", workspace.forms.current("proposal").reference, {**values, **money})
    changes = summary_prints.changes_since(workspace, summaries.fill(workspace, HALF), printed)
    planned = next(change for change in changes if change.label == "Kinh phí khuyến công theo kế hoạch được phê duyệt")
    assert (planned.before, planned.after) == ("450 triệu đồng", "330 triệu đồng")  # 100 + 180 + 50
    seen = {dossier.title: dossier for dossier in planned.dossiers}
    assert {title: dossier.what for title, dossier in seen.items()} == {
        "Máy tiện": "added", "Máy dệt": "left", "Máy sấy": "changed",
    }  # fmt: skip
    assert seen["Máy tiện"].id == added
    assert (seen["Máy sấy"].before, seen["Máy sấy"].after) == ("150 triệu đồng", "180 triệu đồng")
    assert seen["Máy dệt"].why.endswith("Nguyễn Thị Mẫu: chuyển sang kỳ sau")
    assert ";" not in seen["Máy dệt"].why  # what was done before the print is no reason
    # the number of proposals is the same, but they are others
    count = next(change for change in changes if change.label == "Số đề án được phê duyệt")
    assert (count.before, count.after) == ("3 đề án", "3 đề án")
    assert {dossier.title for dossier in count.dossiers} == {"Máy tiện", "Máy dệt"}
    lines = list(summary_prints.lines_since(printed, changes))
    assert any("không còn tính: Máy dệt (200 triệu đồng)" in line for line in lines)
    assert workspace.store.check() == []


@pytest.mark.usefixtures("halves")
def test_a_print_is_kept_once_and_a_deleted_dossier_is_still_named(workspace, tmp_path):
    filled = summaries.fill(workspace, HALF)
    for _ in range(2):
        summary_paper.write_summary(workspace, filled, docx=tmp_path / "a.docx")
    assert len(summary_prints.prints_of(workspace, HALF)) == 1
    changing.delete(workspace, filled.records["difficulties/total/raised//period"][0].id)
    printed = summary_prints.last_print(workspace, HALF)
    changes = summary_prints.changes_since(workspace, summaries.fill(workspace, HALF), printed)
    raised = next(change for change in changes if change.label.startswith("Khó khăn được nêu"))
    assert (raised.before, raised.after) == ("1 vấn đề", "0 vấn đề")
    assert [dossier.what for dossier in raised.dossiers] == ["left"]
    whole_year = WantedSummary(name="work", period=period_of(named="2026"))
    assert summary_prints.last_print(workspace, whole_year) is None
    with pytest.raises(UserError) as refusal:
        summary_prints.print_named(workspace, HALF, "zz")
    assert refusal.value.code == "no_print"


@pytest.mark.usefixtures("halves")
def test_the_paper_has_letterhead_number_recipients_and_signature(workspace, tmp_path):
    own = {"tasks": "Đôn đốc nghiệm thu."}
    filled = summaries.fill(workspace, WantedSummary(name="", period=HALF.period, own=own))
    signing = Signing(
        number="5", recipients=("Cục Công nghiệp", "Lưu: VT"), signer_title="Giám đốc", signer="Trần Văn Mẫu"
    )
    summary_paper.write_summary(workspace, filled, signing, docx=tmp_path / "a.docx")
    document = WordFile(str(tmp_path / "a.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    words = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    for wanted in (
        "Số: 05/BC-TTKC", "BÁO CÁO", "Kết quả công tác khuyến công 6 tháng đầu năm 2026", "I. KẾT QUẢ THỰC HIỆN",
        "tăng 12,5% so với cùng kỳ năm trước", "Nhiệm vụ, giải pháp: Đôn đốc nghiệm thu.", "- Cục Công nghiệp;",
        "- Lưu: VT.", "GIÁM ĐỐC", "Trần Văn Mẫu", "Ghi chú về số liệu:", "Khuyến công quốc gia (chưa thực hiện)",
    ):  # fmt: skip
        assert wanted in words, wanted


def test_what_cannot_be_summarised_is_refused(workspace):
    def code(**changes):
        with pytest.raises(UserError) as refusal:
            summaries.fill(workspace, WantedSummary(**{"name": "work", "period": HALF.period, **changes}))
        return refusal.value.code

    assert code(name="wrk") == "no_summary"
    assert code(period=running.wanted_period("2026", "", "")) == "bad_period"
    assert code(own={"task": "x"}) == "no_place"
    assert code(money="dollar") == "no_money_unit"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (('column = "rate"', 'column = "rat"'), "cột “rat” không có"),
        (('report = "funding"', 'report = "fundin"'), "báo cáo “fundin” không có"),
        (('by = ["source"]', 'by = ["sourc"]'), "nhóm “sourc” không có"),
        (("{approved.change}", "{approvd.change}"), "số “approvd” không có"),
        (("{approved.change}", "{approved.chang}"), "cách ghi số “chang” không có"),
        (("[, {approved.change}]", "[, {approved.change}"), "thiếu dấu “]”"),
        (("{topic}: {content}", "{establishment}: {content}"), "là dữ liệu cá nhân"),
        (("{topic}: {content}", "{title}: {content}"), "là dữ liệu cá nhân"),
        (("{topic}: {content}", "{topics}"), "ô “topics” không có"),
        (('records = "late"', 'records = "rate"'), "số tính theo công thức"),
        (("{late} quá hạn", "{late} quá hạn {late.change}"), "số lũy kế"),
        (('own = "tasks"', 'own = "tasks"\ntext = "x"'), "cần đúng một trong các khoá"),
        (('row = "models"', 'row = "model"'), "chỉ tiêu “model” không có"),
    ],
)
def test_a_wrong_definition_is_told_with_its_place(forms, tmp_path, changed, told):
    text = (forms.folder / "summaries" / "work.toml").read_text(encoding="utf-8")
    assert changed[0] in text
    (tmp_path / "summaries").mkdir()
    (tmp_path / "summaries" / "work.toml").write_text(text.replace(*changed), encoding="utf-8")
    with pytest.raises(FormsError) as refusal:
        load_summaries(tmp_path, forms)
    assert told in str(refusal.value)
    assert "summaries/work.toml" in str(refusal.value)
