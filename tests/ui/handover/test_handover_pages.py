"""The hand-off in two real windows: a unit below and the province pass each other real files, by keys and clicks."""

from collections import deque
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook
from pypdfium2 import PdfDocument
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QToolButton,
)

from kcdesk.app import build_window
from kcdesk.services.handover.packages import conflicts, decision_workbooks, receiving, sending
from kcdesk.services.handover.receipts import drafts, standing
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing, reading
from kcdesk.settings import Settings
from kcdesk.ui.handover.receipt_page import ReceiptPage
from kcdesk.ui.handover.waiting_receipts_page import OutboxPage
from kcdesk.ui.shell.blocking_task import LongTaskDialog
from tests.services import lives
from tests.services.exchange_support import know_since
from tests.ui.conftest import ScriptedMessages, practice_answers
from tests.ui.form_support import sentences

TODAY = date(2026, 3, 5)
ABOVE = "Sở Công Thương mẫu"
DECISION = {
    "decision_number": "1/QĐ",
    "decision_date": "2026-01-10",
    "decision_authority": "UBND tỉnh",
    "approved_total": 9,
    "approved_support": 9,
}


class Office:
    """A window over a practice store and the officer before it."""

    def __init__(self, qtbot, theme, folder, **answers):
        self.qtbot = qtbot
        self.workspace, _ = opening.create_workspace(folder, practice_answers(**answers))
        self.workspace.today = lambda: TODAY
        self.messages = ScriptedMessages()
        self.window = build_window(self.workspace, Settings(), theme, self.messages)
        self.window.resize(1366, 768)

    def come_forward(self):
        with self.qtbot.waitActive(self.window):
            self.window.show()
            self.window.activateWindow()
        return self

    def press(self, keys):
        pressed = QKeySequence(keys)[0]
        target = QApplication.focusWidget() or self.window
        QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())
        self.rest()

    def click(self, name):
        button = self.window.findChild(QPushButton, name)
        assert button is not None, name
        assert button.isVisible(), name
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.rest()

    def rest(self):
        self.qtbot.waitUntil(lambda: not self.window.context.worker.busy, timeout=60_000)
        QApplication.processEvents()

    @property
    def page(self):
        return self.window.page

    @property
    def main(self):
        return self.window.header.main.text()

    def add(self, kind, **values):
        made = changing.add(self.workspace, kind, values)
        self.window.context.announce(made)
        return made.items[0].id

    def pick(self, path):
        self.messages.files.append(path)

    def drop(self, path):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        none, left = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
        self.window.dropEvent(QDropEvent(QPointF(), Qt.DropAction.CopyAction, data, left, none))
        self.rest()

    def look_at(self, path):
        self.pick(path)
        self.press("Ctrl+I")

    def write(self, path, **order):
        sending.make(self.workspace, sending.HandoverOrder(path=path, period="2026-02", **order))
        return path

    def close(self):
        self.window.close()
        self.window.deleteLater()
        self.window.context.worker.close()
        self.workspace.close()


@pytest.fixture
def offices(qtbot, theme, tmp_path):
    """Makes offices; each has a window of its own."""
    made = []

    def make(name, **answers):
        made.append(Office(qtbot, theme, tmp_path / name, **answers))
        return made[-1]

    yield make
    for office in made:
        office.close()


@pytest.fixture
def unit(offices):
    return offices("unit", unit="Trung tâm mẫu A", code="TT-A", parent=ABOVE)


@pytest.fixture
def province(offices):
    return offices("province", unit=ABOVE, code="SCT", level="province", parent="Ủy ban mẫu", officer="Trần Văn Mẫu")


@pytest.fixture
def acquainted(unit, province, tmp_path):
    """Both know each other's keys."""
    for one, other in ((unit, province), (province, unit)):
        card = tmp_path / f"{one.workspace.identity.unit.code}.xlsx"
        partners.write_identity(one.workspace, card)
        partners.trust(other.workspace, card)
    return unit, province


@pytest.fixture(autouse=True)
def answer(monkeypatch):
    """An officer who does with the next dialog what was agreed; a dialog nobody agreed on fails."""
    agreed = deque()

    def execute(dialog):
        dialog.show()
        agreed.popleft()(dialog)
        dialog.close()
        dialog.parentWidget().window().activateWindow()
        QApplication.processEvents()
        return dialog.result()

    monkeypatch.setattr(QDialog, "exec", execute)
    yield agreed.append
    assert not agreed, "a dialog was expected"


def compare(dialog):
    """The digits were read out."""
    QTest.keyClick(dialog.compared, Qt.Key.Key_Space)
    dialog.trust.click()


def choose_password(secret):
    def act(dialog):
        if secret:
            dialog.password_pair.first.setText(secret)
            dialog.password_pair.again.setText(secret)
        dialog.findChild(QPushButton, "password.go").click()

    return act


# -- a package ---------------------------------------------------------------------------------------------------


def test_an_unknown_sender_is_shown_and_taken_in_after_the_telephone_call_and_undone(answer, unit, province, tmp_path):
    id_ = unit.add("beneficiary", name="Cơ sở Mẫu", phone="0912345678")
    unit.come_forward()
    path = tmp_path / "goi.xlsx"
    unit.pick(path)
    answer(lambda dialog: dialog.findChild(QPushButton, "export.make").click())
    unit.press("Ctrl+E")
    assert "có thể rút" in unit.messages.said[-1]
    assert unit.page.written.isVisible()

    province.come_forward().look_at(path)
    page = province.page
    assert page.title == "Xem trước gói bàn giao"
    assert "chưa được xác nhận" in page.summary.text()
    assert province.main == "Đối chiếu dấu khoá…"
    assert page.preview.rows["new"] == 1
    assert reading.count(province.workspace, "beneficiary") == 0

    answer(lambda dialog: dialog.reject())
    province.press("Ctrl+Return")
    assert province.main == "Đối chiếu dấu khoá…"

    answer(compare)
    province.press("Ctrl+Return")
    assert province.main == "Nhận vào"
    province.press("Ctrl+Return")
    assert page.summary.text().startswith("Đã nhận vào kho: 1 mới.")
    assert province.main == "Viết biên nhận…"
    assert province.window.notices.can_act()
    assert province.workspace.store.record(id_).title() == "Cơ sở Mẫu"
    assert not province.window.findChildren(LongTaskDialog)

    province.click("intake.undo")
    assert reading.count(province.workspace, "beneficiary") == 0
    assert "Đã hoàn tác" in province.messages.said[-1]
    province.look_at(path)
    assert province.main == "Nhận vào"


