"""Writes the locked packages: every direct and transitive package with its version and the hashes of its files.

    uvx --version || pip install uv      uv reads the index; nothing else of it is used
    python .ci/locked.py                 writes locked.txt (the program, and what builds it), locked_tests.txt (all),
                                         locked_bundle.txt (what makes the folder of the program)

The files hold for Python 3.11 to 3.13 on Windows, macOS and Linux: hashes of all wheels of a version are listed.
`fresh.py` and the installer install from them with `--require-hashes`, so that a package that was exchanged on its way
is refused. Run it after every change of a version in pyproject.toml; `tests/test_licences.py` notices what is missing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BUILDERS = "hatchling==1.33.0\neditables\n"  # what makes the program itself a package
PACKERS = "pyinstaller==6.16.0\n"
PROGRAM = str(ROOT / "pyproject.toml")
# File: (what is asked for besides the program, the program and its extras).
FILES = {
    "locked.txt": (BUILDERS, [PROGRAM]),
    "locked_tests.txt": (BUILDERS, [PROGRAM, "--extra", "test", "--extra", "publish"]),
    "locked_bundle.txt": (PACKERS, []),
}
HEAD = "# Written by .ci/locked.py; not to be edited by hand.\n"


def main() -> int:
    """Write the files."""
    uv = shutil.which("uv")
    if uv is None:
        print("uv is needed: pip install uv")
        return 2
    for name, (besides, program) in FILES.items():
        (HERE / name).write_text(HEAD + compiled(uv, besides, program), encoding="utf-8", newline="\n")
    return 0


def compiled(uv: str, besides: str, program: list[str]) -> str:
    """The locked packages of the program with its extras, and of what is asked for besides."""
    with tempfile.TemporaryDirectory() as folder:
        asked, output = Path(folder) / "asked.in", Path(folder) / "locked.txt"
        asked.write_text(besides, encoding="utf-8")
        command = [uv, "pip", "compile", *program, str(asked)]
        options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"]
        subprocess.run([*command, *options, "--quiet", "--output-file", str(output)], check=True, cwd=ROOT)
        return output.read_text("utf-8")


if __name__ == "__main__":
    sys.exit(main())
