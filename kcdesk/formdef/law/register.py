"""What the register of instruments says about a source: its level of proof, and what to be careful of on a day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from kcdesk import text
from kcdesk.formdef.law.checks import LawCheck, as_checked
from kcdesk.formdef.law.citations import Citation, citations, is_proposal
from kcdesk.formdef.law.instruments import Instrument
from kcdesk.runtime.frozen import Value

UNREAD = "chưa đối chiếu"
_FORM = re.compile(r"^.*?(?=\b(?:Mẫu|Phụ lục)\b)")  # what stands before the name of a form or an annex
OWN_LAYOUT = "Bố cục do chương trình đề xuất"
_OF_THE_PROVINCE = "mẫu mà Ủy ban nhân dân tỉnh, thành phố quy định"
_REMARK = re.compile(r" ?\(chưa đối chiếu[^()]*\)|,? chưa đối chiếu(?= *(;|$))")
Proof = Literal["read", "second_hand", "proposal"]  # read in the text; known another way; of the program
PROOFS: Mapping[Proof, str] = MappingProxyType(
    {"read": "đã đọc trong văn bản", "second_hand": UNREAD, "proposal": "đề xuất của chương trình"}
)


class LawCaution(Value):
    """Why a rule may no longer be what its instrument says: by which instrument, and from which day.

    `words` say it after the number, within a sentence that names what is cited: «đã ban hành, chưa đối chiếu».
    """

    instrument: str
    text: str
    since: date
    words: str

    def to_json(self) -> dict[str, str]:
        """{"instrument", "text", "from"}; the day as ISO."""
        return {"instrument": self.instrument, "text": self.text, "from": self.since.isoformat()}


class _TextChange(Value):
    """What an instrument changes in another one; `ends` it, or says it otherwise."""

    what: Citation
    by: Instrument
    ends: bool


class LawRegister:
    """The instruments by number, and which of them change which; `checks` are the comparisons of officers.

    `declared` are the instruments as the files have them, `instruments` as the comparisons let them count.
    """

    def __init__(self, instruments: Sequence[Instrument], checks: Sequence[LawCheck] = ()) -> None:
        self.declared = tuple(instruments)
        self.checks = tuple(checks)
        self.instruments = tuple(as_checked(entry, self.checks) for entry in instruments)
        self._complete = tuple(check for check in self.checks if check.is_complete)
        self._by_id = {entry.id: entry for entry in self.instruments}
        self._changes: dict[str, list[_TextChange]] = defaultdict(list)
        for entry in self.instruments:
            for sources, ends in ((entry.amends, False), (entry.ended, True)):
                for changed in (cited for source in sources for cited in citations(source)):
                    self._changes[changed.instrument].append(_TextChange(changed, entry, ends))

    def get(self, number: str) -> Instrument | None:
        """The instrument that a number or a longer name cites; None if the register does not have it."""
        named = citations(number)
        return self._by_id.get(named[0].instrument if named else number)

    def changes_of(self, number: str) -> Iterator[tuple[Citation, Instrument]]:
        """What was changed in an instrument, and by which other one, oldest first."""
        yield from ((change.what, change.by) for change in self._changes_of(number))

    def checks_of(self, number: str) -> tuple[LawCheck, ...]:
        """The comparisons with an instrument, the newest first."""
        checks = (check for check in self.checks if check.instrument == number)
        return tuple(sorted(checks, key=lambda check: check.confirmed_on or check.checked_on, reverse=True))

    def is_waiting(self, number: str) -> bool:
        """Whether a comparison with an instrument waits for its second person."""
        return any(check.instrument == number and not check.is_complete for check in self.checks)

    def proof(self, source: str, *, unverified: bool = False) -> Proof:
        """How well a rule is proved: read in the text, second hand, or a proposal of the program."""
        if is_proposal(source):
            return "proposal"
        cited = [entry for entry in citations(source) if entry.instrument in self._by_id]
        rest = [entry for entry in cited if not self._checks_over(entry)]
        if cited and not rest:
            return "read"
        if unverified or not all(self._by_id[entry.instrument].is_read for entry in rest):
            return "second_hand"
        return "read"

    def is_marked(self, source: str, *, unverified: bool) -> bool:
        """Whether a rule that nobody had compared is still marked: two people may have compared its source since."""
        return unverified and self.proof(source, unverified=True) != "read"

    def cautions(self, source: str, on: date) -> tuple[LawCaution, ...]:
        """What to be careful of when a rule with this source is applied on a day: each instrument once."""
        cited = citations(source)
        named = {entry.instrument for entry in cited}
        cautions = [caution for entry in cited for caution in self._changed(entry, named, on)]
        cautions += [caution for entry in cited for caution in self._expired(entry, on)]
        return tuple({(caution.instrument, caution.text): caution for caution in cautions}.values())

    @staticmethod
    def bare(source: str) -> str:
        """A source without a remark that nobody has compared it: the register says that, as long as it is true."""
        return _REMARK.sub("", source)

    def statement(self, source: str, on: date, *, unverified: bool = False) -> str:
        """A source as it is shown: with its level of proof, if it is not read, and with what to be careful of."""
        source = self.bare(source)
        is_unread = source and self.proof(source, unverified=unverified) == "second_hand"
        marked = f"{source}, {UNREAD}" if is_unread else source
        return "; ".join(filter(None, (marked, *self._together(self.cautions(source, on)))))

    def _together(self, cautions: Sequence[LawCaution]) -> Iterator[str]:
        """The cautions with the instruments of which the same is said in one phrase."""
        numbers: dict[str, list[str]] = {}
        for caution in cautions:
            numbers.setdefault(caution.words, []).append(caution.instrument)
        yield from (f"{', '.join(dict.fromkeys(named))} {words}" for words, named in numbers.items())

    def notes_on_paper(
        self, source: str, on: date, *, unverified: bool = False, programme: str = ""
    ) -> tuple[str, ...]:
        """The lines at the foot of a paper whose layout has this source: that nobody saw its form, what is unread.

        A paper of another programme says nothing of texts that hold for the national one alone.
        """
        is_own = unverified and not self._are_compared(self._holding(source, programme))
        notes = [self._about_layout(source, programme)] if is_own else []
        changed: dict[tuple[str, str], list[str]] = {}
        for cited in self._holding(source, programme):
            for caution in self._changed(cited, set(), on):
                changed.setdefault((cited.instrument, caution.words), []).append(caution.instrument)
        notes += [f"{base}: {', '.join(dict.fromkeys(by))} {words}" for (base, words), by in changed.items()]
        return tuple(notes)

    def unknown_transitions(self, source: str, on: date) -> tuple[str, ...]:
        """The instruments that replace what a source cites, and for whom the older rule goes on is not known."""
        numbers = (caution.instrument for caution in self.cautions(source, on))
        entries = (self._by_id[number] for number in dict.fromkeys(numbers) if number in self._by_id)
        cited = {citation.instrument for citation in citations(source)}
        return tuple(
            entry.id for entry in entries if entry.id not in cited and entry.replaces and not entry.transitions
        )

    def _changes_of(self, number: str) -> list[_TextChange]:
        return sorted(self._changes.get(number, ()), key=lambda change: change.by.since)

    def _checks_over(self, cited: Citation) -> list[LawCheck]:
        """The comparisons by two people that cover all that is cited."""
        return [check for check in self._complete if check.covers(cited)]

    def _are_compared(self, cited: Sequence[Citation]) -> bool:
        """Whether two people have compared every source with its rules; False for none."""
        known = [entry for entry in cited if entry.instrument in self._by_id]
        return bool(known) and all(map(self._checks_over, known))

    def _about_layout(self, source: str, programme: str) -> str:
        """That the program proposes a layout, and with which form nobody has compared it."""
        unseen = self._unseen_forms(source, programme) or [_OF_THE_PROVINCE] * bool(self._unseen_forms(source))
        return ", ".join((OWN_LAYOUT, *(f"{UNREAD} với {form}" for form in unseen[:1])))

    @property
    def programmes(self) -> frozenset[str]:
        """The programmes that have instruments of their own, with forms: the national one."""
        return frozenset(entry.programme for entry in self.instruments if entry.programme)

    def has_form(self, source: str, programme: str) -> bool:
        """Whether a source names a form that is meant for a programme, such as those of a national circular."""
        return bool(self._unseen_forms(source, programme))

    def _holding(self, source: str, programme: str) -> list[Citation]:
        """What a source cites and holds for a programme; everything where the programme is not known."""
        cited = [(entry, self._by_id.get(entry.instrument)) for entry in citations(source)]
        return [entry for entry, known in cited if known is None or not programme or known.programme in ("", programme)]

    def _unseen_forms(self, source: str, programme: str = "") -> list[str]:
        """The forms and annexes that a source names and nobody has seen: «Mẫu số 5a Phụ lục 1 TT 36/2013/TT-BCT»."""
        return [
            f"{_FORM.sub('', cited.articles, count=1)} {cited.instrument}"
            for cited in self._holding(source, programme)
            if _FORM.search(cited.articles) and (entry := self._by_id.get(cited.instrument)) and entry.forms_unseen
        ]

    def _changed(self, cited: Citation, named: set[str], on: date) -> Iterator[LawCaution]:
        for change in self._changes_of(cited.instrument):
            by = change.by
            if by.id in named or not change.what.overlaps(cited):
                continue
            if by.reading == "whole":
                yield from self._replaced(cited, change, on)
            elif on >= by.since:
                is_begun = by.reading == "part" or any(check.instrument == by.id for check in self._complete)
                words = f"đã ban hành, {'mới đối chiếu một phần' if is_begun else UNREAD}"
                yield LawCaution(by.id, f"Theo {cited.instrument}; {by.id} {words}.", by.since, words)

    def _replaced(self, cited: Citation, change: _TextChange, on: date) -> Iterator[LawCaution]:
        """A text that was read has ended what is cited, and the rule was not entered anew."""
        since = change.by.effective_from
        if change.ends and since is not None and on >= since:
            words = f"thay thế từ ngày {text.format_date(since)}, quy định này chưa nhập theo văn bản mới"
            yield LawCaution(change.by.id, f"Theo {cited.instrument}; {change.by.id} {words}.", since, words)

    def _expired(self, cited: Citation, on: date) -> Iterator[LawCaution]:
        entry = self._by_id.get(cited.instrument)
        days = [check.until for check in self._checks_over(cited)]
        days += [entry.checked_until] if entry is not None and entry.checked_until is not None else []
        if days and on > max(days):
            since = max(days) + timedelta(days=1)
            words = f"chưa rà soát năm {on.year}"
            yield LawCaution(cited.instrument, f"{cited.instrument}: {words}.", since, words)
