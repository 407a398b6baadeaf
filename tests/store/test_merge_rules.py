"""The rules of merging one by one, on states small enough to be joined by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field, Form, Section, State, Transition, Workflow
from kcdesk.runtime.frozen import replace
from kcdesk.store.handover import merging
from kcdesk.store.handover.merging import MergeState, ProvinceAuthority
from kcdesk.store.handover.shapes import Shape, Shapes

ANYBODY = ProvinceAuthority()


def stamp(moment: int, device: str) -> str:
    return f"{moment}-0-{device}"


def shape() -> Shape:
    """A paper with open, sensitive, computed and owned fields, and a table with a sensitive and an owned column."""
    content = (
        Field(name="title", type="text", label="Tên"),
        Field(name="secret", type="text", label="Kín", sensitive=True),
        Field(name="handler", type="text", label="Cán bộ phụ trách"),
        Field(name="total", type="money", label="Tổng", computed="sum", computed_from=("lines.cost",)),
        Field(
            name="lines",
            type="table",
            label="Các dòng",
            row="dòng",
            columns=(
                Field(name="item", type="text", label="Mục"),
                Field(name="cost", type="money", label="Tiền"),
                Field(name="note", type="text", label="Kín", sensitive=True),
                Field(name="verdict", type="text", label="Kết luận", owner="province"),
            ),
        ),
    )
    opinion = Field(name="opinion", type="text", label="Ý kiến", owner="province")
    form = Form(
        id="paper",
        version=1,
        label="Hồ sơ",
        plural="Hồ sơ",
        effective_from=date(2012, 7, 5),
        title=("title",),
        sections=(
            Section(
                id="content", label="Nội dung", fields=(*content, Field(name="late", type="text", label="Ghi sau"))
            ),
            Section(id="signed", label="Bản ký", fields=(Field(name="scan", type="text", label="Bản quét"),)),
            Section(id="province", label="Tỉnh", fields=(opinion,)),
        ),
    )
    workflow = Workflow(
        kind="paper",
        initial="draft",
        own=("handler",),
        states=(
            State(name="draft", label="Đang nhập"),
            State(name="final", label="Đã chốt", editable=False, open_sections=("signed",), open_fields=("late",)),
        ),
        transitions=(Transition(name="finalise", label="Chốt", from_states=("draft",), to="final"),),
    )
    return Shapes(Forms((form,), workflows=(workflow,))).of("paper@1")


SHAPE = shape()


def state(data: dict[str, Any] | None = None, stamps: dict[str, str] | None = None, **changes: Any) -> MergeState:
    facts: dict[str, Any] = {"form": "paper@1", "created": "2026-01-02", "updated": "2026-01-03", "deleted": None}
    return MergeState(**{**facts, "data": data or {}, "stamps": stamps or {}, "others": {}, "seen": {}, **changes})


def test_each_office_keeps_the_field_that_it_fills_in_for_itself():
    """Another office's package neither brings nor removes it, however much it has seen; one's own computer does."""
    seen = {"unit": stamp(1, "unit"), "province": stamp(2, "province")}
    unit = state({"handler": "A"}, {"handler": stamp(1, "unit")}, seen={"unit": stamp(1, "unit")})
    province = state({"handler": "B"}, {"handler": stamp(2, "province")}, seen=seen)
    emptied = state({}, {"handler": stamp(2, "province")}, seen=seen)
    locked = {"state": "final"}, {"state": stamp(3, "province")}
    closing = state(*locked, seen={**seen, "province": stamp(3, "province")})
    for theirs in (province, emptied, state(seen=seen), closing):
        assert join(unit, theirs).data["handler"] == "A"
        assert "handler" not in join(unit, theirs).others
    assert join(state(), province).data == {}
    assert join(unit, province, ProvinceAuthority(same_office=True)).data["handler"] == "B"


def join(ours: MergeState, theirs: MergeState, authority: ProvinceAuthority = ANYBODY) -> MergeState:
    return merging.joined(ours, theirs, SHAPE, authority)


@pytest.mark.parametrize(
    ("path", "state_name", "closed"),
    [
        ("title", "final", True),
        ("lines/r1", "final", True),
        ("lines/r1/cost", "final", True),
        ("opinion", "final", True),
        ("revision", "final", True),
        ("scan", "final", False),  # an open section
        ("late", "final", False),  # an open field of a closed section
        ("state", "final", False),
        ("deleted", "final", False),
        ("other", "final", False),
        ("title", "draft", False),
        ("revision", "draft", False),
        ("title", None, False),
    ],
)
def test_what_is_closed_in_a_locked_state(path: str, state_name: str | None, closed: bool) -> None:
    assert SHAPE.is_closed(path, state_name) is closed


@pytest.mark.parametrize(
    ("path", "owned", "latest", "sensitive", "names"),
    [
        ("title", False, False, False, ["title"]),
        ("total", False, True, False, ["total"]),
        ("secret", False, False, True, ["secret"]),
        ("opinion", True, True, False, ["opinion"]),
        ("lines/r1", False, False, False, ["lines"]),
        ("lines/r1/position", False, False, False, ["lines"]),
        ("lines/r1/cost", False, False, False, ["lines", "cost"]),
        ("lines/r1/note", False, False, True, ["lines", "note"]),
        ("lines/r1/verdict", True, True, False, ["lines", "verdict"]),
        ("state", False, False, False, []),
    ],
)
def test_what_the_form_says_of_a_register(
    path: str, owned: bool, latest: bool, sensitive: bool, names: list[str]
) -> None:
    assert (SHAPE.is_owned(path), SHAPE.is_latest(path), SHAPE.is_sensitive(path)) == (owned, latest, sensitive)
    assert [field.name for field in SHAPE.fields(path)] == names


def test_the_paths_of_the_province_are_picked_out() -> None:
    stamps = {path: stamp(1, "a") for path in ("title", "opinion", "lines/r1", "lines/r1/cost", "lines/r1/verdict")}
    assert SHAPE.owned(stamps) == ("opinion", "lines/r1/verdict")
    assert SHAPE.owned_tables == {"lines"}
    assert SHAPE.has_sensitive
    assert SHAPE.has_apart([], ["lines"])
    assert SHAPE.has_apart(["secret"], [])
    assert SHAPE.has_apart(["opinion"], [])
    assert not SHAPE.has_apart(["title", "scan"], ["title"])


@pytest.mark.parametrize(
    ("ours", "theirs", "joined"),
    [("paper@9", "paper@10", "paper@10"), ("paper@1", "paper@new", "paper@1"), ("paper", "paper@1", "paper@1")],
)
def test_the_newest_form_is_kept(ours: str, theirs: str, joined: str) -> None:
    assert join(state(form=ours), state(form=theirs)).form == joined
    assert join(state(form=theirs), state(form=ours)).form == joined


def test_what_both_sides_know_is_added_up() -> None:
    ours = state(created="2026-01-02", updated="2026-01-03", seen={"a": stamp(2, "a"), "c": stamp(1, "c")})
    theirs = state(created="2026-01-01", updated="2026-01-09", seen={"a": stamp(1, "a"), "b": stamp(5, "b")})
    found = join(ours, replace(theirs, private={"b": stamp(4, "b")}))
    assert (found.created, found.updated) == ("2026-01-01", "2026-01-09")
    assert found.seen == {"a": stamp(2, "a"), "b": stamp(5, "b"), "c": stamp(1, "c")}
    assert found.private == {"b": stamp(4, "b")}


def test_a_write_that_was_seen_and_is_gone_was_overwritten() -> None:
    old, new = stamp(1, "a"), stamp(2, "b")
    ours = state({"title": "Cũ"}, {"title": old}, seen={"a": old})
    theirs = state({"title": "Mới"}, {"title": new}, seen={"a": old, "b": new})
    for found in (join(ours, theirs), join(theirs, ours)):
        assert (found.data, found.stamps, found.others) == ({"title": "Mới"}, {"title": new}, {})


def test_writes_that_did_not_see_each_other_stand_side_by_side() -> None:
    early, late = stamp(1, "a"), stamp(2, "b")
    ours = state({"title": "Sớm"}, {"title": early}, seen={"a": early})
    theirs = state({"title": "Muộn"}, {"title": late}, seen={"b": late})
    for found in (join(ours, theirs), join(theirs, ours)):
        assert (found.data, found.stamps) == ({"title": "Muộn"}, {"title": late})
        assert found.others == {"title": {early: "Sớm"}}
    emptied = state({}, {"title": late}, seen={"b": late})
    assert join(ours, emptied).data == {}
    assert join(ours, emptied).others == {"title": {early: "Sớm"}}


def test_a_sensitive_write_is_only_overwritten_by_who_knows_the_sensitive_values() -> None:
    old = stamp(1, "a")
    ours = state({"secret": "Kín"}, {"secret": old}, seen={"a": old}, private={"a": old})
    without = state(seen={"a": old})
    assert join(ours, without).data == join(without, ours).data == {"secret": "Kín"}
    emptied = state({}, {"secret": stamp(2, "b")}, seen={"a": old}, private={"a": old})
    assert join(ours, emptied).data == join(emptied, ours).data == {}
    assert join(ours, emptied).others == {}


def test_one_write_with_two_values_is_the_same_on_both_sides() -> None:
    at = stamp(1, "a")
    left_out, kept = state({}, {"title": at}), state({"title": "B"}, {"title": at})
    other = state({"title": "A"}, {"title": at})
    assert join(left_out, kept).data == join(kept, left_out).data == {"title": "B"}
    assert join(kept, other).data == join(other, kept).data == {"title": "B"}


def test_a_computed_value_has_no_conflict() -> None:
    ours = state({"total": 1}, {"total": stamp(1, "a")}, seen={"a": stamp(1, "a")})
    theirs = state({"total": 2}, {"total": stamp(2, "b")}, seen={"b": stamp(2, "b")})
    found = join(theirs, ours)
    assert (found.data, found.others) == ({"total": 2}, {})


def test_only_a_vouched_package_changes_what_the_province_decides() -> None:
    forged, decided = stamp(9, "unit"), stamp(1, "province")
    ours = state({"opinion": "Của đơn vị"}, {"opinion": forged}, seen={"unit": forged})
    theirs = state({"opinion": "Của tỉnh"}, {"opinion": decided}, seen={"province": decided})
    assert join(ours, theirs).data == {"opinion": "Của đơn vị"}
    vouched = ProvinceAuthority(True, frozenset(("province",)))
    assert join(ours, theirs, vouched).data == {"opinion": "Của tỉnh"}, "though its clock is behind"
    later = state({"opinion": "Tỉnh sửa"}, {"opinion": stamp(2, "province")})
    assert join(theirs, later, vouched).data == join(later, theirs, vouched).data == {"opinion": "Tỉnh sửa"}


def test_a_new_record_leaves_out_what_only_the_province_may_write() -> None:
    row = {"id": "r1", "position": 1.0, "item": "Máy"}
    stamps = {path: stamp(1, "a") for path in ("title", "lines/r1")}
    clean = state({"title": "A", "lines": [row]}, stamps)
    forged = state(
        {"title": "A", "opinion": "Đồng ý", "lines": [row | {"verdict": "Đạt"}]},
        stamps | {"opinion": stamp(1, "a"), "lines/r1/verdict": stamp(1, "a")},
    )
    assert merging.without_owned(forged, SHAPE) == clean
    assert merging.without_owned(clean, SHAPE) == clean
    plain = state({"title": "A"}, {"title": stamp(1, "a")})
    assert merging.without_owned(plain, SHAPE) is plain
    unstamped = state({"opinion": "Đồng ý"})
    assert merging.without_owned(unstamped, SHAPE).data == {}


def test_a_step_writes_again_what_it_closes() -> None:
    old, at = stamp(1, "a"), stamp(9, "b")
    removed = old + "-"
    stamps = {"title": old, "scan": old, "secret": old, "opinion": old, "deleted": old}
    stamps |= {"lines/r1": old, "lines/r2": removed, "lines/r1/cost": old, "lines/r1/note": old}
    fresh = merging.renewed(stamps, SHAPE, lambda path: path != "scan", at)
    assert fresh == {
        "title": at,
        "scan": old,
        "secret": old,
        "opinion": old,
        "deleted": old,
        "lines/r1": at,
        "lines/r2": at + "-",
        "lines/r1/note": old,  # the cost follows its row
    }


@pytest.mark.parametrize(
    ("seen", "at", "covered"),
    [
        ({"a": "2-0-a"}, "1-0-a", True),
        ({"a": "2-0-a"}, "2-0-a", True),
        ({"a": "2-0-a"}, "3-0-a", False),
        ({}, "1-0-a", False),
    ],
)
def test_what_a_side_has_seen(seen: dict[str, str], at: str, covered: bool) -> None:
    assert merging.covers(seen, at) is covered
    assert merging.covers(seen, at + "-") is (covered and at != "2-0-a"), "a removal is later than its row"
    assert merging.knows(seen, {"a": at}) is covered
    assert merging.knows(seen, {})
    assert not merging.knows({"b": "9-0-b"}, {"a": at, "b": "1-0-b"})


def test_a_deleted_record_stays_as_it_was_deleted_and_later_writes_wait() -> None:
    made, gone, late = stamp(1, "a"), stamp(2, "a"), stamp(3, "b")
    ours = state({"title": "Gốc"}, {"title": gone, "deleted": gone}, deleted="x", seen={"a": gone})
    theirs = state({"title": "Vẫn làm"}, {"title": late}, seen={"a": made, "b": late})
    found = join(ours, theirs)
    assert found.deleted == "1970-01-01T00:00:00.002Z"
    assert (found.data, found.others) == ({"title": "Gốc"}, {"title": {late: "Vẫn làm"}})
    restored = replace(ours, deleted=None, stamps={"title": gone, "deleted": stamp(4, "a")}, seen={"a": stamp(4, "a")})
    assert join(restored, theirs).deleted is None


def test_rows_are_put_together_and_a_removed_row_keeps_the_cells_of_others_waiting() -> None:
    made, removed, late = stamp(1, "a"), stamp(2, "a"), stamp(3, "b")
    row = {"id": "r1", "position": 1.0, "item": "Máy", "cost": 5}
    base = state({"lines": [row]}, {"lines/r1": made}, seen={"a": made})
    edited = state(
        {"lines": [row | {"cost": 7}]}, {"lines/r1": made, "lines/r1/cost": late}, seen={"a": made, "b": late}
    )
    found = join(base, edited)
    assert found.data == {"lines": [row | {"cost": 7}]}
    assert found.stamps == {"lines/r1": made, "lines/r1/cost": late}
    taken = state({}, {"lines/r1": removed + "-"}, seen={"a": removed})
    without = join(taken, edited)
    assert without.data == {}
    assert without.stamps == {"lines/r1": removed + "-"}
    assert without.others == {"lines/r1/cost": {late: 7}}
    second = {"id": "r0", "position": 0.5, "item": "Đầu"}
    beside = state({"lines": [second]}, {"lines/r0": late}, seen={"b": late})
    assert [entry["id"] for entry in join(base, beside).data["lines"]] == ["r0", "r1"]
