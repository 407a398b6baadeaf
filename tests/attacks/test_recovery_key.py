"""The recovery key of the province: only by consent, for that store, recorded on both sides, over after its use."""

from __future__ import annotations

import base64
import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kcdesk.errors import UserError
from kcdesk.exchange.container import signing
from kcdesk.exchange.recovery import recovery_files, recovery_pages
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import key_seal, opening, passphrases, recovery_key, restoring
from kcdesk.services.workspace import Workspace
from kcdesk.store.database import key, sealed_key
from kcdesk.store.safety import rekeying
from tests.services.samples import new

SECRET, NEW = "bốn từ dễ nhớ", "bảy cây cầu nhỏ"


class Desk(Value):
    """A unit and its province on one table, with a stick between them."""

    folder: Path

    @property
    def offer(self) -> Path:
        return self.folder / "khoa-tinh.xlsx"

    @property
    def consent(self) -> Path:
        return self.folder / "dong-y.xlsx"

    @property
    def request(self) -> Path:
        return self.folder / "nho-mo.json"

    @property
    def answer(self) -> Path:
        return self.folder / "tra.json"

    def store(self, name: str) -> Path:
        return self.folder / name

    @contextmanager
    def opened(self, name: str, secret: str = SECRET) -> Iterator[Workspace]:
        workspace = opening.open_workspace(self.store(name), secret)
        try:
            yield workspace
        finally:
            workspace.close()

    def fingerprint(self) -> str:
        return signing.fingerprint(recovery_pages.read_offer(self.offer).recovery_key)


def office(folder: Path, code: str, level: str) -> Workspace:
    wanted = opening.NewStore(
        unit=f"Đơn vị {code}", code=code, level=level, province="20", officer=f"Cán bộ {code}", passphrase=SECRET
    )
    return opening.create_workspace(folder, wanted)[0]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A unit that has consented, its province, a unit that has not, and a stranger who says he is the province."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    offices = {
        name: office(desk.store(name), code, level)
        for name, code, level in (
            ("unit", "TT-A", "lower"),
            ("province", "SCT", "province"),
            ("other", "TT-B", "lower"),
            ("stranger", "SCT", "province"),
        )
    }
    new(offices["unit"], "proposal", title="Máy cưa")
    for name, workspace in offices.items():
        card = desk.folder / f"{name}.xlsx"
        partners.write_identity(workspace, card)
        if name in ("unit", "other"):
            partners.trust(offices["province"], card)
        if name == "province":
            partners.trust(offices["unit"], card)
    partners.trust(offices["other"], desk.folder / "province.xlsx")
    recovery_key.offer(offices["province"], desk.offer)
    recovery_key.offer(offices["stranger"], desk.folder / "khoa-la.xlsx")
    recovery_key.consent(offices["unit"], desk.offer, desk.fingerprint(), desk.consent)
    recovery_key.take_consent(offices["province"], desk.consent)
    for workspace in offices.values():
        workspace.close()
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(made.folder, tmp_path / "desk"))


def refusal(act) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(UserError) as refused:
        act()
    return str(refused.value.code)


def actions(workspace: Workspace) -> list[str]:
    return [str(row["action"]) for row in workspace.store.query("SELECT action FROM act ORDER BY seq")]


def answered(desk: Desk) -> str:
    """The code by which the province opens the store of the unit, whose passphrase and code are lost."""
    recovery_key.write_request(desk.store("unit"), desk.request)
    with desk.opened("province") as province:
        return recovery_key.answer(province, desk.request, desk.answer, "Chị A quên mật khẩu, đã gọi lại")


