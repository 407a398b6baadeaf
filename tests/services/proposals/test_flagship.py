"""A flagship proposal has several activities, and every one of them counts; a group has sites that may come later."""

from contextlib import closing
from datetime import date

import pytest
from pypdfium2 import PdfDocument

from kcdesk.errors import IncompleteError
from kcdesk.services.lifecycle import steps
from kcdesk.services.overview import rules_panel
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, table_offers
from kcdesk.services.rules import ceilings, eligibility, funding_checks
from kcdesk.services.visits import visits
from tests.services.exchange_support import Offices
from tests.services.samples import APPROVAL, MACHINE, begin, beneficiary, new, proposal

MACHINES, MARK = 600_000_000, 80_000_000
BUDGET = [
    {"item": "Máy mẫu", "activity": "machinery", "cost": MACHINES, "national": 300_000_000, "counterpart": 300_000_000},
    {
        "item": "Thiết kế nhãn hiệu",
        "activity": "brand",
        "cost": MARK,
        "national": 35_000_000,
        "counterpart": 45_000_000,
    },
]
YEARS = [{"year": 2019, "support": 200_000_000}, {"year": 2020, "support": 135_000_000}]


@pytest.fixture
def flagship(workspace):
    """Makes a national flagship proposal for machines and a brand."""

    def make(**changes):
        values = {
            "programme": "national",
            "scheme": "flagship",
            "other_activities": ["brand"],
            "year": 2019,
            "starts_on": "1/3/2019",
            "ends_on": "31/12/2020",
            "multi_year": True,
            "year_amounts": YEARS,
            "budget": BUDGET,
            "machines": [{**MACHINE, "unit_price": MACHINES}],
        }
        return proposal(workspace, **{**values, **changes})

    return make


def of(workspace, id_):
    return workspace.store.record(id_)


def shown(record):
    return {
        section.id for section in record.form.sections if section.fields and record.is_visible(section.fields[0].name)
    }


def test_the_parts_of_every_activity_are_shown_and_asked_for(workspace, flagship):
    id_ = flagship()
    record = of(workspace, id_)
    brand = next(section for section in record.form.sections if section.id == "brand")
    assert {"brand", "machines"} <= shown(record)
    asked = {problem.field for problem in record.missing()}
    assert asked & {field.name for field in brand.fields}

    changing.set_values(workspace, id_, {"scheme": "single"})
    assert "brand" not in shown(of(workspace, id_)), "what another scheme had does not count while it is hidden"
    changing.undo(workspace)
    assert "brand" in shown(of(workspace, id_))


def test_it_needs_two_activities_and_more_than_a_year(workspace, flagship):
    record = of(workspace, flagship(other_activities=["machinery"], multi_year=False, year_amounts=None))
    said = [problem.message for problem in record.problems(final=True)]
    assert any("ít nhất hai nội dung" in sentence for sentence in said)
    assert any("trên một năm" in sentence for sentence in said)
    whole = [problem.message for problem in of(workspace, flagship()).problems(final=True)]
    assert not any("hai nội dung" in sentence or "trên một năm" in sentence for sentence in whole)


def test_costs_goals_and_papers_of_every_activity_are_suggested(workspace, flagship):
    id_ = flagship(budget=None, results=None, year_amounts=None)
    table_offers.fill_tables(workspace, id_)
    record = of(workspace, id_)
    single = {
        code: workspace.forms.outline({**record.data, "scheme": "single", "activity": code}, date(2019, 12, 31))
        for code in ("machinery", "brand")
    }
    lines = {(row["activity"], row["item"]) for row in record.rows("budget")}
    assert {("brand", cost.item) for cost in single["brand"].costs} <= lines
    assert {("machinery", cost.item) for cost in single["machinery"].costs} <= lines
    items = [row["item"] for row in record.rows("papers")]
    assert len(items) == len(set(items))
    for outline in single.values():
        assert {paper.item for paper in outline.papers} <= set(items)
        assert {result.goal for result in outline.results} <= {row["goal"] for row in record.rows("results")}
    with pytest.raises(Exception, match="đều đã có"):
        table_offers.fill_tables(workspace, id_)


