"""Typical products: from the registration to the certificate and its end."""

from pathlib import Path

import pytest

from kcdesk.errors import IncompleteError, UserError
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, related
from kcdesk.services.workspace import Workspace
from tests.services import samples

JUDGES = [
    {"name": "Giám khảo Mẫu Một", "title": "Kỹ sư", "role": "head"},
    {"name": "Giám khảo Mẫu Hai", "title": "Họa sĩ", "role": "deputy_head"},
    {"name": "Giám khảo Mẫu Ba", "title": "Chuyên viên", "role": "member"},
]
VOTE = {
    "name": "Bình chọn sản phẩm tiêu biểu cấp tỉnh (mẫu)",
    "level": "province",
    "year": 2025,
    "council_number": "10/QĐ-MẪU",
    "council_date": "1/6/2025",
    "council_authority": "Chủ tịch Ủy ban nhân dân tỉnh (mẫu)",
    "council": [
        {"name": f"Thành viên Mẫu {n}", "role": "chair" if n == 1 else "standing_deputy" if n == 2 else "member"}
        for n in range(1, 8)
    ],
    "judges": JUDGES,
    "judged_on": "20/8/2025",
}
DECISION = {
    "decision_number": "20/QĐ-MẪU",
    "decision_date": "15/9/2025",
    "decision_authority": "Chủ tịch Ủy ban nhân dân tỉnh (mẫu)",
}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    from PIL import Image

    path = tmp_path / "ảnh mẫu.jpg"
    Image.new("RGB", (400, 300), (180, 120, 60)).save(path)
    return path


def product(workspace: Workspace, photo: Path, **changes: object) -> str:
    values = {
        "name": "Bộ ấm chén gốm men lam",
        "beneficiary": samples.beneficiary(workspace),
        "product_group": "handicraft",
        "own_made": True,
        "original": True,
        "meets_standards": True,
        "made_in_series": True,
        "description": "Bộ ấm chén men lam vẽ tay.",
        "made_since": 2010,
    }
    id_ = samples.new(workspace, "typical_product", **{**values, **changes})
    for field in ("front_photo", "side_photo", "top_photo", "registration_copy"):
        changing.attach(workspace, id_, field, [photo])
    return id_


def vote(workspace: Workspace, **changes: object) -> str:
    return samples.new(workspace, "product_vote", **{**VOTE, **changes})


def enter(workspace: Workspace, vote_id: str, product_id: str) -> str:
    entry = samples.begin(workspace, vote_id, "product_entry")
    changing.set_values(
        workspace, entry, {"typical_product": product_id, "lower_certificate": "05/GCN-MẪU ngày 02/12/2024"}
    )
    return entry


def score(workspace: Workspace, entry: str, *points: tuple[float, float, float, float]) -> None:
    rows = workspace.store.record(entry).rows("scores")
    for row, (market, economy, culture, other) in zip(rows, points, strict=True):
        place = f"scores/{row['id']}"
        answers = {"market": market, "economy": economy, "culture": culture, "other": other}
        changing.set_values(workspace, entry, {f"{place}/{name}": str(value) for name, value in answers.items()})


def scored(workspace: Workspace, photo: Path, *points: tuple[float, float, float, float]) -> tuple[str, str]:
    """A vote and one of its products, scored for good."""
    vote_id = vote(workspace)
    steps.take_step(workspace, vote_id, "open")
    entry = enter(workspace, vote_id, product(workspace, photo))
    score(workspace, entry, *points)
    steps.take_step(workspace, entry, "score")
    return vote_id, entry


def recognise(workspace: Workspace, vote_id: str) -> None:
    changing.set_values(workspace, vote_id, DECISION)
    steps.take_step(workspace, vote_id, "recognise")


