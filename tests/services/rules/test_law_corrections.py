"""The errors that were found in the definitions, as worked cases: tests/data/law_corrections.toml."""

import tomllib
from datetime import date
from pathlib import Path

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.regulations import priorities
from kcdesk.formdef.regulations.ceilings import CeilingQuery, ceiling
from kcdesk.formdef.regulations.territories import territory_of
from kcdesk.services.rules import eligibility
from tests.services.samples import beneficiary

CASES = tomllib.loads((Path(__file__).parents[2] / "data/law_corrections.toml").read_text(encoding="utf-8"))["case"]


def _cautions(workspace, case):
    return [entry.instrument for entry in workspace.forms.law.cautions(case["source"], case["on"])]


def _eligibility(workspace, case):
    record = workspace.store.record(beneficiary(workspace, **case["values"]))
    findings = eligibility.explain(workspace, record, [], case["on"])
    return next(finding.status for finding in findings if finding.label == case["label"])


def _territory(workspace, case):
    commune = workspace.places.search(case["commune"], 1)[0].commune
    return territory_of(workspace.forms, commune, case["on"])


def _advance(workspace, case):
    rule = workspace.procedures.advance(case["activity"], case["on"])
    if rule is None:
        return "agency"
    return rule.rate if rule.rate is not None else "no rate"


def _advance_limit(workspace, case):
    rule = workspace.procedures.advance_limit(case["on"])
    return rule.rate if rule else 0


def _settlement_papers(workspace, case):
    rule = workspace.procedures.settlement(case["on"])
    named = " · ".join(paper.item for paper in rule.papers if holds(paper.when, case["values"]))
    return [words for words in case["expected"] if words in named]


def _steps_proof(workspace, case):
    steps = workspace.forms.workflow(case["kind"]).transitions
    proofs = {workspace.forms.law.proof(step.source) for step in steps if step.name in case["steps"]}
    assert len(proofs) == 1
    return proofs.pop()


def _authority(workspace, case):
    return workspace.procedures.authority(case["values"], case["on"]).decided_by


def _authority_named(workspace, case):
    label = next(rule.label for rule in workspace.procedures.authorities if rule.id == case["rule"])
    assert case["was"] not in label
    return case["expected"] if case["expected"] in label else label


def _deadline_text(workspace, case):
    texts = [entry.label for entry in workspace.calendar.deadlines if entry.id in case["deadlines"]]
    assert len(texts) == len(case["deadlines"])
    assert not any(case["was"] in text for text in texts)
    return case["expected"] if all(case["expected"] in text for text in texts) else texts


def _deadline_parents(workspace, case):
    (deadline,) = (entry for entry in workspace.calendar.deadlines if entry.id == case["deadline"])
    return deadline.needs[0].parent_when


def _priority(workspace, case):
    place = priorities.rank(
        workspace.priorities, {"programme": "national"}, case["values"], case["on"], workspace.forms.law
    )
    return next((case.get("expected") for reason in place.reasons if "Huyện nghèo" in reason), "")


def _norm_source(workspace, case):
    query = CeilingQuery(programme="national", activity=case["activity"], on=case["on"])
    return ceiling(workspace.norms, query).source


def _unseen_forms(workspace, case):
    for form in case["forms"]:
        notes = workspace.forms.law.notes_on_paper(f"{form} {case['source']}", case["on"], unverified=True)
        assert any(case["expected"] in note and form in note for note in notes), form
    return case["expected"]


def _proof(workspace, case):
    return workspace.forms.law.proof(case["source"])


def _field(workspace, case):
    return workspace.forms.current(case["kind"], date(2026, 11, 30)).field(case["field"])


def _field_proof(workspace, case):
    field = _field(workspace, case)
    return workspace.forms.law.proof(field.source, unverified=field.unverified)


def _field_source(workspace, case):
    return _field(workspace, case).source


def _asked_at_the_visit(workspace, case):
    items = workspace.forms.checklist_items({"activity": case["activity"]}, case["on"], at_visit=True)
    assert items
    return any(case["words"] in item["item"] for item in items)


ASKED = {
    name.removeprefix("_"): function
    for name, function in list(globals().items())
    if name.startswith("_") and not name.startswith("__") and callable(function)
}


def test_each_correction_gives_what_the_text_says_and_not_what_was_said_before(workspace):
    answers = [(case, ASKED[case["ask"]](workspace, case)) for case in CASES]
    assert [(case, answer) for case, answer in answers if answer != case["expected"]] == []
    assert not [case for case in CASES if "was" in case and case["was"] == case["expected"]]


def test_every_error_that_was_found_has_a_case():
    assert {case["correction"] for case in CASES} == set(range(1, 21))
