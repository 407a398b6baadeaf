"""Keys that claim to be of a unit that is known already."""

from __future__ import annotations

import pytest

from kcdesk.errors import UserError
from kcdesk.exchange.container import signing
from kcdesk.services.handover.packages import preview, receiving
from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace
from tests.services.exchange_support import Offices
from tests.services.samples import new

Pair = tuple[Workspace, Workspace]
ALIKE = ("TT-A", "tt-a", "TT-A ", "ТТ-А", "TT-Á", "TT\u200b-A", "ＴＴ-A", "TT-\u0410", "\u00a0TT-A")


def refused(act: object) -> str:
    with pytest.raises(UserError) as caught:
        act()  # type: ignore[operator]
    assert caught.value.hint
    return caught.value.code


def card_of(offices: Offices, workspace: Workspace, **options: object):  # type: ignore[no-untyped-def]
    path = offices.path()
    partners.write_identity(workspace, path, **options)  # type: ignore[arg-type]
    return path


def active(workspace: Workspace) -> list[str]:
    return [key["fingerprint"] for key in partners.known_partners(workspace) if not key["ended"]]


def test_another_key_for_a_known_unit_is_refused_under_every_code_that_looks_alike(
    offices: Offices, pair: Pair
) -> None:
    unit, province = pair
    known = active(province)
    for code in ALIKE:
        impostor = offices.make(code)
        new(impostor, "proposal", title="Giả")
        assert refused(lambda: partners.trust(province, card_of(offices, impostor))) == "known_unit", code  # noqa: B023
        path, _ = offices.export(impostor)
        assert refused(lambda: receiving.receive(province, path, trust=True)) == "known_unit", code  # noqa: B023
        assert refused(lambda: partners.trust(unit, card_of(offices, impostor))) == "own_unit", code  # noqa: B023
    assert active(province) == known


def test_nobody_becomes_the_province_of_a_unit(offices: Offices, pair: Pair) -> None:
    unit, _ = pair
    for code, level in (("SCT", "province"), ("sct ", "province"), ("SСT", "lower"), ("SCT-2", "province")):
        impostor = offices.make(code, level)
        assert refused(lambda: partners.trust(unit, card_of(offices, impostor))) in ("known_unit", "second_province")  # noqa: B023


def test_a_withdrawal_by_name_makes_room_and_stands_in_the_history(offices: Offices, pair: Pair) -> None:
    _, province = pair
    again = offices.make("TT-A")
    old = active(province)[0]
    assert refused(lambda: partners.withdraw(province, old, " ")) == "reason_missing"
    partners.withdraw(province, old, "Mất máy")
    partners.trust(province, card_of(offices, again))
    actions = [act.action for act in province.store.acts(2)]
    assert actions[0].startswith("Tin cậy khoá của Trung tâm TT-A")
    assert actions[1] == f"Huỷ tin cậy khoá {old} của Trung tâm TT-A (TT-A): Mất máy"


def test_a_renewal_counts_only_by_a_key_that_is_in_force_and_for_the_same_unit(offices: Offices, pair: Pair) -> None:
    unit, province = pair
    old = signing.signing_key(unit.store)
    renewed = card_of(offices, unit, renew=True)
    partners.withdraw(province, active(province)[0], "Lộ khoá")
    other = offices.make("TT-A")
    partners.trust(province, card_of(offices, other))
    assert refused(lambda: partners.trust(province, renewed)) == "known_unit"  # the old key was withdrawn
    signing.keep(unit.store, old)

    thief = offices.make("TT-A", "province", name="Sở giả")
    signing.keep(thief.store, signing.signing_key(other.store))
    risen = card_of(offices, thief, renew=True)
    assert refused(lambda: partners.trust(province, risen)) == "other_level"


def test_a_renewal_travels_with_the_next_packages_in_any_number_of_steps(offices: Offices, pair: Pair) -> None:
    unit, province = pair
    id_ = new(unit, "proposal", title="Máy cưa")
    for _ in range(3):
        card_of(offices, unit, renew=True)
    path, _ = offices.export(unit)
    shown = preview.preview_package(province, path)
    assert (shown.status, shown.code) == ("authentic", "")
    assert any("thay khoá" in note for note in shown.notes)
    assert active(province) != [partners.own_identity(unit)["fingerprint"]]
    receiving.receive(province, path)
    assert province.store.get(id_).data["title"] == "Máy cưa"
    assert active(province) == [partners.own_identity(unit)["fingerprint"]]
    assert any(act.action.startswith("Thay khoá đã tin cậy của Trung tâm TT-A") for act in province.store.acts(5))


def test_a_renewal_of_another_unit_proves_nothing(offices: Offices, pair: Pair) -> None:
    _, province = pair
    thief = offices.make("TT-A")
    card_of(offices, thief, renew=True)
    new(thief, "proposal", title="Giả")
    path, _ = offices.export(thief)
    assert preview.preview_package(province, path).code == "unknown_sender"


def test_a_second_laptop_needs_the_word_of_the_first(offices: Offices, pair: Pair) -> None:
    unit, province = pair
    second, stranger = offices.make("TT-A"), offices.make("TT-B")
    card = card_of(offices, second)
    assert refused(lambda: partners.trust(province, card)) == "known_unit"
    vouched = offices.path()
    assert refused(lambda: partners.write_identity(stranger, vouched, beside=card)) == "other_unit"
    partners.write_identity(unit, vouched, beside=card)
    partners.trust(province, vouched)
    assert len(active(province)) == 2
    new(second, "proposal", title="Máy hai")
    assert receiving.receive(province, offices.export(second)[0]).applied
