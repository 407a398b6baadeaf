"""A dossier begins with what is in sight and is whole a moment later; nothing of it stays behind."""

import gc
import weakref
from datetime import date

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from kcdesk.formdef.new_record import new_record
from kcdesk.services.records import changing
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.toolkit.qt import soon
from tests.examples import one_of
from tests.services import samples
from tests.ui.form_support import MemoryHost, press, rest, type_text

KINDS = ("proposal", "contract", "acceptance", "settlement", "beneficiary")  # tables, a checklist, files, long lists
_ROUNDS = 300  # of events; each builds a part of a form
_LAYOUTS = 8  # rounds in which layouts answer each other


@pytest.fixture
def window(open_window, workspace):
    return open_window(workspace)


@pytest.fixture
def dossier(window, workspace):
    """A proposal, just opened: no event has been handled since."""
    id_ = changing.add(workspace, "proposal", {"title": "Máy sấy chè"}).items[0].id
    rest()
    return window.open_record(id_)


def built(view: FormView) -> set[str]:
    """The fields that have their input already."""
    return set(view.widget().editors)


def every_field(page) -> set[str]:
    return {field.name for field in page.record.fields_visible()}


def settled(view: FormView) -> FormView:
    """The form once all its fields have come by themselves and have their places."""
    for _ in range(_ROUNDS):
        if view.widget().is_whole:
            break
        QApplication.processEvents()
    for _ in range(_LAYOUTS):
        rest()
    return view


def test_what_is_in_sight_is_built_first_and_the_rest_comes_by_itself(dossier):
    assert "title" in built(dossier.form)
    assert built(dossier.form) < every_field(dossier)
    assert built(settled(dossier.form)) == every_field(dossier)


def test_a_key_meets_the_whole_form(window, dossier):
    assert built(dossier.form) < every_field(dossier)
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_A)
    assert built(dossier.form) == every_field(dossier)
    assert dossier.form.editor(dossier.form.focused_path()).typed_text().lower() == "a"


@pytest.mark.parametrize("ask", ["field", "section", "tab", "child"])
def test_who_asks_for_a_later_field_gets_it(window, dossier, ask):
    last = list(dossier.record.fields_visible())[-1].name
    assert last not in built(dossier.form)
    if ask == "field":
        dossier.focus_field(last)
        assert dossier.form.focused_path() == last
    elif ask == "section":
        dossier.form.scroll_to_section(dossier.section_ids()[-1])
        assert dossier.form.verticalScrollBar().value() > 0
    elif ask == "tab":
        press(window, "Tab")
    else:
        assert dossier.findChild(Editor, f"proposal.{last}") is dossier.form.editor(last)
    assert last in built(dossier.form)


def test_what_is_typed_at_once_goes_into_the_first_gap_though_it_is_out_of_sight(window, workspace):
    page = window.open_record(samples.proposal(workspace, social_effect=None))
    type_text("Thêm")
    field = page.form.editor("social_effect")
    assert field.value() == "Thêm"
    assert not field.visibleRegion().isEmpty()


def test_a_field_that_cannot_be_built_is_not_waited_for(qtbot, form_definitions):
    class Broken(MemoryHost):
        def table_offer(self, _kind, _table):
            raise OSError("a disk that is gone")

    view = FormView(Broken(form_definitions))
    qtbot.addWidget(view)
    record = new_record(form_definitions, "proposal", "p1", date(2026, 3, 5))
    view.set_record(record, form_definitions.workflow("proposal"), "lower")
    with pytest.raises(OSError, match="gone"):
        view.complete()
    assert view.names()[0] == "title"


def test_a_dossier_that_is_left_at_once_builds_nothing_more(window, dossier):
    assert window.page is dossier
    window.back()
    rest()
    assert not window.page.findChildren(Editor)


@pytest.mark.parametrize("kind", one_of(2, KINDS))
def test_a_form_built_in_parts_looks_and_tabs_like_one_built_at_once(qtbot, theme, form_definitions, kind):
    record = new_record(form_definitions, kind, f"{kind}1", date(2026, 3, 5))
    whole, parts = (shown(qtbot, form_definitions, record, late=late) for late in (False, True))
    assert theme.colours, "drawn in the colours of the program"
    settled(whole)
    settled(parts)
    assert looks(parts) == looks(whole)
    assert tab_stops(parts) == tab_stops(whole)


def shown(qtbot, forms, record, *, late: bool) -> FormView:
    """A form of the record on the screen; `late`: what is out of sight is built afterwards."""
    view = FormView(MemoryHost(forms))
    view.resize(1000, 700)
    qtbot.addWidget(view)
    view.set_record(record, forms.workflow(record.kind), "lower")
    if not late:
        view.complete()
    view.show()
    assert built(view) < {field.name for field in record.fields_visible()} or not late
    return view


def looks(view: FormView) -> list[tuple]:
    """What is seen and told of every label and input, from top to bottom."""
    page = view.widget()
    seen = [widget for widget in page.findChildren(QWidget) if widget.isVisibleTo(page)]
    return sorted(
        (
            (at := widget.mapTo(page, widget.rect().topLeft())).y(),
            at.x(),
            widget.width(),
            widget.height(),
            type(widget).__name__,
            widget.objectName() if not widget.objectName().startswith("qt_") else "",
            widget.text() if isinstance(widget, QLabel | QLineEdit) else "",
            widget.toolTip(),
            widget.accessibleName(),
            widget.accessibleDescription(),
            widget.isEnabled(),
        )
        for widget in seen
    )


def tab_stops(view: FormView) -> list[tuple[str, str]]:
    """The inputs of a form in the order of Tab, from the first one until it is reached again."""
    view.activateWindow()
    view.focus_path(view.names()[0])
    stops: list[tuple[str, str]] = []
    first = focused = QApplication.focusWidget()
    while focused is not first or not stops:
        stops.append((type(focused).__name__, focused.accessibleName()))
        press(view, "Tab")
        focused = QApplication.focusWidget()
        assert len(stops) < _ROUNDS, "Tab comes back to where it began"
    return stops


def test_nothing_stays_of_dossiers_that_were_left(window, workspace):
    ids = [changing.add(workspace, kind, {}).items[0].id for kind in ("proposal", "beneficiary", "letter")]
    living = []
    for id_ in ids * 2:
        page = window.open_record(id_)
        rest()
        living += [weakref.ref(part) for part in (page, page.form, *page.findChildren(Editor))]
        window.back()
        rest()
    del page
    gc.collect()
    assert len(living) > 6 * 5
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