def test_a_receipt_that_was_written_is_no_longer_the_next_step(answer, acquainted, tmp_path):
    unit, province = acquainted
    unit.add("beneficiary", name="Cơ sở Mẫu")
    province.come_forward().look_at(unit.write(tmp_path / "goi.xlsx"))
    province.press("Ctrl+Return")
    assert (province.main, province.page.other_steps()) == ("Viết biên nhận…", ())
    province.press("Ctrl+Return")
    province.pick(tmp_path / "bn.xlsx")
    answer(choose_password(""))
    province.press("Ctrl+Return")
    assert province.page.title == "Đã nhận gói"
    assert not province.window.header.main.isVisible()
    assert [step.label for step in province.page.other_steps()] == ["Viết lại biên nhận…"]


def test_making_a_package_can_be_stopped_and_then_there_is_none(answer, unit, tmp_path):
    unit.add("beneficiary", name="Cơ sở Mẫu")
    unit.come_forward()
    unit.pick(tmp_path / "goi.xlsx")
    answer(lambda dialog: dialog.findChild(QPushButton, "export.make").click())
    unit.window.context.worker.started.connect(lambda job: job.stop())
    unit.press("Ctrl+E")
    unit.qtbot.waitUntil(lambda: not unit.window.context.worker.busy)
    assert list(tmp_path.glob("*goi*")) == []
    assert standing.packages(unit.workspace) == []
    assert not unit.page.written.isVisible()


def test_what_a_new_record_says_can_be_read_before_it_is_taken_in(qtbot, acquainted, tmp_path):
    unit, province = acquainted
    unit.add("beneficiary", name="Cơ sở Mẫu", phone="0912345678", address="Số 15")
    province.come_forward().look_at(unit.write(tmp_path / "goi.xlsx"))
    qtbot.waitUntil(lambda: "Số 15" in province.page.details.text())
    assert "Điện thoại\n0912 345 678" in province.page.details.text()


def test_a_locked_package_asks_for_its_password_until_it_is_right(acquainted, tmp_path):
    unit, province = acquainted
    unit.add("beneficiary", name="Cơ sở Mẫu")
    path = unit.write(tmp_path / "goi.xlsx", password="mật khẩu dài")
    province.come_forward()
    province.messages.texts += ["sai", "mật khẩu dài"]
    province.look_at(path)
    first, second = province.messages.said[-2:]
    assert first == "Gói có mật khẩu"
    assert "Mật khẩu chưa đúng" in second
    assert province.main == "Nhận vào"
    province.press("Ctrl+Return")
    assert reading.count(province.workspace, "beneficiary") == 1


def test_what_changed_is_shown_field_by_field_and_filtered(acquainted, tmp_path):
    unit, province = acquainted
    ids = [unit.add("beneficiary", name=f"Cơ sở {letter}", phone="0912345678") for letter in "ABC"]
    receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx"))
    changing.set_values(unit.workspace, ids[1], {"phone": "0987654321"})
    province.come_forward().look_at(unit.write(tmp_path / "2.xlsx", full=True))
    page = province.page
    assert page.chips.value == "news"
    assert page.table.lines_model.rowCount() == 1
    assert "Trong kho: 0912 345 678\nTrong gói: 0987 654 321" in page.details.text()
    page.chips.findChild(QToolButton, f"{page.chips.objectName()}.same").click()
    model = page.table.lines_model
    assert {model.index(row, 2).data() for row in range(model.rowCount())} == {"Cơ sở A", "Cơ sở C"}


@pytest.mark.parametrize("what", ["rubbish", "own", "again"])
def test_a_file_that_cannot_be_taken_in_says_why_and_offers_nothing(acquainted, tmp_path, what):
    unit, province = acquainted
    unit.add("beneficiary", name="Cơ sở Mẫu")
    path = unit.write(tmp_path / "goi.xlsx")
    office, sentence = province, "Gói này đã được nhận"
    if what == "rubbish":
        path.write_text("không phải gói", encoding="utf-8")
        sentence = "Tệp này không phải gói bàn giao"
    elif what == "own":
        office, sentence = unit, "Gói này do chính kho này lập"
    else:
        receiving.receive(province.workspace, path)
    office.come_forward().look_at(path)
    assert office.page.summary.text().startswith(sentence)
    assert office.page.main_action() is None


def test_a_package_is_dropped_on_any_page(acquainted, tmp_path):
    unit, province = acquainted
    unit.add("beneficiary", name="Cơ sở Mẫu")
    path = unit.write(tmp_path / "goi.xlsx")
    province.come_forward().window.go("proposal")
    province.drop(path)
    assert province.page.title == "Xem trước gói bàn giao"


def test_a_sheet_of_somebody_elses_is_one_of_a_list_only_when_it_is_dropped_there(acquainted, tmp_path):
    unit, province = acquainted
    unit.add("beneficiary", name="Cơ sở Mẫu")
    package, book = unit.write(tmp_path / "goi.xlsx"), Workbook()
    book.active.append(["Tên doanh nghiệp", "Số điện thoại"])
    book.active.append(["Cơ sở Mẫu", "0912 345 678"])
    book.save(sheet := tmp_path / "danh-sach.xlsx")
    province.come_forward().window.go("beneficiary")
    province.drop(package)
    province.look_at(sheet)
    assert province.page.title == "Xem trước gói bàn giao"
    province.window.go("beneficiary")
    province.drop(sheet)
    assert province.page.title == "Nhập từ Excel: đơn vị thụ hưởng"


