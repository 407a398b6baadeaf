"""The minutes as a department head reads them: who organises, who signs and how, on what bases, with which limits."""

from __future__ import annotations

import pytest

from kcdesk.documents.blocks import LegalBases, OfficialHeader, Paragraph, SignatureGrid, Table
from kcdesk.services.maintenance import opening
from kcdesk.services.papers import filling
from kcdesk.services.records import changing
from tests.services import samples
from tests.services.samples import begin, new

PEOPLE = [
    {"party": "department", "organisation": "Sở Công Thương Lạng Sơn", "name": "A", "title": "Phó Giám đốc"},
    {"party": "department", "organisation": "Phòng Quản lý công nghiệp", "name": "B", "title": "Chuyên viên"},
    {"party": "implementing_unit", "organisation": "Trung tâm Khuyến công mẫu", "name": "C", "title": "Giám đốc"},
    {"party": "beneficiary", "organisation": "Công ty mẫu", "name": "D", "title": "Phó Giám đốc"},
    {"party": "commune", "organisation": "", "name": "E", "title": "Phó Chủ tịch"},
]
ROLES = {"A": "chair", "B": "secretary"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made, _key = opening.create_workspace(tmp_path_factory.mktemp("kho") / "kho", samples.practice_answers())
    yield made
    made.close()


def visit(workspace, programme="local", **values):
    proposal = samples.proposal(workspace, programme=programme)
    id_ = new(workspace, "acceptance", proposal=proposal, visited_on="25/11/2026", number="5", participants=PEOPLE)
    changing.set_values(workspace, id_, values)
    return id_


def blocks(workspace, id_, name="minutes_5a", kind=None, **options):
    document = filling.filled(workspace, workspace.store.record(id_), workspace.layouts[name], **options).document
    return [block for block in document.blocks if kind is None or isinstance(block, kind)]


def words(inline):
    return "".join(piece if isinstance(piece, str) else "…" for piece in inline)


def head(workspace, id_, name="minutes_5a"):
    (found,) = blocks(workspace, id_, name, OfficialHeader)
    return words(found.authority), words(found.agency), words(found.number)


def with_roles(people=PEOPLE, **more):
    return [row | ({"role": ROLES[row["name"]]} if row["name"] in ROLES else {}) | more for row in people]


def signed(workspace, id_, name="minutes_5a"):
    """Every place to sign: its lines and the name below."""
    grids = blocks(workspace, id_, name, SignatureGrid)
    return [(words(s.title).splitlines(), words(s.name)) for grid in grids for s in grid.signatures]


def test_the_department_organises_the_acceptance_and_the_number_is_of_its_series(shared):
    """Khoản 1 Điều 21 TT 36/2013; a province that leaves it to the centre chooses so."""
    id_ = visit(shared)
    assert head(shared, id_) == ("ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN", "SỞ CÔNG THƯƠNG LẠNG SƠN", "Số: 05/BB-SCT")
    changing.set_values(shared, id_, {"organiser": "office"})
    assert head(shared, id_) == ("SỞ CÔNG THƯƠNG MẪU", "TRUNG TÂM KHUYẾN CÔNG MẪU", "Số: 05/BB-TTKC-MAU")
    typed = {"organiser": "department", "organiser_name": "Sở Công Thương tỉnh Khác", "organiser_code": "SCT-QLCN"}
    changing.set_values(shared, id_, typed)
    assert head(shared, id_)[1:] == ("SỞ CÔNG THƯƠNG TỈNH KHÁC", "Số: 05/BB-SCT-QLCN")
    changing.set_values(shared, id_, {"number": "17/BB-SCT", "organiser_name": None, "participants": PEOPLE[2:]})
    assert head(shared, id_)[1:] == ("SỞ CÔNG THƯƠNG MẪU", "Số: 17/BB-SCT")  # the office above this one


def test_the_agency_stands_at_the_head_of_its_own_minutes_by_its_name_of_the_day(shared):
    id_ = visit(shared, "national", model="5c")
    assert head(shared, id_, "minutes_5c")[:2] == ("BỘ CÔNG THƯƠNG", "CỤC CÔNG NGHIỆP")


def test_who_presides_and_who_writes_are_named_and_sign_last(shared):
    id_ = visit(shared, participants=with_roles())
    places = signed(shared, id_)
    assert places[-2:] == [
        (["THƯ KÝ", "CHUYÊN VIÊN"], "B"),
        (["CHỦ TRÌ", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "A"),
    ]
    assert places[0] == (["ĐẠI DIỆN ĐƠN VỊ THỤ HƯỞNG", "KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"], "D")
    assert places[1] == (["ĐẠI DIỆN ĐƠN VỊ THỰC HIỆN", "GIÁM ĐỐC"], "C")
    assert places[2] == (["ĐẠI DIỆN ỦY BAN NHÂN DÂN PHƯỜNG BA ĐÌNH", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"], "E")
    assert len(places) == 5  # nobody signs twice: A stands for the Sở
    assert "CẤP XÃ" not in str(places)


@pytest.mark.parametrize(
    ("authority", "title", "lines"),
    [
        (None, "Giám đốc", ["GIÁM ĐỐC"]),
        (None, "Phó Giám đốc", ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]),
        ("direct", "Phó Giám đốc", ["PHÓ GIÁM ĐỐC"]),
        ("by_order", "Trưởng phòng QLCN", ["TL. GIÁM ĐỐC", "TRƯỞNG PHÒNG QLCN"]),
        ("by_mandate", "Chánh Văn phòng", ["TUQ. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"]),
        ("for_collective", "Giám đốc", ["TM. SỞ CÔNG THƯƠNG LẠNG SƠN", "GIÁM ĐỐC"]),
        ("acting", "Giám đốc", ["Q. GIÁM ĐỐC"]),
        (None, None, []),
    ],
)
def test_by_what_authority_somebody_signs(shared, authority, title, lines):
    person = {"party": "department", "organisation": "Sở Công Thương Lạng Sơn", "name": "A", "role": "chair"}
    more = {name: value for name, value in (("title", title), ("authority", authority)) if value}
    places = signed(shared, visit(shared, participants=[person | more, *PEOPLE[2:]]))
    assert places[-1] == (["CHỦ TRÌ", *lines], "A")


def test_two_who_preside_are_refused_while_drafting(shared):
    id_ = visit(shared, participants=with_roles(role="chair"))
    messages = [problem.message for problem in shared.store.record(id_).problems()]
    assert "Biên bản chỉ có một người chủ trì và một người ghi biên bản." in messages


def test_a_second_visit_has_the_people_with_their_roles_and_the_organiser_of_the_first(shared):
    first = visit(shared, participants=with_roles(), organiser="office")
    proposal = shared.store.record(first).value("proposal")
    second = shared.store.record(new(shared, "acceptance", proposal=proposal, previous=first))
    assert second.value("organiser") == "office"
    assert [row.get("role") for row in second.rows("participants")][:2] == ["chair", "secretary"]


def bases(workspace, id_, name="minutes_5a"):
    (found,) = blocks(workspace, id_, name, LegalBases)
    return [words(line) for line in found.lines]


def test_the_bases_name_the_circular_on_money_of_the_day(shared):
    now = "Căn cứ Thông tư số 28/2018/TT-BTC ngày 28 tháng 3 năm 2018 của Bộ trưởng Bộ Tài chính hướng dẫn lập"
    before = (
        "Căn cứ Thông tư liên tịch số 26/2014/TTLT-BTC-BCT ngày 18 tháng 02 năm 2014 của Bộ Tài chính, Bộ Công Thương"
    )
    for programme in ("national", "local"):
        id_ = visit(shared, programme)
        assert any(line.startswith(now) for line in bases(shared, id_))
        changing.set_values(shared, id_, {"visited_on": "10/5/2018"})
        assert any(line.startswith(before) for line in bases(shared, id_))
        changing.set_values(shared, id_, {"visited_on": "11/5/2018"})
        assert any(line.startswith(now) for line in bases(shared, id_))
        assert any("36/2013/TT-BCT" in line for line in bases(shared, id_)) is (programme == "national")
    changing.set_values(shared, id_, {"spending_basis": "Căn cứ Nghị quyết số 1/2026/NQ-HĐND (mẫu)"})
    assert "Căn cứ Nghị quyết số 1/2026/NQ-HĐND (mẫu)" in bases(shared, id_)
    assert not any("28/2018" in line for line in bases(shared, id_))


def test_the_rule_of_the_province_is_a_base_where_its_ceiling_is_on_record(shared):
    place = {"commune": "29869", "old_commune": "29869"}  # Phường 1, thành phố Cao Lãnh
    proposal = samples.proposal(shared, place=place, year=2026)
    id_ = new(shared, "acceptance", proposal=proposal, visited_on="25/11/2026")
    assert "Căn cứ Nghị quyết số 08/2024/NQ-HĐND tỉnh Đồng Tháp" in bases(shared, id_)


def limits(workspace, id_, **options):
    tables = blocks(workspace, id_, "minutes_5a", Table, **options)
    (found,) = [table for table in tables if table.columns[0].heading == "Các mức so sánh"]
    return [(words(row.cells[0]), words(row.cells[1])) for row in found.rows]


def test_a_limit_that_is_not_known_has_no_row_beside_a_printed_total(shared):
    id_ = visit(shared)
    samples.answer(shared, id_)
    changing.set_values(shared, id_, {"ceiling_percent": None, "ceiling_cap": None, "approved_support": 150_000_000})
    rows = limits(shared, id_)
    assert ("Kinh phí hỗ trợ được phê duyệt", "150.000.000") in rows
    assert rows[-1] == ("Kinh phí hỗ trợ tính lại (mức thấp nhất)", "150.000.000")
    assert not any("trần" in label or "Tỷ lệ" in label for label, _ in rows)
    assert all(amount.strip("…. ") for _, amount in rows)
    said = [words(block.text) for block in blocks(shared, id_, "minutes_5a", Paragraph)]
    assert "Chưa so sánh với mức hỗ trợ tối đa: chưa có mức nào được ghi cho nội dung này." in said
    changing.set_values(shared, id_, {"ceiling_cap": 100_000_000})
    assert ("Mức trần hỗ trợ", "100.000.000") in limits(shared, id_)
    assert len(limits(shared, id_, blank=True)) > 3  # a sheet to write on has room for all


def test_the_minutes_do_not_ask_for_themselves(shared):
    """Điều 14 TT 36/2013 lists the minutes for the dossier of the later advance."""
    proposal = samples.proposal(shared)
    items = [row["item"] for row in shared.store.record(begin(shared, proposal, "acceptance")).rows("checklist")]
    assert "Báo cáo tổng hợp kết quả thực hiện đề án" in items
    assert not [item for item in items if item.startswith("Biên bản nghiệm thu cơ sở")]
