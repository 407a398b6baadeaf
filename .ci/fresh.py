"""From a machine with only Python to a running program or a green test run, in one command.

    python3 .ci/fresh.py demo     environment, then `kcdesk demo` (practice stores, papers, package, screens)
    python3 .ci/fresh.py test     environment, then the whole test suite
    python3 .ci/fresh.py lint     environment, then ruff and mypy; `ruff` and `mypy` run one of them
    python3 .ci/fresh.py coverage whether a measured test run covers every package as well as its floor
    python3 .ci/fresh.py audit    whether a fault of a locked package is known; says so where nobody can be asked

Works the same on Windows, Linux and macOS; uses only the standard library. Arguments after the name are handed on,
except `--no-install`: it takes the environment as it is and fetches nothing, for hooks that run at every commit.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

# Qt is linked against these on Linux; a desktop has them, a bare container may not.
QT_LIBRARIES = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "xkbcommon": "libxkbcommon0",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
    "glib-2.0": "libglib2.0-0",
}

RUFF = [["-m", "ruff", "check", "."], ["-m", "ruff", "format", "--check", "."]]
MYPY = [["-m", "mypy"]]
NO_INSTALL = "--no-install"

# Name: (extras of pyproject.toml, commands of the environment's Python).
TASKS: dict[str, tuple[str, list[list[str]]]] = {
    "demo": ("", [["-m", "kcdesk", "demo"]]),
    # Two processes, each file in one of them, in the order that tests/conftest.py gives.
    "test": ("[test]", [["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]]),
    "lint": ("[test]", [*RUFF, *MYPY]),
    "ruff": ("[test]", RUFF),
    "mypy": ("[test]", MYPY),
    "coverage": ("[test]", [[".ci/coverage_floor.py"]]),
    "audit": ("", [[".ci/audit.py"]]),
}


def main(arguments: list[str]) -> int:
    """Prepare the environment and run one task; the exit code is the task's."""
    if sys.version_info < (3, 11):  # noqa: UP036 - said in words instead of a traceback
        print("kcdesk needs Python 3.11 or newer.")
        return 2
    if not arguments or arguments[0] not in TASKS:
        print(__doc__)
        return 2
    name, *options = arguments
    extras, commands = TASKS[name]
    if NO_INSTALL in options:
        options.remove(NO_INSTALL)
    else:
        add_qt_libraries()
        prepare(extras)
    # Compiled modules are kept: tests start many programs, each of which would compile everything again.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    for command in commands:
        code = subprocess.run([str(PYTHON), *command, *options], cwd=ROOT, env=environment, check=False).returncode
        if code:
            return code
    return 0


def prepare(extras: str) -> None:
    """A virtual environment beside the sources with the locked packages in it; each must have a known hash."""
    if not PYTHON.exists():
        print(f"Creating {ENVIRONMENT} …", flush=True)
        venv.EnvBuilder(with_pip=True).create(ENVIRONMENT)
    quiet = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    print("Installing the locked packages …", flush=True)
    locked = ".ci/locked_tests.txt" if extras else ".ci/locked.txt"  # written by .ci/locked.py
    subprocess.run([*quiet, "--require-hashes", "--requirement", locked], cwd=ROOT, check=True)
    subprocess.run([*quiet, "--no-deps", "--no-build-isolation", "--editable", "."], cwd=ROOT, check=True)


def add_qt_libraries() -> None:
    """On Linux without a desktop, install what Qt is linked against, or say what to install."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for name, package in QT_LIBRARIES.items() if not ctypes.util.find_library(name)]
    if not missing:
        return
    install = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update"], check=False)
        subprocess.run(install, check=False)
    else:
        print(f"Qt needs system libraries; if the window does not start: sudo {' '.join(install)}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