def test_an_intake_is_undone_from_the_ledger_and_missing_packages_are_shown(acquainted, tmp_path):
    unit, province = acquainted
    first = unit.add("beneficiary", name="Cơ sở A")
    path = unit.write(tmp_path / "1.xlsx")
    receiving.receive(province.workspace, path)
    province.come_forward().window.go("handoff")
    ledger = province.page.ledger
    assert ledger.table.lines_model.index(0, 2).data() == "Trung tâm mẫu A"
    province.click("ledger.undo")
    assert "1 hồ sơ chỉ có trong gói không còn trong kho" in province.messages.said[-1]
    assert ledger.table.lines_model.index(0, 6).data() == "Đã hoàn tác"
    assert reading.count(province.workspace, "beneficiary") == 0
    assert standing.handover_state(unit.workspace, first).standing == "handed_over"


def test_undoing_an_intake_says_what_was_edited_since_and_waits(acquainted, tmp_path):
    unit, province = acquainted
    id_ = unit.add("beneficiary", name="Cơ sở A", address="Số 1")
    receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx"))
    changing.set_values(unit.workspace, id_, {"address": "Số 2"})
    receiving.receive(province.workspace, unit.write(tmp_path / "2.xlsx"))
    changing.set_values(province.workspace, id_, {"address": "Số 3"})
    province.come_forward().window.go("handoff")
    province.click("ledger.undo")
    assert province.messages.said[-1] == (
        "Đã hoàn tác việc nhận gói. 1 chỗ sửa từ đó vẫn giữ, bản trước khi nhận chờ ở «Cần xem»."
    )
    assert province.workspace.store.record(id_).value("address") == "Số 3"


def test_a_result_that_the_unit_wrote_itself_is_marked_in_preview_answer_and_dossier(acquainted, tmp_path):
    unit, province = acquainted
    id_ = unit.add("proposal", title="Đề án mẫu", year="2026", programme="local")
    with unit.workspace.store.act("Ghi thẳng") as act:
        act.update(id_, {"state": "approved", **DECISION})
    path, said = unit.write(tmp_path / "1.xlsx"), "«Đã phê duyệt»: đơn vị tự ghi, cấp tỉnh chưa xác nhận."
    province.come_forward().look_at(path)
    assert province.page.table.lines_model.index(0, 0).data() == "Mới, tự ghi"
    assert said in province.page.details.text()
    province.press("Ctrl+Return")
    province.press("Ctrl+Return")
    assert said in sentences(province.page.panel)
    assert said in province.window.open_record(id_).handover.text()


def test_a_package_that_never_came_is_named_in_preview_and_ledger(acquainted, tmp_path):
    unit, province = acquainted
    unit.add("beneficiary", name="Cơ sở A")
    entry = receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx")).preview
    made, _ = drafts.write_receipt(province.workspace, entry.package, tmp_path / "bn.xlsx")
    assert made["results"] == {"received": 1}
    receiving.receive(unit.workspace, tmp_path / "bn.xlsx")
    unit.add("beneficiary", name="Cơ sở B")
    unit.write(tmp_path / "lost.xlsx")
    receiving.undo(province.workspace, entry.package)
    unit.add("beneficiary", name="Cơ sở C")
    province.come_forward().look_at(unit.write(tmp_path / "3.xlsx"))
    assert any("Thiếu gói số" in said for said in sentences(province.page))
    province.press("Ctrl+Return")
    province.window.go("handoff")
    assert province.page.ledger.table.lines_model.index(0, 6).data().startswith("Thiếu gói số")


# -- the pile ------------------------------------------------------------------------------------------------------


@pytest.fixture
def conflict(acquainted, tmp_path):
    """Both sides changed the same two fields without seeing each other."""
    unit, province = acquainted
    id_ = unit.add("beneficiary", name="Cơ sở Mẫu", address="Số 1", main_trade="Mây tre đan")
    receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx"))
    changing.set_values(unit.workspace, id_, {"address": "Số 15 đường Mẫu", "main_trade": "Gốm"})
    changing.set_values(province.workspace, id_, {"address": "Số 51 đường Mẫu", "main_trade": "Gạch"})
    return unit, province, id_, unit.write(tmp_path / "2.xlsx", full=True)


def test_conflicts_are_decided_with_the_keyboard_alone(qtbot, conflict):
    unit, province, id_, path = conflict
    province.come_forward().look_at(path)
    assert "Hai bên cùng sửa" in province.page.details.text()
    province.press("Ctrl+Return")
    province.click("intake.conflicts")
    qtbot.waitUntil(lambda: province.window.navigation.text_of("conflicts") == "Cần xem  2")
    page = province.page
    assert page.title == "Cần xem"
    question = page.current()
    assert (question.label, question.shown.text, question.waiting[0].text) == (
        conflicts.label_of(province.workspace, id_, question.path),
        province.workspace.store.record(id_).text(question.path),
        unit.workspace.store.record(id_).text(question.path),
    )
    assert question.waiting[0].officer == "Nguyễn Thị Mẫu"
    province.press("0")
    assert page.current().path != question.path
    assert len(conflicts.pile(province.workspace)) == 2
    second = page.current()
    province.press("2")
    assert province.workspace.store.record(id_).text(second.path) == second.waiting[0].text
    province.press("1")
    assert province.workspace.store.record(id_).text(question.path) == question.shown.text
    assert page.summary.text() == "Không còn chỗ nào cần quyết định."


def test_the_pile_stays_until_somebody_decides_and_is_reached_from_the_dossier(conflict):
    _unit, province, id_, path = conflict
    receiving.receive(province.workspace, path)
    province.come_forward().window.open_record(id_)
    province.click("handover_state.conflicts")
    assert province.page.title == "Cần xem"
    assert len(conflicts.pile(province.workspace)) == 2
    province.press("Alt+Left")
    assert province.page.record_id == id_
    assert len(conflicts.pile(province.workspace)) == 2


