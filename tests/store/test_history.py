"""The memory: append-only, chained, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import Forms
from kcdesk.store.identity import Officer
from kcdesk.store.store import Store
from tests import store_files
from tests.examples import examples
from tests.store.conftest import OFFICER, UNIT, Laptop, edit


def test_every_change_is_told_newest_first(store: Store, proposal: str, laptop: Laptop) -> None:
    laptop.wait(5)
    edit(store, proposal, "Sửa tên", title="Máy bào")
    newest, first = store.history(proposal)
    assert (newest.action, newest.operation, newest.officer, newest.at) == (
        "Sửa tên",
        "update",
        "Nguyễn Văn Mẫu",
        "2026-01-01T00:00:05.000Z",
    )
    assert (newest.before, newest.after) == ({"title": "Máy cưa"}, {"title": "Máy bào"})
    assert (first.operation, first.before) == ("insert", None)
    assert [act.action for act in store.acts()] == ["Sửa tên", "Lập đề án"]
    assert store.acts(1)[0].records == (proposal,)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE change SET after = '{}'",
        "DELETE FROM change",
        "DELETE FROM act",
        "UPDATE act SET action = 'x'",
        "DELETE FROM snapshot",
        "INSERT OR REPLACE INTO act SELECT * FROM act",
    ],
)
def test_history_only_grows(store: Store, proposal: str, sql: str) -> None:
    with store.act("Chốt") as act:
        act.snapshot(proposal)
    with pytest.raises(Exception, match="append-only"):
        store_files.change(store.folder, sql)


@pytest.mark.parametrize(
    "sql",
    [
        'UPDATE change SET after = \'{"title":"Giả"}\' WHERE seq = 2',
        "UPDATE act SET officer = 'Người khác' WHERE seq = 2",
        "UPDATE act SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 2",
        "DELETE FROM change WHERE seq = 2",
    ],
)
def test_a_forged_history_is_noticed(store: Store, proposal: str, sql: str) -> None:
    for title in ("Một", "Hai", "Ba"):
        edit(store, proposal, title=title)
    assert store.check() == []
    triggers = store.query("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    store_files.change(store.folder, *(f"DROP TRIGGER {trigger['name']}" for trigger in triggers), sql)
    assert any("Lịch sử" in fault for fault in store.check())


# -- undo and redo -------------------------------------------------------------------------------------------------


def test_undo_and_redo_walk_back_and_forth(store: Store, proposal: str, laptop: Laptop) -> None:
    for title in ("Một", "Hai"):
        laptop.wait(61)
        edit(store, proposal, f"Đặt tên {title}", title=title)
    assert [step.action for step in store.undo_steps()] == ["Đặt tên Hai", "Đặt tên Một", "Lập đề án"]
    seen = []
    while step := store.undoable():
        store.undo(step)
        stored = store.get(proposal)
        seen.append("(xoá)" if stored.deleted else stored.data["title"])
    assert seen == ["Một", "Máy cưa", "(xoá)"]
    seen.clear()
    while step := store.redoable():
        seen.append(step.action)
        store.redo(step)
    assert seen == ["Lập đề án", "Đặt tên Một", "Đặt tên Hai"]
    assert store.get(proposal).data["title"] == "Hai"
    assert store.undoable().action == "Đặt tên Hai"
    assert store.check() == []


def test_undo_names_itself_and_is_announced(store: Store, proposal: str) -> None:
    act = edit(store, proposal, "Sửa tên", title="Máy bào")
    changes = store.undo(act)
    assert changes.action == "Hoàn tác: Sửa tên"
    assert [(item.id, item.fields) for item in changes.items] == [(proposal, ("title",))]
    undo, undone = store.acts()[:2]
    assert (undo.undoes, undone.undone, undo.undone) == ((act,), True, False)
    store.redo(store.redoable())
    redo, undo, undone = store.acts()[:3]
    assert (redo.undone, undo.undone, undone.undone) == (False, True, False)


def test_something_new_forgets_what_could_be_redone(store: Store, proposal: str) -> None:
    edit(store, proposal, title="Máy bào")
    store.undo(store.undoable())
    edit(store, proposal, year=2027)
    assert store.redoable() is None


def test_typing_in_one_field_is_one_step(store: Store, proposal: str, laptop: Laptop) -> None:
    for typed in ("M", "Má", "Máy"):
        laptop.wait(20)
        edit(store, proposal, "Sửa tên", title=typed)
    laptop.wait(20)
    edit(store, proposal, "Sửa năm", year=2027)
    laptop.wait(20)
    edit(store, proposal, "Sửa tên", title="Máy b")
    actions = [(step.action, len(step.run)) for step in store.undo_steps()]
    assert actions == [("Sửa tên", 1), ("Sửa năm", 1), ("Sửa tên", 3), ("Lập đề án", 1)]
    for _ in range(3):
        store.undo(store.undoable())
    assert store.get(proposal).data["title"] == "Máy cưa"
    store.redo(store.redoable())
    assert store.get(proposal).data["title"] == "Máy"


def test_a_pause_ends_a_step(store: Store, proposal: str, laptop: Laptop) -> None:
    edit(store, proposal, title="Một")
    laptop.wait(61)
    edit(store, proposal, title="Hai")
    store.undo(store.undoable())
    assert store.get(proposal).data["title"] == "Một"


def test_undo_survives_closing(store: Store, proposal: str, forms: Forms) -> None:
    edit(store, proposal, title="Máy bào")
    store.close()
    with Store.open(store.folder, forms) as again:
        again.undo(again.undoable())
        assert again.get(proposal).data["title"] == "Máy cưa"
        assert again.redoable().action == "Sửa"


def test_a_later_change_of_the_same_field_blocks(store: Store, proposal: str) -> None:
    first = edit(store, proposal, "Sửa tên", title="Một")
    edit(store, proposal, "Đổi tên lần nữa", title="Hai")
    before = store.get(proposal)
    with pytest.raises(UserError, match="Đổi tên lần nữa") as caught:
        store.undo(first)
    assert (caught.value.code, caught.value.field) == ("undo_blocked", "title")
    assert store.get(proposal) == before


def test_a_later_change_of_another_field_does_not_block(store: Store, proposal: str) -> None:
    first = edit(store, proposal, title="Một")
    edit(store, proposal, year=2030)
    store.undo(first)
    assert store.get(proposal).data["title"] == "Máy cưa"
    assert store.get(proposal).data["year"] == 2030


def test_a_row_edited_since_is_not_taken_away(store: Store, proposal: str) -> None:
    with store.act("Thêm dòng") as added:
        added.update(proposal, {"budget/b2": {"cost": 1}})
    with store.act("Sửa dòng") as act:
        act.update(proposal, {"budget/b2/cost": 2})
    with pytest.raises(UserError, match="Sửa dòng"):
        store.undo(added.changes.act)
    with store.act("Bỏ dòng") as removed:
        removed.update(proposal, {"budget/b2": None})
    with pytest.raises(UserError, match="Bỏ dòng"):
        store.undo(act.changes.act)
    store.undo(removed.changes.act)
    assert store.get(proposal).data["budget"][1]["cost"] == 2


def test_a_new_record_edited_since_is_not_taken_away(store: Store, proposal: str) -> None:
    made = store.acts()[-1].id
    edit(store, proposal, title="Khác")
    with pytest.raises(UserError, match="Sửa"):
        store.undo(made)
    with store.act("Xoá") as act:
        act.delete(proposal)
    with pytest.raises(UserError, match="Xoá"):
        store.undo(made)


def test_unknown_acts_cannot_be_undone(store: Store) -> None:
    with pytest.raises(UserError) as caught:
        store.undo("nothing")
    assert caught.value.code == "not_found"


def test_a_snapshot_outlives_its_undo(store: Store, proposal: str) -> None:
    with store.act("Chốt") as act:
        act.update(proposal, {"state": "final"})
        act.snapshot(proposal)
    store.undo(store.undoable())
    assert store.get(proposal).data["state"] == "draft"
    assert [record.state for record in store.snapshots(proposal)] == ["final"]


# -- laws ----------------------------------------------------------------------------------------------------------

_ROWS = st.sampled_from(["b1", "b2", "b3"])
_CELLS = st.fixed_dictionaries({}, optional={"item": st.text(max_size=5), "cost": st.integers(0, 9)})
_CHANGES = st.one_of(
    st.tuples(st.just("title"), st.none() | st.text(max_size=8)),
    st.tuples(st.just("year"), st.none() | st.integers(2000, 2030)),
    st.tuples(_ROWS.map("budget/{}".format), st.none() | _CELLS),
    st.tuples(_ROWS.map("budget/{}/cost".format), st.none() | st.integers(0, 9)),
    st.tuples(_ROWS.map("budget/{}/position".format), st.floats(0, 9)),
)
_ACTS = st.lists(
    st.one_of(
        st.lists(_CHANGES, min_size=1, max_size=4).map(dict),
        st.sampled_from(["delete", "restore", "snapshot", "undo", "redo"]),
    ),
    max_size=8,
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, forms: Forms) -> Iterator[Store]:
    """One store for all examples, which need not survive a power cut."""
    made, _ = Store.create(tmp_path_factory.mktemp("law"), forms, UNIT, OFFICER, practice=True, now=Laptop())
    yield made
    made.close()


def content(store: Store, id_: str) -> tuple[Any, bool]:
    stored = store.get(id_)
    return stored.data_json, stored.deleted is not None


def perform(store: Store, id_: str, what: Any) -> str:
    """Do one thing; returns the act, "" when it was refused or changed nothing."""
    if what in ("undo", "redo"):
        step = store.undoable() if what == "undo" else store.redoable()
        return store.undo(step).act if step else ""
    try:
        with store.act("Việc") as act:
            if isinstance(what, dict):
                act.update(id_, what)
            else:
                getattr(act, what)(id_)
    except UserError:
        return ""
    return act.changes.act


@settings(max_examples=examples(30), deadline=None)
@given(acts=_ACTS, last=_ACTS.filter(bool).map(lambda acts: acts[0]))
def test_undo_of_any_act_restores_the_data_exactly(shared: Store, acts: list, last: Any) -> None:
    with shared.act("Lập") as act:
        id_ = act.insert("proposal", "proposal@1", {"title": "Máy", "budget": [{"id": "b1", "position": 1.0}]})
    for what in acts:
        perform(shared, id_, what)
    before = content(shared, id_)
    if done := perform(shared, id_, last):
        after = content(shared, id_)
        undone = shared.undo(done)
        assert content(shared, id_) == before
        if undone.act:
            shared.redo(undone.act)
            assert content(shared, id_) == after
    assert shared.check() == []


def test_a_forged_snapshot_is_noticed(store: Store, proposal: str) -> None:
    with store.act("Chốt") as act:
        act.snapshot(proposal)
    assert store.check() == []
    store_files.change(store.folder, "DROP TRIGGER snapshot_no_update", "UPDATE snapshot SET data = '{}'")
    assert any("Bản chốt" in fault for fault in store.check())


def test_officers_are_part_of_the_chain(store: Store, proposal: str) -> None:
    store.set_officer(Officer("Trần Thị Mẫu"))
    edit(store, proposal, title="Máy bào")
    assert store.check() == []
