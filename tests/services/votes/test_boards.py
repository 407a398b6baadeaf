"""A vote as a whole: registered, scored, ranked, certified and printed in one go."""

from datetime import date
from pathlib import Path

import pytest

from kcdesk.errors import IncompleteError, UserError
from kcdesk.services.deadlines import listing
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing
from kcdesk.services.votes import boards, certificate_holders
from kcdesk.services.workspace import Workspace
from tests.services.votes import test_entries as votes

CRITERIA = ("market", "economy", "culture", "other")
TODAY = date(2026, 3, 5)
photo = votes.photo


@pytest.fixture
def vote(workspace: Workspace, photo: Path) -> str:
    """An open vote with three products of two groups."""
    id_ = votes.vote(workspace)
    steps.take_step(workspace, id_, "open")
    products = [
        votes.product(workspace, photo, name=name, product_group=group)
        for name, group in (("Ấm chén", "handicraft"), ("Rượu nếp", "food"), ("Tranh đá", "handicraft"))
    ]
    boards.register(workspace, id_, products)
    for line in boards.board(workspace, id_).lines:
        changing.set_values(workspace, line.id, {"lower_certificate": "05/GCN"})
    return id_


def give(workspace: Workspace, vote_id: str, product: str, *points: float) -> None:
    found = boards.board(workspace, vote_id)
    line = next(line for line in found.lines if line.product == product)
    cells = {(judge, name): str(p) for judge in found.judges for name, p in zip(CRITERIA, points, strict=True)}
    boards.write_scores(workspace, line.id, cells)


@pytest.fixture
def scored(workspace: Workspace, vote: str) -> str:
    give(workspace, vote, "Ấm chén", 30, 30, 8, 8)
    give(workspace, vote, "Rượu nếp", 35, 35, 9, 9)
    give(workspace, vote, "Tranh đá", 20, 20, 5, 5)
    return vote


def test_registering_is_one_act_and_numbers_on(workspace: Workspace, vote: str) -> None:
    lines = sorted(boards.board(workspace, vote).lines, key=lambda line: line.number)
    assert [(line.number, line.product) for line in lines] == [
        ("01", "Ấm chén"),
        ("02", "Rượu nếp"),
        ("03", "Tranh đá"),
    ]
    assert boards.candidates(workspace, vote) == []


def test_a_recognised_vote_takes_no_more_products_but_what_happens_after_it(workspace: Workspace, photo: Path) -> None:
    vote_id, entry = votes.scored(workspace, photo, *votes.GOOD)
    assert boards.board(workspace, vote_id).takes_products
    votes.recognise(workspace, vote_id)
    late = votes.product(workspace, photo, name="Đến muộn")
    assert not boards.board(workspace, vote_id).takes_products
    with pytest.raises(UserError, match="đã có quyết định công nhận") as refusal:
        boards.register(workspace, vote_id, [late])
    assert refusal.value.code == "vote_over"
    boards.certify(workspace, vote_id, "01/GCN", date(2025, 9, 20))
    changing.set_values(workspace, vote_id, {"announced_on": "22/9/2025"})
    changing.attach(workspace, vote_id, "decision_files", [photo])
    changing.set_values(workspace, entry, {"award": "5 tr"})
    changing.attach(workspace, entry, "certificate_files", [photo])
    assert workspace.store.record(entry).value("award") == 5_000_000
    dues = listing.between(workspace, date(2025, 9, 1), date(2025, 12, 31))
    assert ["Hết thời hiệu khiếu nại" in due.what for due in dues].count(True) == 1


def test_the_board_ranks_among_all_and_in_the_group(workspace: Workspace, scored: str) -> None:
    found = boards.board(workspace, scored)
    assert [(line.product, line.average, line.rank, line.group_rank, line.passes) for line in found.lines] == [
        ("Rượu nếp", "88", 1, 1, True),
        ("Ấm chén", "76", 2, 1, True),
        ("Tranh đá", "50", 3, 2, False),
    ]
    assert found.sentence == "3 sản phẩm, 3 đã đủ điểm, 2 đạt mức tối thiểu."
    assert [column.max for column in found.criteria] == [40, 40, 10, 10]


def test_equal_points_share_a_place(workspace: Workspace, vote: str) -> None:
    for name in ("Ấm chén", "Rượu nếp", "Tranh đá"):
        give(workspace, vote, name, *((30, 30, 8, 8) if name != "Tranh đá" else (20, 20, 5, 5)))
    assert [line.rank for line in boards.board(workspace, vote).lines] == [1, 1, 3]


def test_points_are_written_all_or_none(workspace: Workspace, vote: str) -> None:
    found = boards.board(workspace, vote)
    judge, line = found.judges[0], found.lines[0]
    with pytest.raises(UserError):
        boards.write_scores(workspace, line.id, {(judge, "market"): "30", (judge, "culture"): "10,5"})
    assert boards.board(workspace, vote).lines[0].points == {}
    boards.write_scores(workspace, line.id, {(judge, "market"): "30,5"})
    assert boards.board(workspace, vote).lines[0].points == {(judge, "market"): "30.5"}
    boards.write_scores(workspace, line.id, {(judge, "market"): ""})
    assert boards.board(workspace, vote).lines[0].points == {}


