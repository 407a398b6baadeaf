"""What the rules answer for a dossier, topic by topic, so that two sets of rules can be compared by their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kcdesk.errors import KcdeskError
from kcdesk.formdef.law.register import PROOFS
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.dated_names import day_on_paper, names_on
from kcdesk.formdef.regulations.governing_days import dossier_day, topics_of
from kcdesk.formdef.suggested_rows import outline_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.law import governing
from kcdesk.services.lifecycle import missing
from kcdesk.services.overview import rules_panel
from kcdesk.services.overview.rules_panel import RuleGroup
from kcdesk.services.papers import printing
from kcdesk.services.plans import year_plans
from kcdesk.services.workspace import Workspace

CAUTIONS = "Lưu ý về văn bản"
PROOF = "Căn cứ, mức độ đối chiếu"
DAYS = "Ngày áp dụng quy định"
MISSING = "Còn thiếu, cần xem"
STEPS = "Bước làm được"
REQUIRED = "Giấy tờ phải có"
CHECKLIST = "Danh mục kiểm tra"
NAMES = "Tên gọi trên giấy"
LAYOUTS = "Giấy in được"
ORDER = "Thứ tự ưu tiên"
DEADLINES = "Thời hạn"
WARNINGS = "Cảnh báo sớm"


class RuleAnswer(Value):
    """One sentence that the rules say of a dossier in a topic."""

    topic: str
    text: str


def answers_of(workspace: Workspace, record: Record) -> Iterator[RuleAnswer]:
    """Everything that the rules of a workspace say of a dossier, except its place in lists of the whole store."""
    for group in rules_panel.beside(workspace, record):
        yield from _answers_of_group(group)
    yield from _governing_days(workspace, record)
    outlook = missing.outlook_of(workspace, record)
    yield from (RuleAnswer(MISSING, problem.message) for problem in (*outlook.problems, *outlook.differences))
    yield from (RuleAnswer(STEPS, f"{step.label}.") for step in outlook.possible)
    for topic, texts in _TEXTS.items():
        yield from (RuleAnswer(topic, text) for text in _read(texts, workspace, record))


def _read(texts: Callable[[Workspace, Record], Iterator[str]], workspace: Workspace, record: Record) -> list[str]:
    """The texts; a refusal is an answer too: other rules may not refuse."""
    try:
        return [*texts(workspace, record)]
    except KcdeskError as error:
        return [error.sentence()]


# -- the panel of rules ------------------------------------------------------------------------------------------------


def _answers_of_group(group: RuleGroup) -> Iterator[RuleAnswer]:
    topic = group.governing.topic.label if group.governing else group.label
    whose = group.label.partition(": ")[2]
    for line in group.lines:
        yield RuleAnswer(topic, ": ".join(filter(None, (whose, line.heading, line.text))))
        if line.source:
            yield RuleAnswer(PROOF, f"{line.source}: {PROOFS[line.proof]}.")
    yield from (RuleAnswer(CAUTIONS, caution.text) for caution in group.cautions)


def _governing_days(workspace: Workspace, record: Record) -> Iterator[RuleAnswer]:
    topics = dict.fromkeys(topic.id for topic in topics_of(workspace.forms) if topic.kind == record.kind)
    for topic in topics:
        day = governing.day_for(workspace, record, topic)
        yield RuleAnswer(DAYS, f"{day.topic.label}: {day.sentence(workspace.forms)}")


# -- other topics ------------------------------------------------------------------------------------------------------


def _required(workspace: Workspace, record: Record) -> Iterator[str]:
    """The papers that go with a proposal, recorded or not."""
    if record.kind == "proposal" and record.value("activity"):
        day = dossier_day(record, workspace.today())
        for paper in outline_of(record).papers:
            basis = workspace.forms.basis(paper.source, unverified=paper.unverified, on=day)
            yield f"{paper.item} ({basis})." if basis else f"{paper.item}."


def _checklist(workspace: Workspace, record: Record) -> Iterator[str]:
    """The lines with which a visit of a proposal would begin today."""
    if record.kind == "proposal" and record.value("activity"):
        for row in workspace.forms.checklist_items(record.data, workspace.today(), at_visit=True):
            yield f"{row['item']} ({row['source']})."


def _names(workspace: Workspace, record: Record) -> Iterator[str]:
    """The names and addresses that its papers would bear."""
    names = names_on(workspace.forms, day_on_paper(workspace.forms, record, "", workspace.today()))
    yield f"{names.agency}."
    yield f"{names.province(workspace.identity.unit.province)}."
    for field in record.fields_visible():
        place = record.value(field.name)
        if isinstance(place, dict):
            yield f"{field.label}: {names.address(place)}."


def _layouts(workspace: Workspace, record: Record) -> Iterator[str]:
    """The papers that it has now; one with another layout counts as another one."""
    for paper in printing.papers_of(workspace, record.id):
        layout = workspace.layouts.get(paper.name)
        version = f", bố cục bản {layout.version}" if layout else ""
        mark = ", chưa đối chiếu với mẫu" if paper.unverified else ""
        yield f"{paper.title}{version}{mark}."


def _order(workspace: Workspace, record: Record) -> Iterator[str]:
    """The order in which a plan that is not decided would put its proposals, with the reasons."""
    if record.kind == "plan" and not year_plans.is_decided(workspace, record) and record.value("year"):
        for number, (title, reasons) in enumerate(year_plans.order_of(workspace, record), start=1):
            yield f"{number}. {title}{f' ({reasons})' if reasons else ''}."


_TEXTS = {
    REQUIRED: _required,
    CHECKLIST: _checklist,
    LAYOUTS: _layouts,
    NAMES: _names,
    ORDER: _order,
}
