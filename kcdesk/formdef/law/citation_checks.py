"""Checks that every instrument that definitions cite is in the register, and was in force on their days."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from kcdesk import text
from kcdesk.formdef.law.citations import Citation, citations
from kcdesk.formdef.law.instruments import LAW, Instrument, check_instruments, read_instruments
from kcdesk.formdef.loading.toml_reader import Cited, Faults

# Every province counts its own texts anew; the file of its norms is their register.
_LOCAL = re.compile(r"H[ĐD]ND|UBND", re.IGNORECASE)


def check_citations(folder: Path, faults: Faults) -> None:
    """Check the sources that were read so far; a folder without a register has nothing to compare with."""
    if not (folder / LAW).exists():
        return
    instruments = read_instruments(folder, faults)
    check_instruments(instruments, faults)
    for cited in faults.cited:
        for fault in _faults(cited, instruments):
            faults.add(cited.file, cited.place, fault, f"xem {LAW}")


def _faults(cited: Cited, instruments: Sequence[Instrument]) -> Iterator[str]:
    known = {entry.id for entry in instruments}
    for citation in citations(cited.source):
        if _LOCAL.search(citation.instrument):
            continue
        if citation.instrument not in known:
            yield f"văn bản “{citation.instrument}” không có trong danh mục căn cứ pháp lý"
        for entry in instruments:
            from_day = entry.effective_from
            if entry.is_read and from_day and _ends(entry, citation) and _applies(cited, from_day):
                day = text.format_date(from_day)
                cited_words = f"{citation.articles} {citation.instrument}".strip()
                yield f"{cited_words} không còn hiệu lực từ ngày {day} do {entry.id}"


def _ends(entry: Instrument, cited: Citation) -> bool:
    return any(ended.overlaps(cited) for source in entry.ended for ended in citations(source))


def _applies(cited: Cited, on: date) -> bool:
    """Whether a dated definition still applies on a day; one without days says nothing about it."""
    return cited.effective_from is not None and (cited.effective_to is None or on <= cited.effective_to)
