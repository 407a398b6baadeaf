"""The register of instruments: how sources cite them, what is refused, and what an unread text means for the others."""

import shutil
from datetime import date

import pytest

from kcdesk import paths
from kcdesk.formdef.law.citations import Article, Citation, citations, in_full, is_proposal
from kcdesk.formdef.law.citing import all_cited
from kcdesk.formdef.law.instruments import LAW
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.regulations import norms

DECREE, LATER, CIRCULAR = "NĐ 45/2012/NĐ-CP", "NĐ 235/2025/NĐ-CP", "TT 36/2013/TT-BCT"


@pytest.mark.parametrize(
    ("source", "cited"),
    [
        (f"Điểm b khoản 1 Điều 10 {CIRCULAR} (trường hợp khác theo Sở)", [(CIRCULAR, "10.1.b")]),
        (f"Điểm a, b khoản 1 và khoản 2 Điều 8 {CIRCULAR}", [(CIRCULAR, "8.1.a 8.1.b 8.2.")]),
        (f"Điều 13, 14 Thông tư số 36/2013/TT-BCT; {DECREE}.", [(CIRCULAR, "13.. 14.."), (DECREE, "")]),
        (f"Khoản 2 Điều 1 {DECREE}, sửa đổi bởi khoản 1 Điều 1 {LATER}", [(DECREE, "1.2."), (LATER, "1.1.")]),
        ("Mẫu 1.9 Phụ lục III Nghị định số 30/2020/NĐ-CP", [("NĐ 30/2020/NĐ-CP", "")]),
        ("Thông tư liên tịch số 26/2014/TTLT-BTC-BCT", [("TTLT 26/2014/TTLT-BTC-BCT", "")]),
        ("Báo cáo hội nghị năm 2023, ngày 12/7/2023", []),
    ],
)
def test_a_source_is_read_into_instruments_and_articles(source, cited):
    found = [
        (item.instrument, " ".join(f"{part.article}.{part.clause}.{part.point}" for part in item.parts))
        for item in citations(source)
    ]
    assert found == cited


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        (Article("8"), Article("8", "2"), True),
        (Article("8", "2"), Article("8", "2", "a"), True),
        (Article("8", "1"), Article("8", "2"), False),
        (Article("8", "", "a"), Article("8", "2", "b"), True),
        (Article("8"), Article("9"), False),
    ],
)
def test_articles_overlap_where_they_have_text_in_common(one, other, common):
    assert (one.overlaps(other), other.overlaps(one)) == (common, common)


def test_a_citation_without_an_article_stands_for_the_whole_instrument():
    assert Citation(DECREE).overlaps(Citation(DECREE, "Điều 4"))
    assert not Citation(DECREE).overlaps(Citation(CIRCULAR))


def test_a_proposal_of_the_program_cites_nothing():
    assert is_proposal("Đề xuất của chương trình, chưa có văn bản quy định")
    assert not is_proposal(f"Điều 1 {DECREE}; nội dung là đề xuất của chương trình")


def test_every_definition_that_is_shipped_cites_the_register():
    known = {entry.id for entry in load().law.instruments}
    cited = {item.instrument for entry in all_cited(paths.forms()) for item in citations(entry.source)}
    assert {number for number in cited if not number.endswith("HĐND")} <= known
    assert len(cited) > 10


# -- cautions --------------------------------------------------------------------------------------------------------


def _cautions(source, on):
    return [(item.instrument, item.since) for item in load().law.cautions(source, on)]


def test_an_unread_replacement_puts_a_caution_on_everything_that_cites_the_older_text_from_its_day():
    source = "Khoản 4 Điều 8 TT 28/2018/TT-BTC, có hiệu lực từ ngày 11/5/2018"
    before, after = _cautions(source, date(2026, 9, 24)), _cautions(source, date(2026, 9, 25))
    assert before == [("TT 64/2024/TT-BTC", date(2024, 8, 28))]
    assert after == [*before, ("TT 139/2026/TT-BTC", date(2026, 9, 25))]
    caution = load().law.cautions(source, date(2026, 9, 25))[-1]
    assert "TT 28/2018/TT-BTC; TT 139/2026/TT-BTC đã ban hành, chưa đối chiếu" in caution.text
    assert caution.to_json().keys() == {"instrument", "text", "from"}


