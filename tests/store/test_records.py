"""Records: written by acts, read by lists, found by words, fields and nearly equal names."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import Forms
from kcdesk.store import record_pages
from kcdesk.store.similar_names import bare_name
from kcdesk.store.store import Store
from tests import store_files
from tests.store.conftest import edit

TITLES = ("Đào tạo nghề may", "Đan lát", "Dệt vải", "Ứng dụng máy sấy", "áo dài", "An toàn lò hơi", "Đạt chuẩn")


@pytest.fixture
def proposals(store: Store) -> dict[str, str]:
    """Seven proposals: id by title."""
    with store.act("Lập") as act:
        return {
            title: act.insert(
                "proposal",
                "proposal@1",
                {
                    "title": title,
                    "year": 2020 + number,
                    "programme": ("national", "local")[number % 2],
                    "scheme": ("single", "group")[number % 2],
                    "state": "draft" if number < 4 else "approved",
                },
            )
            for number, title in enumerate(TITLES)
        }


def titles(found: list) -> list[str]:
    return [record.data["title"] for record in found]


def test_a_record_comes_back_as_it_went_in(store: Store, proposal: str) -> None:
    stored = store.get(proposal)
    assert stored.data["budget"] == [{"id": "b1", "position": 1.0, "cost": 5}]
    assert (stored.kind, stored.form, stored.unit, stored.deleted) == ("proposal", "proposal@1", "TTM", None)
    assert stored.created == stored.updated == "2026-01-01T00:00:00.000Z"
    assert set(stored.stamps) == {"title", "year", "state", "budget/b1"}
    record = store.record(proposal)
    assert record.title() == "Máy cưa"
    assert record.value("budget/b1/cost") == 5


def test_unknown_id(store: Store) -> None:
    with pytest.raises(UserError) as caught:
        store.get("nowhere")
    assert caught.value.code == "not_found"


def test_update_stamps_only_what_changed(store: Store, proposal: str) -> None:
    before = store.get(proposal).stamps
    with store.act("Sửa") as act:
        act.update(proposal, {"title": "Máy bào", "year": 2026, "budget/b1/cost": 7, "budget/b2": {"cost": 1}})
    after = store.get(proposal)
    changed = {path for path, stamp in after.stamps.items() if before.get(path) != stamp}
    assert changed == {"title", "budget/b1/cost", "budget/b2"}
    assert set(act.changes.items[0].fields) == changed
    assert after.data["budget"][1] == {"id": "b2", "position": 2.0, "cost": 1}
    with store.act("Bỏ dòng") as act:
        act.update(proposal, {"budget/b1": None, "title": None})
    stored = store.get(proposal)
    assert stored.stamps["budget/b1"].endswith("-")
    assert "budget/b1/cost" not in stored.stamps
    assert [row["id"] for row in stored.data["budget"]] == ["b2"]
    assert "title" not in stored.data


def test_a_whole_table_is_written_row_by_row(store: Store, proposal: str) -> None:
    rows = [{"id": "b1", "position": 3.0, "cost": 5}, {"id": "b9", "position": 1.0, "cost": 2}]
    with store.act("Nhập bảng") as act:
        act.update(proposal, {"budget": rows})
    assert set(act.changes.items[0].fields) == {"budget/b1/position", "budget/b9"}
    assert [row["id"] for row in store.get(proposal).data["budget"]] == ["b9", "b1"]


def test_a_cell_of_a_row_that_is_gone_is_refused(store: Store, proposal: str) -> None:
    with pytest.raises(UserError) as caught, store.act("Sửa") as act:
        act.update(proposal, {"budget/none/cost": 1})
    assert caught.value.code == "row_gone"


def test_an_act_that_changes_nothing_leaves_no_trace(store: Store, proposal: str) -> None:
    count = len(store.acts())
    assert edit(store, proposal, title="Máy cưa") == ""
    assert len(store.acts()) == count


def test_an_exception_takes_everything_back(store: Store, proposal: str) -> None:
    before = store.get(proposal)

    def fail() -> None:
        with store.act("Hỏng") as act:
            act.update(proposal, {"title": "Khác"})
            act.insert("beneficiary", "beneficiary@1", {"name": "Nửa chừng"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert store.get(proposal) == before
    assert store.count("beneficiary") == 0
    assert store.count("proposal", search="khac") == 0
    assert store.check() == []


def test_a_deleted_record_leaves_lists_and_can_come_back(store: Store, proposal: str) -> None:
    with store.act("Xoá") as act:
        act.delete(proposal)
    assert store.page("proposal") == []
    assert titles(store.page("proposal", deleted=True)) == ["Máy cưa"]
    assert titles(store.page("proposal", search="may", deleted=True)) == ["Máy cưa"]
    assert "deleted" in store.get(proposal).stamps
    with pytest.raises(UserError), store.act("Sửa") as act:
        act.update(proposal, {"title": "x"})
    with store.act("Lấy lại") as act:
        act.restore(proposal)
    assert titles(store.page("proposal", search="may")) == ["Máy cưa"]


def test_a_snapshot_keeps_what_was_said(store: Store, proposal: str) -> None:
    with store.act("Chốt") as act:
        act.snapshot(proposal)
    edit(store, proposal, title="Máy bào")
    assert [record.title() for record in store.snapshots(proposal)] == ["Máy cưa"]


@pytest.mark.usefixtures("proposals")
def test_lists_follow_the_vietnamese_alphabet(store: Store) -> None:
    expected = ["An toàn lò hơi", "áo dài", "Dệt vải", "Đan lát", "Đào tạo nghề may", "Đạt chuẩn", "Ứng dụng máy sấy"]
    assert titles(store.page("proposal", order="title")) == expected
    assert titles(store.page("proposal", order="title", descending=True)) == expected[::-1]


@pytest.mark.parametrize("order", ["", "title", "year", "created", "updated", "programme"])
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("search", ["", "d"])
@pytest.mark.parametrize("few", [2, 400])
@pytest.mark.usefixtures("proposals")
def test_pages_join_to_the_whole_list(
    store: Store, monkeypatch: pytest.MonkeyPatch, order: str, descending: bool, search: str, few: int
) -> None:
    monkeypatch.setattr(record_pages, "_FEW", few)
    whole = titles(store.page("proposal", search=search, order=order, descending=descending))
    parts: list[str] = []
    after = None
    while page := store.page("proposal", search=search, order=order, descending=descending, after=after, limit=2):
        parts += titles(page)
        after = page[-1]
    assert parts == whole
    assert len(whole) == store.count("proposal", search=search) == (7 if not search else 6)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("dao tao", {"Đào tạo nghề may"}),
        ("ĐÀO", {"Đào tạo nghề may"}),
        ("da", {"Đào tạo nghề may", "Đan lát", "Đạt chuẩn", "áo dài"}),
        ("may", {"Đào tạo nghề may", "Ứng dụng máy sấy"}),
        ("say may", {"Ứng dụng máy sấy"}),
        ("ung-dung", {"Ứng dụng máy sấy"}),
        ('"may* OR', set()),
        ("không có", set()),
        ("!!!", set(TITLES)),
    ],
)
@pytest.mark.usefixtures("proposals")
def test_search_is_blind_to_accents_and_takes_beginnings(store: Store, search: str, found: set[str]) -> None:
    assert set(titles(store.page("proposal", search=search))) == found
    assert store.count("proposal", search=search) == len(found)


@pytest.mark.parametrize("search", ["", "d"])
@pytest.mark.parametrize(
    ("where", "years"),
    [
        ({"state": "approved"}, {2024, 2025, 2026}),
        ({"programme": "local", "state": "draft"}, {2021, 2023}),
        ({"scheme": "group"}, {2021, 2023, 2025}),
        ({"year": [2020, 2021, 2022]}, {2020, 2021, 2022}),
        ({"state": []}, set()),
        ({"title": "Đan lát"}, {2021}),
        ({"activity": None}, set(range(2020, 2027))),
        ({"approved_support": None, "scheme": "single"}, {2020, 2022, 2024, 2026}),
    ],
)
@pytest.mark.parametrize("few", [2, 400])
@pytest.mark.usefixtures("proposals")
def test_filters(
    store: Store, monkeypatch: pytest.MonkeyPatch, where: dict, years: set[int], search: str, few: int
) -> None:
    monkeypatch.setattr(record_pages, "_FEW", few)
    expected = years - {2025} if search else years
    assert {record.data["year"] for record in store.page("proposal", search=search, where=where)} == expected
    assert store.count("proposal", search=search, where=where) == len(expected)


def test_unknown_kinds_and_fields_are_refused(store: Store) -> None:
    for attempt in (
        lambda: store.page("nothing"),
        lambda: store.page("proposal", where={"nothing": 1}),
        lambda: store.page("proposal", where={"title') or 1 --": 1}),
        lambda: store.page("proposal", order="nothing"),
    ):
        with pytest.raises(UserError):
            attempt()


def test_the_index_follows_every_change(store: Store, proposal: str) -> None:
    edit(store, proposal, title="Lò nung", state="approved")
    assert store.count("proposal", search="may") == 0
    assert store.count("proposal", search="lo nung", where={"state": "draft"}) == 0
    assert store.count("proposal", search="lo nung", where={"state": "approved"}) == 1


def test_a_proposal_is_found_by_its_beneficiary_even_renamed(store: Store, proposal: str) -> None:
    with store.act("Thêm") as act:
        id_ = act.insert("beneficiary", "beneficiary@1", {"name": "Hợp tác xã Chè Tân Cương"})
        act.update(proposal, {"beneficiaries": [id_]})
    assert titles(store.page("proposal", search="tan cuong")) == ["Máy cưa"]
    assert titles(store.find("proposal", "beneficiaries", id_)) == ["Máy cưa"]
    edit(store, id_, name="Hợp tác xã Chè Suối Giàng")
    assert titles(store.page("proposal", search="suoi giang")) == ["Máy cưa"]
    assert titles(store.page("proposal", search="tan cuong")) == ["Máy cưa"]  # its name before


def test_children_know_their_parent(store: Store, proposal: str) -> None:
    with store.act("Nghiệm thu") as act:
        id_ = act.insert("acceptance", "acceptance@1", {"proposal": proposal})
    assert [child.id for child in store.children(proposal, "acceptance")] == [id_]
    assert store.get(id_).parent == proposal


def test_a_serial_number_is_found_in_any_row(store: Store, proposal: str) -> None:
    with store.act("Nghiệm thu") as act:
        row = {"id": "m1", "position": 1.0, "name": "Máy cưa", "serial_number": "SN-77/ab"}
        id_ = act.insert("acceptance", "acceptance@1", {"proposal": proposal, "machines": [row]})
    assert [found.id for found in store.find("acceptance", "machines/serial_number", "sn-77/AB")] == [id_]
    assert store.find("acceptance", "machines/serial_number", "SN-77") == []


def test_views_speak_the_forms_names(store: Store, proposal: str) -> None:
    edit(store, proposal, programme="local", total_cost=5)
    assert store.query("SELECT title, year, programme, total_cost, state FROM proposal") == [
        {"title": "Máy cưa", "year": 2026, "programme": "local", "total_cost": 5, "state": "draft"}
    ]
    assert store.query("SELECT proposal_id, id, cost FROM proposal_budget_line WHERE cost = :cost", {"cost": 5}) == [
        {"proposal_id": proposal, "id": "b1", "cost": 5}
    ]


def test_views_are_made_anew_only_for_other_forms(store: Store, forms: Forms) -> None:
    from kcdesk.store.database import views

    fewer = Forms(tuple(form for form in forms.all if form.id == "beneficiary"))
    with store_files.connection(store.folder) as second:
        assert not views.refresh(second, forms)
        assert views.refresh(second, fewer)
        names = {row["name"] for row in store.query("SELECT name FROM sqlite_master WHERE type = 'view'")}
        lists = {"beneficiary_priority_areas_list", "beneficiary_priority_sectors_list"}
        tables = {f"beneficiary_{row}" for row in ("certificate", "former_value", "predecessor")}
        assert names == {"beneficiary", *tables, *lists}
        assert views.refresh(second, forms)


def list_indexes(store: Store) -> dict[str, int]:
    """How many indexes of lists and days a kind has, by kind."""
    sql = (
        "SELECT kind, count(*) AS indexes FROM (SELECT substr(name, instr(name, '_') + 1) AS kind FROM sqlite_master"
        " WHERE type = 'index' AND (name LIKE 'list!_%' ESCAPE '!' OR name LIKE 'day!_%' ESCAPE '!'))"
        " WHERE kind LIKE 'proposal!_%' ESCAPE '!' OR kind LIKE 'beneficiary!_%' ESCAPE '!'"
        " GROUP BY substr(kind, 1, instr(kind, '_') - 1)"
    )
    return {str(row["kind"]).partition("_")[0]: int(row["indexes"]) for row in store.query(sql)}


@pytest.mark.usefixtures("proposals")
def test_a_kind_has_all_its_indexes_once_it_has_many_records(store: Store, forms: Forms) -> None:
    """Each index makes every change of every record slower; a few records are listed in the same order without."""
    assert list_indexes(store) == {"beneficiary": 1, "proposal": 1}
    before = {order: titles(store.page("proposal", order=order)) for order in ("year", "title", "created")}
    with store.act("Nhiều đơn vị") as act:
        for number in range(200):
            act.insert("beneficiary", "beneficiary@1", {"name": f"Cơ sở {number % 7}", "workers": number})
    store.analyze()
    after = list_indexes(store)
    assert after["proposal"] == 1
    assert after["beneficiary"] > 5
    for order, listed in before.items():
        assert titles(store.page("proposal", order=order)) == listed
    names = [record.data["name"] for record in store.page("beneficiary", limit=-1)]
    assert names == sorted(names)
    folder = store.folder
    store.close()
    with Store.open(folder, forms) as again:
        act_ids = [record.id for record in again.page("beneficiary", limit=-1)]
        with again.act("Xoá") as act:
            for id_ in act_ids[:150]:
                act.delete(id_)
    with Store.open(folder, forms) as again:
        assert list_indexes(again) == after, "indexes that are there stay, so that no opening makes and drops them"


def test_every_table_is_strict(store: Store) -> None:
    ours = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict"
    assert {row["name"] for row in store.query(ours)} <= {
        "_sqlite_migrations",
        "sqlite_schema",
        "sqlite_stat1",
        "sqlite_stat4",
    }


def test_reports_cannot_write(store: Store, proposal: str) -> None:
    with pytest.raises(Exception, match="chỉ cho đọc"):
        store.query("DELETE FROM touched")
    edit(store, proposal, title="Sau đó vẫn ghi được")


def test_another_thread_reads_over_its_own_connection(store: Store, proposal: str) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def look() -> tuple[int, str]:
        with store.reader() as reader:
            return reader.count("proposal"), reader.record(proposal).title()

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(look).result() == (1, "Máy cưa")


@pytest.mark.usefixtures("proposals")
def test_hot_filters_and_pages_use_their_indexes(store: Store) -> None:
    plans = {
        "hot_proposal_state": "json_extract(data, '$.state') = 'draft' AND {} ORDER BY sort",
        "list_proposal_sort": "(sort, seq) > ('b', 3) AND {} ORDER BY sort, seq",
    }
    for index, condition in plans.items():
        where = condition.format("kind = 'proposal' AND deleted IS NULL")
        plan = store.query(f"EXPLAIN QUERY PLAN SELECT id FROM record WHERE {where}")
        assert index in plan[0]["detail"]
        assert len(plan) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "Cty TNHH Minh Phát",
        "Công ty trách nhiệm hữu hạn Minh Phát",
        "minh phat",
        "CÔNG TY TNHH MTV MINH PHÁT",
        "Phát Minh",
    ],
)
def test_near_names(store: Store, typed: str) -> None:
    with store.act("Thêm") as act:
        for name in ("Công ty TNHH Minh Phát", "Hợp tác xã Bình Minh", "Công ty cổ phần Hòa Phát", "Cơ sở Đức Phát"):
            act.insert("beneficiary", "beneficiary@1", {"name": name})
    assert [match.record.data["name"] for match in store.near("beneficiary", "name", typed, 3)] == [
        "Công ty TNHH Minh Phát"
    ]
    assert store.near("beneficiary", "name", "Công ty TNHH Sao Mai", 3) == []
    assert store.near("beneficiary", "name", "  ", 3) == []


def test_bare_names_keep_what_tells_apart() -> None:
    assert bare_name("Công ty TNHH Một thành viên Gỗ Á Châu") == "go a chau"
    assert bare_name("Hợp tác xã") == "hop tac xa"


@pytest.mark.usefixtures("proposals")
def test_many_matches_come_newest_first_unless_an_order_is_asked_for(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_pages, "_FEW", 2)
    assert titles(store.page("proposal", search="d", limit=3)) == ["Đạt chuẩn", "áo dài", "Ứng dụng máy sấy"]
    assert titles(store.page("proposal", search="d", order="title", limit=2)) == ["áo dài", "Dệt vải"]


def test_changed_since_and_vector(store: Store, proposal: str, proposals: dict[str, str]) -> None:
    known = store.vector()
    assert list(known) == [store.identity.device_id]
    assert len(list(store.changed_since({}))) == 8
    assert list(store.changed_since(known)) == []
    edit(store, proposal, title="Mới")
    with store.act("Xoá") as act:
        act.delete(proposals["Đan lát"])
    assert {record.id for record in store.changed_since(known)} == {proposal, proposals["Đan lát"]}


def test_settings_and_secrets(store: Store, forms: Forms) -> None:
    store.set_setting("window", {"width": 1366})
    store.set_secret("signing_key", b"\0\xff")
    store.close()
    with Store.open(store.folder, forms) as again:
        assert again.setting("window") == {"width": 1366}
        assert again.setting("none", 5) == 5
        assert (again.secret("signing_key"), again.secret("none")) == (b"\0\xff", b"")


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(typed=st.text(max_size=40))
@example(typed="")
@example(typed="đan")
@example(typed="Đan lát (mẫu)")
def test_no_text_breaks_search_and_filters(store: Store, proposals: dict[str, str], typed: str) -> None:
    listed = store.page("proposal", search=typed)
    assert store.count("proposal", search=typed) == len(listed) <= len(proposals)
    narrowed = store.count("proposal", search=typed, where={"programme": typed})
    assert narrowed == sum(record.data["programme"] == typed for record in listed)
    assert {match.record.id for match in store.near("proposal", "title", typed, 3)} <= set(proposals.values())