GOOD = ((30, 30, 8, 8), (28, 29, 7, 6), (32, 31, 8, 7))  # 76, 70, 78
JUST = ((28, 28, 7, 7),) * 3  # 70 each
UNDER = ((28, 28, 7, 7), (28, 28, 7, 7), (28, 28, 7, 6.97))  # 69,99 on average


def test_a_product_goes_from_registration_to_certificate(workspace: Workspace, photo: Path) -> None:
    product_id = product(workspace, photo)
    steps.take_step(workspace, product_id, "finalise")
    vote_id = vote(workspace)
    steps.take_step(workspace, vote_id, "open")
    entry = enter(workspace, vote_id, product_id)
    record = workspace.store.record(entry)
    assert record.value("product_name") == "Bộ ấm chén gốm men lam"
    assert record.value("maker_name") == samples.BENEFICIARY["name"]
    assert (record.value("level"), record.value("year"), record.value("entry_number")) == ("province", 2025, "01")
    assert [row["judge"] for row in record.rows("scores")] == [judge["name"] for judge in JUDGES]

    score(workspace, entry, *GOOD)
    assert workspace.store.record(entry).value("average") == "74.67"
    steps.take_step(workspace, entry, "score")
    recognise(workspace, vote_id)
    changing.set_values(workspace, entry, {"certificate_number": "01/GCN", "certified_on": "20/9/2025"})
    steps.take_step(workspace, entry, "certify")
    record = workspace.store.record(entry)
    assert record.state == "certified"
    assert record.value("expires_on") == "2027-12-31"  # khoản 3 Điều 17: the year of the certificate is the first

    steps.take_step(workspace, entry, "withdraw", "Vi phạm tiêu chuẩn chất lượng đã cam kết")
    assert workspace.store.record(entry).state == "withdrawn"


@pytest.mark.parametrize(("points", "certified"), [(JUST, True), (UNDER, False)])
def test_the_average_reaches_seventy_or_no_certificate_is_given(
    workspace: Workspace, photo: Path, points: tuple, certified: bool
) -> None:
    vote_id, entry = scored(workspace, photo, *points)
    recognise(workspace, vote_id)
    changing.set_values(workspace, entry, {"certificate_number": "01/GCN", "certified_on": "20/9/2025"})
    if certified:
        steps.take_step(workspace, entry, "certify")
    else:
        with pytest.raises(IncompleteError) as refusal:
            steps.take_step(workspace, entry, "certify")
        assert "69,99 chưa đạt 70 điểm (khoản 1 Điều 17" in refusal.value.problems[0].message
    assert workspace.store.record(entry).state == ("certified" if certified else "scored")


def test_no_certificate_before_the_result_is_recognised(workspace: Workspace, photo: Path) -> None:
    _vote, entry = scored(workspace, photo, *GOOD)
    changing.set_values(workspace, entry, {"certificate_number": "01/GCN", "certified_on": "20/9/2025"})
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, entry, "certify")
    assert refusal.value.problems[0].message == "Kỳ bình chọn chưa có quyết định công nhận kết quả."


def test_every_judge_gives_one_score_sheet(workspace: Workspace, photo: Path) -> None:
    vote_id = vote(workspace)
    entry = enter(workspace, vote_id, product(workspace, photo))
    score(workspace, entry, *GOOD)
    first, second, _third = workspace.store.record(entry).rows("scores")

    def refusal() -> str:
        with pytest.raises(IncompleteError) as found:
            steps.take_step(workspace, entry, "score")
        return found.value.problems[0].message

    changing.set_values(workspace, entry, {f"scores/{second['id']}/judge": first["judge"]})
    assert refusal() == "Chưa có phiếu chấm của giám khảo Giám khảo Mẫu Hai."
    changing.set_values(workspace, entry, {f"scores/{second['id']}/judge": "Người lạ"})
    assert refusal() == "Chưa có phiếu chấm của giám khảo Giám khảo Mẫu Hai."


