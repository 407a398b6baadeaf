"""Pages of help about reports, written from their definitions: what a figure counts, on which legal basis.

The topic of a report is `report.<name>`, that of one of its figures `report.<name>.<column>`.
"""

from __future__ import annotations

from collections.abc import Iterator

from kcdesk import moments
from kcdesk.formdef.forms import Forms
from kcdesk.handbook import HelpPage
from kcdesk.reports import definitions
from kcdesk.reports.model import Report, ReportColumn

KIND = "report"
ESTIMATE = "**Ước tính**: xem cách đếm ở trên."


def topic(report: str, column: str = "") -> str:
    """The topic of a report, or of one of its figures."""
    return ".".join(filter(None, (KIND, report, column)))


def report_page(asked: str, forms: Forms) -> HelpPage | None:
    """The page of a topic; None if it is not that of a report."""
    kind, _, rest = asked.partition(".")
    name, _, column = rest.partition(".")
    if kind != KIND:
        return None
    report = next((report for report in definitions.of_forms(forms).all if report.id == name), None)
    if report is None:
        return None
    figure = next((shown for shown in report.shown if shown.name == column.split(".")[0]), None)
    if figure is not None:
        return HelpPage(asked, figure.label, "\n\n".join((*_of_figure(figure, forms), _above(report))))
    return HelpPage(topic(name), report.label, "\n\n".join(_of_report(report, forms)))


def _of_report(report: Report, forms: Forms) -> Iterator[str]:
    yield f"**Căn cứ.** {forms.basis(report.source, unverified=report.unverified, on=moments.today())}."
    if report.day_definition:
        yield f"**Tính vào kỳ nào.** {report.day_definition}"
    yield "[Cách dùng trang Báo cáo](help:reports)"
    for column in report.shown:
        yield f"## {column.label}"
        yield from _of_figure(column, forms)


def _of_figure(column: ReportColumn, forms: Forms) -> Iterator[str]:
    yield column.definition
    if column.cumulative:
        yield "**Lũy kế**: tính từ đầu đến cuối kỳ."
    if column.estimate:
        yield ESTIMATE
    yield f"**Đơn vị tính.** {column.unit}"
    yield f"**Căn cứ.** {forms.basis(column.source, unverified=column.unverified, on=moments.today())}."


def _above(report: Report) -> str:
    return f"[Mọi số của «{report.label}»](help:{topic(report.id)})"
