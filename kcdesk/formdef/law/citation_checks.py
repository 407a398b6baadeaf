"""Checks that every instrument that definitions cite is in the register, and was in force on their days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kcdesk import text
from kcdesk.formdef.law.citations import Citation, citations
from kcdesk.formdef.law.instruments import LAW, Instrument, check_instruments, read_instruments
from kcdesk.formdef.loading.toml_reader import Cited, Faults

# Every province counts its own texts anew; the file of its norms is their register.
_LOCAL = re.compile(r"H[ĐD]ND|UBND", re.IGNORECASE)
_HINT = f"xem {LAW}"


def check_citations(folder: Path, faults: Faults) -> None:
    """Check the sources that were read so far; a folder without a register has nothing to compare with."""
    if not (folder / LAW).exists():
        return
    instruments = read_instruments(folder, faults)
    check_instruments(instruments, faults)
    known = {entry.id for entry in instruments}
    endings = list(_endings(instruments))
    for cited in faults.cited:
        for citation in citations(cited.source):
            if citation.instrument not in known and not _LOCAL.search(citation.instrument):
                message = f"văn bản “{citation.instrument}” không có trong danh mục căn cứ pháp lý"
                faults.add(cited.file, cited.place, message, _HINT)
            for ending in endings:
                if ending.ends(cited, citation):
                    faults.add(cited.file, cited.place, ending.sentence(citation), _HINT)


@dataclass(frozen=True, slots=True)
class _Ending:
    """What a text that was read has ended: from which day, and by which instrument."""

    what: Citation
    on: date
    by: str

    def ends(self, cited: Cited, citation: Citation) -> bool:
        """Whether a definition applies on a day on which what it cites has ended; one without days does not say."""
        applies = cited.effective_from is not None and (cited.effective_to is None or self.on <= cited.effective_to)
        return applies and self.what.overlaps(citation)

    def sentence(self, citation: Citation) -> str:
        """Say what is no longer in force, since when and by what."""
        cited = f"{citation.articles} {citation.instrument}".strip()
        return f"{cited} không còn hiệu lực từ ngày {text.format_date(self.on)} do {self.by}"


def _endings(instruments: Sequence[Instrument]) -> Iterator[_Ending]:
    for entry in instruments:
        if entry.is_read and entry.effective_from:
            for source in entry.ended:
                yield from (_Ending(cited, entry.effective_from, entry.id) for cited in citations(source))
