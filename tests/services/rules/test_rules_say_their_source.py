"""Every rule that the program shows names its text with the year, or says that nobody has checked it."""

import re
from itertools import product

import docx
import pytest

from kcdesk.errors import UserError
from kcdesk.formdef.regulations.ceilings import CeilingQuery, ceiling
from kcdesk.services.overview import rules_panel
from kcdesk.services.papers import printing
from kcdesk.services.rules import ceilings
from tests.examples import some
from tests.services.samples import begin, new, proposal

TEXT = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")  # NĐ 45/2012/NĐ-CP, NQ năm 2025
NO_TEXT = ("Đề xuất của chương trình, chưa có văn bản quy định", "Cán bộ tự ghi", "Ngày ghi trong")


def sound(source, unverified):
    return bool(source) and (unverified or bool(TEXT.search(source)) or source.startswith(NO_TEXT))


def test_every_norm_says_its_text_on_every_day_that_it_changes(workspace):
    asked = 0
    for norms in workspace.norms:
        for line in norms.lines:
            for period in line.periods:
                assert sound(period.source, period.unverified), (norms.label, line.id)
                facts = {name: wanted for name, wanted in line.when.items() if not hasattr(wanted, "items")}
                codes = line.activities or [activity.code for activity in workspace.forms.activities]
                for code in codes:
                    query = CeilingQuery(
                        programme=norms.programme,
                        activity=code,
                        on=period.effective_from,
                        province=norms.province,
                        old_province=norms.old_province,
                        facts=facts,
                        cost=700_000_000,
                    )
                    try:
                        found = ceiling(workspace.norms, query)
                    except UserError:
                        continue
                    asked += 1
                    assert all(sound(r.source, r.unverified) or r.unverified for r in found.reasons), found.label
                    assert "có hiệu lực từ ngày" in found.reasons[0].source
    assert asked > 100


def test_everything_that_is_read_from_forms_says_its_text(workspace):
    forms, procedures = workspace.forms, workspace.procedures
    told = [(rule.id, period.source, period.unverified) for rule in workspace.eligibility for period in rule.periods]
    told += [(rule.id, rule.source, rule.unverified) for rule in workspace.calendar.deadlines]
    told += [(rule.id, rule.source, rule.unverified) for rule in (*procedures.authorities, *procedures.advances)]
    told += [("settlement", rule.source, rule.unverified) for rule in procedures.settlements]
    told += [(item.code, item.source, item.unverified) for item in procedures.criteria]
    told += [
        (item.code, item.source or one.source, item.unverified or one.unverified)
        for one in forms.checklists
        for item in (*one.papers, *one.facts)
    ]
    told += [
        (outline.activity, item.source or outline.source, item.unverified or outline.unverified)
        for outline in forms.outlines
        for item in (*outline.papers, *outline.costs, *outline.results, *outline.closures)
    ]
    told += [
        (criterion.id, level.source, level.unverified)
        for criterion in workspace.priorities.criterions
        for level in criterion.levels
    ]
    told += [(activity.code, activity.source, activity.unverified) for activity in forms.activities]
    told += [
        (f"{kind}/{step.name}", step.source, step.unverified)
        for kind in forms.kinds
        for step in forms.workflow(kind).transitions
        if step.source
    ]
    scores = forms.current("product_entry").field("scores").columns
    told += [
        (column.name, column.source, column.unverified) for column in scores if column.type == "integer" and column.max
    ]
    assert len(told) > 400
    assert not [entry for entry in told if not sound(entry[1], entry[2])]


@pytest.mark.parametrize("programme", ["national", "local"])
def test_what_the_panel_says_of_a_proposal_of_any_activity(workspace, programme):
    id_ = proposal(workspace, programme=programme, year=2026)
    record = workspace.store.record(id_)
    for activity in workspace.forms.activities:
        record.set("activity", activity.code)
        for reason in ceilings.of_proposal(workspace, record).reasons:
            assert sound(reason.source, reason.unverified) or reason.unverified or TEXT.search(reason.text)
            assert "_" not in reason.text, "fields are named by their labels"
        for group in rules_panel.beside(workspace, record)[1:]:
            if group.label.startswith("Điều kiện ngày"):
                assert group.lines
                assert all(sound(line.source, line.unverified) for line in group.lines)


