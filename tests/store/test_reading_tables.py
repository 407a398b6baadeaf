"""The tables from which reports are read: always what the views say, whoever writes."""

from contextlib import suppress

import pytest
from sqlcipher3 import dbapi2

from kcdesk.store.database.reading_tables import REBUILT

COLUMNS = {
    "proposal": frozenset({"id", "unit", "state", "title", "year", "place", "place_old_commune", "created"}),
    "proposal_machine": frozenset({"proposal_id", "name", "quantity"}),
    "proposal_beneficiaries_list": frozenset({"proposal_id", "value"}),
    "contract": frozenset({"id", "proposal", "value"}),
}
MACHINES = [{"id": "m1", "position": 1.0, "name": "Máy sấy", "quantity": "1.5"}]


def _lines(store, table, columns):
    names = ", ".join(f'"{name}"' for name in sorted(columns))
    return sorted(map(repr, store.query(f'SELECT {names} FROM "{table}"')))


def _differing(store):
    """The views whose table holds something else."""
    return [
        view
        for view, columns in COLUMNS.items()
        if _lines(store, view, columns) != _lines(store, store.readings.relation(view, columns), columns)
    ]


def _tamper(store, sql):
    """Change the file past the program."""
    other = dbapi2.connect(str(store.folder / "kcdesk.db"), isolation_level=None)
    other.execute(sql)
    other.close()


@pytest.fixture
def kept(store, proposal):
    """The store with one proposal and its tables."""
    assert store.get(proposal)
    store.readings.prepare(COLUMNS)
    assert store.readings.relation("proposal", ("id", "year")) == "reading_proposal"
    return store


def test_every_way_of_writing_keeps_the_tables(kept, proposal):
    def act(change):
        with kept.act("thử") as writer:
            change(writer)
        assert _differing(kept) == []

    place = {"commune": "00006", "old_commune": "00001"}
    rows = {"machines": MACHINES, "beneficiaries": ["b1", "b2"]}
    act(lambda writer: writer.update(proposal, {"title": "Máy mới", "year": 2024, "place": place, **rows}))
    assert kept.query("SELECT quantity FROM reading_proposal_machine") == [{"quantity": 1.5}]
    act(lambda writer: writer.insert("contract", "contract@1", {"state": "draft", "proposal": proposal, "value": 5}))
    act(lambda writer: writer.update(proposal, {"machines/m1": None, "beneficiaries": ["b2"]}))
    act(lambda writer: writer.delete(proposal))
    assert kept.query("SELECT * FROM reading_proposal") == []
    act(lambda writer: writer.restore(proposal))
    kept.undo(kept.acts(1)[0].id)
    assert _differing(kept) == []
    with suppress(RuntimeError), kept.act("hỏng") as writer:
        writer.restore(proposal)
        raise RuntimeError
    assert _differing(kept) == []


def test_other_columns_are_read_from_the_view(kept):
    assert kept.readings.relation("proposal", ("id", "goals")) == "proposal"
    assert kept.readings.relation("payment", ("id",)) == "payment"
    assert kept.readings.relation("proposal", ()) == "proposal"


def test_other_definitions_make_other_tables(kept, proposal):
    kept.readings.prepare({"proposal": frozenset({"id", "goals"})})
    assert kept.readings.relation("proposal", ("goals",)) == "reading_proposal"
    assert kept.readings.relation("proposal", ("year",)) == "proposal"
    assert kept.query("SELECT id FROM reading_proposal") == [{"id": proposal}]


def test_a_second_connection_reads_the_same_tables(kept):
    with kept.reader() as reader:
        assert reader.readings.relation("contract", ("value",)) == "reading_contract"


def test_tables_that_are_not_complete_are_not_read_and_are_finished(kept):
    made = kept.setting("reading_tables")
    kept.set_setting("reading_tables", {**made, "complete": False})
    kept.readings.prepare(COLUMNS)
    assert kept.readings.relation("proposal", ("year",)) == "reading_proposal"
    assert kept.setting("reading_tables") == made
    kept.set_setting("reading_tables", {**made, "complete": False})
    with kept.reader() as reader:
        assert reader.readings.relation("proposal", ("year",)) == "proposal"


def test_tables_with_other_values_are_found_and_made_again(kept):
    assert kept.check() == []
    _tamper(kept, "UPDATE reading_proposal SET year = 1999")
    assert kept.check() == [REBUILT]
    assert kept.readings.relation("proposal", ("year",)) == "proposal"
    kept.readings.prepare(COLUMNS)
    assert _differing(kept) == []
    _tamper(kept, "INSERT INTO reading_proposal_beneficiaries_list SELECT seq, 'x', 'y' FROM reading_proposal")
    assert REBUILT in kept.check()
    assert kept.query("SELECT name FROM sqlite_master WHERE name GLOB 'reading_*'") == []