def test_a_navigation_entry_without_anything_waiting_is_hidden(unit):
    unit.come_forward()
    button = unit.window.navigation.findChild(type(unit.window.header.back), "navigation.conflicts")
    assert not button.isVisible()
    unit.press("Ctrl+J")
    assert unit.page.title == "Cần xem"
    assert button.isVisible()


# -- receipts ------------------------------------------------------------------------------------------------------


def test_a_returned_dossier_opens_at_its_field_with_the_reason(answer, acquainted, tmp_path):
    unit, province = acquainted
    id_ = unit.add("proposal", title="Đề án mẫu", year="2026", programme="local")
    other = closed(unit, "Đề án khác")
    receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx"))
    province.come_forward().window.go("handoff")
    assert "1 gói đã nhận chưa có biên nhận." in sentences(province.page)
    province.click("handover.receipts")
    province.press("Return")
    page = province.page
    assert page.title == "Biên nhận cho Trung tâm mẫu A"
    page.table.go_to(id_)
    page.panel.findChild(QRadioButton, "decision.returned").click()
    province.press("Ctrl+Return")
    assert "ít nhất một lý do" in province.messages.said[-1]

    page.panel.findChild(QRadioButton, "decision.returned").setFocus()
    passed = []
    for _ in range(3):
        province.press("Tab")
        passed.append(QApplication.focusWidget().accessibleName())
    assert passed == ["Mục bị trả lại", "Lý do bị trả lại", "Bỏ lý do này"]
    province.press("Space")  # the row goes, the keyboard stays with the reasons
    assert QApplication.focusWidget().accessibleName() == "Lý do bị trả lại"
    box = page.panel.findChild(QComboBox, "decision.field.1")
    line = page.panel.findChild(QLineEdit, "decision.reason.1")
    box.lineEdit().selectAll()
    QTest.keyClicks(box, "du toan kinh phi")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.currentData() == "budget"
    QTest.keyClicks(line, "Thieu bao gia")
    page.table.go_to(other)
    page.panel.findChild(QRadioButton, "decision.approved").click()
    assert typed(page, "support").text() == "4.000.000"  # what is asked for
    write(page, "support", "900 tr")
    assert "Duyệt 900.000.000, đề nghị 4.000.000: hơn 896.000.000." in shown(page, "above")
    assert "Lý do duyệt hơn" in sentences(page)
    assert shown(page, "read") == "= 900.000.000 đồng (chín trăm triệu đồng)"
    write(page, "support", "3 trieu")
    assert (shown(page, "read"), shown(page, "above")) == ("= 3.000.000 đồng (ba triệu đồng)", "")
    for name, text in (("number", "12/UBND"), ("date", "1/3/2026"), ("authority", "UBND MAU")):
        write(page, name, text)
    assert page.sums.text() == "Duyệt 1 đề án: 3.000.000 đồng, các đề án đó đề nghị 4.000.000 đồng."
    province.pick(tmp_path / "bn.xlsx")
    answer(choose_password(""))
    province.press("Ctrl+Return")
    assert "1 đã nhận, 1 trả lại, 1 phê duyệt" in province.messages.said[-1]
    granted = province.workspace.store.record(other)
    assert (granted.state, granted.value("approved_support")) == ("approved", 3_000_000)
    assert province.page.packages[0].receipt

    unit.come_forward().look_at(tmp_path / "bn.xlsx")
    unit.page.table.go_to(id_)
    assert "Dự toán kinh phí: Thieu bao gia" in unit.page.details.text()
    unit.press("Ctrl+Return")
    unit.window.go("proposal")
    model = unit.page.model
    cells = {model.index(row, 0).data(): model.index(row, 2).data() for row in range(model.rowCount())}
    assert cells == {"Đề án mẫu": "Bị trả lại", "Đề án khác": "Được duyệt"}
    dossier = unit.window.open_record(id_)
    assert "Dự toán kinh phí: Thieu bao gia" in dossier.handover.text()
    assert dossier.form.focused_path() == "budget"
    dossier.refresh(changing.set_values(unit.workspace, id_, {"title": "Đề án mẫu đã sửa"}), None)
    assert "đã sửa sau khi bàn giao" in dossier.handover.text()


def closed(office, title):
    """A complete proposal of an office, closed, that asks for 4 million of 100."""
    id_ = lives.write(office.workspace, "brand")
    changing.set_values(office.workspace, id_, {"title": title})
    lives.take(office.workspace, id_, "finalise")
    return id_


def typed(page, name):
    return page.panel.findChild(QLineEdit, f"decision.{name}")


def write(page, name, text):
    typed(page, name).clear()
    QTest.keyClicks(typed(page, name), text)
    page.panel.flush()


def shown(page, name):
    label = page.panel.findChild(QLabel, f"decision.{name}")
    return label.text() if label.isVisible() else ""


