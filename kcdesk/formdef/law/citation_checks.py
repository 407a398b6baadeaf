"""Checks that every instrument that definitions cite is in the register, and was in force on their days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from kcdesk import text
from kcdesk.formdef.law.citations import Citation, citations
from kcdesk.formdef.law.instruments import LAW, Instrument
from kcdesk.formdef.law.law_files import check_law, read_law
from kcdesk.formdef.loading.toml_reader import Cited, Faults
from kcdesk.runtime.frozen import Value

# Every province counts its own texts anew; the file of its norms is their register.
_LOCAL = re.compile(r"H[ĐD]ND|UBND", re.IGNORECASE)
_HINT = f"xem {LAW}"


def check_citations(folder: Path, faults: Faults) -> None:
    """Check the sources that were read so far; a folder without a register has nothing to compare with."""
    if not (folder / LAW).exists():
        return
    law = read_law(folder, faults)
    check_law(law, faults)
    known = {entry.id for entry in law.instruments}
    endings = list(endings_of(law.instruments))
    for cited in faults.cited:
        for citation in citations(cited.source):
            if citation.instrument not in known and not is_local(citation.instrument):
                message = f"văn bản “{citation.instrument}” không có trong danh mục căn cứ pháp lý"
                faults.add(cited.file, cited.place, message, _HINT)
            for ending in endings:
                if ending.ends(cited, citation):
                    faults.add(cited.file, cited.place, ending.sentence(citation), _HINT)


def is_local(number: str) -> bool:
    """Whether a number is of a text of a province, which needs no entry in the register."""
    return bool(_LOCAL.search(number))


class Ending(Value):
    """What a text that was read has ended: from which day, and by which instrument.

    `by_office`: an office entered that text. The rules that were there before cannot all be closed by it; they carry a
    caution, and only a rule that begins later is wrong.
    """

    what: Citation
    on: date
    by: str
    by_office: bool = False

    def ends(self, cited: Cited, citation: Citation) -> bool:
        """Whether a definition applies on a day on which what it cites has ended; one without days does not say."""
        first, last = cited.effective_from, cited.effective_to
        applies = first is not None and (last is None or self.on <= last)
        is_later = first is not None and first >= self.on
        return applies and (is_later or not self.by_office) and self.what.overlaps(citation)

    def sentence(self, citation: Citation) -> str:
        """Say what is no longer in force, since when and by what."""
        cited = f"{citation.articles} {citation.instrument}".strip()
        return f"{cited} không còn hiệu lực từ ngày {text.format_date(self.on)} do {self.by}"


def endings_of(instruments: Sequence[Instrument]) -> Iterator[Ending]:
    """What the instruments that were read have ended."""
    for entry in instruments:
        if entry.is_read and entry.effective_from:
            for source in entry.ended:
                for cited in citations(source):
                    yield Ending(cited, entry.effective_from, entry.id, bool(entry.added_by))
