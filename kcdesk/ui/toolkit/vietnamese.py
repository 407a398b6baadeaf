"""Vietnamese in what Qt itself shows: file and print dialogs, menus of text boxes, names of keys, months and days."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from kcdesk import paths

_NAME = "qtbase_vi"


def speak_vietnamese(application: QApplication) -> None:
    """Translate Qt's own texts, once for an application.

    On Windows and macOS the file dialog is the system's, in the system's language: it knows the officer's drives and
    folders best. Elsewhere it is Qt's, because the desktop's would be in English on most machines.
    """
    if application.findChild(QTranslator, _NAME) is not None:
        return
    if sys.platform not in ("win32", "darwin"):
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    translator = QTranslator(application)
    translator.setObjectName(_NAME)
    if translator.load(_NAME, str(paths.resources() / "translations")):
        QCoreApplication.installTranslator(translator)
    QLocale.setDefault(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))