def test_a_visit_looks_at_the_papers_of_every_activity_once(workspace, flagship):
    id_ = flagship()
    visit = of(workspace, begin(workspace, id_, "acceptance"))
    rows = visit.rows("checklist")
    for code in ("machinery", "brand"):
        wanted = workspace.forms.checklist(code, workspace.today())
        assert {item.item for item in wanted.papers if not item.when} <= {row["item"] for row in rows}
    assert len({row["code"] for row in rows}) == len(rows)
    assert (visit.value("activity"), visit.value("other_activities")) == ("machinery", ["brand"])
    assert visit.is_visible("machines")


def test_a_training_course_and_machines_are_visited_together(workspace, flagship):
    id_ = flagship(other_activities=["vocational_training"])
    visit = of(workspace, begin(workspace, id_, "acceptance"))
    assert visit.is_visible("classes")
    assert visit.is_visible("machines")
    changing.set_values(workspace, visit.id, {"other_activities": None})
    assert not of(workspace, visit.id).is_visible("classes")


def judged(workspace, id_):
    return ceilings.of_proposal(workspace, of(workspace, id_))


def test_each_activity_has_its_ceiling_on_its_own_lines(workspace, flagship):
    found = judged(workspace, flagship())
    assert [(part.activity, part.ceiling.amount) for part in found.parts] == [
        ("machinery", 300_000_000),  # half of 600 triệu
        ("brand", 35_000_000),
    ]
    assert not found.problems
    assert any("Cộng các nội dung: tối đa 335.000.000 đồng" in reason.text for reason in found.reasons)


def test_one_dong_over_in_one_activity_is_told_with_its_name(workspace, flagship):
    over = [BUDGET[0], {**BUDGET[1], "national": 35_000_001, "counterpart": 44_999_999}]
    id_ = flagship(budget=over)
    (problem,) = judged(workspace, id_).problems
    label = workspace.forms.activity("brand").label
    assert problem.message.startswith(
        f"{label}: kinh phí khuyến công đề nghị hỗ trợ vượt mức tối đa 35.000.000 đồng là 1 đồng"
    )
    assert problem.field == "budget"


def test_what_is_approved_is_compared_with_the_sum(workspace, flagship):
    id_ = flagship()
    with workspace.store.act("Chuẩn bị") as act:
        act.update(id_, {"decision_date": "2019-02-15", "approved_total": 680_000_000, "approved_support": 335_000_001})
    (problem,) = judged(workspace, id_).problems
    assert problem.field == "approved_support"
    assert "335.000.000 đồng là 1 đồng" in problem.message
    hint = ceilings.hint(workspace, id_, "approved_support", 335_000_001)
    assert "Cộng các nội dung" in hint
    assert "Vượt 1 đồng" in hint


def test_an_establishment_is_judged_for_each_activity(workspace, flagship):
    """A ward of a city is no territory, but cleaner production is free of that."""
    outside = beneficiary(workspace, name="Cơ sở phường", territory="city_ward")
    id_ = flagship(beneficiaries=[outside], other_activities=["cleaner_production_pilot"])
    owner = of(workspace, outside)
    found = eligibility.explain(workspace, owner, ["machinery", "cleaner_production_pilot"], date(2026, 1, 1))
    territory = [finding for finding in found if finding.label == "Địa bàn"]
    assert {finding.status for finding in territory} == {"fail", "ok"}
    for finding in territory:
        code = "machinery" if finding.status == "fail" else "cleaner_production_pilot"
        assert finding.text.startswith(workspace.forms.activity(code).label)
    assert len(eligibility.explain(workspace, owner, ["machinery"], date(2026, 1, 1))) < len(found)
    groups = rules_panel.beside(workspace, of(workspace, id_))
    assert any(group.label.endswith("Cơ sở phường") for group in groups)


def test_a_closed_column_is_closed_for_the_lines_of_its_activity(workspace, flagship):
    mark = {**BUDGET[1], "activity": "association"}
    id_ = flagship(other_activities=["association"], budget=[BUDGET[0], mark])
    changing.set_values(workspace, id_, {"association_level": "other"})
    closed = [found.problem for found in funding_checks.objections(workspace, of(workspace, id_))]
    wrong = of(workspace, id_).rows("budget")[1]["id"]
    assert [problem.field for problem in closed if "hiệp hội" in problem.message] == [f"budget/{wrong}/national"]


# -- the same cost in two dossiers -----------------------------------------------------------------------------------


def twice(workspace, id_):
    return [
        found.dossier
        for found in funding_checks.objections(workspace, of(workspace, id_))
        if found.problem.field == "budget"
    ]


