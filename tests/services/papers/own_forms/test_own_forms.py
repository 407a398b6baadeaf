"""An office's own Word file writes a paper with every field right; every fault of it is named with its place."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from kcdesk.errors import UserError
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printing
from kcdesk.services.papers.own_forms import kept_forms, taking
from kcdesk.services.records import changing
from tests.services import samples
from tests.services.papers.own_forms.word_files import SOFFICE, made_of, of_office, words_of
from tests.services.samples import begin

_FORM = """
<p><b>{{ don_vi.ten.hoa }}</b></p>
<p>Đề án: {{ Đề án.Tên }}; quyết định {{ de_an.ngay_quyet_dinh.bang_chu }}.</p>
<p>Kết luận: {{ nghiem_thu.ket_luan.nghiem_thu }} nghiệm thu {{ nghiem_thu.ket_luan.khong_nghiem_thu }} không</p>
<p>Hỗ trợ: {{ de_an.kinh_phi_duoc_duyet }} ({{ de_an.kinh_phi_duoc_duyet.bang_chu }})</p>
<p>{{ chi_khi.nghiem_thu.so_bien_ban_lan_truoc }}Tiếp theo biên bản số {{ nghiem_thu.so_bien_ban_lan_truoc }}</p>
<table border="1">
<tr><td>TT</td><td>Họ tên</td><td>Đại diện</td></tr>
<tr><td>{{ stt }}</td><td>{{ nghiem_thu.thanh_phan.ho_ten }}</td><td>{{ nghiem_thu.thanh_phan.dai_dien_ben }}</td></tr>
<tr><td></td><td>Cộng: {{ nghiem_thu.thanh_phan.so_dong }}</td>
<td>{{ nghiem_thu.kinh_phi.theo_du_toan_cua_de_an.tong.so }}</td></tr>
</table>
<p>Ký: {{ nghiem_thu.thanh_phan.so_cong_thuong.ho_ten.dau_tien }} – dấu ngoặc { giữ nguyên }</p>
"""


@pytest.fixture
def visit(workspace):
    """An acceptance that can be made final."""
    proposal = samples.approved(workspace)
    samples.contract(workspace, proposal)
    id_ = begin(workspace, proposal, "acceptance")
    samples.answer(workspace, id_)
    return id_


def office_form(folder: Path) -> Path:
    if SOFFICE:
        return of_office(_FORM, folder)
    document = docx.Document()
    for line in _FORM.split("\n"):
        document.add_paragraph(line)
    document.save(str(folder / "form.docx"))
    return folder / "form.docx"


@pytest.mark.skipif(not SOFFICE, reason="the office's form is made in LibreOffice")
def test_a_form_made_in_libreoffice_is_filled_with_every_field_right(workspace, visit, tmp_path):
    form = taking.take_in(workspace, "minutes_5a", office_form(tmp_path), "Biên bản của Trung tâm")
    assert (form.version, form.label) == (1, "Biên bản của Trung tâm")
    printing.prepare_paper(workspace, visit, "minutes_5a").docx(tmp_path / "filled.docx", lambda *_: None)
    words = words_of(tmp_path / "filled.docx")
    for line in (
        "TRUNG TÂM KHUYẾN CÔNG MẪU",
        "Đề án: Hỗ trợ ứng dụng máy móc tiên tiến (mẫu); quyết định ngày 15 tháng 02 năm 2018.",
        "Kết luận: ☒ nghiệm thu ☐ không",
        "Hỗ trợ: 200.000.000 đồng (Hai trăm triệu đồng)",
        "Ký: Người Mẫu Ba – dấu ngoặc { giữ nguyên }",
        "Mẫu của Trung tâm Khuyến công mẫu: Biên bản của Trung tâm, bản 1; nơi lập mẫu chịu trách nhiệm về lời văn",
    ):
        assert line in words
    assert "Tiếp theo biên bản" not in words, "a line that depends on a value without one"
    assert "Mẫu 5a" not in words, "a local paper names no national form"
    (table,) = docx.Document(str(tmp_path / "filled.docx")).tables
    rows = [tuple(cell.text.strip() for cell in row.cells) for row in table.rows]
    assert rows == [
        ("TT", "Họ tên", "Đại diện"),
        ("1", "Người Mẫu Ba", "Sở Công Thương"),
        ("2", "Người Mẫu Một", "Đơn vị thụ hưởng"),
        ("", "Cộng: 2", "570.000.000"),
    ]


def test_a_locked_paper_keeps_its_form_and_the_paper_can_go_back_to_ours(workspace, visit, tmp_path):
    def written(name):
        printing.prepare_paper(workspace, visit, "minutes_5a").docx(tmp_path / name, lambda *_: None)
        return words_of(tmp_path / name)

    for version in (1, 2):
        (tmp_path / f"{version}.docx").write_bytes(made_of(f"Bản {version} của đơn vị: {{{{ nghiem_thu.ket_luan }}}}"))
    taking.take_in(workspace, "minutes_5a", tmp_path / "1.docx")
    steps.take_step(workspace, visit, "finalise")
    first = written("a.docx")
    assert "Bản 1 của đơn vị: Nghiệm thu" in first
    taking.take_in(workspace, "minutes_5a", tmp_path / "2.docx")
    assert written("b.docx") == first, "what was locked prints as it was"
    (paper,) = (paper for paper in printing.papers_of(workspace, visit) if paper.name == "minutes_5a")
    assert paper.own.startswith("Theo mẫu Word của đơn vị, bản 1 (Trung tâm Khuyến công mẫu); nơi lập mẫu chịu trách")
    steps.take_step(workspace, visit, "correct", "sửa")
    changing.set_values(workspace, visit, {"work_done": "Đã làm lại"})
    assert "Bản 2 của đơn vị" in written("c.docx")
    kept_forms.use(workspace, "minutes_5a", kept_forms.PROGRAM)
    assert "BIÊN BẢN" in written("d.docx")
    taking.take_in(workspace, "minutes_5a", tmp_path / "1.docx")
    assert [form.choice for form in kept_forms.every_form(workspace, "minutes_5a")] == ["own@2", "own@1"]
    assert "Bản 1 của đơn vị" in written("e.docx"), "a file that is known is used again, not kept twice"


FAULTS = {
    "{{ de_an.tenn }}": ("Đoạn 1 («{{ de_an.tenn }}»): không có chỗ điền «de_an.tenn»", "{{ de_an.ten }}"),
    "{{ de_an.ten": ("mở «{{» mà không đóng «}}» trong cùng đoạn", "trên một đoạn"),
    "de_an.ten }}": ("có «}}» mà không có «{{»", "trên một đoạn"),
    "{ de_an.ten }": ("«{ de_an.ten }» thiếu hoặc thừa dấu ngoặc", "{{ de_an.ten }}"),
    "{{ de_an.ten }": ("thiếu hoặc thừa dấu ngoặc", "{{ de_an.ten }}"),
    "{{ }}": ("chỗ điền để trống", "Chèn trường"),
    "{{ de_an.ten | upper }}": ("không phải tên chỗ điền", "«|»"),
    "{{ ''.__class__.__mro__ }}": ("không phải tên chỗ điền", "lệnh không dùng được"),
    "{{ nghiem_thu.__class__ }}": ("không phải tên chỗ điền", "lệnh không dùng được"),
    "{{ 7 * 7 }}": ("không phải tên chỗ điền", "phép tính"),
    "{% for x in range(999999999) %}{% endfor %}": ("vòng lặp cũng vậy", "dòng ấy tự lặp"),
    "{% include '/etc/passwd' %}": ("không dùng được", "dòng ấy tự lặp"),
    "{# ẩn #}": ("không dùng được", "dòng ấy tự lặp"),
    "{{ can_bo.ho_ten }}": ("là của «Cán bộ», giấy này không được lấy từ đó", "Giấy này lấy từ"),
    "{{ yeu_cau_bo_sung.noi_dung }}": ("là của «Những chỗ phải bổ sung», giấy này không được", "Giấy này lấy từ"),
    "{{ nghiem_thu.may_moc }}": ("chưa chỉ rõ lấy ô nào", "nghiem_thu.may_moc."),
    "{{ stt }}": ("số thứ tự đứng ngoài dòng lặp", "danh sách"),
    "{{ nghiem_thu.may_moc.so_luong }} {{ nghiem_thu.thanh_phan.ho_ten }}": ("hai danh sách", ".dau_tien"),
    "Không có gì": ("Mẫu chưa có chỗ điền nào", "Chèn trường"),
}


def test_every_fault_is_named_with_its_place_and_what_was_meant(workspace, tmp_path):
    for text, wanted in FAULTS.items():
        (tmp_path / "form.docx").write_bytes(made_of(text))
        sentences = " / ".join(
            fault.sentence() for fault in taking.check_file(workspace, "minutes_5a", tmp_path / "form.docx").faults
        )
        assert all(part in sentences for part in wanted), (text, sentences)
    rows = (("TT", "Tên"), ("{{ stt }}", "{{ nghiem_thu.may_moc.ten_may }}"))
    (tmp_path / "form.docx").write_bytes(made_of("{{ don_vi.ten }}", rows=rows))
    first, *_ = taking.check_file(workspace, "minutes_5a", tmp_path / "form.docx").faults
    assert first.place.startswith("Bảng 1, dòng 2, ô "), first


def test_a_dossier_decides_which_parts_the_file_to_begin_with_has(workspace, visit, tmp_path):
    record = workspace.store.record(visit)
    assert record.value("proposal")
    taking.write_starting_form(workspace, "minutes_5a", tmp_path / "start.docx", record)
    words = words_of(tmp_path / "start.docx")
    assert "đề án khuyến công địa phương" in words
    assert "khuyến công quốc gia" not in words
    assert "{{ co_quan_to_chuc.ten.hoa }}" in words
    form = taking.check_file(workspace, "minutes_5a", tmp_path / "start.docx")
    assert form.faults == ()


def test_our_own_layouts_with_placeholders_are_forms_without_faults(workspace, tmp_path):
    papers = [layout.id for layout in kept_forms.papers_for_forms(workspace)]
    assert len(papers) > 30
    assert "labels" not in papers
    for paper in ("minutes_5b", "proposal_outline", "registration_report", "vouchers_8b"):
        taking.write_starting_form(workspace, paper, tmp_path / "start.docx")
        form = taking.check_file(workspace, paper, tmp_path / "start.docx")
        assert (form.faults, len(form.used) > 20) == ((), True), paper
    (tmp_path / "start.docx").write_bytes(made_of("Kết quả: {{ nghiem_thu.ket_luan }}"))
    for paper in ("labels", "report", "no_such_paper"):
        with pytest.raises(UserError) as refusal:
            taking.take_in(workspace, paper, tmp_path / "start.docx")
        assert refusal.value.code in ("no_word_form", "unknown_document")
