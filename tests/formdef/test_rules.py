"""Each named rule: what it computes, or what it finds and where it says so."""

from __future__ import annotations

from datetime import date as day
from decimal import Decimal
from typing import Any

import pytest

from kcdesk.errors import Problem
from kcdesk.formdef import computing, rules
from kcdesk.formdef.computing import COMPUTATIONS
from kcdesk.formdef.model import Check, Field, Form, Section
from kcdesk.formdef.scope import Scope
from tests.formdef.test_types import CHOICES

D = Decimal


def money(name: str, label: str) -> Field:
    return Field(name=name, type="money", label=label, unit="đồng")


def text(name: str, label: str) -> Field:
    return Field(name=name, type="text", label=label)


def date(name: str, label: str) -> Field:
    return Field(name=name, type="date", label=label)


def table(name: str, label: str, *columns: Field) -> Field:
    return Field(name=name, type="table", label=label, row=f"{name}_row", columns=columns)


BUDGET = table(
    "budget",
    "Dự toán",
    text("item", "Nội dung"),
    money("cost", "Tổng"),
    money("national", "KCQG"),
    money("own", "Đối ứng"),
)
CHECKLIST = table(
    "checklist",
    "Danh mục",
    text("item", "Nội dung"),
    Field(name="result", type="choice", label="Kết quả", choices=CHOICES),
    text("finding", "Tồn tại"),
)
MACHINES = table(
    "machines",
    "Máy",
    text("name", "Tên"),
    Field(name="quantity", type="integer", label="Số lượng thực tế", unit="cái"),
    Field(name="contracted", type="integer", label="Số lượng hợp đồng", unit="cái"),
    date("made_on", "Ngày sản xuất"),
    text("note", "Ghi chú"),
)
FIELDS = (
    BUDGET,
    CHECKLIST,
    MACHINES,
    money("total", "Tổng kinh phí"),
    money("support", "Hỗ trợ"),
    date("starts_on", "Từ ngày"),
    date("ends_on", "Đến ngày"),
    text("phone", "Điện thoại"),
    text("email", "Thư"),
)
FORM = Form(
    id="f",
    version=1,
    label="F",
    plural="F",
    effective_from=day(2026, 1, 1),
    sections=(Section(id="s", label="S", fields=FIELDS),),
)


def rows(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"id": f"r{n}", "position": float(n), **row} for n, row in enumerate(rows, start=1)]


def found(
    rule: str, fields: list[str], data: dict[str, Any], field: str = "", message: str = "", counts: tuple[int, ...] = ()
) -> list[Problem]:
    place = field or fields[0].partition(".")[0]
    check = Check(rule=rule, field=place, fields=tuple(fields), message=message, counts=counts)
    return list(rules.run(check, Scope(FORM, data)))


@pytest.mark.parametrize(
    ("rule", "numbers", "result"),
    [
        ("sum", [D(1), None, D("2.5")], D("3.5")),
        ("sum", [None], None),
        ("product", [D("2.5"), D(100)], D(250)),
        ("product", [D(2), None], None),
        ("difference", [D(10), D(4)], D(6)),
        ("difference", [D(10), None], None),
        ("percent_of", [D(467), D(1000)], D("46.7")),
        ("percent_of", [D(1), D(3)], D("33.3")),
        ("percent_of", [D(1), D(0)], None),
        ("percent_of", [None, D(1)], None),
        ("change_percent", [D(200), D(250)], D(25)),
        ("change_percent", [D(200), D(150)], D(-25)),
        ("change_percent", [D(0), D(5)], None),
        ("change_percent", [D(8), None], None),
        ("change_percent", [D(8), D(9)], D("12.5")),
        ("part_of", [D(50), D(300_000_001)], D(150_000_000)),
        ("part_of", [D("33.3"), D(1_000)], D(333)),
        ("part_of", [None, D(1_000)], None),
        ("part_of", [D(50), None], None),
        ("least", [D(3), None, D(2), D(4)], D(2)),
        ("least", [None, D(2)], None),
        ("least", [D(0), D(2)], D(0)),
        ("mean", [D(70), D("69.99"), D(70)], D("70.00")),
        ("mean", [D(69), D(70), D(70)], D("69.67")),
        ("mean", [], None),
    ],
)
def test_computations(rule: str, numbers: list[Decimal | None], result: Decimal | None) -> None:
    assert COMPUTATIONS[rule].compute(numbers) == result