def test_who_came_to_the_jury_later_gets_a_sheet_too(workspace: Workspace, vote: str) -> None:
    line = boards.board(workspace, vote).lines[0]
    record = workspace.store.record(line.id)
    for row in record.rows("scores"):
        changing.save(workspace, line.id, record.remove_row("scores", row["id"]))
    judge = votes.JUDGES[1]["name"]
    boards.write_scores(workspace, line.id, {(judge, "market"): "20"})
    assert boards.board(workspace, vote).lines[0].points == {(judge, "market"): "20"}


def test_scores_are_closed_together_or_not_at_all(workspace: Workspace, vote: str) -> None:
    give(workspace, vote, "Ấm chén", 30, 30, 8, 8)
    with pytest.raises(IncompleteError) as refusal:
        boards.close_scores(workspace, vote)
    assert any("Rượu nếp" in problem.message for problem in refusal.value.problems)
    assert {line.state for line in boards.board(workspace, vote).lines} == {"draft"}


def test_certificates_are_given_declined_and_printed_in_one_go(
    workspace: Workspace, scored: str, tmp_path: Path
) -> None:
    from kcdesk.documents.preview import page_text

    boards.close_scores(workspace, scored)
    with pytest.raises(IncompleteError) as refusal:
        boards.certify(workspace, scored, "09/GCN-MẪU", TODAY)
    (problem,) = refusal.value.problems  # once, not for each product, and it leads to the vote
    assert problem.message == "Kỳ bình chọn chưa có quyết định công nhận kết quả."
    assert problem.record == scored
    votes.recognise(workspace, scored)
    boards.certify(workspace, scored, "09/GCN-MẪU", TODAY)

    lines = {line.product: line for line in boards.board(workspace, scored).lines}
    assert {name: (line.state, line.certificate) for name, line in lines.items()} == {
        "Rượu nếp": ("certified", "09/GCN-MẪU"),
        "Ấm chén": ("certified", "10/GCN-MẪU"),
        "Tranh đá": ("declined", ""),
    }
    assert workspace.store.record(lines["Ấm chén"].id).value("expires_on") == "2028-12-31"
    made = boards.print_certificates(workspace, scored, tmp_path / "giấy.pdf")
    assert made["pages"] == 2
    assert "RƯỢU NẾP" in page_text(tmp_path / "giấy.pdf", 0)
    assert "ẤM CHÉN" in page_text(tmp_path / "giấy.pdf", 1)

    changing.undo(workspace)
    assert {line.state for line in boards.board(workspace, scored).lines} == {"scored"}


@pytest.mark.parametrize(("number", "on", "code"), [("GCN", TODAY, "bad_number"), ("01", date(2026, 3, 6), "bad_date")])
def test_a_certificate_needs_a_number_and_a_day(
    workspace: Workspace, scored: str, number: str, on: date, code: str
) -> None:
    boards.close_scores(workspace, scored)
    votes.recognise(workspace, scored)
    with pytest.raises(UserError) as refusal:
        boards.certify(workspace, scored, number, on)
    assert refusal.value.code == code


def test_there_is_a_sheet_of_each_product_for_each_judge(workspace: Workspace, vote: str, tmp_path: Path) -> None:
    from kcdesk.documents.preview import page_text

    assert boards.print_sheets(workspace, vote, tmp_path / "phiếu.pdf")["pages"] == 9
    for page, judge in enumerate(votes.JUDGES * 3):
        words = " ".join(page_text(tmp_path / "phiếu.pdf", page).split())
        assert f"Họ và tên giám khảo: {judge['name']}" in words
        assert f"Chức vụ/Học hàm: {judge['title']}" in words


def test_holders_of_a_year_are_listed_with_what_ends(workspace: Workspace, scored: str, tmp_path: Path) -> None:
    from kcdesk.documents.preview import page_text

    boards.close_scores(workspace, scored)
    votes.recognise(workspace, scored)
    boards.certify(workspace, scored, "01/GCN", TODAY)
    assert certificate_holders.holders(workspace, 2025) == []
    assert [(one.product, one.ends) for one in certificate_holders.holders(workspace, 2028)] == [
        ("Ấm chén", True),
        ("Rượu nếp", True),
    ]
    assert certificate_holders.holders(workspace, 2029) == []
    certificate_holders.print_holders(workspace, 2028, tmp_path / "ds.pdf")
    words = " ".join(page_text(tmp_path / "ds.pdf", 0).split())
    assert "02/GCN" in words
    assert "Hết giá trị cuối năm" in words


def test_a_certificate_is_one_page_whatever_the_names(workspace: Workspace, scored: str, tmp_path: Path) -> None:
    names = {"typical_product": "Bộ sản phẩm gốm mỹ nghệ tráng men hoả " * 5, "beneficiary": "Hợp tác xã Mẫu " * 13}
    (entry,) = [line for line in boards.board(workspace, scored).lines if line.product == "Rượu nếp"]
    product = workspace.store.record(entry.id).value("typical_product")
    made_by = workspace.store.record(product).value("beneficiary")
    for kind, id_ in (("typical_product", product), ("beneficiary", made_by)):
        changing.set_values(workspace, id_, {"name": names[kind].strip()})
    changing.set_values(workspace, entry.id, {"product_name": names["typical_product"].strip()})
    boards.close_scores(workspace, scored)
    votes.recognise(workspace, scored)
    boards.certify(workspace, scored, "01/GCN", TODAY)
    assert boards.print_certificates(workspace, scored, tmp_path / "gcn.pdf")["pages"] == 2