def test_a_score_above_its_criterion_is_refused_where_it_stands(workspace: Workspace, photo: Path) -> None:
    entry = enter(workspace, vote(workspace), product(workspace, photo))
    row = workspace.store.record(entry).rows("scores")[0]["id"]
    with pytest.raises(UserError) as refusal:
        changing.set_values(workspace, entry, {f"scores/{row}/culture": "10,5"})
    assert refusal.value.field == f"scores/{row}/culture"


@pytest.mark.parametrize(
    ("level", "members", "fits"), [("province", 5, False), ("commune", 5, True), ("nation", 9, False)]
)
def test_a_council_has_the_members_of_its_level(workspace: Workspace, level: str, members: int, fits: bool) -> None:
    vote_id = vote(workspace, level=level, council=[{"name": f"Mẫu {n}", "role": "member"} for n in range(members)])
    messages = [problem.message for problem in workspace.store.record(vote_id).problems(final=True)]
    assert (messages == []) is fits, messages


def test_an_even_number_of_judges_is_refused(workspace: Workspace) -> None:
    vote_id = vote(workspace, judges=JUDGES[:2])
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, vote_id, "open")
    assert refusal.value.problems[0].message == "Thành viên ban giám khảo: có 2 dòng, quy định là số lẻ."


def test_a_vote_is_recognised_once_every_product_has_its_score(workspace: Workspace, photo: Path) -> None:
    vote_id, _entry = scored(workspace, photo, *GOOD)
    enter(workspace, vote_id, product(workspace, photo, name="Rượu nếp"))
    changing.set_values(workspace, vote_id, DECISION)
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, vote_id, "recognise")
    assert refusal.value.problems[0].message == "Còn 1 sản phẩm chưa chốt điểm: Rượu nếp – Cấp tỉnh."


def test_a_copied_product_may_not_take_part(workspace: Workspace, photo: Path) -> None:
    product_id = product(workspace, photo, original=False)
    with pytest.raises(IncompleteError) as refusal:
        steps.take_step(workspace, product_id, "finalise")
    assert refusal.value.problems[0].field == "original"


def test_a_product_lists_its_votes_and_a_vote_its_products(workspace: Workspace, photo: Path) -> None:
    vote_id, entry = scored(workspace, photo, *GOOD)
    record = workspace.store.record(entry)
    for above in (vote_id, record.value("typical_product")):
        groups = related.related(workspace, workspace.store.record(above)).groups
        assert [line.id for group in groups if group.kind == "product_entry" for line in group.lines] == [entry]


@pytest.mark.parametrize("blank", [False, True])
def test_papers_say_what_the_records_say(workspace: Workspace, photo: Path, tmp_path: Path, blank: bool) -> None:
    from kcdesk.documents.preview import page_text

    vote_id, entry = scored(workspace, photo, *GOOD)
    recognise(workspace, vote_id)
    changing.set_values(workspace, entry, {"certificate_number": "01/GCN", "certified_on": "20/9/2025"})
    steps.take_step(workspace, entry, "certify")
    product_id = workspace.store.record(entry).value("typical_product")
    wanted = {
        product_id: {"product_registration": "Bộ ấm chén men lam vẽ tay."},
        vote_id: {"product_list": "Danh sách trích ngang", "product_vote_summary": "74,67", "vote_report": "74,67"},
        entry: {
            "product_score_sheet": "Phiếu chấm điểm",
            "product_result_notice": "31 tháng 12 năm 2027",
            "product_certificate": "BỘ ẤM CHÉN GỐM MEN LAM",
        },
    }
    for id_, papers in wanted.items():
        assert {paper.name for paper in printing.papers_of(workspace, id_)} == set(papers)
        for name, said in papers.items():
            pdf = tmp_path / f"{name}.pdf"
            pages = printing.print_record(workspace, id_, name, pdf, blank=blank)["pages"]
            words = " ".join(" ".join(page_text(pdf, page) for page in range(pages)).split())
            if not blank:
                assert said in words, name