@pytest.mark.parametrize(
    ("start", "months", "result"),
    [
        (day(2018, 10, 18), 12, day(2019, 10, 18)),
        (day(2026, 1, 31), 1, day(2026, 2, 28)),
        (day(2023, 8, 31), 6, day(2024, 2, 29)),
        (day(2024, 2, 29), 12, day(2025, 2, 28)),
        (day(2026, 11, 30), 13, day(2027, 12, 30)),
        (day(2026, 3, 5), 0, day(2026, 3, 5)),
        (day(2026, 3, 31), -1, day(2026, 2, 28)),
        (day(2026, 3, 5), 10**6, None),
        (None, 12, None),
        (day(2026, 3, 5), None, None),
    ],
)
def test_months_after(start: day | None, months: int | None, result: day | None) -> None:
    operands = [start, None if months is None else D(months)]
    assert COMPUTATIONS["months_after"].compute(operands) == result


@pytest.mark.parametrize(
    ("start", "years", "result"),
    [
        (day(2026, 1, 1), 3, day(2028, 12, 31)),
        (day(2026, 12, 31), 1, day(2026, 12, 31)),
        (day(9999, 3, 5), 3, None),
        (None, 3, None),
        (day(2026, 3, 5), None, None),
    ],
)
def test_end_of_year(start: day | None, years: int | None, result: day | None) -> None:
    operands = [start, None if years is None else D(years)]
    assert COMPUTATIONS["end_of_year"].compute(operands) == result


def test_the_least_is_said_with_what_it_is_and_what_it_stays_below() -> None:
    names = ("total", "support", "budget.national")
    field = Field(name="x", type="paragraph", label="X", computed="least_in_words", computed_from=names)
    data = {"total": 300, "support": 150, "budget": rows({"national": 150})}
    said = computing.compute(field, Scope(FORM, data))
    assert said == "Tối đa 150 đồng vì hỗ trợ, KCQG là 150 đồng. Tổng kinh phí: 300 đồng."
    assert computing.compute(field, Scope(FORM, {"support": 150})) is None
    assert computing.compute(field, Scope(FORM, {"total": 300})) == "Tối đa 300 đồng vì tổng kinh phí là 300 đồng."


def test_a_computed_date_is_stored_as_a_date_and_goes_with_what_it_needs() -> None:
    field = Field(name="x", type="date", label="X", computed="months_after", computed_from=("starts_on", "total"))
    assert computing.compute(field, Scope(FORM, {"starts_on": "2026-01-31", "total": 1})) == "2026-02-28"
    assert computing.compute(field, Scope(FORM, {"starts_on": "31/01/2026", "total": 1})) is None
    assert computing.compute(field, Scope(FORM, {"starts_on": "2026-01-31"})) is None


@pytest.mark.parametrize(
    ("type_", "computed", "names", "data", "stored"),
    [
        ("money", "sum", ["budget.cost"], {"budget": rows({"cost": 5}, {}, {"cost": 7})}, 12),
        ("money", "sum", ["budget.national", "budget.own"], {"budget": rows({"national": 5, "own": 1})}, 6),
        ("money", "sum", ["budget.cost"], {"budget": "rubbish"}, None),
        ("money", "sum", ["budget.cost"], {"budget": rows({"cost": "rubbish"})}, None),
        ("money", "difference", ["total", "support"], {"total": 10, "support": 4}, 6),
        ("percent", "percent_of", ["support", "total"], {"total": 3, "support": 1}, "33.3"),
        ("percent", "percent_of", ["support", "total"], {"total": 2, "support": 1}, "50"),
        ("percent", "percent_of", ["support", "total"], {"total": 1, "support": 10**40}, f"1{'0' * 42}"),
        ("decimal", "change_percent", ["total", "support"], {"total": 3, "support": 4}, "33.3"),
        ("decimal", "mean", ["budget.cost"], {"budget": rows({"cost": 5}, {}, {"cost": 8})}, "6.5"),
    ],
)
def test_a_computed_field_is_stored_by_its_type(
    type_: str, computed: str, names: list[str], data: dict[str, Any], stored: object
) -> None:
    field = Field(name="x", type=type_, label="X", computed=computed, computed_from=tuple(names))
    assert computing.compute(field, Scope(FORM, data)) == stored


CLOSES = ["budget.cost", "budget.national", "budget.own"]


def test_each_budget_line_must_close() -> None:
    data = {
        "budget": rows(
            {"item": "Mua máy", "cost": 570_000_000, "national": 200_000_000, "own": 370_000_000},
            {"item": "Lắp đặt", "cost": 10_000_000, "own": 9_999_000},
            {},
            {"national": 5},
        )
    }
    assert found("budget_closes", CLOSES, data) == [
        Problem(
            "budget/r2/cost",
            "Dự toán, dòng 2 (Lắp đặt): Tổng là 10.000.000 nhưng tổng các nguồn là 9.999.000, lệch 1.000 đồng.",
        ),
        Problem("budget/r4/cost", "Dự toán, dòng 4: Tổng là 0 nhưng tổng các nguồn là 5, lệch 5 đồng."),
    ]


