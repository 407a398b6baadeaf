"""The monthly report on the national contracts: progress, and volume with money; one paper for all of them.

The figures are those of the report `mau_3b`, the words those of the dossiers at the end of the month.
Source: điểm a khoản 3 Điều 23 TT 36/2013/TT-BCT.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.dated_names import names_on
from kcdesk.reports.report_period import Period
from kcdesk.reports.report_table import Figure, ReportRow
from kcdesk.runtime.frozen import Value, asdict, replace
from kcdesk.services.papers import letterhead, printing
from kcdesk.services.papers.sheets import Topic, filled_sheet, write_sheet
from kcdesk.services.records.children import difficulties_of, last_inspection
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.blocks import Document

REPORT = "mau_3b"
VOLUME, PROGRESS = "monthly_volume_3b", "monthly_progress_3a"
LAYOUTS = (VOLUME, PROGRESS)  # that of the article first
NOTHING_YET = "chưa có"
_AMOUNTS = ("value", "paid_now", "paid", "accepted_cost", "accepted", "settled")


class ContractMonth(Value):
    """An item of `rows` in the layouts: a contract in printed text; the line of sums has only amounts."""

    amounts: dict[str, str]
    contract: str = ""
    title: str = ""
    parties: str = ""
    due_on: str = ""
    progress: str = ""
    next_tasks: str = ""
    troubles: str = ""
    is_total: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return asdict(self)


def is_reported_monthly(workspace: Workspace, kind: str) -> bool:
    """Whether there is a monthly report on all records of a kind."""
    return workspace.layouts[VOLUME].kind == f"{kind}_month"


def month_named(named: str) -> date:
    """The first day of a month as officers write it, «10/2026»; UserError `bad_period` if it is no month."""
    period = running.wanted_period("", "", named)
    if period.kind != "month" or period.first is None:
        raise UserError("Báo cáo này lập cho một tháng.", code="bad_period", hint="Hãy ghi tháng, ví dụ 10/2026.")
    return period.first


def month_name(day: date) -> str:
    """The month of a day as an officer says it: «Tháng 10/2026»."""
    return _month(day).name


def _month(day: date) -> Period:
    return running.wanted_period("", "", f"{day.month:02}/{day.year}")


def month_rows(workspace: Workspace, day: date) -> list[ContractMonth]:
    """The national contracts that ran in the month of a day, and their sums; [] if none did."""
    month = _month(day)
    first, last = month.first, month.last
    assert first is not None, "a month has its days"
    assert last is not None, "a month has its days"
    table = running.run(workspace, Wanted(name=REPORT, period=month))
    running_rows = [(row, contract) for row in table.rows if (contract := _running(workspace, row, first, last))]
    if not running_rows:
        return []
    lines = [_line(workspace, row, contract, last) for row, contract in running_rows]
    sums = {name: _sum([row.values.get(name) for row, _contract in running_rows]) for name in _AMOUNTS}
    return [*lines, ContractMonth(_printed(sums), is_total=True)]


def _running(workspace: Workspace, row: ReportRow, first: date, last: date) -> Record | None:
    """The contract of a row; None for one that was signed after the month or wound up before it."""
    contract = workspace.store.record(row.key)
    signed, ended = contract.value("signed_on"), contract.value("liquidated_on")
    is_over = isinstance(ended, str) and ended < first.isoformat()
    return contract if isinstance(signed, str) and signed <= last.isoformat() and not is_over else None


def _sum(figures: list[Figure]) -> Figure:
    return sum(figure for figure in figures if figure is not None)


def _printed(values: dict[str, Figure]) -> dict[str, str]:
    return {name: text.format_integer(int(values.get(name) or 0)) for name in _AMOUNTS}


def _line(workspace: Workspace, row: ReportRow, contract: Record, last: date) -> ContractMonth:
    proposal = workspace.store.record(str(contract.value("proposal")))
    return ContractMonth(
        amounts=_printed({name: row.values.get(name) for name in _AMOUNTS}),
        contract=f"{contract.text('number')}, {contract.text('signed_on')}",
        title=proposal.text("title"),
        parties=contract.text("party_b"),
        due_on=contract.text("due_on") or "chưa ghi",
        progress=_progress(workspace, proposal, contract, last),
        next_tasks="; ".join(_next_tasks(proposal, last)) or NOTHING_YET,
        troubles="; ".join(_troubles(workspace, proposal, last)) or NOTHING_YET,
    )


def _progress(workspace: Workspace, proposal: Record, contract: Record, last: date) -> str:
    """What the last inspection until the end of the month found, with its day."""
    inspection = last_inspection(workspace, proposal, contract.id, last.isoformat())
    if inspection is None:
        return "chưa kiểm tra"
    percent = inspection.text("found_percent")
    return f"{percent or 'chưa ghi'} (kiểm tra ngày {inspection.text('visited_on')})"


def _next_tasks(proposal: Record, last: date) -> Iterator[str]:
    """The tasks of the work plan that fall into the month after."""
    first, end = last + timedelta(days=1), (last + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    for row in proposal.rows("work_plan"):
        starts, ends = (str(row.get(name) or "") for name in ("starts_on", "ends_on"))
        if (starts or ends) and (starts or ends) <= end.isoformat() and (ends or starts) >= first.isoformat():
            yield str(row.get("task") or "")


def _troubles(workspace: Workspace, proposal: Record, last: date) -> Iterator[str]:
    """The difficulties that were raised until the end of the month and have no answer yet."""
    for difficulty in difficulties_of(workspace, proposal):
        answered = difficulty.value("answered_on")
        is_open = not answered or str(answered) > last.isoformat()
        if is_open and str(difficulty.value("raised_on") or "") <= last.isoformat():
            yield difficulty.text("content")


def month_paper(workspace: Workspace, layout: str, day: date, rows: Sequence[ContractMonth]) -> Document:
    """The paper of the rows of the month of a day; UserError `nothing_to_report` if there are none."""
    if not rows:
        raise UserError(
            f"{month_name(day)} không có hợp đồng khuyến công quốc gia nào đã chốt và đang thực hiện.",
            code="nothing_to_report",
            hint="Báo cáo tháng chỉ lập cho hợp đồng khuyến công quốc gia; hãy chốt hợp đồng hoặc chọn tháng khác.",
        )
    values: dict[str, Any] = {
        "contract_month": Topic(f"{day:%Y-%m}", text.lower_first(month_name(day))),
        "rows": rows,
        "province": printing.province_name(workspace),
        "province_committee": letterhead.committee(workspace),
        "agency": names_on(workspace.forms, workspace.today()).agency,
    }
    return replace(filled_sheet(workspace, layout, values), qr="")  # no record is found by its code


def write_month(
    workspace: Workspace,
    layout: str,
    day: date,
    rows: Sequence[ContractMonth],
    *,
    pdf: Path | None = None,
    docx: Path | None = None,
) -> dict[str, Any]:
    """Write the paper of the rows of the month of a day as PDF, for Word, or both; returns {"pdf", "pages", "docx"}.

    UserError `nothing_to_report`; KnownError if a file cannot be written.
    """
    return write_sheet(month_paper(workspace, layout, day, rows), pdf, docx)
