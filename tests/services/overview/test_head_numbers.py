"""The six numbers of the first page and the lists that they count; what a list can be narrowed to."""

from __future__ import annotations

from kcdesk.services.overview import filter_options, head_numbers
from kcdesk.services.records import reading
from tests.services import lives, samples
from tests.services.samples import new


def numbers(workspace) -> dict[str, int]:
    return {number.name: number.number for number in head_numbers.head_numbers(workspace, 2)}


def test_every_number_is_the_length_of_its_list_and_no_state_counts_twice(workspace) -> None:
    new(workspace, "proposal", title="Đang soạn")
    samples.approved(workspace)
    shown = head_numbers.head_numbers(workspace, 2)
    assert len(shown) == 6
    assert numbers(workspace)["writing"] == 1
    states = [state for number in shown for state in number.where.get("state", ())]
    assert len(states) == len(set(states))
    for number in shown[:-1]:
        assert number.number == reading.count(workspace, "proposal", "", number.where)
    assert (shown[-1].name, shown[-1].number, shown[-1].tone) == ("late", 2, "wrong")


def test_a_province_sees_what_waits_for_it_and_can_narrow_lists_to_a_unit(offices, pair) -> None:
    unit, province = pair
    officer = new(province, "staff", name="Lê Thị Cúc")
    sent = lives.write(unit, "brand")
    lives.take(unit, sent, "finalise", "send")
    offices.send(unit, province)
    own = new(province, "proposal", title="Của tỉnh", handler=officer)
    assert len(head_numbers.head_numbers(province, 0)) == 6
    assert numbers(province)["examining"] == 1
    options = dict(filter_options.units(province, "proposal"))
    assert set(options) == {unit.identity.unit.code, province.identity.unit.code}
    found = reading.list_page(province, "proposal", where={"unit": unit.identity.unit.code}, order="unit")
    assert [row.id for row in found] == [sent]
    field = filter_options.officer_field(province.forms, "proposal")
    assert filter_options.officers(province, "proposal", field) == [(officer, "Lê Thị Cúc")]
    assert [row.id for row in reading.list_page(province, "proposal", where={"handler": officer})] == [own]
    assert filter_options.may_list_units(province, "proposal")
    assert not filter_options.may_list_units(unit, "proposal")


def test_an_office_of_every_level_has_its_numbers(offices) -> None:
    """The lowest level writes proposals and is told what it has to add; every level above follows those of others."""
    written, followed = [], []
    for level in ("lower", "province", "region", "nation"):
        office = offices.make(level.upper(), level, province="" if level in ("region", "nation") else "20")
        shown = numbers(office)
        (written if "writing" in shown else followed).append(level)
        assert len(shown) == 6, level
        assert set(shown.values()) == {0, 2}, level  # nothing but the two late deadlines
    assert [*written, *followed] == list(office.forms.levels.names)
    assert written == ["lower"]
