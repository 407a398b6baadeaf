"""Former values are what the history says was replaced: no half typed word, nothing taken back; and they are found."""

from __future__ import annotations

from kcdesk.store.store import Store
from tests.store.conftest import Laptop, edit

OLD, MIDDLE, NEW = "Cơ sở Gốm Tân Vạn", "HTX Gốm Biên Hoà", "Công ty TNHH Sao Mai"


def registered(store: Store, **values: object) -> str:
    with store.act("Thêm") as act:
        return act.insert("beneficiary", "beneficiary@1", {"name": OLD, "state": "draft", **values})


def former(store: Store, id_: str) -> list[tuple[str, object]]:
    return [(value.path, value.value) for value in store.former(store.get(id_))]


def found(store: Store, search: str) -> list[str]:
    return [stored.id for stored in store.page("beneficiary", search)]


def test_every_name_is_kept_newest_first_with_the_moment_of_its_end(store: Store, laptop: Laptop) -> None:
    id_ = registered(store)
    ends = []
    for name in (MIDDLE, NEW):
        laptop.wait(86_400)
        edit(store, id_, name=name)
        ends.append(store.history(id_)[0].at)
    values = store.former(store.get(id_))
    assert [(value.value, value.until) for value in values] == [(MIDDLE, ends[1]), (OLD, ends[0])]


def test_a_record_is_found_by_each_of_its_names_and_numbers(store: Store, laptop: Laptop) -> None:
    id_ = registered(store, tax_code="0100109106", phone="0912345678", representative="Trần Văn Cũ")
    laptop.wait(100)
    edit(store, id_, name=NEW, tax_code="0101243150", phone="0987654321", representative="Lê Thị Mới")
    for words in ("tan van", "sao mai", "0100109106", "0912345678", "tran van cu", "le thi moi"):
        assert found(store, words) == [id_], words
    assert found(store, "bien hoa") == []
    ((stored, value),) = store.find_former("beneficiary", "tax_code", ["0100109106"])
    assert (stored.id, value.value) == (id_, "0100109106")
    assert store.find_former("beneficiary", "tax_code", ["0101243150"]) == []


def test_similar_names_say_which_of_them_is_a_former_one(store: Store, laptop: Laptop) -> None:
    id_ = registered(store)
    laptop.wait(100)
    edit(store, id_, name=NEW)
    (before,) = store.near("beneficiary", "name", "CS gốm TÂN VẠN")
    (today,) = store.near("beneficiary", "name", "Cty Sao Mai")
    assert (before.record.id, before.former and before.former.value) == (id_, OLD)
    assert (today.record.id, today.former) == (id_, None)


def test_what_was_being_typed_is_no_name(store: Store, laptop: Laptop) -> None:
    id_ = registered(store, name="")
    for typed in ("C", "Công t", "Công ty TNHH Sao", NEW):
        laptop.wait(2)
        edit(store, id_, name=typed)
    assert former(store, id_) == []
    laptop.wait(3600)
    edit(store, id_, name="Công ty cổ phần Sao Mai")
    assert former(store, id_) == [("name", NEW)]


def test_a_name_that_was_locked_is_kept_however_short_it_stood(store: Store) -> None:
    id_ = registered(store)
    for name in (MIDDLE, NEW):
        edit(store, id_, name=name)
        with store.act("Chốt") as act:
            act.snapshot(id_)
    assert former(store, id_) == [("name", MIDDLE), ("name", OLD)]


def test_a_change_that_was_taken_back_leaves_no_former_name(store: Store, laptop: Laptop) -> None:
    id_ = registered(store)
    laptop.wait(100)
    edit(store, id_, name=NEW)
    store.undo(store.undo_steps()[0])
    assert (former(store, id_), found(store, "sao mai"), found(store, "tan van")) == ([], [], [id_])
    step = store.redoable()
    assert step is not None
    store.redo(step)
    assert (former(store, id_), found(store, "tan van")) == ([("name", OLD)], [id_])


def test_other_spellings_of_todays_name_are_no_former_names(store: Store, laptop: Laptop) -> None:
    id_ = registered(store)
    for name in (OLD.upper(), f"{OLD} ", OLD):
        laptop.wait(100)
        edit(store, id_, name=name)
    assert former(store, id_) == []


def test_documents_without_a_name_keep_none(store: Store, proposal: str, laptop: Laptop) -> None:
    laptop.wait(100)
    edit(store, proposal, title="Máy bào")
    assert former(store, proposal) == []
    assert store.count("proposal", search="may cua") == 0
