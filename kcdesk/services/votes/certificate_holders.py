"""The holders of product certificates that are valid in a year: a list for the yearly report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.formdef.personal import text_for_others
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.papers import printing
from kcdesk.services.papers.sheets import Topic, print_sheet
from kcdesk.services.records.copying import linked
from kcdesk.services.rules import earlier_support
from kcdesk.services.workspace import Workspace

LAYOUT = "certificate_holders"
_KIND = "product_entry"


class Holder(Value, kw_only=True):
    """A certificate valid on some day of the year; `ends` marks one that expires by the end of the year."""

    id: str
    product: str
    maker: str
    level: str
    certificate: str
    certified_on: str
    expires_on: str
    ends: bool
    withdrawn: bool

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return asdict(self)


def holders(workspace: Workspace, year: int) -> list[Holder]:
    """List the certificates valid in a year by level, maker and product; withdrawn ones are marked."""
    first, last = f"{year}-01-01", f"{year}-12-31"
    certified = []
    workflow = workspace.forms.workflow(_KIND)
    withdrawn = workflow.step("withdraw").to
    states = [workflow.step("certify").to, withdrawn]
    for stored in workspace.store.page(_KIND, where={"state": states}, limit=-1):
        given, ends = str(stored.data.get("certified_on", "")), str(stored.data.get("expires_on", ""))
        if given and given <= last and ends >= first:
            entry = stored.record(workspace.forms)
            certified.append(
                Holder(
                    id=stored.id,
                    product=text_for_others(entry, "product_name"),
                    maker=text_for_others(entry, "maker_name"),
                    level=entry.text("level"),
                    certificate=text_for_others(entry, "certificate_number"),
                    certified_on=given,
                    expires_on=ends,
                    ends=ends <= last,
                    withdrawn=entry.state == withdrawn,
                )
            )
    return sorted(certified, key=_sort_key)


def _sort_key(holder: Holder) -> tuple[Any, ...]:
    return holder.level, text.sort_key(holder.maker), text.sort_key(holder.product), holder.id


def print_holders(workspace: Workspace, year: int, pdf: Path) -> dict[str, Any]:
    """Write the list of a year as PDF; returns {"pdf", "pages"}."""
    values = {
        "year": Topic(f"{year}", f"năm {year}"),
        "holders": [_row(holder) for holder in holders(workspace, year)],
        "province": printing.province_name(workspace),
    }
    return print_sheet(workspace, LAYOUT, values, pdf)


def holders_for_report(workspace: Workspace, vote: Record) -> list[dict[str, Any]]:
    """The holders of the year of a vote for its yearly report, with their support and what their products brought.

    Support is that of every year; output, revenue and workers are what the dossier of the product says. Values that
    nobody gave are missing. Source: điểm g khoản 2 và khoản 3 Điều 23 TT 26/2014/TT-BCT.
    """
    year = vote.value("year")
    listed = holders(workspace, year) if isinstance(year, int) else []
    return [_row(holder) | _standing(workspace, holder) for holder in listed]


def difficulties_for_report(workspace: Workspace, vote: Record) -> list[dict[str, str]]:
    """What makers of voted or certified products raised in the year of a vote and the year before."""
    year = vote.value("year")
    if not isinstance(year, int):
        return []
    makers = _makers(workspace, vote, year)
    raised = workspace.store.page("difficulty", where={"beneficiary": sorted(makers)}, limit=-1) if makers else ()
    records = [stored.record(workspace.forms) for stored in raised]
    known = [each for each in records if f"{year - 1}-01-01" <= str(each.value("raised_on") or "") <= f"{year}-12-31"]
    return [_raised(makers, each) for each in sorted(known, key=lambda each: (each.data["raised_on"], each.id))]


def _makers(workspace: Workspace, vote: Record, year: int) -> dict[str, str]:
    """The establishments of the entries of a vote and of valid certificates, by id, with their names."""
    entries = [stored.record(workspace.forms) for stored in workspace.store.children(vote.id, _KIND)]
    entries += [workspace.store.record(holder.id) for holder in holders(workspace, year)]
    makers = {}
    for entry in entries:
        product = linked(workspace, entry, "typical_product")
        if product is not None and (maker := product.value("beneficiary")):
            makers[str(maker)] = text_for_others(entry, "maker_name")
    return makers


def _raised(makers: dict[str, str], difficulty: Record) -> dict[str, str]:
    names = ("topic", "content", "wish", "progress", "answer")
    texts = {name: text_for_others(difficulty, name) for name in names}
    return texts | {"maker": makers[str(difficulty.value("beneficiary"))]}


def _standing(workspace: Workspace, holder: Holder) -> dict[str, Any]:
    product = linked(workspace, workspace.store.record(holder.id), "typical_product")
    if product is None:
        return {"support": None, "output": None, "revenue": None, "workers": None}
    maker = linked(workspace, product, "beneficiary")
    maker_id = maker.id if maker else ""
    given = earlier_support.of_beneficiary(workspace, maker_id) if maker_id else []
    return {
        "support": sum(entry.amount or 0 for entry in given if entry.granted and entry.beneficiary == maker_id) or None,
        "output": product.value("yearly_output"),
        "revenue": product.value("yearly_revenue"),
        "workers": product.value("workers"),
    }


def _row(holder: Holder) -> dict[str, str]:
    note = "Đã thu hồi" if holder.withdrawn else "Hết giá trị cuối năm" if holder.ends else ""
    days = {"certified_on": _day(holder.certified_on), "expires_on": _day(holder.expires_on)}
    return {name: str(value) for name, value in asdict(holder).items()} | days | {"note": note}


def _day(stored: str) -> str:
    return text.format_date(date.fromisoformat(stored)) if stored else ""