def test_the_same_cost_of_any_activity_is_found_from_both_sides(workspace, flagship):
    owner = beneficiary(workspace)
    whole = flagship(beneficiaries=[owner])
    line = {"item": "thiết  kế NHÃN HIỆU", "cost": MARK, "national": 35_000_000, "counterpart": 45_000_000}
    brand = {"activity": "brand", "programme": "national", "machines": None, "budget": [line], "beneficiaries": [owner]}
    other = proposal(workspace, **brand, year=2020, starts_on="1/3/2020", ends_on="1/12/2020")
    assert twice(workspace, other) == [whole]
    assert twice(workspace, whole) == [other]
    training = proposal(workspace, **{**brand, "activity": "consultancy"}, year=2020)
    assert twice(workspace, training) == [], "a line of that name for another activity is another thing"


def test_the_site_of_a_group_counts_and_so_does_another_record_of_its_owner(workspace):
    owner = beneficiary(workspace, tax_code="0100109106")
    again = beneficiary(workspace, name="Cơ sở chế biến Mẫu (nhập lại)", tax_code="0100109106")
    sites = [{"name": "Xưởng một", "beneficiary": owner, "support": 200_000_000}]
    group = proposal(workspace, scheme="group", sites=sites, beneficiaries=[])
    single = proposal(workspace, beneficiaries=[again])
    assert twice(workspace, single) == [group]
    assert twice(workspace, group) == [single]


def test_a_dossier_that_comes_by_package_is_told_beside_the_one_that_was_here(tmp_path, forms):
    offices = Offices(tmp_path, forms)
    with closing(offices):
        one, other, province = offices.make("TT-A"), offices.make("TT-B"), offices.make("SCT", "province")
        offices.acquaint(one, other, province)
        first = proposal(one, beneficiaries=[beneficiary(one, tax_code="0100109106")])
        second = proposal(other, beneficiaries=[beneficiary(other, tax_code="0100109106", name="Xưởng mẫu")])
        for sender in (one, other):
            offices.send(sender, province)
        for id_, there in ((first, second), (second, first)):
            assert twice(province, id_) == [there]
            group = next(
                g for g in rules_panel.beside(province, of(province, id_)) if g.label == "Nguồn kinh phí, khoản chi"
            )
            assert [line.dossier for line in group.lines] == [there]


# -- a group whose sites come later ----------------------------------------------------------------------------------


def test_a_group_is_approved_before_its_sites_are_known(workspace):
    values = {"scheme": "group", "sites": None, "beneficiaries": [], "place": None}
    id_ = new(workspace, "proposal", **_complete(workspace, values))
    steps.take_step(workspace, id_, "finalise")
    changing.set_values(workspace, id_, APPROVAL)
    steps.take_step(workspace, id_, "approve")
    assert of(workspace, id_).state == "approved"


def _complete(workspace, changes):
    id_ = proposal(workspace, beneficiaries=[beneficiary(workspace)])
    data = {name: value for name, value in of(workspace, id_).data.items() if name not in ("state", "revision")}
    fields = of(workspace, id_).form.by_name
    typed = {name: value for name, value in data.items() if not fields[name].computed}
    return {name: value for name, value in {**typed, **changes}.items() if value is not None}


def test_the_paper_shows_the_part_of_every_activity(workspace, flagship, tmp_path):
    id_ = flagship()
    changing.set_values(
        workspace, id_, {"brand_name": "Nhãn mẫu"} if "brand_name" in of(workspace, id_).form.by_name else {"note": "x"}
    )
    printing.print_record(workspace, id_, "proposal_outline", tmp_path / "outline.pdf")
    printing.print_record(workspace, id_, "proposal_ceilings", tmp_path / "ceilings.pdf")

    outline, annex = (_read(tmp_path / f"{name}.pdf") for name in ("outline", "ceilings"))
    for code in ("machinery", "brand"):
        assert workspace.forms.activity(code).label in outline
        assert workspace.forms.activity(code).label in annex
    assert "Cộng các nội dung: tối đa 335.000.000 đồng" in annex


def _read(path):
    with closing(PdfDocument(path)) as pdf:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in pdf)


def test_finishing_a_flagship_proposal_lists_what_its_other_activity_lacks(workspace, flagship):
    with pytest.raises(IncompleteError) as refused:
        steps.take_step(workspace, flagship(), "finalise")
    brand = next(s for s in workspace.forms.current("proposal").sections if s.id == "brand")
    assert {problem.field for problem in refused.value.problems} & {field.name for field in brand.fields}


