"""What a person may ask for: restrict the use of the data, or erase it where no period of keeping forbids it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.formdef import personal
from kcdesk.formdef.regulations.retention import retention_of
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.personal import own_sentences
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Change, Changes
from kcdesk.store.history import NO_STEP
from kcdesk.store.personal.erasing import Erasure
from kcdesk.store.personal.kept import Restriction
from kcdesk.store.personal.wiping import MARK as ERASED
from kcdesk.store.safety import location

TERMS_PLACE = "person:terms"  # stands for the id of a record where the list of past terms is opened
_LIST = "erasures"  # the name under which this machine notes what was erased from a store
_OPEN_END = "khi chưa hết việc"


class Standing(Value):
    """Whether personal values of a record may be erased now; if not, why, until which day, by which source.

    `changed` is the day of the last change, from which the period counts.
    """

    record: str
    title: str
    may_erase: bool
    reason: str = ""
    until: str = ""
    source: str = ""
    changed: str = ""


def standing_of(workspace: Workspace, record: str) -> Standing:
    """How far a record is from the end of its period of keeping.

    A record that others refer to, such as a beneficiary, is kept as long as the longest of them.
    """
    stored = workspace.store.get(record)
    title, changed = stored.title(workspace.forms), text.format_date(moments.day(stored.updated))
    bars = [bar for id_ in (record, *workspace.store.referring(record)) if (bar := _bar(workspace, id_))]
    if not bars:
        return Standing(record, title, may_erase=True, changed=changed)
    last, reason, source = max(bars)
    until = "" if last == date.max else text.format_date(last)
    end = f"giữ đến hết ngày {until}" if until else _OPEN_END
    return Standing(record, title, False, f"{reason}, {end}", until, source, changed)


def erase(
    workspace: Workspace, places: Mapping[str, Sequence[str]], reason: str, sentences: Collection[str] = ()
) -> dict[str, Any]:
    """Erase values where the law allows, restrict other records of the person; what only mentions the person stays.

    `sentences` are those of the office that name the person; they go as a whole. Returns {"erased": {record: paths},
    "restricted": [Standing], "kept": [Standing], "erased_sentences": number}. UserError `no_reason`, `nothing_found`.
    """
    _refuse_without(reason, places or sentences)
    standings = {record: standing_of(workspace, record) for record in places}
    allowed = {record: paths for record, paths in places.items() if standings[record].may_erase}
    with workspace.store.together():
        for record, standing in standings.items():
            if not standing.may_erase and places[record]:
                _restrict(workspace, record, f"{reason}: {standing.reason}", standing.until)
        erasures = [workspace.store.erase(allowed, reason)] if allowed else []
        gone = own_sentences.erase(workspace, sentences)
        if sentences:
            workspace.store.note_use("forgotten", "", {"sentences": gone, "purpose": reason})
    overwrite(workspace, erasures)
    barred = [standing for standing in standings.values() if not standing.may_erase]
    return {
        "erased": {record: list(paths) for record, paths in allowed.items()},
        "restricted": [asdict(standing) for standing in barred if places[standing.record]],
        "kept": [asdict(standing) for standing in barred if not places[standing.record]],
        "erased_sentences": gone,
    }


def restrict(workspace: Workspace, records: Sequence[str], reason: str) -> dict[str, Any]:
    """Only keep records from now on: they are not changed, printed or sent. UserError `no_reason`, `nothing_found`."""
    _refuse_without(reason, records)
    with workspace.store.together():
        for record in records:
            _restrict(workspace, record, reason, standing_of(workspace, record).until)
    return {"restricted": list(records)}


def changes_of(workspace: Workspace, action: str, records: Sequence[str]) -> Changes:
    """What pages have to read again after one of these acts."""
    return Changes(action, tuple(Change(record, workspace.store.get(record).kind) for record in records))


def lift(workspace: Workspace, records: Sequence[str], reason: str) -> dict[str, Any]:
    """Let records be used again; it stands in their history. UserError `no_reason`, `nothing_found`."""
    _refuse_without(reason, records)
    with workspace.store.act("Bỏ hạn chế sử dụng dữ liệu cá nhân", undoes=NO_STEP) as act:
        for record in records:
            act.note_on(record, {"restriction": "lifted", "reason": reason}, is_sent=True)  # it was left out before
            workspace.store.personal.lift(record)
    return {"lifted": list(records)}


def due(workspace: Workspace) -> list[Standing]:
    """The records with personal values whose period of keeping is over, and what only they referred to; none is erased.

    Records of a kind without a period are among them if they are restricted, or belong to such a record.
    """
    past = dict.fromkeys([*workspace.store.personal.restrictions(), *_out_of_date(workspace)])
    return [standing for record in past if (standing := _past_term(workspace, record))]


def _out_of_date(workspace: Workspace) -> Iterator[str]:
    """The records whose period is over, counted from their last change, and what they refer to; some more than once.

    A duplicate that was merged still holds its values, and so does its survivor.
    """
    for retention in workspace.retention:
        end = date(workspace.today().year - retention.years, 1, 1)  # the year of the last change is not counted
        for stored in workspace.store.unchanged_since(retention.kinds, end):
            yield stored.id
            for referred in workspace.store.referred(stored):
                yield from workspace.store.merged.with_merged(referred)


def kept_sentence(workspace: Workspace, record: str) -> str | None:
    """Why a record is only kept and not used, as a sentence; None if it may be used."""
    restriction = workspace.store.personal.restriction(record)
    if restriction is None:
        return None
    return f"Hồ sơ này chỉ được lưu giữ, không sửa, in hay gửi đi: {restriction.reason.rstrip('.')}."


def has_past_terms(workspace: Workspace) -> bool:
    """Whether any record is past its term; stops at the first."""
    return any(_past_term(workspace, record) is not None for record in _out_of_date(workspace))


def _past_term(workspace: Workspace, record: str) -> Standing | None:
    if not _is_here(workspace, record) or not _holds_personal(workspace, record):
        return None
    standing = standing_of(workspace, record)
    return standing if standing.may_erase else None


def _holds_personal(workspace: Workspace, record: str) -> bool:
    """Whether a record has a personal value that was not erased."""
    stored = workspace.store.get(record)
    values = personal.personal_texts(workspace.forms.by_reference(stored.form), stored.data)
    return any(value != ERASED for value in values)


def overwrite(workspace: Workspace, erasures: Sequence[Erasure]) -> None:
    """After the transaction of erasures: remove their files, overwrite freed pages, and remember what was erased.

    It is noted outside of the store too, places only, so that an older copy is erased again after a restore.
    """
    if not erasures:
        return
    workspace.store.overwrite_erased()
    location.note_of_store(workspace.identity.store_id, _LIST, list(_every_erasure(workspace).values()))


def erase_again(workspace: Workspace) -> list[Erasure]:
    """Erase in a restored copy what was erased after it was made; `overwrite` follows the transaction."""
    done = {erasure.id for erasure in workspace.store.personal.erasures()}
    again = []
    for id_, reason, places in _every_erasure(workspace).values():
        here = {record: paths for record, paths in places.items() if _is_here(workspace, record)}
        if id_ not in done and here:
            again.append(workspace.store.erase(here, reason, id_))
    own_sentences.erase_again(workspace)
    return again


def erase_returned(workspace: Workspace, records: Sequence[str]) -> list[Erasure]:
    """Erase again what a package or a copy has brought back of erased values; `overwrite` follows the transaction."""
    wanted: dict[str, set[str]] = {}
    for _id, _reason, places in _every_erasure(workspace).values():
        for record, paths in places.items():
            wanted.setdefault(record, set()).update(paths)
    back = {record: sorted(wanted[record]) for record in records if record in wanted}
    back = {record: paths for record, paths in back.items() if workspace.store.stands_at(record, paths)}
    return [workspace.store.erase(back, "Đã xoá trước đây, nay gói hoặc bản sao mang trở lại")] if back else []


def _every_erasure(workspace: Workspace) -> dict[str, list[Any]]:
    """Id, reason and places of what this machine has noted and what stands in the store, by id.

    An older copy may lack records of an erasure: what was noted names them all.
    """
    here = {each.id: [each.id, each.reason, each.places] for each in workspace.store.personal.erasures()}
    noted = location.noted_of_store(workspace.identity.store_id, _LIST) or []
    return here | {id_: [id_, reason, places] for id_, reason, places in noted}


def _restrict(workspace: Workspace, record: str, reason: str, until: str) -> None:
    with workspace.store.act("Hạn chế sử dụng dữ liệu cá nhân", undoes=NO_STEP) as act:
        act.note_on(record, {"restriction": "set", "reason": reason})
    restriction = Restriction(record, moments.utc_now(), workspace.identity.officer.name, reason, until)
    workspace.store.personal.restrict(restriction)


def _bar(workspace: Workspace, record: str) -> tuple[date, str, str] | None:
    """Until when a record has to be kept, why and by which source; None if it may go."""
    stored = workspace.store.get(record)
    retention = retention_of(workspace.retention, stored.kind)
    was_locked = stored.data.get("state") in workspace.forms.workflow(stored.kind).locked
    if retention is None or (stored.deleted and not was_locked):  # a draft that was given up is no proof of anything
        return None
    label = workspace.forms.by_reference(stored.form).label
    reason, source = f"{label} «{stored.title(workspace.forms)}» là {retention.because}", retention.level_of_proof()
    until = retention.until(moments.day(stored.updated))
    return (until, reason, source) if until >= workspace.today() else None


def _is_here(workspace: Workspace, record: str) -> bool:
    try:
        workspace.store.get(record)
    except UserError:
        return False
    return True


def _refuse_without(reason: str, chosen: object) -> None:
    if not chosen:
        raise UserError("Không có hồ sơ nào được chọn.", code="nothing_found", hint="Hãy tìm người ấy rồi chọn hồ sơ.")
    if not reason.strip():
        raise UserError(
            "Chưa ghi lý do.", code="no_reason", hint="Hãy ghi ai yêu cầu, ngày nào, theo văn bản nào.", field="reason"
        )