def test_a_sent_decision_is_read_only_until_it_is_amended_and_undecided_dossiers_are_asked_for(
    answer, acquainted, tmp_path
):
    unit, province = acquainted
    first, second, third, early = (closed(unit, f"Đề án {n}") for n in range(4))
    for id_ in (third, early):
        lives.take(unit.workspace, id_, "send")
    receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx"))
    province.come_forward().window.go("handoff")
    province.click("handover.receipts")
    province.press("Return")
    page = province.page
    page.table.go_to(early)
    assert not page.panel.findChild(QRadioButton, "decision.approved").isEnabled()
    assert "bước tiếp theo là «Nhận hồ sơ, thẩm định cấp cơ sở»" in shown(page, "closed")
    page.table.go_to(first)
    page.panel.findChild(QRadioButton, "decision.approved").click()
    for name, text in (("number", "12/UBND"), ("date", "1/3/2026"), ("authority", "UBND MAU")):
        write(page, name, text)
    page.table.go_to(second)
    page.panel.findChild(QRadioButton, "decision.approved").click()
    assert [typed(page, name).text() for name in ("number", "date", "authority")] == [
        "12/UBND", "1/3/2026", "UBND MAU",
    ]  # fmt: skip
    province.messages.answers.append(False)
    province.press("Ctrl+Return")
    assert province.messages.said[-1] == "2 đề án chưa quyết, gửi là «đã nhận»?"
    province.messages.answers.append(True)
    province.pick(tmp_path / "bn.xlsx")
    answer(choose_password(""))
    province.press("Ctrl+Return")
    assert [province.workspace.store.record(id_).state for id_ in (first, second, third)] == [
        "approved", "approved", "sent",
    ]  # fmt: skip

    province.window.open_record(first)
    editor = province.page.form.editor("province_result")
    assert not province.page.form.may_edit("province_result"), editor
    province.click("handover_state.receipt")
    page = province.page
    assert page.table.key() == first, "the receipt opens at the dossier"
    assert not page.panel.findChild(QRadioButton, "decision.rejected").isEnabled()
    assert "Đã gửi đơn vị: «Được phê duyệt»" in shown(page, "sent")
    province.messages.texts.append("Hội đồng xem lại")
    province.click("decision.amend")
    assert "Đang sửa quyết định «Được phê duyệt»" in shown(page, "sent")
    write(page, "number", "13/UBND")
    province.click("decision.keep")
    assert "Đã gửi đơn vị: «Được phê duyệt»" in shown(page, "sent"), "begun by mistake, it is left as it was sent"
    assert typed(page, "number").text() == "12/UBND"
    province.messages.texts.append("Hội đồng xem lại")
    province.click("decision.amend")
    page.panel.findChild(QRadioButton, "decision.rejected").click()
    province.press("Ctrl+Return")
    assert province.window.notices.text() == "Không phê duyệt phải ghi lý do."
    note = page.panel.findChild(QPlainTextEdit, "decision.note")
    assert note.hasFocus(), "what is missing is typed at once"
    note.setPlainText("Trùng nguồn")
    page.panel.flush()
    assert province.window.notices.isHidden(), "the reason is mended, its message is gone"
    province.messages.answers.append(True)
    province.pick(tmp_path / "bn2.xlsx")
    answer(choose_password(""))
    province.press("Ctrl+Return")
    for name in ("bn", "bn2"):
        receiving.receive(unit.workspace, tmp_path / f"{name}.xlsx")
    dossier = unit.come_forward().window.open_record(first)
    assert unit.workspace.store.record(first).state == "rejected"
    assert "Trước đó: được phê duyệt" in dossier.handover.text()
    assert "Hội đồng xem lại" in dossier.handover.text()


def test_the_first_page_leads_to_the_receipts_that_are_owed(qtbot, acquainted, tmp_path):
    unit, province = acquainted
    lives.take(unit.workspace, closed(unit, "Đề án"), "send")
    receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx"))
    province.come_forward().add("task", title="Gọi cho đơn vị")  # the first page reads its figures again

    def lines():
        buttons = province.page.findChildren(QPushButton)
        return {button.accessibleName(): button for button in buttons if button.objectName().startswith("work.")}

    qtbot.waitUntil(lambda: bool(lines()))
    assert any("chờ cấp tỉnh thẩm định, trả lời: 1 – đã gửi thẩm định 1" in name for name in lines())
    next(button for name, button in lines().items() if name.startswith("Viết biên nhận")).click()
    province.rest()
    assert isinstance(province.page, OutboxPage)


def test_several_dossiers_are_given_the_decision_of_one_paper(answer, acquainted, tmp_path):
    unit, province = acquainted
    ids = [closed(unit, f"Đề án {n}") for n in range(3)]
    for id_ in ids:
        lives.take(unit.workspace, id_, "send")
    package = receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx")).preview.package
    with province.workspace.store.act("Đã thẩm định") as act:
        for id_ in ids:
            act.update(id_, {"state": "provincial_approval"})
    province.come_forward().window.open_page(lambda context: ReceiptPage(context, package))
    page = province.page
    page.table.go_to(ids[0])
    page.panel.findChild(QRadioButton, "decision.approved").click()
    for name, text in (("number", "12/UBND"), ("date", "1/3/2026"), ("authority", "UBND MAU")):
        write(page, name, text)

    def only_the_second(dialog):
        dialog.list.item(1).setCheckState(Qt.CheckState.Unchecked)
        dialog.act.click()

    answer(only_the_second)
    province.click("decision.alike")
    assert page.sums.text().startswith("Duyệt 2 đề án: 8.000.000 đồng")
    granted = {line.record: line.decision for line in drafts.lines(province.workspace, package)}
    assert [granted[id_].number for id_ in ids] == ["12/UBND", "12/UBND", ""]


def test_the_province_types_no_opinion_on_what_was_not_handed_in(acquainted, tmp_path):
    unit, province = acquainted
    draft = unit.add("proposal", title="Đề án mẫu", year="2026", programme="local")
    sent = closed(unit, "Đề án đã gửi")
    lives.take(unit.workspace, sent, "send")
    receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx"))
    window = province.come_forward().window

    form = window.open_record(draft).form
    editor = form.editor("province_result")
    assert [button.isEnabled() for button in editor.input.buttons] == [False] * 4
    editor.input.buttons[2].click()
    QTest.keyClick(editor.input.buttons[0], Qt.Key.Key_3)
    assert not form.may_edit("province_note")
    assert [text for text in sentences(form) if "đơn vị chưa gửi thẩm định" in text] == [
        "Đề án khuyến công đang «Đang soạn», đơn vị chưa gửi thẩm định. Trả lời gói thì vào Bàn giao, chọn «Biên nhận»."
    ]
    assert province.workspace.store.record(draft).value("province_result") is None

    form = window.open_record(sent).form
    editor = form.editor("province_result")
    assert [button.isEnabled() for button in editor.input.buttons] == [True, True, False, True]
    editor.input.buttons[2].click()
    QTest.keyClick(editor.input.buttons[0], Qt.Key.Key_3)
    assert "«Nhận hồ sơ, thẩm định cấp cơ sở»" in editor.input.buttons[2].toolTip()
    assert "«Nhận hồ sơ, thẩm định cấp cơ sở»" in editor.note_text("closed")
    assert province.workspace.store.record(sent).value("province_result") is None
    QTest.keyClick(editor.input.buttons[0], Qt.Key.Key_4)
    assert province.workspace.store.record(sent).value("province_result") == "rejected"


