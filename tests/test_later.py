"""Modules that are imported when first used: the same names, once, whoever asks first."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

import kcdesk
from kcdesk.later import import_later

PACKAGES = [path for path in Path(kcdesk.__file__).parent.rglob("__init__.py") if path.parent.name != "kcdesk"]
# They are all imported by every start, or are asked for hundreds of times in a loop.
AT_ONCE = {"bounded", "cli", "foreign_files", "runtime", "temporary"}


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with two modules, the first of which says in `begun` how often it was run."""
    folder = tmp_path / "lazily"
    folder.mkdir()
    (folder / "__init__.py").write_text("begun = []\n", "utf-8")
    (folder / "first.py").write_text("import lazily\nlazily.begun.append(1)\nword = 'lời'\n", "utf-8")
    (folder / "wrong.py").write_text("raise ValueError('broken module')\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    import lazily

    import_later("lazily")
    yield lazily
    for name in [name for name in sys.modules if name.partition(".")[0] == "lazily"]:
        del sys.modules[name]


def test_a_module_is_run_when_something_of_it_is_asked_for(package):
    from lazily import first

    assert package.begun == []
    assert (first.word, first.word, package.begun) == ("lời", "lời", [1])
    assert sys.modules["lazily.first"].word == "lời"


def test_what_is_set_is_set_in_the_module_itself(package, monkeypatch):
    assert package.begun == []
    from lazily import first

    monkeypatch.setattr(first, "word", "khác")
    assert sys.modules["lazily.first"].word == "khác"
    monkeypatch.undo()
    assert (first.word, sys.modules["lazily.first"].word) == ("lời", "lời")
    del first.word
    assert not hasattr(sys.modules["lazily.first"], "word")


def test_an_import_of_a_name_runs_the_module_at_once(package):
    from lazily.first import word

    assert (word, package.begun) == ("lời", [1])


def test_many_threads_that_ask_at_once_run_a_module_once(package):
    from lazily import first

    together, words = threading.Barrier(8), []

    def ask():
        together.wait()
        words.append(first.word)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (words, package.begun) == (["lời"] * 8, [1])


def test_a_name_that_no_module_has_is_an_import_error(package):
    with pytest.raises(ImportError, match="nothing_such"):
        from lazily import nothing_such  # noqa: F401
    with pytest.raises(AttributeError, match="__all__"):
        package.__all__  # noqa: B018
    from lazily import first

    with pytest.raises(AttributeError, match="nothing_such"):
        first.nothing_such  # noqa: B018
    assert "word" in dir(first)


def test_a_fault_of_a_module_is_told_at_its_first_use(package):
    assert package.begun == []
    from lazily import wrong

    for _ in range(2):
        with pytest.raises(ValueError, match="broken module"):
            wrong.word  # noqa: B018


def test_every_package_imports_its_modules_later():
    assert len(PACKAGES) > 100
    eager = {path.parent.name for path in PACKAGES if "\nimport_later(__name__)\n" not in path.read_text("utf-8")}
    assert eager == AT_ONCE


def test_an_import_beside_the_window_reads_no_source():
    program = (
        "import linecache, kcdesk.ui, kcdesk.services.money.payments\n"
        "print([name for name in linecache.cache if 'services' in name])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_every_module_can_be_imported():
    """Mypy does not see that a name is imported for annotations only where another module imports it from there."""
    package = Path(kcdesk.__file__).parent
    modules = [path.relative_to(package.parent).with_suffix("") for path in package.rglob("*.py")]
    names = sorted(".".join(path.parts).removesuffix(".__init__") for path in modules if path.stem != "__main__")
    assert len(names) > 800
    program = (
        "import importlib\n"
        "failed = []\n"
        f"for name in {names!r}:\n"
        "    try: importlib.import_module(name)\n"
        "    except ImportError as error: failed.append(str(error))\n"
        "print(failed)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr
