"""The files of a folder of definitions by their names, and the refusal that tells all their faults."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.formdef.law.citation_checks import check_citations
from kcdesk.formdef.loading.toml_reader import Fault, Faults

CHOICES, ACTIVITIES_FILE, WORKFLOW = "choices.toml", "activities.toml", "workflow.toml"
ELIGIBILITY = "eligibility.toml"  # read by regulations/eligibility.py at first use
CALENDAR = "calendar.toml"  # by regulations/deadlines.py
PRIORITIES = "priorities.toml"  # by regulations/priorities.py
RETENTION = "retention.toml"  # by regulations/retention.py
EVIDENCE = "evidence.toml"  # by regulations/evidence.py
PHRASES = "phrases.toml"  # by regulations/phrases.py
WARNINGS = "warnings.toml"  # by regulations/early_warnings.py
GOVERNING_DAYS = "governing_days.toml"  # by regulations/governing_days.py
NAMES = "names.toml"  # by regulations/dated_names.py
TERRITORIES = "territories.toml"  # by regulations/territories.py
PLACEHOLDERS = "placeholders.toml"  # by placeholder_names.py
SHEETS = "sheets.toml"  # by sheets/matching/column_words.py
PACKAGE = "package.toml"  # by regulations/package_pages.py
MANIFEST = "released.toml"  # by released.py


class FormsError(UserError):
    """The definitions cannot be used; `faults` lists all their faults."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        lines = "\n".join(f"- {fault}" for fault in faults)
        super().__init__(f"Các mẫu trong thư mục forms có {len(faults)} lỗi:\n{lines}", code="bad_forms")
        self.faults = tuple(faults)


def refuse_faults(faults: Faults, folder: Path) -> None:
    """FormsError with all faults of what was read, also of the instruments that it cites, if there are any."""
    check_citations(folder, faults)
    if faults.items:
        raise FormsError(faults.items)
