"""What was marked as not compared loses its mark, everywhere, when two people have compared its source."""

from datetime import date

from kcdesk.formdef.law.checks import LawCheck
from kcdesk.formdef.law.citations import citations, is_proposal
from kcdesk.formdef.law.citing import all_cited
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.regulations import priorities
from kcdesk.runtime.frozen import replace
from kcdesk.services.deadlines import listing
from kcdesk.services.overview import rules_panel
from kcdesk.services.papers import filling, printing
from kcdesk.services.proposals import required_papers
from kcdesk.services.reporting import running
from kcdesk.ui.form.field_problems import doubts
from tests.services import samples

MARK = "chưa đối chiếu"
ON = date(2026, 3, 5)


def _check(instrument, articles=""):
    return LawCheck(
        id="",
        instrument=instrument,
        articles=articles,
        words="Đúng.",
        checked_by="Một",
        checked_on=ON,
        confirmed_by="Hai",
        confirmed_on=ON,
        until=date(2030, 12, 31),
    )


def _compared(workspace):
    """The workspace in which two people have compared every instrument, with each of its forms and annexes by name."""
    law = workspace.forms.law
    sources = [cited.source for cited in all_cited(workspace.forms.folder)]
    named = {
        citation for source in sources for citation in citations(source) if citation.articles and not citation.parts
    }
    checks = [_check(entry.id) for entry in law.declared]
    checks += [_check(citation.instrument, citation.articles) for citation in named]
    forms = workspace.forms.with_law(LawRegister(law.declared, checks))
    workspace.store.forms = forms
    return replace(workspace, forms=forms)


def _marks(workspace, id_):
    """Every sentence of the program about a proposal and the rules around it that may carry the mark: (place, text)."""
    forms, record = workspace.forms, workspace.store.record(id_)
    for row in forms.checklist_items(record.data, ON):
        yield "checklist", row["source"]
    for paper in forms.outline(record.data, ON).papers:
        yield "outline", forms.basis(paper.source, unverified=paper.unverified, on=ON)
    for problem in required_papers.unrecorded_papers(record):
        yield "missing", problem.message
    yield "form", f"{doubts(record)} (fields)"
    yield from _marks_on_papers(workspace, record)
    yield from _marks_of_lists(workspace, record)


def _marks_on_papers(workspace, record):
    for paper in printing.papers_of(workspace, record.id):
        source = workspace.layouts[paper.name].source
        if workspace.forms.law.has_form(source, filling.programme_of(workspace, record)):
            yield f"paper {paper.name}", f"{source} {MARK}" if paper.unverified else source
            document = filling.filled(workspace, record, workspace.layouts[paper.name]).document
            yield f"foot {paper.name}", " ".join(line for line in document.footer.splitlines() if "mẫu" not in line)


def _marks_of_lists(workspace, record):
    for due in listing.between(workspace, None, date(2027, 12, 31), ON):
        yield "deadline", listing.basis(workspace, due)
    for group in rules_panel.beside(workspace, record):
        for line in group.lines:
            yield "panel", f"{line.source} {MARK}" if line.unverified else line.source
    criteria = workspace.priorities
    for area in ("highland", "difficult", "land_border"):
        values = {"priority_areas": [area]}
        for reason in priorities.rank(criteria, {"programme": "national"}, values, ON, workspace.forms.law).reasons:
            yield "priority", reason
    for report in running.reports_as_json(workspace):
        if report["unverified"]:
            yield f"report {report['name']}", f"{report['source']} {MARK}"


def test_the_marks_go_with_two_people_and_stay_without(workspace):
    id_ = samples.proposal(workspace, programme="national", year=2026, starts_on="1/4/2026", ends_on="31/12/2026")
    before = [(place, text) for place, text in _marks(workspace, id_) if MARK in text]
    places = {place.partition(" ")[0] for place, _text in before}
    assert {"checklist", "outline", "form", "panel", "foot", "deadline"} <= places, places

    compared = _compared(workspace)

    left = [(place, text) for place, text in _marks(compared, id_) if MARK in text and not _is_ours(compared, text)]
    assert left == []


def _is_ours(workspace, text):
    """Whether a marked sentence names no instrument: a proposal of the program, which nobody can compare."""
    return not any(entry.id in text for entry in workspace.forms.law.declared)


def test_every_marked_rule_with_an_instrument_can_lose_its_mark(workspace):
    law = _compared(workspace).forms.law
    cited = [cited.source for cited in all_cited(workspace.forms.folder) if not is_proposal(cited.source)]
    known = [source for source in cited if any(entry.id in source for entry in law.declared)]
    assert len(known) > 1000
    still = {source for source in known if law.is_marked(source, unverified=True)}
    assert still == set()
