"""The nationwide store of the measures: repeatable records that fit their forms, and money that adds up."""

import pytest

from kcdesk.formdef.record import Record
from kcdesk.services.maintenance import opening
from tests.bench.nationwide import making
from tests.bench.nationwide.nation import Nation

PROPOSALS = 300
# What a dossier computes for its own page; no sum of a report is made of it.
_OF_THE_PAGE = {
    "acceptance": {
        *("support_so_far", "cost_so_far", "lines_limit", "recomputed_support", "recomputed_reason", "budget"),
    },
    "proposal": {"unplaced_cost", "unplaced_support"},
}


@pytest.fixture(scope="module")
def records(forms):
    return list(Nation(forms.places, PROPOSALS).records())


@pytest.fixture(scope="module")
def nation(tmp_path_factory):
    """The store of these records, opened."""
    folder = tmp_path_factory.mktemp("nation") / "store"
    making.make(folder, PROPOSALS)
    workspace = opening.open_workspace(folder)
    yield workspace
    workspace.close()


def test_the_same_number_gives_the_same_records(records, forms):
    assert list(Nation(forms.places, PROPOSALS).records()) == records
    assert len({record.id for record in records}) == len(records)


def test_every_record_fits_its_form_and_its_money_adds_up(records, forms):
    for made in records:
        record = Record(id=made.id, kind=made.kind, form=forms.current(made.kind), data=made.data, forms=forms)
        assert record.problems() == [], made
        assert record.state in [state.name for state in forms.workflow(made.kind).states]
        computed = {path.partition("/")[0] for path in record.apply({})}
        assert computed <= _OF_THE_PAGE.get(made.kind, set()), made


def test_what_was_paid_less_what_was_returned_is_what_was_settled(nation):
    [sums] = nation.store.query(
        "select sum(settled_support) as settled, sum((select sum(case payment_type when 'returned' then -amount"
        " else amount end) from payment where payment.proposal = settlement.proposal)) as paid from settlement"
    )
    assert sums["settled"] == sums["paid"] > 0


def test_the_store_is_sound_and_spans_the_nation(nation):
    assert nation.store.check() == []
    assert nation.store.count("proposal") == PROPOSALS
    assert nation.store.count("office") == 34
    [years] = nation.store.query("select min(year) as first, max(year) as last from proposal")
    assert (years["first"], years["last"]) == (2007, 2026)
    [reached] = nation.store.query("select count(distinct unit) as provinces from proposal")
    assert reached["provinces"] > 30
