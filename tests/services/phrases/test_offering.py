"""What is offered while typing: own sentences, those of earlier dossiers, the shipped ones; nothing that was erased."""

from __future__ import annotations

import pytest

from kcdesk.errors import UserError
from kcdesk.services.phrases import offering, own_phrases
from kcdesk.services.records import changing
from kcdesk.store.personal.wiping import MARK

SAFETY, MATCH = "safety", "machines_match"
FINDING = "acceptance.checklist.finding"


def _visit(workspace, activity="machinery", **values):
    """An acceptance with the checklist of its proposal's activity."""
    proposal = changing.add(workspace, "proposal", {"title": f"Đề án {activity}", "activity": activity}).items[0].id
    return changing.add(workspace, "acceptance", {"proposal": proposal, **values}).items[0].id


def _path(workspace, visit, code):
    rows = workspace.store.record(visit).rows("checklist")
    return f"checklist/{next(row['id'] for row in rows if row['code'] == code)}/finding"


def _write(workspace, visit, code, sentence):
    changing.save(workspace, visit, {_path(workspace, visit, code): sentence})


def _offered(workspace, visit, code):
    return offering.offered(workspace, workspace.store.record(visit), _path(workspace, visit, code))


def test_shipped_sentences_belong_to_an_activity_and_a_line(workspace):
    visit = _visit(workspace)
    assert "Nhãn máy mờ, không đọc được số máy." in _offered(workspace, visit, MATCH)
    assert "Nhãn máy mờ, không đọc được số máy." not in _offered(workspace, visit, SAFETY)
    record = workspace.store.record(visit)
    assert offering.offered(workspace, record, "visited_on") == []
    assert offering.offered(workspace, record, "remedies//remedy")[0] == "Bổ sung bản chính hoặc bản sao hợp lệ."


def test_what_was_written_more_often_in_the_same_line_comes_first(workspace):
    earlier = [_visit(workspace) for _ in range(3)]
    for visit, sentence in zip(earlier, ("Thiếu bình bột", "Chưa có lối thoát", "thiếu  bình bột"), strict=True):
        _write(workspace, visit, SAFETY, sentence)
    _write(workspace, earlier[0], MATCH, "Sai số máy")
    visit = _visit(workspace)
    _write(workspace, visit, SAFETY, "Câu đang gõ dở")
    offered = _offered(workspace, visit, SAFETY)
    assert [sentence.lower() for sentence in offered[:2]] == ["thiếu bình bột", "chưa có lối thoát"]
    assert "Câu đang gõ dở" not in offered, "the dossier itself is no example"
    assert "Sai số máy" not in offered
    assert _offered(workspace, visit, MATCH)[0] == "Sai số máy"


def test_dossiers_of_the_same_activity_come_before_more_frequent_ones(workspace):
    for _ in range(2):
        _visit(workspace, "brand", conclusion_note="Nhãn hiệu dùng tốt")
    _visit(workspace, conclusion_note="Máy chạy tốt\nCơ sở trả lời đủ")
    record = workspace.store.record(_visit(workspace))
    offered = offering.offered(workspace, record, "conclusion_note")
    assert offered == ["Máy chạy tốt", "Cơ sở trả lời đủ", "Nhãn hiệu dùng tốt"]


def test_deleted_erased_long_and_dated_texts_are_not_learned(workspace):
    changing.delete(workspace, _visit(workspace, conclusion_note="Câu của hồ sơ đã xoá"))
    _visit(workspace, conclusion_note=f"Ông {MARK} vắng mặt")
    _visit(workspace, conclusion_note="dài " * 100)
    _visit(workspace, conclusion_note="Nộp trước ngày 15/12/2026")
    assert offering.offered(workspace, workspace.store.record(_visit(workspace)), "conclusion_note") == []


def test_the_office_adds_and_removes_sentences(workspace):
    first, visit = _visit(workspace), _visit(workspace)
    _write(workspace, first, SAFETY, "Thiếu bình bột")
    own_phrases.keep_phrases(workspace, {FINDING: (["  Chưa nối   đất ", "", "chưa nối đất"], [])})
    assert _offered(workspace, visit, SAFETY)[:2] == ["Chưa nối đất", "Thiếu bình bột"]
    for sentence in ("Chưa nối đất", "Thiếu bình bột"):
        own_phrases.forget_phrase(workspace, FINDING, sentence)
    assert _offered(workspace, visit, SAFETY) == ["Chưa có phương tiện phòng cháy, chữa cháy tại nơi đặt máy."]
    kept = own_phrases.own_phrases(workspace)
    assert (kept.get(FINDING), kept.unwanted_of(FINDING)) == ([], ["Chưa nối đất", "Thiếu bình bột"])
    own_phrases.keep_phrases(workspace, {FINDING: ([], ["Chưa nối đất"])})
    assert "Thiếu bình bột" in _offered(workspace, visit, SAFETY), "what is wanted again is offered again"


@pytest.mark.parametrize(
    ("name", "sentences", "code"),
    [
        ("acceptance.visited_on", ["Câu"], "no_phrases"),
        (FINDING, ["a" * 301], "phrase_too_long"),
        (FINDING, [f"Câu số {n}" for n in range(101)], "too_many_phrases"),
    ],
)
def test_what_cannot_be_kept_is_refused_and_nothing_is_written(workspace, name, sentences, code):
    with pytest.raises(UserError) as refused:
        own_phrases.keep_phrases(workspace, {"acceptance.effect": (["Câu đúng"], []), name: (sentences, [])})
    assert refused.value.code == code
    assert own_phrases.own_phrases(workspace).added == {}


def test_reasons_of_returns_are_learned_from_remarks(workspace):
    remark = {"asked_on": "01/3/2026", "subject": "Dự toán", "reason": "Thiếu báo giá thứ ba"}
    changing.add(workspace, "proposal", {"title": "Đề án cũ", "activity": "machinery", "remarks": [remark]})
    new = changing.add(workspace, "proposal", {"title": "Đề án mới", "activity": "machinery"}).items[0].id
    offered = offering.offered_reasons(workspace, workspace.store.record(new))
    assert offered[0] == "Thiếu báo giá thứ ba"
    assert len(offered) == len(set(offered)) > 1
    visit = workspace.store.record(_visit(workspace))
    assert offering.offered_reasons(workspace, visit) == []
