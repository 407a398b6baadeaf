"""Settings, theme, icons, worker, context and messages: what every page stands on."""

import gc
import json
import threading
import weakref

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel, QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from kcdesk import paths
from kcdesk.errors import KnownError, UserError
from kcdesk.services.records.changing import Changes
from kcdesk.settings import Settings, SettingsFile
from kcdesk.ui.shell.notices.notice_bar import NoticeBar
from kcdesk.ui.shell.worker import BackgroundWorker
from kcdesk.ui.toolkit import icons
from kcdesk.ui.toolkit.theme import CONTRASTS, DARK, LIGHT, Theme

# -- settings --------------------------------------------------------


def test_settings_come_back_as_they_were_left(tmp_path):
    file = SettingsFile(tmp_path / "settings.json")
    file.values.theme = "dark"
    file.values.columns["proposal"] = "AAAA"
    file.save()
    again = SettingsFile(tmp_path / "settings.json")
    assert (again.values.theme, again.values.columns) == ("dark", {"proposal": "AAAA"})
    assert again.faults == ()


@pytest.mark.parametrize("content", ["", "{", "[1, 2]", "\xff\xfe nonsense", "null"])
def test_a_damaged_settings_file_gives_the_defaults(tmp_path, content):
    path = tmp_path / "settings.json"
    path.write_text(content, encoding="latin-1")
    file = SettingsFile(path)
    assert file.values == Settings()
    assert file.faults == ("settings.json",)


def test_a_value_that_does_not_fit_falls_back_alone(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps({"theme": "pink", "page": "proposal", "columns": {"x": 1}, "unknown": 1}), encoding="utf-8"
    )
    file = SettingsFile(path)
    assert file.values == Settings(page="proposal")
    assert file.faults == ("theme", "columns", "unknown")


def test_nothing_is_written_when_nothing_changed_or_the_folder_is_not_there(tmp_path):
    SettingsFile(tmp_path / "settings.json").save()
    assert list(tmp_path.iterdir()) == []
    nowhere = SettingsFile(tmp_path / "missing" / "settings.json")
    nowhere.values.theme = "dark"
    nowhere.save()
    assert list(tmp_path.iterdir()) == []


# -- theme and icons --------------------------------------------------------


def _contrast(one, other):
    def luminance(colour):
        parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["window", "surface", "accent_soft"])
@pytest.mark.parametrize("ink", ["text", "muted", "neutral", "waiting", "good", "wrong", "accent"])
def test_every_text_can_be_read_on_every_ground(colours, ground, ink):
    assert _contrast(getattr(colours, ink), getattr(colours, ground)) >= 4.5


@pytest.mark.parametrize("colours", CONTRASTS.values(), ids=CONTRASTS)
def test_in_high_contrast_every_text_and_edge_stands_out(colours):
    inks = ("text", "muted", "neutral", "waiting", "good", "wrong", "accent")
    assert min(_contrast(getattr(colours, ink), colours.surface) for ink in inks) >= 7
    assert min(_contrast(getattr(colours, ink), colours.accent_soft) for ink in inks) >= 4.5
    assert min(_contrast(getattr(colours, edge), colours.surface) for edge in ("edge", "line")) >= 7
    assert _contrast(colours.on_accent, colours.accent) >= 7


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_main_button_and_the_edges_of_fields_can_be_seen(colours):
    assert _contrast(colours.on_accent, colours.accent) >= 4.5
    assert _contrast(colours.edge, colours.surface) >= 2.7


def test_a_theme_can_be_chosen_while_the_window_is_open(qapp):
    theme = Theme(qapp, "light")
    theme.choose("dark")
    assert theme.dark
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == DARK.window
    theme.choose("light")
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == LIGHT.window


OUTLINES = [
    path for path in (paths.resources() / "icons").glob("*.svg") if "currentColor" in path.read_text(encoding="utf-8")
]


@pytest.mark.usefixtures("theme")
def test_every_outline_icon_draws_in_the_colour_asked_for():
    assert len(OUTLINES) > 20
    for path in OUTLINES:
        image = icons.icon(path.stem, "#123456").pixmap(20).toImage()
        pixels = [image.pixelColor(x, y) for x in range(20) for y in range(20)]
        assert {pixel.name() for pixel in pixels if pixel.alpha() == 255} <= {"#123456"}, path.name
        assert any(pixel.alpha() for pixel in pixels), path.name


