"""What the panel beside a dossier is told; also of a dossier that arrived before those it refers to."""

import pytest

from kcdesk.cli.program import main
from kcdesk.errors import UserError
from kcdesk.services.overview import rules_panel
from kcdesk.services.records import changing
from kcdesk.services.rules import earlier_support
from tests.services.samples import beneficiary, proposal


@pytest.fixture
def incomplete(workspace):
    """A national proposal of which one beneficiary has not arrived with its package yet."""
    here = beneficiary(workspace, priority_areas=["highland"])
    data = {
        "state": "draft",
        "revision": 1,
        "title": "Máy",
        "year": 2016,
        "programme": "national",
        "activity": "machinery",
        "beneficiaries": [here, "019a0000-0000-7000-8000-000000000000"],
        "total_cost": 900_000_000,
    }
    with workspace.store.act("Nhập gói mẫu") as act:
        return act.insert("proposal", workspace.forms.current("proposal").reference, data)


def test_a_beneficiary_that_has_not_arrived_yet_is_left_out(workspace, incomplete):
    groups = rules_panel.beside(workspace, workspace.store.record(incomplete))
    assert [group.label for group in groups] == [
        "Mức hỗ trợ tối đa",
        "Điều kiện ngày 31/12/2016: Cơ sở chế biến Mẫu",
        "Đã được hỗ trợ?",
    ]
    assert groups[0].lines[0].text.startswith("Tối đa 400.000.000 đồng")  # nobody knows the other one's priority


def test_the_groups_of_a_proposal_lead_on(workspace):
    id_ = proposal(workspace, programme="national", year=2026)
    limit, money, conditions, _ = rules_panel.beside(workspace, workspace.store.record(id_))
    assert all(line.text for line in (*limit.lines, *conditions.lines))
    assert "khoản 2 Điều 2 TT 46/2012" in money.lines[0].text.replace("Khoản", "khoản")
    open_lines = [line for line in conditions.lines if line.tone != "good"]
    assert {line.dossier for line in open_lines} == set(workspace.store.record(id_).value("beneficiaries"))
    assert {line.dossier for line in conditions.lines if line.tone == "good"} == {""}


@pytest.mark.parametrize(("promise", "heading"), [(True, "phù hợp"), (False, "không phù hợp"), (None, "chưa rõ")])
def test_what_the_proposal_promises_counts_before_the_registry(workspace, promise, heading):
    id_ = proposal(workspace, no_other_state_money=promise)
    groups = rules_panel.beside(workspace, workspace.store.record(id_))
    [line] = [one for group in groups for one in group.lines if one.heading.startswith("Không trùng hỗ trợ")]
    assert line.heading == f"Không trùng hỗ trợ: {heading}"


def test_the_command_says_what_the_panel_says(workspace, capsys):
    id_ = proposal(workspace, year=2025)  # its last day is past, whatever day it is
    groups = rules_panel.beside(workspace, workspace.store.record(id_))
    folder = str(workspace.store.folder)
    workspace.close()
    assert main(["--store", folder, "rules-for", id_]) == 0
    said = capsys.readouterr().out
    assert all(group.label in said for group in groups)
    assert "Địa bàn: " in said
    assert "NĐ 235/2025/NĐ-CP" in said
    assert "[chưa đối chiếu]" in said


def test_some_kinds_have_no_rules(workspace):
    concerned = [kind for kind in workspace.forms.kinds if rules_panel.concerns(kind)]
    assert concerned == ["beneficiary", "proposal", "contract", "adjustment", "acceptance", "payment", "settlement"]
    made = changing.add(workspace, "appraisal", {"proposal": proposal(workspace)})
    assert rules_panel.beside(workspace, workspace.store.record(made.items[0].id)) == ()


def test_a_beneficiary_that_is_not_here_is_refused_by_name(workspace):
    with pytest.raises(UserError, match="Không tìm thấy hồ sơ"):
        earlier_support.of_beneficiary(workspace, "nothing")
