"""Installs, upgrades and removes the program with its set-up, silently: `python .ci/bundle/try_setup.py dist`.

On Windows, or on Linux with KCDESK_RUNNER=wine and makensis. An older set-up is made here of a few small files; what is
in the folder of the user's programs is replaced, what is in the store must stay. It refuses to begin where kcdesk is
installed already.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from build import setup
from drive import RUNNER, _named

from kcdesk import __version__

OLDER = "0.0.9"
_LONGEST = 300  # seconds
RUNS, NEWER, NO_PLACE = 3, 4, 5  # exit codes of setup.nsi


def main(arguments: list[str]) -> int:
    """Go through all of it; any fault ends with its reason."""
    out = Path(arguments[0]).resolve()
    journey = Journey(out / f"kcdesk-{__version__}-setup.exe", local_data())
    assert not journey.installed.exists(), f"{journey.installed} is there already"
    with tempfile.TemporaryDirectory() as folder:
        journey.installs_an_older_one(Path(folder))
        journey.makes_a_store()
        journey.is_upgraded()
        journey.refuses_to_go_back(Path(folder))
        journey.refuses_while_it_runs()
        journey.refuses_the_folder_of_the_store()
        journey.is_removed()
    return 0


def local_data() -> Path:
    """The folder of the user's data, as this system sees it."""
    if not RUNNER:
        return Path(os.environ["LOCALAPPDATA"])
    prefix = Path(os.environ.get("WINEPREFIX", Path.home() / ".wine"))
    return next((prefix / "drive_c" / "users").glob("[!P]*")) / "AppData" / "Local"


class Journey:
    """One set-up on one machine."""

    def __init__(self, setup_: Path, data: Path) -> None:
        self._setup, self._data = setup_, data
        self.installed, self._store = data / "Programs" / "kcdesk", data / "kcdesk"

    def installs_an_older_one(self, folder: Path) -> None:
        """The set-up of an older version, of which only the names are right."""
        older = folder / "older"
        (older / f"kcdesk-{OLDER}").mkdir(parents=True)
        for name in ("kcdesk.exe", "kcdesk-cli.exe", f"kcdesk-{OLDER}/modules.pyz"):
            (older / name).write_bytes(b"older")
        assert self._run(setup(older, folder, OLDER), "/S") == 0
        assert (self.installed / f"kcdesk-{OLDER}" / "modules.pyz").exists()
        self._say("installed an older version")

    def makes_a_store(self) -> None:
        """A store where stores lie, and a file of somebody beside the program."""
        self._store.mkdir(parents=True, exist_ok=True)
        (self.installed / "kcdesk-ghi-chu").mkdir()
        (self.installed / "kcdesk-ghi-chu" / "ghi chú.txt").write_text("của cán bộ", encoding="utf-8")

    def is_upgraded(self) -> None:
        """The older version is gone, the new one runs, what is not the program's stays."""
        assert self._run(self._setup, "/S") == 0
        assert not (self.installed / f"kcdesk-{OLDER}").exists()
        assert (self.installed / "kcdesk-ghi-chu" / "ghi chú.txt").exists()
        assert self._command("--version") == f"kcdesk {__version__}"
        begun = ["--unit", "Trung tâm", "--code", "TTKC", "--level", "lower", "--province", "Cần Thơ"]
        self._command("init", *begun, "--officer", "Nguyễn Văn A", "--practice")
        assert (self._store / "kcdesk.db").exists(), "the store is made where stores lie"
        self._command("add", "beneficiary", "name=Cơ sở Mẫu", "legal_form=household_business")
        assert self._run(self._setup, "/S") == 0
        assert "Cơ sở Mẫu" in self._command("list", "beneficiary")
        self._say("upgraded, twice; the store is the same")

    def refuses_to_go_back(self, folder: Path) -> None:
        """An older set-up changes nothing."""
        assert self._run(folder / f"kcdesk-{OLDER}-setup.exe", "/S") == NEWER
        assert self._command("--version") == f"kcdesk {__version__}"
        self._say("refused an older version")

    def refuses_while_it_runs(self) -> None:
        """Neither the set-up nor the removal touches a program that runs."""
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        pipe = subprocess.PIPE  # Wine wants pipes; nothing much is printed
        command = [*RUNNER, str(self.installed / "kcdesk.exe")]
        window = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe)
        try:
            until = time.monotonic() + 60
            while "đang mở" not in self._command("check", refused=True) and time.monotonic() < until:
                time.sleep(1)
            assert self._run(self._setup, "/S") == RUNS
        finally:
            window.terminate()
            window.wait(60)
        self._say("refused while the program ran")

    def refuses_the_folder_of_the_store(self) -> None:
        """The program is never laid over a store."""
        assert self._run(self._setup, "/S", f"/D={_named(self._store)}") == NO_PLACE
        assert not (self._store / "kcdesk.exe").exists()
        self._say("refused the folder of the store")

    def is_removed(self) -> None:
        """The program goes; store and files of the officer stay."""
        self._run(self.installed / "go-cai-dat.exe", "/S")
        until = time.monotonic() + _LONGEST
        while (self.installed / "kcdesk.exe").exists() and time.monotonic() < until:
            time.sleep(1)
        left = sorted(path.name for path in self.installed.iterdir())
        assert left in (["kcdesk-ghi-chu"], ["go-cai-dat.exe", "kcdesk-ghi-chu"]), left
        assert (self._store / "kcdesk.db").exists()
        self._say("removed; the store stays")

    def _command(self, *words: str, refused: bool = False) -> str:
        command = [*RUNNER, str(self.installed / "kcdesk-cli.exe"), *words]
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_LONGEST, check=False)
        assert refused or done.returncode == 0, done
        return (done.stdout + done.stderr).decode("utf-8", "replace").strip()

    def _run(self, program: Path, *words: str) -> int:
        return subprocess.run([*RUNNER, str(program), *words], timeout=_LONGEST, check=False).returncode

    def _say(self, text: str) -> None:
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