def test_icons_follow_a_change_of_theme(qtbot, qapp):
    host = QWidget()
    qtbot.addWidget(host)
    button = QPushButton(host)
    theme = Theme(qapp, "light")
    icons.set_icon(button, "plus")
    light = button.icon().pixmap(20).toImage()
    theme.choose("dark")
    icons.redraw(host)
    assert button.icon().pixmap(20).toImage() != light
    theme.choose("light")


# -- worker --------------------------------------------------------


@pytest.fixture
def worker():
    worker = BackgroundWorker()
    yield worker
    worker.close()


def _unexpected(error):
    raise AssertionError(f"not expected: {error}")


def test_a_job_runs_elsewhere_and_answers_here(qtbot, worker):
    answers = []
    here = threading.get_ident()

    def work(progress):
        progress(1, 2, "một nửa")
        return threading.get_ident()

    steps = []
    worker.started.connect(lambda job: job.progressed.connect(lambda *step: steps.append(step)))
    worker.run(
        work, text="", done=lambda there: answers.append((there, threading.get_ident())), failed=_unexpected, owner=None
    )
    qtbot.waitUntil(lambda: bool(answers))
    (there, back) = answers[0]
    assert there != here == back
    assert steps == [(1, 2, "một nửa")]
    assert not worker.busy


def test_jobs_run_one_after_the_other(qtbot, worker):
    running, most, ended = [], [], []

    def work(progress):
        running.append(1)
        most.append(len(running))
        progress(1, 1, "")
        running.pop()

    for _ in range(5):
        worker.run(work, text="", done=ended.append, failed=_unexpected, owner=None)
    qtbot.waitUntil(lambda: len(ended) == 5)
    assert max(most) == 1


def test_a_stopped_job_ends_without_an_answer(qtbot, worker):
    begun, answers = threading.Event(), []

    def work(progress):
        begun.set()
        while True:
            progress(0, 0, "")

    job = worker.run(work, text="", done=answers.append, failed=answers.append, owner=None)
    assert begun.wait(5)
    with qtbot.waitSignal(job.ended):
        job.stop()
    assert answers == []


def test_a_known_failure_reaches_the_one_who_asked(qtbot, worker):
    failures = []

    def work(_progress):
        raise KnownError("Ổ đĩa đầy.", code="disk_full")

    worker.run(work, text="", done=_unexpected, failed=failures.append, owner=None)
    qtbot.waitUntil(lambda: bool(failures))
    assert failures[0].code == "disk_full"


def test_a_bug_in_a_job_is_raised_in_the_window(qtbot, worker):
    def work(_progress):
        raise ZeroDivisionError("bug")

    with qtbot.captureExceptions() as raised:
        job = worker.run(work, text="", done=_unexpected, failed=_unexpected, owner=None)
        with qtbot.waitSignal(job.ended):
            pass
        qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is ZeroDivisionError


def test_nothing_of_the_window_is_deleted_by_the_background_thread(qtbot, worker):
    """Python collects garbage in the thread that makes objects: a page that is garbage must not be deleted there."""
    deleted_in, answers = [], []

    class Page(QWidget):
        pass

    page = Page()
    page.destroyed.connect(lambda: deleted_in.append(threading.get_ident()), Qt.ConnectionType.DirectConnection)
    page.own = page  # a circle, as pages and their parts make

    def work(_progress):
        circles = [[] for _ in range(200_000)]  # far more than the collector waits for
        for circle in circles:
            circle.append(circle)
        return len(circles)

    del page
    worker.run(work, text="", done=answers.append, failed=_unexpected, owner=None)
    qtbot.waitUntil(lambda: bool(answers))
    gc.collect()
    qtbot.waitUntil(lambda: bool(deleted_in))
    assert deleted_in == [threading.get_ident()]
    assert gc.isenabled(), "afterwards the window collects again"


def test_a_job_that_has_ended_keeps_nobody_alive(qtbot, worker):
    class Waiting:
        answers = ()

        def take(self, answer):
            self.answers = (*self.answers, answer)

    def ask():
        waiting = Waiting()
        job = worker.run(lambda _progress: 7, text="", done=waiting.take, failed=_unexpected, owner=None)
        job.ended.connect(lambda: waiting.take(job.text))
        qtbot.waitUntil(lambda: len(waiting.answers) == 2)
        qtbot.waitUntil(lambda: not isValid(job))
        return weakref.ref(waiting)

    alive = ask()
    gc.collect()
    assert alive() is None


# -- context and messages --------------------------------------------------------


