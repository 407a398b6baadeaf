"""From nothing to the window: the wizard, the passphrase, stores that cannot be opened, crashes."""

import shutil
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QRadioButton
from shiboken6 import isValid

from kcdesk import app, log, paths
from kcdesk.errors import KnownError, UserError
from kcdesk.services.maintenance import opening, relocation
from kcdesk.services.records import changing, reading
from kcdesk.ui.help.beside import HelpBeside
from kcdesk.ui.help.tour import Tour
from kcdesk.ui.opening.crash_dialog import CrashCatcher, report
from kcdesk.ui.opening.relocation_dialog import RelocationDialog
from kcdesk.ui.opening.store_trouble_dialog import TroubleDialog
from kcdesk.ui.opening.unlock import UnlockDialog
from kcdesk.ui.opening.wizard import Wizard
from tests.ui.conftest import practice_answers
from tests.ui.cut_texts import cut_texts
from tests.ui.form_support import rest

pytestmark = pytest.mark.usefixtures("theme")
PASSPHRASE = "mười hai con mèo"


@pytest.fixture
def wizard(qtbot, tmp_path):
    wizard = Wizard(tmp_path / "store")
    wizard.next.pause = 0
    qtbot.addWidget(wizard, before_close_func=lambda wizard: wizard.done(0))  # it asks when it is merely closed
    wizard.show()
    yield wizard
    if wizard.workspace is not None:
        wizard.workspace.close()


def _fill_unit_and_officer(wizard, code="TTKC-MAU", province="Tỉnh Lạng Sơn"):
    wizard.unit.fields["unit"].setText("Trung tâm Khuyến công mẫu")
    wizard.unit.fields["code"].setText(code)
    wizard.unit.fields["province"].setEditText(province)
    level = wizard.unit.fields["level"]
    level.setCurrentIndex(level.findData("lower"))
    wizard.next.click()
    wizard.officer.fields["officer"].setText("Nguyễn Thị Mẫu")
    wizard.next.click()


# -- the wizard --------------------------------------------------------


def test_tab_goes_on_from_the_last_field_of_the_wizard_not_back(wizard):
    assert wizard.next.nextInFocusChain() is wizard.back


def test_a_practice_store_is_made_in_three_steps(wizard):
    _fill_unit_and_officer(wizard)
    wizard.protection.practice.setChecked(True)
    wizard.next.click()
    identity = wizard.workspace.identity
    assert (identity.unit.code, identity.unit.province, identity.practice) == ("TTKC-MAU", "20", True)
    assert identity.officer.name == "Nguyễn Thị Mẫu"


def test_a_real_store_gives_its_recovery_code_and_wants_it_kept(wizard, tmp_path):
    _fill_unit_and_officer(wizard)
    for name in ("passphrase", "again"):
        wizard.protection.fields[name].setText(PASSPHRASE)
    wizard.next.click()
    code = wizard.recovery.code.text().replace("\n", "-")
    assert not wizard.next.isEnabled()
    wizard.reject()
    assert wizard.isVisible()
    assert "mã khôi phục" in wizard.problem.text()
    wizard.recovery.copy_button.click()
    assert QApplication.clipboard().text() == code
    wizard.recovery.confirmed.setChecked(True)
    assert not wizard.next.isEnabled()
    first, second = (int(word) for word in wizard.recovery.asked.text().replace(",", "").split() if word.isdigit())
    assert "chưa đúng" in wizard.recovery.wrong.text(), "a button that only waits says for what"
    wizard.recovery.asked_back.setText(code.split("-")[first - 1] + code.split("-")[second - 1])
    assert wizard.recovery.wrong.text() == ""
    wizard.next.click()
    wizard.workspace.close()
    opening.open_workspace(tmp_path / "store", code).close()
    opening.open_workspace(tmp_path / "store", PASSPHRASE).close()


