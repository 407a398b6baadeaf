"""«Bảng rà soát đề án»: every approved proposal of a plan year, its money, obstacle, chance of completion and way out.

What an officer wrote in the newest open difficulty of a proposal counts; without it the chance is suggested by the
early warnings, with their reason. Asked for by TB 504/TB-CN.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.formdef.model import Choice
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.money import balances
from kcdesk.services.papers.sheets import Topic, filled_sheet, write_sheet, write_table
from kcdesk.services.records import reading
from kcdesk.services.records.copying import fill, linked, only_id
from kcdesk.services.records.titles import title_for_others
from kcdesk.services.warnings import foresight
from kcdesk.services.warnings.foresight import EndangeredProposal
from kcdesk.services.workspace import Workspace

LAYOUT = "proposal_review"
DIFFICULTY, CHANCE = "difficulty", "completion_chance"
TIES = frozenset(("proposal",))
_CHANCES = "completion_chances"
_SUGGESTED = "gợi ý"
_STEADY, _ENDANGERED, _WATCHED = 3, 1, 2  # places in the list of chances
_OPEN = ("open", "sent")
_HEADS = (  # of the workbook, with their widths in characters
    ("TT", 5),
    ("Đề án", 60),
    ("Đơn vị thụ hưởng", 40),
    ("Đơn vị lập", 30),
    ("Trạng thái", 18),
    ("Kinh phí duyệt (đồng)", 20),
    ("Đã giải ngân (đồng)", 20),
    ("Tỷ lệ giải ngân", 14),
    ("Khả năng hoàn thành", 30),
    ("Căn cứ", 18),
    ("Khó khăn, vướng mắc", 60),
    ("Hướng tháo gỡ", 60),
)
_NOTE = (
    "Khả năng hoàn thành do cán bộ ghi ở «Khó khăn, kiến nghị»; «gợi ý» là theo cảnh báo của chương trình,"
    " chưa có văn bản quy định cách tính."
)


class ReviewLine(Value, kw_only=True):
    """A proposal of the table, as texts; `difficulty` is the record that speaks of it, "" for none."""

    id: str
    title: str
    beneficiaries: str
    unit_name: str
    state: str
    support: str
    paid: str
    share: str
    chance: str
    basis: str
    obstacle: str
    way_out: str
    place: int  # smaller: more endangered
    difficulty: str = ""
    money: tuple[int, int] = (0, 0)  # approved and paid, đồng

    @property
    def cells(self) -> tuple[str, ...]:
        """The texts below the heads of the workbook, without the number."""
        return (
            *(self.title, self.beneficiaries, self.unit_name, self.state, self.support, self.paid, self.share),
            *(self.chance, self.basis, self.obstacle, self.way_out),
        )

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return asdict(self)


def review_lines(workspace: Workspace, year: int) -> list[ReviewLine]:
    """The approved proposals of a plan year, the most endangered first, then by money."""
    endangered = {named.id: named for seen in foresight.foresights(workspace) for named in seen.proposals}
    unit_names = reading.unit_names(workspace)
    lines = []
    for stored in workspace.store.page("proposal", where={"year": year}, limit=-1):
        proposal = stored.record(workspace.forms)
        if proposal.value("approved_support"):
            unit = unit_names.get(stored.unit, stored.unit)
            lines.append(_line(workspace, proposal, unit, endangered.get(proposal.id)))
    return sorted(lines, key=lambda line: (line.place, -line.money[0], line.id))


def years(workspace: Workspace) -> list[int]:
    """The plan years with approved proposals, the newest first."""
    rows = workspace.store.query(
        "SELECT DISTINCT year FROM proposal WHERE approved_support > 0 AND year IS NOT NULL ORDER BY year DESC", {}
    )
    return [int(row["year"]) for row in rows]


def total_text(lines: Sequence[ReviewLine]) -> str:
    """«4 đề án, kinh phí duyệt 800.000.000 đồng, đã giải ngân 200.000.000 đồng (25%); 1 khó hoàn thành»."""
    support, paid = (sum(line.money[column] for line in lines) for column in (0, 1))
    money = f"kinh phí duyệt {text.format_integer(support)} đồng, đã giải ngân {text.format_integer(paid)} đồng"
    counts: dict[str, int] = {}
    for line in lines:
        counts[line.chance] = counts.get(line.chance, 0) + 1
    kinds = ", ".join(f"{count} {text.lower_first(chance)}" for chance, count in counts.items())
    return f"{len(lines)} đề án, {money} ({_share(paid, support)}); {kinds}" if lines else "Chưa có đề án được duyệt."


def print_review(
    workspace: Workspace, year: int, lines: Sequence[ReviewLine], pdf: Path | None = None, docx: Path | None = None
) -> None:
    """Write the lines of a year as PDF, as a Word file, or both. KnownError if a file cannot be written."""
    period = Topic(str(year), f"Kế hoạch năm {year}, tính đến ngày {text.format_date(workspace.today())}")
    sheet = filled_sheet(workspace, LAYOUT, {"period": period, "rows": lines, "total": total_text(lines)})
    write_sheet(sheet, pdf, docx)


def write_workbook(workspace: Workspace, year: int, lines: Sequence[ReviewLine], path: Path) -> None:
    """Write the lines of a year as a workbook. KnownError if it cannot be written."""
    title = f"Bảng rà soát đề án khuyến công, kế hoạch năm {year}, tính đến {text.format_date(workspace.today())}"
    rows = ((str(number), *line.cells) for number, line in enumerate(lines, start=1))
    write_table(path, "Rà soát đề án", title, _HEADS, rows, note=f"{total_text(lines)}. {_NOTE}")


def prepare_difficulty(workspace: Workspace, record: Record) -> None:
    """Fill in what is known of the proposal: its only establishment, and what the early warnings say of it."""
    proposal = linked(workspace, record, "proposal")
    if proposal is None:
        return
    fill(record, "beneficiary", only_id(proposal.value("beneficiaries")))
    fill(record, "establishment", _names(workspace, proposal) or None)
    named = (named for seen in foresight.foresights(workspace) for named in seen.proposals if named.id == proposal.id)
    if (warned := next(named, None)) and CHANCE in record.form.by_name:
        fill(record, "content", warned.sentence)
        fill(record, CHANCE, _chances(workspace)[_ENDANGERED].value)


# -- one proposal ------------------------------------------------------------------------------------------------------


def _line(workspace: Workspace, proposal: Record, unit_name: str, warned: EndangeredProposal | None) -> ReviewLine:
    wished = _difficulty(workspace, proposal.id)
    place, chance, basis = _chance(workspace, proposal, wished, warned)
    support = balances.whole_amount(proposal.value("approved_support"))
    paid = int(balances.balance(workspace, proposal).held)
    obstacle = str(wished.value("content") or "") if wished else ""
    return ReviewLine(
        id=proposal.id,
        title=title_for_others(workspace, proposal.title(), proposal.id),
        beneficiaries=_names(workspace, proposal),
        unit_name=unit_name,
        state=workspace.forms.workflow("proposal").state(proposal.state).label,
        support=text.format_integer(support),
        paid=text.format_integer(paid),
        share=_share(paid, support),
        chance=chance,
        basis=basis,
        obstacle=obstacle or (warned.sentence if warned else _overdue(workspace, proposal)),
        way_out=_way_out(wished, warned),
        place=place,
        difficulty=wished.id if wished else "",
        money=(support, paid),
    )


def _chance(
    workspace: Workspace, proposal: Record, wished: Record | None, warned: EndangeredProposal | None
) -> tuple[int, str, str]:
    """The place in the table, the chance in words, and on what it rests."""
    chances = _chances(workspace)
    workflow = workspace.forms.workflow("proposal")
    if not workflow.is_marked(proposal.state, "adjustable"):  # nothing can fail any more
        return len(chances), workflow.state(proposal.state).label, ""
    written = wished.value(CHANCE) if wished and CHANCE in wished.form.by_name else None
    for place, choice in enumerate(chances):
        if choice.value == written:
            return place, choice.short, "cán bộ ghi"
    is_late = bool(warned or _overdue(workspace, proposal))
    place = _ENDANGERED if is_late else _WATCHED if wished else _STEADY
    return place, chances[place].short, _SUGGESTED


def _overdue(workspace: Workspace, proposal: Record) -> str:
    """Say that a proposal which still runs has passed its last day; "" if it has not."""
    ends_on = proposal.value("ends_on")
    runs = workspace.forms.workflow("proposal").is_marked(proposal.state, "adjustable")
    if not runs or not isinstance(ends_on, str) or date.fromisoformat(ends_on) >= workspace.today():
        return ""
    last = text.format_date(date.fromisoformat(ends_on))
    return f"Đã quá thời gian thực hiện (đến ngày {last}) mà chưa nghiệm thu xong."


def _way_out(wished: Record | None, warned: EndangeredProposal | None) -> str:
    written = [str(wished.value(name)) for name in ("way_out", "wish") if wished and wished.value(name)]
    if written or warned is None:
        return written[0] if written else ""
    if warned.adjustment:
        return "Đã có đề nghị điều chỉnh, chờ quyết định."
    day = f" trước ngày {text.format_date(warned.adjust_by)}" if warned.adjust_by else ""
    return f"Gợi ý: kiểm tra tại cơ sở, đề nghị điều chỉnh{day}."


def _difficulty(workspace: Workspace, proposal: str) -> Record | None:
    """The newest difficulty of a proposal that is not settled yet."""
    rows = workspace.store.query(
        "SELECT id FROM difficulty WHERE proposal = :proposal"
        " AND (progress IS NULL OR progress IN (SELECT value FROM json_each(:open)))"
        " ORDER BY raised_on DESC, id DESC LIMIT 1",
        {"proposal": proposal, "open": json.dumps(_OPEN)},
    )
    newest: Mapping[str, Any] | None = next(iter(rows), None)
    return workspace.store.record(newest["id"]) if newest else None


def _names(workspace: Workspace, proposal: Record) -> str:
    owners = proposal.value("beneficiaries")
    ids = [str(id_) for id_ in owners] if isinstance(owners, list) else []
    sites = [str(row["beneficiary"]) for row in proposal.rows("sites") if row.get("beneficiary")]
    return "; ".join(reading.title_of(workspace, id_) for id_ in dict.fromkeys((*ids, *sites)))


def _chances(workspace: Workspace) -> Sequence[Choice]:
    return workspace.forms.choices(workspace.forms.newest_field(DIFFICULTY, CHANCE))


def _share(paid: int, support: int) -> str:
    return f"{text.format_decimal(f'{100 * paid / support:.1f}'.removesuffix('.0'))}%" if support else "–"
