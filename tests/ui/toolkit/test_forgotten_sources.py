"""Source text that was read for a traceback, or by PySide for an import, does not stay in memory."""

from __future__ import annotations

import gc
import linecache

from kcdesk.ui.toolkit.qt import application


def test_the_source_of_modules_is_forgotten_when_old_objects_are_collected(qapp):
    assert application() is qapp
    assert linecache.getline(__file__, 1)
    assert __file__ in linecache.cache
    gc.collect()
    assert __file__ not in linecache.cache
    assert linecache.getline(__file__, 1).startswith('"""Source text'), "and is read again when it is needed"
