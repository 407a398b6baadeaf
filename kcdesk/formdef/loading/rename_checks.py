"""Checks that `renamed_from` names a field of an earlier version, of the same type, whose name is no longer used."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from kcdesk.formdef.loading.toml_reader import Faults
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.renames import Renames


def check_renames(faults: Faults, forms: Sequence[tuple[str, Form]]) -> None:
    """Check the forms of all files, kind by kind."""
    for kind in dict.fromkeys(form.id for _, form in forms):
        versions = sorted(((file, form) for file, form in forms if form.id == kind), key=lambda item: item[1].version)
        if any(item.renamed_from for _, form in versions for item in _with_columns(form)):
            _check_kind(faults, versions)


def _check_kind(faults: Faults, versions: Sequence[tuple[str, Form]]) -> None:
    names = Renames(form for _, form in versions)
    fields, columns = _Lineage(faults), dict[str, _Lineage]()
    for file, form in versions:
        fields.add(file, "", form.fields)
        for table in form.tables:
            lineage = columns.setdefault(names.newest(table.name), _Lineage(faults))
            lineage.add(file, f"{table.name}/", table.columns)


@dataclass(slots=True)
class _Lineage:
    """The fields of a form, or the columns of a table, through all versions."""

    faults: Faults
    known: dict[str, Field] = field(default_factory=dict)  # the fields of the versions so far
    given_up: dict[str, str] = field(default_factory=dict)  # former names to their newest names

    def add(self, file: str, place: str, fields: Iterable[Field]) -> None:
        """Check the next version and add its fields."""
        own = {item.name: item for item in fields}
        for item in own.values():
            where = f"{place}{item.name}"
            if item.name in self.given_up:
                new = self.given_up[item.name]
                self.faults.add(file, where, f"tên “{item.name}” là tên cũ của ô “{new}”, không dùng lại được")
            if item.renamed_from:
                self._check(file, where, item, own)
        self.given_up |= {item.renamed_from: item.name for item in own.values() if item.renamed_from}
        self.known |= own

    def _check(self, file: str, where: str, item: Field, own: dict[str, Field]) -> None:
        old, newest = item.renamed_from, self.given_up.get(item.renamed_from, item.name)
        twins = [other.name for other in own.values() if other.renamed_from == old]
        if old not in self.known:
            self.faults.unknown(file, where, "renamed_from: ô", old, self.known)
        elif old in own:
            self.faults.add(file, where, f"renamed_from: “{old}” vẫn còn là một ô của bản này")
        elif twins[0] != item.name or newest != item.name:
            other = twins[0] if twins[0] != item.name else newest
            self.faults.add(file, where, f"renamed_from: “{old}” đã đổi tên thành “{other}”")
        elif (kind := self.known[old].type) != item.type:
            self.faults.add(file, where, f"renamed_from: “{old}” thuộc loại {kind}, đổi tên không đổi được loại")


def _with_columns(form: Form) -> Iterable[Field]:
    return (*form.fields, *(column for table in form.tables for column in table.columns))