def printed(workspace, id_, name, folder):
    """The rows of the tables of a paper, each as its words."""
    printing.print_record(workspace, id_, name, folder / "a.pdf", docx=folder / "a.docx")
    for table in docx.Document(folder / "a.docx").tables:
        for row in table.rows:
            yield " ".join(dict.fromkeys(cell.text for cell in row.cells))


DAY = re.compile(r"có hiệu lực từ ngày \d\d/\d{1,2}/\d{4}")


ANNEXES = ["machinery", "demonstration_model", "association", "digital_transformation"]


@pytest.mark.parametrize(("year", "activity"), some(4, product([2016, 2026], ANNEXES)))
def test_every_line_of_the_annex_names_its_text_and_its_day(workspace, tmp_path, activity, year):
    line = {"item": "Máy", "cost": 900_000_000, "national": 700_000_000, "counterpart": 200_000_000}
    id_ = proposal(workspace, programme="national", year=year, activity=activity, budget=[line])
    rows = [row for row in printed(workspace, id_, "proposal_ceilings", tmp_path) if re.match(r"\d+ ", row)]
    assert rows
    assert not [row for row in rows if not DAY.search(row) and "chưa đối chiếu" not in row.lower()]


@pytest.mark.parametrize("activity", ["machinery", "brand", "vocational_training", "cluster_infrastructure"])
def test_every_item_of_the_checklist_to_write_on_names_its_text(workspace, tmp_path, activity):
    id_ = proposal(workspace, activity=activity)
    with workspace.store.act("Chuẩn bị") as act:
        act.update(id_, {"state": "running"})
    visit = begin(workspace, id_, "acceptance")
    items = [row["item"] for row in workspace.store.record(visit).rows("checklist")]
    rows = list(printed(workspace, visit, "blank_checklist", tmp_path))
    for item in items:
        shown = item.partition(" (theo Mẫu")[0]  # a local paper names no form of the national circular
        (row,) = [row for row in rows if f" {shown}\n" in row]
        assert TEXT.search(row) or "chưa đối chiếu" in row or "chưa có văn bản quy định" in row


@pytest.mark.parametrize("cost", [None, 0, 700_000_000])
def test_no_norm_says_a_rule_twice(workspace, cost):
    asked = 0
    for norms in workspace.norms:
        for line in norms.lines:
            facts = {name: wanted for name, wanted in line.when.items() if not hasattr(wanted, "items")}
            for period in line.periods:
                multiplied = {name: True for entry in period.multipliers for name in entry.when}
                for code in line.activities or ["machinery"]:
                    query = CeilingQuery(
                        programme=norms.programme,
                        activity=code,
                        on=period.effective_from,
                        province=norms.province,
                        old_province=norms.old_province,
                        facts={**multiplied, **facts, "beneficiaries": ["a", "b"]},
                        cost=cost,
                    )
                    try:
                        sentences = [reason.text for reason in ceiling(workspace.norms, query).reasons]
                    except UserError:
                        continue
                    asked += 1
                    assert len(set(sentences)) == len(sentences), sentences
    assert asked > 20


@pytest.mark.parametrize("programme", ["national", "local"])
@pytest.mark.parametrize("budget", [[], [{"item": "Máy", "cost": 500_000_000, "national": 100_000_000}]])
def test_the_panel_says_every_rule_once(workspace, programme, budget):
    for activity in workspace.forms.activities:
        id_ = new(workspace, "proposal", programme=programme, activity=activity.code, title="Đề án", budget=budget)
        for group in rules_panel.beside(workspace, workspace.store.record(id_)):
            sentences = [line.text for line in group.lines]
            assert len(set(sentences)) == len(sentences), (activity.code, sentences)
