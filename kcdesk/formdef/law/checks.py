"""What officers compared with the text of an instrument; two of them make the register treat it as read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kcdesk import text
from kcdesk.formdef.law.citations import Citation
from kcdesk.formdef.law.instruments import Instrument
from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.runtime.frozen import Value, replace


class LawCheck(Value, kw_only=True):
    """A comparison of the rules of the program with an instrument, or with articles of it, by a person and a second.

    `checked_by` and `confirmed_by` are names with their offices. Without a second person it counts for nothing.
    `until` is the last day on which the two vouch for it.
    """

    instrument: str
    articles: str = ""  # «Khoản 4 Điều 8»; "" is the whole instrument
    checked_by: str
    checked_on: date
    words: str = ""
    confirmed_by: str = ""
    confirmed_on: date | None = None
    confirmed_words: str = ""
    until: date
    id: str = ""  # of the record that it is; "" for one that came with a file of rules

    @property
    def is_complete(self) -> bool:
        """Whether a second person has confirmed it."""
        return bool(self.confirmed_by and self.confirmed_on)

    @property
    def people(self) -> str:
        """Both persons, as a sentence names them."""
        return "; ".join(filter(None, (self.checked_by, self.confirmed_by)))

    @property
    def what(self) -> str:
        """«Khoản 4 Điều 8 TT 28/2018/TT-BTC»."""
        return f"{self.articles} {self.instrument}".strip()

    def covers(self, cited: Citation) -> bool:
        """Whether everything that is cited was compared; forms and annexes only if they were named."""
        if cited.instrument != self.instrument:
            return False
        if not cited.parts and cited.articles:
            return text.fold(cited.articles) in text.fold(self.articles)
        if not self.articles:
            return True
        own = Citation(self.instrument, self.articles).parts
        return bool(cited.parts) and all(any(part.holds(wanted) for part in own) for wanted in cited.parts)


def check_checks(checks: Iterable[LawCheck], known: Mapping[str, Instrument], file: str, faults: Faults) -> None:
    """Check that comparisons name known instruments, and two different people."""
    for check in checks:
        if check.instrument not in known:
            faults.unknown(file, check.instrument, "văn bản", check.instrument, known)
        if check.confirmed_by and text.fold(check.confirmed_by) == text.fold(check.checked_by):
            faults.add(file, check.what, "người thứ hai phải là người khác với người đối chiếu")
        if check.until < check.checked_on:
            faults.add(file, check.what, "ngày “until” trước ngày đối chiếu")


def as_checked(entry: Instrument, checks: Sequence[LawCheck]) -> Instrument:
    """An instrument as the register treats it after the comparisons: read once two people have ticked it in whole.

    What an office entered as read itself counts as read only then.
    """
    whole = [check for check in checks if check.is_complete and check.instrument == entry.id and not check.articles]
    if whole:
        newest = max(whole, key=lambda check: check.until)
        until = max(newest.until, entry.checked_until or newest.until)
        return replace(entry, reading="whole", read_by=newest.people, read_on=newest.confirmed_on, checked_until=until)
    if entry.added_by and entry.is_read:
        return replace(entry, reading="second_hand")
    return entry
