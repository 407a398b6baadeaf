"""Which records a reference offers: those of the same proposal where both belong to one."""

from tests.services import samples


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
