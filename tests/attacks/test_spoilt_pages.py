"""Signed pages of a known office (identity, rules, recovery key, consent) whose values are spoilt and signed again."""

from __future__ import annotations

import base64
import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from kcdesk.errors import KcdeskError
from kcdesk.exchange import rule_files
from kcdesk.exchange.container import signing
from kcdesk.exchange.recovery import recovery_pages
from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.database.sealed_key import SealedKey
from tests.attacks.forged_packages import canonical
from tests.services.exchange_support import Offices

_PART = "customXml/item1.xml"
SPOILT: tuple[Any, ...] = (
    *("", "x", "ổ" * 3, "9999-99-99", "a\u202eb", "a\nb", "A" * 44, "../../x", "=1+1", "é" * 20_000),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-12:00", "2026-11-30T08:00:00", None, 1, True, [], {}),
)
NO_MOMENTS = ("", "x", "9999-99-99", "2026-11-30T08:00:00")
HIDDEN = ("a\u202eb", "a\nb", "é" * 20_000)


def restated(source: Path, target: Path, office: Workspace, purpose: str, name: str, value: object) -> Path:
    """The page with another value, signed again with the key of the office."""
    with zipfile.ZipFile(source) as archive:
        content = {entry: archive.read(entry) for entry in archive.namelist()}
    root = etree.fromstring(content[_PART])
    said, signature = (root.find(f"{{*}}{tag}") for tag in (_statement_tag(root), "signature"))
    stated = canonical({**json.loads(said.text), name: value})
    said.text = stated.decode()
    signature.text = base64.b64encode(signing.sign(signing.signing_key(office.store), purpose, stated)).decode()
    content[_PART] = etree.tostring(root)
    with zipfile.ZipFile(target, "w") as archive:
        for entry, data in content.items():
            archive.writestr(entry, data)
    return target


def _statement_tag(root: Any) -> str:
    return "card" if root.find("{*}card") is not None else "content"


def names_of(source: Path) -> list[str]:
    with zipfile.ZipFile(source) as archive:
        root = etree.fromstring(archive.read(_PART))
    return list(json.loads(root.findtext(f"{{*}}{_statement_tag(root)}")))


def answer(door: Callable[[], object]) -> str:
    """The code of the refusal, "" if there was none; anything but a sentence fails."""
    try:
        door()
    except KcdeskError as error:
        return error.code
    return ""


Door = Callable[[Path], object]


def refusals(source: Path, tmp_path: Path, office: Workspace, purpose: str, *doors: Door) -> dict[tuple[str, str], str]:
    """What the first door says to each spoilt value of a page; all doors must answer in sentences."""
    said = {}
    for name in names_of(source):
        for number, value in enumerate(SPOILT):
            bad = restated(source, tmp_path / f"{name}-{number}.xlsx", office, purpose, name, value)
            answers = [answer(partial(door, bad)) for door in doors]
            said[name, repr(value)] = answers[0]
    return said


def assert_told(said: dict[tuple[str, str], str], code: str) -> None:
    """What is no moment, and a name that hides letters, is no page of this program."""
    assert {said["made_at", repr(value)] for value in NO_MOMENTS} == {code}
    assert {said[name, repr(value)] for name in ("unit", "name", "officer") for value in HIDDEN} == {code}


@pytest.fixture
def pair(offices: Offices) -> tuple[Workspace, Workspace]:
    """A unit and its province, not acquainted yet."""
    return offices.make("TT-A"), offices.make("SCT", "province")


def test_identities(offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    unit, province = pair
    card = offices.path()
    partners.write_identity(unit, card)

    def trust(path: Path) -> None:
        partners.trust(province, path)
        partners.known_partners(province)

    assert_told(refusals(card, tmp_path, unit, "identity", partners.read_identity, trust), "not_identity")


def test_a_second_laptop_of_a_unit(offices: Offices, tmp_path: Path) -> None:
    first, second, card = offices.make("TT-A"), offices.make("TT-A"), offices.path()
    partners.write_identity(second, card)

    def vouch(path: Path) -> None:
        partners.write_identity(first, tmp_path / "vouched.xlsx", beside=path)

    assert_told(refusals(card, tmp_path, second, "identity", vouch), "not_identity")


def test_rules(offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    _, province = pair
    rules = offices.path()
    key, identity = signing.signing_key(province.store), province.identity
    rule_files.write_rules(rules, identity, key, {"norms/x.toml": "# x"}, "Định mức")
    assert_told(refusals(rules, tmp_path, province, "rules", rule_files.read_rules), "not_rules")


def test_recovery_pages(offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    unit, province = pair
    key = signing.public_key(signing.new_key())
    seal = SealedKey(id="a" * 16, store=unit.identity.store_id, to=key, sender=key, wrapped="x")
    offer, consent = offices.path(), offices.path()
    recovery_pages.write_offer(offer, province.identity, signing.signing_key(province.store), key)
    recovery_pages.write_consent(consent, unit.identity, signing.signing_key(unit.store), seal)
    said = refusals(offer, tmp_path, province, "recovery key", recovery_pages.read_offer)
    assert_told(said, "not_recovery_key")
    said = refusals(consent, tmp_path, unit, "recovery consent", recovery_pages.read_consent)
    assert_told(said, "not_consent")
