"""Run by each of the two programs before anything else: their modules lie in one file, so that they are there once.

It replaces the archive in the program, which is empty, by `modules.pyz` beside the libraries. This is the inner side of
PyInstaller, whose version is locked; the driven build notices when it changes.
"""

import os
import sys

import pyimod01_archive
import pyimod02_importers

_shared = pyimod01_archive.ZlibArchiveReader(
    os.path.join(sys._MEIPASS, "modules.pyz"),  # noqa: PTH118 - pathlib is not loaded yet
    start_offset=0,
    check_pymagic=True,
)
vars(pyimod02_importers.pyz_archive).update(vars(_shared))
pyimod02_importers._pyz_tree = None
