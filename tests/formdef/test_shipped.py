"""The shipped definitions are sound."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from kcdesk import paths
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.new_record import new_record

DAY = date(2026, 3, 5)


def test_every_shipped_definition_loads() -> None:
    forms = load()
    assert forms.kinds[:9] == (
        *("beneficiary", "proposal", "appraisal", "contract", "adjustment", "inspection", "acceptance"),
        *("payment", "settlement"),
    )
    for kind in forms.kinds:
        record = new_record(forms, kind, "r1", DAY)
        assert record.state == forms.workflow(kind).initial
        assert record.problems() == []  # an empty draft has nothing wrong
        assert record.problems(final=True)
    for activity in ("machinery", "demonstration_model", "vocational_training"):
        groups = {row["group"] for row in forms.checklist_items({"activity": activity}, DAY)}
        assert groups == {"paper", "fact"}


def test_checklists_do_not_delay_the_start(tmp_path: Path) -> None:
    forms = load(shutil.copytree(paths.forms(), tmp_path / "never read before"))
    assert "checklists" not in vars(forms)
    assert len(forms.checklists) > 15