def test_a_lost_store_is_opened_once_and_then_has_another_key(desk: Desk) -> None:
    unit = desk.store("unit")
    with desk.opened("unit") as workspace:
        new(workspace, "proposal", title="Sau khi đồng ý")
    code = answered(desk)
    before = key.name_of(unit)
    recovery_key.take_answer(unit, desk.answer, code.lower())
    assert key_seal.is_lent(unit)
    opened, _ = passphrases.change(opening.open_workspace(unit, code), NEW)
    titles = {row["title"] for row in opened.store.query("SELECT json_extract(data, '$.title') AS title FROM record")}
    assert {"Máy cưa", "Sau khi đồng ý"} <= titles
    assert opened.store.check() == []
    assert recovery_key.given_consent(opened) is None
    assert any("không còn gửi ở" in action for action in actions(opened))
    opened.close()
    assert key.name_of(unit) != before
    assert not key_seal.is_lent(unit)
    assert not key_seal.can_ask(unit)
    assert refusal(lambda: opening.open_workspace(unit, code)) == "wrong_code"
    assert refusal(lambda: opening.open_workspace(unit, SECRET)) == "wrong_passphrase"
    assert refusal(lambda: recovery_key.take_answer(unit, desk.answer, code)) == "other_store"


def test_both_sides_have_it_in_their_history(desk: Desk) -> None:
    answered(desk)
    with desk.opened("unit") as unit:
        assert any(f"gửi khoá kho này ở Đơn vị SCT (SCT): {desk.fingerprint()}" in line for line in actions(unit))
    with desk.opened("province") as province:
        told = "\n".join(actions(province))
        assert f"Lập khoá khôi phục cho các đơn vị: {desk.fingerprint()}" in told
        assert "Ghi nhận Đơn vị TT-A (TT-A) đồng ý" in told
        assert "Chị A quên mật khẩu" in told
        assert [held.unit for held in recovery_key.held_consents(province)] == ["TT-A"]


def test_the_files_on_the_stick_open_nothing_alone(desk: Desk) -> None:
    code = answered(desk)
    with desk.opened("unit") as unit:
        secret = sealed_key.opened(key.seal_of(unit.store.folder), key_of_province(desk))  # type: ignore[arg-type]
    carried = b"".join(path.read_bytes() for path in (desk.offer, desk.consent, desk.request, desk.answer))
    assert secret.hex().encode() not in carried
    assert secret not in carried
    assert code.replace("-", "").encode() not in carried
    assert code.encode() not in carried
    wrong = code[:-4] + ("AAAA" if not code.endswith("AAAA") else "BBBB")
    assert refusal(lambda: recovery_key.take_answer(desk.store("unit"), desk.answer, wrong)) == "wrong_code"
    assert not key_seal.is_lent(desk.store("unit"))


def key_of_province(desk: Desk) -> bytes:
    with desk.opened("province") as province:
        return province.store.secret("recovery_key")


def test_a_key_of_a_stranger_or_an_exchanged_one_is_refused(desk: Desk) -> None:
    """A forged offer in the province's name, a genuine one exchanged after the call, one of a withdrawn key."""
    strange, place = desk.folder / "khoa-la.xlsx", desk.folder / "ra.xlsx"
    with desk.opened("other") as other:
        assert refusal(lambda: recovery_key.read_offer(other, strange)) == "unknown_sender"
        assert refusal(lambda: recovery_key.consent(other, strange, desk.fingerprint(), place)) == "unknown_sender"
        wrong = "12345 " * 5 + "12345"
        assert refusal(lambda: recovery_key.consent(other, desk.offer, wrong, place)) == "other_recovery_key"
        assert not place.exists()
        assert key.seal_of(other.store.folder) is None
        assert not any("gửi khoá" in action for action in actions(other))
        known = partners.known_partners(other)[0]["fingerprint"]
        partners.withdraw(other, known, "Lộ khoá")
        assert refusal(lambda: recovery_key.read_offer(other, desk.offer)) == "unknown_sender"


def test_only_an_office_above_may_hold_the_key(desk: Desk) -> None:
    """A neighbour whose key is trusted says that he is one."""
    with desk.opened("unit") as unit, desk.opened("other") as other:
        partners.trust(unit, desk.folder / "other.xlsx")
        mine = desk.folder / "cua-b.xlsx"
        assert refusal(lambda: recovery_key.offer(other, mine)) == "not_deciding"
        recovery_pages.write_offer(
            mine,
            other.identity,
            signing.signing_key(other.store),
            sealed_key.public_half(sealed_key.new_recovery_key()),
        )
        assert refusal(lambda: recovery_key.read_offer(unit, mine)) == "not_above"


