"""The handbook of the officer: the shipped pages of help, and which of them explains a refusal.

A page is a Markdown file of `resources/help/`, named by its topic; its first line is the title. Nothing is read before
the first question.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from kcdesk import paths
from kcdesk.runtime.frozen import Value

CONTENTS = "contents"  # the page that lists all others
_PLACES = ("guides", "pages")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)\)")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)\s]*\)\n?")
_TABLE_RULE = re.compile(r"^\|[-| :]+\|\n", re.MULTILINE)
_CELL_EDGE = re.compile(r"[ \n]*\|[ \n|]*")
_MARKS = re.compile(r"\*\*|__|^>\s?|^#+ ", re.MULTILINE)


class HelpPage(Value):
    """One page of the handbook; `text` is Markdown without the title."""

    topic: str
    title: str
    text: str
    guide: bool = False  # whether it tells a whole task from beginning to end


def folder() -> Path:
    """The folder of the handbook."""
    return paths.resources() / "help"


@cache
def shipped_pages() -> Mapping[str, HelpPage]:
    """Every shipped page by its topic: the guides, then pages of the window by name."""
    files = [path for place in _PLACES for path in sorted((folder() / place).glob("*.md"))]
    return {path.stem: _read(path) for path in files}


def _read(path: Path) -> HelpPage:
    title, _, text = path.read_text(encoding="utf-8").partition("\n")
    return HelpPage(path.stem, title.removeprefix("# ").strip(), text.strip(), path.parent.name == "guides")


@cache
def field_texts(kind: str) -> Mapping[str, str]:
    """What the handbook says of fields of a kind, by `field` or `table.column`; empty for most fields."""
    path = folder() / "fields" / f"{kind}.md"
    if not path.is_file():
        return {}
    parts = re.split(r"^## +(\S+) *\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {name: text.strip() for name, text in zip(parts[1::2], parts[2::2], strict=True)}


def topic_of(error: BaseException) -> str:
    """The topic that explains a refusal: by its code, else by the room that raised it; always a shipped page."""
    return topic_of_module(_raised_in(error), str(getattr(error, "code", "")))


def topic_of_module(module: str, code: str = "") -> str:
    """The topic for refusals of a module, such as `kcdesk.services.papers.printing`; of those with a code, if given.

    A row for the code in the innermost room counts before the code alone, and that before the room alone.
    """
    table, rooms = _refusals(), [*_rooms_around(module)]
    in_room = [topic for room in rooms if (topic := table["codes"].get(f"{room}:{code}"))]
    alone = [table["codes"][code]] if code in table["codes"] else []
    of_room = [table["rooms"][room] for room in rooms if room in table["rooms"]]
    return next(iter((*in_room, *alone, *of_room, table["rooms"]["default"])))


def _rooms_around(module: str) -> Iterator[str]:
    """Yield the module without `kcdesk`, then the rooms around it, the innermost first."""
    parts = module.split(".")[1:]
    while parts:
        yield "/".join(parts)
        parts.pop()


def _raised_in(error: BaseException) -> str:
    """Return the module of kcdesk that raised an error; "" for one that was never raised."""
    module, trace = "", error.__traceback__
    while trace is not None:
        name = str(trace.tb_frame.f_globals.get("__name__", ""))
        module = name if name.startswith("kcdesk.") else module
        trace = trace.tb_next
    return module


@cache
def _refusals() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((folder() / "refusals.toml").read_text(encoding="utf-8"))


def in_plain_text(page: HelpPage) -> str:
    """The page for a terminal: without pictures, links and marks."""
    return f"{page.title}\n{'=' * len(page.title)}\n\n{_without_marks(page)}"


def in_running_text(page: HelpPage) -> str:
    """The title and the text without the lines of headings and tables, for a piece of it in one line."""
    return _CELL_EDGE.sub(" · ", _TABLE_RULE.sub("", f"{page.title}\n\n{_without_marks(page)}"))


def _without_marks(page: HelpPage) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", _PICTURE.sub("", page.text))).strip()


def links(text: str) -> list[tuple[str, str]]:
    """The links and pictures of a page: what stands there, and where it leads."""
    return _LINK.findall(text)


class TourStop(Value, kw_only=True):
    """One stop of the tour: a page of the window, what the bubble points at, and what it says."""

    page: str
    at: str  # name of an object in the window
    title: str
    text: str
    open: bool = False  # whether the first record of the list is opened
    offices: str = ""  # "making": only those that make dossiers; "collecting": only those that packages are sent to


def tour_stops(*, collects: bool = False) -> list[TourStop]:
    """The stops of the tour in their order, for an office that packages are sent to, or for one that makes dossiers."""
    content = tomllib.loads((folder() / "tour.toml").read_text(encoding="utf-8"))
    own = "collecting" if collects else "making"
    return [stop for stop in (TourStop(**entry) for entry in content["stop"]) if stop.offices in ("", own)]