def test_an_opinion_that_came_too_late_is_put_back_and_the_rest_is_kept(acquainted, tmp_path):
    unit, province = acquainted
    id_ = closed(unit, "Đề án")
    lives.take(unit.workspace, id_, "send")
    receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx"))
    page = province.come_forward().window.open_record(id_)
    result = page.form.editor("province_result").input
    with province.workspace.store.act("Máy khác đã sửa") as act:  # the page is not told
        act.update(id_, {"state": "draft"})
    result.buttons[3].click()
    assert province.workspace.store.record(id_).value("province_result") is None
    assert result.value() is None
    assert "đơn vị chưa gửi thẩm định" in province.messages.said[-1]
    assert not result.buttons[3].isEnabled()


def test_choices_survive_and_a_dossier_that_comes_again_is_judged_anew(acquainted, tmp_path):
    unit, province = acquainted
    id_ = unit.add("proposal", title="Đề án mẫu", year="2026", programme="local")
    first = receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx")).preview.package
    chosen = drafts.Decision(result="returned", reasons=(("budget", "Thiếu báo giá"),))
    drafts.choose(province.workspace, first, id_, chosen)
    assert drafts.lines(province.workspace, first)[0].decision == chosen
    drafts.write_receipt(province.workspace, first, tmp_path / "bn.xlsx")
    assert province.workspace.store.record(id_).value("province_result") == "returned"
    receiving.receive(unit.workspace, tmp_path / "bn.xlsx")
    changing.set_values(unit.workspace, id_, {"title": "Đề án mẫu đã sửa"})
    again = receiving.receive(province.workspace, unit.write(tmp_path / "2.xlsx")).preview.package
    assert drafts.lines(province.workspace, again)[0].decision.result == "received"
    made, _ = drafts.write_receipt(province.workspace, again, tmp_path / "bn2.xlsx")
    assert made["results"] == {"received": 1}


def test_all_receipts_that_are_owed_are_written_at_once(answer, acquainted, tmp_path):
    unit, province = acquainted
    for number in (1, 2):
        unit.add("beneficiary", name=f"Cơ sở {number}")
        receiving.receive(province.workspace, unit.write(tmp_path / f"{number}.xlsx", full=True))
    province.come_forward().window.go("handoff")
    province.click("handover.receipts")
    out = tmp_path / "stick"
    out.mkdir()
    province.pick(out)
    answer(choose_password(""))
    province.press("Ctrl+Return")
    assert sorted(path.name for path in out.iterdir()) == ["BN_SCT_TT-A_2026-02_B1.xlsx", "BN_SCT_TT-A_2026-02_C.xlsx"]
    assert province.page.main_action() is None


def test_a_rejected_national_proposal_is_moved_to_the_local_plan(acquainted, tmp_path):
    unit, province = acquainted
    rows = [{"item": "Mua máy", "cost": 900, "national": 300, "counterpart": 600}]
    id_ = unit.add("proposal", title="Đề án mẫu", year="2026", programme="national", budget=rows)
    with unit.workspace.store.act("Gửi") as act:
        act.update(id_, {"state": "sent"})
    package = receiving.receive(province.workspace, unit.write(tmp_path / "1.xlsx")).preview.package
    rejected = drafts.Decision(result="rejected", note="Hết vốn quốc gia")
    drafts.choose(province.workspace, package, id_, rejected)
    drafts.write_receipt(province.workspace, package, tmp_path / "bn.xlsx")
    receiving.receive(unit.workspace, tmp_path / "bn.xlsx")
    unit.come_forward().window.open_record(id_)
    unit.click("handover_state.local_plan")
    record = unit.workspace.store.record(id_)
    assert record.value("programme") == "local"
    assert (record.value("budget")[0].get("national"), record.value("budget")[0]["local"]) == (None, 300)
    unit.press("Ctrl+Z")
    assert unit.workspace.store.record(id_).value("programme") == "national"


# -- keys ----------------------------------------------------------------------------------------------------------


def test_units_get_to_know_each_other_renew_and_withdraw(answer, unit, province, tmp_path):
    unit.come_forward().window.go("handoff")
    unit.click("handover.partners")
    card = unit.page.findChild(QFrame, "partners.card")
    assert card.height() <= card.sizeHint().height(), "without a list below it the card does not grow"
    unit.pick(tmp_path / "nhandien.xlsx")
    unit.click("partners.identity")
    own = partners.own_identity(unit.workspace)["fingerprint"]

    province.come_forward().window.go("handoff")
    province.click("handover.partners")
    province.pick(tmp_path / "nhandien.xlsx")
    answer(compare)
    province.press("Ctrl+Return")
    assert [partner["fingerprint"] for partner in partners.known_partners(province.workspace)] == [own]
    assert province.page.table.lines_model.index(0, 5).data() == "Đang tin cậy"

    unit.come_forward()
    unit.messages.answers.append(True)
    unit.pick(tmp_path / "moi.xlsx")
    unit.click("partners.renew")
    assert partners.own_identity(unit.workspace)["fingerprint"] != own

    province.come_forward()
    province.pick(tmp_path / "moi.xlsx")
    answer(compare)
    province.press("Ctrl+Return")
    assert {p["fingerprint"]: bool(p["ended"]) for p in partners.known_partners(province.workspace)} == {
        own: True,
        partners.own_identity(unit.workspace)["fingerprint"]: False,
    }

    model = province.page.table.lines_model
    trusted = next(row for row in range(2) if model.index(row, 5).data() == "Đang tin cậy")
    province.page.table.selectRow(trusted)
    province.messages.texts.append("Mất máy")
    province.page.table.setFocus()
    province.press("Del")
    assert all(partner["ended"] for partner in partners.known_partners(province.workspace))


