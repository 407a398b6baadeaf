"""The sheets of a large package are compared beside taking it in; nothing is taken in before the answer is there."""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path

import pytest

from kcdesk.bounded import limits
from kcdesk.errors import UserError
from kcdesk.exchange.as_made import part_hashes
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.packages import preview, receiving
from kcdesk.services.handover.packages.verdict import judged
from kcdesk.services.handover.receipts import writing
from kcdesk.services.handover.trust.senders import Consent
from kcdesk.services.workspace import Workspace
from tests.attacks.forged_packages import forged
from tests.attacks.test_hidden_content import ATTACKS
from tests.services.exchange_support import Offices, contents, whole
from tests.services.samples import BENEFICIARY, PROPOSAL, new

pytestmark = pytest.mark.skipif(os.cpu_count() == 1, reason="on one processor the sheets are compared before")


@pytest.fixture(autouse=True)
def every_package_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_hashes, "MANY", 1)


@pytest.fixture
def genuine(offices: Offices, pair: tuple[Workspace, Workspace]) -> Path:
    unit, _ = pair
    new(unit, "proposal", **PROPOSAL, beneficiaries=[new(unit, "beneficiary", **BENEFICIARY)])
    return offices.export(unit)[0]


def is_beside(province: Workspace, package: Path) -> bool:
    with judged(province, package, "", Consent(), province.store) as verdict, verdict.comparing() as beside:
        assert verdict.compared().bar is None
        return beside


def test_a_genuine_package_is_taken_in_as_without(
    pair: tuple[Workspace, Workspace], genuine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, province = pair
    with monkeypatch.context() as small:
        small.setattr(part_hashes, "MANY", 1_000)
        assert not is_beside(province, genuine)
    province.forms.once("sheets as made", deque[str]).clear()
    assert is_beside(province, genuine)
    province.forms.once("sheets as made", deque[str]).clear()
    assert receiving.receive(province, genuine).preview.rows["new"] == 2
    assert contents(province) == contents(unit)


def test_sheets_that_lie_are_found_before_the_act_ends(
    pair: tuple[Workspace, Workspace], genuine: Path, tmp_path: Path
) -> None:
    unit, province = pair
    before = whole(province)
    for name in ("a hidden row", "white letters", "a sum of the cover"):
        change, said = ATTACKS[name]
        bad = forged(genuine, tmp_path / "bad.xlsx", unit, others=change)
        with judged(province, bad, "", Consent(), province.store) as verdict, verdict.comparing() as beside:
            assert beside
            assert verdict.bar is None
            assert any(said in sentence for sentence in verdict.compared().differing)
        with pytest.raises(UserError) as refused:
            receiving.receive(province, bad)
        assert refused.value.code == "sheets_differ", name
    assert whole(province) == before
    assert receiving.receive(province, genuine).applied


def test_a_record_that_the_sheets_do_not_show_is_found(
    pair: tuple[Workspace, Workspace], genuine: Path, tmp_path: Path
) -> None:
    unit, province = pair

    def more(lines: list[dict[str, dict[str, object]]]) -> None:
        lines[-1]["data"]["title"] = "Tên khác tên trên bảng tính"

    bad = forged(genuine, tmp_path / "bad.xlsx", unit, records=more)
    with pytest.raises(UserError) as refused:
        receiving.receive(province, bad)
    assert refused.value.code == "sheets_differ"
    assert contents(province) == {}


def test_without_the_worker_process_the_sheets_are_compared_here(
    pair: tuple[Workspace, Workspace], genuine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit, province = pair
    no_time = replace(limits.SHEETS_MADE_AGAIN, seconds=0.001, seconds_each=0)
    monkeypatch.setattr(limits, "SHEETS_MADE_AGAIN", no_time)
    bad = forged(genuine, tmp_path / "bad.xlsx", unit, others=ATTACKS["a hidden row"][0])
    with pytest.raises(UserError) as refused:
        receiving.receive(province, bad)
    assert refused.value.code == "sheets_differ"
    assert receiving.receive(province, genuine).preview.rows["new"] == 2


def test_cancelling_ends_the_comparison_too(pair: tuple[Workspace, Workspace], genuine: Path) -> None:
    _, province = pair
    before = whole(province)

    class Cancelled(Exception):  # noqa: N818 - no error
        pass

    def cancelled(_done: int, _total: int, _text: str = "", /) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        receiving.receive(province, genuine, progress=cancelled)
    assert whole(province) == before
    assert receiving.receive(province, genuine).applied


def test_what_the_preview_has_compared_is_not_compared_again(
    pair: tuple[Workspace, Workspace], genuine: Path, tmp_path: Path
) -> None:
    unit, province = pair
    assert preview.preview_package(province, genuine).code == ""
    assert not is_beside(province, genuine)
    bad = forged(genuine, tmp_path / "bad.xlsx", unit, others=ATTACKS["a hidden row"][0])
    with pytest.raises(UserError) as refused:
        receiving.receive(province, bad)
    assert refused.value.code == "sheets_differ"
    new(province, "beneficiary", **BENEFICIARY)
    assert receiving.receive(province, genuine).applied


def test_a_title_that_has_changed_here_is_looked_at_again(
    offices: Offices, pair: tuple[Workspace, Workspace], genuine: Path
) -> None:
    """A sheet names records that are not in the package as this store does."""
    unit, province = pair
    package = receiving.receive(province, genuine).preview.package
    receipt = offices.path()
    writing.make(province, package, receipt)
    receiving.receive(unit, receipt)
    (owner,) = unit.store.page("beneficiary", limit=1)
    new(unit, "proposal", **PROPOSAL | {"title": "Đề án sau"}, beneficiaries=[owner.id])
    later, _ = offices.export(unit)
    shown = preview.preview_package(province, later)
    assert (shown.code, shown.counts) == ("", {"proposal": 1})
    assert not is_beside(province, later)
    with province.store.act("đổi tên") as act:
        act.update(owner.id, {"name": "Tên khác ở đây"})
    with judged(province, later, "", Consent(), province.store) as verdict, verdict.comparing() as beside:
        assert beside
