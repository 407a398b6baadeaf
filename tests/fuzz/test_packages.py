"""Spoilt packages: each a clear answer, never a crash, and no record changed but by what says that it changed it."""

import json
import random

import pytest

from kcdesk.errors import KcdeskError
from kcdesk.exchange import package_file as packages
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.entries import RecordEntry
from kcdesk.exchange.container.manifest import Receiver
from kcdesk.formdef.loading.loader import load
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.handover.packages import receiving
from kcdesk.services.records import changing
from tests.fuzz.mutator import mutate
from tests.services.exchange_support import ABOVE, Offices, contents, whole

_ANSWERS = {"unknown_sender", "edited", "damaged", "foreign", "newer", "locked", "not_for_us", "sheets_differ"}


@pytest.fixture
def offices(tmp_path):
    made = Offices(tmp_path, load())
    yield made
    made.close()


@pytest.fixture
def pair(offices, acquainted_pair):
    unit, province = offices.take_all(acquainted_pair)
    for number in range(3):
        changing.add(unit, "proposal", {"title": f"Đề án {number}", "budget": [{"item": "Máy", "cost": number}]})
    return unit, province


def test_spoilt_packages_change_nothing_without_saying_so(offices, pair, rounds):
    unit, province = pair
    plain, _ = offices.export(unit)
    locked, _ = offices.export(unit, password="khoá")
    seeds = [plain.read_bytes(), locked.read_bytes()]
    before = whole(province)
    spoilt = offices.path()
    for number in range(rounds):
        spoilt.write_bytes(mutate(seeds[number % 2], number))
        if spoilt.read_bytes() in seeds:
            continue  # two changes that undid each other
        with pytest.raises(KcdeskError) as refused:
            receiving.receive(province, spoilt, "khoá" if number % 2 else "")
        assert refused.value.code in _ANSWERS, (number, refused.value.code)
        assert refused.value.sentence()
        assert whole(province) == before, number
    assert province.store.check() == []


def test_wrong_records_under_a_right_signature_are_refused_or_harmless(offices, pair, rounds, monkeypatch):
    unit, province = pair
    lines = list(unit.store.changed_since({}))
    chance = random.Random(7)
    genuine = RecordEntry.to_line

    def bent(entry):
        values = json.loads(genuine(entry))
        _bend(values, chance)
        return json.dumps(values).encode()

    for _ in range(max(10, rounds // 10)):
        path = offices.path()
        _make(monkeypatch, unit, path, lines, bent)
        before = contents(province)
        try:
            preview = package_preview.preview_package(province, path)
            receiving.receive(province, path)
        except KcdeskError:
            assert contents(province) == before
        else:
            changed = {line.id for line in preview.lines if line.status not in ("same", "refused")}
            after = contents(province)
            assert {id_ for id_ in after if after[id_] != before.get(id_)} <= changed
    assert province.store.check() == []


@pytest.mark.parametrize("known", [[], 5, None, {"a": 1}])
def test_a_known_record_that_tells_nonsense_of_what_it_knows_is_refused(offices, pair, monkeypatch, known):
    unit, province = pair
    offices.send(unit, province)
    genuine = RecordEntry.to_line

    def bent(entry):
        values = json.loads(genuine(entry))
        values["seen"] = dict.fromkeys(values["seen"], known)
        return json.dumps(values).encode()

    path = offices.path()
    _make(monkeypatch, unit, path, list(unit.store.changed_since({})), bent)
    before = contents(province)
    assert package_preview.preview_package(province, path).rows["refused"] == 3
    receiving.receive(province, path)
    assert contents(province) == before


def _make(monkeypatch, unit, path, lines, to_line):
    """A package of the unit's, signed by it, whose records are spelled by `to_line`."""
    with monkeypatch.context() as patch:
        patch.setattr(RecordEntry, "to_line", to_line)
        patch.setattr(packages, "_verify", lambda *_: None)
        receiver = Receiver(unit=ABOVE, name=ABOVE)
        order = packages.PackageOrder(path=path, records=lines, receiver=receiver, period="2026", package_type="C")
        packages.make_package(order, unit.store, signing.signing_key(unit.store))


_VALUES = (None, 0, -1, 1.5, True, "", "x", "=1+1", [], {}, [1], [{}], {"a": 1}, "9" * 30, "2026-13-45", "\u0000")


def _bend(values, chance):
    """One place of a record replaced by something that does not belong there."""
    place = values
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            break
        key = chance.choice(keys)
        if isinstance(place[key], dict | list) and place[key] and chance.random() < 0.8:
            place = place[key]
            continue
        place[key] = chance.choice(_VALUES)
        break