# -- a folder, a workbook that was edited --------------------------------------------------------------------------


def test_a_folder_of_packages_and_who_is_late(acquainted, offices, tmp_path):
    unit, province = acquainted
    stick = tmp_path / "stick"
    stick.mkdir()
    unit.add("beneficiary", name="Cơ sở Mẫu")
    unit.write(stick / "a.xlsx")
    (stick / "KC_TT-B_2026-02_C.xlsx").write_text("không phải gói", encoding="utf-8")
    late = offices("late", unit="Trung tâm mẫu B", code="TT-B", parent=ABOVE)
    partners.write_identity(late.workspace, tmp_path / "b.xlsx")
    partners.trust(province.workspace, tmp_path / "b.xlsx")
    know_since(province.workspace, "2026-01-02T01:00:00Z")  # else not late in February
    province.come_forward().window.go("handoff")
    province.pick(stick)
    province.click("handover.folder")
    assert province.main == "Nhận 1 gói"
    province.press("Ctrl+Return")
    assert reading.count(province.workspace, "beneficiary") == 1
    summary = province.page.summary
    assert summary.period.currentText() == "Tháng 03/2026"  # the present one; a package of February says nothing of it
    assert {line.cells[0] for line in summary.table.lines_model.lines} == {"Chưa đến hạn"}
    province.page.tabs.setCurrentWidget(summary)
    QTest.keyClick(summary.period, Qt.Key.Key_Down)
    assert summary.period.currentText() == "Tháng 02/2026"
    lines = summary.table.lines_model.lines
    assert [line.cells[0] for line in lines] == ["Quá hạn", "Đã bàn giao"]
    assert "KC_TT-B_2026-02_C.xlsx" in lines[0].cells[-1]
    assert "1 quá hạn" in summary.headline.text()
    summary.table.go_to(lines[0].key)
    assert "không phải gói" in summary.whole.text()
    dialog = summary.dialog()
    dialog.show()
    province.pick(tmp_path / "nhac.pdf")
    dialog.save()
    dialog.close()
    with PdfDocument(tmp_path / "nhac.pdf") as pdf:
        assert "Trung tâm mẫu B" in pdf[0].get_textpage().get_text_bounded()


def test_a_folder_of_many_files_is_announced_at_once_and_leaves_room_for_the_units(acquainted, tmp_path):
    unit, province = acquainted
    stick = tmp_path / "stick"
    stick.mkdir()
    for name in ("a.xlsx", "b.xlsx"):
        unit.add("beneficiary", name=f"Cơ sở {name}")
        unit.write(stick / name)
    for number in range(200):
        (stick / f"tep-la-{number:03}.xlsx").write_bytes(b"not a workbook %d" % number)
    announced = []
    province.window.context.changed.connect(lambda changes, _initiator: announced.append(changes))
    province.come_forward().window.go("handoff")
    province.pick(stick)
    province.click("handover.folder")
    assert province.page.files.lines_model.rowCount() == 202
    province.press("Ctrl+Return")
    assert reading.count(province.workspace, "beneficiary") == 2
    (changes,) = announced
    assert {item.kind for item in changes.items} >= {"beneficiary"}
    summary = province.page.summary
    province.page.tabs.setCurrentWidget(summary)
    assert summary.stray.text().endswith("tep-la-011.xlsx và 188 tệp khác.")
    assert summary.table.height() > summary.stray.height()


def test_the_rows_of_a_folder_follow_what_was_done_with_their_files(answer, acquainted, offices, tmp_path):
    unit, province = acquainted
    stick = tmp_path / "stick"
    stick.mkdir()
    unit.add("beneficiary", name="Cơ sở Mẫu")
    unit.write(stick / "a.xlsx")
    load_workbook(stick / "a.xlsx").save(stick / "e.xlsx")
    partners.write_identity(
        offices("new", unit="Phòng Kinh tế xã Mới", code="XM", parent=ABOVE).workspace, stick / "t.xlsx"
    )
    other = offices("newer", unit="Phòng Kinh tế xã Khác", code="XK", parent=ABOVE)
    partners.write_identity(other.workspace, stick / "u.xlsx")
    province.come_forward().window.go("handoff")
    assert "Chưa nhận gói nào." in sentences(province.page)
    province.pick(stick)
    province.click("handover.folder")
    page = province.page

    def row(name):
        return next(line.cells[0] for line in page.files.lines_model.lines if line.key == name)

    assert [row(name) for name in ("a.xlsx", "e.xlsx", "t.xlsx")] == ["Nhận được", "Đã bị sửa", "Cần đối chiếu"]
    province.click("collecting.reread")
    province.rest()
    assert province.messages.said[-1] == "Đã đọc lại 4 tệp; không có tệp mới."
    page.files.go_to("t.xlsx")
    assert "thẻ nhận diện của Phòng Kinh tế xã Mới" in page.whole.text()
    assert page.act_button.text() == "Đối chiếu dấu khoá…"
    page.act_button.setFocus()
    answer(compare)
    province.click("collecting.act")
    province.rest()
    assert row("t.xlsx") == "Đã tin cậy"
    assert page.files.key() == "u.xlsx"  # the next card to compare, not the finished one, which stands last now
    page.act_button.setFocus()
    page.files.go_to("t.xlsx")  # the button goes with its file; the keyboard stays in the list
    assert QApplication.focusWidget() is page.files
    page.files.go_to("e.xlsx")
    assert page.letter_button.isVisible()
    province.click("collecting.act")
    assert province.page.title == "Bảng tính đã sửa gửi về"
    assert province.main == "Xin gói gốc…"
    assert "Trung tâm mẫu" in province.page.summary.text()
    (stick / "e.xlsx").rename(stick / "elsewhere.xlsx")  # the stick is pulled out: a sentence, no crash window
    province.press("Ctrl+Return")
    assert "e.xlsx" in province.messages.said[-1]
    (stick / "elsewhere.xlsx").rename(stick / "e.xlsx")
    province.press("Alt+Left")
    page.files.go_to("a.xlsx")
    page.files.setFocus()
    province.press("Return")
    province.press("Ctrl+Return")
    province.press("Alt+Left")
    province.rest()
    assert province.page is page
    assert row("a.xlsx") == "Đã nhận"
    assert page.main_action() is None


