"""Which records a reference offers: those of the same proposal where both belong to one."""

import pytest

from tests.services import samples
from tests.ui.form_support import press, type_text


def test_only_the_contracts_of_the_same_proposal_are_offered(open_window, workspace):
    ours, theirs = (samples.approved(workspace, title=title) for title in ("Đề án nhà", "Đề án bạn"))
    for proposal, number in ((ours, "01/HĐ"), (ours, "03/HĐ"), (theirs, "02/HĐ")):
        samples.contract(workspace, proposal, number=number)
    page = open_window(workspace).open_record(samples.begin(workspace, ours, "settlement"))
    box = page.form.editor("contract").input
    box.open_list()
    assert sorted(option.label[:5] for option in box.options() if not option.new) == ["01/HĐ", "03/HĐ"]
    box.clear()
    page.form.editor("proposal").input.open_list()
    titles = {option.label for option in page.form.editor("proposal").input.options()}
    assert {"Đề án nhà", "Đề án bạn"} <= titles, "the proposal itself may be any"


@pytest.fixture
def settlement(workspace, open_window):
    """A settlement in the window with the keyboard in its box of contracts."""
    proposal = samples.approved(workspace)
    for number in ("01/HĐ", "03/HĐ"):
        samples.contract(workspace, proposal, number=number)
    page = open_window(workspace).open_record(samples.begin(workspace, proposal, "settlement"))
    page.form.focus_path("contract")
    return page


def test_tab_takes_the_only_record_that_the_typed_words_name(settlement):
    type_text("03")
    press(settlement, "Tab")
    assert settlement.form.editor("contract").problem() == ""
    assert settlement.form.editor("contract").input.text().startswith("03/HĐ")


def test_tab_takes_none_of_several_records(settlement):
    type_text("HĐ")
    press(settlement, "Tab")
    assert settlement.form.editor("contract").problem() != ""
    press(settlement, "F8")
    type_text("03")
    press(settlement, "Tab")
    assert settlement.form.editor("contract").problem() == ""


def test_f8_comes_back_to_a_wrong_text_with_it_marked(settlement):
    type_text("99")
    press(settlement, "Tab")
    press(settlement, "F8")
    box = settlement.form.editor("contract").input
    assert box.selectedText() == "99"
    type_text("01")
    press(settlement, "Tab")
    assert box.text().startswith("01/HĐ")
