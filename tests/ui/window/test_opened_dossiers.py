"""Nothing stays in memory of dossiers that were left."""

import gc
import weakref

import pytest
from PySide6.QtCore import QObject

from kcdesk.services.records import changing
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.toolkit.qt import soon
from tests.ui.form_support import rest


@pytest.fixture
def window(open_window, workspace):
    return open_window(workspace)


def test_nothing_stays_of_dossiers_that_were_left(window, workspace):
    ids = [changing.add(workspace, kind, {}).items[0].id for kind in ("proposal", "beneficiary", "letter")]
    living = []
    for id_ in ids * 4:
        page = window.open_record(id_)
        rest()
        living += [weakref.ref(part) for part in (page, page.form, *page.findChildren(Editor))]
        window.back()
        rest()
    del page
    gc.collect()
    assert len(living) > 12 * 5
    assert sum(part() is not None for part in living) == 0


def test_what_was_to_be_done_soon_is_forgotten_with_its_owner(qapp):
    class Owner(QObject):
        done = 0

        def act(self):
            type(self).done += 1

    assert qapp is not None, "events need an application"
    owner = Owner(room := QObject())
    soon(owner, owner.act)
    rest()
    assert Owner.done == 1
    soon(owner, owner.act)
    kept = weakref.ref(owner)
    del owner
    room.deleteLater()
    rest()
    gc.collect()
    assert (Owner.done, kept()) == (1, None)
