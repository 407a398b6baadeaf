"""Guards for every test: no surprise in the log, no modal dialog, no touching of the user's own folders."""

import gc
import logging
import os
import sys
import time
from itertools import count

import pytest
from hypothesis import HealthCheck, Phase, settings

from kcdesk.store.database import strength
from tests.one_transaction import watching

pytest_plugins = ["tests.practice_stores"]

if sys.platform.startswith("linux") and not os.environ.get("DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


# A busy machine is no fault of the program: how long an example takes to invent is not judged.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
# A mutation run (pyproject.toml) only asks whether a test fails; looking for the smallest example would take minutes.
settings.register_profile(
    "mutants", settings.get_profile("suite"), phases=(Phase.explicit, Phase.reuse, Phase.generate)
)

# Files of few long tests are begun first, files of many short ones last: so no process keeps the other waiting.
_LONG = ("tests/journeys/", "tests/cli/", "tests/ui/window/test_lives.py", "tests/ui/handover/")
_SHORT = ("tests/exchange/", "tests/formdef/", "tests/reports/", "tests/sheets/", "tests/store/", "tests/test_")

_WAIT_FOR_THE_DISK = os.fsync


def pytest_configure() -> None:
    """Tests and the programs that they start keep their compiled modules, whatever the shell asks for."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, short ones last; `--no-loadscope-reorder` keeps it so."""
    items.sort(key=lambda item: item.nodeid.startswith(_SHORT) - item.nodeid.startswith(_LONG))


def pytest_collection_finish() -> None:
    """Modules and items of tests live to the end: the collector of garbage need not look at them, nor as often."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture makes a store: nothing waits for the disk or for a passphrase, but where a test is marked.

    Only tests of safety itself need a store that works as slowly as an officer's.
    """
    if item.get_closest_marker("full_strength"):
        os.environ.pop(strength.VARIABLE, None)
        os.fsync = _WAIT_FOR_THE_DISK
    else:
        os.environ[strength.VARIABLE] = strength.THROW_AWAY
        os.fsync = lambda _file: None


@pytest.fixture(scope="session", autouse=True)
def transactions():
    """Counts the transactions of every call of a service."""
    with watching() as watch:
        yield watch


@pytest.fixture(autouse=True)
def every_act_is_one_transaction(transactions):
    """A service that writes a second time in one call leaves half an act when the program is cut off between."""
    yield
    broken, transactions.broken = transactions.broken, {}
    assert not broken, f"write more than once in one call (see tests/one_transaction.py): {broken}"


@pytest.fixture(autouse=True)
def widgets_end_with_their_test():
    """What was closed is deleted now: windows that live on are styled and asked again in every later test."""
    yield
    if "PySide6.QtWidgets" in sys.modules:
        _delete_closed_widgets()


def _delete_closed_widgets() -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    application = QApplication.instance()
    if application is None:
        return
    application.processEvents()  # what has been sent to a window reaches it while it lives
    focused = application.focusWidget()
    if focused is not None and focused.window().isHidden():
        focused.clearFocus()  # else leaving it would be told to a form that is half gone
    for window in application.topLevelWidgets():
        if isinstance(window, QMainWindow) and window.isHidden():
            window.deleteLater()
    application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="session")
def homes(tmp_path_factory):
    """The folder of all homes, and their numbers: `mktemp` reads the whole folder to find the next one."""
    return tmp_path_factory.mktemp("homes"), count()


@pytest.fixture(autouse=True)
def isolated_folders(homes, monkeypatch):
    """Home, data and store folders of their own."""
    folder, numbers = homes
    home = folder / str(next(numbers))
    home.mkdir()
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("KCDESK_STORE", str(home / "store"))
    kept = ("KCDESK_STORE", strength.VARIABLE)
    for name in [name for name in os.environ if name.startswith("KCDESK_") and name not in kept]:
        monkeypatch.delenv(name)
    return home


@pytest.fixture
def zone(monkeypatch):
    """Moves the laptop to another time zone."""

    def move(name):
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield move
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(autouse=True)
def decisions_without_a_pause(monkeypatch):
    """Tests press one step after the other; an officer reads what a button says now."""
    if "PySide6.QtWidgets" in sys.modules:
        from kcdesk.ui.toolkit.decision_button import DecisionButton

        monkeypatch.setattr(DecisionButton, "pause", 0)


@pytest.fixture(autouse=True)
def no_unexpected_warnings(caplog):
    """A warning in the log fails the test unless it is taken out with `caplog.clear()`."""
    yield
    unexpected = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.WARNING]
    assert not unexpected, f"the log says: {unexpected}"


@pytest.fixture(autouse=True)
def no_modal_dialogs(request, monkeypatch):
    """A modal dialog would wait for ever: opening one anyway fails at once."""
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QMessageBox

    def refuse(*_arguments, **_options):
        raise AssertionError(f"{request.node.name} opened a modal dialog")

    for owner, names in {
        QDialog: ("exec",),
        QMessageBox: ("exec", "question", "information", "warning", "critical", "about"),
        QMenu: ("exec",),
        QFileDialog: (
            "exec",
            "getOpenFileName",
            "getOpenFileNames",
            "getSaveFileName",
            "getExistingDirectory",
        ),
    }.items():
        for name in names:
            monkeypatch.setattr(owner, name, refuse)
