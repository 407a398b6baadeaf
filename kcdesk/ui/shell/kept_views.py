"""What a page looks like, kept for the next time: filters, order, splitters, tabs; in the settings, by name.

What no longer fits (a field that is gone, another number of parts) is ignored: the page then begins as at first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from PySide6.QtWidgets import QSplitter, QTabWidget

from kcdesk.settings import Settings

_LEFT = "left"  # the name of the places in records
_KEPT = 40  # records
EARLIER = "earlier"  # in a place: it is that of an earlier session


def kept_view(settings: Settings, name: str) -> dict[str, Any]:
    """Return what is kept under a name; {} for nothing, also when the settings were edited by hand."""
    try:
        view = json.loads(settings.views.get(name, "{}"))
    except ValueError:
        return {}
    return view if isinstance(view, dict) else {}


def keep_view(settings: Settings, name: str, view: dict[str, Any]) -> None:
    """Keep this under a name; an empty view is forgotten."""
    if view:
        settings.views[name] = json.dumps(view, ensure_ascii=False)
    else:
        settings.views.pop(name, None)


def keep_splitter(splitter: QSplitter, settings: Settings, name: str) -> None:
    """Give a splitter the sizes of the last time, and keep those that the officer gives it."""
    sizes = kept_view(settings, name).get("sizes")
    if isinstance(sizes, list) and len(sizes) == splitter.count() and all(isinstance(size, int) for size in sizes):
        splitter.setSizes(sizes)
    splitter.splitterMoved.connect(lambda *_handle: keep_view(settings, name, {"sizes": splitter.sizes()}))


def keep_tab(tabs: QTabWidget, settings: Settings, name: str) -> None:
    """Open the tab of the last time if it is offered now, and keep which one the officer opens."""
    place = kept_view(settings, name).get("tab")
    if isinstance(place, int) and 0 <= place < tabs.count() and tabs.isTabVisible(place):
        tabs.setCurrentIndex(place)
    tabs.tabBarClicked.connect(lambda clicked: keep_view(settings, name, {"tab": clicked} if clicked > 0 else {}))


class LeftPlaces:
    """Where the officer was last in each of the records opened of late, also in the session before."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._now: set[str] = set()  # the records of this session

    def put(self, place: Mapping[str, str]) -> None:
        """Keep a place that names its record; the oldest ones are forgotten."""
        if not place:
            return
        self._now.add(place["record"])
        kept = {id_: at for id_, at in self._places().items() if id_ != place["record"]}
        newest = [*kept.items(), (place["record"], dict(place))][-_KEPT:]
        keep_view(self._settings, _LEFT, dict(newest))

    def of(self, record: str) -> dict[str, str]:
        """Return the place in a record; {} for one that was not opened of late."""
        place = self._places().get(record, {})
        return place if record in self._now or not place else {**place, EARLIER: "true"}

    def _places(self) -> dict[str, dict[str, str]]:
        kept = kept_view(self._settings, _LEFT).items()
        return {id_: place for id_, place in kept if _is_place(place)}


def _is_place(place: object) -> bool:
    return isinstance(place, dict) and all(isinstance(text, str) for text in place.values())
