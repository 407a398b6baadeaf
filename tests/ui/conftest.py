"""A real practice store, made once and copied for each test, and the doors that pages are given."""

import shutil
from collections import deque
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from kcdesk.app import build_window
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.new_record import new_record
from kcdesk.services.maintenance import opening
from kcdesk.settings import Settings
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.messages import Messages
from kcdesk.ui.shell.worker import BackgroundWorker
from kcdesk.ui.toolkit.theme import Theme
from tests.store_files import at_home_anywhere
from tests.ui.accessible_names import nameless
from tests.ui.form_support import MemoryHost


class ScriptedMessages(Messages):
    """The message door with an officer of known answers: choices from `answers`, files from `files`."""

    def __init__(self):
        super().__init__()
        self.answers: deque[bool] = deque()
        self.texts: deque[str] = deque()
        self.files: deque[Path | None] = deque()
        self.said: list[str] = []
        self.enter_acts = False
        self.shown.connect(lambda notice: self.said.append(notice.text))

    def ask(self, question, *_words, keep_first=True):
        self.said.append(question)
        self.enter_acts = not keep_first  # what Enter would do
        return self.answers.popleft()

    def ask_text(self, title, *_words, problem="", **_more):
        self.said.append(f"{title} {problem}".strip())
        return self.texts.popleft()

    def open_file(self, *_words, **_more):
        return self.files.popleft()

    def open_files(self, *_words, **_more):
        return [self.files.popleft()]

    def save_file(self, *_words, **_more):
        return self.files.popleft()

    def choose_folder(self, *_words, **_more):
        return self.files.popleft()


@pytest.fixture(scope="session")
def theme(qapp):
    """The light theme on the application of all tests."""
    return Theme(qapp, "light")


@pytest.fixture(scope="session")
def practice_store(tmp_path_factory):
    """The folder of an empty practice store of a lower unit; copy it before writing."""
    folder = tmp_path_factory.mktemp("template") / "store"
    workspace, _ = opening.create_workspace(folder, practice_answers())
    workspace.close()
    return at_home_anywhere(folder)


def practice_answers(**changes):
    """What an officer of a sample unit answers at first start."""
    answers = {
        "unit": "Trung tâm Khuyến công mẫu",
        "code": "TTKC-MAU",
        "level": "lower",
        "province": "Lạng Sơn",
        "parent": "Sở Công Thương mẫu",
        "officer": "Nguyễn Thị Mẫu",
        "officer_title": "Chuyên viên",
        "practice": True,
    }
    return opening.NewStore(**{**answers, **changes})


@pytest.fixture
def store_folder(practice_store, tmp_path):
    """A practice store of this test's own."""
    return Path(shutil.copytree(practice_store, tmp_path / "store"))


@pytest.fixture
def workspace(store_folder):
    """The opened practice store."""
    workspace = opening.open_workspace(store_folder)
    yield workspace
    workspace.close()


@pytest.fixture
def messages(qapp):
    """A scripted officer."""
    assert qapp is not None, "Qt's objects need an application"
    return ScriptedMessages()


@pytest.fixture
def context(workspace, messages, theme):
    """Everything a page is given."""
    worker = BackgroundWorker()
    yield Context(workspace, messages, worker, Settings(), theme)
    worker.close()


@pytest.fixture
def open_window(qtbot, theme, messages):
    """Opens a workspace in the main window, 1366 × 768 and active; the test's end closes it."""

    def opened(workspace, settings=None):
        window = build_window(workspace, settings or Settings(), theme, messages)
        qtbot.addWidget(window, before_close_func=lambda window: window.context.worker.close())
        window.resize(1366, 768)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()
        return window

    return opened


@pytest.fixture
def largest_letters(theme):
    """The largest letters, from before the window is made until after it is gone: to restyle a full window is slow."""
    theme.choose_letters("largest")
    yield
    theme.choose_letters("normal")


@pytest.fixture(scope="session")
def form_definitions():
    """The shipped forms."""
    return load()


@pytest.fixture
def form_host(form_definitions):
    """A page around the form view that keeps its records in memory."""
    return MemoryHost(form_definitions)


@pytest.fixture
def form_view(qtbot, theme, form_host):
    """A form view on the screen, 1000 × 700, without a record."""
    view = _shown(FormView(form_host), theme)
    qtbot.addWidget(view)
    with qtbot.waitActive(view):
        view.activateWindow()
    return view


@pytest.fixture(scope="module")
def module_form_host(form_definitions):
    """The page around the form view of a module."""
    return MemoryHost(form_definitions)


@pytest.fixture(scope="module")
def module_form_view(qapp, theme, module_form_host):
    """A form view of a whole module, where no test asks how it is built: it is built once, which takes the longest."""
    assert qapp is not None, "Qt's objects need an application"
    view = _shown(FormView(module_form_host), theme)
    yield view
    view.close()
    view.deleteLater()


@pytest.fixture
def shared_form_view(qtbot, module_form_view):
    """The form view of the module with the keyboard; show a record of an id that no test before had (`new_id`)."""
    with qtbot.waitActive(module_form_view):
        module_form_view.activateWindow()
    return module_form_view


@pytest.fixture
def empty_proposal(form_view, form_definitions, new_id):
    """An empty proposal of 5 March 2026, shown in the form view of the test."""
    record = new_record(form_definitions, "proposal", new_id, date(2026, 3, 5))
    form_view.set_record(record, form_definitions.workflow("proposal"), "lower")
    return record


@pytest.fixture
def new_id():
    """An id that no other record has."""
    return f"r{next(_NUMBERS)}"


_NUMBERS = count(1)


def _shown(view, theme):
    assert theme.colours, "drawn in the colours of the program"
    view.resize(1000, 700)
    view.show()
    return view


@pytest.fixture(scope="session", autouse=True)
def empty_clipboard():
    """The clipboard of the off-screen platform outlives Python: then nothing that Python has made may be in it."""
    yield
    if QApplication.instance() is not None:
        QApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def every_input_has_a_name():
    """Whatever window, page or dialog a test has opened: a screen reader can say what each input and button is."""
    yield
    if QApplication.instance() is not None:
        without = nameless()
        assert without == [], f"a screen reader cannot name {without}"