def test_a_message_of_its_own_may_name_the_row_and_the_difference() -> None:
    data = {"budget": rows({"item": "Máy", "cost": 3})}
    own = found("budget_closes", CLOSES, data, "budget.own", "{item} (dòng {row}) còn chênh {difference} đồng.")
    assert own == [Problem("budget/r1/own", "Máy (dòng 1) còn chênh 3 đồng.")]
    named = found("budget_closes", CLOSES, data, message="Còn chênh {difference} đồng.")
    assert named[0].message == "Dự toán, dòng 1 (Máy): Còn chênh 3 đồng."


def test_budget_closes_on_the_record_itself() -> None:
    assert found("budget_closes", ["total", "support"], {"total": 5, "support": 5}) == []
    assert [p.field for p in found("budget_closes", ["total", "support"], {"total": 5})] == ["total"]


def test_sum_equals() -> None:
    data = {"total": 12, "budget": rows({"cost": 5}, {"cost": 6})}
    assert found("sum_equals", ["total", "budget.cost"], data) == [
        Problem("total", "Tổng kinh phí là 12 nhưng Tổng là 11, lệch 1 đồng.")
    ]
    assert found("sum_equals", ["total", "budget.cost"], data | {"total": 11}) == []
    assert found("sum_equals", ["total", "budget.cost"], {"total": 11}) == []


@pytest.mark.parametrize(
    ("starts", "ends", "wrong"),
    [("2026-03-05", "2026-03-04", True), ("2026-03-05", "2026-03-05", False), (None, "2026-01-01", False)],
)
def test_date_order(starts: str | None, ends: str, wrong: bool) -> None:
    data = {"ends_on": ends} | ({"starts_on": starts} if starts else {})
    problems = found("date_order", ["starts_on", "ends_on"], data, "ends_on")
    assert problems == (
        [Problem("ends_on", "Từ ngày (05/3/2026) không được sau Đến ngày (04/3/2026).")] if wrong else []
    )


def test_date_order_of_a_column_against_a_date_of_the_record() -> None:
    data = {"ends_on": "2026-01-01", "machines": rows({"made_on": "2025-12-31"}, {"made_on": "2026-01-02"})}
    problems = found("date_order", ["machines.made_on", "ends_on"], data)
    assert [problem.field for problem in problems] == ["machines/r2/made_on"]


def test_at_most() -> None:
    assert found("at_most", ["support", "total"], {"support": 3, "total": 2}) == [
        Problem("support", "Hỗ trợ là 3, vượt Tổng kinh phí (2) 1 đồng.")
    ]
    assert found("at_most", ["support", "total"], {"support": 2, "total": 2}) == []
    assert found("at_most", ["support", "total"], {"support": 2}) == []
    per_row = found("at_most", ["budget.cost", "total"], {"total": 2, "budget": rows({"cost": 1}, {"cost": 3})})
    assert [problem.field for problem in per_row] == ["budget/r2/cost"]


def test_matches_or_says_why_not() -> None:
    data = {
        "machines": rows(
            {"name": "Máy cắt", "quantity": 1, "contracted": 2},
            {"quantity": 1, "contracted": 2, "note": "thiếu một máy"},
            {"quantity": 2, "contracted": 2},
            {"quantity": 2},
        )
    }
    fields = ["machines.quantity", "machines.contracted", "machines.note"]
    assert found("matches", fields, data) == [
        Problem(
            "machines/r1/quantity",
            "Máy, dòng 1 (Máy cắt): Số lượng thực tế là 1, khác Số lượng hợp đồng (2).",
        )
    ]
    assert [problem.field for problem in found("matches", fields[:2], data)] == [
        "machines/r1/quantity",
        "machines/r2/quantity",
    ]


def test_a_failed_item_needs_its_finding() -> None:
    data = {"checklist": rows({"item": "Máy mới", "result": "fail"}, {"result": "fail", "finding": "x"}, {})}
    assert found("fail_needs_finding", ["checklist.result", "checklist.finding"], data) == [
        Problem("checklist/r1/finding", "Danh mục, dòng 1 (Máy mới): Không đạt thì phải ghi Tồn tại.")
    ]


def test_every_item_needs_a_result() -> None:
    data = {"checklist": rows({"result": "pass"}, {"item": "Máy mới"})}
    assert found("checklist_answered", ["checklist.result"], data) == [
        Problem("checklist/r2/result", "Danh mục, dòng 2 (Máy mới): Chưa ghi Kết quả.")
    ]


