"""«Đơn vị tự ghi, cấp tỉnh chưa xác nhận»: the mark of a result that a unit below wrote itself."""

import json

import pytest

from kcdesk.cli.program import main
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.receipts import drafts, standing, writing
from kcdesk.services.handover.receipts.drafts import Decision
from kcdesk.services.handover.trust import unconfirmed_results
from kcdesk.services.lifecycle import steps
from kcdesk.services.overview import record_json
from tests.services.handover.trust.test_province_decisions import write
from tests.services.samples import new

DECISION = {
    "decision_number": "1/QĐ",
    "decision_date": "2025-03-01",
    "decision_authority": "UBND tỉnh",
    "approved_total": 9_000_000,
    "approved_support": 9_000_000,
}
SAID = "«Đã phê duyệt»: đơn vị tự ghi, cấp tỉnh chưa xác nhận."


@pytest.fixture
def told(offices):
    """A unit that wrote an approval itself, and the province that has the dossier from it."""
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    id_ = new(unit, "proposal", title="Đề án năm trước", programme="local")
    new(unit, "proposal", title="Đề án còn soạn", programme="local")
    write(unit, id_, state="approved", **DECISION)
    path, package = offices.export(unit)
    preview = package_preview.preview_package(province, path)
    receiving.receive(province, path)
    return unit, province, id_, package, preview


def decide(offices, province, package, id_, unit, **decision):
    """The province's answer, taken in below."""
    drafts.choose(province, package, id_, Decision(**decision))
    path = offices.path()
    drafts.write_receipt(province, package, path)
    receiving.receive(unit, path)


def test_the_preview_the_dossier_and_the_answer_say_who_wrote_it(told):
    unit, province, id_, package, preview = told
    assert {row.title: row.claim for row in preview.lines} == {"Đề án năm trước": SAID, "Đề án còn soạn": ""}
    assert "1 hồ sơ có kết quả do đơn vị tự ghi, cấp tỉnh chưa xác nhận." in preview.notes
    assert standing.handover_state(province, id_).claim == SAID
    assert {line.title: line.claim for line in drafts.lines(province, package)} == {
        "Đề án năm trước": SAID,
        "Đề án còn soạn": "",
    }
    assert (
        record_json.record_as_json(province, id_)["claim"] == record_json.record_as_text(province, id_)["claim"] == SAID
    )
    assert unconfirmed_results.sentence(unit, id_) == ""  # below everybody knows who wrote it


@pytest.mark.parametrize(
    ("decision", "stays"),
    [
        ({"result": "approved", "support": "9.000.000"}, False),
        ({"result": "rejected", "note": "Quyết định không có thật"}, False),
        ({"result": "returned", "reasons": (("decision_number", "Thiếu bản chụp quyết định"),)}, True),
        ({}, True),
    ],
)
def test_the_mark_stays_until_the_province_confirms_or_rejects(offices, told, decision, stays):
    unit, province, id_, package, _ = told
    decide(offices, province, package, id_, unit, **decision)
    assert unconfirmed_results.sentence(province, id_) == (SAID if stays else "")
    write(unit, id_, state="contracted")
    path, _ = offices.export(unit)
    row = next(row for row in package_preview.preview_package(province, path).lines if row.id == id_)
    assert bool(row.claim) is stays


def test_what_the_province_led_there_is_no_claim(offices):
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    id_ = new(unit, "proposal", title="Máy cưa", programme="local")
    write(unit, id_, state="sent")
    package, _ = offices.send(unit, province)
    steps.take_step(province, id_, "appraise")
    write(province, id_, state="approved", **DECISION)
    assert unconfirmed_results.sentence(province, id_) == ""
    path = offices.path()
    writing.make(province, package, path)
    receiving.receive(unit, path)
    write(unit, id_, state="contracted")
    path, _ = offices.export(unit)
    assert [row.claim for row in package_preview.preview_package(province, path).lines if row.id == id_] == [""]
    receiving.receive(province, path)
    assert province.store.get(id_).data["state"] == "contracted"
    assert unconfirmed_results.sentence(province, id_) == ""


def test_a_dry_run_on_the_command_line_says_it(offices, capsys):
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    write(unit, new(unit, "proposal", title="Tự ghi"), state="approved", **DECISION)
    path, _ = offices.export(unit)
    folder = province.store.folder
    offices.made.remove(province)
    province.close()
    assert main(["--store", str(folder), "import", str(path), "--dry-run"]) == 0
    assert SAID in capsys.readouterr().out
    assert main(["--store", str(folder), "--json", "import", str(path), "--dry-run"]) == 0
    assert [line["claim"] for line in json.loads(capsys.readouterr().out)["lines"]] == [SAID]