def test_one_cell_is_taken_in_and_the_others_still_wait(acquainted, tmp_path):
    unit, _province = acquainted
    id_ = unit.add("proposal", title="Đề án mẫu", year="2026", programme="local")
    path = unit.write(tmp_path / "goi.xlsx")
    book = load_workbook(path)
    sheet = book["Đề án"]
    names = [cell.value for cell in sheet[2]]
    sheet.cell(3, names.index("province_note") + 1).value = "Cần bổ sung báo giá"
    sheet.cell(3, names.index("title") + 1).value = "Đề án mẫu, sửa"
    book.save(path)
    unit.come_forward().look_at(path)
    page = unit.page
    assert unit.main == "Nhận 2 ô"
    page.table.go_to(next(line.key for line in page.table.lines_model.lines if "province_note" in line.key))
    unit.click("edits.single")
    record = unit.workspace.store.record(id_)
    assert (record.value("province_note"), record.value("title")) == ("Cần bổ sung báo giá", "Đề án mẫu")
    assert unit.main == "Nhận 1 ô"


def test_cells_edited_in_a_spreadsheet_are_shown_and_taken_in_after_consent(acquainted, tmp_path):
    unit, _province = acquainted
    id_ = unit.add("proposal", title="Đề án mẫu", year="2026", programme="local")
    path = unit.write(tmp_path / "goi.xlsx")
    book = load_workbook(path)
    for sheet in book.worksheets:
        names = [cell.value for cell in sheet[2]] if sheet.max_row > 1 else []
        if "province_note" in names and "title" in names:
            sheet.cell(3, names.index("province_note") + 1).value = "Cần bổ sung báo giá"
            sheet.cell(3, names.index("province_support") + 1).value = "ba trăm"
    book.save(path)
    unit.come_forward().look_at(path)
    page = unit.page
    assert page.title == "Bảng tính đã sửa gửi về"
    accepted = {edit["path"]: edit["accepted"] for edit in page.workbook["edits"]}
    assert accepted == {"province_note": True, "province_support": False}
    assert unit.main == "Nhận 1 ô"
    page.table.go_to(next(line.key for line in page.table.lines_model.lines if line.cells[0] == "Không nhận"))
    assert "ba trăm" in page.whole.text()
    unit.press("Ctrl+Return")
    assert unit.workspace.store.record(id_).value("province_note") == "Cần bổ sung báo giá"
    assert unit.page.main_action() is None


def test_a_decision_workbook_is_shown_and_taken_in_the_same_way(acquainted, tmp_path):
    unit, _province = acquainted
    id_ = unit.add("proposal", title="Đề án mẫu", year="2026", programme="local")
    other = unit.add("proposal", title="Đề án thứ hai", year="2026", programme="local")
    unit.write(tmp_path / "goi.xlsx")
    path = tmp_path / "quyet-dinh.xlsx"
    decision_workbooks.make_decision_workbook(unit.workspace, unit.workspace.store.packages.list()[0].id, path)
    book = load_workbook(path)
    sheet = book["Đề án"]
    names = [cell.value for cell in sheet[2]]
    result = sheet.cell(3, names.index("province_result") + 1)
    result.value = "Phê duyệt"
    sheet.merge_cells(start_row=3, end_row=4, start_column=result.column, end_column=result.column)
    book.save(path)
    unit.come_forward().look_at(path)
    assert unit.main == "Nhận 2 ô"
    lines = unit.page.table.lines_model.lines
    assert [line.cells[-1][:5] for line in lines] == ["", "Ô trộ"]
    unit.page.table.go_to(lines[1].key)
    assert "một giá trị cho các dòng 3–4" in unit.page.whole.text()
    unit.press("Ctrl+Return")
    assert [unit.workspace.store.record(i).value("province_result") for i in (id_, other)] == ["approved"] * 2


# -- paper, laptops ------------------------------------------------------------------------------------------------


def test_the_record_of_a_hand_over_is_printed_from_the_ledger(acquainted, tmp_path):
    unit, _province = acquainted
    unit.add("beneficiary", name="Cơ sở Mẫu")
    unit.write(tmp_path / "goi.xlsx")
    unit.come_forward().window.go("handoff")
    page = unit.page
    assert page.ledger.findChild(QPushButton, "ledger.paper").isVisible()
    dialog = page.record_dialog(page.ledger.table.key())
    dialog.show()
    unit.pick(tmp_path / "bienban.pdf")
    dialog.save()
    dialog.close()
    with PdfDocument(tmp_path / "bienban.pdf") as pdf:
        said = " ".join(pdf[0].get_textpage().get_text_bounded().split())
    assert "Trung tâm mẫu A" in said
    assert "goi.xlsx" in said


def test_the_key_of_a_package_in_a_folder_is_compared_at_one_press(answer, unit, province, tmp_path):
    unit.add("beneficiary", name="Cơ sở Mẫu")
    stick = tmp_path / "the nho"
    stick.mkdir()
    unit.write(stick / "a.xlsx")
    province.come_forward().window.go("handoff")
    province.pick(stick)
    province.click("handover.folder")
    assert province.page.act_button.text() == "Đối chiếu dấu khoá…"
    answer(compare)
    province.click("collecting.act")
    province.rest()
    assert province.page.title == "Xem trước gói bàn giao"
    assert province.main == "Nhận vào"


def test_a_store_that_was_copied_goes_on_as_another_laptop(answer, unit):
    unit.come_forward().window.go("handoff")
    unit.click("handover.partners")
    before = unit.workspace.identity.device_id
    answer(lambda dialog: dialog.findChild(QPushButton, "new_device.device").click())
    unit.messages.answers.append(True)
    unit.click("partners.device")
    assert unit.workspace.identity.device_id != before
