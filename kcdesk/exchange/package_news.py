"""What is new in a package: each record compared with what its receiver got before, and what dossiers were paid."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kcdesk import text
from kcdesk.exchange.container.entries import RecordEntry, read_lines
from kcdesk.exchange.container.summary import PackageSummary
from kcdesk.exchange.sent_packages import sent_records
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.regulations import package_pages
from kcdesk.formdef.regulations.package_pages import PaymentRule
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import is_blank
from kcdesk.store.reader import Reader

_NAMED = 3  # changed fields that are named beside state and amounts
_MILLION = 1_000_000
_NOTHING = "trống"


def summary(store: Reader, entries: Sequence[RecordEntry], receiver: str, level: str) -> PackageSummary:
    """The news of the records for a receiver; `level` is the receiver's, whose own fields are no news to it."""
    last = store.packages.last_sent(receiver)
    return PackageSummary(
        since=last.id if last else "",
        changes=dict(_changes(store, entries, receiver, level)) if last else {},
        paid=_paid(store, entries),
    )


def _changes(store: Reader, entries: Sequence[RecordEntry], receiver: str, level: str) -> Iterator[tuple[str, str]]:
    """Yield the records that the receiver got before, each with its changes in words."""
    waiting = {entry.id: entry for entry in entries}
    for package in store.packages.list():
        if package.direction != "out" or package.partner != receiver or "records" not in package.details:
            continue
        carried = waiting.keys() & set(store.packages.carried(package.id))
        if not carried:
            continue
        for before in read_lines(sent_records(store, package.id)):
            if before.id in carried:
                yield before.id, changed_words(store.forms, before, waiting.pop(before.id), level)
        if not waiting:
            return


def changed_words(forms: Forms, before: RecordEntry, now: RecordEntry, level: str) -> str:
    """What has changed in a record since it was sent, in words; "" for nothing.

    The state and the amounts of the first page are said with both values, other fields by their names.
    """
    renames = forms.renames(now.kind)
    old, new = renames.in_newest(before.data), renames.in_newest(now.data)
    if old == new:
        return ""
    shown = list(_amounts_and_state(forms, now.kind, old, new))
    fields = {field.name: field for form in forms.versions_of(now.kind) for field in form.fields}
    others = [
        field.heading[:1].lower() + field.heading[1:]
        for name, field in fields.items()
        if _differ(old.get(name), new.get(name)) and _is_news(field, level)
    ]
    more = len(others) - _NAMED
    return "; ".join([*shown, *others[:_NAMED], *([f"và {more} mục khác"] if more > 0 else [])])


def _differ(was: object, now: object) -> bool:
    return was != now and not (is_blank(was) and is_blank(now))


def _is_news(field: Field, level: str) -> bool:
    """Whether a change is worth a name: neither computed from others nor the receiver's own."""
    return not field.computed and field.owner != level and not type_of(field).is_money


def _amounts_and_state(forms: Forms, kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    if (was := old.get("state")) != (now := new.get("state")):
        labels = {state.name: state.label for state in forms.workflow(kind).states}
        yield f"tình trạng {labels.get(str(was), _NOTHING)} → {labels.get(str(now), _NOTHING)}"
    dossier = package_pages.of(forms).dossier
    compared = (dossier.asked, dossier.approved) if dossier and dossier.kind == kind else ()
    form = forms.get(kind, forms.versions[kind])
    for field in form.fields:
        is_shown = field.name in compared or (not compared and not field.computed)
        if type_of(field).is_money and is_shown and old.get(field.name) != new.get(field.name):
            label = field.heading[:1].lower() + field.heading[1:]
            yield f"{label} {_from_to(old.get(field.name), new.get(field.name))}"


def _from_to(was: object, now: object) -> str:
    """Two amounts: «150 → 200 triệu đồng», or in đồng if either is no whole number of millions."""
    known = [amount for amount in (was, now) if isinstance(amount, int)]
    unit, word = (_MILLION, "triệu đồng") if all(amount % _MILLION == 0 for amount in known) else (1, "đồng")
    shown = [text.format_integer(amount // unit) if isinstance(amount, int) else _NOTHING for amount in (was, now)]
    return f"{shown[0]} → {shown[1]} {word}"


def _paid(store: Reader, entries: Sequence[RecordEntry]) -> dict[str, dict[str, int]]:
    """The amounts that the dossiers of the first page received, by source of money; nothing of others."""
    pages = package_pages.of(store.forms)
    dossiers = {entry.id: entry for entry in entries if pages.dossier and entry.kind == pages.dossier.kind}
    paid: dict[str, dict[str, int]] = {}
    if not dossiers:
        return paid
    for rule in pages.payments:
        for parent, source, amount in _payments(store, rule):
            if parent in dossiers:
                named = source or str(dossiers[parent].data.get(rule.source, ""))
                by_source = paid.setdefault(parent, {})
                by_source[named] = by_source.get(named, 0) + amount
    return {record: {name: amount for name, amount in amounts.items() if amount} for record, amounts in paid.items()}


def _payments(store: Reader, rule: PaymentRule) -> Iterator[tuple[str, str, int]]:
    """Yield the payments that a rule counts: the dossier, the source as written in them, the amount."""
    locked = store.forms.workflow(rule.kind).locked
    sql = "SELECT parent, data FROM record WHERE kind = :kind AND deleted IS NULL AND parent IS NOT NULL ORDER BY seq"
    for row in store.query(sql, {"kind": rule.kind}):
        values = json.loads(row["data"])
        amount = values.get(rule.amount)
        if values.get("state") in locked and isinstance(amount, int) and holds(rule.when, values):
            yield row["parent"], str(values.get(rule.source) or ""), -amount if rule.is_returned else amount
