"""What comes in from outside and names a person, brought to the doors of a real store, in a process of its own.

Invoices, cards, plates, ticked sheets, sheets of others, legal texts, own Word forms. Arguments: the folder of the
store, the folder of exports, and how it ends: "" as usual, "word" killed while a paper is opened in Word or turned into
PDF. The worker process is killed in the middle of its work in any case.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from kcdesk import log, paths
from kcdesk.demo import journey_ticked
from kcdesk.errors import KcdeskError
from kcdesk.services.codes import card_photos, citizen_cards, plate_codes
from kcdesk.services.intake import checked_files, sheet_loading
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.invoices import opened_files, taking_in
from kcdesk.services.law import law_texts
from kcdesk.services.maintenance import backup_copies, opening
from kcdesk.services.papers import scan_pages
from kcdesk.services.papers.own_forms import conversion, taking
from kcdesk.temporary import private_files
from kcdesk.ui.toolkit.qt import application
from tests.attacks.bombs.pictures import qr_picture
from tests.attacks.bombs.texts import word
from tests.attacks.officer_acts import ANSWERS, PLANTED, SECRET
from tests.attacks.test_dangerous_files import pdf
from tests.services import samples

_CARD = f"{PLANTED['identity']}||{PLANTED['name']}|01011988|Nữ|Xã Mẫu|01012022"
_PAPER = "minutes_5a"


def main(folder: Path, exports: Path, ending: str) -> None:
    """Bring everything to its door once."""
    application(["officer", "-platform", "offscreen"])
    recorder = log.start()
    workspace, _ = opening.create_workspace(folder, opening.NewStore(**ANSWERS, passphrase=SECRET))
    file_log = log.to_file(folder)
    try:
        visit = _visit(workspace)
        _take_invoices(workspace, exports, visit)
        _read_codes(exports)
        journey_ticked.take_in_sheet(workspace, visit, exports)
        _kill_the_worker(exports / journey_ticked.SCAN)
        _load_sheet(workspace, exports)
        _keep_law_text(workspace, exports)
        backup_copies.back_up(workspace)
        _fill_word(workspace, exports, visit, ending)
    finally:
        workspace.close()
        log.stop(file_log)
        log.stop(recorder)


def _visit(workspace: Any) -> str:
    person = samples.beneficiary(
        workspace,
        name=f"Hộ {PLANTED['name']}",
        representative=PLANTED["name"],
        phone=PLANTED["phone"],
        citizen_id=PLANTED["identity"],
    )
    proposal = samples.approved(workspace, title=f"Máy của {PLANTED['name']}", beneficiaries=[person])
    samples.contract(workspace, proposal)
    return samples.begin(workspace, proposal, "acceptance")


def _take_invoices(workspace: Any, exports: Path, visit: str) -> None:
    """An XML and a PDF with the name of the buyer; the XML is taken in, a broken one is refused."""
    genuine = (paths.resources() / "samples" / "invoice.xml").read_text("utf-8")
    xml, paper, broken = (exports / f"{PLANTED['name']}.{ending}" for ending in ("xml", "pdf", "zip"))
    xml.write_text(genuine.replace("Cơ sở chế biến nông sản Mẫu Số Một", PLANTED["name"]), "utf-8")
    paper.write_bytes(pdf(PLANTED["name"].encode()))
    broken.write_bytes(b"PK\x03\x04" + PLANTED["name"].encode())
    (read,) = taking_in.beside(workspace, opened_files.opened(xml), visit)
    taking_in.take_in(workspace, visit, read, [row.key for row in read.rows])
    taking_in.beside(workspace, opened_files.opened(paper), visit)
    with suppress(KcdeskError):
        opened_files.opened(broken)


def _read_codes(exports: Path) -> None:
    """A card and a plate on photos; a card that contradicts itself."""
    texts = {"card": _CARD, "other": _CARD.replace("1988", "1989"), "plate": f"SN: {PLANTED['phone']}"}
    photos = {name: exports / f"{name}.png" for name in texts}
    for name, text in texts.items():
        qr_picture(text).save(photos[name])
    card = citizen_cards.read_card(card_photos.code_in_photo(photos["card"]))
    assert (card.name, card.number) == (PLANTED["name"], PLANTED["identity"]), "else nothing was read"
    plate_codes.codes_in_photo(photos["plate"])
    with suppress(KcdeskError):
        card_photos.code_in_photo(photos["other"])


def _kill_the_worker(scan: Path) -> None:
    """End the worker process while it reads a scan with a person's answers."""

    def kill(_done: int, _total: int, _text: str = "", /) -> None:
        for each in subprocess.run(["pgrep", "-P", str(os.getpid())], capture_output=True, check=False).stdout.split():
            with suppress(ProcessLookupError):
                os.kill(int(each), signal.SIGKILL)

    with suppress(KcdeskError):
        scan_pages.read_scan([scan], kill)


def _load_sheet(workspace: Any, exports: Path) -> None:
    """A list of another office, with a cell that is refused, and its coloured copy."""
    book = Workbook()
    book.active.append(["TT", "Tên cơ sở", "Người đại diện", "Địa chỉ", "Điện thoại"])
    book.active.append([1, f"Cơ sở {PLANTED['note']}", PLANTED["name"], "Xã Mẫu", "hỏi sau"])
    book.save(exports / "given.xlsx")
    loaded = sheet_loading.prepare_load(workspace, LoadOrder(kind="beneficiary", path=exports / "given.xlsx"))
    assert checked_files.write_beside(loaded), "else there was nothing to colour"
    sheet_loading.apply_load(workspace, loaded)


def _keep_law_text(workspace: Any, exports: Path) -> None:
    """A legal text in which somebody has noted a name; it is read, and a picture of it is drawn."""
    noted = f"<w:p><w:r><w:t>Điều 1. {PLANTED['note']} {PLANTED['name']}</w:t></w:r></w:p>"
    given = word(noted)(exports / "law.docx")
    law_texts.add_text(workspace, "TT 28/2018/TT-BTC", given)
    text = law_texts.text_of(workspace, "TT 28/2018/TT-BTC")
    assert text is not None
    law_texts.pages_of(workspace, text)


def _fill_word(workspace: Any, exports: Path, visit: str, ending: str) -> None:
    """The office's own Word file: taken in, filled, opened in Word («Mở bằng Word»), with "word" turned into PDF."""
    record = workspace.store.record(visit)
    taking.write_starting_form(workspace, _PAPER, exports / "form.docx", record)
    taking.take_in(workspace, _PAPER, exports / "form.docx")
    form = taking.check_file(workspace, _PAPER, exports / "form.docx")
    shown = private_files.new_file(".docx")
    taking.write_document(taking.record_document(workspace, _PAPER, form, record), docx=shown)
    if ending == "word":
        _die_while_converting(shown.read_bytes(), exports / "minutes.pdf")


def _die_while_converting(docx: bytes, place: Path) -> None:
    calls = iter(range(3))

    def die(_done: int, _total: int, _text: str = "", /) -> None:
        if next(calls, None) == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    with suppress(KcdeskError):  # a machine without LibreOffice
        conversion.to_pdf(docx, place, die)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    with private_files.begun():
        main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
