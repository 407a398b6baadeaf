"""Every text is searched unless its form says otherwise, and a form says only what differs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.model import Field, Form, Section
from kcdesk.formdef.searched_fields import is_searched_by_itself, searched_fields
from kcdesk.runtime.frozen import replace
from tests.formdef import samples

# What the first versions of these forms searched, as fields and whole tables, when a form still named all of it.
SEARCHED_BEFORE = {
    "acceptance": "number contract_number site address place participants machines vouchers work_done conclusion_note",
    "adjustment": "number reason decision_number",
    "appraisal": "number opinion conclusion_note",
    "beneficiary": "name tax_code registration_number representative citizen_id phone address place main_trade"
    " products",
    "contract": "number party_a party_b machines",
    "inspection": "number contract_number site address place participants findings machines conclusion_note",
    "office": "name code address phone",
    "payment": "number voucher_number note",
    "plan": "decision_number note",
    "product_entry": "product_name entry_number certificate_number maker_name",
    "product_vote": "name council_number decision_number venue",
    "proposal": "code title implementing_unit coordinating_units sites address place machines decision_number",
    "settlement": "number vouchers invoice_number",
    "staff": "name title phone email",
    "task": "title note source",
    "typical_product": "name description raw_materials trade_mark",
    "work_handover": "number from_name to_name dossiers",
}


@pytest.fixture(scope="module")
def shipped() -> Forms:
    return load()


def paths(fields: tuple[Field, ...]) -> set[str]:
    """`name` of a field, `table.column` of the columns of a table."""
    return {f"{field.name}.{column.name}" for field in fields for column in field.columns} | {
        field.name for field in fields if not field.columns
    }


def entries(form: Form) -> Iterator[tuple[str, Field]]:
    for field in form.fields:
        yield field.name, field
        yield from ((f"{field.name}.{column.name}", column) for column in field.columns)


@pytest.mark.parametrize("kind", SEARCHED_BEFORE)
def test_nothing_that_was_searched_is_lost(shipped: Forms, kind: str) -> None:
    form = shipped.get(kind, 1)
    before = paths(tuple(form.field(name) for name in SEARCHED_BEFORE[kind].split()))
    assert not {path for path in before - paths(searched_fields(form)) if not dict(entries(form))[path].sensitive}


def test_every_typed_text_of_every_form_is_searched_or_left_out_by_name(shipped: Forms) -> None:
    for form in shipped.all:
        left_out = {entry.removeprefix("-") for entry in form.search if entry.startswith("-")}
        texts = {path for path, field in entries(form) if is_searched_by_itself(field)}
        assert texts - paths(searched_fields(form)) == left_out & texts, form.reference


def test_a_form_names_only_what_differs(shipped: Forms) -> None:
    for form in shipped.all:
        for entry in form.search:
            without = replace(form, search=tuple(other for other in form.search if other != entry))
            assert paths(searched_fields(without)) != paths(searched_fields(form)), f"{form.reference}: {entry}"


def form_that_searches(*search: str) -> Form:
    columns = (
        Field(name="item", type="text", label="Nội dung"),
        Field(name="cost", type="money", label="Kinh phí"),
        Field(name="secret", type="text", label="Kín", sensitive=True),
    )
    fields = (
        Field(name="title", type="text", label="Tên"),
        Field(name="phone", type="phone", label="Điện thoại"),
        Field(name="year", type="year", label="Năm"),
        Field(name="hidden", type="text", label="Kín", sensitive=True),
        Field(name="told", type="paragraph", label="Tự ghi", computed="least_in_words", computed_from=("year",)),
        Field(name="budget", type="table", label="Dự toán", row="line", columns=columns),
    )
    section = Section(id="all", label="Tất cả", fields=fields)
    return Form(
        id="thing", version=1, label="", plural="", effective_from=date(2020, 1, 1), search=search, sections=(section,)
    )


@pytest.mark.parametrize(
    ("search", "searched"),
    [
        ((), {"title", "phone", "budget.item"}),
        (("year", "-title"), {"year", "phone", "budget.item"}),
        (("budget",), {"title", "phone", "budget.item", "budget.cost"}),
        (("budget", "-budget.item"), {"title", "phone", "budget.cost"}),
        (("budget.cost",), {"title", "phone", "budget.item", "budget.cost"}),
        (("-budget",), {"title", "phone"}),
        (("hidden", "budget.secret", "told"), {"title", "phone", "told", "budget.item"}),
    ],
)
def test_what_a_form_adds_and_leaves_out(search: tuple[str, ...], searched: set[str]) -> None:
    assert paths(searched_fields(form_that_searches(*search))) == searched


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ("titel", "search: ô “titel” không có (có phải ý là “title”)"),
        ("-machines.nam", "search: ô “machines.nam” không có (có phải ý là “machines.name”)"),
        ("-year", "search: “year” vốn không được tìm kiếm, không cần bỏ ra"),
    ],
)
def test_an_entry_that_says_nothing_is_a_fault(tmp_path: Path, entry: str, sentence: str) -> None:
    changed = samples.PROPOSAL.replace('search = ["title"]', f'search = ["{entry}"]')
    with pytest.raises(FormsError) as refused:
        load(samples.write(tmp_path, proposal=changed))
    assert [fault.message + (f" ({fault.hint})" if fault.hint else "") for fault in refused.value.faults] == [sentence]
