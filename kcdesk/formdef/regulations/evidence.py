"""Which paper proves the numbers of a record, by `forms/evidence.toml`, which is read at first use."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import EVIDENCE, refuse_faults
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import Form
from kcdesk.runtime.frozen import Value


class Evidence(Value, kw_only=True):
    """A kind of paper behind values of a kind of record.

    `fields` are the fields and tables that it proves; none: all that no entry before it proves. `number`, `date`,
    `issuer` name fields, or with «table.column» a cell of the same row; `scans` name fields of files.
    """

    kind: str
    label: str
    fields: tuple[str, ...] = ()
    number: str = ""
    date: str = ""
    issuer: str = ""
    scans: tuple[str, ...] = ()

    def proves(self, kind: str, path: str) -> bool:
        """Whether this is the kind of paper behind the value at a path."""
        return self.kind == kind and (not self.fields or path.partition("/")[0] in self.fields)


class EvidenceFile(Value, kw_only=True):
    """The content of `forms/evidence.toml`."""

    evidences: tuple[Evidence, ...] = ()


def load_evidence(folder: Path, forms: Forms) -> tuple[Evidence, ...]:
    """Read which papers prove numbers; FormsError lists all faults."""
    faults = Faults()
    read = read_definition(folder, EVIDENCE, EvidenceFile, faults)
    for number, evidence in enumerate(read.evidences, start=1):
        _check(evidence, EVIDENCE, f"evidence {number}", forms, faults)
    refuse_faults(faults, folder)
    return read.evidences


def _check(evidence: Evidence, file: str, place: str, forms: Forms, faults: Faults) -> None:
    if evidence.kind not in forms.kinds:
        faults.unknown(file, place, "loại hồ sơ", evidence.kind, forms.kinds)
        return
    known = set(_names(forms.versions_of(evidence.kind)))
    for name in (*evidence.fields, evidence.number, evidence.date, evidence.issuer, *evidence.scans):
        if name and name not in known:
            faults.unknown(file, place, "ô", name, sorted(known))


def _names(forms: Iterable[Form]) -> Iterable[str]:
    for form in forms:
        for field in form.fields:
            yield field.name
            yield from (f"{field.name}.{column.name}" for column in field.columns)