def test_what_was_done_is_announced_once_with_who_did_it(context):
    heard = []
    context.changed.connect(lambda changes, who: heard.append((changes, who)))
    page = object()
    changes = Changes("Sửa tên")
    assert context.act(lambda: changes, page) is changes
    assert heard == [(changes, page)]
    assert context.saved_at is not None


def test_a_refusal_is_said_and_not_announced(context, messages):
    heard = []
    context.changed.connect(lambda *changes: heard.append(changes))

    def refuse():
        raise UserError("Không được.", code="no", hint="Làm khác đi.")

    assert context.act(refuse) is None
    assert (messages.said, heard) == (["Không được. Làm khác đi."], [])


@pytest.fixture
def bar(qtbot, messages, theme):
    window = QMainWindow()
    window.resize(900, 500)
    qtbot.addWidget(window)
    host, strip = QWidget(), QLabel("Trung tâm (mẫu)")
    QVBoxLayout(host).addWidget(QWidget())
    window.setCentralWidget(host)
    window.statusBar().addWidget(strip, 1)
    window.show()
    yield NoticeBar(host, messages, theme, strip)
    window.close()


def test_undo_is_offered_for_ten_seconds(bar, messages):
    undone = []
    messages.notice("Đã xoá «Đề án».", undo=lambda: undone.append(True))
    assert bar.text() == "Đã xoá «Đề án»."
    assert 9_000 < bar.remaining() < 11_000
    bar.act()
    assert undone == [True]
    assert bar.text() == ""


def test_undo_is_no_longer_offered_after_another_change(bar, messages):
    messages.notice("Đã xoá.", undo=lambda: None)
    bar.forget_undo()
    assert bar.text() == ""
    messages.notice("Đã lưu.")
    bar.forget_undo()
    assert bar.text() == "Đã lưu."


def test_a_problem_stays_until_it_is_closed_and_offers_another_try(bar, messages):
    tries = []
    messages.error(KnownError("Tệp đang mở trong Excel.", code="busy", hint="Hãy đóng Excel."), lambda: tries.append(1))
    assert bar.remaining() == -1
    bar.act()
    assert tries == [1]


def test_a_refusal_by_rule_offers_no_retry(bar, messages):
    messages.error(UserError("Không được.", code="no"), lambda: None)
    assert not bar.can_act()


def test_a_long_message_does_not_cover_what_has_the_keyboard(bar, messages, qtbot):
    window, sentence = bar.parentWidget(), "Cần có «Số quyết định». " * 8
    host = window.centralWidget()
    low, high = QLineEdit(host), QLineEdit(host)
    low.setGeometry(100, 400, 600, 30)
    high.setGeometry(100, 100, 600, 30)
    for field in (low, high):
        field.setAccessibleName("Số quyết định")
        field.show()
    with qtbot.waitActive(window):
        window.activateWindow()
    low.setFocus()
    messages.notice(sentence)
    assert bar.geometry().bottom() < low.geometry().top() - 20, "its label is seen as well"
    high.setFocus()
    qtbot.waitUntil(lambda: bar.geometry().bottom() > 440)
    low.setFocus()
    qtbot.waitUntil(lambda: not bar.geometry().intersects(low.geometry()))
    low.setGeometry(0, 0, 900, 460)
    messages.notice(sentence)
    assert bar.geometry().bottom() > 440, "nothing else is left"


def test_a_message_stays_inside_its_host(bar, messages, qtbot):
    messages.problem("Một câu rất dài. " * 30)
    assert bar.parentWidget().rect().contains(bar.geometry())
    bar.parentWidget().resize(500, 400)
    qtbot.waitUntil(lambda: bar.parentWidget().rect().contains(bar.geometry()))


def test_a_message_covers_nothing_of_the_page(bar, messages, qtbot):
    """One line stands in the status bar and moves nothing; what is longer and stays makes the page shorter."""
    page = bar.parentWidget().centralWidget().layout().itemAt(0).widget()
    place = lambda: QRect(page.mapTo(bar.parentWidget(), QPoint(0, 0)), page.size())  # noqa: E731
    before = place()
    messages.notice("Đã xoá «Đề án».", undo=lambda: None)
    assert (place(), place().intersects(bar.geometry())) == (before, False)
    messages.problem("Một câu rất dài. " * 30)
    qtbot.waitUntil(lambda: not place().intersects(bar.geometry()))
    assert place().topLeft() == before.topLeft()
    bar.hide()
    qtbot.waitUntil(lambda: place() == before)
