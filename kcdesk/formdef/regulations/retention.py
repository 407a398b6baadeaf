"""How long records are kept before personal data in them may be erased, by `forms/retention.toml`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import RETENTION, refuse_faults
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.runtime.frozen import Value

_MOST_YEARS = 100


class Retention(Value, kw_only=True):
    """A period of keeping: `years` full years after that of the last change; `because` says what they are."""

    kinds: tuple[str, ...]
    years: int
    source: str
    because: str
    unverified: bool = False

    def until(self, last_change: date) -> date:
        """The last day on which a record has to be kept."""
        return date(last_change.year + self.years, 12, 31)

    def level_of_proof(self) -> str:
        """The source, with a note if nobody has compared the period with it."""
        return f"{self.source} (chưa đối chiếu văn bản)" if self.unverified else self.source


class RetentionFile(Value, kw_only=True):
    """The content of `forms/retention.toml`."""

    retentions: tuple[Retention, ...] = ()


def load_retention(folder: Path, forms: Forms) -> tuple[Retention, ...]:
    """Read the periods; FormsError lists all faults."""
    faults = Faults()
    read = read_definition(folder, RETENTION, RetentionFile, faults)
    for number, retention in enumerate(read.retentions, start=1):
        for kind in retention.kinds:
            if kind not in forms.kinds:
                faults.unknown(RETENTION, f"retention {number}", "loại hồ sơ", kind, forms.kinds)
        if not 0 < retention.years <= _MOST_YEARS:
            faults.add(RETENTION, f"retention {number}", f"years phải từ 1 đến {_MOST_YEARS}")
    refuse_faults(faults, folder)
    return read.retentions


def retention_of(retentions: Iterable[Retention], kind: str) -> Retention | None:
    """The period of a kind of record; None if there is none."""
    return next((retention for retention in retentions if kind in retention.kinds), None)