def test_what_is_missing_is_said_beside_the_field(wizard):
    wizard.next.click()
    assert wizard.problem.text() == "Hãy ghi tên đơn vị."
    wizard.unit.fields["unit"].setText("Đơn vị")
    wizard.next.click()
    assert wizard.problem.text() == "Hãy đặt mã cho đơn vị."
    wizard.unit.fields["code"].setText("tây sơn 01")
    wizard.next.click()
    assert "chỉ được gồm chữ không dấu" in wizard.problem.text()
    assert wizard.problem.text().endswith("Ví dụ: TAY-SON-01."), "here, not two steps later"
    wizard.unit.fields["code"].setText("DV")
    wizard.next.click()
    assert wizard.problem.text() == "Hãy chọn tỉnh, thành phố."
    wizard.unit.fields["province"].setEditText("Tỉnh Lạng Sơn")
    wizard.next.click()
    assert wizard.problem.text().startswith("Hãy chọn cấp"), "never assumed: it decides what the store can do"


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [({"code": "Mã số 1"}, "chỉ được gồm"), ({"province": "Không đâu cả"}, "Không có tỉnh")],
)
def test_a_refused_answer_leads_back_to_its_step_and_nothing_is_written(wizard, tmp_path, answers, sentence):
    _fill_unit_and_officer(wizard, **answers)
    wizard.protection.practice.setChecked(True)
    wizard.next.click()
    assert wizard.stack.currentWidget() is wizard.unit
    assert sentence in wizard.problem.text()
    assert not opening.is_store(tmp_path / "store")


def test_two_different_passphrases_are_noticed(wizard):
    _fill_unit_and_officer(wizard)
    wizard.protection.fields["passphrase"].setText(PASSPHRASE)
    wizard.protection.fields["again"].setText("mười hai con chó")
    wizard.next.click()
    assert wizard.problem.text() == "Hai lần gõ mật khẩu chưa giống nhau."


def test_going_back_keeps_the_answers(wizard):
    _fill_unit_and_officer(wizard)
    wizard.back.click()
    wizard.back.click()
    assert wizard.unit.fields["code"].text() == "TTKC-MAU"


def test_all_provinces_are_offered_and_found_without_accents(wizard, qtbot):
    box = wizard.unit.fields["province"]
    assert sum("→" not in box.itemText(place) for place in range(box.count())) == 34
    box.setFocus()
    qtbot.keyClicks(box.lineEdit(), "lang son")
    found = box.completer().completionModel()
    assert [found.index(row, 0).data() for row in range(found.rowCount())] == ["Tỉnh Lạng Sơn"]
    assert wizard.unit.answers()["province"] == "20"


@pytest.mark.parametrize(
    ("typed", "shown", "code"),
    [("binh dinh", "Bình Định → Gia Lai", "52"), ("TỈNH GIA LAI", "Gia Lai", "52"), ("lang son", "Lạng Sơn", "20")],
)
def test_a_province_is_corrected_where_it_is_typed(wizard, typed, shown, code):
    box = wizard.unit.fields["province"]
    box.setEditText(typed)
    box.lineEdit().editingFinished.emit()
    assert box.currentText().removeprefix("Tỉnh ") == shown
    assert wizard.unit.answers()["province"] == code


def test_an_unknown_province_is_refused_at_its_step_and_the_line_goes_while_it_is_mended(qtbot, wizard):
    wizard.unit.fields["unit"].setText("Trung tâm Khuyến công mẫu")
    wizard.unit.fields["code"].setText("TTKC-MAU")
    box = wizard.unit.fields["province"]
    box.setEditText("tây sơn 01")
    wizard.next.click()
    assert wizard.stack.currentWidget() is wizard.unit
    assert "«tây sơn 01»" in wizard.problem.text()
    qtbot.keyClicks(box.lineEdit(), "x")
    assert wizard.problem.text() == ""


def test_the_second_click_of_a_double_click_does_not_go_on(wizard):
    wizard.next.pause = 600
    wizard.officer.fields["officer"].setText("Nguyễn Thị Mẫu")
    wizard.unit.fields["unit"].setText("Trung tâm Khuyến công mẫu")
    wizard.unit.fields["code"].setText("TTKC-MAU")
    wizard.unit.fields["province"].setEditText("Lạng Sơn")
    level = wizard.unit.fields["level"]
    level.setCurrentIndex(level.findData("lower"))
    wizard.next.click()
    wizard.next.click()
    assert wizard.stack.currentWidget() is wizard.officer