def test_an_amendment_of_one_article_leaves_the_others_alone():
    certificate, vote = "Khoản 3 Điều 17 TT 26/2014/TT-BCT", "Khoản 1 Điều 12 TT 26/2014/TT-BCT"
    assert [number for number, _ in _cautions(certificate, date(2020, 1, 1))] == ["TT 14/2018/TT-BCT"]
    assert _cautions(certificate, date(2018, 8, 15)) == []
    assert _cautions(vote, date(2020, 1, 1)) == []


def test_a_source_that_cites_the_amendment_itself_needs_no_caution_about_it():
    assert _cautions("Khoản 1 Điều 3 TT 26/2014/TT-BCT, sửa đổi bởi TT 38/2025/TT-BCT", date(2026, 1, 1)) == []


def test_trust_expires():
    law = load().law
    words = [item.text for item in law.cautions("Điều 22 NĐ 139/2025/NĐ-CP", date(2027, 1, 1))]
    assert words == ["NĐ 139/2025/NĐ-CP: chưa rà soát năm 2027."]
    assert law.cautions("Điều 22 NĐ 139/2025/NĐ-CP", date(2026, 12, 31)) == ()


def test_three_levels_of_proof():
    law = load().law
    assert law.proof(f"Điều 1 {DECREE}") == "read"
    assert law.proof(f"Điều 1 {DECREE}", unverified=True) == "second_hand"
    assert law.proof("Khoản 4 Điều 8 TT 28/2018/TT-BTC") == "second_hand"
    assert law.proof("Đề xuất của chương trình, chưa có văn bản quy định") == "proposal"


def test_a_source_is_shown_with_its_mark_and_cautions():
    shown = load().law.statement(f"Điều 10 {CIRCULAR}", date(2026, 11, 30), unverified=True)
    assert shown.startswith(f"Điều 10 {CIRCULAR}, chưa đối chiếu; ")
    assert shown.endswith("TT 66/2026/TT-BCT đã ban hành, chưa đối chiếu")


# -- bad input -------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    target = tmp_path / "forms"
    shutil.copytree(paths.forms(), target)
    return target


def _replace(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def _refusal(act):
    with pytest.raises(FormsError) as caught:
        act()
    return str(caught.value)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('replaces = ["TT 1/1999/TT-X"]', "TT 1/1999/TT-X"),
        ('amends = ["TT 139/2026/TT-BTC"]', "trước khi văn bản ấy được ban hành"),
        ('repeals = ["Điều 1 TT 900/2013/TT-BCT"]', "trước khi văn bản ấy được ban hành"),
        ("effective_to = 2013-01-01\neffective_from = 2014-01-01", "hết hiệu lực trước ngày có hiệu lực"),
    ],
)
def test_an_instrument_that_cannot_be_so_is_refused(folder, lines, words):
    head = 'id = "TT 900/2013/TT-BCT"\ntitle = "X"\nissuer = "Y"\nissued_on = 2013-01-01\nreading = "name"'
    with (folder / LAW).open("a", encoding="utf-8") as file:
        file.write(f"\n[[instrument]]\n{head}\n{lines}\n")
    refusal = _refusal(lambda: load(folder))
    assert f"{LAW}, TT 900/2013/TT-BCT" in refusal
    assert words in refusal


def test_instruments_that_replace_each_other_in_a_circle_are_refused(folder):
    for number, other in (("901", "902"), ("902", "903"), ("903", "901")):
        with (folder / LAW).open("a", encoding="utf-8") as file:
            file.write(
                f'\n[[instrument]]\nid = "TT {number}/2013/TT-BCT"\ntitle = "X"\nissuer = "Y"\nreading = "name"\n'
            )
            file.write(f'replaces = ["TT {other}/2013/TT-BCT"]\n')
    refusal = _refusal(lambda: load(folder))
    assert refusal.count("thành vòng") == 1
    assert "TT 901/2013/TT-BCT → TT 902/2013/TT-BCT → TT 903/2013/TT-BCT → TT 901/2013/TT-BCT" in refusal


def test_two_entries_of_one_number_and_a_reader_without_a_name_are_refused(folder):
    with (folder / LAW).open("a", encoding="utf-8") as file:
        file.write(f'\n[[instrument]]\nid = "{CIRCULAR}"\ntitle = "X"\nissuer = "Y"\nreading = "whole"\n')
    refusal = _refusal(lambda: load(folder))
    assert "số hiệu này có hai lần" in refusal
    assert "read_by" in refusal


