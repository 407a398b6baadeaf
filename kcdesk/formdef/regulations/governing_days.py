"""Which day of a dossier decides which rule applies, topic by topic, by `forms/governing_days.toml`."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.law.instruments import Instrument, TransitionRule
from kcdesk.formdef.law.register import PROOFS
from kcdesk.formdef.loading.definition_files import GOVERNING_DAYS, refuse_faults
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value


class GoverningTopic(Value, kw_only=True):
    """The day that governs one topic of rules: the first filled field of the dossier, else today.

    Entries of the same id are consecutive periods by that day. `up_to_year` is a field with a year: a dossier without
    its own day is judged at most by the rules of the last day of that year. `day` and `otherwise` say it in words.
    """

    id: str
    label: str
    day: str
    source: str
    otherwise: str = ""
    kind: str = ""  # of the dossier; "": said in words only
    fields: tuple[str, ...] = ()
    up_to_year: str = ""
    effective_from: date = date.min
    effective_to: date | None = None
    unverified: bool = False

    def concerns(self, on: date) -> bool:
        """Whether this period says the day for a dossier of that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


class GoverningDaysFile(Value, kw_only=True):
    """The content of `forms/governing_days.toml`."""

    topics: tuple[GoverningTopic, ...] = ()


class GoverningDay(Value):
    """The day whose rules apply to a dossier in a topic, why, and the rule of transition that moved it, if any."""

    topic: GoverningTopic
    on: date  # whose rules apply
    is_fixed: bool = False  # it stands in the dossier
    transition: TransitionRule | None = None
    by: str = ""  # the instrument that has the transition

    @property
    def words(self) -> str:
        """Which day it is: «ngày quyết định phê duyệt»."""
        return self.topic.day if self.is_fixed else self.topic.otherwise or self.topic.day

    def sentence(self, forms: Forms) -> str:
        """«Theo quy định ngày 15/02/2018, ngày quyết định phê duyệt (đề xuất của chương trình).»"""
        proof = PROOFS[forms.law.proof(self.topic.source, unverified=self.topic.unverified)]
        source = self.topic.source if proof == PROOFS["proposal"] else f"{self.topic.source}, {proof}"
        moved = f" {self.transition.text} ({self.transition.source or self.by})." if self.transition else ""
        return f"Theo quy định ngày {text.format_date(self.on)}, {self.words} ({text.lower_first(source)}).{moved}"

    def to_json(self, forms: Forms) -> dict[str, Any]:
        """{"topic", "label", "day", "which", "fixed", "source", "proof", "transition"}; days as ISO."""
        return {
            "topic": self.topic.id,
            "label": self.topic.label,
            "day": self.on.isoformat(),
            "which": self.words,
            "fixed": self.is_fixed,
            "source": self.topic.source,
            "proof": forms.law.proof(self.topic.source, unverified=self.topic.unverified),
            "transition": self.transition.text if self.transition else None,
        }


def load_governing_days(folder: Path, forms: Forms) -> tuple[GoverningTopic, ...]:
    """Read the topics of a folder; FormsError lists all faults."""
    faults = Faults()
    read = read_definition(folder, GOVERNING_DAYS, GoverningDaysFile, faults)
    for topic in read.topics:
        known = {field.name for form in forms.versions_of(topic.kind) for field in form.fields}
        if topic.kind and topic.kind not in forms.kinds:
            faults.unknown(GOVERNING_DAYS, topic.id, "loại hồ sơ", topic.kind, forms.kinds)
        for name in filter(None, (*topic.fields, topic.up_to_year)):
            if name not in known:
                faults.unknown(GOVERNING_DAYS, topic.id, "ô", name, sorted(known))
    refuse_faults(faults, folder)
    return read.topics


def topics_of(forms: Forms) -> tuple[GoverningTopic, ...]:
    """Every topic, read at first use."""
    return forms.once("governing days", lambda: load_governing_days(forms.folder, forms))


def governing_day(forms: Forms, record: Record, topic: str, today: date) -> GoverningDay:
    """The day that governs a topic for a dossier; a topic that no file has is governed by today."""
    entries = [entry for entry in topics_of(forms) if entry.id == topic]
    plain = GoverningTopic(id=topic, label=topic, day="ngày xem", source="Đề xuất của chương trình")
    days = [_day_by(entry, record, today) for entry in entries] or [GoverningDay(plain, today)]
    chosen = next((day for day in days if day.topic.concerns(day.on)), days[-1])
    return _moved(forms, record, chosen)


def dossier_day(record: Record, today: date) -> date:
    """The day whose rules apply to a dossier as a whole: by the first topic of its kind, else today."""
    forms = record.forms
    topic = next((entry.id for entry in topics_of(forms) if entry.kind == record.kind), "") if forms else ""
    return governing_day(forms, record, topic, today).on if forms and topic else today


def _day_by(topic: GoverningTopic, record: Record, today: date) -> GoverningDay:
    own = (record.data.get(name) for name in topic.fields if name in record.form.by_name)
    fixed = next((value for value in own if isinstance(value, str) and value), None)
    if fixed is not None:
        return GoverningDay(topic, date.fromisoformat(fixed), is_fixed=True)
    year = record.data.get(topic.up_to_year) if topic.up_to_year else None
    last = date(year, 12, 31) if isinstance(year, int) and 1 <= year <= date.max.year else date.max
    return GoverningDay(topic, min(today, last))


def _moved(forms: Forms, record: Record, day: GoverningDay) -> GoverningDay:
    """The day before a new instrument took effect, where its transition keeps the older rules for this dossier."""
    for entry in forms.law.instruments:
        if entry.effective_from is None or day.on < entry.effective_from:
            continue
        for transition in entry.transitions:
            if _keeps(entry, transition, record, day):
                before = entry.effective_from - timedelta(days=1)
                return GoverningDay(day.topic, before, day.is_fixed, transition, entry.id)
    return day


def _keeps(entry: Instrument, transition: TransitionRule, record: Record, day: GoverningDay) -> bool:
    concerns = not transition.topics or day.topic.id in transition.topics
    lasts = transition.until is None or day.on <= transition.until
    return concerns and lasts and entry.is_read and holds(transition.when, record.data)
