"""A person who was erased: every byte of the store is searched, and the ways by which a value could come back."""

import io
import json
import shutil
from contextlib import suppress
from datetime import date

from PIL import Image

from kcdesk.errors import UserError
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.packages import conflicts, receiving
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import copy_contents, opening, relocation
from kcdesk.services.personal import people, rights
from kcdesk.services.records import changing, finding
from kcdesk.services.reporting import running
from kcdesk.store.safety import backup
from kcdesk.store.store import Store
from tests.attacks.traces import traces, variants
from tests.services import samples
from tests.services.samples import new

NAME, FORMER, OLD_PHONE, PHONE, CARD, MAIL = (
    "Zạng Khuynh Quắc", "Zạng Khuynh Huếch", "0918273645", "0981726354", "020095001234", "quac.khuynh@vidu.vn",
)  # fmt: skip
WANTED = {value: variants(value) for value in (NAME, FORMER, OLD_PHONE, "0918 273 645", PHONE, CARD, MAIL)}
WANTED |= {"a rare word": variants("Khuynh")}
MANY_YEARS_LATER = date(2045, 1, 1)


def later(workspace):
    """The same store when every period of keeping is over."""
    return replace(workspace, today=lambda: MANY_YEARS_LATER)


def photo(workspace, colour):
    held = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(held, "PNG")
    return held.getvalue(), workspace.store.files.add(held.getvalue(), f"{NAME}.png")


def dossiers(workspace):
    """A person as beneficiary, in a proposal, a contract, their kept papers, and texts about other things."""
    cards = [photo(workspace, colour) for colour in ("red", "blue")]
    beneficiary = samples.beneficiary(workspace, representative=FORMER, phone=OLD_PHONE, email=MAIL, citizen_id=CARD)
    for _, card in cards:  # the second replaces the first
        changing.set_values(workspace, beneficiary, {"citizen_id_files": [card]})
    changing.set_values(workspace, beneficiary, {"representative": NAME, "phone": PHONE})
    proposal = samples.proposal(
        workspace, beneficiaries=[beneficiary], title=f"Máy cưa của hộ ông {NAME}", necessity="Gọi 0918 273 645"
    )
    other = new(workspace, "collaborator", name="Trần Văn Bình", note=f"hỏi {NAME.upper()} trước")
    return beneficiary, proposal, other, [content for content, _ in cards]


def copied(workspace, place):
    """What a power cut would leave of the folder of a store, without its copies."""
    shutil.copytree(workspace.store.folder, place, ignore=shutil.ignore_patterns(backup.FOLDER, "lock"))
    return place


def erase_all(workspace, reason=f"Đơn ngày 01/03/2026 của ông {NAME}"):
    words = (NAME, FORMER, PHONE, OLD_PHONE, CARD)
    return rights.erase(later(workspace), people.find(workspace, *words).erasable(), reason)


def test_no_byte_of_the_store_names_a_person_who_was_erased(offices, pair, tmp_path):
    unit, province = pair
    beneficiary, proposal, other, photos = dossiers(unit)
    steps.take_step(unit, proposal, "finalise")
    offices.send(unit, province, include_sensitive=True, purpose=f"Ông {NAME} xin")
    running.run(unit, running.Wanted(name="funding"))  # makes reading tables
    assert {place.record for place in people.find(unit, NAME).places} == {beneficiary, proposal, other}
    done = erase_all(unit)
    assert done["erased"].keys() == {beneficiary, proposal, other}
    assert done["restricted"] == done["kept"] == []
    assert unit.store.check() == []
    assert not [hit for hits in finding.find(unit, "khuynh") for hit in hits.records]
    assert not people.find(unit, NAME, PHONE, OLD_PHONE).places
    files = unit.store.folder / "files.db"
    assert not [content for content in photos if content in files.read_bytes()]
    assert traces(copied(unit, tmp_path / "copy"), WANTED) == []


def test_a_power_cut_after_the_act_leaves_nothing_either(workspace, tmp_path, monkeypatch):
    _, _, _, photos = dossiers(workspace)
    monkeypatch.setattr(Store, "overwrite_erased", lambda _store: None)  # the cut comes before
    erase_all(workspace)
    monkeypatch.undo()
    folder = copied(workspace, tmp_path / "copy")
    assert traces(folder, WANTED), "else this proves little"
    with Store.open(folder, workspace.forms) as store:
        assert store.check() == []
    assert traces(folder, WANTED) == []
    assert not [content for content in photos if content in (folder / "files.db").read_bytes()]


def test_nothing_brings_it_back(offices, pair):
    unit, province = pair
    beneficiary, _, _, _ = dossiers(unit)
    first, _ = offices.export(unit)
    receiving.receive(province, first)
    changing.set_values(province, beneficiary, {"phone": "0981726355"})  # both change the same field
    changing.set_values(unit, beneficiary, {"phone": "0981726356"})
    second, _ = offices.export(unit)
    receiving.receive(province, second)
    erase_all(province)
    for package in (first, second):
        with suppress(UserError):  # a package is received once
            receiving.receive(province, package)
    third, _ = offices.export(unit, full=True)
    receiving.receive(province, third)
    assert province.store.get(beneficiary).data.get("representative") == "[đã xoá]"
    assert not people.find(province, "0981726355").places
    assert not people.find(province, "0981726356").places
    assert not [conflict for conflict in conflicts.pile(province) if conflict.record == beneficiary]
    while (step := province.store.undoable()) is not None:
        province.store.undo(step)
    assert not people.find(province, FORMER).places or FORMER not in json.dumps(province.store.get(beneficiary).data)
    assert province.store.check() == []


def test_an_older_copy_that_is_opened_beside_is_erased_too(workspace):
    beneficiary, _, _, _ = dossiers(workspace)
    copy = workspace.store.backup()
    erase_all(workspace)
    beside = opening.open_workspace(copy_contents.open_beside(workspace, copy))
    try:
        assert beside.store.get(beneficiary).data["representative"] == NAME, "as long as nobody has opened its window"
        relocation.doubt(beside)
        assert not people.find(beside, NAME, OLD_PHONE).places
        assert beside.store.check() == []
        assert traces(beside.store.folder, WANTED) == []
    finally:
        beside.close()
