"""«Giữ như trên giấy»: a wrong code that stands so on the paper is kept and marked, never taken for a right one."""

import pytest

from kcdesk.errors import UserError
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.records import changing, reading

WRONG = "0100109107"  # the check digit of 0100109106 is 6
COMPLETE = {"name": "Cơ sở Thử", "legal_form": "household_business"}


@pytest.fixture
def beneficiary(workspace):
    return changing.add(workspace, "beneficiary", COMPLETE).items[0].id


def test_a_wrong_code_is_kept_only_when_it_is_asked_for(workspace, beneficiary):
    with pytest.raises(UserError):
        changing.set_values(workspace, beneficiary, {"tax_code": WRONG})
    changing.set_values(workspace, beneficiary, {"tax_code": WRONG}, as_written=True)
    assert workspace.store.record(beneficiary).value("tax_code") == WRONG


def test_it_is_marked_in_lists_and_named_as_advice(workspace, beneficiary):
    changing.set_values(workspace, beneficiary, {"tax_code": WRONG}, as_written=True)
    row = reading.list_page(workspace, "beneficiary")[0]
    assert row.cells["tax_code"] == f"{WRONG} (ghi theo giấy)"
    outlook = missing.outlook_of(workspace, workspace.store.record(beneficiary))
    assert [problem.field for problem in outlook.advice if problem.field == "tax_code"] == ["tax_code"]
    assert "tax_code" not in [problem.field for problem in outlook.must]


def test_a_right_code_has_no_mark(workspace, beneficiary):
    changing.set_values(workspace, beneficiary, {"tax_code": "0100109106"}, as_written=True)
    assert reading.list_page(workspace, "beneficiary")[0].cells["tax_code"] == "0100109106"


def test_it_does_not_prevent_the_step(workspace, beneficiary):
    changing.set_values(workspace, beneficiary, {"tax_code": WRONG}, as_written=True)
    record = workspace.store.record(beneficiary)
    step = workspace.forms.workflow("beneficiary").step("finalise")
    assert "tax_code" not in [problem.field for problem in steps.step_obstacles(workspace, record, step)]


@pytest.mark.parametrize(
    ("field", "text"), [("capital", "ba trăm"), ("registration_date", "31/02/2020"), ("name", "x")]
)
def test_only_codes_are_kept_so(workspace, beneficiary, field, text):
    with pytest.raises(UserError) as refused:
        changing.set_values(workspace, beneficiary, {field: text}, as_written=True)
    assert refused.value.field == field


def test_it_is_handed_over_with_its_mark(offices, pair):
    unit, province = pair
    made = changing.add(unit, "beneficiary", COMPLETE).items[0].id
    changing.set_values(unit, made, {"tax_code": WRONG}, as_written=True)
    offices.send(unit, province)
    assert province.store.record(made).value("tax_code") == WRONG
    assert reading.list_page(province, "beneficiary")[0].cells["tax_code"].endswith("(ghi theo giấy)")
