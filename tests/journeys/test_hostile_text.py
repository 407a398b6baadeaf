"""Any text that an officer can paste comes out of the store, the paper and the workbook as it went in."""

from __future__ import annotations

import unicodedata

import openpyxl
import pypdfium2
import pytest

from kcdesk.demo import journey
from kcdesk.services.handover.packages import sending
from kcdesk.services.papers import printing
from kcdesk.services.records import changing

LONG = " ".join(f"chữ{number}" for number in range(6_000))
PASTED = {
    "markup": "R&D <b>đậm</b> &amp; \"nháy\" 'đơn'",
    "formula": "=1+1",
    "command": "+84 -5 @SUM(A1)",
    "emoji": "Máy tốt 👍🏽 và 漢字",
    "decomposed": unicodedata.normalize("NFD", "Nghiệm thu tại phường Vị Thanh"),
    "control": "trước\x00\x07\x1bsau",
    "long": LONG,
}
KEPT = {
    **PASTED,
    "decomposed": unicodedata.normalize("NFC", PASTED["decomposed"]),
    "control": "trướcsau",
}


@pytest.fixture
def acceptance(officer):
    """A visit in the making, open in the window."""
    workspace = officer.window.context.workspace
    beneficiary = journey.register(workspace)
    proposal = journey.propose(workspace, beneficiary)
    id_ = changing.add(workspace, "acceptance", {"proposal": proposal}).items[0].id
    officer.window.open_record(id_)
    return id_


def test_what_is_pasted_survives_the_whole_way(officer, acceptance, tmp_path):
    workspace = officer.window.context.workspace
    for name, text in PASTED.items():
        officer.go_to("work_done")
        officer.press("Ctrl+A")
        officer.paste(text)
        officer.press("Ctrl+Return")  # leaves the field; the step itself is refused, much is missing
        assert officer.record.value("work_done") == KEPT[name]
        assert KEPT[name].split()[-1] in on_paper(workspace, acceptance, tmp_path / f"{name}.pdf"), name
        assert KEPT[name][:30_000] in in_workbook(workspace, tmp_path / f"{name}.xlsx"), name


def on_paper(workspace, id_, path) -> str:
    printing.print_record(workspace, id_, "minutes_5a", path)
    paper = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_bounded() for page in paper)
    paper.close()
    return " ".join(text.split()).replace("[U+6F22][U+5B57]", "漢字")


def in_workbook(workspace, path) -> str:
    sending.make(workspace, sending.HandoverOrder(path=path, full=True))
    sheet = openpyxl.load_workbook(path)["Nghiệm thu"]
    names = [cell.value for cell in sheet[2]]
    cell = sheet.cell(row=3, column=names.index("work_done") + 1)
    assert cell.data_type == "s"
    return cell.value