def test_esc_asks_before_typed_answers_are_lost(qtbot, wizard, messages):
    wizard.messages = messages
    wizard.unit.fields["unit"].setText("Trung tâm Khuyến công mẫu")
    messages.answers.extend([False, True])
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert not wizard.isVisible()


def test_leaving_the_wizard_early_makes_nothing(wizard, tmp_path, messages):
    wizard.messages = messages
    messages.answers.append(True)
    _fill_unit_and_officer(wizard)
    wizard.reject()
    assert wizard.workspace is None
    assert not (tmp_path / "store").exists()


# -- unlocking --------------------------------------------------------


@pytest.fixture(scope="module")
def locked_store(tmp_path_factory):
    """A real store and its recovery code."""
    folder = tmp_path_factory.mktemp("locked") / "store"
    answers = practice_answers(practice=False, passphrase=PASSPHRASE)
    workspace, code = opening.create_workspace(folder, answers)
    workspace.close()
    return folder, code


@pytest.fixture
def unlock(qtbot, locked_store):
    dialog = UnlockDialog(lambda secret: opening.open_workspace(locked_store[0], secret))
    qtbot.addWidget(dialog)
    dialog.show()
    yield dialog
    if dialog.workspace is not None:
        dialog.workspace.close()


def test_a_wrong_passphrase_may_be_tried_again(unlock, qtbot):
    unlock.secret.setText("sai rồi nhé")
    unlock.open_button.click()
    assert unlock.problem.text() == (
        "Mật khẩu chưa đúng. Hãy gõ lại mật khẩu, hoặc mã khôi phục in khi lập kho. (F1: Mật khẩu và mã khôi phục)"
    )
    assert unlock.secret.selectedText()
    qtbot.keyClick(unlock.secret, Qt.Key.Key_F1)
    assert unlock.findChild(HelpBeside).drawer.topic == "passwords"
    unlock.secret.setText(PASSPHRASE)
    qtbot.keyClick(unlock.secret, Qt.Key.Key_Return)
    assert unlock.workspace.identity.unit.code == "TTKC-MAU"


def test_the_recovery_code_opens_too(unlock, locked_store):
    unlock.other_way.click()
    assert unlock.secret.echoMode() == QLineEdit.EchoMode.Normal
    groups = locked_store[1].split("-")
    for place, letters in ((2, "AAAA"), (5, "7777")):
        groups[place] = letters if groups[place] != letters else "BBBB"
    unlock.secret.setText("-".join(groups))
    unlock.open_button.click()
    assert unlock.problem.text().startswith("Mã khôi phục chưa đúng: nhóm 3, 6 có chữ gõ sai.")
    unlock.secret.setText(locked_store[1].lower())
    unlock.open_button.click()
    assert unlock.workspace is not None


def test_what_is_typed_can_be_looked_at(unlock):
    assert unlock.secret.echoMode() == QLineEdit.EchoMode.Password
    unlock.secret.reveal(True)
    assert unlock.secret.echoMode() == QLineEdit.EchoMode.Normal


def test_another_refusal_ends_the_asking(qtbot):
    def refuse(_secret):
        raise KnownError("Kho đang mở ở cửa sổ khác.", code="in_use")

    dialog = UnlockDialog(refuse)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.open_button.click()
    assert not dialog.isVisible()
    assert dialog.refusal.code == "in_use"


# -- the composition --------------------------------------------------------


@pytest.fixture
def start():
    start = app.Start([])
    yield start
    start.close()


def test_a_store_opens_into_the_window_and_is_let_go_again(start, store_folder):
    window = start.open(store_folder)
    changing.add(window.context.workspace, "beneficiary", {"name": "Cơ sở"})
    window.close()
    start.close()
    assert (store_folder / "settings.json").exists()
    again = opening.open_workspace(store_folder)
    assert reading.count(again, "beneficiary") == 1
    again.close()


def test_a_window_is_gone_before_its_store_is_closed(start, store_folder, qtbot):
    window = start.open(store_folder)
    window.show()
    window.global_search.pop_up()
    line = window.global_search.findChild(QLineEdit)
    QTest.keyClicks(line, "co so")  # searched when the officer has stopped typing: then the store may be closed
    (search,) = (timer for timer in line.findChildren(QTimer) if timer.isActive())
    afterwards = QTimer(singleShot=True, interval=2 * search.interval())
    window.close()
    start.close()
    assert not isValid(window)
    assert not isValid(line)
    with qtbot.captureExceptions() as raised, qtbot.waitSignal(afterwards.timeout):
        afterwards.start()
    assert raised == []


