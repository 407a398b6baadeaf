"""Packages: what waits, what was made, what the ledger says, what a file turns out to be."""

import pytest
from openpyxl import load_workbook

from kcdesk.errors import KcdeskError
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.handover.packages.sending import HandoverOrder
from kcdesk.services.overview import counters
from kcdesk.services.records import changing
from tests.services.samples import new

ABOVE = "Sở Công Thương mẫu"


@pytest.fixture
def filled(workspace):
    new(workspace, "beneficiary", name="Cơ sở Mẫu")
    new(workspace, "proposal", title="Đề án Mẫu", budget=[{"item": "Máy", "cost": 5}, {"item": "Lắp", "cost": 2}])
    return workspace


def make(workspace, path, **order):
    return sending.make(workspace, HandoverOrder(path=path, **order))


def test_an_official_package_then_its_supplement(filled, tmp_path):
    first = make(filled, tmp_path / "c.xlsx")
    assert (first["type"], first["period"]) == ("C", "2026-03")
    assert first["counts"] == {"beneficiary": 1, "proposal": 1}
    new(filled, "beneficiary", name="Cơ sở Hai")
    second = make(filled, tmp_path / "b1.xlsx")
    assert (second["type"], second["counts"]) == ("B1", {"beneficiary": 2, "proposal": 1})
    other = make(filled, tmp_path / "other.xlsx", period="2026-Q2", receiver="Cục Công Thương địa phương")
    assert (other["type"], other["period"]) == ("C", "2026-Q2")

    lines = sending.ledger(filled)
    assert [line.package for line in lines] == [other["package"], second["package"], first["package"]]
    assert [(line.type, line.receiver, line.records, line.file) for line in lines[1:]] == [
        ("B1", ABOVE, 3, "b1.xlsx"),
        ("C", ABOVE, 2, "c.xlsx"),
    ]
    assert [sending.type_label(line.type) for line in lines[1:]] == ["Bổ sung lần 1", "Chính thức"]


def test_the_plan_counts_what_waits(filled, tmp_path):
    waiting = sending.plan(filled)
    assert (waiting.receiver, waiting.period, waiting.practice) == (ABOVE, "2026-03", True)
    assert (waiting.records, waiting.last_at) == (2, "")
    assert dict(waiting.counts) == {"Đơn vị thụ hưởng": 1, "Đề án": 1}
    make(filled, tmp_path / "c.xlsx")
    assert sending.plan(filled).records == 0
    assert sending.plan(filled).last_at
    new(filled, "beneficiary", name="Cơ sở Hai")
    assert sending.plan(filled).records == 1


def test_a_draft_thrown_away_before_anybody_heard_of_it_waits_for_nothing(filled, tmp_path):
    make(filled, tmp_path / "c.xlsx")
    draft, sent = new(filled, "beneficiary", name="Gõ nhầm"), filled.store.page("proposal")[0].id
    changing.delete(filled, draft)
    assert (sending.plan(filled).records, counters.to_hand_over(filled)) == (0, 0)
    changing.delete(filled, sent)  # of this one others have to hear
    assert (sending.plan(filled).records, counters.to_hand_over(filled)) == (1, 1)
    carried = filled.store.packages.carried(make(filled, tmp_path / "b1.xlsx")["package"])
    assert sent in carried
    assert draft not in carried
    changing.undo(filled, 2)
    assert (sending.plan(filled).records, counters.to_hand_over(filled)) == (2, 2)
    assert make(filled, tmp_path / "b2.xlsx")["counts"] == {"beneficiary": 2, "proposal": 1}


def test_a_store_with_nothing_but_drafts_thrown_away_has_nothing_to_hand_over(workspace, tmp_path):
    changing.delete(workspace, new(workspace, "beneficiary", name="Gõ nhầm"))
    with pytest.raises(KcdeskError) as refused:
        make(workspace, tmp_path / "c.xlsx")
    assert refused.value.code == "nothing_to_export"


