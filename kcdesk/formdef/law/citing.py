"""Finds every definition of a folder that cites an instrument, with its file and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kcdesk.formdef.law.citations import citations
from kcdesk.formdef.law.law_files import is_law_file
from kcdesk.formdef.loading.toml_reader import Cited, Faults, cited_in, label_in, name_of, read_toml
from kcdesk.runtime.frozen import replace


def citing(sources: Iterable[Cited], number: str) -> tuple[Cited, ...]:
    """Those sources (of `all_cited`) that cite an instrument, in their order."""
    return tuple(
        cited for cited in sources if any(citation.instrument == number for citation in citations(cited.source))
    )


def all_cited(folder: Path) -> Iterator[Cited]:
    """Every source in the definitions of a folder; a file that cannot be read has none."""
    for path in sorted(folder.rglob("*.toml")):
        file = path.relative_to(folder).as_posix()
        table = read_toml(path, file, Faults()) if not is_law_file(file) else None
        if table is not None:
            yield from _walk(file, "", "", table)


def _walk(file: str, place: str, label: str, value: Any) -> Iterator[Cited]:
    """The sources in a value; what has no label is known by that of the table around it."""
    if isinstance(value, dict):
        name = name_of(value)
        here, label = f"{place}/{name}" if place and name else place or name, label_in(value) or label
        yield from (replace(cited, label=label) for cited in cited_in(file, here, value))
        for child in value.values():
            yield from _walk(file, here, label, child)
    elif isinstance(value, list):
        for child in value:
            yield from _walk(file, place, label, child)