def test_the_same_store_is_opened_again_when_it_was_asked_for(start, store_folder):
    window = start.open(store_folder)
    changing.add(window.context.workspace, "beneficiary", {"name": "Cơ sở"})
    window.show()
    window.context.open_again()
    again = start.open_restored(window, store_folder)
    assert not isValid(window)
    assert reading.count(again.context.workspace, "beneficiary") == 1
    again.close()
    assert start.open_restored(again, store_folder) is None


def test_the_store_of_the_tour_leads_through_itself(start):
    folder = paths.tour_store()
    made, _code = opening.create_workspace(folder, practice_answers())
    made.close()
    window = start.open(folder)
    window.show()
    start.begin()
    assert window.findChild(Tour).isVisible()


@pytest.mark.parametrize(
    ("choose", "keeps"),
    [
        (lambda dialog: dialog.findChild(QRadioButton, "place.moved").click(), True),
        (lambda dialog: dialog.findChild(QRadioButton, "place.restored").click(), False),
        (lambda _dialog: None, False),
        (None, False),
    ],
    ids=["moved", "restored", "as proposed", "closed"],
)
def test_a_store_from_elsewhere_is_asked_about_once(start, store_folder, monkeypatch, choose, keeps):
    """«Là bản sao…» is proposed, and holds as well if the question is closed: it is always safe."""
    first = opening.open_workspace(store_folder)
    first.store.keep_place()
    device = first.identity.device_id
    first.close()
    twin = Path(shutil.copytree(store_folder, store_folder.with_name("twin")))

    def answer(dialog):
        if choose is None:
            dialog.reject()
        else:
            choose(dialog)
            dialog.findChild(QPushButton, "place.go").click()
        return dialog.result()

    monkeypatch.setattr(RelocationDialog, "exec", answer)
    window = start.open(twin)
    assert (window.context.workspace.identity.device_id == device) is keeps
    window.close()
    start.close()
    again = opening.open_workspace(twin)
    assert relocation.doubt(again) == ""
    again.close()


@pytest.fixture
def officer_gives_up(monkeypatch):
    """Every window of trouble is closed; what it said is kept."""
    said = []

    def close(dialog):
        said.append((dialog.message.text(), dialog.hint.text()))
        return TroubleDialog.DialogCode.Rejected

    monkeypatch.setattr(TroubleDialog, "exec", close)
    return said


def _content(folder):
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.name != "lock"}


@pytest.mark.parametrize("fault", ["foreign", "damaged", "in_use"])
def test_a_store_that_cannot_be_opened_is_explained_and_left_alone(start, store_folder, officer_gives_up, fault):
    held = None
    if fault == "in_use":
        held = opening.open_workspace(store_folder)
    else:
        content = b"SQLite format 3\0 but not ours" if fault == "foreign" else b"\x00" * 4096
        (store_folder / "kcdesk.db").write_bytes(content)
    before = _content(store_folder)
    assert start.open(store_folder) is None
    assert _content(store_folder) == before
    (message, hint) = officer_gives_up[0]
    assert message
    assert hint
    if held is not None:
        held.close()


def test_trying_again_opens_what_has_been_put_right(start, store_folder, monkeypatch):
    held = opening.open_workspace(store_folder)

    def put_right(_dialog):
        held.close()
        return TroubleDialog.DialogCode.Accepted

    monkeypatch.setattr(TroubleDialog, "exec", put_right)
    window = start.open(store_folder)
    assert window is not None
    window.close()


def test_trouble_names_the_folder(qtbot, tmp_path):
    dialog = TroubleDialog(UserError("Kho này do bản mới hơn lập.", code="newer", hint="Hãy cài bản mới."), tmp_path)
    qtbot.addWidget(dialog)
    texts = [label.text() for label in dialog.findChildren(type(dialog.message))]
    assert texts == ["Kho này do bản mới hơn lập.", "Hãy cài bản mới.", f"Thư mục: {tmp_path}. Chưa có gì bị thay đổi."]


