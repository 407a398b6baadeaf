"""Below the tree of offices: units that hand over, work without an officer; what an ended district names."""

from kcdesk.services.staff import offices as staff_offices
from tests.services.samples import new


def test_units_that_hand_over_and_work_without_an_officer_stand_below_the_tree(offices):
    province, unit = offices.make("SCT", "province"), offices.make("TT-A")
    offices.acquaint(province, unit)
    officer = new(province, "staff", name="Lê An")
    for title, handler in (("Có người", officer), ("Chưa giao", None), ("Chưa giao nữa", None)):
        new(province, "proposal", title=title, **({"handler": handler} if handler else {}))
    known, unassigned = staff_offices.other_lines(province)
    assert (known.name, unassigned.name, unassigned.dossiers) == ("Trung tâm TT-A", "Chưa giao: 2", 2)
    assert staff_offices.values_of_known(province, known.id) == {"code": "TT-A", "name": "Trung tâm TT-A"}
    new(province, "office", **staff_offices.values_of_known(province, known.id), level="commune")
    assert [line.name for line in staff_offices.other_lines(province)] == ["Chưa giao: 2"]
    assert staff_offices.other_lines(unit) == []


def test_a_district_that_has_ended_names_who_took_its_work_over(workspace):
    district = {"name": "Huyện Mẫu", "level": "district", "valid_to": "2025-06-30"}
    id_ = new(workspace, "office", **district)
    problems = staff_offices.problems_of_office(workspace, workspace.store.record(id_))
    assert [problem.field for problem in problems] == ["successors"]
    heir = new(workspace, "office", name="Xã Mẫu", level="commune")
    with_heir = new(workspace, "office", **district, successors=[heir])
    assert not staff_offices.problems_of_office(workspace, workspace.store.record(with_heir))
