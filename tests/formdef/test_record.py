"""A record: paths in, changes out; what is wrong, missing, visible and editable."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk.errors import Problem, UserError
from kcdesk.formdef.loading.loader import Forms
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.formdef.record_title import UNTITLED
from kcdesk.formdef.record_values import Row
from kcdesk.formdef.types.base import ValueProblem
from tests.formdef.test_type_laws import JSON

DAY = date(2026, 3, 5)


@pytest.fixture
def record(forms: Forms) -> Record:
    return new_record(forms, "proposal", "r1", DAY)


def with_rows(forms: Forms, *names: str) -> Record:
    machines = [{"id": name, "position": n, "name": name} for n, name in enumerate(names, start=1)]
    return Record("r1", "proposal", forms.current("proposal"), {"machines": machines}, forms=forms)


def names(record: Record) -> list[str]:
    return [row["name"] for row in record.rows("machines")]


# ---- beginning


def test_a_new_record_has_declared_defaults_only(record: Record) -> None:
    assert record.data == {"state": "draft", "revision": 1, "programme": "national", "starts_on": "2026-03-05"}
    assert (record.state, record.revision, record.title()) == ("draft", 1, UNTITLED)


def test_what_is_given_stays_untouched(forms: Forms) -> None:
    data = {"machines": [{"id": "b", "position": 2.0}, {"id": "a", "position": 1.0}]}
    record = Record("r1", "proposal", forms.current("proposal"), data)
    record.set("machines/a/name", "Máy")
    assert [row["id"] for row in record.rows("machines")] == ["a", "b"]
    assert data == {"machines": [{"id": "b", "position": 2.0}, {"id": "a", "position": 1.0}]}


# ---- setting


def test_setting_and_emptying_tell_what_changed(record: Record) -> None:
    assert record.set("title", "Đề án A") == {"title": "Đề án A"}
    assert record.set("title", "Đề án A") == {}
    assert record.parse("year", "2026") == {"year": 2026}
    assert record.title() == "Đề án A – 2026"
    assert record.parse("title", "  ") == {"title": None}
    assert record.value("title") is None
    assert "title" not in record.data


def test_what_is_read_out_cannot_change_the_record(record: Record) -> None:
    record.add_row("machines", {"name": "Máy"})
    record.value("machines")[0]["name"] = "khác"
    record.rows("machines")[0]["name"] = "khác"
    assert names(record) == ["Máy"]


def test_computed_values_follow_in_rows_and_totals(record: Record) -> None:
    row_id, changes = record.add_row("machines", {"name": "Máy cắt", "quantity": "2"})
    assert changes == {f"machines/{row_id}": {"id": row_id, "position": 1.0, "name": "Máy cắt", "quantity": "2"}}
    assert record.parse(f"machines/{row_id}/unit_price", "100 triệu") == {
        f"machines/{row_id}/unit_price": 100_000_000,
        f"machines/{row_id}/amount": 200_000_000,
        "machine_cost": 200_000_000,
    }
    line, changes = record.add_row("budget", {"cost": 400_000_000})
    assert changes["machine_share"] == "50"
    assert record.text("machine_share") == "50%"
    assert record.text("total_cost") == "400.000.000 đồng"
    assert record.remove_row("budget", line) == {f"budget/{line}": None, "total_cost": None, "machine_share": None}


def test_a_whole_row_and_a_whole_table_may_be_set(record: Record) -> None:
    assert record.set("budget/b1", {"cost": 5, "id": "b1"}) == {
        "budget/b1": {"id": "b1", "position": 1.0, "cost": 5},
        "total_cost": 5,
    }
    assert record.set("budget/b1", {"cost": 6}) == {"budget/b1/cost": 6, "total_cost": 6}
    changes = record.set("budget", [{"id": "b2", "cost": 1}, {"id": "b1", "cost": 6}])
    assert changes == {
        "budget/b2": {"id": "b2", "position": 1.0, "cost": 1},
        "budget/b1/position": 2.0,
        "total_cost": 7,
    }
    assert record.set("budget", None) == {"budget/b2": None, "budget/b1": None, "total_cost": None}
    assert "budget" not in record.data


def test_rows_are_read_from_what_people_write(record: Record) -> None:
    record.parse("budget", [{"item": "Máy", "cost": "300tr"}, {"item": "Công", "cost": 5.0}])
    assert record.value("total_cost") == 300_000_005
    row = record.rows("budget")[1]["id"]
    record.parse(f"budget/{row}", {"item": "Công lắp", "cost": "10"})
    assert record.rows("budget")[1] == {"id": row, "position": 2.0, "item": "Công lắp", "cost": 10}


@pytest.mark.parametrize(
    ("path", "code", "hint"),
    [
        ("titel", "unknown_field", "Có phải ý là “title”?"),
        ("machines/r/quantty", "unknown_field", "Có phải ý là “machines/…/quantity”?"),
        ("title/r/x", "unknown_field", "Có phải ý là “title”?"),
        ("title/r", "unknown_field", "Có phải ý là “title”?"),
        ("machines/r/name/x", "unknown_field", "Có phải ý là “machines/…/name”?"),
        ("machines/", "bad_value", ""),
        ("machine_cost", "computed", ""),
        ("machines/r/amount", "computed", ""),
        ("machines/gone/name", "row_gone", ""),
    ],
)
def test_what_cannot_be_set(record: Record, path: str, code: str, hint: str) -> None:
    before = copy.deepcopy(record.data)
    with pytest.raises(UserError) as refused:
        record.set(path, {"name": "x"} if path.count("/") == 1 else "x")
    assert (refused.value.code, refused.value.hint) == (code, hint)
    assert refused.value.field.startswith(path.rpartition("/")[0])
    assert record.data == before


@pytest.mark.parametrize(
    "rows",
    [
        [{"cost": 1}, {"colour": 2}],
        [{"id": "a"}, {"id": "a"}],
        [{"id": "a/b"}],
        [{"position": "first"}],
        [1],
    ],
)
def test_a_refused_table_leaves_the_old_one(record: Record, rows: list[Any]) -> None:
    record.add_row("budget", {"cost": 5})
    before = copy.deepcopy(record.data)
    with pytest.raises(UserError):
        record.set("budget", rows)
    assert record.data == before


def test_a_refused_value_names_its_path_and_changes_nothing(record: Record) -> None:
    row, _ = record.add_row("machines", {"name": "Máy"})
    with pytest.raises(ValueProblem) as refused:
        record.parse(f"machines/{row}/quantity", "nhiều")
    assert refused.value.field == f"machines/{row}/quantity"
    assert record.rows("machines")[0] == {"id": row, "position": 1.0, "name": "Máy"}


def test_state_and_revision_are_set_like_values(record: Record) -> None:
    assert record.set("state", "final") == {"state": "final"}
    assert record.set("revision", 2) == {"revision": 2}
    assert (record.state, record.revision) == ("final", 2)


# ---- rows


def test_rows_are_added_after_another_and_moved(forms: Forms) -> None:
    record = with_rows(forms, "a", "b", "c")
    record.add_row("machines", {"name": "x"}, after="a")
    assert names(record) == ["a", "x", "b", "c"]
    assert record.move_row("machines", "c", None) == {"machines/c/position": 0.0}
    assert names(record) == ["c", "a", "x", "b"]
    assert record.move_row("machines", "c", "b") == {"machines/c/position": 3.0}
    assert names(record) == ["a", "x", "b", "c"]
    assert record.move_row("machines", "c", "c") == {}
    record.remove_row("machines", "b")
    assert names(record) == ["a", "x", "c"]
    with pytest.raises(UserError):
        record.remove_row("machines", "b")
    with pytest.raises(UserError):
        record.move_row("machines", "a", "b")


def test_there_is_always_room_between_two_rows(forms: Forms) -> None:
    record = with_rows(forms, "a", "b")
    added = [f"x{n}" for n in range(120)]
    for name in added:
        record.add_row("machines", {"name": name}, after="a")
    assert names(record) == ["a", *reversed(added), "b"]


@given(steps=st.lists(st.tuples(st.sampled_from("amr"), st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_rows_stand_where_they_were_put(forms: Forms, steps: list[tuple[str, int, int]]) -> None:
    record, expected, last = with_rows(forms), list[str](), 0
    for step, one, other in steps:
        after = expected[other % len(expected)] if expected else None
        if step == "a":
            last += 1
            row = {"name": f"n{last}"}
            row_id, _ = record.add_row("machines", row, after=after)
            expected.insert(expected.index(after) + 1 if after else len(expected), row_id)
        elif expected:
            row_id = expected[one % len(expected)]
            if step == "r":
                record.remove_row("machines", row_id)
                expected.remove(row_id)
            elif after != row_id:
                record.move_row("machines", row_id, after)
                expected.remove(row_id)
                expected.insert(expected.index(after) + 1 if after else 0, row_id)
        rows = record.rows("machines")
        assert [row["id"] for row in rows] == expected
        assert rows == sorted(rows, key=lambda row: row["position"])


edits = st.lists(
    st.one_of(
        st.tuples(st.just("quantity"), st.integers(0, 1000).map(lambda n: str(Decimal(n) / 10))),
        st.tuples(st.just("unit_price"), st.integers(0, 10**9)),
        st.tuples(st.just("unit_price"), st.none()),
        st.tuples(st.sampled_from(["add", "remove"]), st.none()),
        st.tuples(st.just("cost"), st.integers(0, 10**10)),
    ),
    max_size=15,
)


@given(edits=edits, pick=st.randoms(use_true_random=False))
def test_computed_values_always_agree_and_changes_tell_all(
    forms: Forms, edits: list[tuple[str, Any]], pick: Any
) -> None:
    record = Record("r1", "proposal", forms.current("proposal"), {}, forms=forms)
    replayed: dict[str, Any] = {}
    for what, value in edits:
        rows = record.rows("machines")
        row = pick.choice(rows)["id"] if rows else ""
        if what == "add":
            _, changes = record.add_row("machines")
        elif what == "cost":
            _, changes = record.add_row("budget", {"cost": value})
        elif not row:
            continue
        elif what == "remove":
            changes = record.remove_row("machines", row)
        else:
            changes = record.set(f"machines/{row}/{what}", value)
        for path, stored in changes.items():
            _replay(replayed, path, stored)
        _assert_consistent(record)
        assert replayed == record.data


@given(
    values=st.lists(
        st.tuples(
            st.sampled_from(["title", "year", "m1/quantity", "m1/unit_price", "m2/quantity"]), st.integers(1, 10**6)
        ),
        max_size=8,
    )
)
def test_a_batch_leaves_what_its_values_leave_one_by_one(forms: Forms, values: list[tuple[str, int]]) -> None:
    begun = {"machines": [{"id": "m1", "position": 1.0}, {"id": "m2", "position": 2.0}]}
    batch, single = (Record("r1", "proposal", forms.current("proposal"), begun, forms=forms) for _ in range(2))
    wanted = {
        f"machines/{name}" if "/" in name else name: str(value) if name == "title" else value for name, value in values
    }
    changes = batch.apply(wanted)
    for path, value in wanted.items():
        single.set(path, value)
    assert batch.data == single.data
    replayed: dict[str, Any] = copy.deepcopy(begun)
    for path, stored in changes.items():
        _replay(replayed, path, stored)
    assert replayed == batch.data


def test_a_batch_with_a_refused_value_changes_nothing(record: Record) -> None:
    before = copy.deepcopy(record.data)
    with pytest.raises(UserError):
        record.apply({"title": "Máy", "machines/no-such-row/quantity": 2})
    assert record.data == before


def _replay(data: dict[str, Any], path: str, value: Any) -> None:
    """What a store does with changes, written the plain way."""
    name, *rest = path.split("/")
    if not rest:
        target: dict[str, Any] = data
        key = name
    elif len(rest) == 1:
        rows = [row for row in data.get(name, []) if row["id"] != rest[0]] + ([value] if value else [])
        target, key, value = data, name, sorted(rows, key=lambda row: row["position"]) or None
    else:
        target, key = next(row for row in data[name] if row["id"] == rest[0]), rest[1]
    target.pop(key, None)
    if value is not None:
        target[key] = value


def _assert_consistent(record: Record) -> None:
    amounts = []
    for row in record.rows("machines"):
        expected = _product(row)
        assert row.get("amount") == expected
        amounts += [expected] if expected is not None else []
    assert record.value("machine_cost") == (sum(amounts) if amounts else None)


def _product(row: Row) -> int | None:
    if "quantity" not in row or "unit_price" not in row:
        return None
    return int((Decimal(row["quantity"]) * row["unit_price"] + Decimal("0.5")).to_integral_value("ROUND_FLOOR"))


# ---- visible, required, editable


def test_visible_and_required(record: Record) -> None:
    assert "many_reason" not in [field.name for field in record.fields_visible()]
    record.set("workers", 50)
    assert record.is_visible("many_reason")
    assert record.is_required("many_reason")
    assert record.is_visible("approved_support")
    record.set("programme", "local")
    assert not record.is_visible("approved_support")  # its section is hidden
    assert record.is_required("many_reason")
    record.set("programme", None)
    assert not record.is_required("many_reason")


def test_cells_look_at_their_row_and_then_at_the_record(record: Record) -> None:
    row, _ = record.add_row("machines", {"name": "Máy", "quantity": "11"})
    note = f"machines/{row}/note"
    assert record.is_visible(note)
    assert record.is_required(note)
    record.set(f"machines/{row}/quantity", "10")
    assert not record.is_visible(note)
    assert not record.is_required(note)
    assert record.is_required(f"machines/{row}/name")
    assert not record.is_required(f"machines/{row}/amount")


def test_who_may_edit_what_and_when(forms: Forms, record: Record) -> None:
    workflow = forms.workflow("proposal")
    row, _ = record.add_row("machines", {"name": "Máy"})
    assert record.is_editable("title", workflow, "lower")
    assert record.is_editable(f"machines/{row}/quantity", workflow, "lower")
    assert record.is_editable(f"machines/{row}", workflow, "lower")
    assert not record.is_editable(f"machines/{row}/amount", workflow, "lower")
    assert not record.is_editable("total_cost", workflow, "province")
    assert not record.is_editable("approved_support", workflow, "lower")
    assert record.is_editable("approved_support", workflow, "province")
    record.set("state", "final")
    assert not record.is_editable("title", workflow, "province")
    assert record.is_editable("approved_support", workflow, "province")  # its section stays open
    record.deleted = True
    assert not record.is_editable("approved_support", workflow, "province")


# ---- problems


def test_an_empty_draft_has_no_problems_but_is_incomplete(record: Record) -> None:
    assert record.problems() == []
    assert record.problems(final=True) == record.missing() == [Problem("title", "Tên đề án: chưa nhập.")]


def test_wrong_values_are_told_in_a_draft_in_the_order_of_the_paper(record: Record) -> None:
    record.set("budget", [{"id": "b1", "item": "Máy", "cost": "năm"}])
    record.set("workers", -1)
    record.set("title", "dài " * 20)
    record.set("machines", [{"id": "m1", "quantity": "-2"}])
    assert record.problems() == [
        Problem("title", "Tên đề án: dài 80 ký tự, nhiều nhất là 40."),
        Problem("workers", "Số lao động: phải từ 0 người trở lên."),
        Problem("machines/m1/quantity", "Máy móc, dòng 1, Số lượng: phải từ 0 trở lên."),
        Problem("budget/b1/cost", "Dự toán, dòng 1 (Máy), Tổng: phải là một số nguyên."),
    ]


def test_final_lists_what_is_missing_and_what_does_not_agree(record: Record) -> None:
    record.set("activity", "machinery")
    record.set("ends_on", "2026-03-01")
    record.set("approved_support", 9)
    record.set("budget", [{"id": "b1", "cost": 5, "national": 5}, {"id": "b2", "cost": 2, "national": 1}])
    closes = Problem("budget/b2/cost", "Dự toán, dòng 2: Tổng là 2 nhưng tổng các nguồn là 1, lệch 1 đồng.")
    assert record.problems() == [closes]  # the only check that drafts show
    assert record.problems(final=True) == [
        Problem("title", "Tên đề án: chưa nhập."),
        Problem("ends_on", "Ngày kết thúc đứng trước ngày bắt đầu."),
        Problem("machines", "Máy móc: chưa nhập."),
        closes,
        Problem("approved_support", "Kinh phí được duyệt là 9, vượt Tổng kinh phí (7) 2 đồng."),
    ]


def test_missing_cells_are_named_by_row(record: Record) -> None:
    record.set("title", "A")
    row, _ = record.add_row("machines", {"quantity": "11"})
    assert record.missing() == [
        Problem(f"machines/{row}/name", "Máy móc, dòng 1, Tên máy: chưa nhập."),
        Problem(f"machines/{row}/note", "Máy móc, dòng 1, Ghi chú: chưa nhập."),
    ]


def test_hidden_fields_have_no_problems(record: Record) -> None:
    record.set("title", "A")
    record.set("approved_support", 9)
    record.set("budget", [{"id": "b1", "cost": 5, "national": 5}])
    assert [problem.field for problem in record.problems(final=True)] == ["approved_support"]
    record.set("programme", "local")
    assert record.problems(final=True) == []


anything = st.dictionaries(
    st.sampled_from(
        ["title", "year", "programme", "activity", "beneficiaries", "ends_on", "workers", "machines", "budget", "state"]
    ),
    JSON
    | st.lists(
        st.fixed_dictionaries(
            {"id": st.sampled_from(["a", "b"]), "position": st.floats() | st.integers()},
            optional=dict.fromkeys(("name", "quantity", "unit_price", "cost", "national", "other"), JSON),
        ),
        max_size=3,
    ),
)


@given(data=anything)
def test_any_contents_are_judged_without_failing(forms: Forms, data: dict[str, Any]) -> None:
    record = Record("r1", "proposal", forms.current("proposal"), data, forms=forms)
    for problem in record.problems(final=True):
        assert problem.message
    assert isinstance(record.title(), str)
    assert isinstance(record.state, str)
    assert record.revision >= 1
    record.set("title", "A")
    assert record.value("title") == "A"
