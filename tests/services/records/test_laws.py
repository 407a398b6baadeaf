"""Laws that hold for any sequence of acts: the store stays sound, and undoing everything leads back to the start."""

import shutil
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcdesk.errors import UserError
from kcdesk.services import catalogue
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from tests.examples import examples

TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
MONEY = st.integers(0, 10**12)
ROWS = st.lists(st.fixed_dictionaries({"item": TEXTS}, optional={"cost": MONEY, "local": MONEY}), max_size=3)
VALUES = st.one_of(
    st.tuples(st.sampled_from(("title", "goals", "decision_number")), TEXTS),
    st.tuples(st.just("year"), st.integers(2000, 2090)),
    st.tuples(st.just("budget"), ROWS),
    st.tuples(st.just("machines"), st.just([{"name": "Máy", "quantity": 2, "unit_price": 3}])),
    st.tuples(st.sampled_from(("title", "budget", "year")), st.just(None)),
)
WHICH = st.integers(0, 5)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.sampled_from(("beneficiary", "proposal", "acceptance")), st.none()),
        st.tuples(st.just("set"), WHICH, VALUES),
        st.tuples(st.just("tie"), WHICH, WHICH),
        st.tuples(st.just("delete"), WHICH, st.none()),
        st.tuples(st.just("undo"), st.none(), st.none()),
        st.tuples(st.just("redo"), st.none(), st.none()),
    ),
    max_size=14,
)


def act(workspace, ids, name, one, two):
    """One thing that an officer may try; a refusal is an answer too."""
    if name == "add":
        ids.append(changing.add(workspace, one, {}).items[0].id)
    elif name == "set":
        path, raw = two
        changing.set_values(workspace, ids[one], {path: raw})
    elif name == "tie":
        changing.set_values(workspace, ids[one], {"proposal": ids[two]})
    elif name == "delete":
        changing.delete(workspace, ids[one])
    elif name == "undo":
        changing.undo(workspace)
    else:
        changing.redo(workspace)


def living(workspace):
    """What every living record says."""
    kinds = workspace.forms.kinds
    return {row.id: row.stored.data_json for kind in kinds for row in reading.list_page(workspace, kind)}


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_any_acts_leave_a_sound_store_and_can_all_be_undone_and_done_again(acts, empty_store, tmp_path_factory, forms):
    folder = tmp_path_factory.mktemp("law") / "store"
    shutil.copytree(empty_store, folder)
    with Store.open(folder, forms) as store:
        workspace = Workspace(store, forms, catalogue.extensions(), lambda: date(2026, 3, 5))
        ids: list[str] = []
        for name, one, two in acts:
            before = living(workspace)
            try:
                act(workspace, ids, name, one, two)
            except (UserError, IndexError):
                assert living(workspace) == before
        assert store.check() == []
        at_the_end = living(workspace)
        steps = len(store.undo_steps())
        for _ in range(steps):
            changing.undo(workspace)
        assert living(workspace) == {}
        assert store.check() == []
        for _ in range(steps):
            changing.redo(workspace)
        assert living(workspace) == at_the_end
