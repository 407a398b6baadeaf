"""On every page of a store without records, what would get the keyboard can be seen."""

from __future__ import annotations


def test_every_page_of_an_empty_store_gives_the_keyboard_to_what_is_seen(open_window, workspace):
    window, hidden, asked = open_window(workspace), [], 0
    places = [name.removeprefix("go.") for name in window.menu_actions if name.startswith("go.")]
    for place in [*places, "conflicts"]:
        window.go(place)
        asked += 1
        focused = window.focusWidget()
        if focused is not None and not focused.isVisible():
            hidden.append(f"{place}: {focused.objectName()}")
    assert asked > 8
    assert hidden == []
