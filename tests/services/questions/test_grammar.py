"""The grammar of conditions: what a condition finds, and the sentence for each one that cannot be understood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from kcdesk.errors import UserError
from kcdesk.services import catalogue
from kcdesk.services.questions import grammar, grouping
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from tests.services import samples


@pytest.fixture(scope="module")
def asked(tmp_path_factory, empty_store, forms) -> Iterator[Workspace]:
    """Three proposals of two establishments, with what differs between them."""
    import shutil

    folder = shutil.copytree(empty_store, tmp_path_factory.mktemp("asked") / "store")
    with Store.open(folder, forms) as store:
        workspace = Workspace(store, forms, catalogue.extensions(), lambda: date(2026, 3, 5))
        brick = samples.beneficiary(workspace, name="Cơ sở gạch Hưng Thịnh", workers=12)
        tea = samples.beneficiary(workspace, name="HTX chè Tân Cương", legal_form="cooperative", phone=None)
        for title, owner, year, activity, cost, starts in (
            ("Máy ép gạch không nung", brick, 2017, "machinery", 570_000_000, "01/3/2017"),
            ("Máy sấy chè", tea, 2018, "machinery", 300_000_000, "15/6/2018"),
            ("Xây dựng thương hiệu chè", tea, 2020, "brand", 35_500_000, None),
        ):
            money = {"item": "Khoản mẫu", "cost": cost, "local": cost // 2, "counterpart": cost - cost // 2}
            facts = {"title": title, "year": year, "activity": activity, "starts_on": starts, "budget": [money]}
            machines = [samples.MACHINE | {"name": title}] if activity == "machinery" else None
            samples.proposal(workspace, **facts, machines=machines, beneficiaries=[owner])
        yield workspace


BRICK, DRYER, BRAND = "Máy ép gạch không nung", "Máy sấy chè", "Xây dựng thương hiệu chè"
FOUND = [
    ("year>=2018", {DRYER, BRAND}),
    ("year < 2018", {BRICK}),
    ("year != 2018", {BRICK, BRAND}),
    ("year between 2018 and 2020", {DRYER, BRAND}),
    ("year in 2017, 2020", {BRICK, BRAND}),
    ("year not in 2017;2020", {DRYER}),
    ("Năm = 2018", {DRYER}),
    ("starts_on between 1/1/2018 and 31/12/2018", {DRYER}),
    ("starts_on <= 2017-03-01", {BRICK}),
    ("starts_on empty", {BRAND}),
    ("starts_on =", {BRAND}),
    ("starts_on filled", {BRICK, DRYER}),
    ("starts_on not empty", {BRICK, DRYER}),
    ("title ~ gạch", {BRICK}),
    ("title ~ GACH ep", {BRICK}),
    ("title !~ chè", {BRICK}),
    ("title = Máy sấy chè", {DRYER}),
    ("activity = Thương hiệu", {BRAND}),
    ("activity in machinery, brand", {BRICK, DRYER, BRAND}),
    ("activity ~ may moc", {BRICK, DRYER}),
    ("state in draft, final", {BRICK, DRYER, BRAND}),
    ("state = Đang soạn", {BRICK, DRYER, BRAND}),
    ("state != draft", set()),
    ("total_cost > 300 tr", {BRICK}),
    ("total_cost between 35,5 tr and 300 triệu", {DRYER, BRAND}),
    ("beneficiaries.name ~ hung thinh", {BRICK}),
    ("beneficiaries ~ che", {DRYER, BRAND}),
    ("beneficiaries.legal_form = cooperative", {DRYER, BRAND}),
    ("beneficiaries.phone empty", {DRYER, BRAND}),
    ("beneficiaries.workers >= 10", {BRICK}),
    ("beneficiaries.place ~ ba dinh", {BRICK, DRYER, BRAND}),
    ("place ~ cao bang", set()),
    ("machines.name ~ say", {DRYER}),
    ("machines/quantity >= 1", {BRICK, DRYER}),
    ("machines empty", {BRAND}),
    ("budget.cost > 500000000", {BRICK}),
    ("machines_new = có", {BRICK, DRYER, BRAND}),
    ("unit = TTKC-MAU", {BRICK, DRYER, BRAND}),
    ("unit != Trung tâm Khuyến công mẫu", set()),
]


def titles(workspace: Workspace, *typed: str) -> set[str]:
    where = grammar.where_of(grammar.parsed(workspace, "proposal", each) for each in typed)
    rows = reading.list_page(workspace, "proposal", where=where)
    assert reading.count(workspace, "proposal", where=where) == len(rows), typed
    newest = reading.list_page(workspace, "proposal", where=where, order="title", descending=True)
    assert {row.id for row in newest} == {row.id for row in rows}, typed
    return {row.title for row in rows}


def test_what_a_condition_finds(asked: Workspace) -> None:
    for typed, expected in FOUND:
        assert titles(asked, typed) == expected, typed


def test_a_condition_is_read_again_from_its_own_text(asked: Workspace) -> None:
    for typed, expected in FOUND:
        assert titles(asked, grammar.parsed(asked, "proposal", typed).text) == expected, typed


def test_several_conditions_hold_together(asked: Workspace) -> None:
    assert titles(asked, "year>=2017", "year<=2018", "title ~ che") == {DRYER}
    assert titles(asked, "activity=machinery", "beneficiaries.name ~ che") == {DRYER}
    assert titles(asked, "activity=machinery", "activity=brand") == set()


REFUSED = [
    ("year", "bad_pair", "Không hiểu điều kiện «year»."),
    ("yaer>=2017", "unknown_field", "Có phải ý là «year»?"),
    ("beneficiaries.nam ~ x", "unknown_field", "Có phải ý là «name»?"),
    ("title.name = x", "unknown_field", "không có ô con"),
    ("machines.prise > 1", "unknown_field", "Không có trường «prise»."),
    ("year ~ 2017", "bad_operator", "không dùng được phép so sánh «~»"),
    ("title > x", "bad_operator", "không dùng được phép so sánh «>»"),
    ("year => 2017", "bad_operator", "Không có phép so sánh «=>»."),
    ("year == 2017", "bad_operator", "Không có phép so sánh «==»."),
    ("year >= năm nay", "bad_value", "bốn chữ số"),
    ("year >=", "bad_value", "phải có giá trị"),
    ("year between 2017", "bad_value", "cần hai giá trị"),
    ("year between 2020 and 2017", "bad_value", "phải đứng trước"),
    ("year empty 3", "bad_value", "không có giá trị đi sau"),
    ("starts_on >= 31/2/2020", "bad_value", "31/2/2020"),
    ("activity = máy bay", "bad_value", "máy bay"),
    ("state = lost", "unknown_state", "không có trạng thái «lost»"),
    ("state = đã chôts", "unknown_state", "gần nhất là «Đã chốt»"),
    ("budget = 1", "not_filterable", "Dự toán"),
    ("files empty", "unknown_field", "Không có trường «files»."),
]


def test_what_cannot_be_understood_is_said(asked: Workspace) -> None:
    for typed, code, sentence in REFUSED:
        with pytest.raises(UserError) as refused:
            grammar.parsed(asked, "proposal", typed)
        assert (refused.value.code, sentence in refused.value.message) == (code, True), (typed, refused.value.message)


def test_sensitive_data_are_not_asked_for(asked: Workspace) -> None:
    offered = {path.path for path in grammar.paths(asked, "collaborator")}
    assert "monthly_fee" in offered
    assert "bank_account" not in offered
    with pytest.raises(UserError, match="nhạy cảm") as refused:
        grammar.parsed(asked, "collaborator", "bank_account ~ 1")
    assert refused.value.code == "not_filterable"


def test_every_offered_path_can_be_asked_with_its_operators(asked: Workspace) -> None:
    for kind in asked.forms.kinds:
        for path in grammar.paths(asked, kind):
            assert grammar.path_of(asked, kind, path.path) == path
            assert set(grammar.operators(path)) <= grammar.WORDS.keys()
            if "empty" in grammar.operators(path):
                where = grammar.where_of([grammar.condition(asked, path, "filled", "")])
                reading.count(asked, kind, where=where)


def test_conditions_in_words(asked: Workspace) -> None:
    words = {
        "year>=2017": "Năm từ 2017",
        "state in draft,sent": "Trạng thái một trong Đang soạn, Đã gửi thẩm định",
        "starts_on between 1/1/2018 and 2/1/2018": "Thực hiện từ ngày trong khoảng 1/1/2018 – 2/1/2018",
        "title ~ gạch": "Tên đề án chứa «gạch»",
        "starts_on empty": "Thực hiện từ ngày để trống",
    }
    for typed, sentence in words.items():
        assert grammar.in_words(asked, grammar.parsed(asked, "proposal", typed)) == sentence


def test_a_deleted_record_fulfils_nothing(workspace: Workspace) -> None:
    letter = samples.new(workspace, "letter", direction="in", number="01", subject="Hỏi", party="Sở")
    samples.new(workspace, "letter", direction="out", number="02", subject="Đáp", party="Sở", answers=letter)
    where = grammar.where_of([grammar.parsed(workspace, "letter", "answers.subject ~ hoi")])
    assert reading.count(workspace, "letter", where=where) == 1
    changing.undo(workspace)
    assert reading.count(workspace, "letter", where=where) == 0


def test_groups_add_up_the_numbers_that_the_list_shows(workspace):
    """The first numbers of the form («Số hội viên dự kiến») say nothing about most proposals."""
    assert [path.path for path in grouping.paths_to_sum(workspace, "proposal")] == ["total_cost", "approved_support"]