def test_trouble_says_once_that_nothing_has_changed_and_shows_it_whole(qtbot, tmp_path):
    message = "Kho dữ liệu bị hỏng hoặc không phải của kcdesk; chưa có gì bị thay đổi."
    dialog = TroubleDialog(UserError(message, code="damaged_store", hint="Hãy khôi phục."), tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    rest()
    texts = " ".join(label.text() for label in dialog.findChildren(type(dialog.message)))
    assert texts.lower().count("chưa có gì bị thay đổi") == 1
    assert dialog.restore_button.width() >= dialog.restore_button.sizeHint().width()
    assert cut_texts(dialog) == []


# -- crashes --------------------------------------------------------


@pytest.fixture
def catcher():
    before = (sys.excepthook, threading.excepthook)
    recorder = log.start()
    catcher = CrashCatcher(recorder)
    catcher.install()
    yield catcher
    catcher.uninstall()
    log.stop(recorder)
    if catcher.dialog is not None:
        catcher.dialog.close()
    assert (sys.excepthook, threading.excepthook) == before


def _fail():
    raise ZeroDivisionError("lỗi thử")


def _caught_by_hook():
    try:
        _fail()
    except ZeroDivisionError:
        sys.excepthook(*sys.exc_info())


def test_a_fault_is_shown_once_with_what_a_developer_needs(catcher, qtbot, caplog):
    log.logger("ui").info("mở trang Đề án")
    _caught_by_hook()
    qtbot.waitUntil(lambda: catcher.dialog is not None)
    text = catcher.dialog.report.toPlainText()
    assert "ZeroDivisionError" in text
    assert "mở trang Đề án" in text
    assert "PySide6" in text
    first = catcher.dialog
    _caught_by_hook()
    QApplication.processEvents()
    assert catcher.dialog is first
    assert first.others.text() == "và 1 lỗi tiếp theo"
    first.copy.click()
    assert QApplication.clipboard().text() == text
    caplog.clear()


def test_the_window_of_a_fault_outlives_the_dialog_in_which_it_happened(catcher, qtbot, caplog):
    dialog = QDialog()
    qtbot.addWidget(dialog)
    dialog.setModal(True)
    with qtbot.waitActive(dialog):
        dialog.show()
    _caught_by_hook()
    qtbot.waitUntil(lambda: catcher.dialog is not None)
    assert catcher.dialog.parent() is None
    dialog.close()
    dialog.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert catcher.dialog.isVisible()
    caplog.clear()


def test_faults_do_not_multiply(catcher, qtbot, caplog):
    for _ in range(20):
        _caught_by_hook()
    qtbot.waitUntil(lambda: catcher.dialog is not None and catcher.dialog.others.text() == "và 19 lỗi tiếp theo")
    shown = [
        window for window in QApplication.topLevelWidgets() if window.objectName() == "crash" and window.isVisible()
    ]
    assert shown == [catcher.dialog]
    catcher.dialog.deleteLater()  # as Qt does with a window whose parent goes
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    _caught_by_hook()
    qtbot.waitUntil(lambda: isValid(catcher.dialog) and catcher.dialog.isVisible())
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 21
    caplog.clear()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_fault_in_a_thread_is_shown_too(catcher, qtbot, caplog):
    thread = threading.Thread(target=_fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: catcher.dialog is not None)
    assert "ZeroDivisionError" in catcher.dialog.report.toPlainText()
    caplog.clear()


def test_a_report_holds_versions_and_trace():
    text = report("Traceback …", "dòng cuối")
    assert text.startswith("kcdesk ")
    assert text.endswith("Traceback …\ndòng cuối")


# -- the log --------------------------------------------------------


def test_the_log_keeps_its_last_lines_and_goes_to_the_store(tmp_path):
    recorder = log.start()
    handler = log.to_file(tmp_path)
    for number in range(300):
        log.logger("store").info("dòng %d", number)
    log.stop(handler)
    log.stop(recorder)
    assert len(recorder.text().splitlines()) == 200
    assert "dòng 0\n" in (tmp_path / log.FILE_NAME).read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_does_without_a_log(tmp_path):
    assert log.to_file(tmp_path / "missing") is None
