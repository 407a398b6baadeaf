"""Two laptops with one identity: a copied folder, a disk image put back. Nothing that either wrote is overwritten."""

import shutil
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.errors import UserError
from kcdesk.services import catalogue
from kcdesk.services.handover.packages import conflicts, receiving
from kcdesk.services.handover.receipts import writing
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from tests.examples import examples, some
from tests.services.samples import new

PHONE = "phone"


@pytest.fixture
def twins(offices):
    """Makes a copy of a store as an officer does: the folder, while no program has it open."""

    def copy(workspace):
        index = offices.made.index(workspace)
        folder = workspace.store.folder
        workspace.close()
        twin = folder.with_name(f"{folder.name}-copy-{len(offices.made)}")
        shutil.copytree(folder, twin)
        opened = [
            Workspace(Store.open(place, offices.forms), offices.forms, catalogue.extensions(), lambda: date(2026, 3, 5))
            for place in (folder, twin)
        ]
        offices.made[index] = opened[0]
        offices.made.append(opened[1])
        return opened

    return copy


def phone(workspace, id_):
    return workspace.store.get(id_).data.get(PHONE)


def set_phone(workspace, id_, number):
    changing.save(workspace, id_, {PHONE: number})


def both(workspace, id_):
    """The phone that is shown, and those that wait in «Cần xem»."""
    waiting = [side.text for question in conflicts.pile(workspace, id_) for side in question.waiting]
    return {phone(workspace, id_)[1:], *(text.replace(" ", "").lstrip("0") for text in waiting)}


A, B = "0912345678", "0987654321"
BOTH = {"912345678", "987654321"}


@pytest.fixture
def copied(pair, twins):
    """A unit in two copies that wrote different phone numbers, the province, and the beneficiary."""
    unit, province = pair
    id_ = new(unit, "beneficiary", name="Cơ sở Một", legal_form="household_business")
    one, two = twins(unit)
    set_phone(one, id_, A)
    set_phone(two, id_, B)
    return one, two, province, id_


ORDERS = [(0, 1), (1, 0), (0, 1, 0, 1), (1, 0, 0)]


@pytest.mark.parametrize(("order", "is_sent_before"), some(4, product(ORDERS, [False, True])))
def test_both_values_stand_in_the_pile(offices, pair, twins, order, is_sent_before):
    unit, province = pair
    id_ = new(unit, "beneficiary", name="Cơ sở Một", legal_form="household_business")
    if is_sent_before:
        offices.send(unit, province)
    copies = twins(unit)
    for workspace, number in zip(copies, (A, B), strict=True):
        set_phone(workspace, id_, number)

    results = [offices.send(copies[place], province, full=True)[1] for place in order]

    assert both(province, id_) == BOTH
    notes = [note for result in results for note in result.preview.notes]
    assert any("Hai máy của Trung tâm TT-A đang mang cùng một mã máy" in note for note in notes)
    assert not any("Chưa nhận gói" in note or "cũng mang số" in note for note in notes)


def test_what_only_one_copy_changed_is_no_question(offices, pair, twins):
    unit, province = pair
    id_ = new(unit, "beneficiary", name="Cơ sở Một", legal_form="household_business", phone=A)
    offices.send(unit, province)
    one, two = twins(unit)
    set_phone(one, id_, B)
    changing.save(two, id_, {"name": "Cơ sở Hai"})

    offices.send(one, province, full=True)
    offices.send(two, province, full=True)

    assert conflicts.pile(province) == []
    assert (phone(province, id_), province.store.get(id_).data["name"]) == (B, "Cơ sở Hai")


def test_a_store_that_goes_on_alone_is_no_copy(offices, pair):
    """Sessions, packages out of order and twice, a package after many sessions: one lineage."""
    unit, province = pair
    id_ = new(unit, "beneficiary", name="Cơ sở Một", legal_form="household_business")
    files = [offices.export(unit)[0]]
    for number in range(70):
        unit.close()
        offices.made[0] = unit = Workspace(
            Store.open(unit.store.folder, offices.forms), offices.forms, catalogue.extensions(), unit.today
        )
        set_phone(unit, id_, f"09123456{number:02}")
        if number in (3, 40):
            files.append(offices.export(unit, full=True)[0])
    files.append(offices.export(unit, full=True)[0])

    for place in (1, 0, 3, 2):
        notes = receiving.receive(province, files[place]).preview.notes
        assert not [note for note in notes if "mã máy" in note]

    assert (phone(province, id_), conflicts.pile(province)) == ("0912345669", [])


def test_a_decision_of_the_province_ends_it_everywhere(offices, copied):
    one, two, province, id_ = copied
    packages = [offices.send(workspace, province)[0] for workspace in (one, two)]
    (question,) = conflicts.pile(province)
    conflicts.decide(province, id_, question.path)
    chosen = phone(province, id_)

    for workspace, package in zip((one, two), packages, strict=True):
        path = offices.path()
        writing.make(province, package, path)
        receiving.receive(workspace, path)
        assert (phone(workspace, id_), conflicts.pile(workspace)) == (chosen, [])
        assert offices.send(workspace, province, full=True)[1].preview.rows["conflict"] == 0
    assert conflicts.pile(province) == []


