"""Reads all forms, activities and workflows of a folder; the faults of all files are reported together.

Checklists and outlines are read at first use, so that the start of the program does not wait for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from kcdesk.formdef.activities import Activity
from kcdesk.formdef.forms import ACTIVITIES, COMMON, Forms, SharedChoices
from kcdesk.formdef.law.instruments import LAW
from kcdesk.formdef.loading.definition_files import (
    ACTIVITIES_FILE,
    CALENDAR,
    CHOICES,
    ELIGIBILITY,
    EVIDENCE,
    GOVERNING_DAYS,
    MANIFEST,
    NAMES,
    PACKAGE,
    PHRASES,
    PLACEHOLDERS,
    PRIORITIES,
    RETENTION,
    SHEETS,
    TERRITORIES,
    WARNINGS,
    WORKFLOW,
    refuse_faults,
)
from kcdesk.formdef.loading.extending import EXTENDS, Extender, Source
from kcdesk.formdef.loading.form_checks import FormChecker, check_choices, check_condition, check_distinct, check_name
from kcdesk.formdef.loading.parts import PartFile, merged
from kcdesk.formdef.loading.rename_checks import check_renames
from kcdesk.formdef.loading.toml_reader import Faults, TomlReader, read_toml
from kcdesk.formdef.loading.versions import check_versions
from kcdesk.formdef.model import (
    Checklist,
    ChecklistItem,
    Closure,
    CostItem,
    ExpectedResult,
    Field,
    Form,
    FormPart,
    Outline,
    Workflow,
)
from kcdesk.formdef.regulations.levels import FILE as LEVELS
from kcdesk.formdef.regulations.levels import read_levels
from kcdesk.runtime.frozen import Value

T = TypeVar("T")

_Entry = ChecklistItem | CostItem | ExpectedResult | Closure  # of an outline


class _FormFile(Value):
    """A form, its file, and its parts."""

    file: str
    form: Form
    parts: tuple[PartFile, ...] = ()


class FolderReader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults = Faults()

    def load(self) -> Forms:
        """Read and check everything; FormsError if there are faults."""
        form_files = self._forms()
        shared = self._shared()
        activities = self._array(ACTIVITIES_FILE, "activity", Activity)
        workflows = self._array(WORKFLOW, "workflow", Workflow)
        later = FolderReader(self.folder)
        forms = Forms(
            tuple(item.form for item in form_files),
            shared,
            activities,
            workflows,
            later.checklists,
            later.outlines,
            self.folder,
            read_levels(self.folder, self.faults),
        )
        for item in form_files:
            FormChecker(item.form, item.file, forms, self.faults, item.parts).check()
        check_versions(self.faults, [(item.file, item.form.id, item.form) for item in form_files])
        check_renames(self.faults, [(item.file, item.form) for item in form_files])
        self._check_activities(activities)
        self._check_workflows(workflows, forms)
        self._refuse_faults()
        return forms

    def checklists(self, forms: Forms) -> tuple[Checklist, ...]:
        """Read and check the checklists of these forms; FormsError."""
        checklists = self._versions(self._files("checklists"), "activity", Checklist)
        self._check_checklists(checklists, forms)
        self._refuse_faults()
        return tuple(checklist for _, checklist in checklists)

    def outlines(self, forms: Forms) -> tuple[Outline, ...]:
        """Read and check the outlines of these forms; FormsError."""
        outlines = self._versions(self._files("activities"), "activity", Outline)
        self._check_outlines(outlines, forms)
        self._refuse_faults()
        return tuple(outline for _, outline in outlines)

    def _refuse_faults(self) -> None:
        refuse_faults(self.faults, self.folder)

    # ---- reading

    def _forms(self) -> list[_FormFile]:
        form_files = []
        others = (
            CHOICES,
            ACTIVITIES_FILE,
            WORKFLOW,
            ELIGIBILITY,
            CALENDAR,
            PRIORITIES,
            EVIDENCE,
            PHRASES,
            RETENTION,
            WARNINGS,
            TERRITORIES,
            NAMES,
            GOVERNING_DAYS,
            PLACEHOLDERS,
            SHEETS,
            PACKAGE,
            LEVELS,
            MANIFEST,
            LAW,
        )
        named = [path.name for path in sorted(self.folder.glob("*.toml")) if path.name not in others]
        for name, form in self._versions(named, "id", Form):
            parts = self._parts(Path(name).stem)
            form_files.append(_FormFile(name, merged(form, name, parts, self.faults), parts))
        if not form_files:
            self.faults.add(str(self.folder), "", "không có mẫu nào")
        return form_files

    def _parts(self, stem: str) -> tuple[PartFile, ...]:
        """The parts of a form: those of `proposal.toml` are in the folder `proposal`."""
        read = ((file, self._read(file)) for file in self._files(stem))
        return tuple(PartFile(file, part) for file, table in read if (part := self._built(file, table, FormPart)))

    def _versions(self, files: Sequence[str], key: str, cls: type[T]) -> list[tuple[str, T]]:
        """The definitions of these files, each completed with the version that it extends."""
        read = [(file, table) for file in files if (table := self._read(file)) is not None]
        extended = any(EXTENDS in table for _, table in read)
        sources = [Source(file, table, self._part_tables(file) if extended else ()) for file, table in read]
        whole = Extender(sources, key, self.faults).completed()
        return [(file, entry) for file, table in whole if (entry := self._built(file, table, cls))]

    def _part_tables(self, file: str) -> tuple[dict[str, Any], ...]:
        """The tables of a form's parts, for a version that extends it; their faults are reported elsewhere."""
        tables = (read_toml(self.folder / name, name, Faults()) for name in self._files(Path(file).stem))
        return tuple(table for table in tables if table is not None) if "/" not in file else ()

    def _files(self, folder: str) -> list[str]:
        return [f"{folder}/{path.name}" for path in sorted((self.folder / folder).glob("*.toml"))]

    def _read(self, file: str) -> dict[str, Any] | None:
        return read_toml(self.folder / file, file, self.faults)

    def _built(self, file: str, table: dict[str, Any] | None, cls: type[T]) -> T | None:
        return TomlReader(file, self.faults).build_whole(cls, table) if table is not None else None

    def _shared(self) -> dict[str, SharedChoices]:
        reader = TomlReader(CHOICES, self.faults)
        shared = {}
        for name, table in self._tables(CHOICES).items():
            check_name(self.faults, CHOICES, name, name)
            if name == ACTIVITIES:
                self.faults.add(CHOICES, name, f"danh mục này được lấy từ {ACTIVITIES_FILE}")
            if built := reader.build(SharedChoices, table, name):
                check_choices(self.faults, CHOICES, name, built.choices)
                shared[name] = built
        return shared

    def _array(self, file: str, key: str, cls: type[T]) -> tuple[T, ...]:
        """The `[[key]]` tables of a file that may contain nothing else."""
        tables = self._tables(file)
        for name in tables.keys() - {key}:
            self.faults.unknown(file, "", "khoá", name, [key])
        entries = tables.get(key, [])
        if not isinstance(entries, list):
            self.faults.add(file, key, f"phải viết [[{key}]]")
            return ()
        reader = TomlReader(file, self.faults)
        built = [reader.build(cls, entry) for entry in entries]
        return tuple(entry for entry in built if entry is not None)

    def _tables(self, file: str) -> dict[str, Any]:
        path = self.folder / file
        return (read_toml(path, file, self.faults) or {}) if path.exists() else {}

    # ---- checks over several definitions

    def _check_activities(self, activities: Sequence[Activity]) -> None:
        check_distinct(self.faults, ACTIVITIES_FILE, "", "mã", (item.code for item in activities))
        check_distinct(self.faults, ACTIVITIES_FILE, "", "tên", (item.label for item in activities))
        for activity in activities:
            check_name(self.faults, ACTIVITIES_FILE, activity.code, activity.code)

    def _check_workflows(self, workflows: Sequence[Workflow], forms: Forms) -> None:
        check_distinct(self.faults, WORKFLOW, "", "loại hồ sơ", (item.kind for item in workflows))
        for workflow in workflows:
            if workflow.kind not in forms.kinds:
                self.faults.unknown(WORKFLOW, workflow.kind, "loại hồ sơ", workflow.kind, forms.kinds)
                continue
            form = forms.newest(workflow.kind)
            self._check_workflow(workflow, form, forms)
            above = form.field(form.parent).target if form.parent else ""
            marks = [mark for item in workflows if item.kind == above for state in item.states for mark in state.marks]
            self._all_known(workflow.kind, "parent_marks: dấu", workflow.parent_marks, list(dict.fromkeys(marks)))

    def _check_workflow(self, workflow: Workflow, form: Form, forms: Forms) -> None:
        kind = workflow.kind
        states = [state.name for state in workflow.states]
        check_distinct(self.faults, WORKFLOW, kind, "trạng thái", states)
        check_distinct(self.faults, WORKFLOW, kind, "bước", (step.name for step in workflow.transitions))
        self._all_known(kind, "initial: trạng thái", [workflow.initial], states)
        names = {field.name: field for field in form.fields}
        self._all_known(kind, "own: ô", workflow.own, list(names))
        for state in workflow.states:
            place = f"{kind}/{state.name}"
            sections = [section.id for section in form.sections]
            self._all_known(place, "open_sections: phần", state.open_sections, sections)
            self._all_known(place, "open_fields: ô", state.open_fields, list(names))
            self._all_known(place, "asks: ô", state.asks, list(names))
            levels = [*([state.holder] if state.holder else []), *(level for wait in state.waits for level in wait.at)]
            self._all_known(place, "cấp", levels, forms.levels.names)
            for wait in state.waits:
                check_condition(self.faults, WORKFLOW, place, wait.when, names, forms)
        for step in workflow.transitions:
            place = f"{kind}/{step.name}"
            self._all_known(place, "trạng thái", [*step.from_states, step.to], states)
            self._all_known(place, "by: cấp", step.by, forms.levels.names)
            self._all_known(place, "requires: ô", step.requires, list(names))
            self._all_known(place, "reason_field: ô", [step.reason_field] if step.reason_field else [], list(names))
            check_condition(self.faults, WORKFLOW, place, step.when, names, forms)

    def _all_known(self, place: str, what: str, names: Sequence[str], known: Sequence[str]) -> None:
        for name in names:
            if name not in known:
                self.faults.unknown(WORKFLOW, place, what, name, known)

    def _check_checklists(self, checklists: Sequence[tuple[str, Checklist]], forms: Forms) -> None:
        check_versions(self.faults, [(file, checklist.activity, checklist) for file, checklist in checklists])
        self._check_named_checklists(forms.activities, {checklist.activity for _, checklist in checklists})
        codes = {activity.code for activity in forms.activities} | {COMMON}
        named = {activity.checklist for activity in forms.activities}
        fields = _proposal_fields(forms)
        common = [item.code for _, entry in checklists if entry.activity == COMMON for item in _items(entry)]
        for file, checklist in checklists:
            if checklist.activity not in codes | named:
                self.faults.unknown(file, "", "nội dung hoạt động", checklist.activity, codes)
            inherited = [] if checklist.activity == COMMON else sorted(set(common))
            check_distinct(self.faults, file, "", "mã mục", [*inherited, *(item.code for item in _items(checklist))])
            for item in _items(checklist):
                check_condition(self.faults, file, item.code, item.when, fields, forms)

    def _check_outlines(self, outlines: Sequence[tuple[str, Outline]], forms: Forms) -> None:
        check_versions(self.faults, [(file, outline.activity, outline) for file, outline in outlines])
        codes = {activity.code for activity in forms.activities} | {COMMON}
        fields = _proposal_fields(forms)
        common = [paper.code for _, entry in outlines if entry.activity == COMMON for paper in entry.papers]
        for file, outline in outlines:
            if outline.activity not in codes:
                self.faults.unknown(file, "", "nội dung hoạt động", outline.activity, codes)
            inherited = [] if outline.activity == COMMON else sorted(set(common))
            check_distinct(self.faults, file, "", "mã giấy tờ", [*inherited, *(p.code for p in outline.papers)])
            check_distinct(self.faults, file, "", "khoản chi", (cost.item for cost in outline.costs))
            check_distinct(self.faults, file, "", "chỉ tiêu", (result.goal for result in outline.results))
            entries: list[_Entry] = [*outline.papers, *outline.costs, *outline.results, *outline.closures]
            for entry in entries:
                check_condition(self.faults, file, _named(entry), entry.when, fields, forms)

    def _check_named_checklists(self, activities: Sequence[Activity], known: set[str]) -> None:
        for activity in activities:
            if activity.checklist and activity.checklist not in known:
                self.faults.unknown(ACTIVITIES_FILE, activity.code, "danh mục kiểm tra", activity.checklist, known)


def _items(checklist: Checklist) -> tuple[Any, ...]:
    return checklist.papers + checklist.facts


def _proposal_fields(forms: Forms) -> dict[str, Field]:
    return {field.name: field for form in forms.versions_of("proposal") for field in form.fields}


def _named(entry: _Entry) -> str:
    """The name of an entry of an outline in a fault."""
    if isinstance(entry, ChecklistItem):
        return entry.code
    if isinstance(entry, CostItem):
        return entry.item
    return entry.goal if isinstance(entry, ExpectedResult) else entry.column
