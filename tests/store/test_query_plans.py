"""A kind with few records in a store of many: SQLite, which knows no numbers, walks along the records of the kind."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kcdesk import paths
from kcdesk.formdef.loading.loader import Forms, load
from kcdesk.store.database import views
from kcdesk.store.store import Store
from tests.query_plans import walks

FEW = ("contract", "appraisal", "task")


@pytest.fixture
def crowded(store: Store, forms: Forms) -> Store:
    """Many proposals with all their indexes, few records of other kinds with none of their own."""
    with store.act("Nhập") as act:
        for kind, number in (("proposal", views.MANY), *((kind, 3) for kind in FEW)):
            for place in range(number):
                data = {"state": forms.workflow(kind).initial, "revision": 1, "title": f"Máy {place}", "year": 2026}
                known = forms.current(kind).by_name.keys() | {"state", "revision"}
                kept = {name: value for name, value in data.items() if name in known}
                act.insert(kind, forms.current(kind).reference, kept)
    made = {row["name"] for row in store.query("SELECT name FROM sqlite_master WHERE type = 'index'")}
    assert views.list_index("contract", "created") not in made
    return store


@pytest.fixture(params=[False, True], ids=["without statistics", "with statistics"])
def asked(crowded: Store, request: pytest.FixtureRequest) -> Store:
    if request.param:
        crowded.analyze()
    return crowded


@pytest.mark.parametrize("kind", FEW)
def test_no_list_and_no_count_walks_through_all_records(asked: Store, forms: Forms, kind: str) -> None:
    wheres = (None, {"state": "draft"}, {"year": 2026}, {"state": ["draft", "final"]}, {"unit": "TTM"})
    known = forms.current(kind).by_name.keys() | {"state", "unit"}
    with walks() as found:
        for order in views.list_orders(forms, kind):
            page = asked.page(kind, order="" if order == "sort" else order, limit=2)
            asked.page(kind, order="" if order == "sort" else order, limit=2, after=page[-1], descending=True)
        for where in (where for where in wheres if where is None or where.keys() <= known):
            assert len(asked.page(kind, where=where)) <= asked.count(kind, where=where)
            asked.groups(kind, "state", [], where=where)
        asked.page(kind, search="máy", limit=2)
        asked.count(kind, deleted=True)
        asked.newest_values(kind, ["state"], 2)
    assert found == []


def test_the_ledger_of_packages_begins_with_its_own_lines(asked: Store) -> None:
    with walks() as found:
        asked.packages.answered_with("approved")
        asked.packages.every_answer("contract")
        asked.packages.every_carried("contract", "out")
        asked.packages.answers_not_passed_on()
    assert found == []


def test_only_dates_that_are_asked_for_have_an_index(forms: Forms, tmp_path: Path) -> None:
    """Those of the deadlines, of any province and of the office itself, and of the calendars."""

    def dated(folder_forms: Forms, kind: str) -> set[str]:
        return {name for name in views.indexes(folder_forms, kind) if name.startswith("day_")}

    assert dated(forms, "contract") == {"day_contract_due_on", "day_contract_liquidated_on"}
    assert "day_acceptance_planned_on" in dated(forms, "acceptance")
    assert "day_task_first_due_on" in dated(forms, "task")
    own = tmp_path / "forms"
    shutil.copytree(paths.forms(), own)
    rule = '[[deadline]]\nid = "own"\nlabel = "x"\nsource = "Việc của đơn vị"\neffective_from = 2020-01-01\n'
    with (own / "calendar.toml").open("a", encoding="utf-8") as calendar:
        calendar.write(f'\n{rule}kind = "contract"\non = "signed_on"\ndays = 3\n')
    assert dated(load(own), "contract") == dated(forms, "contract") | {"day_contract_signed_on"}
