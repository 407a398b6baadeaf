"""The paper that goes with a package, and numbers of packages that a restored store does not give twice."""

import hashlib
import shutil

import pypdfium2
import pytest

from kcdesk.errors import UserError
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.collecting import batch_receiving
from kcdesk.services.handover.packages import handover_record, preview, receiving
from kcdesk.services.handover.receipts import writing
from kcdesk.services.handover.trust import partners
from kcdesk.services.records import changing
from kcdesk.store.store import Store
from tests.services.exchange_support import contents
from tests.services.samples import new


def said(pdf):
    with pypdfium2.PdfDocument(pdf) as paper:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in paper).split())


def test_both_sides_print_the_same_hand_over(offices, pair, tmp_path):
    unit, province = pair
    new(unit, "proposal", title="Máy cưa", budget=[{"item": "Máy", "cost": 1_250_000, "national": 250_000}])
    path, package = offices.export(unit)
    receiving.receive(province, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for office in pair:
        made = handover_record.print_handover(office, package, tmp_path / "p.pdf", tmp_path / "p.docx")
        assert made["pages"] in (1, 2)
        text = said(tmp_path / "p.pdf")
        groups = [digest[start : start + 8] for start in range(0, 64, 8)]
        facts = (
            path.name,
            package,
            "Trung tâm TT-A",
            "Cán bộ TT-A",
            "Chính thức, kỳ quý I/2026, số thứ tự 1",
            "1.250.000",
        )
        for fact in (*groups, *facts, *office.store.packages.get(package).details["fingerprint"].split()):
            assert fact in text
    assert "Cán bộ SCT" in text  # the receiver's copy names who received
    assert (tmp_path / "p.docx").stat().st_size > 5000
    with pytest.raises(UserError):
        handover_record.print_handover(unit, "nothing", tmp_path / "p.pdf")


def restored(offices, workspace, backup):
    """The store of a laptop that has died, from its backup."""
    folder = offices.folder / "restored"
    shutil.copytree(backup, folder)
    store = Store.open(folder, offices.forms)
    again = replace(workspace, store=store)
    offices.made.append(again)
    return again


def test_a_restored_store_gets_its_own_later_work_back_and_repeats_no_number(offices, pair):
    unit, province = pair
    id_ = new(unit, "proposal", title="Máy cưa", goals="Trước")
    offices.send(unit, province)
    backup = unit.store.backup(offices.folder / "backup")
    changing.set_values(unit, id_, {"goals": "Sau khi sao lưu"})
    package, _ = offices.send(unit, province)
    again = restored(offices, unit, backup)
    old = again.identity.device_id
    assert partners.renew_device(again) == {"device": again.identity.device_id, "before": old}
    assert again.identity.device_id != old
    changing.set_values(again, id_, {"scale": "Viết trên máy khôi phục"})
    path, _ = offices.export(again, full=True)
    found = preview.preview_package(province, path)
    assert (found.obstacle, found.notes, found.rows["conflict"]) == ("", (), 0)
    receiving.receive(province, path)
    assert province.store.get(id_).data["goals"] == "Sau khi sao lưu"  # not lost for having been written before
    answer = offices.path()
    writing.make(province, package, answer)
    receiving.receive(again, answer)
    assert again.store.get(id_).data["goals"] == "Sau khi sao lưu"
    assert contents(again) == contents(province)
    assert again.store.check() == []


def test_two_packages_of_one_number_are_noticed(offices, pair):
    unit, province = pair
    new(unit, "proposal", title="Một")
    backup = unit.store.backup(offices.folder / "backup")
    path, _ = offices.export(unit)
    again = restored(offices, unit, backup)
    new(again, "proposal", title="Hai")
    other, _ = offices.export(again)  # nobody has renewed the device
    receiving.receive(province, path)
    found = preview.preview_package(province, other)
    assert "mang số 1 của Trung tâm TT-A" in found.notes[0]
    (verdict,) = (
        verdict for verdict in batch_receiving.preview_folder(province, other.parent) if verdict.file == other
    )
    assert verdict.preview.notes == found.notes
