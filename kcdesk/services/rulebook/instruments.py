"""The register of legal instruments for people: what is known of each, what changed it, and what cites it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.law.checks import LawCheck
from kcdesk.formdef.law.citations import citations
from kcdesk.formdef.law.citing import all_cited, citing
from kcdesk.formdef.law.instruments import READINGS, Instrument
from kcdesk.formdef.loading.toml_reader import nearest


def register_json(forms: Forms, on: date) -> list[dict[str, Any]]:
    """Every instrument of the register, with the number of definitions that cite it."""
    counts: dict[str, int] = {}
    for cited in all_cited(forms.folder):
        for citation in citations(cited.source):
            counts[citation.instrument] = counts.get(citation.instrument, 0) + 1
    return [_as_json(forms, entry, on) | {"cited": counts.get(entry.id, 0)} for entry in forms.law.instruments]


def instrument_json(forms: Forms, number: str, on: date) -> dict[str, Any]:
    """One instrument, with every definition that cites it; UserError `no_instrument`."""
    law = forms.law
    entry = law.get(number)
    if entry is None:
        known = [known.id for known in law.instruments]
        raise UserError(
            f"Danh mục căn cứ pháp lý không có văn bản «{number}».",
            code="no_instrument",
            hint=". ".join(filter(None, (text.upper_first(nearest(number, known)), "Gõ kcdesk law để xem danh mục."))),
        )
    places = [
        {"file": cited.file, "place": cited.place, "label": cited.label, "source": cited.source}
        for cited in citing(all_cited(forms.folder), entry.id)
    ]
    return _as_json(forms, entry, on) | {"cited": len(places), "citations": places}


def _as_json(forms: Forms, entry: Instrument, on: date) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "issuer": entry.issuer,
        "issued_on": _iso(entry.issued_on),
        "effective_from": _iso(entry.effective_from),
        "effective_to": _iso(entry.effective_to),
        "reading": entry.reading,
        "reading_label": READINGS[entry.reading],
        "read_by": entry.read_by,
        "read_on": _iso(entry.read_on),
        "checked_until": _iso(entry.checked_until),
        "amends": list(entry.amends),
        "replaces": list(entry.replaces),
        "repeals": list(entry.repeals),
        "changed_by": list(_changes(forms, entry)),
        "added_by": entry.added_by,
        "checks": [_check(check) for check in forms.law.checks_of(entry.id)],
        "text": entry.text,
        "note": entry.note,
        "cautions": [caution.to_json() for caution in forms.law.cautions(entry.id, on)],
    }


def _check(check: LawCheck) -> dict[str, Any]:
    names = ("articles", "checked_by", "words", "confirmed_by", "confirmed_words")
    days = {name: _iso(getattr(check, name)) for name in ("checked_on", "confirmed_on", "until")}
    return {name: getattr(check, name) for name in names} | days | {"complete": check.is_complete}


def _changes(forms: Forms, entry: Instrument) -> Iterator[dict[str, Any]]:
    for changed, by in forms.law.changes_of(entry.id):
        yield {"instrument": by.id, "articles": changed.articles, "from": by.since.isoformat(), "reading": by.reading}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
