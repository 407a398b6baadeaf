"""What an officer does with personal data in a real store, in a process of its own.

Arguments: the folder of the store, the folder of exports, and the act in the middle of which the process kills itself
("" for none). The planted values are those of `PLANTED`.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QLineEdit

from kcdesk import log
from kcdesk.app import build_window
from kcdesk.errors import KcdeskError
from kcdesk.services.attachments import content
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.maintenance import backup_copies, opening
from kcdesk.services.overview.list_workbook import ListExport, write_list
from kcdesk.services.papers import joint_printing, printing
from kcdesk.services.records import changing
from kcdesk.settings import FILE_NAME, SettingsFile
from kcdesk.temporary import private_files
from kcdesk.ui.papers.attached.attachment_dialog import AttachmentDialog
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.toolkit.qt import application
from kcdesk.ui.toolkit.theme import Theme
from tests.attacks.test_dangerous_files import pdf, sheet, word
from tests.services import samples

PLANTED = {
    "name": "Nguyễn Thị Hồng Nhường",
    "phone": "0987650321",
    "identity": "001188012349",
    "note": "Ghi chú kín đáo Ưỡn",
}
SECRET = "bốn từ dễ nhớ lắm"
ANSWERS = {"unit": "Trung tâm A", "code": "TT-A", "level": "lower", "province": "20", "officer": "Lê Văn Bình"}


class Act:
    """Kills the process when the chosen act reports its progress for the second time."""

    def __init__(self, chosen: str) -> None:
        self._chosen, self._name, self._calls = chosen, "", 0

    def begin(self, name: str) -> Act:
        """The next act."""
        self._name, self._calls = name, 0
        return self

    def __call__(self, _done: int, _total: int, _text: str = "", /) -> None:
        self._calls += 1
        if self._name == self._chosen and self._calls > 1:
            self.die()

    def die(self) -> None:
        """End as at a power cut."""
        os.kill(os.getpid(), signal.SIGKILL)


def main(folder: Path, exports: Path, chosen: str) -> None:
    """Do everything once."""
    application(["officer", "-platform", "offscreen"])
    act, recorder = Act(chosen), log.start()
    workspace, _ = opening.create_workspace(folder, opening.NewStore(**ANSWERS, passphrase=SECRET))
    file_log = log.to_file(folder)
    try:
        _fill_and_write(workspace, exports, act)
        _use_the_window(workspace, folder)
        _fail(workspace)
    finally:
        if chosen == "end":
            act.die()
        workspace.close()
        log.stop(file_log)
        log.stop(recorder)


def _fill_and_write(workspace: Any, exports: Path, act: Act) -> None:
    told = " · ".join(PLANTED.values())
    people = [
        samples.beneficiary(
            workspace,
            name=f"Hộ {PLANTED['name']} {number}",
            representative=PLANTED["name"],
            phone=PLANTED["phone"],
            citizen_id=PLANTED["identity"],
        )
        for number in range(30)
    ]
    ids = [samples.proposal(workspace, title=f"Máy của {PLANTED['name']}", beneficiaries=people[:1]) for _ in range(3)]
    ids[0] = _with_files(workspace, ids[0], exports, told)
    for number, id_ in enumerate(ids):
        paper = printing.papers_of(workspace, id_)[0].name
        out = private_files.new_folder() / f"{number}.pdf"
        printing.prepare_paper(workspace, id_, paper).pdf(out, act.begin("print"))
    joint_printing.print_several(workspace, ids, paper, exports / "joint.pdf", act.begin("joint"))
    columns = ("name", "representative", "phone")
    write_list(workspace, ListExport(kind="beneficiary", columns=columns), exports / "list.xlsx", act.begin("list"))
    order = sending.HandoverOrder(
        path=exports / "package.xlsx",
        full=True,
        password="khoá của gói",
        include_sensitive=True,
        purpose="Thẩm định tư cách",
    )
    made = sending.prepare(workspace, order)(act.begin("package"))
    sending.finish(workspace, made)
    backup_copies.back_up(workspace)
    backup_copies.back_up(workspace, exports / "backup")
    try:
        receiving.receive(workspace, exports / "package.xlsx", "khoá của gói")
    except KcdeskError:
        log.logger("cli").info("%s refused", "package")


def _with_files(workspace: Any, id_: str, exports: Path, told: str) -> str:
    """Attach files that name a person, and open each with another program."""
    body = f"<w:p><w:r><w:t>{told}</w:t></w:r></w:p>"
    rows = f'<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>{told}</t></is></c></row></sheetData></worksheet>'
    files = {"txt": told.encode(), "pdf": pdf(told.encode()), "docx": word(body), "xlsx": sheet(rows)}
    for ending, data in files.items():
        given = exports / f"Đơn của {PLANTED['name']}.{ending}"
        given.write_bytes(data)
        changing.attach(workspace, id_, "attachments", [given])
    for file in workspace.store.record(id_).value("attachments"):
        content.take_out(workspace, file)
    return id_


def _use_the_window(workspace: Any, folder: Path) -> None:
    settings = SettingsFile(folder / FILE_NAME)
    window = build_window(workspace, settings.values, Theme(QApplication.instance(), "light"), Messages())
    window.show()
    window.go("beneficiary")
    for field in window.findChildren(QLineEdit):
        field.setText(PLANTED["name"])
    window.go("overview")
    proposal = workspace.store.page("proposal", limit=1)[0].id
    window.open_record(proposal)
    for file in workspace.store.record(proposal).value("attachments") or []:
        dialog = AttachmentDialog(window.context, file, content.judged(workspace, file), window)
        dialog.show()
        dialog.close()
    QApplication.processEvents()
    settings.save()
    window.close()
    window.context.worker.close()


def _fail(workspace: Any) -> None:
    """An error that quotes what a record holds."""
    try:
        workspace.store.query(f'SELECT "{PLANTED["name"]}" FROM "{PLANTED["phone"]}"', {})
    except Exception:
        log.logger("ui").exception("a question could not be asked")


if __name__ == "__main__":
    with private_files.begun():
        main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
