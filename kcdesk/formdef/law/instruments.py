"""The legal instruments of the register: what is known of each, who read it, and what it changes in others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Literal

from kcdesk import text
from kcdesk.formdef.law.citations import Citation, citations
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.model import Condition
from kcdesk.runtime.frozen import Value, field

LAW = "law.toml"

Reading = Literal["whole", "part", "second_hand", "name"]
READINGS: Mapping[Reading, str] = MappingProxyType(
    {
        "whole": "đã đọc toàn văn",
        "part": "mới đọc một phần",
        "second_hand": "biết qua văn bản khác dẫn lại",
        "name": "mới biết tên",
    }
)


class TransitionRule(Value, kw_only=True):
    """For which dossiers the rules of the day before an instrument took effect go on: `when`, and up to which day.

    `topics` are ids of `forms/governing_days.toml`; none: every topic. `text` says it in a sentence.
    """

    text: str
    source: str = ""
    until: date | None = None
    topics: tuple[str, ...] = ()
    when: Condition = field(default_factory=dict)  # on the dossier: its state, a date


class Instrument(Value, kw_only=True):
    """A legal text by the number under which sources cite it; a day that is missing is not known.

    `amends`, `replaces` and `repeals` are citations: an instrument, or articles of it. `text` says where the office
    finds the text. `checked_until` is the last day on which somebody vouches for it; None: no such day is needed, as
    for a text that is no longer in force.
    """

    id: str
    title: str
    issuer: str
    issued_on: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    reading: Reading
    read_by: str = ""
    read_on: date | None = None
    checked_until: date | None = None
    programme: str = ""  # the programme for which alone it holds: `national`; "" for any
    forms_unseen: bool = False  # nobody has seen its forms and annexes, though the articles were read
    amends: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    repeals: tuple[str, ...] = ()
    transitions: tuple[TransitionRule, ...] = ()  # honoured once the instrument was read and its day of effect is known
    text: str = ""
    note: str = ""
    added_by: str = ""  # the office that entered it; "" for one that comes with the program

    @property
    def is_read(self) -> bool:
        """Whether somebody read the text itself, at least the part that is cited."""
        return self.reading in ("whole", "part")

    @property
    def since(self) -> date:
        """The day from which it counts: of effect, else of issue, else always."""
        return self.effective_from or self.issued_on or date.min

    @property
    def changed(self) -> tuple[Citation, ...]:
        """Everything that it changes in other instruments."""
        return tuple(cited for source in (*self.amends, *self.ended) for cited in citations(source))

    @property
    def ended(self) -> tuple[str, ...]:
        """What is no longer in force because of it."""
        return (*self.replaces, *self.repeals)

    @property
    def name(self) -> str:
        """Number and day, as a sentence names it: «TT 139/2026/TT-BTC ngày 25/9/2026»."""
        return f"{self.id} ngày {text.format_date(self.issued_on)}" if self.issued_on else self.id


def check_instruments(instruments: Sequence[Instrument], faults: Faults, files: Mapping[str, str]) -> None:
    """Check that instruments agree with themselves and each other; `files` says where each stands."""
    by_id = {entry.id: entry for entry in instruments}
    for entry in instruments:
        _check(entry, by_id, faults, files.get(entry.id, LAW))
    for circle in _circles(by_id):
        file = files.get(circle[0], LAW)
        faults.add(file, circle[0], f"các văn bản thay thế lẫn nhau thành vòng: {' → '.join(circle)}")


def _check(entry: Instrument, by_id: Mapping[str, Instrument], faults: Faults, file: str) -> None:
    own = citations(entry.id)
    if [cited.instrument for cited in own] != [entry.id]:
        hint = "viết tắt loại văn bản rồi số hiệu, ví dụ TT 36/2013/TT-BCT"
        faults.add(file, entry.id, "“id” phải là số hiệu như các quy định dẫn", hint)
    if entry.effective_from and entry.effective_to and entry.effective_to < entry.effective_from:
        faults.add(file, entry.id, "ngày hết hiệu lực trước ngày có hiệu lực")
    if entry.is_read and not (entry.read_by and entry.read_on):
        faults.add(file, entry.id, "văn bản đã đọc thì phải ghi người đọc “read_by” và ngày đọc “read_on”")
    for source in (*entry.amends, *entry.ended):
        for base in citations(source) or [Citation(source)]:
            _check_base(entry, base.instrument, by_id, faults, file)


def _check_base(entry: Instrument, base: str, by_id: Mapping[str, Instrument], faults: Faults, file: str) -> None:
    if base not in by_id:
        faults.unknown(file, entry.id, "văn bản được sửa đổi, thay thế", base, by_id)
        return
    first, later = by_id[base].issued_on, entry.issued_on
    if base == entry.id or (first and later and later < first):
        faults.add(file, entry.id, f"không thể sửa đổi, thay thế {base} trước khi văn bản ấy được ban hành")


def _circles(by_id: Mapping[str, Instrument]) -> Iterator[list[str]]:
    """Every circle of replacements once, from its first member in the register."""
    order = list(by_id)
    for start in by_id:
        way = _way_back(start, start, by_id, [start])
        if way and min(way, key=order.index) == start:
            yield way


def _way_back(at: str, start: str, by_id: Mapping[str, Instrument], way: list[str]) -> list[str]:
    for source in by_id[at].replaces:
        for cited in citations(source):
            if cited.instrument == start:
                return [*way, start]
            if cited.instrument in by_id and cited.instrument not in way:
                longer = _way_back(cited.instrument, start, by_id, [*way, cited.instrument])
                if longer:
                    return longer
    return []