def test_each_copy_hears_of_the_other_from_the_receipt(offices, copied):
    one, two, province, id_ = copied
    packages = [offices.send(workspace, province)[0] for workspace in (one, two)]

    for workspace, package in zip((one, two), packages, strict=True):
        path = offices.path()
        writing.make(province, package, path)
        receiving.receive(workspace, path)
        assert both(workspace, id_) == BOTH


def test_a_receipt_confirms_no_work_of_the_other_copy(offices, copied):
    """What the second copy has not sent yet is sent, although the first copy's newer work has been confirmed."""
    one, two, province, id_ = copied
    package, _ = offices.send(two, province)
    later = new(two, "beneficiary", name="Cơ sở Chưa gửi", legal_form="household_business")
    set_phone(one, id_, "0900000001")
    offices.send(one, province)
    path = offices.path()
    writing.make(province, package, path)
    receiving.receive(two, path)

    offices.send(two, province)

    assert province.store.get(later).data["name"] == "Cơ sở Chưa gửi"


def test_the_copies_take_packages_of_each_other(offices, copied):
    one, two, _, id_ = copied
    with pytest.raises(UserError, match="chính kho này"):
        receiving.receive(one, offices.export(one, receiver="TT-A")[0])

    receiving.receive(one, offices.export(two, receiver="TT-A")[0])

    assert both(one, id_) == BOTH


def test_a_backup_put_back_by_hand_loses_nothing(offices, pair, twins):
    """The work after the backup was sent; then the old folder was copied back and other work was done."""
    unit, province = pair
    id_ = new(unit, "beneficiary", name="Cơ sở Một", legal_form="household_business")
    today, before = twins(unit)
    set_phone(today, id_, A)
    offices.send(today, province)
    set_phone(before, id_, B)

    offices.send(before, province)

    assert both(province, id_) == BOTH


def test_a_third_office_hears_it_from_two_others(offices, pair, twins):
    """Each of two offices has one copy's packages; the third, which has neither, sees both values."""
    unit, province = pair
    id_ = new(unit, "beneficiary", name="Cơ sở Một", legal_form="household_business")
    one, two = twins(unit)
    other, third = offices.make("SCT", "province"), offices.make("SCT", "province")
    offices.acquaint(one, province, other, third)
    for workspace, number, office in ((one, A, province), (two, B, other)):
        set_phone(workspace, id_, number)
        offices.send(workspace, office)

    for office in (province, other):
        receiving.receive(third, offices.export(office, full=True, receiver="SCT")[0])

    assert both(third, id_) == BOTH


def test_undoing_the_receipt_of_a_copy_leaves_the_first(offices, copied):
    one, two, province, id_ = copied
    offices.send(one, province)
    package, _ = offices.send(two, province)

    receiving.undo(province, package)

    assert (phone(province, id_), conflicts.pile(province)) == (A, [])


STEP = st.tuples(st.integers(0, 2), st.sampled_from(("phone", "name", "note")), st.booleans())


@settings(max_examples=examples(5))
@given(steps=st.lists(STEP, min_size=3, max_size=8))
def test_nothing_that_a_copy_wrote_last_is_lost(tmp_path_factory, forms, acquainted_pair, steps):
    """Three copies write at random and send at random: every copy's last value of a field is shown or waits."""
    from tests.services.exchange_support import Offices  # a fixture would be shared by all examples

    offices = Offices(tmp_path_factory.mktemp("copies"), forms)
    unit, province = offices.take_all(acquainted_pair)
    id_ = new(unit, "beneficiary", name="Cơ sở Một", legal_form="household_business")
    folder = unit.store.folder
    unit.close()
    copies = []
    for number in range(3):
        place = shutil.copytree(folder, folder.with_name(f"copy-{number}"))
        copies.append(Workspace(Store.open(place, forms), forms, catalogue.extensions(), lambda: date(2026, 3, 5)))
    offices.made = [*copies, province]
    try:
        last = {}
        for count, (who, field, sends) in enumerate(steps):
            value = f"09123456{count:02}" if field == "phone" else f"Chữ {count}"
            name = "address" if field == "note" else field
            changing.save(copies[who], id_, {name: value})
            last[who, name] = value
            if sends:
                offices.send(copies[who], province, full=True)
        for who in range(3):
            offices.send(copies[who], province, full=True)
        state = province.store.merging.state(province.store.merging.stored(id_))
        for (_, name), value in last.items():
            assert value in (state.data.get(name), *state.others.get(name, {}).values())
        assert province.store.check() == []
    finally:
        offices.close()
