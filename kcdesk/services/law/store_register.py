"""The register of one store: what the files say, with the instruments and comparisons of the office over them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kcdesk import text
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.law.checks import LawCheck
from kcdesk.formdef.law.instruments import Instrument
from kcdesk.formdef.law.law_files import LAW_FOLDER, joined_law, overlaid
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import replace
from kcdesk.services.law.own_instruments import KIND, LISTED, instrument_of
from kcdesk.services.workspace import Workspace

CHECK = "instrument_check"
ONCE, BOTH, TAKEN_BACK = "once", "both", "taken_back"  # states of a comparison
KINDS = frozenset((KIND, CHECK))


def refresh(workspace: Workspace) -> None:
    """Read the register of the store again, after its records have changed; nothing else is read."""
    workspace.forms = workspace.store.forms = with_register(workspace, workspace.forms)


def with_register(workspace: Workspace, forms: Forms) -> Forms:
    """Other definitions, with the register as this store has it over theirs."""
    return forms.with_law(register_of(replace(workspace, forms=forms)))


def register_of(workspace: Workspace) -> LawRegister:
    """The register as this store has it; what its own signed file says is read from the records instead."""
    files = joined_law(workspace.forms.law_contents, Faults(), without=own_file(workspace))
    instruments = overlaid(files.instruments, own_instruments(workspace))
    return LawRegister(instruments, _joined(workspace, files.checks))


def own_instruments(workspace: Workspace) -> list[Instrument]:
    """The instruments that this office has entered and listed, by number."""
    stored = workspace.store.page(KIND, where={"state": [LISTED]}, limit=-1) if KIND in workspace.forms.kinds else ()
    added_by, code = workspace.identity.unit.name, workspace.identity.unit.code
    entries = [instrument_of(each.record(workspace.forms), added_by) for each in stored if each.unit == code]
    return sorted(entries, key=lambda entry: entry.id)


def own_checks(workspace: Workspace) -> list[LawCheck]:
    """The comparisons of this office that were not taken back, in the order of their days."""
    kept = (check for check in _joined(workspace, ()) if check.id or _is_of(workspace, check))
    return sorted(kept, key=lambda check: (check.checked_on, check.instrument, check.articles, check.checked_by))


def own_file(workspace: Workspace) -> str:
    """The name of the file of rules in which this office says what it has entered and compared."""
    return f"{LAW_FOLDER}/{workspace.identity.unit.code.lower()}.toml"


def check_of(record: Record) -> LawCheck:
    """The comparison that a record is; one that was not confirmed has no second person."""
    is_both = record.state == BOTH
    return LawCheck(
        id=record.id,
        instrument=str(record.value("instrument") or ""),
        articles=str(record.value("articles") or ""),
        words=str(record.value("words") or ""),
        checked_by=str(record.value("checked_by") or ""),
        checked_on=_day(record, "checked_on") or date.min,
        confirmed_by=str(record.value("confirmed_by") or "") if is_both else "",
        confirmed_on=_day(record, "confirmed_on") if is_both else None,
        confirmed_words=str(record.value("confirmed_words") or "") if is_both else "",
        until=_day(record, "until") or date.max,
    )


def _joined(workspace: Workspace, from_files: Iterable[LawCheck]) -> list[LawCheck]:
    """All comparisons once: a record of this office says more than the file or the unit that brought the same one.

    A comparison that was taken back here is gone; a complete one stands for the same one that still waits.
    """
    own, theirs = _records(workspace)
    gone = {_key(check_of(record)) for record in own if record.state == TAKEN_BACK}
    kept = [check_of(record) for record in own if record.state != TAKEN_BACK]
    known = {_key(check) for check in kept}
    others = (*from_files, *(_as_ours(workspace, record) for record in theirs if record.state != TAKEN_BACK))
    kept += [check for check in others if _key(check) not in gone and (check.is_complete or _key(check) not in known)]
    complete = {_key(check) for check in kept if check.is_complete}
    return [check for check in kept if check.is_complete or _key(check) not in complete]


def _records(workspace: Workspace) -> tuple[list[Record], list[Record]]:
    """The comparisons of this office and those of other units; none under the rules of an older program."""
    if CHECK not in workspace.forms.kinds:
        return [], []
    stored = workspace.store.page(CHECK, where={"state": [ONCE, BOTH, TAKEN_BACK]}, limit=-1)
    by_us = [(each.unit == workspace.identity.unit.code, each.record(workspace.forms)) for each in stored]
    return [record for ours, record in by_us if ours], [record for ours, record in by_us if not ours]


def _as_ours(workspace: Workspace, record: Record) -> LawCheck:
    """A comparison of another unit counts as that of one person, until an officer of this office confirms it."""
    check = check_of(record)
    if _is_of(workspace, check):
        return check
    return replace(check, id="", checked_by=check.people, confirmed_by="", confirmed_on=None, confirmed_words="")


def _is_of(workspace: Workspace, check: LawCheck) -> bool:
    """Whether an officer of this office had a part in a comparison."""
    return f"({workspace.identity.unit.name})" in check.people


def _key(check: LawCheck) -> tuple[str, str, str, date]:
    return check.instrument, text.fold(check.articles), text.fold(check.checked_by), check.checked_on


def _day(record: Record, field: str) -> date | None:
    stored = record.value(field)
    return date.fromisoformat(stored) if isinstance(stored, str) and stored else None