def test_a_folder_gets_the_proper_name(filled, tmp_path):
    made = make(filled, tmp_path)
    assert made["file"] == str(tmp_path / "KC_TTKC-MAU_2026-03_C.xlsx")
    assert sending.file_name(filled, "2026-03", ABOVE) == "KC_TTKC-MAU_2026-03_B1.xlsx"


def test_nothing_to_hand_over_is_said(workspace, tmp_path):
    with pytest.raises(KcdeskError) as caught:
        make(workspace, tmp_path / "c.xlsx")
    assert caught.value.code == "nothing_to_export"
    assert not (tmp_path / "c.xlsx").exists()


def test_a_package_that_cannot_be_written_is_not_noted(filled, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(KcdeskError):
        make(filled, tmp_path / "file" / "c.xlsx")
    assert sending.ledger(filled) == []
    assert changing.undo_label(filled)


def test_a_file_is_told_apart(filled, tmp_path):
    path = tmp_path / "c.xlsx"
    made = make(filled, path)
    found = sending.inspect(filled, path, "")
    assert found | {"sender": "", "rows": {}} == {
        "status": "authentic",
        "package": made["package"],
        "type": "C",
        "period": "2026-03",
        "sender": "",
        "counts": {"beneficiary": 1, "proposal": 1},
        "rows": {},
        "applied": False,
        "problems": [],
    }
    assert found["rows"].keys() == {"new", "changed", "same", "conflict", "refused"}
    assert found["sender"] == "TTKC-MAU"
    assert sending.describe(found).endswith("Chính thức, tháng 03/2026.")
    assert sending.inspect(None, path, "")["status"] == "unknown_sender"

    edited = load_workbook(path)
    edited["Bìa"]["A1"] = "Khác"
    edited.save(tmp_path / "edited.xlsx")
    assert sending.inspect(filled, tmp_path / "edited.xlsx", "")["status"] == "edited"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "damaged.xlsx").write_bytes(content)
    assert sending.inspect(filled, tmp_path / "damaged.xlsx", "")["status"] == "damaged"
    (tmp_path / "foreign.xlsx").write_text("Không phải gói", encoding="utf-8")
    found = sending.inspect(filled, tmp_path / "foreign.xlsx", "")
    assert (found["status"], found["type"]) == ("foreign", "")
    assert sending.describe(found)


def test_a_locked_package_asks_for_its_password(filled, tmp_path):
    path = tmp_path / "c.xlsx"
    make(filled, path, password="mật khẩu gói")
    assert sending.inspect(filled, path, "")["status"] == "locked"
    assert sending.inspect(filled, path, "sai")["status"] == "locked"
    assert sending.inspect(filled, path, "mật khẩu gói")["status"] == "authentic"


def test_a_practice_package_says_so_on_its_cover(filled, tmp_path):
    make(filled, tmp_path / "c.xlsx")
    cover = load_workbook(tmp_path / "c.xlsx")["Bìa"]
    words = " ".join(str(cell) for row in cover.iter_rows(values_only=True) for cell in row if cell)
    assert "DỮ LIỆU TẬP HUẤN" in words


def test_what_waits_is_counted_for_whom_packages_go_to(filled, tmp_path):
    """The office above in the letterhead may be another: nothing waits for it once everything went to the province."""
    make(filled, tmp_path / "c.xlsx", receiver="Sở Công Thương (mẫu)")
    waiting = sending.plan(filled)
    assert (waiting.receiver, waiting.records) == ("Sở Công Thương (mẫu)", 0)
    make(filled, tmp_path / "other.xlsx", receiver=ABOVE)
    assert sending.plan(filled).receiver == ABOVE


def test_the_cover_names_an_office_that_is_known_by_its_code(offices, pair):
    unit, province = pair
    new(unit, "beneficiary", name="Cơ sở Mẫu")
    path, _ = offices.export(unit, receiver=province.identity.unit.code)
    cover = [cell for row in load_workbook(path).worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    assert f"{province.identity.unit.name} ({province.identity.unit.code})" in cover
    receiving.receive(province, path)
    assert province.store.page("beneficiary")