def test_a_rule_that_cites_an_unknown_instrument_is_refused_wherever_it_stands(folder):
    _replace(folder / "norms" / "national.toml", 'document = "TT 28/2018/TT-BTC"', 'document = "TT 29/2018/TT-BTC"')
    _replace(folder / "workflow.toml", "TT 46/2012/TT-BCT", "TT 46/2012/TT-BTC")
    _replace(folder / "choices.toml", f"Khoản 2 Điều 1 {DECREE}", "Khoản 2 Điều 1 NĐ 54/2012/NĐ-CP")
    refusal = _refusal(lambda: load(folder))
    assert "workflow.toml, proposal/propose: văn bản “TT 46/2012/TT-BTC” không có trong danh mục" in refusal
    assert "choices.toml" in refusal
    assert "“NĐ 54/2012/NĐ-CP” không có trong danh mục" in refusal
    _replace(folder / "choices.toml", "NĐ 54/2012/NĐ-CP", DECREE)
    _replace(folder / "workflow.toml", "TT 46/2012/TT-BTC", "TT 46/2012/TT-BCT")
    forms = load(folder)
    refusal = _refusal(lambda: norms.load(folder, forms))
    assert "“TT 29/2018/TT-BTC” không có trong danh mục" in refusal
    assert "norms/national.toml, vocational_training/period 2" in refusal


@pytest.mark.parametrize("number", ["NQ 12/2026/NQ-HĐND", "NQ 12/2026/NQ-HDND", "QĐ 5/2026/QĐ-UBND tỉnh Lạng Sơn"])
def test_a_text_of_a_province_needs_no_entry(folder, number):
    _replace(folder / "norms" / "binh_duong.toml", "NQ 14/2019/NQ-HĐND tỉnh Bình Dương", number)
    forms = load(folder)
    assert number in {line.periods[-1].source for norm in norms.load(folder, forms) for line in norm.lines}


def test_a_rule_may_not_cite_what_a_read_text_has_ended_on_its_days(folder):
    text = (folder / LAW).read_text("utf-8")
    entry = text[text.index('id = "TT 139/2026/TT-BTC"') :].partition("[[instrument]]")[0]
    read = entry.replace('"second_hand"', '"whole"\nread_by = "Sở"\nread_on = 2026-12-01\neffective_from = 2026-11-09')
    (folder / LAW).write_text(text.replace(entry, read), encoding="utf-8")
    forms = load(folder)
    refusal = _refusal(lambda: norms.load(folder, forms))
    assert "TT 28/2018/TT-BTC không còn hiệu lực từ ngày 09/11/2026 do TT 139/2026/TT-BTC" in refusal


def test_the_caution_goes_when_figures_of_a_read_text_are_entered(folder):
    text = (folder / LAW).read_text("utf-8")
    entry = text[text.index('id = "TT 139/2026/TT-BTC"') :].partition("[[instrument]]")[0]
    read = entry.replace('"second_hand"', '"whole"\nread_by = "Sở"\nread_on = 2026-12-01\neffective_from = 2026-11-09')
    (folder / LAW).write_text(text.replace(entry, read), encoding="utf-8")
    law = load(folder).law
    on = date(2026, 11, 30)
    assert law.cautions("Điều 8 TT 139/2026/TT-BTC", on) == ()
    assert law.proof("Điều 8 TT 139/2026/TT-BTC") == "read"


def test_a_folder_of_an_older_program_has_no_register_and_is_read_without_it(folder):
    (folder / LAW).unlink()
    forms = load(folder)
    assert forms.law.instruments == ()
    assert forms.law.cautions("Điều 8 TT 28/2018/TT-BTC", date(2026, 11, 30)) == ()


def test_a_signed_paper_cites_the_whole_name_of_an_instrument():
    short = "Điểm b khoản 3 Điều 8 TT 46/2012/TT-BCT, NĐ 45/2012/NĐ-CP"
    full = "Điểm b khoản 3 Điều 8 Thông tư số 46/2012/TT-BCT, Nghị định số 45/2012/NĐ-CP"
    assert in_full(short) == in_full(full) == full
