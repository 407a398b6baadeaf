"""Opening totals: what is filled in, what stops them, what they count a second time, and how they travel."""

from __future__ import annotations

import pytest

from kcdesk.errors import IncompleteError
from kcdesk.formdef.loading.loader import load
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.records import changing
from kcdesk.services.totals import overlaps
from kcdesk.services.workspace import Workspace
from tests.services import samples
from tests.services.exchange_support import Offices

TOTAL = {"unit_name": "Lạng Sơn", "year_from": 2024, "proposals": 11, "executed": "2 tỷ", "source_paper": "01/BC-MẪU"}


def total(workspace: Workspace, **changes: object) -> str:
    values = {**TOTAL, **changes}
    return samples.new(workspace, overlaps.KIND, **{name: value for name, value in values.items() if value is not None})


def advice(workspace: Workspace, id_: str) -> list[str]:
    return [problem.message for problem in missing.outlook_of(workspace, workspace.store.record(id_)).advice]


def test_a_total_of_one_year_is_written_by_its_first_year(workspace: Workspace) -> None:
    id_ = total(workspace)
    assert workspace.store.record(id_).value("year_to") == 2024
    assert workspace.store.record(id_).title() == "Lạng Sơn – 2024"
    changing.set_values(workspace, id_, {"year_from": 2020})
    assert workspace.store.record(id_).value("year_to") == 2020  # it was never typed
    changing.set_values(workspace, id_, {"year_to": 2023})
    changing.set_values(workspace, id_, {"year_from": 2019})
    assert workspace.store.record(id_).title() == "Lạng Sơn – 2019 – 2023"
    begun = changing.begin(workspace, overlaps.KIND, {})
    assert workspace.store.record(begun).value("unit_name") == "Trung tâm Khuyến công mẫu"


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"year_to": 2023}, "Năm cuối không được trước năm đầu."),
        ({"proposals": None, "executed": None}, "Cần ít nhất một con số"),
        ({"source_paper": None}, "chưa nhập"),
        ({"indicators": [{"indicator": "fairs", "value": 2}, {"indicator": "fairs", "value": 3}]}, "trùng nhau"),
    ],
)
def test_what_stops_a_total(workspace: Workspace, changes: dict[str, object], refused: str) -> None:
    with pytest.raises(IncompleteError, match=refused):
        steps.take_step(workspace, total(workspace, **changes), "finalise")


def test_a_total_of_indicators_alone_is_enough(workspace: Workspace) -> None:
    rows = [{"indicator": "workers_trained", "value": 7000}, {"indicator": "fairs", "value": "2"}]
    id_ = total(workspace, proposals=None, executed=None, indicators=rows)
    steps.take_step(workspace, id_, "finalise")
    assert workspace.store.record(id_).state == "final"


def test_more_than_planned_or_executed_is_said_and_stops_nothing(workspace: Workspace) -> None:
    id_ = total(workspace, planned="1,9 tỷ", disbursed="2,1 tỷ")
    executed, disbursed = advice(workspace, id_)
    assert executed.endswith("vượt Kinh phí kế hoạch (1.900.000.000) 100.000.000 đồng.")
    assert disbursed.endswith("vượt Kinh phí thực hiện (2.000.000.000) 100.000.000 đồng.")
    steps.take_step(workspace, id_, "finalise")
    assert workspace.store.record(id_).state == "final"


# name, years, programme and activity of the total; whether it counts the local machinery proposal of 2018 again
SAME_PARTS = [
    ("Trung tâm Khuyến công mẫu", 2018, 2018, "local", "machinery", True),
    ("trung tam khuyen cong MẪU", 2018, 2018, None, None, True),
    ("TTKC-MAU", 2015, 2020, "local", None, True),
    ("Lạng Sơn", 2018, 2018, None, "machinery", True),
    ("Tỉnh Lạng Sơn", 2018, 2018, None, None, True),
    ("Trung tâm Khuyến công (mẫu)", 2018, 2018, None, None, True),  # the implementing unit
    ("Lạng Sơn", 2017, 2017, None, None, False),
    ("Lạng Sơn", 2018, 2018, "national", None, False),
    ("Lạng Sơn", 2018, 2018, None, "brand", False),
    ("Cao Bằng", 2018, 2018, None, None, False),
]


def test_dossiers_of_the_same_unit_year_programme_and_activity_are_pointed_out(workspace: Workspace) -> None:
    proposal = samples.proposal(workspace)
    for name, first, last, programme, activity, counted in SAME_PARTS:
        parts = {"year_from": first, "year_to": last, "programme": programme, "activity": activity}
        id_ = total(workspace, unit_name=name, **parts)
        found = missing.outlook_of(workspace, workspace.store.record(id_)).advice
        assert [gap.record for gap in found] == ([proposal] if counted else []), (name, first, programme, activity)
        assert not counted or found[0].message.startswith("Kho đã có 1 đề án ")
        changing.delete(workspace, id_)


def test_a_flagship_proposal_counts_with_each_of_its_activities(workspace: Workspace) -> None:
    samples.proposal(workspace, scheme="flagship", other_activities=["brand", "showroom"])
    assert advice(workspace, total(workspace, year_from=2018, activity="showroom"))
    assert not advice(workspace, total(workspace, year_from=2018, activity="e_commerce"))


def test_other_totals_of_the_same_years_are_pointed_out_also_when_locked(workspace: Workspace) -> None:
    first = total(workspace, programme="local")
    steps.take_step(workspace, first, "finalise")
    assert missing.outlook_of(workspace, workspace.store.record(first)).differences == ()
    again = total(workspace, unit_name="Trung tâm Khuyến công mẫu", year_from=2020, year_to=2025)
    total(workspace, unit_name="Cao Bằng")
    total(workspace, programme="national", year_from=2026)
    (sentence,) = advice(workspace, again)
    assert "«Lạng Sơn – 2024»" in sentence
    (difference,) = missing.outlook_of(workspace, workspace.store.record(first)).differences
    assert difference.record == again


def test_a_units_own_totals_come_to_the_province(offices: Offices, pair: tuple[Workspace, Workspace]) -> None:
    unit, province = pair
    rows = [{"indicator": "workers_trained", "value": 7000}]
    id_ = total(unit, unit_name="Trung tâm mẫu", indicators=rows, planned="2,1 tỷ")
    steps.take_step(unit, id_, "finalise")
    offices.send(unit, province)
    there = province.store.record(id_)
    assert (there.state, there.value("executed")) == ("final", 2_000_000_000)
    assert there.rows("indicators")[0]["value"] == "7000"


def test_every_indicator_says_its_unit_in_its_label() -> None:
    forms = load()
    choices = forms.choices(forms.current(overlaps.KIND).field("indicators").column("indicator"))
    for choice in choices:
        assert choice.label == f"{choice.short_label} ({choice.unit})"
        assert choice.help.endswith(".")
    asked = "workers_trained workers_employed machines models fairs stands votes products assessments cluster_plans"
    asked += " clusters_built establishments_new establishments_supported jobs income output energy_saved waste_saved"
    assert {*asked.split(), "value_added"} <= {choice.value for choice in choices}
