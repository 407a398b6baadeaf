"""Deadlines read from narrow tables are those that the records give, whatever was done, and by whom."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcdesk.formdef.forms import Forms
from kcdesk.services import catalogue
from kcdesk.services.deadlines import dated_records, listing
from kcdesk.services.deadlines.dated_records import Asking
from kcdesk.services.handover.packages import receiving
from kcdesk.services.records import changing
from kcdesk.services.reporting import running
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from tests.examples import examples
from tests.services.exchange_support import Offices

TODAY = date(2026, 3, 5)
KINDS = ("proposal", "contract", "acceptance", "inspection", "product_entry")


def seen(workspace: Workspace, *, is_narrow: bool) -> str:
    listed = listing.listing(workspace, TODAY, Asking(workspace, is_narrow=is_narrow))
    return json.dumps([due.as_json() for due in listed.every], ensure_ascii=False, indent=1)


def agree(workspace: Workspace) -> str:
    """The list, which is the same from both."""
    listed = seen(workspace, is_narrow=True)
    assert listed == seen(workspace, is_narrow=False)
    return listed


DAYS = st.integers(-900, 60).map(lambda days: (TODAY + timedelta(days=days)).isoformat())
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "state": st.sampled_from(("draft", "final", "approved", "accepted", "supplement", "certified")),
    "programme": st.sampled_from(("national", "local")),
    "conclusion": st.sampled_from(("accepted", "conditional", "refused", "remedies")),
    "scheme": st.just("group"),
    "title": st.sampled_from(("Đề án một", "Máy sấy", "")),
    "number": st.sampled_from(("1/HĐ", "2/HĐ")),
    "settled_support": st.sampled_from((0, 5_000_000)),
    **dict.fromkeys(("due_on", "decision_date", "ends_on", "visited_on", "revisit_on", "expires_on"), DAYS),
    **dict.fromkeys(("liquidated_on", "archived_on"), DAYS),
}
ROW = st.fixed_dictionaries(
    {"due_on": DAYS}, optional={"done": st.booleans(), "remedy": st.sampled_from(("Sửa", "Bù"))}
)
REMARK = st.fixed_dictionaries({"answer_by": DAYS}, optional={"answer": st.just("Đã sửa"), "reason": st.just("Thiếu")})
COMPLAINT = st.fixed_dictionaries({"received_on": DAYS}, optional={"answered_on": DAYS, "content": st.just("Trùng")})
TABLES = {"remedies": ROW, "remarks": REMARK, "complaints": COMPLAINT}
WHICH = st.integers(0, 4)
VALUES = st.one_of(
    *(st.tuples(st.just(name), st.none() | values) for name, values in FIELDS.items()),
    *(st.tuples(st.just(name), st.lists(row, max_size=2)) for name, row in TABLES.items()),
    st.tuples(st.sampled_from(("contract", "previous", "acceptance")), WHICH),
)
STEPS = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(KINDS), st.lists(VALUES, min_size=2, max_size=7), WHICH),
    st.tuples(st.just("set"), WHICH, VALUES, WHICH),
    st.tuples(st.sampled_from(("delete", "undo", "redo")), WHICH, st.none(), WHICH),
)


def step(workspace: Workspace, ids: list[tuple[str, str]], what: str, one: Any, two: Any, above: int) -> None:
    """Something that is done to the store; the ways of the officer to it are not the matter here."""
    if what == "add":
        form = workspace.forms.current(one)
        data = {"state": "draft", "revision": 1, **_known(workspace, ids, one, two)}
        parent = next((id_ for kind, id_ in ids[above:] if form.parent and kind == "proposal"), None)
        data |= {form.parent: parent} if parent else {}
        with workspace.store.act("Thêm") as act:
            ids.append((one, act.insert(one, form.reference, data, parent=parent)))
    elif what == "undo":
        changing.undo(workspace)
    elif what == "redo":
        changing.redo(workspace)
    elif one < len(ids):
        kind, id_ = ids[one]
        with workspace.store.act("Sửa") as act:
            if what == "delete":
                act.delete(id_)
            elif changes := _known(workspace, ids, kind, [two]):
                act.update(id_, changes)


def _known(workspace: Workspace, ids: list[tuple[str, str]], kind: str, values: Any) -> dict[str, Any]:
    """The values of fields that the kind has; rows with ids, links that lead to a record."""
    made: dict[str, Any] = {}
    for name, value in values:
        if name != "state" and name not in workspace.forms.current(kind).by_name:
            continue
        if name in TABLES:
            value = [{"id": f"r{place}", "position": float(place), **row} for place, row in enumerate(value, 1)]
        elif isinstance(value, int) and name in ("contract", "previous", "acceptance"):
            value = ids[value][1] if value < len(ids) else None
        made[name] = value
    return {name: value for name, value in made.items() if value is not None}


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=3, max_size=12))
def test_after_any_acts_both_give_the_same_list(
    steps: list[Any], empty_store: Path, tmp_path_factory: pytest.TempPathFactory, forms: Forms
) -> None:
    folder = tmp_path_factory.mktemp("law") / "store"
    shutil.copytree(empty_store, folder)
    with Store.open(folder, forms) as store:
        workspace = Workspace(store, forms, catalogue.extensions(), lambda: TODAY)
        running.prepare(workspace)
        ids: list[tuple[str, str]] = []
        for what, one, two, above in steps:
            try:
                step(workspace, ids, what, one, two, above)
            except (KeyError, ValueError, listing.UserError):
                continue
        agree(workspace)


def late_contracts(workspace: Workspace, number: int) -> list[str]:
    forms, made = workspace.forms, []
    proposal = {"state": "contracted", "revision": 1, "title": "Máy sấy", "programme": "national"}
    remedies = [{"id": "r1", "position": 1.0, "remedy": "Sửa mái", "due_on": "2026-02-01", "done": False}]
    visit = {"state": "final", "revision": 1, "visited_on": "2025-11-02", "conclusion": "conditional"}
    with workspace.store.act("Mẫu") as act:
        above = act.insert("proposal", forms.current("proposal").reference, proposal)
        for place in range(number):
            contract = {"state": "final", "revision": 1, "number": f"{place}/HĐ", "proposal": above}
            contract["due_on"] = (TODAY - timedelta(days=place + 3)).isoformat()
            of = act.insert("contract", forms.current("contract").reference, contract, parent=above)
            links = {"proposal": above, "contract": of, "site": f"Xưởng {place}", "remedies": remedies}
            made += [of, act.insert("acceptance", forms.current("acceptance").reference, visit | links, parent=above)]
    return made


def test_the_narrow_tables_are_asked(workspace: Workspace) -> None:
    """Else the two lists would agree for nothing."""
    late_contracts(workspace, 2)
    running.prepare(workspace)
    asked: list[str] = []
    query = workspace.store.query
    workspace.store.query = lambda sql, values=None: asked.append(sql) or query(sql, values)  # type: ignore
    assert "Sửa mái" in seen(workspace, is_narrow=True)
    kinds = ("contract", "acceptance", "proposal", "product_entry")
    assert not [sql for sql in asked if any(f"kind = '{kind}'" in sql for kind in kinds)]


def test_the_most_urgent_are_listed_where_there_are_more(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    late_contracts(workspace, 6)
    running.prepare(workspace)
    whole = json.loads(agree(workspace))
    monkeypatch.setattr(dated_records, "MOST", 3)
    monkeypatch.setattr(dated_records, "_ROWS", 4)
    fewer = json.loads(agree(workspace))
    for rule in ("contract_due", "acceptance_remedy"):
        named = [[due["key"] for due in dues if due["key"].startswith(f"{rule}/")] for dues in (whole, fewer)]
        assert len(named[1]) == 3, rule
    due = [due["due"] for due in whole if due["key"].startswith("contract_due/")]
    assert [due["due"] for due in fewer if due["key"].startswith("contract_due/")] == due[:3]


def test_a_package_and_its_undoing_change_both(offices: Offices, pair: tuple[Workspace, Workspace]) -> None:
    unit, province = pair
    ids = late_contracts(unit, 3)
    running.prepare(province)
    before = agree(province)
    package, _ = offices.send(unit, province)
    taken = agree(province)
    assert all(id_ in taken for id_ in ids)
    receiving.undo(province, package)
    assert agree(province) == before


def test_without_the_tables_of_an_earlier_version_they_are_read_from_the_records(workspace: Workspace) -> None:
    """An earlier version makes other tables, or a check has removed them; the next report makes them again."""
    late_contracts(workspace, 2)
    without = agree(workspace)
    running.prepare(workspace)
    assert agree(workspace) == without
    narrower = {view: names - {"due_on"} for view, names in running.kept_columns(workspace).items()}
    workspace.store.readings.prepare(narrower)
    assert agree(workspace) == without
    workspace.store.readings.remove()
    assert agree(workspace) == without


def test_a_deleted_dossier_still_names_those_that_belong_to_it(workspace: Workspace) -> None:
    ids = late_contracts(workspace, 1)
    running.prepare(workspace)
    proposal = workspace.store.get(ids[0]).parent
    assert proposal
    with workspace.store.act("Xoá") as act:
        act.delete(proposal)
    assert "Máy sấy" in agree(workspace)
