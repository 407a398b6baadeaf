"""What the handbook says to press on a page stands there, in these words, when that page is opened."""

import re

from PySide6.QtWidgets import QAbstractButton, QLabel

from kcdesk import handbook, paths
from tests.ui.form_support import rest

_THEN = re.compile(r"\]\(go:(?P<page>[a-z_.]+)\)[^.«\n]*«(?P<words>[^»]+)»")
_OF_REAL_STORES = {"Tạo mã khôi phục mới…", "Khoá khôi phục của tỉnh…"}  # a practice store has no passphrase


def shown_words(window):
    """What stands on the buttons and labels of the window."""
    rest()
    widgets = [*window.findChildren(QAbstractButton), *window.findChildren(QLabel)]
    return {widget.text().replace("&", "").strip() for widget in widgets if widget.isVisibleTo(window)}


def test_the_first_thing_to_press_after_a_link_to_a_page_is_on_that_page(open_window, played):
    window, faults, asked = open_window(played[0]), [], 0
    for path in sorted((paths.resources() / "help").glob("*/*.md")):
        for match in _THEN.finditer(path.read_text("utf-8")):
            window.go(match["page"])
            asked += 1
            wanted = match["words"]
            if wanted not in _OF_REAL_STORES and not any(wanted in words for words in shown_words(window)):
                faults.append(f"{path.name}: «{wanted}» is not on the page {match['page']}")
    assert asked > 5
    assert faults == [], "\n".join(faults)


def test_the_tour_counts_the_pages_that_alt_and_a_digit_open(open_window, played):
    window = open_window(played[0])
    keys = [action.shortcut().toString() for name, action in window.menu_actions.items() if name.startswith("go.")]
    last = max(key for key in keys if re.fullmatch(r"Alt\+[1-8]", key))
    words = "\n".join((paths.resources() / "help" / name).read_text("utf-8") for name in ("tour.toml", "pages/keys.md"))
    assert f"Alt+1 đến {last}" in words
    assert f"Alt+1 … {last}" in words
    assert handbook.shipped_pages()
