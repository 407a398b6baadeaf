"""The legal texts on amounts that a paper names among its bases: the circular on money, the rule of the province."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from kcdesk import text
from kcdesk.formdef.law.citations import citations, in_full
from kcdesk.formdef.law.instruments import Instrument
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.norms import in_force
from kcdesk.services.papers.filling import PerDay
from kcdesk.services.records.copying import linked
from kcdesk.services.rules import ceilings
from kcdesk.services.workspace import Workspace

OWN_WORDS = "spending_basis"  # the field in which an officer writes other bases
_SIGNED_BY_A_MINISTER = "Thông tư số "


def bases_about_money(workspace: Workspace, record: Record) -> PerDay:
    """The bases of a paper about a visit or a contract, a line each, without punctuation; "" if none is known.

    What the officer wrote goes before what the program knows of the day of the paper.
    """
    return PerDay(lambda day: str(record.data.get(OWN_WORDS) or "") or _known(workspace, record, day))


def _known(workspace: Workspace, record: Record, on: date) -> str:
    proposal = record if record.kind == "proposal" else linked(workspace, record, "proposal")
    if proposal is None or not proposal.value("programme"):
        return ""
    return "\n".join(f"Căn cứ {name}" for name in _names(workspace, proposal, on))


def _names(workspace: Workspace, proposal: Record, on: date) -> Iterator[str]:
    circular = _circular(workspace, on)
    if circular:
        yield _full_name(workspace, circular)
    yield from (name for name in _of_the_province(workspace, proposal) if citations(name)[0].instrument != circular)


def _circular(workspace: Workspace, on: date) -> str:
    """The circular from which most national amounts of a day come; "" for a day without amounts on record."""
    documents = Counter(
        cited.instrument
        for norms in workspace.norms
        if not norms.province
        for line in norms.lines
        for period in line.periods
        if in_force(period, on)
        for cited in citations(period.document)
    )
    return documents.most_common(1)[0][0] if documents else ""


def _of_the_province(workspace: Workspace, proposal: Record) -> Iterator[str]:
    """The rules of the province by which the ceiling of a local proposal is computed, by their full numbers."""
    if proposal.value("programme") in _PROGRAMMES_WITHOUT_PROVINCE or not proposal.value("activity"):
        return
    known = (part.ceiling for part in ceilings.of_proposal(workspace, proposal).parts if part.ceiling)
    sources = dict.fromkeys(norm.source for norm in known if citations(norm.source))
    yield from dict.fromkeys(in_full(source[source.find(citations(source)[0].instrument) :]) for source in sources)


_PROGRAMMES_WITHOUT_PROVINCE = ("national",)


def _full_name(workspace: Workspace, number: str) -> str:
    """«Thông tư số 28/2018/TT-BTC ngày 28 tháng 3 năm 2018 của Bộ trưởng Bộ Tài chính hướng dẫn …»."""
    entry = workspace.forms.law.get(number)
    return in_full(number) if entry is None else full_name(entry)


def full_name(entry: Instrument) -> str:
    """An instrument as the bases of a paper name it: kind, number, day, issuer, what it is about."""
    named = in_full(entry.id)
    kind = named.partition(" số ")[0]
    issuer = f"Bộ trưởng {entry.issuer}" if named.startswith(_SIGNED_BY_A_MINISTER) else entry.issuer
    day = f" {text.date_in_words(entry.issued_on)}" if entry.issued_on else ""
    return f"{named}{day} của {issuer} {text.lower_first(entry.title.removeprefix(kind).strip())}"