def test_rows_present() -> None:
    assert found("rows_present", ["machines"], {}) == [Problem("machines", "Máy: cần ít nhất một dòng.")]
    assert found("rows_present", ["machines"], {"machines": rows({})}) == []


def test_two_different() -> None:
    same = {"machines": rows({"name": "A"}, {"name": "A"}, {})}
    problems = found("two_different", ["machines.name"], same)
    assert problems == [Problem("machines", "Tên: cần ít nhất hai giá trị khác nhau.")]
    assert found("two_different", ["machines.name"], {"machines": rows({"name": "A"}, {"name": "B"})}) == []


def test_words_of_the_officer_are_quoted_as_they_are() -> None:
    data = {"budget": rows({"item": "Máy {x} .", "cost": 3})}
    problem = found("budget_closes", CLOSES, data, message="{item} lệch {difference}{unit}.")[0]
    assert problem.message == "Máy {x} . lệch 3 đồng."


def test_any_filled() -> None:
    assert found("any_filled", ["phone", "email"], {}) == [
        Problem("phone", "Cần nhập ít nhất một trong: Điện thoại, Thư.")
    ]
    assert found("any_filled", ["phone", "email"], {"email": "a@b.vn"}) == []


def test_long_names_of_rows_are_shortened() -> None:
    problem = found("checklist_answered", ["checklist.result"], {"checklist": rows({"item": "từ " * 100})})[0]
    assert len(problem.message) < 110


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"result": "pass", "finding": "missing"}, True),
        ({"result": "pass", "finding": "original"}, False),
        ({"result": "fail", "finding": "missing"}, False),
        ({"finding": "missing"}, False),
    ],
)
def test_a_missing_paper_cannot_pass(row: dict[str, Any], wrong: bool) -> None:
    problems = found("missing_fails", ["checklist.result", "checklist.finding"], {"checklist": rows(row)})
    assert [problem.field for problem in problems] == ["checklist/r1/result"] * wrong


@pytest.mark.parametrize(("answer", "wrong"), [(False, True), (True, False), (None, False)])
def test_is_yes(answer: bool | None, wrong: bool) -> None:
    data = {"machines": rows({"name": "Máy cắt", "note": answer})}
    assert [problem.field for problem in found("is_yes", ["machines.note"], data)] == ["machines/r1/note"] * wrong


VOUCHERS = {
    "budget": rows({"item": "Mua máy", "cost": 10}, {"item": "Lắp đặt", "cost": 5}),
    "machines": rows({"name": "Mua máy", "quantity": 6}, {"name": "Mua máy", "quantity": 4}),
}
PARTS = ["machines.name", "machines.quantity", "budget.item", "budget.cost"]


def test_amounts_that_name_a_row_stay_within_it() -> None:
    assert found("parts_within", PARTS, VOUCHERS) == []
    more = VOUCHERS | {
        "machines": [*VOUCHERS["machines"], {"id": "r3", "position": 3.0, "name": "Lắp đặt", "quantity": 7}]
    }
    (problem,) = found("parts_within", PARTS, more)
    assert problem.field == "machines"
    assert problem.message == "“Lắp đặt”: các khoản cộng lại là 7, vượt Tổng (5) 2 cái."
    assert found("parts_within", PARTS, {"machines": rows({"quantity": 6})}) == []


def test_a_row_that_is_named_exists() -> None:
    assert found("named_row", PARTS[::2], VOUCHERS) == []
    unknown = VOUCHERS | {"machines": rows({"name": "Vận chuyển"}, {})}
    assert [p.message for p in found("named_row", PARTS[::2], unknown)] == ["Tên: “Vận chuyển” không có ở Nội dung."]


@pytest.mark.parametrize(("number", "sentences"), [(0, 0), (4, 1), (5, 0), (6, 1), (7, 0)])
def test_a_table_has_one_of_the_numbers_of_rows_allowed(number: int, sentences: int) -> None:
    problems = found(
        "row_count", ["machines"], {"machines": rows(*({"name": "A"} for _ in range(number)))}, counts=(5, 7)
    )
    assert [problem.message for problem in problems] == [f"Máy: có {number} dòng, quy định là 5 hoặc 7."] * sentences


@pytest.mark.parametrize(("number", "sentences"), [(0, 0), (1, 0), (2, 1), (3, 0)])
def test_a_table_has_an_odd_number_of_rows(number: int, sentences: int) -> None:
    problems = found("odd_row_count", ["machines"], {"machines": rows(*({"name": "A"} for _ in range(number)))})
    assert [problem.message for problem in problems] == [f"Máy: có {number} dòng, quy định là số lẻ."] * sentences