# -- what a visit may accept at most ---------------------------------------------------------------------------------


@pytest.fixture
def visited(workspace, flagship):
    """The acceptance of an approved flagship proposal, as it opens."""

    def make(**changes):
        id_ = flagship(**changes)
        decided = {"approved_total": 680_000_000, "approved_support": 335_000_000, "approved_national": 335_000_000}
        with workspace.store.act("Chuẩn bị") as act:
            act.update(id_, {"state": "running", "decision_date": "2019-02-15", **decided})
        return begin(workspace, id_, "acceptance")

    return make


def accept(workspace, visit, machines, mark):
    """Accept so much of each line, and of the support what the proposal asks."""
    money = [
        {"done": cost, "accepted": cost, "accepted_support": row["contracted_support"]}
        for cost, row in zip((machines, mark), of(workspace, visit).rows("budget"), strict=True)
    ]
    rows = [row | more for row, more in zip(of(workspace, visit).rows("budget"), money, strict=True)]
    changing.set_values(workspace, visit, {"budget": rows})
    return of(workspace, visit)


def test_an_acceptance_has_the_ceiling_of_each_activity(workspace, visited):
    visit = of(workspace, visited())
    machines, brand = visit.rows("ceilings")
    assert (machines["activity"], machines["percent"], machines["cap"]) == ("machinery", "50", 300_000_000)
    assert (brand["activity"], brand.get("percent"), brand["cap"]) == ("brand", None, 35_000_000)
    assert "TT 28/2018/TT-BTC" in machines["basis"]
    assert not visit.is_visible("ceiling_cap")
    assert visit.value("ceiling_cap") is None
    assert [row["activity"] for row in visit.rows("budget")] == ["machinery", "brand"]


def test_each_activity_is_cut_by_its_own_limit(workspace, visited):
    visit = accept(workspace, visited(), 500_000_000, 30_000_000)
    assert [(row["accepted"], row["limit"]) for row in visit.rows("ceilings")] == [
        (500_000_000, 250_000_000),  # half of it
        (30_000_000, 30_000_000),  # no more than was accepted
    ]
    assert visit.value("activities_limit") == visit.value("recomputed_support") == 280_000_000
    assert "mức tối đa cộng theo từng nội dung là 280.000.000 đồng" in visit.value("recomputed_reason")
    whole = accept(workspace, visit.id, MACHINES, MARK)
    assert whole.value("recomputed_support") == 335_000_000, "300 triệu and the cap of 35"


def test_a_second_visit_reckons_with_what_the_first_has_accepted(workspace, visited):
    first = visited()
    accept(workspace, first, 400_000_000, MARK)
    with workspace.store.act("Chuẩn bị") as act:
        act.update(first, {"state": "final", "conclusion": "conditional"})
    second = of(workspace, visits.second_visit(workspace, first).items[0].id)
    assert [(row["activity"], row["before"]) for row in second.rows("ceilings")] == [
        ("machinery", 400_000_000),
        ("brand", MARK),
    ]
    (line,) = second.rows("budget")
    assert line["activity"] == "machinery"
    changing.set_values(workspace, second.id, {"budget": [line | {"done": 200_000_000, "accepted": 200_000_000}]})
    now = of(workspace, second.id)
    assert [row["limit"] for row in now.rows("ceilings")] == [300_000_000, 35_000_000]


def test_the_minutes_print_the_ceiling_of_each_activity(workspace, visited, tmp_path):
    visit = visited()
    accept(workspace, visit, 500_000_000, 30_000_000)
    for model in ("5a", "5b"):
        name = f"minutes_{model}"
        changing.set_values(workspace, visit, {"model": model})
        printing.print_record(workspace, visit, name, tmp_path / f"{name}.pdf")
        said = _read(tmp_path / f"{name}.pdf")
        for part in ("500.000.000 50% 300.000.000 250.000.000", "280.000.000", "Mức tối đa cộng theo từng nội dung"):
            assert part in said
        assert "TT 28/2018/TT-BTC" in said


def test_an_excess_that_was_approved_with_its_reason_has_no_lines(workspace, visited):
    visit = of(workspace, visited(ceiling_override_reason="Văn bản cho phép"))
    assert not visit.rows("ceilings")
    assert visit.value("ceiling_basis") == "Được phê duyệt vượt mức tối đa: Văn bản cho phép"
