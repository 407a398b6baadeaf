"""Reads the summaries of a folder, strictly: each figure is a row and a column of a report that exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import refuse_faults
from kcdesk.formdef.loading.form_checks import check_distinct, check_name
from kcdesk.formdef.loading.toml_reader import Faults, TomlReader, nearest, read_toml
from kcdesk.reports import definitions as report_definitions
from kcdesk.reports import indicator_table
from kcdesk.reports.model import Report, Reports
from kcdesk.reports.scope import Catalogue
from kcdesk.reports.summary.model import SummaryFigure, SummaryOutline, SummaryPart, SummarySection
from kcdesk.reports.summary.sentences import ASPECTS, SentenceError, parsed_sentence, slots_in

FOLDER = "summaries"
WORDS = ("period", "last_period", "next_period", "year", "unit", "money")  # what every text may name besides figures
STATE = "state"
LINE_WORDS = ("title", "value", STATE)  # what a line about a record may name besides its fields
_KINDS_OF_PART = ("text", "records", "report", "own")


def of_forms(forms: Forms) -> tuple[SummaryOutline, ...]:
    """The summaries of the folder of these forms in their order, read once; FormsError lists all faults."""
    return forms.once("summaries", lambda: load_summaries(forms.folder, forms))


def load_summaries(folder: Path, forms: Forms) -> tuple[SummaryOutline, ...]:
    """Read the summaries of a folder of forms; FormsError lists all faults."""
    reports, faults = report_definitions.of_forms(forms), Faults()
    outlines = []
    for path in sorted((folder / FOLDER).glob("*.toml")):
        file = f"{FOLDER}/{path.name}"
        table = read_toml(path, file, faults)
        outline = None if table is None else TomlReader(file, faults).build_whole(SummaryOutline, table)
        if outline is not None:
            _OutlineChecker(outline, file, reports, Catalogue(forms), faults).check()
            outlines.append(outline)
    check_distinct(faults, FOLDER, "", "mã báo cáo tổng hợp", (outline.id for outline in outlines))
    refuse_faults(faults, folder)
    return tuple(sorted(outlines, key=lambda outline: (outline.order, outline.id)))


class _OutlineChecker:
    """Collects the faults of one summary."""

    def __init__(
        self, outline: SummaryOutline, file: str, reports: Reports, catalogue: Catalogue, faults: Faults
    ) -> None:
        self.outline, self.file, self.faults = outline, file, faults
        self.reports, self.catalogue = reports, catalogue
        self.by_id = {report.id: report for report in reports.all}
        self.figures = {figure.name: figure for figure in outline.figures}

    def check(self) -> None:
        """Check the whole summary."""
        check_name(self.faults, self.file, "id", self.outline.id)
        names = [figure.name for figure in self.outline.figures]
        check_distinct(self.faults, self.file, "figure", "số", names)
        for figure in self.outline.figures:
            self._figure(figure)
        for number, section in enumerate(self.outline.sections, start=1):
            self._section(f"section {number}", section)
        if not self.outline.sections:
            self._fault("", "chưa có mục nào ([[section]])")

    def _figure(self, figure: SummaryFigure) -> None:
        place = f"figure/{figure.name}"
        check_name(self.faults, self.file, place, figure.name)
        if figure.name in WORDS:
            self._fault(place, f"“{figure.name}” đã có nghĩa riêng trong các câu")
        report = self._report(place, figure.report)
        if report is None:
            return
        self._groups(place, report, figure.by)
        columns = {column.name for column in report.shown}
        if report.indicators_as_rows and not figure.by:
            self._known(f"{place}/row", "chỉ tiêu", figure.row, columns)
            columns = set(indicator_table.COLUMNS)
        self._known(f"{place}/column", "cột", figure.column, columns)

    def _report(self, place: str, name: str) -> Report | None:
        return self.by_id[name] if self._known(f"{place}/report", "báo cáo", name, self.by_id) else None

    def _groups(self, place: str, report: Report, by: Iterable[str]) -> None:
        known = [group.name for group in self.reports.groups_of(report)]
        for name in by:
            self._known(f"{place}/by", "nhóm", name, known)

    def _section(self, place: str, section: SummarySection) -> None:
        self._text(f"{place}/heading", section.heading)
        if section.level not in (1, 2):
            self._fault(f"{place}/level", "cấp của mục là 1 hoặc 2")
        for number, part in enumerate(section.parts, start=1):
            self._part(f"{place}/part {number}", part)

    def _part(self, place: str, part: SummaryPart) -> None:
        given = [key for key in _KINDS_OF_PART if getattr(part, key)]
        if len(given) != 1:
            self._fault(place, f"cần đúng một trong các khoá: {', '.join(_KINDS_OF_PART)}")
            return
        self._text(f"{place}/empty", part.empty)
        self._text(f"{place}/text", part.text)
        if part.records:
            self._records(place, part)
        if part.report and (report := self._report(place, part.report)) is not None:
            self._groups(place, report, part.by)
            for name in part.columns:
                self._known(f"{place}/columns", "cột", name, [column.name for column in report.shown])
        if part.own:
            check_name(self.faults, self.file, f"{place}/own", part.own)

    def _records(self, place: str, part: SummaryPart) -> None:
        if not self._known(f"{place}/records", "số", part.records, self.figures):
            return
        figure = self.figures[part.records]
        report = self.by_id.get(figure.report)
        name = figure.row if report and report.indicators_as_rows and not figure.by else figure.column
        column = next((column for column in report.columns if column.name == name), None) if report else None
        if report is None or column is None:
            return
        if column.formula:
            self._fault(f"{place}/records", f"“{part.records}” là số tính theo công thức, không có danh sách")
            return
        self._line(f"{place}/line", part.line, (column.figures[0].of or report.subject).partition(".")[0])

    def _line(self, place: str, line: str, kind: str) -> None:
        """A line about a record names no personal value: it leaves the office."""
        fields = {field.name: field for field in self.catalogue.forms.current(kind).fields}
        title = self.catalogue.forms.newest(kind).title
        for slot in self._slots(place, line):
            if slot not in LINE_WORDS and not self._known(place, "ô", slot, fields):
                continue
            shown = {"title": title, "value": (), STATE: ()}.get(slot, (slot,))
            if any(name in fields and (fields[name].personal or fields[name].sensitive) for name in shown):
                self._fault(place, f"“{slot}” là dữ liệu cá nhân, không đưa vào báo cáo gửi đi")

    def _text(self, place: str, text: str) -> None:
        for slot in self._pieces(place, text):
            name, _, aspect = slot.partition(".")
            if not self._known(place, "số", name, [*self.figures, *WORDS]):
                continue
            if aspect:
                self._known(place, "cách ghi số", aspect, ASPECTS)
            if aspect in ("change", "before") and name in self.figures and self.figures[name].span == "to_date":
                self._fault(place, f"“{name}” là số lũy kế từ đầu, không so với cùng kỳ")

    def _slots(self, place: str, text: str) -> list[str]:
        return [slot.partition(".")[0] for slot in self._pieces(place, text)]

    def _pieces(self, place: str, text: str) -> list[str]:
        try:
            slots = list(slots_in(parsed_sentence(text)))
        except SentenceError as error:
            self._fault(place, str(error))
            return []
        return [f"{slot.name}.{slot.aspect}" if slot.aspect else slot.name for slot in slots]

    def _known(self, place: str, what: str, name: str, known: Mapping[str, object] | Iterable[str]) -> bool:
        names = list(known)
        if name not in names:
            self.faults.add(self.file, place, f"{what} “{name}” không có", nearest(name, names))
        return name in names

    def _fault(self, place: str, message: str) -> None:
        self.faults.add(self.file, place, message)