def test_an_offer_that_somebody_has_edited_is_none(desk: Desk) -> None:
    """Another public key in an otherwise genuine page, and the page by whose signature a unit consents."""
    thief = sealed_key.public_half(sealed_key.new_recovery_key()).encode()
    for page, genuine in (
        (desk.offer, recovery_pages.read_offer(desk.offer).recovery_key),
        (desk.consent, recovery_pages.read_consent(desk.consent).sender),
    ):
        with zipfile.ZipFile(page) as archive:
            parts = {name: archive.read(name).replace(genuine.encode(), thief) for name in archive.namelist()}
        with zipfile.ZipFile(page, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
    with desk.opened("other") as other, desk.opened("province") as province:
        assert refusal(lambda: recovery_key.read_offer(other, desk.offer)) == "not_recovery_key"
        assert refusal(lambda: recovery_key.take_consent(province, desk.consent)) == "not_consent"


@pytest.mark.parametrize("change", ["to", "store", "id", "wrapped", "sender"])
def test_a_seal_that_was_altered_opens_nothing_and_is_put_right(desk: Desk, change: str) -> None:
    """The thief of a laptop writes his own recovery key, or another store's seal, into `key.json`."""
    folder, thief = desk.store("unit"), sealed_key.new_recovery_key()
    seal = key.seal_of(folder)
    assert seal is not None
    altered = {
        "to": sealed_key.public_half(thief),
        "store": "0" * 16,
        "id": "0" * 16,
        "wrapped": "00" * 40,
        "sender": sealed_key.public_half(thief),
    }
    key.keep_seal(folder, replace(seal, **{change: altered[change]}))
    recovery_key.write_request(folder, desk.request)
    with desk.opened("province") as province:
        code = refusal(lambda: recovery_key.answer(province, desk.request, desk.answer, "Mở giúp"))
        assert code == ("no_consent" if change == "store" else "sealed_key")
    assert not desk.answer.exists()
    with desk.opened("unit") as unit:
        assert key_seal.MENDED in unit.store.repairs
        opened, _ = passphrases.change(unit, NEW)
        opened.close()
    again = key.seal_of(folder)
    assert again is not None
    assert again.to == seal.to
    assert again.id != seal.id


def test_a_seal_without_consent_is_taken_away(desk: Desk) -> None:
    seal = key.seal_of(desk.store("unit"))
    key.keep_seal(desk.store("other"), seal)
    with desk.opened("other") as other:
        assert key_seal.MENDED in other.store.repairs
    assert not key_seal.can_ask(desk.store("other"))


def test_a_withdrawn_consent_opens_nothing_any_more(desk: Desk) -> None:
    """Also not by a copy of `key.json`, or a request, that was made before."""
    folder = desk.store("unit")
    code = answered(desk)
    former = (folder / key.FILE).read_bytes()
    with desk.opened("unit") as unit:
        opened, _ = passphrases.change(unit, NEW, ends_consent=True)
        assert recovery_key.given_consent(opened) is None
        opened.close()
    assert refusal(lambda: recovery_key.write_request(folder, desk.request)) == "not_consented"
    (folder / key.FILE).write_bytes(former)
    assert refusal(lambda: recovery_key.take_answer(folder, desk.answer, code)) == "foreign_key"
    assert not key_seal.is_lent(folder)


def test_an_ordinary_change_of_the_passphrase_keeps_the_consent(desk: Desk) -> None:
    with desk.opened("unit") as unit:
        passphrases.change(unit, NEW)[0].close()
    code = answered(desk)
    recovery_key.take_answer(desk.store("unit"), desk.answer, code)
    with desk.opened("unit", code) as unit:
        assert unit.store.check() == []


def test_the_province_opens_no_store_that_has_not_consented(desk: Desk) -> None:
    """A request that a clever unit, or a thief, has sealed to the public key without any consent on record."""
    with desk.opened("other") as other:
        recovery_files.write_request(
            desk.request, other.store.sealed_to(recovery_pages.read_offer(desk.offer).recovery_key)
        )
    with desk.opened("province") as province:
        assert refusal(lambda: recovery_key.requested(province, desk.request)) == "no_consent"
        assert refusal(lambda: recovery_key.take_consent(province, desk.offer)) == "not_consent"
    with desk.opened("stranger") as stranger:
        assert refusal(lambda: recovery_key.take_consent(stranger, desk.consent)) == "unknown_sender"


def test_without_a_reason_nothing_is_opened(desk: Desk) -> None:
    recovery_key.write_request(desk.store("unit"), desk.request)
    with desk.opened("province") as province:
        assert refusal(lambda: recovery_key.answer(province, desk.request, desk.answer, "  ")) == "reason_missing"
    assert not desk.answer.exists()


SPOILT = (
    b"",
    b"\0" * 100,
    b"[" * 10_000,
    b"{" * 20_000,
    b'{"kcdesk": "answer"}',
    b'{"kcdesk": "answer", "values": []}',
    b'{"kcdesk": "answer", "values": {"id": "x", "store": "y", "wrapped": {"n": 1}, "more": 1}}',
    b'{"kcdesk": "request", "values": {"id": 1, "store": "y", "to": "", "sender": "", "wrapped": ""}}',
    json.dumps({"kcdesk": "request", "values": dict.fromkeys(("id", "store", "to", "sender"), "x")}).encode(),
)


@pytest.mark.parametrize("content", SPOILT)
def test_any_other_file_is_refused_with_a_sentence(desk: Desk, content: bytes) -> None:
    desk.request.write_bytes(content)
    desk.answer.write_bytes(content)
    with desk.opened("province") as province:
        assert refusal(lambda: recovery_key.requested(province, desk.request)) == "not_recovery_file"
    assert refusal(lambda: recovery_key.take_answer(desk.store("unit"), desk.answer, "A")) == "not_recovery_file"


def test_an_answer_that_costs_too_much_is_refused_at_once(desk: Desk) -> None:
    code = answered(desk)
    values = json.loads(desk.answer.read_bytes())
    values["values"]["wrapped"]["p"] = 200
    desk.answer.write_text(json.dumps(values), encoding="utf-8")
    assert refusal(lambda: recovery_key.take_answer(desk.store("unit"), desk.answer, code)) == "key_damaged"


def test_a_recovery_key_of_weak_points_seals_nothing() -> None:
    """Points of small order make a secret that everybody knows."""
    zero = base64.b64encode(bytes(32)).decode()
    with pytest.raises(ValueError, match="shared key"):
        sealed_key.sealed(bytes(32), "id", "store", zero)


def test_a_copy_brings_the_seal_of_its_own_key(desk: Desk) -> None:
    """Made before, restored after a change of the key: the consent is that of the copy, and its seal opens it."""
    with desk.opened("unit") as unit:
        copy = unit.store.backup(desk.folder / "ban-sao")
        passphrases.change(unit, NEW, ends_consent=True)[0].close()
    with desk.opened("unit", NEW) as unit:
        prepared = restoring.stage_backup(desk.store("unit"), copy, SECRET, restoring.store_summary(unit))
        restored, _ = restoring.restore(prepared, consent=True, here=unit)
        assert recovery_key.given_consent(restored) is not None
        restored.close()
    code = answered(desk)
    recovery_key.take_answer(desk.store("unit"), desk.answer, code)
    with desk.opened("unit", code) as unit:
        assert unit.store.check() == []


def test_nothing_of_the_seal_is_left_in_the_setting_after_use(desk: Desk) -> None:
    with desk.opened("unit") as unit:
        passphrases.change(unit, NEW, ends_consent=True)[0].close()
    with desk.opened("unit", NEW) as unit:
        assert unit.store.setting(rekeying.CONSENT) is None
